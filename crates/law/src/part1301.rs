//! 21 CFR part 1301: registration.

pub(crate) mod dea_number;
