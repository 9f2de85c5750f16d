//! 21 CFR 1305.13(e), 1305.22(g), 1304.21, 1304.22(c); manual, section VIII: a shipment arrives.
//!
//! It comes from a registrant or somebody exempt, whose number is part of the record. (1305.13(e)) On the purchaser's copy
//!     of a form a pharmacist records, line by line, the packages received and the date. (1305.22(g)) For an electronic
//!     order a linked record holds the same. Schedules III to V: invoice or packing slip with the date of receipt, a
//!     confirmation that the order is right, drug, finished form, units in a container, containers ordered and received.
//! Nothing is received on a line that was cancelled or voided. What is booked is what came; a difference from the
//!     invoice stays open until it is explained.

use super::orders::form_in_use;
use crate::edition::{By, Law};
use crate::facts::Receipt;
use crate::reason::Reason;
use crate::rule::{Condition, Outcome, rule};
use crate::vocab::{Document, ReceiptEntry, Schedule, Source, Staff};

rule!(SOURCE: "1304.22-source", "ordering", "Manual 2010, section VIII; 21 CFR 1304.22(c)", By::ALL,
    "Stock comes from registrants and those exempt from registration only",
    ["pharm-receipt-only-registered-supplier"]);
rule!(DOCUMENT: "1305.03-receipt", "ordering", "21 CFR 1305.03", By::ALL,
    "Schedules I and II are received on an order form or electronic order, schedules III to V on an invoice as well",
    ["law-ord-222-schedules", "pharm-move-schedule-ii-form"]);
rule!(OPEN: "1305.19-line-open", "ordering", "21 CFR 1305.19, 1305.27", By::ALL,
    "Nothing is received on a line that was cancelled or voided",
    ["law-ord-222-cancel-by-purchaser", "law-ord-222-void-by-supplier", "pharm-222-cancel-by-purchaser", "pharm-csos-void-retained"]);
rule!(PHARMACIST: "1305.13-pharmacist", "ordering", "21 CFR 1305.13(e); Manual 2010, section VIII", By::ALL,
    "A pharmacist records what arrived on an order form",
    ["law-ord-222-receipt"]);
rule!(RECORDED: "1305.13-receipt", "ordering", "21 CFR 1305.13(e), 1305.22(g), 1304.22(c)", By::ALL,
    "The record of a receipt holds packages and date; for schedules III to V drug, form, units, containers and a confirmation, too",
    ["law-ord-222-receipt", "law-ord-ciii-v-receipt", "law-ord-ciii-v-receipt-fields", "pharm-222-receipt-annotation", "pharm-receipt-iii-v-kept", "pharm-receipt-iii-v-contents", "pharm-csos-receipt-linked"]);
rule!(ACTUAL: "1304.22-actual", "ordering", "21 CFR 1304.22(c); Manual 2010, section VIII", By::ALL,
    "What is booked is what came; a difference from the invoice is resolved",
    ["pharm-receipt-posts-actual"]);

/// What can be told without looking at the document.
pub(crate) const ARRIVING: &[Condition<Receipt>] = &[
    Condition {
        rule: &SOURCE,
        holds: |receipt| receipt.source != Source::Unregistered,
        reason: Reason::RegistrationInvalid,
        code: "LAW-1304.22-SOURCE",
        what: "whoever sent it is neither registered nor exempt",
        next: "do not accept it; notify the field office",
        field: "receipt.source",
    },
    Condition {
        rule: &OPEN,
        holds: |receipt| !receipt.cancelled,
        reason: Reason::NotAuthorized,
        code: "LAW-1305.19-CANCELLED",
        what: "the line was cancelled or voided",
        next: "return the shipment, or make out a new order",
        field: "receipt.cancelled",
    },
    Condition {
        rule: &PHARMACIST,
        holds: |receipt| receipt.receiver == Staff::Pharmacist || !on_form(receipt.document),
        reason: Reason::NotAuthorized,
        code: "LAW-1305.13-PHARMACIST",
        what: "the receiver of an order form's shipment is not a pharmacist",
        next: "let a pharmacist record what arrived",
        field: "receipt.receiver",
    },
];

fn on_form(document: Document) -> bool {
    matches!(document, Document::Form222Triplicate | Document::Form222Single)
}

/// Whether the document serves for the schedule.
pub(crate) fn document(law: &Law<'_>, receipt: &Receipt) -> Outcome {
    let two = matches!(receipt.schedule, Schedule::I | Schedule::II);
    let order = form_in_use(law, receipt.document) || on_form(receipt.document);
    Outcome::unless(order || (!two && receipt.document == Document::Invoice), || {
        law.deny(
            &DOCUMENT,
            Reason::WrongForm,
            "LAW-1305.03-RECEIPT",
            format!("{} does not cover schedule {}", receipt.document, receipt.schedule),
            "find the order form or electronic order that this shipment belongs to",
        )
        .about("receipt.document")
    })
}

fn required(receipt: &Receipt, entry: ReceiptEntry) -> bool {
    match entry {
        ReceiptEntry::PackagesReceived => receipt.document != Document::Invoice,
        ReceiptEntry::DateReceived => true,
        ReceiptEntry::SourceNumber => receipt.source == Source::Registered,
        _ => receipt.document == Document::Invoice,
    }
}

/// Whether the record is complete; the first entry that is absent is named.
pub(crate) fn recorded(law: &Law<'_>, receipt: &Receipt) -> Outcome {
    let missing = receipt.missing.iter().copied().find(|entry| required(receipt, *entry));
    let Some(entry) = missing else { return Outcome::Satisfied };
    let denial = law.deny(
        &RECORDED,
        Reason::ElementMissing,
        "LAW-1305.13-RECEIPT",
        format!("{entry} is missing from the record of the receipt"),
        format!("write down {entry} before the receipt is closed"),
    );
    Outcome::Violated(Box::new(denial.about(format!("receipt.missing: {entry}"))))
}

/// Whether another quantity came than was invoiced.
pub(crate) fn differs(receipt: &Receipt) -> bool {
    matches!((receipt.invoiced, receipt.received), (Some(invoiced), Some(received)) if invoiced != received)
}
