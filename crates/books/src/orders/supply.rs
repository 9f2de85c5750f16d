//! An order as its supplier keeps it: taken in, filled in parts, endorsed, voided, refused, reported. A pharmacy is a
//! supplier when it sells schedule II to another registrant. 21 CFR 1305.13 to 1305.15, 1305.25, 1305.27, 1305.29.

use super::csos::{CheckResult, ElectronicOrder, Outcome, Validation};
use super::draft::OrderLine;
use super::lines_to_end;
use super::number::OrderNumber;
use super::order::packages_of;
use super::refuse;
use crate::account::Account;
use crate::ask;
use crate::entry::{Document, DocumentKind};
use crate::movement::{Movement, MovementKind};
use crate::product::{Party, Product};
use crate::stored::{Stored as _, events, record};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use theriac_law::facts::{Order as OrderFacts, OrderDetails, OrderRefusal};
use theriac_law::vocab::{Condition, Event, Extent, OrderMethod, Party as Side, Substitute};
use theriac_law::{Moment, Profile, Question, Request};
use theriac_model::{Actor, Refusal, Schedule};

record! {
    /// An order as it lies before its supplier.
    Taken {
        /// Serial or tracking number.
        number: OrderNumber,
        /// On which form, or electronically.
        method: OrderMethod,
        /// Who orders.
        purchaser: Party,
        /// Whose order it is to fill: this supplier.
        supplier: Party,
        /// The lines.
        lines: Vec<OrderLine>,
        /// The day it was executed.
        executed: Date,
        /// SHA-256 of the signed file, for an electronic order.
        digest: Option<String>,
        /// The supplier that endorsed the form to this one.
        endorsed_by: Option<Party>,
    }
}

events! {
    /// One event of the stream of an order to fill.
    SupplyEvent {
        /// It was accepted, to be filled in whole or in part.
        Accepted "supply.accepted" {
            /// The order.
            order: Taken,
            /// The checks of an electronic order.
            checks: Vec<CheckResult>,
            /// The rulebook's profile.
            profile: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// It was not accepted: returned with a statement, or the purchaser was told.
        Refused "supply.refused" {
            /// Its number, where it could be read.
            number: Option<OrderNumber>,
            /// SHA-256 of the signed file, for an electronic order.
            digest: Option<String>,
            /// The checks of an electronic order.
            checks: Vec<CheckResult>,
            /// The code of the refusal.
            code: String,
            /// The statement to the purchaser.
            statement: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// Packages of a line were sent.
        Shipped "supply.shipped" {
            /// The line.
            line: u32,
            /// What was sent; another package of the identical product may stand for what was ordered.
            product: Product,
            /// Packages sent.
            packages: u32,
            /// The last day of the report to DEA about it.
            report_due: Option<Date>,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// Lines were voided by this supplier, by written notice.
        Voided "supply.voided" {
            /// Which.
            lines: Vec<u32>,
            /// The notice.
            notice: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// Lines were cancelled by the purchaser's written notice.
        Cancelled "supply.cancelled" {
            /// Which.
            lines: Vec<u32>,
            /// The notice.
            notice: String,
            /// When it arrived.
            at: Moment,
        }
        /// The form was endorsed to another supplier.
        Endorsed "supply.endorsed" {
            /// To whom.
            to: Party,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// The purchaser has declared the order lost.
        DeclaredLost "supply.declared-lost" {
            /// The order that replaces it.
            replaced_by: OrderNumber,
            /// When that became known.
            at: Moment,
        }
        /// What was shipped until then was reported to DEA: the second copy, or the electronic report.
        Reported "supply.reported" {
            /// Everything that was shipped up to this day.
            through: Date,
            /// How it went.
            channel: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
    }
}

/// What the supplier writes in the place for the number shipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShippedEntry {
    /// Each shipment: packages, the product code of what was sent, the day.
    Furnished(Vec<(u32, theriac_model::Ndc, Date)>),
    /// Cancelled by the purchaser; the line is struck through.
    Cancelled,
    /// Voided by the supplier; the line is struck through.
    Void,
}

impl ShippedEntry {
    /// The word that is printed for a line that ended, as the law has it.
    pub const fn mark(&self) -> Option<&'static str> {
        match self {
            Self::Furnished(_) => None,
            Self::Cancelled => Some("cancelled"),
            Self::Void => Some("void"),
        }
    }
}

#[derive(Clone, Debug)]
struct LineShipped {
    line: OrderLine,
    shipments: Vec<(u32, Product, Date)>,
    ended: Option<ShippedEntry>,
}

impl LineShipped {
    fn packages(&self) -> u32 {
        self.shipments.iter().map(|(packages, ..)| packages).sum()
    }

    fn units(&self) -> i64 {
        let of = |(packages, product, _): &(u32, Product, Date)| {
            product.per_container.units().saturating_mul(i64::from(*packages))
        };
        self.shipments.iter().map(of).sum()
    }

    fn is_open(&self) -> bool {
        self.ended.is_none() && self.packages() < self.line.packages
    }
}

/// An order that is to be filled.
#[derive(Clone, Debug)]
pub struct Supply {
    order: Taken,
    lines: BTreeMap<u32, LineShipped>,
    endorsed: Option<Party>,
    lost: Option<OrderNumber>,
    reported: Option<Date>,
    due: Vec<(Date, Date)>,
}

impl Supply {
    /// Takes in a paper form that arrived in this condition. A form that is refused goes back with a statement
    /// ([`Supply::refuse`]).
    ///
    /// # Errors
    /// What the rulebook refuses: an alteration, a day too late, an address that is not registered.
    pub fn take(
        profile: &Profile,
        order: Taken,
        condition: Condition,
        by: Actor,
        at: Moment,
    ) -> Result<Vec<SupplyEvent>, Refusal> {
        let mut facts = facts_of(&order);
        facts.condition = condition;
        fill(profile, facts, OrderDetails::new(), None, at)?;
        Ok(vec![SupplyEvent::Accepted { order, checks: Vec::new(), profile: profile.name().to_owned(), by, at }])
    }

    /// Takes in a validated electronic order: accepted, or refused with a statement that tells the purchaser why.
    pub fn take_electronic(
        profile: &Profile,
        validation: &Validation,
        purchaser: &Party,
        by: Actor,
        at: Moment,
    ) -> Vec<SupplyEvent> {
        let number = validation.order.as_ref().map(|order| OrderNumber::Tracking(order.tracking.clone()));
        let (digest, checks) = (Some(validation.digest.clone()), validation.checks.clone());
        match (&validation.refusal, &validation.order) {
            (None, Some(order)) => vec![SupplyEvent::Accepted {
                order: taken(order, purchaser, digest),
                checks,
                profile: profile.name().to_owned(),
                by,
                at,
            }],
            (refusal, _) => {
                let (code, what) = match refusal {
                    Some(refusal) => (refusal.code.0, refusal.what.as_ref()),
                    None => ("BOOKS-CSOS-UNREADABLE", "the file is not an order"),
                };
                let failed = checks.iter().find(|check| check.outcome == Outcome::Failed);
                let found = failed.and_then(|check| check.found.as_deref()).unwrap_or(what);
                let statement = format!("The order is not accepted: {what} ({found}).");
                vec![SupplyEvent::Refused { number, digest, checks, code: code.to_owned(), statement, by, at }]
            }
        }
    }

    /// Refuses an order, for any reason, with a statement that it is not accepted.
    ///
    /// # Errors
    /// The rulebook's, without a statement.
    pub fn refuse(
        profile: &Profile,
        order: &Taken,
        code: &str,
        statement: &str,
        by: Actor,
        at: Moment,
    ) -> Result<Vec<SupplyEvent>, Refusal> {
        let mut refusal = OrderRefusal::new();
        refusal.statement = !statement.trim().is_empty();
        let question = Question::new(at, Request::RefuseOrder { by: Side::Supplier }).with(|facts| {
            facts.order = Some(OrderFacts::new(order.method));
            facts.refusal = Some(Box::new(refusal));
        });
        ask::permission(profile, &question)?;
        Ok(vec![SupplyEvent::Refused {
            number: Some(order.number.clone()),
            digest: order.digest.clone(),
            checks: Vec::new(),
            code: code.to_owned(),
            statement: statement.to_owned(),
            by,
            at,
        }])
    }

    /// The order after its events; `None` unless the first accepts it.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a SupplyEvent>) -> Option<Self> {
        let mut events = events.into_iter();
        let SupplyEvent::Accepted { order, .. } = events.next()? else { return None };
        let line = |line: &OrderLine| LineShipped { line: line.clone(), shipments: Vec::new(), ended: None };
        let mut state = Self {
            lines: order.lines.iter().map(|item| (item.number, line(item))).collect(),
            order: order.clone(),
            endorsed: None,
            lost: None,
            reported: None,
            due: Vec::new(),
        };
        events.for_each(|event| state.apply(event));
        Some(state)
    }

    /// The order as it was taken in.
    pub const fn order(&self) -> &Taken {
        &self.order
    }

    /// The order that replaces this one, when the purchaser has declared it lost.
    pub const fn declared_lost(&self) -> Option<&OrderNumber> {
        self.lost.as_ref()
    }

    /// What stands in the place for the number shipped, line by line.
    pub fn shipped(&self) -> impl Iterator<Item = (u32, ShippedEntry)> {
        self.lines.values().map(|line| {
            let sent = line.shipments.iter().map(|(n, product, on)| (*n, product.commodity.ndc.clone(), *on)).collect();
            (line.line.number, line.ended.clone().unwrap_or(ShippedEntry::Furnished(sent)))
        })
    }

    /// Sends packages of a line. `product` is what is sent: what was ordered, or other packages of the same product.
    ///
    /// # Errors
    /// `BOOKS-ORDER-LINE`, `BOOKS-ORDER-CLOSED`, `BOOKS-ORDER-OVER` for an order endorsed away, and what the rulebook
    /// refuses: after sixty days, more than was ordered, another product, an order declared lost.
    pub fn ship(
        &self,
        profile: &Profile,
        line: u32,
        (product, packages): (&Product, u32),
        by: Actor,
        at: Moment,
    ) -> Result<Vec<SupplyEvent>, Refusal> {
        let state = self.lines.get(&line).ok_or_else(|| refuse::no_such_line(line))?;
        if packages == 0 || state.ended.is_some() {
            return Err(refuse::line_is_closed(line));
        }
        if self.endorsed.is_some() {
            return Err(refuse::order_is_over(&self.order.number));
        }
        let ordered = packages_of(state.line.product.per_container, state.line.packages)?;
        let now = packages_of(product.per_container, packages)?;
        let mut facts = facts_of(&self.order);
        facts.ordered_units = u64::try_from(ordered.units()).ok();
        facts.first_shipped = self.lines.values().flat_map(|line| &line.shipments).map(|(.., on)| *on).min();
        let mut details = OrderDetails::new();
        details.declared_lost = self.lost.is_some();
        details.substitute = substitute(&state.line.product, product);
        let units = ask::units(state.units().saturating_add(now.units()));
        fill(profile, facts, details, Some(units), at)?;
        let event = if self.order.method == OrderMethod::Csos { Event::CsosOrderFilled } else { Event::Form222Filled };
        let report_due = ask::last_day(profile, event, at);
        Ok(vec![SupplyEvent::Shipped { line, product: product.clone(), packages, report_due, by, at }])
    }

    /// The movement that a shipment posts to the stock: off the shelf, to the purchaser.
    ///
    /// # Errors
    /// `BOOKS-ORDER-LINE` for an event that is no shipment, `BOOKS-TOO-LARGE`.
    pub fn movement(&self, event: &SupplyEvent) -> Result<Movement, Refusal> {
        let SupplyEvent::Shipped { product, packages, by, at, .. } = event else {
            return Err(refuse::no_such_line(0));
        };
        let (kind, number) = match &self.order.number {
            OrderNumber::Form(number) => (DocumentKind::OrderForm, number.to_string()),
            OrderNumber::Tracking(number) => (DocumentKind::CsosOrder, number.to_string()),
        };
        Ok(Movement::new(
            (product.commodity.clone(), product.schedule),
            MovementKind::Distribution,
            (Account::Shelf, Account::Registrant(self.order.purchaser.number)),
            packages_of(product.per_container, *packages)?,
            (at.timestamp, Document::new(kind, number)),
            vec![by.clone()],
        ))
    }

    /// Voids lines by written notice to the purchaser; no lines means all that are open.
    ///
    /// # Errors
    /// `BOOKS-ORDER-LINE`, `BOOKS-ORDER-CLOSED`, and what the rulebook refuses.
    pub fn void(
        &self,
        profile: &Profile,
        lines: &[u32],
        notice: &str,
        by: Actor,
        at: Moment,
    ) -> Result<Vec<SupplyEvent>, Refusal> {
        let lines = self.ending(profile, Side::Supplier, lines, notice, at)?;
        Ok(vec![SupplyEvent::Voided { lines, notice: notice.to_owned(), by, at }])
    }

    /// Takes in the purchaser's written notice that lines are cancelled.
    ///
    /// # Errors
    /// As [`Supply::void`].
    pub fn cancelled(
        &self,
        profile: &Profile,
        lines: &[u32],
        notice: &str,
        at: Moment,
    ) -> Result<Vec<SupplyEvent>, Refusal> {
        let lines = self.ending(profile, Side::Pharmacy, lines, notice, at)?;
        Ok(vec![SupplyEvent::Cancelled { lines, notice: notice.to_owned(), at }])
    }

    fn ending(
        &self,
        profile: &Profile,
        by: Side,
        lines: &[u32],
        notice: &str,
        at: Moment,
    ) -> Result<Vec<u32>, Refusal> {
        let open: Vec<u32> = self.lines.values().filter(|line| line.is_open()).map(|line| line.line.number).collect();
        let lines = lines_to_end(lines, &open, |line| self.lines.contains_key(&line))?;
        let mut details = OrderDetails::new();
        details.voided = if lines.len() == self.lines.len() { Extent::Whole } else { Extent::Part };
        let request = Request::CancelOrder { by, in_writing: !notice.trim().is_empty() };
        let question = Question::new(at, request).with(|facts| {
            facts.order = Some(OrderFacts::new(self.order.method));
            facts.details = Some(Box::new(details));
        });
        ask::permission(profile, &question)?;
        Ok(lines)
    }

    /// Endorses a form to another supplier. An electronic order is never endorsed; a form once.
    ///
    /// # Errors
    /// `BOOKS-ORDER-RECEIVED` once anything was shipped, and what the rulebook refuses.
    pub fn endorse(&self, profile: &Profile, to: Party, by: Actor, at: Moment) -> Result<Vec<SupplyEvent>, Refusal> {
        if self.lines.values().any(|line| line.packages() > 0) {
            return Err(refuse::received_already(&self.order.number));
        }
        let mut order = OrderFacts::new(self.order.method);
        order.endorsed_before = self.order.endorsed_by.is_some() || self.endorsed.is_some();
        let question = Question::new(at, Request::EndorseOrder {}).with(|facts| facts.order = Some(order));
        ask::permission(profile, &question)?;
        Ok(vec![SupplyEvent::Endorsed { to, by, at }])
    }

    /// The copy of a wholly voided electronic order that goes back to the purchaser, marked.
    pub fn void_copy(&self) -> Option<Value> {
        let is_void = |line: &LineShipped| line.ended == Some(ShippedEntry::Void);
        let whole = self.order.method == OrderMethod::Csos && self.lines.values().all(is_void);
        whole.then(|| json!({ "format": crate::codec::FORMAT, "mark": "Void", "order": self.order.write() }))
    }

    /// The record that is linked to an electronic order: packages shipped on every line, nothing on voided ones.
    pub fn linked(&self) -> Vec<LinkedLine> {
        let line = |state: &LineShipped| LinkedLine {
            line: state.line.number,
            ndc: state.line.product.commodity.ndc.clone(),
            ordered: state.line.packages,
            shipped: state.packages(),
            last_shipped: state.shipments.iter().map(|(.., on)| *on).max(),
            ended: state.ended.as_ref().and_then(ShippedEntry::mark),
        };
        self.lines.values().map(line).collect()
    }

    /// Days until which shipments have to be reported to DEA and have not been, each once.
    pub fn reports_due(&self) -> Vec<Date> {
        let open = self.due.iter().filter(|(shipped, _)| self.reported.is_none_or(|through| *shipped > through));
        let mut days: Vec<Date> = open.map(|(_, due)| *due).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Records that the shipments up to `through` were reported to DEA.
    pub fn report(&self, through: Date, channel: &str, by: Actor, at: Moment) -> Vec<SupplyEvent> {
        vec![SupplyEvent::Reported { through, channel: channel.to_owned(), by, at }]
    }

    /// Folds one event after the first.
    pub fn apply(&mut self, event: &SupplyEvent) {
        match event {
            SupplyEvent::Accepted { .. } | SupplyEvent::Refused { .. } => {}
            SupplyEvent::Shipped { line, product, packages, report_due, at, .. } => {
                if let Some(state) = self.lines.get_mut(line) {
                    state.shipments.push((*packages, product.clone(), at.date()));
                }
                self.due.extend(report_due.map(|due| (at.date(), due)));
            }
            SupplyEvent::Voided { lines, .. } => self.end(lines, &ShippedEntry::Void),
            SupplyEvent::Cancelled { lines, .. } => self.end(lines, &ShippedEntry::Cancelled),
            SupplyEvent::Endorsed { to, .. } => self.endorsed = Some(to.clone()),
            SupplyEvent::DeclaredLost { replaced_by, .. } => self.lost = Some(replaced_by.clone()),
            SupplyEvent::Reported { through, .. } => {
                self.reported = Some(self.reported.map_or(*through, |before| before.max(*through)));
            }
        }
    }

    fn end(&mut self, lines: &[u32], entry: &ShippedEntry) {
        for line in lines {
            if let Some(state) = self.lines.get_mut(line) {
                state.ended = Some(entry.clone());
            }
        }
    }
}

/// One line of the record linked to an electronic order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedLine {
    /// The line.
    pub line: u32,
    /// The product code.
    pub ndc: theriac_model::Ndc,
    /// Packages ordered.
    pub ordered: u32,
    /// Packages shipped.
    pub shipped: u32,
    /// The day of the last shipment.
    pub last_shipped: Option<Date>,
    /// "void" or "cancelled", where the line ended so.
    pub ended: Option<&'static str>,
}

/// One shipment in a report to DEA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportLine {
    /// The order.
    pub number: OrderNumber,
    /// The purchaser's registration number.
    pub purchaser: theriac_model::DeaNumber,
    /// The supplier's registration number.
    pub supplier: theriac_model::DeaNumber,
    /// The product code of what was sent.
    pub ndc: theriac_model::Ndc,
    /// Packages.
    pub packages: u32,
    /// The day it was shipped.
    pub shipped: Date,
}

/// The shipments of `supplies` that have to be reported and have not been, oldest first (21 CFR 1305.13(d), 1305.29).
pub fn to_report(supplies: &[Supply]) -> Vec<ReportLine> {
    let mut lines = Vec::new();
    for supply in supplies {
        let open = |on: Date| supply.reported.is_none_or(|through| on > through);
        for (packages, product, shipped) in supply.lines.values().flat_map(|line| &line.shipments) {
            if open(*shipped) {
                lines.push(ReportLine {
                    number: supply.order.number.clone(),
                    purchaser: supply.order.purchaser.number,
                    supplier: supply.order.supplier.number,
                    ndc: product.commodity.ndc.clone(),
                    packages: *packages,
                    shipped: *shipped,
                });
            }
        }
    }
    lines.sort_by(|a, b| (a.shipped, &a.number).cmp(&(b.shipped, &b.number)));
    lines
}

fn taken(order: &ElectronicOrder, purchaser: &Party, digest: Option<String>) -> Taken {
    Taken {
        number: OrderNumber::Tracking(order.tracking.clone()),
        method: OrderMethod::Csos,
        purchaser: purchaser.clone(),
        supplier: order.supplier.clone(),
        lines: order.lines.clone(),
        executed: order.signed_on,
        digest,
        endorsed_by: None,
    }
}

fn facts_of(order: &Taken) -> OrderFacts {
    let mut facts = OrderFacts::new(order.method);
    let mut schedules: Vec<Schedule> = order.lines.iter().map(|line| line.product.schedule).collect();
    schedules.sort_unstable();
    schedules.dedup();
    facts.schedules = schedules.into_iter().map(Into::into).collect();
    facts.lines = u32::try_from(order.lines.len()).unwrap_or(u32::MAX);
    facts.executed = Some(order.executed);
    facts
}

fn fill(
    profile: &Profile,
    order: OrderFacts,
    details: OrderDetails,
    units: Option<u64>,
    at: Moment,
) -> Result<(), Refusal> {
    let question = Question::new(at, Request::FillOrder { units }).with(|facts| {
        facts.order = Some(order);
        facts.details = Some(Box::new(details));
    });
    ask::permission(profile, &question).map(|_| ())
}

/// Whether what is sent is what was ordered, in the same packages or in others.
fn substitute(ordered: &Product, sent: &Product) -> Substitute {
    let same = ordered.name == sent.name && ordered.form == sent.form && ordered.strength == sent.strength;
    if ordered.commodity.ndc == sent.commodity.ndc {
        Substitute::None
    } else if same && ordered.schedule == sent.schedule {
        Substitute::OtherPackage
    } else {
        Substitute::OtherProduct
    }
}
