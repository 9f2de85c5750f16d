//! Builders for tests: fixed instants, a test authority, soft tokens, sample prescriptions. Everybody here is invented.
//!
//! A development dependency only. Builders panic on their own mistakes, which a test then shows.
#![allow(clippy::expect_used)] // a builder that cannot build is the test's failure

pub mod clock;
pub mod people;
pub mod pki;
pub mod prescriptions;
pub mod strategies;
pub mod token;

pub use clock::{instant, now};
pub use pki::TestPki;
pub use prescriptions::sample;
pub use token::TestToken;
