//! The order desk: order forms, powers of attorney, and orders for schedules I and II from the draft to the last package.
//!
//! The books' core decides; here it meets the clock, the journal, the drug file and the keys. A form that becomes an order, a
//! lost order and the one that replaces it, a delivery and the stock it adds to are one append each, or nothing happened.

mod compare;
mod draft;
mod due;
mod electronic;
mod forms;
mod papers;
mod parties;
mod powers;
mod purchase;
mod supplying;
mod table;

pub(crate) use draft::LINES_MOST;
pub(crate) use due::Due;
pub(crate) use papers::OrderPaper;
pub(crate) use parties::address_of;
pub(crate) use purchase::Purchase;
pub(crate) use supplying::Supplied;
pub(crate) use table::Orders;

use crate::house::House;
use crate::house::record::By;
use crate::typed::{Typed, wrong};
use jiff::Timestamp;
use theriac_books::orders::{FormNumber, OrderNumber, TrackingNumber};
use theriac_law::Moment;
use theriac_model::Actor;

/// An order's number in addresses and stream names: `form-210000001`, `tracking-26X000001`.
pub(crate) fn order_id(number: &OrderNumber) -> String {
    match number {
        OrderNumber::Form(number) => format!("form-{number}"),
        OrderNumber::Tracking(number) => format!("tracking-{number}"),
    }
}

/// Reads what [`order_id`] wrote.
pub(crate) fn order_number(id: &str) -> Option<OrderNumber> {
    match id.split_once('-')? {
        ("form", number) => FormNumber::parse(number).ok().map(OrderNumber::Form),
        ("tracking", number) => TrackingNumber::parse(number).ok().map(OrderNumber::Tracking),
        _ => None,
    }
}

impl House {
    /// Who does something at the order desk: at the pharmacy's registration, under the deployment's law.
    fn at_the_order_desk<'a>(&'a self, actor: &'a Actor, at: Moment) -> By<'a> {
        By { actor, location: self.pharmacy.as_str(), law: &self.config.profile, at: at.timestamp }
    }

    /// An instant with the offset of the place.
    pub(crate) fn order_moment(&self, timestamp: Timestamp) -> Moment {
        Moment { timestamp, offset: self.clock.zone().to_offset(timestamp) }
    }

    /// The same, of something that has happened already.
    fn order_happened(&self, typed: &Typed, field: &'static str) -> Result<Moment, crate::house::record::Fault> {
        let at = typed.time(field, self)?;
        if at > self.clock.now() {
            return Err(wrong(field, "the time lies in the future", "enter when it happened"));
        }
        Ok(self.order_moment(at))
    }
}
