//! 21 CFR 1306.11(a), 1306.21(a), 1306.05(d): in which form a prescription may be dispensed.
//!
//! (1306.11(a)) Schedule II needs a written prescription: signed paper, or an electronic one that conforms. A fax lets
//! the pharmacy prepare; see `fax` for the cases in which it is the original. Oral only in an emergency; see `emergency`.
//! (1306.21(a)) Schedules III to V go on signed paper, its fax, an electronic prescription, or an oral one that the
//! pharmacist reduces to writing at once.
//! (1306.05(d)) Paper is written with ink, indelible pencil or typewriter; the proposal adds the computer printer.
//! `Chosen reading:` the later texts count computer print as typewriting, because they accept it in practice.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::Prescription;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Form, Instrument, Schedule, Sender};
use theriac_model::{Cite, Edition};

rule!(WRITTEN_II: "1306.11-written", "forms-of-prescription", "21 CFR 1306.11(a)", By::ALL,
    "Schedule II is dispensed on a written prescription: signed paper or a conforming electronic one",
    ["law-forms-cii-written", "law-forms-matrix", "law-elec-pending-cii", "law-elec-failure-cii", "law-oral-ciii-v-allowed", "epcs-1306.11-a-1"]);
rule!(ORAL_BY: "1306.21-oral-by", "oral", "21 CFR 1306.21(a)", By::ALL,
    "An oral prescription of schedules III to V is made by the practitioner; later guidance lets a supervised agent pass it on",
    ["law-oral-by-practitioner", "law-oral-agent", "law-elec-pending-becomes-oral-or-fax"]);
rule!(MEDIUM: "1306.05-medium", "contents", "21 CFR 1306.05(d)", By::ALL,
    "A paper prescription is written with ink, indelible pencil, typewriter or computer printer",
    ["law-cont-written-medium", "epcs-1306.05-d-1"]);

parameter!(ORAL_AGENT: "oral.by-agent", "whether the practitioner's agent may telephone schedules III to V", Permitted,
Domain::YesNo, [
    Row::of(By::P08, 0, "2008: 21 CFR 1306.21(a)"),
    Row::of(By::M10, 0, "Manual 2010, section IX"),
    Row::of(By::C21, 1, "Cards 2021, Oral Controlled Substance Prescriptions"),
    Row::of(By::CFR, 1, "21 CFR 1306.21(a); 75 FR 61613"),
]);

/// Whether schedule II came in writing. A fax is judged by `fax`.
pub(crate) fn written(law: &Law<'_>, rx: &Prescription) -> Outcome {
    if !matches!(rx.schedule, Schedule::I | Schedule::II) {
        return Outcome::NotApplicable;
    }
    Outcome::unless(rx.form != Form::Oral, || {
        law.deny(
            &WRITTEN_II,
            Reason::FormNotAllowed,
            "LAW-1306.11-ORAL",
            "schedule II came by word of mouth, outside an emergency",
            "obtain a signed paper prescription or a conforming electronic one; in an emergency ask for an emergency filling",
        )
        .about("prescription.form")
    })
}

/// Whether the right person telephoned.
pub(crate) fn oral_by(law: &Law<'_>, rx: &Prescription) -> Outcome {
    if rx.form != Form::Oral {
        return Outcome::NotApplicable;
    }
    match rx.sender {
        Sender::Practitioner => Outcome::Satisfied,
        Sender::Agent => {
            let Some(bound) = law.bound(&ORAL_AGENT) else { return Outcome::Satisfied };
            Outcome::unless(bound.yes(), || {
                law.deny(
                    &ORAL_BY,
                    Reason::FormNotAllowed,
                    "LAW-1306.21-ORAL-AGENT",
                    "an agent telephoned the prescription",
                    "speak with the practitioner",
                )
                .by(&bound)
                .about("prescription.sender")
            })
        }
        Sender::Patient => Outcome::Violated(Box::new(
            law.deny(
                &ORAL_BY,
                Reason::FormNotAllowed,
                "LAW-1306.21-ORAL-PATIENT",
                "the patient telephoned the prescription",
                "speak with the practitioner",
            )
            .about("prescription.sender"),
        )),
    }
}

/// Whether the writing lasts.
pub(crate) fn medium(law: &Law<'_>, rx: &Prescription) -> Outcome {
    if !matches!(rx.form, Form::Paper | Form::Fax) {
        return Outcome::NotApplicable;
    }
    Outcome::unless(rx.instrument != Instrument::Pencil, || {
        let mut denial = law
            .deny(
                &MEDIUM,
                Reason::FormNotAllowed,
                "LAW-1306.05-MEDIUM",
                "the prescription is written in ordinary pencil",
                "ask for one in ink, indelible pencil or print",
            )
            .about("prescription.instrument");
        if denial.refusal.edition == Edition::Proposed2008 {
            denial.refusal.cite = Cite::of("2008: 21 CFR 1306.05(d)");
        }
        denial
    })
}
