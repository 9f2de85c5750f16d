//! Going through a whole store again, believing nothing that stands in it.
//!
//! In this order: the database file itself, the tables' definitions, every entry with its pieces (leaf, tree, versions), stored
//! nodes and head, every checkpoint stored or given, jobs, and the derived tables against a fresh copy made from the entries.

mod jobs;
mod pieces;
mod projections;
mod tables;

use std::collections::HashMap;
use std::sync::Arc;

use theriac_journal::verifier::Kept;
use theriac_journal::{BadEntry, Hash, NoteVerifier, Recorded, Report, TileNode, Verifier, Where, Wrong};

use crate::engine::{Access, Address, Begin, Connection, Tx};
use crate::error::StoreError;
use crate::projection::Projection;
use crate::read;
use crate::value::Row;

/// Entries read at a time.
const CHUNK: u64 = 512;
/// After this many entries that cannot be read the rest is not tried.
const UNREADABLE_MAX: u64 = 1_000;

/// What to check, and against what.
#[derive(Clone)]
pub struct CheckOptions {
    /// `sqlite:PATH` or `postgres://...`.
    pub url: String,
    /// The journal's name in its checkpoints.
    pub origin: String,
    /// Keys whose checkpoints are believed.
    pub trusted: Vec<NoteVerifier>,
    /// Checkpoints that were kept elsewhere, as signed notes. Only they show that the end was cut off together with the stored
    /// checkpoints, or that everything was rewritten with today's key.
    pub exported: Vec<String>,
    /// The derived tables to compare.
    pub projections: Vec<Arc<dyn Projection>>,
    /// A clock that goes back by more than this is noted.
    pub clock_tolerance_ms: i64,
}

impl CheckOptions {
    /// Entries of one batch come from several threads; going back by less than this is their usual disorder.
    pub const CLOCK_TOLERANCE_MS: i64 = 5_000;
}

/// Checks a store and names the first entry that is not what was written. The store may be in use.
///
/// # Errors
/// Only when the store cannot be reached at all (`Url`, `Open`); whatever is wrong with it is in the report.
pub fn check_store(options: &CheckOptions) -> Result<Report, StoreError> {
    let address = Address::parse(&options.url)?;
    if matches!(&address, Address::Sqlite(path) if !path.is_file()) {
        return Err(StoreError::Open { url: options.url.clone(), why: "there is no such file".into() });
    }
    let connected = address.connect(Access::Read).and_then(|mut connection| {
        connection.begin(Begin::Snapshot)?;
        Ok(connection)
    });
    let mut connection = match (connected, &address) {
        (Ok(connection), _) => connection,
        // The file is there, so what SQLite does not like is the file.
        (Err(error), Address::Sqlite(_)) => {
            let mut report = Report::default();
            report.add(beside(Wrong::Database, error.to_string()));
            return Ok(report);
        }
        (Err(error), Address::Postgres(_)) => return Err(error),
    };
    let report = Check { options, address: &address, found: Vec::new() }.run(connection.as_mut());
    connection.rollback();
    Ok(report)
}

/// A check under way.
struct Check<'a> {
    options: &'a CheckOptions,
    address: &'a Address,
    /// Bad places found outside the verifier.
    found: Vec<BadEntry>,
}

/// What the pass over the entries collects for the later steps.
#[derive(Default)]
struct Pass {
    /// Every node the entries complete.
    nodes: HashMap<(u32, u64), Hash>,
    /// Digests of jobs that entries wrote down, with those entries, and of jobs that entries finished.
    created: HashMap<u64, Vec<Hash>>,
    finished: HashMap<Hash, u64>,
    unreadable: u64,
}

impl Check<'_> {
    fn run(mut self, connection: &mut dyn Connection) -> Report {
        let tx = connection.as_tx();
        self.step(Wrong::Database, |check| tables::check(tx, check.options, &mut check.found));
        let notes =
            self.step(Wrong::BadCheckpoint, |check| stored_checkpoints(tx, &mut check.found)).unwrap_or_default();
        let head = self.step(Wrong::Tree, |_| read::head(tx, ""));
        let outside = self.options.exported.iter().map(|note| (note.clone(), Kept::Outside));
        let checkpoints: Vec<(String, Kept)> =
            notes.into_iter().map(|note| (note, Kept::Inside)).chain(outside).collect();
        let mut verifier =
            Verifier::new(&self.options.origin, &self.options.trusted, &checkpoints, self.options.clock_tolerance_ms);
        let mut pass = Pass::default();
        let mut fresh =
            self.step(Wrong::Projection, |check| projections::Fresh::new(check.address, &check.options.projections));
        self.entries(tx, head.map(|head| head.size), &mut verifier, &mut pass, fresh.as_mut());
        let mut report =
            verifier.finish(head.map(|head| (head.size, head.root)), &mut |node| keep(&mut pass.nodes, node));
        self.step(Wrong::Tree, |check| check.nodes(tx, &pass, &mut report));
        let size = report.entries;
        self.step(Wrong::Archive, |check| pieces::stray(tx, size, &mut check.found));
        self.step(Wrong::Job, |check| jobs::check(tx, &pass.created, &pass.finished, head, &mut check.found));
        // Tables made from bad entries would differ for that reason alone.
        if let Some(mut fresh) = fresh.filter(|_| report.is_clean()) {
            self.step(Wrong::Projection, |check| fresh.compare(tx, size, &mut check.found));
        }
        let entries_good = report.is_clean();
        for mut bad in self.found {
            // A job marked finished by an entry that is gone is a consequence: the entry is what must be named first.
            if bad.wrong == Wrong::Job && !entries_good {
                bad.at = Where::Beside;
            }
            report.add(bad);
        }
        report
    }

    /// Runs a step; an error of the database becomes a bad place of the kind given.
    fn step<T>(&mut self, wrong: Wrong, run: impl FnOnce(&mut Self) -> Result<T, StoreError>) -> Option<T> {
        match run(self) {
            Ok(value) => Some(value),
            Err(error) => {
                let wrong = if matches!(error, StoreError::Damaged(_)) { Wrong::Database } else { wrong };
                self.found.push(beside(wrong, error.to_string()));
                None
            }
        }
    }

    /// Reads every entry. Where a group cannot be read, its entries are tried one by one, so that the bad one is named.
    fn entries(
        &mut self,
        tx: &mut dyn Tx,
        size: Option<u64>,
        verifier: &mut Verifier,
        pass: &mut Pass,
        mut fresh: Option<&mut projections::Fresh<'_>>,
    ) {
        let sql = format!("SELECT {} FROM entries WHERE seq >= $1 ORDER BY seq LIMIT $2", read::COLUMNS);
        let mut next = i64::MIN;
        loop {
            match tx.query(&sql, &[next.into(), CHUNK.into()]) {
                Ok(rows) => {
                    let Some(last) = rows.last() else { return };
                    let after = last.int(0).ok().and_then(|seq| seq.checked_add(1));
                    self.group(tx, &rows, verifier, pass, fresh.as_deref_mut());
                    let Some(after) = after.filter(|after| *after > next) else { return };
                    next = after;
                }
                Err(error) => {
                    let first = u64::try_from(next).unwrap_or(0);
                    let Some(size) = size.filter(|size| *size > first) else {
                        self.found.push(beside(Wrong::Database, error.to_string()));
                        return;
                    };
                    let end = size.min(first + CHUNK);
                    for seq in first..end {
                        self.single(tx, seq, verifier, pass, fresh.as_deref_mut());
                        if pass.unreadable > UNREADABLE_MAX {
                            return;
                        }
                    }
                    next = i64::try_from(end).unwrap_or(i64::MAX);
                }
            }
        }
    }

    fn single(
        &mut self,
        tx: &mut dyn Tx,
        seq: u64,
        verifier: &mut Verifier,
        pass: &mut Pass,
        fresh: Option<&mut projections::Fresh<'_>>,
    ) {
        let sql = format!("SELECT {} FROM entries WHERE seq = $1", read::COLUMNS);
        match tx.query(&sql, &[seq.into()]) {
            Ok(rows) => self.group(tx, &rows, verifier, pass, fresh),
            Err(error) => {
                pass.unreadable += 1;
                verifier.push_unreadable(seq, &error.to_string(), &mut |node| keep(&mut pass.nodes, node));
            }
        }
    }

    fn group(
        &mut self,
        tx: &mut dyn Tx,
        rows: &[Row],
        verifier: &mut Verifier,
        pass: &mut Pass,
        mut fresh: Option<&mut projections::Fresh<'_>>,
    ) {
        let mut links = Vec::new();
        for row in rows {
            let read = read::entry(row).and_then(|entry| {
                entry.check().map_err(|error| StoreError::Damaged(error.to_string()))?;
                Ok((entry, read::hash(row, 13)?))
            });
            match read {
                Ok((entry, leaf)) => {
                    pieces::note_links(&entry, &mut links);
                    jobs::note_links(&entry, &mut pass.created, &mut pass.finished);
                    if let Some(fresh) = fresh.as_deref_mut() {
                        fresh.apply(tx, &entry);
                    }
                    let recorded = Recorded { entry, stored_leaf: Some(leaf) };
                    verifier.push(recorded, &mut |node| keep(&mut pass.nodes, node));
                }
                Err(error) => {
                    pass.unreadable += 1;
                    let seq = row.u64(0).unwrap_or(0);
                    verifier.push_unreadable(seq, &error.to_string(), &mut |node| keep(&mut pass.nodes, node));
                }
            }
        }
        self.step(Wrong::Archive, |check| pieces::check(tx, rows, links, &mut check.found));
    }

    /// Compares the stored nodes with those the entries give, and uses them to say where something was rewritten with care.
    fn nodes(&mut self, tx: &mut dyn Tx, pass: &Pass, report: &mut Report) -> Result<(), StoreError> {
        let mut stored = HashMap::new();
        tx.each("SELECT level, place, hash FROM nodes", &[], &mut |row| {
            let level = u32::try_from(row.int(0)?).unwrap_or(u32::MAX);
            stored.insert((level, row.u64(1).unwrap_or(u64::MAX)), read::hash(&row, 2).unwrap_or_default());
            Ok(())
        })?;
        let first_wrong = pass
            .nodes
            .iter()
            .filter(|(place, hash)| stored.get(place) != Some(hash))
            .map(|((level, index), _)| (*level, *index))
            .min();
        if let Some((1, block)) = first_wrong {
            // Stored nodes were made before the change: the first block that differs holds the first entry that was changed.
            if let Some(bad) = report.bad.iter_mut().find(|bad| bad.wrong == Wrong::Rewritten) {
                bad.at = Where::Between { first: block * 256, last: block * 256 + 255 };
                return Ok(());
            }
        }
        if let Some((level, index)) = first_wrong.filter(|_| report.bad.iter().all(|bad| bad.at == Where::Beside)) {
            let detail = format!("stored node {index} of level {level} is not what the entries give");
            self.found.push(beside(Wrong::Tree, detail));
        }
        if let Some((level, index)) = stored.keys().find(|place| !pass.nodes.contains_key(place)) {
            let detail = format!("there is a stored node {index} of level {level} that no entries give");
            self.found.push(beside(Wrong::Tree, detail));
        }
        Ok(())
    }
}

fn keep(nodes: &mut HashMap<(u32, u64), Hash>, node: TileNode) {
    nodes.insert((node.tile_level, node.index), node.hash);
}

fn beside(wrong: Wrong, detail: String) -> BadEntry {
    BadEntry { at: Where::Beside, wrong, detail }
}

/// The stored checkpoints; their other columns must say what the notes say.
fn stored_checkpoints(tx: &mut dyn Tx, found: &mut Vec<BadEntry>) -> Result<Vec<String>, StoreError> {
    let rows = tx.query("SELECT size, note, exported FROM checkpoints ORDER BY size", &[])?;
    let mut notes = Vec::with_capacity(rows.len());
    for row in &rows {
        let note = row.text(1)?;
        let said = theriac_journal::Checkpoint::parse_unverified(note).map(|checkpoint| checkpoint.size).ok();
        if said.is_some() && said != row.u64(0).ok() || !matches!(row.int(2), Ok(0 | 1)) {
            let detail = "a checkpoint's row does not say what its note says".to_owned();
            found.push(beside(Wrong::BadCheckpoint, detail));
        }
        notes.push(note.to_owned());
    }
    let latest_kept = rows.iter().filter(|row| row.int(2) == Ok(0)).count();
    if latest_kept > 1 {
        found.push(beside(Wrong::BadCheckpoint, "more than one checkpoint is marked as not exported".into()));
    }
    Ok(notes)
}
