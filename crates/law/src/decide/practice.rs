//! The practitioner's authority in detail, and programs for opioid dependence.

use super::{Bench, Granted, Stop};
use crate::part1301::dea_number;
use crate::part1306::authority::{self, OwnUse};
use crate::part1306::dependence;

/// What was looked up about the prescriber: licence, place, discipline, agreement, number, waiver, scope, own use.
pub(crate) fn authority(bench: &mut Bench<'_>) -> Result<(), Stop> {
    let Some(practice) = bench.facts.practice.as_deref() else { return Ok(()) };
    let (law, rx) = (bench.law, bench.prescription()?);
    bench.find(&authority::LICENCE, authority::licence(&law, rx, practice))?;
    bench.find(&authority::PLACE, authority::place(&law, practice))?;
    bench.find(&authority::TABLE, authority::table(&law, rx, practice))?;
    bench.find(&authority::AGREEMENT, authority::agreement(&law, practice))?;
    bench.find(&dea_number::PRESCRIBES, dea_number::prescribes(&law, practice))?;
    bench.find(&dependence::APPROVED, dependence::approved(&law, rx, practice))?;
    bench.find(&dependence::WAIVER, dependence::waiver(&law, rx, practice))?;
    bench.find(&dependence::CAP, dependence::cap(&law, rx, practice))?;
    match authority::own_use(&law, rx, practice) {
        OwnUse::No(outcome) | OwnUse::Warned(outcome) => bench.note(&authority::OWN_USE, &outcome),
        OwnUse::Forbidden(outcome) => bench.find(&authority::OWN_USE, outcome)?,
    }
    bench.find(&authority::SCOPE, authority::scope(&law, practice))
}

/// `run-program`: registration, certification, State.
pub(crate) fn run_program(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(program) = bench.facts.program.as_deref() else { return Err(bench.lacks(" without a program")) };
    bench.state_permits()?;
    bench.find(&dependence::PROGRAM, dependence::program(&law, program))?;
    Ok(Granted::Permit)
}
