//! 21 CFR 1306.05(a), (d): signed by the practitioner, on the day of issue.
//!
//! (a) Dated as of, and signed on, the day of issue: neither signed ahead nor dated ahead.
//! (d) Paper is signed by hand; what a computer prints is signed by hand as well. An agent may prepare, never sign; a
//!     supervisor's signature does not replace that of the practitioner who prescribes.
//! An oral prescription has no signature (1306.21(a)).

use crate::edition::{By, Law};
use crate::facts::Prescription;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Element, Form, Signature};
use jiff::civil::Date;

rule!(SIGNED: "1306.05-signed", "contents", "21 CFR 1306.05(d)", By::ALL,
    "The practitioner who issues a prescription signs it; paper is signed by hand",
    ["law-cont-signature", "law-cont-printed-needs-signature", "law-who-agent-may-prepare", "law-who-mlp-signs", "law-fax-ciii-v-signed", "epcs-1306.05-d-2"]);
rule!(SAME_DAY: "1306.05-dated", "contents", "21 CFR 1306.05(a)", By::ALL,
    "A prescription is dated as of, and signed on, the day of issue",
    ["law-cont-signed-same-day", "law-cont-no-postdating", "law-cont-no-presigning", "law-multi-same-issue-date", "epcs-1306.05-a-1"]);

/// Whether the issuing practitioner signed.
pub(crate) fn signed(law: &Law<'_>, rx: &Prescription) -> Outcome {
    if rx.form == Form::Oral {
        return Outcome::NotApplicable;
    }
    let what = match rx.signature {
        Signature::Practitioner if rx.missing.contains(&Element::Signature) => "the signature is missing",
        Signature::Practitioner => return Outcome::Satisfied,
        Signature::Agent => "an agent signed it",
        Signature::Supervisor => "a supervising practitioner signed it",
        Signature::Image => "it bears a picture of a signature",
        Signature::None => "nobody signed it",
    };
    let next = if rx.form == Form::Electronic {
        "ask the practitioner to sign and send it again"
    } else {
        "ask the practitioner to sign it by hand"
    };
    Outcome::Violated(Box::new(
        law.deny(&SIGNED, Reason::NotSigned, "LAW-1306.05-UNSIGNED", what, next).about("prescription.signature"),
    ))
}

/// Whether it was signed on its date, and its date has come by `day`.
pub(crate) fn same_day(law: &Law<'_>, rx: &Prescription, day: Date) -> Outcome {
    let signed = if rx.form == Form::Oral { rx.issued } else { rx.signed() };
    Outcome::unless(signed == rx.issued && rx.issued <= day, || {
        let what = if signed == rx.issued {
            format!("it is dated {}, a day to come", rx.issued)
        } else {
            format!("it is dated {} and was signed on {signed}", rx.issued)
        };
        law.deny(
            &SAME_DAY,
            Reason::Misdated,
            "LAW-1306.05-DATE",
            what,
            "ask for a prescription dated on the day of signing; a later start is written as the earliest fill date",
        )
        .about("prescription.issued")
    })
}

/// Whether a prescription about to be signed is dated today.
pub(crate) fn dated_today(law: &Law<'_>, rx: &Prescription) -> Outcome {
    Outcome::unless(rx.issued == law.day, || {
        law.deny(
            &SAME_DAY,
            Reason::Misdated,
            "LAW-1306.05-DATE",
            format!("it is dated {} and would be signed on {}", rx.issued, law.day),
            "date it today; a later start is written as the earliest fill date",
        )
        .about("prescription.issued")
    })
}
