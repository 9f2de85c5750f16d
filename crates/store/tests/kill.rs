//! Killed at any moment, the store loses nothing it acknowledged.
//!
//! The test starts itself again as a child that appends from several threads and prints each acknowledgement; the parent
//! kills it at a random moment, opens the store and looks for every one. `THERIAC_KILLS` sets how often.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{World, job, on_both, one, piece};
use theriac_store::{Engine, Store};

const NAME: &str = "killed_at_any_moment_the_store_loses_nothing_it_acknowledged";
const CHILD: &str = "THERIAC_KILL_CHILD";

#[test]
fn killed_at_any_moment_the_store_loses_nothing_it_acknowledged() {
    if let Ok(url) = std::env::var(CHILD) {
        append_until_killed(&url);
        return;
    }
    let kills: Option<u32> = std::env::var("THERIAC_KILLS").ok().and_then(|n| n.parse().ok());
    on_both(|world| {
        let kills = kills.unwrap_or(if world.engine == Engine::Sqlite { 100 } else { 25 });
        let mut acknowledged = 0;
        drop(world.open());
        for kill in 0..kills {
            let acks = run_and_kill(world, Duration::from_micros(u64::from(kill * 7_919 % 30_011)));
            let store = world.open();
            let size = store.size().unwrap();
            for ack in &acks {
                assert!(ack.seq < size, "kill {kill}: entry {} was acknowledged and is gone", ack.seq);
            }
            if let (Some(first), Some(last)) = (acks.iter().map(|a| a.seq).min(), acks.iter().map(|a| a.seq).max()) {
                let entries = store.entries(first..last + 1).unwrap();
                for ack in &acks {
                    let entry = &entries[usize::try_from(ack.seq - first).unwrap()];
                    assert_eq!((entry.seq, &entry.stream, entry.version), (ack.seq, &ack.stream, ack.version));
                }
            }
            acknowledged += acks.len();
            if kill % 20 == 0 || kill + 1 == kills {
                let report = store.check(&[]).unwrap();
                assert!(report.is_clean(), "kill {kill}: {:?}", report.first_bad());
            }
        }
        assert!(acknowledged > 0);
        println!("{:?}: {kills} kills, {acknowledged} acknowledged, none lost", world.engine);
    });
}

struct Ack {
    seq: u64,
    stream: String,
    version: u64,
}

/// Starts the child, waits for its first acknowledgement and then for `wait`, kills it, and returns what it printed.
fn run_and_kill(world: &World, wait: Duration) -> Vec<Ack> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture", "--test-threads=1"])
        .env(CHILD, &world.url)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let reader = BufReader::new(child.stdout.take().unwrap());
    let mut acks = Vec::new();
    let mut deadline = None;
    for line in reader.lines() {
        // A line that the kill cut short was not an acknowledgement anybody could read.
        let Ok(line) = line else { break };
        if let Some(ack) = parse(&line) {
            acks.push(ack);
            let deadline = *deadline.get_or_insert_with(|| Instant::now() + wait);
            if Instant::now() >= deadline {
                kill(&mut child);
            }
        }
    }
    kill(&mut child);
    acks
}

fn kill(child: &mut Child) {
    // SIGKILL: the process gets no chance to finish anything.
    let _ = child.kill();
    let _ = child.wait();
}

fn parse(line: &str) -> Option<Ack> {
    let mut words = line.strip_prefix("ack ")?.strip_suffix(" .")?.split(' ');
    Some(Ack {
        seq: words.next()?.parse().ok()?,
        stream: words.next()?.to_owned(),
        version: words.next()?.parse().ok()?,
    })
}

fn append_until_killed(url: &str) {
    let options = theriac_store::Options::new(url, common::ORIGIN)
        .signer(common::signer())
        .projection(std::sync::Arc::new(common::Totals))
        .projection(std::sync::Arc::new(common::Kinds));
    let store = Store::open(options).unwrap();
    let run = store.size().unwrap();
    // The harness leaves its own line open.
    println!();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let store = &store;
            scope.spawn(move || {
                // Ended by the kill; the bound only keeps a child whose parent died from running for ever.
                for n in 0..20_000u64 {
                    let stream = format!("rx/{run}/{thread}/{}", n / 3);
                    let mut append = one(&stream, n % 3, 1);
                    append.events[0].archive = vec![piece("<Message/>")];
                    append.jobs = vec![job(&format!("{stream}/{n}"), 0)];
                    let appended = store.append(append).unwrap();
                    let line = format!("ack {} {stream} {} .\n", appended.seqs.start, appended.versions[0]);
                    let mut out = std::io::stdout().lock();
                    out.write_all(line.as_bytes()).unwrap();
                    out.flush().unwrap();
                }
            });
        }
    });
}
