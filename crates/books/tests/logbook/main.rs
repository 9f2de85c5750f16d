//! Sales without a prescription, as their books keep them; machines and kits.
#![allow(clippy::expect_used)] // tests

mod chemicals;
mod counter;
mod devices;
mod online;
mod world;
