//! How a prescription ends before it is used up.

use crate::people::Person;
use theriac_law::Moment;

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Closing {
    /// The pharmacist voided it.
    Voided,
    /// The practitioner cancelled it before anything was dispensed.
    Cancelled,
    /// The practitioner ended the treatment; what was dispensed stays dispensed.
    Discontinued,
    /// The pharmacist declined to fill it (21 CFR 1306.04(a)).
    Declined,
    /// The time in which the rest could be dispensed has passed.
    Lapsed,
    /// It is the written prescription that follows an emergency and was attached to the oral order.
    Attached,
    /// It left by transfer to another pharmacy.
    Transferred,
}

impl Closing {
    /// All ways.
    pub const ALL: [Self; 7] = [
        Self::Voided,
        Self::Cancelled,
        Self::Discontinued,
        Self::Declined,
        Self::Lapsed,
        Self::Attached,
        Self::Transferred,
    ];

    /// The word in records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Voided => "voided",
            Self::Cancelled => "cancelled",
            Self::Discontinued => "discontinued",
            Self::Declined => "declined",
            Self::Lapsed => "lapsed",
            Self::Attached => "attached",
            Self::Transferred => "transferred",
        }
    }

    /// The event's kind.
    pub const fn event_kind(self) -> &'static str {
        match self {
            Self::Voided => "rx.voided",
            Self::Cancelled => "rx.cancelled",
            Self::Discontinued => "rx.discontinued",
            Self::Declined => "rx.declined",
            Self::Lapsed => "rx.lapsed",
            Self::Attached => "rx.attached",
            Self::Transferred => "rx.transferred",
        }
    }

    /// The way whose event has this kind.
    pub fn of_event_kind(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|closing| closing.event_kind() == kind)
    }
}

/// The end of a prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// How.
    pub how: Closing,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Person,
    /// Why, in words.
    pub reason: String,
    /// The message that asked for it.
    pub message: Option<String>,
}

/// A request to cancel, as it arrived in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelOrder {
    /// The message's identifier.
    pub message: String,
    /// Who sent it, by the network's identifier; must be who sent the prescription.
    pub sender: String,
    /// When it arrived.
    pub at: Moment,
}
