//! 21 CFR 1306.12(a), 1306.22(a): refills.
//!
//! (1306.12(a)) Schedule II is never refilled, whatever is written on it.
//! (1306.22(a)) Schedules III and IV are refilled as authorised, five times at most, within six months of issue (see
//! `expiry`). The first filling is not a refill. Schedule V has no federal number: the authorisation governs.

use crate::edition::{By, Domain, Law, Row, UNLIMITED, parameter};
use crate::facts::Prescription;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::tally::Tally;
use crate::vocab::Schedule;

rule!(NEVER_II: "1306.12-no-refill", "refills", "21 CFR 1306.12(a)", By::ALL,
    "Schedule II is never refilled",
    ["law-refill-cii-none"]);
rule!(COUNT: "1306.22-count", "refills", "21 CFR 1306.22(a)", By::ALL,
    "Schedules III and IV are refilled as authorised and at most five times; schedule V as authorised",
    ["law-refill-ciii-civ-five-in-six-months", "law-refill-original-not-counted", "law-refill-only-if-authorised", "law-refill-over-five-authorised", "law-refill-cv-as-authorised", "law-refill-new-prescription-after", "epcs-1306.22-a-2"]);

parameter!(MOST_III_IV: "refill.iii-iv.count", "refills that schedules III and IV may have", Min, Domain::Number("refills"),
    [Row::of(By::ALL, 5, "21 CFR 1306.22(a)")]);
parameter!(MOST_V: "refill.v.count", "refills that schedule V may have", Min, Domain::Number("refills"), []);

/// Refills that count: those written, up to the legal number.
pub(crate) fn lawful(law: &Law<'_>, rx: &Prescription) -> u64 {
    let most = match rx.schedule {
        Schedule::I | Schedule::II => 0,
        Schedule::III | Schedule::IV => law.value(&MOST_III_IV, UNLIMITED),
        Schedule::V | Schedule::None => law.value(&MOST_V, UNLIMITED),
    };
    u64::from(rx.refills_authorized).min(most)
}

/// Whether the schedule may be refilled at all.
pub(crate) fn not_schedule_ii(law: &Law<'_>, rx: &Prescription) -> Outcome {
    Outcome::unless(!matches!(rx.schedule, Schedule::I | Schedule::II), || {
        law.deny(
            &NEVER_II,
            Reason::RefillProhibited,
            "LAW-1306.12-REFILL",
            "schedule II is never refilled",
            "ask for a new prescription",
        )
        .about("prescription.schedule")
    })
}

/// Whether a refill is left.
pub(crate) fn left(law: &Law<'_>, rx: &Prescription, tally: Tally) -> Outcome {
    Outcome::unless(tally.refills_left() > 0, || {
        let lawful = lawful(law, rx);
        let what = match lawful {
            0 => "no refill was authorised".to_owned(),
            _ => format!("all {lawful} refills are used"),
        };
        let denial = law
            .deny(&COUNT, Reason::RefillsExhausted, "LAW-1306.22-COUNT", what, "ask for a new prescription")
            .about("prescription.refills_authorized");
        // The legal number decides only where more were written than it allows.
        match law.bound(&MOST_III_IV).filter(|_| u64::from(rx.refills_authorized) > lawful) {
            Some(bound) => denial.by(&bound),
            None => denial,
        }
    })
}
