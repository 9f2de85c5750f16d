//! The pharmacy's own figures for the six factors, and the log of discrepancies.

use crate::account::Account;
use crate::commodity::Commodity;
use crate::entry::{Entry, EntryId};
use crate::event::StockEvent;
use crate::movement::MovementKind;
use crate::stock::Stock;
use jiff::Timestamp;
use std::collections::BTreeSet;
use theriac_model::{Actor, Schedule};

/// What the books know of a product, for whoever weighs a loss of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The product.
    pub commodity: Commodity,
    /// Its schedule.
    pub schedule: Option<Schedule>,
    /// What is missing, in smallest units.
    pub lost: i64,
    /// What was dispensed in the period looked at.
    pub dispensed: i64,
    /// What is missing in percent of what was dispensed, with two digits; `None` of nothing.
    pub share: Option<String>,
    /// What was on hand at the beginning of the period.
    pub on_hand: i64,
    /// Everybody who signed an entry of the product in the period.
    pub people: BTreeSet<String>,
    /// Earlier entries of theft or loss of the product, with their amounts.
    pub earlier: Vec<(EntryId, Timestamp, i64)>,
}

impl Figures {
    /// The figures of `lost` units of a product over the period after `from` up to `to`.
    pub fn of<'a>(
        commodity: &Commodity,
        lost: i64,
        (from, to): (Timestamp, Timestamp),
        events: impl IntoIterator<Item = &'a StockEvent>,
    ) -> Self {
        let mut figures = Self {
            commodity: commodity.clone(),
            schedule: None,
            lost,
            dispensed: 0,
            share: None,
            on_hand: 0,
            people: BTreeSet::new(),
            earlier: Vec::new(),
        };
        for event in events.into_iter().filter(|event| event.commodity() == commodity) {
            let StockEvent::Posted { entry, .. } = event else { continue };
            figures.schedule = Some(entry.schedule);
            if entry.happened <= from {
                figures.on_hand += entry.change_on_hand();
            }
            if matches!(entry.kind, MovementKind::TheftOrLoss) && entry.happened <= to {
                figures.earlier.push((entry.id, entry.happened, entry.change_on_hand().saturating_neg()));
            }
            if entry.happened <= from || entry.happened > to {
                continue;
            }
            figures.people.extend(entry.signers.iter().map(|signer| signer.id.clone()));
            if entry.kind.dispenses() {
                figures.dispensed += entry.change_on_hand().saturating_neg();
            }
        }
        figures.share = crate::inventory::percent(lost, figures.dispensed);
        figures
    }
}

/// One line of the discrepancy log: a correction of the books, with both figures. It goes on no form of DEA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscrepancyLine {
    /// The product.
    pub commodity: Commodity,
    /// The entry.
    pub entry: EntryId,
    /// The account whose figure changed.
    pub account: Account,
    /// The figure before.
    pub before: i64,
    /// The figure after.
    pub after: i64,
    /// Why.
    pub reason: String,
    /// Who signed.
    pub signers: Vec<Actor>,
    /// When it was written down.
    pub posted: Timestamp,
}

/// The log of discrepancies: every clerical correction and every reversal, in the order of the events. Entries that
/// do not fold are left out; the journal's own check names them.
pub fn discrepancy_log<'a>(events: impl IntoIterator<Item = &'a StockEvent>) -> Vec<DiscrepancyLine> {
    let mut books: std::collections::BTreeMap<Commodity, Stock> = std::collections::BTreeMap::new();
    let mut log = Vec::new();
    for event in events {
        let commodity = event.commodity();
        let stock = books.entry(commodity.clone()).or_insert_with(|| Stock::new(commodity.clone()));
        if let StockEvent::Posted { entry, .. } = event
            && corrects(entry)
        {
            for line in entry.lines.iter().filter(|line| line.account != Account::Clerical) {
                let before = stock.balance(&line.account);
                log.push(DiscrepancyLine {
                    commodity: commodity.clone(),
                    entry: entry.id,
                    account: line.account.clone(),
                    before,
                    after: before.saturating_add(line.change),
                    reason: entry.reason.clone().unwrap_or_default(),
                    signers: entry.signers.clone(),
                    posted: entry.posted,
                });
            }
        }
        let _ = stock.apply(event);
    }
    log
}

const fn corrects(entry: &Entry) -> bool {
    matches!(entry.kind, MovementKind::ClericalIn | MovementKind::ClericalOut | MovementKind::Reversal)
}
