//! How many messages a second the intake core decides and writes as canonical JSON, on one core:
//! `cargo run --release -p theriac-pharmacy --example intake_rate`. Parsing, signatures and storage are not in it.

use std::hint::black_box;
use std::time::Instant;
use theriac_law::Profile;
use theriac_pharmacy::{Intake, receive};

#[path = "../tests/common/mod.rs"]
mod common;

fn main() {
    const MESSAGES: u32 = 100_000;
    let (profile, message) = (Profile::strictest(), common::arrived(&common::RX));
    let mut bytes = 0usize;
    let begun = Instant::now();
    for _ in 0..MESSAGES {
        let Intake::Accepted(events) = receive(&profile, black_box(message.clone())) else { panic!("rejected") };
        for event in &events {
            let body = theriac_model::json::canonical(&event.to_json()).unwrap_or_default();
            bytes += black_box(body).len();
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("{MESSAGES} messages, {bytes} bytes of events, {:.0} messages a second", f64::from(MESSAGES) / seconds);
}
