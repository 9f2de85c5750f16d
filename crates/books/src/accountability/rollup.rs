//! Several products of one substance together, in micrograms: what was made into another product cancels.

use super::category::Category;
use super::statement::Accountability;
use crate::conversion::{Content, Mass};
use std::collections::BTreeMap;
use std::fmt;

/// Micrograms of a substance as an exact fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Micrograms {
    over: i128,
    under: i128,
}

impl Micrograms {
    /// The whole micrograms; what is left over is below one.
    pub const fn whole(self) -> i128 {
        self.over / self.under
    }

    /// Whether nothing is left.
    pub const fn is_zero(self) -> bool {
        self.over == 0
    }
}

impl From<Mass> for Micrograms {
    fn from(mass: Mass) -> Self {
        Self { over: mass.over, under: mass.under }
    }
}

/// `1500` or `333 1/3`.
impl fmt::Display for Micrograms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = self.over % self.under;
        match (self.whole(), rest) {
            (whole, 0) => write!(f, "{whole}"),
            (0, rest) => write!(f, "{rest}/{}", self.under),
            (whole, rest) => write!(f, "{whole} {}/{}", rest.abs(), self.under),
        }
    }
}

/// The statements of several products of one substance added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollUp {
    /// What was on hand at the beginning.
    pub opening: Micrograms,
    /// The rows; what was made from and into products of the same substance cancels and is left out.
    pub rows: BTreeMap<Category, Micrograms>,
    /// What must be there at the end.
    pub expected: Micrograms,
}

impl RollUp {
    /// Adds up statements of one period; `None` when a sum leaves the exact range.
    pub fn of(statements: &[(&Accountability, Content)]) -> Option<Self> {
        let (mut opening, mut expected, mut converted) = (Mass::ZERO, Mass::ZERO, Mass::ZERO);
        let mut rows: BTreeMap<Category, Mass> = BTreeMap::new();
        for (statement, content) in statements {
            opening = opening.and(*content, statement.opening.amount)?;
            expected = expected.and(*content, statement.expected())?;
            for row in &statement.rows {
                match row.category {
                    Category::MadeFrom => converted = converted.and(*content, row.amount)?,
                    Category::MadeInto => converted = converted.and(*content, -row.amount)?,
                    _ => {
                        let sum = rows.entry(row.category).or_insert(Mass::ZERO);
                        *sum = sum.and(*content, row.amount)?;
                    }
                }
            }
        }
        // What does not cancel was made from, or into, a product that is not among the statements.
        if converted.over != 0 {
            let category = if converted.over > 0 { Category::MadeFrom } else { Category::MadeInto };
            rows.insert(category, Mass { over: converted.over.checked_abs()?, under: converted.under });
        }
        let rows = rows.into_iter().map(|(category, mass)| (category, mass.into())).collect();
        Some(Self { opening: opening.into(), rows, expected: expected.into() })
    }
}
