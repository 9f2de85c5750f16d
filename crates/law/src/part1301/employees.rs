//! 21 CFR 1301.76(a), 1307.03; manual, section V: who may have access to controlled substances.
//!
//! Nobody who was convicted of a felony about controlled substances, whose application for registration was ever denied, or
//! whose registration was revoked or surrendered for cause, has access without an approved waiver; it serves from the day
//! of its approval. Access is physical access and any influence over the handling. Whom nobody has asked has none yet.

use crate::edition::{By, Law};
use crate::facts::Employee;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Access, Screening, Waiver};

rule!(SCREENED: "1301.76-screened", "registration", "21 CFR 1301.76(a), 1301.90; Manual 2010, section V", By::ALL,
    "Nobody has access to controlled substances, or influence over them, before being asked about convictions and registrations",
    ["pharm-staff-barred-persons"]);
rule!(WAIVED: "1301.76-waived", "registration", "21 CFR 1301.76(a), 1307.03; Manual 2010, section V", By::ALL,
    "Whoever was convicted, denied, revoked or surrendered for cause has access only under an approved waiver, from its day on",
    ["pharm-staff-barred-persons", "pharm-staff-access-includes-influence", "pharm-staff-waiver-before-access"]);

/// Whether the person was asked.
pub(crate) fn screened(law: &Law<'_>, employee: &Employee) -> Outcome {
    if employee.access == Access::None {
        return Outcome::NotApplicable;
    }
    Outcome::unless(employee.screening != Screening::NotAsked, || {
        law.deny(
            &SCREENED,
            Reason::VerificationRequired,
            "LAW-1301.76-SCREENING",
            "the person has not been asked about convictions, denials, revocations and surrenders",
            "ask each of the four questions and keep the answers",
        )
        .about("employee.screening")
    })
}

/// Whether a person barred by the section has a waiver that serves.
pub(crate) fn waived(law: &Law<'_>, employee: &Employee) -> Outcome {
    let why = match employee.screening {
        _ if employee.access == Access::None => return Outcome::NotApplicable,
        Screening::Clear | Screening::NotAsked => return Outcome::NotApplicable,
        Screening::FelonyConviction => "a felony conviction about controlled substances",
        Screening::Denied => "a denied application for registration",
        Screening::Revoked => "a revoked registration",
        Screening::SurrenderedForCause => "a registration surrendered for cause",
    };
    let approved = employee.waiver == Waiver::Approved && employee.waiver_from.is_some_and(|from| from <= law.day);
    Outcome::unless(approved, || {
        let what = match (employee.waiver, employee.waiver_from) {
            (Waiver::Approved, Some(from)) => format!("{why}, and the waiver serves from {from}"),
            (Waiver::Approved, None) => format!("{why}, and the waiver's day of approval is not recorded"),
            (Waiver::Requested, _) => format!("{why}, and the waiver is only requested"),
            (Waiver::None, _) => format!("{why}, and no waiver"),
        };
        let next = "give no access, and no role that influences the handling, until DEA has approved a waiver";
        law.deny(&WAIVED, Reason::NotAuthorized, "LAW-1301.76-WAIVER", what, next).about("employee.waiver")
    })
}
