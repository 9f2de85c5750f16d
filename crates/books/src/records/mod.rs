//! Records as an inspector asks for them: schedule II apart, III to V apart, an index of what is on file, where stock lies.
//!
//! 21 CFR 1304.03, 1304.04(f), (h); manual, section VI. The books are one ledger; each view of it holds all and only the
//! entries of its schedules, and every line is marked with its schedule wherever lines stand together.

mod apart;
mod index;
mod storage;

pub use apart::{Group, RecordLine, apart};
pub use index::{Heading, Holdings, IndexLine};
pub use storage::{Safekeeping, StoragePlace, where_is};
