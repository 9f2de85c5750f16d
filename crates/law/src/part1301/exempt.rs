//! 21 CFR 1301.23, 1306.05; manual, section IX: officials of Federal services.
//!
//! (1301.23(a)) An official of the services listed needs no registration in official duty. The cards list two more services;
//!     elsewhere those officials count only as officers of the Public Health Service. (b) Buying takes a registration.
//!     A private patient takes a registration and the State's full authority, like everybody else's (1306.03).
//! (1306.05) The prescription names service and service identification number; for the Public Health Service it is the
//!     social security number, nine digits. On paper the name stands stamped, typed or printed by hand as well.
//! The number itself is never repeated in a refusal.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Official, Prescriber, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Form, PatientKind, Registration, Service};

rule!(SERVICE: "1301.23-service", "federal-exempt", "21 CFR 1301.23(a)", By::ALL,
    "Officials of the services listed prescribe without registration",
    ["law-fed-services", "law-fed-services-2021"]);
rule!(ON_DUTY: "1301.23-official-duty", "federal-exempt", "21 CFR 1301.23(a); Manual 2010, section IX", By::ALL,
    "The exemption covers official duties only",
    ["law-fed-official-duty-only"]);
rule!(NUMBER: "1306.05-service-number", "federal-exempt", "Manual 2010, section IX; 2008: 21 CFR 1306.05(h)", By::ALL,
    "For the Public Health Service the identification number has the nine digits of a social security number",
    ["law-fed-phs-ssn"]);
rule!(PRINTED: "1306.05-official-printed", "federal-exempt", "2008: 21 CFR 1306.05(h); 21 CFR 1306.05(b)", By::ALL,
    "A paper prescription by an exempt official shows the name stamped, typed or printed by hand",
    ["law-fed-paper-name-printed"]);

const SERVICES: &[&str] = &[
    "army",
    "navy",
    "marine-corps",
    "air-force",
    "coast-guard",
    "public-health-service",
    "bureau-of-prisons",
    "indian-health-service",
    "space-force",
];
parameter!(EXEMPT: "exempt.services", "services whose officials prescribe without registration", Intersection, Domain::Words(SERVICES), [
    Row::of(By::M10, 0b0_0111_1111, "Manual 2010, section IX"),
    Row::of(By::C21, 0b1_1111_1111, "Cards 2021, Exempt Providers from DEA Registration"),
    Row::of(By::CFR, 0b0_0111_1111, "21 CFR 1301.23(a)"),
]);

fn listed(law: &Law<'_>, service: Service) -> bool {
    law.value(&EXEMPT, 0) >> (service as u32) & 1 == 1
}

/// Whether the service is one of those listed.
pub(crate) fn service(law: &Law<'_>, official: &Official, prescriber: &Prescriber) -> Outcome {
    if prescriber.registration != Registration::Exempt {
        return Outcome::NotApplicable;
    }
    let counts =
        listed(law, official.service) || (official.also_public_health && listed(law, Service::PublicHealthService));
    Outcome::unless(counts, || {
        let denial = law.deny(
            &SERVICE,
            Reason::RegistrationInvalid,
            "LAW-1301.23-SERVICE",
            format!("{} is not listed before the cards", official.service),
            "ask for a prescription under a registration, or as an officer of the Public Health Service",
        );
        law.bound(&EXEMPT).map_or(denial.clone(), |bound| denial.by(&bound)).about("official.service")
    })
}

/// Whether an unregistered official keeps to the official duty.
pub(crate) fn on_duty(law: &Law<'_>, official: &Official, prescriber: &Prescriber) -> Outcome {
    if prescriber.registration != Registration::Exempt {
        return Outcome::NotApplicable;
    }
    Outcome::unless(official.patient == PatientKind::OfficialDuty, || {
        law.deny(
            &ON_DUTY,
            Reason::RegistrationInvalid,
            "LAW-1301.23-PRIVATE",
            "the exemption does not cover a private patient",
            "ask for a prescription under the practitioner's own registration",
        )
        .about("official.patient")
    })
}

/// Whether a number of the Public Health Service has nine digits; hyphens and spaces do not count.
pub(crate) fn number(law: &Law<'_>, official: &Official, prescriber: &Prescriber) -> Outcome {
    let asked = prescriber.registration == Registration::Exempt && official.service == Service::PublicHealthService;
    let Some(number) = official.identification.as_deref().filter(|_| asked) else { return Outcome::NotApplicable };
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let others = number.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '-' | ' '));
    Outcome::unless(digits == 9 && !others, || {
        law.deny(
            &NUMBER,
            Reason::Malformed,
            "LAW-1306.05-SERVICE-NUMBER",
            "the identification number does not have nine digits",
            "ask the practitioner for the right number",
        )
        .about("official.identification")
    })
}

/// Whether the name is legible on paper.
pub(crate) fn printed(law: &Law<'_>, rx: &Prescription, official: &Official, prescriber: &Prescriber) -> Outcome {
    if rx.form != Form::Paper || prescriber.registration != Registration::Exempt {
        return Outcome::NotApplicable;
    }
    Outcome::unless(official.name_printed, || {
        law.deny(
            &PRINTED,
            Reason::ElementMissing,
            "LAW-1306.05-OFFICIAL-PRINTED",
            "the official's name stands in the signature only",
            "ask for a prescription with the name stamped, typed or printed by hand",
        )
        .about("official.name_printed")
    })
}
