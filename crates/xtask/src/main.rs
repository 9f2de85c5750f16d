//! `cargo xtask requirements [--list|--json]` and `cargo xtask tidy`.
//!
//! Exit 0 when all is well, 1 when something is wrong, 2 for wrong use.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a command-line program

use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use xtask::coverage::Coverage;
use xtask::{Fault, tidy};

const USAGE: &str = "usage: cargo xtask requirements [--list | --json]
       cargo xtask tidy";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["requirements"] => requirements(Coverage::summary),
        ["requirements", "--list"] => requirements(Coverage::list),
        ["requirements", "--json"] => requirements(|coverage| format!("{:#}\n", coverage.json())),
        ["tidy"] => root().and_then(|root| Ok(report(&tidy::check(&root)?, "tidy: nothing out of place"))),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    done.unwrap_or_else(|error| {
        eprintln!("xtask: {error:#}");
        ExitCode::FAILURE
    })
}

fn requirements(print: impl FnOnce(&Coverage) -> String) -> Result<ExitCode> {
    let coverage = Coverage::read(&root()?)?;
    print!("{}", print(&coverage));
    Ok(report(&coverage.faults, ""))
}

fn report(faults: &[Fault], well: &str) -> ExitCode {
    for fault in faults {
        eprintln!("{fault}");
    }
    if !faults.is_empty() {
        eprintln!("{} found", faults.len());
        return ExitCode::FAILURE;
    }
    if !well.is_empty() {
        println!("{well}");
    }
    ExitCode::SUCCESS
}

/// The project's root: two folders above this crate.
fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map(Path::to_owned).context("this crate lies in crates/xtask")
}
