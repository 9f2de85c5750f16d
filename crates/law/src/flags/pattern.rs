//! Signs that lie with the prescriber, or show over many patients (manual, appendix D; cards, "NABP Ref Flags", "Prescription Drug Monitoring Programs").
//!
//! Several prescribers or pharmacies for one class; the same prescription for many patients; a drug outside the prescriber's
//! field; a group that comes at once; a pending action; far more than others write; new patients of one prescriber.

use super::Seen;
use super::figures::{self, figure};
use crate::edition::By;
use crate::rule::{Outcome, rule};
use crate::vocab::{DrugClass, Specialty};

rule!(PRESCRIBERS: "flag-prescribers", "red-flags", "Cards 2021, NABP Ref Flags; Cards 2021, Prescription Drug Monitoring Programs", By::ALL,
    "Several prescribers write the same class for one patient",
    ["law-flag-multiple-prescribers", "law-pdmp-patterns", "pharm-pdmp-multiple-provider-signal"]);
rule!(PHARMACIES: "flag-pharmacies", "pdmp", "Cards 2021, Prescription Drug Monitoring Programs", By::ALL,
    "Several pharmacies dispense the same class to one patient",
    ["law-pdmp-patterns", "pharm-pdmp-multiple-provider-signal"]);
rule!(ALIKE: "flag-pill-mill", "red-flags", "Cards 2021, NABP Ref Flags", By::ALL,
    "One prescriber writes the same for many patients in a day",
    ["law-flag-pill-mill"]);
rule!(SCOPE: "flag-scope", "red-flags", "Cards 2021, NABP Ref Flags", By::ALL,
    "The drug is outside the prescriber's field, such as an opioid from a psychiatrist",
    ["law-flag-scope"]);
rule!(GROUP: "flag-group", "red-flags", "Cards 2021, NABP Ref Flags; Manual 2010, appendix D", By::ALL,
    "Several people come within a short time with similar prescriptions of one prescriber",
    ["law-flag-groups", "pharm-flag-simultaneous-group"]);
rule!(PENDING: "flag-pending-action", "red-flags", "Cards 2021, NABP Ref Flags", By::ALL,
    "A Federal or State action against the prescriber is pending",
    ["law-flag-pending-action"]);
rule!(VOLUME: "flag-prescriber-volume", "red-flags", "Manual 2010, appendix D", By::ALL,
    "The prescriber writes far more, or larger, prescriptions than others in the area",
    ["law-flag-prescriber-volume", "pharm-flag-prescriber-volume"]);
rule!(STRANGERS: "flag-strangers", "red-flags", "Manual 2010, appendix D", By::ALL,
    "Many people who are no regular patrons bring prescriptions of one prescriber",
    ["law-flag-strangers", "pharm-flag-strangers-same-prescriber"]);

/// Several prescribers.
pub(crate) fn prescribers(seen: &Seen<'_>) -> Outcome {
    let (found, from) = (seen.screen.prescribers, figure(seen.law, &figures::PRESCRIBERS));
    if found < from {
        return Outcome::Satisfied;
    }
    seen.raise(
        &PRESCRIBERS,
        "LAW-FLAG-PRESCRIBERS",
        "screen.prescribers",
        format!("{found} prescribers of the same class in the same period"),
    )
}

/// Several pharmacies.
pub(crate) fn pharmacies(seen: &Seen<'_>) -> Outcome {
    let (found, from) = (seen.screen.pharmacies, figure(seen.law, &figures::PHARMACIES));
    if found < from {
        return Outcome::Satisfied;
    }
    seen.raise(
        &PHARMACIES,
        "LAW-FLAG-PHARMACIES",
        "screen.pharmacies",
        format!("{found} pharmacies for the same class in the same period"),
    )
}

/// The same for many.
pub(crate) fn alike(seen: &Seen<'_>) -> Outcome {
    let (found, from) = (seen.screen.alike_today, figure(seen.law, &figures::ALIKE));
    if found < from {
        return Outcome::Satisfied;
    }
    let what = format!("{found} prescriptions of this prescriber today for the same drug, strength and quantity");
    seen.raise(&ALIKE, "LAW-FLAG-PILL-MILL", "screen.alike_today", what)
}

/// Fields in which an opioid is unusual.
fn unusual(specialty: Specialty, class: DrugClass) -> bool {
    class == DrugClass::Opioid
        && matches!(specialty, Specialty::Psychiatry | Specialty::Dermatology | Specialty::Ophthalmology)
}

/// Outside the field.
pub(crate) fn scope(seen: &Seen<'_>) -> Outcome {
    match seen.screen.specialty {
        Some(specialty) if unusual(specialty, seen.screen.class) => {
            let what = format!("an {} from {specialty}", seen.screen.class);
            seen.raise(&SCOPE, "LAW-FLAG-SCOPE", "screen.specialty", what)
        }
        _ => Outcome::Satisfied,
    }
}

/// A group; this prescription is one of it.
pub(crate) fn group(seen: &Seen<'_>) -> Outcome {
    let (from, minutes) = (figure(seen.law, &figures::GROUP), figure(seen.law, &figures::GROUP_MINUTES));
    let earlier = seen.screen.alike_minutes_ago.iter().filter(|ago| **ago <= minutes).count();
    let found = u64::try_from(earlier).unwrap_or(u64::MAX).saturating_add(1);
    if found < from {
        return Outcome::Satisfied;
    }
    let what = format!("{found} similar prescriptions of one prescriber within {minutes} minutes");
    seen.raise(&GROUP, "LAW-FLAG-GROUP", "screen.alike_minutes_ago", what)
}

/// A pending action.
pub(crate) fn pending(seen: &Seen<'_>) -> Outcome {
    if !seen.screen.pending_action {
        return Outcome::Satisfied;
    }
    seen.raise(
        &PENDING,
        "LAW-FLAG-PENDING-ACTION",
        "screen.pending_action",
        "an action against the prescriber is pending",
    )
}

/// Far more than others; at the percentile it is not raised.
pub(crate) fn volume(seen: &Seen<'_>) -> Outcome {
    let limit = figure(seen.law, &figures::PERCENTILE);
    match seen.screen.prescriber_percentile {
        Some(found) if found > limit => {
            let what = format!("the prescriber writes more than {found} of 100 in the area");
            seen.raise(&VOLUME, "LAW-FLAG-PRESCRIBER-VOLUME", "screen.prescriber_percentile", what)
        }
        _ => Outcome::Satisfied,
    }
}

/// New patients of one prescriber.
pub(crate) fn strangers(seen: &Seen<'_>) -> Outcome {
    let (found, from) = (seen.screen.new_patients_today, figure(seen.law, &figures::STRANGERS));
    if found < from {
        return Outcome::Satisfied;
    }
    seen.raise(
        &STRANGERS,
        "LAW-FLAG-STRANGERS",
        "screen.new_patients_today",
        format!("{found} new patients of this prescriber today"),
    )
}
