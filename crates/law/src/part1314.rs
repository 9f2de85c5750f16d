//! 21 CFR part 1314: retail sale of scheduled listed chemical products.

pub(crate) mod counter;
pub(crate) mod limits;
