//! 21 CFR 1300.01, 1301.27, 1307.11(c); manual, section XII: long term care facilities.
//!
//! (1300.01) A nursing home, retirement care, mental care or other place that gives extended health care to residents.
//! (1301.27) What lies in the automated dispensing system of a pharmacy there is the pharmacy's stock until dispensed;
//!     (1307.11(c)) filling it is no distribution. For the system and for emergency kits see `part1301::machines`.
//! (Section XII) What was dispensed to a resident has left the closed system and never returns to stock.

use crate::edition::{By, Law};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{FacilityKind, Holding};

rule!(DEFINED: "1300.01-ltcf", "ltcf", "21 CFR 1300.01; Manual 2010, section XII", By::ALL,
    "A long term care facility is a nursing home, retirement care, mental care or other place of extended care to residents",
    ["law-ltcf-definition"]);
rule!(STOCK: "1301.27-stock", "ltcf", "Manual 2010, section XII; 21 CFR 1307.11(c)", By::ALL,
    "What lies in the pharmacy's system or kit is the pharmacy's stock until dispensed, and filling the system is no distribution",
    ["law-ltcf-ads-stock", "law-ltcf-ads-not-five-percent"]);
rule!(NO_RETURN: "1300.01-no-return", "ltcf", "Manual 2010, section XII", By::ALL,
    "What was dispensed to a resident does not return to the pharmacy's stock",
    ["law-ltcf-disposal", "pharm-ltcf-dispensed-outside-system"]);

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
