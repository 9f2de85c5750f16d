//! The deployment as pages and API see it.

mod dispensary;
mod journal;
mod practice;
mod stock;

use crate::house::House;
use crate::house::record::Fault;
use crate::views::{
    DeploymentKind, DeploymentView, EntryView, JournalView, PersonView, PrescriptionRow, PrescriptionView, QueueRow,
    RecordView, StepView, StockRow, StockView, Unavailable, World,
};
use jiff::Timestamp;
use std::sync::PoisonError;
use theriac_journal::Entry;
use theriac_model::{Actor, Refusal};
use theriac_store::StoreError;

/// Rows of a list at most.
const ROWS_MAX: u32 = 200;

impl From<Fault> for Unavailable {
    fn from(fault: Fault) -> Self {
        Self(match fault {
            Fault::Refused(refusal) => refusal.to_string(),
            Fault::Conflict => "the record changed meanwhile".to_owned(),
            Fault::Broken(why) => why,
        })
    }
}

impl From<StoreError> for Unavailable {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

impl House {
    /// An instant of the journal as the clock of the place shows it.
    fn at(&self, entry: &Entry) -> String {
        Timestamp::from_millisecond(entry.at_ms).map_or_else(|_| "-".to_owned(), |at| self.clock.wall(at))
    }

    /// An entry as a step of the record it belongs to.
    fn step(&self, entry: &Entry) -> StepView {
        StepView {
            at: self.at(entry),
            who: format!("{}, {}", self.full_name(&entry.actor), entry.role),
            what: words(&entry.kind),
            entry: entry.seq,
        }
    }
}

/// A kind of entry in words: `prescription.marked-ready` is "marked ready".
fn words(kind: &str) -> String {
    kind.split_once('.').map_or(kind, |(_, word)| word).replace('-', " ")
}

/// A name written `first last` from contents.
fn name(
    contents: &theriac_model::CanonicalContents,
    first: theriac_model::Element,
    last: theriac_model::Element,
) -> String {
    let part = |element| contents.get(element).unwrap_or_default();
    format!("{} {}", part(first), part(last)).trim().to_owned()
}

/// Drug, strength and form on one line.
fn drug(contents: &theriac_model::CanonicalContents) -> String {
    use theriac_model::Element;
    let parts = [Element::DrugName, Element::DrugStrength, Element::DrugForm];
    parts.into_iter().filter_map(|element| contents.get(element)).collect::<Vec<_>>().join(" ")
}

/// Number and unit.
fn quantity(contents: &theriac_model::CanonicalContents) -> String {
    use theriac_model::Element;
    let parts = [Element::QuantityValue, Element::QuantityUnit];
    parts.into_iter().filter_map(|element| contents.get(element)).collect::<Vec<_>>().join(" ")
}

impl World for House {
    fn deployment(&self) -> Result<DeploymentView, Unavailable> {
        Ok(DeploymentView {
            name: self.config.pharmacy.name.clone(),
            kind: if self.deployment.demo().is_some() { DeploymentKind::Demo } else { DeploymentKind::Production },
            profile: self.config.profile.clone(),
            now: self.clock.wall(self.clock.now()),
            entries: self.store.size()?,
        })
    }

    fn people(&self) -> Result<Vec<PersonView>, Unavailable> {
        let rows = self.store.query("SELECT id, name, role, what FROM people ORDER BY seq, id", &[])?;
        let text = |row: &theriac_store::Row, n| row.text(n).map(str::to_owned);
        let person = |row: &theriac_store::Row| {
            Ok(PersonView { id: text(row, 0)?, name: text(row, 1)?, role: text(row, 2)?, what: text(row, 3)? })
        };
        Ok(rows.iter().map(person).collect::<Result<_, StoreError>>()?)
    }

    fn actor(&self, person: &str) -> Option<Actor> {
        let directory = self.directory.read().unwrap_or_else(PoisonError::into_inner);
        directory.people.get(person).map(|person| Actor::new(person.id.clone(), person.role))
    }

    fn prescriptions(&self, of: &Actor) -> Result<Vec<PrescriptionRow>, Unavailable> {
        self.practice_list(of)
    }

    fn prescription(&self, id: &str) -> Result<Option<PrescriptionView>, Unavailable> {
        self.practice_view(id)
    }

    fn queue(&self) -> Result<Vec<QueueRow>, Unavailable> {
        self.queue_rows()
    }

    fn open_record(&self, number: &str, by: &Actor) -> Result<Option<RecordView>, Unavailable> {
        self.record_view(number, by)
    }

    fn annotate(&self, number: &str, by: &Actor, note: &str) -> Result<Result<(), Refusal>, Unavailable> {
        self.annotated(number, by, note)
    }

    fn stock(&self) -> Result<Vec<StockRow>, Unavailable> {
        self.stock_rows()
    }

    fn stock_of(&self, ndc: &str) -> Result<Option<StockView>, Unavailable> {
        self.stock_view(ndc)
    }

    fn journal(&self, before: Option<u64>) -> Result<JournalView, Unavailable> {
        self.journal_page(before)
    }

    fn entry(&self, seq: u64) -> Result<Option<EntryView>, Unavailable> {
        self.entry_view(seq)
    }
}
