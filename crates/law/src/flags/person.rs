//! Signs that lie with the patient or whoever presents the prescription (manual, appendix D; cards, "NABP Ref Flags").
//!
//! Early refills asked for again and again; a prescriber or a home far away; unusual behaviour; cash for an opioid; a
//! street name; a supply of a month presented again far too soon; prescriptions in other people's names.

use super::Seen;
use super::figures::{self, figure};
use crate::edition::By;
use crate::rule::{Outcome, Rule, rule};
use crate::vocab::{DrugClass, Payment, StaffNoteKind};

rule!(EARLY: "flag-early-refill", "red-flags", "Cards 2021, NABP Ref Flags", By::ALL,
    "Early refills are asked for again and again",
    ["law-flag-early-refill"]);
rule!(DISTANCE: "flag-distance", "red-flags", "Cards 2021, NABP Ref Flags", By::ALL,
    "Prescriber or patient is unusually far from the pharmacy",
    ["law-flag-distance"]);
rule!(BEHAVIOUR: "flag-behaviour", "red-flags", "Cards 2021, NABP Ref Flags", By::ALL,
    "The patient behaves unusually, such as nervously",
    ["law-flag-behaviour"]);
rule!(CASH: "flag-cash", "red-flags", "Cards 2021, NABP Ref Flags", By::ALL,
    "An opioid is paid in cash",
    ["law-flag-cash"]);
rule!(STREET_NAME: "flag-street-name", "red-flags", "Cards 2021, NABP Ref Flags", By::ALL,
    "A street name is used for the drug",
    ["law-flag-slang"]);
rule!(FREQUENT: "flag-too-frequent", "red-flags", "Manual 2010, appendix D", By::ALL,
    "A supply of a month is presented again after two weeks, one, or a day",
    ["law-flag-too-frequent", "pharm-flag-early-return"]);
rule!(OTHER_NAMES: "flag-other-names", "red-flags", "Manual 2010, appendix D", By::ALL,
    "Prescriptions in other people's names are presented",
    ["law-flag-other-names"]);

/// Early refills.
pub(crate) fn early(seen: &Seen<'_>) -> Outcome {
    let (found, from) = (seen.screen.early_requests, figure(seen.law, &figures::EARLY));
    if found < from {
        return Outcome::Satisfied;
    }
    seen.raise(
        &EARLY,
        "LAW-FLAG-EARLY-REFILL",
        "screen.early_requests",
        format!("{found} early refills asked for; {from} raise the sign"),
    )
}

/// Distance; at the limit it is not raised.
pub(crate) fn distance(seen: &Seen<'_>) -> Outcome {
    let limit = figure(seen.law, &figures::MILES);
    match seen.screen.distance_miles {
        Some(miles) if miles > limit => {
            let what = format!("{miles} miles to prescriber or home, more than {limit}");
            seen.raise(&DISTANCE, "LAW-FLAG-DISTANCE", "screen.distance_miles", what)
        }
        _ => Outcome::Satisfied,
    }
}

/// Raised by a note of staff, with its author and time.
pub(crate) fn noted(seen: &Seen<'_>, kind: StaffNoteKind, rule: &'static Rule, code: &'static str) -> Outcome {
    let Some(note) = seen.screen.notes.iter().find(|note| note.kind == kind) else { return Outcome::Satisfied };
    seen.raise(rule, code, "screen.notes", format!("{kind}, noted by {} on {}", note.author, note.at))
}

/// Behaviour.
pub(crate) fn behaviour(seen: &Seen<'_>) -> Outcome {
    noted(seen, StaffNoteKind::Behaviour, &BEHAVIOUR, "LAW-FLAG-BEHAVIOUR")
}

/// A street name.
pub(crate) fn street_name(seen: &Seen<'_>) -> Outcome {
    noted(seen, StaffNoteKind::StreetName, &STREET_NAME, "LAW-FLAG-STREET-NAME")
}

/// Cash for an opioid.
pub(crate) fn cash(seen: &Seen<'_>) -> Outcome {
    if seen.screen.payment != Payment::Cash || seen.screen.class != DrugClass::Opioid {
        return Outcome::Satisfied;
    }
    seen.raise(&CASH, "LAW-FLAG-CASH", "screen.payment", "an opioid is paid in cash")
}

/// Back too soon: before the given share of the last supply's days has gone by.
pub(crate) fn frequent(seen: &Seen<'_>) -> Outcome {
    let (Some(supply), Some(since)) = (seen.screen.last_supply_days, seen.screen.days_since_last) else {
        return Outcome::Satisfied;
    };
    let percent = figure(seen.law, &figures::RETURN_PERCENT);
    if since.saturating_mul(100) >= supply.saturating_mul(percent) {
        return Outcome::Satisfied;
    }
    let early = supply.saturating_sub(since);
    let what = format!("a supply of {supply} days is presented again on day {since}: {early} days early");
    seen.raise(&FREQUENT, "LAW-FLAG-TOO-FREQUENT", "screen.days_since_last", what)
}

/// Other people's names.
pub(crate) fn other_names(seen: &Seen<'_>) -> Outcome {
    let (found, from) = (seen.screen.in_other_names, figure(seen.law, &figures::OTHER_NAMES));
    if found < from {
        return Outcome::Satisfied;
    }
    let what = format!("the presenter brings {found} prescriptions in other people's names");
    seen.raise(&OTHER_NAMES, "LAW-FLAG-OTHER-NAMES", "screen.in_other_names", what)
}
