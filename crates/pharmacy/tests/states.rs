//! The states of a prescription, as tables: commands, and the expected last status.

mod common;
use common::{RX, Rx, at, pharmacist, prescription, profile, tablets, technician, with_supply};
use theriac_model::{Actor, Refusal, Role, Schedule};
use theriac_pharmacy::{CancelOrder, Event, Part, Person, Prescription};

#[derive(Clone, Copy, Debug)]
enum Act {
    Fill,
    Part,
    Remainder,
    Refill,
    PutBack,
    Void,
    Decline,
    Discontinue,
    Cancel,
    CancelByOther,
    Open,
    LapseInTime,
    LapseLater,
}
use Act::{
    Cancel, CancelByOther, Decline, Discontinue, Fill, LapseInTime, LapseLater, Open, PutBack, Refill, Remainder, Void,
};

const WHEN: &str = "2026-03-03T10:00:00-07:00";

fn obey(rx: &Prescription, act: Act) -> Result<Vec<Event>, Refusal> {
    let profile = profile();
    let (who, when) = (pharmacist(), at(WHEN));
    let cancel = |sender: &str| CancelOrder { message: "M-9".to_owned(), sender: sender.to_owned(), at: when };
    match act {
        Fill => with_supply(WHEN, |supply| rx.fill(&profile, supply)).map(|done| done.events),
        Act::Part => {
            let part = Part::general(tablets(10));
            with_supply(WHEN, |supply| rx.partial_fill(&profile, supply, &part)).map(|done| done.events)
        }
        Remainder => with_supply(WHEN, |supply| rx.remainder(&profile, supply)).map(|done| done.events),
        Refill => with_supply(WHEN, |supply| rx.refill(&profile, supply, None)).map(|done| done.events),
        PutBack => rx.return_to_stock(1, &who, when, "not collected").map(|moved| moved.events),
        Void => rx.void(&who, when, "entered twice"),
        Decline => rx.decline(&who, when, "doubtful purpose"),
        Discontinue => rx.discontinue(&who, when, "the practitioner ended the treatment"),
        Cancel => rx.cancel(&cancel("6301875277001")),
        CancelByOther => rx.cancel(&cancel("9999999999999")),
        Open => Ok(rx.open(&technician(), when, "queue")),
        LapseInTime => rx.lapse(&profile, when),
        LapseLater => rx.lapse(&profile, at("2026-09-03T00:00:00-07:00")),
    }
}

/// Commands in order; the last word is the status, or the code of the last refusal.
fn check(acts: &[Act], expected: &str) {
    let mut rx = prescription(&Rx { refills: 1, ..RX });
    let mut found = String::new();
    for act in acts {
        match obey(&rx, *act) {
            Ok(events) => {
                for event in &events {
                    rx.apply(event).unwrap_or_else(|problem| panic!("{acts:?}: {problem}"));
                }
                found = rx.status().to_string();
            }
            Err(refusal) => found = format!("{} ({})", refusal.code, rx.status()),
        }
    }
    assert_eq!(found, expected, "{acts:?}");
}

/// Requirements: pharm-rx-corresponding-responsibility, pharm-partial-60-days
#[test]
fn every_way_through_ends_where_the_table_says() {
    check(&[Open], "accepted");
    check(&[Fill], "filled");
    check(&[Fill, Refill], "completed");
    check(&[Fill, Refill, Refill], "LAW-1306.22-COUNT (completed)");
    check(&[Fill, Fill], "PHARM-FILLED (filled)");
    check(&[Refill], "PHARM-NOT-FILLED (accepted)");
    check(&[Remainder], "PHARM-NO-REMAINDER (accepted)");
    check(&[Fill, Remainder], "PHARM-NO-REMAINDER (filled)");
    check(&[Act::Part], "partly-filled");
    check(&[Act::Part, Fill], "PHARM-FILLED (partly-filled)");
    check(&[Act::Part, Remainder], "filled");
    check(&[Act::Part, Remainder, Refill], "completed");
    check(&[Fill, PutBack], "accepted");
    check(&[Fill, PutBack, Fill], "filled");
    check(&[Fill, PutBack, PutBack], "PHARM-FILLING-STATE (accepted)");
    check(&[PutBack], "PHARM-FILLING-STATE (accepted)");
    check(&[Void], "voided");
    check(&[Void, Open], "voided");
    check(&[Void, Void], "PHARM-CLOSED (voided)");
    check(&[Fill, Void], "PHARM-DISPENSED (filled)");
    check(&[Fill, PutBack, Void], "voided");
    check(&[Decline], "declined");
    check(&[Act::Part, Decline], "PHARM-DISPENSED (partly-filled)");
    check(&[Cancel], "cancelled");
    check(&[CancelByOther], "PHARM-OTHER-SENDER (accepted)");
    check(&[Fill, Cancel], "PHARM-DISPENSED (filled)");
    check(&[Act::Part, Cancel], "PHARM-DISPENSED (partly-filled)");
    check(&[Fill, PutBack, Cancel], "cancelled");
    check(&[Discontinue], "discontinued");
    check(&[Act::Part, Discontinue], "discontinued");
    check(&[Act::Part, Discontinue, Remainder], "PHARM-CLOSED (discontinued)");
    check(&[Fill, Discontinue, PutBack], "discontinued");
    check(&[LapseInTime], "accepted");
    check(&[LapseLater], "lapsed");
    check(&[Fill, LapseLater], "lapsed");
    check(&[Fill, Refill, LapseLater], "completed");
    for end in [Void, Decline, Cancel, Discontinue, LapseLater] {
        for act in [Fill, Act::Part, Refill, Remainder, Void, Decline, Discontinue, Cancel] {
            let mut rx = prescription(&RX);
            for event in &obey(&rx, end).expect("an end") {
                rx.apply(event).expect("foldable");
            }
            let refusal = obey(&rx, act).expect_err("closed");
            assert_eq!(refusal.code.0, "PHARM-CLOSED", "{end:?} {act:?}");
        }
    }
}

/// Requirements: epcs-1311.175-d
#[test]
fn an_end_needs_a_reason_and_keeps_who_and_when() {
    let rx = prescription(&RX);
    let (who, when) = (pharmacist(), at(WHEN));
    for refused in [rx.void(&who, when, ""), rx.decline(&who, when, " \n"), rx.discontinue(&who, when, "")] {
        let refusal = refused.expect_err("no reason");
        assert_eq!((refusal.code.0, refusal.field.as_deref()), ("PHARM-TEXT", Some("reason")));
    }
    let mut rx = prescription(&RX);
    rx.apply(&rx.decline(&who, when, "doubtful purpose").expect("declined")[0]).expect("foldable");
    let closed = rx.closed().expect("closed");
    assert_eq!((&closed.by, closed.at, closed.reason.as_str()), (who.person(), when, "doubtful purpose"));
    assert!(rx.fillings().is_empty());
}

/// Requirements: epcs-1311.170-b-2
#[test]
fn who_opened_and_what_was_refused_stays_on_the_record_with_person_and_time() {
    let mut rx = prescription(&Rx { schedule: Schedule::II, refills: 0, ..RX });
    let inspector = Person::new(Actor::new("dea-7", Role::Inspector), "Sam Field");
    let refusal = obey(&rx, Refill).expect_err("nothing to refill");
    let mut events = rx.open(&technician(), at("2026-03-02T12:05:00-07:00"), "queue");
    events.extend(rx.open(&inspector, at("2026-03-04T09:00:00-07:00"), "inspection"));
    events.extend(rx.refused("refill", pharmacist().person(), at(WHEN), &refusal));
    for event in &events {
        rx.apply(event).expect("foldable");
    }
    let openings: Vec<(&str, String, &str)> = rx
        .openings()
        .iter()
        .map(|opening| (opening.by.actor.id.as_str(), opening.at.to_string(), opening.purpose.as_str()))
        .collect();
    assert_eq!(
        openings,
        [
            ("novak", "2026-03-02T12:05:00-07:00".to_owned(), "queue"),
            ("dea-7", "2026-03-04T09:00:00-07:00".to_owned(), "inspection"),
        ]
    );
    let [attempt] = rx.attempts() else { panic!("one attempt") };
    assert_eq!((attempt.command.as_str(), attempt.by.full_name.as_str()), ("refill", "Ana Rivera"));
    assert_eq!((attempt.refusal.code.as_str(), attempt.at), ("PHARM-NOT-FILLED", at(WHEN)));
    assert_eq!(rx.status().word(), "accepted");
}
