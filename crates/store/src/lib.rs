//! The journal on disk: entries, tree, checkpoints, archived pieces, jobs and derived tables, in SQLite or PostgreSQL.
//!
//! [`Store`] is the handle. [`Store::append`] returns once the append is durable; one writer thread groups the appends that
//! wait into one transaction. What is derived ([`Projection`]) is written in the same transaction and can be rebuilt.
//! [`check_store`] goes through everything again and names the first entry that is not what was written.
//! [`Store::segment`] cuts the journal into pieces for another place, and [`Restore`] makes a store of them again.
//!
//! | table | holds | trusted? | if it is lost |
//! |---|---|---|---|
//! | `entries` | the journal | no: the check recomputes every leaf | everything is lost: restore a backup |
//! | `nodes`, `head` | the tree's stored nodes, its size and root | no: the check recomputes them | made again from `entries` |
//! | `checkpoints` | signed roots: the latest and those exported | by their signature | truncation is found only by exported copies |
//! | `archive` | bytes as received, with their seal | no: entries hold their digests | the evidence of what arrived is lost |
//! | `jobs` | work written down before it is tried | no: entries hold their digests | work would be forgotten; the check says so |
//! | projections | tables to search and show | no: the check rebuilds and compares | made again from `entries` |

mod append;
mod batch;
mod check;
mod engine;
mod error;
mod jobs;
mod options;
mod projection;
mod prove;
mod read;
mod restore;
mod schema;
mod segment;
mod store;
mod value;
mod writer;

pub use append::{Append, Appended, NewEvent, NewPiece};
pub use check::{CheckOptions, check_store};
pub use engine::{Engine, Tx};
pub use error::{AppendError, StoreError};
pub use jobs::{Job, JobId, NewJob};
pub use options::{Cadence, Options};
pub use projection::Projection;
pub use restore::Restore;
pub use segment::Segment;
pub use store::{Store, Ticket};
pub use value::{Row, Value, ValueRef};
