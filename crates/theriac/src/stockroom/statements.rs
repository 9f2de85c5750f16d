//! The accountability statement of one product over one period, from counts where there are some.

use super::goods::Goods;
use super::shelves::Books;
use crate::house::House;
use crate::house::record::Fault;
use crate::typed::wrong;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use std::collections::BTreeMap;
use theriac_books::accountability::Accountability;
use theriac_books::inventory::Occasion;
use theriac_books::{Commodity, Stock, StockEvent};
use theriac_model::{Ndc, Refusal};

/// A period as it was asked for: each end is a day or an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Period {
    /// From: the beginning of this day, or exactly this instant; the last count but one, or the beginning, if not given.
    pub(crate) from: Option<String>,
    /// To: the end of this day, or exactly this instant; the last count, or now, if not given.
    pub(crate) to: Option<String>,
}

/// A statement with what a page and a paper say beside it.
pub(crate) struct Stated {
    pub(crate) goods: Goods,
    pub(crate) statement: Accountability,
    pub(crate) books: Books,
    pub(crate) commodity: Commodity,
    /// The moments of counts of this product, with the occasion of their inventory.
    pub(crate) counts: Vec<(Timestamp, Option<Occasion>)>,
    /// The statement was computed a second time, from the entries alone: `None` when it agrees.
    pub(crate) disagreement: Option<String>,
}

impl Stated {
    /// The stock as its books have it now.
    pub(crate) fn stock(&self) -> Stock {
        self.books.stock(&self.commodity)
    }
}

impl House {
    /// The occasions of the closed inventories, by the moment that they speak of and the product.
    pub(crate) fn occasions(&self, ndc: Option<&Ndc>) -> Result<BTreeMap<Timestamp, Occasion>, Fault> {
        let mut occasions = BTreeMap::new();
        for sheet in self.inventories()? {
            let plan = sheet.inventory.plan();
            let holds = ndc.is_none_or(|ndc| plan.places.iter().any(|place| place.product.commodity.ndc == *ndc));
            if sheet.inventory.closed().is_some() && holds {
                occasions.insert(plan.as_of(), plan.occasion);
            }
        }
        Ok(occasions)
    }

    /// One end of a period.
    fn end_of_period(&self, field: &'static str, text: &str, at: Edge) -> Result<Timestamp, Fault> {
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Ok(instant);
        }
        let bad = || wrong(field, format!("{field} is no day such as 2026-03-31"), "enter a day, or choose a count");
        let day: Date = text.parse().map_err(|_| bad())?;
        let midnight =
            |day: Date| day.to_datetime(Time::midnight()).to_zoned(self.clock.zone()).map(|at| at.timestamp());
        let begins = match at {
            // The last second before the day: what happened in the day is in the statement.
            Edge::From => midnight(day),
            Edge::To => midnight(day.tomorrow().map_err(|_| bad())?),
        };
        begins.ok().and_then(|at| at.checked_sub(jiff::SignedDuration::from_secs(1)).ok()).ok_or_else(bad)
    }

    /// The statement of a product.
    pub(crate) fn product_statement(&self, ndc: &Ndc, period: &Period) -> Result<Stated, Fault> {
        let books = self.books_of(std::slice::from_ref(ndc))?;
        let occasions = self.occasions(Some(ndc))?;
        self.statement_from(ndc, books, &occasions, period)
    }

    /// The same from books that were loaded.
    pub(crate) fn statement_from(
        &self,
        ndc: &Ndc,
        books: Books,
        occasions: &BTreeMap<Timestamp, Occasion>,
        period: &Period,
    ) -> Result<Stated, Fault> {
        let commodity = self.commodity_in(&books, ndc).ok_or_else(|| {
            let what = format!("NDC {ndc} is neither in the books nor in the drug file");
            Refusal::new("BOOKS-PRODUCT-UNKNOWN", "-", what, "choose a product from the books").about("ndc")
        })?;
        let mut moments: Vec<Timestamp> = books.of(&commodity).filter_map(|(_, event)| count_moment(event)).collect();
        moments.sort();
        moments.dedup();
        let now = self.clock.now();
        let to = match &period.to {
            Some(text) => self.end_of_period("to", text, Edge::To)?,
            None => now,
        };
        let from = match &period.from {
            Some(text) => self.end_of_period("from", text, Edge::From)?,
            None => moments.iter().rev().find(|at| **at < to).copied().unwrap_or(Timestamp::UNIX_EPOCH),
        };
        if from >= to {
            return Err(wrong("from", "the period ends before it begins", "choose an earlier beginning"));
        }
        let occasion = occasions.get(&from).copied();
        let events: Vec<&StockEvent> = books.of(&commodity).map(|(_, event)| event).collect();
        let statement = Accountability::of(&commodity, events.iter().copied(), (from, to), occasion);
        let disagreement = statement.check(events.iter().copied()).err().map(|error| error.to_string());
        let goods = self.goods_as_known(ndc, commodity.unit)?;
        let counts = moments.into_iter().map(|at| (at, occasions.get(&at).copied())).collect();
        Ok(Stated { goods, statement, books, commodity, counts, disagreement })
    }
}

/// Which end of a period.
#[derive(Clone, Copy)]
enum Edge {
    From,
    To,
}

fn count_moment(event: &StockEvent) -> Option<Timestamp> {
    match event {
        StockEvent::Counted { counted, .. } => Some(counted.count.happened),
        StockEvent::Posted { .. } => None,
    }
}
