//! The record book of controlled substances sold without a prescription: 21 CFR 1306.26.

use super::person::Buyer;
use super::refuse;
use crate::account::Account;
use crate::amount::Amount;
use crate::ask;
use crate::commodity::Commodity;
use crate::entry::{Document, DocumentKind};
use crate::movement::{Movement, MovementKind};
use crate::stored::{events, record, stored_words};
use crate::words::words;
use std::collections::BTreeSet;
use theriac_law::facts::{Act, CounterSale};
use theriac_law::vocab::{BookElement, HistoryKind, Identification, Placement, Schedule as LawSchedule, Staff, Unit};
use theriac_law::{Moment, Profile, Question, Request, parameter};
use theriac_model::{Actor, Ndc, Refusal, Role, Schedule};

/// Entries on a page of the book.
pub const LINES_ON_A_PAGE: u64 = 25;

words! {
    /// How a product is limited.
    Contents {
        /// It contains opium, measured in millilitres.
        OpiumByVolume "opium-ml",
        /// It contains opium, in dosage units.
        OpiumByUnit "opium-units",
        /// Another controlled substance, measured in millilitres.
        OtherByVolume "other-ml",
        /// Another controlled substance, in dosage units.
        OtherByUnit "other-units",
    }

    /// Whether the Food, Drug, and Cosmetic Act lets the product be sold without a prescription.
    Marking {
        /// It does.
        WithoutPrescription "without-prescription",
        /// It is a prescription drug.
        PrescriptionOnly "prescription-only",
    }

    /// How a purchaser made known who he or she is.
    Shown {
        /// The pharmacist knows the person.
        Known "known",
        /// A government's document with photograph and age.
        PhotoDocument "photo-document",
        /// Something else, or nothing.
        Nothing "nothing",
    }
}

stored_words!(Contents, Shown);

impl Contents {
    const fn is_opium(self) -> bool {
        matches!(self, Self::OpiumByVolume | Self::OpiumByUnit)
    }

    const fn unit(self) -> Unit {
        match self {
            Self::OpiumByVolume | Self::OtherByVolume => Unit::Millilitre,
            Self::OpiumByUnit | Self::OtherByUnit => Unit::DosageUnit,
        }
    }

    /// The law's limit for one purchaser in 48 hours, by the parameter that holds it.
    fn limit(self) -> Option<u64> {
        let id = match self {
            Self::OpiumByVolume => "counter.opium.ml",
            Self::OpiumByUnit => "counter.opium.units",
            Self::OtherByVolume => "counter.other.ml",
            Self::OtherByUnit => "counter.other.units",
        };
        parameter(id)?.rows.first().map(|row| row.value)
    }
}

record! {
    /// What is sold.
    CounterProduct {
        /// The product.
        ndc: Ndc,
        /// Its name.
        name: String,
        /// Its schedule.
        schedule: Schedule,
        /// How it is limited.
        contents: Contents,
    }

    /// One line of the record book.
    BookEntry {
        /// Its number, from 1 without gaps.
        number: u64,
        /// The page.
        page: u64,
        /// The line on the page.
        line: u64,
        /// The purchaser.
        buyer: Buyer,
        /// How the purchaser was identified.
        shown: Shown,
        /// The product.
        product: CounterProduct,
        /// How much, in millilitres or dosage units.
        quantity: u64,
        /// The pharmacist who dispensed it.
        pharmacist: Actor,
        /// When.
        sold: Moment,
    }
}

events! {
    /// One event of the record book.
    CounterEvent {
        /// A sale.
        Sold "counter.sold" {
            /// Its line.
            entry: BookEntry,
        }
        /// A correction: another line that points to the one it corrects, which stays as it is.
        Corrected "counter.corrected" {
            /// Its own number.
            number: u64,
            /// The line it corrects.
            of: u64,
            /// What is right, in words.
            text: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
    }
}

/// What is asked for at the counter.
#[derive(Clone, Debug)]
pub struct CounterRequest {
    /// Who buys.
    pub buyer: Buyer,
    /// How the purchaser is identified.
    pub shown: Shown,
    /// What.
    pub product: CounterProduct,
    /// How much, in millilitres or dosage units.
    pub quantity: u64,
    /// Whether it may be sold without a prescription.
    pub marking: Marking,
    /// Where it is kept.
    pub kept: Placement,
}

/// The record book of one pharmacy: appended to, never changed.
#[derive(Clone, Debug, Default)]
pub struct RecordBook {
    numbers: u64,
    entries: Vec<BookEntry>,
    corrected: BTreeSet<u64>,
}

impl RecordBook {
    /// The book after `events`.
    #[must_use]
    pub fn replay<'a>(mut self, events: impl IntoIterator<Item = &'a CounterEvent>) -> Self {
        for event in events {
            self.apply(event);
        }
        self
    }

    /// As much of the book as the next sale to one purchaser is decided on: how many lines there are, and that purchaser's own of
    /// the last days, in order. A book of many years need not be read for a sale.
    pub fn for_one_purchaser(numbers: u64, entries: Vec<BookEntry>) -> Self {
        Self { numbers, entries, corrected: BTreeSet::new() }
    }

    /// The lines, in order.
    pub fn entries(&self) -> &[BookEntry] {
        &self.entries
    }

    /// The lines of one page.
    pub fn page(&self, page: u64) -> impl Iterator<Item = &BookEntry> {
        self.entries.iter().filter(move |entry| entry.page == page)
    }

    /// Whether a later line corrects this one.
    pub fn is_corrected(&self, number: u64) -> bool {
        self.corrected.contains(&number)
    }

    /// Sells. The purchaser's sales of the last 48 hours count at every register, and of every product: what was bought of
    /// a product with another limit counts as the same share of this one's limit, rounded up.
    ///
    /// # Errors
    /// What the rulebook refuses: a seller who is no pharmacist, an age, an identity, a quantity, an entry that is not
    /// complete.
    pub fn sell(
        &self,
        profile: &Profile,
        asked: &CounterRequest,
        seller: &Actor,
        at: Moment,
    ) -> Result<Vec<CounterEvent>, Refusal> {
        let contents = asked.product.contents;
        let mut purchaser = asked.buyer.purchaser();
        purchaser.known = asked.shown == Shown::Known;
        purchaser.identification = match asked.shown {
            Shown::PhotoDocument => Identification::GovernmentPhoto,
            Shown::Known | Shown::Nothing => Identification::None,
        };
        let mut more = CounterSale::new();
        more.schedule = LawSchedule::from(asked.product.schedule);
        more.kept = asked.kept;
        let blank = [
            (BookElement::PurchaserName, &asked.buyer.name),
            (BookElement::PurchaserAddress, &asked.buyer.address),
            (BookElement::DrugName, &asked.product.name),
        ];
        more.missing = blank.into_iter().filter(|(_, text)| text.trim().is_empty()).map(|(entry, _)| entry).collect();
        if asked.quantity == 0 {
            more.missing.push(BookElement::Quantity);
        }
        let staff = if seller.role == Role::Pharmacist { Staff::Pharmacist } else { Staff::Technician };
        let request = Request::SellOtcCv {
            quantity: asked.quantity,
            unit: contents.unit(),
            seller: staff,
            cashier: Staff::Pharmacist,
        };
        let question = Question::new(at, request).after(self.history(asked)).with(|facts| {
            facts.product.contains_opium = contents.is_opium();
            facts.product.prescription_drug = asked.marking == Marking::PrescriptionOnly;
            facts.purchaser = Some(purchaser);
            facts.counter = Some(Box::new(more));
        });
        ask::permission(profile, &question)?;
        let number = self.numbers + 1;
        let entry = BookEntry {
            number,
            page: (number - 1) / LINES_ON_A_PAGE + 1,
            line: (number - 1) % LINES_ON_A_PAGE + 1,
            buyer: asked.buyer.clone(),
            shown: asked.shown,
            product: asked.product.clone(),
            quantity: asked.quantity,
            pharmacist: seller.clone(),
            sold: at,
        };
        Ok(vec![CounterEvent::Sold { entry }])
    }

    fn history(&self, asked: &CounterRequest) -> Vec<Act> {
        let key = asked.buyer.key();
        let same = self.entries.iter().filter(|entry| entry.buyer.key() == key);
        let mut acts: Vec<&BookEntry> = same.collect();
        acts.sort_by_key(|entry| entry.sold.timestamp);
        let of = |entry: &BookEntry| {
            let quantity = share(entry.quantity, entry.product.contents, asked.product.contents);
            Act::of(HistoryKind::Sale, entry.sold, quantity)
        };
        acts.into_iter().map(of).collect()
    }

    /// Corrects a line by another one.
    ///
    /// # Errors
    /// `BOOKS-BOOK-LINE` for a line that is not there, `BOOKS-BOOK-TEXT` without words.
    pub fn correct(&self, of: u64, text: &str, by: Actor, at: Moment) -> Result<Vec<CounterEvent>, Refusal> {
        if !self.entries.iter().any(|entry| entry.number == of) {
            return Err(refuse::no_such_entry(of));
        }
        if text.trim().is_empty() {
            return Err(refuse::no_words());
        }
        Ok(vec![CounterEvent::Corrected { number: self.numbers + 1, of, text: text.to_owned(), by, at }])
    }

    /// Folds one event.
    pub fn apply(&mut self, event: &CounterEvent) {
        match event {
            CounterEvent::Sold { entry } => {
                self.numbers = entry.number;
                self.entries.push(entry.clone());
            }
            CounterEvent::Corrected { number, of, .. } => {
                self.numbers = *number;
                self.corrected.insert(*of);
            }
        }
    }
}

impl BookEntry {
    /// The movement that the sale posts to the stock. `amount` is the quantity in the commodity's smallest units.
    pub fn movement(&self, commodity: &Commodity, amount: Amount) -> Movement {
        Movement::new(
            (commodity.clone(), self.product.schedule),
            MovementKind::Sale,
            (Account::Shelf, Account::OverTheCounter),
            amount,
            (self.sold.timestamp, Document::new(DocumentKind::SaleRecord, format!("record-book-{}", self.number))),
            vec![self.pharmacist.clone()],
        )
    }
}

/// A quantity under one limit as the same share of another, rounded up.
fn share(quantity: u64, of: Contents, to: Contents) -> u64 {
    match (of.limit(), to.limit()) {
        (Some(own), Some(other)) if of != to && own > 0 => {
            let scaled = u128::from(quantity) * u128::from(other);
            u64::try_from(scaled.div_ceil(u128::from(own))).unwrap_or(u64::MAX)
        }
        _ => quantity,
    }
}
