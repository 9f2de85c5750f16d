//! What the law asks of a token that signs, as a value: the caller takes it from the rulebook, this crate obeys it.

use crate::assurance::Guideline;
use theriac_model::{Cite, Edition};

/// Where a demand comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The edition that makes it.
    pub edition: Edition,
    /// The paragraph.
    pub cite: Cite,
}

impl Source {
    /// A demand of `edition` at `cite`.
    pub const fn new(edition: Edition, cite: Cite) -> Self {
        Self { edition, cite }
    }

    const fn proposed(cite: &'static str) -> Self {
        Self::new(Edition::Proposed2008, Cite::of(cite))
    }

    const fn in_force(cite: &'static str) -> Self {
        Self::new(Edition::Cfr, Cite::of(cite))
    }
}

/// A least FIPS 140 level, 1 to 4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// The level that is enough.
    pub at_least: u8,
    /// Who asks for it.
    pub source: Source,
}

/// What a token must be before it signs controlled-substance prescriptions. An absent demand is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRule {
    /// FIPS 140 level overall.
    pub overall: Option<Level>,
    /// FIPS 140 level of physical security.
    pub physical: Option<Level>,
    /// The key cannot leave the token.
    pub no_export: Option<Source>,
    /// The token is another device than the computer it gives access to.
    pub separate: Option<Source>,
    /// The token itself asks for a password or biometric before its key works; otherwise any second factor beside it
    /// will do.
    pub opened: Option<Source>,
    /// The edition of NIST SP 800-63 whose Level 4 the token must reach.
    pub guideline: Option<Guideline>,
}

impl TokenRule {
    /// The default: the 2008 proposal and the rule in force together, the stricter of each.
    pub const fn strictest() -> Self {
        Self {
            overall: Some(Level { at_least: 2, source: Source::proposed("73 FR 36722, 1311.110(b)(1)") }),
            physical: Some(Level { at_least: 3, source: Source::proposed("73 FR 36722, 1311.110(b)(2)") }),
            no_export: Some(Source::proposed("73 FR 36722, 1311.110(b)")),
            separate: Some(Source::in_force("21 CFR 1311.115(a)(3)")),
            opened: Some(Source::proposed("73 FR 36722, 1311.110(b)")),
            guideline: Some(Guideline::April2006),
        }
    }

    /// The rule in force alone.
    pub const fn in_force() -> Self {
        Self {
            overall: Some(Level { at_least: 1, source: Source::in_force("21 CFR 1311.115(b)") }),
            physical: None,
            no_export: None,
            separate: Some(Source::in_force("21 CFR 1311.115(a)(3)")),
            opened: None,
            guideline: None,
        }
    }
}
