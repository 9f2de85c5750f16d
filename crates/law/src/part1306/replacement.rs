//! 21 CFR 1311.102, 1311.170(b) (in force); cards, "Transmission Failure": a prescription in place of an electronic one that failed.
//!
//! It says that the first was sent electronically, to which pharmacy, when, and that it failed. The pharmacy makes sure
//! that the first was not dispensed; received and not dispensed, it is voided; dispensed, the replacement is void.

use crate::edition::{By, Law};
use crate::facts::Replacement;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::FirstStatus;

rule!(ONE_OF_TWO: "1311.170-replacement", "electronic", "21 CFR 1311.102, 1311.170(b)", By::CFR.and(By::C21),
    "Of an electronic prescription and its replacement at most one is dispensed",
    ["law-elec-original-dispensed", "law-elec-original-received-not-dispensed", "law-elec-replacement-check-original", "law-elec-never-both"]);
rule!(SAYS_SO: "1311.170-replacement-facts", "electronic", "21 CFR 1311.102, 1311.170(b)", By::CFR.and(By::C21),
    "A replacement says that the first was sent electronically, to which pharmacy, when, and that it failed",
    ["law-elec-replacement-facts", "law-elec-failure-ciii-v"]);

/// Whether the first was not dispensed.
pub(crate) fn one_of_two(law: &Law<'_>, replacement: &Replacement) -> Outcome {
    Outcome::unless(replacement.first != FirstStatus::Dispensed, || {
        law.deny(
            &ONE_OF_TWO,
            Reason::Duplicate,
            "LAW-1311.170-DUPLICATE",
            "the electronic prescription has been dispensed",
            "void the replacement",
        )
        .about("replacement.first")
    })
}

/// Whether the replacement says so.
pub(crate) fn says_so(law: &Law<'_>, replacement: &Replacement) -> Outcome {
    Outcome::unless(replacement.states_failure, || {
        law.deny(
            &SAYS_SO,
            Reason::ElementMissing,
            "LAW-1311.170-REFERENCE",
            "the replacement does not tell of the failed transmission",
            "ask the practitioner to add the pharmacy, date and time of the first and that it failed",
        )
        .about("replacement.states_failure")
    })
}
