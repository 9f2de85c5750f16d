//! One file a command.

mod demo;

use crate::cli::Command;
use crate::output::{Outcome, Problem};

/// Runs a command to its end.
pub(crate) fn run(command: Command) -> Result<Outcome, Problem> {
    match command {
        Command::Demo(args) => demo::run(&args),
        _ => Err(Problem::wrong_use("CLI-UNKNOWN", "not here", "-")),
    }
}
