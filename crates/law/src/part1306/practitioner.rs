//! 21 CFR 1306.03(a), 1301.13, 1301.22(c), 1301.23(a): who may issue.
//!
//! (a)(1) Authorised by the State for this schedule and within the scope of practice.
//! (21 U.S.C. 812(b)(1)) Schedule I has no accepted medical use: nobody is registered to prescribe it.
//! (a)(2) Registered with DEA for this schedule, or exempt, or acting under a hospital's registration. The registration
//!        must be valid on the day of signing; what happens to it later does not touch the prescription.

use crate::edition::{By, Law};
use crate::facts::{Prescriber, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Registration, Schedule, Status};

rule!(STATE: "1306.03-state", "who-may-prescribe", "21 CFR 1306.03(a)(1)", By::ALL,
    "The State authorises the practitioner to prescribe this schedule",
    ["law-who-state-authority", "law-who-both-state-and-federal", "law-who-classes", "law-hosp-state-authorised", "law-fed-private-practice"]);
rule!(REGISTERED: "1306.03-registration", "who-may-prescribe", "21 CFR 1306.03(a)(2)", By::ALL,
    "The practitioner is registered with DEA on the day of signing, exempt, or acts under a hospital's registration",
    ["law-who-dea-registered-or-exempt", "law-dea-no-authority-after-expiry", "law-hosp-may-use-number", "law-fed-services"]);
rule!(NO_SCHEDULE_I: "1308.11-no-medical-use", "scheduling", "21 U.S.C. 812(b)(1); 21 CFR 1308.11", By::ALL,
    "A substance of schedule I is not prescribed, administered or dispensed for medical use",
    ["law-sched-ci-no-medical-dispensing", "law-oral-ci-never", "law-sched-cii-v-accepted-use", "pharm-drug-schedule-i-refused"]);
rule!(SCHEDULES: "1306.03-schedules", "who-may-prescribe", "21 CFR 1306.03(a)(2), 1301.13(e)", By::ALL,
    "The registration covers the schedule prescribed",
    ["law-dea-registered-schedules", "law-elec-signed-indicator"]);

/// Whether the State authorises it.
pub(crate) fn state(law: &Law<'_>, prescriber: &Prescriber) -> Outcome {
    Outcome::unless(prescriber.state_authorized, || {
        law.deny(
            &STATE,
            Reason::NotAuthorized,
            "LAW-1306.03-STATE",
            "the State does not authorise this practitioner for this schedule",
            "return the prescription; a practitioner with authority may issue a new one",
        )
        .about("prescriber.state_authorized")
    })
}

/// Whether the registration was good on the day of signing.
pub(crate) fn registered(law: &Law<'_>, rx: &Prescription, prescriber: &Prescriber) -> Outcome {
    let signed = rx.signed();
    let what = match (prescriber.registration, prescriber.registration_status) {
        (Registration::Exempt, _) => return Outcome::Satisfied,
        (Registration::None, _) => "the practitioner is neither registered nor exempt".to_owned(),
        (_, Status::Suspended) => "the registration was suspended on the day of signing".to_owned(),
        (_, Status::Revoked) => "the registration was revoked on the day of signing".to_owned(),
        (_, Status::Expired) => "the registration had expired on the day of signing".to_owned(),
        (_, Status::Valid) => match prescriber.registration_expires {
            Some(expires) if expires < signed => {
                format!("the registration expired on {expires}, before the day of signing")
            }
            _ => return Outcome::Satisfied,
        },
    };
    let next =
        "do not dispense; the prescription is not valid. Ask for one from a practitioner with a valid registration";
    let denial = law.deny(&REGISTERED, Reason::RegistrationInvalid, "LAW-1306.03-REGISTRATION", what, next);
    Outcome::Violated(Box::new(denial.about("prescriber.registration")))
}

/// Whether the registration covers the schedule.
pub(crate) fn schedules(law: &Law<'_>, rx: &Prescription, prescriber: &Prescriber) -> Outcome {
    Outcome::unless(prescriber.schedules.contains(&rx.schedule), || {
        let what = format!("the registration does not cover schedule {}", rx.schedule);
        law.deny(
            &SCHEDULES,
            Reason::NotAuthorized,
            "LAW-1306.03-SCHEDULE",
            what,
            "return the prescription; a practitioner registered for the schedule may issue a new one",
        )
        .about("prescriber.schedules")
    })
}

/// Whether the substance has a medical use at all.
pub(crate) fn no_schedule_i(law: &Law<'_>, rx: &Prescription) -> Outcome {
    Outcome::unless(rx.schedule != Schedule::I, || {
        law.deny(
            &NO_SCHEDULE_I,
            Reason::NotAuthorized,
            "LAW-1308.11-SCHEDULE-I",
            "schedule I is never dispensed for medical use",
            "do not dispense; nobody is registered to prescribe it",
        )
        .about("prescription.schedule")
    })
}
