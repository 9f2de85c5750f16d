//! Receipts of schedules III to V on a supplier's invoice: 21 CFR 1304.22(c). What is booked is what came; a difference
//! from what was ordered or invoiced stays open until somebody resolves it.

use super::order::{lacking, packages_of, staff};
use super::refuse;
use crate::account::Account;
use crate::ask;
use crate::entry::{Document, DocumentKind};
use crate::movement::{Movement, MovementKind};
use crate::product::{Party, Product};
use crate::stored::{events, record, stored_words};
use crate::words::words;
use jiff::civil::Date;
use std::collections::BTreeMap;
use theriac_law::facts::Receipt;
use theriac_law::vocab::{Document as LawDocument, ReceiptEntry, Source};
use theriac_law::{Moment, Profile, Question, Request};
use theriac_model::{Actor, Refusal};

words! {
    /// How a difference between invoice and delivery was settled.
    Settlement {
        /// The rest came later.
        LaterDelivery "later-delivery",
        /// The supplier invoiced too much and credited it.
        Credit "credit",
        /// What came too much went back.
        SentBack "sent-back",
        /// It was lost or stolen on the way; the incident says more.
        LostOnTheWay "lost-on-the-way",
    }
}

stored_words!(Settlement);

record! {
    /// One line of an invoice.
    InvoiceLine {
        /// The product; its container is the commercial container.
        product: Product,
        /// Containers ordered.
        ordered: u32,
        /// Containers invoiced.
        invoiced: u32,
        /// Containers received.
        received: u32,
    }
}

events! {
    /// One event of an invoice's stream.
    InvoiceEvent {
        /// A delivery was received.
        Received "invoice.received" {
            /// Who sent it.
            supplier: Party,
            /// The number of the invoice or packing slip.
            number: String,
            /// The lines.
            lines: Vec<InvoiceLine>,
            /// Who confirmed that the goods agree with the invoice, or counted where they do not.
            confirmed_by: Option<Actor>,
            /// Who received it.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// A difference was settled.
        Settled "invoice.settled" {
            /// The line, from 1.
            line: u32,
            /// How.
            how: Settlement,
            /// The paper it rests on: a credit note, an incident.
            reference: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
    }
}

/// A difference that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenDifference {
    /// The line, from 1.
    pub line: u32,
    /// Received less invoiced, in containers: negative is too few.
    pub containers: i64,
    /// Who sent it.
    pub supplier: String,
    /// The invoice.
    pub invoice: String,
}

/// A receipt on an invoice.
#[derive(Clone, Debug)]
pub struct InvoiceReceipt {
    supplier: Party,
    number: String,
    lines: Vec<InvoiceLine>,
    received: Moment,
    by: Actor,
    settled: BTreeMap<u32, Settlement>,
}

impl InvoiceReceipt {
    /// Receives a delivery.
    ///
    /// # Errors
    /// What the rulebook refuses, line by line: a source that is not registered, a schedule II line (an order form or an
    /// electronic order is its document), an entry that is missing.
    pub fn receive(
        profile: &Profile,
        (supplier, source): (Party, Source),
        number: &str,
        lines: Vec<InvoiceLine>,
        confirmed_by: Option<Actor>,
        (by, at): (Actor, Moment),
    ) -> Result<Vec<InvoiceEvent>, Refusal> {
        if lines.is_empty() {
            return Err(refuse::nothing_arrived());
        }
        for line in &lines {
            let mut receipt = Receipt::new(line.product.schedule.into(), LawDocument::Invoice);
            receipt.receiver = staff(&by);
            receipt.source = source;
            receipt.invoiced = Some(u64::from(line.invoiced));
            receipt.received = Some(u64::from(line.received));
            receipt.missing = lacking(&[
                (ReceiptEntry::DrugName, line.product.name.trim().is_empty()),
                (ReceiptEntry::FinishedForm, line.product.form.trim().is_empty()),
                (ReceiptEntry::DocumentNumber, number.trim().is_empty()),
                (ReceiptEntry::Confirmation, confirmed_by.is_none()),
            ]);
            let question =
                Question::new(at, Request::ReceiveStock {}).with(|facts| facts.receipt = Some(Box::new(receipt)));
            ask::permission(profile, &question)?;
        }
        let number = number.to_owned();
        Ok(vec![InvoiceEvent::Received { supplier, number, lines, confirmed_by, by, at }])
    }

    /// The receipt after its events; `None` unless the first receives it.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a InvoiceEvent>) -> Option<Self> {
        let mut events = events.into_iter();
        let InvoiceEvent::Received { supplier, number, lines, by, at, .. } = events.next()? else { return None };
        let mut receipt = Self {
            supplier: supplier.clone(),
            number: number.clone(),
            lines: lines.clone(),
            received: *at,
            by: by.clone(),
            settled: BTreeMap::new(),
        };
        for event in events {
            if let InvoiceEvent::Settled { line, how, .. } = event {
                receipt.settled.insert(*line, *how);
            }
        }
        Some(receipt)
    }

    /// Who sent it.
    pub const fn supplier(&self) -> &Party {
        &self.supplier
    }

    /// The number of the invoice.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// The lines.
    pub fn lines(&self) -> &[InvoiceLine] {
        &self.lines
    }

    /// The day it was received.
    pub fn day(&self) -> Date {
        self.received.date()
    }

    /// The movements it posts to the stock: what was received, line by line; nothing for a line of which nothing came.
    ///
    /// # Errors
    /// `BOOKS-TOO-LARGE`.
    pub fn movements(&self) -> Result<Vec<Movement>, Refusal> {
        let came = self.lines.iter().filter(|line| line.received > 0);
        came.map(|line| {
            let document = Document::new(DocumentKind::Invoice, self.number.clone());
            Ok(Movement::new(
                (line.product.commodity.clone(), line.product.schedule),
                MovementKind::Receipt,
                (Account::Source(self.supplier.number), Account::Shelf),
                packages_of(line.product.per_container, line.received)?,
                (self.received.timestamp, document),
                vec![self.by.clone()],
            ))
        })
        .collect()
    }

    /// Differences that nobody has settled.
    pub fn open(&self) -> impl Iterator<Item = OpenDifference> {
        self.lines.iter().zip(1..).filter_map(|(line, number)| {
            let containers = i64::from(line.received) - i64::from(line.invoiced);
            let open = containers != 0 && !self.settled.contains_key(&number);
            let (supplier, invoice) = (self.supplier.name.clone(), self.number.clone());
            open.then_some(OpenDifference { line: number, containers, supplier, invoice })
        })
    }

    /// Settles a difference.
    ///
    /// # Errors
    /// `BOOKS-ORDER-CLOSED` when that line has none that is open, `BOOKS-ORDER-REASON` without a reference.
    pub fn settle(
        &self,
        line: u32,
        how: Settlement,
        reference: &str,
        by: Actor,
        at: Moment,
    ) -> Result<Vec<InvoiceEvent>, Refusal> {
        if !self.open().any(|difference| difference.line == line) {
            return Err(refuse::line_is_closed(line));
        }
        if reference.trim().is_empty() {
            return Err(refuse::reason_missing());
        }
        Ok(vec![InvoiceEvent::Settled { line, how, reference: reference.to_owned(), by, at }])
    }
}

/// The receipts from one supplier between two days, both inclusive, oldest first.
pub fn received_from<'a>(
    receipts: &'a [InvoiceReceipt],
    supplier: &theriac_model::DeaNumber,
    (from, until): (Date, Date),
) -> Vec<&'a InvoiceReceipt> {
    let asked =
        |receipt: &&InvoiceReceipt| receipt.supplier.number == *supplier && (from..=until).contains(&receipt.day());
    let mut found: Vec<&InvoiceReceipt> = receipts.iter().filter(asked).collect();
    found.sort_by(|a, b| (a.day(), &a.number).cmp(&(b.day(), &b.number)));
    found
}
