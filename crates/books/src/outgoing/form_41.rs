//! DEA Form 41: what a registrant destroyed itself, from the entries of the books.
//!
//! 21 CFR 1304.21(e), 1317.95(d). The edition of 2001 lists preparations and their contents, that of 2014 packages with
//! NDC and batch; both name two people. A hand-over to a reverse distributor is never on it: the distributor files its own.

use super::refusals as refuse;
use super::send::Outgoing;
use crate::account::Account;
use crate::amount::Amount;
use crate::ask;
use crate::commodity::Commodity;
use crate::entry::{Document, DocumentKind, Entry};
use crate::event::StockEvent;
use crate::movement::{Movement, MovementKind};
use crate::product::{Party, Product};
use crate::words::words;
use jiff::civil::Date;
use std::collections::BTreeSet;
use theriac_law::facts::Loss;
use theriac_law::vocab::{DeaForm, LossKind};
use theriac_law::{Moment, Profile, Question, Request};
use theriac_model::{Actor, Refusal};

words! {
    /// An edition of the form.
    Form41Edition {
        /// Until September 2014: surrendered preparations.
        Of2001 "2001",
        /// Since 9 October 2014 (79 FR 53520): inventory destroyed.
        Of2014 "2014",
    }

    /// Whether stock is set aside or destroyed.
    Manner {
        /// Put aside, counted by two people.
        SetAside "set-aside",
        /// Destroyed before two people.
        Destroyed "destroyed",
    }
}

/// A step of a destruction: what is set aside, then what is destroyed, each by two people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destruction {
    /// The number of the worksheet or of the form.
    pub number: String,
    /// Which step.
    pub manner: Manner,
    /// Products, where they lie, and how much.
    pub lines: Vec<(Product, Account, Amount)>,
    /// Who does it and who sees it: two people.
    pub signers: Vec<Actor>,
    /// When.
    pub at: Moment,
}

impl Destruction {
    /// The movements of the step. What is destroyed was set aside before.
    ///
    /// # Errors
    /// `BOOKS-OUT-EMPTY`, `BOOKS-FORM-41-WITNESSES`.
    pub fn movements(&self) -> Result<Vec<Movement>, Refusal> {
        if self.lines.is_empty() {
            return Err(refuse::empty());
        }
        let people: BTreeSet<&str> = self.signers.iter().map(|signer| signer.id.as_str()).collect();
        if people.len() < 2 {
            return Err(refuse::witnesses());
        }
        let movement = |(product, account, amount): &(Product, Account, Amount)| {
            let (kind, accounts, document) = match self.manner {
                Manner::SetAside => (
                    MovementKind::SetAside,
                    (account.clone(), Account::AwaitingDestruction),
                    DocumentKind::DestructionWorksheet,
                ),
                Manner::Destroyed => (
                    MovementKind::Destruction,
                    (Account::AwaitingDestruction, Account::Destroyed),
                    DocumentKind::Form41,
                ),
            };
            let document = Document::new(document, self.number.clone());
            let what = (product.commodity.clone(), product.schedule);
            Movement::new(what, kind, accounts, *amount, (self.at.timestamp, document), self.signers.clone())
        };
        Ok(self.lines.iter().map(movement).collect())
    }
}

/// One line of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form41Line {
    /// The product: name, form and strength, which is the content of each unit.
    pub product: Product,
    /// The batch, where it is known (2014 edition).
    pub batch: Option<String>,
    /// Full commercial containers.
    pub containers: u64,
    /// Units in each, in smallest units.
    pub contents: i64,
    /// Units from a container that was not full, in smallest units.
    pub partial: i64,
    /// In all, in smallest units: what the books took out.
    pub total: i64,
}

/// The form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form41 {
    /// The edition in use on the day.
    pub edition: Form41Edition,
    /// Its number in the books.
    pub number: String,
    /// The registrant: name, address and number.
    pub registrant: Party,
    /// The registrant's telephone number.
    pub telephone: String,
    /// The number of the package (2001 edition).
    pub package: Option<String>,
    /// The lines.
    pub lines: Vec<Form41Line>,
    /// By which method it was made non-retrievable.
    pub method: String,
    /// Where.
    pub place: String,
    /// The day.
    pub day: Date,
    /// Who destroyed it and who saw it.
    pub witnesses: Vec<Actor>,
}

/// Fills Form 41 from the entries that name it, so that its totals are what the books took out.
///
/// # Errors
/// `BOOKS-FORM-41-ENTRIES` when no destruction stands on the form, `BOOKS-FORM-41` for a field that is empty,
/// `BOOKS-FORM-41-WITNESSES` for fewer than two people.
pub fn form_41_of<'a>(
    number: &str,
    (registrant, telephone): (&Party, &str),
    (method, place): (&str, &str),
    events: impl IntoIterator<Item = &'a StockEvent>,
    product: impl Fn(&Commodity) -> Option<Product>,
    offset: jiff::tz::Offset,
) -> Result<Form41, Refusal> {
    let on_form = |entry: &Entry| entry.kind == MovementKind::Destruction && entry.document.number == number;
    let mut lines: Vec<Form41Line> = Vec::new();
    let (mut day, mut witnesses) = (None, Vec::new());
    for event in events {
        let StockEvent::Posted { commodity, entry } = event else { continue };
        if !on_form(entry) {
            continue;
        }
        let product = product(commodity).ok_or_else(|| refuse::incomplete("product"))?;
        let (total, contents) = (entry.change_of(&Account::Destroyed), product.per_container.units());
        day = day.max(Some(offset.to_datetime(entry.happened).date()));
        for signer in &entry.signers {
            if !witnesses.contains(signer) {
                witnesses.push(signer.clone());
            }
        }
        lines.push(Form41Line {
            product,
            batch: None,
            containers: ask::units(total / contents),
            contents,
            partial: total % contents,
            total,
        });
    }
    let day = day.ok_or_else(refuse::not_destroyed)?;
    if witnesses.len() < 2 {
        return Err(refuse::witnesses());
    }
    for (text, field) in
        [(registrant.name.as_str(), "registrant.name"), (telephone, "telephone"), (method, "method"), (place, "place")]
    {
        if text.trim().is_empty() {
            return Err(refuse::incomplete(field));
        }
    }
    if !crate::product::is_written(&registrant.address) {
        return Err(refuse::incomplete("registrant.address"));
    }
    let edition = if day < jiff::civil::date(2014, 10, 9) { Form41Edition::Of2001 } else { Form41Edition::Of2014 };
    Ok(Form41 {
        edition,
        number: number.to_owned(),
        registrant: registrant.clone(),
        telephone: telephone.to_owned(),
        package: None,
        lines,
        method: method.to_owned(),
        place: place.to_owned(),
        day,
        witnesses,
    })
}

impl Outgoing {
    /// Form 41 for a hand-over: always the rulebook's refusal, which says who files it.
    ///
    /// # Errors
    /// `LAW-1301.76-FORM`.
    pub fn form_41(&self, profile: &Profile) -> Result<(), Refusal> {
        let loss = Loss::new(LossKind::DestructionAfterTransfer);
        let question = Question::new(self.at.date(), Request::ReportLoss { form: DeaForm::Form41 });
        ask::permission(profile, &question.with(|facts| facts.loss = Some(loss))).map(drop)
    }
}
