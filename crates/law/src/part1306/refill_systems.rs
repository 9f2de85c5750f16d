//! 21 CFR 1306.22(f)(3), (f)(5), (g), (h): how a pharmacy keeps its refill information.
//!
//! (f)(3) Each pharmacist who refilled signs the day's printout or the day's statement in the log: one document, all of them.
//! (f)(5) While the computer is down refills are documented by hand, authorised and within the maximum, and entered as soon
//!     as it runs again: before that the prescription is not refilled.
//! (g) For paper, fax and oral originals one system only, by hand or by computer.
//! (h) Refills of electronic prescriptions are kept in an application that meets part 1311.

use crate::edition::{By, Law};
use crate::facts::{Prescription, RefillDay, RefillKeeping};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::tally::Tally;
use crate::vocab::{Form, RefillSystem, Running};

rule!(VERIFIED: "1306.22-verified", "refills", "21 CFR 1306.22(f)(3)", By::ALL,
    "A day of refills is complete when every pharmacist who refilled has signed the printout or the log",
    ["law-refill-computer-verified"]);
rule!(DOWNTIME: "1306.22-downtime", "refills", "21 CFR 1306.22(f)(5)", By::ALL,
    "While the computer is down refills stay within the maximum, those documented by hand counted",
    ["law-refill-downtime"]);
rule!(ENTER_SOON: "1306.22-downtime-entered", "refills", "21 CFR 1306.22(f)(5)", By::ALL,
    "When the computer runs again, what was documented by hand is entered before the next refill",
    ["law-refill-downtime-entry-soon", "law-refill-downtime"]);
rule!(ONE_SYSTEM: "1306.22-one-system", "refills", "21 CFR 1306.22(g)", By::ALL,
    "A pharmacy keeps the refills of paper, fax and oral originals in one system only",
    ["law-refill-one-system-only"]);
rule!(PART_1311: "1306.22-part-1311", "refills", "2008: 21 CFR 1306.22(h); 21 CFR 1311.205", By::ALL,
    "Refills of electronic prescriptions are kept in an application that meets part 1311",
    ["law-refill-electronic-part-1311"]);

/// (f)(3): whether all have signed.
pub(crate) fn verified(law: &Law<'_>, day: &RefillDay) -> Outcome {
    let open = day.pharmacists.iter().filter(|pharmacist| !day.signed.contains(pharmacist)).count();
    Outcome::unless(open == 0, || {
        law.deny(
            &VERIFIED,
            Reason::NotSigned,
            "LAW-1306.22-VERIFIED",
            format!("{open} of {} pharmacists have not signed the {}", day.pharmacists.len(), day.document),
            "let each pharmacist who refilled check the data and sign",
        )
        .about("refill_day.signed")
    })
}

/// (f)(5): whether a refill in downtime is within the maximum.
pub(crate) fn downtime(law: &Law<'_>, keeping: &RefillKeeping, tally: Tally) -> Outcome {
    if keeping.running == Running::Up {
        return Outcome::NotApplicable;
    }
    Outcome::unless(keeping.unentered < tally.refills_left(), || {
        law.deny(
            &DOWNTIME,
            Reason::RefillsExhausted,
            "LAW-1306.22-DOWNTIME",
            format!("{} refills were documented by hand, and that uses up all", keeping.unentered),
            "ask for a new prescription",
        )
        .about("refill_keeping.unentered")
    })
}

/// (f)(5): whether what was documented by hand has been entered.
pub(crate) fn entered(law: &Law<'_>, keeping: &RefillKeeping) -> Outcome {
    if keeping.running == Running::Down {
        return Outcome::NotApplicable;
    }
    Outcome::unless(keeping.unentered == 0, || {
        law.deny(
            &ENTER_SOON,
            Reason::ElementMissing,
            "LAW-1306.22-UNENTERED",
            match keeping.unentered {
                1 => "1 sheet of the downtime is not accounted for, and a refill of this may stand on it".to_owned(),
                more => format!(
                    "{more} sheets of the downtime are not accounted for, and a refill of this may stand on them"
                ),
            },
            "enter the sheets with their true times, tell of which prescription each is, or return them as not used",
        )
        .about("refill_keeping.unentered")
    })
}

/// (g), (h): whether the refill is entered in the right system.
pub(crate) fn system(
    law: &Law<'_>,
    rx: &Prescription,
    keeping: &RefillKeeping,
) -> (&'static crate::rule::Rule, Outcome) {
    let electronic = rx.form == Form::Electronic;
    let (rule, code, right) = if electronic {
        (&PART_1311, "LAW-1306.22-PART-1311", RefillSystem::Part1311)
    } else {
        (&ONE_SYSTEM, "LAW-1306.22-ONE-SYSTEM", keeping.chosen)
    };
    let entered = keeping.entered.unwrap_or(right);
    let outcome = Outcome::unless(entered == right, || {
        law.deny(
            rule,
            Reason::WrongFile,
            code,
            format!("the refill is entered in the system {entered}, and this one is kept in {right}"),
            "enter it in the system that the pharmacy keeps for it",
        )
        .about("refill_keeping.entered")
    });
    (rule, outcome)
}
