//! 21 CFR 1306.04(a), (b), 1306.07: for what a prescription may be issued.
//!
//! (1306.04(a)) A legitimate medical purpose, by a practitioner in the usual course; the pharmacist answers for it too.
//! (1306.04(b)) Not to stock an office: that goes by invoice or order form.
//! (1306.07) Schedule II is not prescribed for opioid dependence; it is dispensed in a registered program. Products of
//! schedules III to V approved for it are prescribed.

use crate::edition::{By, Law};
use crate::facts::Prescription;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Purpose, Schedule};

rule!(PURPOSE: "1306.04-purpose", "who-may-prescribe", "21 CFR 1306.04, 1306.07", By::ALL,
    "A prescription serves a legitimate medical purpose: not office stock, and no schedule II for opioid dependence",
    ["law-opioid-treat-cii-ntp-only", "law-opioid-treat-pain-distinct", "law-who-legitimate-purpose", "law-who-no-office-stock"]);

/// Whether the purpose allows dispensing.
pub(crate) fn legitimate(law: &Law<'_>, rx: &Prescription) -> Outcome {
    let (what, next) = match rx.purpose {
        Purpose::Treatment => return Outcome::Satisfied,
        Purpose::OpioidDependence if rx.schedule != Schedule::II => return Outcome::Satisfied,
        Purpose::OpioidDependence => (
            "schedule II is prescribed for opioid dependence",
            "refer the patient to a registered narcotic treatment program",
        ),
        Purpose::OfficeStock => (
            "the prescription is to stock an office",
            "supply the practitioner by invoice, or by order form for schedule II",
        ),
        Purpose::NotLegitimate => ("there is no legitimate medical purpose", "do not dispense; record why"),
    };
    Outcome::Violated(Box::new(
        law.deny(&PURPOSE, Reason::Purpose, "LAW-1306.04-PURPOSE", what, next).about("prescription.purpose"),
    ))
}
