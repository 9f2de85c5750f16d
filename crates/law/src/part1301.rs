//! 21 CFR part 1301: registration, and thefts and losses.

pub(crate) mod closing;
pub(crate) mod dea_number;
pub(crate) mod employees;
pub(crate) mod exempt;
pub(crate) mod form_106;
pub(crate) mod forms;
pub(crate) mod hospital;
pub(crate) mod loss;
pub(crate) mod loss_case;
pub(crate) mod machines;
pub(crate) mod places;
