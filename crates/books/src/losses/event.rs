//! What the stream of one incident is made of.

use super::codec;
use crate::account::Name;
use crate::event::BadEvent;
use crate::product::Party;
use jiff::civil::Date;
use serde_json::Value;
use theriac_law::Moment;
use theriac_law::vocab::{CaseOutcome, NoticeTo, Party as LawParty, Significance, SignificanceFactor, TheftType};
use theriac_model::Actor;

/// Whether the purchaser had a shipment in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Custody {
    /// Not signed for: it never came, in whole or part.
    NotSigned,
    /// Signed for, or taken into custody.
    Signed,
    /// Refused and sent back.
    Refused,
}

/// A loss on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transit {
    /// Whose shipment it was.
    pub supplier: Party,
    /// The carrier.
    pub carrier: String,
    /// Who hired the carrier, where filled prescriptions travel between a central fill and a retail pharmacy.
    pub hired_by: Option<LawParty>,
    /// Whether it was in hand.
    pub custody: Custody,
}

/// The discovery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// The incident's own name: its account in the books is `theft-loss:` and this.
    pub id: Name,
    /// The registrant.
    pub registrant: Party,
    /// When it was discovered; the clock of the notice runs from here.
    pub discovered: Moment,
    /// The type of theft or loss as it looks.
    pub kind: TheftType,
    /// What happened.
    pub circumstances: String,
    /// The shipment, for a loss on the way.
    pub transit: Option<Transit>,
    /// Who found it.
    pub by: Actor,
}

/// A decision on significance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessed {
    /// The decision.
    pub significance: Significance,
    /// An answer to each factor that was considered, with the pharmacy's own figures.
    pub answers: Vec<(SignificanceFactor, String)>,
    /// Why, in words.
    pub reasons: String,
    /// Whether it is doubtful that there was a theft.
    pub theft_in_doubt: bool,
    /// A named decision against reporting in spite of repeated small losses.
    pub in_spite_of_pattern: bool,
    /// Earlier small losses of the product that were known then.
    pub earlier_small: Vec<Date>,
    /// Who decided.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// A notice of the incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// To whom.
    pub to: NoticeTo,
    /// In writing.
    pub in_writing: bool,
    /// By fax, by mail, online.
    pub channel: String,
    /// Name and title of whoever signed it.
    pub signer: Option<(Actor, String)>,
    /// Where the copy is kept; a notice without a copy is none.
    pub copy: Option<String>,
    /// When it went out.
    pub at: Moment,
}

/// Police and State.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OthersTold {
    /// Department, telephone and number of the report; `None` when the police were not told.
    pub police: Option<(String, String, Option<String>)>,
    /// The State agency that was told.
    pub board: Option<String>,
    /// Who told them.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// Notice given to the supplier of a shipment that is the supplier's to report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplierTold {
    /// Who told it.
    pub by: Actor,
    /// How.
    pub channel: String,
    /// When.
    pub at: Moment,
}

/// A Form 106 that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiledForm {
    /// Its number among the forms of the incident, from 1.
    pub version: u32,
    /// The form, as it was filed.
    pub form: Value,
    /// Online or on paper, and to whom.
    pub channel: String,
    /// Where the copy is kept.
    pub copy: String,
    /// Who signed it.
    pub signer: Actor,
    /// The day on which it was completed, signed and sent.
    pub day: Date,
}

/// One event of an incident's stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IncidentEvent {
    /// `incident.discovered`.
    Discovered(Box<Discovery>),
    /// `incident.assessed`.
    Assessed(Assessed),
    /// `incident.notified`.
    Notified(Notice),
    /// `incident.others-told`.
    OthersTold(OthersTold),
    /// `incident.supplier-told`.
    SupplierTold(SupplierTold),
    /// `incident.custody-changed`: the shipment turned up, and was signed for or refused; who reports is asked again.
    CustodyChanged {
        /// How it stands from then on.
        custody: Custody,
        /// Who says so.
        by: Actor,
        /// When it turned up.
        at: Moment,
    },
    /// `incident.form-filed`.
    FormFiled(FiledForm),
    /// `incident.letter-sent`: DEA was told in writing why no form was filed.
    LetterSent {
        /// The letter, as it was sent.
        letter: String,
        /// Where the copy is kept.
        copy: String,
        /// Who signed it.
        by: Actor,
        /// When.
        at: Moment,
    },
    /// `incident.closed`.
    Closed {
        /// How it ended.
        outcome: CaseOutcome,
        /// Who closed it.
        by: Actor,
        /// When.
        at: Moment,
    },
}

impl IncidentEvent {
    /// The event's kind, as the journal stores it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Discovered(_) => "incident.discovered",
            Self::Assessed(_) => "incident.assessed",
            Self::Notified(_) => "incident.notified",
            Self::OthersTold(_) => "incident.others-told",
            Self::SupplierTold(_) => "incident.supplier-told",
            Self::CustodyChanged { .. } => "incident.custody-changed",
            Self::FormFiled(_) => "incident.form-filed",
            Self::LetterSent { .. } => "incident.letter-sent",
            Self::Closed { .. } => "incident.closed",
        }
    }

    /// The body, format 1.
    pub fn to_json(&self) -> Value {
        codec::write(self)
    }

    /// Reads a body written by [`IncidentEvent::to_json`].
    ///
    /// # Errors
    /// [`BadEvent`], naming the kind, the format or the member that cannot be read.
    pub fn from_json(kind: &str, body: &Value) -> Result<Self, BadEvent> {
        codec::read(kind, body)
    }
}
