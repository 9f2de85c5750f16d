//! What others say they sold to this registrant (DEA's ARCOS data, a supplier's statement), beside the registrant's own
//! receipts: taken over as receipts where the books begin with them, compared where both exist.

use super::number::{FormNumber, OrderNumber, TrackingNumber};
use super::order::{Order, packages_of};
use super::refuse;
use crate::account::Account;
use crate::amount::Amount;
use crate::commodity::Commodity;
use crate::entry::{Document, DocumentKind};
use crate::movement::{Movement, MovementKind};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use theriac_model::{Actor, DeaNumber, Ndc, Refusal, Schedule};

/// Which way a reported transaction went, seen from this registrant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Sold to this registrant.
    Came,
    /// Returned by it, or given to a reverse distributor.
    Went,
    /// Lost on the way to it.
    NeverCame,
}

/// One transaction as the other side reported it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Who reports.
    pub other: DeaNumber,
    /// Which way it went.
    pub direction: Direction,
    /// The product.
    pub ndc: Ndc,
    /// Packages.
    pub packages: u32,
    /// Smallest units in all, where the report says: fewer than the packages hold when one was opened.
    pub units: Option<Amount>,
    /// The number of the order.
    pub order: String,
    /// The day.
    pub on: Date,
}

impl Reported {
    /// The number as that of a form or of an electronic order, by its shape.
    pub fn order_number(&self) -> Option<OrderNumber> {
        match TrackingNumber::parse(&self.order) {
            Ok(number) => Some(OrderNumber::Tracking(number)),
            Err(_) => FormNumber::parse(&self.order).ok().map(OrderNumber::Form),
        }
    }

    /// The receipt it amounts to, for books that begin with what was reported. `per_package` is what a full package of the
    /// product holds; it is needed where the report gives no units. Nothing for a transaction that brought nothing.
    ///
    /// # Errors
    /// `BOOKS-REPORTED-ORDER` for a number that is no order's, `BOOKS-REPORTED-SIZE` where neither units nor package are
    /// known, `BOOKS-TOO-LARGE`.
    pub fn receipt(
        &self,
        (commodity, schedule): (&Commodity, Schedule),
        per_package: Option<Amount>,
        (by, happened): (&Actor, Timestamp),
    ) -> Result<Option<Movement>, Refusal> {
        if self.direction != Direction::Came {
            return Ok(None);
        }
        let kind = match self.order_number().ok_or_else(|| refuse::reported_order(&self.order))? {
            OrderNumber::Form(_) => DocumentKind::OrderForm,
            OrderNumber::Tracking(_) => DocumentKind::CsosOrder,
        };
        let amount = match (self.units, per_package) {
            (Some(units), _) => units,
            (None, Some(package)) => packages_of(package, self.packages)?,
            (None, None) => return Err(refuse::reported_size(&self.ndc)),
        };
        Ok(Some(Movement::new(
            (commodity.clone(), schedule),
            MovementKind::Receipt,
            (Account::Source(self.other), Account::Shelf),
            amount,
            (happened, Document::new(kind, self.order.clone())),
            vec![by.clone()],
        )))
    }
}

/// One receipt of the registrant's own books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// From whom.
    pub from: DeaNumber,
    /// The number of the order.
    pub order: String,
    /// The product.
    pub ndc: Ndc,
    /// Packages.
    pub packages: u32,
    /// The day.
    pub on: Date,
}

impl Order {
    /// The receipts of this order, line by line and delivery by delivery.
    pub fn booked(&self) -> Vec<Booked> {
        let order = match &self.executed().number {
            OrderNumber::Form(number) => number.to_string(),
            OrderNumber::Tracking(number) => number.to_string(),
        };
        let of = |(ndc, (packages, on)): (&Ndc, &(u32, Date))| Booked {
            from: self.filled_by().number,
            order: order.clone(),
            ndc: ndc.clone(),
            packages: *packages,
            on: *on,
        };
        self.lines()
            .flat_map(|line| line.deliveries.iter().map(|delivery| (&line.line.product.commodity.ndc, delivery)))
            .map(of)
            .collect()
    }
}

/// Where the two sides do not agree about an order's product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The other registrant.
    pub other: DeaNumber,
    /// The order.
    pub order: String,
    /// The product.
    pub ndc: Ndc,
    /// Packages that the other side reported as sold.
    pub reported: u64,
    /// Packages booked as received.
    pub booked: u64,
    /// The first day either side names.
    pub since: Date,
}

/// Compares what was reported as sold to this registrant with what it booked, order by order and product by product, in
/// packages. Deliveries of the same order are taken together: the two sides may name different days.
pub fn reconcile(reported: &[Reported], booked: &[Booked]) -> Vec<Disagreement> {
    let mut sums: BTreeMap<(DeaNumber, &str, &Ndc), (u64, u64, Date)> = BTreeMap::new();
    for one in reported.iter().filter(|one| one.direction == Direction::Came) {
        let sum = sums.entry((one.other, &one.order, &one.ndc)).or_insert((0, 0, one.on));
        *sum = (sum.0 + u64::from(one.packages), sum.1, sum.2.min(one.on));
    }
    for one in booked {
        let sum = sums.entry((one.from, &one.order, &one.ndc)).or_insert((0, 0, one.on));
        *sum = (sum.0, sum.1 + u64::from(one.packages), sum.2.min(one.on));
    }
    let apart = sums.into_iter().filter(|(_, (reported, booked, _))| reported != booked);
    apart
        .map(|((other, order, ndc), (reported, booked, since))| Disagreement {
            other,
            order: order.to_owned(),
            ndc: ndc.clone(),
            reported,
            booked,
            since,
        })
        .collect()
}
