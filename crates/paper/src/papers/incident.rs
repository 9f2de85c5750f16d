//! The report of a security incident (2008: 1311.150 and 1311.170(e); 21 CFR 1311.150(c), 1311.215(c)).

use super::Issue;
use crate::document::Document;
use crate::size::PageSize;
use crate::table::{Column, Table};

/// Something that happened or was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentStep {
    /// When, with its zone.
    pub at: String,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// The journal's position that records it.
    pub record: Option<u64>,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentReport {
    /// Its number in the record.
    pub number: String,
    /// Which kind, in the rule's words.
    pub kind: String,
    /// The application it concerns.
    pub application: String,
    /// When it happened, as far as known.
    pub happened: String,
    /// When it was found.
    pub found: String,
    /// Until when provider and DEA must have it.
    pub due: String,
    /// What happened, in sentences.
    pub account: String,
    /// Whether records could have been compromised, and which.
    pub records: String,
    /// Who decided that it is an incident to report, and why.
    pub judged: String,
    /// In order of time.
    pub steps: Vec<IncidentStep>,
    /// The paragraph that asks for the report.
    pub cite: String,
    /// Who signs it.
    pub signed_by: Option<String>,
}

impl IncidentReport {
    /// The report on paper.
    pub fn paper(&self, issue: &Issue) -> Document {
        let mut paper = issue.paper(PageSize::LETTER, "Report of a security incident", None);
        paper.fields([
            ("Number", self.number.as_str()),
            ("Kind", &self.kind),
            ("Application", &self.application),
            ("Happened", &self.happened),
            ("Found", &self.found),
            ("To be reported by", &self.due),
            ("Required by", &self.cite),
        ]);
        paper.heading("What happened");
        paper.paragraph(self.account.clone());
        paper.heading("Records concerned");
        paper.paragraph(self.records.clone());
        paper.heading("Judgement");
        paper.paragraph(self.judged.clone());
        if !self.steps.is_empty() {
            paper.heading("In order of time");
            let mut table = Table::new(vec![
                Column::new("When", 3),
                Column::new("Who", 3),
                Column::new("What", 7),
                Column::numbers("Entry", 1),
            ]);
            for step in &self.steps {
                let record = step.record.map(|record| record.to_string()).unwrap_or_default();
                table.row([step.at.clone(), step.who.clone(), step.what.clone(), record]);
            }
            paper.table(table);
        }
        paper.signature("For the reporting registrant or provider", self.signed_by.clone());
        paper
    }
}
