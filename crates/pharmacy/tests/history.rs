//! Random histories: never more than was authorised, and every event list replays to the same state.

mod common;
use common::{RX, Rx, at, pharmacist, prescription, profile, tablets, technician, with_supply};
use proptest::prelude::*;
use serde_json::Value;
use theriac_model::json::canonical;
use theriac_model::{Refusal, Schedule};
use theriac_pharmacy::{AnnotationKind, CancelOrder, Event, Note, OralAuthorization, Part, Prescription};

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
fn most(rx: &Rx, added: i64) -> i64 {
    let face: i64 = rx.quantity.parse().expect("a number");
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
            prop_assert!(now.dispensed() <= most(&rx, added), "{} of {}", now.dispensed(), most(&rx, added));
            prop_assert!(now.dispensed() <= now.authorised());
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
