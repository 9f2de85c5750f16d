//! Breakage and spills: what can be recovered is disposed of, what cannot is written off before two witnesses.
//!
//! 21 CFR 1304.21(e); manual, section V. Neither is a loss, and neither ever goes on Form 106. Which form is right is for
//! the rulebook to say: the sources differ on what cannot be recovered.

use super::refusals as refuse;
use crate::account::Account;
use crate::amount::Amount;
use crate::ask;
use crate::entry::{Document, DocumentKind};
use crate::movement::{Movement, MovementKind};
use crate::product::Product;
use crate::words::words;
use std::collections::BTreeSet;
use theriac_law::facts::Loss;
use theriac_law::vocab::{DeaForm, LossKind};
use theriac_law::{Duties, Duty, Moment, Profile, Question, Request};
use theriac_model::{Actor, Code, Refusal};

words! {
    /// Where recovered product may go.
    Route {
        /// Destroyed by the registrant, on Form 41.
        OwnDestruction "own-destruction",
        /// To a reverse distributor.
        ReverseDistributor "reverse-distributor",
        /// A process that DEA has approved.
        ApprovedProcess "approved-process",
    }
}

/// Something broke or was spilled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spill {
    /// The number of the record.
    pub number: String,
    /// The product.
    pub product: Product,
    /// Where it lay.
    pub from: Account,
    /// What was recovered.
    pub recovered: Option<Amount>,
    /// What was not.
    pub lost: Option<Amount>,
    /// What happened.
    pub circumstances: String,
    /// Who saw it and signs.
    pub witnesses: Vec<Actor>,
    /// When.
    pub at: Moment,
}

/// What is recorded and done about it.
#[derive(Clone, Debug)]
pub struct SpillRecord {
    /// The movements: what was recovered goes to quarantine, what was not is written off.
    pub movements: Vec<Movement>,
    /// What the rulebook asks to be done: contact with the field office is advised for what is kept.
    pub duties: Duties,
    /// Where recovered product may go; empty when nothing was recovered.
    pub routes: &'static [Route],
    /// Whether Form 41 is used for what was not recovered.
    pub form_for_lost: DeaForm,
}

impl Spill {
    /// Records it.
    ///
    /// # Errors
    /// `BOOKS-SPILL-RECORD`, `BOOKS-SPILL-AMOUNT`, and the rulebook's `LAW-1304.21-WITNESSES`.
    pub fn record(&self, profile: &Profile) -> Result<SpillRecord, Refusal> {
        let told = self.circumstances.trim();
        if told.is_empty() || told.chars().count() > 1_000 {
            return Err(refuse::circumstances());
        }
        if self.recovered.is_none() && self.lost.is_none() {
            return Err(refuse::nothing_spilled());
        }
        let mut duties = Duties::NONE;
        let mut form_for_lost = DeaForm::None;
        let mut movements = Vec::new();
        if let Some(amount) = self.lost {
            let (form, decided) = self.written_off(profile)?;
            (form_for_lost, duties) = (form, decided);
            movements.push(self.movement(MovementKind::Spill, Account::Spill, amount));
        }
        let mut routes: &'static [Route] = &[];
        if let Some(amount) = self.recovered {
            let decision = ask::permission(profile, &self.question(LossKind::BreakageRecoverable, DeaForm::Form41))?;
            duties = duties.iter().chain(decision.duties.iter()).collect();
            movements.push(self.movement(MovementKind::Quarantine, Account::Quarantine, amount));
            routes = Route::ALL;
        }
        Ok(SpillRecord { movements, duties, routes, form_for_lost })
    }

    /// Which form the rulebook wants for what cannot be recovered, with its duties.
    fn written_off(&self, profile: &Profile) -> Result<(DeaForm, Duties), Refusal> {
        let kind = LossKind::BreakageUnrecoverable;
        let without = ask::permission(profile, &self.question(kind, DeaForm::None));
        match without {
            Ok(decision) => Ok((DeaForm::None, decision.duties)),
            // Whichever form is the wrong one is refused for that; the other refusal says what is really missing.
            Err(first) => match ask::permission(profile, &self.question(kind, DeaForm::Form41)) {
                Ok(decision) => Ok((DeaForm::Form41, decision.duties.and(Duty::FileForm41))),
                Err(second) if first.code == Code("LAW-1301.76-FORM") => Err(second),
                Err(_) => Err(first),
            },
        }
    }

    /// Form 106 for a breakage or spill: always the rulebook's refusal, which names the other form.
    ///
    /// # Errors
    /// `LAW-1301.76-FORM`.
    pub fn form_106(&self, profile: &Profile) -> Result<(), Refusal> {
        let kind =
            if self.recovered.is_some() { LossKind::BreakageRecoverable } else { LossKind::BreakageUnrecoverable };
        ask::permission(profile, &self.question(kind, DeaForm::Form106)).map(drop)
    }

    fn question(&self, kind: LossKind, form: DeaForm) -> Question {
        let mut loss = Loss::new(kind);
        let people: BTreeSet<&str> = self.witnesses.iter().map(|witness| witness.id.as_str()).collect();
        loss.witnesses = u32::try_from(people.len()).unwrap_or(u32::MAX);
        Question::new(self.at.date(), Request::ReportLoss { form }).with(|facts| facts.loss = Some(loss))
    }

    fn movement(&self, kind: MovementKind, to: Account, amount: Amount) -> Movement {
        let document = Document::new(DocumentKind::SpillRecord, self.number.clone());
        let what = (self.product.commodity.clone(), self.product.schedule);
        let accounts = (self.from.clone(), to);
        let mut movement =
            Movement::new(what, kind, accounts, amount, (self.at.timestamp, document), self.witnesses.clone());
        movement.reason = Some(self.circumstances.trim().chars().take(500).collect());
        movement
    }
}

/// What is left of a dose after a part of it was administered in an institution: wastage, logged and on no form of DEA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wastage {
    /// The line of the waste log.
    pub number: String,
    /// The product.
    pub product: Product,
    /// Where the dose was taken from.
    pub from: Account,
    /// What was thrown away.
    pub amount: Amount,
    /// Who threw it away and who saw it: two people.
    pub signers: Vec<Actor>,
    /// When.
    pub at: Moment,
}

impl Wastage {
    /// The movement, with what the rulebook asks to be done.
    ///
    /// # Errors
    /// When the rulebook has no such rule.
    pub fn record(&self, profile: &Profile) -> Result<(Movement, Duties), Refusal> {
        let duties = ask::permission(profile, &self.question(DeaForm::None))?.duties;
        let document = Document::new(DocumentKind::WasteLog, self.number.clone());
        let what = (self.product.commodity.clone(), self.product.schedule);
        let (accounts, when) = ((self.from.clone(), Account::Waste), (self.at.timestamp, document));
        Ok((Movement::new(what, MovementKind::Waste, accounts, self.amount, when, self.signers.clone()), duties))
    }

    /// Form 41 for wastage: always the rulebook's refusal, which names the log.
    ///
    /// # Errors
    /// `LAW-1301.76-FORM`.
    pub fn form_41(&self, profile: &Profile) -> Result<(), Refusal> {
        ask::permission(profile, &self.question(DeaForm::Form41)).map(drop)
    }

    fn question(&self, form: DeaForm) -> Question {
        let loss = Loss::new(LossKind::InstitutionalWastage);
        Question::new(self.at.date(), Request::ReportLoss { form }).with(|facts| facts.loss = Some(loss))
    }
}
