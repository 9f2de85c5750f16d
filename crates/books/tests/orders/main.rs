//! Orders between registrants, as both sides keep them.
#![allow(clippy::expect_used)] // tests

mod electronic;
mod invoices;
mod paper;
mod powers;
mod register;
mod reported;
mod supplier;
mod world;
