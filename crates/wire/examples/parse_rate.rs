//! How many messages one core reads in a second: `cargo run --release -p theriac-wire --example parse_rate [FILE]`.
//!
//! Without a file, a signed NewRx of about the usual size made by this crate.

#![allow(
    clippy::disallowed_methods,
    clippy::float_arithmetic,
    reason = "a measurement reads a file, a clock and prints rates"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};
use theriac_model::{CanonicalContents, Element};
use theriac_wire::script::{
    Envelope, Order, Party, Signature, SignatureGroup, Software, Traffic, decode, encode, encode_indented,
    from_contents, relayout, to_contents,
};

fn message() -> Vec<u8> {
    let mut contents = CanonicalContents::default();
    for (element, text) in [
        (Element::Issued, "2026-03-02"),
        (Element::PatientLast, "Sample"),
        (Element::PatientFirst, "Pat"),
        (Element::PatientBorn, "1970-02-28"),
        (Element::PatientLine1, "12 Example Street"),
        (Element::PatientCity, "Phoenix"),
        (Element::PatientState, "AZ"),
        (Element::PatientPostal, "85001"),
        (Element::PractitionerLast, "Test"),
        (Element::PractitionerFirst, "Robin"),
        (Element::PractitionerLine1, "1 Clinic Road"),
        (Element::PractitionerCity, "Tempe"),
        (Element::PractitionerState, "AZ"),
        (Element::PractitionerPostal, "85281"),
        (Element::Registration, "AB1234563"),
        (Element::DrugName, "Oxycodone hydrochloride"),
        (Element::DrugStrength, "10 mg"),
        (Element::DrugForm, "Tablet"),
        (Element::DrugNdc, "00406055201"),
        (Element::DrugSchedule, "II"),
        (Element::QuantityValue, "30"),
        (Element::QuantityUnit, "tablet"),
        (Element::Directions, "Take 1 tablet by mouth every 6 hours as needed for pain"),
        (Element::Refills, "0"),
    ] {
        contents.set(element, text).expect("well formed");
    }
    let envelope = Envelope {
        to: Party::pharmacy("9999999"),
        from: Party::prescriber("6000000000001"),
        message_id: "rate-1".to_owned(),
        relates_to: None,
        sent_time: "2026-03-02T15:04:06Z".parse().expect("an instant"),
        software: Software { developer: "Theriac".to_owned(), product: "Rate".to_owned(), version: "1".to_owned() },
        order_number: Some("order-1".to_owned()),
        rx_reference: None,
        traffic: Traffic::Test,
        order: Order {
            signature: Some(Signature::Attached(SignatureGroup::new(&[7; 32], &[1; 900], &[2; 500]))),
            ..Order::default()
        },
    };
    encode_indented(&from_contents(&contents, &envelope).expect("fits the standard"))
}

/// Nanoseconds this thread has run on a processor, so that a busy machine does not count against us.
fn on_processor() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

fn rate(name: &str, bytes: usize, mut work: impl FnMut()) {
    for _ in 0..200 {
        work();
    }
    let rounds = 20_000u32;
    let (started, before) = (Instant::now(), on_processor());
    for _ in 0..rounds {
        work();
    }
    let wall = started.elapsed();
    let used = before.zip(on_processor()).map_or(wall, |(before, after)| Duration::from_nanos(after - before));
    let rate = |time: Duration| f64::from(rounds) / time.as_secs_f64();
    println!("{name:<22} {:>8.0} a second of one core, {:>8.0} by the clock ({bytes} bytes)", rate(used), rate(wall));
}

fn main() {
    let bytes = std::env::args().nth(1).map_or_else(message, |file| std::fs::read(file).expect("the file can be read"));
    let read = decode(&bytes).expect("a message");
    rate("decode", bytes.len(), || {
        black_box(decode(black_box(&bytes)).is_ok());
    });
    rate("decode and contents", bytes.len(), || {
        let read = decode(black_box(&bytes)).expect("a message");
        black_box(to_contents(&read).contents.to_bytes());
    });
    rate("encode", bytes.len(), || {
        black_box(encode(black_box(&read)));
    });
    let mut seed = 0;
    rate("relayout", bytes.len(), || {
        seed += 1;
        black_box(relayout(black_box(&read), seed));
    });
}
