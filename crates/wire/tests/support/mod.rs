//! Contents and envelopes for the tests, one written out and any number generated.

#![allow(clippy::disallowed_methods, reason = "tests read the real data from disk")]
#![allow(dead_code, reason = "each test file uses its own part of this module")]

use jiff::Timestamp;
use proptest::prelude::*;
use std::path::PathBuf;
use theriac_model::{
    Address, CanonicalContents, Contents, DeaNumber, Decimal, Drug, DrugUnit, Element, Ndc, Patient, PersonName,
    Practitioner, Quantity, Registration, Schedule,
};
use theriac_wire::script::{
    Envelope, Gender, Message, Order, Party, PharmacyParty, Signature, SignatureGroup, Software, Substitution, Traffic,
    from_contents,
};

/// A schedule II prescription of an invented person.
pub(crate) fn sample() -> Contents {
    Contents {
        issued: "2026-03-02".parse().expect("a date"),
        signed_at: "2026-03-02T15:04:05Z".parse().expect("an instant"),
        patient: Patient {
            name: PersonName {
                last: "Sample".to_owned(),
                first: "Pat".to_owned(),
                middle: Some("Q".to_owned()),
                suffix: Some("Jr".to_owned()),
            },
            address: Address {
                line1: "12 Example Street".to_owned(),
                line2: Some("Apt 3".to_owned()),
                city: "Phoenix".to_owned(),
                state: "AZ".to_owned(),
                postal: "85001-1234".to_owned(),
            },
            born: Some("1970-02-28".parse().expect("a date")),
        },
        practitioner: Practitioner {
            name: PersonName {
                last: "Test".to_owned(),
                first: "Robin".to_owned(),
                middle: Some("A".to_owned()),
                suffix: Some("MD".to_owned()),
            },
            address: Address {
                line1: "1 Clinic Road".to_owned(),
                line2: Some("Suite 200".to_owned()),
                city: "Tempe".to_owned(),
                state: "AZ".to_owned(),
                postal: "85281".to_owned(),
            },
            registration: Registration::parse("AB1234563-012").expect("a registration"),
            service_id: None,
        },
        drug: Drug {
            name: "Oxycodone hydrochloride".to_owned(),
            strength: "10 mg".to_owned(),
            form: "Tablet".to_owned(),
            ndc: Some(Ndc::parse("00406055201").expect("an NDC")),
            schedule: Some(Schedule::II),
        },
        quantity: Quantity::new(Decimal::whole(30), DrugUnit::Tablet).expect("a quantity"),
        directions: "Take 1 tablet by mouth every 6 hours as needed for pain".to_owned(),
        refills: 0,
        earliest_fill: Some("2026-03-05".parse().expect("a date")),
        days_supply: Some(8),
        note: Some("Patient's need: <severe> pain & \"acute\"".to_owned()),
    }
}

/// What travels of the contents: all but the instant of signing, which is in the signature.
pub(crate) fn travelling(contents: &Contents) -> CanonicalContents {
    let mut canonical = contents.canonical().expect("the contents are well formed");
    canonical.clear(Element::SignedAt);
    canonical
}

/// A signature group of the right shape; wire does not look into it.
pub(crate) fn group() -> SignatureGroup {
    SignatureGroup::new(&[7; 32], &[0xA5; 900], &[0x5A; 500])
}

/// An envelope with everything in it.
pub(crate) fn envelope() -> Envelope {
    Envelope {
        to: Party::pharmacy("9999999"),
        from: Party::prescriber("6000000000001"),
        message_id: "msg-1".to_owned(),
        relates_to: None,
        sent_time: "2026-03-02T15:04:06Z".parse::<Timestamp>().expect("an instant"),
        software: Software {
            developer: "Theriac".to_owned(),
            product: "Prescriber".to_owned(),
            version: "0.1".to_owned(),
        },
        order_number: Some("order-1".to_owned()),
        rx_reference: None,
        traffic: Traffic::Test,
        order: Order {
            pharmacy: Some(PharmacyParty {
                ncpdp_id: Some("9999999".to_owned()),
                npi: Some("1999999999".to_owned()),
                dea: None,
                name: "Example Pharmacy".to_owned(),
                telephone: Some("6025550100".to_owned()),
            }),
            gender: Gender::Female,
            prescriber_npi: Some("1888888888".to_owned()),
            prescriber_telephone: Some("4805550100".to_owned()),
            substitution: Substitution::Allowed,
            fill_notices: Some("All Fill Statuses".to_owned()),
            signature: Some(Signature::Attached(group())),
        },
    }
}

/// The sample as a signed NewRx.
pub(crate) fn sample_message() -> Message {
    from_contents(&travelling(&sample()), &envelope()).expect("the sample fits the standard")
}

/// A folder of the real data; `None`, with a line, where it is absent.
pub(crate) fn real(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/real")).join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: {} is not here", path.display());
    None
}

/// The files of a folder with this ending, by name.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<(String, Vec<u8>)> {
    let Some(folder) = real(folder) else { return Vec::new() };
    let mut found: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .expect("the folder can be read")
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == ending))
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).expect("the file can be read"))
        })
        .collect();
    found.sort();
    found
}

/// Text as people write it, with XML's own characters and letters beyond ASCII in it.
pub(crate) fn text(most: usize) -> impl Strategy<Value = String> {
    let alphabet = "[A-Za-z0-9<>&'\"/.,;:#%()+=éßñ漢🙂-]";
    proptest::string::string_regex(&format!("{alphabet}{{1,8}}( {alphabet}{{1,8}}){{0,6}}"))
        .expect("a regular expression")
        .prop_map(move |text| {
            let cut: String = text.chars().take(most).collect();
            let cut = cut.trim().to_owned();
            if cut.is_empty() { "x".to_owned() } else { cut }
        })
}

fn person() -> impl Strategy<Value = PersonName> {
    (text(35), text(35), proptest::option::of(text(35)), proptest::option::of(text(10)))
        .prop_map(|(last, first, middle, suffix)| PersonName { last, first, middle, suffix })
}

fn address() -> impl Strategy<Value = Address> {
    let postal = prop_oneof!["[0-9]{5}", "[0-9]{5}-[0-9]{4}"];
    (text(40), proptest::option::of(text(40)), text(35), "[A-Z]{2}", postal)
        .prop_map(|(line1, line2, city, state, postal)| Address { line1, line2, city, state, postal })
}

fn date() -> impl Strategy<Value = jiff::civil::Date> {
    (1901i16..2099, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| jiff::civil::date(year, month, day))
}

fn registration() -> impl Strategy<Value = Registration> {
    (0u32..=999_999, proptest::option::of("[A-Za-z0-9-]{1,20}")).prop_map(|(six, code)| {
        let number = DeaNumber::compose(*b"AB", six).expect("six digits");
        code.map_or(Registration::Own(number), |internal_code| Registration::Institutional { number, internal_code })
    })
}

fn strength() -> impl Strategy<Value = String> {
    prop_oneof![
        (1u32..5000, prop::sample::select(vec!["mg", "mcg", "g", "mg/mL", "mcg/h", "%", "mg/5 mL"]))
            .prop_map(|(value, unit)| format!("{value} {unit}")),
        Just("5-325 mg".to_owned()),
        Just("2.50 mg".to_owned()),
        Just("10 MG".to_owned()),
        Just("0.25 mg/actuation".to_owned()),
        Just("10".to_owned()),
        Just("10.0".to_owned()),
        text(60),
    ]
}

fn form() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec!["Tablet", "capsule", "Oral Solution", "Patch", "C42998", "Film"])
            .prop_map(str::to_owned),
        text(40),
    ]
}

fn drug() -> impl Strategy<Value = Drug> {
    (
        text(105),
        strength(),
        form(),
        proptest::option::of("[0-9]{11,12}"),
        proptest::option::of(prop::sample::select(Schedule::ALL.to_vec())),
    )
        .prop_map(|(name, strength, form, ndc, schedule)| Drug {
            name,
            strength,
            form,
            ndc: ndc.map(|text| Ndc::parse(&text).expect("digits")),
            schedule,
        })
}

fn quantity() -> impl Strategy<Value = Quantity> {
    let countable = (1u32..100_000, prop::sample::select(vec![DrugUnit::Tablet, DrugUnit::Patch, DrugUnit::Film]))
        .prop_map(|(value, unit)| Quantity::new(Decimal::whole(value), unit).expect("countable"));
    let liquid = (0u32..1000, 1u32..999).prop_map(|(whole, thousandths)| {
        let value = Decimal::parse(&format!("{whole}.{thousandths:03}")).expect("a decimal");
        Quantity::new(value, DrugUnit::Millilitre).expect("microlitres")
    });
    let other =
        "C1[0-9]{5}".prop_map(|code| Quantity::new(Decimal::whole(2), DrugUnit::Other(code)).expect("whole units"));
    prop_oneof![countable, liquid, other]
}

/// Any complete contents that the standard can carry.
pub(crate) fn contents() -> impl Strategy<Value = Contents> {
    let people = (person(), address(), proptest::option::of(date()), person(), address(), registration());
    let order =
        (drug(), quantity(), text(400), 0u16..100, proptest::option::of(date()), proptest::option::of(0u16..400));
    (people, order, date(), 0i64..4_000_000_000, proptest::option::of(text(210))).prop_map(
        |(people, order, issued, second, note)| {
            let (name, address, born, doctor, office, registration) = people;
            let (drug, quantity, directions, refills, earliest_fill, days_supply) = order;
            Contents {
                issued,
                signed_at: Timestamp::from_second(second).expect("an instant"),
                patient: Patient { name, address, born },
                practitioner: Practitioner { name: doctor, address: office, registration, service_id: None },
                drug,
                quantity,
                directions,
                refills,
                earliest_fill,
                days_supply,
                note,
            }
        },
    )
}
