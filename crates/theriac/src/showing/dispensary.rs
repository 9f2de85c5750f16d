//! The pharmacy's queue and records.

use super::{ROWS_MAX, drug, in_words, name, quantity};
use crate::house::House;
use crate::house::record::{By, Change, Fault, read};
use crate::views::{DispensingView, DutyView, ElementView, QueueRow, RecordView, RefusalView, StepView, Unavailable};
use theriac_journal::Entry;
use theriac_model::{Actor, CanonicalContents, Element, Refusal, Role};
use theriac_pharmacy::{Event, Opening, Prescription, PrescriptionNumber, Received, RefusalRecord, Rejected, Signed};

/// A rejected message is looked up by the entry that recorded it: `R87`.
fn rejected_number(seq: u64) -> String {
    format!("R{seq}")
}

fn rejected_seq(number: &str) -> Option<u64> {
    number.strip_prefix('R')?.parse().ok()
}

impl House {
    pub(super) fn queue_rows(&self) -> Result<Vec<QueueRow>, Unavailable> {
        let sql = format!("SELECT seq, number, verdict FROM received ORDER BY seq DESC LIMIT {ROWS_MAX}");
        let mut rows = Vec::new();
        for found in self.store.query(&sql, &[])? {
            let entry = self.store.entry(found.u64(0)?)?;
            if let Event::Rejected(rejected) = read::<Event>(&entry)? {
                rows.push(self.rejected_row(&entry, &rejected));
            } else if let Ok(number) = PrescriptionNumber::parse(found.text(1)?) {
                let (prescription, _) = self.dispensing_now(&number)?;
                rows.push(self.accepted_row(&entry, &prescription));
            }
        }
        Ok(rows)
    }

    fn row(&self, entry: &Entry, contents: &CanonicalContents) -> QueueRow {
        QueueRow {
            number: String::new(),
            received: self.at(entry),
            patient: name(contents, Element::PatientFirst, Element::PatientLast),
            practitioner: name(contents, Element::PractitionerFirst, Element::PractitionerLast),
            drug: drug(contents),
            schedule: contents.get(Element::DrugSchedule).unwrap_or_default().to_owned(),
            quantity: quantity(contents),
            status: String::new(),
            remaining: String::new(),
        }
    }

    fn rejected_row(&self, entry: &Entry, rejected: &Rejected) -> QueueRow {
        QueueRow {
            number: rejected_number(entry.seq),
            status: "rejected".to_owned(),
            ..self.row(entry, &rejected.contents)
        }
    }

    fn accepted_row(&self, entry: &Entry, prescription: &Prescription) -> QueueRow {
        let received = prescription.received();
        let remaining = prescription.remaining(&self.profile, self.clock.moment());
        QueueRow {
            number: received.number.to_string(),
            schedule: received.schedule.to_string(),
            status: prescription.status().to_string(),
            remaining: match remaining {
                Ok(Some(quantity)) => in_words(&quantity),
                Ok(None) => "none".to_owned(),
                Err(refusal) => refusal.code.to_string(),
            },
            ..self.row(entry, &received.contents)
        }
    }

    pub(super) fn record_view(&self, number: &str, by: &Actor) -> Result<Option<RecordView>, Unavailable> {
        if let Some(seq) = rejected_seq(number) {
            return self.rejected_view(seq, by);
        }
        let Ok(number) = PrescriptionNumber::parse(number) else { return Ok(None) };
        if self.store.stream(&number.stream())?.is_empty() {
            return Ok(None);
        }
        let prescription = self.open_record(by, &number, "queue")?;
        let entries = self.store.stream(&number.stream())?;
        let events: Vec<Event> = entries.iter().map(read).collect::<Result<_, _>>()?;
        let Some(first) = entries.first() else { return Ok(None) };
        let row = self.accepted_row(first, &prescription);
        let elements = prescription
            .elements()
            .into_iter()
            .map(|row| ElementView {
                tag: row.element.tag().to_owned(),
                value: match row.value {
                    // A social security number, for one: whoever fills does not need it, whoever inspects may.
                    Some(value) if row.element == Element::ServiceId && by.role != Role::Inspector => {
                        theriac_model::service::masked(value)
                    }
                    value => value.unwrap_or("missing").to_owned(),
                },
            })
            .collect();
        let both = || entries.iter().zip(&events);
        let dispensings = both().filter_map(|(entry, event)| match event {
            Event::Filled(filling) => Some(DispensingView {
                at: self.at(entry),
                kind: filling.kind.word().replace('-', " "),
                quantity: in_words(&filling.quantity),
                pharmacist: filling.dispensed_by(),
                entry: entry.seq,
            }),
            _ => None,
        });
        let annotations = both().filter_map(|(entry, event)| match event {
            Event::Annotated(note) => Some(StepView { what: note.text.clone(), ..self.step(entry) }),
            _ => None,
        });
        let opened = both().filter(|(_, event)| matches!(event, Event::Opened(_))).map(|(entry, _)| self.step(entry));
        let duties = prescription.open_duties().map(|duty| DutyView {
            what: duty.code.replace('-', " "),
            cite: duty.why.clone(),
            due: duty.due.map_or_else(|| "at once".to_owned(), |due| due.to_string()),
        });
        Ok(Some(RecordView {
            row,
            elements,
            signature: signature(prescription.received()),
            archived: prescription.received().archive.to_string(),
            refusals: Vec::new(),
            dispensings: dispensings.collect(),
            duties: duties.collect(),
            annotations: annotations.collect(),
            opened: opened.collect(),
            steps: both().map(|(entry, event)| self.dispensary_step(entry, event)).collect(),
        }))
    }

    fn dispensary_step(&self, entry: &Entry, event: &Event) -> StepView {
        let mut step = self.step(entry);
        match event {
            Event::Filled(filling) => {
                step.what = format!("{} of {}", filling.kind.word().replace('-', " "), in_words(&filling.quantity));
            }
            Event::HandedOver { no, recipient, .. } => step.what = format!("filling {no} handed to {recipient}"),
            Event::Refused(attempt) => {
                step.what = format!("{} refused: {} ({})", attempt.command, attempt.refusal.code, attempt.refusal.cite);
            }
            Event::Annotated(note) => step.what = format!("{}: {}", note.kind.word(), note.text),
            _ => {}
        }
        step
    }

    fn rejected_view(&self, seq: u64, by: &Actor) -> Result<Option<RecordView>, Unavailable> {
        if seq >= self.store.size()? {
            return Ok(None);
        }
        let entry = self.store.entry(seq)?;
        if entry.kind != "rx.rejected" {
            return Ok(None);
        }
        let Event::Rejected(rejected) = read(&entry)? else { return Ok(None) };
        let at = self.clock.moment();
        let opening = Opening { by: self.pharmacy_person(by), at, purpose: "queue".to_owned() };
        let desk = By { actor: by, location: self.pharmacy.as_str(), law: "", at: at.timestamp };
        Change::default().event(&desk, &entry.stream, &Event::Opened(opening))?.commit(&self.store)?;
        let entries = self.store.stream(&entry.stream)?;
        let opened = entries.iter().filter(|entry| entry.kind == "rx.opened").map(|entry| self.step(entry)).collect();
        let masked = rejected.contents.masked();
        let elements = if by.role == Role::Inspector { &rejected.contents } else { &masked };
        let elements = elements
            .iter()
            .map(|(element, value)| ElementView { tag: element.tag().to_owned(), value: value.to_owned() })
            .collect();
        Ok(Some(RecordView {
            row: self.rejected_row(&entry, &rejected),
            elements,
            signature: "the message was not accepted as a prescription".to_owned(),
            archived: rejected.archive.to_string(),
            refusals: rejected.refusals.iter().map(refusal).collect(),
            dispensings: Vec::new(),
            duties: Vec::new(),
            annotations: Vec::new(),
            opened,
            steps: entries.iter().map(|entry| self.step(entry)).collect(),
        }))
    }

    pub(super) fn annotated(&self, number: &str, by: &Actor, note: &str) -> Result<Result<(), Refusal>, Unavailable> {
        let unknown = || {
            Refusal::new(
                "PHARM-UNKNOWN",
                "-",
                "there is no prescription under this number to annotate",
                "look it up in the queue; a rejected message is not annotated",
            )
        };
        let Ok(number) = PrescriptionNumber::parse(number) else { return Ok(Err(unknown())) };
        match self.remark(by, &number, note) {
            Ok(()) => Ok(Ok(())),
            Err(Fault::Refused(refusal)) => Ok(Err(*refusal)),
            Err(other) => Err(other.into()),
        }
    }
}

fn signature(received: &Received) -> String {
    let signed_at = received.contents.get(Element::SignedAt).unwrap_or("a time that did not travel");
    match &received.signed {
        Signed::Verified { subject } => {
            format!("verified: signed at {signed_at} through {subject}; what arrived is what was signed")
        }
        Signed::Indicated => {
            format!("indicated by the sender, sent at {signed_at}; no signature of the contents travelled")
        }
        Signed::Seen => "signed by hand; a pharmacist saw the signature".to_owned(),
        Signed::Oral => "telephoned; a pharmacist wrote it down".to_owned(),
    }
}

fn refusal(record: &RefusalRecord) -> RefusalView {
    let standing = theriac_model::Edition::parse(&record.edition).map_or("", |edition| edition.standing());
    RefusalView {
        code: record.code.clone(),
        cite: record.cite.clone(),
        edition: record.edition.clone(),
        standing: standing.to_owned(),
        field: record.field.clone().unwrap_or_default(),
        what: record.what.clone(),
        next: record.next.clone(),
    }
}
