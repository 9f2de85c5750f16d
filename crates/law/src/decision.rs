//! What the rulebook answers: the verdict, its reason, the duties, and every rule that was asked.

use crate::reason::{Duties, Reason};
use crate::rule::Rule;
use crate::when::Moment;
use jiff::civil::Date;
use std::borrow::Cow;
use std::fmt;
use theriac_model::{Edition, Finding, Refusal};

/// Yes, yes with duties, no, or a value looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes, and no duty beyond the routine records.
    Permit,
    /// Yes, with duties.
    PermitWithDuties,
    /// No.
    Deny,
    /// A look-up.
    Value(Answer),
}

impl Verdict {
    /// The verdict's word in the output format.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Permit => "permit",
            Self::PermitWithDuties => "permit-with-duties",
            Self::Deny => "deny",
            Self::Value(_) => "value",
        }
    }
}

/// The value of a look-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A number of units or refills.
    Number(u64),
    /// A local calendar date.
    Date(Date),
    /// An instant, in the offset of the question.
    Instant(Moment),
    /// A word of one of the lists: a schedule, a party, a registrant type, a report.
    Word(&'static str),
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Instant(moment) => moment.fmt(f),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// One rule that was asked, and what it found.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The rule.
    pub rule: &'static Rule,
    /// Its finding.
    pub finding: Finding,
}

/// Whether a refusal is the law's or only the chosen proposal's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The profile's other editions refuse too, or there is no refusal.
    Shared,
    /// Only the proposal of 2008 refuses; the law in force would not.
    OnlyProposed2008,
}

/// A decision of the rulebook. Kept with the act it allowed or refused.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The verdict.
    pub verdict: Verdict,
    /// Why not; present exactly when the verdict is [`Verdict::Deny`].
    pub reason: Option<Reason>,
    /// The refusal in full; present exactly when the verdict is [`Verdict::Deny`].
    pub refusal: Option<Refusal>,
    /// What must be done.
    pub duties: Duties,
    /// Every rule asked, in the order asked.
    pub grounds: Vec<Ground>,
    /// What else the reader should know: the limit that decided a classification, the facts that are still missing.
    pub notes: Vec<Cow<'static, str>>,
    /// The profile's name.
    pub profile: Cow<'static, str>,
    /// Whether only the proposal refuses.
    pub standing: Standing,
}

impl Decision {
    /// Whether the act is permitted, with or without duties.
    pub fn is_permitted(&self) -> bool {
        matches!(self.verdict, Verdict::Permit | Verdict::PermitWithDuties)
    }

    /// What the rules found wrong without denying it: red flags, recommendations, a number that does not fit its name. A
    /// person resolves them; none of them denies by itself.
    pub fn warnings(&self) -> impl Iterator<Item = (&'static Rule, &Refusal)> {
        // The ground that denied is the last one.
        let denied = usize::from(self.verdict == Verdict::Deny);
        let beside = self.grounds.len().saturating_sub(denied);
        self.grounds.iter().take(beside).filter_map(|ground| match &ground.finding {
            Finding::Violated(refusal) => Some((ground.rule, refusal.as_ref())),
            _ => None,
        })
    }

    /// The permission as a `Result`: the decision itself, or its refusal.
    ///
    /// # Errors
    /// The refusal, when the verdict is [`Verdict::Deny`].
    pub fn into_result(mut self) -> Result<Self, Refusal> {
        match self.refusal.take() {
            Some(refusal) => Err(refusal),
            None => Ok(self),
        }
    }

    /// The edition that decided: the refusal's, else none in particular.
    pub fn edition(&self) -> Option<&Edition> {
        self.refusal.as_ref().map(|refusal| &refusal.edition)
    }
}

/// The rulebook has no rule for this action yet. An error, never a verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rulebook does not answer \"{action}\"{detail} yet")]
pub struct NotBuilt {
    /// The action's word.
    pub action: &'static str,
    /// What exactly is missing; empty when the whole action is.
    pub detail: &'static str,
}
