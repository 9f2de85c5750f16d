//! All books of a deployment together: one [`Stock`] a product and registration, and acts that touch several.

use crate::commodity::Commodity;
use crate::event::StockEvent;
use crate::movement::Movement;
use crate::stock::{Inconsistent, Stock};
use jiff::Timestamp;
use std::collections::BTreeMap;
use theriac_model::Refusal;

/// Books of several commodities. A commodity that nothing happened to has empty books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    stocks: BTreeMap<Commodity, Stock>,
}

impl Ledger {
    /// Books before anything happened.
    pub fn new() -> Self {
        Self::default()
    }

    /// The books after `events` of any commodities, each commodity's in its own order.
    ///
    /// # Errors
    /// [`Inconsistent`] at the first event that the commands could not have made.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a StockEvent>) -> Result<Self, Inconsistent> {
        let mut ledger = Self::new();
        for event in events {
            ledger.apply(event)?;
        }
        Ok(ledger)
    }

    /// The books of one commodity.
    pub fn stock(&self, commodity: &Commodity) -> Option<&Stock> {
        self.stocks.get(commodity)
    }

    /// All books, by commodity.
    pub fn stocks(&self) -> impl Iterator<Item = &Stock> {
        self.stocks.values()
    }

    /// Puts the books of a commodity in, as they were loaded from their own stream.
    pub fn insert(&mut self, stock: Stock) {
        self.stocks.insert(stock.commodity().clone(), stock);
    }

    /// Folds one event.
    ///
    /// # Errors
    /// [`Inconsistent`] when the commands could not have made it; the state is then unchanged.
    pub fn apply(&mut self, event: &StockEvent) -> Result<(), Inconsistent> {
        if let Some(stock) = self.stocks.get_mut(event.commodity()) {
            return stock.apply(event);
        }
        let mut stock = Stock::new(event.commodity().clone());
        stock.apply(event)?;
        self.insert(stock);
        Ok(())
    }

    /// Posts movements of any commodities in order, all or none. The store appends the events in one transaction, each
    /// stream under the version that was decided on.
    ///
    /// # Errors
    /// That of [`Stock::post`] for the first movement that cannot be.
    pub fn post(&self, movements: &[Movement], posted: Timestamp) -> Result<Vec<StockEvent>, Refusal> {
        let mut touched: BTreeMap<&Commodity, Stock> = BTreeMap::new();
        let mut events = Vec::with_capacity(movements.len());
        for movement in movements {
            let stock = touched.entry(&movement.commodity).or_insert_with(|| {
                let kept = self.stocks.get(&movement.commodity).cloned();
                kept.unwrap_or_else(|| Stock::new(movement.commodity.clone()))
            });
            for event in stock.post(movement, posted)? {
                // INVARIANT: what a command made folds onto the state that it was decided on; a test posts at random.
                if stock.apply(&event).is_err() {
                    return Err(crate::refusals::other_commodity(event.commodity(), &movement.commodity));
                }
                events.push(event);
            }
        }
        Ok(events)
    }
}
