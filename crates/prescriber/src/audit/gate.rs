//! The gate: open while a sufficient, favourable, current report stands and nothing adverse came after it.

use super::event::AuditEvent;
use super::report::{Part1311, Security, ThirdPartyReport};
use super::{Application, Service, Setting};
use crate::notice::{Addressee, Enclosure, Fact, Notice, Occasion, Subject};
use crate::terms::{Deadline, Terms};
use jiff::civil::Date;
use theriac_law::vocab::Compliance;
use theriac_law::{Moment, When};
use theriac_model::{Actor, Edition, Refusal, Role};

/// Days before the end of a report's year from which people are reminded.
pub const REMIND_DAYS: i32 = 60;

/// Whether the gate is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Open: the report that opens it, and the last day on which it does.
    Open {
        /// The report.
        report: String,
        /// The end of its period; `None` when no edition of the profile sets one.
        until: Option<Deadline>,
    },
    /// Shut, and why.
    Shut(Box<Refusal>),
}

impl Standing {
    /// Whether prescriptions may be signed or processed.
    ///
    /// # Errors
    /// The reason for which the gate is shut.
    pub fn require(&self) -> Result<(), Refusal> {
        match self {
            Self::Open { .. } => Ok(()),
            Self::Shut(refusal) => Err((**refusal).clone()),
        }
    }

    /// The same, as the rulebook asks it of an application.
    pub fn compliance(&self) -> Compliance {
        match self {
            Self::Open { .. } => Compliance::Compliant,
            Self::Shut(_) => Compliance::NonCompliant,
        }
    }
}

/// Who is told of an adverse report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Users {
    /// Practitioners who may sign, by identifier.
    pub practitioners: Vec<String>,
    /// Pharmacies that use the system, by identifier.
    pub pharmacies: Vec<String>,
    /// Registrants for whom the application was only installed.
    pub customers: Vec<String>,
}

/// A record to append, and the notices that follow from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The record.
    pub event: AuditEvent,
    /// The notices; empty unless the finding is adverse.
    pub notices: Vec<Notice>,
}

/// How long the gate still stays open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// The last day.
    pub last: Date,
    /// Days from today to it.
    pub days: i32,
}

/// The audits of one application, folded from their records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditGate {
    setting: Setting,
    reports: Vec<ThirdPartyReport>,
    accepted: Vec<String>,
    unfit: Option<Date>,
    running: Option<String>,
}

impl AuditGate {
    /// The gate of an application of which nothing is recorded: shut.
    pub const fn new(setting: Setting) -> Self {
        Self { setting, reports: Vec::new(), accepted: Vec::new(), unfit: None, running: None }
    }

    /// Takes in one record; the first report of a name stays.
    pub fn apply(&mut self, event: &AuditEvent) {
        match event {
            AuditEvent::Registered { report, .. } => {
                if self.report(&report.id).is_none() {
                    self.reports.push(report.clone());
                }
            }
            AuditEvent::KindAccepted { report, .. } => self.accepted.push(report.clone()),
            AuditEvent::DeclaredUnfit { on, .. } => self.unfit = self.unfit.max(Some(*on)),
            AuditEvent::FunctionChanged { version, .. } => self.running = Some(version.clone()),
            AuditEvent::FixNoted { .. } => {}
        }
    }

    /// Folds all records, in order.
    pub fn replay<'a>(setting: Setting, events: impl IntoIterator<Item = &'a AuditEvent>) -> Self {
        let mut gate = Self::new(setting);
        for event in events {
            gate.apply(event);
        }
        gate
    }

    /// What it is the gate of.
    pub fn setting(&self) -> Setting {
        self.setting
    }

    /// A report by its name.
    pub fn report(&self, id: &str) -> Option<&ThirdPartyReport> {
        self.reports.iter().find(|report| report.id == id)
    }

    /// All reports, the newest first: what everybody who uses the system, or thinks of using it, may read.
    pub fn published(&self) -> Vec<&ThirdPartyReport> {
        let mut reports: Vec<&ThirdPartyReport> = self.reports.iter().collect();
        reports.sort_by_key(|report| std::cmp::Reverse((report.audited, report.issued)));
        reports
    }

    /// The day of the last adverse finding: of an adverse report, or the provider's own.
    pub fn stopped(&self) -> Option<Date> {
        let adverse = self.reports.iter().filter(|report| report.is_adverse());
        adverse.map(|report| report.issued).chain(self.unfit).max()
    }

    /// Whether the gate is open on `day`, and what opens or shuts it.
    ///
    /// Several reasons may hold; the first of these is named: an adverse finding; no report; none that suffices; the end of
    /// its period; a function changed since.
    pub fn standing(&self, day: Date, terms: Terms<'_>) -> Standing {
        match self.opened_by(day, terms) {
            Ok((report, until)) => Standing::Open { report: report.id.clone(), until },
            Err(refusal) => Standing::Shut(refusal),
        }
    }

    fn opened_by(&self, day: Date, terms: Terms<'_>) -> Result<(&ThirdPartyReport, Option<Deadline>), Box<Refusal>> {
        let setting = self.setting;
        let shut = |code, cite, what: String, next: &'static str| Box::new(Refusal::new(code, cite, what, next));
        let stopped = self.stopped();
        let favourable = |report: &&ThirdPartyReport| {
            report.is_favourable() && report.issued <= day && stopped.is_none_or(|stopped| report.audited > stopped)
        };
        let mut candidates: Vec<&ThirdPartyReport> = self.reports.iter().filter(favourable).collect();
        candidates.sort_by_key(|report| std::cmp::Reverse((report.audited, report.issued)));
        if candidates.is_empty() {
            return Err(match stopped {
                Some(stopped) => shut(
                    "RX-AUDIT-ADVERSE",
                    setting.stops(),
                    format!("an adverse finding of {stopped} stands: {}", setting.act()),
                    "correct what was found, have the system audited again and register the favourable report",
                ),
                None => shut(
                    "RX-AUDIT-NONE",
                    setting.asks(),
                    format!("no favourable third-party audit is on file: {}", setting.act()),
                    "have the system audited by a qualified third party and register the report",
                ),
            });
        }
        let lacks = |report: &ThirdPartyReport| {
            report.lacks(setting, day, terms, self.accepted.contains(&report.id)).map(Box::new)
        };
        let Some(report) = candidates.iter().copied().find(|report| lacks(report).is_none()) else {
            // INVARIANT: there is a candidate, and none suffices.
            return Err(candidates.first().and_then(|report| lacks(report)).unwrap_or_else(|| {
                shut("RX-AUDIT-NONE", setting.asks(), setting.act().to_owned(), "register a report that suffices")
            }));
        };
        let until = terms.months("audit.interval.months", report.audited);
        if let Some(Deadline { due: When::Day(last), cite, edition }) = &until
            && day > *last
        {
            let mut refusal = Refusal::new(
                "RX-AUDIT-LATE",
                setting.asks(),
                format!("the last audit served until {last}: {}", setting.act()),
                "register the report of a new audit",
            );
            refusal.cite = cite.clone();
            refusal.edition = edition.clone();
            return Err(Box::new(refusal));
        }
        match &self.running {
            Some(running) if *running != report.version && terms.says("audit.on-change", day) => Err(shut(
                "RX-AUDIT-CHANGED",
                "21 CFR 1311.300(a)",
                format!("version {running} of the controlled-substance functions runs, {} was audited", report.version),
                "have the changed functions audited and register the report, or run the audited version again",
            )),
            _ => Ok((report, until)),
        }
    }

    /// Whether people are to be reminded of the next audit on `day`: from two months before its last day.
    pub fn reminder(&self, day: Date, terms: Terms<'_>) -> Option<Reminder> {
        let Standing::Open { until: Some(Deadline { due: When::Day(last), .. }), .. } = self.standing(day, terms)
        else {
            return None;
        };
        let days = (last - day).get_days();
        (days <= REMIND_DAYS).then_some(Reminder { last, days })
    }

    /// Registers a report; an adverse one comes with the notices to users and to DEA.
    ///
    /// # Errors
    /// By anyone but an operator; for a name that is taken; for what [`ThirdPartyReport::check`] refuses.
    pub fn register(
        &self,
        report: ThirdPartyReport,
        by: &Actor,
        users: &Users,
        now: Moment,
        terms: Terms<'_>,
    ) -> Result<Registered, Refusal> {
        self.operator(by)?;
        report.check(self.setting, now.date())?;
        if self.report(&report.id).is_some() {
            return Err(Refusal::new(
                "RX-AUDIT-TWICE",
                self.setting.asks(),
                format!("a report {} is registered", report.id),
                "look at it; register another report under another name",
            )
            .about("id"));
        }
        let notices = if report.is_adverse() { self.adverse_notices(&report, users, now, terms) } else { Vec::new() };
        Ok(Registered { event: AuditEvent::Registered { report, by: by.clone() }, notices })
    }

    fn adverse_notices(&self, report: &ThirdPartyReport, users: &Users, now: Moment, terms: Terms<'_>) -> Vec<Notice> {
        let mut facts = vec![
            Fact::new("audit report", format!("{} ({}) of {}", report.id, report.kind, report.issued)),
            Fact::new("auditor", report.auditor.name.clone()),
        ];
        if let Part1311::DoNotMeet(unmet) = &report.part_1311 {
            facts.extend(unmet.iter().map(|one| Fact::new("requirement not met", one.clone())));
        }
        if report.security == Security::Inadequate {
            facts.push(Fact::new("security", "found inadequate"));
        }
        facts.push(Fact::new("what follows", self.setting.act()));
        let about = format!("audit/{}/{}", self.setting.application, report.id);
        let enclosures = vec![Enclosure { what: format!("audit report {}", report.id), digest: report.digest.clone() }];
        self.tell(&about, Subject::AdverseAudit, facts, enclosures, users, now, terms)
    }

    #[allow(clippy::too_many_arguments)]
    fn tell(
        &self,
        about: &str,
        subject: Subject,
        facts: Vec<Fact>,
        enclosures: Vec<Enclosure>,
        users: &Users,
        now: Moment,
        terms: Terms<'_>,
    ) -> Vec<Notice> {
        let from = self.setting.sender();
        let occasion = Occasion { about, subject, from, facts, enclosures, raised: now, cite: self.setting.stops() };
        let dea = terms.business_days("audit.adverse.dea.business-days", now);
        let user = terms.business_days("audit.adverse.users.business-days", now);
        let mut to: Vec<Addressee> = match (self.setting.service, self.setting.application) {
            (Service::Installed, _) => users.customers.iter().cloned().map(Addressee::Customer).collect(),
            (Service::Hosted, Application::Prescribing) => {
                users.practitioners.iter().cloned().map(Addressee::Practitioner).collect()
            }
            (Service::Hosted, Application::Dispensing) => {
                users.pharmacies.iter().cloned().map(Addressee::Pharmacy).collect()
            }
        };
        to.sort();
        to.dedup();
        let mut notices = vec![occasion.to(Addressee::Administration, dea)];
        notices.extend(to.into_iter().map(|to| occasion.to(to, user.clone())));
        notices
    }

    /// Two people accept a report of a kind that the profile does not name, with a reason.
    ///
    /// # Errors
    /// For an unknown report; unless an operator and an access controller, two different people, accept it; without a reason.
    pub fn accept_kind(&self, report: &str, by: &Actor, second: &Actor, reason: &str) -> Result<AuditEvent, Refusal> {
        self.operator(by)?;
        if self.report(report).is_none() {
            return Err(Refusal::new(
                "RX-AUDIT-UNKNOWN",
                self.setting.asks(),
                format!("there is no report {report}"),
                "register the report first",
            ));
        }
        if second.role != Role::AccessController || second.id == by.id || reason.trim().is_empty() {
            return Err(Refusal::new(
                "RX-AUDIT-ACCEPT",
                self.setting.asks(),
                "another kind of report is accepted by two different people, the second an access controller, with a reason",
                "let an access controller confirm, and say why the report serves",
            )
            .under(Edition::House("audit-kind".into())));
        }
        Ok(AuditEvent::KindAccepted {
            report: report.to_owned(),
            by: by.clone(),
            second: second.clone(),
            reason: reason.to_owned(),
        })
    }

    /// The provider says itself that the system does not meet the rules (2008: 1311.155(f); in force: 1311.302): it stops, and
    /// users and DEA are told.
    ///
    /// # Errors
    /// By anyone but an operator; without saying what was found.
    pub fn declare_unfit(
        &self,
        by: &Actor,
        what: &str,
        users: &Users,
        now: Moment,
        terms: Terms<'_>,
    ) -> Result<Registered, Refusal> {
        self.operator(by)?;
        self.said(what)?;
        let facts = vec![Fact::new("what was found", what), Fact::new("what follows", self.setting.act())];
        let about = format!("audit/{}/declared-{}", self.setting.application, now.date());
        let notices = self.tell(&about, Subject::AdverseAudit, facts, Vec::new(), users, now, terms);
        let event = AuditEvent::DeclaredUnfit { by: by.clone(), on: now.date(), what: what.to_owned() };
        Ok(Registered { event, notices })
    }

    /// Another version of a controlled-substance function is put in operation.
    ///
    /// # Errors
    /// By anyone but an operator; without version or description.
    pub fn change_function(&self, by: &Actor, version: &str, what: &str, on: Date) -> Result<AuditEvent, Refusal> {
        self.operator(by)?;
        self.said(version)?;
        self.said(what)?;
        Ok(AuditEvent::FunctionChanged { by: by.clone(), on, version: version.to_owned(), what: what.to_owned() })
    }

    /// Notes what was done about a finding. The gate stays as it is.
    ///
    /// # Errors
    /// By anyone but an operator; without saying what was done.
    pub fn note_fix(&self, by: &Actor, what: &str, on: Date) -> Result<AuditEvent, Refusal> {
        self.operator(by)?;
        self.said(what)?;
        Ok(AuditEvent::FixNoted { by: by.clone(), on, what: what.to_owned() })
    }

    fn operator(&self, by: &Actor) -> Result<(), Refusal> {
        if by.role == Role::Operator {
            return Ok(());
        }
        Err(Refusal::new(
            "RX-AUDIT-ROLE",
            self.setting.asks(),
            format!("the role {} does not keep the audit reports", by.role),
            "let an operator of the deployment do it",
        ))
    }

    fn said(&self, text: &str) -> Result<(), Refusal> {
        if text.trim().is_empty() {
            return Err(Refusal::new(
                "RX-AUDIT-FIELD",
                self.setting.asks(),
                "something that must be said is empty",
                "say what it is",
            ));
        }
        Ok(())
    }
}
