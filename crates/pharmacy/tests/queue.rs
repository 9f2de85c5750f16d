//! The queue: urgency, age alarms and deadlines, just before and just after each limit.

mod common;
use common::{RX, Rx, arrived, at, number, pharmacist, prescription, profile, tablets, with_supply};
use theriac_model::{Element, Schedule};
use theriac_pharmacy::{
    Ages, Event, Intake, Part, Prescription, RejectionStatus, SignatureCheck, SignedIndication, Twin, in_order, receive,
};

const TWO: Rx = Rx { schedule: Schedule::II, refills: 0, quantity: "60", ..RX };

/// Urgency, alarms and deadlines in one line.
fn shown(rx: &Prescription, when: &str) -> String {
    let item = rx.queue_item(&profile(), &Ages::default(), at(when));
    let alarms: Vec<String> = item.alarms.iter().map(ToString::to_string).collect();
    let due = |deadline: &theriac_pharmacy::Deadline| {
        format!("{} {}", deadline.what, deadline.due.map_or_else(|| "now".to_owned(), |due| due.to_string()))
    };
    let deadlines: Vec<String> = item.deadlines.iter().map(due).collect();
    format!("{} [{}] {}", item.urgency, alarms.join(" "), deadlines.join("; ")).trim_end().to_owned()
}

fn after(rx: &Prescription, events: &[Event]) -> Prescription {
    let mut rx = rx.clone();
    for event in events {
        rx.apply(event).expect("foldable");
    }
    rx
}

fn filled(rx: &Prescription, when: &str) -> Prescription {
    after(rx, &with_supply(when, |supply| rx.fill(&profile(), supply)).expect("a filling").events)
}

#[test]
fn a_prescription_that_nobody_touches_raises_an_alarm_after_a_day_and_before_its_last_days() {
    let rx = prescription(&RX);
    let last = "last-day 2026-09-02";
    assert_eq!(shown(&rx, "2026-03-03T12:00:59-07:00"), format!("ordinary [] {last}"));
    assert_eq!(shown(&rx, "2026-03-03T12:01:00-07:00"), format!("urgent [waiting] {last}"));
    let begun = filled(&rx, "2026-03-02T13:00:00-07:00");
    let begun = after(
        &begun,
        &begun
            .hand_over(
                &profile(),
                1,
                &common::pick_up("the patient"),
                &common::technician(),
                at("2026-03-02T14:00:00-07:00"),
            )
            .expect("handed over")
            .events,
    );
    assert_eq!(shown(&begun, "2026-08-25T23:59:00-07:00"), format!("ordinary [] {last}"));
    assert_eq!(shown(&begun, "2026-08-26T00:00:00-07:00"), format!("ordinary [last-days] {last}"));
    assert_eq!(shown(&begun, "2026-08-30T00:00:00-07:00"), format!("soon [last-days] {last}"));
    assert_eq!(shown(&begun, "2026-09-01T00:00:00-07:00"), format!("urgent [last-days] {last}"));
    assert_eq!(shown(&begun, "2026-09-02T23:59:59-07:00"), format!("urgent [last-days] {last}"));
    assert_eq!(shown(&begun, "2026-09-03T00:00:00-07:00"), format!("overdue [time-over] {last}"));
}

#[test]
fn the_rest_of_a_split_schedule_ii_filling_is_due_on_the_ground_on_which_it_was_split() {
    let rx = prescription(&TWO);
    let split = |part: Part| {
        let when = "2026-03-02T13:00:00-07:00";
        after(&rx, &with_supply(when, |supply| rx.partial_fill(&profile(), supply, &part)).expect("a part").events)
    };
    let short = split(Part::shortage(tablets(20)));
    let due = "notify-prescriber 2026-03-05T13:00:00-07:00; remainder 2026-03-05T13:00:00-07:00";
    assert_eq!(shown(&short, "2026-03-02T13:00:00-07:00"), format!("soon [last-days] {due}"));
    assert_eq!(shown(&short, "2026-03-05T13:00:00-07:00"), format!("urgent [last-days] {due}"));
    assert_eq!(shown(&short, "2026-03-05T13:00:01-07:00"), format!("overdue [duty-overdue time-over] {due}"));
    let home = split(Part::ltcf(tablets(20)));
    assert_eq!(shown(&home, "2026-03-03T13:00:00-07:00"), "ordinary [] remainder 2026-05-01");
}

#[test]
fn what_may_not_be_filled_yet_waits_without_alarm_and_what_is_used_up_is_done() {
    let mut message = arrived(&TWO);
    message.contents.set(Element::EarliestFill, "2026-03-20").expect("a date");
    message.signature = SignatureCheck::NoSignature;
    let Intake::Accepted(events) = receive(&profile(), message) else { panic!("rejected") };
    let rx = Prescription::replay(&events).expect("consistent");
    let item = rx.queue_item(&profile(), &Ages::default(), at("2026-03-19T23:59:59-07:00"));
    assert_eq!((item.not_before, item.urgency.to_string()), (rx.face().earliest_fill, "not-yet".to_owned()));
    assert_eq!(shown(&rx, "2026-03-19T23:59:59-07:00"), "not-yet []");
    assert_eq!(shown(&rx, "2026-03-20T00:00:00-07:00"), "urgent [waiting]");
    let done = filled(&prescription(&TWO), "2026-03-02T13:00:00-07:00");
    assert_eq!(shown(&done, "2026-03-12T12:59:59-07:00"), "ordinary []");
    assert_eq!(shown(&done, "2026-03-12T13:00:00-07:00"), "ordinary [not-collected]");
    let void = prescription(&RX);
    let void = after(&void, &void.void(&pharmacist(), at("2026-03-02T13:00:00-07:00"), "twice").expect("void"));
    assert_eq!(shown(&void, "2026-03-12T13:00:00-07:00"), "done []");
}

#[test]
fn the_most_urgent_and_then_the_oldest_come_first() {
    let now = at("2026-03-05T13:00:01-07:00");
    let item = |rx: &Prescription| rx.queue_item(&profile(), &Ages::default(), now);
    let rx = prescription(&TWO);
    let part = Part::shortage(tablets(20));
    let when = "2026-03-02T13:00:00-07:00";
    let overdue =
        after(&rx, &with_supply(when, |supply| rx.partial_fill(&profile(), supply, &part)).expect("a part").events);
    let young = prescription(&Rx { issued: "2026-03-05", ..RX });
    let older = prescription(&Rx { issued: "2026-03-03", ..RX });
    let mut items = vec![item(&young), item(&older), item(&overdue)];
    in_order(&mut items);
    let order: Vec<String> = items.iter().map(|item| format!("{} {}", item.urgency, item.age_hours)).collect();
    assert_eq!(order, ["overdue 72", "urgent 48", "ordinary 0"]);
}

/// Requirements: epcs-pre-10-send-once
#[test]
fn each_reason_of_a_rejection_has_its_status_and_a_twin_is_linked_on_both_sides() {
    let status = |change: &dyn Fn(&mut theriac_pharmacy::Arrived)| {
        let mut message = arrived(&RX);
        change(&mut message);
        match receive(&profile(), message) {
            Intake::Rejected { events, .. } => match events.into_iter().next() {
                Some(Event::Rejected(record)) => (record.queue_item(at("2026-03-02T15:01:00-07:00")).status, record),
                _ => panic!("one record"),
            },
            Intake::Accepted(_) => panic!("accepted"),
        }
    };
    let unsigned = |message: &mut theriac_pharmacy::Arrived| {
        (message.signature, message.indication) = (SignatureCheck::NoSignature, SignedIndication::Absent);
    };
    let altered = |message: &mut theriac_pharmacy::Arrived| {
        message.contents.clear(Element::Directions);
        message.contents.set(Element::Directions, "Take two").expect("fits");
    };
    let vendor = |message: &mut theriac_pharmacy::Arrived| {
        message.systems.prescriber = theriac_law::vocab::Compliance::NonCompliant;
    };
    let twin = |message: &mut theriac_pharmacy::Arrived| message.twin = Twin::SameOrder(number("RX100001"));
    assert_eq!(status(&unsigned).0, RejectionStatus::Unsigned);
    assert_eq!(status(&altered).0, RejectionStatus::Altered);
    assert_eq!(status(&vendor).0, RejectionStatus::ApplicationNotCompliant);
    assert_eq!(
        status(&|message| message.dea_numbers = theriac_pharmacy::DeaNumbers::Several(2)).0,
        RejectionStatus::SeveralNumbers
    );
    assert_eq!(status(&|message| message.registrant.age_days = 30).0, RejectionStatus::RegistrantDataStale);
    assert_eq!(status(&|message| message.registrant.found = None).0, RejectionStatus::RegistrationInvalid);
    let (found, record) = status(&twin);
    assert_eq!((found, record.queue_item(at("2026-03-02T15:01:00-07:00")).age_hours), (RejectionStatus::Duplicate, 3));
    let rx = prescription(&RX);
    let first = after(&rx, &rx.twin_arrived(&record));
    assert_eq!(first.twins().iter().map(|twin| twin.archive).collect::<Vec<_>>(), [record.archive]);
    let (_, other) = status(&unsigned);
    assert_eq!(rx.twin_arrived(&other), []);
}
