//! 21 CFR 1300.01, 1301.27, 1307.11(c), 1306.11, 1306.21; manual, section XII and appendix H: long term care facilities.
//!
//! (1300.01) A nursing home, retirement care, mental care or other place that gives extended health care to residents.
//! (1301.27) A retail pharmacy may keep an automated dispensing system there, registered at that place, if State law
//!     permits; it releases single doses at administration, on a valid prescription, to authorised persons. Its contents
//!     are the pharmacy's stock until dispensed; (1307.11(c)) filling it is no distribution.
//! (Appendix H) An emergency kit in a facility that is not registered needs the State's approval with procedures; a dose
//!     needs the authorisation of an individual practitioner.
//! (Section XII) What was dispensed to a resident has left the closed system and never returns to stock.

use crate::edition::{By, Law};
use crate::facts::{EmergencyKit, LtcfMachine};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{FacilityKind, Holding};

rule!(DEFINED: "1300.01-ltcf", "ltcf", "21 CFR 1300.01; Manual 2010, section XII", By::ALL,
    "A long term care facility is a nursing home, retirement care, mental care or other place of extended care to residents",
    ["law-ltcf-definition"]);
rule!(PLACED: "1301.27-place", "ltcf", "21 CFR 1301.27; Manual 2010, section XII", By::ALL,
    "A pharmacy's automated system at a long term care facility is registered there, and State law permits it",
    ["law-ltcf-ads-registration", "pharm-ads-registration"]);
rule!(SINGLE: "1301.27-single-dose", "ltcf", "21 CFR 1301.27; Manual 2010, section XII", By::ALL,
    "The system releases one dose at administration, on a valid prescription, to an authorised person",
    ["law-ltcf-ads-single-dose", "pharm-ads-single-dose"]);
rule!(STOCK: "1301.27-stock", "ltcf", "Manual 2010, section XII; 21 CFR 1307.11(c)", By::ALL,
    "What lies in the pharmacy's system or kit is the pharmacy's stock until dispensed, and filling the system is no distribution",
    ["law-ltcf-ads-stock", "law-ltcf-ads-not-five-percent"]);
rule!(NO_RETURN: "1300.01-no-return", "ltcf", "Manual 2010, section XII", By::ALL,
    "What was dispensed to a resident does not return to the pharmacy's stock",
    ["law-ltcf-disposal", "pharm-ltcf-dispensed-outside-system"]);
rule!(KIT_PLACED: "1301.11-kit-place", "ltcf", "Manual 2010, section XII, appendix H", By::M10,
    "An emergency kit lies in a facility that is not registered only with the State's approval and procedures",
    ["law-ltcf-ekit-state"]);
rule!(KIT_DOSE: "1306.11-kit-dose", "ltcf", "21 CFR 1306.11, 1306.21; Manual 2010, appendix H", By::ALL,
    "A dose from the kit is authorised by an individual practitioner",
    ["law-ltcf-ekit-practitioner"]);

/// Whether the place is a long term care facility.
pub(crate) const fn is_ltcf(kind: FacilityKind) -> bool {
    match kind {
        FacilityKind::NursingHome
        | FacilityKind::RetirementCare
        | FacilityKind::MentalCare
        | FacilityKind::ExtendedCare => true,
        FacilityKind::HospitalWard | FacilityKind::Clinic => false,
    }
}

/// Whether what lies there is the pharmacy's stock.
pub(crate) const fn is_stock(holding: Holding) -> bool {
    match holding {
        Holding::Shelf | Holding::LtcfMachine | Holding::EmergencyKit => true,
        Holding::Resident => false,
    }
}

/// Whether the automated system may stand there.
pub(crate) fn placed(law: &Law<'_>, machine: &LtcfMachine) -> Outcome {
    let (reason, what, field) = match (machine.registered_there, machine.state_permits) {
        (true, true) => return Outcome::Satisfied,
        (false, _) => (
            Reason::RegistrationInvalid,
            "the pharmacy is not registered at the facility",
            "ltcf_machine.registered_there",
        ),
        (_, false) => {
            (Reason::StateProhibits, "State law does not permit the system there", "ltcf_machine.state_permits")
        }
    };
    let next = "register at the facility's address, where State law permits it, before the system is stocked";
    Outcome::Violated(Box::new(law.deny(&PLACED, reason, "LAW-1301.27-PLACE", what, next).about(field)))
}

/// Whether a dose may be released.
pub(crate) fn single_dose(law: &Law<'_>, machine: &LtcfMachine) -> Outcome {
    let (reason, what, field) = if machine.doses != 1 {
        (Reason::LimitExceeded, "more than a single dose is asked for", "ltcf_machine.doses")
    } else if !machine.at_administration {
        (Reason::TooEarly, "the dose is for later", "ltcf_machine.at_administration")
    } else if !machine.prescription {
        (Reason::PrescriptionRequired, "there is no valid prescription", "ltcf_machine.prescription")
    } else if !machine.authorized_person {
        (Reason::NotAuthorized, "the person is not authorised", "ltcf_machine.authorized_person")
    } else {
        return Outcome::Satisfied;
    };
    let next = "release one dose, at administration, on a valid prescription, to an authorised person";
    Outcome::Violated(Box::new(law.deny(&SINGLE, reason, "LAW-1301.27-DOSE", what, next).about(field)))
}

/// Whether what lies there may go to the pharmacy's shelf.
pub(crate) fn returned(law: &Law<'_>, from: Holding) -> Outcome {
    Outcome::unless(is_stock(from), || {
        law.deny(
            &NO_RETURN,
            Reason::NotAuthorized,
            "LAW-LTCF-RETURN",
            "what was dispensed to a resident has left the closed system",
            "do not take it back; the facility asks the field office of DEA how to dispose of it",
        )
        .about("request.from")
    })
}

/// Whether an emergency kit may lie there.
pub(crate) fn kit_placed(law: &Law<'_>, kit: &EmergencyKit) -> Outcome {
    Outcome::unless(kit.facility_registered || kit.state_approved, || {
        law.deny(
            &KIT_PLACED,
            Reason::ApprovalMissing,
            "LAW-KIT-STATE",
            "the facility is not registered, and no approval of the State is recorded",
            "obtain the State's approval and procedures first",
        )
        .about("emergency_kit.state_approved")
    })
}

/// Whether a dose from the kit may be given.
pub(crate) fn kit_dose(law: &Law<'_>, kit: &EmergencyKit) -> Outcome {
    Outcome::unless(kit.practitioner_order, || {
        law.deny(
            &KIT_DOSE,
            Reason::NotAuthorized,
            "LAW-1306.11-KIT-DOSE",
            "no individual practitioner has authorised the dose",
            "obtain an order under 21 CFR 1306.11 or 1306.21 first",
        )
        .about("emergency_kit.practitioner_order")
    })
}
