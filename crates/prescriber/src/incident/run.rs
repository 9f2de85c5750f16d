//! One audit: a pure look over a day's records, with a report also when there is nothing to report.

use super::detect::{self, Facts};
use super::kind::Signal;
use crate::audit::Setting;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use theriac_law::Moment;

use crate::terms::Terms;

/// The number of a finding: the audit's beginning and a count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FindingId(String);

impl FindingId {
    /// The `number`-th finding of the audit that began at `begun`.
    pub fn new(begun: Moment, number: usize) -> Self {
        Self(format!("{begun}/{number}"))
    }

    /// A number as stored.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something an audit found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its number.
    pub id: FindingId,
    /// What it shows.
    pub signal: Signal,
    /// The record, person or system it is about.
    pub subject: String,
    /// Whose act or right it is; empty when unknown.
    pub person: String,
    /// When it happened; the end of the audit for a standing fact.
    pub at: Timestamp,
    /// The journal position, where there is one.
    pub seq: Option<u64>,
    /// What was found.
    pub detail: String,
}

impl Finding {
    /// What makes two findings of different audits the same: a fact that still stands is not a new incident.
    pub fn key(&self) -> String {
        match self.signal {
            // Each event is one of its own.
            Signal::Auditable => self.id.to_string(),
            signal => format!(
                "{signal}|{}|{}|{}",
                self.subject,
                self.person,
                self.seq.map_or_else(String::new, |n| n.to_string())
            ),
        }
    }
}

/// An audit that was made: from when to when, over what, with what result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRun {
    /// When it began.
    pub begun: Moment,
    /// When it ended: when its findings were identified.
    pub ended: Moment,
    /// The first journal position it looked at.
    pub from: u64,
    /// The position after the last.
    pub until: u64,
    /// The root of the journal's tree at that size, in hex.
    pub root: String,
    /// What it looked at, and how many of each.
    pub scope: Vec<(String, u64)>,
    /// What it found, in order.
    pub findings: Vec<Finding>,
}

impl AuditRun {
    /// The report as lines of plain text. A day on which nothing was found says so.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!("Audit of {}", self.begun.date()),
            format!("Begun {}, ended {}", self.begun, self.ended),
            format!("Journal entries {} to {}, root {}", self.from, self.until, self.root),
        ];
        lines.extend(self.scope.iter().map(|(what, count)| format!("Looked at: {what}: {count}")));
        if self.findings.is_empty() {
            lines.push("No auditable event and no sign of an incident was found.".to_owned());
        }
        lines.extend(self.findings.iter().map(|one| {
            let place = one.seq.map_or_else(String::new, |seq| format!(" (entry {seq})"));
            let person = if one.person.is_empty() { "unknown" } else { &one.person };
            format!("{} | {} | {} | {person} | {}{place}: {}", one.id, one.at, one.signal, one.subject, one.detail)
        }));
        lines
    }
}

/// Audits records and system.
///
/// `window` is the part of the journal since the last audit, `missed` the days that went without one, as
/// [`super::IncidentRegister::missed`] tells them, and `unseen` the positions between the last audit's end and this window,
/// which no audit looked at.
pub fn examine(
    setting: Setting,
    window: (u64, u64),
    (begun, ended): (Moment, Moment),
    missed: &[jiff::civil::Date],
    unseen: Option<(u64, u64)>,
    facts: &Facts<'_>,
) -> AuditRun {
    let (from, until) = window;
    let mut findings: Vec<Finding> = Vec::new();
    for found in detect::all(setting, from, until, facts) {
        let id = FindingId::new(begun, findings.len() + 1);
        findings.push(found.numbered(id, ended.timestamp));
    }
    let mut late = |signal, subject: String, seq, detail: String| {
        let id = FindingId::new(begun, findings.len() + 1);
        let (at, person) = (ended.timestamp, String::new());
        findings.push(Finding { id, signal, subject, person, at, seq, detail });
    };
    for day in missed {
        late(Signal::AuditMissed, format!("audit/{day}"), None, format!("{day} passed without an audit"));
    }
    if let Some((first, end)) = unseen {
        let detail = format!("entries {first} to {end} were analysed by no audit");
        late(Signal::TrailGap, "audit".to_owned(), Some(first), detail);
    }
    let counted = |what: &str, count: usize| (what.to_owned(), count as u64);
    let scope = vec![
        counted("audit-trail entries", facts.trail.len()),
        counted("auditable events noticed", facts.events.len()),
        counted("people who may sign", facts.access.len()),
        counted("uses of tokens", facts.uses.len()),
        counted("deliveries compared with the archive", facts.deliveries.len()),
        counted("readings of the clock", facts.clock.len()),
        ("journal entries whose integrity was checked".to_owned(), facts.integrity.size),
    ];
    AuditRun { begun, ended, from, until, root: facts.integrity.root.clone(), scope, findings }
}

/// The last instant at which the next audit begins in time after one that began at `last`: within the hours that the law
/// allows, and on the next calendar day of the deployment (a day of 23 hours must not slip through).
pub fn next_due(last: Timestamp, zone: &TimeZone, terms: Terms<'_>) -> Timestamp {
    let local = last.to_zoned(zone.clone());
    let hours =
        terms.bound("audit-trail.analysis.hours", local.date()).and_then(|bound| i64::try_from(bound.value).ok());
    let by_hours = last.saturating_add(SignedDuration::from_hours(hours.unwrap_or(24))).unwrap_or(last);
    let after_next = local.date().tomorrow().and_then(jiff::civil::Date::tomorrow).ok();
    let by_day = after_next.and_then(|day| day.to_zoned(zone.clone()).ok()).map(|start| start.timestamp());
    // The last instant of the next day is the one before the day after it begins.
    let by_day = by_day.and_then(|start| start.checked_sub(SignedDuration::from_nanos(1)).ok());
    by_day.map_or(by_hours, |by_day| by_hours.min(by_day))
}
