//! What the watch prints: logs, notices, incident reports, summaries of audits. The layout is the paper crate's.

use super::incidents::Watching;
use super::logs::LogProof;
use super::notices::NoticeBook;
use crate::house::House;
use jiff::Timestamp;
use theriac_law::{Moment, When};
use theriac_model::{Decimal, Element};
use theriac_paper::Standing as PaperStanding;
use theriac_paper::papers::{self, AuditSummary, IncidentReport, IncidentStep, Issue, LogLine, Opinion};
use theriac_prescriber::audit::{Application, Part1311, Security, Standing, ThirdPartyReport};
use theriac_prescriber::incident::{AuditRun, Decision, Incident, IncidentEvent};
use theriac_prescriber::log::unusual::Mark;
use theriac_prescriber::log::{Kept, Line, Listing};
use theriac_prescriber::notice::{Addressee, Item};
use theriac_prescriber::terms::Deadline;

/// An application as papers name it.
pub(crate) const fn application_name(application: Application) -> &'static str {
    match application {
        Application::Prescribing => "the practitioner's application",
        Application::Dispensing => "the pharmacy's application",
    }
}

/// A mark in words.
pub(crate) fn mark_in_words(mark: &Mark) -> String {
    match mark {
        Mark::FirstTimePatient => "patient not in an earlier log".to_owned(),
        Mark::FirstTimeDrug => "drug not in an earlier log".to_owned(),
        Mark::AboveUsual { count, usual } => {
            format!("{count} prescriptions for this patient, at most {usual} in a month before")
        }
    }
}

fn refills(line: &Line) -> Option<u16> {
    line.element(Element::Refills).parse().ok()
}

impl House {
    /// A deadline as people read it: a day, or an instant by the clock of the place.
    pub(crate) fn due_in_words(&self, deadline: Option<&Deadline>) -> String {
        match deadline.map(|deadline| deadline.due) {
            None => "without delay".to_owned(),
            Some(When::Day(day)) => format!("end of {day}, a {}", weekday(day)),
            Some(When::Instant(moment)) => self.clock.wall(moment.timestamp),
        }
    }

    /// A moment by the clock of the place.
    pub(crate) fn moment_in_words(&self, moment: Moment) -> String {
        self.clock.wall(moment.timestamp)
    }

    /// Who issues a paper.
    pub(crate) fn issue(&self, dated: Timestamp, registration: Option<String>) -> Issue {
        let (practice, provider) = (&self.config.practice.name, self.provider().name);
        Issue {
            by: if provider == *practice { provider } else { format!("{practice}; service provider: {provider}") },
            registration,
            dated,
            standing: if self.deployment.demo().is_some() { PaperStanding::Demo } else { PaperStanding::Production },
            digest: None,
        }
    }

    fn log_line(&self, line: &Line, marks: &[Mark]) -> LogLine {
        let element = |element| line.element(element).to_owned();
        let address = [Element::PatientLine1, Element::PatientLine2, Element::PatientCity, Element::PatientState];
        let mut address: Vec<&str> =
            address.iter().map(|part| line.element(*part)).filter(|part| !part.is_empty()).collect();
        address.push(line.element(Element::PatientPostal));
        LogLine {
            prescription: line.prescription.clone(),
            signed: self.clock.wall(line.signed_at),
            issued: line.element(Element::Issued).parse().ok(),
            patient: line.patient_name(),
            address: address.join(", "),
            drug: element(Element::DrugName),
            strength: element(Element::DrugStrength),
            form: element(Element::DrugForm),
            schedule: element(Element::DrugSchedule),
            quantity: Decimal::parse(line.element(Element::QuantityValue)).ok(),
            unit: element(Element::QuantityUnit),
            directions: element(Element::Directions),
            refills: refills(line),
            registration: element(Element::Registration),
            pharmacy: line.pharmacy.clone(),
            fate: line.fate.word().replace('-', " "),
            remarks: marks.iter().map(mark_in_words).collect::<Vec<_>>().join("; "),
        }
    }

    fn log_of(&self, practitioner: &str, period: String, lines: Vec<LogLine>) -> papers::MonthlyLog {
        let mut registrations: Vec<String> = lines.iter().map(|line| line.registration.clone()).collect();
        registrations.sort();
        registrations.dedup();
        papers::MonthlyLog {
            practitioner: self.full_name(practitioner),
            registrations,
            period,
            lines,
            proof: Vec::new(),
            reviewed: None,
        }
    }

    /// A month's log as a paper: with its marks, its review and its proof.
    pub(crate) fn log_paper(&self, kept: &Kept, marks: &[Vec<Mark>], proof: &LogProof) -> papers::MonthlyLog {
        let log = &kept.log;
        let none = Vec::new();
        let lines = log.lines.iter().enumerate().map(|(n, line)| self.log_line(line, marks.get(n).unwrap_or(&none)));
        let period = format!("{} ({})", log.period.month, log.period.zone);
        let mut paper = self.log_of(&log.practitioner, period, lines.collect());
        let field = |name: &str, value: String| (name.to_owned(), value);
        paper.proof = vec![
            field("Signatures of the month in the journal", log.extent.signings.to_string()),
            field("Journal entries looked through", log.extent.size.to_string()),
            field("Root of the journal at that size", log.extent.root.clone()),
            field("Compared again with the journal", if proof.holds() { "it agrees" } else { "IT DIFFERS" }.to_owned()),
            field("Journal at the comparison", format!("{} entries, root {}", proof.size, proof.root)),
        ];
        paper.reviewed = kept.review.as_ref().map(|review| {
            format!("Received and reviewed by {} on {}", self.full_name(&review.by.id), self.moment_in_words(review.at))
        });
        paper
    }

    /// A log on request as a paper.
    pub(crate) fn listing_paper(&self, practitioner: &str, listing: &Listing) -> papers::MonthlyLog {
        let lines = listing.lines.iter().map(|line| self.log_line(line, &[])).collect();
        self.log_of(practitioner, format!("{} to {}", listing.from, listing.until), lines)
    }

    fn addressee_lines(&self, to: &Addressee) -> Vec<String> {
        match to {
            Addressee::Practitioner(id) => vec![self.full_name(id)],
            Addressee::Pharmacy(_) => vec![self.config.pharmacy.name.clone(), to.name()],
            Addressee::Provider => vec![self.config.practice.name.clone(), to.name()],
            _ => vec![to.name()],
        }
    }

    /// A notice as a letter.
    pub(crate) fn notice_paper(&self, number: u64, item: &Item) -> papers::Notice {
        let notice = &item.notice;
        papers::Notice {
            number: format!("{number} ({})", notice.id),
            from: vec![self.config.practice.name.clone()],
            to: self.addressee_lines(&notice.to),
            date: self.moment_in_words(notice.raised),
            subject: notice.subject.heading().to_owned(),
            facts: notice.facts.iter().map(|fact| (fact.label.clone(), fact.value.clone())).collect(),
            text: Vec::new(),
            enclosures: notice.enclosures.iter().map(|one| (one.what.clone(), one.digest.clone())).collect(),
            deadline: notice.deadline.as_ref().map(|deadline| self.due_in_words(Some(deadline))),
            cite: notice.cite.to_string(),
            signed_by: item.sent.as_ref().map(|sent| self.full_name(&sent.by.id)),
            capacity: format!("For the {}", notice.from),
        }
    }

    /// An incident as a report.
    pub(crate) fn incident_paper(
        &self,
        application: Application,
        watching: &Watching,
        incident: &Incident,
        book: &NoticeBook,
    ) -> IncidentReport {
        let setting = super::audits::setting(application);
        let due = self.under_terms(|terms| terms.incident_notice(incident.discovered));
        let mut steps = Vec::new();
        let mut judged = "Reportable by its kind: no person had to decide.".to_owned();
        for placed in watching.steps_of(&incident.id) {
            let (who, what) = match &placed.record {
                IncidentEvent::Opened { by, .. } => (by, "incident opened".to_owned()),
                IncidentEvent::Judged { by, decision, reason, at, .. } => {
                    let word = if *decision == Decision::Incident { "an incident" } else { "not an incident" };
                    judged = format!(
                        "{} decided on {} that it is {word}: {reason}",
                        self.full_name(&by.id),
                        self.moment_in_words(*at)
                    );
                    (by, format!("judged to be {word}"))
                }
                IncidentEvent::Closed { by, done, .. } => (by, format!("closed: {done}")),
                _ => continue,
            };
            let at = self.clock.wall(placed.at);
            steps.push(IncidentStep { at, who: self.full_name(&who.id), what, record: Some(placed.seq) });
        }
        let about = format!("incident/{application}/{}", incident.id);
        for item in book.notices.about(&about) {
            if let Some(sent) = &item.sent {
                steps.push(IncidentStep {
                    at: self.moment_in_words(sent.at),
                    who: self.full_name(&sent.by.id),
                    what: format!("told {} by {}: {}", item.notice.to.name(), sent.how, sent.reached),
                    record: None,
                });
            }
        }
        IncidentReport {
            number: incident.id.clone(),
            kind: incident.heading.words().to_owned(),
            application: format!("Theriac {}, {}", env!("CARGO_PKG_VERSION"), application_name(application)),
            happened: "see the account; the audit names entry and time where it knows them".to_owned(),
            found: self.moment_in_words(incident.discovered),
            due: self.due_in_words(due.as_ref()),
            account: incident.what.clone(),
            records: "Those named in the account. The journal proves every other record unchanged.".to_owned(),
            judged,
            steps,
            cite: incident.heading.cite(setting).to_owned(),
            signed_by: None,
        }
    }

    /// A third party's report, summed up for those who must read it.
    pub(crate) fn audit_summary(
        &self,
        application: Application,
        report: &ThirdPartyReport,
        standing: &Standing,
    ) -> AuditSummary {
        let until = match standing {
            Standing::Open { report: open, until } if *open == report.id => self.due_in_words(until.as_ref()),
            _ => "this report does not hold the gate open".to_owned(),
        };
        AuditSummary {
            application: format!("{}, version {}", application_name(application), report.version),
            auditor: report.auditor.name.clone(),
            qualification: report.auditor.qualification.clone(),
            kind: report.kind.word().to_owned(),
            issued: report.issued.to_string(),
            period: format!("{} to {}", report.from, report.audited),
            next: until,
            part_1311: match report.part_1311 {
                Part1311::Meet => Opinion::Met,
                Part1311::DoNotMeet(_) => Opinion::NotMet,
                Part1311::NotDecided => Opinion::NotExamined,
            },
            security: match report.security {
                Security::Adequate => Opinion::Met,
                Security::Inadequate => Opinion::NotMet,
            },
            findings: match &report.part_1311 {
                Part1311::DoNotMeet(unmet) => unmet.iter().map(|one| unmet_finding(one)).collect(),
                _ => Vec::new(),
            },
            report_digest: report.digest.clone(),
        }
    }

    /// The report of a daily audit, also of a day without findings.
    pub(crate) fn audit_run_paper(&self, application: Application, run: &AuditRun) -> theriac_paper::Document {
        use theriac_paper::{Column, Document, PageSize, Table};
        let issue = self.issue(run.ended.timestamp, None);
        let title = format!("Daily audit of {}", application_name(application));
        let mut paper = Document::new(PageSize::LETTER, title, issue.by, issue.dated).standing(issue.standing);
        paper.fields([
            ("Begun", self.moment_in_words(run.begun)),
            ("Ended", self.moment_in_words(run.ended)),
            ("Journal entries", format!("{} to {}", run.from, run.until)),
            ("Root of the journal", run.root.clone()),
            (
                "Required by",
                "21 CFR 1311.150(b), 1311.215; 73 FR 36722, proposed 21 CFR 1311.145(a), 1311.170(d)".to_owned(),
            ),
        ]);
        paper.heading("What was looked at");
        paper.fields(run.scope.iter().map(|(what, count)| (what.clone(), count.to_string())));
        paper.heading("What was found");
        if run.findings.is_empty() {
            paper.paragraph("No auditable event and no sign of an incident was found.");
            return paper;
        }
        let mut table = Table::new(vec![
            Column::new("When", 3),
            Column::new("Sign", 3),
            Column::new("About", 4),
            Column::new("Who", 2),
            Column::new("Found", 6),
            Column::numbers("Entry", 1),
        ]);
        for one in &run.findings {
            table.row([
                self.clock.wall(one.at),
                one.signal.word().replace('-', " "),
                one.subject.clone(),
                one.person.clone(),
                one.detail.clone(),
                one.seq.map(|seq| seq.to_string()).unwrap_or_default(),
            ]);
        }
        paper.table(table);
        paper
    }
}

fn unmet_finding(requirement: &str) -> papers::AuditFinding {
    papers::AuditFinding {
        cite: "21 CFR part 1311".to_owned(),
        requirement: requirement.to_owned(),
        opinion: Opinion::NotMet,
        evidence: String::new(),
    }
}

fn weekday(day: jiff::civil::Date) -> &'static str {
    use jiff::civil::Weekday;
    match day.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
