//! The register of incidents: audits made and missed, findings that wait for a decision, incidents open and closed.

use super::event::{Decision, IncidentEvent};
use super::kind::{AuditableEvent, AuditableList, Heading, Watched};
use super::run::{AuditRun, Finding, FindingId};
use crate::audit::{Application, Regime, Service, Setting};
use crate::notice::{Addressee, Fact, Notice, Notices, Occasion, Sender, Subject};
use crate::terms::{Deadline, Terms};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use theriac_law::Moment;
use theriac_model::{Actor, Refusal, Role};

/// An incident and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its number.
    pub id: String,
    /// The finding it comes from.
    pub finding: Option<FindingId>,
    /// What makes it the same as a later finding of the same fact.
    pub key: String,
    /// The heading under which it is reported.
    pub heading: Heading,
    /// What happened.
    pub what: String,
    /// When it was discovered or identified.
    pub discovered: Moment,
    /// Who opened it.
    pub by: Actor,
    /// When it was closed, and what was done.
    pub closed: Option<(Moment, String)>,
}

/// A finding that waits for a person's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenFinding {
    /// The finding.
    pub finding: Finding,
    /// When it was identified.
    pub identified: Moment,
    /// By when an incident would have to be reported: by then it must be decided.
    pub deadline: Option<Deadline>,
}

/// What somebody reports as an incident.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// Its number.
    pub id: &'a str,
    /// The heading.
    pub heading: Heading,
    /// What happened.
    pub what: &'a str,
    /// When it was discovered.
    pub discovered: Moment,
    /// Who reports it; the program where an alarm of the network is certain of a successful intrusion.
    pub by: &'a Actor,
}

/// Records to append and what follows from them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The records.
    pub events: Vec<IncidentEvent>,
    /// The notices.
    pub notices: Vec<Notice>,
    /// People who must not sign until it is cleared up.
    pub suspend: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Ran {
    begun: Moment,
    until: u64,
}

/// The watch over one application, folded from its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRegister {
    setting: Setting,
    list: AuditableList,
    runs: Vec<Ran>,
    findings: BTreeMap<FindingId, (Finding, Moment)>,
    judged: BTreeMap<FindingId, Decision>,
    incidents: BTreeMap<String, Incident>,
}

impl IncidentRegister {
    /// The register of an application of which nothing is recorded.
    pub fn new(setting: Setting) -> Self {
        Self {
            setting,
            list: AuditableList::default(),
            runs: Vec::new(),
            findings: BTreeMap::new(),
            judged: BTreeMap::new(),
            incidents: BTreeMap::new(),
        }
    }

    /// Takes in one record.
    pub fn apply(&mut self, event: &IncidentEvent) {
        match event {
            IncidentEvent::Noticed(_) => {}
            IncidentEvent::Audited(run) => {
                self.runs.push(Ran { begun: run.begun, until: run.until });
                for finding in run.findings.iter().filter(|finding| finding.signal.heading().is_none()) {
                    self.findings.insert(finding.id.clone(), (finding.clone(), run.ended));
                }
            }
            IncidentEvent::Opened { id, finding, key, heading, what, discovered, by } => {
                self.incidents.entry(id.clone()).or_insert_with(|| Incident {
                    id: id.clone(),
                    finding: finding.clone(),
                    key: key.clone(),
                    heading: *heading,
                    what: what.clone(),
                    discovered: *discovered,
                    by: by.clone(),
                    closed: None,
                });
            }
            IncidentEvent::Judged { finding, decision, .. } => {
                self.judged.insert(finding.clone(), *decision);
            }
            IncidentEvent::Closed { id, done, at, .. } => {
                if let Some(incident) = self.incidents.get_mut(id) {
                    incident.closed.get_or_insert((*at, done.clone()));
                }
            }
            IncidentEvent::ListExtended { name, .. } => self.list.add(name),
            IncidentEvent::ListReduced { name, .. } => self.list.remove(name),
        }
    }

    /// Folds all records, in order.
    pub fn replay<'a>(setting: Setting, events: impl IntoIterator<Item = &'a IncidentEvent>) -> Self {
        let mut register = Self::new(setting);
        for event in events {
            register.apply(event);
        }
        register
    }

    /// The list of auditable events.
    pub fn list(&self) -> &AuditableList {
        &self.list
    }

    /// Adds a kind to the list of auditable events.
    ///
    /// # Errors
    /// As [`AuditableList::may_add`].
    pub fn extend_list(&self, name: &str, by: &Actor) -> Result<IncidentEvent, Refusal> {
        self.list.may_add(name, by)?;
        Ok(IncidentEvent::ListExtended { name: name.to_owned(), by: by.clone() })
    }

    /// Takes a kind off the list of auditable events.
    ///
    /// # Errors
    /// As [`AuditableList::may_remove`]: never for the minimum.
    pub fn reduce_list(&self, kind: &Watched, by: &Actor) -> Result<IncidentEvent, Refusal> {
        self.list.may_remove(kind, by)?;
        Ok(IncidentEvent::ListReduced {
            name: kind.to_string().trim_start_matches("house:").to_owned(),
            by: by.clone(),
        })
    }

    /// The record of an auditable event; `None` for a kind that is not on the list.
    pub fn notice(&self, event: AuditableEvent) -> Option<IncidentEvent> {
        self.list.watches(&event.kind).then_some(IncidentEvent::Noticed(event))
    }

    /// The journal position at which the next audit begins.
    pub fn next_from(&self) -> u64 {
        self.runs.last().map_or(0, |run| run.until)
    }

    /// When the last audit began.
    pub fn last_begun(&self) -> Option<Moment> {
        self.runs.last().map(|run| run.begun)
    }

    /// Positions before `from` that no audit looked at.
    pub fn unseen(&self, from: u64) -> Option<(u64, u64)> {
        let next = self.next_from();
        (next < from).then_some((next, from))
    }

    /// The days from `began` to the day before `now` on which no audit began and that no incident is about yet.
    pub fn missed(&self, began: Date, now: Moment) -> Vec<Date> {
        let done: BTreeSet<Date> = self.runs.iter().map(|run| run.begun.date()).collect();
        let told = |day: Date| {
            let subject = format!("|audit/{day}|");
            self.incidents.values().any(|incident| incident.key.contains(&subject))
        };
        let days = began.series(jiff::Span::new().days(1)).take_while(|day| *day < now.date());
        days.filter(|day| !done.contains(day) && !told(*day)).collect()
    }

    /// Whether the next audit should have begun: the alarm of a missed or failed run.
    pub fn is_overdue(&self, began: Timestamp, now: Timestamp, zone: &TimeZone, terms: Terms<'_>) -> bool {
        let last = self.last_begun().map_or(began, |moment| moment.timestamp);
        now > super::run::next_due(last, zone, terms)
    }

    /// Records an audit: it opens an incident for each reportable finding that no open incident is about, with the notices.
    pub fn record(&self, run: AuditRun, terms: Terms<'_>) -> Recorded {
        let open: BTreeSet<&str> = self
            .incidents
            .values()
            .filter(|incident| incident.closed.is_none())
            .map(|incident| incident.key.as_str())
            .collect();
        let program = Actor::new("theriac", Role::System);
        let mut recorded = Recorded::default();
        for finding in &run.findings {
            let (Some(heading), key) = (finding.signal.heading(), finding.key()) else { continue };
            if finding.signal.suspends() && !finding.person.is_empty() && !recorded.suspend.contains(&finding.person) {
                recorded.suspend.push(finding.person.clone());
            }
            if open.contains(key.as_str()) {
                continue;
            }
            let what = format!("{}: {}", finding.subject, finding.detail);
            let opened = IncidentEvent::Opened {
                id: finding.id.to_string(),
                finding: Some(finding.id.clone()),
                key,
                heading,
                what,
                discovered: run.ended,
                by: program.clone(),
            };
            recorded.notices.extend(self.notices(&opened, run.ended, terms));
            recorded.events.push(opened);
        }
        recorded.events.insert(0, IncidentEvent::Audited(run));
        recorded
    }

    /// Opens an incident freely: whatever people noticed, or an alarm of the network about a successful intrusion.
    ///
    /// # Errors
    /// By a role that does not report incidents; without saying what happened; for a discovery to come; for a number that is
    /// taken.
    pub fn open(&self, opening: Opening<'_>, now: Moment, terms: Terms<'_>) -> Result<Recorded, Refusal> {
        let Opening { id, heading, what, discovered, by } = opening;
        let cite = heading.cite(self.setting);
        let refuse = |code, what: String, next: &'static str| Err(Refusal::new(code, cite, what, next));
        if matches!(by.role, Role::Inspector | Role::Auditor) {
            return refuse("RX-INCIDENT-ROLE", format!("the role {} only reads", by.role), "tell an operator");
        }
        if what.trim().is_empty() || id.trim().is_empty() {
            return refuse("RX-INCIDENT-WHAT", "it is not said what happened".to_owned(), "say what happened");
        }
        if discovered.timestamp > now.timestamp {
            return refuse(
                "RX-INCIDENT-FUTURE",
                format!("{discovered} has not come yet"),
                "enter when it was discovered",
            );
        }
        if self.incidents.contains_key(id) {
            return refuse(
                "RX-INCIDENT-TWICE",
                format!("there is an incident {id}"),
                "look at it, or use another number",
            );
        }
        let opened = IncidentEvent::Opened {
            id: id.to_owned(),
            finding: None,
            key: format!("opened|{id}"),
            heading,
            what: what.to_owned(),
            discovered,
            by: by.clone(),
        };
        let notices = self.notices(&opened, now, terms);
        Ok(Recorded { events: vec![opened], notices, suspend: Vec::new() })
    }

    /// The findings that wait for a decision, the oldest first.
    pub fn undecided(&self, terms: Terms<'_>) -> Vec<OpenFinding> {
        let waiting = self.findings.iter().filter(|(id, _)| !self.judged.contains_key(*id));
        let mut open: Vec<OpenFinding> = waiting
            .map(|(_, (finding, identified))| OpenFinding {
                finding: finding.clone(),
                identified: *identified,
                deadline: terms.incident_notice(*identified),
            })
            .collect();
        open.sort_by_key(|one| (one.identified.timestamp, one.finding.at));
        open
    }

    /// The findings whose decision is late: what escalates.
    pub fn escalated(&self, now: Moment, terms: Terms<'_>) -> Vec<OpenFinding> {
        let late = |open: &OpenFinding| open.deadline.as_ref().is_some_and(|deadline| deadline.has_passed(now));
        self.undecided(terms).into_iter().filter(late).collect()
    }

    /// A person decides whether a finding is a security incident. The time for telling it began when it was identified.
    ///
    /// # Errors
    /// For a finding that does not wait; by anyone but the designated people, above all by a program; without a reason.
    pub fn judge(
        &self,
        finding: &FindingId,
        decision: Decision,
        reason: &str,
        by: &Actor,
        now: Moment,
        terms: Terms<'_>,
    ) -> Result<Recorded, Refusal> {
        let cite = Heading::Integrity.cite(self.setting);
        let refuse = |code, what: String, next: &'static str| Err(Refusal::new(code, cite, what, next));
        let Some((found, identified)) = self.findings.get(finding).filter(|_| !self.judged.contains_key(finding))
        else {
            return refuse(
                "RX-INCIDENT-NOT-WAITING",
                format!("no finding {finding} waits for a decision"),
                "look at the list of open findings",
            );
        };
        if by.id.trim().is_empty() || !self.designated().contains(&by.role) {
            return refuse(
                "RX-INCIDENT-JUDGE",
                format!("the role {} does not decide whether it is an incident", by.role),
                "let a designated person decide",
            );
        }
        if reason.trim().is_empty() {
            return refuse("RX-INCIDENT-REASON", "no reason is given".to_owned(), "say why");
        }
        let judged = IncidentEvent::Judged {
            finding: finding.clone(),
            decision,
            reason: reason.to_owned(),
            by: by.clone(),
            at: now,
        };
        let mut recorded = Recorded { events: vec![judged], ..Recorded::default() };
        if decision == Decision::Incident {
            let opened = IncidentEvent::Opened {
                id: finding.to_string(),
                finding: Some(finding.clone()),
                key: found.key(),
                heading: Heading::Integrity,
                what: format!("{}: {}", found.subject, found.detail),
                discovered: *identified,
                by: by.clone(),
            };
            recorded.notices = self.notices(&opened, now, terms);
            recorded.events.push(opened);
        }
        Ok(recorded)
    }

    fn designated(&self) -> &'static [Role] {
        match self.setting.application {
            Application::Prescribing => &[Role::Operator, Role::AccessController],
            Application::Dispensing => &[Role::Pharmacist],
        }
    }

    /// Closes an incident.
    ///
    /// # Errors
    /// For an incident that is not open; while a notice about it has not been given; by anyone but the designated people;
    /// without saying what was done.
    pub fn close(
        &self,
        id: &str,
        done: &str,
        by: &Actor,
        notices: &Notices,
        now: Moment,
    ) -> Result<IncidentEvent, Refusal> {
        let cite = Heading::Integrity.cite(self.setting);
        let refuse = |code, what: String, next: &'static str| Err(Refusal::new(code, cite, what, next));
        if self.incidents.get(id).is_none_or(|incident| incident.closed.is_some()) {
            return refuse(
                "RX-INCIDENT-NOT-OPEN",
                format!("no incident {id} is open"),
                "look at the list of incidents",
            );
        }
        if !self.designated().contains(&by.role) || done.trim().is_empty() {
            return refuse(
                "RX-INCIDENT-CLOSE",
                "an incident is closed by a designated person who says what was done".to_owned(),
                "let a designated person close it and say what was done",
            );
        }
        let about = about(self.setting, id);
        let mut to_tell = notices.about(&about).filter(|item| item.sent.is_none());
        if let Some(item) = to_tell.next() {
            return refuse(
                "RX-INCIDENT-UNTOLD",
                format!("the notice to {} has not been given", item.notice.to),
                "give every notice about it and record that, then close it",
            );
        }
        Ok(IncidentEvent::Closed { id: id.to_owned(), done: done.to_owned(), by: by.clone(), at: now })
    }

    /// An incident by its number.
    pub fn incident(&self, id: &str) -> Option<&Incident> {
        self.incidents.get(id)
    }

    /// All incidents, by number.
    pub fn incidents(&self) -> impl Iterator<Item = &Incident> {
        self.incidents.values()
    }

    /// The notices about an incident: to DEA always; by a pharmacy to its provider, or in a Federal system to the agency; by
    /// whoever only has the application installed, to its provider.
    fn notices(&self, opened: &IncidentEvent, raised: Moment, terms: Terms<'_>) -> Vec<Notice> {
        let IncidentEvent::Opened { id, heading, what, discovered, .. } = opened else { return Vec::new() };
        let mut to = match (self.setting.application, self.setting.regime, self.setting.service) {
            (Application::Dispensing, Regime::Federal, _) => vec![Addressee::Agency],
            (Application::Dispensing, Regime::Ordinary, _)
            | (Application::Prescribing, Regime::Ordinary, Service::Installed) => vec![Addressee::Provider],
            (Application::Prescribing, ..) => Vec::new(),
        };
        to.push(Addressee::Administration);
        let from = match self.setting.application {
            Application::Dispensing => Sender::Pharmacy,
            Application::Prescribing => self.setting.sender(),
        };
        let facts = vec![
            Fact::new("incident", id.clone()),
            Fact::new("what it may mean", heading.words()),
            Fact::new("what was found", what.clone()),
            Fact::new("discovered", discovered.to_string()),
        ];
        let about = about(self.setting, id);
        let occasion = Occasion {
            about: &about,
            subject: Subject::Incident,
            from,
            facts,
            enclosures: Vec::new(),
            raised,
            cite: heading.cite(self.setting),
        };
        let deadline = terms.incident_notice(*discovered);
        to.into_iter().map(|to| occasion.to(to, deadline.clone())).collect()
    }
}

fn about(setting: Setting, id: &str) -> String {
    format!("incident/{}/{id}", setting.application)
}
