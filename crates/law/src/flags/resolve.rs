//! What becomes of a warning sign (cards, "Corresponding Responsibility and Red Flags"; manual, appendix D, Prevention Techniques).
//!
//! (a) Signs are resolved before dispensing: with one open nothing is handed over. (b) One sign never refuses by itself; it
//! asks a pharmacist for a decision. (c) With any question the prescriber is asked; a contact counts with person, time and
//! outcome. (d) What is believed forged or altered is not dispensed, and the police are called. (e) A pattern of abuse goes to
//! the State board of pharmacy or the field office of DEA.

use super::{Seen, raised};
use crate::edition::{By, Law};
use crate::facts::Resolution;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Flag, Grounds, NumberSource, Staff};

rule!(OPEN: "flags-resolved", "red-flags", "Cards 2021, Corresponding Responsibility and Red Flags; 21 CFR 1306.04(a)", By::ALL,
    "Warning signs are resolved by a pharmacist before the drug is handed over",
    ["law-flag-resolve-before-dispensing", "law-flag-not-alone", "pharm-flag-no-sole-indicator"]);
rule!(DECIDED: "flags-decided", "red-flags", "21 CFR 1306.04(a); Manual 2010, appendix D", By::ALL,
    "A pharmacist decides about a warning sign; a contact with the prescriber counts with person, time and outcome",
    ["law-flag-verify-contact", "pharm-flag-contact-prescriber"]);
rule!(CALL_BACK: "flags-call-back", "red-flags", "Manual 2010, appendix D", By::ALL,
    "The prescriber is called at a number from another source than the prescription, which may carry an accomplice's",
    ["pharm-flag-contact-prescriber"]);
rule!(FORGED: "flags-forged", "red-flags", "Manual 2010, appendix D", By::ALL,
    "What is believed forged or altered is not dispensed; the local police are called",
    ["law-flag-forged-refuse-report", "pharm-flag-forged-do-not-dispense"]);
rule!(PATTERN: "flags-pattern", "red-flags", "Manual 2010, appendix D", By::ALL,
    "A pattern of abuse is reported to the State board of pharmacy or the field office of DEA",
    ["law-flag-pattern-report", "pharm-flag-pattern-report"]);

/// (c): what a resolution lacks to count.
fn lacking(
    by: Staff,
    grounds: Grounds,
    person: Option<&str>,
    contacted: bool,
    outcome: Option<&str>,
) -> Option<(&'static str, &'static str)> {
    let said = |text: Option<&str>| text.is_some_and(|text| !text.trim().is_empty());
    if by != Staff::Pharmacist {
        Some(("by", "a pharmacist decides about a warning sign"))
    } else if !said(outcome) {
        Some(("outcome", "what came of it, or why, is not recorded"))
    } else if grounds == Grounds::Contact && !said(person) {
        Some(("person", "with whom it was spoken is not recorded"))
    } else if grounds == Grounds::Contact && !contacted {
        Some(("contacted", "when it was spoken is not recorded"))
    } else {
        None
    }
}

fn counts(resolution: &Resolution) -> bool {
    let outcome = resolution.outcome.as_deref();
    lacking(resolution.by, resolution.grounds, resolution.person.as_deref(), resolution.at.is_some(), outcome).is_none()
}

/// The signs that are raised and not resolved.
pub(crate) fn open(seen: &Seen<'_>) -> Vec<Flag> {
    let resolved = |flag: Flag| seen.screen.resolved.iter().any(|one| one.flag == flag && counts(one));
    raised(seen).map(|(sign, _)| sign.flag).filter(|flag| !resolved(*flag)).collect()
}

/// (a): whether everything is resolved.
pub(crate) fn resolved(seen: &Seen<'_>) -> Outcome {
    let open = open(seen);
    Outcome::unless(open.is_empty(), || {
        let signs: Vec<String> = open.iter().map(ToString::to_string).collect();
        seen.law
            .deny(
                &OPEN,
                Reason::RedFlagOpen,
                "LAW-FLAGS-OPEN",
                format!("warning signs are open: {}", signs.join(", ")),
                "let a pharmacist resolve each and record how; then hand over",
            )
            .about("screen.resolved")
    })
}

/// (c): whether a pharmacist's decision is one.
pub(crate) fn decided(
    law: &Law<'_>,
    by: Staff,
    grounds: Grounds,
    person: Option<&str>,
    contacted: bool,
    outcome: Option<&str>,
) -> Outcome {
    let Some((field, what)) = lacking(by, grounds, person, contacted, outcome) else { return Outcome::Satisfied };
    let reason = if field == "by" { Reason::NotAuthorized } else { Reason::VerificationRequired };
    let next = "record pharmacist, person, time and outcome";
    let denial = law.deny(&DECIDED, reason, "LAW-FLAGS-DECISION", what, next);
    Outcome::Violated(Box::new(denial.about(format!("request.{field}"))))
}

/// (c): whether the number came from elsewhere than the prescription; a warning, never a refusal.
pub(crate) fn called_back(law: &Law<'_>, grounds: Grounds, number: NumberSource) -> Outcome {
    if grounds != Grounds::Contact {
        return Outcome::NotApplicable;
    }
    Outcome::unless(number == NumberSource::Independent, || {
        law.deny(
            &CALL_BACK,
            Reason::VerificationRequired,
            "LAW-FLAGS-CALL-BACK",
            "the number called stands on the prescription and may be an accomplice's",
            "call again at a number from a directory, your own records or the board",
        )
        .about("request.number")
    })
}

/// (d): whether nobody believes it forged.
pub(crate) fn not_forged(seen: &Seen<'_>) -> Outcome {
    Outcome::unless(!seen.screen.believed_forged, || {
        seen.law
            .deny(
                &FORGED,
                Reason::BelievedForged,
                "LAW-FLAGS-FORGED",
                "a pharmacist believes the prescription forged or altered",
                "do not dispense it; call the local police",
            )
            .about("screen.believed_forged")
    })
}
