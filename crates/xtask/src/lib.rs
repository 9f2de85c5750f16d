//! Checks of the house that no compiler makes.
//!
//! - [`coverage`]: which rows of the requirement catalogue are cited by which tests;
//! - [`law`]: the law's numbers have no gaps and contradictions, its citations parse, its rules are reached;
//! - [`rulebook`]: the printed rulebook says what the rules say;
//! - [`tidy`]: manifests agree with the table in `ARCHITECTURE.md`, nothing unfinished is left lying about.

pub mod catalogue;
pub mod citations;
pub mod coverage;
pub mod files;
pub mod imports;
pub mod law;
pub mod questions;
pub mod rulebook;
pub mod tidy;

use std::fmt;
use std::path::PathBuf;

/// Something found wrong, with the place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file, relative to the project's root.
    pub file: PathBuf,
    /// The line, counted from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong and what to do.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file.display(), self.what),
            line => write!(f, "{}:{line}: {}", self.file.display(), self.what),
        }
    }
}
