//! Single bytes of a stored database file changed at random: each change is either found or changes nothing that is stored.
//!
//! `THERIAC_BYTE_CHANGES` sets how many changes are tried; the usual run tries a sample.
#![allow(clippy::unwrap_used)]

mod common;

use std::fmt::Write as _;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use common::{World, job, one, piece};
use theriac_journal::hash::sha256;
use theriac_journal::{Where, Wrong};
use theriac_store::{Append, JobId, Value};

const SAMPLE: u32 = 400;
/// The actor of the last entry and of no other: it stands in the file once.
const MARKED: &str = "pharmacist who is named once";

/// A closed store with everything in it: pieces small and large, jobs open and finished, exported checkpoints, free space.
fn filled() -> World {
    let world = World::sqlite();
    let store = world.open();
    let mut appends = Vec::new();
    for seq in 0..300u64 {
        let mut append = one(&format!("rx/{}", seq % 40), seq / 40, 5);
        if seq % 7 == 0 {
            append.events[0].archive = vec![piece(&"<Message/>".repeat(1 + usize::try_from(seq).unwrap() * 5))];
        }
        if seq % 11 == 0 {
            append.jobs = vec![job(&format!("k{seq}"), 10)];
        }
        if seq == 100 {
            append.finished_jobs = vec![JobId(1), JobId(3)];
        }
        appends.push(append);
        if seq % 10 == 9 {
            assert!(store.append_many(std::mem::take(&mut appends)).iter().all(Result::is_ok));
        }
        if seq % 100 == 50 {
            store.export_checkpoint().unwrap();
        }
    }
    store.retry_job(JobId(2), 99, "no answer").unwrap();
    // Made again: the old pages stay in the file as free space.
    store.rebuild().unwrap();
    let mut marked = common::event("rx/marked", "amount.added", 1);
    MARKED.clone_into(&mut marked.actor);
    store.append(Append { events: vec![marked], ..Append::default() }).unwrap();
    assert!(store.check(&[]).unwrap().is_clean());
    drop(store);
    assert!(!world.dir.path().join("store.db-wal").exists(), "the write-ahead log is folded in at the end");
    world
}

/// Everything the file says, read without our code.
fn contents(world: &World) -> String {
    let connection = rusqlite::Connection::open(world.path()).unwrap();
    let list = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let mut text = String::new();
    for sql in list("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name") {
        text.push_str(&sql);
    }
    for table in list("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                write!(text, "{:?};", row.get_ref(column).unwrap()).unwrap();
            }
        }
    }
    sha256(text.as_bytes()).to_hex()
}

/// Numbers that look random and are the same in every run (an affine generator modulo 2^64, upper bits).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Requirements: epcs-pre-5-insider-prevention
#[test]
fn every_single_byte_change_of_a_stored_database_is_found_or_changes_nothing_stored() {
    let changes = std::env::var("THERIAC_BYTE_CHANGES").ok().and_then(|n| n.parse().ok()).unwrap_or(SAMPLE);
    let world = filled();
    let good = contents(&world);
    let pristine = std::fs::read(world.path()).unwrap();
    let mut numbers = Numbers(2_008);
    let (mut found, mut harmless) = (0, 0);
    for number in 0..changes {
        let place = numbers.below(pristine.len() as u64);
        let old = pristine[usize::try_from(place).unwrap()];
        let new = old ^ u8::try_from(1 + numbers.below(255)).unwrap();
        let mut file = std::fs::OpenOptions::new().read(true).write(true).open(world.path()).unwrap();
        let put = |file: &mut std::fs::File, byte: u8| {
            file.seek(SeekFrom::Start(place)).unwrap();
            file.write_all(&[byte]).unwrap();
        };
        put(&mut file, new);
        if world.check(&[]).is_clean() {
            assert_eq!(contents(&world), good, "change {number}: byte {place} from {old} to {new} was not found");
            harmless += 1;
        } else {
            found += 1;
        }
        put(&mut file, old);
        for name in ["store.db-wal", "store.db-shm", "store.db-journal"] {
            let _ = std::fs::remove_file(world.dir.path().join(name));
        }
        // The check must not have written either.
        if number % 50 == 0 {
            let mut now = Vec::new();
            file.seek(SeekFrom::Start(0)).unwrap();
            file.read_to_end(&mut now).unwrap();
            assert!(now == pristine, "change {number}: the check wrote to the file");
        }
    }
    println!("{changes} changes in {} bytes: {found} found, {harmless} harmless", pristine.len());
    assert!(found > harmless, "most bytes of a store matter");
}

#[test]
fn a_damaged_entry_is_named_where_the_rest_can_still_be_read() {
    let world = filled();
    let good = std::fs::read(world.path()).unwrap();
    let place = good.windows(MARKED.len()).position(|window| window == MARKED.as_bytes()).unwrap();
    let mut bad = good.clone();
    bad[place + 3] ^= 1;
    std::fs::write(world.path(), &bad).unwrap();
    let report = world.check(&[]);
    let first = report.first_bad().unwrap();
    assert_eq!((first.at, first.wrong), (Where::Entry(300), Wrong::Edited), "{report:?}");
    // No longer text: the entry cannot be read, and is still the one that is named.
    bad[place + 3] = 0xFF;
    std::fs::write(world.path(), &bad).unwrap();
    let report = world.check(&[]);
    let first = report.first_bad().unwrap();
    assert_eq!((first.at, first.wrong), (Where::Entry(300), Wrong::Unreadable), "{report:?}");
}

#[test]
fn a_file_cut_short_is_reported_without_panic() {
    let world = filled();
    let good = std::fs::read(world.path()).unwrap();
    for keep in [0, 50, 100, 4_096, 8_192, good.len() / 2, good.len() - 4_096, good.len() - 1] {
        std::fs::write(world.path(), &good[..keep]).unwrap();
        let report = world.check(&[]);
        assert!(!report.is_clean(), "{keep} of {} bytes", good.len());
        for name in ["store.db-wal", "store.db-shm"] {
            let _ = std::fs::remove_file(world.dir.path().join(name));
        }
    }
}

#[test]
fn a_damaged_store_refuses_to_go_on_without_panic() {
    let world = filled();
    let good = std::fs::read(world.path()).unwrap();
    let pages = good.len() / 4_096;
    for page in 0..pages {
        let mut bad = good.clone();
        bad[page * 4_096..(page + 1) * 4_096].fill(0xA5);
        std::fs::write(world.path(), &bad).unwrap();
        // It may open when the page is not one it needs; whatever it then does is an answer, not a panic.
        if let Ok(store) = theriac_store::Store::open(world.options()) {
            let _ = store.append(one("rx/1", 0, 1));
            let _ = store.query("SELECT count(*) FROM entries", &[Value::Null]);
            let _ = store.entries(0..1_000);
            let _ = store.check(&[]);
        }
        for name in ["store.db-wal", "store.db-shm"] {
            let _ = std::fs::remove_file(world.dir.path().join(name));
        }
    }
}
