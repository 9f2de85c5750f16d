//! The index of records that an inspection begins with: eleven groups, each with what it holds, or that it holds nothing.

use crate::ask;
use crate::event::StockEvent;
use crate::movement::MovementKind;
use crate::words::words;
use jiff::civil::Date;
use jiff::tz::Offset;
use std::collections::BTreeMap;
use theriac_law::vocab::{Entry, Paper};
use theriac_law::{Profile, Question, Request};
use theriac_model::Refusal;

words! {
    /// A heading of the index, in the order of the manual, section VI.
    Heading {
        /// Order forms, executed and unexecuted, and electronic orders.
        OrderForms "order-forms",
        /// Powers of attorney to sign them.
        PowersOfAttorney "powers-of-attorney",
        /// Receipts and invoices of schedules III to V.
        Receipts "receipts",
        /// Inventories.
        Inventories "inventories",
        /// Distributions, to registrants, suppliers and reverse distributors.
        Distributions "distributions",
        /// Dispensings, with prescriptions and the book of counter sales.
        Dispensings "dispensings",
        /// Reports of theft or loss.
        LossReports "loss-reports",
        /// Records of destruction.
        Destructions "destructions",
        /// Transfers between pharmacies.
        PharmacyTransfers "pharmacy-transfers",
        /// The certificate of registration.
        Certificate "certificate",
        /// Self-certification and logbook of listed chemical products.
        ListedChemicals "listed-chemicals",
    }
}

impl Heading {
    /// The entries of the rulebook's index that stand under the heading.
    const fn entries(self) -> &'static [Entry] {
        match self {
            Self::OrderForms => &[Entry::OrderForms],
            Self::PowersOfAttorney => &[Entry::PowersOfAttorney],
            Self::Receipts => &[Entry::Receipts],
            Self::Inventories => &[Entry::Inventories],
            Self::Distributions => &[Entry::Distributions],
            Self::Dispensings => &[Entry::Dispensings, Entry::CounterBook],
            Self::LossReports => &[Entry::LossReports],
            Self::Destructions => &[Entry::Destructions],
            Self::PharmacyTransfers => &[Entry::PharmacyTransfers],
            Self::Certificate => &[Entry::Certificate],
            Self::ListedChemicals => &[Entry::ListedChemicals],
        }
    }
}

/// One line of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexLine {
    /// The heading.
    pub heading: Heading,
    /// How many records are on file.
    pub count: usize,
    /// The days of the first and the last.
    pub days: Option<(Date, Date)>,
}

impl IndexLine {
    /// The group's own address below the records of a registration: `records/receipts`.
    pub fn link(&self) -> String {
        format!("records/{}", self.heading.word())
    }

    /// What the line says: the number and the days, or that none is on file.
    pub fn says(&self) -> String {
        match self.days {
            Some((first, last)) => format!("{} on file, {first} to {last}", self.count),
            None => "none on file".to_owned(),
        }
    }
}

/// What is on file under each heading that was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    days: BTreeMap<Heading, Vec<Date>>,
}

impl Holdings {
    /// What the books themselves hold, in local days: receipts of schedules III to V, distributions, dispensings,
    /// destructions, and transfers between pharmacies.
    pub fn of_books<'a>(events: impl IntoIterator<Item = &'a StockEvent>, offset: Offset) -> Self {
        use Heading as H;
        use MovementKind as K;
        let mut holdings = Self::default();
        for heading in [H::Receipts, H::Distributions, H::Dispensings, H::Destructions, H::PharmacyTransfers] {
            holdings.days.insert(heading, Vec::new());
        }
        for event in events {
            let StockEvent::Posted { entry, .. } = event else { continue };
            let heading = match entry.kind {
                K::Receipt if entry.schedule > theriac_model::Schedule::II => H::Receipts,
                K::SupplierReturn | K::ReverseDistribution | K::Distribution => H::Distributions,
                K::BusinessTransfer => H::PharmacyTransfers,
                K::Destruction => H::Destructions,
                kind if kind.dispenses() => H::Dispensings,
                _ => continue,
            };
            holdings.days.entry(heading).or_default().push(offset.to_datetime(entry.happened).date());
        }
        holdings
    }

    /// With the days of the records under a heading; an empty list says that it was looked at and is empty.
    #[must_use]
    pub fn with(mut self, heading: Heading, days: impl IntoIterator<Item = Date>) -> Self {
        self.days.entry(heading).or_default().extend(days);
        self
    }

    /// The index, all eleven headings in order.
    ///
    /// # Errors
    /// The rulebook's `LAW-1304.03-INDEX` for a heading that nobody looked at.
    pub fn index(&self, profile: &Profile, today: Date) -> Result<Vec<IndexLine>, Refusal> {
        let unseen = Heading::ALL.iter().filter(|heading| !self.days.contains_key(heading));
        let missing = unseen.flat_map(|heading| heading.entries()).copied().collect();
        let document = Request::CheckDocument { document: Paper::RecordIndex, missing, schedule: None };
        ask::permission(profile, &Question::new(today, document))?;
        let line = |heading: &Heading| {
            let days = self.days.get(heading).map_or(&[][..], Vec::as_slice);
            let range = days.iter().min().copied().zip(days.iter().max().copied());
            IndexLine { heading: *heading, count: days.len(), days: range }
        };
        Ok(Heading::ALL.iter().map(line).collect())
    }
}
