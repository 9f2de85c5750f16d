//! A store made again from its segments is the same store, and nothing else passes for one.
#![allow(clippy::unwrap_used)]

mod common;

use std::process::{Command, Stdio};
use std::time::Duration;

use common::{ORIGIN, World, event, job, on_both, one, piece, signer};
use theriac_journal::Entry;
use theriac_store::{Append, NewJob, Restore, Segment, Store, StoreError};

const NAME: &str = "a_restore_that_was_killed_goes_on_where_it_stopped";
const CHILD: &str = "THERIAC_RESTORE_CHILD";

/// A journal with pieces, open and finished jobs, checkpoints that left the house, and something erased.
fn filled(world: &World, entries: u64) -> Store {
    let store = world.open();
    for n in 0..entries {
        let mut append = one(&format!("rx/{}", n / 4), n % 4, i64::try_from(n).unwrap());
        append.events[0].archive = vec![piece(&format!("<Message>{n}</Message>"))];
        append.jobs = vec![job(&format!("job/{n}"), 5)];
        let appended = store.append(append).unwrap();
        if n % 3 == 0 {
            let done = Append {
                events: vec![event("done", "amount.added", 1)],
                finished_jobs: appended.jobs,
                ..Append::default()
            };
            store.append(done).unwrap();
        }
        if n % 10 == 0 {
            store.export_checkpoint().unwrap();
        }
    }
    store
}

fn segments(store: &Store, weight_max: usize) -> Vec<Segment> {
    let (mut from, mut segments) = (0, Vec::new());
    while let Some(segment) = store.segment(from, u64::MAX, weight_max).unwrap() {
        from = segment.seqs.end;
        segments.push(segment);
    }
    segments
}

fn none(_: &Entry) -> Vec<u64> {
    Vec::new()
}

/// An empty place on the engine of `world`.
fn elsewhere(world: &World) -> World {
    if world.engine == theriac_store::Engine::Sqlite { World::sqlite() } else { World::postgres().unwrap() }
}

fn restore(segments: &[Segment], to: &World) -> Result<(), StoreError> {
    let mut restore = Restore::begin(&to.url, ORIGIN, vec![signer().verifier()])?;
    for segment in segments {
        restore.take(&segment.bytes, &none)?;
    }
    restore.finish()
}

#[test]
fn a_store_comes_back_from_its_segments_with_archive_jobs_checkpoints_and_tables() {
    on_both(|world| {
        let store = filled(world, 60);
        for weight in [1, 4_000, usize::MAX] {
            let segments = segments(&store, weight);
            assert_eq!(segments.len() == 1, weight == usize::MAX);
            let other = elsewhere(world);
            restore(&segments, &other).unwrap();
            let again = other.open();
            let size = store.size().unwrap();
            assert_eq!(again.entries(0..size).unwrap(), store.entries(0..size).unwrap());
            assert_eq!(again.size().unwrap(), size);
            for seq in 0..size {
                assert_eq!(again.archive(seq).unwrap(), store.archive(seq).unwrap());
            }
            assert_eq!(again.due_jobs(10, 100).unwrap(), store.due_jobs(10, 100).unwrap());
            let notes = "SELECT size, note, exported FROM checkpoints ORDER BY size";
            assert_eq!(again.query(notes, &[]).unwrap(), store.query(notes, &[]).unwrap());
            assert!(again.check(&[]).unwrap().is_clean());
            let fresh = NewJob { key: "fresh".to_owned(), ..job("fresh", 1) };
            let more =
                Append { events: vec![event("rx/0", "amount.added", 1)], jobs: vec![fresh], ..Append::default() };
            again.append(more).unwrap();
            assert!(again.check(&[]).unwrap().is_clean(), "work goes on in the restored store");
        }
    });
}

#[test]
fn what_was_erased_after_it_was_copied_does_not_come_back() {
    on_both(|world| {
        let store = filled(world, 8);
        let first = segments(&store, usize::MAX);
        let gone = Append { events: vec![event("retention", "erased", 2)], ..Append::default() };
        store.append_erasing(gone, &[2]).unwrap();
        let from = first[0].seqs.end;
        let second = store.segment(from, u64::MAX, usize::MAX).unwrap().unwrap();
        let other = elsewhere(world);
        let mut restore = Restore::begin(&other.url, ORIGIN, vec![signer().verifier()]).unwrap();
        let erased = |entry: &Entry| if entry.kind == "erased" { vec![2] } else { Vec::new() };
        restore.take(&first[0].bytes, &erased).unwrap();
        restore.take(&second.bytes, &erased).unwrap();
        assert_eq!(
            restore.root(),
            theriac_journal::Checkpoint::parse_unverified(&store.checkpoint().unwrap().unwrap()).unwrap().root
        );
        restore.finish().unwrap();
        let again = other.open();
        assert_eq!(again.entry(2).unwrap().body_bytes(), None);
        assert!(again.archive(2).unwrap().is_empty());
        assert!(again.check(&[]).unwrap().is_clean());
    });
}

#[test]
fn nothing_that_was_changed_dropped_or_added_is_restored() {
    let world = World::sqlite();
    let store = filled(&world, 20);
    let parts = segments(&store, 2_000);
    assert!(parts.len() > 3);
    let check = |segments: &[Segment], expected: &str| {
        let other = World::sqlite();
        let error = restore(segments, &other).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(
            matches!(Store::open(other.options()), Err(StoreError::Config(_))),
            "half of it is no store to work in"
        );
    };
    check(&parts[1..], "entry 0 is the next");
    check(&[parts[0].clone(), parts[2].clone()], "is the next");
    check(&[parts[0].clone(), parts[0].clone()], "is the next");
    let text = |segment: &Segment, from: &[u8], to: &[u8]| {
        let mut bytes = segment.bytes.clone();
        let at = bytes.windows(from.len()).position(|part| part == from).unwrap();
        bytes[at..at + to.len()].copy_from_slice(to);
        Segment { bytes, ..segment.clone() }
    };
    check(&[text(&parts[0], b"<Message>0", b"<Message>9")], "is not what was archived");
    let whole = segments(&store, usize::MAX);
    check(&[text(&whole[0], b"{\"amount\":7}", b"{\"amount\":9}")], "signed another tree");
    check(&[text(&whole[0], b"practitioner AB", b"practitioner XY")], "signed another tree");
    check(&[text(&whole[0], b"theriac-segment", b"theriac-another")], "do not begin with its format");
    for cut in [0, 1, 19, 40, whole[0].bytes.len() / 2, whole[0].bytes.len() - 1] {
        let short = Segment { bytes: whole[0].bytes[..cut].to_vec(), ..whole[0].clone() };
        assert!(restore(&[short], &World::sqlite()).is_err(), "{cut} bytes");
    }
    let stranger = theriac_journal::NoteSigner::from_seed(ORIGIN, &[8; 32]).unwrap();
    let mut restore = Restore::begin(&World::sqlite().url, ORIGIN, vec![stranger.verifier()]).unwrap();
    assert!(restore.take(&whole[0].bytes, &none).is_err(), "a checkpoint by a key that is not believed");
}

#[test]
fn a_store_that_is_in_use_is_never_restored_over() {
    on_both(|world| {
        let store = filled(world, 3);
        let refused = Restore::begin(&world.url, ORIGIN, vec![signer().verifier()]);
        assert!(matches!(refused, Err(StoreError::Config(why)) if why.contains("empty place")));
        assert!(store.check(&[]).unwrap().is_clean());
    });
}

#[test]
fn a_restore_that_was_killed_goes_on_where_it_stopped() {
    if let Ok(dir) = std::env::var(CHILD) {
        restore_until_killed(&dir);
        return;
    }
    let world = World::sqlite();
    let store = filled(&world, 400);
    let segments = segments(&store, 3_000);
    for (n, segment) in segments.iter().enumerate() {
        std::fs::write(world.dir.path().join(format!("{n:04}.segment")), &segment.bytes).unwrap();
    }
    for round in 0..12u64 {
        let _ = std::fs::remove_file(world.dir.path().join("again.db"));
        for kill in 0..3 {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", NAME, "--nocapture", "--test-threads=1"])
                .env(CHILD, world.dir.path())
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_millis(4 + (round * 3 + kill) * 7 % 45));
            // SIGKILL: the process gets no chance to finish anything.
            let _ = child.kill();
            let _ = child.wait();
        }
        restore_until_killed(world.dir.path().to_str().unwrap());
        let mut options = world.options();
        options.url = format!("sqlite:{}", world.dir.path().join("again.db").display());
        let again = Store::open(options).unwrap();
        assert_eq!(again.size().unwrap(), store.size().unwrap());
        assert!(again.check(&[]).unwrap().is_clean(), "round {round}");
        drop(again);
        for name in ["again.db-wal", "again.db-shm"] {
            let _ = std::fs::remove_file(world.dir.path().join(name));
        }
    }
}

fn restore_until_killed(dir: &str) {
    let dir = std::path::Path::new(dir);
    let url = format!("sqlite:{}", dir.join("again.db").display());
    let Ok(mut restore) = Restore::begin(&url, ORIGIN, vec![signer().verifier()]) else { return };
    let mut n = 0;
    while let Ok(bytes) = std::fs::read(dir.join(format!("{n:04}.segment"))) {
        n += 1;
        // Those that were taken before the kill are passed over.
        match restore.take(&bytes, &none) {
            Ok(()) => {}
            Err(StoreError::Damaged(why)) if why.contains("is the next") => {}
            Err(error) => panic!("{error}"),
        }
    }
    restore.finish().unwrap();
}
