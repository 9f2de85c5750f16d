//! Several schedule II prescriptions of one sitting, to be filled one after the other (21 CFR 1306.12(b)): which they are, and what the
//! pharmacy asked about them.

use crate::house::House;
use crate::house::record::Fault;
use theriac_law::Moment;
use theriac_model::{Element, Schedule};
use theriac_paper::{Column, Document, Footer, PageSize, Table};
use theriac_pharmacy::{AnnotationKind, Prescription, PrescriptionNumber};

/// Prescriptions of one patient and practitioner that are looked through.
const LOOKED_MAX: u32 = 200;

impl House {
    /// The prescriptions of the series to which `prescription` belongs, by their first days; empty where it belongs to none.
    pub(crate) fn series_of(&self, prescription: &Prescription) -> Result<Vec<Prescription>, Fault> {
        let face = prescription.face();
        if face.schedule != Schedule::II {
            return Ok(Vec::new());
        }
        let number = prescription.received().number.to_string();
        let sql = format!(
            "SELECT other.number FROM presented AS own JOIN presented AS other
             ON other.patient = own.patient AND other.prescriber = own.prescriber AND other.drug = own.drug
             WHERE own.number = $1 ORDER BY other.at_ms DESC, other.number LIMIT {LOOKED_MAX}"
        );
        let mut series = Vec::new();
        for row in self.store.query(&sql, &[number.as_str().into()])? {
            let Ok(number) = PrescriptionNumber::parse(row.text(0)?) else { continue };
            let (other, _) = self.dispensing_now(&number)?;
            if other.face().issued == face.issued && other.face().schedule == Schedule::II {
                series.push(other);
            }
        }
        series.sort_by(|a, b| {
            let key = |one: &Prescription| (one.face().earliest_fill, one.received().number.to_string());
            key(a).cmp(&key(b))
        });
        let dated = series.iter().any(|one| one.face().earliest_fill.is_some());
        Ok(if series.len() > 1 && dated { series } else { Vec::new() })
    }

    /// The series on paper: each prescription, and what was asked of the practitioner about any of them.
    pub(crate) fn series_paper(&self, series: &[Prescription], at: Moment) -> Document {
        let issue = self.pharmacy_issue(at);
        let title = "Series of schedule II prescriptions";
        let mut paper = Document::new(PageSize::LETTER, title, issue.by, issue.dated)
            .standing(issue.standing)
            .footer(Footer { registration: issue.registration, period: None, digest: None });
        if let Some(first) = series.first() {
            let text = |elements: &[Element]| {
                let contents = &first.received().contents;
                let parts: Vec<&str> = elements.iter().filter_map(|&element| contents.get(element)).collect();
                parts.join(" ")
            };
            paper.fields(vec![
                ("Patient".to_owned(), text(&[Element::PatientFirst, Element::PatientLast])),
                ("Practitioner".to_owned(), text(&[Element::PractitionerFirst, Element::PractitionerLast])),
                ("DEA registration".to_owned(), text(&[Element::Registration])),
                ("Drug".to_owned(), text(&[Element::DrugName, Element::DrugStrength, Element::DrugForm])),
                ("Issued".to_owned(), first.face().issued.to_string()),
                ("Rule".to_owned(), "21 CFR 1306.12(b)".to_owned()),
            ]);
        }
        let mut table = Table::new(vec![
            Column::new("Prescription", 2),
            Column::new("Not before", 2),
            Column::new("Quantity", 2),
            Column::new("Status", 2),
        ]);
        for one in series {
            table.row(vec![
                one.received().number.to_string(),
                one.face().earliest_fill.map_or_else(|| "at once".to_owned(), |day| day.to_string()),
                crate::showing::in_words(&one.face().quantity),
                one.status().to_string(),
            ]);
        }
        paper.table(table);
        paper.heading("What was asked about undue risk of diversion or abuse");
        let mut asked = Table::new(vec![
            Column::new("Prescription", 2),
            Column::new("When", 2),
            Column::new("With whom, how", 3),
            Column::new("What was said", 4),
            Column::new("By", 2),
        ]);
        let mut any = false;
        for one in series {
            for note in one.annotations().iter().filter(|note| note.kind == AnnotationKind::PrescriberContact) {
                any = true;
                let contact = note.contact.as_ref();
                asked.row(vec![
                    one.received().number.to_string(),
                    self.clock.wall(note.at.timestamp),
                    contact.map(|contact| format!("{}, {}", contact.person, contact.method)).unwrap_or_default(),
                    note.text.clone(),
                    note.by.full_name.clone(),
                ]);
            }
        }
        if any {
            paper.table(asked);
        } else {
            paper.paragraph("Nothing was asked.");
        }
        paper
    }
}
