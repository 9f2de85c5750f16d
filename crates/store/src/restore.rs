//! A store made again from its segments.
//!
//! Each segment is one transaction, so that a restore that was cut off goes on where it stopped. Until [`Restore::finish`] the
//! store is marked and cannot be opened for work. Nothing in a segment is believed: leaves and pieces are computed again, the tree is
//! compared with every checkpoint that comes with it, under the keys given.

use std::collections::HashSet;

use theriac_journal::{Checkpoint, Entry, Frontier, Hash, NoteVerifier, TileNode};

use crate::engine::{Access, Address, Begin, Connection, Tx};
use crate::error::StoreError;
use crate::jobs::mark;
use crate::options::Options;
use crate::read::{self, Nodes, PLACES};
use crate::schema::{self, RESTORING};
use crate::segment::{self, Parts};
use crate::value::ValueRef;

/// A restore under way.
pub struct Restore {
    connection: Box<dyn Connection>,
    origin: String,
    trusted: Vec<NoteVerifier>,
    frontier: Frontier,
    /// The size of the newest checkpoint that was met and fits.
    vouched: u64,
}

impl Restore {
    /// Begins a restore into an empty place, or goes on with one that was cut off there. `trusted` are the keys whose
    /// checkpoints are believed.
    ///
    /// # Errors
    /// `Config` when a store is there that no restore has begun; `Url`, `Open`.
    pub fn begin(url: &str, origin: &str, trusted: Vec<NoteVerifier>) -> Result<Restore, StoreError> {
        let mut connection = Address::parse(url)?.connect(Access::Write)?;
        connection.begin(Begin::Write)?;
        let begun = begin_in(connection.as_tx(), &Options::new(url, origin));
        let (frontier, vouched) = match begun.and_then(|found| connection.commit().map(|()| found)) {
            Ok(found) => found,
            Err(error) => {
                connection.rollback();
                return Err(error);
            }
        };
        Ok(Restore { connection, origin: origin.to_owned(), trusted, frontier, vouched })
    }

    /// How many entries are restored: the next segment begins with this number.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root of the tree over what is restored.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// How many of the entries a believed checkpoint vouches for.
    pub fn vouched(&self) -> u64 {
        self.vouched
    }

    /// Takes the next segment. `erased` tells which entries an entry erased, so that what was erased after it was copied
    /// does not come back.
    ///
    /// # Errors
    /// `Damaged` when the bytes are no segment, do not follow, or do not have the root that a checkpoint signed; nothing of the
    /// segment was restored then.
    pub fn take(&mut self, bytes: &[u8], erased: &dyn Fn(&Entry) -> Vec<u64>) -> Result<(), StoreError> {
        let parts = segment::parse(bytes)?;
        if parts.origin != self.origin {
            return Err(StoreError::Damaged(format!("the segment is of `{}`, not of `{}`", parts.origin, self.origin)));
        }
        if parts.seqs.start != self.size() {
            return Err(StoreError::Damaged(format!(
                "the segment begins with entry {}, and entry {} is the next",
                parts.seqs.start,
                self.size()
            )));
        }
        self.connection.begin(Begin::Write)?;
        let taken =
            take_in(self.connection.as_tx(), self.frontier.clone(), &parts, &self.origin, &self.trusted, erased);
        match taken.and_then(|taken| self.connection.commit().map(|()| taken)) {
            Ok((frontier, vouched)) => {
                self.frontier = frontier;
                self.vouched = self.vouched.max(vouched);
                Ok(())
            }
            Err(error) => {
                self.connection.rollback();
                Err(error)
            }
        }
    }

    /// Ends the restore: the store may be opened for work.
    ///
    /// # Errors
    /// What the database says.
    pub fn finish(mut self) -> Result<(), StoreError> {
        self.connection.begin(Begin::Write)?;
        let done = self.connection.as_tx().exec("DELETE FROM meta WHERE name = $1", &[RESTORING.into()]);
        done.and_then(|_| self.connection.commit())
    }
}

fn begin_in(tx: &mut dyn Tx, options: &Options) -> Result<(Frontier, u64), StoreError> {
    if !schema::exists(tx)? {
        schema::prepare_in(tx, options)?;
        tx.exec("INSERT INTO meta (name, value) VALUES ($1, '1')", &[RESTORING.into()])?;
    }
    let rows = tx.query("SELECT name, value FROM meta", &[])?;
    let mut found = Vec::new();
    for row in &rows {
        found.push((row.text(0)?, row.text(1)?));
    }
    if !found.iter().any(|(name, _)| *name == RESTORING) {
        return Err(StoreError::Config(
            "a journal is there already, and no restore has begun it; restore into an empty place".into(),
        ));
    }
    if !found.contains(&("origin", options.origin.as_str())) {
        return Err(StoreError::Config("a restore of another journal has begun there; choose an empty place".into()));
    }
    let head = read::head(tx, "")?;
    let frontier = Frontier::load(head.size, &Nodes::new(tx))?;
    if frontier.root() != head.root {
        return Err(StoreError::Damaged("what was restored before is not what its head says; begin anew".into()));
    }
    let vouched = read::latest_checkpoint(tx)?.map_or(0, |(size, _)| size);
    Ok((frontier, vouched))
}

fn take_in(
    tx: &mut dyn Tx,
    mut frontier: Frontier,
    parts: &Parts,
    origin: &str,
    trusted: &[NoteVerifier],
    erased: &dyn Fn(&Entry) -> Vec<u64>,
) -> Result<(Frontier, u64), StoreError> {
    let mut roots = std::collections::HashMap::new();
    let wanted: HashSet<u64> = parts.checkpoints.iter().map(|(size, ..)| *size).collect();
    for (entry, pieces) in &parts.entries {
        let leaf = entry.leaf();
        let mut nodes = Vec::new();
        frontier.push(leaf, &mut |node| nodes.push(node));
        read::insert_entry(tx, entry, leaf)?;
        for TileNode { tile_level, index, hash } in nodes {
            let values = vec![tile_level.into(), index.into(), hash.0.to_vec().into()];
            tx.write("INSERT INTO nodes (level, place, hash) VALUES ($1, $2, $3)", values)?;
        }
        for (place, piece) in (0u64..).zip(pieces) {
            if !entry.links.iter().any(|link| link.digest == piece.digest()) {
                return Err(StoreError::Damaged(format!("a piece of entry {} is not what was archived", entry.seq)));
            }
            tx.write_ref(
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
        if wanted.contains(&frontier.size()) {
            roots.insert(frontier.size(), frontier.root());
        }
    }
    let vouched = checkpoints(tx, &parts.checkpoints, &roots, origin, trusted)?;
    let next_job = jobs(tx, parts)?;
    for seq in parts.entries.iter().flat_map(|(entry, _)| erased(entry)).filter(|seq| *seq < frontier.size()) {
        erase(tx, seq)?;
    }
    tx.write(
        "UPDATE head SET size = $1, root = $2, next_job = $3 WHERE id = 1",
        vec![frontier.size().into(), frontier.root().0.to_vec().into(), next_job.into()],
    )?;
    Ok((frontier, vouched))
}

/// Compares the tree with the checkpoints that come with a segment and keeps them: the newest, and those that were exported.
fn checkpoints(
    tx: &mut dyn Tx,
    notes: &[(u64, bool, String)],
    roots: &std::collections::HashMap<u64, Hash>,
    origin: &str,
    trusted: &[NoteVerifier],
) -> Result<u64, StoreError> {
    let mut vouched = 0;
    for (size, exported, note) in notes {
        let damaged = |why: String| StoreError::Damaged(format!("the checkpoint of {size} entries {why}"));
        let signed = Checkpoint::open(note, origin, trusted).map_err(|error| damaged(format!("is bad: {error}")))?;
        if signed.checkpoint.size != *size || roots.get(size) != Some(&signed.checkpoint.root) {
            return Err(damaged("signed another tree: entries were changed, dropped or added".to_owned()));
        }
        tx.write("DELETE FROM checkpoints WHERE exported = 0 AND size < $1", vec![(*size).into()])?;
        tx.write(
            "INSERT INTO checkpoints (size, note, exported) VALUES ($1, $2, $3)",
            vec![(*size).into(), note.as_str().into(), i64::from(*exported).into()],
        )?;
        vouched = vouched.max(*size);
    }
    Ok(vouched)
}

/// Writes the jobs of a segment and finishes those that it finished; answers the number of the next job.
fn jobs(tx: &mut dyn Tx, parts: &Parts) -> Result<u64, StoreError> {
    let mut next = read::head(tx, "")?.next_job;
    for job in &parts.jobs {
        next = next.max(job.id.0.saturating_add(1));
        tx.write(
            "INSERT INTO jobs (id, seq, kind, idempotency_key, payload, salt, due_ms, attempts, last_error, done_seq, mark) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10)",
            vec![
                job.id.0.into(),
                job.seq.into(),
                job.kind.as_str().into(),
                job.key.as_str().into(),
                job.payload.clone().into(),
                job.salt.to_vec().into(),
                job.due_ms.into(),
                job.attempts.into(),
                job.last_error.as_str().into(),
                mark(job.id, job.due_ms, job.attempts, &job.last_error, None).into(),
            ],
        )?;
    }
    for (id, done) in &parts.finished {
        let sql = format!("SELECT {} FROM jobs WHERE id = $1", crate::jobs::COLUMNS);
        let rows = tx.query(&sql, &[id.0.into()])?;
        let job = rows.first().map(crate::jobs::Job::read).transpose()?;
        let job = job.ok_or_else(|| StoreError::Damaged(format!("job {id} was finished and never written down")))?;
        let sum = mark(*id, job.due_ms, job.attempts, &job.last_error, Some(*done));
        tx.write(
            "UPDATE jobs SET done_seq = $1, mark = $2 WHERE id = $3",
            vec![(*done).into(), sum.into(), id.0.into()],
        )?;
    }
    Ok(next)
}

/// Erases the body, the salt and the archived pieces of an entry; header and leaf stay.
pub(crate) fn erase(tx: &mut dyn Tx, seq: u64) -> Result<(), StoreError> {
    let row = read::entries(tx, seq, seq.saturating_add(1))?.pop().ok_or(StoreError::NoEntry(seq))?;
    let commitment = row.body.commitment();
    tx.write(
        "UPDATE entries SET salt = NULL, body = $1 WHERE seq = $2",
        vec![commitment.0.to_vec().into(), seq.into()],
    )?;
    let (first, end) = (seq.saturating_mul(PLACES), seq.saturating_add(1).saturating_mul(PLACES));
    tx.write("DELETE FROM archive WHERE id >= $1 AND id < $2", vec![first.into(), end.into()])
}
