//! What a command says when it ends: exit codes and problems with their next step.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use theriac_model::Refusal;

/// How a command ended.
///
/// In rising order: of several, the last one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Done; nothing wrong was found.
    Done,
    /// Done; something wrong was found: a refusal, a failed verification, a damaged entry.
    FoundWrong,
    /// A part of what was asked could not be done as it was called, such as a file that is not there; the rest is done.
    WrongUse,
}

/// Goes through files in order. One that cannot be taken as it was named is told of on standard error, and the next one
/// follows; a failure that is no fault of the caller ends the run.
pub(crate) fn each_file(
    files: &[PathBuf],
    mut one: impl FnMut(&Path) -> Result<Outcome, Problem>,
) -> Result<Outcome, Problem> {
    let mut outcome = Outcome::Done;
    for path in files {
        outcome = outcome.max(match one(path) {
            Err(problem) if problem.exit == WRONG_USE => {
                eprintln!("{problem}");
                Outcome::WrongUse
            }
            other => other?,
        });
    }
    Ok(outcome)
}

/// Writes a line to standard output. A reader that went away ends the command without a panic.
pub(crate) fn line(text: impl fmt::Display) -> Result<(), Problem> {
    writeln!(io::stdout().lock(), "{text}").map_err(|error| closed(&error))
}

/// Writes a file's bytes to standard output.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Problem> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| closed(&error))
}

/// Standard output cannot be written to.
pub(crate) fn closed(error: &io::Error) -> Problem {
    Problem::failed("CLI-OUTPUT", error.to_string(), "keep the reader of the output open")
}

/// The exit code of wrong use.
const WRONG_USE: u8 = 2;

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::FoundWrong => Self::from(1),
            Outcome::WrongUse => Self::from(WRONG_USE),
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) struct Problem {
    /// Stable code.
    pub(crate) code: &'static str,
    /// What went wrong.
    pub(crate) cause: String,
    /// What to do next.
    pub(crate) next: String,
    exit: u8,
}

impl Problem {
    /// The command was called in a way that cannot work: exit 2.
    pub(crate) fn wrong_use(code: &'static str, cause: impl Into<String>, next: impl Into<String>) -> Self {
        Self { code, cause: cause.into(), next: next.into(), exit: WRONG_USE }
    }

    /// The command found something wrong, or could not finish: exit 1.
    pub(crate) fn failed(code: &'static str, cause: impl Into<String>, next: impl Into<String>) -> Self {
        Self { code, cause: cause.into(), next: next.into(), exit: 1 }
    }

    /// A file could not be read.
    pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self::wrong_use(
            "CLI-FILE",
            format!("{}: {error}", path.display()),
            "give the path of a file that this user may read",
        )
    }

    /// A file could not be written.
    pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Self {
        Self::failed("CLI-WRITE", format!("{}: {error}", path.display()), "give a place this user may write to")
    }

    /// The exit code it stands for.
    pub(crate) fn exit(&self) -> ExitCode {
        ExitCode::from(self.exit)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\nNext: {}", self.code, self.cause, self.next)
    }
}

impl std::error::Error for Problem {}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let cause = format!("{} ({}, {})", refusal.what, refusal.cite, refusal.edition);
        Self::failed(refusal.code.0, cause, refusal.next.into_owned())
    }
}
