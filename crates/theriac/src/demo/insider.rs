//! An insider edits one byte in a copy of the database, behind the program's back; the check names the entry.

use crate::house::House;
use crate::output::Problem;
use std::fs;
use std::path::{Path, PathBuf};
use theriac_journal::Report;
use theriac_store::{CheckOptions, check_store};

/// What the insider did and what the check said.
pub(crate) struct Found {
    /// The entry that was edited.
    pub(crate) edited: u64,
    /// What stood there and what stands there now, around the byte.
    pub(crate) before: String,
    pub(crate) after: String,
    /// The check's report.
    pub(crate) report: Report,
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> Problem {
    Problem::failed("DEMO-INSIDER", format!("{}: {error}", path.display()), "give a directory this user may write to")
}

/// Copies the SQLite database of the store to `to`, whole and by itself.
pub(crate) fn copy_database(house: &House, to: &Path) -> Result<PathBuf, Problem> {
    let from = house.store_url.strip_prefix("sqlite:").ok_or_else(|| {
        Problem::wrong_use("DEMO-INSIDER", "the store is not a SQLite file", "run the demonstration on SQLite")
    })?;
    fs::create_dir_all(to).map_err(|error| Problem::unwritable(to, &error))?;
    let copy = to.join("insider.db");
    let source = rusqlite::Connection::open_with_flags(from, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(|error| failed(Path::new(from), &error))?;
    let mut target = rusqlite::Connection::open(&copy).map_err(|error| failed(&copy, &error))?;
    let backup = rusqlite::backup::Backup::new(&source, &mut target).map_err(|error| failed(&copy, &error))?;
    backup.run_to_completion(1_000, std::time::Duration::ZERO, None).map_err(|error| failed(&copy, &error))?;
    drop(backup);
    // In one file, so that one byte of it is one byte of the database.
    target.pragma_update(None, "journal_mode", "DELETE").map_err(|error| failed(&copy, &error))?;
    Ok(copy)
}

/// Goes through a copied database as `theriac journal check` does.
pub(crate) fn check_copy(house: &House, copy: &Path, exported: &[String]) -> Result<Report, Problem> {
    check_store(&CheckOptions {
        url: format!("sqlite:{}", copy.display()),
        origin: house.config.name.clone(),
        trusted: vec![house.keys.verifier()],
        exported: exported.to_vec(),
        projections: crate::house::projections::all(),
        clock_tolerance_ms: CheckOptions::CLOCK_TOLERANCE_MS,
    })
    .map_err(crate::house::store_problem)
}

/// Makes 80 tablets of 30 in the body of the first dispensing, in a copy.
pub(crate) fn edit_one_byte(house: &House, to: &Path) -> Result<Found, Problem> {
    let copy = copy_database(house, to)?;
    let rows = house
        .store
        .query("SELECT seq, body FROM entries WHERE kind = 'rx.filled' ORDER BY seq LIMIT 1", &[])
        .map_err(crate::house::store_problem)?;
    let row = rows.first().ok_or_else(|| failed(&copy, &"there is no dispensing to edit"))?;
    let (edited, body) =
        (row.u64(0).map_err(crate::house::store_problem)?, row.blob(1).map_err(crate::house::store_problem)?);
    let mut file = fs::read(&copy).map_err(|error| failed(&copy, &error))?;
    let place = find(&file, body).ok_or_else(|| failed(&copy, &"the body was not found in the file"))?;
    let digit = find(body, b"\"30\"").ok_or_else(|| failed(&copy, &"the quantity was not found in the body"))? + 1;
    let around = |body: &[u8]| String::from_utf8_lossy(&body[digit.saturating_sub(24)..digit + 3]).into_owned();
    let before = around(body);
    file[place + digit] = b'8';
    let after = around(&file[place..place + body.len()]);
    fs::write(&copy, &file).map_err(|error| failed(&copy, &error))?;
    let report = check_copy(house, &copy, &[])?;
    Ok(Found { edited, before, after, report })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
