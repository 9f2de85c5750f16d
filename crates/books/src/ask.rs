//! Questions to the rulebook. No number of the law stands in this crate where the rulebook has it.

use jiff::civil::Date;
use theriac_law::vocab::Event;
use theriac_law::{Answer, Decision, Profile, Question, Request, Verdict, When, decide};
use theriac_model::Refusal;
use theriac_model::holidays::federal_holidays_from;

/// The decision when the act is permitted, else its refusal.
pub(crate) fn permission(profile: &Profile, question: &Question) -> Result<Decision, Refusal> {
    decided(profile, question)?.into_result()
}

/// The decision, whatever it is.
pub(crate) fn decided(profile: &Profile, question: &Question) -> Result<Decision, Refusal> {
    decide(profile, question).map_err(|missing| {
        Refusal::new(
            "BOOKS-RULE-NOT-BUILT",
            "21 CFR 1304.21(a)",
            format!("the rulebook has no answer for {}{}", missing.action, missing.detail),
            "do not act on this program's word; update the program",
        )
    })
}

/// A word looked up; empty when the rulebook has none.
pub(crate) fn word(profile: &Profile, question: &Question) -> Result<&'static str, Refusal> {
    Ok(match decided(profile, question)?.verdict {
        Verdict::Value(Answer::Word(word)) => word,
        _ => "",
    })
}

/// A number looked up; zero when the rulebook has none.
pub(crate) fn number(profile: &Profile, question: &Question) -> Result<u64, Refusal> {
    Ok(match decided(profile, question)?.verdict {
        Verdict::Value(Answer::Number(number)) => number,
        _ => 0,
    })
}

/// The last day of the period that `event` starts, with the federal holidays; `None` where no edition knows the period.
pub(crate) fn last_day(profile: &Profile, event: Event, at: impl Into<When>) -> Option<Date> {
    let at = at.into();
    let holidays = federal_holidays_from(at.date(), 3);
    let question = Question::new(at, Request::Deadline { event }).with(|facts| facts.holidays = holidays);
    match decide(profile, &question).ok()?.verdict {
        Verdict::Value(Answer::Date(day)) => Some(day),
        Verdict::Value(Answer::Instant(moment)) => Some(moment.date()),
        _ => None,
    }
}

/// A count of smallest units as the rulebook takes it; it compares such numbers only with each other.
pub(crate) fn units(smallest: i64) -> u64 {
    u64::try_from(smallest).unwrap_or(0)
}
