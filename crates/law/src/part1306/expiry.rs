//! 21 CFR 1306.22(a), 1306.12(b), 1306.14(e): from when and until when a prescription may be filled.
//!
//! (1306.22(a)) Schedules III and IV are neither filled nor refilled more than six months after the date of issue; the
//! last day counts. Federal law sets no end for schedules II and V; a State may.
//! (1306.14(e)) A prescription with an earliest fill date is not filled before it.
//! Every limit runs from the date of issue, whatever the earliest fill date.

use crate::edition::{Bound, By, Domain, Law, Row, parameter};
use crate::facts::Prescription;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::Schedule;
use jiff::civil::Date;
use theriac_model::calendar::{days_after, months_after};

rule!(LAST_DAY: "1306.22-six-months", "expiry", "21 CFR 1306.22(a)", By::ALL,
    "Schedules III and IV are neither filled nor refilled more than six calendar months after issue; other schedules as a State sets",
    ["law-exp-ciii-civ-six-months", "law-exp-six-months-arithmetic", "law-exp-cv-none-federal", "law-exp-cii-none-federal", "law-exp-noncontrolled-none", "law-exp-runs-from-issue", "law-refill-ciii-civ-six-months-first-fill", "law-state-az-cii-90", "law-state-az-noncontrolled-1-year", "epcs-1306.22-a-1"]);
rule!(FIRST_DAY: "1306.14-earliest", "multiple-cii", "21 CFR 1306.14(e)", By::ALL,
    "A prescription is not filled before the earliest date written on it",
    ["law-multi-not-before-date", "law-multi-fills-sequential", "law-exp-earliest-fill-does-not-extend"]);

parameter!(MONTHS_III_IV: "expiry.iii-iv.months", "months after issue in which schedules III and IV may be filled and refilled", Min,
    Domain::Number("months"), [Row::of(By::ALL, 6, "21 CFR 1306.22(a)")]);
parameter!(DAYS_II: "expiry.ii.days", "days after issue in which schedule II may be filled", Min, Domain::Number("days"), []);
parameter!(MONTHS_V: "expiry.v.months", "months after issue in which schedule V and uncontrolled drugs may be filled and refilled", Min,
    Domain::Number("months"), []);

/// The last day on which `rx` may be filled, and who says so; `None` when nobody sets one.
pub(crate) fn last_day(law: &Law<'_>, rx: &Prescription) -> Option<(Date, Bound)> {
    let months = |bound: Bound| Some((months_after(rx.issued, u16::try_from(bound.value).ok()?)?, bound));
    match rx.schedule {
        Schedule::III | Schedule::IV => months(law.bound(&MONTHS_III_IV)?),
        Schedule::V | Schedule::None => months(law.bound(&MONTHS_V)?),
        Schedule::I | Schedule::II => {
            let bound = law.bound(&DAYS_II)?;
            Some((days_after(rx.issued, u32::try_from(bound.value).ok()?)?, bound))
        }
    }
}

/// Whether the last day has passed.
pub(crate) fn not_past(law: &Law<'_>, rx: &Prescription) -> Outcome {
    let Some((last, bound)) = last_day(law, rx) else { return Outcome::NotApplicable };
    Outcome::unless(law.day <= last, || {
        law.deny(
            &LAST_DAY,
            Reason::Expired,
            "LAW-1306.22-EXPIRED",
            format!("it could be filled until {last}"),
            "ask for a new prescription",
        )
        .by(&bound)
        .about("prescription.issued")
    })
}

/// Whether the earliest fill date has come.
pub(crate) fn not_early(law: &Law<'_>, rx: &Prescription) -> Outcome {
    let Some(earliest) = rx.earliest_fill else { return Outcome::NotApplicable };
    Outcome::unless(earliest <= law.day, || {
        law.deny(
            &FIRST_DAY,
            Reason::TooEarly,
            "LAW-1306.14-EARLY",
            format!("it may be filled from {earliest}"),
            "fill it on that day or later",
        )
        .about("prescription.earliest_fill")
    })
}
