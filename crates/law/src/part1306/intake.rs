//! 21 CFR 1306.21(a), 1306.11(a), (d)(2), 1306.03(b), 1311.170; cards: how a prescription was taken in.
//!
//! (1306.21(a)) The pharmacist takes an oral prescription and reduces it to writing before it is filled; an agent who
//!     telephones is named, and the practitioner answers for what the agent says.
//! (1306.11(a); manual, section IX) The signed original of a faxed schedule II prescription is compared with its fax.
//! (1306.21(a)) What serves as a fax is the picture of paper signed by hand, from the practitioner's number. An electronic
//!     prescription is never turned into a fax on the way (1311.170; 2008: 1311.130(g)); an e-mail is neither.
//! (Cards) "Void" that shows on the fax of a security form, or a signature that is plainly misspelt, is settled first: by
//!     the pharmacist's decision or a call for the word, by a call for the signature.
//! (Cards) A State may ask for security forms, and limit what stands on one form.

use crate::edition::{By, Domain, Law, bit, parameter};
use crate::facts::{Intake, Prescription};
use crate::reason::Reason;
use crate::rule::{Denial, Outcome, rule};
use crate::state::PERMITS;
use crate::vocab::{Form, Origin, Resolution, Schedule, Sender, Staff, Word};
use crate::when::When;
use std::cmp::Ordering;

rule!(TAKEN_BY: "1306.21-taken-by", "oral", "21 CFR 1306.21(a), 1306.11(d)(2)", By::ALL,
    "A pharmacist takes an oral prescription",
    ["law-oral-taken-by-pharmacist"]);
rule!(WRITTEN_DOWN: "1306.21-written-down", "oral", "21 CFR 1306.21(a), 1306.11(d)(2)", By::ALL,
    "An oral prescription is reduced to writing before it is filled, with the time of the call and of the writing",
    ["law-oral-reduced-promptly", "law-emer-reduced-immediately"]);
rule!(AGENT: "1306.03-agent", "oral", "21 CFR 1306.03(b); Cards 2021, Oral Controlled Substance Prescriptions", By::C21.and(By::CFR),
    "An agent who telephones a prescription is named",
    ["law-who-agent-may-communicate"]);
rule!(ORIGIN: "1311.170-no-fax", "fax", "21 CFR 1306.21(a), 1311.170; 2008: 1311.130(g)", By::ALL,
    "A fax is the picture of paper signed by hand: not an electronic prescription that was converted, and not an e-mail",
    ["law-fax-no-conversion-of-electronic", "law-forms-ciii-v"]);
rule!(SENDER: "1306.21-fax-number", "fax", "21 CFR 1306.21(a); Manual 2010, section IX", By::ALL,
    "A fax from a number that is not the practitioner's is verified first",
    ["law-fax-ciii-v-sender"]);
rule!(COMPARED: "1306.11-compared", "fax", "21 CFR 1306.11(a); Manual 2010, section IX", By::ALL,
    "The signed original of a faxed schedule II prescription agrees with the fax",
    ["law-fax-cii-mismatch"]);
rule!(VOID: "fax-void-mark", "fax", "Cards 2021, Faxed Controlled Substance Prescriptions", By::C21,
    "A fax on which the word void shows waits for the pharmacist's decision or a call",
    ["law-fax-void-watermark"]);
rule!(MISSPELT: "amend-misspelt-signature", "amendments", "Cards 2021, Errors or Omissions on CS Prescriptions", By::C21,
    "A signature that is plainly misspelt points to forgery and is verified with the practitioner",
    ["law-amend-misspelt-signature"]);

const SCHEDULES: &[&str] = &["I", "II", "III", "IV", "V", "none"];
parameter!(SECURITY_FORM: "form.security.schedules", "schedules whose paper prescriptions stand on a tamper-resistant security form", Union,
    Domain::Words(SCHEDULES), []);
parameter!(ITEMS: "form.controlled-items", "controlled items that may stand on one form", Min, Domain::Number("items"), []);
parameter!(MIXED: "form.mixed", "whether controlled and other drugs may stand on one form", Permitted, Domain::YesNo, []);
parameter!(ELECTRONIC_ONLY: "form.electronic-only.schedules", "schedules that must be prescribed electronically", Union,
    Domain::Words(SCHEDULES), []);

/// Whether a pharmacist took the call.
pub(crate) fn taken_by(law: &Law<'_>, rx: &Prescription, intake: &Intake) -> Outcome {
    if rx.form != Form::Oral {
        return Outcome::NotApplicable;
    }
    Outcome::unless(intake.taken_by == Staff::Pharmacist, || {
        law.deny(
            &TAKEN_BY,
            Reason::NotAuthorized,
            "LAW-1306.21-TAKEN-BY",
            format!("a {} took the call", intake.taken_by),
            "let a pharmacist call the practitioner back and write the prescription down",
        )
        .about("intake.taken_by")
    })
}

/// Whether the writing is there, made after the call and before the filling.
pub(crate) fn written_down(law: &Law<'_>, rx: &Prescription, intake: &Intake, at: When) -> Outcome {
    if rx.form != Form::Oral {
        return Outcome::NotApplicable;
    }
    let (what, field) = match (intake.called, intake.written) {
        (None, _) => ("the time of the call is not recorded", "intake.called"),
        (_, None) => ("it has not been reduced to writing", "intake.written"),
        (Some(called), Some(written)) if written.order(called) == Ordering::Less => {
            ("it was written down before the call", "intake.written")
        }
        (_, Some(written)) if written.order(at) == Ordering::Greater => {
            ("it would be written down after the filling", "intake.written")
        }
        _ => return Outcome::Satisfied,
    };
    let denial = law
        .deny(
            &WRITTEN_DOWN,
            Reason::ElementMissing,
            "LAW-1306.21-NOT-WRITTEN",
            what,
            "write everything down but the signature, with the times, then fill",
        )
        .about(field);
    Outcome::Violated(Box::new(denial))
}

/// Whether an agent who telephoned is named.
pub(crate) fn agent(law: &Law<'_>, rx: &Prescription, intake: &Intake) -> Outcome {
    if rx.form != Form::Oral || rx.sender != Sender::Agent {
        return Outcome::NotApplicable;
    }
    let named = intake.agent.as_deref().is_some_and(|name| !name.trim().is_empty());
    Outcome::unless(named, || {
        law.deny(
            &AGENT,
            Reason::ElementMissing,
            "LAW-1306.03-AGENT",
            "an agent telephoned, and the agent's name is not recorded",
            "ask for the agent's name and record it beside the practitioner's, who answers for it",
        )
        .about("intake.agent")
    })
}

/// Whether what came as a fax is the picture of signed paper.
pub(crate) fn origin(law: &Law<'_>, rx: &Prescription, intake: &Intake) -> Outcome {
    if rx.form != Form::Fax {
        return Outcome::NotApplicable;
    }
    let what = match intake.origin {
        Origin::SignedPaper => return Outcome::Satisfied,
        Origin::ConvertedElectronic => "an electronic prescription was turned into a fax on the way",
        Origin::Email => "it came as an e-mail",
    };
    let denial = law
        .deny(
            &ORIGIN,
            Reason::FormNotAllowed,
            "LAW-1311.170-NO-FAX",
            what,
            "ask the practitioner to send it electronically as signed, or to fax signed paper",
        )
        .about("intake.origin");
    Outcome::Violated(Box::new(denial))
}

/// Whether the sender of a fax is known, or was verified.
pub(crate) fn sender(law: &Law<'_>, rx: &Prescription, intake: &Intake) -> Outcome {
    if rx.form != Form::Fax || rx.original_presented {
        return Outcome::NotApplicable;
    }
    Outcome::unless(intake.sender_known || intake.resolution == Resolution::Call, || {
        law.deny(
            &SENDER,
            Reason::VerificationRequired,
            "LAW-1306.21-FAX-NUMBER",
            "the number from which it came is not the practitioner's",
            "call the practitioner on a number of your own, and record the call",
        )
        .about("intake.sender_known")
    })
}

/// Whether original and fax agree.
pub(crate) fn compared(law: &Law<'_>, rx: &Prescription, intake: &Intake) -> Outcome {
    if rx.form != Form::Fax || !rx.original_presented {
        return Outcome::NotApplicable;
    }
    Outcome::unless(intake.differs.is_empty(), || {
        let differing: Vec<_> = intake.differs.iter().map(|element| element.word()).collect();
        law.deny(
            &COMPARED,
            Reason::Altered,
            "LAW-1306.11-COMPARED",
            format!("original and fax differ in {}", differing.join(", ")),
            "do not hand over; ask the practitioner which is right",
        )
        .about("intake.differs")
    })
}

/// Whether a fax that shows the word void was judged.
pub(crate) fn void(law: &Law<'_>, rx: &Prescription, intake: &Intake) -> Outcome {
    if rx.form != Form::Fax {
        return Outcome::NotApplicable;
    }
    Outcome::unless(!intake.void_visible || intake.resolution != Resolution::Open, || {
        doubt(law, &VOID, "LAW-FAX-VOID", "the word void shows on the fax", "intake.void_visible")
    })
}

/// Whether a misspelt signature was verified; a pharmacist's own decision does not settle it.
pub(crate) fn misspelt(law: &Law<'_>, intake: &Intake) -> Outcome {
    Outcome::unless(!intake.signature_misspelt || intake.resolution == Resolution::Call, || {
        doubt(
            law,
            &MISSPELT,
            "LAW-AMEND-MISSPELT-SIGNATURE",
            "the practitioner's signature is plainly misspelt",
            "intake.signature_misspelt",
        )
    })
}

fn doubt(
    law: &Law<'_>,
    rule: &'static crate::rule::Rule,
    code: &'static str,
    what: &'static str,
    field: &'static str,
) -> Denial {
    let next = "call the practitioner, and record the call before filling";
    law.deny(rule, Reason::VerificationRequired, code, what, next).about(field)
}

/// What the State asks of the paper. Federal law asks nothing here, and never asks for electronic prescriptions.
pub(crate) fn state_form(law: &Law<'_>, rx: &Prescription, intake: &Intake) -> Outcome {
    let deny = |bound: &crate::edition::Bound, what: String, next: &'static str, field: &'static str| {
        let denial = law.deny(&PERMITS, Reason::FormNotAllowed, "LAW-STATE-FORM", what, next);
        Outcome::Violated(Box::new(denial.by(bound).about(field)))
    };
    if !matches!(rx.form, Form::Paper | Form::Fax) || rx.schedule == Schedule::None {
        return Outcome::NotApplicable;
    }
    let listed = |parameter| law.bound(parameter).filter(|bound| bound.value & bit(rx.schedule) != 0);
    if let Some(bound) = listed(&ELECTRONIC_ONLY) {
        let what = format!("the State wants schedule {} prescribed electronically", rx.schedule);
        return deny(&bound, what, "ask for an electronic prescription", "prescription.form");
    }
    if let Some(bound) = listed(&SECURITY_FORM).filter(|_| !intake.security_form) {
        let what = format!("schedule {} stands on plain paper", rx.schedule);
        return deny(&bound, what, "ask for one on the State's security form", "intake.security_form");
    }
    if let Some(bound) = law.bound(&ITEMS).filter(|bound| u64::from(intake.items) > bound.value) {
        let what = format!("{} controlled items stand on one form, and {} may", intake.items, bound.value);
        return deny(&bound, what, "ask for a form for each", "intake.items");
    }
    if let Some(bound) = law.bound(&MIXED).filter(|bound| !bound.yes() && intake.mixed) {
        let what = "controlled and other drugs stand on one form".to_owned();
        return deny(&bound, what, "ask for separate forms", "intake.mixed");
    }
    Outcome::Satisfied
}
