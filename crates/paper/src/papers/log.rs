//! The practitioner's log of electronic prescriptions: monthly, and on request over years (2008: 1311.140; 21 CFR
//! 1311.120(b)(27)).

use super::Issue;
use crate::document::{Document, Tick};
use crate::sheet::{Cell, Heading, Kind, Sheet};
use crate::size::PageSize;
use crate::table::{Column, Table};
use jiff::civil::Date;
use theriac_model::{Decimal, Refusal};

/// One prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Its number in the record.
    pub prescription: String,
    /// When it was signed, in the practitioner's time: `2026-02-03 10:15`.
    pub signed: String,
    /// Day of issue.
    pub issued: Option<Date>,
    /// Patient, last name first.
    pub patient: String,
    /// Patient's address on one line.
    pub address: String,
    /// Name of the drug.
    pub drug: String,
    /// Strength.
    pub strength: String,
    /// Dosage form.
    pub form: String,
    /// `II` to `V`; empty where the record does not say.
    pub schedule: String,
    /// How much.
    pub quantity: Option<Decimal>,
    /// What the quantity counts.
    pub unit: String,
    /// Directions.
    pub directions: String,
    /// Refills authorised.
    pub refills: Option<u16>,
    /// Registration it was issued under.
    pub registration: String,
    /// Pharmacy it was sent to.
    pub pharmacy: String,
    /// What became of it.
    pub fate: String,
    /// What is unusual about it; empty where nothing is.
    pub remarks: String,
}

/// A log of one practitioner and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthlyLog {
    /// The practitioner's full name.
    pub practitioner: String,
    /// Registrations the log covers.
    pub registrations: Vec<String>,
    /// The period: `February 2026`.
    pub period: String,
    /// The prescriptions, in the order in which they are to stand.
    pub lines: Vec<LogLine>,
    /// What proves that none is left out: names and values, such as tree size and root.
    pub proof: Vec<(String, String)>,
    /// Who reviewed it and when; `None` leaves it to be signed on paper.
    pub reviewed: Option<String>,
}

impl MonthlyLog {
    /// The log on paper.
    pub fn paper(&self, issue: &Issue) -> Document {
        let mut paper =
            issue.paper(PageSize::LETTER_WIDE, "Log of electronic prescriptions", Some(self.period.clone()));
        paper.fields([
            ("Practitioner", self.practitioner.clone()),
            ("Registrations", self.registrations.join(", ")),
            ("Period", self.period.clone()),
            ("Prescriptions", self.lines.len().to_string()),
        ]);
        if self.lines.is_empty() {
            paper.paragraph("No controlled-substance prescription was signed in this period.");
        } else {
            paper.table(self.table());
        }
        if !self.proof.is_empty() {
            paper.heading("Proof that nothing is left out");
            paper.fields(self.proof.clone());
        }
        paper.heading("Review");
        paper.paragraph(
            "Look for prescriptions that you did not issue, and for anything unusual. Whoever finds one tells the provider \
             and DEA at once; the periods are in the notices of this program.",
        );
        if let Some(reviewed) = &self.reviewed {
            paper.checkbox(Tick::Ticked, reviewed.clone());
        } else {
            paper.checkbox(Tick::Open, "Received and reviewed: every prescription above is mine.");
            paper.checkbox(Tick::Open, "Received and reviewed, with objections that I have reported.");
            paper.signature("Practitioner", Some(self.practitioner.clone()));
        }
        paper
    }

    fn table(&self) -> Table {
        let mut table = Table::new(vec![
            Column::new("Signed", 4),
            Column::new("Patient", 7),
            Column::new("Drug", 7),
            Column::numbers("Quantity", 3),
            Column::new("Directions", 6),
            Column::numbers("Refills", 2),
            Column::new("Pharmacy", 4),
            Column::new("Became", 3),
            Column::new("Number", 5),
        ]);
        for line in &self.lines {
            let quantity = line.quantity.map(|quantity| format!("{quantity} {}", line.unit)).unwrap_or_default();
            let schedule = if line.schedule.is_empty() { String::new() } else { format!(" (C-{})", line.schedule) };
            let remarks = if line.remarks.is_empty() { String::new() } else { format!("\n! {}", line.remarks) };
            table.row([
                line.signed.clone(),
                format!("{}\n{}", line.patient, line.address),
                format!("{} {} {}{schedule}", line.drug, line.strength, line.form),
                quantity,
                line.directions.clone(),
                line.refills.map(|refills| refills.to_string()).unwrap_or_default(),
                line.pharmacy.clone(),
                format!("{}{remarks}", line.fate),
                format!("{}\n{}", line.prescription, line.registration),
            ]);
        }
        table
    }

    /// The log as a table that a spreadsheet sorts.
    ///
    /// # Errors
    /// Only for a fault of this program.
    pub fn sheet(&self) -> Result<Sheet, Box<Refusal>> {
        const HEADINGS: [(&str, Kind); 17] = [
            ("Patient", Kind::Text),
            ("Drug", Kind::Text),
            ("Date issued", Kind::Date),
            ("Signed", Kind::Text),
            ("Patient's address", Kind::Text),
            ("Strength", Kind::Text),
            ("Form", Kind::Text),
            ("Schedule", Kind::Text),
            ("Quantity", Kind::Decimal),
            ("Unit", Kind::Text),
            ("Directions", Kind::Text),
            ("Refills", Kind::Whole),
            ("Registration", Kind::Text),
            ("Pharmacy", Kind::Text),
            ("What became of it", Kind::Text),
            ("Remarks", Kind::Text),
            ("Prescription", Kind::Text),
        ];
        let headings = HEADINGS.iter().map(|&(name, kind)| Heading::new(name, kind)).collect();
        let mut sheet = Sheet::new(format!("Log {}", self.period), headings)?;
        let text = |text: &str| Cell::text((!text.is_empty()).then(|| text.to_owned()));
        for line in &self.lines {
            sheet.push(vec![
                text(&line.patient),
                text(&line.drug),
                line.issued.map_or(Cell::Empty, Cell::Date),
                text(&line.signed),
                text(&line.address),
                text(&line.strength),
                text(&line.form),
                text(&line.schedule),
                line.quantity.map_or(Cell::Empty, Cell::Decimal),
                text(&line.unit),
                text(&line.directions),
                line.refills.map_or(Cell::Empty, |refills| Cell::Whole(i64::from(refills))),
                text(&line.registration),
                text(&line.pharmacy),
                text(&line.fate),
                text(&line.remarks),
                text(&line.prescription),
            ])?;
        }
        Ok(sheet)
    }
}
