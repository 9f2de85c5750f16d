//! Tokens of a person: one registration each, spare, loss, and a new one after two recognised the person.

mod common;

use common::{
    Case, az, check_of, contact_of, controller, grantor, new_token, now, number, nv, operator, place, practitioner,
    row, seconds, today,
};
use theriac_model::{Actor, DeaNumber, Refusal, RegistrantRow, Registration, Role};
use theriac_prescriber::enrolment::{Intended, Stage};
use theriac_prescriber::proofing::CheckKind;
use theriac_prescriber::token::{NewToken, Timeliness};
use theriac_prescriber::token_event::{Loss, LossKind, TokenEvent};
use theriac_prescriber::{AccessEvent, Signer};

fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>, code: &str) {
    assert_eq!(result.expect_err("refused").code.0, code);
}

fn all_refused<T: std::fmt::Debug>(result: Result<T, Vec<Refusal>>, expected: &[&str]) {
    assert_eq!(common::codes(&result.expect_err("refused")), expected);
}

fn bind(case: &Case, signer: &mut Signer, token: &NewToken) -> Result<(), Vec<Refusal>> {
    let bound = signer.bind(token, &controller("ben"), &[], &case.review(signer))?;
    signer.apply(&bound);
    Ok(())
}

fn loss(kind: LossKind, serial: Option<&str>) -> Loss {
    Loss {
        kind,
        serial: serial.map(str::to_owned),
        discovered: now(),
        reported: now(),
        channel: "telephone".into(),
        by: practitioner(),
    }
}

fn lose(signer: &mut Signer, loss: Loss) -> Vec<AccessEvent> {
    let events = signer.report_loss(loss).expect("taken");
    for event in &events {
        signer.apply(event);
    }
    events
}

/// Practises in two States under two registrations, with both on one device.
fn two_states() -> (Case, Signer, Registration) {
    let second = DeaNumber::compose(*b"FB", 777).expect("a DEA number");
    let mut case = Case::default();
    case.application.intends.push(Intended { state: nv(), registration: Registration::Own(second) });
    case.document.as_mut().expect("a document").places.push(place("NV", second));
    case.data = case.data.with(RegistrantRow { state: "NV".into(), ..row(second, "BROOK, ALEX") });
    case.checks.push(check_of(CheckKind::Licence, nv()));
    case.contacts.push(contact_of(second));
    let mut signer = case.granted();
    let second = Registration::Own(second);
    bind(&case, &mut signer, &new_token("t-az", "S-1")).expect("bound");
    bind(&case, &mut signer, &NewToken { registration: second.clone(), ..new_token("t-nv", "S-1") }).expect("bound");
    (case, signer, second)
}

/// Two registrations on one token: each credential signs only its own; revoking one leaves the other; losing the device
/// ends both.
///
/// Requirements: epcs-1311.110-d-2, epcs-1311.110-d-1
#[test]
fn two_registrations_on_one_device_are_two_credentials() {
    let (_, mut signer, second) = two_states();
    let own = Registration::Own(number());
    assert!(signer.may_sign(&own, "t-az", today()).is_ok());
    assert!(signer.may_sign(&second, "t-nv", today()).is_ok());
    refused(signer.may_sign(&second, "t-az", today()), "RX-TOKEN-UNKNOWN");
    refused(signer.may_sign(&own, "t-nv", today()), "RX-TOKEN-UNKNOWN");
    let mut narrowed = signer.clone();
    narrowed.apply(&AccessEvent::CredentialRevoked {
        credential: "t-nv".into(),
        reason: "moved".into(),
        by: operator(),
    });
    assert!(narrowed.may_sign(&own, "t-az", today()).is_ok());
    refused(narrowed.may_sign(&second, "t-nv", today()), "RX-TOKEN-REVOKED");
    assert_eq!(lose(&mut signer, loss(LossKind::Lost, Some("S-1"))).len(), 3, "the report and two revocations");
    refused(signer.may_sign(&own, "t-az", today()), "RX-TOKEN-REVOKED");
    refused(signer.may_sign(&second, "t-nv", today()), "RX-TOKEN-REVOKED");
}

/// A loss ends the token in the act that reports it; the report says when, how and by whom.
///
/// Requirements: epcs-1311.135-a
#[test]
fn a_reported_loss_ends_the_token_at_once() {
    for by in [practitioner(), Actor::new("brook", Role::Agent), operator(), controller("ada")] {
        let case = Case::default();
        let mut signer = Case::default().granted();
        bind(&case, &mut signer, &new_token("t-1", "S-1")).expect("bound");
        let reported = Loss { by: by.clone(), ..loss(LossKind::Stolen, Some("S-1")) };
        let events = lose(&mut signer, reported.clone());
        assert_eq!(events[0], AccessEvent::Token(TokenEvent::Lost(reported)));
        assert!(
            matches!(&events[1], AccessEvent::CredentialRevoked { credential, by: who, .. } if credential == "t-1" && *who == by)
        );
        refused(signer.may_sign(&Registration::Own(number()), "t-1", today()), "RX-TOKEN-REVOKED");
        assert_eq!(signer.stage(today()), Stage::Revoked);
    }
    let case = Case::default();
    let mut signer = Case::default().granted();
    bind(&case, &mut signer, &new_token("t-1", "S-1")).expect("bound");
    let by = Actor::new("quill", Role::Agent);
    refused(signer.report_loss(Loss { by, ..loss(LossKind::Lost, None) }), "RX-TOKEN-REPORTER");
    refused(signer.report_loss(loss(LossKind::Lost, Some("S-9"))), "RX-TOKEN-UNKNOWN");
    let ahead = Loss { discovered: now() + seconds(1), ..loss(LossKind::Lost, None) };
    refused(signer.report_loss(ahead), "RX-TOKEN-DISCOVERED");
}

/// A dead, locked or otherwise unreachable token is revoked like a lost one, not parked.
///
/// Requirements: epcs-pre-8-1-revoke-inaccessible
#[test]
fn a_token_that_cannot_be_reached_any_more_is_revoked() {
    for &kind in LossKind::ALL {
        let case = Case::default();
        let mut signer = Case::default().granted();
        bind(&case, &mut signer, &new_token("t-1", "S-1")).expect("bound");
        lose(&mut signer, loss(kind, Some("S-1")));
        refused(signer.may_sign(&Registration::Own(number()), "t-1", today()), "RX-TOKEN-REVOKED");
        all_refused(bind(&case, &mut signer, &new_token("t-2", "S-1")), &["RX-TOKEN-WAS-LOST", "RX-TOKEN-RECOVERY"]);
    }
}

/// Twelve hours after the discovery are still in time (1311.155(c)).
///
/// Requirements: epcs-1311.155-c
#[test]
fn a_loss_is_reported_in_time_within_twelve_hours() {
    let case = Case::default();
    let at = |seconds_after| Loss { reported: now() + seconds(seconds_after), ..loss(LossKind::Lost, None) };
    for (after, expected) in [
        (11 * 3_600, Timeliness::InTime),
        (12 * 3_600, Timeliness::InTime),
        (12 * 3_600 + 1, Timeliness::Late),
        (13 * 3_600, Timeliness::Late),
    ] {
        let mut signer = Case::default().granted();
        bind(&case, &mut signer, &new_token("t-1", "S-1")).expect("bound");
        assert_eq!(at(after).timeliness(&case.rules()), expected, "{after}");
        assert_eq!(lose(&mut signer, at(after)).len(), 2, "late or not, the token ends");
    }
    let in_force = Case { profile: theriac_law::Profile::named("in-force").expect("a profile"), ..Case::default() };
    assert_eq!(at(13 * 3_600).timeliness(&in_force.rules()), Timeliness::NotInHours);
}

/// With a spare from the first day, a loss stops nobody; the lost one stays revoked.
#[test]
fn a_spare_works_when_the_other_is_lost() {
    let case = Case::default();
    let mut signer = Case::default().granted();
    let own = Registration::Own(number());
    bind(&case, &mut signer, &new_token("t-1", "S-1")).expect("bound");
    assert_eq!(signer.usable_tokens(&own, today()), 1);
    bind(&case, &mut signer, &new_token("t-2", "S-2")).expect("the spare is bound");
    assert_eq!(signer.usable_tokens(&own, today()), 2);
    lose(&mut signer, loss(LossKind::Lost, Some("S-1")));
    assert_eq!(signer.usable_tokens(&own, today()), 1);
    refused(signer.may_sign(&own, "t-1", today()), "RX-TOKEN-REVOKED");
    assert!(signer.may_sign(&own, "t-2", today()).is_ok());
    assert_eq!(signer.stage(today()), Stage::Active);
}

/// After a loss two controllers recognise the person; then a new key on a new device is bound without proofing anew. The old
/// one stays revoked for good, and both stand in the history.
///
/// Requirements: epcs-pre-8-reissue
#[test]
fn after_a_loss_two_recognise_the_person_and_a_new_token_is_bound() {
    let case = Case::default();
    let mut signer = Case::default().granted();
    let own = Registration::Own(number());
    refused(signer.open_recovery(&grantor("ada"), "passport"), "RX-RECOVERY-NONE");
    bind(&case, &mut signer, &new_token("t-1", "S-1")).expect("bound");
    lose(&mut signer, loss(LossKind::Lost, Some("S-1")));
    let next = new_token("t-2", "S-2");
    all_refused(bind(&case, &mut signer, &next), &["RX-TOKEN-RECOVERY"]);
    refused(signer.confirm_recovery(&grantor("ben")), "RX-RECOVERY-NONE");
    refused(signer.open_recovery(&grantor("ada"), " "), "RX-RECOVERY-HOW");
    let own_self = theriac_prescriber::Controller { actor: controller("brook"), ..grantor("ada") };
    refused(signer.open_recovery(&own_self, "passport"), "RX-ACCESS-CONTROLLER");
    signer.apply(&signer.open_recovery(&grantor("ada"), "seen in person with passport").expect("opened"));
    all_refused(bind(&case, &mut signer, &next), &["RX-TOKEN-RECOVERY"]);
    refused(signer.confirm_recovery(&grantor("ada")), "RX-ACCESS-TWO-PEOPLE");
    signer.apply(&signer.confirm_recovery(&grantor("ben")).expect("confirmed"));
    all_refused(bind(&case, &mut signer, &new_token("t-1", "S-2")), &["RX-TOKEN-AGAIN"]);
    let same_key = NewToken { public_key: "04-t-1".into(), ..next.clone() };
    all_refused(bind(&case, &mut signer, &same_key), &["RX-TOKEN-AGAIN"]);
    all_refused(bind(&case, &mut signer, &NewToken { serial: "S-1".into(), ..next.clone() }), &["RX-TOKEN-WAS-LOST"]);
    bind(&case, &mut signer, &next).expect("bound");
    assert!(signer.may_sign(&own, "t-2", today()).is_ok());
    refused(signer.may_sign(&own, "t-1", today()), "RX-TOKEN-REVOKED");
    let history: Vec<_> =
        signer.credentials().iter().map(|held| (held.serial.as_deref(), held.revoked.is_some())).collect();
    assert_eq!(history, [(Some("S-1"), true), (Some("S-2"), false)]);
    lose(&mut signer, loss(LossKind::Dead, None));
    refused(signer.may_sign(&own, "t-2", today()), "RX-TOKEN-REVOKED");
    all_refused(bind(&case, &mut signer, &new_token("t-3", "S-3")), &["RX-TOKEN-RECOVERY"]);
}

/// A token is bound by a controller or the operator, for a person with a right, a registration in order, and a serial number.
#[test]
fn a_token_is_bound_only_for_somebody_who_was_granted() {
    let case = Case::default();
    let granted = Case::default().granted();
    let review = case.review(&granted);
    let token = new_token("t-1", "S-1");
    all_refused(granted.bind(&token, &practitioner(), &[], &review), &["RX-ACCESS-CONTROLLER"]);
    let own = Actor::new("brook", Role::Operator);
    all_refused(granted.bind(&token, &own, &[], &review), &["RX-ACCESS-CONTROLLER"]);
    all_refused(granted.bind(&new_token("t-1", " "), &operator(), &[], &review), &["RX-TOKEN-SERIAL"]);
    let enrolled = case.enrolled();
    all_refused(enrolled.bind(&token, &operator(), &[], &case.review(&enrolled)), &["RX-ACCESS-NOT-GRANTED"]);
    let other = DeaNumber::compose(*b"FB", 5).expect("a DEA number");
    let other = NewToken { registration: Registration::Own(other), ..token.clone() };
    all_refused(granted.bind(&other, &operator(), &[], &review), &["RX-ENROL-PLACE", "RX-TOKEN-REGISTRATION"]);
    let stale = Case { today: today().checked_add(jiff::Span::new().days(7)).expect("a day"), ..Case::default() };
    let found =
        common::codes(&granted.bind(&token, &operator(), &[], &stale.review(&granted)).expect_err("stale data"));
    assert!(found.contains(&"RX-REGISTRANT-STALE".into()), "{found:?}");
    let mut without = Case::default();
    without.checks.clear();
    assert!(!common::codes(&without.review(&without.enrolled()).missing_for(&Registration::Own(number()))).is_empty());
    let _ = az();
}
