//! Jobs: slow or failing work, written down in the same transaction as the event that wants it, before it is tried.
//!
//! What a job is (kind, key, payload) is vouched for by the entry that wrote it down; that it is finished, by the entry that
//! finished it. When it is next due, how often it was tried and its last error may change without an entry; a checksum finds
//! accidental damage to those, but not a person who changes them with care: what that could do is delay or hasten a job.

use std::fmt;

use theriac_journal::hash::sha256;
use theriac_journal::link::job_digest;
use theriac_journal::{EntryError, Hash};

use crate::error::StoreError;
use crate::value::Row;

/// Longest kind or key, in bytes (inclusive).
const TEXT_BYTES_MAX: usize = 1_024;
/// Longest payload, in bytes (inclusive).
const PAYLOAD_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The columns that [`Job::read`] reads.
pub(crate) const COLUMNS: &str =
    "id, seq, kind, idempotency_key, payload, salt, due_ms, attempts, last_error, done_seq, mark";

/// The number of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub u64);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A job to write down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// What is to be done, such as `transmit`.
    pub kind: String,
    /// A key that only this piece of work has; a second job with it is refused, ever.
    pub key: String,
    /// When it is first due, in milliseconds since 1970-01-01T00:00:00Z.
    pub due_ms: i64,
    /// What it needs; canonical JSON by custom.
    pub payload: Vec<u8>,
}

impl NewJob {
    pub(crate) fn check(&self) -> Result<(), EntryError> {
        for (field, text) in [("job.kind", &self.kind), ("job.key", &self.key)] {
            if text.is_empty() {
                return Err(EntryError::Empty(field));
            }
            if text.len() > TEXT_BYTES_MAX {
                return Err(EntryError::TooLong { field, max: TEXT_BYTES_MAX });
            }
            if text.chars().any(char::is_control) {
                return Err(EntryError::ControlCharacter(field));
            }
        }
        if self.payload.len() > PAYLOAD_BYTES_MAX {
            return Err(EntryError::TooLong { field: "job.payload", max: PAYLOAD_BYTES_MAX });
        }
        Ok(())
    }
}

/// A job as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: JobId,
    /// The entry that wrote it down.
    pub seq: u64,
    /// What is to be done.
    pub kind: String,
    /// Its idempotency key.
    pub key: String,
    /// What it needs.
    pub payload: Vec<u8>,
    /// When it is due next, in milliseconds since 1970.
    pub due_ms: i64,
    /// How often it was tried without success.
    pub attempts: u64,
    /// What went wrong the last time; empty before that.
    pub last_error: String,
    /// The entry that finished it; `None` while it is open.
    pub done_seq: Option<u64>,
    pub(crate) salt: [u8; 32],
    pub(crate) mark: Vec<u8>,
}

impl Job {
    /// Reads a row of [`COLUMNS`].
    pub(crate) fn read(row: &Row) -> Result<Job, StoreError> {
        Ok(Job {
            id: JobId(row.u64(0)?),
            seq: row.u64(1)?,
            kind: row.text(2)?.to_owned(),
            key: row.text(3)?.to_owned(),
            payload: row.blob(4)?.to_vec(),
            salt: row
                .blob(5)?
                .try_into()
                .map_err(|_| StoreError::Column { column: 5, wanted: "a salt of 32 bytes" })?,
            due_ms: row.int(6)?,
            attempts: row.u64(7)?,
            last_error: row.text(8)?.to_owned(),
            done_seq: if row.is_null(9) { None } else { Some(row.u64(9)?) },
            mark: row.blob(10)?.to_vec(),
        })
    }

    /// The digest that entries hold of it.
    pub(crate) fn digest(&self) -> Hash {
        job_digest(&self.salt, self.id.0, &self.kind, &self.key, &self.payload)
    }

    /// Whether the checksum of what may change still fits.
    pub(crate) fn mark_fits(&self) -> bool {
        self.mark == mark(self.id, self.due_ms, self.attempts, &self.last_error, self.done_seq)
    }
}

/// The checksum of a job's changing columns: 8 bytes of SHA-256.
pub(crate) fn mark(id: JobId, due_ms: i64, attempts: u64, last_error: &str, done_seq: Option<u64>) -> Vec<u8> {
    let text = format!("{id} {due_ms} {attempts} {done_seq:?} {last_error}");
    sha256(text.as_bytes()).0[..8].to_vec()
}
