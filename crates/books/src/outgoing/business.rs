//! The business passes to another registrant (21 CFR 1301.52(d), (e)).
//!
//! Notice to DEA at least fourteen days before; on the day one complete inventory, final for one and initial for the
//! other; schedule II on order forms that the transferee issues, the rest on a document with both parties; the records
//! pass. The books of the transferor end at zero, those of the transferee begin with the same figures.

use super::refusals as refuse;
use crate::account::Account;
use crate::amount::Amount;
use crate::ask;
use crate::entry::{Document, DocumentKind};
use crate::inventory::{Inventory, Occasion};
use crate::ledger::Ledger;
use crate::movement::{Movement, MovementKind};
use crate::product::{Party, is_written};
use jiff::civil::Date;
use theriac_law::facts::BusinessTransfer as Facts;
use theriac_law::vocab::{Entry, Paper};
use theriac_law::{Moment, Profile, Question, Request};
use theriac_model::{Actor, Address, Refusal, Schedule};

/// Where the business goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoesOn {
    /// At the same place.
    SamePlace,
    /// At another address.
    At(Address),
    /// It does not say.
    Unstated,
}

/// What became of the notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notified {
    /// DEA has not received it.
    NotYet,
    /// DEA received it on this day.
    On(Date),
    /// The Special Agent in Charge waived the period.
    Waived,
}

/// Under which registration the transferee receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transferee {
    /// Registered and licensed for the pharmacy.
    Licensed,
    /// Registered before the State licensed it, with another licensed pharmacy in the State (21 CFR 1301.17(b)).
    EarlyWithAnother,
    /// Registered before the State licensed it, without another.
    EarlyAlone,
}

/// The notice to the Special Agent in Charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferNotice {
    /// Who gives the business up.
    pub transferor: Party,
    /// Who takes it over.
    pub transferee: Party,
    /// Where the business goes on.
    pub place: GoesOn,
    /// The day on which the stock moves.
    pub day: Option<Date>,
}

impl TransferNotice {
    /// Whether the notice holds everything that the regulation lists.
    ///
    /// # Errors
    /// `LAW-1301.52-NOTICE`, naming what is missing.
    pub fn whole(&self, profile: &Profile, today: Date) -> Result<(), Refusal> {
        let mut missing = Vec::new();
        for (party, name, address) in [
            (&self.transferor, Entry::SenderName, Entry::SenderAddress),
            (&self.transferee, Entry::RecipientName, Entry::RecipientAddress),
        ] {
            if party.name.trim().is_empty() {
                missing.push(name);
            }
            if !is_written(&party.address) {
                missing.push(address);
            }
        }
        let stated = match &self.place {
            GoesOn::SamePlace => true,
            GoesOn::At(address) => is_written(address),
            GoesOn::Unstated => false,
        };
        if !stated {
            missing.push(Entry::PlaceOfBusiness);
        }
        if self.day.is_none() {
            missing.push(Entry::TransferDate);
        }
        let document = Request::CheckDocument { document: Paper::TransferNotice, missing, schedule: None };
        ask::permission(profile, &Question::new(today, document)).map(drop)
    }
}

/// A transfer of the business on its day.
#[derive(Clone, Debug)]
pub struct BusinessTransfer<'a> {
    /// The notice.
    pub notice: &'a TransferNotice,
    /// What became of it.
    pub notified: Notified,
    /// The closed inventory of the day.
    pub inventory: &'a Inventory,
    /// The order form or electronic order that the transferee issued for schedules I and II.
    pub order: Option<Document>,
    /// The number of the transfer document for schedules III to V.
    pub document: Option<String>,
    /// Under which registration the transferee receives.
    pub transferee: Transferee,
    /// The day on which the records that are still kept were handed over.
    pub records_passed: Option<Date>,
    /// Who signs for the transferor.
    pub signer: Actor,
    /// Who receives for the transferee.
    pub receiver: Actor,
    /// When.
    pub at: Moment,
}

/// The movements of both registrants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Out of every place of the transferor.
    pub out: Vec<Movement>,
    /// Onto the shelf of the transferee, line by line.
    pub received: Vec<Movement>,
}

impl BusinessTransfer<'_> {
    /// Passes the whole stock, as it was counted and as the books have it.
    ///
    /// # Errors
    /// `BOOKS-TRANSFER-INVENTORY`, `BOOKS-TRANSFER-VARIANCE`, `BOOKS-TRANSFER-DOCUMENT`, and the rulebook's refusals of
    /// `transfer-business`.
    pub fn pass(&self, profile: &Profile, ledger: &Ledger) -> Result<Passed, Refusal> {
        let plan = self.inventory.plan();
        if plan.occasion != Occasion::Transfer || self.inventory.closed().is_none() {
            return Err(refuse::not_a_transfer());
        }
        self.permitted(profile)?;
        let rows = self.inventory.variances(ledger);
        if let Some(row) = rows.iter().find(|row| row.difference() != 0) {
            return Err(refuse::variance_left(row.line));
        }
        let mut passed = Passed { out: Vec::new(), received: Vec::new() };
        for row in &rows {
            let Ok(amount) = Amount::new(row.found) else { continue };
            let product = &row.place.product;
            let document = self.document_for(product.schedule)?;
            let what = (product.commodity.clone(), product.schedule);
            let when = (self.at.timestamp, document.clone());
            let to = Account::Registrant(self.notice.transferee.number);
            let accounts = (row.place.account.clone(), to);
            let signers = vec![self.signer.clone()];
            passed.out.push(Movement::new(
                what,
                MovementKind::BusinessTransfer,
                accounts,
                amount,
                when.clone(),
                signers,
            ));
            let mut commodity = product.commodity.clone();
            commodity.registration = self.notice.transferee.number;
            let what = (commodity, product.schedule);
            let source = self.notice.transferor.number;
            passed.received.push(Movement::receipt(what, source, amount, when, self.receiver.clone()));
        }
        Ok(passed)
    }

    /// `transfer-business`.
    fn permitted(&self, profile: &Profile) -> Result<(), Refusal> {
        let mut facts = Facts::new();
        facts.notice_received = match self.notified {
            Notified::On(day) => Some(day),
            Notified::NotYet | Notified::Waived => None,
        };
        facts.waived = self.notified == Notified::Waived;
        facts.inventory_taken = Some(self.inventory.plan().day());
        facts.records_passed = self.records_passed.is_some_and(|day| day <= self.at.date());
        facts.early_registration = self.transferee != Transferee::Licensed;
        facts.other_pharmacy_in_state = self.transferee != Transferee::EarlyAlone;
        let question = Question::new(self.at.date(), Request::TransferBusiness {});
        ask::permission(profile, &question.with(|all| all.business = Some(Box::new(facts)))).map(drop)
    }

    fn document_for(&self, schedule: Schedule) -> Result<Document, Refusal> {
        if schedule <= Schedule::II {
            let issued = self.order.clone().filter(|order| {
                matches!(order.kind, DocumentKind::OrderForm | DocumentKind::CsosOrder)
                    && !order.number.trim().is_empty()
            });
            return issued.ok_or_else(|| refuse::transfer_document("I and II"));
        }
        let number = self.document.clone().filter(|number| !number.trim().is_empty());
        let number = number.ok_or_else(|| refuse::transfer_document("III to V"))?;
        Ok(Document::new(DocumentKind::DistributionRecord, number))
    }
}
