//! 21 CFR 1311.125(f), 1311.130 (2008); 1311.120(b), 1311.170 (in force): transmitting and printing.
//!
//! (a) Sent at once; only what was signed is sent. (b) Once transmitted it is not printed. (c) Once printed it is not
//! transmitted. (g) It travels in its electronic form, never as a fax or in another form. Printed, it is a paper
//! prescription and is signed by hand (1306.05(d)).
//! In force a copy labelled as one, and after a notified failure a print with a reference, are allowed; the questions here
//! are about printing for dispensing, for which no failure is stated. Both editions forbid that after transmission; only
//! the proposal forbids the labelled copy as well. A list of the medical record is no print of a prescription.

use crate::edition::{By, Law};
use crate::facts::{Act, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Form, HistoryKind, Signature};

rule!(SIGNED: "1311.125-indication", "electronic", "21 CFR 1311.120(b); 2008: 1311.125(f)", By::P08.and(By::CFR),
    "Only a signed prescription is transmitted",
    ["epcs-1311.125-f"]);
rule!(NOT_PRINTED: "1311.130-not-printed", "electronic", "21 CFR 1311.170(d); 2008: 1311.130(c)", By::P08.and(By::CFR),
    "A prescription that was printed is not transmitted",
    ["law-elec-unsigned-paper-copy", "epcs-1311.130-c"]);
rule!(NOT_TRANSMITTED: "1311.130-not-transmitted", "electronic", "21 CFR 1311.170; 2008: 1311.130(b)", By::P08.and(By::CFR),
    "A prescription that was transmitted is neither printed for dispensing nor transmitted again",
    ["law-elec-unsigned-paper-copy", "epcs-1311.130-b"]);
rule!(AS_ELECTRONIC: "1311.130-form", "electronic", "21 CFR 1311.170; 2008: 1311.130(g)", By::P08.and(By::CFR),
    "An electronic prescription travels in its electronic form to the pharmacy",
    ["epcs-1311.130-g-1"]);

fn happened(history: &[Act], kind: HistoryKind) -> bool {
    history.iter().any(|act| act.kind == kind)
}

/// Whether it was signed.
pub(crate) fn signed(law: &Law<'_>, rx: &Prescription, history: &[Act]) -> Outcome {
    Outcome::unless(rx.signature == Signature::Practitioner || happened(history, HistoryKind::Signed), || {
        law.deny(
            &SIGNED,
            Reason::NotSigned,
            "LAW-1311.125-UNSIGNED",
            "it has not been signed",
            "let the practitioner sign it",
        )
        .about("prescription.signature")
    })
}

/// Whether it was printed.
pub(crate) fn not_printed(law: &Law<'_>, history: &[Act]) -> Outcome {
    Outcome::unless(!happened(history, HistoryKind::Printed), || {
        law.deny(
            &NOT_PRINTED,
            Reason::AlreadyPrinted,
            "LAW-1311.130-PRINTED",
            "it has been printed",
            "give the patient the paper, signed by hand, or void it and issue a new prescription",
        )
        .about("facts.history")
    })
}

/// Whether it was transmitted.
pub(crate) fn not_transmitted(law: &Law<'_>, history: &[Act]) -> Outcome {
    Outcome::unless(!happened(history, HistoryKind::Transmitted), || {
        law.deny(
            &NOT_TRANSMITTED,
            Reason::AlreadyTransmitted,
            "LAW-1311.130-TRANSMITTED",
            "it has been transmitted",
            "if the transmission failed, void it and issue a new paper prescription that says so",
        )
        .about("facts.history")
    })
}

/// Whether it travels in its own form.
pub(crate) fn as_electronic(law: &Law<'_>, form: Form) -> Outcome {
    Outcome::unless(form == Form::Electronic, || {
        law.deny(
            &AS_ELECTRONIC,
            Reason::FormNotAllowed,
            "LAW-1311.130-FORM",
            format!("it would travel as {form}"),
            "send it electronically, or print it unsent and sign it by hand",
        )
        .about("request.as")
    })
}
