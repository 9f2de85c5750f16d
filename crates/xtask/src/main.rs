//! `cargo xtask requirements | law | rulebook | tidy`: the checks of the house.
//!
//! Exit 0 when all is well, 1 when something is wrong, 2 for wrong use.
#![allow(clippy::print_stderr)] // a command-line program

use anyhow::{Context as _, Result};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use xtask::coverage::Coverage;
use xtask::{Fault, law, rulebook, tidy};

const USAGE: &str = "usage: cargo xtask requirements [--list | --json]   which tests prove which requirement
       cargo xtask law [--list]                     static checks of the law; --list: rows without a rule
       cargo xtask rulebook [--check]               prints the rulebook to docs/rulebook; --check: compares only
       cargo xtask tidy                             nothing unfinished, nothing against ARCHITECTURE.md";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["requirements"] => requirements(Coverage::summary),
        ["requirements", "--list"] => requirements(Coverage::list),
        ["requirements", "--json"] => requirements(|coverage| format!("{:#}\n", coverage.json())),
        ["law"] => check_law(|report| &report.summary),
        ["law", "--list"] => check_law(|report| &report.open_rows),
        ["rulebook"] => print_rulebook(),
        ["rulebook", "--check"] => {
            root().and_then(|root| Ok(report(&rulebook::check(&root)?, "rulebook: the pages say what the rules say")))
        }
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
    say(&print(&coverage));
    Ok(report(&coverage.faults, ""))
}

fn check_law(print: impl FnOnce(&law::Report) -> &String) -> Result<ExitCode> {
    let found = law::check(&root()?)?;
    say(print(&found));
    Ok(report(&found.faults, "law: nothing contradicts, nothing is out of reach"))
}

fn print_rulebook() -> Result<ExitCode> {
    say(&format!("rulebook: {} pages in docs/rulebook\n", rulebook::write(&root()?)?));
    Ok(ExitCode::SUCCESS)
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
        say(&format!("{well}\n"));
    }
    ExitCode::SUCCESS
}

/// Prints; a reader who has seen enough and closed the pipe is no error.
fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// The project's root: two folders above this crate.
fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map(Path::to_owned).context("this crate lies in crates/xtask")
}
