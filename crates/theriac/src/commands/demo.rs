//! `theriac demo`.

use crate::cli::Demo;
use crate::commands::deployment::demonstration;
use crate::demo::telling::Telling;
use crate::demo::{cast, insider, morning, story, waiting, world};
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::config::Config;
use crate::output::{Outcome, Problem};
use jiff::Timestamp;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The morning on which the demonstration begins: 9 o'clock in Tucson.
const BEGINS: &str = "2026-03-02T16:00:00Z";

fn new_directory() -> Result<PathBuf, Problem> {
    let name = format!("theriac-demo-{}-{}", std::process::id(), Timestamp::now().as_millisecond());
    let dir = std::env::temp_dir().join(name);
    std::fs::create_dir(&dir).map_err(|error| Problem::unwritable(&dir, &error))?;
    Ok(dir)
}

pub(crate) fn run(args: &Demo) -> Result<Outcome, Problem> {
    let dir = args.dir.clone().map_or_else(new_directory, Ok)?;
    let house = play(&dir, &mut std::io::stdout().lock())?;
    if args.once {
        return Ok(Outcome::Done);
    }
    open_for_work(&house, &dir)?;
    super::serve::until_interrupted(house, args.listen, None)
}

/// What makes the deployment of a story fit to be worked in: registrant data of its day, prescriptions that wait at the counter,
/// and a clock that goes.
pub(crate) fn open_for_work(house: &House, dir: &Path) -> Result<(), Problem> {
    morning::import_registrants(house, dir).map_err(Problem::from)?;
    waiting::leave(house).map_err(Problem::from)?;
    house.clock.let_go();
    Ok(())
}

/// A deployment in `dir` in which the whole story has happened.
pub(crate) fn told_world(dir: &Path, config: Config, out: &mut dyn Write) -> Result<House, Problem> {
    let mut telling = Telling::new(out);
    let house = found(dir, config)?;
    let cast = world::populate(&house)?;
    story::tell(&house, &cast, &mut telling)?;
    Ok(house)
}

fn found(dir: &Path, config: Config) -> Result<House, Problem> {
    let begins: Timestamp = BEGINS.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let clock = Clock::told(crate::house::zone(&config)?, begins);
    House::found(dir, config, clock)
}

/// Runs the whole demonstration in `dir` and tells it to `out`.
fn play(dir: &Path, out: &mut dyn Write) -> Result<House, Problem> {
    let started = Instant::now();
    let mut telling = Telling::new(out);
    let house = found(dir, demonstration())?;
    let cast = world::populate(&house)?;
    telling.line("Theriac demonstration. DEMO: everyone and everything here is invented; the tokens are software.");
    telling.line(&format!(
        "  world    {} people, 1 practice, 1 pharmacy ({}), {} products in stock",
        cast::ALL.len(),
        house.pharmacy,
        cast::DRUG_FILE.len()
    ));
    telling.line(&format!("  law      profile {}; each refusal names the edition that decided", house.config.profile));
    telling.line(&format!("  record   {}", dir.join("theriac.db").display()));
    let set_up = started.elapsed();
    story::tell(&house, &cast, &mut telling)?;
    let told = started.elapsed();

    telling.chapter("The record");
    let checkpoint = house.store.export_checkpoint().map_err(crate::house::store_problem)?;
    let entries = house.store.size().map_err(crate::house::store_problem)?;
    let report = house.store.check(std::slice::from_ref(&checkpoint)).map_err(crate::house::store_problem)?;
    if !report.is_clean() {
        let first = report.first_bad().map(ToString::to_string).unwrap_or_default();
        return Err(Problem::failed("DEMO-JOURNAL", first, "report this: the demonstration's own journal is damaged"));
    }
    telling.line(&format!("  {entries} entries, all recomputed and found as written; signed checkpoint:"));
    for line in checkpoint.lines() {
        telling.line(&format!("    | {line}"));
    }
    let found = insider::edit_one_byte(&house, &dir.join("insider"))?;
    telling.line("  An insider edits one byte in a copy of the database:");
    telling.line(&format!("    {}  ->  {}", found.before, found.after));
    let named = found.report.first_bad();
    telling.line(&format!("  theriac journal check: {}", named.map(ToString::to_string).unwrap_or_default()));
    if named.and_then(|bad| bad.at.first()) != Some(found.edited) {
        return Err(Problem::failed(
            "DEMO-INSIDER",
            "the check did not name the edited entry",
            "report this as a fault",
        ));
    }
    let total = started.elapsed();
    let figures = telling.figures.clone();
    telling.chapter("In figures");
    telling.line(&format!(
        "  {} signed, {} sent, {} accepted, {} rejected, {} dispensings, {} refusals explained, {entries} journal entries",
        figures.signed, figures.sent, figures.accepted, figures.rejected, figures.dispensed, figures.refused
    ));
    telling.line(&format!(
        "  set up in {:.2} s, told in {:.2} s, checked and attacked in {:.2} s; {:.2} s in all, {} MB of memory at most",
        set_up.as_secs_f64(),
        told.saturating_sub(set_up).as_secs_f64(),
        total.saturating_sub(told).as_secs_f64(),
        total.as_secs_f64(),
        memory_peak_mb()
    ));
    Ok(house)
}

/// The largest amount of memory this process has held, in megabytes; 0 where the system does not tell.
fn memory_peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kilobytes.map_or(0, |kilobytes| kilobytes / 1024)
}
