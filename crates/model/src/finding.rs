//! Answers of the rulebook: four findings, and the refusal that tells a person what to do.

use crate::{Cite, Edition};
use std::borrow::Cow;
use std::fmt;

/// A stable code of a refusal, such as `LAW-1306.22-EXPIRED`. Programs may rely on it; it never changes meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// "No", with everything the reader needs: which rule, what was found, what to do next.
///
/// Never holds a patient's name or address, a key, a token or a password: refusals are logged and sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code for programs.
    pub code: Code,
    /// The paragraph that decided.
    pub cite: Cite,
    /// The edition that decided.
    pub edition: Edition,
    /// The element, field or document the refusal is about, where there is one: `drug.quantity`.
    pub field: Option<Cow<'static, str>>,
    /// What was found, in one sentence without a final stop.
    pub what: Cow<'static, str>,
    /// What the reader can do next, in one sentence without a final stop.
    pub next: Cow<'static, str>,
}

impl Refusal {
    /// A refusal under the law in force, about no field in particular.
    pub fn new(
        code: &'static str,
        cite: &'static str,
        what: impl Into<Cow<'static, str>>,
        next: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            code: Code(code),
            cite: Cite::of(cite),
            edition: Edition::Cfr,
            field: None,
            what: what.into(),
            next: next.into(),
        }
    }

    /// The same refusal as decided by `edition`.
    #[must_use]
    pub fn under(mut self, edition: Edition) -> Self {
        self.edition = edition;
        self
    }

    /// The same refusal about `field`.
    #[must_use]
    pub fn about(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.field = Some(field.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.what)?;
        if let Some(field) = &self.field {
            write!(f, " [{field}]")?;
        }
        write!(f, " ({}, {}). Next: {}", self.cite, self.edition, self.next)
    }
}

impl std::error::Error for Refusal {}

/// The four answers a rule can give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The rule applies and holds.
    Satisfied(Cite),
    /// The rule applies and does not hold.
    Violated(Box<Refusal>),
    /// The rule speaks of something else.
    NotApplicable,
    /// The rule had not begun, or had ended, on the day.
    NotInForce(Cite),
}

impl From<Refusal> for Finding {
    fn from(refusal: Refusal) -> Self {
        Self::Violated(Box::new(refusal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_reads_as_code_cause_citation_edition_and_next_step() {
        let refusal = Refusal::new(
            "LAW-1306.22-EXPIRED",
            "21 CFR 1306.22(a)",
            "six months ended on 2026-05-05",
            "ask for a new prescription",
        )
        .under(Edition::Proposed2008)
        .about("issued");
        assert_eq!(
            refusal.to_string(),
            "LAW-1306.22-EXPIRED: six months ended on 2026-05-05 [issued] (21 CFR 1306.22(a), proposed-2008). \
             Next: ask for a new prescription"
        );
    }
}
