//! 21 CFR 1307.11, 1305.03: distribution by a pharmacy that is not registered as a distributor.
//!
//! (a)(1) To another pharmacy or a practitioner who is registered to dispense. (i) The recipient's order form for
//! schedule II, an invoice for others. (iv) In a calendar year at most five percent of the dosage units. Manual and
//! cards take five percent of those dispensed; the regulation takes those dispensed and distributed together. Whoever is
//! registered as a distributor as well has no such limit.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::Distribution;
use crate::part1305::orders::form_in_use;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Document, Party, Schedule};

rule!(RECIPIENT: "1307.11-recipient", "distribution", "21 CFR 1307.11(a)(1)(i)", By::ALL,
    "A pharmacy supplies a pharmacy or a practitioner registered to dispense",
    ["law-dist-receiver-registered", "law-dist-receiver-kind"]);
rule!(DOCUMENT: "1307.11-document", "distribution", "21 CFR 1307.11(a)(1)(iii), 1305.03", By::ALL,
    "Schedule II moves on the recipient's order form, schedules III to V on an invoice",
    ["law-dist-cii-form", "law-dist-ciii-v-invoice"]);
rule!(FIVE: "1307.11-five-percent", "distribution", "21 CFR 1307.11(a)(1)(iv)", By::ALL,
    "A pharmacy distributes at most five percent of its dosage units in a calendar year without registering as a distributor",
    ["law-dist-five-percent", "law-dist-denominator", "law-dist-all-substances-together", "law-dist-over-register", "pharm-5pct-calculation", "pharm-5pct-distributor-registration"]);
rule!(RUNNING: "1307.11-running", "distribution", "Manual 2010, section XIII; 21 CFR 1307.11(a)(1)(iv)", By::ALL,
    "The percentage is tested at each distribution against the year so far; a warning begins before the limit and shows what the year comes to",
    ["law-dist-running-year", "pharm-5pct-running-report"]);

parameter!(PERCENT: "distribution.percent", "percent of the year's dosage units that a pharmacy may distribute", Min, Domain::Number("percent"),
    [Row::of(By::ALL, 5, "21 CFR 1307.11(a)(1)(iv)")]);
parameter!(OF_DISPENSED: "distribution.of-dispensed-only", "whether the percentage is of the units dispensed only", Required, Domain::YesNo, [
    Row::of(By::GUIDES, 1, "Manual 2010, section XIII; Cards 2021, Pharmacy Selling Controlled Substances"),
    Row::of(By::CFR, 0, "21 CFR 1307.11(a)(1)(iv)"),
]);

/// Whether the recipient may receive it.
pub(crate) fn recipient(law: &Law<'_>, distribution: &Distribution) -> Outcome {
    let dispenses =
        matches!(distribution.recipient, Party::Pharmacy | Party::Practitioner | Party::CentralFillPharmacy);
    Outcome::unless(distribution.recipient_registered && dispenses, || {
        law.deny(
            &RECIPIENT,
            Reason::RegistrationInvalid,
            "LAW-1307.11-RECIPIENT",
            "the recipient is not registered to dispense",
            "supply a pharmacy or practitioner registered to dispense",
        )
        .about("distribution.recipient")
    })
}

/// Whether the document is the right one.
pub(crate) fn document(law: &Law<'_>, distribution: &Distribution) -> Outcome {
    let order = form_in_use(law, distribution.document);
    let fits = match distribution.schedule {
        Schedule::I | Schedule::II => order,
        _ => order || distribution.document == Document::Invoice,
    };
    Outcome::unless(fits, || {
        let next = if matches!(distribution.schedule, Schedule::I | Schedule::II) {
            "ask the recipient for an order form or an electronic order"
        } else {
            "write an invoice"
        };
        law.deny(
            &DOCUMENT,
            Reason::WrongForm,
            "LAW-1307.11-DOCUMENT",
            format!("{} does not serve for schedule {}", distribution.document, distribution.schedule),
            next,
        )
        .about("distribution.document")
    })
}

/// Whether the year's share holds with `quantity` more.
pub(crate) fn five(law: &Law<'_>, distribution: &Distribution, quantity: u64) -> Outcome {
    let Some(percent) = law.bound(&PERCENT).filter(|_| !distribution.sender_distributor) else {
        return Outcome::NotApplicable;
    };
    let distributed = u128::from(distribution.distributed_year) + u128::from(quantity);
    let dispensed = u128::from(distribution.dispensed_year);
    let base = if law.says(&OF_DISPENSED) { dispensed } else { dispensed + distributed };
    Outcome::unless(distributed * 100 <= base * u128::from(percent.value), || {
        law.deny(
            &FIVE,
            Reason::LimitExceeded,
            "LAW-1307.11-FIVE-PERCENT",
            format!(
                "{distributed} units distributed are more than {} percent of {base} ({dispensed} dispensed, {} with those distributed)",
                percent.value,
                dispensed + distributed
            ),
            "register as a distributor, or let a distributor supply it",
        )
        .by(&percent)
        .about("request.quantity")
    })
}

/// The share of the limit at which a warning begins, in percent: a choice of the house.
const WARN_AT: u128 = 80;

/// The base of the percentage: the units dispensed, or those distributed as well.
fn base(law: &Law<'_>, dispensed: u64, distributed: u64) -> u128 {
    let dispensed = u128::from(dispensed);
    if law.says(&OF_DISPENSED) { dispensed } else { dispensed + u128::from(distributed) }
}

/// A share as percent with two digits, rounded down; of nothing it is said in words.
fn share(part: u128, whole: u128) -> String {
    match (part * 10_000).checked_div(whole) {
        Some(share) => format!("{}.{:02} percent", share / 100, share % 100),
        None => "all".to_owned(),
    }
}

/// A warning, with the figures so far and those of a year that goes on in the same way, once most of the limit is used.
pub(crate) fn running(law: &Law<'_>, dispensed: u64, distributed: u64) -> Outcome {
    let Some(percent) = law.bound(&PERCENT) else { return Outcome::NotApplicable };
    let (given, base) = (u128::from(distributed), base(law, dispensed, distributed));
    Outcome::unless(given * 10_000 < base * u128::from(percent.value) * WARN_AT, || {
        let day = u128::from(law.day.day_of_year().unsigned_abs());
        let projected = base * u128::from(law.day.days_in_year().unsigned_abs()) / day;
        law.deny(
            &RUNNING,
            Reason::LimitExceeded,
            "LAW-1307.11-RUNNING",
            format!(
                "{distributed} units distributed are {} of {base} so far and {} of the {projected} that the year comes to in this way; {} percent may go",
                share(given, base),
                share(given, projected),
                percent.value
            ),
            "let a distributor supply it, or register as a distributor, before the limit is passed",
        )
        .by(&percent)
        .about("request.distributed")
    })
}

/// On the last day of the year the figures are final.
pub(crate) fn year_end(law: &Law<'_>, dispensed: u64, distributed: u64) -> Outcome {
    let Some(percent) = law.bound(&PERCENT) else { return Outcome::NotApplicable };
    if law.day != law.day.last_of_year() {
        return Outcome::NotApplicable;
    }
    let (given, base) = (u128::from(distributed), base(law, dispensed, distributed));
    Outcome::unless(given * 100 <= base * u128::from(percent.value), || {
        law.deny(
            &FIVE,
            Reason::LimitExceeded,
            "LAW-1307.11-FIVE-PERCENT",
            format!("{distributed} units distributed are {} of the year's {base}", share(given, base)),
            "register as a distributor",
        )
        .by(&percent)
        .about("request.distributed")
    })
}

/// Units that may still go on the figures so far: the largest further quantity that keeps the percentage.
pub(crate) fn left(law: &Law<'_>, dispensed: u64, distributed: u64) -> u64 {
    let percent = u128::from(law.value(&PERCENT, 0)).min(100);
    let most = if law.says(&OF_DISPENSED) {
        u128::from(dispensed) * percent / 100
    } else {
        // Of dispensed and distributed together: d / (n + d) <= p / 100, so d <= n p / (100 - p).
        (u128::from(dispensed) * percent).checked_div(100 - percent).unwrap_or(u128::MAX)
    };
    u64::try_from(most.saturating_sub(u128::from(distributed))).unwrap_or(u64::MAX)
}
