//! 21 CFR 1306.15, 1306.05(f), 1306.11(d)(5), 1306.27; manual, section XII: central filling.
//!
//! A central fill pharmacy fills for a retail pharmacy under a contract or a common owner; only a pharmacist fills. The
//! retail pharmacy passes on everything required and marks the prescription: paper with CENTRAL FILL, an electronic
//! record with an annotation (1306.15(a)(1)). No emergency oral prescription; no refill of schedule II anywhere.

use crate::edition::{By, Law};
use crate::facts::{Central, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Form, Relationship, Schedule, Staff};

rule!(RELATION: "1306.15-relation", "central-fill", "21 CFR 1300.01, 1304.05; Manual 2010, section XII", By::ALL,
    "A central fill pharmacy fills under a contract or a common owner",
    ["law-cf-relationship"]);
rule!(EMERGENCY: "1306.11-central-fill", "central-fill", "21 CFR 1306.11(d)(5)", By::CFR.and(By::C21),
    "A central fill pharmacy prepares no emergency oral prescription",
    ["law-cf-no-emergency-cii", "law-emer-central-fill-barred"]);
rule!(COMPLETE: "1306.15-complete", "central-fill", "21 CFR 1306.15(a), 1306.27(a)", By::ALL,
    "The retail pharmacy passes on everything that a prescription must hold",
    ["law-cf-retail-all-information"]);
rule!(PHARMACIST: "1306.06-central-fill", "central-fill", "21 CFR 1306.06; Manual 2010, section XII", By::ALL,
    "Only a licensed pharmacist fills at a central fill pharmacy",
    ["law-cf-pharmacist-fills", "law-who-filler-is-pharmacist"]);

/// Whether the two belong together.
pub(crate) fn relation(law: &Law<'_>, central: &Central) -> Outcome {
    Outcome::unless(central.relationship != Relationship::None, || {
        law.deny(
            &RELATION,
            Reason::NotAuthorized,
            "LAW-1306.15-RELATION",
            "there is neither a contract nor a common owner",
            "fill it in the retail pharmacy, or conclude a contract",
        )
        .about("central.relationship")
    })
}

/// Whether it is no emergency: an oral prescription of schedule II can be nothing else.
pub(crate) fn no_emergency(law: &Law<'_>, rx: &Prescription, central: &Central) -> Outcome {
    let oral_ii = rx.form == Form::Oral && rx.schedule == Schedule::II;
    Outcome::unless(!(central.emergency || oral_ii), || {
        law.deny(
            &EMERGENCY,
            Reason::CentralFillProhibited,
            "LAW-1306.11-CENTRAL-FILL",
            "a central fill pharmacy takes no emergency oral prescription",
            "fill it in the retail pharmacy",
        )
        .about("central.emergency")
    })
}

/// Whether everything was passed on.
pub(crate) fn complete(law: &Law<'_>, central: &Central) -> Outcome {
    Outcome::unless(central.information_complete, || {
        law.deny(
            &COMPLETE,
            Reason::ElementMissing,
            "LAW-1306.15-MISSING",
            "something required was not passed on",
            "send everything that the prescription must hold",
        )
        .about("central.information_complete")
    })
}

/// Whether a pharmacist fills.
pub(crate) fn pharmacist(law: &Law<'_>, central: &Central) -> Outcome {
    Outcome::unless(central.preparer == Staff::Pharmacist, || {
        law.deny(
            &PHARMACIST,
            Reason::NotAuthorized,
            "LAW-1306.06-PHARMACIST",
            format!("a {} prepares it", central.preparer),
            "let a licensed pharmacist fill it",
        )
        .about("central.preparer")
    })
}
