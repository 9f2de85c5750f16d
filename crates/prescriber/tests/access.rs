//! Who may sign: two people, and neither is the person nor the one who proofed the person.

mod common;

use common::{
    Case, Desk, ben_number, checked, codes, controller, data_of, grantor, number, operator, practitioner,
    second_factor, today,
};
use jiff::civil::date;
use theriac_model::{Actor, DeaNumber, Refusal, Registration, Role};
use theriac_prescriber::access_event::Standing;
use theriac_prescriber::enrolment::{ProviderKind, Stage};
use theriac_prescriber::grant::{Confirmation, Controller};
use theriac_prescriber::proofing::Record;
use theriac_prescriber::{AccessEvent, Signer};

fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>, code: &str) {
    assert_eq!(result.expect_err("refused").code.0, code);
}

fn all_refused<T: std::fmt::Debug>(result: Result<T, Vec<Refusal>>, expected: &[&str]) {
    assert_eq!(codes(&result.expect_err("refused")), expected);
}

/// 21 CFR 1311.125: one nominates, another, a registrant, approves with two factors for exactly this grant.
#[test]
fn two_access_controllers_who_are_not_the_practitioner_grant_the_right_to_sign() {
    let case = Case::default();
    let rules = case.rules();
    let mut signer = case.enrolled();
    let review = case.review(&signer);
    let nominate = |signer: &Signer, by: &Controller| signer.nominate(by, &[], &review, &rules);
    assert_eq!(signer.stage(today()), Stage::DocumentAccepted);
    let own = Controller { actor: practitioner(), ..grantor("ada") };
    all_refused(nominate(&signer, &own), &["RX-ACCESS-CONTROLLER"]);
    let own = Controller { actor: controller("brook"), ..grantor("ada") };
    all_refused(nominate(&signer, &own), &["RX-ACCESS-CONTROLLER"]);
    let under_other_account = Controller { name: "BROOK, Alex".into(), ..grantor("ada") };
    all_refused(nominate(&signer, &under_other_account), &["RX-ACCESS-CONTROLLER"]);
    let not_yet = Confirmation::SeparateUnit;
    all_refused(signer.approve(&grantor("ben"), not_yet, &review, &case.data, &rules), &["RX-ACCESS-NOT-NOMINATED"]);
    let nominated = nominate(&signer, &grantor("ada")).expect("nominated");
    signer.apply(&nominated);
    assert_eq!(signer.stage(today()), Stage::FirstGrant);
    all_refused(nominate(&signer, &grantor("ben")), &["RX-ACCESS-ALREADY"]);
    let (pass, grant) = second_factor(&signer, "ben", ben_number());
    let factors = Confirmation::TwoFactors { pass: &pass, grant, at: common::now() };
    let approve = |by: &Controller, with| signer.approve(by, with, &review, &case.data, &rules);
    all_refused(approve(&grantor("ada"), factors), &["RX-ACCESS-TWO-PEOPLE"]);
    all_refused(approve(&grantor("ben"), Confirmation::SeparateUnit), &["RX-ACCESS-TWO-FACTORS"]);
    all_refused(approve(&grantor("cyd"), factors), &["RX-ACCESS-REGISTRANT"]);
    let cyd = Controller { registration: Some(ben_number()), ..grantor("cyd") };
    all_refused(approve(&cyd, factors), &["RX-ACCESS-OTHER-PERSON"]);
    let other = Confirmation::TwoFactors { pass: &pass, grant: [0; 32], at: common::now() };
    all_refused(approve(&grantor("ben"), other), &["PKI-PASS-OTHER-CONTENT"]);
    let late = Confirmation::TwoFactors { pass: &pass, grant, at: common::now() + common::seconds(121) };
    all_refused(approve(&grantor("ben"), late), &["PKI-PASS-LAPSED"]);
    let approved = approve(&grantor("ben"), factors).expect("approved");
    signer.apply(&approved);
    assert_eq!(signer.stage(today()), Stage::Granted);
    refused(signer.may_sign(&Registration::Own(number()), "t-1", today()), "RX-TOKEN-UNKNOWN");
}

/// What was in order at the nomination must still be so at the approval; the second controller's registration, too.
#[test]
fn the_second_grant_looks_at_everything_again() {
    let mut case = Case::default();
    let mut signer = case.enrolled();
    let nominated = signer.nominate(&grantor("ada"), &[], &case.review(&signer), &case.rules()).expect("nominated");
    signer.apply(&nominated);
    let (pass, grant) = second_factor(&signer, "ben", ben_number());
    let factors = Confirmation::TwoFactors { pass: &pass, grant, at: common::now() };
    case.data = case.data.with(theriac_model::RegistrantRow {
        status: theriac_model::RegistrantStatus::Suspended,
        ..common::row(ben_number(), "EXAMPLE, BEN")
    });
    let review = case.review(&signer);
    all_refused(
        signer.approve(&grantor("ben"), factors, &review, &case.data, &case.rules()),
        &["RX-ACCESS-REGISTRANT"],
    );
    case.data = data_of(date(2026, 2, 1));
    let review = case.review(&signer);
    let found =
        codes(&signer.approve(&grantor("ben"), factors, &review, &case.data, &case.rules()).expect_err("refused"));
    assert!(found.contains(&"RX-REGISTRANT-STALE".to_owned()), "{found:?}");
}

/// 73 FR 36740-36741: whoever proofed does not enrol. Here neither the hospital's proofer nor the institution's grants.
///
/// Requirements: epcs-pre-8-proofing-separation
#[test]
fn whoever_proofed_the_person_does_not_grant() {
    let case = Case::default();
    let signer = case.enrolled();
    let proofer = Controller { name: "PROOF, Pia".into(), ..grantor("pia") };
    all_refused(signer.nominate(&proofer, &[], &case.review(&signer), &case.rules()), &["RX-ACCESS-PROOFED"]);
    let mut case = Case::default();
    let own = case.document.as_mut().expect("a document");
    own.entity.name = "EXAMPLE prescribing service".into();
    assert_eq!(case.missing()[0], "RX-PROOF-SEPARATION entity.name");
}

/// 21 CFR 1311.130: in an institution two list the person, one enters, and one of a separate unit executes.
#[test]
fn in_an_institution_a_separate_unit_executes_the_grant() {
    let mut case = Case::default();
    case.provider.kind = ProviderKind::Institution;
    let rules = case.rules();
    let mut signer = case.enrolled();
    let review = case.review(&signer);
    let of_unit = |id: &str, unit: &str| Controller { unit: unit.into(), ..grantor(id) };
    let two = ["Lee List".to_owned(), "Lou List".to_owned()];
    let nominate = |by: &Controller, listed: &[String]| signer.nominate(by, listed, &review, &rules);
    all_refused(nominate(&of_unit("ada", "Credentialing"), &[]), &["RX-ACCESS-LIST"]);
    all_refused(nominate(&of_unit("ada", "Credentialing"), &two[..1]), &["RX-ACCESS-LIST"]);
    let twice = ["Lee List".to_owned(), "LIST, Lee".to_owned()];
    all_refused(nominate(&of_unit("ada", "Credentialing"), &twice), &["RX-ACCESS-LIST"]);
    all_refused(nominate(&grantor("ada"), &two), &["RX-ACCESS-UNIT"]);
    let entered = nominate(&of_unit("ada", "Credentialing"), &two).expect("entered");
    signer.apply(&entered);
    let approve = |by: &Controller| signer.approve(by, Confirmation::SeparateUnit, &review, &case.data, &rules);
    all_refused(approve(&of_unit("ada", "Informatics")), &["RX-ACCESS-TWO-PEOPLE"]);
    all_refused(approve(&of_unit("ben", " credentialing ")), &["RX-ACCESS-UNIT"]);
    all_refused(approve(&of_unit("ben", "")), &["RX-ACCESS-UNIT"]);
    let executed = approve(&of_unit("ben", "Informatics")).expect("executed");
    signer.apply(&executed);
    assert_eq!(signer.stage(today()), Stage::Granted);
}

/// An institution may proof its own staff, for its own application only.
#[test]
fn an_institution_proofs_its_own_staff_and_nobody_elses() {
    let own = Record::Institution {
        office: "Credentialing Office".into(),
        registration: common::hospital_number().to_string(),
        proofer: "Ina House".into(),
        subject: "Alex Brook".into(),
        photo_id: "passport".into(),
        on: Some(today()),
        state_authority: theriac_prescriber::proofing::Said::Yes,
        dea_status: theriac_prescriber::proofing::Said::Yes,
    };
    let mut case = Case { record: Some(own), ..Case::default() };
    assert_eq!(case.missing(), ["RX-PROOF-NO-RECORD record"], "a practice cannot");
    case.provider.kind = ProviderKind::Institution;
    assert!(case.missing().is_empty());
    let proofer = Controller { name: "House, Ina".into(), unit: "Office".into(), ..grantor("ina") };
    let signer = case.enrolled();
    let two = ["Lee List".to_owned(), "Lou List".to_owned()];
    all_refused(signer.nominate(&proofer, &two, &case.review(&signer), &case.rules()), &["RX-ACCESS-PROOFED"]);
}

/// Nothing is granted before identity proofing and the checks, and what the old records of proofing said counts for nothing.
///
/// Requirements: epcs-1311.105-a-intro-1
#[test]
fn proofing_and_a_registration_check_come_first() {
    let case = Case::default();
    let mut signer = Signer::new("brook");
    signer.apply(&AccessEvent::Proofed { by: operator(), evidence: "form 1".into() });
    signer.apply(&AccessEvent::RegistrationChecked(checked()));
    let found = codes(
        &signer.nominate(&grantor("ada"), &[], &case.review(&signer), &case.rules()).expect_err("nothing is on file"),
    );
    assert_eq!(found, ["RX-ENROL-NOT-OPENED", "RX-PROOF-NO-DOCUMENT document"]);
    let mut signer = Case { document: None, ..Case::default() }.enrolled();
    let found =
        codes(&signer.nominate(&grantor("ada"), &[], &case.review(&signer), &case.rules()).expect_err("no document"));
    assert_eq!(found, ["RX-PROOF-NO-DOCUMENT document"]);
    for event in [
        signer.enter_document(&operator(), common::document()).expect("entered"),
        AccessEvent::Enrolment(theriac_prescriber::EnrolmentEvent::DocumentAccepted {
            by: operator(),
            digest: "ab".repeat(32),
        }),
    ] {
        signer.apply(&event);
    }
    assert!(signer.nominate(&grantor("ada"), &[], &case.review(&signer), &case.rules()).is_ok());
}

/// A person who is a prescriber by role alone signs nothing.
///
/// Requirements: epcs-pre-8-unique-signer
#[test]
fn the_role_alone_gives_no_right_to_sign() {
    let signer = Signer::new("brook");
    refused(signer.may_sign(&Registration::Own(number()), "t-1", today()), "RX-ACCESS-NOT-GRANTED");
    let mut case = Case::default();
    let mut first = case.granted();
    let token = common::new_token("t-1", "S-1");
    let bound = first.bind(&token, &controller("ben"), &[], &case.review(&first)).expect("bound");
    first.apply(&bound);
    let held = |serial, public_key| theriac_prescriber::token::HeldElsewhere { person: "other", serial, public_key };
    let other = case.granted();
    let review = case.review(&other);
    all_refused(other.bind(&token, &controller("ben"), &[held("S-1", "04")], &review), &["RX-TOKEN-SHARED"]);
    all_refused(other.bind(&token, &controller("ben"), &[held("S-2", "04-t-1")], &review), &["RX-TOKEN-SHARED"]);
    assert!(other.bind(&token, &controller("ben"), &[held("S-2", "04-t-2")], &review).is_ok());
}

/// What is granted becomes less by one, and only for the registration that is named; the others sign on.
#[test]
fn one_registration_is_taken_out_of_a_grant_and_its_tokens_end() {
    let mut case = Case::default();
    let mut signer = case.granted();
    let own = Registration::Own(number());
    refused_all(signer.withdraw(&controller("ada"), &own, "moved away"), "RX-ACCESS-NOT-GRANTED");
    let bound = signer.bind(&common::new_token("t-1", "S-1"), &controller("ben"), &[], &case.review(&signer));
    signer.apply(&bound.expect("bound"));
    refused_all(signer.withdraw(&practitioner(), &own, "moved away"), "RX-ACCESS-CONTROLLER");
    refused_all(signer.withdraw(&controller("ada"), &own, " "), "RX-ACCESS-REASON");
    let other = Registration::Own(ben_number());
    refused_all(signer.withdraw(&controller("ada"), &other, "moved away"), "RX-ACCESS-NOT-GRANTED");
    for event in signer.withdraw(&operator(), &own, "moved away").expect("taken out") {
        signer.apply(&event);
    }
    refused(signer.may_sign(&own, "t-1", today()), "RX-TOKEN-REVOKED");
    let again = signer.bind(&common::new_token("t-2", "S-2"), &controller("ben"), &[], &case.review(&signer));
    assert!(again.is_ok(), "the right itself stays");
}

fn refused_all(result: Result<Vec<AccessEvent>, Refusal>, code: &str) {
    assert_eq!(result.expect_err("refused").code.0, code);
}

/// The right can be suspended and revoked by one; it takes two to give it back, and revoked tokens stay revoked.
#[test]
fn taking_the_right_away_takes_one_and_giving_it_back_two() {
    let mut case = Case::default();
    let mut signer = case.granted();
    let bound = signer.bind(&common::new_token("t-1", "S-1"), &controller("ben"), &[], &case.review(&signer));
    signer.apply(&bound.expect("bound"));
    let own = Registration::Own(number());
    refused(signer.suspend(&practitioner(), "holiday"), "RX-ACCESS-CONTROLLER");
    let suspended = signer.suspend(&controller("ada"), "under investigation").expect("suspended");
    signer.apply(&suspended);
    assert_eq!(signer.stage(today()), Stage::Suspended);
    refused(signer.may_sign(&own, "t-1", today()), "RX-ACCESS-SUSPENDED");
    let review = case.review(&signer);
    let nominated = signer.nominate(&grantor("ada"), &[], &review, &case.rules()).expect("nominated anew");
    signer.apply(&nominated);
    refused(signer.may_sign(&own, "t-1", today()), "RX-ACCESS-NOT-GRANTED");
    let (pass, grant) = second_factor(&signer, "ben", ben_number());
    let factors = Confirmation::TwoFactors { pass: &pass, grant, at: common::now() };
    let approved = signer.approve(&grantor("ben"), factors, &review, &case.data, &case.rules()).expect("approved");
    signer.apply(&approved);
    assert!(signer.may_sign(&own, "t-1", today()).is_ok());
    let revoked = signer.revoke(&controller("ada"), "left the practice").expect("revoked");
    assert_eq!(revoked.len(), 2);
    for event in &revoked {
        signer.apply(event);
    }
    assert_eq!(signer.stage(today()), Stage::Revoked);
    refused(signer.may_sign(&own, "t-1", today()), "RX-ACCESS-REVOKED");
    assert!(signer.credentials().iter().all(|held| held.revoked.is_some()));
    refused(signer.suspend(&controller("ada"), "again"), "RX-ACCESS-NOT-GRANTED");
}

/// A token serves one registration, stops with its expiration date (from the start of that date), and on revocation.
///
/// Requirements: epcs-1311.110-d-1, epcs-1311.110-e, epcs-1311.135-b
#[test]
fn a_token_serves_its_registration_until_the_day_before_it_expires_or_its_revocation() {
    let mut desk = Desk::granted();
    let own = Registration::Own(number());
    let id = desk.credential.id.to_string();
    assert!(desk.signer.may_sign(&own, &id, date(2027, 6, 29)).is_ok());
    refused(desk.signer.may_sign(&own, &id, date(2027, 6, 30)), "RX-TOKEN-EXPIRED");
    refused(desk.signer.may_sign(&own, &id, date(2027, 7, 1)), "RX-TOKEN-EXPIRED");
    assert_eq!(desk.signer.stage(date(2027, 6, 30)), Stage::Expired);
    let other = Registration::Own(DeaNumber::compose(*b"FB", 1).expect("a DEA number"));
    refused(desk.signer.may_sign(&other, &id, today()), "RX-TOKEN-UNKNOWN");
    let case = Case::default();
    let outlives = theriac_prescriber::token::NewToken { expires: date(2027, 7, 1), ..common::new_token("t-2", "S-2") };
    let review = case.review(&desk.signer);
    all_refused(desk.signer.bind(&outlives, &controller("ben"), &[], &review), &["RX-TOKEN-OUTLIVES"]);
    assert!(desk.signer.bind(&common::new_token("t-2", "S-2"), &controller("ben"), &[], &review).is_ok());
    desk.signer.apply(&AccessEvent::CredentialRevoked {
        credential: id.clone(),
        reason: "lost".into(),
        by: operator(),
    });
    refused(desk.signer.may_sign(&own, &id, today()), "RX-TOKEN-REVOKED");
    desk.signer.apply(&AccessEvent::Revoked { reason: "left".into(), by: operator() });
    refused(desk.signer.may_sign(&own, &id, today()), "RX-ACCESS-REVOKED");
}

/// What was stored before enrolments had records of their own still means what it meant.
#[test]
fn a_history_of_the_first_layout_replays() {
    let mut signer = Signer::new("brook");
    let own = Registration::Own(number());
    for event in [
        AccessEvent::Proofed { by: operator(), evidence: "form 1".into() },
        AccessEvent::RegistrationChecked(checked()),
        AccessEvent::Nominated { by: controller("ada") },
        AccessEvent::Approved { by: controller("ben"), registration: ben_number() },
        AccessEvent::CredentialRegistered {
            credential: "t-1".into(),
            registration: own.clone(),
            device: "key".into(),
            expires: date(2027, 6, 30),
            public_key: "04".into(),
        },
        AccessEvent::CredentialUsed { credential: "t-1".into(), counter: 7 },
    ] {
        signer.apply(&event);
    }
    let held = signer.may_sign(&own, "t-1", today()).expect("may sign");
    assert_eq!((held.counter, held.serial.as_deref()), (7, None));
    assert_eq!(signer.registration(number()).map(|checked| checked.standing), Some(Standing::Valid));
    let by = Actor::new("ben", Role::AccessController);
    let loss = theriac_prescriber::token_event::Loss {
        kind: theriac_prescriber::token_event::LossKind::Stolen,
        serial: None,
        discovered: common::now(),
        reported: common::now(),
        channel: "telephone".into(),
        by,
    };
    signer
        .report_loss(loss)
        .expect("a token without a serial number ends, too")
        .iter()
        .for_each(|event| signer.apply(event));
    refused(signer.may_sign(&own, "t-1", today()), "RX-TOKEN-REVOKED");
}
