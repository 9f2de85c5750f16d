//! Receiving: what is accepted, what is rejected, and what goes back.

mod common;
use common::{RX, Rx, accepted, arrived, at, contents, number, profile, signed};
use jiff::civil::date;
use theriac_law::Profile;
use theriac_law::vocab::{Compliance, Status};
use theriac_model::{CanonicalContents, Edition, Element, Refusal, Schedule};
use theriac_pharmacy::{
    Activity, Arrived, DeaNumbers, DrugFile, Event, Intake, ReplyCode, SignatureCheck, Signed, SignedIndication, Twin,
    receive,
};

/// The codes of the refusals with their fields, and the reply; `accepted` when there is none.
fn verdict(profile: &Profile, arrived: Arrived) -> (String, ReplyCode) {
    match receive(profile, arrived) {
        Intake::Accepted(events) => {
            assert!(matches!(events[..], [Event::Received(_)]));
            ("accepted".to_owned(), ReplyCode::Accepted)
        }
        Intake::Rejected { events, refusals, reply } => {
            let [Event::Rejected(record)] = &events[..] else { panic!("one record of the rejection") };
            assert_eq!(record.refusals.len(), refusals.len());
            for refusal in &refusals {
                assert!(!refusal.cite.as_str().is_empty() && !refusal.next.is_empty(), "{refusal}");
            }
            let said = |refusal: &Refusal| match &refusal.field {
                Some(field) => format!("{} {field}", refusal.code),
                None => refusal.code.to_string(),
            };
            (refusals.iter().map(said).collect::<Vec<_>>().join("; "), reply)
        }
    }
}

fn check(change: impl FnOnce(&mut Arrived), expected: &str) {
    let mut message = arrived(&RX);
    change(&mut message);
    let (found, reply) = verdict(&profile(), message);
    assert_eq!(found, expected);
    assert_eq!(reply == ReplyCode::Accepted, expected == "accepted");
}

fn set(contents: &mut CanonicalContents, element: Element, value: &str) {
    contents.clear(element);
    contents.set(element, value).expect("a value that fits");
}

/// Both what was signed and what arrived lack it: nothing was altered on the way.
fn without(element: Element) -> impl FnOnce(&mut Arrived) {
    move |message| {
        message.contents.clear(element);
        let mut signed = signed(&RX);
        signed.clear(element);
        message.signature = verified(signed);
    }
}

fn verified(signed: CanonicalContents) -> SignatureCheck {
    SignatureCheck::Verified { signed: Box::new(signed), subject: "CN=Test Practice".to_owned() }
}

#[test]
fn a_message_with_nothing_wrong_becomes_a_prescription_with_all_it_said_and_all_that_was_checked() {
    let mut message = arrived(&RX);
    let registration = "AB1234563-N-0042";
    set(&mut message.contents, Element::Registration, registration);
    let mut signed = signed(&RX);
    set(&mut signed, Element::Registration, registration);
    message.signature = verified(signed);
    message.registrant.found.as_mut().expect("a row").activity = Activity::Institution;
    let [Event::Received(received)] = &accepted(message.clone())[..] else { panic!("one event") };
    assert_eq!(received.contents.get(Element::Registration), Some(registration));
    assert_eq!(received.contents.get(Element::SignedAt), Some("2026-03-02T19:00:00Z"));
    assert_eq!(received.archive, message.archive);
    assert_eq!(received.message(), Some(&message.message));
    assert_eq!(received.registrant, message.registrant);
    assert_eq!(received.signed, Signed::Verified { subject: "CN=Test Practice".to_owned() });
    assert_eq!(received.law.profile, "strictest");
    assert!(!received.law.rules.is_empty());
    assert_eq!(received.duties, []);
}

/// Requirements: epcs-1311.165-b, epcs-1311.165-c-1, epcs-1306.11-a-1
#[test]
fn a_message_without_signature_counts_only_when_it_indicates_one() {
    check(|message| message.signature = SignatureCheck::NoSignature, "accepted");
    let two = Rx { schedule: Schedule::II, refills: 0, ..RX };
    let mut unsigned = arrived(&two);
    unsigned.signature = SignatureCheck::NoSignature;
    assert_eq!(verdict(&profile(), unsigned.clone()).0, "accepted");
    unsigned.indication = SignedIndication::Absent;
    assert_eq!(verdict(&profile(), unsigned).0, "LAW-1306.05-UNSIGNED signature");
    // With our signature the indication adds nothing.
    check(|message| message.indication = SignedIndication::Absent, "accepted");
}

#[test]
fn the_time_of_signing_of_another_systems_message_is_the_time_it_says_it_was_sent() {
    let mut message = arrived(&RX);
    message.signature = SignatureCheck::NoSignature;
    let [Event::Received(received)] = &accepted(message)[..] else { panic!("one event") };
    assert_eq!(received.contents.get(Element::SignedAt), Some("2026-03-02T19:00:30Z"));
    assert_eq!(received.signed, Signed::Indicated);
    // Sent days after it was written: the day of signing is not known, so it is not held against it.
    check(
        |message| {
            message.signature = SignatureCheck::NoSignature;
            message.message.sent = Some("2026-03-05T10:00:00Z".parse().expect("an instant"));
        },
        "accepted",
    );
}

/// Requirements: epcs-1306.08-d
#[test]
fn every_single_element_that_changed_vanished_or_was_added_on_the_way_is_named() {
    for (element, _) in signed(&RX).iter() {
        if element == Element::SignedAt {
            continue;
        }
        let mut message = arrived(&RX);
        message.contents.clear(element);
        let (found, reply) = verdict(&profile(), message);
        let named = format!("LAW-1306.08-ALTERED {element}");
        assert!(found.split("; ").any(|refusal| refusal == named), "{element}: {found}");
        assert_eq!(reply, if found.starts_with("PHARM") { reply } else { ReplyCode::NotHonoured });
    }
    let altered = |element: Element, value: &'static str| {
        let mut message = arrived(&RX);
        set(&mut message.contents, element, value);
        let Intake::Rejected { refusals, .. } = receive(&profile(), message) else { panic!("accepted") };
        let [refusal] = &refusals[..] else { panic!("one refusal: {refusals:?}") };
        (refusal.field.as_deref().unwrap_or_default().to_owned(), refusal.what.to_string())
    };
    let of = |tag: &str, word: &str| (tag.to_owned(), format!("{tag} is {word} against what was signed"));
    assert_eq!(altered(Element::DrugStrength, "80 mg"), of("drug.strength", "changed"));
    assert_eq!(altered(Element::QuantityValue, "300"), of("quantity.value", "changed"));
    assert_eq!(altered(Element::PatientLine2, "Apartment 9"), of("patient.address.line2", "added"));
}

#[test]
fn a_refusal_for_alteration_never_shows_what_stood_there() {
    let mut message = arrived(&RX);
    set(&mut message.contents, Element::PatientLast, "Somebodyelse");
    let Intake::Rejected { refusals, .. } = receive(&profile(), message) else { panic!("accepted") };
    let text: String = refusals.iter().map(ToString::to_string).collect();
    assert!(!text.contains("Somebodyelse") && !text.contains("Sample"), "{text}");
}

/// Requirements: epcs-1311.165-c-3, pharm-rx-patient-and-prescriber
#[test]
fn each_required_element_that_is_absent_is_named() {
    for element in contents(&RX).missing_when_cleared() {
        let mut message = arrived(&RX);
        without(element)(&mut message);
        let (found, reply) = verdict(&profile(), message);
        assert!(found.contains(&format!("LAW-1306.05-MISSING {element}")), "{element}: {found}");
        assert_ne!(reply, ReplyCode::Accepted);
    }
}

trait Required {
    fn missing_when_cleared(&self) -> Vec<Element>;
}

impl Required for CanonicalContents {
    fn missing_when_cleared(&self) -> Vec<Element> {
        CanonicalContents::default().missing()
    }
}

#[test]
fn gamma_hydroxybutyric_acid_needs_the_medical_need_on_its_face() {
    let oxybate = |note: Option<&'static str>| {
        move |message: &mut Arrived| {
            let mut signed = signed(&RX);
            for contents in [&mut message.contents, &mut signed] {
                set(contents, Element::DrugName, "Sodium oxybate");
                if let Some(note) = note {
                    set(contents, Element::Note, note);
                }
            }
            message.signature = verified(signed);
        }
    };
    check(oxybate(None), "LAW-1306.05-MISSING note");
    check(oxybate(Some("for cataplexy in narcolepsy")), "accepted");
}

/// Requirements: pharm-rx-hospital-registration
#[test]
fn an_institutions_number_needs_the_internal_code() {
    let institution = |message: &mut Arrived| {
        message.registrant.found.as_mut().expect("a row").activity = Activity::Institution;
    };
    check(institution, "LAW-1306.05-MISSING practitioner.registration.internal-code");
}

/// Requirements: epcs-1311.165-a-1, epcs-1311.165-c-2, pharm-rx-verify-registration, epcs-1311.175-b
#[test]
fn the_registration_was_valid_at_signing_and_covers_the_schedule() {
    let row = |change: fn(&mut theriac_pharmacy::Registrant)| {
        move |message: &mut Arrived| change(message.registrant.found.as_mut().expect("a row"))
    };
    check(row(|row| row.expires = Some(date(2026, 3, 3))), "accepted");
    check(row(|row| row.expires = Some(date(2026, 3, 2))), "accepted");
    let invalid = "LAW-1306.03-REGISTRATION practitioner.registration";
    check(row(|row| row.expires = Some(date(2026, 3, 1))), invalid);
    for status in [Status::Expired, Status::Suspended, Status::Revoked] {
        let mut message = arrived(&RX);
        message.registrant.found.as_mut().expect("a row").status = status;
        let (found, reply) = verdict(&profile(), message);
        assert_eq!((found.as_str(), reply), (invalid, ReplyCode::NotHonoured), "{status}");
    }
    check(row(|row| row.schedules = vec![Schedule::IV]), "accepted");
    check(
        row(|row| row.schedules = vec![Schedule::II, Schedule::III, Schedule::V]),
        "LAW-1306.03-SCHEDULE practitioner.registration",
    );
    check(|message| message.registrant.found = None, "LAW-1306.03-REGISTRATION practitioner.registration");
}

/// Requirements: epcs-1311.165-a-3
#[test]
fn registrant_data_serve_for_seven_days() {
    check(|message| message.registrant.age_days = 6, "accepted");
    check(|message| message.registrant.age_days = 7, "accepted");
    let mut stale = arrived(&RX);
    stale.registrant.age_days = 8;
    let Intake::Rejected { refusals, .. } = receive(&profile(), stale.clone()) else { panic!("accepted") };
    assert_eq!(refusals[0].code.0, "LAW-1311.165-REGISTRY");
    assert_eq!(refusals[0].edition, Edition::Proposed2008);
    assert!(refusals[0].what.contains("only the proposal of 2008"), "{}", refusals[0]);
    assert_eq!(verdict(&Profile::in_force(), stale).0, "accepted");
}

#[test]
fn a_prescription_is_dated_as_of_the_day_on_which_it_is_signed() {
    let signed_at = |instant: &'static str| {
        move |message: &mut Arrived| {
            let mut signed = signed(&RX);
            set(&mut signed, Element::SignedAt, instant);
            message.signature = verified(signed);
            message.received = at("2026-03-04T12:00:00-07:00");
        }
    };
    // 2 March in Arizona, where it is still that day until 07:00 UTC.
    check(signed_at("2026-03-03T06:59:59Z"), "accepted");
    // Still 2 March at UTC-11, nowhere after.
    check(signed_at("2026-03-03T10:59:59Z"), "accepted");
    let misdated = "LAW-1306.05-DATE issued";
    check(signed_at("2026-03-03T11:00:00Z"), misdated);
    // 2 March begins at UTC+10 at 14:00 UTC of the day before.
    check(signed_at("2026-03-01T14:00:00Z"), "accepted");
    check(signed_at("2026-03-01T13:59:59Z"), misdated);
}

/// Requirements: pharm-rx-issue-date-and-signature
#[test]
fn undated_unsigned_and_future_dated_prescriptions_are_each_refused_for_their_own_reason() {
    check(without(Element::Issued), "LAW-1306.05-MISSING issued");
    check(
        |message| {
            message.signature = SignatureCheck::NoSignature;
            message.indication = SignedIndication::Absent;
        },
        "LAW-1306.05-UNSIGNED signature",
    );
    let tomorrow = Rx { issued: "2026-03-03", ..RX };
    let mut message = arrived(&tomorrow);
    message.received = at("2026-03-02T12:01:00-07:00");
    let found = verdict(&profile(), message).0;
    assert_eq!(found, "LAW-1306.05-DATE issued");
}

/// Requirements: epcs-1311.175-b
#[test]
fn a_rejected_message_is_no_prescription_and_cannot_become_one() {
    let mut message = arrived(&RX);
    message.registrant.found = None;
    let Intake::Rejected { events, .. } = receive(&profile(), message) else { panic!("accepted") };
    assert!(theriac_pharmacy::Prescription::replay(&events).is_err());
    let mut accepted = theriac_pharmacy::Prescription::replay(&accepted(arrived(&RX))).expect("consistent");
    assert!(accepted.apply(&events[0]).is_err());
}

/// Requirements: epcs-pre-10-send-once
#[test]
fn a_twin_is_rejected_and_linked_to_the_first() {
    for twin in [Twin::SameBytes(number("RX099999")), Twin::SameOrder(number("RX099999"))] {
        let mut message = arrived(&RX);
        message.twin = twin;
        let Intake::Rejected { events, refusals, reply } = receive(&profile(), message) else { panic!("accepted") };
        let [Event::Rejected(record)] = &events[..] else { panic!("one record") };
        assert_eq!(record.twin, Some(number("RX099999")));
        assert_eq!(refusals.len(), 1);
        assert!(refusals[0].what.contains("RX099999"));
        assert_eq!((reply, reply.code(), reply.description_code()), (ReplyCode::Duplicate, "900", Some("220")));
    }
}

#[test]
fn one_practitioners_number_and_applications_that_meet_the_rules() {
    check(|message| message.dea_numbers = DeaNumbers::Several(2), "LAW-1311.115-NUMBERS practitioner.registration");
    check(
        |message| message.systems.prescriber = Compliance::NonCompliant,
        "LAW-1311.100-APPLICATION electronic.prescriber_software",
    );
    check(
        |message| message.systems.pharmacy = Compliance::NonCompliant,
        "LAW-1311.175-PHARMACY electronic.pharmacy_system",
    );
}

#[test]
fn the_drug_file_decides_the_schedule_and_a_difference_is_asked_about() {
    check(|message| message.drug = DrugFile::Unknown, "accepted");
    check(|message| message.drug = DrugFile::Scheduled(Schedule::III), "PHARM-SCHEDULE-DIFFERS drug.schedule");
    check(|message| message.drug = DrugFile::NotControlled, "PHARM-NOT-CONTROLLED drug.schedule");
    check(
        |message| {
            without(Element::DrugSchedule)(message);
            message.drug = DrugFile::Unknown;
        },
        "PHARM-SCHEDULE-UNKNOWN drug.schedule",
    );
    check(without(Element::DrugSchedule), "accepted");
}

#[test]
fn half_a_tablet_cannot_be_counted() {
    let half = Rx { quantity: "7.5", ..RX };
    let (found, reply) = verdict(&profile(), arrived(&half));
    assert_eq!((found.as_str(), reply), ("PHARM-QUANTITY quantity.value", ReplyCode::Faulty));
    let liquid = Rx { quantity: "7.5", unit: "mL", ..RX };
    assert_eq!(verdict(&profile(), arrived(&liquid)).0, "accepted");
}

/// Every refusal that applies is there, in the documented order; the first decides the reply.
#[test]
fn a_message_with_many_faults_hears_of_all_of_them_in_the_documented_order() {
    let unreadable = Refusal::new("WIRE-DATE", "21 CFR 1306.05(a)", "the date cannot be read", "send a date");
    let unverified = Refusal::new("PKI-SIGNATURE", "21 CFR 1311.205", "the signature does not verify", "sign again");
    let mut message = arrived(&RX);
    message.twin = Twin::SameOrder(number("RX000009"));
    message.problems = vec![unreadable];
    message.signature = SignatureCheck::Failed(unverified);
    message.drug = DrugFile::Scheduled(Schedule::II);
    message.contents.clear(Element::Directions);
    message.contents.clear(Element::PatientCity);
    message.dea_numbers = DeaNumbers::Several(3);
    message.registrant.age_days = 30;
    let row = message.registrant.found.as_mut().expect("a row");
    row.status = Status::Revoked;
    row.schedules = vec![Schedule::V];
    let (found, reply) = verdict(&profile(), message);
    let expected = [
        "PHARM-TWIN message.order-number",
        "WIRE-DATE",
        "PKI-SIGNATURE",
        "PHARM-SCHEDULE-DIFFERS drug.schedule",
        "LAW-1311.115-NUMBERS practitioner.registration",
        "LAW-1306.05-MISSING patient.address.city",
        "LAW-1306.05-MISSING directions",
        "LAW-1311.165-REGISTRY registrant-data",
        "LAW-1306.03-REGISTRATION practitioner.registration",
        "LAW-1306.03-SCHEDULE practitioner.registration",
    ];
    assert_eq!(found.split("; ").collect::<Vec<_>>(), expected);
    assert_eq!(reply, ReplyCode::Duplicate);
}

#[test]
fn an_empty_message_is_rejected_and_nothing_panics() {
    let mut message = arrived(&RX);
    message.contents = CanonicalContents::default();
    message.signature = SignatureCheck::NoSignature;
    message.indication = SignedIndication::Absent;
    message.message.sent = None;
    message.registrant.found = None;
    message.drug = DrugFile::Unknown;
    let (found, reply) = verdict(&profile(), message);
    assert!(found.starts_with("PHARM-SCHEDULE-UNKNOWN"), "{found}");
    assert!(found.contains("LAW-1306.05-MISSING signed-at"), "{found}");
    assert_eq!(reply, ReplyCode::NotHonoured);
}
