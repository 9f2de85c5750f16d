//! The till: what is sold without a prescription, the logbooks about it, and stock that lies outside the pharmacy.
//!
//! A sale is decided on the purchaser's own lines of the last days, found through a table, and on the number of lines in the book;
//! so it takes as long in a book of many years as in a new one. The book's version stands with the decision: of two registers that
//! sell to one person at once, the second decides again.

mod by_internet;
mod chemicals;
mod counter;
mod devices;
mod due;
mod lines;
mod online;
mod papers;
mod products;
mod record;
mod seller;
mod table;

pub(crate) use chemicals::ChemicalSale;
pub(crate) use devices::{KitNow, MachineNow, PlaceOfStock};
pub(crate) use lines::BookLine;
pub(crate) use online::{NOTES as ONLINE_NOTES, OnlineNow, read_month};
pub(crate) use papers::site_html;
pub(crate) use products::{OnSale, Selling};
pub(crate) use table::Till;

use crate::house::House;
use crate::house::record::Fault;
use theriac_law::Moment;
use theriac_model::Refusal;

/// What the till answers before anything is sold.
#[derive(Debug)]
pub(crate) struct Answered {
    /// Why it may not be sold now; `None` when it may.
    pub(crate) refusal: Option<Box<Refusal>>,
    /// The first moment at which the same quantity may be sold, where only time stands in the way.
    pub(crate) allowed_from: Option<Moment>,
    /// The most that may be sold to this purchaser now, in the unit of the question.
    pub(crate) most_now: u64,
}

/// How often a decision is taken again when another register was first.
const TRIES: u32 = 5;

/// Takes a decision again as long as somebody else was first.
fn again<T>(mut decide: impl FnMut() -> Result<T, Fault>) -> Result<T, Fault> {
    for _ in 1..TRIES {
        match decide() {
            Err(Fault::Conflict) => {}
            decided => return decided,
        }
    }
    decide()
}

/// The most of `asked` units that pass, by halving: what passes once passes for less.
fn most(asked: u64, passes: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, asked);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if passes(middle) { low = middle } else { high = middle - 1 }
    }
    low
}

impl House {
    /// A refusal at the till, with the first moment at which it would be none. Only the purchaser's own sales speak from it.
    pub(crate) fn with_next_sale(&self, mut refusal: Refusal, answered: &Answered, unit: &str) -> Refusal {
        let mut next = refusal.next.to_string();
        if answered.most_now > 0 {
            next = format!("{next}; {} {unit} may be sold now", answered.most_now);
        }
        if let Some(from) = answered.allowed_from {
            next = format!("{next}; this quantity may be sold from {} on", self.clock.wall(from.timestamp));
        }
        refusal.next = next.into();
        refusal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_that_passes_is_found_by_halving() {
        for (asked, limit, found) in [(0, 5, 0), (1, 0, 0), (5, 5, 5), (6, 5, 5), (1_000_000, 146, 146)] {
            assert_eq!(most(asked, |units| units <= limit), found, "{asked} of {limit}");
        }
    }
}
