//! One prescription of the log, gathered from its records.

use crate::event::{Event, Report};
use crate::letters::{Letter, Withdrawing};
use crate::stored::words;
use jiff::Timestamp;
use std::collections::BTreeMap;
use theriac_model::{Actor, CanonicalContents, Element};

/// A prescription's record where the journal holds it.
#[derive(Clone, Copy, Debug)]
pub struct Located<'a> {
    /// Its position in the journal.
    pub seq: u64,
    /// The prescription.
    pub prescription: &'a str,
    /// When it was recorded.
    pub at: Timestamp,
    /// At which registered location; may be empty.
    pub place: &'a str,
    /// The record.
    pub event: &'a Event,
}

words! {
    /// What became of a signed prescription, as far as this side knows.
    Fate {
        /// Signed, and not yet sent or printed.
        Signed = "signed",
        /// Sent.
        Transmitted = "transmitted",
        /// Taken over by the next system.
        Delivered = "delivered",
        /// Accepted by the pharmacy.
        Accepted = "accepted",
        /// Refused by the pharmacy.
        Rejected = "rejected",
        /// Dispensed in full.
        Filled = "filled",
        /// Dispensed in part.
        PartlyFilled = "partly-filled",
        /// Not delivered: the electronic prescription is void.
        Failed = "failed",
        /// Printed to be signed by hand.
        Printed = "printed",
        /// Withdrawn before it was sent.
        Voided = "voided",
        /// Withdrawn after it was sent, and the pharmacy honoured that.
        Cancelled = "cancelled",
    }
}

impl Fate {
    fn reported(report: Report) -> Self {
        match report {
            Report::Delivered => Self::Delivered,
            Report::Accepted => Self::Accepted,
            Report::Rejected => Self::Rejected,
            Report::Filled => Self::Filled,
            Report::PartlyFilled => Self::PartlyFilled,
        }
    }
}

/// One prescription of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The prescription.
    pub prescription: String,
    /// The journal position of the signing record.
    pub seq: u64,
    /// The instant of signing, as signed.
    pub signed_at: Timestamp,
    /// SHA-256 of the signed bytes, in hex.
    pub digest: String,
    /// The token that was used.
    pub credential: String,
    /// The registered location at which it was signed; may be empty.
    pub place: String,
    /// Who entered it; absent when the journal does not say.
    pub prepared_by: Option<Actor>,
    /// The patient's identifier in the practice.
    pub patient: String,
    /// The pharmacy's NCPDP identifier.
    pub pharmacy: String,
    /// What was signed: patient, drug, quantity, directions, registration and all else.
    pub contents: CanonicalContents,
    /// Whether it ever left for a pharmacy.
    pub sent_at: Option<Timestamp>,
    /// What became of it.
    pub fate: Fate,
}

impl Line {
    /// An element of what was signed; empty when absent.
    pub fn element(&self, element: Element) -> &str {
        self.contents.get(element).unwrap_or_default()
    }

    /// The patient's name, last name first.
    pub fn patient_name(&self) -> String {
        let given = [Element::PatientFirst, Element::PatientMiddle].map(|element| self.element(element));
        let given = given.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
        format!("{}, {given}", self.element(Element::PatientLast))
    }

    /// The drug as written: name, strength, form.
    pub fn drug(&self) -> String {
        [Element::DrugName, Element::DrugStrength, Element::DrugForm]
            .map(|element| self.element(element))
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// The instant of signing in signed contents; the time of the record where they lack it.
pub(crate) fn signed_at(contents: &CanonicalContents, recorded: Timestamp) -> Timestamp {
    contents.get(Element::SignedAt).and_then(|text| text.parse().ok()).unwrap_or(recorded)
}

/// Every prescription that `practitioner` signed, in the order of signing, from the records of any prescriptions in the
/// order of the journal. Records of other practitioners' prescriptions may be among them and are passed over.
pub fn gather<'a>(practitioner: &str, records: impl IntoIterator<Item = Located<'a>>) -> Vec<Line> {
    let mut drafts: BTreeMap<&'a str, (&'a Actor, &'a crate::event::Routing)> = BTreeMap::new();
    let mut places: BTreeMap<&'a str, usize> = BTreeMap::new();
    let mut lines: Vec<Line> = Vec::new();
    for located in records {
        let rx = located.prescription;
        match located.event {
            Event::Drafted { by, routing, .. } if routing.practitioner == practitioner => {
                drafts.insert(rx, (by, routing));
            }
            Event::Signed { by, credential, contents, digest, .. } if by.id == practitioner => {
                let draft = drafts.remove(rx);
                places.insert(rx, lines.len());
                lines.push(Line {
                    prescription: rx.to_owned(),
                    seq: located.seq,
                    signed_at: signed_at(contents, located.at),
                    digest: digest.clone(),
                    credential: credential.clone(),
                    place: located.place.to_owned(),
                    prepared_by: draft.map(|(by, _)| by.clone()),
                    patient: draft.map(|(_, routing)| routing.patient.clone()).unwrap_or_default(),
                    pharmacy: draft.map(|(_, routing)| routing.pharmacy.clone()).unwrap_or_default(),
                    contents: contents.clone(),
                    sent_at: None,
                    fate: Fate::Signed,
                });
            }
            event => {
                if let Some(line) = places.get(rx).and_then(|&place| lines.get_mut(place)) {
                    follow(line, event, located.at);
                }
            }
        }
    }
    lines
}

fn follow(line: &mut Line, event: &Event, at: Timestamp) {
    match event {
        Event::Transmitted { .. } => {
            line.sent_at = Some(at);
            line.fate = Fate::Transmitted;
        }
        Event::Printed { .. } => line.fate = Fate::Printed,
        Event::TransmissionFailed { .. } => line.fate = Fate::Failed,
        Event::Voided { .. } => line.fate = Fate::Voided,
        Event::Letter(Letter::CancelAnswered { answer: Withdrawing::Approved, .. }) => line.fate = Fate::Cancelled,
        // A late answer does not revive what is void.
        Event::Reported { report, .. } if !matches!(line.fate, Fate::Failed | Fate::Voided | Fate::Cancelled) => {
            line.fate = Fate::reported(*report);
        }
        _ => {}
    }
}

/// The prescription that a journal stream is about: `prescription/7` is about `7`.
pub fn prescription_of(stream: &str) -> Option<&str> {
    stream.strip_prefix("prescription/").filter(|id| !id.is_empty())
}
