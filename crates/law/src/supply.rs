//! State limits of a supply (cards, "Schedule II Prescriptions- Expiration Dates and Refills"): Federal law has none.
//!
//! A State may limit the days of an opioid for acute pain, or of any schedule II supply.

use crate::edition::{By, Domain, Law, parameter};
use crate::facts::{Prescription, Supply};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::Schedule;

rule!(DAYS: "state-supply", "state-law", "Cards 2021, Schedule II Prescriptions- Expiration Dates and Refills; State law", By::ALL,
    "A State may limit the days of an opioid for acute pain, or of a schedule II supply; Federal law does not",
    ["law-state-quantity-limits", "law-state-explains"]);

parameter!(ACUTE: "supply.acute-opioid.days", "days' supply of an opioid for acute pain", Min, Domain::Number("days"), []);
parameter!(OF_II: "supply.ii.days", "days' supply of schedule II", Min, Domain::Number("days"), []);

/// Whether the days are within what the State or the house allows.
pub(crate) fn days(law: &Law<'_>, rx: &Prescription, supply: &Supply) -> Outcome {
    let acute = law.bound(&ACUTE).filter(|_| supply.acute_opioid);
    let of_ii = law.bound(&OF_II).filter(|_| rx.schedule == Schedule::II);
    let bounds = [acute, of_ii];
    let Some(bound) = bounds.iter().flatten().min_by_key(|bound| bound.value) else { return Outcome::NotApplicable };
    Outcome::unless(supply.days <= bound.value, || {
        law.deny(
            &DAYS,
            Reason::QuantityExceeded,
            "LAW-STATE-SUPPLY",
            format!("{} days' supply, and {} are allowed here", supply.days, bound.value),
            format!("dispense at most {} days' supply", bound.value),
        )
        .by(bound)
        .about("supply.days")
    })
}
