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
    ["law-refill-ciii-civ-five-in-six-months", "law-refill-original-not-counted", "law-refill-only-if-authorised", "law-refill-over-five-authorised", "law-refill-cv-as-authorised", "law-refill-new-prescription-after", "epcs-1306.22-a-2", "law-state-az-ciii-iv"]);

rule!(SIGNABLE: "1306.08-refills-signed", "refills", "21 CFR 1306.12(a), 1306.22(a), 1311.100; 2008: 1306.08(a)(1)", By::ALL,
    "What part 1306 forbids on paper is not signed electronically either: no refills on schedule II, no more than five on III and IV",
    ["law-refill-cii-none", "law-refill-over-five-authorised", "epcs-1306.08-a-1"]);

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

/// Whether the refills written on it may be signed.
pub(crate) fn signable(law: &Law<'_>, rx: &Prescription) -> Outcome {
    let most = lawful(law, rx);
    Outcome::unless(u64::from(rx.refills_authorized) <= most, || {
        let (reason, what) = match rx.schedule {
            Schedule::I | Schedule::II => (Reason::RefillProhibited, "schedule II is never refilled".to_owned()),
            _ => (
                Reason::RefillsExhausted,
                format!("{} refills are written on it, and {most} may be", rx.refills_authorized),
            ),
        };
        let next = if most == 0 { "write no refills" } else { "write no more refills than the law allows" };
        let denial =
            law.deny(&SIGNABLE, reason, "LAW-1306.08-REFILLS", what, next).about("prescription.refills_authorized");
        match law.bound(&MOST_III_IV).filter(|_| matches!(rx.schedule, Schedule::III | Schedule::IV)) {
            Some(bound) => denial.by(&bound),
            None => denial,
        }
    })
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
