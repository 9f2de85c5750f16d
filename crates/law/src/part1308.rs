//! 21 CFR part 1308: the schedules.

pub(crate) mod classify;
pub mod products;
