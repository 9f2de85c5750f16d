//! `theriac bench ...`: figures against a limit measured in the same run.

mod insider;
mod limits;
mod national;
mod pack;
mod pharmacy;

use crate::cli::Bench;
use crate::commands::deployment::demonstration;
use crate::demo::world;
use crate::house::clock::Clock;
use crate::house::{House, zone};
use crate::output::{Outcome, Problem};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

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

/// The deployment of the demonstration with its people, in `dir`, and with its journal in `store` where one is named. Its clock is
/// told from `begins` on, and is the machine's without.
fn deployment(dir: &Path, store: Option<&str>, begins: Option<Timestamp>) -> Result<House, Problem> {
    let mut config = demonstration();
    if let Some(store) = store {
        store.clone_into(&mut config.store);
    }
    let zone = zone(&config)?;
    let clock = match begins {
        Some(begins) => Clock::told(zone, begins),
        None => Clock::machine(zone),
    };
    let house = House::found(dir, config, clock)?;
    world::populate(&house)?;
    Ok(house)
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
