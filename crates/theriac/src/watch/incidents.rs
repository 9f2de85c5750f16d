//! The register of audits and incidents of each application, and what people decide about them.

use super::Placed;
use super::audits::setting;
use crate::house::House;
use crate::house::record::{Change, Fault};
use jiff::civil::Date;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use theriac_law::Moment;
use theriac_model::{Actor, Refusal, Role};
use theriac_prescriber::audit::Application;
use theriac_prescriber::incident::{
    Attempt, AuditRun, AuditableEvent, Decision, FindingId, Heading, Incident, IncidentEvent, IncidentRegister,
    Opening, Recorded, Watched,
};
use theriac_prescriber::terms::Terms;

/// The stream of an application's audits, findings and incidents.
pub(crate) const fn incidents_stream(application: Application) -> &'static str {
    match application {
        Application::Prescribing => "incidents/prescribing",
        Application::Dispensing => "incidents/dispensing",
    }
}

/// An audit that was made, with its entry.
#[derive(Clone, Debug)]
pub(crate) struct Audited {
    pub(crate) seq: u64,
    pub(crate) run: AuditRun,
}

/// The watch over one application: the register, and its records.
pub(crate) struct Watching {
    pub(crate) register: IncidentRegister,
    records: Vec<Placed<IncidentEvent>>,
    pub(crate) version: u64,
}

impl Watching {
    /// The audits, the newest first.
    pub(crate) fn audits(&self) -> Vec<Audited> {
        let runs = self.records.iter().rev().filter_map(|placed| match &placed.record {
            IncidentEvent::Audited(run) => Some(Audited { seq: placed.seq, run: run.clone() }),
            _ => None,
        });
        runs.collect()
    }

    /// The day of the first audit, from which a day without one is missed.
    pub(crate) fn began(&self) -> Option<Date> {
        self.records.iter().find_map(|placed| match &placed.record {
            IncidentEvent::Audited(run) => Some(run.begun.date()),
            _ => None,
        })
    }

    /// The steps of an incident with their entries: opened, judged, closed.
    pub(crate) fn steps_of(&self, id: &str) -> Vec<&Placed<IncidentEvent>> {
        let finding = self.register.incident(id).and_then(|incident| incident.finding.clone());
        let of_it = |event: &IncidentEvent| match event {
            IncidentEvent::Opened { id: own, .. } | IncidentEvent::Closed { id: own, .. } => own == id,
            IncidentEvent::Judged { finding: own, .. } => finding.as_ref() == Some(own),
            _ => false,
        };
        self.records.iter().filter(|placed| of_it(&placed.record)).collect()
    }

    /// The entry that opened an incident: its number in addresses.
    pub(crate) fn opened_at(&self, incident: &str) -> u64 {
        let opened = |placed: &&Placed<IncidentEvent>| matches!(&placed.record, IncidentEvent::Opened { id, .. } if id == incident);
        self.records.iter().find(opened).map_or(0, |placed| placed.seq)
    }

    /// The incident that an entry opened.
    pub(crate) fn opened_by(&self, seq: u64) -> Option<&Incident> {
        self.records.iter().find_map(|placed| match &placed.record {
            IncidentEvent::Opened { id, .. } if placed.seq == seq => self.register.incident(id),
            _ => None,
        })
    }
}

/// Refused visits that were noted: each person at each door once a day, so that nobody fills the journal by knocking.
#[derive(Default)]
pub(crate) struct Visits(Mutex<Seen>);

/// A day, and who was refused at which door on it.
#[derive(Default)]
struct Seen {
    day: Option<Date>,
    visits: HashSet<(String, String)>,
}

/// Refused visits noted a day at most.
const VISITS_MOST: usize = 1_000;

impl Visits {
    fn is_new(&self, day: Date, person: &str, door: &str) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.day != Some(day) {
            *seen = Seen { day: Some(day), visits: HashSet::new() };
        }
        seen.visits.len() < VISITS_MOST && seen.visits.insert((person.to_owned(), door.to_owned()))
    }
}

impl House {
    /// The watch over one application.
    pub(crate) fn watching(&self, application: Application) -> Result<Watching, Fault> {
        let (records, version) = self.placed::<IncidentEvent>(incidents_stream(application))?;
        let register = IncidentRegister::replay(setting(application), records.iter().map(|placed| &placed.record));
        Ok(Watching { register, records, version })
    }

    /// Records steps of the watch with the notices that follow.
    fn watched(
        &self,
        by: &Actor,
        application: Application,
        decide: impl FnOnce(&IncidentRegister, Moment, Terms<'_>) -> Result<Recorded, Refusal>,
    ) -> Result<(), Fault> {
        let watching = self.watching(application)?;
        let now = self.clock.moment();
        let recorded = self.under_terms(|terms| decide(&watching.register, now, terms))?;
        let (stream, desk) = (incidents_stream(application), self.by(by, ""));
        let mut change = Change::default().decided_on(stream, watching.version);
        for event in &recorded.events {
            change = change.event(&desk, stream, event)?;
        }
        self.raising(change, &desk, recorded.notices)?.commit(&self.store)?;
        Ok(())
    }

    /// A person decides about findings, all for one reason.
    pub(crate) fn judge_findings(
        &self,
        by: &Actor,
        application: Application,
        findings: &[FindingId],
        decision: Decision,
        reason: &str,
    ) -> Result<(), Fault> {
        self.watched(by, application, |register, now, terms| {
            let mut all = Recorded::default();
            for finding in findings {
                let one = register.judge(finding, decision, reason, by, now, terms)?;
                all.events.extend(one.events);
                all.notices.extend(one.notices);
            }
            if all.events.is_empty() {
                return Err(Refusal::new(
                    "RX-INCIDENT-NOT-WAITING",
                    "21 CFR 1311.150(c), 1311.215",
                    "no finding was chosen",
                    "tick the findings that you decide about",
                ));
            }
            Ok(all)
        })
    }

    /// A person reports an incident; answers its number.
    pub(crate) fn open_incident(
        &self,
        by: &Actor,
        application: Application,
        heading: Heading,
        what: &str,
        discovered: Moment,
    ) -> Result<String, Fault> {
        let id = Self::fresh_id("I")?;
        self.watched(by, application, |register, now, terms| {
            register.open(Opening { id: &id, heading, what, discovered, by }, now, terms)
        })?;
        Ok(id)
    }

    /// A person closes an incident, once every notice about it was given.
    pub(crate) fn close_incident(
        &self,
        by: &Actor,
        application: Application,
        id: &str,
        done: &str,
    ) -> Result<(), Fault> {
        let book = self.notices()?;
        self.watched(by, application, |register, now, _| {
            let event = register.close(id, done, by, &book.notices, now)?;
            Ok(Recorded { events: vec![event], ..Recorded::default() })
        })
    }

    /// Notes that somebody was refused at a door that is not theirs: an auditable event, for the next audit.
    pub(crate) fn note_refused_visit(&self, by: &Actor, door: &str) -> Result<(), Fault> {
        let now = self.clock.moment();
        if !self.visits.is_new(now.date(), &by.id, door) {
            return Ok(());
        }
        let ours = ["/pharmacy", "/archive", "/api/v1/archive"];
        let pharmacy = matches!(by.role, Role::Pharmacist | Role::Intern | Role::Technician)
            || ours.iter().any(|own| door.starts_with(own));
        let application = if pharmacy { Application::Dispensing } else { Application::Prescribing };
        let noticed = AuditableEvent {
            kind: Watched::Minimum(crate::archive::attempted(door)),
            attempt: Attempt::Attempted,
            at: now.timestamp,
            person: by.id.clone(),
            subject: door.to_owned(),
            detail: format!("the role {} was refused", by.role),
        };
        let (register, stream) = (IncidentRegister::new(setting(application)), incidents_stream(application));
        if let Some(event) = register.notice(noticed) {
            Change::default().event(&self.by(by, ""), stream, &event)?.commit(&self.store)?;
        }
        Ok(())
    }
}
