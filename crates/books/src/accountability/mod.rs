//! The accountability statement: what was there, what came, what went, what must be there, and what was counted.
//!
//! `O + IN = A`, `A - OUT = E`, `V = C - E`. Every figure names the entries behind it, and [`Accountability::check`]
//! computes the statement again from the entries alone. It is called an accountability audit only when it begins with a
//! physical count of everything on hand in an initial or biennial inventory; otherwise it is a management report.

mod category;
mod check;
mod rollup;
mod statement;

pub use category::{Category, Direction};
pub use check::Disagreement;
pub use rollup::{Micrograms, RollUp};
pub use statement::{Accountability, Basis, ClosingCount, CountedAccount, Opening, Row, Step, Title};
