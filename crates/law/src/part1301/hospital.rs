//! 21 CFR 1301.22(c), 1306.05; manual, section IX: prescribing under a hospital's registration.
//!
//! (c) An intern, resident, staff physician or mid-level practitioner employed by a hospital may use its registration if
//! (1) the act is in the usual course of practice, (2) the State authorises it, (3) the hospital has verified that,
//! (4) it is within the employment there, (5) the hospital has assigned a specific internal code, one to a person, and
//! (6) keeps a current list of them for other registrants and law enforcement to ask. In doubt the pharmacist asks the
//! hospital. (1306.05) On paper the name stands stamped, typed or printed by hand beside the signature.
//! The cards speak of the institution's own patients: another's is a warning.

use crate::edition::{By, Law};
use crate::facts::{Assignment, Prescription};
use crate::reason::Reason;
use crate::rule::{Condition, Outcome, rule};
use crate::vocab::{CodeHolder, Form};

rule!(CONDITIONS: "1301.22-conditions", "hospital-extension", "21 CFR 1301.22(c)(1), (c)(2), (c)(3), (c)(4)", By::ALL,
    "Under a hospital's number a practitioner acts in the usual course, verified by the hospital, within the employment there",
    ["law-hosp-usual-course", "law-hosp-verified-by-hospital", "law-hosp-scope-of-employment"]);
rule!(ACTIVE: "1301.22-active", "hospital-extension", "21 CFR 1301.22(c); Cards 2021, Controlled Substances Registrants", By::ALL,
    "A practitioner who is not registered uses a hospital's number only while the assignment lasts",
    ["law-hosp-may-use-number", "law-reg-individuals-and-sites"]);
rule!(CODE: "1301.22-code", "hospital-extension", "21 CFR 1301.22(c)(5)", By::ALL,
    "An internal code belongs to one practitioner of the hospital",
    ["law-hosp-code-unique", "law-hosp-internal-code-assigned"]);
rule!(ASK: "1301.22-ask", "hospital-extension", "21 CFR 1301.22(c)(6); Manual 2010, section IX", By::ALL,
    "A pharmacist in doubt about a code asks the hospital, which keeps its list at hand",
    ["law-hosp-doubt-call"]);
rule!(PRINTED: "1306.05-hospital-printed", "hospital-extension", "2008: 21 CFR 1306.05(g); 21 CFR 1306.05(b)", By::ALL,
    "A paper prescription under a hospital's number shows the name stamped, typed or printed by hand",
    ["law-hosp-paper-name-printed"]);
rule!(PATIENT: "1301.22-patient", "hospital-extension", "Cards 2021, Controlled Substances Registrants", By::C21,
    "A prescription under a hospital's number for a patient of somebody else is a warning",
    ["law-hosp-resident-within-institution"]);

/// The conditions on which a hospital lends its number, also when it assigns a code.
pub(crate) const LENT: &[Condition<Assignment>] = &[
    Condition {
        rule: &CONDITIONS,
        holds: |assignment| assignment.verified,
        reason: Reason::VerificationRequired,
        code: "LAW-1301.22-VERIFIED",
        what: "the hospital has not verified what the State permits the practitioner",
        next: "let the hospital verify it and record the day",
        field: "assignment.verified",
    },
    Condition {
        rule: &CONDITIONS,
        holds: |assignment| assignment.usual_course,
        reason: Reason::Purpose,
        code: "LAW-1301.22-USUAL-COURSE",
        what: "the act is not in the usual course of professional practice",
        next: "return the prescription",
        field: "assignment.usual_course",
    },
    Condition {
        rule: &CONDITIONS,
        holds: |assignment| assignment.within_employment,
        reason: Reason::NotAuthorized,
        code: "LAW-1301.22-EMPLOYMENT",
        what: "the act is outside the practitioner's employment at the hospital",
        next: "ask for a prescription under the practitioner's own registration",
        field: "assignment.within_employment",
    },
];

/// Whether the assignment lasted on `day`. Its last day counts.
pub(crate) fn active(law: &Law<'_>, assignment: &Assignment, day: jiff::civil::Date) -> Outcome {
    let Some(ended) = assignment.ended else { return Outcome::Satisfied };
    Outcome::unless(day <= ended, || {
        law.deny(
            &ACTIVE,
            Reason::RegistrationInvalid,
            "LAW-1301.22-ENDED",
            format!("the assignment at the hospital ended on {ended}"),
            "ask for a prescription from a practitioner with authority on that day",
        )
        .about("assignment.ended")
    })
}

/// Whether the code is free for this practitioner, or this practitioner's.
pub(crate) fn code(law: &Law<'_>, assignment: &Assignment) -> Outcome {
    Outcome::unless(assignment.code_holder != CodeHolder::OtherPractitioner, || {
        law.deny(
            &CODE,
            Reason::Duplicate,
            "LAW-1301.22-CODE",
            "the code is another practitioner's",
            "assign a code that nobody has; a prescription with another's code is returned",
        )
        .about("assignment.code_holder")
    })
}

/// Whether the list, or else the hospital itself, knows the code.
pub(crate) fn known(law: &Law<'_>, assignment: &Assignment) -> Outcome {
    Outcome::unless(assignment.code_holder != CodeHolder::Nobody || assignment.confirmed, || {
        law.deny(
            &ASK,
            Reason::VerificationRequired,
            "LAW-1301.22-ASK",
            "the hospital's list does not hold this code",
            "contact the institution and record its answer",
        )
        .about("assignment.code_holder")
    })
}

/// Whether the name is legible on paper.
pub(crate) fn printed(law: &Law<'_>, rx: &Prescription, assignment: &Assignment) -> Outcome {
    if rx.form != Form::Paper {
        return Outcome::NotApplicable;
    }
    Outcome::unless(assignment.name_printed, || {
        law.deny(
            &PRINTED,
            Reason::ElementMissing,
            "LAW-1306.05-HOSPITAL-PRINTED",
            "the practitioner's name stands in the signature only",
            "ask for a prescription with the name stamped, typed or printed by hand",
        )
        .about("assignment.name_printed")
    })
}

/// A warning.
pub(crate) fn own_patient(law: &Law<'_>, assignment: &Assignment) -> Outcome {
    Outcome::unless(assignment.patient_of_institution, || {
        law.deny(
            &PATIENT,
            Reason::NotAuthorized,
            "LAW-1301.22-PATIENT",
            "the patient is not under the institution's care",
            "ask the institution whether the practitioner acts within the employment there",
        )
        .about("assignment.patient_of_institution")
    })
}
