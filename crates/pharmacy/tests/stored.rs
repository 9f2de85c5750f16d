//! Stored bytes: the same for ever, read back exactly, damaged ones refused by name.

mod common;
use common::{
    RX, Rx, accepted, arrived, at, number, pharmacist, prescription, profile, tablets, technician, with_supply,
};
use serde_json::{Value, json};
use theriac_law::When;
use theriac_model::Schedule;
use theriac_model::json::canonical;
use theriac_pharmacy::{
    AddedRefills, Annotation, AnnotationKind, BadEvent, Closed, Closing, Contact, DutyDone, DutyItem, Event, Intake,
    OralAuthorization, Part, Twin, receive,
};

const WHEN: &str = "2026-03-02T14:00:00-07:00";

fn received() -> Event {
    accepted(arrived(&RX)).remove(0)
}

fn rejected() -> Event {
    let mut message = arrived(&RX);
    message.twin = Twin::SameOrder(number("RX099999"));
    match receive(&profile(), message) {
        Intake::Rejected { mut events, .. } => events.remove(0),
        Intake::Accepted(_) => panic!("accepted"),
    }
}

/// The rules named in the record grow with the rulebook; golden bytes must not.
fn with_rules(mut event: Event) -> Event {
    let rules = vec!["1306.05-contents".to_owned(), "1306.05-signed".to_owned()];
    match &mut event {
        Event::Received(received) => received.law.rules = rules,
        Event::Filled(filling) => filling.law.rules = rules,
        _ => {}
    }
    event
}

fn filled() -> Event {
    let two = Rx { schedule: Schedule::II, refills: 0, ..RX };
    let part = Part::ltcf(tablets(10));
    let rx = prescription(&two);
    with_supply(WHEN, |supply| rx.partial_fill(&profile(), supply, &part)).expect("a part").events.remove(0)
}

fn events() -> Vec<(&'static str, Event)> {
    let rx = prescription(&RX);
    let (who, when) = (pharmacist().person().clone(), at(WHEN));
    let refusal = rx.remainder_refusal();
    let contact = Some(Contact { person: "Lee, nurse".to_owned(), method: "telephone".to_owned() });
    let annotation = Annotation {
        no: 1,
        kind: AnnotationKind::PrescriberContact,
        text: "dose \"10 mg\" confirmed".to_owned(),
        contact,
        corrects: Some(1),
        by: who.clone(),
        at: when,
    };
    let authorization =
        OralAuthorization { at: when, additional: 2, quantity: tablets(30), practitioner: "Avery Baker".to_owned() };
    let duty = DutyItem {
        id: 1,
        code: "notify-prescriber".to_owned(),
        due: When::parse("2026-03-05T14:00:00-07:00"),
        why: "unless the remainder is dispensed by then".to_owned(),
    };
    let closed = Closed {
        how: Closing::Cancelled,
        at: when,
        by: who.clone(),
        reason: "cancelled by the practitioner's system".to_owned(),
        message: Some("M-9".to_owned()),
    };
    vec![
        ("rx.received", with_rules(received())),
        ("rx.rejected", rejected()),
        ("rx.opened", rx.open(&technician(), when, "queue").remove(0)),
        ("rx.filled", with_rules(filled())),
        (
            "rx.handed-over",
            Event::HandedOver { no: 1, at: when, by: technician(), recipient: "the patient".to_owned(), details: None },
        ),
        ("rx.returned", Event::Returned { no: 1, at: when, by: who.clone(), reason: "not collected".to_owned() }),
        ("rx.annotated", Event::Annotated(annotation)),
        ("rx.refills-added", Event::RefillsAdded(AddedRefills { authorization, by: who.clone() })),
        ("rx.duty-raised", Event::DutyRaised(duty)),
        ("rx.duty-done", Event::DutyDone(DutyDone { id: 1, at: when, by: who.clone(), how: "telephone".to_owned() })),
        ("rx.cancelled", Event::Closed(closed)),
        ("rx.refused", rx.refused("remainder", &who, when, &refusal).remove(0)),
    ]
}

trait RefusedRemainder {
    fn remainder_refusal(&self) -> theriac_model::Refusal;
}

impl RefusedRemainder for theriac_pharmacy::Prescription {
    fn remainder_refusal(&self) -> theriac_model::Refusal {
        with_supply(WHEN, |supply| self.remainder(&profile(), supply)).expect_err("nothing was dispensed")
    }
}

#[test]
fn stored_bytes_are_the_golden_ones_and_are_read_back_exactly() {
    let golden = include_str!("golden/events.jsonl");
    let mut lines = golden.lines();
    for (kind, event) in events() {
        let bytes = canonical(&event.to_json()).expect("canonical");
        let found = format!("{kind} {}", String::from_utf8(bytes).expect("UTF-8"));
        assert_eq!(found, lines.next().unwrap_or_default());
        assert_eq!(event.kind(), kind);
        let value: Value = serde_json::from_slice(&canonical(&event.to_json()).expect("canonical")).expect("JSON");
        assert_eq!(Event::from_json(kind, &value), Ok(event));
    }
    assert_eq!(lines.next(), None);
}

#[test]
fn every_way_to_end_has_an_event_of_its_own_that_is_read_back() {
    let (by, when) = (pharmacist().person().clone(), at(WHEN));
    for how in Closing::ALL {
        let closed = Closed { how, at: when, by: by.clone(), reason: "r".to_owned(), message: None };
        let event = Event::Closed(closed);
        assert_eq!(event.kind(), format!("rx.{}", how.word()));
        assert_eq!(Event::from_json(event.kind(), &event.to_json()), Ok(event));
    }
}

#[test]
fn an_unknown_kind_or_format_is_refused_by_name() {
    assert_eq!(
        Event::from_json("rx.changed", &json!({"format": 1})),
        Err(BadEvent::UnknownKind("rx.changed".to_owned()))
    );
    for (kind, event) in events() {
        let mut body = event.to_json();
        body["format"] = json!(2);
        assert_eq!(Event::from_json(kind, &body), Err(BadEvent::UnknownFormat(2, kind.to_owned())));
        for value in [Value::Null, json!([]), json!("x"), json!(7)] {
            let error = Event::from_json(kind, &value).expect_err("damaged");
            assert_eq!(error.to_string(), "field format: a whole number expected", "{kind}");
        }
    }
}

/// Members that may be absent, so that `null` in them is no damage.
const OPTIONAL: [&str; 14] = [
    "reply",
    "order-number",
    "sent",
    "found",
    "expires",
    "due",
    "field",
    "twin",
    "notation",
    "note",
    "contact",
    "corrects",
    "message",
    "part",
];

/// Puts `damage` in place of each member in turn, at every depth.
fn damaged(body: &Value, damage: &Value) -> Vec<(String, Value)> {
    fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
        let children: Vec<(String, &Value)> = match value {
            Value::Object(members) => members.iter().map(|(name, value)| (format!("{at}/{name}"), value)).collect(),
            Value::Array(items) => items.iter().enumerate().map(|(n, value)| (format!("{at}/{n}"), value)).collect(),
            _ => return,
        };
        for (pointer, child) in children {
            pointers(child, &pointer, found);
            found.push(pointer);
        }
    }
    let mut found = Vec::new();
    pointers(body, "", &mut found);
    let with = |pointer: &String| {
        let mut body = body.clone();
        *body.pointer_mut(pointer).expect("a pointer of this body") = damage.clone();
        body
    };
    found.iter().map(|pointer| (pointer.clone(), with(pointer))).collect()
}

#[test]
fn a_damaged_member_is_named_and_nothing_panics() {
    for (kind, event) in events() {
        for (pointer, body) in damaged(&event.to_json(), &json!({"x": -1})) {
            let error = Event::from_json(kind, &body).expect_err(&pointer).to_string();
            assert!(error.starts_with("field ") || error.starts_with("format "), "{kind}{pointer}: {error}");
        }
        for (pointer, body) in damaged(&event.to_json(), &Value::Null) {
            let name = pointer.rsplit('/').next().unwrap_or_default();
            let read = Event::from_json(kind, &body);
            let may_vanish = OPTIONAL.contains(&name)
                || pointer.contains("/contents/")
                || name == "duties"
                || name == "refusals"
                || name == "rules"
                || name == "schedules";
            assert!(read.is_err() || may_vanish, "{kind}{pointer}");
        }
    }
}
