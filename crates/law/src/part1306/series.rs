//! 21 CFR 1306.12(b): several schedule II prescriptions at one sitting.
//!
//! (b)(1) Up to 90 days' supply in all. (i) Each is a prescription of its own, for a legitimate purpose. (ii) Each bears
//! the earliest date on which it may be filled, except the first when it is meant to be filled at once. (iv) State law
//! permits it. (iii) The practitioner concludes that the set creates no undue risk of diversion or abuse. Each is dated on the day of signing.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Prescription, Series, Siblings};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::Schedule;
use jiff::civil::Date;

rule!(SUPPLY: "1306.12-series-supply", "multiple-cii", "21 CFR 1306.12(b)(1)", By::ALL,
    "Several schedule II prescriptions at one sitting hold at most 90 days' supply in all",
    ["law-multi-90-days", "law-multi-supply-days-needed"]);
rule!(SEPARATE: "1306.12-series-separate", "multiple-cii", "21 CFR 1306.12(b)(1)(i)", By::ALL,
    "Each prescription of a set is a prescription of its own",
    ["law-multi-separate-blanks"]);
rule!(DATES: "1306.12-series-dates", "multiple-cii", "21 CFR 1306.12(b)(1)(ii)", By::ALL,
    "Each prescription of a set but the first bears the earliest date on which it may be filled",
    ["law-multi-earliest-date-each", "law-multi-first-exempt"]);
rule!(ISSUED: "1306.12-series-issued", "multiple-cii", "21 CFR 1306.05(a), 1306.12(b)", By::ALL,
    "Each prescription of a set bears the true date of issue",
    ["law-multi-same-issue-date"]);

rule!(RISK: "1306.12-series-risk", "multiple-cii", "21 CFR 1306.12(b)(1)(iii)", By::ALL,
    "The practitioner confirms that a set creates no undue risk of diversion or abuse",
    ["law-multi-no-undue-risk"]);
rule!(FIRST: "1306.12-series-first", "multiple-cii", "21 CFR 1306.12(b)(1)(ii); Cards 2021, Schedule II Prescriptions- Expiration Dates and Refills", By::ALL,
    "The first of a set without an earliest date is meant to be filled at once; filled later, with another already due, it is a warning",
    ["law-multi-first-exempt"]);

parameter!(DAYS: "series.days-supply", "days' supply that a set of schedule II prescriptions may hold", Min, Domain::Number("days"),
    [Row::of(By::ALL, 90, "21 CFR 1306.12(b)(1)")]);

/// (b)(1): the supply.
pub(crate) fn supply(law: &Law<'_>, series: &Series) -> Outcome {
    let total = series.items.iter().fold(0_u64, |sum, item| sum + u64::from(item.days_supply));
    let Some(bound) = law.bound(&DAYS) else { return Outcome::NotApplicable };
    Outcome::unless(total <= bound.value, || {
        law.deny(
            &SUPPLY,
            Reason::QuantityExceeded,
            "LAW-1306.12-SUPPLY",
            format!("{total} days' supply, and {} are allowed", bound.value),
            "issue fewer or smaller prescriptions now",
        )
        .by(&bound)
        .about("series.items")
    })
}

/// (b)(1)(i): one each.
pub(crate) fn separate(law: &Law<'_>, series: &Series) -> Outcome {
    Outcome::unless(series.separate, || {
        law.deny(
            &SEPARATE,
            Reason::FormNotAllowed,
            "LAW-1306.12-SEPARATE",
            "two fillings stand on one prescription",
            "write each on a prescription of its own",
        )
        .about("series.separate")
    })
}

/// (b)(1)(iii): the risk.
pub(crate) fn risk(law: &Law<'_>, series: &Series) -> Outcome {
    Outcome::unless(series.no_undue_risk, || {
        law.deny(
            &RISK,
            Reason::NotReviewed,
            "LAW-1306.12-RISK",
            "the practitioner has not confirmed that the set creates no undue risk of diversion or abuse",
            "consider the risk and confirm the statement, or issue one prescription",
        )
        .about("series.no_undue_risk")
    })
}

/// (b)(1)(ii): a first without a date was meant for the day of issue.
pub(crate) fn first(law: &Law<'_>, rx: &Prescription, siblings: &Siblings) -> Outcome {
    if rx.schedule != Schedule::II || rx.earliest_fill.is_some() {
        return Outcome::NotApplicable;
    }
    let due = siblings.others.iter().filter_map(|other| other.earliest_fill).any(|earliest| earliest <= law.day);
    Outcome::unless(law.day <= rx.issued || !due, || {
        law.deny(
            &FIRST,
            Reason::VerificationRequired,
            "LAW-1306.12-FIRST-LATE",
            format!("it bears no earliest date, was issued on {}, and another of the set is due", rx.issued),
            "ask whether it is still needed beside the other, and record the answer",
        )
        .about("prescription.earliest_fill")
    })
}

/// (b)(1)(ii): the dates.
pub(crate) fn dates(law: &Law<'_>, series: &Series) -> Outcome {
    let lacking = series.items.iter().skip(1).position(|item| item.earliest_fill.is_none());
    Outcome::unless(lacking.is_none(), || {
        let n = lacking.map_or(2, |n| n + 2);
        law.deny(
            &DATES,
            Reason::ElementMissing,
            "LAW-1306.12-DATE",
            format!("prescription {n} bears no earliest fill date"),
            "write the earliest fill date on it",
        )
        .about(format!("series.items[{}].earliest_fill", n - 1))
    })
}

/// The date of issue is the day of signing.
pub(crate) fn issued(law: &Law<'_>, series: &Series, day: Date) -> Outcome {
    Outcome::unless(series.issued == day, || {
        law.deny(
            &ISSUED,
            Reason::Misdated,
            "LAW-1306.12-ISSUED",
            format!("dated {}, and signed on {day}", series.issued),
            "date each on the day of signing",
        )
        .about("series.issued")
    })
}
