//! 21 U.S.C. 823(h) (formerly 823(g)), 21 CFR 1301.28, 1306.07(a): treating opioid dependence.
//!
//! (823(h)(1), manual section XII) A narcotic treatment program needs DEA's registration, the federal certification and
//!     the State's approval, all three. Schedule II for dependence is dispensed there and nowhere prescribed; see `purpose`.
//! (1301.28, former law) Outside a program a practitioner prescribed schedules III to V approved for dependence under a
//!     waiver, for 30 or 100 patients at a time. The statute ended waiver and caps on 29 December 2022.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Practice, Prescription, Program};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::Purpose;
use jiff::civil::date;

rule!(PROGRAM: "823-program", "addiction-treatment", "21 U.S.C. 823(h)(1); Manual 2010, section XII", By::ALL,
    "A narcotic treatment program is registered, federally certified and approved by the State",
    ["law-opioid-treat-ntp-approvals"]);
rule!(WAIVER: "1301.28-waiver", "addiction-treatment", "21 CFR 1301.28; Manual 2010, section XII", By::ALL,
    "Until 28 December 2022 a prescription for opioid dependence needs the practitioner's waiver",
    ["law-opioid-treat-waiver"]);
rule!(CAP: "1301.28-patients", "addiction-treatment", "21 CFR 1301.28(b)(1)(iii); Manual 2010, section XII", By::ALL,
    "Until 28 December 2022 no more patients are treated at a time than the waiver allows",
    ["law-opioid-treat-patient-cap"]);

rule!(APPROVED: "1306.07-approved", "addiction-treatment", "21 CFR 1306.07(d); 21 U.S.C. 823(h)(2)(C)", By::ALL,
    "Outside a program opioid dependence is treated with drugs of schedules III to V that are approved for it",
    ["pharm-waiver-only-approved-drugs"]);

parameter!(WAIVER_NEEDED: "dependence.waiver", "whether treating opioid dependence on prescriptions needs a waiver, with its cap on patients", Required,
Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1306.05(b)"),
    Row::of(By::GUIDES, 1, "Manual 2010, section XII; Cards 2021, Valid DEA Numbers"),
    Row::of(By::CFR, 1, "21 CFR 1301.28").until(date(2022, 12, 28)),
    Row::of(By::CFR, 0, "21 U.S.C. 823(h), as amended 29 December 2022").since(date(2022, 12, 29)).retired(),
]);

/// Whether the program has all three approvals.
pub(crate) fn program(law: &Law<'_>, program: &Program) -> Outcome {
    let (reason, what, field) = match (program.registered, program.federally_certified, program.state_approved) {
        (true, true, true) => return Outcome::Satisfied,
        (false, ..) => (Reason::RegistrationInvalid, "DEA's registration as a program", "program.registered"),
        (_, false, _) => (Reason::ApprovalMissing, "the federal certification", "program.federally_certified"),
        (.., false) => (Reason::ApprovalMissing, "the State's approval", "program.state_approved"),
    };
    let denial = law
        .deny(
            &PROGRAM,
            reason,
            "LAW-823-PROGRAM",
            format!("the program lacks {what}"),
            "treat no dependence with narcotics before registration, certification and State approval are there",
        )
        .about(field);
    Outcome::Violated(Box::new(denial))
}

/// Whether the practitioner had the waiver that former law asked for.
pub(crate) fn waiver(law: &Law<'_>, rx: &Prescription, practice: &Practice) -> Outcome {
    let Some(bound) = needed(law, rx) else { return Outcome::NotApplicable };
    Outcome::unless(practice.waivered, || {
        law.deny(
            &WAIVER,
            Reason::NotAuthorized,
            "LAW-1301.28-WAIVER",
            "it treats opioid dependence, and the practitioner has no waiver",
            "refer the patient to a practitioner with a waiver or to a treatment program",
        )
        .by(&bound)
        .about("practice.waivered")
    })
}

/// Whether the patients treated at a time are within the waiver.
pub(crate) fn cap(law: &Law<'_>, rx: &Prescription, practice: &Practice) -> Outcome {
    let (Some(patients), Some(cap)) = (practice.patients, practice.patient_cap) else { return Outcome::NotApplicable };
    let Some(bound) = needed(law, rx) else { return Outcome::NotApplicable };
    Outcome::unless(patients <= cap, || {
        law.deny(
            &CAP,
            Reason::LimitExceeded,
            "LAW-1301.28-PATIENTS",
            format!("it would be patient {patients} at a time, and the waiver allows {cap}"),
            "refer the patient to a practitioner who may take more, or to a treatment program",
        )
        .by(&bound)
        .about("practice.patients")
    })
}

/// Whether the drug is approved for treating dependence; asked with and without the waiver of former law.
pub(crate) fn approved(law: &Law<'_>, rx: &Prescription, practice: &Practice) -> Outcome {
    if rx.purpose != Purpose::OpioidDependence {
        return Outcome::NotApplicable;
    }
    Outcome::unless(practice.approved_for_dependence, || {
        law.deny(
            &APPROVED,
            Reason::Purpose,
            "LAW-1306.07-APPROVED",
            "the drug is not approved for treating opioid dependence",
            "ask the practitioner for a drug of schedules III to V that is approved for it",
        )
        .about("practice.approved_for_dependence")
    })
}

/// Who asks for the waiver, for a prescription that treats dependence.
fn needed(law: &Law<'_>, rx: &Prescription) -> Option<crate::edition::Bound> {
    let bound = (rx.purpose == Purpose::OpioidDependence).then(|| law.bound(&WAIVER_NEEDED)).flatten();
    bound.filter(crate::edition::Bound::yes)
}
