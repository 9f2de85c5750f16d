//! First fillings, refills and parts.

use super::{Bench, Granted, Stop, at_counter, entries, screening};
use crate::decision::Answer;
use crate::edition::Law;
use crate::facts::Prescription;
use crate::part1306::{
    contents, expiry, fax, form, moved, oral_refills, partial_ii, partial_iii_v, practitioner, purpose, quantity,
    refills, replacement, signature, transfer,
};
use crate::reason::{Duty, Reason};
use crate::rule::Outcome;
use crate::tally::Tally;
use crate::vocab::{Basis, FirstStatus, Form, HistoryKind, Notation, RecordEntry, Schedule, Setting};

/// `fill`: form, replacement, contents, signature, practitioner, purpose, time, quantity; the first refusal stands.
pub(crate) fn fill(bench: &mut Bench<'_>, asked: u64) -> Result<Granted, Stop> {
    let rx = bench.prescription()?;
    let found = fill_rules(bench, asked);
    let faxed_ii = rx.form == Form::Fax && rx.schedule == Schedule::II;
    if faxed_ii && denied_as(&found, Reason::FormNotAllowed) {
        bench.duty(Duty::ObtainOriginal);
    }
    found
}

fn denied_as(found: &Result<Granted, Stop>, reason: Reason) -> bool {
    matches!(found, Err(Stop::Denied(denial)) if denial.reason == reason)
}

fn fill_rules(bench: &mut Bench<'_>, asked: u64) -> Result<Granted, Stop> {
    let (law, rx, facts) = (bench.law, bench.prescription()?, bench.facts);
    at_counter::declined(bench)?;
    bench.state_permits()?;
    bench.find(&practitioner::NO_SCHEDULE_I, practitioner::no_schedule_i(&law, rx))?;
    bench.find(&form::WRITTEN_II, form::written(&law, rx))?;
    bench.find(&fax::ORIGINAL_II, fax::original(&law, rx))?;
    bench.find(&fax::SENT_BY, fax::sent_by(&law, rx))?;
    bench.find(&form::ORAL_BY, form::oral_by(&law, rx))?;
    bench.find(&form::MEDIUM, form::medium(&law, rx))?;
    at_counter::taken_in(bench)?;
    if let Some(first) = &facts.replacement {
        bench.find(&replacement::ONE_OF_TWO, replacement::one_of_two(&law, first))?;
        bench.find(&replacement::SAYS_SO, replacement::says_so(&law, first))?;
        entries::made(bench, RecordEntry::Replacement)?;
    }
    bench.find(&contents::CONTENTS, contents::complete(&law, rx, &facts.prescriber))?;
    bench.find(&signature::SIGNED, signature::signed(&law, rx))?;
    bench.find(&signature::SAME_DAY, signature::same_day(&law, rx, law.day))?;
    issuer(bench)?;
    bench.find(&purpose::PURPOSE, purpose::legitimate(&law, rx))?;
    bench.find(&expiry::LAST_DAY, expiry::not_past(&law, rx))?;
    bench.find(&expiry::FIRST_DAY, expiry::not_early(&law, rx))?;
    discontinued(bench)?;
    still_here(bench)?;
    bench.find(&quantity::ONCE, quantity::once(&law, rx, &facts.history))?;
    let tally = Tally::of(rx, &facts.history, 0);
    bench.find(&quantity::WITHIN, quantity::within(&law, tally, rx.quantity, asked))?;
    at_counter::first_of_set(bench, rx);
    at_counter::judged(bench)?;
    if rx.form == Form::Oral {
        bench.duty(Duty::ReduceToWriting);
    }
    screening::before_dispensing(bench)?;
    if facts.replacement.as_ref().is_some_and(|first| first.first == FirstStatus::ReceivedNotDispensed) {
        bench.duty(Duty::VoidFirst);
    }
    Ok(Granted::Permit)
}

/// Who issued: State, registration, schedules.
pub(crate) fn issuer(bench: &mut Bench<'_>) -> Result<(), Stop> {
    let (law, rx, prescriber) = (bench.law, bench.prescription()?, &bench.facts.prescriber);
    bench.find(&practitioner::REGISTERED, practitioner::registered(&law, rx, prescriber))?;
    bench.find(&practitioner::STATE, practitioner::state(&law, prescriber))?;
    bench.find(&practitioner::SCHEDULES, practitioner::schedules(&law, rx, prescriber))?;
    super::practice::authority(bench)?;
    super::lent::claimed(bench)
}

/// `refill`: schedule, time, number, quantity.
pub(crate) fn refill(bench: &mut Bench<'_>, asked: u64) -> Result<Granted, Stop> {
    let (law, rx) = (bench.law, bench.prescription()?);
    at_counter::declined(bench)?;
    bench.state_permits()?;
    bench.find(&refills::NEVER_II, refills::not_schedule_ii(&law, rx))?;
    if rx.drug.is_some() {
        bench.find(&moved::MOVED, moved::refillable(&law, rx))?;
    }
    screening::before_dispensing(bench)?;
    bench.find(&expiry::LAST_DAY, expiry::not_past(&law, rx))?;
    still_here(bench)?;
    let tally = Tally::of(rx, &bench.facts.history, refills::lawful(&law, rx));
    bench.find(&refills::COUNT, refills::left(&law, rx, tally))?;
    if let Some(keeping) = bench.facts.refill_keeping.as_deref() {
        entries::keeping(bench, keeping, tally)?;
    }
    entries::made(bench, RecordEntry::Refill)?;
    bench.find(&quantity::WITHIN, quantity::within(&law, tally, rx.quantity, asked))?;
    at_counter::judged(bench)?;
    Ok(Granted::Permit)
}

/// What came by transfer or left: void here, sent anew elsewhere, or beyond the time in which a transferred one is used.
pub(crate) fn still_here(bench: &mut Bench<'_>) -> Result<(), Stop> {
    let (law, rx, history) = (bench.law, bench.prescription()?, &bench.facts.history);
    bench.find(&transfer::ONCE, transfer::still_here(&law, history))?;
    if history.iter().any(|act| act.kind == HistoryKind::SentElsewhere) {
        bench.find(&transfer::SENT_ELSEWHERE, transfer::sent_elsewhere(&law, history))?;
    }
    if history.iter().any(|act| act.kind == HistoryKind::TransferIn) {
        bench.find(&transfer::SIX_MONTHS, transfer::six_months(&law, rx))?;
    }
    Ok(())
}

/// What the practitioner discontinued is not dispensed.
fn discontinued(bench: &mut Bench<'_>) -> Result<(), Stop> {
    let (law, rx) = (bench.law, bench.prescription()?);
    match rx.discontinued {
        None => Ok(()),
        Some(day) => bench.find(&partial_ii::DISCONTINUED, partial_ii::discontinued(&law, day)),
    }
}

/// `authorize-refills`: schedule, time, number, quantity.
pub(crate) fn authorize_refills(bench: &mut Bench<'_>, additional: u32, quantity: u64) -> Result<Granted, Stop> {
    let (law, rx) = (bench.law, bench.prescription()?);
    bench.state_permits()?;
    bench.find(&refills::NEVER_II, refills::not_schedule_ii(&law, rx))?;
    bench.find(&moved::MOVED, moved::extendable(&law, rx))?;
    bench.find(&expiry::LAST_DAY, expiry::not_past(&law, rx))?;
    if let Some(addition) = bench.facts.addition.as_deref() {
        bench.find(&oral_refills::ADDED_BY, oral_refills::by(&law, addition))?;
    }
    bench.find(&oral_refills::ADDED_COUNT, oral_refills::count(&law, rx, additional))?;
    bench.find(&oral_refills::ADDED_QUANTITY, oral_refills::quantity(&law, rx, quantity))?;
    entries::made(bench, RecordEntry::RefillsAdded)?;
    bench.duty(Duty::RecordOralAuthorization);
    Ok(Granted::Permit)
}

/// What a `partial-fill` states beside the quantity.
pub(crate) struct Part {
    pub(crate) quantity: u64,
    pub(crate) basis: Basis,
    pub(crate) notation: Option<Notation>,
    pub(crate) remainder_available: bool,
    pub(crate) terminal_in_doubt: bool,
}

/// `partial-fill`: by schedule.
pub(crate) fn partial_fill(bench: &mut Bench<'_>, part: &Part) -> Result<Granted, Stop> {
    let rx = bench.prescription()?;
    at_counter::declined(bench)?;
    bench.state_permits()?;
    discontinued(bench)?;
    if !matches!(rx.schedule, Schedule::I | Schedule::II) {
        return part_iii_v(bench, part);
    }
    let found = part_ii(bench, part);
    if part.basis == Basis::Shortage && denied_as(&found, Reason::Expired) {
        bench.duty(Duty::NotifyPrescriber);
    }
    found
}

fn part_ii(bench: &mut Bench<'_>, part: &Part) -> Result<Granted, Stop> {
    let (law, rx, history) = (bench.law, bench.prescription()?, &bench.facts.history);
    bench.find(&partial_ii::BASIS, partial_ii::basis(&law, rx, part.basis))?;
    let doubt = partial_ii::doubt(&law, part.basis, part.terminal_in_doubt);
    if matches!(doubt, Outcome::Violated(_)) {
        bench.duty(Duty::VerifyWithPrescriber);
    }
    bench.find(&partial_ii::DOUBT, doubt)?;
    bench.find(&partial_ii::NOTATION, partial_ii::notation(&law, part.basis, part.notation))?;
    bench.find(&expiry::LAST_DAY, expiry::not_past(&law, rx))?;
    bench.find(&expiry::FIRST_DAY, expiry::not_early(&law, rx))?;
    still_here(bench)?;
    bench.find(&partial_ii::WINDOW, partial_ii::window(&law, rx, part.basis, history, bench.at))?;
    bench.find(&quantity::WITHIN, quantity::within(&law, Tally::of(rx, history, 0), rx.quantity, part.quantity))?;
    at_counter::judged(bench)?;
    entries::made(bench, entry_of_part(part.basis, rx.form))?;
    match part.basis {
        Basis::Ltcf | Basis::Terminal => bench.duty(Duty::RecordPartialDetails),
        _ => bench.duty(Duty::RecordQuantitySupplied),
    }
    if part.basis == Basis::Shortage && !part.remainder_available {
        bench.duty(Duty::NotifyPrescriber);
    }
    Ok(Granted::Permit)
}

/// Which entry a part of schedule II takes.
const fn entry_of_part(basis: Basis, form: Form) -> RecordEntry {
    match (basis, form) {
        (Basis::Ltcf | Basis::Terminal, _) => RecordEntry::PartLtcf,
        (_, Form::Electronic) => RecordEntry::PartElectronic,
        _ => RecordEntry::PartNoted,
    }
}

fn part_iii_v(bench: &mut Bench<'_>, part: &Part) -> Result<Granted, Stop> {
    let (law, rx) = (bench.law, bench.prescription()?);
    bench.find(&partial_iii_v::SIX_MONTHS, partial_iii_v::six_months(&law, rx))?;
    bench.find(&expiry::LAST_DAY, expiry::not_past(&law, rx))?;
    bench.find(&expiry::FIRST_DAY, expiry::not_early(&law, rx))?;
    still_here(bench)?;
    let tally = Tally::of(rx, &bench.facts.history, refills::lawful(&law, rx));
    bench.find(&quantity::WITHIN, quantity::within(&law, tally, tally.allowed(), part.quantity))?;
    entries::made(bench, RecordEntry::PartIiiV)?;
    at_counter::judged(bench)?;
    Ok(Granted::Permit)
}

/// `remaining-quantity`: nothing once the time is over.
pub(crate) fn remaining_quantity(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, rx, history) = (bench.law, bench.prescription()?, &bench.facts.history);
    let tally = Tally::of(rx, history, refills_of_the_day(&law, rx));
    let open = usable(bench)? && part_window_open(bench)?;
    Ok(Granted::Value(Answer::Number(if open { tally.remaining() } else { 0 })))
}

/// `refills-remaining`: nothing once the time is over.
pub(crate) fn refills_remaining(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, rx) = (bench.law, bench.prescription()?);
    let tally = Tally::of(rx, &bench.facts.history, refills_of_the_day(&law, rx));
    let left = if usable(bench)? { tally.refills_left() } else { 0 };
    Ok(Granted::Value(Answer::Number(left)))
}

/// The refills that count on the day: none where a move to schedule II ended them.
fn refills_of_the_day(law: &Law<'_>, rx: &Prescription) -> u64 {
    match moved::refillable(law, rx) {
        Outcome::Violated(_) => 0,
        _ => refills::lawful(law, rx),
    }
}

fn usable(bench: &mut Bench<'_>) -> Result<bool, Stop> {
    let (law, rx) = (bench.law, bench.prescription()?);
    let outcome = expiry::not_past(&law, rx);
    let open = !matches!(outcome, Outcome::Violated(_));
    bench.note(&expiry::LAST_DAY, &outcome);
    Ok(open)
}

/// Whether a schedule II prescription that was split may still be used, on the widest ground that fits its setting.
fn part_window_open(bench: &mut Bench<'_>) -> Result<bool, Stop> {
    let (law, rx, history) = (bench.law, bench.prescription()?, &bench.facts.history);
    if rx.schedule != Schedule::II || Tally::of(rx, history, 0).dispensed() == 0 {
        return Ok(true);
    }
    let grounds: &[Basis] = match rx.setting {
        Setting::Ltcf => &[Basis::Ltcf],
        Setting::Terminal => &[Basis::Terminal],
        _ => &[Basis::Shortage, Basis::Requested],
    };
    let open = |basis: &Basis| {
        matches!(partial_ii::basis(&law, rx, *basis), Outcome::Satisfied)
            && !matches!(partial_ii::window(&law, rx, *basis, history, bench.at), Outcome::Violated(_))
    };
    Ok(grounds.iter().any(open))
}
