//! Look-ups: what a number shows, where a preparation falls, when a period ends.

use super::{Bench, Granted, Stop};
use crate::deadlines;
use crate::decision::Answer;
use crate::part1301::dea_number;
use crate::part1308::classify;
use crate::reason::Duty;
use crate::rule::Outcome;
use crate::vocab::{Event, Word};

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
    let schedule = classify::schedule(&bench.law, content);
    let rule = if content.amount_mcg.is_some() { &classify::CONCENTRATION } else { &classify::FORMULATION };
    bench.note(rule, &Outcome::Satisfied);
    Ok(Granted::Value(Answer::Word(schedule.word())))
}

/// `deadline`.
pub(crate) fn deadline(bench: &mut Bench<'_>, event: Event) -> Result<Granted, Stop> {
    let Some((answer, rule)) = deadlines::last(&bench.law, event, bench.at, &bench.facts.holidays) else {
        return Err(bench.lacks(" for this event under this profile"));
    };
    bench.note(rule, &Outcome::Satisfied);
    Ok(Granted::Value(answer))
}
