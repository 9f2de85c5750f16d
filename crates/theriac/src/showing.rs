//! The deployment as pages and API see it.

mod dispensary;
mod journal;
mod practice;
mod stock;

use crate::house::House;
use crate::house::record::Fault;
use crate::sessions::{Known, Secret, Sessions};
use crate::views::{
    DeploymentKind, DeploymentView, EntryView, JournalView, KeyHolder, PersonView, PrescriptionRow, PrescriptionView,
    QueueRow, RecordView, StepView, StockRow, StockView, Unavailable, World,
};
use jiff::{SignedDuration, Timestamp};
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
    pub(crate) fn step(&self, entry: &Entry) -> StepView {
        StepView {
            at: self.at(entry),
            who: format!("{}, {}", self.full_name(&entry.actor), entry.role),
            what: words(&entry.kind),
            entry: entry.seq,
        }
    }
}

/// A kind of entry in words: `prescription.marked-ready` is "marked ready".
pub(crate) fn words(kind: &str) -> String {
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

/// Number and unit as written, in words.
fn quantity(contents: &theriac_model::CanonicalContents) -> String {
    use theriac_model::Element;
    let part = |element| contents.get(element).unwrap_or_default();
    counted(part(Element::QuantityValue), part(Element::QuantityUnit))
}

/// A quantity in words: `1 tablet`, `30 tablets`, `120 mL`.
pub(crate) fn in_words(quantity: &theriac_model::Quantity) -> String {
    counted(&quantity.value().to_string(), &quantity.unit().name())
}

/// A number with its unit, in the plural where there is more or less than one.
pub(crate) fn counted(value: &str, unit: &str) -> String {
    let one_word = !matches!(unit, "mL" | "g" | "each" | "") && unit.bytes().all(|b| b.is_ascii_lowercase());
    let plural = match unit {
        _ if !one_word || value == "1" => unit.to_owned(),
        "patch" => "patches".to_owned(),
        "suppository" => "suppositories".to_owned(),
        unit => format!("{unit}s"),
    };
    format!("{value} {plural}").trim().to_owned()
}

impl World for House {
    fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    fn sessions_ended(&self, person: &str) -> Result<Option<u64>, Unavailable> {
        Ok(Self::sessions_ended(self, person)?)
    }

    fn open_session(&self, person: &str, known: Known) -> Result<Secret, Unavailable> {
        Ok(Self::open_session(self, person, known)?)
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn site(&self) -> Option<String> {
        self.config.site.clone()
    }

    fn idle(&self) -> SignedDuration {
        let seconds = theriac_law::idle_seconds(&self.profile, self.clock.moment().date());
        SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(120))
    }

    fn house(&self) -> Result<&House, Unavailable> {
        Ok(self)
    }

    fn key_holder(&self, key: &str) -> Result<Option<KeyHolder>, Unavailable> {
        Ok(self.holder_of(key)?)
    }

    fn deployment(&self) -> Result<DeploymentView, Unavailable> {
        Ok(DeploymentView {
            name: format!("{}, {}", self.config.practice.name, self.config.pharmacy.name),
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
        House::person(self, person).ok().flatten()
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

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn quantities_are_read_as_people_say_them() {
        let check = |value, unit, words: &str| assert_eq!(counted(value, unit), words);
        check("1", "tablet", "1 tablet");
        check("30", "tablet", "30 tablets");
        check("0", "capsule", "0 capsules");
        check("2", "patch", "2 patches");
        check("7.5", "mL", "7.5 mL");
        check("1", "suppository", "1 suppository");
        check("3", "suppository", "3 suppositories");
        check("3", "C120216", "3 C120216");
        check("", "", "");
    }
}
