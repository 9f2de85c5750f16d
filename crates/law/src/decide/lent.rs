//! Practitioners without a registration of their own: Federal officials and those who use a hospital's number.

use super::{Bench, Granted, Stop};
use crate::facts::Assignment;
use crate::part1301::{exempt, hospital};
use crate::vocab::{CodeHolder, Registration};

/// What an official's exemption, or a hospital's number, asks beside the practitioner's authority.
pub(crate) fn claimed(bench: &mut Bench<'_>) -> Result<(), Stop> {
    let (law, facts, rx) = (bench.law, bench.facts, bench.prescription()?);
    let prescriber = &facts.prescriber;
    if let Some(official) = facts.official.as_deref() {
        bench.find(&exempt::SERVICE, exempt::service(&law, official, prescriber))?;
        bench.find(&exempt::ON_DUTY, exempt::on_duty(&law, official, prescriber))?;
        bench.find(&exempt::NUMBER, exempt::number(&law, official, prescriber))?;
        bench.find(&exempt::PRINTED, exempt::printed(&law, rx, official, prescriber))?;
    }
    if let Some(assignment) = facts.assignment.as_deref().filter(|_| prescriber.registration == Registration::Hospital)
    {
        bench.find(&hospital::ACTIVE, hospital::active(&law, assignment, rx.signed()))?;
        lent(bench, assignment)?;
        if assignment.code_holder == CodeHolder::Nobody && !assignment.confirmed {
            bench.duty(crate::reason::Duty::ContactInstitution);
        }
        bench.find(&hospital::ASK, hospital::known(&law, assignment))?;
        bench.find(&hospital::PRINTED, hospital::printed(&law, rx, assignment))?;
        bench.note(&hospital::PATIENT, &hospital::own_patient(&law, assignment));
    }
    Ok(())
}

fn lent(bench: &mut Bench<'_>, assignment: &Assignment) -> Result<(), Stop> {
    let law = bench.law;
    bench.all(hospital::LENT, assignment)?;
    bench.find(&hospital::CODE, hospital::code(&law, assignment))
}

/// `assign-code`: a hospital puts a practitioner on its list.
pub(crate) fn assign_code(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let Some(assignment) = bench.facts.assignment.as_deref() else { return Err(bench.lacks(" without an assignment")) };
    lent(bench, assignment)?;
    Ok(Granted::Permit)
}
