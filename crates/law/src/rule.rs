//! The shape of a rule, and of what it answers.

use crate::edition::{Bound, By, Law};
use crate::reason::Reason;
use jiff::civil::Date;
use std::borrow::Cow;
use theriac_model::{Cite, Code, Finding, Refusal};

/// One rule of the rulebook, as the registry lists it.
#[derive(Debug)]
pub struct Rule {
    /// Stable identifier, such as `1306.22-count`.
    pub id: &'static str,
    /// The area of the law, in the words of the requirement catalogue.
    pub area: &'static str,
    /// The paragraph.
    pub cite: &'static str,
    /// The editions that say it.
    pub by: By,
    /// The first day on which it binds under the Code; `None` when it has no beginning here.
    pub since: Option<Date>,
    /// The last day on which it binds under the Code.
    pub until: Option<Date>,
    /// What it says, in one sentence in our own words.
    pub summary: &'static str,
    /// Rows of the requirement catalogue that it serves.
    pub requirements: &'static [&'static str],
}

/// What a rule found.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It applies and holds.
    Satisfied,
    /// It applies and does not hold.
    Violated(Box<Denial>),
    /// It speaks of something else.
    NotApplicable,
    /// The Code did not hold it on the day: not yet, or no longer.
    NotInForce,
}

/// A "no": the reason for programs, the refusal for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Denial {
    pub(crate) reason: Reason,
    pub(crate) refusal: Refusal,
}

impl Outcome {
    /// Satisfied when `holds`, else what `denial` says.
    pub(crate) fn unless(holds: bool, denial: impl FnOnce() -> Denial) -> Self {
        if holds { Self::Satisfied } else { Self::Violated(Box::new(denial())) }
    }

    /// The finding that the record of the decision keeps.
    pub(crate) fn finding(&self, rule: &'static Rule) -> Finding {
        match self {
            Self::Satisfied => Finding::Satisfied(Cite::of(rule.cite)),
            Self::Violated(denial) => Finding::Violated(Box::new(denial.refusal.clone())),
            Self::NotApplicable => Finding::NotApplicable,
            Self::NotInForce => Finding::NotInForce(Cite::of(rule.cite)),
        }
    }
}

impl Denial {
    /// A refusal by `rule` in the voice of the profile.
    pub(crate) fn new(
        law: &Law<'_>,
        rule: &'static Rule,
        reason: Reason,
        code: &'static str,
        what: impl Into<Cow<'static, str>>,
        next: impl Into<Cow<'static, str>>,
    ) -> Self {
        let edition = law.profile.voice();
        let edition = if rule.by.editions().any(|said| said == edition) || rule.by == By::ALL {
            edition
        } else {
            rule.by.first()
        };
        let refusal = Refusal {
            code: Code(code),
            cite: Cite::of(rule.cite),
            edition,
            field: None,
            what: what.into(),
            next: next.into(),
        };
        Self { reason, refusal }
    }

    /// The same refusal as decided by a parameter: its edition and citation.
    pub(crate) fn by(mut self, bound: &Bound) -> Self {
        self.refusal.edition = bound.edition.clone();
        self.refusal.cite = bound.cite.clone();
        self
    }

    /// The same refusal about `field`.
    pub(crate) fn about(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.refusal = self.refusal.about(field);
        self
    }
}

/// One row of a table of conditions: what must hold of the facts `T`, and what is said when it does not. The reading of a
/// section that is a list of plain conditions is such a table, in the order in which the refusals win.
pub(crate) struct Condition<T: 'static> {
    /// The rule that asks it.
    pub(crate) rule: &'static Rule,
    /// Whether it holds.
    pub(crate) holds: fn(&T) -> bool,
    pub(crate) reason: Reason,
    pub(crate) code: &'static str,
    pub(crate) what: &'static str,
    pub(crate) next: &'static str,
    pub(crate) field: &'static str,
}

impl<T> Condition<T> {
    /// What the condition comes to on these facts.
    pub(crate) fn of(&self, law: &Law<'_>, facts: &T) -> Outcome {
        Outcome::unless((self.holds)(facts), || {
            law.deny(self.rule, self.reason, self.code, self.what, self.next).about(self.field)
        })
    }
}

impl Law<'_> {
    /// Whether `rule` binds on the day. Dates are those of the Code; a single edition is read as it was written.
    pub(crate) fn holds(&self, rule: &Rule) -> bool {
        !self.profile.is_dated()
            || (rule.since.is_none_or(|since| since <= self.day) && rule.until.is_none_or(|until| self.day <= until))
    }

    /// A refusal by `rule`, in the voice of the profile.
    pub(crate) fn deny(
        &self,
        rule: &'static Rule,
        reason: Reason,
        code: &'static str,
        what: impl Into<Cow<'static, str>>,
        next: impl Into<Cow<'static, str>>,
    ) -> Denial {
        Denial::new(self, rule, reason, code, what, next)
    }
}

/// Declares a rule: identifier, area, citation, editions, summary, requirement rows; dates where it has them.
macro_rules! rule {
    ($(#[$meta:meta])* $name:ident: $id:literal, $area:literal, $cite:literal, $by:expr, $summary:literal, [$($row:literal),* $(,)?]) => {
        crate::rule::rule!($(#[$meta])* $name: $id, $area, $cite, $by, $summary, [$($row),*], None, None);
    };
    ($(#[$meta:meta])* $name:ident: $id:literal, $area:literal, $cite:literal, $by:expr, $summary:literal, [$($row:literal),* $(,)?],
     $since:expr, $until:expr) => {
        $(#[$meta])*
        pub(crate) static $name: crate::rule::Rule = crate::rule::Rule {
            id: $id,
            area: $area,
            cite: $cite,
            by: $by,
            since: $since,
            until: $until,
            summary: $summary,
            requirements: &[$($row),*],
        };
    };
}
pub(crate) use rule;
