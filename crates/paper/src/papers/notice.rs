//! A notice as a letter: to a practitioner, an access controller, the provider or DEA. A person sends it; the program keeps the
//! deadline.

use super::Issue;
use crate::document::Document;
use crate::size::PageSize;

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number in the record.
    pub number: String,
    /// Sender's name and address, a line each.
    pub from: Vec<String>,
    /// Addressee's name and address, a line each.
    pub to: Vec<String>,
    /// The day it is dated, in words the reader uses.
    pub date: String,
    /// What it is about.
    pub subject: String,
    /// What it states: names and values.
    pub facts: Vec<(String, String)>,
    /// What it says beyond the facts, a paragraph each.
    pub text: Vec<String>,
    /// What goes with it, with the digest of each.
    pub enclosures: Vec<(String, String)>,
    /// By when it must have been given; `None` where no period is set.
    pub deadline: Option<String>,
    /// The paragraph that asks for it.
    pub cite: String,
    /// Who signs it.
    pub signed_by: Option<String>,
    /// In which capacity.
    pub capacity: String,
}

impl Notice {
    /// The letter.
    pub fn paper(&self, issue: &Issue) -> Document {
        let mut paper = issue.paper(PageSize::LETTER, &self.subject, None);
        paper.fields([
            ("From", self.from.join("\n")),
            ("To", self.to.join("\n")),
            ("Date", self.date.clone()),
            ("Reference", self.number.clone()),
            ("Required by", self.cite.clone()),
            ("To be given by", self.deadline.clone().unwrap_or_else(|| "without delay".to_owned())),
        ]);
        for text in &self.text {
            paper.paragraph(text.clone());
        }
        if !self.facts.is_empty() {
            paper.heading("Facts");
            paper.fields(self.facts.clone());
        }
        if !self.enclosures.is_empty() {
            paper.heading("Enclosed");
            paper.fields(self.enclosures.iter().map(|(what, digest)| (what.clone(), format!("SHA-256 {digest}"))));
        }
        paper.signature(self.capacity.clone(), self.signed_by.clone());
        paper
    }
}
