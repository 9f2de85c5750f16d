//! 21 CFR 1306.22(e): refills that the practitioner adds by telephone.
//!
//! (1) The refills written and added together stay within five, and within six months of issue.
//! (2) It comes from the practitioner who issued the prescription, and the pharmacist records it (see `entries`).
//! (3) An added refill is not larger than the quantity first prescribed.
//! (4) Beyond that a new prescription is needed.

use crate::edition::{By, Law, UNLIMITED};
use crate::facts::{Addition, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Authorizer, Schedule};

rule!(ADDED_COUNT: "1306.22-added-count", "refills", "21 CFR 1306.22(e)(1)", By::ALL,
    "Refills written and added by telephone stay together within the legal number",
    ["law-refill-oral-addition-limits", "law-refill-new-prescription-after", "epcs-1306.22-e-1"]);
rule!(ADDED_QUANTITY: "1306.22-added-quantity", "refills", "21 CFR 1306.22(e)(3)", By::ALL,
    "An added refill is at most the quantity first prescribed",
    ["law-refill-oral-addition-quantity", "epcs-1306.22-e-3"]);
rule!(ADDED_BY: "1306.22-added-by", "refills", "21 CFR 1306.22(e)(2)", By::ALL,
    "Only the practitioner who issued the prescription adds refills to it",
    ["law-refill-oral-addition-by-original-prescriber"]);

/// (2): by whom.
pub(crate) fn by(law: &Law<'_>, addition: &Addition) -> Outcome {
    Outcome::unless(addition.by == Authorizer::Issuer, || {
        law.deny(
            &ADDED_BY,
            Reason::NotAuthorized,
            "LAW-1306.22-ADDED-BY",
            "another practitioner than the issuer adds the refills",
            "ask that practitioner for a new prescription",
        )
        .about("addition.by")
    })
}

/// (1): the number.
pub(crate) fn count(law: &Law<'_>, rx: &Prescription, additional: u32) -> Outcome {
    let parameter = match rx.schedule {
        Schedule::III | Schedule::IV => &super::refills::MOST_III_IV,
        _ => &super::refills::MOST_V,
    };
    let bound = law.bound(parameter);
    let most = bound.as_ref().map_or(UNLIMITED, |bound| bound.value);
    let total = u64::from(rx.refills_authorized) + u64::from(additional);
    Outcome::unless(total <= most, || {
        let denial = law
            .deny(
                &ADDED_COUNT,
                Reason::RefillsExhausted,
                "LAW-1306.22-ADDED",
                format!("{total} refills in all, and {most} are allowed"),
                "ask for a new prescription",
            )
            .about("request.additional");
        match &bound {
            Some(bound) => denial.by(bound),
            None => denial,
        }
    })
}

/// (3): the quantity.
pub(crate) fn quantity(law: &Law<'_>, rx: &Prescription, quantity: u64) -> Outcome {
    Outcome::unless(quantity <= rx.quantity, || {
        let what = format!("{quantity} units are more than the {} first prescribed", rx.quantity);
        law.deny(
            &ADDED_QUANTITY,
            Reason::QuantityExceeded,
            "LAW-1306.22-ADDED-QUANTITY",
            what,
            "ask for a new prescription",
        )
        .about("request.quantity")
    })
}
