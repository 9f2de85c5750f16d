//! Dealing with a theft or loss: assessment, notice, form, end of the case.

use super::{Bench, Granted, Stop};
use crate::decision::Answer;
use crate::part1301::{form_106, loss_case};
use crate::reason::Duty;
use crate::rule::Outcome;
use crate::vocab::{EarlierLosses, Word};

/// `assess-loss`: reported, or a reasoned decision that it need not be.
pub(crate) fn assess(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(assessment) = bench.facts.assessment.as_deref() else { return Err(bench.lacks(" without an assessment")) };
    bench.note(&loss_case::COUNT, &Outcome::Satisfied);
    bench.duty(Duty::TakeInventory);
    let repeated = loss_case::repeated(&law, assessment);
    if loss_case::is_reported(assessment) || matches!(repeated, Outcome::Violated(_)) {
        bench.duty(Duty::NotifyDea1BusinessDay);
        bench.duty(Duty::FileForm106);
    } else {
        bench.duty(Duty::RecordInTheftLossFile);
    }
    if loss_case::is_reported(assessment) {
        bench.note(&loss_case::DOUBT, &Outcome::Satisfied);
    }
    bench.find(&loss_case::REPEATED, repeated)?;
    bench.find(&loss_case::DOUBT, loss_case::named(&law, assessment))?;
    bench.find(&loss_case::FACTORS, loss_case::factors(&law, assessment))?;
    Ok(Granted::Permit)
}

/// `notify-loss`: to whom, in writing, by whom, in time.
pub(crate) fn notify(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(notice) = bench.facts.notice.as_deref() else { return Err(bench.lacks(" without a notice")) };
    bench.all(loss_case::NOTICE, notice)?;
    bench.find(&loss_case::IN_TIME, loss_case::in_time(&law, notice, &bench.facts.holidays))?;
    Ok(Granted::Permit)
}

/// `close-loss`: what the ending needs, then whoever the State wants told.
pub(crate) fn close(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(case) = bench.facts.case.as_deref() else { return Err(bench.lacks(" without a case")) };
    bench.all(loss_case::ENDING, case)?;
    bench.find(&loss_case::OTHERS, loss_case::others(&law, case))?;
    Ok(Granted::Permit)
}

/// `file-form-106`.
pub(crate) fn file_form_106(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(form) = bench.facts.form106.as_deref() else { return Err(bench.lacks(" without a form")) };
    bench.find(&form_106::ONLINE, form_106::online(&law, form))?;
    bench.find(&form_106::FORTY_FIVE, form_106::forty_five(&law, form))?;
    bench.all(form_106::FORM, form)?;
    Ok(Granted::Permit)
}

/// `earlier-losses`.
pub(crate) fn earlier(bench: &mut Bench<'_>, which: EarlierLosses) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(past) = bench.facts.past_losses.as_deref() else { return Err(bench.lacks(" without earlier losses")) };
    bench.note(&form_106::EARLIER, &Outcome::Satisfied);
    Ok(Granted::Value(Answer::Number(form_106::earlier(&law, which, past))))
}

/// `loss-value`: what was paid, whatever the goods would have sold for.
pub(crate) fn value(bench: &mut Bench<'_>, paid_cents: u64) -> Granted {
    bench.note(&form_106::COST, &Outcome::Satisfied);
    Granted::Value(Answer::Number(paid_cents))
}

/// `federal-offence`.
pub(crate) fn federal(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(crime) = bench.facts.crime.as_deref() else { return Err(bench.lacks(" without a theft")) };
    bench.note(&form_106::FEDERAL, &Outcome::Satisfied);
    Ok(Granted::Value(Answer::Word(form_106::federal(&law, crime).word())))
}
