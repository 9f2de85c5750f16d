//! Registered places, their end, their staff, machines and kits.

use super::{Bench, Granted, Stop};
use crate::decision::Answer;
use crate::part1301::{closing, employees, forms, machines, places};
use crate::reason::Duty;
use crate::rule::Outcome;
use crate::vocab::{FormPurpose, Handling, KitStep, MachineStep, Word};
use jiff::civil::Date;

/// `handle`: registration, its end, State licence, address, counts.
pub(crate) fn handle(bench: &mut Bench<'_>, act: Handling) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(place) = bench.facts.place.as_deref() else { return Err(bench.lacks(" without a place")) };
    bench.state_permits()?;
    bench.find(&places::REGISTERED, places::registered(&law, place))?;
    bench.find(&places::RUNNING, places::running(&law, place))?;
    if places::licence_lost(place) {
        bench.duty(Duty::NotifyDea);
    }
    bench.find(&places::LICENSED, places::licensed(&law, place, act))?;
    bench.all(places::AT_THE_PLACE, place)?;
    Ok(Granted::Permit)
}

/// `approve-move`.
pub(crate) fn approve_move(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let Some(way) = bench.facts.relocation.as_deref() else { return Err(bench.lacks(" without a move")) };
    bench.all(places::MOVING, way)?;
    Ok(Granted::Permit)
}

/// `renew-registration`.
pub(crate) fn renew(bench: &mut Bench<'_>, expires: Date) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.find(&places::RENEWAL, places::renewal(&law, expires))?;
    Ok(Granted::Permit)
}

/// `renew-chain`.
pub(crate) fn renew_chain(bench: &mut Bench<'_>, unanswered: &[String]) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.find(&places::CHAIN, places::chain(&law, unanswered))?;
    Ok(Granted::Permit)
}

/// `end-registration`: forms, certificate, stock, records.
pub(crate) fn end(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(ending) = bench.facts.closing.as_deref() else { return Err(bench.lacks(" without a closing")) };
    if ending.forms_left > 0 {
        bench.duty(Duty::ReturnUnusedForms);
    }
    bench.find(&closing::RETURNED, closing::forms(&law, ending))?;
    bench.all(closing::ENDING, ending)?;
    bench.find(&closing::CLEARED, closing::cleared(&law, ending))?;
    Ok(Granted::Permit)
}

/// `transfer-business`: notice, buyer, inventory, records.
pub(crate) fn transfer(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(business) = bench.facts.business.as_deref() else { return Err(bench.lacks(" without a business")) };
    bench.state_permits()?;
    bench.find(&closing::NOTICE, closing::notice(&law, business))?;
    bench.find(&closing::INVENTORY, closing::inventory(&law, business))?;
    bench.all(closing::PASSING, business)?;
    Ok(Granted::Permit)
}

/// `give-access`: screening, then the waiver.
pub(crate) fn give_access(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(employee) = bench.facts.employee.as_deref() else { return Err(bench.lacks(" without an employee")) };
    bench.find(&employees::SCREENED, employees::screened(&law, employee))?;
    bench.find(&employees::WAIVED, employees::waived(&law, employee))?;
    Ok(Granted::Permit)
}

/// `which-form`.
pub(crate) fn which_form(bench: &mut Bench<'_>, purpose: FormPurpose) -> Granted {
    bench.note(&forms::FORMS, &Outcome::Satisfied);
    Granted::Value(Answer::Word(forms::form(purpose).word()))
}

/// `operate-machine`.
pub(crate) fn operate_machine(bench: &mut Bench<'_>, step: MachineStep) -> Result<Granted, Stop> {
    let Some(machine) = bench.facts.machine.as_deref() else { return Err(bench.lacks(" without a machine")) };
    bench.state_permits()?;
    bench.all(machines::BEFORE, machine)?;
    match step {
        MachineStep::Activate => {}
        MachineStep::Stock => bench.all(machines::STOCKING, machine)?,
        MachineStep::Release => bench.all(machines::RELEASING, machine)?,
        MachineStep::Configure => bench.all(machines::CONFIGURING, machine)?,
    }
    Ok(Granted::Permit)
}

/// `operate-kit`.
pub(crate) fn operate_kit(bench: &mut Bench<'_>, step: KitStep) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(kit) = bench.facts.kit.as_deref() else { return Err(bench.lacks(" without a kit")) };
    bench.state_permits()?;
    bench.note(machines::KIT_COUNT.rule, &machines::KIT_COUNT.of(&law, kit));
    bench.all(machines::KIT, kit)?;
    if step == KitStep::Use {
        bench.all(machines::KIT_USE, kit)?;
    }
    Ok(Granted::Permit)
}
