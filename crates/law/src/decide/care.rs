//! Institutions, long term care, central filling between pharmacies, and who answers for what.

use super::{Bench, Granted, Stop};
use crate::decision::Answer;
use crate::facts::Prescriber;
use crate::part1306::{central_fill, contents, institution, ltcf, practitioner, responsible};
use crate::rule::Outcome;
use crate::vocab::{CentralFlow, FacilityKind, Holding, InstitutionOrder, Matter, OrderFor, Schedule, Word};

/// `accountable`.
pub(crate) fn accountable(bench: &mut Bench<'_>, matter: Matter) -> Result<Granted, Stop> {
    let Some((who, rule)) = responsible::who(matter) else { return Err(bench.lacks(" for this matter")) };
    bench.note(rule, &Outcome::Satisfied);
    Ok(Granted::Value(Answer::Word(who.word())))
}

/// `classify-order`.
pub(crate) fn classify_order(bench: &mut Bench<'_>, order: OrderFor) -> Granted {
    bench.note(&institution::IS_PRESCRIPTION, &Outcome::Satisfied);
    Granted::Value(Answer::Word(if institution::is_prescription(order) { "prescription" } else { "medication-order" }))
}

/// `classify-facility`.
pub(crate) fn classify_facility(bench: &mut Bench<'_>, kind: FacilityKind) -> Granted {
    bench.note(&ltcf::DEFINED, &Outcome::Satisfied);
    Granted::Value(Answer::Word(if ltcf::is_ltcf(kind) { "ltcf" } else { "not-ltcf" }))
}

/// `institution-dispense`: the order, then what a prescription must hold, unless it is none.
pub(crate) fn institution(bench: &mut Bench<'_>, on: InstitutionOrder) -> Result<Granted, Stop> {
    let (law, rx) = (bench.law, bench.prescription()?);
    bench.state_permits()?;
    bench.find(&practitioner::NO_SCHEDULE_I, practitioner::no_schedule_i(&law, rx))?;
    bench.find(&institution::INSTITUTION, institution::may_act(&law, rx, on))?;
    if on == InstitutionOrder::Inpatient {
        bench.note(&institution::IS_PRESCRIPTION, &Outcome::Satisfied);
        bench.note(&contents::CONTENTS, &Outcome::NotApplicable);
    } else {
        bench.find(&contents::CONTENTS, contents::complete(&law, rx, &Prescriber::new()))?;
    }
    Ok(Granted::Permit)
}

/// `stock-of`.
pub(crate) fn stock_of(bench: &mut Bench<'_>, holding: Holding) -> Granted {
    bench.note(&ltcf::STOCK, &Outcome::Satisfied);
    Granted::Value(Answer::Word(if ltcf::is_stock(holding) { "pharmacy-stock" } else { "dispensed" }))
}

/// `count-distributed`: what lies in the system stays the pharmacy's stock. `Chosen reading:` the texts say so of the system
/// only, so what fills a kit counts.
pub(crate) fn count_distributed(bench: &mut Bench<'_>, to: Holding, quantity: u64) -> Granted {
    bench.note(&ltcf::STOCK, &Outcome::Satisfied);
    let counted = match to {
        Holding::Shelf | Holding::LtcfMachine | Holding::Resident => 0,
        Holding::EmergencyKit => quantity,
    };
    Granted::Value(Answer::Number(counted))
}

/// `return-to-stock`.
pub(crate) fn return_to_stock(bench: &mut Bench<'_>, from: Holding) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.state_permits()?;
    bench.find(&ltcf::NO_RETURN, ltcf::returned(&law, from))?;
    Ok(Granted::Permit)
}

/// `central-paper`.
pub(crate) fn central_paper(bench: &mut Bench<'_>, flow: CentralFlow, schedule: Schedule) -> Granted {
    let paper = central_fill::paper(&bench.law, flow, schedule);
    bench.note(&central_fill::PAPER, &Outcome::Satisfied);
    Granted::Value(Answer::Word(paper.word()))
}

/// `reconcile-central`.
pub(crate) fn reconcile_central(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(found) = bench.facts.dispositions.as_deref() else { return Err(bench.lacks(" without dispositions")) };
    bench.find(&central_fill::DISPOSITIONS, central_fill::dispositions(&law, found))?;
    Ok(Granted::Permit)
}
