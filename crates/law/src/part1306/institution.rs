//! 21 CFR 1306.11(c), 1306.21(c), 1300.01; manual, section IX and appendix B: orders in institutions, and prescriptions.
//!
//! (1300.01) A prescription is an order for a drug dispensed to or for an ultimate user. An order for immediate administration
//!     to an inpatient is none: the rules for the contents of prescriptions do not ask it.
//! (1306.11(c)) An institution administers or dispenses schedule II on signed paper, a conforming electronic prescription, or an
//!     order for immediate administration. (1306.21(c)) Schedules III to V also on a fax or an oral one reduced to writing.
//! It never prescribes; see `authority`.

use crate::edition::{By, Law};
use crate::facts::Prescription;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{InstitutionOrder, OrderFor, Schedule};

rule!(IS_PRESCRIPTION: "1300.01-prescription", "forms-of-prescription", "21 CFR 1300.01; Manual 2010, section IX, appendix B", By::ALL,
    "An order for immediate administration to an inpatient is a medication order and no prescription",
    ["law-forms-immediate-admin-definition", "law-cont-medication-order-exempt"]);
rule!(INSTITUTION: "1306.11-institution", "forms-of-prescription", "21 CFR 1306.11(c), 1306.21(c)", By::ALL,
    "An institution administers or dispenses schedule II on a written prescription or an inpatient order, schedules III to V also on a fax or an oral one written down",
    ["law-forms-institution-cii", "law-forms-institution-ciii-v"]);

/// Whether an order is a prescription.
pub(crate) const fn is_prescription(order: OrderFor) -> bool {
    match order {
        OrderFor::InpatientImmediate => false,
        OrderFor::Discharge | OrderFor::LtcfResident | OrderFor::Outpatient => true,
    }
}

/// Whether the institution may act on the order.
pub(crate) fn may_act(law: &Law<'_>, rx: &Prescription, on: InstitutionOrder) -> Outcome {
    let allowed = match on {
        InstitutionOrder::Paper | InstitutionOrder::Electronic | InstitutionOrder::Inpatient => true,
        InstitutionOrder::Fax | InstitutionOrder::OralWritten => rx.schedule != Schedule::II,
        InstitutionOrder::Telephone => false,
    };
    Outcome::unless(allowed, || {
        law.deny(
            &INSTITUTION,
            Reason::FormNotAllowed,
            "LAW-1306.11-INSTITUTION",
            format!(
                "{on} is no order on which schedule {} is administered or dispensed in an institution",
                rx.schedule
            ),
            "obtain a signed prescription, or an order for immediate administration to the inpatient",
        )
        .about("request.on")
    })
}
