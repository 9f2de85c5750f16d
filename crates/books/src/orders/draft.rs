//! An order as the purchaser has written it, before anybody takes it for an order. Everything that can be wrong with a form
//! can be said here; the rulebook is asked about what is really written.

use super::number::OrderNumber;
use super::power::Powers;
use super::refuse;
use super::register::{Edition, FormRegister};
use crate::ask;
use crate::product::{Party, Product, is_written};
use crate::stored::record;
use std::collections::BTreeSet;
use theriac_law::facts::{Order as OrderFacts, OrderDetails};
use theriac_law::vocab::{Condition, Layout, OrderEntry, OrderMethod, Preprinted, SignatureKind, Standing};
use theriac_law::{Decision, Moment, Profile, Question, Request};
use theriac_model::{Refusal, Schedule};

record! {
    /// One line of an order that is complete.
    OrderLine {
        /// Its number on the form, from 1.
        number: u32,
        /// The product; its container is the package.
        product: Product,
        /// Packages ordered.
        packages: u32,
    }
}

/// One item as it stands on a form.
#[derive(Clone, Debug)]
pub struct WrittenItem {
    /// The product; a name or strength that is not written is empty.
    pub product: Product,
    /// The number of packages, where it is written.
    pub packages: Option<u32>,
}

/// One numbered line of a form that is not blank.
#[derive(Clone, Debug)]
pub struct WrittenLine {
    /// Its number on the form, from 1.
    pub number: u32,
    /// What stands on it: one item, where the form is well made out.
    pub items: Vec<WrittenItem>,
}

/// Whether the purchaser has kept a copy of a single sheet before the original goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnCopy {
    /// On paper or as an image.
    Kept,
    /// Not kept.
    NotKept,
}

/// An order as written.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The serial or tracking number.
    pub number: OrderNumber,
    /// Who orders.
    pub purchaser: Party,
    /// The schedules of the purchaser's registration.
    pub schedules: Vec<Schedule>,
    /// Where the purchaser stands with DEA.
    pub standing: Standing,
    /// From whom.
    pub supplier: Party,
    /// The lines that are not blank, as they stand.
    pub lines: Vec<WrittenLine>,
    /// The number written as that of the last line.
    pub last_line: Option<u32>,
    /// How the form looks: an erasure or alteration shows here.
    pub condition: Condition,
    /// How it is signed; absent when it is not.
    pub signature: Option<SignatureKind>,
    /// Who signs.
    pub signer: String,
    /// The purchaser's own copy.
    pub copy: OwnCopy,
}

impl Draft {
    /// How the order is made, by its number and, for a form, its edition.
    pub(crate) fn method(&self, register: &FormRegister) -> Result<OrderMethod, Refusal> {
        let OrderNumber::Form(serial) = &self.number else { return Ok(OrderMethod::Csos) };
        match register.edition(serial) {
            Some(Edition::Triplicate) => Ok(OrderMethod::Form222Triplicate),
            Some(Edition::SingleSheet) => Ok(OrderMethod::Form222Single),
            None => Err(refuse::no_such_form(serial)),
        }
    }

    fn items(&self) -> impl Iterator<Item = &WrittenItem> {
        self.lines.iter().flat_map(|line| &line.items)
    }

    fn layout(&self) -> Layout {
        let mut numbers: Vec<u32> = self.lines.iter().map(|line| line.number).collect();
        numbers.sort_unstable();
        let in_a_row = numbers.iter().zip(1..).all(|(number, expected)| *number == expected);
        if self.lines.iter().any(|line| line.items.len() > 1) {
            Layout::TwoOnALine
        } else if in_a_row {
            Layout::OneAnItem
        } else {
            Layout::LineSkipped
        }
    }

    fn missing(&self) -> Vec<OrderEntry> {
        let mut missing = Vec::new();
        let mut lacks = |entry, absent: bool| {
            if absent && !missing.contains(&entry) {
                missing.push(entry);
            }
        };
        for item in self.items() {
            lacks(OrderEntry::NumberOfPackages, item.packages.is_none_or(|packages| packages == 0));
            lacks(OrderEntry::ItemName, item.product.name.trim().is_empty());
            lacks(OrderEntry::Strength, item.product.strength.trim().is_empty());
        }
        lacks(OrderEntry::SupplierName, self.supplier.name.trim().is_empty());
        lacks(OrderEntry::SupplierAddress, !is_written(&self.supplier.address));
        lacks(OrderEntry::NumberOfPackages, self.lines.is_empty());
        missing
    }

    /// What the rulebook is told: the lines as counted, the layout as found, the entries that are not there.
    pub(crate) fn facts(
        &self,
        profile: &Profile,
        register: &FormRegister,
        powers: &Powers,
        at: Moment,
    ) -> Result<(OrderFacts, OrderDetails), Refusal> {
        let method = self.method(register)?;
        let mut order = OrderFacts::new(method);
        let schedules: BTreeSet<Schedule> = self.items().map(|item| item.product.schedule).collect();
        order.schedules = schedules.into_iter().map(Into::into).collect();
        order.lines =
            u32::try_from(self.lines.iter().filter(|line| !line.items.is_empty()).count()).unwrap_or(u32::MAX);
        order.last_line_completed = self.last_line.is_some();
        order.signed = self.signature.is_some();
        order.condition = self.condition;
        order.signer = powers.capacity(profile, &self.signer, at)?.0;

        let mut details = OrderDetails::new();
        details.registration = self.standing;
        details.purchaser_schedules = Some(self.schedules.iter().copied().map(Into::into).collect());
        details.layout = self.layout();
        details.last_line = self.last_line;
        details.missing = self.missing();
        details.signature = self.signature.unwrap_or(SignatureKind::Handwritten);
        details.copy_kept = self.copy == OwnCopy::Kept;
        match &self.number {
            OrderNumber::Form(serial) => {
                let (status, printed) = register.status(serial)?;
                details.form_status = status;
                details.preprinted = if printed.number != self.purchaser.number {
                    Preprinted::OtherNumber
                } else if printed.name != self.purchaser.name || printed.address != self.purchaser.address {
                    Preprinted::OtherAddress
                } else {
                    Preprinted::Agrees
                };
            }
            OrderNumber::Tracking(number) => {
                details.tracking_number = Some(number.to_string());
                details.signature = SignatureKind::Digital;
            }
        }
        Ok((order, details))
    }

    /// Asks whether the order is one.
    pub(crate) fn judge(
        &self,
        profile: &Profile,
        register: &FormRegister,
        powers: &Powers,
        at: Moment,
    ) -> Result<Decision, Refusal> {
        let (order, details) = self.facts(profile, register, powers, at)?;
        let question = Question::new(at, Request::PlaceOrder {}).with(|facts| {
            facts.order = Some(order);
            facts.details = Some(Box::new(details));
        });
        ask::permission(profile, &question)
    }

    /// The lines of a well-made order.
    pub(crate) fn complete(&self) -> Vec<OrderLine> {
        let line = |line: &WrittenLine| {
            let item = line.items.first()?;
            Some(OrderLine { number: line.number, product: item.product.clone(), packages: item.packages? })
        };
        self.lines.iter().filter_map(line).collect()
    }
}
