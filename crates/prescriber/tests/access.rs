//! Who may sign: two people, a checked registration, a token bound to it.

mod common;

use common::{Desk, checked, controller, number, practitioner};
use jiff::civil::date;
use theriac_model::{Actor, DeaNumber, Registration, Role};
use theriac_prescriber::{AccessEvent, Signer};

fn proofed() -> Signer {
    let mut signer = Signer::new("brook");
    signer.apply(&AccessEvent::Proofed { by: Actor::new("ops", Role::Operator), evidence: "form 1".into() });
    signer.apply(&AccessEvent::RegistrationChecked(checked()));
    signer
}

fn refused<T: std::fmt::Debug>(result: Result<T, theriac_model::Refusal>, code: &str) {
    assert_eq!(result.expect_err("refused").code.0, code);
}

/// 21 CFR 1311.125: one nominates, another approves, and neither is the person concerned.
#[test]
fn two_access_controllers_who_are_not_the_practitioner_grant_the_right_to_sign() {
    let mut signer = proofed();
    refused(signer.nominate(&practitioner()), "RX-ACCESS-CONTROLLER");
    refused(signer.nominate(&controller("brook")), "RX-ACCESS-CONTROLLER");
    refused(signer.approve(&controller("ben"), number()), "RX-ACCESS-NOT-NOMINATED");
    let nominated = signer.nominate(&controller("ada")).expect("nominated");
    signer.apply(&nominated);
    refused(signer.nominate(&controller("ben")), "RX-ACCESS-ALREADY");
    refused(signer.approve(&controller("ada"), number()), "RX-ACCESS-TWO-PEOPLE");
    let approved = signer.approve(&controller("ben"), number()).expect("approved");
    signer.apply(&approved);
    refused(signer.may_sign(&Registration::Own(number()), "t-1", date(2026, 3, 2)), "RX-TOKEN-UNKNOWN");
}

/// Nothing is granted before identity proofing and a check of the registration.
#[test]
fn proofing_and_a_registration_check_come_first() {
    let mut signer = Signer::new("brook");
    refused(signer.nominate(&controller("ada")), "RX-ACCESS-NOT-PROOFED");
    signer.apply(&AccessEvent::Proofed { by: Actor::new("ops", Role::Operator), evidence: "form 1".into() });
    refused(signer.nominate(&controller("ada")), "RX-ACCESS-NOT-CHECKED");
}

/// A token serves one registration, ends with it, and not after its revocation.
#[test]
fn a_token_serves_its_registration_until_its_last_day_or_its_revocation() {
    let mut desk = Desk::granted();
    let own = Registration::Own(number());
    let id = desk.credential.id.to_string();
    assert!(desk.signer.may_sign(&own, &id, date(2027, 6, 30)).is_ok());
    refused(desk.signer.may_sign(&own, &id, date(2027, 7, 1)), "RX-TOKEN-EXPIRED");
    let other = Registration::Own(DeaNumber::compose(*b"FB", 1).expect("a DEA number"));
    refused(desk.signer.may_sign(&other, &id, date(2026, 3, 2)), "RX-TOKEN-UNKNOWN");
    refused(desk.signer.register_credential("t-2", &other, "key", date(2027, 1, 1), "04"), "RX-TOKEN-REGISTRATION");
    refused(desk.signer.register_credential("t-2", &own, "key", date(2027, 7, 1), "04"), "RX-TOKEN-OUTLIVES");
    assert!(desk.signer.register_credential("t-2", &own, "key", date(2027, 6, 30), "04").is_ok());
    let by = Actor::new("ops", Role::Operator);
    desk.signer.apply(&AccessEvent::CredentialRevoked {
        credential: id.clone(),
        reason: "lost".into(),
        by: by.clone(),
    });
    refused(desk.signer.may_sign(&own, &id, date(2026, 3, 2)), "RX-TOKEN-REVOKED");
    desk.signer.apply(&AccessEvent::Revoked { reason: "left".into(), by });
    refused(desk.signer.may_sign(&own, &id, date(2026, 3, 2)), "RX-ACCESS-REVOKED");
}

/// What is stored is read back as it was.
#[test]
fn every_access_record_is_read_back() {
    let by = controller("ada");
    for event in [
        AccessEvent::Proofed { by: by.clone(), evidence: "form 1".into() },
        AccessEvent::RegistrationChecked(checked()),
        AccessEvent::Nominated { by: by.clone() },
        AccessEvent::Approved { by: by.clone(), registration: number() },
        AccessEvent::CredentialRegistered {
            credential: "t-1".into(),
            registration: Registration::parse("AB1234563-012").expect("registration"),
            device: "key".into(),
            expires: date(2027, 6, 30),
            public_key: "04".into(),
        },
        AccessEvent::CredentialUsed { credential: "t-1".into(), counter: 7 },
        AccessEvent::CredentialRevoked { credential: "t-1".into(), reason: "lost".into(), by: by.clone() },
        AccessEvent::Revoked { reason: "left".into(), by },
    ] {
        let body = event.body();
        assert_eq!(AccessEvent::read(event.kind(), &body), Ok(event.clone()));
        assert!(AccessEvent::read("access.unheard-of", &body).is_err());
        for field in body.as_object().expect("an object").keys() {
            let mut without = body.clone();
            without.as_object_mut().expect("an object").remove(field);
            let read = AccessEvent::read(event.kind(), &without);
            let empty_list_allowed = field == "schedules" || field == "state_schedules";
            assert!(read.is_err() || empty_list_allowed, "{} without {field}", event.kind());
        }
    }
}
