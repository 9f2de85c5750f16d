//! 21 CFR part 1305: orders for schedules I and II.

pub(crate) mod cancel;
pub(crate) mod certificates;
pub(crate) mod execution;
pub(crate) mod fill;
pub(crate) mod lost;
pub(crate) mod orders;
pub(crate) mod power;
pub(crate) mod receipt;
pub(crate) mod schedule_i;
pub(crate) mod supply;
