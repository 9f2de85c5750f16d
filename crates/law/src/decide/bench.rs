//! The bench: collects what the rules find, stops at the first refusal, and draws up the decision.

use crate::decision::{Answer, Decision, Ground, NotBuilt, Standing, Verdict};
use crate::edition::{Law, Profile};
use crate::facts::{Facts, Prescription};
use crate::question::Question;
use crate::reason::{Duties, Duty};
use crate::rule::{Condition, Denial, Outcome, Rule};
use crate::when::When;
use std::borrow::Cow;

/// What an action's rules come to when none refuses.
#[derive(Clone, Debug)]
pub(crate) enum Granted {
    /// Yes.
    Permit,
    /// A look-up.
    Value(Answer),
}

/// Why deciding stopped.
#[derive(Debug)]
pub(crate) enum Stop {
    /// A rule refused.
    Denied(Box<Denial>),
    /// There is no rule.
    NotBuilt(NotBuilt),
}

/// The bench on which one question is decided.
pub(crate) struct Bench<'a> {
    pub(crate) law: Law<'a>,
    pub(crate) at: When,
    pub(crate) facts: &'a Facts,
    action: &'static str,
    grounds: Vec<Ground>,
    duties: Duties,
    notes: Vec<Cow<'static, str>>,
}

impl<'a> Bench<'a> {
    pub(crate) fn open(profile: &'a Profile, question: &'a Question) -> Self {
        Self {
            law: Law::on(profile, question.at.date(), question.facts.state),
            at: question.at,
            facts: &question.facts,
            action: question.request.action(),
            grounds: Vec::with_capacity(20),
            duties: Duties::NONE,
            notes: Vec::new(),
        }
    }

    /// Tells the reader something beside the answer.
    pub(crate) fn remark(&mut self, note: impl Into<Cow<'static, str>>) {
        self.notes.push(note.into());
    }

    /// Records what `rule` found; a refusal ends the deciding.
    pub(crate) fn find(&mut self, rule: &'static Rule, outcome: Outcome) -> Result<(), Stop> {
        let outcome = if self.law.holds(rule) { outcome } else { Outcome::NotInForce };
        self.grounds.push(Ground { rule, finding: outcome.finding(rule) });
        match outcome {
            Outcome::Violated(denial) => Err(Stop::Denied(denial)),
            _ => Ok(()),
        }
    }

    /// Asks every condition of a table, in its order.
    pub(crate) fn all<T>(&mut self, conditions: &'static [Condition<T>], facts: &T) -> Result<(), Stop> {
        conditions.iter().try_for_each(|condition| self.find(condition.rule, condition.of(&self.law, facts)))
    }

    /// Records what `rule` found without letting it stop the deciding; for look-ups.
    pub(crate) fn note(&mut self, rule: &'static Rule, outcome: &Outcome) {
        let finding = if self.law.holds(rule) { outcome.finding(rule) } else { Outcome::NotInForce.finding(rule) };
        self.grounds.push(Ground { rule, finding });
    }

    /// Whether State law forbids the practice asked about.
    pub(crate) fn state_permits(&mut self) -> Result<(), Stop> {
        let outcome = crate::state::permits(&self.law, self.facts.state_permits);
        self.find(&crate::state::PERMITS, outcome)
    }

    /// Drops the duties gathered so far: none is owed for what was refused.
    pub(crate) fn no_duties(&mut self) {
        self.duties = Duties::NONE;
    }

    /// Adds a duty.
    pub(crate) fn duty(&mut self, duty: Duty) {
        self.duties = self.duties.and(duty);
    }

    /// The prescription. A program that forgot it gets "not built" rather than a verdict.
    pub(crate) fn prescription(&self) -> Result<&'a Prescription, Stop> {
        self.facts.prescription.as_ref().ok_or_else(|| self.lacks(" without a prescription"))
    }

    /// The answer to a question that lacks what it is about.
    pub(crate) fn lacks(&self, detail: &'static str) -> Stop {
        Stop::NotBuilt(NotBuilt { action: self.action, detail })
    }

    pub(crate) fn close(self, found: Result<Granted, Stop>) -> Result<Decision, NotBuilt> {
        let (verdict, denial) = match found {
            Ok(Granted::Permit) if self.duties.is_empty() => (Verdict::Permit, None),
            Ok(Granted::Permit) => (Verdict::PermitWithDuties, None),
            Ok(Granted::Value(answer)) => (Verdict::Value(answer), None),
            Err(Stop::Denied(denial)) => (Verdict::Deny, Some(*denial)),
            Err(Stop::NotBuilt(not_built)) => return Err(not_built),
        };
        let (reason, refusal) = denial.map(|denial| (denial.reason, denial.refusal)).unzip();
        Ok(Decision {
            verdict,
            reason,
            refusal,
            duties: self.duties,
            grounds: self.grounds,
            notes: self.notes,
            profile: self.law.profile.name_shared(),
            standing: Standing::Shared,
        })
    }
}
