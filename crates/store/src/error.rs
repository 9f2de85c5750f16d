//! What can go wrong in the store, in words for whoever runs it. No message holds a body, a parameter or a password.

use theriac_journal::{CheckpointError, EntryError, TreeError};

use crate::jobs::JobId;

/// A failure of the store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The store could not be opened.
    #[error("STORE-OPEN: {url} could not be opened: {why}; check the address and that it may be written")]
    Open {
        /// The address, without password.
        url: String,
        /// What the engine said.
        why: String,
    },
    /// The address is not one of ours.
    #[error("STORE-URL: `{0}` is not a store's address; write sqlite:PATH or postgres://USER@HOST:PORT/DATABASE")]
    Url(String),
    /// A setting does not fit the store.
    #[error("STORE-CONFIG: {0}")]
    Config(String),
    /// A statement failed.
    #[error("STORE-SQL: {why} (in: {sql})")]
    Sql {
        /// The beginning of the statement, without its values.
        sql: String,
        /// What the engine said.
        why: String,
    },
    /// The database is damaged.
    #[error("STORE-DAMAGED: {0}; run `theriac journal check`, then restore a backup")]
    Damaged(String),
    /// A column does not hold what it must.
    #[error("STORE-COLUMN: column {column} is not {wanted}")]
    Column {
        /// Counted from 0.
        column: usize,
        /// What it must be.
        wanted: &'static str,
    },
    /// The tree.
    #[error("STORE-TREE: {0}")]
    Tree(#[from] TreeError),
    /// A checkpoint.
    #[error("STORE-CHECKPOINT: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// There is no such entry.
    #[error("STORE-NO-ENTRY: there is no entry {0}")]
    NoEntry(u64),
    /// The store was opened without a checkpoint key, so nothing can be appended.
    #[error("STORE-READ-ONLY: the store was opened without its checkpoint key; open it with the key to append")]
    ReadOnly,
    /// The connection was lost while committing: the append may or may not have happened.
    #[error("STORE-UNCERTAIN: the connection was lost at commit ({0}); read the stream before you try again")]
    Uncertain(String),
    /// The writer has stopped.
    #[error("STORE-CLOSED: the store is closing")]
    Closed,
    /// The system gave no random bytes.
    #[error("STORE-RANDOM: the system gave no random bytes")]
    Random,
}

/// Why one append was refused. Others in the same transaction are not touched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Somebody else appended to the stream first: read it again, decide again.
    #[error(
        "JOURNAL-CONFLICT: stream `{stream}` is at version {found}, not {expected}; read it again and decide again"
    )]
    Conflict {
        /// The stream.
        stream: String,
        /// The version the command was decided on.
        expected: u64,
        /// The version it has.
        found: u64,
    },
    /// A job with this idempotency key was written down before.
    #[error("JOURNAL-JOB-EXISTS: job `{key}` was written down before")]
    JobExists {
        /// The idempotency key.
        key: String,
    },
    /// The job to be finished does not exist or is finished.
    #[error("JOURNAL-JOB-NOT-OPEN: job {0} does not exist or is finished")]
    JobNotOpen(JobId),
    /// An event breaks a limit of the journal.
    #[error("JOURNAL-ENTRY: {0}")]
    Entry(#[from] EntryError),
    /// The append has no event. Nothing is written down without one, jobs included.
    #[error("JOURNAL-EMPTY: an append needs at least one event")]
    Empty,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}
