//! Random histories: never more than was authorised, and every event list replays to the same state.

mod common;
use common::{RX, Rx, at, ndc, pharmacist, prescription, profile, tablets, technician, with_supply};
use proptest::prelude::*;
use serde_json::Value;
use theriac_law::facts::Screen;
use theriac_law::vocab::{Between, Change, Relationship, Status};
use theriac_model::json::canonical;
use theriac_model::{DeaNumber, Element, Refusal, Schedule};
use theriac_pharmacy::{
    Amend, AnnotationKind, CancelOrder, Carriage, CentralArrival, Contact, Database, Event, Mark, Note,
    OralAuthorization, Part, Pharmacy, Prescription, Sheet, ToCentral, TransferOut, Unfilled,
};

#[derive(Clone, Debug)]
enum Act {
    Fill,
    Refill(Option<u32>),
    Part(u8, u32),
    Remainder,
    PutBack(u32),
    AddRefills(u32, u32),
    End(u8),
    Note,
    Open,
    Lapse,
    DutyDone(u32),
    Send,
    Back(u32),
    Lost(u32),
    Sheet(u32, u32),
    Leave,
    Amend(u32),
    Screen(u64),
}

fn acts() -> impl Strategy<Value = Vec<(Act, i64)>> {
    let act = prop_oneof![
        3 => Just(Act::Fill),
        4 => prop::option::of(1u32..40).prop_map(Act::Refill),
        6 => (0u8..5, 1u32..40).prop_map(|(basis, count)| Act::Part(basis, count)),
        4 => Just(Act::Remainder),
        3 => (1u32..6).prop_map(Act::PutBack),
        1 => (0u32..4, 1u32..40).prop_map(|(more, count)| Act::AddRefills(more, count)),
        1 => (0u8..12).prop_map(Act::End),
        1 => Just(Act::Note),
        1 => Just(Act::Open),
        1 => Just(Act::Lapse),
        1 => (1u32..3).prop_map(Act::DutyDone),
        3 => Just(Act::Send),
        3 => (1u32..4).prop_map(Act::Back),
        1 => (1u32..4).prop_map(Act::Lost),
        1 => (1u32..4, 1u32..40).prop_map(|(no, count)| Act::Sheet(no, count)),
        1 => Just(Act::Leave),
        1 => (1u32..60).prop_map(Act::Amend),
        1 => (0u64..80).prop_map(Act::Screen),
    ];
    prop::collection::vec((act, 0i64..60), 1..40)
}

fn obey(rx: &Prescription, act: &Act, when: &str) -> Result<Vec<Event>, Refusal> {
    let profile = profile();
    let (who, moment) = (pharmacist(), at(when));
    match act {
        Act::Fill => with_supply(when, |supply| rx.fill(&profile, supply)).map(|done| done.events),
        Act::Refill(count) => {
            with_supply(when, |supply| rx.refill(&profile, supply, count.map(tablets))).map(|done| done.events)
        }
        Act::Part(basis, count) => {
            let make = [Part::general, Part::shortage, Part::requested, Part::ltcf, Part::terminal];
            let part = make[usize::from(*basis)](tablets(*count));
            with_supply(when, |supply| rx.partial_fill(&profile, supply, &part)).map(|done| done.events)
        }
        Act::Remainder => with_supply(when, |supply| rx.remainder(&profile, supply)).map(|done| done.events),
        Act::PutBack(no) => rx.return_to_stock(*no, &who, moment, "not collected").map(|moved| moved.events),
        Act::AddRefills(additional, count) => {
            let (additional, quantity) = (*additional, tablets(*count));
            let practitioner = "Avery Baker".to_owned();
            rx.add_refills(&profile, &who, &OralAuthorization { at: moment, additional, quantity, practitioner })
        }
        Act::End(0) => rx.void(&who, moment, "r"),
        Act::End(1) => rx.decline(&who, moment, "r"),
        Act::End(2) => rx.discontinue(&who, moment, "r"),
        Act::End(_) => {
            let (message, sender) = ("M-9".to_owned(), "6301875277001".to_owned());
            rx.cancel(&CancelOrder { message, sender, at: moment })
        }
        Act::Note => {
            let text = "seen".to_owned();
            rx.annotate(&who, moment, &Note { kind: AnnotationKind::Remark, text, contact: None, corrects: None })
        }
        Act::Open => Ok(rx.open(&technician(), moment, "queue")),
        Act::Lapse => rx.lapse(&profile, moment),
        Act::DutyDone(id) => rx.duty_done(*id, who.person(), moment, "telephone"),
        Act::Send => {
            let (relationship, mark) = (Relationship::Contract, Mark::Made);
            let central = ToCentral { to: elsewhere(), relationship, mark };
            rx.send_to_central(&profile, &who, moment, &central, &elsewhere()).map(|(events, _)| events)
        }
        Act::Back(no) => {
            let (received, carriage) = (Some(moment.date()), Some(Carriage::Contract));
            let (filled_by, ndc) = ("Kim Osei".to_owned(), ndc(common::NDC));
            let arrival = CentralArrival { received, carriage, accepted_by: technician(), filled_by, ndc };
            rx.back_from_central(&profile, *no, moment, &arrival)
        }
        Act::Lost(no) => rx.central_unfilled(*no, &technician(), moment, Unfilled::Lost),
        Act::Sheet(no, count) => {
            let (quantity, recipient) = (tablets(*count), "the patient".to_owned());
            let sheet = Sheet { no: *no, pharmacist: who, at: moment, ndc: ndc(common::NDC), quantity, recipient };
            rx.enter_sheet(&profile, &sheet, &technician(), moment).map(|entry| entry.events)
        }
        Act::Leave => {
            let (standing, receiver) = (Status::Valid, "Kim Osei".to_owned());
            let (between, database, void_mark) = (Between::Pharmacists, Database::Own, Mark::Made);
            let out = TransferOut { to: elsewhere(), standing, receiver, between, database, void_mark };
            rx.transfer_out(&profile, &who, moment, &out, &elsewhere()).map(|leaving| leaving.events)
        }
        Act::Amend(count) => {
            let consulted = Some(Contact { person: "Avery Baker".to_owned(), method: "telephone".to_owned() });
            let (to, why) = (count.to_string(), "agreed".to_owned());
            let amend = Amend { element: Element::QuantityValue, change: Change::Replace, to, consulted, why };
            rx.amend(&profile, &who, moment, &amend)
        }
        Act::Screen(miles) => {
            let screen = Screen { distance_miles: Some(*miles), ..Screen::new() };
            rx.screen(&profile, &technician(), moment, &screen)
        }
    }
}

fn elsewhere() -> Pharmacy {
    Pharmacy {
        name: "Valley Pharmacy".to_owned(),
        address: "9 Main Street".to_owned(),
        registration: DeaNumber::parse("FV7654329").ok(),
        number: String::new(),
    }
}

fn prescriptions() -> impl Strategy<Value = Rx> {
    let schedules = [Schedule::II, Schedule::III, Schedule::IV, Schedule::V];
    let quantities = ["1", "10", "30", "60"];
    (prop::sample::select(schedules.to_vec()), prop::sample::select(quantities.to_vec()), 0u16..8)
        .prop_map(|(schedule, quantity, refills)| Rx { schedule, quantity, refills, ..RX })
}

/// What the law lets one dispense in all on this prescription, with `added` refills: written here a second time, so that a
/// slip in the rulebook or in the record is found.
fn most(rx: &Rx, face: i64, added: i64) -> i64 {
    let refills = match rx.schedule {
        Schedule::I | Schedule::II => 0,
        Schedule::III | Schedule::IV => (i64::from(rx.refills) + added).min(5),
        Schedule::V => i64::from(rx.refills) + added,
    };
    face * (1 + refills)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Requirements: pharm-partial-iii-v-total, pharm-partial-total-limit
    #[test]
    fn no_history_dispenses_more_than_the_law_allows_and_each_replays_to_the_same_state(
        rx in prescriptions(),
        acts in acts(),
    ) {
        let mut now = prescription(&rx);
        let mut journal = vec![Event::Received(Box::new(now.received().clone()))];
        let mut second = at("2026-03-02T13:00:00-07:00");
        for (act, hours) in &acts {
            second = second.hours_later(u32::try_from(*hours).expect("small")).expect("in range");
            let Ok(events) = obey(&now, act, &second.to_string()) else { continue };
            for event in &events {
                now.apply(event).expect("what a command made can be folded");
            }
            journal.extend(events);
            let added = now.added().iter().map(|added| i64::from(added.authorization.additional)).sum();
            let most = most(&rx, now.face().quantity.smallest_units(), added);
            let too_much: i64 = now.exceptions().iter().map(|one| one.quantity.smallest_units()).sum();
            let under_way = now.central().iter().filter(|one| one.ended.is_none());
            let under_way: i64 = under_way.map(|one| one.sent.quantity.smallest_units()).sum();
            prop_assert!(now.dispensed() + under_way <= most, "{} and {under_way} of {most}", now.dispensed());
            prop_assert_eq!(now.used(), now.dispensed() + under_way + too_much);
            prop_assert!(now.used() - too_much <= now.authorised());
        }
        prop_assert_eq!(now.version(), journal.len() as u64);
        let read: Vec<Event> = journal
            .iter()
            .map(|event| {
                let bytes = canonical(&event.to_json()).expect("canonical");
                let value: Value = serde_json::from_slice(&bytes).expect("JSON");
                Event::from_json(event.kind(), &value).expect("our own event")
            })
            .collect();
        prop_assert_eq!(&read, &journal);
        prop_assert_eq!(Prescription::replay(&read).expect("consistent"), now);
    }
}

/// Two pharmacists at two counters read the same record; only one of their fillings can follow it.
#[test]
fn two_fillings_from_the_same_state_do_not_both_replay() {
    let rx = prescription(&Rx { refills: 0, ..RX });
    let mut journal = vec![Event::Received(Box::new(rx.received().clone()))];
    for when in ["2026-03-02T13:00:00-07:00", "2026-03-02T13:00:01-07:00"] {
        journal.extend(with_supply(when, |supply| rx.fill(&profile(), supply)).expect("it saw none").events);
    }
    let found = Prescription::replay(&journal).expect_err("dispensed twice");
    assert_eq!((found.version, found.problem), (3, "a number does not follow the last one"));
    let Some(Event::Filled(second)) = journal.get_mut(2) else { panic!("a filling") };
    second.no = 2;
    let found = Prescription::replay(&journal).expect_err("dispensed twice");
    assert_eq!((found.version, found.problem), (3, "more is dispensed than was authorised"));
    assert!(Prescription::replay(&journal[1..]).is_err());
    assert!(Prescription::replay(&[]).is_err());
}
