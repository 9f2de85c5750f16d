//! The explainer: which single entry, missing or wrong, would make a count true, and what speaks for it.
//!
//! It changes nothing. It looks at the books of the product and of its neighbours since count and books last agreed, at
//! what the dispensing record says was filled, and at what suppliers say they shipped; it answers with explanations
//! that account for the variance to the unit, the best supported first. A person looks, and posts the entry.

mod candidates;
mod digits;
mod evidence;

pub use candidates::explain;
pub use evidence::{Case, Cause, Evidence, Explanation, Filled, Neighbour, Shipped};
