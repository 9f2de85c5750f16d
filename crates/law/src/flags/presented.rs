//! Signs on the prescription as it is presented (manual, appendix D; cards, "Corresponding Responsibility and Red Flags").
//!
//! Something irregular on its face; a large quantity, or a first opioid that is in schedule II; six signs of forgery; a dose
//! unlike usual use; a presentation long after issue.

use super::figures::{self, figure};
use super::{Seen, person};
use crate::edition::By;
use crate::rule::{Outcome, rule};
use crate::vocab::{DrugClass, Schedule, StaffNoteKind, Word};

rule!(FACE: "flag-face-irregular", "red-flags", "Cards 2021, Corresponding Responsibility and Red Flags", By::ALL,
    "Something is irregular on the face of the prescription",
    ["law-flag-face-irregular"]);
rule!(LARGE: "flag-large-or-strong", "red-flags", "Cards 2021, Corresponding Responsibility and Red Flags", By::ALL,
    "The quantity is unusually large, or the first opioid is a strong one",
    ["law-flag-large-or-strong-initial"]);
rule!(FORGED: "flag-forged-look", "red-flags", "Manual 2010, appendix D", By::ALL,
    "It is too legible, unlike usual use, worded as in a textbook, without abbreviations, photocopied, or in several inks or hands",
    ["law-flag-forged-look", "pharm-flag-forgery-checklist"]);
rule!(DOSE: "flag-unusual-dose", "red-flags", "Manual 2010, appendix D", By::ALL,
    "Quantity, directions or dose are unlike usual medical use",
    ["law-flag-unusual-dose"]);
rule!(LATE: "flag-late-presentation", "red-flags", "Manual 2010, appendix D", By::ALL,
    "It is not presented within a reasonable time of its issue",
    ["law-flag-late-presentation"]);

/// A note of staff about the face.
pub(crate) fn face(seen: &Seen<'_>) -> Outcome {
    person::noted(seen, StaffNoteKind::FaceIrregular, &FACE, "LAW-FLAG-FACE")
}

/// A large quantity, or a first opioid of schedule II.
pub(crate) fn large(seen: &Seen<'_>) -> Outcome {
    let Some(rx) = seen.rx else { return Outcome::Satisfied };
    let norm = figure(seen.law, &figures::LARGE);
    if rx.quantity > norm {
        let what = format!("{} units, more than {norm}", rx.quantity);
        seen.raise(&LARGE, "LAW-FLAG-LARGE", "prescription.quantity", what)
    } else if seen.screen.first_ever && seen.screen.class == DrugClass::Opioid && rx.schedule == Schedule::II {
        seen.raise(
            &LARGE,
            "LAW-FLAG-STRONG-INITIAL",
            "screen.first_ever",
            "the patient's first opioid is in schedule II",
        )
    } else {
        Outcome::Satisfied
    }
}

/// Signs of forgery.
pub(crate) fn forged(seen: &Seen<'_>) -> Outcome {
    if seen.screen.forgery.is_empty() {
        return Outcome::Satisfied;
    }
    let signs: Vec<&str> = seen.screen.forgery.iter().map(|sign| sign.word()).collect();
    seen.raise(&FORGED, "LAW-FLAG-FORGED", "screen.forgery", format!("signs of forgery: {}", signs.join(", ")))
}

/// A dose above the usual maximum.
pub(crate) fn dose(seen: &Seen<'_>) -> Outcome {
    match (seen.screen.daily_dose, seen.screen.usual_daily_maximum) {
        (Some(dose), Some(most)) if dose > most => seen.raise(
            &DOSE,
            "LAW-FLAG-DOSE",
            "screen.daily_dose",
            format!("a dose of {dose} a day; {most} is usual at most"),
        ),
        _ => Outcome::Satisfied,
    }
}

/// Presented late; on the last day it is not. What something was dispensed of was presented before, so a refill never is.
pub(crate) fn late(seen: &Seen<'_>) -> Outcome {
    let Some(rx) = seen.rx.filter(|_| seen.history.is_empty()) else { return Outcome::Satisfied };
    let limit = figure(seen.law, &figures::LATE_DAYS);
    let age = seen.law.day.duration_since(rx.issued).as_hours() / 24;
    match u64::try_from(age) {
        Ok(age) if age > limit => seen.raise(
            &LATE,
            "LAW-FLAG-LATE",
            "prescription.issued",
            format!("presented {age} days after issue, more than {limit}"),
        ),
        _ => Outcome::Satisfied,
    }
}
