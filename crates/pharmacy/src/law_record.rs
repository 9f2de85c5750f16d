//! What a record keeps of the rulebook's answers.

use theriac_law::Decision;
use theriac_model::{Finding, Refusal};

/// Under which profile an act was allowed, and by which rules; kept with the act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawRecord {
    /// The profile's name.
    pub profile: String,
    /// The rules that applied and held, by identifier.
    pub rules: Vec<String>,
}

impl LawRecord {
    /// What is kept of `decision`.
    pub fn of(decision: &Decision) -> Self {
        let held = decision.grounds.iter().filter(|ground| matches!(ground.finding, Finding::Satisfied(_)));
        let rules = held.map(|ground| ground.rule.id.to_owned()).collect();
        Self { profile: decision.profile.to_string(), rules }
    }
}

/// A refusal as a record keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalRecord {
    /// Stable code.
    pub code: String,
    /// The paragraph that decided.
    pub cite: String,
    /// The edition that decided.
    pub edition: String,
    /// What the refusal is about.
    pub field: Option<String>,
    /// What was found.
    pub what: String,
    /// What to do next.
    pub next: String,
}

impl From<&Refusal> for RefusalRecord {
    fn from(refusal: &Refusal) -> Self {
        Self {
            code: refusal.code.to_string(),
            cite: refusal.cite.to_string(),
            edition: refusal.edition.to_string(),
            field: refusal.field.as_ref().map(ToString::to_string),
            what: refusal.what.to_string(),
            next: refusal.next.to_string(),
        }
    }
}
