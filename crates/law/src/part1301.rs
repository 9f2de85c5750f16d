//! 21 CFR part 1301: registration, and thefts and losses.

pub(crate) mod dea_number;
pub(crate) mod loss;
