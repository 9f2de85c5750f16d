//! Entries in the records, the keeping of refills, parts looked at afterwards, and the words for an earliest date.

use super::{Bench, Granted, Stop};
use crate::decision::Answer;
use crate::facts::RefillKeeping;
use crate::part1306::dependence;
use crate::part1306::{entries, partial_ii, refill_systems, wording};
use crate::rule::Outcome;
use crate::tally::Tally;
use crate::vocab::{Basis, Notation, PartsFound, RecordEntry, Word};

/// `check-entry`.
pub(crate) fn check(bench: &mut Bench<'_>, entry: RecordEntry) -> Result<Granted, Stop> {
    judge(bench, entry)?;
    Ok(Granted::Permit)
}

/// The entry that an act takes, where the caller states what was entered.
pub(crate) fn made(bench: &mut Bench<'_>, entry: RecordEntry) -> Result<(), Stop> {
    if bench.facts.entry.is_none() { Ok(()) } else { judge(bench, entry) }
}

/// The entry's rule, where it applies.
fn judge(bench: &mut Bench<'_>, entry: RecordEntry) -> Result<(), Stop> {
    let (law, rx) = (bench.law, bench.facts.prescription.as_ref());
    let Some(entered) = bench.facts.entry.as_deref() else { return Err(bench.lacks(" without an entry")) };
    let Some(row) = entries::required(entry) else { return Err(bench.lacks(" for this entry")) };
    let applies = match entry {
        RecordEntry::CentralPrintout => entered.asked_by_dea,
        RecordEntry::Dependence => law.says(&dependence::WAIVER_NEEDED),
        RecordEntry::CentralRefills => {
            let Some(rx) = rx else { return Err(bench.lacks(" without a prescription")) };
            let outcome = entries::no_refills_of_ii(&law, rx, entered);
            if rx.schedule == crate::vocab::Schedule::II {
                return bench.find(row.rule(), outcome);
            }
            true
        }
        _ => true,
    };
    let outcome = if applies { row.complete(&law, rx, entered) } else { Outcome::NotApplicable };
    bench.find(row.rule(), outcome)
}

/// How the refill just asked for is kept.
pub(crate) fn keeping(bench: &mut Bench<'_>, keeping: &RefillKeeping, tally: Tally) -> Result<(), Stop> {
    let (law, rx) = (bench.law, bench.prescription()?);
    let (rule, outcome) = refill_systems::system(&law, rx, keeping);
    bench.find(rule, outcome)?;
    bench.find(&refill_systems::ENTER_SOON, refill_systems::entered(&law, keeping))?;
    bench.find(&refill_systems::DOWNTIME, refill_systems::downtime(&law, keeping, tally))
}

/// `close-refill-day`.
pub(crate) fn close_refill_day(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(day) = bench.facts.refill_day.as_deref() else { return Err(bench.lacks(" without a day")) };
    bench.find(&refill_systems::VERIFIED, refill_systems::verified(&law, day))?;
    Ok(Granted::Permit)
}

/// `audit-parts`.
pub(crate) fn audit_parts(
    bench: &mut Bench<'_>,
    basis: Option<Basis>,
    notation: Option<Notation>,
) -> Result<Granted, Stop> {
    let (law, rx) = (bench.law, bench.prescription()?);
    let outcome = partial_ii::audited(&law, rx, basis, notation, &bench.facts.history);
    let found = if matches!(outcome, Outcome::Violated(_)) { PartsFound::Violation } else { PartsFound::InOrder };
    bench.note(&partial_ii::AUDITED, &outcome);
    Ok(Granted::Value(Answer::Word(found.word())))
}

/// `read-earliest-fill`.
pub(crate) fn earliest_fill(bench: &mut Bench<'_>, words: &str) -> Result<Granted, Stop> {
    let (law, rx) = (bench.law, bench.prescription()?);
    match wording::earliest(&law, rx, words) {
        Ok(day) => {
            bench.find(&wording::WORDING, Outcome::Satisfied)?;
            Ok(Granted::Value(Answer::Date(day)))
        }
        Err(denial) => {
            bench.find(&wording::WORDING, Outcome::Violated(denial))?;
            Err(bench.lacks(" without a date"))
        }
    }
}
