//! How long a decision takes: `cargo run --release -p theriac-law --example speed`.

#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use jiff::civil::date;
use std::hint::black_box;
use std::time::Instant;
use theriac_law::facts::{Act, Prescription};
use theriac_law::vocab::{Form, HistoryKind, Schedule};
use theriac_law::{Profile, Question, Request, decide};

const ROUNDS: u32 = 1_000_000;

fn measure(what: &str, profile: &Profile, question: &Question) {
    let start = Instant::now();
    for _ in 0..ROUNDS {
        let decision = decide(black_box(profile), black_box(question));
        black_box(&decision);
    }
    let nanoseconds = start.elapsed().as_nanos() / u128::from(ROUNDS);
    println!("{what:<44} {:<10} {nanoseconds:>6} ns a decision", profile.name());
}

fn main() {
    let issued = date(2026, 6, 1);
    let prescription =
        Prescription { refills_authorized: 5, ..Prescription::new(Schedule::IV, Form::Electronic, issued, 30) };
    let history = vec![
        Act::of(HistoryKind::Fill, issued, 30),
        Act::of(HistoryKind::Refill, date(2026, 7, 1), 30),
        Act::of(HistoryKind::Refill, date(2026, 8, 1), 30),
    ];
    let refill = Question::new(date(2026, 9, 1), Request::Refill { quantity: 30 })
        .about(prescription.clone())
        .after(history.clone());
    let late =
        Question::new(date(2026, 12, 2), Request::Refill { quantity: 30 }).about(prescription.clone()).after(history);
    let fill = Question::new(date(2026, 6, 2), Request::Fill { quantity: 30 }).about(prescription.clone());
    let receive = Question::new(date(2026, 6, 2), Request::ReceiveElectronic {}).about(prescription);
    for profile in [Profile::strictest(), Profile::in_force()] {
        measure("refill with history, permitted", &profile, &refill);
        measure("refill with history, refused", &profile, &late);
        measure("first filling, all rules", &profile, &fill);
        measure("receipt of an electronic prescription", &profile, &receive);
    }
}
