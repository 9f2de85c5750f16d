//! 21 CFR 1306.05(a), (b), (c), (f), (g), (h), 1311.115(b) of the proposal: what a prescription must bear.
//!
//! (a) Date of issue; full name and address of the patient; drug name, strength, dosage form, quantity, directions;
//!     name, address and registration number of the practitioner. A refill entry that is absent means none.
//! (b) For a narcotic of schedules III to V for opioid dependence the identification number of the practitioner. The
//!     statute ended it on 29 December 2022: the duty is retired, whatever older texts say.
//! (c) For gamma-hydroxybutyric acid the medical need.
//! (f), 2008: (g) Under a hospital's number the internal code.
//! (h) For an exempt officer service and identification number in place of the registration number.
//! (2008: 1311.115(b)(5)) An electronic prescription bears the time of signing.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Prescriber, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Element, Form, Purpose, Registration, Schedule, Word};
use jiff::civil::date;

rule!(CONTENTS: "1306.05-contents", "contents", "21 CFR 1306.05", By::ALL,
    "A prescription bears its date, the patient's name and address, the drug with strength, form, quantity and directions, and the practitioner's name, address and registration number",
    ["law-cont-date", "law-cont-patient-name", "law-cont-patient-address", "law-cont-practitioner-name", "law-cont-practitioner-address", "law-cont-dea-number", "law-cont-drug-name", "law-cont-strength", "law-cont-dosage-form", "law-cont-quantity", "law-cont-directions", "law-cont-refills", "law-cont-addiction-identifier", "law-cont-ghb-medical-need", "law-hosp-contents-in-lieu", "law-oral-contents-less-signature", "law-fax-ciii-v-contents", "law-xfer-in-full-prescription", "law-dea-x-alone-not-enough", "law-fed-contents", "epcs-1306.05-a-1"]);

parameter!(TREATMENT_ID: "contents.treatment-id", "whether a narcotic for opioid dependence needs the practitioner's identification number", Required,
Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1306.05(b)"),
    Row::of(By::GUIDES, 1, "Manual 2010, section XII"),
    Row::of(By::CFR, 1, "21 CFR 1306.05(b)").until(date(2022, 12, 28)),
    Row::of(By::CFR, 0, "21 U.S.C. 823(h), as amended 29 December 2022").since(date(2022, 12, 29)).retired(),
]);
parameter!(TIME_SIGNED: "contents.time-signed", "whether an electronic prescription bears the time of signing", Required,
Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.115(b)(5)"),
    Row::of(By::CFR, 1, "21 CFR 1311.120(b)"),
]);

/// Whether everything required is there. The signature is judged by `signature`.
pub(crate) fn complete(law: &Law<'_>, rx: &Prescription, prescriber: &Prescriber) -> Outcome {
    let missing = rx.missing.iter().copied().find(|element| required(law, rx, prescriber, *element));
    match missing {
        None => Outcome::Satisfied,
        Some(element) => Outcome::Violated(Box::new(lacking(law, element))),
    }
}

fn required(law: &Law<'_>, rx: &Prescription, prescriber: &Prescriber, element: Element) -> bool {
    match element {
        Element::Signature => false,
        Element::TimeSigned => rx.form == Form::Electronic && law.says(&TIME_SIGNED),
        Element::InternalCode => prescriber.registration == Registration::Hospital,
        Element::ServiceId => prescriber.registration == Registration::Exempt,
        Element::DeaNumber => prescriber.registration != Registration::Exempt,
        Element::TreatmentId => {
            rx.purpose == Purpose::OpioidDependence
                && matches!(rx.schedule, Schedule::III | Schedule::IV | Schedule::V)
                && law.says(&TREATMENT_ID)
        }
        Element::MedicalNeed => rx.drug.as_deref().is_some_and(is_ghb),
        _ => true,
    }
}

/// Gamma-hydroxybutyric acid, under its own name or as the approved product.
fn is_ghb(drug: &str) -> bool {
    let named = drug.to_ascii_lowercase().replace(['-', ' '], "");
    ["gammahydroxybutyric", "ghb", "oxybate", "xyrem"].iter().any(|name| named.contains(name))
}

fn lacking(law: &Law<'_>, element: Element) -> crate::rule::Denial {
    let next = match element {
        Element::PatientAddress | Element::DeaNumber => "add it from a reliable source, or ask the practitioner",
        _ => "ask the practitioner for a complete prescription",
    };
    let denial =
        law.deny(&CONTENTS, Reason::ElementMissing, "LAW-1306.05-MISSING", format!("{element} is missing"), next);
    let denial = match element {
        Element::TimeSigned => law.bound(&TIME_SIGNED).map_or(denial.clone(), |bound| denial.by(&bound)),
        Element::TreatmentId => law.bound(&TREATMENT_ID).map_or(denial.clone(), |bound| denial.by(&bound)),
        _ => denial,
    };
    denial.about(format!("prescription.missing: {}", element.word()))
}
