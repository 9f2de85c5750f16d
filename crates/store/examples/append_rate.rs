//! How many small events a second the store makes durable, and what one `fdatasync` costs on the same disk in the same run.
//!
//! ```text
//! cargo run --release -p theriac-store --example append_rate [URL] [EVENTS]
//! ```
//! URL is `sqlite:PATH` (default: a temporary file) or `postgres://...` with an empty schema; EVENTS defaults to 200000.
#![allow(clippy::print_stdout)] // a command-line program

use std::error::Error;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use theriac_journal::NoteSigner;
use theriac_store::{Append, NewEvent, Options, Store};

const ORIGIN: &str = "example.org/append-rate";

fn main() -> Result<(), Box<dyn Error>> {
    let dir = std::env::temp_dir().join(format!("theriac-append-rate-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().unwrap_or_else(|| format!("sqlite:{}", dir.join("store.db").display()));
    let events: u64 = arguments.next().map_or(Ok(200_000), |n| n.parse())?;
    let sync_us = sync_p50_us(&dir)?;
    println!("fdatasync of 4 KiB, p50: {sync_us} us");

    let signer = Arc::new(NoteSigner::from_seed(ORIGIN, &[1; 32])?);
    let store = Store::open(Options::new(&url, ORIGIN).signer(signer))?;
    for threads in [1, 2, 16, 64] {
        let each = events / 100 / threads;
        let start = Instant::now();
        std::thread::scope(|scope| {
            for thread in 0..threads {
                let store = &store;
                scope.spawn(move || {
                    for n in 0..each {
                        if let Err(error) = store.append(small(&format!("wait/{threads}/{thread}/{n}"))) {
                            println!("refused: {error}");
                        }
                    }
                });
            }
        });
        rate(&format!("{threads} threads, each waiting for its own append"), each * threads, start);
    }
    let start = Instant::now();
    let tickets = (0..events).map(|n| store.submit(small(&format!("pipe/{n}")))).collect::<Result<Vec<_>, _>>()?;
    for ticket in tickets {
        ticket.wait()?;
    }
    rate("one thread, all on their way at once", events, start);
    let start = Instant::now();
    let size = store.size()?;
    let report = store.check(&[])?;
    rate("check", report.entries, start);
    drop(store);
    std::fs::remove_dir_all(&dir)?;
    if report.is_clean() && report.entries == size { Ok(()) } else { Err(format!("not clean: {report:?}").into()) }
}

fn small(stream: &str) -> Append {
    Append {
        expected: vec![(stream.to_owned(), 0)],
        events: vec![NewEvent {
            stream: stream.to_owned(),
            at_ms: 1_268_000_000_000,
            actor: "practitioner AB1234563".to_owned(),
            role: "practitioner".to_owned(),
            location: "FP1234563".to_owned(),
            law: "strictest".to_owned(),
            kind: "prescription.signed".to_owned(),
            format: 1,
            body: vec![b'7'; 300],
            archive: Vec::new(),
        }],
        ..Append::default()
    }
}

fn rate(what: &str, count: u64, start: Instant) {
    let took = start.elapsed();
    let per_second = u128::from(count) * 1_000_000 / took.as_micros().max(1);
    println!("{what}: {count} in {} ms, {per_second} a second", took.as_millis());
}

fn sync_p50_us(dir: &std::path::Path) -> std::io::Result<u128> {
    let mut file = std::fs::File::create(dir.join("sync"))?;
    let mut times = Vec::new();
    for _ in 0..201 {
        file.write_all(&[7; 4_096])?;
        let start = Instant::now();
        file.sync_data()?;
        times.push(start.elapsed().as_micros());
    }
    times.sort_unstable();
    Ok(times[100])
}
