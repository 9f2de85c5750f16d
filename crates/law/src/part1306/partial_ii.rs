//! 21 CFR 1306.13, 21 U.S.C. 829(f): schedule II in parts.
//!
//! (1306.13(a)) When the pharmacy cannot supply the whole: the rest within 72 hours of the first part, else the
//!     practitioner is told and nothing more goes without a new prescription. The quantity supplied is noted.
//! (829(f), 1306.13(b)) When the patient or the practitioner asks: within 30 days of issue, if State law does not forbid it; on
//!     an emergency oral prescription within 72 hours of issue. The cards tell it; older texts do not. `Chosen reading:` it
//!     binds from 22 July 2016, the day on which the statute was enacted without a later date; the rule of 21 August 2023
//!     (88 FR 46983) wrote it into the Code and changed neither the days nor the hours.
//! (1306.13(b), now (c)) For a patient in a long term care facility or terminally ill, in parts down to single units:
//!     within 60 days of issue, with "LTCF patient" or "terminally ill" on the prescription, each part recorded. In doubt
//!     about the illness the practitioner is asked first.
//! Hours are elapsed time, and the last instant counts; days are local calendar days, and the last day counts.

use crate::edition::{Bound, By, Domain, Law, Row, parameter};
use crate::facts::{Act, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Basis, Form, HistoryKind, Notation, Schedule, Setting};
use crate::when::{Moment, When};
use jiff::civil::{Date, date};
use std::cmp::Ordering;
use theriac_model::calendar::days_after;

rule!(BASIS: "1306.13-basis", "partial-fill", "21 CFR 1306.13", By::ALL,
    "Schedule II is split only for want of stock, for long term care or terminal illness, or since 2016 on request",
    ["law-part-cii-short-supply", "law-part-cii-ltcf-terminal", "law-part-cii-cara-request", "epcs-1306.13-a-1"]);
rule!(NOTATION: "1306.13-notation", "partial-fill", "21 CFR 1306.13(b)", By::ALL,
    "The words \"LTCF patient\" or \"terminally ill\" stand on a prescription split on that ground",
    ["law-part-cii-ltcf-notation"]);
rule!(DOUBT: "1306.13-doubt", "partial-fill", "21 CFR 1306.13(b)", By::ALL,
    "In doubt whether the patient is terminally ill the practitioner is asked before a part is dispensed",
    ["law-part-cii-ltcf-doubt"]);
rule!(WINDOW: "1306.13-window", "partial-fill", "21 CFR 1306.13; 21 U.S.C. 829(f)(2)", By::ALL,
    "The rest is dispensed within 72 hours for want of stock, 30 days from issue on request, 60 days from issue in long term care and terminal illness",
    ["law-part-cii-notify-prescriber", "law-part-cii-emergency-oral", "law-part-cii-72-hours", "law-part-cii-new-after-72", "law-part-cii-ltcf-60-days", "law-part-cii-cara-30-days", "law-part-cii-cara-not-72", "law-exp-cii-ltcf-60", "epcs-1306.13-a-3"]);

rule!(DISCONTINUED: "1306.13-discontinued", "partial-fill", "21 CFR 1306.13(b); Manual 2010, section X", By::ALL,
    "When the medication is discontinued the prescription ends",
    ["law-part-cii-ltcf-discontinued"]);

rule!(AUDITED: "1306.13-audit", "partial-fill", "21 CFR 1306.13(b); Manual 2010, section X", By::ALL,
    "Parts of schedule II beyond the 72 hours without the words on the prescription, and not on request, are deemed filled in violation",
    ["law-part-cii-ltcf-missing-is-violation"]);

parameter!(REQUESTED: "partial.ii.requested", "whether schedule II may be split because the patient or the practitioner asks", Window,
Domain::YesNo, [
    Row::of(By::M10, 0, "Manual 2010, section X, Partial Dispensing"),
    Row::of(By::C21, 1, "Cards 2021, Allowable Partial Filling Scenarios 2").begun_later(),
    Row::of(By::CFR, 0, "21 CFR 1306.13").until(date(2016, 7, 21)),
    Row::of(By::CFR, 1, "21 U.S.C. 829(f)").since(date(2016, 7, 22)).until(date(2023, 8, 20)),
    Row::of(By::CFR, 1, "21 CFR 1306.13(b); 88 FR 46983").since(date(2023, 8, 21)),
]);
parameter!(SHORTAGE_HOURS: "partial.ii.shortage.hours", "hours after the first part in which the rest may be dispensed for want of stock", Min,
    Domain::Number("hours"), [Row::of(By::ALL, 72, "21 CFR 1306.13(a)")]);
parameter!(REQUESTED_DAYS: "partial.ii.requested.days", "days after issue in which a prescription split on request may be dispensed", Min,
Domain::Number("days"), [
    Row::of(By::C21, 30, "Cards 2021, Allowable Partial Filling Scenarios 2"),
    Row::of(By::CFR, 30, "21 U.S.C. 829(f)(2)").since(date(2016, 7, 22)).until(date(2023, 8, 20)),
    Row::of(By::CFR, 30, "21 CFR 1306.13(b); 88 FR 46983").since(date(2023, 8, 21)),
]);
parameter!(REQUESTED_ORAL_HOURS: "partial.ii.requested-oral.hours", "hours after issue in which an oral emergency prescription split on request may be dispensed", Min,
    Domain::Number("hours"), [Row::of(By::CFR, 72, "21 U.S.C. 829(f)(2)").since(date(2016, 7, 22))]);
parameter!(LTCF_DAYS: "partial.ii.ltcf.days", "days after issue in which a long term care or terminally ill patient's prescription may be dispensed", Min,
    Domain::Number("days"), [Row::of(By::ALL, 60, "21 CFR 1306.13(b)")]);

/// Whether the basis is one the law knows.
pub(crate) fn basis(law: &Law<'_>, rx: &Prescription, basis: Basis) -> Outcome {
    let no = |what: &'static str| {
        law.deny(
            &BASIS,
            Reason::BasisNotAllowed,
            "LAW-1306.13-BASIS",
            what,
            "dispense the whole quantity, or ask for a new prescription",
        )
        .about("request.basis")
    };
    match basis {
        Basis::Shortage => Outcome::Satisfied,
        Basis::Ltcf => {
            Outcome::unless(rx.setting == Setting::Ltcf, || no("the patient is not in a long term care facility"))
        }
        Basis::Terminal => {
            Outcome::unless(rx.setting == Setting::Terminal, || no("the patient is not diagnosed as terminally ill"))
        }
        Basis::General => Outcome::Violated(Box::new(no("convenience is no ground to split schedule II"))),
        Basis::Requested => match law.bound(&REQUESTED) {
            Some(bound) if bound.yes() => Outcome::Satisfied,
            Some(bound) => Outcome::Violated(Box::new(no("a wish is no ground to split schedule II here").by(&bound))),
            None => Outcome::Violated(Box::new(no("a wish is no ground to split schedule II here"))),
        },
    }
}

/// Whether the words stand on the prescription.
pub(crate) fn notation(law: &Law<'_>, basis: Basis, notation: Option<Notation>) -> Outcome {
    let (needed, words) = match basis {
        Basis::Ltcf => (Notation::LtcfPatient, "LTCF patient"),
        Basis::Terminal => (Notation::TerminallyIll, "terminally ill"),
        _ => return Outcome::NotApplicable,
    };
    Outcome::unless(notation == Some(needed), || {
        law.deny(
            &NOTATION,
            Reason::NotationMissing,
            "LAW-1306.13-NOTATION",
            format!("the words \"{words}\" are not on the prescription"),
            format!("write \"{words}\" on the prescription, then dispense"),
        )
        .about("request.notation")
    })
}

/// Whether the terminal illness is certain.
pub(crate) fn doubt(law: &Law<'_>, basis: Basis, terminal_in_doubt: bool) -> Outcome {
    if basis != Basis::Terminal {
        return Outcome::NotApplicable;
    }
    Outcome::unless(!terminal_in_doubt, || {
        law.deny(
            &DOUBT,
            Reason::VerificationRequired,
            "LAW-1306.13-DOUBT",
            "it is doubtful whether the patient is terminally ill",
            "ask the practitioner before dispensing a part",
        )
        .about("request.terminal_in_doubt")
    })
}

/// Whether parts that were dispensed are in order, as far as basis and words show.
pub(crate) fn audited(
    law: &Law<'_>,
    rx: &Prescription,
    asked: Option<Basis>,
    notation: Option<Notation>,
    history: &[Act],
) -> Outcome {
    if rx.schedule != Schedule::II {
        return Outcome::NotApplicable;
    }
    let parts = || history.iter().filter(|act| matches!(act.kind, HistoryKind::Partial | HistoryKind::Fill));
    let late = parts().any(|act| matches!(window(law, rx, Basis::Shortage, history, act.at), Outcome::Violated(_)));
    let on_request = asked == Some(Basis::Requested) && matches!(basis(law, rx, Basis::Requested), Outcome::Satisfied);
    Outcome::unless(!late || notation.is_some() || on_request, || {
        law.deny(
            &AUDITED,
            Reason::NotationMissing,
            "LAW-1306.13-AUDIT",
            "parts were dispensed after the 72 hours, without the words that a long term care or terminally ill patient needs",
            "list it in the compliance report; the prescription is deemed filled in violation",
        )
        .about("request.notation")
    })
}

/// Whether the practitioner has discontinued the medication; the day itself is already without authority.
pub(crate) fn discontinued(law: &Law<'_>, day: Date) -> Outcome {
    Outcome::unless(law.day < day, || {
        law.deny(
            &DISCONTINUED,
            Reason::Closed,
            "LAW-1306.13-DISCONTINUED",
            format!("the medication was discontinued on {day}"),
            "dispense no more of it; ask for a new prescription if it is to be resumed",
        )
        .about("prescription.discontinued")
    })
}

/// When the rest is due: an instant for want of stock, else a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    At(Moment),
    By(Date),
}

impl Due {
    fn holds(self, at: When) -> bool {
        match (self, at) {
            (Self::At(due), When::Instant(at)) => at.timestamp.cmp(&due.timestamp) != Ordering::Greater,
            (Self::At(due), When::Day(day)) => day <= due.date(),
            (Self::By(due), at) => at.date() <= due,
        }
    }
}

/// When the rest is due on `basis`, and who says so; `None` before the first part and for bases without a limit.
pub(crate) fn due(law: &Law<'_>, rx: &Prescription, basis: Basis, history: &[Act]) -> Option<(Due, Bound)> {
    let days = |bound: Bound| {
        let last = days_after(rx.issued, u32::try_from(bound.value).ok()?)?;
        Some((Due::By(last), bound))
    };
    match basis {
        Basis::General => None,
        Basis::Ltcf | Basis::Terminal => days(law.bound(&LTCF_DAYS)?),
        Basis::Requested if rx.form == Form::Oral => oral(law, rx, history),
        Basis::Requested => days(law.bound(&REQUESTED_DAYS)?),
        Basis::Shortage => hours(law.bound(&SHORTAGE_HOURS)?, history),
    }
}

/// An oral emergency prescription split on request: the hours run from issue, of which the day is known. The first part
/// was not before it, so the rest is due neither after that day nor later than the hours after the first part.
fn oral(law: &Law<'_>, rx: &Prescription, history: &[Act]) -> Option<(Due, Bound)> {
    let bound = law.bound(&REQUESTED_ORAL_HOURS).or_else(|| law.bound(&SHORTAGE_HOURS))?;
    let last = days_after(rx.issued, u32::try_from(bound.value / 24).ok()?)?;
    match hours(bound.clone(), history) {
        Some((Due::At(moment), bound)) if moment.date() <= last => Some((Due::At(moment), bound)),
        _ => Some((Due::By(last), bound)),
    }
}

/// The limit in hours runs from the first part.
fn hours(bound: Bound, history: &[Act]) -> Option<(Due, Bound)> {
    let first = history.iter().find(|act| act.kind == HistoryKind::Partial)?;
    let hours = u32::try_from(bound.value).ok()?;
    let due = match first.at {
        When::Instant(first) => Due::At(first.hours_later(hours)?),
        When::Day(first) => Due::By(days_after(first, hours / 24)?),
    };
    Some((due, bound))
}

/// Whether the window is still open.
pub(crate) fn window(law: &Law<'_>, rx: &Prescription, basis: Basis, history: &[Act], at: When) -> Outcome {
    let Some((due, bound)) = due(law, rx, basis, history) else { return Outcome::NotApplicable };
    Outcome::unless(due.holds(at), || {
        let until = match due {
            Due::At(moment) => moment.to_string(),
            Due::By(day) => day.to_string(),
        };
        law.deny(
            &WINDOW,
            Reason::Expired,
            "LAW-1306.13-WINDOW",
            format!("the rest could be dispensed until {until}"),
            "tell the practitioner; a new prescription is needed for the rest",
        )
        .by(&bound)
        .about("request.at")
    })
}
