//! One order, as the purchaser keeps it: executed, endorsed, received line by line, cancelled, voided, not accepted, lost
//! and replaced. 21 CFR 1305.12 to 1305.19 on paper, 1305.21 to 1305.27 electronically.

use super::draft::{Draft, OrderLine};
use super::lines_to_end;
use super::number::OrderNumber;
use super::power::Powers;
use super::refuse;
use super::register::FormRegister;
use crate::account::Account;
use crate::amount::Amount;
use crate::ask;
use crate::entry::{Document, DocumentKind};
use crate::movement::{Movement, MovementKind};
use crate::product::Party;
use crate::stored::{events, record};
use jiff::civil::Date;
use std::collections::BTreeMap;
use theriac_law::facts::{LostOrder, Order as OrderFacts, OrderRefusal, Receipt};
use theriac_law::vocab::{Document as LawDocument, LostEntry, OrderMethod, Party as Side, ReceiptEntry, Staff};
use theriac_law::{Moment, Profile, Question, Request};
use theriac_model::{Actor, Refusal, Role};

record! {
    /// An executed order.
    Executed {
        /// Serial or tracking number.
        number: OrderNumber,
        /// On which form, or electronically.
        method: OrderMethod,
        /// Who orders.
        purchaser: Party,
        /// From whom.
        supplier: Party,
        /// The lines.
        lines: Vec<OrderLine>,
        /// Who signed.
        signer: String,
        /// The power of attorney it was signed under; absent when the registrant signed.
        power: Option<crate::account::Name>,
        /// When it was signed.
        signed: Moment,
        /// The rulebook's profile that judged it.
        profile: String,
        /// SHA-256 of the signed electronic order, in hex; absent on paper.
        digest: Option<String>,
    }

    /// What a statement about a lost order says (21 CFR 1305.16(a), 1305.26).
    LostStatement {
        /// The number of the lost order.
        first: OrderNumber,
        /// Its date.
        dated: Option<Date>,
        /// That the goods were never received because the order was lost, in the purchaser's words.
        not_received: String,
        /// Who signed the statement, for an electronic order.
        signed_by: Option<String>,
        /// What the supplier said when asked whether the order had arrived.
        supplier_said: Option<String>,
    }
}

events! {
    /// One event of an order's stream.
    OrderEvent {
        /// The order was executed.
        Executed "order.executed" {
            /// All of it.
            order: Executed,
        }
        /// The first supplier passed it on to another, who fills it.
        Endorsed "order.endorsed" {
            /// To whom.
            to: Party,
            /// When that became known here.
            at: Moment,
        }
        /// Part of a line arrived.
        Received "order.received" {
            /// The line.
            line: u32,
            /// Packages of this delivery.
            packages: u32,
            /// The supplier's invoice, where one came along.
            invoice: Option<String>,
            /// Who received it.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// More arrived than the line still had. No order covers it: it stays apart until it goes back.
        Excess "order.excess" {
            /// The line.
            line: u32,
            /// Packages beyond the order.
            packages: u32,
            /// Who received them.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// Lines were cancelled by the purchaser's written notice.
        Cancelled "order.cancelled" {
            /// Which; all that were open when the whole order was cancelled.
            lines: Vec<u32>,
            /// The notice, word for word.
            notice: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// Lines were voided by the supplier's written notice.
        Voided "order.voided" {
            /// Which.
            lines: Vec<u32>,
            /// The notice, word for word; of an electronic order the copy marked void.
            notice: String,
            /// When it arrived.
            at: Moment,
        }
        /// The order came back not accepted, with the supplier's statement.
        NotAccepted "order.not-accepted" {
            /// The statement, word for word.
            statement: String,
            /// When it arrived.
            at: Moment,
        }
        /// It was lost on the way, and another order replaces it.
        Lost "order.lost" {
            /// The statement.
            statement: LostStatement,
            /// The replacement.
            replaced_by: OrderNumber,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// It replaces a lost order. The statement is kept with both.
        Replaces "order.replaces" {
            /// The statement.
            statement: LostStatement,
            /// When.
            at: Moment,
        }
    }
}

/// What arrives on one line.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The line of the order.
    pub line: u32,
    /// Packages that came.
    pub packages: u32,
    /// The supplier's invoice or packing slip.
    pub invoice: Option<String>,
}

/// How a line stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineState {
    /// What was ordered.
    pub line: OrderLine,
    /// Each delivery: packages and day.
    pub deliveries: Vec<(u32, Date)>,
    /// Packages that came beyond the order.
    pub excess: u32,
    /// Whether something may still come.
    pub standing: LineStanding,
}

/// Whether a line is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStanding {
    /// Something may still come.
    Open,
    /// The purchaser cancelled the rest.
    Cancelled,
    /// The supplier voided the rest.
    Voided,
}

impl LineState {
    /// Packages received within the order.
    pub fn received(&self) -> u32 {
        self.deliveries.iter().map(|(packages, _)| packages).sum()
    }

    /// Packages that are still to come.
    pub fn outstanding(&self) -> u32 {
        match self.standing {
            LineStanding::Open => self.line.packages.saturating_sub(self.received()),
            LineStanding::Cancelled | LineStanding::Voided => 0,
        }
    }
}

/// One order of the purchaser's file.
#[derive(Clone, Debug)]
pub struct Order {
    executed: Executed,
    lines: BTreeMap<u32, LineState>,
    supplier: Party,
    invoices: Vec<String>,
    /// The supplier's statement that it is not accepted.
    not_accepted: Option<String>,
    lost: Option<(LostStatement, OrderNumber)>,
    replaces: Option<LostStatement>,
}

impl Order {
    /// Executes an order: the rulebook is asked about everything that is written. A form that is refused is marked void in
    /// the register ([`FormRegister::void`]) and a new one is made out; it is never corrected.
    ///
    /// `digest` is the SHA-256 of the signed electronic order. The event belongs in one append with that of
    /// [`FormRegister::execute`].
    ///
    /// # Errors
    /// `BOOKS-FORM-UNKNOWN`, `BOOKS-FORM-USED`, `BOOKS-ORDER-UNSIGNED-FILE` for an electronic order without its digest, and
    /// what the rulebook refuses.
    pub fn execute(
        profile: &Profile,
        draft: &Draft,
        (register, powers): (&FormRegister, &Powers),
        digest: Option<String>,
        at: Moment,
    ) -> Result<Vec<OrderEvent>, Refusal> {
        draft.judge(profile, register, powers, at)?;
        let method = draft.method(register)?;
        if (method == OrderMethod::Csos) != digest.is_some() {
            return Err(refuse::unsigned_file());
        }
        let (_, power) = powers.capacity(profile, &draft.signer, at)?;
        Ok(vec![OrderEvent::Executed {
            order: Executed {
                number: draft.number.clone(),
                method,
                purchaser: draft.purchaser.clone(),
                supplier: draft.supplier.clone(),
                lines: draft.complete(),
                signer: draft.signer.clone(),
                power: power.map(|power| power.paper.id.clone()),
                signed: at,
                profile: profile.name().to_owned(),
                digest,
            },
        }])
    }

    /// The order after its events; `None` unless the first executes it.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a OrderEvent>) -> Option<Self> {
        let mut events = events.into_iter();
        let OrderEvent::Executed { order } = events.next()? else { return None };
        let state = |line: &OrderLine| LineState {
            line: line.clone(),
            deliveries: Vec::new(),
            excess: 0,
            standing: LineStanding::Open,
        };
        let mut state = Self {
            lines: order.lines.iter().map(|line| (line.number, state(line))).collect(),
            supplier: order.supplier.clone(),
            executed: order.clone(),
            invoices: Vec::new(),
            not_accepted: None,
            lost: None,
            replaces: None,
        };
        events.for_each(|event| state.apply(event));
        Some(state)
    }

    /// What was executed.
    pub const fn executed(&self) -> &Executed {
        &self.executed
    }

    /// The lines as they stand.
    pub fn lines(&self) -> impl Iterator<Item = &LineState> {
        self.lines.values()
    }

    /// Who fills it: the supplier named on it, or the one it was endorsed to.
    pub const fn filled_by(&self) -> &Party {
        &self.supplier
    }

    /// Invoices that are attached.
    pub fn invoices(&self) -> &[String] {
        &self.invoices
    }

    /// The supplier's statement, when the order was not accepted.
    pub fn not_accepted(&self) -> Option<&str> {
        self.not_accepted.as_deref()
    }

    /// The statement about the loss of this order and the order that replaces it.
    pub const fn lost(&self) -> Option<&(LostStatement, OrderNumber)> {
        self.lost.as_ref()
    }

    /// The statement about the order that this one replaces.
    pub const fn replaces(&self) -> Option<&LostStatement> {
        self.replaces.as_ref()
    }

    /// The copies of a triplicate form that are in this file: the third, and after a refusal all three, with the statement.
    pub fn copies(&self) -> &'static [u8] {
        match (self.executed.method, &self.not_accepted) {
            (OrderMethod::Form222Triplicate, None) => &[3],
            (OrderMethod::Form222Triplicate, Some(_)) => &[1, 2, 3],
            _ => &[],
        }
    }

    /// Packages that came beyond the order and wait to go back: line and number.
    pub fn excess(&self) -> impl Iterator<Item = (u32, u32)> {
        self.lines.values().filter(|state| state.excess > 0).map(|state| (state.line.number, state.excess))
    }

    fn is_over(&self) -> bool {
        self.not_accepted.is_some() || self.lost.is_some()
    }

    fn line(&self, number: u32) -> Result<&LineState, Refusal> {
        self.lines.get(&number).ok_or_else(|| refuse::no_such_line(number))
    }

    /// Records what arrived. What the line still has is received; what is more is kept apart and goes back to the supplier,
    /// because no order covers it.
    ///
    /// # Errors
    /// `BOOKS-ORDER-LINE`, `BOOKS-ORDER-OVER` for an order that was not accepted or declared lost, `BOOKS-ORDER-EMPTY`, and
    /// what the rulebook refuses: a line that was cancelled or voided, a receiver who is no pharmacist.
    pub fn receive(
        &self,
        profile: &Profile,
        arrival: &Arrival,
        by: &Actor,
        at: Moment,
    ) -> Result<Vec<OrderEvent>, Refusal> {
        let state = self.line(arrival.line)?;
        if self.is_over() {
            return Err(refuse::order_is_over(&self.executed.number));
        }
        if arrival.packages == 0 {
            return Err(refuse::nothing_arrived());
        }
        let mut receipt = Receipt::new(state.line.product.schedule.into(), document(self.executed.method));
        receipt.receiver = staff(by);
        receipt.cancelled = state.standing != LineStanding::Open;
        let question =
            Question::new(at, Request::ReceiveStock {}).with(|facts| facts.receipt = Some(Box::new(receipt)));
        ask::permission(profile, &question)?;
        let within = arrival.packages.min(state.outstanding());
        let beyond = arrival.packages - within;
        let mut events = Vec::new();
        if within > 0 {
            let (line, packages, invoice) = (arrival.line, within, arrival.invoice.clone());
            events.push(OrderEvent::Received { line, packages, invoice, by: by.clone(), at });
        }
        if beyond > 0 {
            events.push(OrderEvent::Excess { line: arrival.line, packages: beyond, by: by.clone(), at });
        }
        Ok(events)
    }

    /// The movement that a receipt posts to the stock: what came within the order, onto the shelf.
    ///
    /// # Errors
    /// `BOOKS-ORDER-LINE` for an event that is no receipt of this order, `BOOKS-TOO-LARGE` beyond the range of amounts.
    pub fn movement(&self, event: &OrderEvent) -> Result<Movement, Refusal> {
        let OrderEvent::Received { line, packages, by, at, .. } = event else { return Err(refuse::no_such_line(0)) };
        let product = &self.line(*line)?.line.product;
        let document = self.document();
        let source = Account::Source(self.supplier.number);
        Ok(Movement::new(
            (product.commodity.clone(), product.schedule),
            MovementKind::Receipt,
            (source, Account::Shelf),
            packages_of(product.per_container, *packages)?,
            (at.timestamp, document),
            vec![by.clone()],
        ))
    }

    fn document(&self) -> Document {
        let kind = match self.executed.method {
            OrderMethod::Csos => DocumentKind::CsosOrder,
            _ => DocumentKind::OrderForm,
        };
        let number = match &self.executed.number {
            OrderNumber::Form(number) => number.to_string(),
            OrderNumber::Tracking(number) => number.to_string(),
        };
        Document::new(kind, number)
    }

    /// Cancels lines by written notice; no lines means every line that is open.
    ///
    /// # Errors
    /// `BOOKS-ORDER-LINE`, `BOOKS-ORDER-CLOSED` for a line with nothing outstanding, and the rulebook's refusal of a notice
    /// that is not in writing.
    pub fn cancel(
        &self,
        profile: &Profile,
        lines: &[u32],
        notice: &str,
        by: Actor,
        at: Moment,
    ) -> Result<Vec<OrderEvent>, Refusal> {
        let lines = self.ending(profile, Side::Pharmacy, lines, notice, at)?;
        Ok(vec![OrderEvent::Cancelled { lines, notice: notice.to_owned(), by, at }])
    }

    /// Takes in the supplier's written notice that lines are void; no lines means every line that is open.
    ///
    /// # Errors
    /// As [`Order::cancel`].
    pub fn voided(
        &self,
        profile: &Profile,
        lines: &[u32],
        notice: &str,
        at: Moment,
    ) -> Result<Vec<OrderEvent>, Refusal> {
        let lines = self.ending(profile, Side::Supplier, lines, notice, at)?;
        Ok(vec![OrderEvent::Voided { lines, notice: notice.to_owned(), at }])
    }

    fn ending(
        &self,
        profile: &Profile,
        by: Side,
        lines: &[u32],
        notice: &str,
        at: Moment,
    ) -> Result<Vec<u32>, Refusal> {
        let open: Vec<u32> =
            self.lines.values().filter(|state| state.outstanding() > 0).map(|state| state.line.number).collect();
        let lines = lines_to_end(lines, &open, |line| self.lines.contains_key(&line))?;
        let request = Request::CancelOrder { by, in_writing: !notice.trim().is_empty() };
        let question =
            Question::new(at, request).with(|facts| facts.order = Some(OrderFacts::new(self.executed.method)));
        ask::permission(profile, &question)?;
        Ok(lines)
    }

    /// The order came back not accepted. The statement is kept with it.
    ///
    /// # Errors
    /// `BOOKS-ORDER-RECEIVED` once anything has been received, and the rulebook's refusal where no statement came along.
    pub fn refused(&self, profile: &Profile, statement: &str, at: Moment) -> Result<Vec<OrderEvent>, Refusal> {
        if self.lines.values().any(|state| state.received() > 0) {
            return Err(refuse::received_already(&self.executed.number));
        }
        let mut refusal = OrderRefusal::new();
        refusal.statement = !statement.trim().is_empty();
        for by in [Side::Supplier, Side::Pharmacy] {
            let question = Question::new(at, Request::RefuseOrder { by }).with(|facts| {
                facts.order = Some(OrderFacts::new(self.executed.method));
                facts.refusal = Some(Box::new(refusal.clone()));
            });
            ask::permission(profile, &question)?;
        }
        Ok(vec![OrderEvent::NotAccepted { statement: statement.to_owned(), at }])
    }

    /// The first supplier passed the order on. An electronic order is never passed on, a form once.
    ///
    /// # Errors
    /// What the rulebook refuses.
    pub fn endorsed(&self, profile: &Profile, to: Party, at: Moment) -> Result<Vec<OrderEvent>, Refusal> {
        let mut order = OrderFacts::new(self.executed.method);
        order.endorsed_before = self.supplier.number != self.executed.supplier.number;
        let question = Question::new(at, Request::EndorseOrder {}).with(|facts| facts.order = Some(order));
        ask::permission(profile, &question)?;
        Ok(vec![OrderEvent::Endorsed { to, at }])
    }

    /// Replaces this order, which was lost, by `replacement`: the two events belong to the two orders' streams, in one
    /// append, so that either leads to the statement and to the other.
    ///
    /// # Errors
    /// `BOOKS-ORDER-RECEIVED` once anything has been received, `BOOKS-ORDER-OVER`, `BOOKS-ORDER-REPLACEMENT` for another
    /// purchaser's order or this one, and what the rulebook finds missing in the statement.
    pub fn replace(
        &self,
        profile: &Profile,
        statement: &LostStatement,
        replacement: &Self,
        by: Actor,
        at: Moment,
    ) -> Result<(OrderEvent, OrderEvent), Refusal> {
        if self.lines.values().any(|state| state.received() > 0) {
            return Err(refuse::received_already(&self.executed.number));
        }
        if self.is_over() {
            return Err(refuse::order_is_over(&self.executed.number));
        }
        let number = &replacement.executed.number;
        if *number == self.executed.number || replacement.executed.purchaser.number != self.executed.purchaser.number {
            return Err(refuse::no_replacement());
        }
        let mut lost = LostOrder::new(self.executed.method);
        lost.supplier_asked = statement.supplier_said.as_ref().is_some_and(|said| !said.trim().is_empty());
        let mut lacks = |entry, absent: bool| {
            if absent {
                lost.missing.push(entry);
            }
        };
        lacks(LostEntry::FirstNumber, statement.first != self.executed.number);
        lacks(LostEntry::FirstDate, statement.dated != Some(self.executed.signed.date()));
        lacks(LostEntry::NotReceived, statement.not_received.trim().is_empty());
        lacks(LostEntry::Signature, statement.signed_by.is_none());
        let question = Question::new(at, Request::ReplaceLostOrder {}).with(|facts| facts.lost = Some(Box::new(lost)));
        ask::permission(profile, &question)?;
        let lost = OrderEvent::Lost { statement: statement.clone(), replaced_by: number.clone(), by, at };
        Ok((lost, OrderEvent::Replaces { statement: statement.clone(), at }))
    }

    /// Folds one event after the first.
    pub fn apply(&mut self, event: &OrderEvent) {
        match event {
            OrderEvent::Executed { .. } => {}
            OrderEvent::Endorsed { to, .. } => self.supplier = to.clone(),
            OrderEvent::Received { line, packages, invoice, at, .. } => {
                if let Some(state) = self.lines.get_mut(line) {
                    state.deliveries.push((*packages, at.date()));
                }
                if let Some(invoice) = invoice.as_ref().filter(|invoice| !self.invoices.contains(invoice)) {
                    self.invoices.push(invoice.clone());
                }
            }
            OrderEvent::Excess { line, packages, .. } => {
                if let Some(state) = self.lines.get_mut(line) {
                    state.excess = state.excess.saturating_add(*packages);
                }
            }
            OrderEvent::Cancelled { lines, .. } => self.close(lines, LineStanding::Cancelled),
            OrderEvent::Voided { lines, .. } => self.close(lines, LineStanding::Voided),
            OrderEvent::NotAccepted { statement, .. } => self.not_accepted = Some(statement.clone()),
            OrderEvent::Lost { statement, replaced_by, .. } => {
                self.lost = Some((statement.clone(), replaced_by.clone()));
            }
            OrderEvent::Replaces { statement, .. } => self.replaces = Some(statement.clone()),
        }
    }

    fn close(&mut self, lines: &[u32], standing: LineStanding) {
        for line in lines {
            if let Some(state) = self.lines.get_mut(line) {
                state.standing = standing;
            }
        }
    }
}

/// The file of executed orders: forms and electronic orders, and nothing else. Each with its invoices, its statements and
/// the powers of attorney that were in force on its day.
pub fn file<'a>(orders: &'a [Order], powers: &'a Powers) -> Vec<FiledOrder<'a>> {
    let filed = |order: &'a Order| FiledOrder {
        order,
        powers: powers.on(order.executed.signed.date()).map(|power| &power.paper.id).collect(),
    };
    let mut filed: Vec<FiledOrder<'a>> = orders.iter().map(filed).collect();
    filed.sort_by(|a, b| a.order.executed.number.cmp(&b.order.executed.number));
    filed
}

/// One order in the file.
#[derive(Clone, Debug)]
pub struct FiledOrder<'a> {
    /// The order.
    pub order: &'a Order,
    /// The powers of attorney in force on the day it was signed.
    pub powers: Vec<&'a crate::account::Name>,
}

pub(crate) fn packages_of(per_container: Amount, packages: u32) -> Result<Amount, Refusal> {
    let units = per_container.units().checked_mul(i64::from(packages));
    units.and_then(|units| Amount::new(units).ok()).ok_or_else(refuse::too_many)
}

pub(crate) const fn document(method: OrderMethod) -> LawDocument {
    match method {
        OrderMethod::Form222Triplicate => LawDocument::Form222Triplicate,
        OrderMethod::Form222Single => LawDocument::Form222Single,
        OrderMethod::Csos => LawDocument::Csos,
        OrderMethod::PurchaseOrder | OrderMethod::UnsignedElectronic => LawDocument::Invoice,
    }
}

pub(crate) const fn staff(by: &Actor) -> Staff {
    match by.role {
        Role::Pharmacist => Staff::Pharmacist,
        _ => Staff::Technician,
    }
}

/// The entries that a record of a receipt lacks, for the rulebook.
pub(crate) fn lacking(entries: &[(ReceiptEntry, bool)]) -> Vec<ReceiptEntry> {
    entries.iter().filter(|(_, absent)| *absent).map(|(entry, _)| *entry).collect()
}
