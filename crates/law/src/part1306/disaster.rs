//! State law on refills without authorisation in a declared emergency (Arizona, as the cards tell it).
//!
//! Federal law knows no such refill: without a State that grants it a prescription is required. Where it is granted, the
//! emergency has been declared, schedules III to V only, a limited days' supply, and a second one when it has lasted.

use crate::edition::{By, Domain, Law, parameter};
use crate::facts::{Disaster, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::Schedule;

rule!(GRANTED: "disaster-granted", "refills", "Cards 2021, Emergency Refilling; State law", By::C21,
    "Without authorisation a prescription is refilled only where a State grants it, for schedules III to V",
    ["law-refill-emergency-state", "law-state-az-emergency-refill"]);
rule!(DECLARED: "disaster-declared", "refills", "Cards 2021, Emergency Refilling; State law", By::C21,
    "The emergency has been declared",
    ["law-state-az-emergency-refill"]);
rule!(SUPPLY: "disaster-supply", "refills", "Cards 2021, Emergency Refilling; State law", By::C21,
    "One limited supply, and a second one when the emergency has lasted long enough",
    ["law-state-az-emergency-refill"]);

parameter!(ALLOWED: "disaster.refill", "whether a declared emergency allows a refill without authorisation", Permitted, Domain::YesNo, []);
parameter!(DAYS: "disaster.days", "days' supply of such a refill", Min, Domain::Number("days"), []);
parameter!(SUPPLIES: "disaster.supplies", "such refills in one emergency", Min, Domain::Number("supplies"), []);
parameter!(SECOND_AFTER: "disaster.second-after", "day of the emergency from which a second supply may be given", Max, Domain::Number("days"), []);

/// Whether a State grants it for this schedule.
pub(crate) fn granted(law: &Law<'_>, rx: &Prescription) -> Outcome {
    let allowed = law.says(&ALLOWED) && !matches!(rx.schedule, Schedule::I | Schedule::II);
    Outcome::unless(allowed, || {
        law.deny(
            &GRANTED,
            Reason::PrescriptionRequired,
            "LAW-DISASTER-PRESCRIPTION",
            "no State rule grants this refill without authorisation",
            "reach the practitioner, or another one, for a prescription",
        )
        .about("prescription.schedule")
    })
}

/// Whether the emergency was declared.
pub(crate) fn declared(law: &Law<'_>, disaster: &Disaster) -> Outcome {
    Outcome::unless(disaster.declared, || {
        law.deny(
            &DECLARED,
            Reason::EmergencyCriteria,
            "LAW-DISASTER-DECLARED",
            "no emergency has been declared",
            "reach the practitioner for a prescription",
        )
        .about("disaster.declared")
    })
}

/// Whether the supply is within what is granted.
pub(crate) fn supply(law: &Law<'_>, disaster: &Disaster, days_supply: u32) -> Outcome {
    let deny = |reason, code, what: String, field: &'static str| {
        Outcome::Violated(Box::new(
            law.deny(&SUPPLY, reason, code, what, "reach the practitioner for a prescription").about(field),
        ))
    };
    let most = law.value(&SUPPLIES, 1);
    let prior = u64::from(disaster.prior_supplies);
    if prior >= most {
        return deny(
            Reason::LimitExceeded,
            "LAW-DISASTER-SUPPLIES",
            format!("{prior} supplies were given, and {most} are allowed"),
            "disaster.prior_supplies",
        );
    }
    let from = law.value(&SECOND_AFTER, 0);
    if prior > 0 && u64::from(disaster.day) < from {
        return deny(
            Reason::LimitExceeded,
            "LAW-DISASTER-SECOND",
            format!("a second supply may be given from day {from}"),
            "disaster.day",
        );
    }
    let Some(bound) = law.bound(&DAYS) else { return Outcome::NotApplicable };
    if u64::from(days_supply) > bound.value {
        return deny(
            Reason::QuantityExceeded,
            "LAW-DISASTER-DAYS",
            format!("{days_supply} days' supply, and {} are allowed", bound.value),
            "request.days_supply",
        );
    }
    Outcome::Satisfied
}
