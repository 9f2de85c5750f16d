//! Drugs that moved to another schedule while prescriptions for them were about (21 CFR 1306.22(a); 79 FR 49661, 79 FR 37623, 76 FR 77330).
//!
//! Chosen reading: refills are judged by the schedule on the day of the refill, so a move to schedule II ends the refills that are
//! left. For combinations of hydrocodone the Federal Register let refills written before 6 October 2014 be dispensed until
//! 8 April 2015; the law in force says so, and the strictest profile does not take it up (docs/decisions/refills-after-a-move.md).
//! What was not controlled when it was prescribed follows the rules of its schedule from the day of the move.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::Prescription;
use crate::part1308::classify::{HYDROCODONE_III_MCG, TRAMADOL};
use crate::reason::Reason;
use crate::rule::{Denial, Outcome, rule};
use crate::vocab::Schedule;
use jiff::civil::{Date, date};

rule!(MOVED: "1306.22-moved", "refills", "21 CFR 1306.22(a); 79 FR 49661", By::ALL,
    "Refills are judged by the schedule on the day of the refill: a move to schedule II ends those that are left",
    ["law-refill-schedule-change-midway", "pharm-drug-reschedule-effective"]);

parameter!(AFTER_MOVE: "refill.after-move-to-ii", "whether refills written before hydrocodone combinations moved to schedule II may be dispensed", Window, Domain::YesNo, [
    Row::of(By::P08, 0, "2008: 21 CFR 1306.22(a)"),
    Row::of(By::CFR, 1, "79 FR 49661").until(date(2015, 4, 8)),
    Row::of(By::CFR, 0, "79 FR 49661; 21 U.S.C. 829(a)").since(date(2015, 4, 9)),
]);

/// A drug, where it was, where it went, and on which day.
struct Move {
    /// How names of the drug begin, in lower case; brands in full.
    names: &'static [&'static str],
    from: Schedule,
    to: Schedule,
    on: Date,
    cite: &'static str,
}

const MOVES: [Move; 3] = [
    Move {
        names: &["hydrocodone", "vicodin", "lortab", "lorcet", "norco", "vicoprofen", "tussionex", "tussicaps"],
        from: Schedule::III,
        to: Schedule::II,
        on: date(2014, 10, 6),
        cite: "79 FR 49661",
    },
    Move {
        names: &["tramadol", "ultram", "ultracet", "conzip"],
        from: Schedule::None,
        to: Schedule::IV,
        on: date(2014, 8, 18),
        cite: "79 FR 37623",
    },
    Move {
        names: &["carisoprodol", "soma"],
        from: Schedule::None,
        to: Schedule::IV,
        on: date(2012, 1, 11),
        cite: "76 FR 77330",
    },
];

impl Move {
    fn means(&self, drug: &str) -> bool {
        let begins = |name: &str| drug.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        self.names.iter().any(|name| begins(name))
    }

    /// Whether the profile's editions know the move; those of before 2011 do not.
    fn known(&self, law: &Law<'_>) -> bool {
        match self.from {
            Schedule::III => law.value(&HYDROCODONE_III_MCG, 0) == 0,
            _ => law.profile.is_dated() || law.says(&TRAMADOL),
        }
    }
}

/// The move that happened between the issue of `rx` and the day.
fn happened(law: &Law<'_>, rx: &Prescription) -> Option<&'static Move> {
    // Dates first: for all but a few prescriptions nothing else is looked at.
    let crossed = |one: &&Move| rx.issued < one.on && one.on <= law.day && one.from == rx.schedule;
    let one = MOVES.iter().find(crossed)?;
    (rx.drug.as_deref().is_some_and(|drug| one.means(drug)) && one.known(law)).then_some(one)
}

/// The schedule in which a drug that was not controlled when prescribed is now, and where that is said.
pub(crate) fn controlled_since(law: &Law<'_>, rx: &Prescription) -> Option<(Schedule, &'static str)> {
    happened(law, rx).filter(|one| one.from == Schedule::None).map(|one| (one.to, one.cite))
}

/// Whether refills outlived a move to schedule II.
pub(crate) fn refillable(law: &Law<'_>, rx: &Prescription) -> Outcome {
    let Some(one) = happened(law, rx).filter(|one| one.to == Schedule::II) else { return Outcome::NotApplicable };
    let Some(bound) = law.bound(&AFTER_MOVE) else { return Outcome::NotApplicable };
    Outcome::unless(bound.yes(), || ended(law, one, rx).by(&bound))
}

/// Whether refills may still be added: never after a move to schedule II, whatever became of those written before.
pub(crate) fn extendable(law: &Law<'_>, rx: &Prescription) -> Outcome {
    let Some(one) = happened(law, rx).filter(|one| one.to == Schedule::II) else { return Outcome::NotApplicable };
    Outcome::Violated(Box::new(ended(law, one, rx)))
}

fn ended(law: &Law<'_>, one: &Move, rx: &Prescription) -> Denial {
    let what = format!(
        "the drug moved from schedule {} to schedule {} on {} ({}), after the prescription was issued on {}",
        one.from, one.to, one.on, one.cite, rx.issued
    );
    let next = "ask the practitioner for a new prescription of schedule II";
    law.deny(&MOVED, Reason::RefillProhibited, "LAW-1306.22-MOVED", what, next).about("prescription.schedule")
}
