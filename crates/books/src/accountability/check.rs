//! The statement computed again, from the entries alone.
//!
//! Nothing of the first computation is used: the figures are added up entry by entry from the numbers that the statement
//! names, and the books are folded again. A statement that leaves an entry out, names one twice, or bends a figure
//! disagrees with its entries.

use super::category::Direction;
use super::statement::{Accountability, Basis, crossing, second};
use crate::account::Side;
use crate::count::{CountId, Counted};
use crate::entry::{Entry, EntryId};
use crate::event::StockEvent;
use crate::stock::Stock;
use std::collections::{BTreeMap, BTreeSet};

/// Where a statement and its entries do not agree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Disagreement {
    /// The entries themselves are no books.
    #[error("the entries are no books: {0}")]
    NoBooks(String),
    /// A row names an entry that is not there, not in the period, or not of the row.
    #[error("entry {0} does not belong where the statement names it")]
    Stray(EntryId),
    /// An entry of the period is named nowhere, or twice.
    #[error("entry {0} of the period is named {1} times")]
    Named(EntryId, u32),
    /// A row is not the sum of its entries.
    #[error("the row {row} states {stated}, its entries come to {found}")]
    Row {
        /// The row's word.
        row: &'static str,
        /// What it states.
        stated: i64,
        /// What the entries come to.
        found: i64,
    },
    /// The opening or closing figure is not that of its counts or of the books.
    #[error("the {figure} figure states {stated}, it comes to {found}")]
    Figure {
        /// Which.
        figure: &'static str,
        /// What it states.
        stated: i64,
        /// What it comes to.
        found: i64,
    },
}

impl Accountability {
    /// Computes the statement again from `events`, which hold everything of the commodity.
    ///
    /// # Errors
    /// The first [`Disagreement`].
    pub fn check<'a>(&self, events: impl IntoIterator<Item = &'a StockEvent>) -> Result<(), Disagreement> {
        let mut stock = Stock::new(self.commodity.clone());
        let mut entries: BTreeMap<EntryId, &Entry> = BTreeMap::new();
        let mut counts: BTreeMap<CountId, &Counted> = BTreeMap::new();
        for event in events.into_iter().filter(|event| *event.commodity() == self.commodity) {
            stock.apply(event).map_err(|error| Disagreement::NoBooks(error.to_string()))?;
            match event {
                StockEvent::Posted { entry, .. } => drop(entries.insert(entry.id, entry)),
                StockEvent::Counted { counted, .. } => drop(counts.insert(counted.id, counted)),
            }
        }
        self.check_rows(&entries)?;
        self.check_named(&entries)?;
        let books = (stock.on_hand_at(self.from), stock.on_hand_at(self.to));
        if books.1 - books.0 != self.came() - self.went() {
            return Err(Disagreement::Figure { figure: "expected", stated: self.expected(), found: books.1 });
        }
        let sum = |ids: &mut dyn Iterator<Item = CountId>| -> i64 {
            ids.filter_map(|id| counts.get(&id)).map(|counted| counted.count.found).sum()
        };
        let opening = match self.opening.basis {
            Basis::Books => books.0,
            Basis::Counts => sum(&mut self.opening.counts.iter().copied()),
        };
        same("opening", self.opening.amount, opening)?;
        if let Some(closing) = &self.closing {
            same("closing", closing.found, sum(&mut closing.accounts.iter().map(|account| account.count)))?;
        }
        Ok(())
    }

    /// Each row is the sum of the entries that it names, and each of them is of the row and of the period.
    fn check_rows(&self, entries: &BTreeMap<EntryId, &Entry>) -> Result<(), Disagreement> {
        for row in &self.rows {
            let mut found = 0i64;
            for id in &row.entries {
                let entry = entries.get(id).filter(|entry| self.holds(entry)).ok_or(Disagreement::Stray(*id))?;
                let mut of_row = crossing(entry).filter(|(category, _)| *category == row.category);
                let (_, change) = of_row.next().ok_or(Disagreement::Stray(*id))?;
                found = found.saturating_add(change);
            }
            let found = if row.category.direction() == Direction::In { found } else { found.saturating_neg() };
            if found != row.amount {
                return Err(Disagreement::Row { row: row.category.word(), stated: row.amount, found });
            }
        }
        Ok(())
    }

    /// Every entry of the period that changes what is on hand is named once.
    fn check_named(&self, entries: &BTreeMap<EntryId, &Entry>) -> Result<(), Disagreement> {
        let mut seen = BTreeSet::new();
        for id in self.rows.iter().flat_map(|row| &row.entries) {
            if !seen.insert(*id) {
                return Err(Disagreement::Named(*id, 2));
            }
        }
        let crosses = |entry: &&&Entry| {
            let held = entry.lines.iter().filter(|line| line.account.side() == Side::OnHand);
            held.map(|line| line.change).sum::<i64>() != 0
        };
        let forgotten = entries.values().filter(|entry| self.holds(entry)).filter(crosses);
        match forgotten.map(|entry| entry.id).find(|id| !seen.contains(id)) {
            Some(id) => Err(Disagreement::Named(id, 0)),
            None => Ok(()),
        }
    }

    fn holds(&self, entry: &Entry) -> bool {
        second(entry) > self.from.as_second() && second(entry) <= self.to.as_second()
    }
}

fn same(figure: &'static str, stated: i64, found: i64) -> Result<(), Disagreement> {
    if stated == found { Ok(()) } else { Err(Disagreement::Figure { figure, stated, found }) }
}
