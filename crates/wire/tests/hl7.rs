//! HL7 v2 orders as drafts.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a test may read outside data

mod support;

use proptest::prelude::*;
use std::path::Path;
use theriac_model::Element as E;
use theriac_wire::hl7::{Limits, Message, Order, orders};
use theriac_wire::script::{decode, encode, from_contents, relayout, to_contents};

const ORDER: &str = "MSH|^~\\&|DESK|NORTH|THERIAC|NORTH|20260302093000||RDE^O11^RDE_O11|M-1|T|2.6\r\
PID|1||77^^^^MR||Sample^Pat^Q^Jr||19610517|F|||1 Invented Way^^Tucson^AZ^85701^USA\r\
ORC|NW|F-1^OE|P-1^RX|||E|||20260302093000|||B1^Brook^Alex||||||||||||20 Example Street^Suite 2^Tucson^AZ^85702\r\
RXO|||||||||||||1\r\
RXE||99999-0101-01^Oxycodone hydrochloride^NDC|1||mg|TAB^Tablet|^Take 1 tablet \\T\\ wait 6 hours|||30|TAB^tablet|0|FB1234563\
||||||||||||10|mg|||||||||II";

fn one(message: &str) -> Order {
    let mut found = orders(message.as_bytes()).unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0).outcome.unwrap()
}

#[test]
fn an_order_becomes_a_draft_with_everything_it_says() {
    let order = one(ORDER);
    assert_eq!(order.problems, []);
    for (element, value) in [
        (E::PatientLast, "Sample"),
        (E::PatientFirst, "Pat"),
        (E::PatientMiddle, "Q"),
        (E::PatientSuffix, "Jr"),
        (E::PatientBorn, "1961-05-17"),
        (E::PatientLine1, "1 Invented Way"),
        (E::PatientState, "AZ"),
        (E::PatientPostal, "85701"),
        (E::PractitionerLast, "Brook"),
        (E::PractitionerFirst, "Alex"),
        (E::PractitionerLine2, "Suite 2"),
        (E::Registration, "FB1234563"),
        (E::Issued, "2026-03-02"),
        (E::DrugName, "Oxycodone hydrochloride"),
        (E::DrugStrength, "10 mg"),
        (E::DrugForm, "Tablet"),
        (E::DrugNdc, "99999010101"),
        (E::DrugSchedule, "II"),
        (E::QuantityValue, "30"),
        (E::QuantityUnit, "tablet"),
        (E::Directions, "Take 1 tablet & wait 6 hours"),
        (E::Refills, "0"),
    ] {
        assert_eq!(order.contents.get(element), Some(value), "{element:?}");
    }
    assert_eq!(order.lacks(), []);
    assert_eq!((order.placer.as_str(), order.filler.as_str()), ("F-1", "P-1"));
}

/// A hospital's order in HL7 and the same prescription in the one version of SCRIPT that is spoken here, in whatever layout:
/// the same elements, the extension of the hospital's number among them.
///
/// Requirements: epcs-pre-4-script-hl7
#[test]
fn an_order_in_hl7_and_the_same_prescription_in_script_arrive_with_the_same_elements() {
    let order = one(&ORDER.replace("FB1234563", "FB1234563-017 dr. kay"));
    assert_eq!((order.problems.len(), order.contents.get(E::Registration)), (0, Some("FB1234563-017 dr. kay")));
    let message = from_contents(&order.contents, &support::envelope()).unwrap();
    assert_eq!(to_contents(&decode(&encode(&message)).unwrap()).contents, order.contents);
    for seed in 0..20 {
        let arrived = to_contents(&decode(&relayout(&message, seed)).unwrap());
        assert!(arrived.is_sound(), "{:?}", arrived.problems);
        assert_eq!(order.contents.differences(&arrived.contents), [], "layout {seed}");
    }
}

#[test]
fn the_frame_the_line_ends_and_other_separators_do_not_matter() {
    let plain = one(ORDER);
    assert_eq!(one(&format!("\u{b}{ORDER}\u{1c}\r")), plain);
    assert_eq!(one(&format!("\u{feff}{}", ORDER.replace('\r', "\r\n"))), plain);
    let other = ORDER.replace('|', "#").replace('^', "@");
    assert_eq!(one(&other), plain);
}

#[test]
fn the_encoded_order_is_the_later_word_and_the_requested_one_fills_what_it_leaves_open() {
    let order = ORDER.replace("RXO|||||||||||||1", "RXO|||||^Other form|||||||^other|5");
    assert_eq!(one(&order).contents.get(E::Refills), Some("0"));
    let silent = order.replace("TAB^tablet|0|", "TAB^tablet||");
    assert_eq!(one(&silent).contents.get(E::Refills), Some("5"));
}

#[test]
fn what_cannot_be_a_draft_names_the_field() {
    let check = |from: &str, to: &str, code: &str, field: &str| {
        assert!(ORDER.contains(from), "{from}");
        let outcome = orders(ORDER.replace(from, to).as_bytes());
        let refusal = match outcome {
            Ok(mut found) => found.remove(0).outcome.unwrap_err(),
            Err(refusal) => refusal,
        };
        assert_eq!((refusal.code.0, refusal.field.as_deref()), (code, Some(field)), "{to}: {refusal}");
    };
    for control in ["CA", "DC", "HD", "RP", "XO", "RF", "ZZ", ""] {
        check("ORC|NW", &format!("ORC|{control}"), "HL7-CONTROL", "ORC-1");
    }
    check("RDE^O11^RDE_O11", "ADT^A01", "HL7-NOT-AN-ORDER", "MSH-9");
    check("RDE^O11^RDE_O11", "RDS^O13", "HL7-NOT-AN-ORDER", "MSH-9");
    check("ORC|NW", "OBX|NW", "HL7-REQUIRED", "ORC");
    check("\rORC", "\rorc", "HL7-SYNTAX", "segment 3");
    check("MSH|^~\\&", "MSH|^^\\&", "HL7-SYNTAX", "MSH-2");
    check("MSH|^~\\&", "MSA|^~\\&", "HL7-SYNTAX", "MSH-2");
    let bare = ORDER.replace("\rRXO", "\rZXO").replace("\rRXE", "\rZXE");
    assert_eq!(orders(bare.as_bytes()).unwrap().remove(0).outcome.unwrap_err().field.as_deref(), Some("RXO"));
}

#[test]
fn a_value_that_does_not_serve_is_told_with_its_place_and_is_not_in_the_draft() {
    let check = |from: &str, to: &str, place: &str, element: E| {
        assert!(ORDER.contains(from), "{from}");
        let order = one(&ORDER.replace(from, to));
        assert_eq!(order.problems.iter().filter_map(|one| one.field.as_deref()).collect::<Vec<_>>(), [place], "{to}");
        assert_eq!(order.contents.get(element), None, "{to}");
    };
    check("|30|TAB", "|thirty|TAB", "RXE-10", E::QuantityValue);
    check("|19610517|", "|19610231|", "PID-7", E::PatientBorn);
    check("FB1234563", "FB1234564", "RXE-13", E::Registration);
    check("99999-0101-01", "99999-0101", "RXE-2", E::DrugNdc);
    check("|||||||||II", "|||||||||VI", "RXE-35", E::DrugSchedule);
    check("^AZ^85701", "^Arizona^85701", "PID-11.4", E::PatientState);
}

#[test]
fn each_order_of_a_message_is_read_by_itself() {
    let two = format!("{ORDER}\rORC|DC|F-2\rRXE||1^x\rORC|NW|F-3\rRXO|1^Alprazolam");
    let found = orders(two.as_bytes()).unwrap();
    let told: Vec<_> = found.iter().map(|one| (one.segment, one.outcome.is_ok())).collect();
    assert_eq!(told, [(3, true), (6, false), (8, true)]);
    let third = found[2].outcome.as_ref().unwrap();
    assert_eq!(third.contents.get(E::DrugName), Some("Alprazolam"));
    assert_eq!(third.contents.get(E::PatientLast), Some("Sample"));
    assert!(third.lacks().contains(&E::Directions));
}

#[test]
fn the_limits_are_the_limits() {
    let bytes = ORDER.as_bytes();
    let limits = |bytes, segments| Limits { bytes, segments };
    assert!(Message::read(bytes, limits(bytes.len(), 5)).is_ok());
    assert_eq!(Message::read(bytes, limits(bytes.len() - 1, 5)).unwrap_err().code.0, "HL7-SIZE");
    assert_eq!(Message::read(bytes, limits(bytes.len(), 4)).unwrap_err().code.0, "HL7-SIZE");
    assert_eq!(Message::read(b"MSH|^~\\&|\xff", Limits::DEFAULT).unwrap_err().field.as_deref(), Some("MSH-18"));
}

/// Real messages of others: each order is a draft, or is refused with a field.
#[test]
fn messages_of_other_systems_are_read_or_refused_with_the_field() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/real/hl7v2"));
    let Ok(files) = std::fs::read_dir(folder) else {
        println!("skipped: there is no {}", folder.display());
        return;
    };
    let (mut drafts, mut refused) = (0, 0);
    for file in files.map(Result::unwrap) {
        let name = file.file_name();
        match orders(&std::fs::read(file.path()).unwrap()) {
            Ok(found) => {
                for one in found {
                    match one.outcome {
                        Ok(order) => {
                            drafts += 1;
                            assert!(order.contents.get(E::DrugName).is_some(), "{name:?}: {order:?}");
                        }
                        Err(refusal) => {
                            refused += 1;
                            assert!(refusal.field.is_some(), "{name:?}: {refusal}");
                        }
                    }
                }
            }
            Err(refusal) => {
                refused += 1;
                assert!(refusal.field.is_some(), "{name:?}: {refusal}");
            }
        }
    }
    assert!(drafts >= 15 && refused >= 1, "{drafts} drafts, {refused} refused");
}

proptest! {
    #[test]
    fn no_message_breaks_the_reader(middle in "[A-Z0-9|^~&\\\\\r]{0,300}") {
        let _ = orders(format!("MSH|^~\\&|A|B|C|D|1||RDE^O11|1|T|2.6\r{middle}").as_bytes());
    }
}
