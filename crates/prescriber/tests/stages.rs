//! From draft to transmitted or printed: each step, and what is refused at it.

mod common;

use common::{Desk, agent, checked, contents, now, number, practitioner, ready, routing, seconds, today};
use jiff::civil::date;
use theriac_law::Profile;
use theriac_model::{Actor, CanonicalContents, Element, Refusal, Role, Schedule};
use theriac_prescriber::access_event::Standing;
use theriac_prescriber::event::Report;
use theriac_prescriber::stage::{Agreement, Reviewed, Signed};
use theriac_prescriber::statement::PROPOSED_2008;
use theriac_prescriber::{Draft, Event, Prescription};

fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>, code: &str) -> Refusal {
    let refusal = result.expect_err("refused");
    assert_eq!(refusal.code.0, code, "{refusal}");
    refusal
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    hash.as_ref().try_into().expect("32 bytes")
}

fn reviewed(contents: CanonicalContents) -> (Reviewed, Vec<Event>) {
    let (prescription, mut events) = ready(contents);
    let ready = prescription.into_ready().expect("ready");
    let screen = ready.screen(PROPOSED_2008);
    let (reviewed, event) = ready.review(&practitioner(), &screen, Agreement::Agreed, digest).expect("reviewed");
    events.push(event);
    (reviewed, events)
}

fn signed() -> (Signed, Vec<Event>) {
    let mut desk = Desk::granted();
    let (reviewed, mut events) = reviewed(contents(&[]));
    let pass = desk.pass(&[reviewed.shown()], now()).expect("two factors");
    let (signed, to_sign) = reviewed.sign(&practitioner(), &desk.signer, &pass, desk.moment(now(), 1)).expect("signed");
    assert_eq!(to_sign.bytes, to_sign.contents.to_bytes());
    events.push(to_sign.signed("00".into(), "c2ln".into(), "Y2VydA==".into()));
    (signed, events)
}

/// Requirements: epcs-1311.120-a, epcs-1306.05-f-1
#[test]
fn practitioner_or_agent_enters_and_nobody_else() {
    assert!(Draft::begin("rx-1", &agent(), routing(), contents(&[])).is_ok());
    assert!(Draft::begin("rx-1", &practitioner(), routing(), contents(&[])).is_ok());
    for &role in Role::ALL {
        let allowed = matches!(role, Role::Prescriber | Role::Agent);
        assert_eq!(Draft::begin("rx-1", &Actor::new("x", role), routing(), contents(&[])).is_ok(), allowed, "{role}");
    }
}

/// Requirements: epcs-pre-8-complete-before-send
#[test]
fn a_prescription_that_lacks_a_required_element_cannot_be_marked_ready() {
    for &element in Element::ALL {
        let mut incomplete = contents(&[]);
        incomplete.clear(element);
        let (draft, _) = Draft::begin("rx-1", &agent(), routing(), incomplete).expect("drafted");
        let marked = draft.mark_ready(&agent(), &Profile::strictest(), today());
        let needed = element.need() == theriac_model::Need::Required || element == Element::DrugSchedule;
        assert_eq!(marked.is_err(), needed, "{element}");
        if let Err(refusal) = marked {
            assert_eq!(refusal.field.as_deref(), Some(element.tag()));
        }
    }
}

/// 21 CFR 1306.12(a), 1306.22(a): what the law leaves of the refills written is the limit.
#[test]
fn more_refills_than_the_law_leaves_cannot_be_marked_ready() {
    let check = |schedule: &str, refills: &str, code: Option<&str>| {
        let written = contents(&[(Element::DrugSchedule, schedule), (Element::Refills, refills)]);
        let (draft, _) = Draft::begin("rx-1", &agent(), routing(), written).expect("drafted");
        let marked = draft.mark_ready(&agent(), &Profile::strictest(), today());
        assert_eq!(marked.err().map(|refusal| refusal.code.0), code, "{schedule} {refills}");
    };
    check("II", "0", None);
    check("II", "1", Some("RX-DRAFT-REFILLS"));
    check("III", "5", None);
    check("III", "6", Some("RX-DRAFT-REFILLS"));
    check("IV", "5", None);
    check("IV", "6", Some("RX-DRAFT-REFILLS"));
}

/// Requirements: epcs-1311.120-b, epcs-1311.125-b-1
#[test]
fn the_review_shows_every_element_with_the_statement() {
    let (prescription, _) = ready(contents(&[]));
    let ready = prescription.into_ready().expect("ready");
    let screen = ready.screen(PROPOSED_2008);
    for needed in [
        Element::PatientLast,
        Element::PatientFirst,
        Element::PatientLine1,
        Element::DrugName,
        Element::DrugStrength,
        Element::DrugForm,
        Element::QuantityValue,
        Element::Directions,
        Element::Registration,
    ] {
        assert!(screen.items.iter().any(|(element, _)| *element == needed), "{needed}");
    }
    assert_eq!(screen.statement, PROPOSED_2008);
}

/// Requirements: epcs-1311.125-b-3, epcs-1311.125-b-4
#[test]
fn without_agreement_to_the_statement_nothing_is_signed() {
    let (prescription, _) = ready(contents(&[]));
    let ready = prescription.into_ready().expect("ready");
    let screen = ready.screen(PROPOSED_2008);
    let (ready, refusal) =
        ready.review(&practitioner(), &screen, Agreement::NotGiven, digest).expect_err("no agreement");
    assert_eq!(refusal.code.0, "RX-SIGN-NOT-AGREED");
    let (_, refusal) = ready.review(&agent(), &screen, Agreement::Agreed, digest).expect_err("an agent");
    assert_eq!(refusal.code.0, "RX-SIGN-NOT-REGISTRANT");
    let (prescription, _) = common::ready(contents(&[]));
    refused(prescription.into_reviewed(), "RX-STAGE");
}

/// Requirements: epcs-1311.125-a-1, epcs-1311.125-d-1, epcs-1311.125-d-2
#[test]
fn only_the_registrant_who_has_just_confirmed_exactly_this_signs() {
    let mut desk = Desk::granted();
    let (mine, _) = reviewed(contents(&[]));
    let shown = mine.shown();
    let other = reviewed(contents(&[(Element::QuantityValue, "90")])).0.shown();
    let check =
        |desk: &mut Desk, mine: Reviewed, by: &Actor, subjects: &[[u8; 32]], late: i64, code: &str| -> Reviewed {
            let pass = desk.pass(subjects, now()).expect("two factors");
            let (back, refusal) =
                mine.sign(by, &desk.signer, &pass, desk.moment(now() + seconds(late), 1)).expect_err("refused");
            assert_eq!(refusal.code.0, code, "{refusal}");
            *back
        };
    let mine = check(&mut desk, mine, &agent(), &[shown], 0, "RX-SIGN-NOT-REGISTRANT");
    let mine = check(&mut desk, mine, &Actor::new("other", Role::Prescriber), &[shown], 0, "RX-SIGN-NOT-REGISTRANT");
    let mine = check(&mut desk, mine, &practitioner(), &[other], 0, "PKI-PASS-OTHER-CONTENT");
    let mine = check(&mut desk, mine, &practitioner(), &[shown], 121, "PKI-PASS-LAPSED");
    let pass = desk.pass(&[shown, other], now()).expect("two factors");
    assert!(mine.sign(&practitioner(), &desk.signer, &pass, desk.moment(now() + seconds(120), 1)).is_ok());
}

/// Requirements: epcs-1311.125-c
#[test]
fn without_a_valid_registration_for_the_schedule_nothing_is_signed() {
    let check = |change: &dyn Fn(&mut theriac_prescriber::access_event::Checked)| {
        let mut checked = checked();
        change(&mut checked);
        let mut desk = Desk::with(checked);
        let (mine, _) = reviewed(contents(&[]));
        let pass = desk.pass(&[mine.shown()], now()).expect("two factors");
        let signed = mine.sign(&practitioner(), &desk.signer, &pass, desk.moment(now(), 1));
        signed.map(|_| ()).map_err(|(_, refusal)| refusal)
    };
    assert_eq!(check(&|_| ()), Ok(()));
    for standing in [Standing::Expired, Standing::Suspended, Standing::Revoked] {
        assert!(check(&|checked| checked.standing = standing).is_err(), "{standing:?}");
    }
    assert!(check(&|checked| checked.schedules = vec![Schedule::III, Schedule::IV, Schedule::V]).is_err());
    assert!(check(&|checked| checked.state_schedules = vec![Schedule::III]).is_err());
}

/// Requirements: epcs-1306.05-a-1
#[test]
fn a_prescription_is_signed_on_the_day_it_is_dated() {
    let mut desk = Desk::granted();
    let (mine, _) = reviewed(contents(&[(Element::Issued, "2026-03-01")]));
    let pass = desk.pass(&[mine.shown()], now()).expect("two factors");
    let (_, refusal) = mine.sign(&practitioner(), &desk.signer, &pass, desk.moment(now(), 1)).expect_err("another day");
    assert!(refusal.cite.as_str().contains("1306.05"), "{refusal}");
}

/// In force, 21 CFR 1311.140(a)(3): one signing act covers one patient.
#[test]
fn one_signing_act_covers_one_patient() {
    let mut desk = Desk::granted();
    let (mine, _) = reviewed(contents(&[]));
    let pass = desk.pass(&[mine.shown()], now()).expect("two factors");
    let (_, refusal) =
        mine.sign(&practitioner(), &desk.signer, &pass, desk.moment(now(), 2)).expect_err("two patients");
    assert!(refusal.cite.as_str().contains("1311"), "{refusal}");
}

/// Requirements: epcs-1311.115-b-5
#[test]
fn what_is_signed_holds_the_instant_of_signing() {
    let (signed, events) = signed();
    assert_eq!(signed.contents().get(Element::SignedAt), Some("2026-03-02T16:00:00Z"));
    let replayed = Prescription::replay("rx-1", &events).expect("a history");
    assert_eq!(replayed, Prescription::Signed(signed));
}

/// Requirements: epcs-1311.130-b, epcs-1311.130-c
#[test]
fn transmitted_is_never_printed_and_printed_never_transmitted() {
    let (one, events) = signed();
    let history = |event: Event| {
        let mut events = events.clone();
        events.push(event);
        Prescription::replay("rx-1", &events).expect("a history")
    };
    let sent = history(one.clone().transmit("m-1".into(), "00".into()).1);
    refused(sent.clone().into_printable(), "RX-PRINT-TRANSMITTED");
    refused(sent.into_transmittable(), "RX-TRANSMIT-TWICE");
    let printed = history(one.print(&practitioner()).1);
    refused(printed.clone().into_transmittable(), "RX-TRANSMIT-PRINTED");
    refused(printed.into_printable(), "RX-STAGE");
}

/// Requirements: epcs-pre-8-no-send-unsigned
#[test]
fn nothing_is_sent_before_it_is_signed() {
    let (ready, _) = ready(contents(&[]));
    refused(ready.into_transmittable(), "RX-STAGE");
    let (mine, events) = reviewed(contents(&[]));
    drop(mine);
    refused(Prescription::replay("rx-1", &events).expect("a history").into_transmittable(), "RX-STAGE");
}

/// Requirements: epcs-1311.120-c-1
#[test]
fn a_change_takes_the_ready_mark_and_the_review_away() {
    let (mine, mut events) = reviewed(contents(&[]));
    let (_, event) = mine.change(&agent(), contents(&[(Element::QuantityValue, "20")])).expect("changed");
    events.push(event);
    let now = Prescription::replay("rx-1", &events).expect("a history");
    assert_eq!(now.stage(), "draft");
    assert_eq!(now.contents().get(Element::QuantityValue), Some("20"));
    refused(now.clone().into_reviewed(), "RX-STAGE");
    refused(now.into_ready(), "RX-STAGE");
}

#[test]
fn answers_are_kept_and_a_failed_transmission_voids() {
    let (one, mut events) = signed();
    let (sent, event) = one.transmit("m-1".into(), "00".into());
    events.push(event);
    events.push(sent.report(Report::Accepted, "000".into(), "11".into()));
    assert_eq!(Prescription::replay("rx-1", &events).expect("a history").stage(), "accepted");
    events.push(sent.failed("no route".into()));
    let void = Prescription::replay("rx-1", &events).expect("a history");
    assert_eq!(void.stage(), "failed");
    refused(void.into_transmittable(), "RX-STAGE");
}

#[test]
fn records_out_of_order_are_a_broken_history() {
    let (_, events) = signed();
    for n in 1..events.len() {
        let mut without = events.clone();
        without.remove(n);
        let broken = Prescription::replay("rx-1", &without);
        let last = n == events.len() - 1;
        assert_eq!(broken.is_ok(), last, "without {}", events[n].kind());
    }
    assert!(Prescription::replay("rx-1", &[]).is_err());
    assert!(Prescription::replay("rx-1", &events[1..]).is_err());
}

/// What is stored is read back as it was; a member that is absent is named.
#[test]
fn every_record_is_read_back() {
    let (one, mut events) = signed();
    events.push(Event::Changed { by: agent(), contents: contents(&[]) });
    events.push(one.clone().transmit("m-1".into(), "00".into()).1);
    events.push(one.clone().print(&practitioner()).1);
    events.push(one.void(&practitioner(), "mistake".into()));
    events.push(Event::TransmissionFailed { reason: "no route".into() });
    for report in [Report::Delivered, Report::Accepted, Report::Rejected, Report::Filled, Report::PartlyFilled] {
        events.push(Event::Reported { report, answer: "000".into(), archived: "11".into() });
    }
    for event in events {
        let body = event.body();
        assert_eq!(Event::read(event.kind(), &body), Ok(event.clone()));
        for field in body.as_object().expect("an object").keys() {
            let mut without = body.clone();
            without.as_object_mut().expect("an object").remove(field);
            assert!(Event::read(event.kind(), &without).is_err(), "{} without {field}", event.kind());
        }
    }
    assert_eq!(number().as_str(), "AB1234563");
    assert_eq!(date(2026, 3, 2), today());
}

/// Requirements: epcs-1311.150-a-1
#[test]
fn without_an_audit_on_file_nobody_is_cleared_to_sign_and_with_a_favourable_one_the_practitioner_signs() {
    assert_eq!(common::clearance(vec![]).expect_err("no audit").code.0, "RX-AUDIT-NONE");
    let mut desk = Desk::granted();
    desk.clearance = common::clearance(vec![common::audit_report()]).expect("cleared");
    let (mine, _) = reviewed(contents(&[]));
    let pass = desk.pass(&[mine.shown()], now()).expect("two factors");
    // A clearance serves the practitioner it was given to, on its day.
    let tomorrow = today().tomorrow().expect("a day");
    let cleared = desk.clearance.clone();
    desk.clearance = common::clearance_of(tomorrow, vec![common::audit_report()]).expect("cleared");
    let (mine, refusal) =
        mine.sign(&practitioner(), &desk.signer, &pass, desk.moment(now(), 1)).expect_err("another day's");
    assert_eq!(refusal.code.0, "RX-SIGN-NOT-CLEARED", "{refusal}");
    desk.clearance = cleared;
    assert_eq!(desk.clearance.covers("reed", today()).expect_err("somebody else").code.0, "RX-SIGN-NOT-CLEARED");
    let yesterday = today().yesterday().expect("a day");
    assert_eq!(desk.clearance.covers("brook", yesterday).expect_err("another day").code.0, "RX-SIGN-NOT-CLEARED");
    assert!(mine.sign(&practitioner(), &desk.signer, &pass, desk.moment(now(), 1)).is_ok());
}
