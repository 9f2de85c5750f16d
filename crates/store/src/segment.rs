//! Segments: a range of the journal with everything that belongs to it, as bytes that leave for another place and come back.
//!
//! ```text
//! "theriac-segment-v1\n" || origin || from u64 || to u64
//! || entries u32 || (header || 1 salt body | 0 commitment || pieces u32 || (salt media bytes seal) each) each
//! || jobs u32 || (id u64 seq u64 kind key payload salt due i64 attempts u64 error) each      written down by these entries
//! || finished u32 || (id u64 seq u64) each                                                  finished by these entries
//! || checkpoints u32 || (size u64 exported u8 note) each                                    of sizes in from+1..=to
//! ```
//! Integers are big-endian; texts and byte strings stand behind a `u32` length. Nothing in a segment is believed when it comes
//! back: leaves are computed again, and the tree is compared with the signed checkpoints.

use std::ops::Range;

use theriac_journal::{Body, Entry, Hash, Piece};

use crate::engine::Tx;
use crate::error::StoreError;
use crate::jobs::{self, Job, JobId};
use crate::read;
use crate::store::Store;

const TAG: &[u8; 19] = b"theriac-segment-v1\n";
/// Entries read at a time, and the most of one segment.
const CHUNK: u64 = 512;
const ENTRIES_MAX: u64 = 8_192;
/// Longest field, in bytes: the archive holds messages of up to this size.
const FIELD_BYTES_MAX: usize = 256 * 1024 * 1024;

/// A range of the journal, made ready to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its entries.
    pub seqs: Range<u64>,
    /// When its oldest and its newest entry happened, in milliseconds since 1970.
    pub at_ms: (i64, i64),
    /// How many of its entries have a body; the others were erased after their retention.
    pub bodies: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a segment holds once it is read.
pub(crate) struct Parts {
    pub(crate) origin: String,
    pub(crate) seqs: Range<u64>,
    pub(crate) entries: Vec<(Entry, Vec<Piece>)>,
    pub(crate) jobs: Vec<Job>,
    pub(crate) finished: Vec<(JobId, u64)>,
    /// Size, whether it was exported, and the signed note.
    pub(crate) checkpoints: Vec<(u64, bool, String)>,
}

impl Store {
    /// The segment that begins with the entry `from` and ends before `end`, or earlier: at 8,192 entries, or once it weighs
    /// `weight_max` bytes. `None` when there is no such entry.
    ///
    /// # Errors
    /// What reading says.
    pub fn segment(&self, from: u64, end: u64, weight_max: usize) -> Result<Option<Segment>, StoreError> {
        let origin = self.origin();
        self.read(|tx| segment(tx, origin, from, end, weight_max))
    }
}

fn segment(
    tx: &mut dyn Tx,
    origin: &str,
    from: u64,
    end: u64,
    weight_max: usize,
) -> Result<Option<Segment>, StoreError> {
    let end = end.min(read::head(tx, "")?.size).min(from.saturating_add(ENTRIES_MAX));
    let (mut next, mut count, mut bodies, mut at_ms) = (from, 0u64, 0, None::<(i64, i64)>);
    let mut body = Vec::new();
    while next < end && body.len() < weight_max {
        for entry in read::entries(tx, next, end.min(next.saturating_add(CHUNK)))? {
            if entry.seq != next {
                return Err(StoreError::Damaged(format!("entry {next} is missing")));
            }
            put_entry(&mut body, &entry, &read::pieces(tx, next)?);
            at_ms = Some(at_ms.map_or((entry.at_ms, entry.at_ms), |(a, b)| (a.min(entry.at_ms), b.max(entry.at_ms))));
            bodies += u64::from(entry.body_bytes().is_some());
            (next, count) = (next + 1, count + 1);
            if body.len() >= weight_max {
                break;
            }
        }
        if count == 0 {
            return Err(StoreError::Damaged(format!("entry {from} is missing")));
        }
    }
    let Some(at_ms) = at_ms else { return Ok(None) };
    let mut out = TAG.to_vec();
    put(&mut out, origin.as_bytes());
    number(&mut out, from);
    number(&mut out, next);
    length(&mut out, usize::try_from(count).unwrap_or(usize::MAX));
    out.append(&mut body);
    put_jobs(tx, &mut out, from, next)?;
    let notes = tx.query(
        "SELECT size, exported, note FROM checkpoints WHERE size > $1 AND size <= $2 ORDER BY size",
        &[from.into(), next.into()],
    )?;
    length(&mut out, notes.len());
    for row in &notes {
        number(&mut out, row.u64(0)?);
        out.push(u8::from(row.int(1)? != 0));
        put(&mut out, row.text(2)?.as_bytes());
    }
    Ok(Some(Segment { seqs: from..next, at_ms, bodies, bytes: out }))
}

fn put_entry(out: &mut Vec<u8>, entry: &Entry, pieces: &[Piece]) {
    put(out, &entry.header_bytes());
    match &entry.body {
        Body::Kept { salt, bytes } => {
            out.push(1);
            out.extend_from_slice(salt);
            put(out, bytes);
        }
        Body::Erased { commitment } => {
            out.push(0);
            out.extend_from_slice(&commitment.0);
        }
    }
    length(out, pieces.len());
    for piece in pieces {
        out.extend_from_slice(&piece.salt);
        put(out, piece.media.as_bytes());
        put(out, &piece.bytes);
        put(out, &piece.seal);
    }
}

fn put_jobs(tx: &mut dyn Tx, out: &mut Vec<u8>, from: u64, to: u64) -> Result<(), StoreError> {
    let sql = format!("SELECT {} FROM jobs WHERE seq >= $1 AND seq < $2 ORDER BY id", jobs::COLUMNS);
    let created = tx.query(&sql, &[from.into(), to.into()])?;
    length(out, created.len());
    for row in &created {
        let job = Job::read(row)?;
        number(out, job.id.0);
        number(out, job.seq);
        put(out, job.kind.as_bytes());
        put(out, job.key.as_bytes());
        put(out, &job.payload);
        out.extend_from_slice(&job.salt);
        out.extend_from_slice(&job.due_ms.to_be_bytes());
        number(out, job.attempts);
        put(out, job.last_error.as_bytes());
    }
    let finished = tx.query(
        "SELECT id, done_seq FROM jobs WHERE done_seq >= $1 AND done_seq < $2 ORDER BY id",
        &[from.into(), to.into()],
    )?;
    length(out, finished.len());
    for row in &finished {
        number(out, row.u64(0)?);
        number(out, row.u64(1)?);
    }
    Ok(())
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    length(out, bytes.len());
    out.extend_from_slice(bytes);
}

fn length(out: &mut Vec<u8>, length: usize) {
    out.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
}

fn number(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_be_bytes());
}

/// Why bytes are no segment.
fn no_segment(why: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(format!("the bytes are no segment of a journal: {why}"))
}

/// Reads bytes one after the other; each step says when they end too early.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], StoreError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(|| no_segment("they end too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], StoreError> {
        self.take(N)?.try_into().map_err(|_| no_segment("they end too early"))
    }

    fn length(&mut self) -> Result<usize, StoreError> {
        let length = usize::try_from(u32::from_be_bytes(self.fixed()?)).unwrap_or(usize::MAX);
        if length > FIELD_BYTES_MAX { Err(no_segment("a length is out of bounds")) } else { Ok(length) }
    }

    fn field(&mut self) -> Result<&'a [u8], StoreError> {
        let length = self.length()?;
        self.take(length)
    }

    fn text(&mut self) -> Result<String, StoreError> {
        String::from_utf8(self.field()?.to_vec()).map_err(|_| no_segment("a text is not UTF-8"))
    }

    fn number(&mut self) -> Result<u64, StoreError> {
        Ok(u64::from_be_bytes(self.fixed()?))
    }

    /// Reads as many items as a count before them says. The count is not trusted with memory.
    fn each<T>(&mut self, mut one: impl FnMut(&mut Self) -> Result<T, StoreError>) -> Result<Vec<T>, StoreError> {
        let count = self.length()?;
        let mut items = Vec::with_capacity(count.min(1_024));
        for _ in 0..count {
            items.push(one(self)?);
        }
        Ok(items)
    }
}

/// Reads a segment back.
pub(crate) fn parse(bytes: &[u8]) -> Result<Parts, StoreError> {
    let mut from = Bytes(bytes);
    if from.take(TAG.len())? != TAG {
        return Err(no_segment("they do not begin with its format"));
    }
    let origin = from.text()?;
    let seqs = from.number()?..from.number()?;
    let entries = from.each(entry)?;
    let jobs = from.each(|from| {
        Ok(Job {
            id: JobId(from.number()?),
            seq: from.number()?,
            kind: from.text()?,
            key: from.text()?,
            payload: from.field()?.to_vec(),
            salt: from.fixed()?,
            due_ms: i64::from_be_bytes(from.fixed()?),
            attempts: from.number()?,
            last_error: from.text()?,
            done_seq: None,
            mark: Vec::new(),
        })
    })?;
    let finished = from.each(|from| Ok((JobId(from.number()?), from.number()?)))?;
    let checkpoints = from.each(|from| Ok((from.number()?, from.take(1)? == [1], from.text()?)))?;
    if !from.0.is_empty() {
        return Err(no_segment("they go on after their end"));
    }
    let numbered = (seqs.start..seqs.end).eq(entries.iter().map(|(entry, _)| entry.seq));
    if !numbered || entries.is_empty() {
        return Err(no_segment("its entries are not those that it names"));
    }
    Ok(Parts { origin, seqs, entries, jobs, finished, checkpoints })
}

fn entry(from: &mut Bytes<'_>) -> Result<(Entry, Vec<Piece>), StoreError> {
    let header = from.field()?;
    let body = match from.take(1)? {
        [1] => Body::Kept { salt: from.fixed()?, bytes: from.field()?.to_vec() },
        [0] => Body::Erased { commitment: Hash(from.fixed()?) },
        _ => return Err(no_segment("a body is neither kept nor erased")),
    };
    let entry = Entry::from_header(header, body).map_err(no_segment)?;
    let pieces = from.each(|from| {
        Ok(Piece {
            salt: from.fixed()?,
            media: from.text()?,
            bytes: from.field()?.to_vec(),
            seal: from.field()?.to_vec(),
        })
    })?;
    Ok((entry, pieces))
}
