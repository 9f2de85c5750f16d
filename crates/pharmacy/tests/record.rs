//! What the record shows, and what notes need.

mod common;
use common::{RX, Rx, arrived, at, pharmacist, prescription, with_supply};
use theriac_model::{CanonicalContents, Element, Need};
use theriac_pharmacy::{Annotation, AnnotationKind, Contact, Event, Note, Prescription, SignatureCheck};

const WHEN: &str = "2026-03-02T14:00:00-07:00";

fn note(kind: AnnotationKind, text: &str) -> Note {
    Note { kind, text: text.to_owned(), contact: None, corrects: None }
}

fn contact(person: &str, method: &str) -> Note {
    let contact = Some(Contact { person: person.to_owned(), method: method.to_owned() });
    Note { contact, ..note(AnnotationKind::PrescriberContact, "dose confirmed") }
}

/// Adds the note; `ok` or the code with the field.
fn check(rx: &mut Prescription, note: &Note, expected: &str) {
    let found = match rx.annotate(&pharmacist(), at(WHEN), note) {
        Ok(events) => {
            rx.apply(&events[0]).expect("foldable");
            "ok".to_owned()
        }
        Err(refusal) => format!("{} {}", refusal.code, refusal.field.unwrap_or_default()),
    };
    assert_eq!(found, expected, "{note:?}");
}

#[test]
fn a_note_holds_everything_its_kind_needs_or_is_refused_naming_what_is_absent() {
    let mut rx = prescription(&RX);
    check(&mut rx, &note(AnnotationKind::Remark, ""), "PHARM-TEXT text");
    check(&mut rx, &note(AnnotationKind::Remark, &"x".repeat(2001)), "PHARM-TEXT text");
    check(&mut rx, &note(AnnotationKind::Remark, &"x".repeat(2000)), "ok");
    check(&mut rx, &note(AnnotationKind::PrescriberContact, "dose confirmed"), "PHARM-TEXT contact.person");
    check(&mut rx, &contact("", "telephone"), "PHARM-TEXT contact.person");
    check(&mut rx, &contact("Lee, nurse", " "), "PHARM-TEXT contact.method");
    check(&mut rx, &contact("Lee, nurse", "telephone"), "ok");
    let correction = note(AnnotationKind::Correction, "it was the practitioner, not the nurse");
    check(&mut rx, &correction, "PHARM-NO-SUCH-NOTE corrects");
    check(&mut rx, &Note { corrects: Some(3), ..correction.clone() }, "PHARM-NO-SUCH-NOTE corrects");
    check(&mut rx, &Note { corrects: Some(2), ..correction }, "ok");
    // The note that was corrected stays as it was.
    let texts: Vec<&str> = rx.annotations().iter().skip(1).map(|note| note.text.as_str()).collect();
    assert_eq!(texts, ["dose confirmed", "it was the practitioner, not the nurse"]);
    let Some(Annotation { by, at: when, corrects, .. }) = rx.annotations().last() else { panic!("a note") };
    assert_eq!((by.full_name.as_str(), *when, *corrects), ("Ana Rivera", at(WHEN), Some(2)));
}

#[test]
fn a_note_on_a_closed_prescription_is_still_possible() {
    let mut rx = prescription(&RX);
    rx.apply(&rx.void(&pharmacist(), at(WHEN), "entered twice").expect("voided")[0]).expect("foldable");
    check(&mut rx, &note(AnnotationKind::Remark, "the practitioner was told"), "ok");
}

/// Requirements: pharm-rx-drug-details
#[test]
fn the_record_lists_every_required_element_as_it_arrived() {
    let rx = prescription(&RX);
    let rows = rx.elements();
    let required: Vec<Element> =
        Element::ALL.iter().copied().filter(|element| element.need() == Need::Required).collect();
    for element in required {
        let row = rows.iter().find(|row| row.element == element).unwrap_or_else(|| panic!("{element} has no row"));
        assert!(row.value.is_some(), "{element}");
    }
    let value = |element: Element| rows.iter().find(|row| row.element == element).and_then(|row| row.value);
    assert_eq!(value(Element::SignedAt), Some("2026-03-02T19:00:00Z"));
    assert_eq!(value(Element::DrugStrength), Some("10 mg"));
    assert_eq!(value(Element::Note), None);
    assert_eq!(rx.received().registrant.source, "test registrants");
}

#[test]
fn the_face_and_the_archive_digest_are_those_of_the_message() {
    let rx = prescription(&Rx { quantity: "60", refills: 2, ..RX });
    assert_eq!((rx.face().quantity.to_string(), rx.face().refills), ("60 tablet".to_owned(), 2));
    assert_eq!((rx.authorised(), rx.refills_allowed(), rx.version()), (180, 2, 1));
    assert_eq!(rx.received().archive.stream(), format!("intake/{}", "07".repeat(32)));
    assert_eq!(rx.received().number.stream(), "rx/RX100001");
}

/// What the practitioner signed is never touched by what the pharmacy adds.
#[test]
fn no_act_of_the_pharmacy_changes_what_was_received() {
    let mut rx = prescription(&RX);
    let before: CanonicalContents = rx.received().contents.clone();
    check(&mut rx, &note(AnnotationKind::Remark, "stored in the refrigerator"), "ok");
    let filled = with_supply(WHEN, |supply| rx.fill(&common::profile(), supply)).expect("a filling");
    for event in &filled.events {
        rx.apply(event).expect("foldable");
    }
    assert_eq!(rx.received().contents, before);
    let SignatureCheck::Verified { signed, .. } = arrived(&RX).signature else { panic!("signed") };
    assert_eq!(signed.differences(&before), []);
    assert!(matches!(filled.events[..], [Event::Filled(_)]));
}
