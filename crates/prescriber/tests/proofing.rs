//! The identity-proofing document and the provider's checks: each thing left out is named, and only that.

mod common;

use common::{
    Case, az, check_of, contact_of, hospital_number, now, number, nv, operator, place, record, row, seconds, today,
};
use jiff::civil::date;
use theriac_model::{BusinessActivity, DeaNumber, RegistrantRow, RegistrantStatus, Registration, Schedule};
use theriac_prescriber::AccessEvent;
use theriac_prescriber::enrolment::Intended;
use theriac_prescriber::proofing::{
    Approval, Authority, CheckKind, CheckResult, ContactAnswer, ContactMode, Document, EntityKind, Format,
    NumberSource, PROOFING_FORM, Place, Record, Said, Under,
};

/// What is missing once `change` was made to a complete document.
fn check(expected: &[&str], change: impl FnOnce(&mut Document)) {
    let mut case = Case::default();
    change(case.document.as_mut().expect("a document"));
    // A document with a fault is not accepted either, and that is said as well.
    let mut found = case.missing();
    found.retain(|one| one != "RX-PROOF-NOT-ACCEPTED document");
    assert_eq!(found, expected);
}

/// The complete case, to which the others are compared: nothing is missing.
///
/// Requirements: epcs-1311.105-a-intro-1
#[test]
fn a_complete_enrolment_lacks_nothing() {
    assert_eq!(Case::default().missing(), [""; 0]);
    check(&[], |_| {});
}

/// The entity's name, and its DEA number where it is a hospital; police need none.
///
/// Requirements: epcs-1311.105-a-1
#[test]
fn the_document_names_the_entity_and_a_hospital_its_registration() {
    check(&["RX-PROOF-MISSING entity.name"], |document| document.entity.name = "  ".into());
    check(&["RX-PROOF-MISSING entity.registration"], |document| document.entity.registration.clear());
    check(&[], |document| {
        document.entity.kind = EntityKind::Police;
        document.entity.registration.clear();
        document.entity.privileges = Said::No;
    });
}

/// Requirements: epcs-1311.105-a-2
#[test]
fn the_document_names_the_person_who_proofed() {
    check(&["RX-PROOF-MISSING proofer"], |document| document.proofer.clear());
    check(&["RX-PROOF-SEPARATION proofer"], |document| document.proofer = "BROOK, Alex".into());
}

/// Name and principal place of business; a name that differs from the registration is held until it is explained.
///
/// Requirements: epcs-1311.105-a-3
#[test]
fn the_document_names_the_practitioner_and_the_place_of_business() {
    check(&["RX-PROOF-MISSING practitioner"], |document| document.practitioner.clear());
    check(&["RX-PROOF-MISSING business-address"], |document| document.business_address.clear());
    check(&["RX-PROOF-NAME practitioner"], |document| document.practitioner = "Sam Other".into());
    let mut case = Case::default();
    case.data = case.data.with(row(number(), "BROOKSMITH, ALEX"));
    assert_eq!(case.missing(), ["RX-REGISTRANT-NAME name"]);
    let mut signer = case.enrolled();
    let without = signer.resolve_name(&operator(), number(), "BROOKSMITH, ALEX", " ").expect_err("no reason");
    assert_eq!(without.code.0, "RX-ENROL-REASON");
    let resolved = signer.resolve_name(&operator(), number(), "BROOKSMITH, ALEX", "married name, certificate seen");
    signer.apply(&resolved.expect("resolved"));
    assert!(case.review(&signer).ready());
    case.data = case.data.with(row(number(), "OTHERNAME, ALEX"));
    assert!(!case.review(&signer).ready(), "another name than the one that was explained");
}

/// The licensing authority and the licence number of each State; one State's papers serve no other State.
///
/// Requirements: epcs-1311.105-a-4-i, epcs-1311.105-a-intro-2
#[test]
fn each_state_needs_its_own_licence_and_registration_on_the_document() {
    let licence =
        |authority: &str, number: &str| Authority::Licence { authority: authority.into(), number: number.into() };
    check(&["RX-PROOF-MISSING place[1].licence"], |document| document.places[0].authority = licence("", "12345"));
    check(&["RX-PROOF-MISSING place[1].licence"], |document| document.places[0].authority = licence("Board", ""));
    let second = DeaNumber::compose(*b"FB", 777).expect("a DEA number");
    let mut case = Case::default();
    case.application.intends.push(Intended { state: nv(), registration: Registration::Own(second) });
    case.data = case.data.with(RegistrantRow { state: "NV".into(), ..row(second, "BROOK, ALEX") });
    case.checks.push(check_of(CheckKind::Licence, nv()));
    case.contacts.push(contact_of(second));
    let review = case.review(&case.enrolled());
    assert!(review.ready(), "the first State is in order");
    let own = Registration::Own(number());
    assert!(review.missing_for(&own).is_empty());
    let second = Registration::Own(second);
    assert_eq!(common::codes(&review.missing_for(&second)), ["RX-PROOF-PLACE place"]);
    case.document.as_mut().expect("a document").places.push(place("NV", second.number().expect("a number")));
    assert!(case.review(&case.enrolled()).missing_for(&second).is_empty());
    case.document.as_mut().expect("a document").places[1].authority = licence("", "");
    let review = case.review(&case.enrolled());
    assert_eq!(common::codes(&review.missing_for(&second)), ["RX-PROOF-MISSING place[2].licence"]);
    assert!(review.missing_for(&own).is_empty());
}

/// An employee of Veterans Affairs shows the appointment in place of a licence, and the provider confirms it itself.
///
/// Requirements: epcs-1311.105-a-4-ii, epcs-1311.105-c-1-2
#[test]
fn a_veterans_affairs_employee_shows_the_appointment() {
    let employee = |appointed| Authority::VeteransEmployee { facility: "Example VA Medical Center".into(), appointed };
    let mut case = Case::default();
    case.document.as_mut().expect("a document").places[0].authority = employee(Said::Yes);
    assert_eq!(case.missing(), ["RX-CHECK-MISSING appointment"]);
    case.checks = vec![check_of(CheckKind::Appointment, az())];
    assert_eq!(case.missing(), [""; 0]);
    case.document.as_mut().expect("a document").places[0].authority = employee(Said::No);
    assert_eq!(case.missing(), ["RX-PROOF-NOT-ACCEPTED document", "RX-PROOF-MISSING place[1].appointment"]);
}

/// A contractor shows eligibility and that the facility's registration is used; the credential is bound to that.
///
/// Requirements: epcs-1311.105-a-4-iii
#[test]
fn a_veterans_affairs_contractor_prescribes_under_the_facilitys_registration() {
    let contractor = |eligible, under_facility| Authority::VeteransContractor {
        facility: "Example VA Medical Center".into(),
        eligible,
        under_facility,
    };
    let under = Under::Institution {
        number: hospital_number().to_string(),
        internal_code: "7001".into(),
        acknowledged: Said::Yes,
    };
    let registration = Registration::Institutional { number: hospital_number(), internal_code: "7001".into() };
    let mut case = Case::default();
    case.application.intends = vec![Intended { state: az(), registration: registration.clone() }];
    case.checks = vec![check_of(CheckKind::Appointment, az())];
    case.contacts = vec![contact_of(hospital_number())];
    let with = |case: &mut Case, eligible, under_facility, under: &Under| {
        case.document.as_mut().expect("a document").places =
            vec![Place { state: "AZ".into(), authority: contractor(eligible, under_facility), under: under.clone() }];
        case.missing()
    };
    assert_eq!(with(&mut case, Said::Yes, Said::Yes, &under), [""; 0]);
    let lacks =
        |what: &str| vec!["RX-PROOF-NOT-ACCEPTED document".to_owned(), format!("RX-PROOF-MISSING place[1].{what}")];
    assert_eq!(with(&mut case, Said::No, Said::Yes, &under), lacks("eligibility"));
    assert_eq!(with(&mut case, Said::Yes, Said::No, &under), lacks("facility-registration"));
    assert_eq!(with(&mut case, Said::Yes, Said::Yes, &under), [""; 0]);
    let mut signer = case.granted();
    let token = theriac_prescriber::token::NewToken { registration, ..common::new_token("t-1", "S-1") };
    let own = theriac_prescriber::token::NewToken { registration: Registration::Own(number()), ..token.clone() };
    let review = case.review(&signer);
    assert!(signer.bind(&own, &common::controller("ben"), &[], &review).is_err());
    let bound = signer.bind(&token, &common::controller("ben"), &[], &review).expect("bound");
    signer.apply(&bound);
    assert_eq!(signer.credentials()[0].registration.to_string(), format!("{}-7001", hospital_number()));
    case.application.intends = vec![Intended { state: az(), registration: Registration::Own(number()) }];
    let own = Under::Own { number: number().to_string(), expires: Some(date(2027, 6, 30)) };
    assert!(
        with(&mut case, Said::Yes, Said::Yes, &own).contains(&"RX-PROOF-MISSING place[1].facility-registration".into())
    );
}

/// Number and expiration date of the DEA registration. The date in the data drives the credential's.
///
/// Requirements: epcs-1311.105-a-5
#[test]
fn the_document_gives_the_registration_and_its_expiration_date() {
    let own = |number: &str, expires| Under::Own { number: number.into(), expires };
    let until = Some(date(2027, 6, 30));
    check(&["RX-PROOF-MISSING place[1].expires"], |document| document.places[0].under = own("AB1234563", None));
    check(&["RX-PROOF-PLACE place", "RX-PROOF-NUMBER place[1].registration"], |document| {
        document.places[0].under = own("", until);
    });
    check(&["RX-PROOF-PLACE place", "RX-PROOF-NUMBER place[1].registration"], |document| {
        document.places[0].under = own("AB1234562", until);
    });
    check(&["RX-PROOF-EXPIRED place[1].expires"], |document| {
        document.places[0].under = own("AB1234563", Some(today()));
    });
    check(&[], |document| document.places[0].under = own("AB1234563", today().tomorrow().ok()));
    check(&["RX-PROOF-MISSING place", "RX-PROOF-PLACE place"], |document| document.places.clear());
    let mut case = Case::default();
    case.document.as_mut().expect("a document").places.push(place("AZ", number()));
    let problems = case.enrolled().document_problems(&case.rules()).expect("entered");
    assert_eq!(common::codes(&problems.all()), ["RX-PROOF-TWICE place[2].registration"]);
}

/// An institution's statement and the internal code; prescriptions then carry both.
///
/// Requirements: epcs-1311.105-a-6
#[test]
fn under_an_institutions_registration_its_statement_and_a_code_are_needed() {
    let under = |code: &str, acknowledged| Under::Institution {
        number: hospital_number().to_string(),
        internal_code: code.into(),
        acknowledged,
    };
    let mut case = Case::default();
    let registration = Registration::Institutional { number: hospital_number(), internal_code: "012".into() };
    case.application.intends = vec![Intended { state: az(), registration: registration.clone() }];
    case.contacts = vec![contact_of(hospital_number())];
    let with = |case: &mut Case, under| {
        case.document.as_mut().expect("a document").places[0].under = under;
        case.missing()
    };
    assert_eq!(with(&mut case, under("012", Said::Yes)), [""; 0]);
    assert_eq!(
        with(&mut case, under("012", Said::No)),
        ["RX-PROOF-NOT-ACCEPTED document", "RX-PROOF-MISSING place[1].acknowledged"]
    );
    assert_eq!(
        with(&mut case, under("", Said::Yes)),
        [
            "RX-PROOF-NOT-ACCEPTED document",
            "RX-PROOF-PLACE place",
            "RX-PROOF-MISSING place[1].internal-code",
            "RX-PROOF-NUMBER place[1].registration",
        ]
    );
    case.document.as_mut().expect("a document").places[0].under = under("012", Said::Yes);
    let mut signer = case.granted();
    let token =
        theriac_prescriber::token::NewToken { registration: registration.clone(), ..common::new_token("t-1", "S-1") };
    let bound = signer.bind(&token, &common::controller("ben"), &[], &case.review(&signer)).expect("bound");
    signer.apply(&bound);
    assert!(signer.may_sign(&registration, "t-1", today()).is_ok());
    let other = Registration::Institutional { number: hospital_number(), internal_code: "013".into() };
    assert!(signer.may_sign(&other, "t-1", today()).is_err());
    let rows = case
        .data
        .clone()
        .with(RegistrantRow { activity: BusinessActivity::Practitioner, ..row(hospital_number(), "EXAMPLE HOSPITAL") });
    case.data = rows;
    assert!(case.missing().contains(&"RX-REGISTRANT-ACTIVITY registration".into()), "a person's number lends nothing");
}

/// Requirements: epcs-1311.105-a-7
#[test]
fn the_document_states_the_photo_identification_and_that_it_matched() {
    check(&["RX-PROOF-MISSING photo-id"], |document| document.photo_id.clear());
    check(&["RX-PROOF-MISSING photo-matched"], |document| document.photo_matched = Said::No);
}

/// No date, a date ahead, and one more than twelve months old do not serve; the last day of the twelve does.
///
/// Requirements: epcs-1311.105-a-8
#[test]
fn the_document_gives_the_day_of_the_proofing_which_is_neither_ahead_nor_stale() {
    check(&["RX-PROOF-MISSING proofed-on"], |document| document.proofed_on = None);
    check(&["RX-PROOF-DATE proofed-on"], |document| document.proofed_on = today().tomorrow().ok());
    check(&[], |document| document.proofed_on = Some(today()));
    check(&[], |document| document.proofed_on = Some(date(2025, 3, 2)));
    check(&["RX-PROOF-STALE proofed-on"], |document| document.proofed_on = Some(date(2025, 3, 1)));
}

/// The proofer's signature, and the file that shows it.
///
/// Requirements: epcs-1311.105-a-9
#[test]
fn the_proofer_signed_and_the_file_is_there() {
    check(&["RX-PROOF-MISSING proofer-signed"], |document| document.proofer_signed = Said::No);
    check(&["RX-PROOF-NO-FILE upload"], |document| document.upload = None);
    let with = |media: &'static str, bytes| {
        move |document: &mut Document| {
            let upload = document.upload.as_mut().expect("a file");
            upload.media = media.into();
            upload.bytes = bytes;
        }
    };
    check(&["RX-PROOF-FILE upload"], with("application/pdf", 0));
    check(&[], with("image/tiff", 16 * 1024 * 1024));
    check(&["RX-PROOF-FILE upload"], with("image/tiff", 16 * 1024 * 1024 + 1));
    check(&["RX-PROOF-FILE upload"], with("text/html", 100));
    let case = Case::default();
    let mut signer = theriac_prescriber::Signer::new("brook");
    signer.apply(&signer.apply_for(case.application.clone()).expect("applied"));
    signer.apply(&signer.enter_document(&operator(), common::document()).expect("entered"));
    match signer.accept_document(&operator(), &case.rules()).expect("accepted") {
        AccessEvent::Enrolment(theriac_prescriber::EnrolmentEvent::DocumentAccepted { digest, .. }) => {
            assert_eq!(digest, "ab".repeat(32));
        }
        other => panic!("{other:?}"),
    }
}

/// Requirements: epcs-1311.105-a-10
#[test]
fn the_practitioner_signed() {
    check(&["RX-PROOF-MISSING practitioner-signed"], |document| document.practitioner_signed = Said::No);
}

/// The hospital must confirm active privileges and be registered as one, by the registrant data.
///
/// Requirements: epcs-1311.105-b-1
#[test]
fn a_hospital_proofs_whom_it_gave_privileges() {
    check(&["RX-PROOF-MISSING entity.privileges"], |document| document.entity.privileges = Said::No);
    let mut case = Case::default();
    case.document.as_mut().expect("a document").entity.registration = number().to_string();
    assert_eq!(case.missing(), ["RX-PROOF-HOSPITAL entity.registration"], "a practitioner's number is no hospital's");
    let mut case = Case::default();
    let ended = RegistrantRow {
        activity: BusinessActivity::Institution,
        status: RegistrantStatus::Surrendered,
        ..row(hospital_number(), "EXAMPLE HOSPITAL")
    };
    case.data = case.data.with(ended);
    assert_eq!(case.missing(), ["RX-PROOF-HOSPITAL entity.registration"]);
}

/// A board or authority proofs for a State in which the document shows authority, and the State's own answer confirms it.
///
/// Requirements: epcs-1311.105-b-2
#[test]
fn a_state_board_proofs_whom_it_licensed() {
    for kind in [EntityKind::StateBoard, EntityKind::StateAuthority] {
        let of = |state: &'static str| {
            move |document: &mut Document| {
                document.entity.kind = kind;
                document.entity.registration.clear();
                document.entity.state = state.into();
            }
        };
        check(&[], of("AZ"));
        check(&["RX-PROOF-BOARD-STATE entity.state"], of("NV"));
        check(&["RX-PROOF-BOARD-STATE entity.state"], of(""));
    }
    let mut case = Case::default();
    let document = case.document.as_mut().expect("a document");
    document.entity.kind = EntityKind::StateBoard;
    document.entity.state = "AZ".into();
    case.checks[0].result = CheckResult::NotGood;
    assert!(case.missing().contains(&"RX-CHECK-NEGATIVE licence".into()));
}

/// Nobody else may proof.
///
/// Requirements: epcs-1311.105-b-3
#[test]
fn nobody_but_hospital_board_and_police_proofs() {
    for &kind in EntityKind::ALL {
        let permitted = matches!(
            kind,
            EntityKind::Hospital | EntityKind::StateBoard | EntityKind::StateAuthority | EntityKind::Police
        );
        let expected: &[&str] = if permitted { &[] } else { &["RX-PROOF-ENTITY entity.kind"] };
        check(expected, |document| {
            document.entity.kind = kind;
            document.entity.state = "AZ".into();
        });
    }
}

/// The form has a place for each item, and both formats are checked alike.
///
/// Requirements: epcs-1311.105-a-intro-3
#[test]
fn the_form_has_a_place_for_every_item_and_letterhead_is_checked_the_same() {
    for paragraph in [
        "(a)(1)",
        "(a)(2)",
        "(a)(3)",
        "(a)(4)",
        "(a)(4)(i)",
        "(a)(4)(ii)",
        "(a)(4)(iii)",
        "(a)(5)",
        "(a)(6)",
        "(a)(7)",
        "(a)(8)",
        "(a)(9)",
        "(a)(10)",
        "(b)(1)",
    ] {
        assert!(PROOFING_FORM.iter().any(|item| item.paragraph == paragraph), "{paragraph}");
    }
    let fields = |format| {
        let mut case = Case::default();
        let document = case.document.as_mut().expect("a document");
        *document = empty(format);
        let problems = case.enrolled().document_problems(&case.rules()).expect("entered");
        common::codes(&problems.all())
    };
    assert_eq!(fields(Format::Form), fields(Format::Letterhead));
    for field in fields(Format::Form).iter().filter_map(|one| one.split_once(' ')).map(|(_, field)| field) {
        let field = field.replace("place[1].", "place.");
        let known = field == "upload" || PROOFING_FORM.iter().any(|item| item.field == field);
        assert!(known, "{field} is on the form");
    }
}

fn empty(format: Format) -> Document {
    let mut document = common::document();
    document.format = format;
    document.entity.name.clear();
    document.entity.registration.clear();
    document.entity.privileges = Said::No;
    for text in
        [&mut document.proofer, &mut document.practitioner, &mut document.business_address, &mut document.photo_id]
    {
        text.clear();
    }
    document.photo_matched = Said::No;
    document.proofed_on = None;
    document.proofer_signed = Said::No;
    document.practitioner_signed = Said::No;
    document.upload = None;
    document.places[0].state.clear();
    document.places[0].authority = Authority::Licence { authority: String::new(), number: String::new() };
    document.places[0].under = Under::Own { number: String::new(), expires: None };
    document
}

/// Everything that is missing is told at once, each with its paragraph; the applicant and the provider see the same list.
///
/// Requirements: epcs-1311.155-a
#[test]
fn the_list_of_what_is_missing_is_whole() {
    let case = Case {
        document: Some(empty(Format::Letterhead)),
        record: None,
        checks: Vec::new(),
        contacts: Vec::new(),
        acknowledged: false,
        ..Case::default()
    };
    let missing = case.review(&case.enrolled()).missing();
    let found = common::codes(&missing);
    assert_eq!(found.len(), 23, "{found:#?}");
    for (code, paragraph) in [
        ("RX-PROOF-MISSING entity.name", "1311.105(a)(1)"),
        ("RX-PROOF-MISSING proofer", "1311.105(a)(2)"),
        ("RX-PROOF-MISSING practitioner-signed", "1311.105(a)(10)"),
        ("RX-PROOF-NO-RECORD record", "21 CFR 1311.105, 1311.110"),
        ("RX-ENROL-RESPONSIBILITY", "1311.100(c)"),
        ("RX-CHECK-MISSING licence", "1311.105(c)(1)"),
        ("RX-CHECK-CONTACT contact", "1311.105(c)(5)"),
    ] {
        let at = found.iter().position(|one| one == code).unwrap_or_else(|| panic!("{code} in {found:#?}"));
        assert!(missing[at].cite.as_str().contains(paragraph), "{code}: {}", missing[at].cite);
        assert!(!missing[at].next.is_empty());
    }
}

/// The licence is checked with each State, after the application, with a source, and the answer is good and still is.
///
/// Requirements: epcs-1311.105-c-1-1
#[test]
fn the_provider_checks_the_licence_with_each_state() {
    let with = |change: &dyn Fn(&mut theriac_prescriber::proofing::Check)| {
        let mut case = Case::default();
        change(&mut case.checks[0]);
        case.missing()
    };
    assert_eq!(
        Case { checks: Vec::new(), ..Case::default() }.missing(),
        ["RX-CHECK-MISSING licence", "RX-CHECK-SCHEDULES schedules"]
    );
    let applied = common::application().at;
    assert_eq!(with(&|check| check.at = applied), [""; 0]);
    assert_eq!(with(&|check| check.at = applied - seconds(1)), ["RX-CHECK-OLD licence"]);
    assert_eq!(
        with(&|check| check.result = CheckResult::NotGood),
        ["RX-CHECK-NEGATIVE licence", "RX-CHECK-SCHEDULES schedules"]
    );
    assert_eq!(with(&|check| check.valid_until = Some(today())), [""; 0]);
    assert_eq!(with(&|check| check.valid_until = today().yesterday().ok()), ["RX-CHECK-ENDED licence"]);
    let signer = Case::default().enrolled();
    let mut check = check_of(CheckKind::Licence, az());
    check.source = " ".into();
    assert_eq!(signer.record_check(check).expect_err("no source").code.0, "RX-CHECK-SOURCE");
    let mut check = check_of(CheckKind::Licence, az());
    check.by = common::practitioner();
    assert_eq!(signer.record_check(check).expect_err("not staff").code.0, "RX-ENROL-STAFF");
}

/// A State with a registration of its own is asked a second time; others are not.
///
/// Requirements: epcs-1311.105-c-2
#[test]
fn a_state_with_its_own_registration_is_asked_for_it() {
    let mut case = Case::default();
    case.provider.separate_registration = vec![az()];
    assert_eq!(case.missing(), ["RX-CHECK-MISSING state-registration", "RX-CHECK-SCHEDULES schedules"]);
    case.checks.push(check_of(CheckKind::StateRegistration, az()));
    assert_eq!(case.missing(), [""; 0]);
    case.checks[1].result = CheckResult::NotGood;
    assert_eq!(case.missing(), ["RX-CHECK-NEGATIVE state-registration", "RX-CHECK-SCHEDULES schedules"]);
    case.provider.separate_registration = vec![nv()];
    assert_eq!(case.missing(), [""; 0]);
}

/// The registration must stand well in the registrant data, be a practitioner's, and of the State.
///
/// Requirements: epcs-1311.105-c-3, law-dea-pass-is-not-proof
#[test]
fn the_registration_is_in_the_data_and_in_force() {
    let with = |change: &dyn Fn(&mut RegistrantRow)| {
        let mut changed = row(number(), "BROOK, ALEX");
        change(&mut changed);
        let mut case = Case::default();
        case.data = case.data.with(changed);
        case.missing()
    };
    assert_eq!(with(&|row| row.expires = today().tomorrow().expect("a day")), [""; 0]);
    assert_eq!(with(&|row| row.expires = today()), ["RX-REGISTRANT-EXPIRED registration"]);
    assert_eq!(with(&|row| row.expires = today().yesterday().expect("a day")), ["RX-REGISTRANT-EXPIRED registration"]);
    for status in [
        RegistrantStatus::Inactive,
        RegistrantStatus::Retired,
        RegistrantStatus::Surrendered,
        RegistrantStatus::Suspended,
        RegistrantStatus::Revoked,
    ] {
        assert_eq!(with(&|row| row.status = status), ["RX-REGISTRANT-STATUS registration"], "{status}");
    }
    assert_eq!(with(&|row| row.activity = BusinessActivity::MidLevel), [""; 0]);
    assert_eq!(with(&|row| row.activity = BusinessActivity::Pharmacy), ["RX-REGISTRANT-ACTIVITY registration"]);
    assert_eq!(with(&|row| row.state = "NV".into()), ["RX-REGISTRANT-STATE registration"]);
    let absent = theriac_prescriber::registrants::Snapshot::new(date(2026, 3, 1))
        .with(RegistrantRow { activity: BusinessActivity::Institution, ..row(hospital_number(), "EXAMPLE HOSPITAL") });
    assert_eq!(Case { data: absent, ..Case::default() }.missing(), ["RX-REGISTRANT-ABSENT registration"]);
    let mut case = Case::default();
    case.data = case.data.unreadable(number());
    assert_eq!(case.missing(), ["RX-REGISTRANT-UNREADABLE registration"]);
    let signer = Case::default().enrolled();
    let newer = Case { data: common::data_of(today()), ..Case::default() };
    assert_eq!(common::codes(&newer.review(&signer).missing()), ["RX-CHECK-REGISTRATION registration"]);
}

/// Schedules stand with each registration: what the data and the State's answer both allow; none is an enrolment for nothing.
///
/// Requirements: epcs-1311.105-c-4
#[test]
fn the_schedules_are_those_of_the_data_and_of_the_state() {
    let mut case = Case::default();
    case.checks[0].schedules = vec![Schedule::III, Schedule::IV];
    let signer = case.enrolled();
    let checked = signer.registration(number()).expect("checked");
    assert_eq!(checked.schedules, [Schedule::II, Schedule::III, Schedule::IV, Schedule::V]);
    assert_eq!(checked.state_schedules, [Schedule::III, Schedule::IV]);
    assert!(case.review(&signer).ready());
    case.checks[0].schedules = Vec::new();
    assert_eq!(case.missing(), ["RX-CHECK-SCHEDULES schedules"]);
    case.provider.separate_registration = vec![az()];
    case.checks = vec![check_of(CheckKind::Licence, az()), check_of(CheckKind::StateRegistration, az())];
    case.checks[1].schedules = vec![Schedule::V];
    assert_eq!(case.enrolled().registration(number()).expect("checked").state_schedules, [Schedule::V]);
}

/// A call or visit at each registered location, recorded with its answer.
///
/// Requirements: epcs-1311.105-c-5-1
#[test]
fn somebody_at_the_registered_location_confirms_the_application() {
    let with = |change: &dyn Fn(&mut theriac_prescriber::proofing::Contact)| {
        let mut case = Case::default();
        change(&mut case.contacts[0]);
        case.missing()
    };
    assert_eq!(Case { contacts: Vec::new(), ..Case::default() }.missing(), ["RX-CHECK-CONTACT contact"]);
    assert_eq!(with(&|contact| contact.answer = ContactAnswer::NotReached), ["RX-CHECK-CONTACT contact"]);
    assert_eq!(with(&|contact| contact.answer = ContactAnswer::Denied), ["RX-CHECK-DENIED contact"]);
    assert_eq!(with(&|contact| contact.at = common::application().at - seconds(1)), ["RX-CHECK-CONTACT contact"]);
    assert_eq!(with(&|contact| contact.registration = hospital_number().into()), ["RX-CHECK-CONTACT contact"]);
    let visit = |contact: &mut theriac_prescriber::proofing::Contact| {
        contact.mode = ContactMode::InPerson;
        contact.place = "20 Example Street, Tucson".into();
        contact.named = String::new();
    };
    assert_eq!(with(&visit), [""; 0]);
    let signer = Case::default().enrolled();
    let mut nowhere = contact_of(number());
    nowhere.place = " ".into();
    assert_eq!(signer.record_contact(nowhere).expect_err("no number").code.0, "RX-CHECK-CONTACT");
}

/// The number comes from a public source, which is named, and not from the application.
///
/// Requirements: epcs-1311.105-c-5-2
#[test]
fn the_number_called_is_from_a_public_source() {
    let signer = Case::default().enrolled();
    let call = |number_called: &str, source, named: &str| {
        let contact = theriac_prescriber::proofing::Contact {
            place: number_called.into(),
            source,
            named: named.into(),
            at: now(),
            ..contact_of(number())
        };
        signer.record_contact(contact).map(|_| ()).map_err(|refusal| (refusal.code.0, refusal.what.into_owned()))
    };
    assert_eq!(call("520-555-0100", NumberSource::Public, "telephone directory"), Ok(()));
    assert_eq!(
        call("520-555-0100", NumberSource::Application, "telephone directory").expect_err("refused").0,
        "RX-CHECK-NUMBER"
    );
    let unnamed = call("+1 (520) 555-0199", NumberSource::Public, "").expect_err("refused");
    assert_eq!(unnamed.0, "RX-CHECK-NUMBER");
    assert!(unnamed.1.contains("application"), "{}", unnamed.1);
    assert_eq!(call("520-555-0100", NumberSource::Public, " ").expect_err("refused").0, "RX-CHECK-NUMBER");
    assert_eq!(call("520-555-0199", NumberSource::Public, "telephone directory"), Ok(()), "the directory has it, too");
}

/// A document made for another provider's system starts nothing here.
///
/// Requirements: epcs-pre-13-reproof-on-new-provider
#[test]
fn another_providers_proofing_does_not_serve() {
    check(&["RX-PROOF-OTHER-PROVIDER document"], |document| document.format = Format::OtherProvider);
}

fn parts(record: &mut Record) -> (&mut Approval, &mut String, &mut Option<jiff::civil::Date>, &mut u8) {
    match record {
        Record::Credential { approval, subject, issued, channels, .. } => (approval, subject, issued, channels),
        Record::Institution { .. } => panic!("a credential provider's"),
    }
}

/// 21 CFR 1311.105: the credential comes from an approved provider, over two channels, in the applicant's name.
#[test]
fn the_record_of_the_law_in_force_stands_beside_the_document() {
    let with = |change: &dyn Fn(&mut Record)| {
        let case = Case::default();
        let signer = case.enrolled();
        let mut changed = record();
        change(&mut changed);
        signer.enter_record(&operator(), changed, &case.rules()).map(|_| ()).map_err(|all| common::codes(&all))
    };
    assert_eq!(with(&|_| {}), Ok(()));
    assert_eq!(with(&|record| *parts(record).0 = Approval::FederalBridgeBasic), Ok(()));
    let refused = |field: &str| Err(vec![format!("RX-PROOF-RECORD {field}")]);
    assert_eq!(with(&|record| *parts(record).0 = Approval::Neither), refused("record.approval"));
    assert_eq!(with(&|record| *parts(record).1 = "Sam Other".into()), refused("record.subject"));
    assert_eq!(with(&|record| *parts(record).2 = today().tomorrow().ok()), refused("record.issued"));
    assert_eq!(with(&|record| *parts(record).3 = 1), refused("record.channels"));
    assert_eq!(Case { record: None, ..Case::default() }.missing(), ["RX-PROOF-NO-RECORD record"]);
}

/// Each edition asks for its own record only; together they ask for both.
#[test]
fn the_profile_says_which_records_are_asked() {
    let profile = |name| theriac_law::Profile::named(name).expect("a profile");
    let bare =
        |name| Case { profile: profile(name), document: None, record: None, contacts: Vec::new(), ..Case::default() };
    assert_eq!(bare("in-force").missing(), ["RX-PROOF-NO-RECORD record"]);
    assert_eq!(bare("seed").missing(), ["RX-PROOF-NO-DOCUMENT document", "RX-CHECK-CONTACT contact"]);
    assert_eq!(
        bare("strictest").missing(),
        ["RX-PROOF-NO-DOCUMENT document", "RX-PROOF-NO-RECORD record", "RX-CHECK-CONTACT contact"]
    );
}

/// A deployment without a named service provider enrols nobody (proposed 21 CFR 1300.03).
#[test]
fn the_service_provider_is_named() {
    let mut case = Case::default();
    case.provider.name = " ".into();
    assert_eq!(case.missing(), ["RX-PROVIDER"]);
}

/// Only the applicant takes note of the applicant's responsibility, and only staff enters what enrolment rests on.
///
/// Requirements: epcs-1311.100-c
#[test]
fn each_step_is_taken_by_the_person_whose_step_it_is() {
    assert_eq!(Case { acknowledged: false, ..Case::default() }.missing(), ["RX-ENROL-RESPONSIBILITY"]);
    let case = Case::default();
    let signer = case.enrolled();
    assert_eq!(signer.acknowledge(&operator()).expect_err("not the person").code.0, "RX-ENROL-ACKNOWLEDGE");
    let own = theriac_model::Actor::new("brook", theriac_model::Role::Operator);
    assert_eq!(signer.enter_document(&own, common::document()).expect_err("oneself").code.0, "RX-ENROL-STAFF");
    let refused = signer.accept_document(&common::practitioner(), &case.rules()).expect_err("not staff");
    assert_eq!(common::codes(&refused), ["RX-ENROL-STAFF"]);
    let stranger = theriac_prescriber::enrolment::Application { by: common::agent(), ..common::application() };
    assert_eq!(common::codes(&signer.apply_for(stranger).expect_err("a stranger")), ["RX-ENROL-STAFF"]);
    let nothing = theriac_prescriber::enrolment::Application {
        name: String::new(),
        telephone: String::new(),
        intends: Vec::new(),
        ..common::application()
    };
    assert_eq!(signer.apply_for(nothing).expect_err("nothing").len(), 3);
}
