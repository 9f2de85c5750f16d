//! What the stream of one commodity is made of.

use crate::codec;
use crate::commodity::Commodity;
use crate::count::Counted;
use crate::entry::Entry;
use serde_json::Value;
use theriac_model::json::BadField;

/// One event of a commodity's stream. Each names its commodity, so that a record is understood alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StockEvent {
    /// `stock.posted`: an entry.
    Posted {
        /// Whose.
        commodity: Commodity,
        /// The entry.
        entry: Entry,
    },
    /// `stock.counted`: a count, beside what the books said.
    Counted {
        /// Whose.
        commodity: Commodity,
        /// The count.
        counted: Counted,
    },
}

/// Why a stored body is no stock event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEvent {
    /// The kind is not one of ours.
    #[error("{0:?} is not a kind of stock event")]
    UnknownKind(String),
    /// The body is of a format this program does not read.
    #[error("format {0} of {1} is not known")]
    UnknownFormat(i64, &'static str),
    /// A member is absent or damaged.
    #[error(transparent)]
    Field(#[from] BadField),
}

impl StockEvent {
    /// The event's kind, as the journal stores it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Posted { .. } => "stock.posted",
            Self::Counted { .. } => "stock.counted",
        }
    }

    /// Whose event it is.
    pub const fn commodity(&self) -> &Commodity {
        match self {
            Self::Posted { commodity, .. } | Self::Counted { commodity, .. } => commodity,
        }
    }

    /// The body, format 1.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Posted { commodity, entry } => codec::posted(commodity, entry),
            Self::Counted { commodity, counted } => codec::counted(commodity, counted),
        }
    }

    /// Reads a body written by [`StockEvent::to_json`].
    ///
    /// # Errors
    /// [`BadEvent`], naming the kind, the format or the member that cannot be read.
    pub fn from_json(kind: &str, body: &Value) -> Result<Self, BadEvent> {
        match kind {
            "stock.posted" => codec::read_posted(body),
            "stock.counted" => codec::read_counted(body),
            other => Err(BadEvent::UnknownKind(other.chars().take(60).collect())),
        }
    }
}
