//! Plain words for what records write in tags: elements with their groups, and the tone of a stage.

use crate::views::ElementView;
use std::collections::BTreeSet;
use theriac_model::{Element, Need};

/// Elements that belong together.
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) elements: Vec<Labelled>,
}

/// An element with its plain name.
pub(super) struct Labelled {
    pub(super) label: String,
    pub(super) tag: String,
    /// None if every prescription must bear the element and this one does not.
    pub(super) value: Option<String>,
}

const PATIENT: &str = "Patient";
const PRACTITIONER: &str = "Practitioner";
const DRUG: &str = "Drug and quantity";
const PRESCRIPTION: &str = "Prescription";
const OTHER: &str = "Other elements";

/// The groups in the order of the face of a prescription.
const GROUPS: [&str; 5] = [PRESCRIPTION, PATIENT, DRUG, PRACTITIONER, OTHER];

/// The elements in groups. Required elements that are absent are listed with no value, if the tags are those of records.
pub(super) fn groups(elements: &[ElementView]) -> Vec<Group> {
    let known: BTreeSet<Element> = elements.iter().filter_map(|element| Element::from_tag(&element.tag)).collect();
    let absent = Element::ALL
        .iter()
        .filter(|element| !known.is_empty() && element.need() == Need::Required && !known.contains(element))
        .map(|element| (element.tag().to_owned(), None));
    let present = elements.iter().map(|element| (element.tag.clone(), Some(element.value.clone())));
    let mut groups = GROUPS.map(|name| Group { name, elements: Vec::new() });
    for (tag, value) in present.chain(absent) {
        let (name, label) = place(&tag);
        if let Some(group) = groups.iter_mut().find(|group| group.name == name) {
            group.elements.push(Labelled { label, tag, value });
        }
    }
    groups.into_iter().filter(|group| !group.elements.is_empty()).collect()
}

/// The plain name of a tag.
pub(super) fn label(tag: &str) -> String {
    place(tag).1
}

/// The group and the plain name of a tag. A tag that is no element is its own name.
fn place(tag: &str) -> (&'static str, String) {
    use Element as E;
    let (group, label) = match Element::from_tag(tag) {
        Some(E::Issued) => (PRESCRIPTION, "Date of issue"),
        Some(E::SignedAt) => (PRESCRIPTION, "Signed at"),
        Some(E::Directions) => (PRESCRIPTION, "Directions for use"),
        Some(E::Refills) => (PRESCRIPTION, "Refills authorised"),
        Some(E::EarliestFill) => (PRESCRIPTION, "Not to be filled before"),
        Some(E::DaysSupply) => (PRESCRIPTION, "Days of supply"),
        Some(E::Note) => (PRESCRIPTION, "Remarks on the face"),
        Some(E::PatientLast) => (PATIENT, "Last name"),
        Some(E::PatientFirst) => (PATIENT, "First name"),
        Some(E::PatientMiddle) => (PATIENT, "Middle name"),
        Some(E::PatientSuffix) => (PATIENT, "Suffix"),
        Some(E::PatientBorn) => (PATIENT, "Date of birth"),
        Some(E::PatientLine1) => (PATIENT, "Street address"),
        Some(E::PatientLine2) => (PATIENT, "Address, second line"),
        Some(E::PatientCity) => (PATIENT, "City"),
        Some(E::PatientState) => (PATIENT, "State"),
        Some(E::PatientPostal) => (PATIENT, "ZIP code"),
        Some(E::PractitionerLast) => (PRACTITIONER, "Last name"),
        Some(E::PractitionerFirst) => (PRACTITIONER, "First name"),
        Some(E::PractitionerMiddle) => (PRACTITIONER, "Middle name"),
        Some(E::PractitionerSuffix) => (PRACTITIONER, "Suffix"),
        Some(E::PractitionerLine1) => (PRACTITIONER, "Street address"),
        Some(E::PractitionerLine2) => (PRACTITIONER, "Address, second line"),
        Some(E::PractitionerCity) => (PRACTITIONER, "City"),
        Some(E::PractitionerState) => (PRACTITIONER, "State"),
        Some(E::PractitionerPostal) => (PRACTITIONER, "ZIP code"),
        Some(E::Registration) => (PRACTITIONER, "DEA registration number"),
        Some(E::ServiceId) => (PRACTITIONER, "Service identification number"),
        Some(E::TreatmentId) => (PRACTITIONER, "Treatment identification number"),
        Some(E::DrugName) => (DRUG, "Drug"),
        Some(E::DrugStrength) => (DRUG, "Strength"),
        Some(E::DrugForm) => (DRUG, "Dosage form"),
        Some(E::DrugNdc) => (DRUG, "NDC"),
        Some(E::DrugSchedule) => (DRUG, "Schedule"),
        Some(E::QuantityValue) => (DRUG, "Quantity"),
        Some(E::QuantityUnit) => (DRUG, "Unit of the quantity"),
        None => return (OTHER, tag.to_owned()),
    };
    (group, label.to_owned())
}

/// The tone in which a stage or status is shown. The word itself always stands beside the colour.
pub(super) fn tone(word: &str) -> &'static str {
    match word {
        "accepted" | "filled" | "verified" | "transmitted" | "delivered" => "good",
        "rejected" | "void" | "voided" | "discarded" | "refused" | "failed" | "cancelled" => "bad",
        "draft" | "ready" | "reviewed" | "signed" | "partly-filled" | "printed" | "received" | "cancel-requested"
        | "on-paper" | "replaced" | "on-its-way" => "open",
        _ => "plain",
    }
}

/// How a verdict on a proof is shown.
pub(super) fn verdict_tone(verdict: &str) -> &'static str {
    if verdict == "verified" { "good" } else { "bad" }
}

/// `12,345` for 12345.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: &str, value: &str) -> ElementView {
        ElementView { tag: tag.to_owned(), value: value.to_owned() }
    }

    /// Requirements: epcs-1311.165-d-1
    #[test]
    fn a_registration_number_is_shown_in_full_with_its_extension() {
        let groups = groups(&[element("practitioner.registration", "FB1234563-00-A1B2/extension")]);
        let shown =
            groups.iter().flat_map(|group| &group.elements).find(|element| element.tag.contains("registration"));
        assert_eq!(shown.and_then(|element| element.value.as_deref()), Some("FB1234563-00-A1B2/extension"));
    }

    #[test]
    fn a_required_element_that_is_absent_is_listed_as_absent() {
        let mut elements: Vec<ElementView> = Element::ALL.iter().map(|e| element(e.tag(), "x")).collect();
        let missing = |elements: &[ElementView]| -> Vec<String> {
            let groups = groups(elements);
            groups.iter().flat_map(|g| &g.elements).filter(|e| e.value.is_none()).map(|e| e.tag.clone()).collect()
        };
        assert!(missing(&elements).is_empty());
        elements.retain(|element| element.tag != "directions" && element.tag != "note");
        assert_eq!(missing(&elements), ["directions"]);
    }

    #[test]
    fn every_element_has_a_group_and_a_plain_name() {
        for element in Element::ALL {
            let (group, label) = place(element.tag());
            assert_ne!(group, OTHER, "{element}");
            assert_ne!(label, element.tag());
        }
        assert_eq!(place("vendor.remark"), (OTHER, "vendor.remark".to_owned()));
    }

    #[test]
    fn thousands_are_set_off() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(number), text);
        }
    }
}
