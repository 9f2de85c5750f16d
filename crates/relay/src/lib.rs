//! The intermediary between practitioner and pharmacy.
//!
//! It may change a message's format and never what a prescription bears (2008: 1311.130(f); 21 CFR 1311.170(e)). It
//! reads a message only as far as it must to pass it on, keeps no prescription, and refuses what it cannot carry without
//! loss. [`Relay::forward`] proves each time that nothing changed: the message is read again from the bytes that leave,
//! and its contents, its signature and everything else that is not routing are compared with what arrived.

mod deliver;
mod forward;
mod refusals;

pub use deliver::{Destination, Reached, undeliverable};
pub use forward::{Digest, Forwarded, Relay, digest};
