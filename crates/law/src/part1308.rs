//! 21 CFR part 1308: the schedules.

pub mod attributes;
pub(crate) mod classify;
pub(crate) mod criteria;
pub(crate) mod explained;
pub mod listing;
pub mod products;
pub(crate) mod strength;
pub(crate) mod table;
