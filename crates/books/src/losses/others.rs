//! What else is asked around a loss: a slip in the books, a Federal offence, a listed chemical.

use super::refusals as refuse;
use crate::ask;
use jiff::civil::Date;
use theriac_law::facts::{Crime as Facts, Loss};
use theriac_law::vocab::{DeaForm, Event, FederalOffence, LossKind, Registrant, ReportElement, Word};
use theriac_law::{Duties, Moment, Profile, Question, Request};
use theriac_model::Refusal;

/// Form 106 for a slip in the books: always the rulebook's refusal, which names the log.
///
/// # Errors
/// `LAW-1301.76-FORM`.
pub fn clerical_on_form_106(profile: &Profile, day: Date) -> Result<(), Refusal> {
    let question = Question::new(day, Request::ReportLoss { form: DeaForm::Form106 });
    ask::permission(profile, &question.with(|facts| facts.loss = Some(Loss::new(LossKind::ClericalMiscount)))).map(drop)
}

/// What decides whether a theft opens a Federal investigation (18 U.S.C. 2118).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crime {
    /// What it costs to replace the controlled substances, in cents.
    pub replacement_cents: u64,
    /// Interstate or foreign commerce was used, as far as is known.
    pub interstate_commerce: bool,
    /// Somebody was killed or significantly injured.
    pub killed_or_injured: bool,
}

impl Crime {
    /// Whether it may be a Federal offence.
    ///
    /// # Errors
    /// When the rulebook has no such rule.
    pub fn federal(self, profile: &Profile, day: Date) -> Result<FederalOffence, Refusal> {
        let mut crime = Facts::new(self.replacement_cents);
        crime.interstate_commerce = self.interstate_commerce;
        crime.killed_or_injured = self.killed_or_injured;
        let question = Question::new(day, Request::FederalOffence {});
        let word = ask::word(profile, &question.with(|facts| facts.crime = Some(Box::new(crime))))?;
        Ok(FederalOffence::from_word(word).unwrap_or(FederalOffence::Possible))
    }
}

/// The loss of a listed chemical: by telephone at once, in writing within fifteen days (21 CFR 1314.15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChemicalLoss {
    /// When it was discovered.
    pub discovered: Moment,
    /// The seller's registration number, where it has one.
    pub number: Option<theriac_model::DeaNumber>,
    /// The seller's name.
    pub name: String,
    /// The business address, on one line.
    pub address: String,
    /// The kind of loss.
    pub kind: String,
    /// What happened, and how much is missing.
    pub circumstances: String,
    /// When DEA was telephoned.
    pub told: Option<Moment>,
    /// When the written report went out.
    pub written: Option<Date>,
}

impl ChemicalLoss {
    /// What has to be done.
    ///
    /// # Errors
    /// When the rulebook has no such rule.
    pub fn duties(&self, profile: &Profile) -> Result<Duties, Refusal> {
        let question = Question::new(self.discovered, Request::ReportLoss { form: DeaForm::None });
        let question = question.with(|facts| facts.loss = Some(Loss::new(LossKind::ListedChemical)));
        Ok(ask::permission(profile, &question)?.duties)
    }

    /// The last day on which the written report is in time.
    pub fn due(&self, profile: &Profile) -> Option<Date> {
        ask::last_day(profile, Event::ListedChemicalLoss, self.discovered)
    }

    /// Whether the written report may go out.
    ///
    /// # Errors
    /// The rulebook's `LAW-1314.15-REPORT` naming what is missing; `BOOKS-INCIDENT-FIELD` when nobody telephoned before.
    pub fn report(&self, profile: &Profile, day: Date) -> Result<(), Refusal> {
        if self.told.is_none() {
            return Err(refuse::told("told"));
        }
        let written = [
            (&self.name, ReportElement::Name),
            (&self.address, ReportElement::BusinessAddress),
            (&self.kind, ReportElement::LossType),
            (&self.circumstances, ReportElement::Circumstances),
        ];
        let empty = written.into_iter().filter(|(text, _)| text.trim().is_empty());
        let mut missing: Vec<ReportElement> = empty.map(|(_, element)| element).collect();
        if self.number.is_none() {
            missing.push(ReportElement::DeaNumber);
        }
        let seller = if self.number.is_some() { Registrant::Registered } else { Registrant::NotRegistered };
        ask::permission(profile, &Question::new(day, Request::ReportSlcpLoss { missing, seller })).map(drop)
    }
}
