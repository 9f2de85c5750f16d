//! How many CMS signatures one core makes and checks in a second: `cargo run --release -p theriac-pki --example cms_rate`.
#![allow(clippy::expect_used, clippy::float_arithmetic, clippy::cast_precision_loss)] // a measuring program

use std::time::{Duration, Instant};
use theriac_model::Schedule;
use theriac_pki::cms::{verify_attached, verify_detached};
use theriac_pki::{Judge, SystemKey};
use theriac_testkit::{TestPki, now, sample};

/// Runs `work` for about a second and prints the rate.
fn rate(name: &str, mut work: impl FnMut()) {
    let begun = Instant::now();
    let mut count = 0u32;
    while begun.elapsed() < Duration::from_secs(1) {
        for _ in 0..100 {
            work();
        }
        count += 100;
    }
    println!("{name:<58} {:>8.0} /s", f64::from(count) / begun.elapsed().as_secs_f64());
}

fn main() {
    let pki = TestPki::new();
    let trust = pki.trust();
    let contents = sample(Schedule::II).canonical().expect("canonical").to_bytes();
    let message = vec![b'x'; 3000];
    let signed = pki.prescriber.sign_contents(&contents, now()).expect("signed");
    let seal = pki.pharmacy.seal(&message, now()).expect("sealed");
    println!(
        "contents {} bytes, signed {} bytes; message 3000 bytes, seal {} bytes",
        contents.len(),
        signed.len(),
        seal.len()
    );

    let key = SystemKey::generate().expect("a key");
    let signature = key.sign(&message).expect("signed");
    rate("P-256 signature alone", || {
        key.sign(&message).expect("signed");
    });
    rate("P-256 verification alone", || key.public_key().verify(&message, signature.as_ref()).expect("verifies"));
    rate("seal 3000 bytes (detached)", || drop(pki.pharmacy.seal(&message, now()).expect("sealed")));
    rate("sign contents (attached)", || drop(pki.prescriber.sign_contents(&contents, now()).expect("signed")));
    rate("verify contents, certificate parsed each time", || drop(verify_attached(&signed, &[]).expect("verifies")));
    rate("verify seal, certificate parsed each time", || {
        drop(verify_detached(&seal, &message, &[]).expect("verifies"));
    });
    rate("verify contents and path, through the trust store", || {
        drop(trust.verify_attached(&signed, Judge::At(now())).expect("trusted"));
    });
    rate("verify seal and path, through the trust store", || {
        drop(trust.verify_detached(&seal, &message, Judge::At(now())).expect("trusted"));
    });
}
