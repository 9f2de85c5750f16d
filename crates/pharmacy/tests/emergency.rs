//! After an oral order of schedule II: what follows, what is annotated, and what becomes of the authority.

mod common;
use common::{RX, Rx, archive, arrived, at, contents, number, pharmacist, profile, registrant, tablets, with_supply};
use jiff::civil::{Date, date};
use theriac_law::vocab::{Authority, Delivery};
use theriac_model::{DeaNumber, Element, Schedule};
use theriac_pharmacy::{
    ByHand, Call, Came, Circumstance, DrugFile, Emergency, Event, FollowUp, FollowUpDocument, Narcotic, OnFace,
    Prescription, TakingIn, Twin, take_in,
};

const TWO: Rx = Rx { schedule: Schedule::II, refills: 0, ..RX };
const HOLIDAYS: [Date; 0] = [];

fn apply(rx: &Prescription, events: &[Event]) -> Prescription {
    let mut rx = rx.clone();
    for event in events {
        rx.apply(event).expect("foldable");
    }
    rx
}

/// An oral order of Monday, 2 March 2026, not yet dispensed.
fn ordered() -> Prescription {
    let circumstances = vec![
        Circumstance::ImmediateNeed,
        Circumstance::NoAlternative,
        Circumstance::WrittenNotPossible,
        Circumstance::PractitionerKnown,
    ];
    let emergency = Some(Emergency { circumstances, needed: tablets(30), why: "acute pain".to_owned() });
    let (called, written) = (at("2026-03-02T12:20:00-07:00"), at("2026-03-02T12:25:00-07:00"));
    let hand = ByHand {
        number: number("RX200001"),
        pharmacy: DeaNumber::parse("FT1234563").expect("a DEA number"),
        archive: archive(),
        at: at("2026-03-02T12:30:00-07:00"),
        by: pharmacist().person().clone(),
        contents: contents(&TWO),
        came: Came::Call(Box::new(Call { agent: None, called, written, emergency })),
        registrant: registrant(),
        drug: DrugFile::Scheduled(Schedule::II),
        narcotic: Narcotic::Narcotic,
        aside: theriac_pharmacy::Aside::default(),
        twin: Twin::None,
    };
    match take_in(&profile(), hand) {
        TakingIn::Accepted(events) => Prescription::replay(&events).expect("consistent"),
        TakingIn::Refused { refusals, .. } => panic!("refused: {refusals:?}"),
    }
}

fn dispensed() -> Prescription {
    let rx = ordered();
    let filled = with_supply("2026-03-02T13:00:00-07:00", |supply| rx.fill(&profile(), supply)).expect("a filling");
    apply(&rx, &filled.events)
}

fn paper(received: Date) -> FollowUp {
    FollowUp {
        by: Delivery::Hand,
        received,
        postmarked: None,
        statement: OnFace::Stands,
        oral_date: OnFace::Stands,
        quantity: tablets(30),
        document: FollowUpDocument::Paper { archive: archive(), filed: "II 2026/21".to_owned() },
    }
}

fn follow(rx: &Prescription, what: &FollowUp) -> Result<Prescription, String> {
    let when = at(&format!("{}T10:00:00-07:00", what.received));
    let events = rx.follow_up(&profile(), &pharmacist(), when, what);
    events.map(|events| apply(rx, &events)).map_err(|refusal| refusal.code.to_string())
}

/// Requirements: epcs-1306.11-d-4-4, pharm-emergency-attach
#[test]
fn paper_that_follows_in_seven_days_is_attached_to_the_record_of_the_oral_order() {
    let rx = dispensed();
    assert_eq!(rx.open_duties().map(|duty| duty.code.as_str()).collect::<Vec<_>>(), ["obtain-followup"]);
    assert_eq!(
        rx.open_duties().next().and_then(|duty| duty.due).map(|due| due.to_string()).as_deref(),
        Some("2026-03-09")
    );
    let attached = follow(&rx, &paper(date(2026, 3, 9))).expect("the seventh day");
    let found = attached.followed_up().expect("attached");
    assert_eq!(found.what.document, FollowUpDocument::Paper { archive: archive(), filed: "II 2026/21".to_owned() });
    assert_eq!(found.pharmacist.full_name, "Ana Rivera");
    assert_eq!(
        (attached.open_duties().count(), attached.authority(&profile(), date(2026, 4, 1))),
        (0, Some(Authority::Stands))
    );
    let code = |what: &FollowUp| follow(&rx, what).expect_err("refused");
    assert_eq!(code(&paper(date(2026, 3, 10))), "LAW-1306.11-FOLLOWUP-LATE");
    let mailed = FollowUp { by: Delivery::Mail, postmarked: Some(date(2026, 3, 9)), ..paper(date(2026, 3, 13)) };
    assert!(follow(&rx, &mailed).is_ok());
    let late = FollowUp { postmarked: Some(date(2026, 3, 10)), ..mailed };
    assert_eq!(code(&late), "LAW-1306.11-FOLLOWUP-LATE");
    let faceless = FollowUp { statement: OnFace::Absent, ..paper(date(2026, 3, 4)) };
    assert_eq!(code(&faceless), "LAW-1306.11-FOLLOWUP-FACE");
    let undated = FollowUp { oral_date: OnFace::Absent, ..paper(date(2026, 3, 4)) };
    assert_eq!(code(&undated), "LAW-1306.11-FOLLOWUP-FACE");
    let other = FollowUp { quantity: tablets(60), ..paper(date(2026, 3, 4)) };
    assert_eq!(code(&other), "LAW-1306.11-FOLLOWUP-QUANTITY");
    assert_eq!(follow(&attached, &paper(date(2026, 3, 9))).expect_err("twice"), "PHARM-FOLLOWED-UP");
    assert_eq!(follow(&common::prescription(&TWO), &paper(date(2026, 3, 4))).expect_err("none"), "PHARM-NO-EMERGENCY");
}

/// Requirements: epcs-1306.11-d-4-5, pharm-emergency-electronic-follow-up
#[test]
fn an_electronic_follow_up_is_annotated_with_the_authorisation_and_the_date_and_is_never_dispensed() {
    let rx = dispensed();
    let electronic = |rx: &Rx| {
        let mut message = arrived(rx);
        message.number = number("RX300001");
        Prescription::replay(&common::accepted(message)).expect("consistent")
    };
    let follow_up = electronic(&TWO);
    let document = FollowUpDocument::Electronic { number: number("RX300001") };
    let what = FollowUp { by: Delivery::Electronic, document, ..paper(date(2026, 3, 4)) };
    let attach = |follow_up: &Prescription, words: &str, day: Option<Date>| {
        let when = at("2026-03-04T10:00:00-07:00");
        rx.follow_up_electronic(&profile(), &pharmacist(), when, (&what, follow_up), words, day)
    };
    let words = "Dr. Baker by telephone, 2 March, 30 tablets for acute pain";
    let ordered = Some(date(2026, 3, 2));
    let refused = |words: &str, day: Option<Date>| attach(&follow_up, words, day).expect_err("lacks").field;
    assert_eq!(refused(" ", ordered).as_deref(), Some("entry.missing: authorization-text"));
    assert_eq!(refused(words, None).as_deref(), Some("entry.missing: oral-order-date"));
    assert_eq!(refused(words, Some(date(2026, 3, 3))).as_deref(), Some("entry.missing: oral-order-date"));
    let code =
        |follow_up: &Prescription| attach(follow_up, words, ordered).map(|_| ()).map_err(|refusal| refusal.code.0);
    let mut stranger = arrived(&TWO);
    stranger.contents.clear(Element::PatientLast);
    stranger.contents.set(Element::PatientLast, "Other").expect("fits");
    stranger.signature = theriac_pharmacy::SignatureCheck::NoSignature;
    let stranger = Prescription::replay(&common::accepted(stranger)).expect("consistent");
    assert_eq!(code(&stranger), Err("PHARM-FOLLOWUP-OTHER"));
    let attached = attach(&follow_up, words, ordered).expect("attached");
    let (oral, written) = (apply(&rx, &attached.oral), apply(&follow_up, &attached.follow_up));
    assert_eq!(oral.followed_up().map(|found| &found.what.document), Some(&what.document));
    let note = written.follows().expect("annotated");
    assert_eq!(
        (&note.oral, note.oral_order, note.authorization.as_str()),
        (&number("RX200001"), date(2026, 3, 2), words)
    );
    assert_eq!((note.by.full_name.as_str(), written.status().word()), ("Ana Rivera", "attached"));
    assert_eq!(written.received(), follow_up.received(), "what was signed is unchanged");
    let refusal =
        with_supply("2026-03-04T11:00:00-07:00", |supply| written.fill(&profile(), supply)).expect_err("closed");
    assert_eq!(refusal.code.0, "PHARM-CLOSED");
}

/// Requirements: epcs-1306.11-d-4-6, epcs-1306.11-d-4-7, pharm-emergency-notify-dea, pharm-emergency-failure-voids-authority
#[test]
fn when_nothing_follows_dea_is_told_and_until_then_the_authority_is_void() {
    let rx = dispensed();
    let on = |rx: &Prescription, day: Date| rx.authority(&profile(), day);
    assert_eq!((on(&rx, date(2026, 3, 9)), on(&rx, date(2026, 3, 10))), (Some(Authority::Open), Some(Authority::Void)));
    assert_eq!(rx.overdue(&profile(), at("2026-03-09T23:59:59-07:00"), &HOLIDAYS), []);
    assert_eq!(rx.dea_notice(&profile(), date(2026, 3, 9)), None);
    let late = apply(&rx, &rx.overdue(&profile(), at("2026-03-10T00:00:00-07:00"), &HOLIDAYS));
    let duty = late.open_duties().find(|duty| duty.code == "notify-dea").expect("raised");
    assert_eq!(duty.due.map(|due| due.to_string()).as_deref(), Some("2026-03-10"), "the next business day");
    assert_eq!(late.overdue(&profile(), at("2026-03-11T00:00:00-07:00"), &HOLIDAYS), [], "raised once");
    let notice = late.dea_notice(&profile(), date(2026, 3, 10)).expect("owed");
    assert_eq!((notice.practitioner.as_str(), notice.registration.as_str()), ("Avery Baker", "AB1234563"));
    assert_eq!((notice.patient.as_str(), notice.drug.as_str()), ("Pat Sample", "Testodrin 10 mg Tablet"));
    assert_eq!((notice.dispensed_units, notice.oral_order, notice.due), (30, date(2026, 3, 2), date(2026, 3, 9)));
    let unsaid =
        late.notified_dea(&pharmacist(), at("2026-03-10T09:00:00-07:00"), " ", "telephone").expect_err("no office");
    assert_eq!((unsaid.code.0, unsaid.field.as_deref()), ("PHARM-TEXT", Some("office")));
    assert_eq!(on(&late, date(2026, 3, 20)), Some(Authority::Void), "void until somebody tells DEA");
    let told = late.notified_dea(
        &pharmacist(),
        at("2026-03-10T09:00:00-07:00"),
        "Phoenix field office",
        "telephone, then letter",
    );
    let told = apply(&late, &told.expect("told"));
    assert_eq!(
        (on(&told, date(2026, 3, 10)), told.dea_notice(&profile(), date(2026, 3, 10))),
        (Some(Authority::Stands), None)
    );
    assert!(!told.open_duties().any(|duty| duty.code == "notify-dea"));
    assert_eq!(told.told_dea().map(|told| told.office.as_str()), Some("Phoenix field office"));
    assert_eq!(ordered().authority(&profile(), date(2026, 4, 1)), None, "nothing was dispensed on it");
}
