//! What a prescription's stream is made of.

use crate::amendment::Amendment;
use crate::annotation::Annotation;
use crate::central::{BackFromCentral, CentralUnfilled, SentToCentral};
use crate::closing::Closed;
use crate::codec;
use crate::conditions::Handed;
use crate::downtime::DowntimeException;
use crate::duty::{DutyDone, DutyItem};
use crate::emergency::{DeaNotified, FollowedUp, FollowsEmergency};
use crate::filing::Filed;
use crate::filling::Filling;
use crate::hand_over::LabelAffixed;
use crate::law_record::RefusalRecord;
use crate::on_its_way::TransferFreed;
use crate::people::Person;
use crate::prescription::Opening;
use crate::questions::CodeVerified;
use crate::received::{Received, Rejected};
use crate::refills::AddedRefills;
use crate::screening::{FlagDecided, Screened};
use crate::settling::{DoubtSettled, OriginalPresented};
use crate::transfer::TransferredOut;
use crate::twins::TwinArrived;
use serde_json::Value;
use theriac_law::Moment;
use theriac_model::json::BadField;

/// An act that was refused, recorded because an attempt on a prescription record is an auditable event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// What was tried: `refill`.
    pub command: String,
    /// By whom.
    pub by: Person,
    /// When.
    pub at: Moment,
    /// Why not.
    pub refusal: RefusalRecord,
}

/// One event of a prescription, or of a message that was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// `rx.received`: begins a prescription.
    Received(Box<Received>),
    /// `rx.rejected`: all there is of a rejected message.
    Rejected(Box<Rejected>),
    /// `rx.opened`: somebody read the record.
    Opened(Opening),
    /// `rx.filled`: a filling.
    Filled(Box<Filling>),
    /// `rx.handed-over`: a filling went to the patient.
    HandedOver {
        /// Which filling.
        no: u32,
        /// When.
        at: Moment,
        /// By whom.
        by: Person,
        /// Who took it, in words.
        recipient: String,
        /// How the person stands to the patient, and who it is; absent from records before it was asked for.
        details: Option<Box<Handed>>,
    },
    /// `rx.returned`: a filling was put back.
    Returned {
        /// Which filling.
        no: u32,
        /// When.
        at: Moment,
        /// By whom.
        by: Person,
        /// Why.
        reason: String,
    },
    /// `rx.annotated`: a note.
    Annotated(Annotation),
    /// `rx.refills-added`: the practitioner authorised further refills orally.
    RefillsAdded(AddedRefills),
    /// `rx.duty-raised`: something has to be done.
    DutyRaised(DutyItem),
    /// `rx.duty-done`: it was done.
    DutyDone(DutyDone),
    /// `rx.voided`, `rx.cancelled`, `rx.discontinued`, `rx.declined`, `rx.lapsed`, `rx.attached`, `rx.transferred`: the end.
    Closed(Closed),
    /// `rx.original-presented`: the signed original of a fax was compared.
    OriginalPresented(OriginalPresented),
    /// `rx.doubt-settled`: a doubt about what came was settled.
    DoubtSettled(DoubtSettled),
    /// `rx.twin-arrived`: the same prescription arrived once more.
    TwinArrived(Box<TwinArrived>),
    /// `rx.followed-up`: the written prescription that follows an emergency came.
    FollowedUp(Box<FollowedUp>),
    /// `rx.follows-emergency`: it follows an oral order.
    FollowsEmergency(Box<FollowsEmergency>),
    /// `rx.dea-notified`: DEA was told that nothing followed.
    DeaNotified(Box<DeaNotified>),
    /// `rx.screened`: warning signs were looked for.
    Screened(Box<Screened>),
    /// `rx.flag-decided`: a pharmacist decided about a warning sign.
    FlagDecided(Box<FlagDecided>),
    /// `rx.label-affixed`: the label got onto the package.
    LabelAffixed(Box<LabelAffixed>),
    /// `rx.transfer-sent`: it was sent to another pharmacy, which has not said yet whether it took it in.
    TransferSent(Box<TransferredOut>),
    /// `rx.transfer-freed`: that pharmacy did not take it in.
    TransferFreed(Box<TransferFreed>),
    /// `rx.transferred-out`: it left by transfer.
    TransferredOut(Box<TransferredOut>),
    /// `rx.downtime-exception`: a sheet whose refill the law would have refused.
    DowntimeException(Box<DowntimeException>),
    /// `rx.sent-to-central`: it was sent to a central fill pharmacy.
    SentToCentral(Box<SentToCentral>),
    /// `rx.back-from-central`: it came back filled.
    BackFromCentral(Box<BackFromCentral>),
    /// `rx.central-unfilled`: it does not come back filled.
    CentralUnfilled(Box<CentralUnfilled>),
    /// `rx.amended`: a layer over the original.
    Amended(Box<Amendment>),
    /// `rx.filed`: its paper is filed.
    Filed(Box<Filed>),
    /// `rx.code-verified`: a hospital answered about an internal code.
    CodeVerified(Box<CodeVerified>),
    /// `rx.refused`: an act was tried and refused.
    Refused(Attempt),
}

/// Why a stored body is no event of a prescription.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEvent {
    /// The kind is not one of ours.
    #[error("{0:?} is not a kind of prescription event")]
    UnknownKind(String),
    /// The body is of a format this program does not read.
    #[error("format {0} of {1} is not known")]
    UnknownFormat(i64, String),
    /// A member is absent or damaged.
    #[error(transparent)]
    Field(#[from] BadField),
}

impl Event {
    /// The event's kind, as the journal stores it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Received(_) => "rx.received",
            Self::Rejected(_) => "rx.rejected",
            Self::Opened(_) => "rx.opened",
            Self::Filled(_) => "rx.filled",
            Self::HandedOver { .. } => "rx.handed-over",
            Self::Returned { .. } => "rx.returned",
            Self::Annotated(_) => "rx.annotated",
            Self::RefillsAdded(_) => "rx.refills-added",
            Self::DutyRaised(_) => "rx.duty-raised",
            Self::DutyDone(_) => "rx.duty-done",
            Self::Closed(closed) => closed.how.event_kind(),
            Self::OriginalPresented(_) => "rx.original-presented",
            Self::DoubtSettled(_) => "rx.doubt-settled",
            Self::TwinArrived(_) => "rx.twin-arrived",
            Self::FollowedUp(_) => "rx.followed-up",
            Self::FollowsEmergency(_) => "rx.follows-emergency",
            Self::DeaNotified(_) => "rx.dea-notified",
            Self::Screened(_) => "rx.screened",
            Self::FlagDecided(_) => "rx.flag-decided",
            Self::LabelAffixed(_) => "rx.label-affixed",
            Self::TransferSent(_) => "rx.transfer-sent",
            Self::TransferFreed(_) => "rx.transfer-freed",
            Self::TransferredOut(_) => "rx.transferred-out",
            Self::DowntimeException(_) => "rx.downtime-exception",
            Self::SentToCentral(_) => "rx.sent-to-central",
            Self::BackFromCentral(_) => "rx.back-from-central",
            Self::CentralUnfilled(_) => "rx.central-unfilled",
            Self::Amended(_) => "rx.amended",
            Self::Filed(_) => "rx.filed",
            Self::CodeVerified(_) => "rx.code-verified",
            Self::Refused(_) => "rx.refused",
        }
    }

    /// The body, format 1.
    pub fn to_json(&self) -> Value {
        codec::write(self)
    }

    /// Reads a body written by [`Event::to_json`].
    ///
    /// # Errors
    /// [`BadEvent`], naming the kind, the format or the member that cannot be read.
    pub fn from_json(kind: &str, body: &Value) -> Result<Self, BadEvent> {
        codec::read(kind, body)
    }
}
