//! What the pharmacy learns beside single prescriptions: drugs that are abused nearby, and dispensings that together look like
//! abuse, with the report to those who must know (Pharmacist's Manual 2010, appendix D).

use super::event::{ArchiveEvent, Given};
use super::table::key;
use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use jiff::civil::Date;
use theriac_model::{Actor, Refusal};
use theriac_paper::{Column, Document, Footer, PageSize, Table};

/// The stream of the notes on drugs.
const ALERTS: &str = "alerts";
/// The stream of patterns.
const PATTERNS: &str = "patterns";
/// Lines of a pattern at most.
const LINES_MAX: usize = 200;
const CITE: &str = "Pharmacist's Manual 2010, appendix D";

/// A note on a drug that is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alert {
    pub(crate) id: String,
    pub(crate) drug: String,
    pub(crate) text: String,
}

/// Dispensings that together look like abuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub(crate) id: String,
    pub(crate) what: String,
    pub(crate) lines: Vec<u64>,
    pub(crate) sent: Vec<Given>,
}

fn said(text: &str, field: &'static str, what: &'static str) -> Result<String, Refusal> {
    let text = text.trim();
    if (1..=500).contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    Err(Refusal::new("PHARM-TEXT", CITE, format!("{what} is empty or longer than 500 characters"), "write it down")
        .about(field))
}

impl House {
    /// The notes on drugs in force, oldest first.
    pub(crate) fn alerts(&self) -> Result<(Vec<Alert>, u64), Fault> {
        let (events, version) = stream::<ArchiveEvent>(&self.store, ALERTS)?;
        let mut alerts = Vec::new();
        for event in events {
            match event {
                ArchiveEvent::AlertAdded { id, drug, text } => alerts.push(Alert { id, drug, text }),
                ArchiveEvent::AlertEnded { id, .. } => alerts.retain(|alert| alert.id != id),
                _ => {}
            }
        }
        Ok((alerts, version))
    }

    /// What the staff should know when this drug is dispensed: the notes whose words all stand in its name.
    pub(crate) fn alerts_on(&self, drug: &str) -> Result<Vec<Alert>, Fault> {
        let drug = key(drug);
        let (mut alerts, _) = self.alerts()?;
        alerts.retain(|alert| key(&alert.drug).split_whitespace().all(|word| drug.contains(word)));
        Ok(alerts)
    }

    /// Adds a note on a drug.
    pub(crate) fn add_alert(&self, by: &Actor, drug: &str, text: &str) -> Result<(), Fault> {
        let (drug, text) = (said(drug, "drug", "the drug")?, said(text, "text", "the note")?);
        let (_, version) = self.alerts()?;
        self.note_of(by, ALERTS, version, &ArchiveEvent::AlertAdded { id: Self::fresh_id("L")?, drug, text })
    }

    /// Ends a note.
    pub(crate) fn end_alert(&self, by: &Actor, id: &str, reason: &str) -> Result<(), Fault> {
        let reason = said(reason, "reason", "the reason")?;
        let (alerts, version) = self.alerts()?;
        if !alerts.iter().any(|alert| alert.id == id) {
            let what = format!("there is no note {id} in force");
            return Err(Refusal::new("PHARM-ALERT", CITE, what, "take it from the list").about("id").into());
        }
        self.note_of(by, ALERTS, version, &ArchiveEvent::AlertEnded { id: id.to_owned(), reason })
    }

    fn note_of(&self, by: &Actor, name: &str, version: u64, event: &ArchiveEvent) -> Result<(), Fault> {
        let desk = self.by(by, self.pharmacy.as_str());
        Change::default().decided_on(name, version).event(&desk, name, event)?.commit(&self.store)?;
        Ok(())
    }

    /// Every pattern that was found, the newest first.
    pub(crate) fn patterns(&self) -> Result<(Vec<Pattern>, u64), Fault> {
        let (events, version) = stream::<ArchiveEvent>(&self.store, PATTERNS)?;
        let mut patterns: Vec<Pattern> = Vec::new();
        for event in events {
            match event {
                ArchiveEvent::PatternFound { id, what, lines } => {
                    patterns.push(Pattern { id, what, lines, sent: Vec::new() });
                }
                ArchiveEvent::PatternSent { id, given } => {
                    patterns
                        .iter_mut()
                        .filter(|pattern| pattern.id == id)
                        .for_each(|pattern| pattern.sent.push(given.clone()));
                }
                _ => {}
            }
        }
        patterns.reverse();
        Ok((patterns, version))
    }

    /// Puts dispensings together as a pattern; answers its number.
    ///
    /// # Errors
    /// `PHARM-PATTERN` for fewer than two lines of the archive, or more than a report holds.
    pub(crate) fn find_pattern(&self, by: &Actor, what: &str, lines: &[u64]) -> Result<String, Fault> {
        let what = said(what, "what", "what was noticed")?;
        let mut lines = lines.to_vec();
        lines.sort_unstable();
        lines.dedup();
        if !(2..=LINES_MAX).contains(&lines.len()) || self.archive_lines_at(&lines)?.len() != lines.len() {
            let next = "tick two to 200 dispensings of the archive's list";
            return Err(Refusal::new("PHARM-PATTERN", CITE, "these are not several dispensings", next)
                .about("lines")
                .into());
        }
        let (_, version) = self.patterns()?;
        let id = Self::fresh_id("T")?;
        self.note_of(by, PATTERNS, version, &ArchiveEvent::PatternFound { id: id.clone(), what, lines })?;
        Ok(id)
    }

    /// A pattern that was found.
    pub(crate) fn pattern(&self, id: &str) -> Result<Option<Pattern>, Fault> {
        Ok(self.patterns()?.0.into_iter().find(|pattern| pattern.id == id))
    }

    /// Records that the report of a pattern was sent: to whom, how, when.
    pub(crate) fn pattern_sent(&self, by: &Actor, id: &str, to: &str, how: &str, on: Date) -> Result<(), Fault> {
        let given = Given { to: said(to, "to", "to whom")?, how: said(how, "how", "how")?, on };
        if on > self.clock.moment().date() {
            let what = format!("{on} has not come yet");
            return Err(Refusal::new("PHARM-PATTERN-SENT", CITE, what, "enter the day on which it was sent")
                .about("on")
                .into());
        }
        let (patterns, version) = self.patterns()?;
        if !patterns.iter().any(|pattern| pattern.id == id) {
            let what = format!("there is no pattern {id}");
            return Err(Refusal::new("PHARM-PATTERN", CITE, what, "take it from the list").about("id").into());
        }
        self.note_of(by, PATTERNS, version, &ArchiveEvent::PatternSent { id: id.to_owned(), given })
    }

    /// The report of a pattern: prescriptions, people, days and quantities.
    pub(crate) fn pattern_paper(&self, pattern: &Pattern) -> Result<Document, Fault> {
        let issue = self.issue(self.clock.now(), None);
        let author = self.config.pharmacy.name.clone();
        let mut paper = Document::new(
            PageSize::LETTER_WIDE,
            format!("Report of a suspected pattern of abuse {}", pattern.id),
            author,
            issue.dated,
        )
        .standing(issue.standing)
        .footer(Footer { registration: Some(self.pharmacy.to_string()), period: None, digest: None });
        paper.fields([
            ("To", "the State board of pharmacy, or the local DEA field office".to_owned()),
            ("From", format!("{}, {}", self.config.pharmacy.name, self.pharmacy)),
            ("What was noticed", pattern.what.clone()),
            ("Made", self.clock.wall(issue.dated)),
        ]);
        let mut table = Table::new(vec![
            Column::new("Number", 4),
            Column::new("Filled", 3),
            Column::new("Patient", 7),
            Column::new("Prescriber", 7),
            Column::new("Drug", 6),
            Column::new("Quantity", 3),
            Column::new("Dispensed by", 4),
        ]);
        for line in self.archive_lines_at(&pattern.lines)? {
            table.row([
                format!("{} (C-{})", line.number, line.schedule),
                if line.filled.is_empty() { format!("not filled; received {}", line.received) } else { line.filled },
                format!("{}\n{}", line.patient, line.patient_address),
                format!("{}, {}", line.practitioner, line.registration),
                line.drug,
                if line.quantity.is_empty() { line.written } else { line.quantity },
                line.pharmacist,
            ]);
        }
        paper.table(table);
        paper.signature("Pharmacist", None);
        Ok(paper)
    }
}
