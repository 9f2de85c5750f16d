//! What a third-party audit found, for the users who must read it (2008: 1311.150, 1311.155(f); 21 CFR 1311.300, 1311.302).

use super::Issue;
use crate::document::Document;
use crate::size::PageSize;
use crate::table::{Column, Table};

/// What the auditor says of a requirement or of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// Met.
    Met,
    /// Not met.
    NotMet,
    /// Not examined.
    NotExamined,
}

impl Opinion {
    const fn words(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "NOT MET",
            Self::NotExamined => "not examined",
        }
    }
}

/// A requirement, and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFinding {
    /// The paragraph.
    pub cite: String,
    /// What it asks for, in our words.
    pub requirement: String,
    /// What the auditor says.
    pub opinion: Opinion,
    /// The evidence, or what is wrong.
    pub evidence: String,
}

/// A summary of a report; the report itself is archived beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditSummary {
    /// The application and version that was examined.
    pub application: String,
    /// The auditor.
    pub auditor: String,
    /// What qualifies the auditor.
    pub qualification: String,
    /// The kind of report as it calls itself.
    pub kind: String,
    /// The day of the report.
    pub issued: String,
    /// The period it covers.
    pub period: String,
    /// When the next one is due.
    pub next: String,
    /// Whether the application meets part 1311.
    pub part_1311: Opinion,
    /// Whether security and processing integrity are adequate.
    pub security: Opinion,
    /// By requirement.
    pub findings: Vec<AuditFinding>,
    /// SHA-256 of the archived report, in hex.
    pub report_digest: String,
}

impl AuditSummary {
    /// Whether nothing examined fails and both questions of the whole are answered with yes.
    pub fn favourable(&self) -> bool {
        self.part_1311 == Opinion::Met
            && self.security == Opinion::Met
            && self.findings.iter().all(|finding| finding.opinion != Opinion::NotMet)
    }

    /// The summary on paper.
    pub fn paper(&self, issue: &Issue) -> Document {
        let mut paper = issue.paper(PageSize::LETTER, "Summary of a third-party audit", Some(self.period.clone()));
        if self.favourable() {
            paper.strong("Favourable");
        } else {
            paper.notice(
                "Not favourable",
                "Do not use the application for controlled substances until a later report is favourable.",
            );
        }
        paper.fields([
            ("Application", self.application.as_str()),
            ("Auditor", &self.auditor),
            ("Qualification", &self.qualification),
            ("Kind of report", &self.kind),
            ("Issued", &self.issued),
            ("Period", &self.period),
            ("Next one due", &self.next),
            ("Requirements of 21 CFR part 1311", self.part_1311.words()),
            ("Security and processing integrity", self.security.words()),
            ("SHA-256 of the report", &self.report_digest),
        ]);
        if !self.findings.is_empty() {
            paper.heading("By requirement");
            let mut table = Table::new(vec![
                Column::new("Paragraph", 3),
                Column::new("Requirement", 6),
                Column::new("Finding", 2),
                Column::new("Evidence", 5),
            ]);
            for finding in &self.findings {
                let cells = [&finding.cite, &finding.requirement, finding.opinion.words(), &finding.evidence]
                    .map(str::to_owned);
                if finding.opinion == Opinion::NotMet { table.sum(cells) } else { table.row(cells) }
            }
            paper.table(table);
        }
        paper
    }
}
