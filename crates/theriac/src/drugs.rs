//! The drug directory of a deployment: the FDA's NDC files as they were imported, looked up by NDC, brand and generic name.
//!
//! A file is archived as it is, with one entry; the tables are made from the archived bytes, and can be made again. What
//! the deployment itself lists ([`crate::house::event::Product`]) goes before the directory.

mod compare;
mod facts;
mod find;
mod import;
mod listed;
mod look_up;
pub(crate) mod table;
#[cfg(test)]
mod tests;

pub(crate) use compare::{Disagreements, judged};
pub(crate) use facts::{Entered, Facts, Flag, unknown};
pub(crate) use import::{Files, Import, Read};
pub(crate) use listed::Listed;
pub(crate) use look_up::NAMED_MAX;
