//! 21 CFR part 1305: orders for schedules I and II.

pub(crate) mod cancel;
pub(crate) mod fill;
pub(crate) mod orders;
