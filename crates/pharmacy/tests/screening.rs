//! Warning signs, the monitoring programme, the pharmacy's own standing, the label, and who picks up.

mod common;
use common::{RX, Rx, at, pharmacist, pick_up, prescription, profile, scanned, technician};
use std::sync::Arc;
use theriac_law::facts::{Screen, StaffNote};
use theriac_law::vocab::{
    Compliance, DrugClass, Flag, FlagDecision, ForgerySign, Grounds, Identifier, NumberSource, Payment, PickupDocument,
    Recipient, RefillSystem, StaffNoteKind, Status,
};
use theriac_law::{Overlay, Profile};
use theriac_model::Schedule;
use theriac_pharmacy::{
    AboutFlag, Acquaintance, Answered, Area, Conditions, Dispensing, DrugFor, Event, FillingState, Identity, Judgment,
    Keeping, KnownChecks, LabelStep, Look, MonitoringCheck, PickUp, Premises, Prescription, StillNeeded, Supply,
};

const WHEN: &str = "2026-03-02T13:00:00-07:00";
const TWO: Rx = Rx { schedule: Schedule::II, refills: 0, ..RX };

fn apply(rx: &Prescription, events: &[Event]) -> Prescription {
    let mut rx = rx.clone();
    for event in events {
        rx.apply(event).expect("foldable");
        assert_eq!(Event::from_json(event.kind(), &event.to_json()).as_ref(), Ok(event), "stored and read back");
    }
    rx
}

fn fill_under(
    profile: &Profile,
    rx: &Prescription,
    when: &str,
    change: impl FnOnce(&mut Judgment, &mut Conditions),
) -> Result<Dispensing, String> {
    let (pharmacist, scanned, at) = (pharmacist(), scanned(), at(when));
    let (mut judgment, mut conditions) = (Judgment::new(at), Conditions::default());
    change(&mut judgment, &mut conditions);
    let supply = Supply { pharmacist: &pharmacist, at, scanned: &scanned, judgment, conditions };
    let act = if rx.dispensed() == 0 { rx.fill(profile, &supply) } else { rx.refill(profile, &supply, None) };
    act.map_err(|refusal| refusal.code.to_string())
}

fn filled(rx: &Prescription) -> String {
    fill_under(&profile(), rx, WHEN, |_, _| ()).map_or_else(|code| code, |_| "filled".to_owned())
}

fn screened(rx: &Prescription, change: impl FnOnce(&mut Screen)) -> Prescription {
    let mut screen = Screen::new();
    change(&mut screen);
    apply(rx, &rx.screen(&profile(), &technician(), at(WHEN), &screen).expect("screened"))
}

fn flags(rx: &Prescription) -> Vec<Flag> {
    rx.open_flags().map(|open| open.flag).collect()
}

fn about(flag: Flag, decision: FlagDecision) -> AboutFlag {
    AboutFlag {
        flag,
        decision,
        grounds: Grounds::Judgement,
        person: None,
        contacted: None,
        number: NumberSource::Independent,
        outcome: "known patient, dose explained by the practitioner's letter".to_owned(),
    }
}

fn decided(rx: &Prescription, about: &AboutFlag) -> Result<Prescription, String> {
    let found = rx.decide_flag(&profile(), &pharmacist(), at(WHEN), about);
    found.map(|(events, _)| apply(rx, &events)).map_err(|refusal| refusal.field.unwrap_or_default().into_owned())
}

/// Requirements: epcs-pre-7-contact-prescriber
#[test]
fn an_unusually_large_quantity_is_flagged_and_filling_waits_for_a_contact_or_the_reason_for_none() {
    for (quantity, expected) in [("180", vec![]), ("181", vec![Flag::LargeOrStrong])] {
        let rx = screened(&prescription(&Rx { quantity, ..TWO }), |_| ());
        assert_eq!(flags(&rx), expected, "{quantity}");
        assert_eq!(filled(&rx), if expected.is_empty() { "filled" } else { "PHARM-FLAG-OPEN" });
    }
    let rx = screened(&prescription(&Rx { quantity: "181", ..TWO }), |_| ());
    assert_eq!(rx.raised_flags().map(|raised| raised.what.as_str()).collect::<Vec<_>>(), ["181 units, more than 180"]);
    let wordless = AboutFlag { outcome: " ".to_owned(), ..about(Flag::LargeOrStrong, FlagDecision::Resolved) };
    assert_eq!(decided(&rx, &wordless), Err("request.outcome".to_owned()));
    let nobody = AboutFlag { grounds: Grounds::Contact, ..about(Flag::LargeOrStrong, FlagDecision::Resolved) };
    assert_eq!(decided(&rx, &nobody), Err("request.person".to_owned()));
    let timeless = AboutFlag { person: Some("Avery Baker".to_owned()), ..nobody };
    assert_eq!(decided(&rx, &timeless), Err("request.contacted".to_owned()));
    let spoken = AboutFlag { contacted: Some(at(WHEN)), ..timeless };
    for resolution in [spoken, about(Flag::LargeOrStrong, FlagDecision::Resolved)] {
        let resolved = decided(&rx, &resolution).expect("decided");
        assert_eq!((filled(&resolved).as_str(), resolved.open_duties().count()), ("filled", 0));
        assert_eq!(resolved.flag_decisions()[0].about, resolution);
        assert_eq!(resolved.flag_decisions()[0].by.full_name, "Ana Rivera");
    }
    assert_eq!(decided(&rx, &about(Flag::Cash, FlagDecision::Resolved)), Err("flag".to_owned()));
}

/// Each sign is raised with what the record keeps of it, and read back from the stored bytes with every figure.
#[test]
fn every_figure_that_raised_a_sign_stays_in_the_record() {
    let rx = screened(&prescription(&TWO), |screen| {
        screen.class = DrugClass::Opioid;
        screen.active = vec![DrugClass::Benzodiazepine, DrugClass::MuscleRelaxant];
        screen.distance_miles = Some(51);
        screen.prescribers = 2;
        screen.alike_minutes_ago = vec![5, 10, 20];
        screen.new_patients_today = 3;
        screen.notes =
            vec![StaffNote { kind: StaffNoteKind::StreetName, author: "novak".to_owned(), at: at(WHEN).into() }];
        screen.payment = Payment::Cash;
        screen.last_supply_days = Some(30);
        screen.days_since_last = Some(7);
        screen.in_other_names = 2;
        screen.forgery = vec![ForgerySign::Photocopied];
        screen.daily_dose = Some(90);
        screen.usual_daily_maximum = Some(60);
    });
    let expected = [
        Flag::Distance,
        Flag::MultiplePrescribers,
        Flag::Group,
        Flag::Cash,
        Flag::StreetName,
        Flag::Cocktail,
        Flag::TooFrequent,
        Flag::OtherNames,
        Flag::Strangers,
        Flag::ForgedLook,
        Flag::UnusualDose,
    ];
    assert_eq!(flags(&rx), expected);
    assert_eq!(rx.screenings()[0].screen.distance_miles, Some(51));
    assert!(rx.raised_flags().all(|raised| !raised.what.is_empty() && !raised.cite.is_empty()));
    let codes: Vec<&str> = rx.open_duties().map(|duty| duty.code.as_str()).collect();
    assert_eq!(codes, ["resolve-flags"]);
}

#[test]
fn what_a_pharmacist_believes_forged_is_locked_and_a_pattern_is_reported() {
    let raised = screened(&prescription(&TWO), |screen| screen.forgery = vec![ForgerySign::SeveralInks]);
    let forged = decided(&raised, &about(Flag::ForgedLook, FlagDecision::Forged)).expect("decided");
    assert_eq!(filled(&forged), "LAW-FLAGS-FORGED");
    let codes: Vec<&str> = forged.open_duties().map(|duty| duty.code.as_str()).collect();
    assert_eq!(codes, ["resolve-flags", "lock-prescription", "call-police"]);
    let pattern = decided(&raised, &about(Flag::ForgedLook, FlagDecision::Pattern)).expect("decided");
    assert!(pattern.open_duties().any(|duty| duty.code == "report-pattern"));
    assert_eq!(filled(&pattern), "PHARM-FLAG-OPEN");
    let on_paper = AboutFlag {
        grounds: Grounds::Contact,
        person: Some("a voice".to_owned()),
        contacted: Some(at(WHEN)),
        number: NumberSource::OnPrescription,
        ..about(Flag::ForgedLook, FlagDecision::Resolved)
    };
    let (_, warnings) = raised.decide_flag(&profile(), &pharmacist(), at(WHEN), &on_paper).expect("decided");
    assert_eq!(warnings.iter().map(|warning| warning.code.0).collect::<Vec<_>>(), ["LAW-FLAGS-CALL-BACK"]);
}

/// Requirements: pharm-flag-known-checks
#[test]
fn what_the_pharmacist_knew_before_dispensing_is_four_answers_in_the_record() {
    let known = KnownChecks {
        prescriber: Answered::Yes,
        registration: Answered::Yes,
        patient: Answered::No,
        date: Answered::Yes,
    };
    let rx = prescription(&TWO);
    let filling = fill_under(&profile(), &rx, WHEN, |judgment, _| judgment.known = Some(known)).expect("filled");
    let after = apply(&rx, &filling.events);
    assert_eq!(after.fillings()[0].judgment.known, Some(known));
}

#[test]
fn an_old_schedule_ii_prescription_is_filled_when_it_is_still_needed() {
    let rx = prescription(&TWO);
    let on = |when: &str, needed| {
        let filled = fill_under(&profile(), &rx, when, |judgment, _| judgment.still_needed = needed);
        filled.map_or_else(|code| code, |_| "filled".to_owned())
    };
    assert_eq!(on("2026-05-31T12:00:00-07:00", StillNeeded::NotAsked), "filled");
    assert_eq!(on("2026-06-01T12:00:00-07:00", StillNeeded::NotAsked), "LAW-1306.11-STILL-NEEDED");
    assert_eq!(on("2026-06-01T12:00:00-07:00", StillNeeded::Determined), "filled");
}

/// Requirements: epcs-1311.175-a, epcs-1306.08-b
#[test]
fn with_the_applications_gate_closed_nothing_electronic_is_filled_or_released() {
    let closed = Premises { application: Compliance::NonCompliant, ..Premises::default() };
    let rx = prescription(&TWO);
    let refused = fill_under(&profile(), &rx, WHEN, |_, conditions| conditions.premises = closed);
    assert_eq!(refused.map(|_| ()), Err("LAW-1311.175-PHARMACY".to_owned()));
    let unregistered = Premises { registration: Status::Suspended, ..Premises::default() };
    let refused = fill_under(&profile(), &rx, WHEN, |_, conditions| conditions.premises = unregistered);
    assert_eq!(refused.map(|_| ()), Err("LAW-1306.06-PHARMACY".to_owned()));
    let filling = fill_under(&profile(), &rx, WHEN, |_, _| ()).expect("filled");
    let rx = apply(&rx, &filling.events);
    let release = |premises| {
        let pick_up = PickUp { premises, ..pick_up("the patient") };
        let released = rx.release(&profile(), 1, &pick_up, &technician(), at("2026-03-02T14:00:00-07:00"));
        released.map(|_| ()).map_err(|refusal| refusal.code.0)
    };
    assert_eq!(release(closed), Err("LAW-1311.175-PHARMACY"));
    assert_eq!(release(Premises::default()), Ok(()));
}

#[test]
fn where_a_state_requires_it_the_monitoring_programme_is_asked_first_and_the_look_is_kept() {
    let text = "edition = \"state.XX\"\n[parameter.\"pdmp.check\"]\nvalue = [\"new-drug\"]\ncite = \"State law\"\n";
    let strict = Profile::strictest().in_state(Arc::new(Overlay::parse(text).expect("an overlay")));
    let rx = prescription(&TWO);
    let look = || Look { at: at(WHEN), found: "two fillings by one prescriber".to_owned() };
    let on = |look: Option<Look>, drug| {
        fill_under(&strict, &rx, WHEN, |_, conditions| {
            conditions.monitoring = Some(MonitoringCheck { look, drug, area: Area::Within });
        })
    };
    assert_eq!(on(None, DrugFor::NewPatient).map(|_| ()), Err("LAW-PDMP-CHECK".to_owned()));
    assert!(on(None, DrugFor::KnownPatient).is_ok());
    let filling = on(Some(look()), DrugFor::NewPatient).expect("filled");
    assert_eq!(apply(&rx, &filling.events).fillings()[0].monitoring, Some(look()));
}

/// Requirements: epcs-1306.22-h, epcs-1306.22-g, pharm-erec-one-system-only
#[test]
fn a_refill_is_entered_in_the_one_system_that_the_pharmacy_keeps_for_it() {
    let rx = prescription(&RX);
    let first = fill_under(&profile(), &rx, WHEN, |_, _| ()).expect("filled");
    let rx = apply(&rx, &first.events);
    let refill = |keeping: Keeping| {
        let when = "2026-04-02T13:00:00-07:00";
        fill_under(&profile(), &rx, when, |_, conditions| conditions.keeping = Some(keeping)).map(|_| ())
    };
    let keeping = Keeping { chosen: RefillSystem::Computer, entered: None, unentered: 0 };
    assert_eq!(refill(keeping), Ok(()));
    for entered in [RefillSystem::Manual, RefillSystem::Computer] {
        let refused = refill(Keeping { entered: Some(entered), ..keeping });
        assert_eq!(
            refused,
            Err("LAW-1306.22-PART-1311".to_owned()),
            "an electronic prescription, entered by {entered}"
        );
    }
    assert_eq!(refill(Keeping { unentered: 1, ..keeping }), Err("LAW-1306.22-UNENTERED".to_owned()));
    let paper = common::paper_prescription(&RX);
    let first = fill_under(&profile(), &paper, WHEN, |_, _| ()).expect("filled");
    let paper = apply(&paper, &first.events);
    let refill = |chosen, entered| {
        let keeping = Keeping { chosen, entered: Some(entered), unentered: 0 };
        let when = "2026-04-02T13:00:00-07:00";
        fill_under(&profile(), &paper, when, |_, conditions| conditions.keeping = Some(keeping)).map(|_| ())
    };
    assert_eq!(refill(RefillSystem::Computer, RefillSystem::Computer), Ok(()));
    assert_eq!(refill(RefillSystem::Computer, RefillSystem::Manual), Err("LAW-1306.22-ONE-SYSTEM".to_owned()));
    assert_eq!(refill(RefillSystem::Manual, RefillSystem::Computer), Err("LAW-1306.22-ONE-SYSTEM".to_owned()));
}

/// Requirements: pharm-label-affixed-before-release
#[test]
fn nothing_is_released_before_its_label_is_affixed() {
    let rx = prescription(&RX);
    let filling =
        fill_under(&profile(), &rx, WHEN, |_, conditions| conditions.label = LabelStep::Later).expect("filled");
    let rx = apply(&rx, &filling.events);
    let when = at("2026-03-02T14:00:00-07:00");
    let release = |rx: &Prescription| {
        rx.hand_over(&profile(), 1, &pick_up("the patient"), &technician(), when).map(|_| ()).map_err(|no| no.code.0)
    };
    assert_eq!(release(&rx), Err("PHARM-LABEL"));
    let other = rx.affix_label(2, &pharmacist(), when).expect_err("no such filling");
    assert_eq!(other.code.0, "PHARM-FILLING-STATE");
    let labelled = apply(&rx, &rx.affix_label(1, &pharmacist(), when).expect("affixed"));
    assert_eq!(release(&labelled), Ok(()));
}

/// Requirements: pharm-release-patient-or-household, pharm-flag-ask-identification
#[test]
fn who_picks_up_is_recorded_with_relation_and_identification_and_a_stranger_gets_nothing() {
    let rx = prescription(&RX);
    let filling = fill_under(&profile(), &rx, WHEN, |_, _| ()).expect("filled");
    let rx = apply(&rx, &filling.events);
    let when = at("2026-03-02T14:00:00-07:00");
    let identity = Identity {
        acquaintance: Acquaintance::Unknown,
        document: Some(PickupDocument::DriversLicence),
        last_digits: Some("4417".to_owned()),
        matching: vec![Identifier::Name],
        differing: Vec::new(),
    };
    let with = |to, identity: Option<Identity>| {
        let pick_up = PickUp { identity, ..PickUp::by_hand(to, "Robin Sample, brother") };
        rx.release(&profile(), 1, &pick_up, &technician(), when)
    };
    let code = |found: Result<theriac_pharmacy::Release, theriac_model::Refusal>| found.expect_err("refused").code.0;
    assert_eq!(code(with(Recipient::Other, Some(identity.clone()))), "LAW-DISPENSE-TO");
    let club = Identity { document: Some(PickupDocument::Other), ..identity.clone() };
    assert_eq!(code(with(Recipient::HouseholdMember, Some(club))), "LAW-PICKUP-KIND");
    let differing = Identity { differing: vec![Identifier::BirthDate], ..identity.clone() };
    assert_eq!(code(with(Recipient::HouseholdMember, Some(differing))), "LAW-PICKUP-DIFFERS");
    let unknown = Identity { acquaintance: Acquaintance::Unknown, ..Identity::known() };
    let warned = with(Recipient::HouseholdMember, Some(unknown)).expect("a warning only");
    assert_eq!(warned.warnings.iter().map(|warning| warning.code.0).collect::<Vec<_>>(), ["LAW-PICKUP-RECOMMENDED"]);
    let released = with(Recipient::HouseholdMember, Some(identity.clone())).expect("released");
    assert_eq!(released.warnings, []);
    let after = apply(&rx, &released.moved.events);
    let FillingState::HandedOver { by, recipient, details, .. } = &after.fillings()[0].state else {
        panic!("released")
    };
    let details = details.as_ref().expect("kept");
    assert_eq!((by.full_name.as_str(), recipient.as_str()), ("Jo Novak", "Robin Sample, brother"));
    assert_eq!((details.to, details.identity.as_ref()), (Recipient::HouseholdMember, Some(&identity)));
}

#[test]
fn a_sign_raised_after_filling_stops_the_release_until_it_is_resolved() {
    let rx = prescription(&TWO);
    let filling = fill_under(&profile(), &rx, WHEN, |_, _| ()).expect("filled");
    let rx = screened(&apply(&rx, &filling.events), |screen| {
        screen.notes =
            vec![StaffNote { kind: StaffNoteKind::Behaviour, author: "novak".to_owned(), at: at(WHEN).into() }];
    });
    let release = |rx: &Prescription| {
        let when = at("2026-03-02T14:00:00-07:00");
        rx.hand_over(&profile(), 1, &pick_up("the patient"), &technician(), when).map(|_| ()).map_err(|no| no.code.0)
    };
    assert_eq!(release(&rx), Err("LAW-FLAGS-OPEN"));
    let resolved = decided(&rx, &about(Flag::Behaviour, FlagDecision::Resolved)).expect("decided");
    assert_eq!(release(&resolved), Ok(()));
}
