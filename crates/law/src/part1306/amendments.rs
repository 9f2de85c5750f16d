//! DEA's guidance on errors and omissions, as the cards tell it: what a pharmacist may change on a prescription.
//!
//! Never: the patient's name, the drug except for its generic, the signature. Alone: a slip of spelling, the patient's
//! address, the DEA number that is absent. After asking the practitioner: dosage form, strength, quantity, directions,
//! date of issue, and what else is absent; a replacement is documented.
//! Schedule II: the cards give two answers for a major change. `Chosen reading:` a new prescription. Since October 2022
//! DEA leaves it to State rules and the pharmacist's judgement.

use crate::edition::{By, Domain, Law, Row, bit, parameter};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Change, Element, Schedule};
use jiff::civil::date;

rule!(CHANGEABLE: "amend-never", "amendments", "Cards 2021, Errors or Omissions on CS Prescriptions", By::C21,
    "Patient, drug and signature are never changed; a slip of spelling may be corrected and a generic dispensed",
    ["law-amend-never-patient", "law-amend-never-drug", "law-amend-never-signature", "law-amend-invalid-if-needed", "law-amend-spelling-of-name", "law-amend-cii-major-new", "law-amend-state-stricter"]);
rule!(CONSULTED: "amend-consult", "amendments", "Cards 2021, Errors or Omissions on CS Prescriptions", By::C21,
    "Form, strength, quantity and directions are changed only after asking the practitioner; address and DEA number may be added alone",
    ["law-amend-minor-by-pharmacist", "law-amend-after-consulting", "law-amend-document", "law-amend-cii-quantity-insurance"]);

const ELEMENTS: &[&str] = &[
    "patient-name",
    "patient-address",
    "practitioner-name",
    "practitioner-address",
    "dea-number",
    "drug-name",
    "strength",
    "dosage-form",
    "quantity",
    "directions",
    "issue-date",
    "signature",
    "time-signed",
    "internal-code",
    "service-id",
    "treatment-id",
    "medical-need",
];
parameter!(FORBIDDEN_III_V: "amend.iii-v.forbidden", "elements of a schedule III to V prescription that are never replaced", Union,
    Domain::Words(ELEMENTS), []);
parameter!(MAJOR_II: "amend.ii.major", "whether a schedule II prescription may be changed after asking the practitioner", Permitted, Domain::YesNo, [
    Row::of(By::C21, 0, "Cards 2021, Errors or Omissions on CS Prescriptions"),
    Row::of(By::CFR, 1, "DEA guidance EO-DEA257").since(date(2022, 10, 1)),
]);

/// Whether this kind of change can be made at all.
pub(crate) fn changeable(law: &Law<'_>, schedule: Schedule, element: Element, change: Change) -> Outcome {
    let no = |what: String| {
        Outcome::Violated(Box::new(
            law.deny(
                &CHANGEABLE,
                Reason::NotChangeable,
                "LAW-AMEND-NEVER",
                what,
                "ask the practitioner for a new prescription",
            )
            .about("request.element"),
        ))
    };
    match (element, change) {
        (Element::Signature, _) => no("the signature can be neither changed nor supplied".to_owned()),
        (_, Change::Misspelling) | (Element::DrugName, Change::GenericSubstitution) => Outcome::Satisfied,
        (Element::PatientName | Element::DrugName, _) => no(format!("{element} can never be changed")),
        (_, Change::GenericSubstitution) => no(format!("{element} has no generic")),
        _ if schedule == Schedule::II && asks(element, change) => match law.bound(&MAJOR_II) {
            Some(bound) if !bound.yes() => Outcome::Violated(Box::new(
                law.deny(
                    &CHANGEABLE,
                    Reason::NotChangeable,
                    "LAW-AMEND-SCHEDULE-II",
                    format!("{element} of a schedule II prescription is not changed"),
                    "ask the practitioner for a new prescription",
                )
                .by(&bound)
                .about("request.element"),
            )),
            _ => Outcome::Satisfied,
        },
        _ => state_forbids(law, schedule, element, change),
    }
}

/// Whether a State forbids the change in schedules III to V, consultation or not.
fn state_forbids(law: &Law<'_>, schedule: Schedule, element: Element, change: Change) -> Outcome {
    let controlled = matches!(schedule, Schedule::III | Schedule::IV | Schedule::V);
    let bound = law.bound(&FORBIDDEN_III_V).filter(|bound| bound.value & bit(element) != 0);
    match bound.filter(|_| controlled && change == Change::Replace) {
        None => Outcome::Satisfied,
        Some(bound) => Outcome::Violated(Box::new(
            law.deny(
                &CHANGEABLE,
                Reason::NotChangeable,
                "LAW-AMEND-STATE",
                format!("the State lets nobody change {element} of schedule {schedule}"),
                "ask the practitioner for a new prescription",
            )
            .by(&bound)
            .about("request.element"),
        )),
    }
}

/// Whether the practitioner must be asked.
pub(crate) fn asks(element: Element, change: Change) -> bool {
    match change {
        Change::Misspelling | Change::GenericSubstitution => false,
        Change::Add => !matches!(element, Element::PatientAddress | Element::DeaNumber),
        Change::Replace => true,
    }
}

/// Whether the practitioner was asked where that is needed.
pub(crate) fn consulted(law: &Law<'_>, element: Element, change: Change, consulted: bool) -> Outcome {
    if !asks(element, change) {
        return Outcome::NotApplicable;
    }
    Outcome::unless(consulted, || {
        law.deny(
            &CONSULTED,
            Reason::ConsultationRequired,
            "LAW-AMEND-CONSULT",
            format!("{element} is changed without asking the practitioner"),
            "ask the practitioner and document the conversation",
        )
        .about("request.consulted")
    })
}
