//! The canonical bytes: golden vectors, the round trip, and that every single change is named.

use jiff::civil::date;
use proptest::prelude::*;
use theriac_model::{
    Address, CanonicalContents, Contents, Decimal, DifferenceKind, Drug, DrugUnit, Element, Ndc, NotCanonical, Patient,
    PersonName, Practitioner, Quantity, Registration, Schedule,
};

fn name(last: &str, first: &str) -> PersonName {
    PersonName { last: last.into(), first: first.into(), middle: None, suffix: None }
}

fn plain() -> Contents {
    Contents {
        issued: date(2026, 3, 2),
        signed_at: "2026-03-02T15:04:05Z".parse().expect("instant"),
        patient: Patient {
            name: name("Sample", "Pat"),
            address: Address {
                line1: "1 Invented Way".into(),
                line2: None,
                city: "Tucson".into(),
                state: "AZ".into(),
                postal: "85701".into(),
            },
            born: Some(date(1980, 2, 29)),
        },
        practitioner: Practitioner {
            name: PersonName { suffix: Some("MD".into()), ..name("Brook", "Alex") },
            address: Address {
                line1: "20 Example Street".into(),
                line2: Some("Suite 3".into()),
                city: "Tucson".into(),
                state: "AZ".into(),
                postal: "85702-1234".into(),
            },
            registration: Registration::parse("AB1234563").expect("registration"),
            service_id: None,
        },
        drug: Drug {
            name: "Oxycodone hydrochloride".into(),
            strength: "10 mg".into(),
            form: "Tablet".into(),
            ndc: Some(Ndc::parse("00406-0552-01").expect("NDC")),
            schedule: Some(Schedule::II),
        },
        quantity: Quantity::new(Decimal::whole(30), DrugUnit::Tablet).expect("quantity"),
        directions: "Take 1 tablet every 6 hours as needed for pain".into(),
        refills: 0,
        earliest_fill: None,
        days_supply: Some(8),
        note: None,
    }
}

fn institutional() -> Contents {
    let mut contents = plain();
    contents.practitioner.registration = Registration::parse("BH1234563-R-017").expect("registration");
    contents.patient.name = PersonName {
        last: "O'Née Ünïcode".into(),
        first: "José María".into(),
        middle: Some("Ł".into()),
        suffix: Some("Jr".into()),
    };
    contents.drug = Drug {
        name: "Sodium oxybate".into(),
        strength: "500 mg/mL".into(),
        form: "Oral Solution".into(),
        ndc: None,
        schedule: Some(Schedule::III),
    };
    contents.quantity =
        Quantity::new(Decimal::parse("270.5").expect("decimal"), DrugUnit::Millilitre).expect("quantity");
    contents.refills = 5;
    contents.earliest_fill = Some(date(2026, 3, 30));
    contents.note = Some("Medical need: narcolepsy with cataplexy".into());
    contents
}

fn canonical(contents: &Contents) -> CanonicalContents {
    contents.canonical().expect("canonical")
}

/// The bytes are fixed for ever: a changed golden file means that old signatures no longer verify.
///
/// Requirements: epcs-1311.115-a, epcs-1311.115-b-1, epcs-1311.115-b-2-1, epcs-1311.115-b-2-2, epcs-1311.115-b-3,
/// epcs-1311.115-b-4, epcs-1311.115-b-5
#[test]
fn the_canonical_bytes_are_the_golden_ones() {
    for (contents, golden) in [
        (plain(), &include_bytes!("golden/plain.txt")[..]),
        (institutional(), &include_bytes!("golden/institutional.txt")[..]),
    ] {
        let bytes = canonical(&contents).to_bytes();
        assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(golden));
        let read = CanonicalContents::from_bytes(&bytes).expect("our own bytes");
        assert_eq!(read.to_bytes(), bytes);
        assert_eq!(CanonicalContents::from_json(&read.to_json()), Ok(read.clone()));
        assert_eq!(Contents::from_canonical(&read), Ok(contents));
    }
}

/// Re-layout may fold white space, respell dates, decimals and codes; the canonical value stays.
#[test]
fn spellings_of_one_value_have_one_canonical_form() {
    let check = |element: Element, spellings: &[&str], expected: &str| {
        for text in spellings {
            let mut contents = CanonicalContents::default();
            contents.set(element, text).expect(text);
            assert_eq!(contents.get(element), Some(expected), "{text:?}");
        }
    };
    check(
        Element::Directions,
        &["Take  one\n\tdaily ", "Take one daily", "\u{a0}Take\u{2003}one daily"],
        "Take one daily",
    );
    check(
        Element::Issued,
        &["2026-03-02", "2026-03-02T00:00:00Z", " 2026-03-02T23:59:59-07:00", "2026-03-02T10:00:00.5"],
        "2026-03-02",
    );
    check(Element::QuantityValue, &["30", "30.0", "030.00"], "30");
    check(Element::QuantityUnit, &["C48542", "Tablet", "TAB"], "tablet");
    check(Element::DrugForm, &["C42998", "tablet"], "Tablet");
    check(Element::DrugSchedule, &["II", "CII", "2"], "II");
    check(Element::PatientPostal, &["857021234", "85702-1234"], "85702-1234");
    check(Element::PatientState, &["az", "AZ"], "AZ");
    check(Element::SignedAt, &["2026-03-02T15:04:05Z", "2026-03-02T08:04:05-07:00"], "2026-03-02T15:04:05Z");
}

#[test]
fn what_does_not_fit_an_element_is_refused_and_names_it() {
    for (element, text) in [
        (Element::Issued, "2026-02-29"),
        (Element::Issued, "2026-3-2"),
        (Element::Issued, "2026-03-02T25:00:00Z"),
        (Element::Issued, "2026-03-02 or so"),
        (Element::Issued, "ä026-03-02"),
        (Element::SignedAt, "2026-03-02"),
        (Element::SignedAt, "2026-03-02T15:04:05.5Z"),
        (Element::QuantityValue, "-30"),
        (Element::Refills, "+1"),
        (Element::Refills, "65536"),
        (Element::Registration, "AB1234564"),
        (Element::PatientState, "Arizona"),
        (Element::PatientPostal, "8570"),
        (Element::DrugSchedule, "VI"),
        (Element::DrugNdc, "1234567890"),
        (Element::Directions, "take\u{0}one"),
        (Element::Directions, &"x".repeat(4097)),
    ] {
        let mut contents = CanonicalContents::default();
        let error = contents.set(element, text).expect_err(text);
        assert!(matches!(error, NotCanonical::Value { element: named, .. } if named == element), "{text:?}: {error}");
    }
    let mut contents = CanonicalContents::default();
    contents.set(Element::Directions, &"x".repeat(4096)).expect("the longest value");
    contents.set(Element::Refills, "65535").expect("the largest count");
    assert_eq!(contents.set(Element::Refills, "1"), Err(NotCanonical::Twice(Element::Refills)));
}

/// Requirements: epcs-1311.115-a
#[test]
fn each_required_element_alone_is_missed_by_name() {
    let complete = canonical(&plain());
    assert_eq!(complete.missing(), []);
    for &element in Element::ALL {
        let mut contents = complete.clone();
        contents.clear(element);
        let expected: &[Element] = if element.need() == theriac_model::Need::Required { &[element] } else { &[] };
        assert_eq!(contents.missing(), expected);
        let read = Contents::from_canonical(&contents);
        let needed = !expected.is_empty() || element == Element::SignedAt;
        assert_eq!(read.is_err(), needed, "{element}");
        if let Err(missing) = read {
            assert_eq!(missing.iter().map(|m| m.element).collect::<Vec<_>>(), [element], "{element}");
        }
    }
}

/// A text that another value of the same element cannot be confused with.
fn other_value(element: Element, present: &str) -> String {
    match element {
        Element::Issued | Element::PatientBorn | Element::EarliestFill => "1999-12-31".into(),
        Element::SignedAt => "1999-12-31T00:00:00Z".into(),
        Element::PatientState | Element::PractitionerState => "NV".into(),
        Element::PatientPostal | Element::PractitionerPostal => "00501".into(),
        Element::Registration => "BX7654329".into(),
        Element::DrugNdc => "99999999999".into(),
        Element::DrugSchedule => "V".into(),
        Element::QuantityValue | Element::Refills | Element::DaysSupply => "77".into(),
        Element::QuantityUnit => "kit".into(),
        _ => format!("{present}x"),
    }
}

/// Requirements: epcs-1311.130-f-1
#[test]
fn every_single_element_change_is_named() {
    let signed = canonical(&institutional());
    for &element in Element::ALL {
        let present = signed.get(element);
        let mut changed = signed.clone();
        changed.clear(element);
        if present.is_some() {
            let found = signed.differences(&changed);
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].element, found[0].kind), (element, DifferenceKind::Missing));
        }
        changed.set(element, &other_value(element, present.unwrap_or("x123"))).expect("a value that fits");
        let kind = if present.is_some() { DifferenceKind::Changed } else { DifferenceKind::Added };
        let found = signed.differences(&changed);
        assert_eq!(found.len(), 1, "{element}");
        assert_eq!((found[0].element, found[0].kind), (element, kind));
        assert_ne!(signed.to_bytes(), changed.to_bytes(), "{element}");
    }
}

#[test]
fn damaged_bytes_are_refused_with_their_offset() {
    let bytes = canonical(&plain()).to_bytes();
    let heading = theriac_model::canonical::HEADING.len();
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");
    let check = |damaged: &str, expected: &NotCanonical| {
        assert_eq!(CanonicalContents::from_bytes(damaged.as_bytes()).as_ref(), Err(expected));
    };
    check(&text.replace("prescription/1", "prescription/2"), &NotCanonical::Heading);
    check(&text.replace("issued 10:", "issued 11:"), &NotCanonical::Damaged(heading));
    check(&text.replace("issued 10:", "issued 010:"), &NotCanonical::Damaged(heading));
    check(&text.replace("issued 10:", "issued 99999:"), &NotCanonical::Damaged(heading));
    check(&text.replace("issued 10:", "created 10:"), &NotCanonical::NotNormal(heading));
    check(&text.replace("issued 10:2026-03-02", "issued 10:2026-13-02"), &NotCanonical::NotNormal(heading));
    let twice = text.replace("issued 10:2026-03-02\n", "issued 10:2026-03-02\nissued 10:2026-03-02\n");
    check(&twice, &NotCanonical::NotNormal(heading + 21));
    for end in heading..bytes.len() {
        let cut = CanonicalContents::from_bytes(&bytes[..end]);
        assert!(cut.is_err() || cut.is_ok_and(|cut| cut.to_bytes() == bytes[..end]), "{end}");
    }
}

proptest! {
    /// Requirements: epcs-1311.130-f-1
    #[test]
    fn different_contents_never_share_bytes(a in any::<[Option<String>; 4]>(), b in any::<[Option<String>; 4]>()) {
        let build = |texts: &[Option<String>; 4]| {
            let mut contents = CanonicalContents::default();
            for (element, text) in [Element::DrugName, Element::DrugStrength, Element::Directions, Element::Note].into_iter().zip(texts) {
                let _ = contents.set(element, text.as_deref().unwrap_or_default());
            }
            contents
        };
        let (a, b) = (build(&a), build(&b));
        prop_assert_eq!(a == b, a.to_bytes() == b.to_bytes());
        prop_assert_eq!(CanonicalContents::from_bytes(&a.to_bytes()), Ok(a));
    }

    #[test]
    fn any_bytes_are_read_or_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0usize..600, byte in any::<u8>()) {
        let _ = CanonicalContents::from_bytes(&bytes);
        let mut ours = canonical(&plain()).to_bytes();
        let len = ours.len();
        ours[at % len] = byte;
        if let Ok(read) = CanonicalContents::from_bytes(&ours) {
            prop_assert_eq!(read.to_bytes(), ours);
        }
    }
}
