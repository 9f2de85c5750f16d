//! The books of this pharmacy loaded from the journal, and acts on them appended under the versions they were decided on.

use crate::house::House;
use crate::house::record::{By, Change, Fault, read};
use std::collections::{BTreeMap, BTreeSet};
use theriac_books::{Commodity, Ledger, Stock, StockEvent, StockUnit};
use theriac_model::Ndc;

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

impl Books {
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
        let mut books = Books::default();
        for ndc in ndcs {
            let name = format!("stock/{}/{ndc}", self.pharmacy);
            for entry in self.store.stream(&name)? {
                if entry.body_bytes().is_none() {
                    return Err(broken(format!("entry {} of the books was erased", entry.seq)));
                }
                let event: StockEvent = read(&entry)?;
                books.ledger.apply(&event).map_err(broken)?;
                books.versions.insert(event.commodity().clone(), entry.version);
                books.events.push((entry.seq, event));
            }
        }
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
