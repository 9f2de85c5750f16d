//! What the shell found out about a message before the pharmacy's core is asked.

use crate::number::{ArchiveDigest, PrescriptionNumber};
use jiff::Timestamp;
use jiff::civil::Date;
use theriac_law::Moment;
use theriac_law::vocab::{Compliance, Status};
use theriac_model::{CanonicalContents, DeaNumber, Refusal, Schedule};

/// The envelope of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageFacts {
    /// The sender's identifier of the message.
    pub id: String,
    /// Who sent it, by the network's identifier.
    pub sender: String,
    /// To whom.
    pub recipient: String,
    /// The prescriber's order number.
    pub order_number: Option<String>,
    /// When the sender says it was sent; the time of signing of a message whose signature does not travel.
    pub sent: Option<Timestamp>,
}

/// Whether the message says that the practitioner signed (21 CFR 1311.205; 2008: 1311.165(b)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedIndication {
    /// The field is there and set.
    Present,
    /// It is absent, unset or garbled.
    Absent,
}

/// What became of the signature that travels in the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureCheck {
    /// None travels.
    NoSignature,
    /// It verifies.
    Verified {
        /// The contents that were signed.
        signed: Box<CanonicalContents>,
        /// The subject of the certificate.
        subject: String,
    },
    /// It does not verify.
    Failed(Refusal),
}

/// What kind of registration it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// A practitioner's own.
    Practitioner,
    /// A mid-level practitioner's own.
    MidLevel,
    /// A hospital's or other institution's, under which persons prescribe with an internal code.
    Institution,
}

/// A row of the registrant data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registrant {
    /// What kind of registration.
    pub activity: Activity,
    /// Its status on the day of signing.
    pub status: Status,
    /// The last day on which it is valid.
    pub expires: Option<Date>,
    /// The schedules it covers.
    pub schedules: Vec<Schedule>,
}

/// What the registrant data says about the number on the prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrantLookup {
    /// The row; `None` when the number is not there.
    pub found: Option<Registrant>,
    /// Days since the data was issued.
    pub age_days: u32,
    /// Where the data came from.
    pub source: String,
}

/// What the drug file says about the drug prescribed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrugFile {
    /// It is in this schedule.
    Scheduled(Schedule),
    /// It is not controlled.
    NotControlled,
    /// The drug file does not know it.
    Unknown,
}

/// Whether the same prescription is here already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Twin {
    /// It is not.
    None,
    /// The same bytes arrived before.
    SameBytes(PrescriptionNumber),
    /// The same sender sent the same order number before.
    SameOrder(PrescriptionNumber),
}

/// How many DEA numbers the message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeaNumbers {
    /// One, or none.
    One,
    /// More than one practitioner's.
    Several(u32),
}

/// Whether the two applications meet part 1311.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Systems {
    /// The prescriber's.
    pub prescriber: Compliance,
    /// The pharmacy's own.
    pub pharmacy: Compliance,
}

impl Default for Systems {
    fn default() -> Self {
        Self { prescriber: Compliance::Compliant, pharmacy: Compliance::Compliant }
    }
}

/// A message that arrived and was archived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The number the prescription gets if it is accepted.
    pub number: PrescriptionNumber,
    /// The pharmacy's registration.
    pub pharmacy: DeaNumber,
    /// Under what the bytes were archived.
    pub archive: ArchiveDigest,
    /// The envelope.
    pub message: MessageFacts,
    /// When it arrived, by the pharmacy's clock.
    pub received: Moment,
    /// The contents as they arrived.
    pub contents: CanonicalContents,
    /// What could not be read.
    pub problems: Vec<Refusal>,
    /// The signed indication.
    pub indication: SignedIndication,
    /// The signature that travels.
    pub signature: SignatureCheck,
    /// The practitioner's registration.
    pub registrant: RegistrantLookup,
    /// The drug.
    pub drug: DrugFile,
    /// Whether it is here already.
    pub twin: Twin,
    /// How many DEA numbers it carries.
    pub dea_numbers: DeaNumbers,
    /// The applications on both sides.
    pub systems: Systems,
}
