//! The practitioner's list and prescriptions.

use super::{ROWS_MAX, drug, name, quantity};
use crate::house::House;
use crate::house::record::read;
use crate::practice::prescription_stream;
use crate::views::{ElementView, PrescriptionRow, PrescriptionView, StepView, Unavailable};
use theriac_journal::Entry;
use theriac_model::{Actor, Element, Role};
use theriac_prescriber::letters::{Answering, Letter, Withdrawing};
use theriac_prescriber::{Event, Prescription};

impl House {
    pub(super) fn practice_list(&self, of: &Actor) -> Result<Vec<PrescriptionRow>, Unavailable> {
        let order = format!("ORDER BY drafted_seq DESC LIMIT {ROWS_MAX}");
        let rows = if of.role == Role::Prescriber {
            let sql = format!("SELECT id FROM prescriptions WHERE practitioner = $1 {order}");
            self.store.query(&sql, &[of.id.as_str().into()])?
        } else {
            self.store.query(&format!("SELECT id FROM prescriptions {order}"), &[])?
        };
        let mut list = Vec::with_capacity(rows.len());
        for row in rows {
            if let Some(view) = self.practice_view(row.text(0)?)? {
                list.push(view.row);
            }
        }
        Ok(list)
    }

    pub(super) fn practice_view(&self, id: &str) -> Result<Option<PrescriptionView>, Unavailable> {
        let entries = self.store.stream(&prescription_stream(id))?;
        if entries.is_empty() {
            return Ok(None);
        }
        let events: Vec<Event> = entries.iter().map(read).collect::<Result<_, _>>()?;
        let prescription = Prescription::replay(id, &events).map_err(|error| Unavailable(error.to_string()))?;
        let contents = prescription.contents();
        let text = |element| contents.get(element).unwrap_or_default().to_owned();
        let answer = events.iter().rev().find_map(|event| match event {
            Event::Reported { answer, .. } => Some(answer.clone()),
            Event::TransmissionFailed { reason } | Event::Voided { reason, .. } => Some(reason.clone()),
            Event::Letter(letter) => letter_in_words(letter),
            _ => None,
        });
        let row = PrescriptionRow {
            id: id.to_owned(),
            issued: text(Element::Issued),
            patient: name(contents, Element::PatientFirst, Element::PatientLast),
            drug: drug(contents),
            schedule: text(Element::DrugSchedule),
            quantity: quantity(contents),
            stage: prescription.stage().to_owned(),
            answer: answer.unwrap_or_default(),
        };
        let elements = contents
            .masked()
            .iter()
            .map(|(element, value)| ElementView { tag: element.tag().to_owned(), value: value.to_owned() })
            .collect();
        let steps = entries.iter().zip(&events).map(|(entry, event)| self.practice_step(entry, event)).collect();
        Ok(Some(PrescriptionView { row, elements, steps }))
    }

    fn practice_step(&self, entry: &Entry, event: &Event) -> StepView {
        let mut step = self.step(entry);
        match event {
            Event::Signed { credential, digest, .. } => {
                let short = |text: &str| text.chars().take(12).collect::<String>();
                step.what = format!("signed with token {}…, contents {}…", short(credential), short(digest));
            }
            Event::Reported { report, answer, .. } => step.what = format!("{}: {answer}", report.word()),
            Event::TransmissionFailed { reason } | Event::Voided { reason, .. } => {
                step.what = format!("{}: {reason}", step.what);
            }
            Event::ReplacedOnPaper { paper, .. } => step.what = format!("replaced on paper: {paper}"),
            Event::IssuedOnPaper { replaces: Some(replaces), .. } => {
                step.what = format!("issued on paper in the place of {}", replaces.prescription);
            }
            Event::Letter(letter) => {
                if let Some(words) = letter_in_words(letter) {
                    step.what = words;
                }
            }
            _ => {}
        }
        step
    }
}

/// A letter as a step of the record; none for one whose kind says all.
fn letter_in_words(letter: &Letter) -> Option<String> {
    Some(match letter {
        Letter::CancelRequested { reason, .. } => format!("withdrawn: {reason}"),
        Letter::CancelAnswered { answer: Withdrawing::Approved, words, .. } => {
            told("the pharmacy honoured the withdrawal", words)
        }
        Letter::CancelAnswered { answer: Withdrawing::Denied, words, .. } => {
            told("the pharmacy could not honour the withdrawal", words)
        }
        Letter::Asked { asking, words, .. } => told(&format!("the pharmacy asks for a {asking}"), words),
        Letter::Answered { answer: Answering::Denied, words, .. } => format!("denied: {words}"),
        Letter::Answered { answer: Answering::NewPrescription, .. } => {
            "answered: a new prescription follows".to_owned()
        }
        Letter::Sent { .. } => return None,
    })
}

fn told(what: &str, words: &str) -> String {
    if words.is_empty() { what.to_owned() } else { format!("{what}: {words}") }
}
