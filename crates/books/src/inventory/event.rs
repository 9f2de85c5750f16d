//! What the stream of one inventory is made of.

use super::codec;
use super::session::{Occasion, Plan};
use super::tally::Tally;
use super::variance::Classification;
use crate::event::BadEvent;
use crate::inventory::Place;
use jiff::Timestamp;
use serde_json::Value;
use theriac_model::Actor;

/// Why a stored body is no event of an inventory: as for stock events.
pub type BadInventoryEvent = BadEvent;

/// The opening of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What is to be counted.
    pub plan: Plan,
    /// Entries in the books of each place's product when the sheet was opened, in the order of the places.
    pub entries: Vec<u64>,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// One count of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineCount {
    /// The line, from 1.
    pub line: u32,
    /// What was found.
    pub tally: Tally,
    /// Who counted.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// The end of an inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Who signs.
    pub signatures: Vec<Actor>,
    /// When.
    pub at: Timestamp,
    /// The profile under which the rulebook was asked.
    pub profile: String,
    /// What the books said of each line, in the order of the lines.
    pub books: Vec<i64>,
}

/// One event of an inventory's stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InventoryEvent {
    /// `inventory.opened`.
    Opened(Opened),
    /// `inventory.line-added`: a product was found that is not on the sheet.
    LineAdded {
        /// The product and where it was found.
        place: Place,
        /// Entries in its books.
        entries: u64,
        /// By whom.
        by: Actor,
        /// When.
        at: Timestamp,
    },
    /// `inventory.counted`.
    Counted(LineCount),
    /// `inventory.closed`.
    Closed(Closed),
    /// `inventory.classified`: what a variance is thought to be. The count stays as it is.
    Classified {
        /// The line.
        line: u32,
        /// What it is thought to be.
        class: Classification,
        /// By whom.
        by: Actor,
        /// When.
        at: Timestamp,
    },
}

impl InventoryEvent {
    /// The event's kind, as the journal stores it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Opened(_) => "inventory.opened",
            Self::LineAdded { .. } => "inventory.line-added",
            Self::Counted(_) => "inventory.counted",
            Self::Closed(_) => "inventory.closed",
            Self::Classified { .. } => "inventory.classified",
        }
    }

    /// The body, format 1.
    pub fn to_json(&self) -> Value {
        codec::write(self)
    }

    /// Reads a body written by [`InventoryEvent::to_json`].
    ///
    /// # Errors
    /// [`BadInventoryEvent`], naming the kind, the format or the member that cannot be read.
    pub fn from_json(kind: &str, body: &Value) -> Result<Self, BadInventoryEvent> {
        codec::read(kind, body)
    }

    /// The occasion, for the event that opens an inventory.
    pub const fn occasion(&self) -> Option<Occasion> {
        match self {
            Self::Opened(opened) => Some(opened.plan.occasion),
            _ => None,
        }
    }
}
