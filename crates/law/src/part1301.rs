//! 21 CFR part 1301: registration, and thefts and losses.

pub(crate) mod dea_number;
pub(crate) mod form_106;
pub(crate) mod loss;
pub(crate) mod loss_case;
