//! Reports to prescription monitoring programmes: made, checked, read again.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a test may read outside data

use jiff::civil::{date, datetime};
use proptest::prelude::*;
use std::path::Path;
use theriac_model::{Address, DeaNumber, Decimal, Ndc, Schedule};
use theriac_wire::asap::{
    Content, Dispensed, Element, File, Header, Ingredient, Limits, Origin, Patient, Person, Pharmacy, Prescriber,
    Product, Profile, Purpose, Segment, Sent, Status, Unit, Version, check, print, read, report,
};

fn address(line1: &str) -> Address {
    Address {
        line1: line1.to_owned(),
        line2: None,
        city: "Tucson".to_owned(),
        state: "AZ".to_owned(),
        postal: "85701-1234".to_owned(),
    }
}

fn person(last: &str, first: &str) -> Person {
    Person { last: last.to_owned(), first: first.to_owned() }
}

fn header(version: Version) -> Header {
    Header {
        version,
        control: "R-2026-03-02".to_owned(),
        created: datetime(2026, 3, 3, 0, 5, 9, 0),
        sender: "5205550100".to_owned(),
        sender_name: "Example Pharmacy".to_owned(),
        purpose: Purpose::Production,
    }
}

fn pharmacy() -> Pharmacy {
    Pharmacy {
        npi: "1234567893".to_owned(),
        ncpdp: "0399999".to_owned(),
        dea: DeaNumber::parse("BE1234563").unwrap(),
        name: "Example Pharmacy".to_owned(),
        address: address("1 Counter Street"),
        phone: "5205550100".to_owned(),
    }
}

fn dispensed(number: &str) -> Dispensed {
    Dispensed {
        status: Status::New,
        patient: Patient { name: person("Sample", "Pat"), address: address("1 Invented Way"), born: date(1961, 5, 17) },
        prescriber: Prescriber {
            npi: String::new(),
            dea: DeaNumber::parse("AB1234563").unwrap(),
            code: String::new(),
            name: person("Brook", "Alex"),
        },
        number: number.to_owned(),
        written: date(2026, 3, 1),
        refills: 0,
        filled: date(2026, 3, 2),
        fill: 0,
        product: Product::Packaged(Ndc::parse("99999010101").unwrap()),
        quantity: Decimal::parse("30").unwrap(),
        unit: Unit::Each,
        days: 7,
        origin: Origin::Electronic,
        part: 0,
        sold: Some(date(2026, 3, 2)),
        prescribed: Some(Decimal::parse("30").unwrap()),
        schedule: Schedule::II,
        pharmacist: person("Fill", "Fern"),
        message: "M-1".to_owned(),
    }
}

fn made(version: Version, all: Vec<Dispensed>) -> File {
    report(&header(version), &pharmacy(), &Content::Dispensings(all))
}

fn faults(file: &File, version: Version, profile: &Profile) -> Vec<String> {
    check(file, version, profile).iter().map(|fault| fault.what.to_string()).collect()
}

fn changed(element: &str, value: &str) -> File {
    let mut file = made(Version::V4_2B, vec![dispensed("7")]);
    let Element(segment, place) = Element::parse(element).unwrap();
    let line = file.lines.iter_mut().find(|line| line.segment == segment).unwrap();
    line.set(place, value);
    file
}

#[test]
fn a_report_of_every_version_passes_its_check_and_is_read_as_it_was_made() {
    let mut compound = dispensed("8");
    compound.product = Product::Compound(vec![Ingredient {
        ndc: Ndc::parse("99999040101").unwrap(),
        quantity: Decimal::parse("2.5").unwrap(),
        unit: Unit::Gram,
    }]);
    let mut other = dispensed("9");
    other.patient.name = person("Example", "Robin");
    for &version in Version::ALL {
        let file = made(version, vec![dispensed("7"), compound.clone(), other.clone()]);
        assert_eq!(faults(&file, version, &Profile::default()), [""; 0], "{version}");
        let count = |segment| file.lines.iter().filter(|line| line.segment == segment).count();
        assert_eq!((count(Segment::Pat), count(Segment::Dsp), count(Segment::Cdi)), (2, 3, 1), "{version}");
        let printed = print(&file);
        let text = String::from_utf8(printed.clone()).unwrap();
        assert!(text.starts_with(&format!("TH*{version}*R-2026-03-02*01**20260303*000509*P**~~\nIS*")), "{text}");
        let again = read(&printed, Limits::DEFAULT).unwrap();
        assert_eq!(print(&again), printed, "{version}");
        assert_eq!(faults(&again, version, &Profile::default()), [""; 0], "{version}");
    }
    let schedule = |version| made(version, vec![dispensed("7")]).lines[4].get(34).to_owned();
    assert_eq!((schedule(Version::V4_2B).as_str(), schedule(Version::V5_0).as_str()), ("", "02"));
}

#[test]
fn every_fault_is_told_with_its_segment_and_element() {
    let check = |element: &str, value: &str, what: &str| {
        let told = faults(&changed(element, value), Version::V4_2B, &Profile::default());
        assert!(told.iter().any(|one| one.contains(element) && one.contains(what)), "{element} = {value:?}: {told:?}");
    };
    check("TH01", "4.2A", "is not 4.2B");
    check("DSP02", "", "is required and empty");
    check("DSP02", &"7".repeat(26), "26 characters, 25 are allowed");
    check("DSP03", "20260230", "a day as CCYYMMDD");
    check("DSP03", "2026-3-1", "a day as CCYYMMDD");
    check("DSP04", "x", "is not digits");
    check("DSP09", "3O", "a decimal number");
    check("DSP09", "1.", "a decimal number");
    check("TH06", "246000", "a time as HHMMSS");
    check("DSP26", "090000", "does not exist in version 4.2B");
    check("PAT12", "", "is required and empty");
    check("TP01", "4", "must count 6 segments");
    check("TT02", "8", "must count 9 segments");
    check("TT01", "another", "header's control number");
    assert_eq!(faults(&changed("DSP02", &"7".repeat(25)), Version::V4_2B, &Profile::default()), [""; 0]);
    assert_eq!(faults(&changed("DSP09", "0.25"), Version::V4_2B, &Profile::default()), [""; 0]);
}

#[test]
fn segments_out_of_order_and_a_file_that_is_not_closed_are_told() {
    let good = made(Version::V4_2, vec![dispensed("7")]);
    let mut swapped = good.clone();
    swapped.lines.swap(3, 4);
    assert!(
        faults(&swapped, Version::V4_2, &Profile::default())[0].contains("segment 4 is DSP, which cannot follow PHA")
    );
    let mut open = good.clone();
    open.lines.pop();
    assert!(faults(&open, Version::V4_2, &Profile::default())[0].contains("not closed by TT"));
    let none = File { lines: Vec::new() };
    assert!(!check(&none, Version::V4_2, &Profile::default()).is_empty());
}

#[test]
fn a_state_can_ask_for_more_forbid_and_limit_values() {
    let element = |text: &str| Element::parse(text).unwrap();
    let profile = Profile {
        required: vec![element("DSP16")],
        forbidden: vec![element("PHA10")],
        values: vec![(element("DSP12"), vec!["01".to_owned(), "04".to_owned()])],
    };
    let told = faults(&made(Version::V4_2, vec![dispensed("7")]), Version::V4_2, &profile);
    for what in ["DSP16 is required and empty", "PHA10 must be empty in this State", "DSP12 must be one of 01, 04"] {
        assert!(told.iter().any(|one| one.contains(what)), "{what}: {told:?}");
    }
    assert_eq!(told.len(), 3);
}

#[test]
fn a_zero_report_names_the_days_on_which_nothing_was_dispensed() {
    let nothing = Content::Nothing { from: date(2026, 3, 1), to: date(2026, 3, 7) };
    let file = report(&header(Version::V4_2A), &pharmacy(), &nothing);
    let text = String::from_utf8(print(&file)).unwrap();
    for part in
        ["#20260301#-#20260307#~", "PAT*******REPORT*ZERO~", "DSP*****20260307~", "TP*7~", "TT*R-2026-03-02*10~"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(faults(&file, Version::V4_2A, &Profile::default()), [""; 0]);
}

#[test]
fn revisions_and_voids_follow_what_the_programme_holds() {
    let with = |status, fill| Dispensed { status, fill, ..dispensed("7") };
    let mut sent = Sent::default();
    let mut note = |status, fill| sent.note(&with(status, fill)).is_ok();
    assert!(!note(Status::Revise, 0) && !note(Status::Void, 0));
    assert!(note(Status::New, 0) && !note(Status::New, 0));
    assert!(note(Status::New, 1), "a refill is another record");
    assert!(note(Status::Revise, 0) && note(Status::Revise, 0) && note(Status::Void, 0));
    assert!(!note(Status::Revise, 0) && !note(Status::Void, 0));
    assert!(note(Status::New, 0), "a voided record may be reported anew");
}

#[test]
fn what_is_not_such_a_file_is_refused_with_the_segment() {
    let good = String::from_utf8(print(&made(Version::V4_2, vec![dispensed("7")]))).unwrap();
    let check = |text: &str, code: &str, what: &str| {
        let refusal = read(text.as_bytes(), Limits::DEFAULT).unwrap_err();
        assert_eq!(refusal.code.0, code, "{refusal}");
        assert!(refusal.what.contains(what), "{refusal}");
    };
    check("", "WIRE-ASAP-HEADER", "header");
    check("ISA*00*~", "WIRE-ASAP-HEADER", "header");
    check(good.trim_end().trim_end_matches('~'), "WIRE-ASAP-CUT-OFF", "segment 9");
    check(&good.replace("PRE*", "PRX*"), "WIRE-ASAP-SEGMENT", "segment 6 is \"PRX\"");
    check(&good.replace("PRE*", &format!("PRE{}", "*".repeat(70))), "WIRE-ASAP-SEGMENT", "more than 64 elements");
    let small = Limits { bytes: good.len(), segments: 8 };
    assert_eq!(read(good.as_bytes(), small).unwrap_err().code.0, "WIRE-ASAP-SIZE");
    assert!(read(good.as_bytes(), Limits { segments: 9, ..small }).is_ok());
    assert_eq!(read(good.as_bytes(), Limits { bytes: good.len() - 1, ..small }).unwrap_err().code.0, "WIRE-ASAP-SIZE");
    assert_eq!(read(b"TH*4.2*\xff", Limits::DEFAULT).unwrap_err().code.0, "WIRE-ASAP-TEXT");
    let other = good.replace('~', "|").replace('\n', "\r\n");
    assert_eq!(
        read(other.as_bytes(), Limits::DEFAULT).unwrap().lines.len(),
        9,
        "another terminator, other line breaks"
    );
}

/// Versions, formats, lengths and duties are those of the source, but for PAT13 of version 4.2.
#[test]
fn the_table_is_what_the_source_says() {
    let file =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/real/asap/va_spmp_asap_record_definitions.json");
    if !Path::new(file).exists() {
        println!("skipped: there is no {file}");
        return;
    }
    let source: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut compared = 0;
    for &version in Version::ALL {
        let mut expected = std::collections::BTreeMap::new();
        for wanted in ["ALL", version.word()] {
            let definition = source.as_array().unwrap().iter().find(|one| one["asap_version"] == wanted).unwrap();
            for segment in definition["segments"].as_array().unwrap() {
                for element in segment["elements"].as_array().unwrap() {
                    let id = Element::parse(element["id"].as_str().unwrap()).unwrap();
                    let text = |key: &str| element[key].as_str().unwrap().to_owned();
                    expected.insert(id, (text("format"), text("max_length"), text("requirement")));
                }
            }
        }
        for (element, (_, length, requirement)) in expected {
            if version == Version::V4_2 && element.to_string() == "PAT13" {
                continue;
            }
            let spec = version.spec(element).unwrap();
            assert_eq!(spec.max.to_string(), length, "{version} {element}");
            let required = spec.need == theriac_wire::asap::Need::Required;
            assert_eq!(required, requirement == "R", "{version} {element}");
            compared += 1;
        }
    }
    assert!(compared > 400, "{compared}");
}

proptest! {
    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, Limits::DEFAULT);
    }

    #[test]
    fn what_is_read_can_be_checked_and_printed(middle in "[A-Z0-9*~ ]{0,200}") {
        let text = format!("TH*4.2*1*01**20260303*000509*P**~~{middle}~");
        if let Ok(file) = read(text.as_bytes(), Limits::DEFAULT) {
            let _ = check(&file, Version::V4_2, &Profile::default());
            let again = read(&print(&file), Limits::DEFAULT).unwrap();
            prop_assert_eq!(print(&again), print(&file));
        }
    }

    #[test]
    fn no_text_of_a_record_adds_a_segment_or_an_element(name in any::<String>()) {
        let mut one = dispensed("7");
        one.patient.name.last = name;
        let file = made(Version::V5_0, vec![one]);
        let again = read(&print(&file), Limits::DEFAULT).unwrap();
        prop_assert_eq!(again.lines.len(), file.lines.len());
        prop_assert_eq!(again.lines[3].get(8), "Pat");
    }
}
