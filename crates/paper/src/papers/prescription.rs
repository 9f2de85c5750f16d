//! A prescription on paper, to be signed by hand: one that was never sent, or the replacement of one whose transmission failed.
//!
//! 21 CFR 1306.05(d), (f) and (h) of 2008 and today: what a computer printed is signed by hand, and the name stands beside the
//! signature in print. 21 CFR 1311.170(b): a replacement says that the prescription was first sent electronically, to which
//! pharmacy, when, and that it failed. Nothing on it may look like an electronic signature.

use super::Issue;
use crate::document::Document;
use crate::size::PageSize;
use theriac_model::{CanonicalContents, Element as E};

/// The electronic prescription that this one replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedTransmission {
    /// Its number.
    pub prescription: String,
    /// The pharmacy it was sent to, with its place.
    pub pharmacy: String,
    /// When it was sent, with the zone.
    pub sent: String,
    /// Why it failed, in words.
    pub reason: String,
}

/// An official who is exempt from registration (21 CFR 1301.23(a)) and shows service and number instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Branch or agency.
    pub branch: String,
    /// Service identification number.
    pub number: String,
}

/// A paper prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperPrescription {
    /// Its own number; never that of the electronic one.
    pub number: String,
    /// What is prescribed. An instant of signing is not printed: the hand's signature counts.
    pub contents: CanonicalContents,
    /// The official's service and number, where the prescription is issued without a registration.
    pub service: Option<Service>,
    /// The failed electronic prescription it replaces.
    pub replaces: Option<FailedTransmission>,
}

/// What stands where, in the reader's words.
const PATIENT: [E; 5] = [E::PatientLine1, E::PatientLine2, E::PatientCity, E::PatientState, E::PatientPostal];
const PRACTITIONER: [E; 5] =
    [E::PractitionerLine1, E::PractitionerLine2, E::PractitionerCity, E::PractitionerState, E::PractitionerPostal];

impl PaperPrescription {
    /// The prescription, ready to be signed by hand.
    pub fn paper(&self, issue: &Issue) -> Document {
        let mut paper = issue.paper(PageSize::LETTER, "Prescription", None);
        let contents = &self.contents;
        let get = |element: E| contents.get(element).unwrap_or_default();
        if let Some(failed) = &self.replaces {
            paper.notice(
                "Replaces an electronic prescription that was not delivered",
                format!(
                    "This prescription was first sent electronically, as number {}, to {} on {}. The transmission failed: {}. \
                     The electronic prescription is void. A pharmacy that finds it all the same dispenses one of them only.",
                    failed.prescription, failed.pharmacy, failed.sent, failed.reason
                ),
            );
        }
        paper.notice(
            "Not valid without a signature by hand",
            "Printed by a computer; nothing here is an electronic signature.",
        );
        paper.fields([("Number", self.number.as_str()), ("Date of issue", get(E::Issued))]);
        paper.heading("Practitioner");
        let practitioner =
            name(contents, [E::PractitionerFirst, E::PractitionerMiddle, E::PractitionerLast, E::PractitionerSuffix]);
        let mut fields =
            vec![("Name".to_owned(), practitioner.clone()), ("Address".to_owned(), address(contents, PRACTITIONER))];
        match &self.service {
            Some(service) => {
                fields.push(("Branch of service or agency".to_owned(), service.branch.clone()));
                fields.push(("Service identification number".to_owned(), service.number.clone()));
            }
            None => fields.push(("DEA registration".to_owned(), get(E::Registration).to_owned())),
        }
        paper.fields(fields);
        paper.heading("Patient");
        let patient = name(contents, [E::PatientFirst, E::PatientMiddle, E::PatientLast, E::PatientSuffix]);
        paper.fields([
            ("Name", patient),
            ("Address", address(contents, PATIENT)),
            ("Date of birth", get(E::PatientBorn).to_owned()),
        ]);
        paper.heading("Prescribed");
        paper.strong(format!("{} {} {}", get(E::DrugName), get(E::DrugStrength), get(E::DrugForm)));
        let mut fields = vec![
            ("Quantity", format!("{} {}", get(E::QuantityValue), get(E::QuantityUnit))),
            ("Directions", get(E::Directions).to_owned()),
            ("Refills", contents.get(E::Refills).unwrap_or("none").to_owned()),
        ];
        let further = [
            ("Schedule", E::DrugSchedule),
            ("Not to be filled before", E::EarliestFill),
            ("Days of supply", E::DaysSupply),
            ("Identification number for treatment", E::TreatmentId),
            ("Remarks", E::Note),
        ];
        fields
            .extend(further.into_iter().filter_map(|(name, element)| Some((name, contents.get(element)?.to_owned()))));
        paper.fields(fields);
        paper.signature("Practitioner", Some(practitioner));
        paper
    }
}

pub(super) fn name(contents: &CanonicalContents, parts: [E; 4]) -> String {
    parts.iter().filter_map(|&part| contents.get(part)).collect::<Vec<_>>().join(" ")
}

pub(super) fn address(contents: &CanonicalContents, parts: [E; 5]) -> String {
    parts.iter().filter_map(|&part| contents.get(part)).collect::<Vec<_>>().join(", ")
}
