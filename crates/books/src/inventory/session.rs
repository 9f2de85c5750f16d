//! One inventory from its sheet to its documents.

use super::document::{self, InventoryDocument, Part};
use super::event::{Closed, InventoryEvent, LineCount, Opened};
use super::refusals as refuse;
use super::variance::{Classification, Variance};
use crate::account::{Account, Name, Side};
use crate::amount::Amount;
use crate::ask;
use crate::commodity::Commodity;
use crate::count::Count;
use crate::entry::{Document, DocumentKind};
use crate::event::StockEvent;
use crate::ledger::Ledger;
use crate::movement::{Movement, MovementKind};
use crate::product::{Party, Product};
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use theriac_law::vocab::{DayPart, Entry, Occasion as LawOccasion, Paper, Writing};
use theriac_law::{Decision, Duties, Moment, Profile, Question, Request};
use theriac_model::{Actor, Refusal};

words! {
    /// Why an inventory is taken.
    Occasion {
        /// The first of the business; every product, zero if there is none (21 CFR 1304.11(b)).
        Initial "initial",
        /// At least every two years; every product (21 CFR 1304.11(c)).
        Biennial "biennial",
        /// A substance was newly controlled or moved to another schedule (21 CFR 1304.11(d)).
        NewlyScheduled "newly-scheduled",
        /// The business passes to another registrant: final for one, initial for the other (21 CFR 1301.52(e)).
        Transfer "transfer",
        /// The business ends.
        Closing "closing",
        /// On somebody's wish, such as a suspected loss.
        AdHoc "ad-hoc",
        /// Some products in turn.
        Cycle "cycle",
    }
}

impl Occasion {
    /// Whether it holds every product in every place.
    pub const fn is_complete(self) -> bool {
        matches!(self, Self::Initial | Self::Biennial | Self::Transfer | Self::Closing)
    }
}

/// A product in a place: one line of the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The product.
    pub product: Product,
    /// Where it lies: an account that is on hand.
    pub account: Account,
}

/// What is to be counted, and of which moment the count speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The inventory's own name within the registration.
    pub id: Name,
    /// The registrant, as the header of the documents names it.
    pub registrant: Party,
    /// Why.
    pub occasion: Occasion,
    /// Opening or close of business.
    pub taken: DayPart,
    /// The moment: for an opening any time of the day, whose movements all stay out; else the close itself.
    pub moment: Moment,
    /// The lines.
    pub places: Vec<Place>,
}

impl Plan {
    /// The day of the inventory.
    pub fn day(&self) -> Date {
        self.moment.date()
    }

    /// The last second whose movements the books' figures include.
    pub fn as_of(&self) -> Timestamp {
        if self.taken != DayPart::Opening {
            return self.moment.timestamp;
        }
        let midnight = self.moment.offset.to_timestamp(self.day().to_datetime(jiff::civil::Time::midnight()));
        let before = midnight.ok().and_then(|start| start.checked_sub(jiff::SignedDuration::from_secs(1)).ok());
        before.unwrap_or(self.moment.timestamp)
    }
}

/// Every place where the books of a registration have stock or have had it, and the shelf of every product in `products`.
/// Products that are not in `products` are left out; [`Inventory::open`] names one that must not be.
pub fn places_of(ledger: &Ledger, products: &[Product]) -> Vec<Place> {
    let mut places = Vec::new();
    for product in products {
        let mut accounts: Vec<Account> = vec![Account::Shelf];
        if let Some(stock) = ledger.stock(&product.commodity) {
            let held = stock.balances().filter(|(account, _)| account.side() == Side::OnHand);
            accounts.extend(held.map(|(account, _)| account.clone()).filter(|account| *account != Account::Shelf));
        }
        places.extend(accounts.into_iter().map(|account| Place { product: product.clone(), account }));
    }
    places
}

/// A line as whoever counts sees it: no figure of the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetLine {
    /// Its number, from 1.
    pub line: u32,
    /// Product and place.
    pub place: Place,
    /// The last count, if there is one.
    pub counted: Option<LineCount>,
}

/// What closing needs.
#[derive(Clone, Debug)]
pub struct Close<'a> {
    /// Who signs: whoever took the inventory.
    pub signatures: Vec<Actor>,
    /// Written, or spoken and not written down yet.
    pub writing: Writing,
    /// When.
    pub at: Moment,
    /// The books.
    pub ledger: &'a Ledger,
}

/// What closing yields; all of it is appended in one transaction.
#[derive(Clone, Debug)]
pub struct Closing {
    /// For the inventory's stream.
    pub events: Vec<InventoryEvent>,
    /// For the streams of the products: the opening entries of an initial inventory, then every count.
    pub stock: Vec<StockEvent>,
    /// One document for schedules I and II, one for III to V.
    pub documents: Vec<InventoryDocument>,
    /// What the rulebook asks to be done.
    pub duties: Duties,
    /// What it warns of.
    pub warnings: Vec<Refusal>,
}

/// One inventory: the fold of its events, and the commands on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    plan: Plan,
    entries: Vec<u64>,
    counts: BTreeMap<u32, Vec<LineCount>>,
    classes: BTreeMap<u32, Classification>,
    closed: Option<Closed>,
}

impl Inventory {
    /// Opens a sheet. A complete occasion holds every place where the books have stock at its moment.
    ///
    /// # Errors
    /// `BOOKS-FUTURE`, `BOOKS-INVENTORY-REGISTRATION`, `BOOKS-INVENTORY-TWICE`, `BOOKS-COUNT-ACCOUNT`,
    /// `BOOKS-INVENTORY-PLACES`.
    pub fn open(plan: Plan, ledger: &Ledger, by: Actor, at: Timestamp) -> Result<Vec<InventoryEvent>, Refusal> {
        if plan.as_of() > at {
            return Err(refuse::backwards());
        }
        for (n, place) in plan.places.iter().enumerate() {
            check_place(&plan, place, &plan.places[..n])?;
        }
        if plan.occasion.is_complete() {
            covers(&plan, ledger)?;
        }
        let entries = plan.places.iter().map(|place| entries(ledger, &place.product.commodity)).collect();
        Ok(vec![InventoryEvent::Opened(Opened { plan, entries, by, at })])
    }

    /// The inventory after its first event.
    pub fn begin(opened: &Opened) -> Self {
        let (counts, classes) = (BTreeMap::new(), BTreeMap::new());
        Self { plan: opened.plan.clone(), entries: opened.entries.clone(), counts, classes, closed: None }
    }

    /// The inventory after `events`; `None` when the first is not its opening.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a InventoryEvent>) -> Option<Self> {
        let mut events = events.into_iter();
        let InventoryEvent::Opened(opened) = events.next()? else { return None };
        let mut inventory = Self::begin(opened);
        for event in events {
            inventory.apply(event);
        }
        Some(inventory)
    }

    /// Folds one event.
    pub fn apply(&mut self, event: &InventoryEvent) {
        match event {
            InventoryEvent::Opened(opened) => *self = Self::begin(opened),
            InventoryEvent::LineAdded { place, entries, .. } => {
                self.plan.places.push(place.clone());
                self.entries.push(*entries);
            }
            InventoryEvent::Counted(count) => self.counts.entry(count.line).or_default().push(count.clone()),
            InventoryEvent::Closed(closed) => self.closed = Some(closed.clone()),
            InventoryEvent::Classified { line, class, .. } => drop(self.classes.insert(*line, *class)),
        }
    }

    /// The name of an inventory's event stream: `inventory/AB1234563/2026-05`.
    pub fn stream(plan: &Plan) -> String {
        format!("inventory/{}/{}", plan.registrant.number, plan.id.as_str())
    }

    /// What is counted.
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How it ended, if it has.
    pub const fn closed(&self) -> Option<&Closed> {
        self.closed.as_ref()
    }

    /// The sheet, without any figure of the books.
    pub fn sheet(&self) -> Vec<SheetLine> {
        let lines = self.plan.places.iter().zip(1u32..);
        lines.map(|(place, line)| SheetLine { line, place: place.clone(), counted: self.last(line).cloned() }).collect()
    }

    fn last(&self, line: u32) -> Option<&LineCount> {
        self.counts.get(&line).and_then(|counts| counts.last())
    }

    fn place(&self, line: u32) -> Result<&Place, Refusal> {
        let place = line.checked_sub(1).and_then(|n| self.plan.places.get(usize::try_from(n).ok()?));
        place.ok_or_else(|| refuse::no_such_line(line))
    }

    fn open_still(&self) -> Result<(), Refusal> {
        if self.closed.is_some() { Err(refuse::closed()) } else { Ok(()) }
    }

    /// Adds a product that was found and is not on the sheet, such as one that was never received.
    ///
    /// # Errors
    /// As [`Inventory::open`] for one place; `BOOKS-INVENTORY-CLOSED`.
    pub fn add(&self, place: Place, ledger: &Ledger, by: Actor, at: Timestamp) -> Result<Vec<InventoryEvent>, Refusal> {
        self.open_still()?;
        check_place(&self.plan, &place, &self.plan.places)?;
        let entries = entries(ledger, &place.product.commodity);
        Ok(vec![InventoryEvent::LineAdded { place, entries, by, at }])
    }

    /// Records what was found on a line. A line may be counted again; every count is kept, the last one stands.
    ///
    /// # Errors
    /// `BOOKS-INVENTORY-CLOSED`, `BOOKS-INVENTORY-LINE`, `BOOKS-COUNT-RANGE`, and the rulebook's `LAW-1304.11-COUNT` for
    /// an estimate where the law wants a count.
    pub fn count(&self, profile: &Profile, count: LineCount) -> Result<Vec<InventoryEvent>, Refusal> {
        self.open_still()?;
        let place = self.place(count.line)?;
        count.tally.found(&place.product)?;
        count.tally.permitted(profile, &place.product, self.plan.day())?;
        Ok(vec![InventoryEvent::Counted(count)])
    }

    /// Every counted line beside the books of the inventory's moment, as they are known now. A line that has not been
    /// counted is not among them.
    pub fn variances(&self, ledger: &Ledger) -> Vec<Variance> {
        let as_of = self.plan.as_of();
        let lines = self.plan.places.iter().zip(1u32..);
        lines
            .filter_map(|(place, line)| {
                let count = self.last(line)?;
                let book = ledger.stock(&place.product.commodity);
                let book = book.map_or(0, |stock| stock.balance_at(&place.account, as_of));
                let found = count.tally.found(&place.product).ok()?;
                let (method, class) = (count.tally.method(), self.classes.get(&line).copied());
                Some(Variance { line, place: place.clone(), book, found, method, class })
            })
            .collect()
    }

    /// Closes the inventory: every line is counted, somebody signs, the rulebook agrees.
    ///
    /// # Errors
    /// `BOOKS-INVENTORY-CLOSED`, `BOOKS-INVENTORY-UNSIGNED`, the rulebook's refusals of `close-inventory` and of an
    /// incomplete document, and those of posting and counting.
    pub fn close(&self, profile: &Profile, close: &Close<'_>) -> Result<Closing, Refusal> {
        self.open_still()?;
        if close.signatures.is_empty() {
            return Err(refuse::unsigned());
        }
        let decision = self.whole(profile, close)?;
        let warnings = decision.warnings().map(|(_, refusal)| refusal.clone()).collect();
        let stock = self.assertions(close)?;
        let duties = self.complete(profile)?;
        let lines = (1u32..).take(self.plan.places.len());
        let as_of = self.plan.as_of();
        let books = lines.filter_map(|line| self.place(line).ok()).map(|place| {
            close.ledger.stock(&place.product.commodity).map_or(0, |stock| stock.balance_at(&place.account, as_of))
        });
        let closed = Closed {
            signatures: close.signatures.clone(),
            at: close.at.timestamp,
            profile: profile.name().to_owned(),
            books: books.collect(),
        };
        let documents = document::of(self, &close.signatures);
        Ok(Closing { events: vec![InventoryEvent::Closed(closed)], stock, documents, duties, warnings })
    }

    /// The documents of a closed inventory, marked for `part` where it belongs to two registrants.
    pub fn documents(&self, part: Part) -> Vec<InventoryDocument> {
        let signatures = self.closed.as_ref().map(|closed| closed.signatures.clone()).unwrap_or_default();
        document::of(self, &signatures).into_iter().map(|document| document.marked(part)).collect()
    }

    pub(crate) fn counted(&self) -> impl Iterator<Item = (&Place, &LineCount)> {
        self.plan.places.iter().zip(1u32..).filter_map(|(place, line)| Some((place, self.last(line)?)))
    }

    /// `close-inventory`, then the entries of the document.
    fn whole(&self, profile: &Profile, close: &Close<'_>) -> Result<Decision, Refusal> {
        let uncounted = self.plan.places.len() - self.counted().count();
        let moved: u64 = self
            .plan
            .places
            .iter()
            .zip(&self.entries)
            .map(|(place, before)| entries(close.ledger, &place.product.commodity).saturating_sub(*before))
            .sum();
        let mut record = theriac_law::facts::InventoryRecord::new();
        record.taken = self.plan.taken;
        record.writing = close.writing;
        record.uncounted = u32::try_from(uncounted).unwrap_or(u32::MAX);
        record.movements_during = u32::try_from(moved).unwrap_or(u32::MAX);
        let question = Question::new(close.at.date(), Request::CloseInventory {});
        let question = question.with(|facts| facts.inventory = Some(Box::new(record)));
        let decision = ask::permission(profile, &question)?;
        let missing: Vec<Entry> = self.plan.places.iter().flat_map(|place| place.product.missing()).collect();
        let document = Request::CheckDocument { document: Paper::Inventory, missing, schedule: None };
        ask::permission(profile, &Question::new(close.at.date(), document))?;
        Ok(decision)
    }

    /// What the rulebook asks of the occasion: an initial inventory of nothing is recorded as zero.
    fn complete(&self, profile: &Profile) -> Result<Duties, Refusal> {
        let found: i64 = self.counted().filter_map(|(place, count)| count.tally.found(&place.product).ok()).sum();
        let question = Question::new(self.plan.day(), Request::InventoryCount {}).with(|facts| {
            let initial = self.plan.occasion == Occasion::Initial;
            facts.stock.occasion = if initial { LawOccasion::Initial } else { LawOccasion::Biennial };
            facts.stock.on_hand = ask::units(found);
        });
        Ok(ask::permission(profile, &question)?.duties)
    }

    /// The opening entries of products that begin with this inventory, then each count.
    fn assertions(&self, close: &Close<'_>) -> Result<Vec<StockEvent>, Refusal> {
        let (as_of, posted) = (self.plan.as_of(), close.at.timestamp);
        let mut ledger = Ledger::new();
        let mut events = Vec::new();
        for (place, count) in self.counted() {
            let commodity = &place.product.commodity;
            if ledger.stock(commodity).is_none() {
                let kept = close.ledger.stock(commodity).cloned();
                ledger.insert(kept.unwrap_or_else(|| crate::Stock::new(commodity.clone())));
            }
            let found = count.tally.found(&place.product)?;
            // A substance that was not controlled enters the books with the count of the day of the change.
            let first = matches!(self.plan.occasion, Occasion::Initial | Occasion::NewlyScheduled);
            let opens = first && place.account.is_stock();
            if let (true, Ok(amount)) = (opens, Amount::new(found)) {
                let document = Document::new(DocumentKind::Inventory, self.plan.id.as_str());
                let movement = Movement::new(
                    (commodity.clone(), place.product.schedule),
                    MovementKind::OpeningInventory,
                    (Account::Opening, place.account.clone()),
                    amount,
                    (as_of, document),
                    vec![count.by.clone()],
                );
                // Books that have begun already need no opening entry: the count is compared with them.
                if entries(close.ledger, commodity) == 0 {
                    let opening = ledger.post(std::slice::from_ref(&movement), posted)?;
                    keep(&mut ledger, &mut events, opening);
                }
            }
            let assertion = Count {
                account: place.account.clone(),
                found,
                method: count.tally.method(),
                happened: as_of,
                counter: count.by.clone(),
            };
            if let Some(stock) = ledger.stock(commodity) {
                let counted = stock.count(assertion, posted)?;
                keep(&mut ledger, &mut events, counted);
            }
        }
        Ok(events)
    }

    /// Says what a variance is thought to be. The count, the books and the variance stay as they are.
    ///
    /// # Errors
    /// `BOOKS-INVENTORY-OPEN` before closing, `BOOKS-INVENTORY-LINE`, `BOOKS-INVENTORY-NO-VARIANCE`.
    pub fn classify(
        &self,
        ledger: &Ledger,
        (line, class): (u32, Classification),
        by: Actor,
        at: Timestamp,
    ) -> Result<Vec<InventoryEvent>, Refusal> {
        if self.closed.is_none() {
            return Err(refuse::open_still());
        }
        self.place(line)?;
        let differs = self.variances(ledger).iter().any(|row| row.line == line && row.difference() != 0);
        if !differs {
            return Err(refuse::no_variance(line));
        }
        Ok(vec![InventoryEvent::Classified { line, class, by, at }])
    }
}

fn entries(ledger: &Ledger, commodity: &Commodity) -> u64 {
    ledger.stock(commodity).map_or(0, crate::Stock::entries)
}

fn keep(ledger: &mut Ledger, events: &mut Vec<StockEvent>, new: Vec<StockEvent>) {
    for event in new {
        // INVARIANT: what a command of the books made folds onto the books that it was decided on.
        let _ = ledger.apply(&event);
        events.push(event);
    }
}

fn check_place(plan: &Plan, place: &Place, before: &[Place]) -> Result<(), Refusal> {
    let commodity = &place.product.commodity;
    if commodity.registration != plan.registrant.number {
        return Err(refuse::not_ours(commodity));
    }
    if place.account.side() != Side::OnHand {
        return Err(crate::refusals::not_countable(&place.account));
    }
    let same = |other: &Place| other.product.commodity == *commodity && other.account == place.account;
    if before.iter().any(same) { Err(refuse::twice(commodity, &place.account)) } else { Ok(()) }
}

/// Whether the sheet holds every account of the registration that has stock at the moment.
fn covers(plan: &Plan, ledger: &Ledger) -> Result<(), Refusal> {
    let ours = ledger.stocks().filter(|stock| stock.commodity().registration == plan.registrant.number);
    for stock in ours {
        for (account, _) in stock.balances().filter(|(account, _)| account.side() == Side::OnHand) {
            let held = stock.balance_at(account, plan.as_of()) > 0;
            let listed = |place: &Place| place.product.commodity == *stock.commodity() && place.account == *account;
            if held && !plan.places.iter().any(listed) {
                return Err(refuse::left_out(stock.commodity(), account));
            }
        }
    }
    Ok(())
}
