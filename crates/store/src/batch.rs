//! One transaction of the writer: many appends checked, placed, written and committed together.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use theriac_journal::{Checkpoint, Frontier, Hash, Link, LinkKind, NoteSigner, TileNode};

use crate::append::{Appended, PreparedAppend};
use crate::engine::{Begin, Connection, Engine, Tx};
use crate::error::{AppendError, StoreError};
use crate::jobs::{self, Job, JobId, mark};
use crate::options::{Cadence, Options};
use crate::projection;
use crate::read::{self, Nodes, PLACES};
use crate::value::{Row, Value, ValueRef};

/// Streams whose version is remembered between transactions.
const VERSIONS_MAX: usize = 100_000;
/// How many values one look-up asks for at once: the smallest that is enough, else the largest several times.
const GROUPS: [usize; 4] = [1, 8, 64, 256];

/// What the writer knows of the journal's end. Another process may write too, so every transaction begins by comparing.
#[derive(Default)]
pub(crate) struct Tip {
    /// `None` until read, and after a transaction that failed.
    known: Option<(Frontier, u64)>,
    versions: HashMap<String, u64>,
    signed: Option<(u64, Instant)>,
}

impl Tip {
    /// Forgets everything, so that the next transaction reads it again.
    pub(crate) fn forget(&mut self) {
        *self = Tip { signed: self.signed, ..Tip::default() };
    }

    /// Entries that no checkpoint covers yet.
    pub(crate) fn is_unsigned(&self) -> bool {
        match (&self.known, self.signed) {
            (Some((frontier, _)), Some((size, _))) => frontier.size() > size,
            (Some((frontier, _)), None) => frontier.size() > 0,
            (None, _) => false,
        }
    }
}

/// A transaction's own view, kept apart until the commit succeeded.
struct Work<'a> {
    tx: &'a mut dyn Tx,
    options: &'a Options,
    frontier: Frontier,
    next_job: u64,
    versions: HashMap<String, u64>,
}

/// Runs a write transaction on the journal's tip and commits it. On failure nothing has happened, except for `Uncertain`.
pub(crate) fn transaction<T>(
    connection: &mut dyn Connection,
    tip: &mut Tip,
    run: impl FnOnce(&mut dyn Tx, &mut Tip) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.begin(Begin::Write)?;
    let outcome = run(connection.as_tx(), tip).and_then(|value| connection.commit().map(|()| value));
    if outcome.is_err() {
        connection.rollback();
        tip.forget();
    }
    outcome
}

/// Reads the head under the writers' lock and, when it is not where this writer left it, loads tree and projections.
pub(crate) fn take_tip(tx: &mut dyn Tx, tip: &mut Tip, options: &Options) -> Result<(), StoreError> {
    let lock = match tx.engine() {
        Engine::Sqlite => "",
        Engine::Postgres => " FOR UPDATE",
    };
    let head = read::head(tx, lock)?;
    let as_left = |(frontier, next_job): &(Frontier, u64)| frontier.size() == head.size && *next_job == head.next_job;
    if tip.known.as_ref().is_some_and(as_left) {
        return Ok(());
    }
    let frontier = Frontier::load(head.size, &Nodes::new(tx))?;
    if frontier.root() != head.root {
        return Err(StoreError::Damaged("the recorded root is not the root of the stored tree".into()));
    }
    projection::catch_up(tx, &options.projections, head.size)?;
    tip.forget();
    tip.known = Some((frontier, head.next_job));
    Ok(())
}

/// Appends all of `batch` that can be appended. The outer error means that nothing was.
pub(crate) fn append(
    connection: &mut dyn Connection,
    tip: &mut Tip,
    options: &Options,
    batch: &mut [PreparedAppend],
) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
    transaction(connection, tip, |tx, tip| append_in(tx, tip, options, batch))
}

/// Appends one, and with it erases the bodies, salts and archived pieces of `seqs`; leaves and headers stay, and the projections
/// are made again without what was erased. All of it happens, or nothing.
pub(crate) fn append_erasing(
    connection: &mut dyn Connection,
    tip: &mut Tip,
    options: &Options,
    append: PreparedAppend,
    seqs: &[u64],
) -> Result<Result<Appended, AppendError>, StoreError> {
    transaction(connection, tip, |tx, tip| {
        let outcome = append_in(tx, tip, options, &mut [append])?.pop().ok_or(StoreError::Closed)?;
        if outcome.is_err() {
            return Ok(outcome);
        }
        for seq in seqs {
            crate::restore::erase(tx, *seq)?;
        }
        let size = read::head(tx, "")?.size;
        for projection in &options.projections {
            tx.exec("DELETE FROM projections WHERE name = $1", &[projection.name().into()])?;
        }
        projection::catch_up(tx, &options.projections, size)?;
        Ok(outcome)
    })
}

fn append_in(
    tx: &mut dyn Tx,
    tip: &mut Tip,
    options: &Options,
    batch: &mut [PreparedAppend],
) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
    take_tip(tx, tip, options)?;
    let Some((frontier, next_job)) = tip.known.clone() else { return Err(StoreError::Closed) };
    if tip.versions.len() > VERSIONS_MAX {
        tip.versions.clear();
    }
    let known = std::mem::take(&mut tip.versions);
    let mut work = Work { tx, options, frontier, next_job, versions: known };
    let outcomes = work.append_all(batch)?;
    let Work { frontier, next_job, versions, .. } = work;
    tip.versions = versions;
    if outcomes.iter().any(Result::is_ok) {
        sign_if_due(tx, tip, options, &frontier)?;
    }
    tip.known = Some((frontier, next_job));
    Ok(outcomes)
}

impl Work<'_> {
    fn append_all(&mut self, batch: &mut [PreparedAppend]) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
        self.learn_versions(batch)?;
        let mut keys = self.keys_taken(batch)?;
        let mut open = self.jobs_open(batch)?;
        let mut outcomes = Vec::with_capacity(batch.len());
        let mut nodes = Vec::new();
        for append in batch.iter_mut() {
            if let Err(refused) = self.refuse(append, &keys, &open) {
                outcomes.push(Err(refused));
                continue;
            }
            let appended = self.place(append, &mut open, &mut nodes)?;
            keys.extend(append.jobs.iter().map(|(job, _)| job.key.clone()));
            outcomes.push(Ok(appended));
        }
        if outcomes.iter().all(Result::is_err) {
            return Ok(outcomes);
        }
        for TileNode { tile_level, index, hash } in nodes {
            let values = vec![tile_level.into(), index.into(), hash.0.to_vec().into()];
            self.tx.write("INSERT INTO nodes (level, place, hash) VALUES ($1, $2, $3)", values)?;
        }
        let size = self.frontier.size();
        for projection in &self.options.projections {
            projection::mark_applied(self.tx, projection.as_ref(), size)?;
        }
        self.tx.write(
            "UPDATE head SET size = $1, root = $2, next_job = $3 WHERE id = 1",
            vec![size.into(), self.frontier.root().0.to_vec().into(), self.next_job.into()],
        )?;
        Ok(outcomes)
    }

    /// Fills `versions` for every stream the batch names.
    fn learn_versions(&mut self, batch: &[PreparedAppend]) -> Result<(), StoreError> {
        let named = batch.iter().flat_map(|append| {
            let expected = append.expected.iter().map(|(stream, _)| stream);
            expected.chain(append.events.iter().map(|event| &event.entry.stream))
        });
        let unknown: HashSet<&String> = named.filter(|stream| !self.versions.contains_key(*stream)).collect();
        let unknown: Vec<Value> = unknown.into_iter().map(|stream| stream.as_str().into()).collect();
        let rows = look_up(self.tx, &unknown, &|list| {
            let rows = list.iter().map(|n| format!("({n})")).collect::<Vec<_>>().join(", ");
            format!(
                "WITH wanted (stream) AS (VALUES {rows}) SELECT wanted.stream, (SELECT entries.version FROM entries \
                 WHERE entries.stream = wanted.stream ORDER BY entries.version DESC LIMIT 1) FROM wanted"
            )
        })?;
        for row in &rows {
            let version = if row.is_null(1) { 0 } else { row.u64(1)? };
            self.versions.insert(row.text(0)?.to_owned(), version);
        }
        Ok(())
    }

    /// The idempotency keys of the batch that are taken already.
    fn keys_taken(&mut self, batch: &[PreparedAppend]) -> Result<HashSet<String>, StoreError> {
        let keys: Vec<Value> =
            batch.iter().flat_map(|append| &append.jobs).map(|(job, _)| job.key.as_str().into()).collect();
        let rows = look_up(self.tx, &keys, &|list| {
            format!("SELECT idempotency_key FROM jobs WHERE idempotency_key IN ({})", list.join(", "))
        })?;
        rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
    }

    /// The open jobs that the batch wants to finish.
    fn jobs_open(&mut self, batch: &[PreparedAppend]) -> Result<HashMap<JobId, Job>, StoreError> {
        let ids: Vec<Value> = batch.iter().flat_map(|append| &append.finished_jobs).map(|id| id.0.into()).collect();
        let rows = look_up(self.tx, &ids, &|list| {
            format!("SELECT {} FROM jobs WHERE id IN ({}) AND done_seq IS NULL", jobs::COLUMNS, list.join(", "))
        })?;
        rows.iter().map(|row| Job::read(row).map(|job| (job.id, job))).collect()
    }

    /// Whether the append must be refused, in this order: version, job to write down, job to finish.
    fn refuse(
        &self,
        append: &PreparedAppend,
        keys: &HashSet<String>,
        open: &HashMap<JobId, Job>,
    ) -> Result<(), AppendError> {
        for (stream, expected) in &append.expected {
            let found = self.versions.get(stream).copied().unwrap_or(0);
            if found != *expected {
                return Err(AppendError::Conflict { stream: stream.clone(), expected: *expected, found });
            }
        }
        let mut own = HashSet::new();
        for (job, _) in &append.jobs {
            if keys.contains(&job.key) || !own.insert(&job.key) {
                return Err(AppendError::JobExists { key: job.key.clone() });
            }
        }
        let mut own = HashSet::new();
        for id in &append.finished_jobs {
            if !open.contains_key(id) || !own.insert(id) {
                return Err(AppendError::JobNotOpen(*id));
            }
        }
        Ok(())
    }

    /// Gives the append its place and writes its rows.
    fn place(
        &mut self,
        append: &mut PreparedAppend,
        open: &mut HashMap<JobId, Job>,
        nodes: &mut Vec<TileNode>,
    ) -> Result<Appended, StoreError> {
        let first = self.frontier.size();
        let mut versions = Vec::with_capacity(append.events.len());
        let job_ids: Vec<JobId> = (self.next_job..).take(append.jobs.len()).map(JobId).collect();
        self.next_job += append.jobs.len() as u64;
        let mut job_links = Vec::new();
        for ((job, salt), id) in append.jobs.iter().zip(&job_ids) {
            let digest = theriac_journal::link::job_digest(salt, id.0, &job.kind, &job.key, &job.payload);
            job_links.push(Link { kind: LinkKind::JobCreated, digest });
            self.write_job(job, salt, *id, first)?;
        }
        for id in &append.finished_jobs {
            if let Some(job) = open.remove(id) {
                job_links.push(Link { kind: LinkKind::JobFinished, digest: job.digest() });
                self.tx.write(
                    "UPDATE jobs SET done_seq = $1, mark = $2 WHERE id = $3",
                    vec![
                        first.into(),
                        mark(*id, job.due_ms, job.attempts, &job.last_error, Some(first)).into(),
                        id.0.into(),
                    ],
                )?;
            }
        }
        for (number, event) in append.events.iter_mut().enumerate() {
            let entry = &mut event.entry;
            entry.seq = self.frontier.size();
            let version = self.versions.get(&entry.stream).copied().unwrap_or(0) + 1;
            match self.versions.get_mut(&entry.stream) {
                Some(known) => *known = version,
                None => drop(self.versions.insert(entry.stream.clone(), version)),
            }
            entry.version = version;
            versions.push(version);
            // A second try of the same append must not carry the links of the first.
            entry.links.truncate(event.pieces.len());
            if number == 0 {
                entry.links.append(&mut job_links);
            }
            let leaf = entry.leaf_with(event.commitment);
            self.frontier.push(leaf, &mut |node| nodes.push(node));
            read::insert_entry(self.tx, entry, leaf)?;
            for (place, piece) in (0u64..).zip(&event.pieces) {
                self.tx.write_ref(
                    "INSERT INTO archive (id, salt, media, bytes, seal) VALUES ($1, $2, $3, $4, $5)",
                    &[
                        (entry.seq * PLACES + place).into(),
                        ValueRef::Blob(&piece.salt),
                        ValueRef::Text(&piece.media),
                        ValueRef::Blob(&piece.bytes),
                        ValueRef::Blob(&piece.seal),
                    ],
                )?;
            }
            for projection in &self.options.projections {
                if projection.needs_pieces(entry) {
                    projection.apply_with(self.tx, entry, &event.pieces)?;
                } else {
                    projection.apply(self.tx, entry)?;
                }
            }
        }
        Ok(Appended { seqs: first..self.frontier.size(), versions, jobs: job_ids })
    }

    fn write_job(&mut self, job: &jobs::NewJob, salt: &[u8; 32], id: JobId, seq: u64) -> Result<(), StoreError> {
        self.tx.write(
            "INSERT INTO jobs (id, seq, kind, idempotency_key, payload, salt, due_ms, attempts, last_error, done_seq, mark) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', NULL, $8)",
            vec![
                id.0.into(),
                seq.into(),
                job.kind.as_str().into(),
                job.key.as_str().into(),
                job.payload.clone().into(),
                salt.to_vec().into(),
                job.due_ms.into(),
                mark(id, job.due_ms, 0, "", None).into(),
            ],
        )
    }
}

/// Runs a look-up for any number of values in groups of fixed sizes, so that few statements are ever prepared. `sql` gets the
/// parameters' names. A short last group is filled up by repeating its last value.
fn look_up(tx: &mut dyn Tx, values: &[Value], sql: &dyn Fn(&[String]) -> String) -> Result<Vec<Row>, StoreError> {
    let largest = GROUPS[GROUPS.len() - 1];
    let mut rows = Vec::new();
    for group in values.chunks(largest) {
        let size = GROUPS.into_iter().find(|size| *size >= group.len()).unwrap_or(largest);
        let names: Vec<String> = (1..=size).map(|n| format!("${n}")).collect();
        let mut params = group.to_vec();
        if let Some(last) = group.last() {
            params.resize(size, last.clone());
        }
        rows.extend(tx.query(&sql(&names), &params)?);
    }
    Ok(rows)
}

/// Signs a checkpoint of the tree when the cadence wants one.
fn sign_if_due(tx: &mut dyn Tx, tip: &mut Tip, options: &Options, frontier: &Frontier) -> Result<(), StoreError> {
    let due = match (options.cadence, tip.signed) {
        (Cadence::EachBatch, _) | (Cadence::AtMostEvery(_), None) => true,
        (Cadence::AtMostEvery(pause), Some((_, at))) => at.elapsed() >= pause,
    };
    let Some(signer) = options.signer.as_ref().filter(|_| due) else { return Ok(()) };
    sign(tx, tip, options, signer, frontier.size(), frontier.root())
}

/// Signs the tip, whether due or not, unless its newest checkpoint is of this size already.
pub(crate) fn sign_now(tx: &mut dyn Tx, tip: &mut Tip, options: &Options) -> Result<(), StoreError> {
    take_tip(tx, tip, options)?;
    let Some((frontier, _)) = tip.known.clone() else { return Err(StoreError::Closed) };
    let signer = options.signer.as_ref().ok_or(StoreError::ReadOnly)?;
    if read::latest_checkpoint(tx)?.is_some_and(|(size, _)| size == frontier.size()) {
        return Ok(());
    }
    sign(tx, tip, options, signer, frontier.size(), frontier.root())
}

fn sign(
    tx: &mut dyn Tx,
    tip: &mut Tip,
    options: &Options,
    signer: &Arc<NoteSigner>,
    size: u64,
    root: Hash,
) -> Result<(), StoreError> {
    let note = Checkpoint { origin: options.origin.clone(), size, root }.sign(signer)?;
    // Only the latest and those that left the house are kept.
    tx.write("DELETE FROM checkpoints WHERE exported = 0 AND size <= $1", vec![size.into()])?;
    tx.write(
        "INSERT INTO checkpoints (size, note, exported) VALUES ($1, $2, 0) ON CONFLICT (size) DO NOTHING",
        vec![size.into(), note.into()],
    )?;
    tip.signed = Some((size, Instant::now()));
    Ok(())
}
