//! The daily audit over real records of a right to sign: what was seeded underneath is found, and access is suspended.

mod common;

use common::{Case, Desk, controller, data, number, today};
use jiff::civil::date;
use theriac_law::Moment;
use theriac_model::{Actor, Registration, Role};
use theriac_prescriber::AccessEvent;
use theriac_prescriber::access_event::{Checked, Standing};
use theriac_prescriber::audit::{Application, Regime, Service, Setting};
use theriac_prescriber::incident::{AccessFact, Facts, Heading, Identity, IncidentRegister, Proofing, Signal, examine};
use theriac_prescriber::notice::{Addressee, Notice};
use theriac_prescriber::registrants::{To, sweep};
use theriac_prescriber::terms::Terms;

const SETTING: Setting =
    Setting { application: Application::Prescribing, regime: Regime::Ordinary, service: Service::Hosted };

fn at() -> Moment {
    Moment::parse("2026-03-02T21:00:00-07:00").expect("a moment")
}

fn signals(access: &[AccessFact]) -> Vec<Signal> {
    let facts = Facts { access, ..Facts::default() };
    let run = examine(SETTING, (0, 0), (at(), at()), &[], None, &facts);
    run.findings.iter().map(|finding| finding.signal).collect()
}

fn fact(events: &[AccessEvent]) -> Option<AccessFact> {
    let case = Case::default();
    AccessFact::of("brook", events, &case.rules(), &data(), today())
}

fn approved() -> Vec<AccessEvent> {
    vec![
        AccessEvent::Nominated { by: controller("ada") },
        AccessEvent::Approved { by: controller("ben"), registration: number() },
    ]
}

fn checked(standing: Standing) -> AccessEvent {
    AccessEvent::RegistrationChecked(Checked { standing, ..common::checked() })
}

/// Requirements: epcs-1311.145-b-1, epcs-1311.145-b-2
#[test]
fn a_grant_seeded_into_the_records_without_registration_or_proofing_is_found_by_the_next_audit() {
    let seeded = fact(&approved()).expect("a right in force");
    assert_eq!((seeded.proofing.clone(), seeded.registrations.len()), (Proofing::Missing, 0));
    assert_eq!(signals(&[seeded]), [Signal::NonRegistrant, Signal::Unproofed]);
    let by_one = [
        approved(),
        vec![
            AccessEvent::Nominated { by: controller("ada") },
            AccessEvent::Approved { by: controller("ada"), registration: number() },
        ],
    ]
    .concat();
    assert!(signals(&[fact(&by_one).expect("a right in force")]).contains(&Signal::OnePerson));
    let ended = [approved(), vec![AccessEvent::Revoked { reason: "left".into(), by: controller("ada") }]].concat();
    assert_eq!(fact(&ended), None, "who may not sign is no finding");
    assert_eq!(fact(&[checked(Standing::Valid)]), None);
}

#[test]
fn a_registration_is_in_force_until_the_day_before_its_expiration_date() {
    let expires = common::checked().expires;
    for (day, expected) in [(expires.yesterday().expect("a day"), Standing::Valid), (expires, Standing::Expired)] {
        let mut events = approved();
        events.push(checked(Standing::Valid));
        events.push(AccessEvent::CredentialRegistered {
            credential: "t-1".into(),
            registration: Registration::Own(number()),
            device: "key".into(),
            expires,
            public_key: "04".into(),
        });
        let case = Case::default();
        let found = AccessFact::of("brook", &events, &case.rules(), &data(), day).expect("a right in force");
        assert_eq!(found.registrations[0].standing, expected, "{day}");
    }
}

/// Requirements: epcs-1311.145-b-3
#[test]
fn a_reported_identity_theft_opens_an_incident_and_the_right_to_sign_is_suspended() {
    let mut desk = Desk::granted();
    let credential = desk.credential.id.to_string();
    let own = Registration::Own(number());
    assert!(desk.signer.may_sign(&own, &credential, today()).is_ok());
    let events = approved();
    let mut stolen = fact(&events).expect("a right in force");
    stolen.identity = Identity::ReportedStolen;
    let facts = [stolen];
    let run = examine(SETTING, (0, 0), (at(), at()), &[], None, &Facts { access: &facts, ..Facts::default() });
    let profile = theriac_law::Profile::strictest();
    let terms = Terms { profile: &profile, holidays: &[] };
    let register = IncidentRegister::new(SETTING);
    let recorded = register.record(run, terms);
    assert_eq!(recorded.suspend, ["brook"]);
    let mut after = register;
    for event in &recorded.events {
        after.apply(event);
    }
    assert!(after.incidents().any(|incident| incident.heading == Heading::OtherIdentity));
    let program = Actor::new("theriac", Role::System);
    for _ in &recorded.suspend {
        let suspended =
            desk.signer.suspend(&program, "an incident of this person's access is open").expect("suspended");
        desk.signer.apply(&suspended);
    }
    assert!(desk.signer.may_sign(&own, &credential, today()).is_err());
}

#[test]
fn what_a_recheck_found_becomes_notices_to_everybody_it_names() {
    let desk = Desk::granted();
    let case = Case { today: date(2027, 7, 1), ..Case::default() };
    let found = sweep([&desk.signer], None, &case.rules());
    let mut to = Vec::new();
    for notice in found.notices.iter().chain(found.people.iter().flat_map(|one| &one.notices)) {
        let notices = Notice::of_recheck(notice, at());
        assert_eq!(notices.len(), notice.to.len());
        assert_eq!(Notice::of_recheck(notice, at()), notices, "the same finding is the same notice");
        assert!(notices.iter().all(|one| one.facts[0].value == notice.what.what));
        to.extend(notices.into_iter().map(|one| one.to));
    }
    assert!(to.contains(&Addressee::Provider) && to.contains(&Addressee::AccessControllers), "{to:?}");
    assert!(to.contains(&Addressee::Practitioner("brook".to_owned())), "{to:?}");
    assert_eq!(To::ALL.len(), 3);
}
