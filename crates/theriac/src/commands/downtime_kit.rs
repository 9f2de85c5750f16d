//! `theriac downtime-kit`: what may still be refilled, written where it is at hand when the computer is down.

use crate::cli::DowntimeKit;
use crate::house::House;
use crate::house::record::Fault;
use crate::output::{Outcome, Problem, line};
use std::path::Path;

pub(crate) fn run(args: &DowntimeKit) -> Result<Outcome, Problem> {
    let lines = write(&args.at.open()?, &args.to)?;
    line(format_args!("{lines} prescriptions may be refilled; the kit is in {}", args.to.display()))?;
    Ok(Outcome::Done)
}

/// Writes the kit; answers how many prescriptions it lists. The file of before stays until the new one is whole.
pub(crate) fn write(house: &House, to: &Path) -> Result<usize, Problem> {
    let kit = house.downtime_kit().map_err(Problem::from)?;
    let printed = house.kit_paper(&kit).print().map_err(|refusal| Problem::from(Fault::from(*refusal)))?;
    let beside = to.with_extension("new");
    std::fs::write(&beside, printed.pdf).map_err(|error| Problem::unwritable(&beside, &error))?;
    std::fs::rename(&beside, to).map_err(|error| Problem::unwritable(to, &error))?;
    Ok(kit.lines.len())
}
