//! A count of one product in one place: sealed containers by their label, opened ones one by one.
//!
//! 21 CFR 1304.11(e)(6). Whether an opened container may be estimated is for the rulebook to say.

use super::refusals as refuse;
use crate::amount::AMOUNT_MAX;
use crate::ask;
use crate::commodity::StockUnit;
use crate::count::CountMethod;
use crate::product::Product;
use crate::words::words;
use jiff::civil::Date;
use theriac_law::vocab::{Container as Seal, CountMethod as Method, Schedule};
use theriac_law::{Profile, Question, Request};
use theriac_model::Refusal;

words! {
    /// How a count came in.
    Entered {
        /// Typed.
        Keyboard "keyboard",
        /// Scanned, container by container.
        Scanner "scanner",
        /// From a sheet that was filled in elsewhere.
        Sheet "sheet",
    }
}

/// An opened container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Container {
    /// What it holds when full, in smallest units.
    pub capacity: i64,
    /// What was found in it, in smallest units.
    pub found: i64,
    /// How.
    pub method: CountMethod,
}

/// What was found in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Full containers with their seal unbroken, counted by their label.
    pub sealed: u32,
    /// Opened containers.
    pub opened: Vec<Container>,
    /// How the count came in.
    pub entered: Entered,
}

impl Tally {
    /// Nothing was found.
    pub const fn nothing(entered: Entered) -> Self {
        Self { sealed: 0, opened: Vec::new(), entered }
    }

    /// Sealed containers and loose units from one opened container of the usual size, counted exactly.
    pub fn exact(product: &Product, sealed: u32, loose: i64, entered: Entered) -> Self {
        let capacity = product.per_container.units().max(loose);
        let opened = (loose > 0).then_some(Container { capacity, found: loose, method: CountMethod::Exact });
        Self { sealed, opened: opened.into_iter().collect(), entered }
    }

    /// Containers in all, sealed and opened.
    pub fn containers(&self) -> u64 {
        u64::from(self.sealed) + self.opened.len() as u64
    }

    /// What was found in all, in smallest units.
    ///
    /// # Errors
    /// `BOOKS-COUNT-RANGE` when a figure is negative, holds more than its container, or leaves the exact range.
    pub fn found(&self, product: &Product) -> Result<i64, Refusal> {
        let mut sum = i64::from(self.sealed).checked_mul(product.per_container.units());
        for container in &self.opened {
            if !(0..=container.capacity).contains(&container.found) {
                return Err(refuse::overfull(container.found, container.capacity));
            }
            sum = sum.and_then(|sum| sum.checked_add(container.found));
        }
        sum.filter(|sum| *sum <= AMOUNT_MAX).ok_or_else(crate::refusals::count_out_of_range)
    }

    /// Exact when every container was counted; estimated as soon as one was.
    pub fn method(&self) -> CountMethod {
        let estimated = self.opened.iter().any(|container| container.method == CountMethod::Estimated);
        if estimated { CountMethod::Estimated } else { CountMethod::Exact }
    }

    /// Asks the rulebook about each container that was estimated.
    pub(crate) fn permitted(&self, profile: &Profile, product: &Product, day: Date) -> Result<(), Refusal> {
        for container in self.opened.iter().filter(|container| container.method == CountMethod::Estimated) {
            // The limit is one of tablets and capsules: the size of a bottle of liquid is no number of units.
            let pieces = product.commodity.unit == StockUnit::Piece;
            let question = Question::new(day, Request::InventoryCount {}).with(|facts| {
                facts.stock.schedule = Some(Schedule::from(product.schedule));
                facts.stock.container = Some(Seal::Opened);
                facts.stock.capacity = pieces.then_some(ask::units(container.capacity));
                facts.stock.method = Some(Method::Estimate);
                facts.stock.on_hand = ask::units(container.found);
            });
            ask::permission(profile, &question)?;
        }
        Ok(())
    }
}
