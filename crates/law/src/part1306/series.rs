//! 21 CFR 1306.12(b): several schedule II prescriptions at one sitting.
//!
//! (b)(1) Up to 90 days' supply in all. (i) Each is a prescription of its own, for a legitimate purpose. (ii) Each bears
//! the earliest date on which it may be filled, except the first when it is meant to be filled at once. (iv) State law
//! permits it. Each is dated on the day of signing.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::Series;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
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
