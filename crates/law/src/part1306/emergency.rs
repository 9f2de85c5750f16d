//! 21 CFR 1306.11(d), 290.10: schedule II on an oral authorisation in an emergency, and the prescription that follows.
//!
//! (290.10) An emergency: the drug must be given at once; nothing else will do, also outside schedule II; and the
//!     practitioner cannot reasonably provide a written prescription first. The cards name the first two only.
//! (d)(1) No more than the emergency period takes.
//! (d)(2) The pharmacist writes it down at once, complete but for the signature.
//! (d)(3) An unknown practitioner is verified in good faith, such as by a call back.
//! (d)(4) Within seven days a written prescription follows, with the words that authorise emergency dispensing and the
//!     date of the oral order; by mail the postmark counts. Paper is attached, an electronic one annotated. If it does
//!     not come, the pharmacist tells DEA.
//!     Without both the authority for having dispensed is void. It is for the emergency quantity.
//! `Chosen reading:` who can send a conforming electronic prescription can provide a written one.
//! (d)(5) A central fill pharmacy takes no part.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Emergency, Followup, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Authority, Delivery, Site};
use jiff::civil::Date;
use theriac_model::calendar::days_after;

rule!(DEFINITION: "1306.11-emergency", "emergency", "21 CFR 290.10, 1306.11(d)", By::ALL,
    "An emergency needs the drug at once, leaves no alternative, and does not allow a written prescription first",
    ["law-emer-definition-any-route-electronic", "law-emer-only-cii", "law-emer-definition-immediate", "law-emer-definition-no-alternative", "law-emer-definition-no-written"]);
rule!(NEEDED: "1306.11-emergency-quantity", "emergency", "21 CFR 1306.11(d)(1)", By::ALL,
    "In an emergency no more is dispensed than the emergency period takes",
    ["law-emer-quantity-minimum", "law-emer-beyond-needs-written", "epcs-1306.11-d-1"]);
rule!(KNOWN: "1306.11-emergency-known", "emergency", "21 CFR 1306.11(d)(3)", By::ALL,
    "A practitioner the pharmacist does not know is verified in good faith",
    ["law-emer-unknown-prescriber"]);
rule!(RETAIL: "1306.11-emergency-site", "emergency", "21 CFR 1306.11(d)(5)", By::CFR.and(By::C21),
    "A central fill pharmacy prepares no emergency oral prescription",
    ["law-emer-central-fill-barred"]);
rule!(FACE: "1306.11-followup-face", "emergency", "21 CFR 1306.11(d)(4)", By::ALL,
    "The prescription that follows says \"Authorization for Emergency Dispensing\" and the date of the oral order",
    ["law-emer-followup-contents", "epcs-1306.11-d-4-2"]);
rule!(SEVEN_DAYS: "1306.11-followup-days", "emergency", "21 CFR 1306.11(d)(4)", By::ALL,
    "The written prescription follows within seven days of the oral authorisation; by mail it is postmarked within them",
    ["law-emer-seven-days", "law-emer-postmark", "law-emer-notify-dea", "epcs-1306.11-d-4-1"]);

rule!(SAME_QUANTITY: "1306.11-followup-quantity", "emergency", "21 CFR 1306.11(d)(4)", By::ALL,
    "The prescription that follows is for the emergency quantity",
    ["law-emer-quantity-match"]);
rule!(AUTHORITY: "1306.11-authority", "emergency", "21 CFR 1306.11(d)(4)", By::ALL,
    "Without the prescription that must follow, and without telling DEA, the authority for the dispensing is void",
    ["law-emer-failure-voids-authority", "law-emer-notify-dea"]);

parameter!(NO_WRITTEN: "emergency.no-written", "whether an emergency requires that no written prescription can be provided first", Required,
Domain::YesNo, [
    Row::of(By::CFR, 1, "21 CFR 290.10(c)"),
    Row::of(By::M10, 1, "Manual 2010, section X, Emergency Dispensing"),
    Row::of(By::C21, 0, "Cards 2021, Emergency Filling of CIIs"),
]);
parameter!(DAYS: "emergency.followup.days", "days after the oral authorisation in which the written prescription must follow", Min,
    Domain::Number("days"), [Row::of(By::ALL, 7, "21 CFR 1306.11(d)(4)")]);

/// Whether the circumstances are an emergency.
pub(crate) fn definition(law: &Law<'_>, emergency: &Emergency) -> Outcome {
    let (what, field) = if !emergency.immediate_need {
        ("the drug need not be given at once", "emergency.immediate_need")
    } else if !emergency.no_alternative {
        ("another treatment would do", "emergency.no_alternative")
    } else if !emergency.written_not_possible && law.says(&NO_WRITTEN) {
        ("the practitioner can provide a written prescription", "emergency.written_not_possible")
    } else if emergency.electronic_available && law.says(&NO_WRITTEN) {
        ("the practitioner can send an electronic prescription now", "emergency.electronic_available")
    } else {
        return Outcome::Satisfied;
    };
    let next = if emergency.electronic_available {
        "ask the practitioner for the electronic prescription"
    } else {
        "ask for a signed paper prescription or an electronic one"
    };
    let denial = law.deny(&DEFINITION, Reason::EmergencyCriteria, "LAW-1306.11-NO-EMERGENCY", what, next).about(field);
    Outcome::Violated(Box::new(denial))
}

/// (d)(1): whether the quantity is what the emergency takes.
pub(crate) fn quantity(law: &Law<'_>, quantity: u64, needed: u64) -> Outcome {
    Outcome::unless(quantity <= needed, || {
        law.deny(
            &NEEDED,
            Reason::QuantityExceeded,
            "LAW-1306.11-EMERGENCY-QUANTITY",
            format!("{quantity} units, and the emergency takes {needed}"),
            format!("dispense at most {needed}; more goes on a written prescription"),
        )
        .about("request.quantity")
    })
}

/// (d)(3): whether the practitioner is known or verified.
pub(crate) fn known(law: &Law<'_>, emergency: &Emergency) -> Outcome {
    Outcome::unless(emergency.practitioner_known || emergency.identity_verified, || {
        law.deny(
            &KNOWN,
            Reason::VerificationRequired,
            "LAW-1306.11-UNKNOWN",
            "the caller is not known and has not been verified",
            "call back on a number from a directory, not the one given by the caller",
        )
        .about("emergency.identity_verified")
    })
}

/// (d)(5): whether the pharmacy may take part.
pub(crate) fn retail(law: &Law<'_>, site: Site) -> Outcome {
    Outcome::unless(site == Site::Retail, || {
        law.deny(
            &RETAIL,
            Reason::CentralFillProhibited,
            "LAW-1306.11-CENTRAL-FILL",
            "a central fill pharmacy takes no emergency oral prescription",
            "fill it in the retail pharmacy",
        )
        .about("emergency.site")
    })
}

/// (d)(4): the last day for the written prescription.
pub(crate) fn followup_due(law: &Law<'_>, authorised: Date) -> Option<Date> {
    days_after(authorised, u32::try_from(law.value(&DAYS, 7)).ok()?)
}

/// (d)(4): whether it came in time.
pub(crate) fn in_time(law: &Law<'_>, rx: &Prescription, followup: &Followup) -> Outcome {
    let Some(due) = followup_due(law, rx.issued) else { return Outcome::NotApplicable };
    let sent = match (followup.by, followup.postmarked) {
        (Some(Delivery::Mail), Some(postmarked)) => followup.received.map(|_| postmarked),
        _ => followup.received,
    };
    match sent {
        Some(sent) if sent <= due => Outcome::Satisfied,
        None if law.day <= due => Outcome::Violated(Box::new(
            law.deny(
                &SEVEN_DAYS,
                Reason::ElementMissing,
                "LAW-1306.11-FOLLOWUP-OPEN",
                "the written prescription has not come yet",
                format!("obtain it by {due}"),
            )
            .about("followup.received"),
        )),
        _ => {
            let denial = law
                .deny(
                    &SEVEN_DAYS,
                    Reason::Expired,
                    "LAW-1306.11-FOLLOWUP-LATE",
                    format!("the written prescription was due by {due}"),
                    "notify the nearest DEA office",
                )
                .about("followup.received");
            Outcome::Violated(Box::new(match law.bound(&DAYS) {
                Some(bound) => denial.by(&bound),
                None => denial,
            }))
        }
    }
}

/// (d)(4): whether it is for what was authorised orally. `Chosen reading:` no less, for then more was dispensed than written.
pub(crate) fn same_quantity(law: &Law<'_>, rx: &Prescription, followup: &Followup) -> Outcome {
    let Some(quantity) = followup.quantity else { return Outcome::NotApplicable };
    Outcome::unless(quantity == rx.quantity, || {
        law.deny(
            &SAME_QUANTITY,
            Reason::QuantityExceeded,
            "LAW-1306.11-FOLLOWUP-QUANTITY",
            format!("it is for {quantity} units, and {} were authorised orally", rx.quantity),
            "it is another prescription; obtain one for the emergency quantity in time",
        )
        .about("followup.quantity")
    })
}

/// (d)(4): whether the authority for an emergency dispensing stands, is open, or is void.
pub(crate) fn authority(law: &Law<'_>, rx: &Prescription, followup: &Followup) -> (Authority, Outcome) {
    match in_time(law, rx, followup) {
        Outcome::Violated(denial) if denial.reason == Reason::ElementMissing => {
            (Authority::Open, Outcome::NotApplicable)
        }
        Outcome::Violated(_) if followup.dea_notified.is_some_and(|day| day <= law.day) => {
            (Authority::Stands, Outcome::Satisfied)
        }
        Outcome::Violated(_) => {
            let denial = law
                .deny(
                    &AUTHORITY,
                    Reason::Expired,
                    "LAW-1306.11-AUTHORITY-VOID",
                    "the written prescription did not come in time, and DEA was not told: dispensed without authority",
                    "notify the nearest DEA office now",
                )
                .about("followup.dea_notified");
            (Authority::Void, Outcome::Violated(Box::new(denial)))
        }
        _ => (Authority::Stands, Outcome::Satisfied),
    }
}

/// (d)(4): whether its face says what it must.
pub(crate) fn face(law: &Law<'_>, followup: &Followup) -> Outcome {
    let (what, field) = match (followup.statement, followup.oral_date) {
        (true, true) => return Outcome::Satisfied,
        (false, _) => ("\"Authorization for Emergency Dispensing\" is missing", "followup.statement"),
        (_, false) => ("the date of the oral order is missing", "followup.oral_date"),
    };
    let denial = law
        .deny(
            &FACE,
            Reason::ElementMissing,
            "LAW-1306.11-FOLLOWUP-FACE",
            what,
            "ask the practitioner for a corrected one in time",
        )
        .about(field);
    Outcome::Violated(Box::new(denial))
}
