//! Practitioners without a registration number of their own: officials of Federal services, and those who use an institution's.

mod common;

use common::{
    Case, SITE, application, check_of, clearance, contact_of, contents, controller, document, hospital_number,
    new_token, now, number, place, practitioner, routing, today,
};
use jiff::civil::{Date, date};
use jiff::tz;
use theriac_law::Profile;
use theriac_model::{Branch, CanonicalContents, Element, Refusal, Registration};
use theriac_pki::assertion::Challenge;
use theriac_pki::pass::{Expected, PractitionerId};
use theriac_pki::soft_token::{Gesture, SoftToken};
use theriac_pki::{Deployment, verify_assertion};
use theriac_prescriber::enrolment::Intended;
use theriac_prescriber::proofing::{CheckKind, Contact, Document, Place, Said, Under};
use theriac_prescriber::stage::{Agreement, Moment, ToSign};
use theriac_prescriber::statement::PROPOSED_2008;
use theriac_prescriber::token::NewToken;
use theriac_prescriber::{Draft, Prescription, Signer};

fn digest(bytes: &[u8]) -> [u8; 32] {
    common::sha256(bytes)
}

/// An enrolment under `registration`, whose document says `under`.
fn case(registration: &Registration, under: Under) -> Case {
    let checks = vec![check_of(CheckKind::Licence, common::az())];
    let places = vec![Place { under, ..place("AZ", number()) }];
    Case {
        application: common::Case::default().application.clone_with(registration),
        document: Some(Document { places, ..document() }),
        contacts: vec![Contact { registration: registration.key(), ..contact_of(number()) }],
        checks,
        ..Case::default()
    }
}

trait CloneWith {
    fn clone_with(&self, registration: &Registration) -> Self;
}

impl CloneWith for theriac_prescriber::enrolment::Application {
    fn clone_with(&self, registration: &Registration) -> Self {
        Self { intends: vec![Intended { state: common::az(), registration: registration.clone() }], ..application() }
    }
}

fn service(branch: Branch, until: Date) -> Under {
    Under::Service { branch: branch.to_string(), confirmed: Said::Yes, until: Some(until) }
}

/// Signs `contents` as the person of `case`, with a token bound to `registration`.
fn sign(mut case: Case, registration: &Registration, contents: CanonicalContents) -> Result<ToSign, Refusal> {
    let deployment = Deployment::declared("DEMO").expect("a demonstration");
    let Deployment::Demo(demo) = deployment else { panic!("declared a demonstration") };
    let mut token = SoftToken::new("314159", demo).expect("a token");
    let person = PractitionerId::parse("brook").expect("a practitioner");
    let end = "2027-06-30T07:00:00Z".parse().expect("an instant");
    let credential = token.enrol(&person, registration, end).expect("a credential");
    let mut signer: Signer = case.granted();
    let new = NewToken {
        credential: credential.id.to_string(),
        registration: registration.clone(),
        ..new_token("t-1", "S-1")
    };
    let bound = signer.bind(&new, &controller("ben"), &[], &case.review(&signer)).expect("bound");
    signer.apply(&bound);
    let (draft, drafted) = Draft::begin("rx-1", &practitioner(), routing(), contents)?;
    let (_, marked) = draft.mark_ready(&practitioner(), &Profile::strictest(), today())?;
    let ready = Prescription::replay("rx-1", &[drafted, marked]).expect("a history").into_ready()?;
    let screen = ready.screen(PROPOSED_2008);
    let (reviewed, _) = ready.review(&practitioner(), &screen, Agreement::Agreed, digest).expect("reviewed");
    let challenge = Challenge::new([7; 32], vec![reviewed.shown()], now());
    let answer = token.answer(&credential.id, &challenge, SITE.0, SITE.1, Gesture::Pin("314159"))?;
    let expected =
        Expected { challenge: &challenge, practitioner: &person, registration, relying_party: SITE.0, origin: SITE.1 };
    let pass = verify_assertion(&credential, &expected, &answer, now(), deployment)?;
    let clearance = clearance(vec![common::audit_report()]).expect("cleared");
    let profile = Profile::strictest();
    let at = theriac_law::Moment { timestamp: now(), offset: tz::offset(-7) };
    let moment = Moment { at, profile: &profile, patients: 1, clearance: &clearance };
    reviewed.sign(&practitioner(), &signer, &pass, moment).map(|(_, signed)| signed).map_err(|(_, refusal)| refusal)
}

fn written(branch: Branch, id: &str) -> CanonicalContents {
    let registration = Registration::Exempt(branch).to_string();
    contents(&[(Element::Registration, registration.as_str()), (Element::ServiceId, id)])
}

fn official(branch: Branch, contents: CanonicalContents) -> Result<ToSign, Refusal> {
    let registration = Registration::Exempt(branch);
    sign(case(&registration, service(branch, date(2027, 6, 30))), &registration, contents)
}

/// Requirements: epcs-1306.05-h-1, epcs-1306.05-h-2, epcs-1311.115-b-2-3
#[test]
fn an_official_of_each_branch_signs_with_branch_and_number_and_no_registration() {
    for &branch in Branch::ALL {
        let signed = official(branch, written(branch, "123-45-6789")).expect("signed").contents;
        assert_eq!(signed.get(Element::Registration), Some(format!("exempt-{branch}").as_str()));
        assert_eq!(signed.get(Element::ServiceId), Some("123456789"));
    }
}

/// Requirements: epcs-1306.05-h-1, epcs-1306.05-h-2
#[test]
fn without_branch_or_number_or_with_a_number_of_the_wrong_length_nothing_is_signed() {
    let check = |branch: Branch, contents: CanonicalContents, field: &str| {
        let refusal = official(branch, contents).expect_err("refused");
        assert_eq!((refusal.code.0, refusal.field.as_deref()), ("RX-DRAFT-INCOMPLETE", Some(field)), "{refusal}");
        assert!(!refusal.to_string().contains("12345678"), "{refusal}");
    };
    check(Branch::Army, contents(&[(Element::Registration, "exempt-army")]), "practitioner.service-id");
    let mut no_branch = written(Branch::Army, "1234567890");
    no_branch.clear(Element::Registration);
    check(Branch::Army, no_branch, "practitioner.registration");
    check(Branch::PublicHealthService, written(Branch::PublicHealthService, "12345678"), "practitioner.service-id");
    assert!(official(Branch::CoastGuard, written(Branch::CoastGuard, "12345678")).is_ok());
}

/// The service's confirmation stands in the place of a registration that is in force.
#[test]
fn an_official_is_enrolled_only_while_the_service_confirms_it() {
    let registration = Registration::Exempt(Branch::Navy);
    let missing = |under: Under| case(&registration, under).missing();
    assert_eq!(missing(service(Branch::Navy, date(2026, 3, 3))), [] as [&str; 0]);
    assert_eq!(
        missing(service(Branch::Navy, today())),
        ["RX-PROOF-NOT-ACCEPTED document", "RX-PROOF-EXPIRED place[1].until", "RX-CHECK-SERVICE registration"]
    );
    let silent = Under::Service { branch: "navy".into(), confirmed: Said::No, until: Some(date(2027, 6, 30)) };
    assert_eq!(
        missing(silent),
        [
            "RX-PROOF-NOT-ACCEPTED document",
            "RX-PROOF-MISSING place[1].service-confirmed",
            "RX-CHECK-SERVICE registration"
        ]
    );
    let other = missing(service(Branch::Army, date(2027, 6, 30)));
    assert!(other.contains(&"RX-PROOF-PLACE place".to_owned()), "{other:?}");
}

/// Requirements: epcs-1306.05-g-1
#[test]
fn who_uses_an_institutions_registration_signs_with_its_number_and_the_code() {
    let text = format!("{}-dr. kay 4", hospital_number());
    let registration = Registration::parse(&text).expect("a registration");
    let lent = || Under::Institution {
        number: hospital_number().to_string(),
        internal_code: "dr. kay 4".into(),
        acknowledged: Said::Yes,
    };
    let as_written =
        |text: &str| sign(case(&registration, lent()), &registration, contents(&[(Element::Registration, text)]));
    let signed = as_written(&text).expect("signed").contents;
    assert_eq!(signed.get(Element::Registration), Some(text.as_str()));
    for other in [hospital_number().to_string(), format!("{}-dr. kay", hospital_number())] {
        let refusal = as_written(&other).expect_err("another code, or none");
        assert_eq!(refusal.code.0, "RX-SIGN-OTHER-REGISTRATION", "{refusal}");
    }
    // With no code on file there is nothing to sign under.
    let none = Under::Institution {
        number: hospital_number().to_string(),
        internal_code: String::new(),
        acknowledged: Said::Yes,
    };
    let missing = case(&registration, none).missing();
    assert!(missing.contains(&"RX-PROOF-MISSING place[1].internal-code".to_owned()), "{missing:?}");
}
