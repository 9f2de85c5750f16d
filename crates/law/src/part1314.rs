//! 21 CFR part 1314: retail sale of scheduled listed chemical products.

pub(crate) mod counter;
pub(crate) mod documents;
pub(crate) mod limits;
pub(crate) mod log;
pub(crate) mod loss;
pub(crate) mod seller;
