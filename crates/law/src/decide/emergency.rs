//! Oral authorisations of schedule II, what follows them, and several prescriptions at one sitting.

use super::{Bench, Granted, Stop, at_counter, entries};
use crate::decision::Answer;
use crate::facts::Prescriber;
use crate::part1306::{contents, emergency, form, practitioner, purpose, quantity, series};
use crate::reason::{Duty, Reason};
use crate::rule::Outcome;
use crate::tally::Tally;
use crate::vocab::{Delivery, RecordEntry, Schedule, Word};

/// `emergency-fill`: place, definition, person, contents, purpose, quantity.
pub(crate) fn emergency_fill(bench: &mut Bench<'_>, asked: u64, needed: u64) -> Result<Granted, Stop> {
    let (law, rx, facts) = (bench.law, bench.prescription()?, bench.facts);
    at_counter::declined(bench)?;
    bench.state_permits()?;
    bench.find(&practitioner::NO_SCHEDULE_I, practitioner::no_schedule_i(&law, rx))?;
    bench.find(&emergency::RETAIL, emergency::retail(&law, facts.emergency.site))?;
    if rx.schedule == Schedule::II {
        bench.find(&emergency::DEFINITION, emergency::definition(&law, &facts.emergency))?;
        bench.duty(Duty::ObtainFollowup);
    } else {
        bench.find(&form::ORAL_BY, form::oral_by(&law, rx))?;
    }
    let found = emergency_rest(bench, asked, needed);
    if found.is_err() {
        bench.no_duties();
    }
    found
}

fn emergency_rest(bench: &mut Bench<'_>, asked: u64, needed: u64) -> Result<Granted, Stop> {
    let (law, rx, facts) = (bench.law, bench.prescription()?, bench.facts);
    bench.find(&emergency::KNOWN, emergency::known(&law, &facts.emergency))?;
    bench.find(&contents::CONTENTS, contents::complete(&law, rx, &Prescriber::new()))?;
    at_counter::taken_in(bench)?;
    bench.find(&purpose::PURPOSE, purpose::legitimate(&law, rx))?;
    at_counter::judged(bench)?;
    bench.find(&emergency::NEEDED, emergency::quantity(&law, asked, needed))?;
    bench.find(&quantity::WITHIN, quantity::within(&law, Tally::of(rx, &[], 0), rx.quantity, asked))?;
    bench.duty(Duty::ReduceToWriting);
    Ok(Granted::Permit)
}

/// `emergency-followup`: time, then face.
pub(crate) fn emergency_followup(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, rx, followup) = (bench.law, bench.prescription()?, &bench.facts.followup);
    let in_time = emergency::in_time(&law, rx, followup);
    if matches!(&in_time, Outcome::Violated(denial) if denial.reason == Reason::Expired) {
        bench.duty(Duty::NotifyDea);
    }
    bench.find(&emergency::SEVEN_DAYS, in_time)?;
    bench.find(&emergency::FACE, emergency::face(&law, followup))?;
    bench.find(&emergency::SAME_QUANTITY, emergency::same_quantity(&law, rx, followup))?;
    let electronic = followup.by == Some(Delivery::Electronic);
    entries::made(bench, if electronic { RecordEntry::FollowupElectronic } else { RecordEntry::FollowupPaper })?;
    bench.duty(if electronic { Duty::AnnotateFollowup } else { Duty::AttachFollowup });
    Ok(Granted::Permit)
}

/// `emergency-authority`: what became of the authority to dispense without a written prescription.
pub(crate) fn authority(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, rx, followup) = (bench.law, bench.prescription()?, &bench.facts.followup);
    let (standing, outcome) = emergency::authority(&law, rx, followup);
    if matches!(outcome, Outcome::Violated(_)) {
        bench.duty(Duty::NotifyDea);
    }
    bench.note(&emergency::AUTHORITY, &outcome);
    Ok(Granted::Value(Answer::Word(standing.word())))
}

/// `issue`: State, separate, dates, supply.
pub(crate) fn issue(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.state_permits()?;
    let Some(set) = &bench.facts.series else { return Err(bench.lacks(" without a series")) };
    bench.find(&series::SEPARATE, series::separate(&law, set))?;
    bench.find(&series::ISSUED, series::issued(&law, set, law.day))?;
    bench.find(&series::RISK, series::risk(&law, set))?;
    bench.find(&series::DATES, series::dates(&law, set))?;
    bench.find(&series::SUPPLY, series::supply(&law, set))?;
    Ok(Granted::Permit)
}
