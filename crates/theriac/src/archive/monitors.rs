//! What looks unusual at a pharmacy: the monitors of the daily analysis (21 CFR 1311.215; 2008: 1311.170(c), (d)). Each finding
//! waits for a person's decision whether it is a security incident; none accuses anybody.

use crate::house::House;
use crate::house::record::{Fault, stream};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use theriac_journal::Entry;
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, Refusal, Role};
use theriac_prescriber::incident::{Attempt, AuditableEvent, Watched};

use super::event::ArchiveEvent;
use crate::house::record::Change;

/// The stream of the monitors' settings.
pub(crate) const MONITORS: &str = "monitors";
const CITE: &str = "21 CFR 1311.215; 73 FR 36722, proposed 21 CFR 1311.170(c), (d)";

/// From when on a monitor speaks. Every monitor always looks; a pharmacy says what is usual at its counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The hour at which work begins, 0 to 23.
    pub(crate) opens: u8,
    /// The hour at which it ends, 1 to 24.
    pub(crate) closes: u8,
    /// Records that one person opens in a day without any filling of them.
    pub(crate) opened: u32,
    /// Partial fillings of one person in a day.
    pub(crate) partials: u32,
    /// Copies of one label.
    pub(crate) copies: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { opens: 7, closes: 22, opened: 10, partials: 5, copies: 2 }
    }
}

impl Settings {
    /// Settings that still let the monitors speak.
    ///
    /// # Errors
    /// `MONITOR-SETTING` for hours that are none, or a number so high that nothing would ever be found.
    pub(crate) fn checked(self) -> Result<Self, Refusal> {
        let refuse = |field: &'static str, what: &'static str, next: &'static str| {
            Err(Refusal::new("MONITOR-SETTING", CITE, what, next).about(field))
        };
        if self.opens >= self.closes || self.closes > 24 {
            return refuse("closes", "work ends before it begins, or after midnight", "enter hours from 0 to 24");
        }
        for (field, number) in [("opened", self.opened), ("partials", self.partials), ("copies", self.copies)] {
            if !(1..=100).contains(&number) {
                return refuse(
                    field,
                    "this number is not between 1 and 100",
                    "choose one that can be reached in a day",
                );
            }
        }
        Ok(self)
    }

    fn body(self) -> Value {
        json!({
            "closes": self.closes, "copies": self.copies, "opened": self.opened, "opens": self.opens,
            "partials": self.partials,
        })
    }

    fn read(body: &Value) -> Result<Self, BadField> {
        let read = Reader(body);
        let number = |field: &str| {
            u32::try_from(read.whole(field)?).map_err(|_| BadField { field: field.to_owned(), expected: "a count" })
        };
        let hour = |field: &str| {
            u8::try_from(number(field)?).map_err(|_| BadField { field: field.to_owned(), expected: "an hour" })
        };
        Ok(Self {
            opens: hour("opens")?,
            closes: hour("closes")?,
            opened: number("opened")?,
            partials: number("partials")?,
            copies: number("copies")?,
        })
    }
}

/// What the monitors saw in a part of the journal.
pub(crate) struct Monitors {
    settings: Settings,
    zone: TimeZone,
    /// Records opened by each person, and the last time.
    opened: BTreeMap<String, (BTreeSet<String>, Timestamp)>,
    filled: BTreeSet<String>,
    partials: BTreeMap<String, (u32, Timestamp)>,
    copies: BTreeMap<String, (u32, String, Timestamp)>,
    late: BTreeMap<(String, jiff::civil::Date), (u32, Timestamp)>,
    /// Fillings handed over, by whom.
    released: Vec<(String, String, Timestamp)>,
}

impl Monitors {
    pub(crate) const fn new(settings: Settings, zone: TimeZone) -> Self {
        Self {
            settings,
            zone,
            opened: BTreeMap::new(),
            filled: BTreeSet::new(),
            partials: BTreeMap::new(),
            copies: BTreeMap::new(),
            late: BTreeMap::new(),
            released: Vec::new(),
        }
    }

    /// Looks at one entry.
    pub(crate) fn see(&mut self, entry: &Entry, at: Timestamp) {
        let (person, record) = (&entry.actor, &entry.stream);
        if entry.kind == "label.printed" {
            let body = entry.body_bytes().and_then(|body| serde_json::from_slice::<Value>(body).ok());
            // The print says which copy it was: one of today may be the second of a label of last week.
            let of = |name: &str| body.as_ref().and_then(|body| body[name].as_u64()).unwrap_or_default();
            let copy = u32::try_from(of("copy")).unwrap_or(u32::MAX);
            self.copies.insert(format!("{record} filling {}", of("no")), (copy, person.clone(), at));
        }
        if !entry.kind.starts_with("rx.") {
            return;
        }
        match entry.kind.as_str() {
            "rx.opened" => {
                let (records, last) = self.opened.entry(person.clone()).or_insert_with(|| (BTreeSet::new(), at));
                records.insert(record.clone());
                *last = at;
            }
            "rx.filled" => {
                self.filled.insert(record.clone());
                let part = entry.body_bytes().and_then(|body| serde_json::from_slice::<Value>(body).ok());
                if part.is_some_and(|body| body["filling"] == "partial-filling") {
                    let (count, last) = self.partials.entry(person.clone()).or_insert((0, at));
                    (*count, *last) = (*count + 1, at);
                }
            }
            "rx.handed-over" => self.released.push((record.clone(), person.clone(), at)),
            _ => {}
        }
        if entry.role != "system" {
            let local = self.zone.to_datetime(at);
            let hour = u8::try_from(local.hour()).unwrap_or(0);
            if hour < self.settings.opens || hour >= self.settings.closes {
                let (count, last) = self.late.entry((person.clone(), local.date())).or_insert((0, at));
                (*count, *last) = (*count + 1, at);
            }
        }
    }

    /// What they found. `steps` tells who took a prescription in by hand and who filled it, from its stream.
    pub(crate) fn found(
        self,
        mut steps: impl FnMut(&str) -> Result<Hands, Fault>,
    ) -> Result<Vec<AuditableEvent>, Fault> {
        let mut found = Vec::new();
        let mut say = |monitor: &str, person: &str, subject: String, at: Timestamp, detail: String| {
            found.push(AuditableEvent {
                kind: Watched::House(monitor.to_owned()),
                attempt: Attempt::Successful,
                at,
                person: person.to_owned(),
                subject,
                detail,
            });
        };
        for (record, person, at) in &self.released {
            let hands = steps(record)?;
            if hands.entered.as_ref() == Some(person) && hands.filled.contains(person) {
                let detail = "one person entered, filled and released it".to_owned();
                say("same-person", person, record.clone(), *at, detail);
            }
        }
        for (record, (copies, person, at)) in &self.copies {
            if *copies >= self.settings.copies {
                say("reprints", person, record.clone(), *at, format!("its label was printed {copies} times"));
            }
        }
        for (person, (count, at)) in &self.partials {
            if *count >= self.settings.partials {
                say("partials", person, format!("person/{person}"), *at, format!("{count} partial fillings"));
            }
        }
        for ((person, day), (count, at)) in &self.late {
            let (opens, closes) = (self.settings.opens, self.settings.closes);
            let detail = format!("{count} steps on {day} outside {opens} to {closes} o'clock");
            say("off-hours", person, format!("person/{person}"), *at, detail);
        }
        for (person, (records, at)) in &self.opened {
            let unfilled = records.iter().filter(|record| !self.filled.contains(*record)).count();
            if unfilled == records.len() && u32::try_from(unfilled).is_ok_and(|count| count >= self.settings.opened) {
                let detail = format!("{unfilled} records opened, and none of them filled");
                say("opened-none-filled", person, format!("person/{person}"), *at, detail);
            }
        }
        Ok(found)
    }
}

/// Through whose hands a prescription went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hands {
    /// Who took it in by hand; none for a message.
    pub(crate) entered: Option<String>,
    /// Who filled it.
    pub(crate) filled: BTreeSet<String>,
}

impl House {
    /// The monitors' settings in force, and the version of their stream.
    pub(crate) fn monitor_settings(&self) -> Result<(Settings, u64), Fault> {
        let (events, version) = stream::<ArchiveEvent>(&self.store, MONITORS)?;
        let last = events.iter().rev().find_map(|event| match event {
            ArchiveEvent::MonitorsSet { settings } => Some(Settings::read(settings)),
            _ => None,
        });
        let settings = last.transpose().map_err(|error| Fault::Broken(error.to_string()))?.unwrap_or_default();
        Ok((settings, version))
    }

    /// Changes what the monitors take for usual.
    ///
    /// # Errors
    /// As [`Settings::checked`].
    pub(crate) fn set_monitors(&self, by: &Actor, settings: Settings) -> Result<(), Fault> {
        let settings = settings.checked()?;
        let (_, version) = self.monitor_settings()?;
        let event = ArchiveEvent::MonitorsSet { settings: settings.body() };
        let desk = self.by(by, self.pharmacy.as_str());
        Change::default().decided_on(MONITORS, version).event(&desk, MONITORS, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// Through whose hands a prescription went.
    pub(crate) fn hands_of(&self, record: &str) -> Result<Hands, Fault> {
        let mut hands = Hands::default();
        for entry in self.store.stream(record)? {
            match entry.kind.as_str() {
                "rx.received" if entry.role != Role::System.word() => hands.entered = Some(entry.actor),
                "rx.filled" => {
                    hands.filled.insert(entry.actor);
                }
                _ => {}
            }
        }
        Ok(hands)
    }
}
