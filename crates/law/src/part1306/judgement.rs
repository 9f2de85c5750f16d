//! 21 CFR 1306.04(a), 1306.06; manual, sections IX and X; cards: what the pharmacist judges, and who fills.
//!
//! (1306.04(a)) The pharmacist who fills shares the responsibility that the purpose is legitimate: no dispensing without
//!     a recorded decision. Nothing obliges a pharmacist to fill: a refusal stands whatever else holds.
//! (Manual, section IX) Schedule II has no federal time limit and no limit on quantity, but the patient must still need
//!     it. The text gives no age from which to ask; the rulebook asks after 90 days, or sooner where a State or the house says so.
//! (Cards) Asking early for a refill is a warning sign. The texts give no figure; the rulebook warns before 75 per
//!     cent of the supply is used up, or later where a State or the house says so.
//! (1306.06; manual, appendix B) A pharmacist fills, in a registered pharmacy; an intern counts as one where the State
//!     lets interns fill and a pharmacist supervises.

use crate::edition::{By, Domain, Law, parameter};
use crate::facts::{Act, Filling, Judgement, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::state::PERMITS;
use crate::vocab::{Filler, HistoryKind, Judged, Schedule, Status};
use crate::when::When;
use theriac_model::calendar::days_after;

rule!(DECLINED: "1306.04-declined", "who-may-prescribe", "21 CFR 1306.04(a); Manual 2010, section IX", By::ALL,
    "Nothing obliges a pharmacist to fill: what was declined is not dispensed, whatever else holds",
    ["law-who-no-duty-to-dispense", "law-multi-legitimate-each"]);
rule!(DECIDED: "1306.04-decided", "who-may-prescribe", "21 CFR 1306.04(a)", By::ALL,
    "The pharmacist's decision about legitimacy is recorded before dispensing",
    ["law-who-corresponding-responsibility", "law-multi-legitimate-each", "law-exp-cii-no-quantity-cap"]);
rule!(NEEDED: "1306.11-still-needed", "expiry", "Manual 2010, section IX", By::M10,
    "Before an old schedule II prescription is filled the pharmacist determines that the patient still needs it",
    ["law-exp-cii-still-needed"]);
rule!(EARLY: "1306.22-early", "refills", "Cards 2021, NABP Red Flags", By::C21,
    "A refill long before the supply is used up is a warning that the pharmacist judges",
    ["law-refill-early"]);
rule!(FILLER: "1306.06-filler", "who-may-prescribe", "21 CFR 1306.06; Manual 2010, appendix B", By::ALL,
    "A pharmacist fills, or an intern whom the State lets fill under a pharmacist's supervision, in a registered pharmacy",
    ["law-who-filler-is-pharmacist", "law-who-intern-under-supervision"]);

parameter!(ASK_AFTER: "expiry.ii.ask-after.days", "days after issue from which the pharmacist confirms that schedule II is still needed", Min,
    Domain::Number("days"), []);
parameter!(SUPPLY_II: "quantity.ii.days-supply", "days' supply that one schedule II prescription may hold", Min, Domain::Number("days"), []);
parameter!(USED: "refill.early.used-percent", "per cent of the supply before which a refill raises a warning", Max, Domain::Number("per cent"), []);

/// Days after which the rulebook asks whether schedule II is still needed, unless a State or the house asks sooner.
const ASK_AFTER_DAYS: u64 = 90;

/// Per cent of the supply before which a refill raises a warning, unless a State or the house wants more.
const USED_PERCENT: u64 = 75;

/// Whether the pharmacist declined.
pub(crate) fn declined(law: &Law<'_>, judgement: &Judgement) -> Outcome {
    Outcome::unless(judgement.decision != Judged::Decline, || {
        let next = if judgement.reasoned {
            "return the prescription; no rule obliges a pharmacist to fill it"
        } else {
            "record the reason and return the prescription; no rule obliges a pharmacist to fill it"
        };
        law.deny(&DECLINED, Reason::Declined, "LAW-1306.04-DECLINED", "the pharmacist declined it", next)
            .about("judgement.decision")
    })
}

/// Whether the pharmacist decided.
pub(crate) fn decided(law: &Law<'_>, judgement: &Judgement) -> Outcome {
    Outcome::unless(judgement.decision == Judged::Dispense, || {
        law.deny(
            &DECIDED,
            Reason::VerificationRequired,
            "LAW-1306.04-UNDECIDED",
            "no pharmacist's decision about its legitimacy is recorded",
            "judge whether it serves a legitimate medical purpose, and record the decision",
        )
        .about("judgement.decision")
    })
}

/// Whether an old schedule II prescription is still needed.
pub(crate) fn still_needed(law: &Law<'_>, rx: &Prescription, judgement: &Judgement) -> Outcome {
    if rx.schedule != Schedule::II {
        return Outcome::NotApplicable;
    }
    let days = law.value(&ASK_AFTER, ASK_AFTER_DAYS).min(ASK_AFTER_DAYS);
    let young =
        u32::try_from(days).ok().and_then(|days| days_after(rx.issued, days)).is_none_or(|last| law.day <= last);
    Outcome::unless(young || judgement.still_needed, || {
        law.deny(
            &NEEDED,
            Reason::VerificationRequired,
            "LAW-1306.11-STILL-NEEDED",
            format!("it was issued on {}, more than {days} days ago", rx.issued),
            "determine that the patient still needs it, and record that",
        )
        .about("judgement.still_needed")
    })
}

/// Whether the State allows the supply; federal law has no limit.
pub(crate) fn supply(law: &Law<'_>, rx: &Prescription, judgement: &Judgement) -> Outcome {
    let (Some(days), Schedule::II) = (judgement.days_supply, rx.schedule) else { return Outcome::NotApplicable };
    let Some(bound) = law.bound(&SUPPLY_II) else { return Outcome::NotApplicable };
    Outcome::unless(u64::from(days) <= bound.value, || {
        law.deny(
            &PERMITS,
            Reason::QuantityExceeded,
            "LAW-STATE-SUPPLY",
            format!("{days} days' supply of schedule II, and {} are allowed here", bound.value),
            "ask the practitioner for a smaller prescription",
        )
        .by(&bound)
        .about("judgement.days_supply")
    })
}

/// Whether enough of the supply before is used up.
pub(crate) fn early(law: &Law<'_>, judgement: &Judgement, history: &[Act], at: When) -> Outcome {
    let last = history.iter().rev().find(|act| matches!(act.kind, HistoryKind::Fill | HistoryKind::Refill));
    let (Some(last), Some(supply)) = (last, judgement.days_before) else { return Outcome::NotApplicable };
    let elapsed = last.at.date().until(at.date()).map_or(0, |span| span.get_days());
    let elapsed = u64::try_from(elapsed).unwrap_or(0);
    let percent = law.value(&USED, USED_PERCENT).max(USED_PERCENT);
    Outcome::unless(elapsed * 100 >= percent.saturating_mul(u64::from(supply)), || {
        law.deny(
            &EARLY,
            Reason::VerificationRequired,
            "LAW-1306.22-EARLY",
            format!("it is asked for {elapsed} days after a supply for {supply}"),
            "judge why it is asked for early, and record the decision",
        )
        .about("judgement.days_before")
    })
}

/// Whether the right person fills in a registered pharmacy.
pub(crate) fn filler(law: &Law<'_>, filling: &Filling) -> Outcome {
    let deny = |reason, code, what: String, next: &'static str, field: &'static str| {
        Outcome::Violated(Box::new(law.deny(&FILLER, reason, code, what, next).about(field)))
    };
    if filling.pharmacy_registration != Status::Valid {
        let what = format!("the pharmacy's registration is {}", filling.pharmacy_registration);
        let next = "dispense nothing controlled before the registration is valid again";
        return deny(Reason::RegistrationInvalid, "LAW-1306.06-PHARMACY", what, next, "filling.pharmacy_registration");
    }
    let (what, field) = match (filling.by, filling.state_allows_intern, filling.supervised) {
        (Filler::Pharmacist, ..) | (Filler::Intern, true, true) => return Outcome::Satisfied,
        (Filler::Technician, ..) => ("a technician fills it", "filling.by"),
        (Filler::Intern, false, _) => {
            ("an intern fills it, and no State allowance is recorded", "filling.state_allows_intern")
        }
        (Filler::Intern, _, false) => ("an intern fills it without a supervising pharmacist", "filling.supervised"),
    };
    deny(Reason::NotAuthorized, "LAW-1306.06-FILLER", what.to_owned(), "let a licensed pharmacist fill it", field)
}
