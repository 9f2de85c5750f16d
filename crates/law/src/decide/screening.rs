//! Warning signs, monitoring programmes, identification, limits of supply.

use super::{Bench, Granted, Stop};
use crate::decision::Answer;
use crate::flags::{self, Seen, resolve};
use crate::part1306::pickup;
use crate::reason::Duty;
use crate::rule::Outcome;
use crate::vocab::{FlagDecision, Grounds, NeedToKnow, NumberSource, Reader, Residence, Schedule, Staff, Word};
use crate::{monitoring, supply};

/// `screen`: every sign, none of which denies.
pub(crate) fn screen(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, facts) = (bench.law, bench.facts);
    let Some(screen) = facts.screen.as_deref() else { return Err(bench.lacks(" without a screen")) };
    let seen = Seen { law: &law, screen, rx: facts.prescription.as_ref(), history: &facts.history };
    for sign in flags::SIGNS {
        bench.note(sign.rule, &(sign.read)(&seen));
    }
    if !resolve::open(&seen).is_empty() {
        bench.duty(Duty::ResolveFlags);
    }
    Ok(Granted::Permit)
}

/// What dispensing asks where signs, monitoring or a supply are stated.
pub(crate) fn before_dispensing(bench: &mut Bench<'_>) -> Result<(), Stop> {
    let (law, facts) = (bench.law, bench.facts);
    if let Some(screen) = facts.screen.as_deref() {
        let seen = Seen { law: &law, screen, rx: facts.prescription.as_ref(), history: &facts.history };
        if screen.believed_forged {
            bench.duty(Duty::LockPrescription);
            bench.duty(Duty::CallPolice);
        }
        bench.find(&resolve::FORGED, resolve::not_forged(&seen))?;
    }
    if let Some(asked) = facts.monitoring.as_deref() {
        bench.find(&monitoring::CHECK, monitoring::checked(&law, asked))?;
    }
    if let (Some(days), Some(rx)) = (facts.supply.as_deref(), facts.prescription.as_ref()) {
        bench.find(&supply::DAYS, supply::days(&law, rx, days))?;
    }
    Ok(())
}

/// What handing over asks where signs or the person who picks up are stated.
pub(crate) fn hand_over(bench: &mut Bench<'_>) -> Result<(), Stop> {
    let (law, facts) = (bench.law, bench.facts);
    let mut doubt = false;
    if let Some(screen) = facts.screen.as_deref() {
        let seen = Seen { law: &law, screen, rx: facts.prescription.as_ref(), history: &facts.history };
        doubt = flags::raised(&seen).next().is_some();
        bench.find(&resolve::FORGED, resolve::not_forged(&seen))?;
        bench.find(&resolve::OPEN, resolve::resolved(&seen))?;
    }
    let Some(person) = facts.pickup.as_deref() else { return Ok(()) };
    bench.find(&pickup::KINDS, pickup::kind(&law, person))?;
    bench.find(&pickup::COMPARED, pickup::compared(&law, person))?;
    bench.find(&pickup::REQUIRED, pickup::required(&law, person))?;
    bench.note(&pickup::RECOMMENDED, &pickup::recommended(&law, person));
    if doubt {
        bench.note(&pickup::IN_DOUBT, &pickup::in_doubt(&law, person));
        bench.duty(if pickup::identified(person) { Duty::RecordIdentification } else { Duty::AskIdentification });
    }
    Ok(())
}

/// A pharmacist's decision about a sign.
pub(crate) struct Decided<'a> {
    pub(crate) decision: FlagDecision,
    pub(crate) by: Staff,
    pub(crate) grounds: Grounds,
    pub(crate) person: Option<&'a str>,
    pub(crate) contacted: bool,
    pub(crate) outcome: Option<&'a str>,
    pub(crate) number: NumberSource,
}

/// `resolve-flag`.
pub(crate) fn resolve_flag(bench: &mut Bench<'_>, decided: &Decided<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Decided { decision, by, grounds, person, contacted, outcome, number } = *decided;
    bench.find(&resolve::DECIDED, resolve::decided(&law, by, grounds, person, contacted, outcome))?;
    bench.note(&resolve::CALL_BACK, &resolve::called_back(&law, grounds, number));
    match decision {
        FlagDecision::Resolved => {}
        FlagDecision::Declined => bench.duty(Duty::NotifyPrescriber),
        FlagDecision::Forged => {
            bench.note(&resolve::FORGED, &Outcome::Satisfied);
            bench.duty(Duty::LockPrescription);
            bench.duty(Duty::CallPolice);
        }
        FlagDecision::Pattern => {
            bench.note(&resolve::PATTERN, &Outcome::Satisfied);
            bench.duty(Duty::ReportPattern);
            bench.remark("addressees: the State board of pharmacy; the field office of DEA");
        }
    }
    Ok(Granted::Permit)
}

/// `check-monitoring`.
pub(crate) fn check_monitoring(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let Some(asked) = bench.facts.monitoring.as_deref() else { return Err(bench.lacks(" without a monitoring")) };
    let duty = monitoring::duty(&bench.law, asked);
    bench.note(&monitoring::CHECK, &Outcome::Satisfied);
    Ok(Granted::Value(Answer::Word(duty.word())))
}

/// `report-monitoring`.
pub(crate) fn report_monitoring(
    bench: &mut Bench<'_>,
    schedule: Schedule,
    drug: Option<&str>,
    number: Option<&str>,
) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.note(&monitoring::COLLECTED, &Outcome::Satisfied);
    if !monitoring::collected(&law, schedule, drug) {
        return Ok(Granted::Value(Answer::Word("not-collected")));
    }
    bench.find(&monitoring::NUMBER, monitoring::numbered(&law, number))?;
    Ok(Granted::Value(monitoring::due(&law, bench.at).unwrap_or(Answer::Word("no-time-set"))))
}

/// `access-monitoring`.
pub(crate) fn access_monitoring(
    bench: &mut Bench<'_>,
    reader: Reader,
    from: Residence,
    need: NeedToKnow,
) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.find(&monitoring::ACCESS, monitoring::access(&law, reader, from, need))?;
    Ok(Granted::Permit)
}
