//! The pharmacy's desk: taking messages in, and dispensing from what was accepted.

mod cancel;
mod dispense;
mod intake;
mod letters;
#[cfg(test)]
mod tests;
mod twins;

pub(crate) use dispense::Wanted;
pub(crate) use intake::{ANSWER, Arrival, Incoming, Verdict};
pub(crate) use letters::{CHANGES, Request};
pub(crate) use twins::Twins;
