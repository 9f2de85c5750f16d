//! Paper and its file, labels, practitioners' numbers, and what one prescription shows beside others.

mod common;
use common::{
    RX, Rx, arrived, at, number, paper_prescription, pharmacist, prescription, profile, tablets, with_supply,
};
use theriac_law::Profile;
use theriac_law::vocab::{DrugClass, File, Flag};
use theriac_model::{CanonicalContents, DeaNumber, Element, Schedule};
use theriac_pharmacy::{
    Activity, AnnotationKind, Answered, Event, Filing, FilingScheme, Finding, Label, Moment, Note, OralAuthorization,
    Part, Pharmacy, Prescription, Presentation, Regular, SchemeChosen, SignatureCheck, compare,
};

const TWO: Rx = Rx { schedule: Schedule::II, refills: 0, ..RX };
const WHEN: &str = "2026-03-02T13:00:00-07:00";

fn apply(rx: &Prescription, events: &[Event]) -> Prescription {
    let mut rx = rx.clone();
    for event in events {
        rx.apply(event).unwrap_or_else(|problem| panic!("{}: {problem}", event.kind()));
        assert_eq!(Event::from_json(event.kind(), &event.to_json()).as_ref(), Ok(event), "stored and read back");
    }
    rx
}

fn filing() -> Filing {
    Filing {
        file: None,
        location: DeaNumber::parse("FT1234563").expect("a DEA number"),
        position: "2026/117".to_owned(),
        red_c_tenths: 0,
        finding: Finding::DoesNot,
    }
}

/// The file in which a paper prescription of `schedule` lies, or the refusal's code.
fn filed(schedule: Schedule, scheme: FilingScheme, change: impl FnOnce(&mut Filing)) -> String {
    let rx = paper_prescription(&Rx { schedule, refills: 0, ..RX });
    let mut filing = filing();
    change(&mut filing);
    match rx.file_paper(&profile(), &pharmacist(), at(WHEN), scheme, &filing) {
        Ok(events) => {
            let after = apply(&rx, &events);
            assert!(rx.is_to_be_filed() && !after.is_to_be_filed());
            after.filed().expect("filed").file.to_string()
        }
        Err(refusal) => refusal.code.to_string(),
    }
}

/// Requirements: epcs-1304.04-h-2, epcs-1304.04-h-4-1, pharm-files-three-file-option
#[test]
fn paper_of_schedule_ii_lies_in_a_file_of_its_own_at_the_registered_location() {
    use FilingScheme::ThreeFiles;
    assert_eq!(filed(Schedule::II, ThreeFiles, |_| ()), "schedule-ii");
    for schedule in [Schedule::III, Schedule::IV, Schedule::V] {
        assert_eq!(filed(schedule, ThreeFiles, |_| ()), "schedule-iii-v");
    }
    for file in [File::ScheduleIiiV, File::General] {
        assert_eq!(filed(Schedule::II, ThreeFiles, |filing| filing.file = Some(file)), "LAW-1304.04-FILE");
    }
    let away = |filing: &mut Filing| filing.location = DeaNumber::parse("FV7654329").expect("a DEA number");
    assert_eq!(filed(Schedule::II, ThreeFiles, away), "PHARM-FILE-PLACE");
    assert_eq!(filed(Schedule::III, ThreeFiles, away), "PHARM-FILE-PLACE");
    assert_eq!(filed(Schedule::III, ThreeFiles, |filing| filing.position.clear()), "PHARM-TEXT");
    let other = |filing: &mut Filing| (filing.file, filing.red_c_tenths) = (Some(File::General), 10);
    assert_eq!(filed(Schedule::III, ThreeFiles, other), "PHARM-FILE-SCHEME", "one scheme for all");
    let electronic = prescription(&TWO).file_paper(&profile(), &pharmacist(), at(WHEN), ThreeFiles, &filing());
    assert_eq!(electronic.expect_err("no paper").code.0, "LAW-1304.04-MEDIUM");
    assert!(!prescription(&TWO).is_to_be_filed());
}

/// Requirements: pharm-files-two-file-option
#[test]
fn in_a_shared_file_schedules_iii_to_v_count_as_filed_with_a_red_c_an_inch_high() {
    use FilingScheme::TwoFiles;
    assert_eq!(filed(Schedule::II, TwoFiles, |_| ()), "schedule-ii");
    for schedule in [Schedule::III, Schedule::IV, Schedule::V] {
        for (tenths, expected) in [(0, "LAW-1304.04-RED-C"), (9, "LAW-1304.04-RED-C"), (10, "general")] {
            assert_eq!(
                filed(schedule, TwoFiles, |filing| filing.red_c_tenths = tenths),
                expected,
                "{schedule} {tenths}"
            );
        }
        assert_eq!(filed(schedule, TwoFiles, |filing| filing.finding = Finding::Finds), "general", "{schedule}");
    }
}

#[test]
fn a_choice_of_scheme_is_read_back_with_its_date_and_person() {
    let chosen = SchemeChosen { scheme: FilingScheme::TwoFiles, at: at(WHEN), by: pharmacist().person().clone() };
    assert_eq!(SchemeChosen::from_json(SchemeChosen::KIND, &chosen.to_json()), Ok(chosen.clone()));
    assert!(SchemeChosen::from_json("filing.other", &chosen.to_json()).is_err());
}

fn own() -> Pharmacy {
    Pharmacy {
        name: "Corner Pharmacy".to_owned(),
        address: "9 Main Street, Phoenix, AZ 85003".to_owned(),
        registration: DeaNumber::parse("FT1234563").ok(),
        number: String::new(),
    }
}

/// Requirements: pharm-label-contents
#[test]
fn a_label_shows_every_required_item_or_is_not_printed() {
    for schedule in [Schedule::II, Schedule::III, Schedule::IV, Schedule::V] {
        let rx = prescription(&Rx { schedule, refills: 0, ..RX });
        let done = with_supply(WHEN, |supply| rx.fill(&profile(), supply)).expect("filled");
        let rx = apply(&rx, &done.events);
        let filling = &rx.fillings()[0];
        let check = |change: fn(&mut Label, &mut Pharmacy)| {
            let (mut label, mut own) = (done.label.clone(), own());
            change(&mut label, &mut own);
            let found = rx.check_label(&profile(), filling, &label, &own);
            found.map_err(|refusal| refusal.field.unwrap_or_default().replace("label.missing: ", ""))
        };
        assert_eq!(check(|_, _| ()), Ok(()), "{schedule}");
        assert_eq!(done.label.filled.to_string(), "2026-03-02");
        let lacks = |item: &str| Err(item.to_owned());
        assert_eq!(check(|_, own| own.name.clear()), lacks("pharmacy-name-address"));
        assert_eq!(check(|_, own| own.address.clear()), lacks("pharmacy-name-address"));
        assert_eq!(check(|label, _| label.number.clear()), lacks("serial-number"));
        assert_eq!(check(|label, _| label.patient.clear()), lacks("patient-name"));
        assert_eq!(check(|label, _| label.practitioner.clear()), lacks("practitioner-name"));
        assert_eq!(check(|label, _| label.directions.clear()), lacks("directions"));
        let unwarned = check(|label, _| label.warning = None);
        assert_eq!(unwarned, if schedule == Schedule::V { Ok(()) } else { lacks("transfer-warning") });
    }
}

#[test]
fn the_label_of_a_refill_shows_the_date_of_the_first_filling_too() {
    let rx = prescription(&RX);
    let rx = apply(&rx, &with_supply(WHEN, |supply| rx.fill(&profile(), supply)).expect("filled").events);
    let refill =
        with_supply("2026-04-02T13:00:00-07:00", |supply| rx.refill(&profile(), supply, None)).expect("a refill");
    assert_eq!(refill.label.first_filled.map(|day| day.to_string()).as_deref(), Some("2026-03-02"));
    let rx = apply(&rx, &refill.events);
    let undated = Label { first_filled: None, ..refill.label };
    let found = rx.check_label(&Profile::in_force(), &rx.fillings()[1], &undated, &own()).expect_err("undated");
    assert_eq!(found.field.as_deref(), Some("label.missing: first-fill-date"));
}

fn from_number(registration: &str, last_name: &str, activity: Activity) -> Prescription {
    let mut message = arrived(&TWO);
    let set = |contents: &mut CanonicalContents, element: Element, value: &str| {
        contents.clear(element);
        contents.set(element, value).expect("fits");
    };
    set(&mut message.contents, Element::Registration, registration);
    set(&mut message.contents, Element::PractitionerLast, last_name);
    message.signature = SignatureCheck::NoSignature;
    message.registrant.found.as_mut().expect("a row").activity = activity;
    Prescription::replay(&common::accepted(message)).expect("consistent")
}

/// Requirements: pharm-rx-dea-number-second-letter
#[test]
fn a_second_letter_that_does_not_fit_the_name_is_a_warning_that_a_note_resolves() {
    let jones = from_number("MJ3614511", "Jones", Activity::MidLevel);
    assert_eq!(jones.number_warning(&profile(), at(WHEN)), None);
    let smith = from_number("MJ3614511", "Smith", Activity::MidLevel);
    let warning = smith.number_warning(&profile(), at(WHEN)).expect("a warning");
    assert!(warning.code.0.starts_with("LAW-1301"), "{warning}");
    assert!(with_supply(WHEN, |supply| smith.fill(&profile(), supply)).is_ok(), "never a refusal");
    let note = Note {
        kind: AnnotationKind::Clarification,
        text: "registered before marriage as Jones; confirmed with the board".to_owned(),
        contact: None,
        corrects: None,
    };
    let noted = apply(&smith, &smith.annotate(&pharmacist(), at(WHEN), &note).expect("a note"));
    assert_eq!(noted.number_warning(&profile(), at(WHEN)), None);
}

/// Requirements: pharm-rx-hospital-code-verification
#[test]
fn what_the_hospital_answers_about_a_code_is_kept_and_a_no_blocks_dispensing() {
    let rx = from_number("AB1234563-012", "Baker", Activity::Institution);
    let fill = |rx: &Prescription| {
        let found = with_supply("2026-03-02T14:00:00-07:00", |supply| rx.fill(&profile(), supply));
        found.map(|_| ()).map_err(|refusal| refusal.code.0)
    };
    let nobody = rx.verify_code(&pharmacist(), at(WHEN), " ", Answered::Yes).expect_err("nobody");
    assert_eq!((nobody.code.0, nobody.field.as_deref()), ("PHARM-TEXT", Some("asked")));
    let answered = |rx: &Prescription, answer| {
        apply(rx, &rx.verify_code(&pharmacist(), at(WHEN), "medical staff office, R. Diaz", answer).expect("asked"))
    };
    let denied = answered(&rx, Answered::No);
    assert_eq!(fill(&denied), Err("PHARM-CODE-DENIED"));
    let kept = &denied.code_answers()[0];
    assert_eq!((kept.asked.as_str(), kept.at, kept.answer), ("medical staff office, R. Diaz", at(WHEN), Answered::No));
    assert_eq!(fill(&answered(&denied, Answered::Yes)), Ok(()));
    assert_eq!(fill(&rx), Ok(()));
    let own = prescription(&TWO).verify_code(&pharmacist(), at(WHEN), "x", Answered::Yes).expect_err("no code");
    assert_eq!(own.code.0, "PHARM-NO-CODE");
}

fn presentation(no: u32, when: &str, patient: &str) -> Presentation {
    Presentation {
        number: number(&format!("RX{no}")),
        at: Moment::parse(when).expect("an instant"),
        patient: patient.to_owned(),
        presenter: patient.to_owned(),
        prescriber: DeaNumber::parse("AB1234563").expect("a DEA number"),
        class: DrugClass::Opioid,
        drug: "Testodrin 10 mg Tablet".to_owned(),
        units: 120,
        days_supply: Some(30),
        miles: Some(5),
        regular: Regular::Regular,
    }
}

/// The signs that a comparison raises.
fn raised(screen: &theriac_law::facts::Screen) -> Vec<Flag> {
    let rx = prescription(&TWO);
    let rx = apply(&rx, &rx.screen(&profile(), &common::technician(), at(WHEN), screen).expect("screened"));
    rx.open_flags().map(|open| open.flag).collect()
}

/// Requirements: pharm-flag-simultaneous-group
#[test]
fn alike_prescriptions_of_one_prescriber_within_half_an_hour_are_a_group_and_are_listed() {
    let before = |minute: u32| {
        presentation(minute, &format!("2026-03-02T10:{minute:02}:00-07:00"), &format!("patient {minute}"))
    };
    let this = before(30);
    let group = compare(&this, &[before(0), before(10), before(20)]);
    assert_eq!(group.alike, [number("RX0"), number("RX10"), number("RX20")]);
    assert_eq!((group.screen.alike_today, group.screen.alike_minutes_ago.clone()), (4, vec![0, 30, 20, 10]));
    assert!(raised(&group.screen).contains(&Flag::Group));
    let mut other_drug = before(20);
    other_drug.drug = "Samplodrin 5 mg Tablet".to_owned();
    let mut other_prescriber = before(10);
    other_prescriber.prescriber = DeaNumber::parse("BB1234563").expect("a DEA number");
    let none = compare(&this, &[other_drug, other_prescriber]);
    assert_eq!((none.alike.len(), none.screen.alike_today), (0, 1));
    assert!(!raised(&none.screen).contains(&Flag::Group));
    let yesterday = presentation(5, "2026-03-01T10:30:00-07:00", "patient 5");
    assert_eq!(compare(&this, &[yesterday]).alike.len(), 0);
}

/// Requirements: pharm-flag-strangers-same-prescriber
#[test]
fn strangers_from_afar_with_prescriptions_of_one_prescriber_raise_the_sign() {
    let stranger = |no: u32| Presentation {
        regular: Regular::New,
        miles: Some(120),
        ..presentation(no, &format!("2026-03-02T10:{no:02}:00-07:00"), &format!("stranger {no}"))
    };
    let third = compare(&stranger(3), &[stranger(1), stranger(2)]);
    assert_eq!((third.strangers.clone(), third.screen.new_patients_today), (vec![number("RX1"), number("RX2")], 3));
    let flags = raised(&third.screen);
    assert!(flags.contains(&Flag::Strangers) && flags.contains(&Flag::Distance), "{flags:?}");
    assert!(!raised(&compare(&stranger(2), &[stranger(1)]).screen).contains(&Flag::Strangers));
}

/// Requirements: pharm-flag-other-names
#[test]
fn who_presented_prescriptions_in_other_names_is_shown_the_next_time() {
    let brought = |no: u32, when: &str| Presentation { presenter: "sam".to_owned(), ..presentation(no, when, "alex") };
    let later = brought(2, "2026-05-02T10:00:00-07:00");
    let found = compare(&later, &[brought(1, "2026-03-02T10:00:00-07:00")]);
    assert_eq!((found.other_names.clone(), found.screen.in_other_names), (vec![number("RX1")], 2));
    assert!(raised(&found.screen).contains(&Flag::OtherNames));
    let own = Presentation { presenter: "sam".to_owned(), ..presentation(3, "2026-06-02T10:00:00-07:00", "sam") };
    let shown = compare(&own, &[brought(1, "2026-03-02T10:00:00-07:00")]);
    assert_eq!((shown.other_names, shown.screen.in_other_names), (vec![number("RX1")], 1), "the earlier one is shown");
}

#[test]
fn several_prescribers_and_an_early_return_are_counted_over_the_patients_own_history() {
    let mut first = presentation(1, "2026-03-02T10:00:00-07:00", "alex");
    first.prescriber = DeaNumber::parse("BB1234563").expect("a DEA number");
    let this = presentation(2, "2026-03-09T10:00:00-07:00", "alex");
    let found = compare(&this, &[first.clone()]);
    assert_eq!(
        (found.screen.prescribers, found.screen.last_supply_days, found.screen.days_since_last),
        (2, Some(30), Some(7))
    );
    let flags = raised(&found.screen);
    assert!(flags.contains(&Flag::MultiplePrescribers) && flags.contains(&Flag::TooFrequent), "{flags:?}");
    first.at = Moment::parse("2025-12-01T10:00:00-07:00").expect("an instant");
    assert_eq!(compare(&this, &[first]).screen.prescribers, 1, "longer ago than the period");
}

/// Requirements: epcs-1306.08-c
#[test]
fn a_note_that_lacks_something_is_refused_and_names_it() {
    let field =
        |found: Result<(), theriac_model::Refusal>| found.expect_err("lacks").field.unwrap_or_default().into_owned();
    let rx = prescription(&RX);
    let added = |practitioner: &str, additional: u32| {
        let practitioner = practitioner.to_owned();
        let authorization = OralAuthorization { at: at(WHEN), additional, quantity: tablets(30), practitioner };
        rx.add_refills(&profile(), &pharmacist(), &authorization).map(|_| ())
    };
    assert_eq!(field(added("", 1)), "practitioner");
    assert_eq!(field(added("Avery Baker", 0)), "additional");
    let unmarked = Part { notation: None, ..Part::ltcf(tablets(1)) };
    let part = with_supply(WHEN, |supply| prescription(&TWO).partial_fill(&profile(), supply, &unmarked)).map(|_| ());
    assert_eq!(field(part), "request.notation");
    // A pharmacist without a full name does not exist, so neither does a refill or a part without one.
    let nameless = theriac_pharmacy::Person::new(pharmacist().person().actor.clone(), "A. R.");
    assert_eq!(field(theriac_pharmacy::Pharmacist::new(nameless).map(|_| ())), "pharmacist.name");
    let filled = apply(&rx, &with_supply(WHEN, |supply| rx.fill(&profile(), supply)).expect("filled").events);
    let handed = filled.hand_over(&profile(), 1, &common::pick_up("the patient"), &common::technician(), at(WHEN));
    let filled = apply(&filled, &handed.expect("collected").events);
    let out = theriac_pharmacy::TransferOut {
        to: Pharmacy { registration: None, ..own() },
        standing: theriac_law::vocab::Status::Valid,
        receiver: "Kim Osei".to_owned(),
        between: theriac_law::vocab::Between::Pharmacists,
        database: theriac_pharmacy::Database::Own,
        void_mark: theriac_pharmacy::Mark::Made,
    };
    let left =
        filled.transfer_out(&profile(), &pharmacist(), at("2026-03-04T09:00:00-07:00"), &out, &own()).map(|_| ());
    assert_eq!(field(left), "entry.missing: receiver-number");
    let central = theriac_pharmacy::ToCentral {
        to: Pharmacy { address: String::new(), ..own() },
        relationship: theriac_law::vocab::Relationship::Contract,
        mark: theriac_pharmacy::Mark::Made,
    };
    let sent = rx.send_to_central(&profile(), &pharmacist(), at(WHEN), &central, &own()).map(|_| ());
    assert_eq!(field(sent), "entry.missing: central-address");
    // What an emergency's annotation lacks is walked in `emergency`.
}
