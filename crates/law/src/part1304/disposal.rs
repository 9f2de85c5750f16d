//! 21 CFR part 1317, 1305.03; manual, section IV: unwanted stock.
//!
//! It goes back to the supplier or to a registered reverse distributor, with a record of drug, form, strength, quantity
//! and date. Schedule II goes on an order form that the recipient issues; copy 2 of a triplicate goes to DEA. Nothing is
//! sent to DEA without prior approval. Form 41 records destruction, never the hand-over.

use crate::edition::{By, Law};
use crate::facts::Disposal;
use crate::part1305::orders::form_in_use;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Document, Issuer, Route, Schedule};

rule!(APPROVED: "1317-approval", "disposal", "Manual 2010, section IV; 21 CFR 1317.05", By::ALL,
    "Nothing is sent to DEA for disposal without prior approval",
    ["law-disp-not-to-dea"]);
rule!(REGISTERED: "1317-registered", "disposal", "21 CFR 1317.05(a)", By::ALL,
    "Whoever receives stock for disposal is registered for it",
    ["law-disp-reverse-registered", "law-disp-two-routes"]);
rule!(DOCUMENT: "1317-document", "disposal", "21 CFR 1305.03, 1317.05(a)", By::ALL,
    "Schedule II goes on an order form that the recipient issues; Form 41 never records a hand-over",
    ["law-disp-return-cii-form", "law-disp-reverse-cii-form", "law-disp-form41-by-destroyer", "law-ord-222-receiver-issues"]);
rule!(RECORD: "1317-record", "disposal", "21 CFR 1304.22(e), 1317.05(a)", By::ALL,
    "The record of a hand-over names drug, form, strength, quantity, date and recipient",
    ["law-disp-return-record", "law-disp-reverse-ciii-v-record"]);

/// Whether DEA approved what goes to DEA.
pub(crate) fn approved(law: &Law<'_>, route: Route, disposal: &Disposal) -> Outcome {
    if route != Route::Dea {
        return Outcome::NotApplicable;
    }
    Outcome::unless(disposal.dea_approved, || {
        law.deny(
            &APPROVED,
            Reason::ApprovalMissing,
            "LAW-1317-APPROVAL",
            "DEA has not approved the shipment",
            "ask the field office, or use a reverse distributor",
        )
        .about("disposal.dea_approved")
    })
}

/// Whether the recipient is registered.
pub(crate) fn registered(law: &Law<'_>, disposal: &Disposal) -> Outcome {
    Outcome::unless(disposal.recipient_registered, || {
        law.deny(
            &REGISTERED,
            Reason::RegistrationInvalid,
            "LAW-1317-REGISTERED",
            "the recipient is not registered for it",
            "choose a registered recipient",
        )
        .about("disposal.recipient_registered")
    })
}

/// Whether the document is the right one.
pub(crate) fn document(law: &Law<'_>, route: Route, disposal: &Disposal) -> Outcome {
    let order = form_in_use(law, disposal.document);
    let two = matches!(disposal.schedule, Schedule::I | Schedule::II);
    let (fits, what) = if disposal.document == Document::Form41 {
        (false, "Form 41 does not record a hand-over")
    } else if two && route != Route::Dea {
        (
            order && disposal.document_issuer == Issuer::Recipient,
            "schedule II goes on an order form that the recipient issues",
        )
    } else {
        (true, "")
    };
    Outcome::unless(fits, || {
        law.deny(
            &DOCUMENT,
            Reason::WrongForm,
            "LAW-1317-DOCUMENT",
            what,
            "ask the recipient for an order form, or write an invoice for schedules III to V",
        )
        .about("disposal.document")
    })
}

/// Whether the record is complete.
pub(crate) fn record(law: &Law<'_>, disposal: &Disposal) -> Outcome {
    Outcome::unless(disposal.record_complete, || {
        law.deny(
            &RECORD,
            Reason::ElementMissing,
            "LAW-1317-RECORD",
            "the record of the hand-over is incomplete",
            "add drug, form, strength, quantity, date and recipient",
        )
        .about("disposal.record_complete")
    })
}
