//! 21 CFR 1301.74(c), 1301.76(b); manual, section V: from the suspicion of a loss to the end of the case.
//!
//! (b) Six factors decide whether a loss is significant: quantity against the type of business; the substances; access and
//!     unique activities; the pattern over time and what looking into it came to; likelihood of diversion; local trends.
//!     A decision that it is not answers each. In doubt it is reported. Small losses that repeat may be significant
//!     together. The cards advise an inventory whenever a loss is suspected.
//! The notice goes to DEA directly, in writing, within one business day of discovery, signed by an individual whom the
//!     registrant has authorised; telling the head office is not enough. The police and the State's board are told where
//!     a State demands it; Federal law only advises it.
//! A case ends with Form 106, with a letter that nothing was lost, or with an entry in the theft and loss file.

use crate::deadlines;
use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Assessment, LossCase, LossNotice};
use crate::reason::Reason;
use crate::rule::{Condition, Outcome, rule};
use crate::vocab::{CaseOutcome, NoticeSigner, NoticeTo, Significance, SignificanceFactor, Word};
use jiff::civil::Date;
use theriac_model::calendar::{business_days_after, days_after};

rule!(FACTORS: "1301.76-factors", "theft-loss", "21 CFR 1301.76(b)", By::ALL,
    "A decision that a loss is not significant answers each of the six factors",
    ["law-loss-significance-factors", "pharm-loss-significance-factors"]);
rule!(DOUBT: "1301.76-doubt", "theft-loss", "Manual 2010, section V; 21 CFR 1301.76(b)", By::ALL,
    "A theft in doubt, or a loss of doubtful significance, is reported; not to report takes a named decision",
    ["law-loss-doubt-report", "pharm-loss-doubt-report"]);
rule!(REPEATED: "1301.76-repeated", "theft-loss", "21 CFR 1301.76(b)(4); Manual 2010, section V", By::ALL,
    "Small losses of one product that repeat are significant unless a named person decides otherwise with reasons",
    ["law-loss-repeated-small", "pharm-loss-repeated-small"]);
rule!(COUNT: "1301.76-inventory", "inventory", "Cards 2021, DEA Controlled Substance Inventory Requirements", By::C21,
    "An inventory is advised when a loss or theft is suspected",
    ["law-inv-suspected-loss"]);
rule!(DIRECT: "1301.76-direct", "theft-loss", "21 CFR 1301.76(b); Manual 2010, section V", By::ALL,
    "The notice goes to DEA directly, in writing, signed by an authorised individual",
    ["law-loss-direct-and-signed", "pharm-loss-notice-direct-to-dea", "pharm-loss-notice-signed"]);
rule!(IN_TIME: "1301.76-in-time", "theft-loss", "21 CFR 1301.76(b)", By::ALL,
    "The notice goes out within one business day of discovery",
    ["law-loss-one-business-day"]);
rule!(CLOSED: "1301.76-closed", "theft-loss", "21 CFR 1301.76(b); Manual 2010, section V", By::ALL,
    "A case of loss ends with Form 106, with a letter that nothing was lost, or with an entry in the theft and loss file",
    ["law-loss-none-found", "pharm-loss-form-106-required", "pharm-loss-no-loss-found", "pharm-loss-not-significant-file"]);
rule!(OTHERS: "1301.76-police-and-board", "theft-loss", "Manual 2010, section V; State law", By::ALL,
    "Police and State board are told where a State demands it",
    ["law-loss-police-state", "pharm-loss-police-and-state"]);

parameter!(SMALL_LOSSES: "loss.repeated.count", "small losses of one product that count as significant together; no text gives a number, this one is ours", Min, Domain::Number("losses"),
    [Row::of(By::ALL, 3, "Manual 2010, section V")]);
parameter!(SMALL_DAYS: "loss.repeated.days", "days within which small losses of one product are counted together; no text gives a number, this one is ours", Max, Domain::Number("days"),
    [Row::of(By::ALL, 60, "Manual 2010, section V")]);
parameter!(POLICE: "loss.police", "whether a theft or loss is reported to the police", Required, Domain::YesNo,
    [Row::of(By::ALL, 0, "Manual 2010, section V")]);
parameter!(BOARD: "loss.state-board", "whether a theft or loss is reported to the State board", Required, Domain::YesNo,
    [Row::of(By::ALL, 0, "Manual 2010, section V")]);

/// Whether the loss is reported as a matter of course: decided so, or in doubt.
pub(crate) fn is_reported(assessment: &Assessment) -> bool {
    assessment.significance != Significance::NotSignificant || assessment.theft_in_doubt
}

/// Whether every factor was answered; the first that was not is named.
pub(crate) fn factors(law: &Law<'_>, assessment: &Assessment) -> Outcome {
    if is_reported(assessment) {
        return Outcome::NotApplicable;
    }
    let open = SignificanceFactor::LIST.iter().find(|(_, factor)| !assessment.answered.contains(factor));
    let Some((factor, _)) = open else { return Outcome::Satisfied };
    let denial = law.deny(
        &FACTORS,
        Reason::ElementMissing,
        "LAW-1301.76-FACTOR",
        format!("the decision does not answer the factor {factor}"),
        "answer each of the six factors, or report the loss",
    );
    Outcome::Violated(Box::new(denial.about(format!("assessment.answered: {factor}"))))
}

/// Whether somebody stands for a decision not to report.
pub(crate) fn named(law: &Law<'_>, assessment: &Assessment) -> Outcome {
    if is_reported(assessment) {
        return Outcome::NotApplicable;
    }
    Outcome::unless(assessment.decided_by_name, || {
        law.deny(
            &DOUBT,
            Reason::NotSigned,
            "LAW-1301.76-NAMED",
            "nobody stands for the decision that the loss is not significant",
            "let a named person decide it with reasons, or report the loss",
        )
        .about("assessment.decided_by_name")
    })
}

/// Whether small losses have repeated so often that together they are significant.
pub(crate) fn repeated(law: &Law<'_>, assessment: &Assessment) -> Outcome {
    let (Some(count), Some(days)) = (law.bound(&SMALL_LOSSES), law.bound(&SMALL_DAYS)) else {
        return Outcome::NotApplicable;
    };
    let window = u32::try_from(days.value).unwrap_or(u32::MAX);
    let recent = |day: &&Date| **day <= law.day && days_after(**day, window).is_none_or(|last| law.day <= last);
    let small = assessment.earlier_small.iter().filter(recent).count() as u64 + 1;
    if is_reported(assessment) || assessment.decided_in_spite {
        return Outcome::NotApplicable;
    }
    Outcome::unless(small < count.value, || {
        law.deny(
            &REPEATED,
            Reason::VerificationRequired,
            "LAW-1301.76-REPEATED",
            format!("{small} small losses of the product in {} days are significant together", days.value),
            "report them, or let a named person decide otherwise with reasons",
        )
        .by(&count)
        .about("assessment.earlier_small")
    })
}

/// Where the notice went and who signed it.
pub(crate) const NOTICE: &[Condition<LossNotice>] = &[
    Condition {
        rule: &DIRECT,
        holds: |notice| notice.to == NoticeTo::Dea,
        reason: Reason::RecipientNotAllowed,
        code: "LAW-1301.76-DIRECT",
        what: "the notice did not go to DEA",
        next: "notify the field office directly; a report inside the company or to the police is not enough",
        field: "notice.to",
    },
    Condition {
        rule: &DIRECT,
        holds: |notice| notice.in_writing,
        reason: Reason::NotInWriting,
        code: "LAW-1301.76-WRITING",
        what: "the notice is not in writing",
        next: "notify the field office in writing",
        field: "notice.in_writing",
    },
    Condition {
        rule: &DIRECT,
        holds: |notice| notice.signed_by == NoticeSigner::Authorized,
        reason: Reason::NotSigned,
        code: "LAW-1301.76-SIGNER",
        what: "no authorised individual has signed the notice",
        next: "let an individual whom the registrant has authorised sign it",
        field: "notice.signed_by",
    },
];

/// Whether the notice is in time.
pub(crate) fn in_time(law: &Law<'_>, notice: &LossNotice, holidays: &[Date]) -> Outcome {
    let Some(bound) = law.bound(&deadlines::LOSS_BUSINESS) else { return Outcome::NotApplicable };
    let days = u32::try_from(bound.value).unwrap_or(u32::MAX);
    let Some(last) = business_days_after(notice.discovered, days, holidays) else { return Outcome::NotApplicable };
    Outcome::unless(law.day <= last, || {
        law.deny(
            &IN_TIME,
            Reason::Expired,
            "LAW-1301.76-LATE",
            format!("the notice was due on {last}"),
            "notify DEA now and say why it is late",
        )
        .by(&bound)
        .about("notice.discovered")
    })
}

/// What each ending needs.
pub(crate) const ENDING: &[Condition<LossCase>] = &[
    Condition {
        rule: &CLOSED,
        holds: |case| case.outcome != CaseOutcome::Confirmed || case.form_106_filed,
        reason: Reason::WrongForm,
        code: "LAW-1301.76-NO-FORM-106",
        what: "Form 106 has not been filed",
        next: "file Form 106 and record date, channel and copy",
        field: "case.form_106_filed",
    },
    Condition {
        rule: &CLOSED,
        holds: |case| case.outcome != CaseOutcome::NoLoss || case.letter_sent,
        reason: Reason::NotInWriting,
        code: "LAW-1301.76-NO-LETTER",
        what: "DEA has not been told in writing that nothing was lost",
        next: "write to DEA why no Form 106 is filed",
        field: "case.letter_sent",
    },
    Condition {
        rule: &CLOSED,
        holds: |case| case.outcome != CaseOutcome::NotSignificant || case.in_file,
        reason: Reason::WrongFile,
        code: "LAW-1301.76-NOT-IN-FILE",
        what: "the loss is not in the theft and loss file",
        next: "enter it with quantity, reasons and who decided",
        field: "case.in_file",
    },
];

/// Whether everybody whom a State wants told was told.
pub(crate) fn others(law: &Law<'_>, case: &LossCase) -> Outcome {
    if case.outcome == CaseOutcome::NoLoss {
        return Outcome::NotApplicable;
    }
    let asked = [
        (&POLICE, case.police_told, "the police have not been told", "case.police_told"),
        (&BOARD, case.board_told, "the State board has not been told", "case.board_told"),
    ];
    for (parameter, told, what, field) in asked {
        if let Some(bound) = law.bound(parameter).filter(|bound| bound.yes() && !told) {
            let denial =
                law.deny(&OTHERS, Reason::StateProhibits, "LAW-1301.76-OTHERS", what, "tell them and record it");
            return Outcome::Violated(Box::new(denial.by(&bound).about(field)));
        }
    }
    Outcome::Satisfied
}
