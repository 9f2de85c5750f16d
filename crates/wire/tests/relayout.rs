//! The contents survive every layout, and no change of an element survives unseen.

#![allow(clippy::disallowed_methods, reason = "how many layouts to draw is set from outside")]

mod support;

use proptest::prelude::*;
use theriac_model::{CanonicalContents, Difference, DifferenceKind, Element};
use theriac_wire::script::{
    Change, Message, SignedIndication, change_body, decode, encode, from_contents, relayout, to_contents,
};

/// Layouts to draw: `THERIAC_RELAYOUTS`, else 3,000.
fn layouts() -> u64 {
    std::env::var("THERIAC_RELAYOUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(3000)
}

fn check_layout(message: &Message, sent: &CanonicalContents, seed: u64) {
    let bytes = relayout(message, seed);
    let show = || format!("seed {seed}\n{}", String::from_utf8_lossy(&bytes));
    let read = decode(&bytes).unwrap_or_else(|refusal| panic!("{refusal}\n{}", show()));
    let arrived = to_contents(&read);
    assert_eq!(arrived.problems, [], "{}", show());
    assert_eq!(sent.differences(&arrived.contents), [], "{}", show());
    assert_eq!(arrived.indication, SignedIndication::Present, "{}", show());
    let group = arrived.signature.expect("the signature travels");
    assert_eq!(group.digest().ok(), support::group().digest().ok(), "{}", show());
    assert_eq!(group.signature().ok(), support::group().signature().ok(), "{}", show());
    assert_eq!(group.certificate().ok(), support::group().certificate().ok(), "{}", show());
}

/// Another layout is the same prescription.
///
/// Requirements: epcs-1311.130-f-2
#[test]
fn any_layout_bears_the_same_contents_and_signature() {
    let sent = support::travelling(&support::sample());
    let message = support::sample_message();
    for seed in 0..layouts() {
        check_layout(&message, &sent, seed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn any_layout_of_any_contents_bears_the_same_contents(contents in support::contents(), seed: u64) {
        let sent = support::travelling(&contents);
        let message = from_contents(&sent, &support::envelope()).expect("generated within the standard's lengths");
        check_layout(&message, &sent, seed);
    }
}

#[test]
fn a_layout_of_a_layout_is_still_the_same() {
    let sent = support::travelling(&support::sample());
    let mut message = support::sample_message();
    for seed in 0..8 {
        message = decode(&relayout(&message, seed)).expect("well formed");
    }
    assert_eq!(sent.differences(&to_contents(&message).contents), []);
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_most_seeds_other_bytes() {
    let message = support::sample_message();
    let first = relayout(&message, 7);
    assert_eq!(first, relayout(&message, 7));
    let others: std::collections::HashSet<Vec<u8>> = (0..200).map(|seed| relayout(&message, seed)).collect();
    assert!(others.len() > 190, "{} different layouts", others.len());
}

/// Another value for every element, in its own normal form.
fn other_value(element: Element) -> &'static str {
    match element {
        Element::Issued => "2026-03-03",
        Element::SignedAt => "2026-03-02T15:04:06Z",
        Element::PatientBorn => "1970-03-01",
        Element::PatientState | Element::PractitionerState => "NM",
        Element::PatientPostal | Element::PractitionerPostal => "85002",
        Element::Registration => "AB1234563-013",
        Element::ServiceId => "1234567891",
        Element::DrugForm => "Capsule",
        Element::DrugNdc => "00406055202",
        Element::DrugSchedule => "III",
        Element::QuantityValue => "300",
        Element::QuantityUnit => "capsule",
        Element::Refills => "5",
        Element::EarliestFill => "2026-03-04",
        Element::DaysSupply => "80",
        _ => "Other",
    }
}

fn arrived(contents: &CanonicalContents) -> CanonicalContents {
    let message = from_contents(contents, &support::envelope()).expect("fits the standard");
    to_contents(&decode(&relayout(&message, 11)).expect("our own message")).contents
}

/// Whatever element is changed, lost or added on the way is caught and named, and nothing else is named with it.
///
/// Requirements: epcs-1311.130-f-1
#[test]
fn every_change_of_a_single_element_is_caught_and_named() {
    let mut sent = support::travelling(&support::sample());
    sent.set(Element::TreatmentId, "XB1234563").expect("a text");
    let mut checked = 0;
    let mut official = sent.clone();
    official.clear(Element::Registration);
    official.set(Element::Registration, "exempt-army").expect("a branch");
    official.set(Element::ServiceId, "1234567890").expect("a number");
    for &element in Element::ALL.iter().filter(|element| **element != Element::SignedAt) {
        // A service number travels with the branch of an exempt official, and never beside a registration number.
        let sent = if element == Element::ServiceId { &official } else { &sent };
        let mut changed = sent.clone();
        changed.clear(element);
        let named = |kind| vec![Difference { element, kind }];
        assert_eq!(sent.differences(&arrived(&changed)), named(DifferenceKind::Missing), "{element} lost");
        assert_eq!(changed.differences(&arrived(sent)), named(DifferenceKind::Added), "{element} added");
        changed.set(element, other_value(element)).expect("a value of its kind");
        assert_eq!(sent.differences(&arrived(&changed)), named(DifferenceKind::Changed), "{element} changed");
        checked += 1;
    }
    assert_eq!(checked, Element::ALL.len() - 1);
}

/// Where each element stands in the message, below the message's own element.
const PLACES: [(Element, &[&str]); 31] = [
    (Element::Issued, &["MedicationPrescribed", "WrittenDate", "Date"]),
    (Element::PatientLast, &["Patient", "HumanPatient", "Name", "LastName"]),
    (Element::PatientFirst, &["Patient", "HumanPatient", "Name", "FirstName"]),
    (Element::PatientMiddle, &["Patient", "HumanPatient", "Name", "MiddleName"]),
    (Element::PatientSuffix, &["Patient", "HumanPatient", "Name", "Suffix"]),
    (Element::PatientBorn, &["Patient", "HumanPatient", "DateOfBirth", "Date"]),
    (Element::PatientLine1, &["Patient", "HumanPatient", "Address", "AddressLine1"]),
    (Element::PatientLine2, &["Patient", "HumanPatient", "Address", "AddressLine2"]),
    (Element::PatientCity, &["Patient", "HumanPatient", "Address", "City"]),
    (Element::PatientState, &["Patient", "HumanPatient", "Address", "StateProvince"]),
    (Element::PatientPostal, &["Patient", "HumanPatient", "Address", "PostalCode"]),
    (Element::PractitionerLast, &["Prescriber", "NonVeterinarian", "Name", "LastName"]),
    (Element::PractitionerFirst, &["Prescriber", "NonVeterinarian", "Name", "FirstName"]),
    (Element::PractitionerMiddle, &["Prescriber", "NonVeterinarian", "Name", "MiddleName"]),
    (Element::PractitionerSuffix, &["Prescriber", "NonVeterinarian", "Name", "Suffix"]),
    (Element::PractitionerLine1, &["Prescriber", "NonVeterinarian", "Address", "AddressLine1"]),
    (Element::PractitionerLine2, &["Prescriber", "NonVeterinarian", "Address", "AddressLine2"]),
    (Element::PractitionerCity, &["Prescriber", "NonVeterinarian", "Address", "City"]),
    (Element::PractitionerState, &["Prescriber", "NonVeterinarian", "Address", "StateProvince"]),
    (Element::PractitionerPostal, &["Prescriber", "NonVeterinarian", "Address", "PostalCode"]),
    (Element::Registration, &["Prescriber", "NonVeterinarian", "Identification", "DEANumber"]),
    (Element::DrugName, &["MedicationPrescribed", "DrugDescription"]),
    (Element::DrugForm, &["MedicationPrescribed", "DrugCoded", "Strength", "StrengthForm", "Code"]),
    (Element::DrugNdc, &["MedicationPrescribed", "DrugCoded", "ProductCode", "Code"]),
    (Element::DrugSchedule, &["MedicationPrescribed", "DrugCoded", "DEASchedule", "Code"]),
    (Element::QuantityValue, &["MedicationPrescribed", "Quantity", "Value"]),
    (Element::QuantityUnit, &["MedicationPrescribed", "Quantity", "QuantityUnitOfMeasure", "Code"]),
    (Element::Directions, &["MedicationPrescribed", "Sig", "SigText"]),
    (Element::Refills, &["MedicationPrescribed", "NumberOfRefills"]),
    (Element::DaysSupply, &["MedicationPrescribed", "DaysSupply"]),
    (Element::Note, &["MedicationPrescribed", "Note"]),
];

/// The same, done to the message itself: an element of it replaced, taken out or doubled.
#[test]
fn every_change_in_the_message_itself_is_caught_and_named() {
    let sent = support::travelling(&support::sample());
    let message = support::sample_message();
    let read = |changed: &Message| to_contents(&decode(&encode(changed)).expect("well formed"));
    for (element, path) in PLACES {
        let change = |change| change_body(&message, path, change).unwrap_or_else(|| panic!("{element} is not there"));
        let named = |kind| vec![Difference { element, kind }];

        let replaced = read(&change(Change::Text(other_value(element))));
        assert_eq!(sent.differences(&replaced.contents), named(DifferenceKind::Changed), "{element} replaced");

        let removed = read(&change(Change::Remove));
        assert_eq!(sent.differences(&removed.contents), named(DifferenceKind::Missing), "{element} removed");

        let doubled = read(&change(Change::Double));
        assert_eq!(sent.differences(&doubled.contents), named(DifferenceKind::Missing), "{element} doubled");
        let fields: Vec<_> =
            doubled.problems.iter().map(|problem| (problem.code.0, problem.field.as_deref())).collect();
        assert_eq!(fields, [("WIRE-DOUBLED", Some(element.tag()))], "{element} doubled");
    }
}

/// One byte of the message's text changed: either it still bears the same contents, or the change is named, or the
/// message is refused. Nothing is read as something else unseen.
#[test]
fn a_change_of_any_byte_is_harmless_named_or_refused() {
    let sent = support::travelling(&support::sample());
    let bytes = encode(&support::sample_message());
    let body = bytes.windows(6).position(|window| window == b"<Body>").expect("there");
    let (mut harmless, mut named, mut refused) = (0, 0, 0);
    for at in body..bytes.len() {
        for flip in [0x01, 0x20] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            match decode(&changed).map(|message| to_contents(&message)) {
                Err(_) => refused += 1,
                Ok(arrived) if !sent.differences(&arrived.contents).is_empty() || !arrived.problems.is_empty() => {
                    named += 1;
                }
                Ok(_) => harmless += 1,
            }
        }
    }
    assert!(named > 400 && refused > 500, "{named} named, {refused} refused, {harmless} harmless");
}
