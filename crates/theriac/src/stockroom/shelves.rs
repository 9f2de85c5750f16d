//! The books of this pharmacy loaded from the journal, and acts on them appended under the versions they were decided on.

use crate::house::House;
use crate::house::record::{By, Change, Fault, read};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use theriac_books::{Commodity, Ledger, Movement, Stock, StockEvent, StockUnit};
use theriac_journal::Entry;
use theriac_model::{Ndc, Refusal};

/// Books of several products.
#[derive(Clone, Debug, Default)]
pub(crate) struct Books {
    /// Every event with its number in the journal, product by product, each in its own order.
    pub(crate) events: Vec<(u64, StockEvent)>,
    /// Folded.
    pub(crate) ledger: Ledger,
    versions: BTreeMap<Commodity, u64>,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

/// An event of the books at its place.
struct Placed {
    seq: u64,
    version: u64,
    event: StockEvent,
}

impl Placed {
    fn of(entry: &Entry) -> Result<Self, Fault> {
        if entry.body_bytes().is_none() {
            return Err(broken(format!("entry {} of the books was erased", entry.seq)));
        }
        Ok(Self { seq: entry.seq, version: entry.version, event: read(entry)? })
    }
}

/// Threads that read books at a time.
const THREADS_MAX: usize = 8;

/// Does the same work for each of many things, on every core at once; the answers come in the order of the things.
///
/// # Errors
/// The first fault, in the order of the things that were begun.
pub(super) fn on_every_core<I: Sync, T: Send>(
    things: &[I],
    work: impl Fn(&I) -> Result<T, Fault> + Sync,
) -> Result<Vec<T>, Fault> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(THREADS_MAX);
    if threads == 1 || things.len() < 2 {
        return things.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let turn = || {
        let mut done = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(thing) = things.get(n) else { return Ok(done) };
            done.push((n, work(thing)?));
        }
    };
    let mut all = Vec::with_capacity(things.len());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(turn)).collect();
        workers.into_iter().try_for_each(|worker| {
            all.extend(worker.join().unwrap_or_else(|_| Err(broken("the books could not be read")))?);
            Ok::<(), Fault>(())
        })
    })?;
    all.sort_by_key(|(n, _)| *n);
    Ok(all.into_iter().map(|(_, one)| one).collect())
}

impl Books {
    /// Books from the entries of their streams.
    pub(crate) fn folded(entries: &[Entry]) -> Result<Self, Fault> {
        let mut books = Self::default();
        for placed in entries.iter().map(Placed::of) {
            books.take(placed?)?;
        }
        Ok(books)
    }

    fn take(&mut self, Placed { seq, version, event }: Placed) -> Result<(), Fault> {
        self.ledger.apply(&event).map_err(broken)?;
        match self.versions.get_mut(event.commodity()) {
            Some(last) => *last = version,
            None => drop(self.versions.insert(event.commodity().clone(), version)),
        }
        self.events.push((seq, event));
        Ok(())
    }

    /// The events alone.
    pub(crate) fn plain(&self) -> impl Iterator<Item = &StockEvent> + Clone {
        self.events.iter().map(|(_, event)| event)
    }

    /// The events of one product.
    pub(crate) fn of<'a>(&'a self, commodity: &'a Commodity) -> impl Iterator<Item = &'a (u64, StockEvent)> + Clone {
        self.events.iter().filter(move |(_, event)| event.commodity() == commodity)
    }

    /// The books of one product; empty ones where nothing happened.
    pub(crate) fn stock(&self, commodity: &Commodity) -> Stock {
        self.ledger.stock(commodity).cloned().unwrap_or_else(|| Stock::new(commodity.clone()))
    }

    /// The products.
    pub(crate) fn commodities(&self) -> BTreeSet<&Commodity> {
        self.versions.keys().collect()
    }

    /// Adds events of these books to a change, under the versions that they were decided on.
    pub(crate) fn append(&self, mut change: Change, by: &By<'_>, events: &[StockEvent]) -> Result<Change, Fault> {
        let touched: BTreeSet<&Commodity> = events.iter().map(StockEvent::commodity).collect();
        for commodity in touched {
            change = change.decided_on(&commodity.stream(), self.versions.get(commodity).copied().unwrap_or(0));
        }
        for event in events {
            change = change.event(by, &event.commodity().stream(), event)?;
        }
        Ok(change)
    }
}

impl House {
    /// Posts movements of a change; what the books refuse is said in the unit of the product.
    pub(crate) fn posted(
        &self,
        books: &Books,
        movements: &[Movement],
        at: jiff::Timestamp,
    ) -> Result<Vec<StockEvent>, Fault> {
        let refused = |refusal| match movements {
            [first, rest @ ..] if rest.iter().all(|other| other.commodity == first.commodity) => {
                self.in_own_unit(&first.commodity, refusal)
            }
            _ => self.of_one_among(books, movements, at).unwrap_or(refusal),
        };
        books.ledger.post(movements, at).map_err(|refusal| refused(refusal).into())
    }

    /// What the books refuse of movements of several products, said of the product that it is about: each product's books are
    /// their own, so the one whose movements are refused alone is it.
    fn of_one_among(&self, books: &Books, movements: &[Movement], at: jiff::Timestamp) -> Option<Refusal> {
        movements.iter().find_map(|first| {
            let own: Vec<Movement> =
                movements.iter().filter(|other| other.commodity == first.commodity).cloned().collect();
            let mut refusal = self.in_own_unit(&first.commodity, books.ledger.post(&own, at).err()?);
            if let Ok(goods) = self.goods_as_known(&first.commodity.ndc, first.commodity.unit) {
                refusal.what = format!("{}: {}", goods.title(), refusal.what).into();
            }
            Some(refusal)
        })
    }

    /// The products that the books know, whether anything is left of them or not.
    pub(crate) fn stocked(&self) -> Result<Vec<Ndc>, Fault> {
        let streams = self.room_streams("stock")?;
        Ok(streams.iter().filter_map(|listed| Ndc::parse(listed.id()).ok()).collect())
    }

    /// All books of the pharmacy.
    pub(crate) fn all_books(&self) -> Result<Books, Fault> {
        self.books_of(&self.stocked()?)
    }

    /// The books of these products.
    pub(crate) fn books_of(&self, ndcs: &[Ndc]) -> Result<Books, Fault> {
        let read = on_every_core(ndcs, |ndc| {
            let entries = self.store.stream(&format!("stock/{}/{ndc}", self.pharmacy))?;
            entries.iter().map(Placed::of).collect::<Result<Vec<_>, Fault>>()
        })?;
        let mut books = Books::default();
        read.into_iter().flatten().try_for_each(|placed| books.take(placed))?;
        Ok(books)
    }

    /// The commodity of a product that the books know, else as the drug file lists it.
    pub(crate) fn commodity_in(&self, books: &Books, ndc: &Ndc) -> Option<Commodity> {
        let kept = books.commodities().into_iter().find(|commodity| commodity.ndc == *ndc).cloned();
        kept.or_else(|| self.commodity(ndc))
    }

    /// Where a product that is in no drug file is counted, its books know.
    pub(crate) fn unit_in(&self, books: &Books, ndc: &Ndc) -> StockUnit {
        self.commodity_in(books, ndc).map_or(StockUnit::Piece, |commodity| commodity.unit)
    }
}
