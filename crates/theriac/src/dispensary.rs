//! The pharmacy's desk: taking messages in, and dispensing from what was accepted.

mod cancel;
mod dispense;
mod intake;
pub(crate) mod labels;
mod letters;
pub(crate) mod moved;
pub(crate) mod moving_papers;
mod moving_tables;
#[cfg(test)]
mod tests;
mod twins;

pub(crate) use dispense::Wanted;
pub(crate) use intake::{ANSWER, Arrival, Incoming, Verdict};
pub(crate) use labels::LabelForm;
pub(crate) use letters::{CHANGES, Request};
pub(crate) use moving_tables::Moving;
pub(crate) use twins::Twins;
