//! The papers, each as plain data that whoever prints fills.
//!
//! What must stand on a paper is a required field of its struct; where the law lets a person fill it in by hand, it is an
//! `Option`, and the paper then has a line for it.

use crate::document::{Document, Footer, Standing};
use crate::size::PageSize;
use jiff::Timestamp;

pub mod audit;
pub mod copy;
pub mod incident;
pub mod label;
pub mod log;
pub mod notice;
pub mod prescription;
pub mod proofing;

pub use audit::{AuditFinding, AuditSummary, Opinion};
pub use copy::RecordCopy;
pub use incident::{IncidentReport, IncidentStep};
pub use label::DispensingLabel;
pub use log::{LogLine, MonthlyLog};
pub use notice::Notice;
pub use prescription::{FailedTransmission, PaperPrescription, Service};
pub use proofing::{IdentityProofing, StateAuthority};

/// Who issues a paper, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The deployment, practice or pharmacy.
    pub by: String,
    /// Its registration, where one speaks.
    pub registration: Option<String>,
    /// When: an instant of the record, never the clock's while printing.
    pub dated: Timestamp,
    /// For the world or for show.
    pub standing: Standing,
    /// SHA-256 of the data that the paper was made from.
    pub digest: Option<[u8; 32]>,
}

impl Issue {
    fn paper(&self, size: PageSize, title: &str, period: Option<String>) -> Document {
        Document::new(size, title, self.by.clone(), self.dated).standing(self.standing).footer(Footer {
            registration: self.registration.clone(),
            period,
            digest: self.digest,
        })
    }
}

/// A line to write on.
const BLANK: &str = "______________________________";

fn or_blank(value: Option<&str>) -> String {
    value.unwrap_or(BLANK).to_owned()
}
