//! At the counter: how it was taken in, what the pharmacist judged, who fills. Asked only where it was stated.

use super::{Bench, Stop};
use crate::facts::Prescription;
use crate::part1306::{intake, judgement, series};
use crate::state::PERMITS;

/// A pharmacist's refusal comes before every other rule.
pub(crate) fn declined(bench: &mut Bench<'_>) -> Result<(), Stop> {
    let law = bench.law;
    match bench.facts.judgement.as_deref() {
        None => Ok(()),
        Some(judgement) => bench.find(&judgement::DECLINED, judgement::declined(&law, judgement)),
    }
}

/// How it was taken in: call, writing, fax, paper.
pub(crate) fn taken_in(bench: &mut Bench<'_>) -> Result<(), Stop> {
    let Some(intake) = bench.facts.intake.as_deref() else { return Ok(()) };
    let (law, rx, at) = (bench.law, bench.prescription()?, bench.at);
    bench.find(&PERMITS, intake::state_form(&law, rx, intake))?;
    bench.find(&intake::TAKEN_BY, intake::taken_by(&law, rx, intake))?;
    bench.find(&intake::AGENT, intake::agent(&law, rx, intake))?;
    bench.find(&intake::WRITTEN_DOWN, intake::written_down(&law, rx, intake, at))?;
    bench.find(&intake::ORIGIN, intake::origin(&law, rx, intake))?;
    bench.find(&intake::SENDER, intake::sender(&law, rx, intake))?;
    bench.find(&intake::COMPARED, intake::compared(&law, rx, intake))?;
    bench.find(&intake::VOID, intake::void(&law, rx, intake))?;
    bench.find(&intake::MISSPELT, intake::misspelt(&law, intake))
}

/// What the pharmacist judged, and who fills.
pub(crate) fn judged(bench: &mut Bench<'_>) -> Result<(), Stop> {
    let (law, facts, at) = (bench.law, bench.facts, bench.at);
    if let Some(filling) = facts.filling.as_deref() {
        bench.find(&judgement::FILLER, judgement::filler(&law, filling))?;
    }
    let Some(judgement) = facts.judgement.as_deref() else { return Ok(()) };
    let rx = bench.prescription()?;
    bench.find(&PERMITS, judgement::supply(&law, rx, judgement))?;
    bench.note(&judgement::EARLY, &judgement::early(&law, judgement, &facts.history, at));
    bench.find(&judgement::NEEDED, judgement::still_needed(&law, rx, judgement))?;
    bench.find(&judgement::DECIDED, judgement::decided(&law, judgement))
}

/// The first of a set without an earliest date, filled later than issued: a warning.
pub(crate) fn first_of_set(bench: &mut Bench<'_>, rx: &Prescription) {
    let law = bench.law;
    if let Some(siblings) = bench.facts.siblings.as_deref() {
        bench.note(&series::FIRST, &series::first(&law, rx, siblings));
    }
}
