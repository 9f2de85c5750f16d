//! An insider's bytes: single-byte changes to a stored database, each of which must be found or leave nothing changed.

use super::Scratch;
use crate::commands::demo::told_world;
use crate::commands::deployment::demonstration;
use crate::demo::insider::{check_copy, copy_database};
use crate::output::{Outcome, Problem};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Instant;

/// A small generator of our own, so that a run can be repeated: splitmix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % (limit as u64).max(1)).unwrap_or(0)
    }
}

pub(crate) fn run(changes: u32, seed: u64) -> Result<Outcome, Problem> {
    let scratch = Scratch::new("insider")?;
    let house = told_world(&scratch.0, demonstration(), &mut std::io::sink())?;
    let checkpoint = house.store.export_checkpoint().map_err(crate::house::store_problem)?;
    let copy = copy_database(&house, &scratch.0.join("copy"))?;
    let clean = fs::read(&copy).map_err(|error| Problem::unreadable(&copy, &error))?;
    let meaning = dump(&copy)?;
    let exported = [checkpoint];
    let mut dice = Dice(seed);
    let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
    let (mut harmless, mut missed) = (0u32, 0u32);
    let started = Instant::now();
    for _ in 0..changes {
        let at = dice.below(clean.len());
        let flip = u8::try_from(1 + dice.below(255)).unwrap_or(1);
        write_at(&copy, at, clean[at] ^ flip)?;
        let report = check_copy(&house, &copy, &exported)?;
        match report.first_bad() {
            Some(bad) => *kinds.entry(bad.wrong.code()).or_default() += 1,
            None if dump(&copy).is_ok_and(|now| now == meaning) => harmless += 1,
            None => {
                missed += 1;
                println!("MISSED: byte {at}, {} became {}", clean[at], clean[at] ^ flip);
            }
        }
        fs::write(&copy, &clean).map_err(|error| Problem::unwritable(&copy, &error))?;
    }
    let found: u32 = kinds.values().sum();
    println!(
        "database            {} bytes, {} entries",
        clean.len(),
        house.store.size().map_err(crate::house::store_problem)?
    );
    println!(
        "changes             {changes} random single bytes (seed {seed}) in {:.0} s",
        started.elapsed().as_secs_f64()
    );
    println!(
        "found               {found}: {}",
        kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect::<Vec<_>>().join(", ")
    );
    println!("harmless            {harmless}: every row of every table is as before (unused space)");
    println!("missed              {missed}");
    Ok(if missed == 0 { Outcome::Done } else { Outcome::FoundWrong })
}

fn write_at(path: &Path, at: usize, byte: u8) -> Result<(), Problem> {
    let unwritable = |error: std::io::Error| Problem::unwritable(path, &error);
    let mut file = fs::OpenOptions::new().write(true).open(path).map_err(unwritable)?;
    file.seek(SeekFrom::Start(at as u64)).map_err(unwritable)?;
    file.write_all(&[byte]).map_err(unwritable)
}

/// Every row of every table, as text.
fn dump(path: &Path) -> Result<Vec<String>, Problem> {
    let failed = |error: rusqlite::Error| Problem::failed("BENCH-DUMP", error.to_string(), "report this");
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let connection = rusqlite::Connection::open_with_flags(path, flags).map_err(failed)?;
    let mut names =
        connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").map_err(failed)?;
    let names: Vec<String> = names.query_map([], |row| row.get(0)).and_then(Iterator::collect).map_err(failed)?;
    let mut rows = Vec::new();
    for name in names {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{name}\"")).map_err(failed)?;
        let columns = statement.column_count();
        let found = statement
            .query_map([], |row| {
                let values: Result<Vec<String>, _> =
                    (0..columns).map(|n| row.get_ref(n).map(|value| format!("{value:?}"))).collect();
                Ok(format!("{name}: {}", values?.join("|")))
            })
            .map_err(failed)?;
        for row in found {
            rows.push(row.map_err(failed)?);
        }
    }
    rows.sort();
    Ok(rows)
}
