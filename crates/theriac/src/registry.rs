//! Registrant data of a deployment: DEA's file as it was imported, looked up by number, and the recheck of everybody who
//! signs.
//!
//! A file of a million rows is no million entries: it is archived in parts of a few megabytes, each with one entry, and the
//! table of rows is made from the archived bytes and can be made again. A last entry says that the set is whole; until then
//! the former set is in use.

mod checkers;
mod event;
mod hospital;
mod import;
mod look_up;
pub(crate) mod notices;
mod recheck;
pub(crate) mod table;
#[cfg(test)]
mod tests;

pub(crate) use checkers::OutsideCheck;
pub(crate) use event::RegistryEvent;
pub(crate) use hospital::CodeHolder;
pub(crate) use import::{NotTaken, Taken, Through};
pub(crate) use recheck::Rechecked;

/// The stream of the data sets and rechecks.
pub(crate) const STREAM: &str = "registrants";
/// The kind of the job that rechecks everybody who signs.
pub(crate) const RECHECK: &str = "recheck-registrants";
