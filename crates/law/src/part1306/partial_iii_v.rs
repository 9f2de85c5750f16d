//! 21 CFR 1306.23: schedules III, IV and V in parts.
//!
//! (a) Each part is recorded like a refill. (b) Together the parts stay within the quantity prescribed, refills
//! included; see `quantity`. (c) Nothing is dispensed beyond six months after issue; the last day counts.
//! The cards let schedule V run on, because it has no federal expiry.

use crate::edition::{By, Domain, Law, Row, UNLIMITED, parameter};
use crate::facts::Prescription;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::Schedule;
use theriac_model::calendar::months_after;

rule!(SIX_MONTHS: "1306.23-six-months", "partial-fill", "21 CFR 1306.23(c)", By::ALL,
    "No part of schedules III to V is dispensed more than six months after issue; the cards exempt schedule V",
    ["law-part-ciii-v-six-months", "law-part-ciii-v-allowed", "law-part-ciii-v-daily-example"]);

parameter!(MONTHS_III_IV: "partial.iii-iv.months", "months after issue in which parts of schedules III and IV may be dispensed", Min,
    Domain::Number("months"), [Row::of(By::ALL, 6, "21 CFR 1306.23(c)")]);
parameter!(MONTHS_V: "partial.v.months", "months after issue in which parts of schedule V may be dispensed", Min,
Domain::Number("months"), [
    Row::of(By::CFR, 6, "21 CFR 1306.23(c)"),
    Row::of(By::M10, 6, "Manual 2010, section X, Partial Dispensing"),
    Row::of(By::C21, UNLIMITED, "Cards 2021, Schedule III - V Prescriptions- Expiration Dates"),
]);

/// (c): whether six months have passed.
pub(crate) fn six_months(law: &Law<'_>, rx: &Prescription) -> Outcome {
    let parameter = match rx.schedule {
        Schedule::III | Schedule::IV => &MONTHS_III_IV,
        Schedule::V => &MONTHS_V,
        _ => return Outcome::NotApplicable,
    };
    let Some(bound) = law.bound(parameter).filter(|bound| bound.value != UNLIMITED) else {
        return Outcome::NotApplicable;
    };
    let last = u16::try_from(bound.value).ok().and_then(|months| months_after(rx.issued, months));
    let Some(last) = last else { return Outcome::NotApplicable };
    Outcome::unless(law.day <= last, || {
        law.deny(
            &SIX_MONTHS,
            Reason::Expired,
            "LAW-1306.23-EXPIRED",
            format!("parts could be dispensed until {last}"),
            "ask for a new prescription",
        )
        .by(&bound)
        .about("prescription.issued")
    })
}
