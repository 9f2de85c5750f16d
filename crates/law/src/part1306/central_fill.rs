//! 21 CFR 1306.15, 1306.05(f), 1306.11(d)(5), 1306.27; manual, section XII: central filling.
//!
//! A central fill pharmacy fills for a retail pharmacy under a contract or a common owner; only a pharmacist fills. The
//! retail pharmacy passes on everything required and marks the prescription: paper with CENTRAL FILL, an electronic
//! record with an annotation (1306.15(a)(1)). No emergency oral prescription; no refill of schedule II anywhere.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Central, Disposition, Dispositions, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{CentralFlow, CentralStanding, Form, OrderPaper, Relationship, Schedule, Staff};

rule!(RELATION: "1306.15-relation", "central-fill", "21 CFR 1300.01, 1304.05; Manual 2010, section XII", By::ALL,
    "A central fill pharmacy fills under a contract or a common owner",
    ["law-cf-relationship"]);
rule!(EMERGENCY: "1306.11-central-fill", "central-fill", "21 CFR 1306.11(d)(5)", By::CFR.and(By::C21),
    "A central fill pharmacy prepares no emergency oral prescription",
    ["law-cf-no-emergency-cii", "law-emer-central-fill-barred"]);
rule!(COMPLETE: "1306.15-complete", "central-fill", "21 CFR 1306.15(a), 1306.27(a)", By::ALL,
    "The retail pharmacy passes on everything that a prescription must hold",
    ["law-cf-retail-all-information", "law-cf-schedules", "law-cf-initial-and-refill"]);
rule!(PHARMACIST: "1306.06-central-fill", "central-fill", "21 CFR 1306.06; Manual 2010, section XII", By::ALL,
    "Only a licensed pharmacist fills at a central fill pharmacy",
    ["law-cf-pharmacist-fills", "law-who-filler-is-pharmacist"]);

rule!(STANDING: "1306.15-standing", "central-fill", "Manual 2010, section XII; 21 CFR 1301.13(e)", By::ALL,
    "A central fill pharmacy is registered; a retail pharmacy that also fills centrally needs no registration of its own for it",
    ["law-cf-no-separate-registration"]);
rule!(BOTH_DECIDED: "1306.15-both-decided", "central-fill", "21 CFR 1306.04(a); Manual 2010, section XII", By::ALL,
    "Before release the pharmacists of both pharmacies have recorded a decision about legitimacy",
    ["law-cf-both-responsible"]);
rule!(PAPER: "1305.03-central-fill", "central-fill", "Cards 2021, Ordering CI and CII Medications; Manual 2010, section XII", By::GUIDES,
    "A filled schedule II prescription goes to a store of the same owner without an order form; stock in bulk does not",
    ["law-cf-no-222"]);
rule!(DISPOSITIONS: "1304.05-dispositions", "central-fill", "21 CFR 1304.05; Manual 2010, section XII", By::ALL,
    "On both sides what was sent is what was received, lost and returned together",
    ["law-cf-dispositions-complete"]);

parameter!(CONTRACT_WITHOUT_FORM: "central-fill.contract-without-form", "whether a filled schedule II prescription goes without an order form under a contract, too", Permitted, Domain::YesNo, [
    Row::of(By::M10, 1, "Manual 2010, section XII"),
    Row::of(By::C21, 0, "Cards 2021, Ordering CI and CII Medications"),
]);

/// Whether the pharmacy that fills is registered for it.
pub(crate) fn standing(law: &Law<'_>, central: &Central) -> Outcome {
    Outcome::unless(central.standing != CentralStanding::None, || {
        law.deny(
            &STANDING,
            Reason::RegistrationInvalid,
            "LAW-1306.15-STANDING",
            "the pharmacy that fills is neither a registered central fill pharmacy nor a registered retail pharmacy",
            "fill it in a registered pharmacy",
        )
        .about("central.standing")
    })
}

/// Whether both pharmacists have decided.
pub(crate) fn both_decided(law: &Law<'_>, central: &Central) -> Outcome {
    let (what, field) = match (central.retail_decided, central.central_decided) {
        (true, true) => return Outcome::Satisfied,
        (false, _) => ("the retail pharmacist's decision about legitimacy is not recorded", "central.retail_decided"),
        (_, false) => {
            ("the central fill pharmacist's decision about legitimacy is not recorded", "central.central_decided")
        }
    };
    let next = "record the decision of each pharmacist before release";
    Outcome::Violated(Box::new(
        law.deny(&BOTH_DECIDED, Reason::VerificationRequired, "LAW-1306.15-UNDECIDED", what, next).about(field),
    ))
}

/// The paper that a delivery takes.
pub(crate) fn paper(law: &Law<'_>, flow: CentralFlow, schedule: Schedule) -> OrderPaper {
    let by_form = matches!(schedule, Schedule::I | Schedule::II);
    let filled = match flow {
        CentralFlow::FilledForOwnStore => true,
        CentralFlow::FilledUnderContract => !by_form || law.says(&CONTRACT_WITHOUT_FORM),
        CentralFlow::BulkStock => false,
    };
    match (filled, by_form) {
        (true, _) => OrderPaper::None,
        (false, true) => OrderPaper::OrderForm,
        (false, false) => OrderPaper::Invoice,
    }
}

/// Whether both sides account for every prescription, and agree.
pub(crate) fn dispositions(law: &Law<'_>, found: &Dispositions) -> Outcome {
    let accounted = |side: &Disposition| {
        let known = side.received.saturating_add(side.lost).saturating_add(side.returned);
        (known == side.sent, known)
    };
    let (what, field) = match (accounted(&found.retail), accounted(&found.central)) {
        ((true, _), (true, _)) if found.retail.sent == found.central.sent => return Outcome::Satisfied,
        ((false, known), _) => (
            format!("{} were sent, and the retail pharmacy accounts for {known}", found.retail.sent),
            "dispositions.retail",
        ),
        (_, (false, known)) => (
            format!("{} were sent, and the central fill pharmacy accounts for {known}", found.central.sent),
            "dispositions.central",
        ),
        _ => (
            format!(
                "the retail pharmacy sent {} and the central fill pharmacy has {}",
                found.retail.sent, found.central.sent
            ),
            "dispositions",
        ),
    };
    let next = "find what became of each, and record it on both sides";
    let denial = law.deny(&DISPOSITIONS, Reason::ElementMissing, "LAW-1304.05-DISPOSITIONS", what, next).about(field);
    Outcome::Violated(Box::new(denial))
}

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
