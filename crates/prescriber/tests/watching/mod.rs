//! People, moments and a small journal for the tests of logs, notices, incidents, audits and records.
#![allow(dead_code, unreachable_pub, clippy::missing_panics_doc)]

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::Value;
use theriac_law::{Moment, Profile};
use theriac_model::holidays::federal_holidays;
use theriac_model::json::{BadField, canonical};
use theriac_model::{Actor, CanonicalContents, Element, Refusal, Role};
use theriac_prescriber::Event;
use theriac_prescriber::event::{Report, Routing};
use theriac_prescriber::log::Located;
use theriac_prescriber::terms::Terms;

pub fn at(text: &str) -> Moment {
    Moment::parse(text).expect("a moment")
}

pub fn operator() -> Actor {
    Actor::new("ops", Role::Operator)
}

pub fn practitioner() -> Actor {
    Actor::new("brook", Role::Prescriber)
}

pub fn agent() -> Actor {
    Actor::new("quill", Role::Agent)
}

pub fn program() -> Actor {
    Actor::new("theriac", Role::System)
}

pub fn pharmacist() -> Actor {
    Actor::new("ash", Role::Pharmacist)
}

/// The law and the federal holidays of the years the tests speak of.
pub struct Rules {
    pub profile: Profile,
    pub holidays: Vec<Date>,
}

impl Rules {
    pub fn of(profile: Profile) -> Self {
        Self { profile, holidays: (2025..=2035).flat_map(federal_holidays).collect() }
    }

    pub fn strictest() -> Self {
        Self::of(Profile::strictest())
    }

    pub fn terms(&self) -> Terms<'_> {
        Terms { profile: &self.profile, holidays: &self.holidays }
    }
}

pub fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>, code: &str) -> Refusal {
    let refusal = result.expect_err("refused");
    assert_eq!(refusal.code.0, code, "{refusal}");
    assert!(!refusal.next.is_empty() && !refusal.cite.as_str().is_empty());
    refusal
}

/// The time zone of New York since 2007, without any data file.
pub fn eastern() -> TimeZone {
    TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").expect("a zone")
}

/// The time zone of Phoenix.
pub fn phoenix() -> TimeZone {
    TimeZone::posix("MST7").expect("a zone")
}

pub fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// What is written on one prescription.
#[derive(Clone, Copy)]
pub struct Rx<'a> {
    pub id: &'a str,
    pub practitioner: &'a str,
    pub patient: &'a str,
    pub last: &'a str,
    pub drug: &'a str,
    pub schedule: &'a str,
    pub registration: &'a str,
    pub signed_at: &'a str,
}

pub const RX: Rx<'static> = Rx {
    id: "1",
    practitioner: "brook",
    patient: "p-1",
    last: "Sample",
    drug: "Oxycodone hydrochloride",
    schedule: "II",
    registration: "AB1234563",
    signed_at: "2026-03-02T16:00:00Z",
};

pub fn contents(rx: Rx<'_>) -> CanonicalContents {
    let mut out = CanonicalContents::default();
    for (element, value) in [
        (Element::Issued, &rx.signed_at[..10]),
        (Element::SignedAt, rx.signed_at),
        (Element::PatientLast, rx.last),
        (Element::PatientFirst, "Pat"),
        (Element::PatientLine1, "1 Invented Way"),
        (Element::PatientCity, "Tucson"),
        (Element::PatientState, "AZ"),
        (Element::PatientPostal, "85701"),
        (Element::PractitionerLast, "Brook"),
        (Element::PractitionerFirst, "Alex"),
        (Element::PractitionerLine1, "20 Example Street"),
        (Element::PractitionerCity, "Tucson"),
        (Element::PractitionerState, "AZ"),
        (Element::PractitionerPostal, "85702"),
        (Element::Registration, rx.registration),
        (Element::DrugName, rx.drug),
        (Element::DrugStrength, "10 mg"),
        (Element::DrugForm, "Tablet"),
        (Element::DrugSchedule, rx.schedule),
        (Element::QuantityValue, "30"),
        (Element::QuantityUnit, "tablet"),
        (Element::Directions, "Take 1 tablet every 6 hours as needed for pain"),
        (Element::Refills, "0"),
    ] {
        out.set(element, value).expect("fits");
    }
    out
}

/// How far a prescription of the small journal went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    Draft,
    Signed,
    Transmitted,
    Accepted,
    Failed,
    Printed,
}

/// Prescription records in the order of a journal, at every other position.
#[derive(Default)]
pub struct Journal {
    pub records: Vec<(u64, String, Timestamp, Event)>,
}

impl Journal {
    fn push(&mut self, rx: &str, when: Timestamp, event: Event) {
        let seq = self.size();
        self.records.push((seq, rx.to_owned(), when, event));
    }

    /// The number of entries, those between our records included.
    pub fn size(&self) -> u64 {
        2 * self.records.len() as u64
    }

    pub fn write(&mut self, rx: Rx<'_>, until: Until) {
        let signed = instant(rx.signed_at);
        let by = Actor::new(rx.practitioner, Role::Prescriber);
        let routing = Routing {
            patient: rx.patient.to_owned(),
            practitioner: rx.practitioner.to_owned(),
            pharmacy: "9900001".to_owned(),
        };
        let mut draft = contents(rx);
        draft.clear(Element::SignedAt);
        self.push(rx.id, signed - 60.seconds(), Event::Drafted { by: agent(), routing, contents: draft });
        if until == Until::Draft {
            return;
        }
        self.push(rx.id, signed, signing(rx));
        let sent = Event::Transmitted { message: format!("N-{}", rx.id), archived: "ab".repeat(32) };
        match until {
            Until::Draft | Until::Signed => {}
            Until::Printed => self.push(rx.id, signed + 1.second(), Event::Printed { by }),
            Until::Transmitted => self.push(rx.id, signed + 1.second(), sent),
            Until::Accepted => {
                self.push(rx.id, signed + 1.second(), sent);
                let answer =
                    Event::Reported { report: Report::Accepted, answer: "010".to_owned(), archived: "cd".repeat(32) };
                self.push(rx.id, signed + 5.seconds(), answer);
            }
            Until::Failed => {
                self.push(rx.id, signed + 1.second(), sent);
                self.push(rx.id, signed + 9.seconds(), Event::TransmissionFailed { reason: "no answer".to_owned() });
            }
        }
    }

    pub fn located(&self) -> impl Iterator<Item = Located<'_>> {
        self.records.iter().map(|(seq, rx, at, event)| Located {
            seq: *seq,
            prescription: rx,
            at: *at,
            place: "AB1234563",
            event,
        })
    }
}

pub fn signing(rx: Rx<'_>) -> Event {
    Event::Signed {
        by: Actor::new(rx.practitioner, Role::Prescriber),
        credential: "t-1".to_owned(),
        contents: contents(rx),
        digest: "ef".repeat(32),
        signature: "c2ln".to_owned(),
        certificate: "Y2VydA==".to_owned(),
    }
}

/// Whether `read` gives back what was stored, refuses another kind, and names whatever member is damaged or gone. Members
/// named in `optional` may be gone.
pub fn read_back<E: Clone + PartialEq + std::fmt::Debug>(
    kind: &str,
    body: &Value,
    event: &E,
    read: impl Fn(&str, &Value) -> Result<E, BadField>,
    optional: &[&str],
) {
    let stored: Value = serde_json::from_slice(&canonical(body).expect("canonical")).expect("JSON");
    assert_eq!(read(kind, &stored).as_ref(), Ok(event));
    assert!(read("unheard-of", &stored).is_err());
    let mut pointers = Vec::new();
    pointers_of(&stored, "", &mut pointers);
    for pointer in &pointers {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        let mut damaged = stored.clone();
        *damaged.pointer_mut(pointer).expect("a pointer of this body") = serde_json::json!({"x": -1});
        assert!(read(kind, &damaged).is_err(), "{kind}{pointer} damaged");
        *damaged.pointer_mut(pointer).expect("a pointer of this body") = Value::Null;
        let inside = pointer.contains("/contents/");
        assert!(read(kind, &damaged).is_err() || inside || optional.contains(&name), "{kind}{pointer} gone");
    }
}

fn pointers_of(value: &Value, at: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (format!("{at}/{name}"), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(n, value)| (format!("{at}/{n}"), value)).collect(),
        _ => return,
    };
    for (pointer, child) in children {
        pointers_of(child, &pointer, found);
        found.push(pointer);
    }
}

/// The day on which most tests begin.
pub fn today() -> Date {
    date(2026, 3, 2)
}
