//! How many messages a second the intake core decides and writes as canonical JSON, on one core:
//! `cargo run --release -p theriac-pharmacy --example intake_rate`. Parsing, signatures and storage are not in it.

// A measurement reads the clock; the core it measures does not.
#![allow(clippy::disallowed_methods)]

use std::hint::black_box;
use std::time::Instant;
use theriac_law::Profile;
use theriac_pharmacy::{Intake, receive};

#[path = "../tests/common/mod.rs"]
mod common;

const MESSAGES: u32 = 100_000;

/// Does `act` once a message and prints the time each took.
fn measure<T>(what: &str, mut act: impl FnMut() -> T) {
    let begun = Instant::now();
    for _ in 0..MESSAGES {
        black_box(act());
    }
    let nanoseconds = begun.elapsed().as_nanos() / u128::from(MESSAGES);
    println!("{what:<40} {nanoseconds:>8} ns a message");
}

fn main() {
    let (profile, message) = (Profile::strictest(), common::arrived(&common::RX));
    let decided = || match receive(&profile, black_box(message.clone())) {
        Intake::Accepted(events) => events,
        Intake::Rejected { refusals, .. } => panic!("{refusals:?}"),
    };
    let events = decided();
    measure("copying a message (not part of intake)", || message.clone());
    measure("deciding", decided);
    measure("building the events' JSON", || events.iter().map(theriac_pharmacy::Event::to_json).count());
    measure("building it and writing it canonically", || {
        let bodies = events.iter().map(|event| theriac_model::json::canonical(&event.to_json()));
        bodies.flatten().map(|body| body.len()).sum::<usize>()
    });
}
