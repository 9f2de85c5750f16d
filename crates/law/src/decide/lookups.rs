//! Look-ups: what a number shows, where a preparation falls, when a period ends.

use super::{Bench, Granted, Stop};
use crate::deadlines;
use crate::decision::Answer;
use crate::part1301::dea_number;
use crate::part1308::{classify, criteria, explained, table};
use crate::reason::Duty;
use crate::rule::Outcome;
use crate::vocab::{Event, Market, Schedule, Substance, Word};

/// `check-dea-number`.
pub(crate) fn dea_number(bench: &mut Bench<'_>, number: &str, last_name: Option<&str>) -> Result<Granted, Stop> {
    let (number, kind) = match dea_number::read(&bench.law, number) {
        Ok(found) => found,
        Err(denial) => {
            bench.find(&dea_number::NUMBER, Outcome::Violated(denial))?;
            return Err(bench.lacks(" without a number"));
        }
    };
    bench.find(&dea_number::NUMBER, dea_number::sound())?;
    if let Some(name) = last_name {
        let outcome = dea_number::initial(&bench.law, number, name);
        if matches!(outcome, Outcome::Violated(_)) {
            bench.duty(Duty::VerifyWithPrescriber);
        }
        bench.note(&dea_number::INITIAL, &outcome);
    }
    if let Some(holder) = &bench.facts.holder {
        for (rule, outcome) in [
            (&dea_number::LETTER_A, dea_number::letter_a(&bench.law, number, holder)),
            (&dea_number::LETTER_M, dea_number::letter_m(&bench.law, number, holder)),
        ] {
            if matches!(outcome, Outcome::Violated(_)) {
                bench.duty(Duty::VerifyWithPrescriber);
            }
            bench.note(rule, &outcome);
        }
        bench.find(&dea_number::LISTED, dea_number::listed(&bench.law, holder))?;
    }
    Ok(Granted::Value(Answer::Word(kind.word())))
}

/// `classify`.
pub(crate) fn classify(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let Some(content) = &bench.facts.substance else { return Err(bench.lacks(" without a substance")) };
    let found = explained::schedule(&bench.law, content);
    let by_amount = content.amount_mcg.is_some() || content.strength.is_some();
    let rule = if content.name == Substance::Cannabis {
        &explained::HEMP
    } else if by_amount {
        &classify::CONCENTRATION
    } else {
        &classify::FORMULATION
    };
    bench.note(rule, &Outcome::Satisfied);
    bench.note(&explained::WHOLE, &Outcome::Satisfied);
    for note in found.notes {
        bench.remark(note);
    }
    Ok(Granted::Value(Answer::Word(found.schedule.word())))
}

/// `schedule-of`.
pub(crate) fn schedule_of(bench: &mut Bench<'_>, name: &str, market: Market) -> Result<Granted, Stop> {
    let placed = match table::status(&bench.law, name, market) {
        Ok(placed) => placed,
        Err(denial) => {
            bench.find(&table::KNOWN, Outcome::Violated(denial))?;
            return Err(bench.lacks(" of an unknown product"));
        }
    };
    bench.find(&table::KNOWN, Outcome::Satisfied)?;
    bench.note(&table::TABLE, &Outcome::Satisfied);
    for note in placed.notes {
        bench.remark(note);
    }
    Ok(Granted::Value(Answer::Word(placed.status.word())))
}

/// `criteria`.
pub(crate) fn criteria(bench: &mut Bench<'_>, schedule: Schedule) -> Granted {
    bench.note(&criteria::CRITERIA, &Outcome::Satisfied);
    Granted::Value(Answer::Word(criteria::of(schedule)))
}

/// `deadline`.
pub(crate) fn deadline(bench: &mut Bench<'_>, event: Event) -> Result<Granted, Stop> {
    let Some((answer, rule)) = deadlines::last(&bench.law, event, bench.at, &bench.facts.holidays) else {
        return Err(bench.lacks(" for this event under this profile"));
    };
    bench.note(rule, &Outcome::Satisfied);
    Ok(Granted::Value(answer))
}
