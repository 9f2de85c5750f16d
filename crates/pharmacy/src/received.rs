//! The record of a message that arrived: accepted or rejected.

use crate::arrived::{MessageFacts, RegistrantLookup};
use crate::duty::DutyItem;
use crate::face::Face;
use crate::law_record::{LawRecord, RefusalRecord};
use crate::number::{ArchiveDigest, PrescriptionNumber};
use crate::reply::ReplyCode;
use crate::source::Source;
use theriac_law::Moment;
use theriac_model::{CanonicalContents, DeaNumber, Schedule};

/// On what the pharmacy knows that the practitioner signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// The signature that travelled verifies, and what arrived is what was signed.
    Verified {
        /// The subject of the certificate.
        subject: String,
    },
    /// The signed indication.
    Indicated,
    /// A signature by hand, which the pharmacist saw on paper or its fax.
    Seen,
    /// Nothing: it was telephoned, and a pharmacist wrote down all but the signature.
    Oral,
}

/// What was looked up, with its source and age (2008: 1311.165(a)).
pub type Checked = RegistrantLookup;

/// `rx.received`: what arrived and was accepted as a prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The pharmacy's number.
    pub number: PrescriptionNumber,
    /// The pharmacy's registration.
    pub pharmacy: DeaNumber,
    /// Under what the bytes were archived.
    pub archive: ArchiveDigest,
    /// How it came.
    pub source: Source,
    /// When it arrived.
    pub at: Moment,
    /// The contents, with the time of signing.
    pub contents: CanonicalContents,
    /// The schedule on that day.
    pub schedule: Schedule,
    /// On what it is known to be signed.
    pub signed: Signed,
    /// The registration looked up.
    pub registrant: Checked,
    /// The law that let it in.
    pub law: LawRecord,
    /// What has to be done because of it.
    pub duties: Vec<DutyItem>,
}

impl Received {
    /// The figures on its face. `None` only for a record that this program did not write.
    pub fn face(&self) -> Option<Face> {
        Face::read(&self.contents, self.schedule)
    }

    /// The envelope of the message it came in; `None` for what was taken in by hand.
    pub const fn message(&self) -> Option<&MessageFacts> {
        self.source.message()
    }
}

/// `rx.rejected`: what arrived and is not dispensed. It stays archived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The pharmacy's registration.
    pub pharmacy: DeaNumber,
    /// Under what the bytes were archived.
    pub archive: ArchiveDigest,
    /// How it came.
    pub source: Source,
    /// When it arrived.
    pub at: Moment,
    /// The contents as far as they could be read.
    pub contents: CanonicalContents,
    /// Why not, in the order of [`crate::intake::receive`].
    pub refusals: Vec<RefusalRecord>,
    /// What went back to the sender of a message; nothing goes back for what was taken in by hand.
    pub reply: Option<ReplyCode>,
    /// The prescription that is here already, when that is why.
    pub twin: Option<PrescriptionNumber>,
    /// The profile's name.
    pub profile: String,
}
