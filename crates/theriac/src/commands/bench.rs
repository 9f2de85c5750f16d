//! `theriac bench ...`: figures against a limit measured in the same run.

mod insider;
mod limits;
mod national;
mod pack;
mod pharmacy;

use crate::cli::Bench;
use crate::output::{Outcome, Problem};
use std::path::PathBuf;

pub(crate) fn run(command: &Bench) -> Result<Outcome, Problem> {
    match command {
        Bench::National { scripts, store } => national::run(*scripts, store.as_deref()),
        Bench::Pharmacy { prescriptions, store, dir } => {
            pharmacy::run(*prescriptions, store.as_deref(), dir.as_deref())
        }
        Bench::Pack { products, movements, others, store } => {
            let size = pack::Size { products: *products, movements: *movements, others: *others };
            pack::run(&size, store.as_deref())
        }
        Bench::Insider { changes, seed } => insider::run(*changes, *seed),
    }
}

/// A directory that goes away with the benchmark.
struct Scratch(PathBuf);

impl Scratch {
    fn new(what: &str) -> Result<Self, Problem> {
        let dir = std::env::temp_dir().join(format!("theriac-bench-{what}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).map_err(|error| Problem::unwritable(&dir, &error))?;
        Ok(Self(dir))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
