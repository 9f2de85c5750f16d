//! The pharmacy's desk: taking messages in, and dispensing from what was accepted.

pub(crate) mod asked_for;
#[cfg(test)]
mod bad_input;
mod by_hand;
mod cancel;
pub(crate) mod care;
pub(crate) mod central;
pub(crate) mod chart;
pub(crate) mod counter;
mod counter_tables;
#[cfg(test)]
mod crash;
mod dispense;
pub(crate) mod downtime;
pub(crate) mod entries;
pub(crate) mod inbox;
mod intake;
pub(crate) mod labels;
mod layers;
mod letters;
pub(crate) mod mailing;
pub(crate) mod moved;
pub(crate) mod moving_papers;
mod moving_tables;
mod orders;
pub(crate) mod presented;
mod refill_alarm;
pub(crate) mod refill_days;
pub(crate) mod rejudged;
pub(crate) mod scan;
pub(crate) mod sealed;
mod series;
pub(crate) mod supervision;
#[cfg(test)]
mod tests;
pub(crate) mod transfers;
mod twins;

pub(crate) use by_hand::{HandTyped, TakenIn, wrong};
pub(crate) use counter_tables::CounterTables;
pub(crate) use dispense::{Dispensed, Judged, Wanted};
pub(crate) use intake::{ANSWER, Arrival, Incoming, Verdict};
pub(crate) use labels::LabelForm;
pub(crate) use letters::{CHANGES, Request};
pub(crate) use moving_tables::Moving;
pub(crate) use twins::Twins;
