//! 21 CFR 1301.17, 1301.52, 1305.18; manual, sections III and IV: a registration ends, or a business passes on.
//!
//! (1301.52(c), 1305.18) Certificate and unused order forms go back to DEA; the stock is transferred or disposed of first; DEA
//!     can be told where the records will be kept. (1301.52(d)) The notice of a transfer of business reaches the Special
//!     Agent in Charge at least 14 days before, unless that officer waives it. (e) On the day of the transfer a complete
//!     inventory is taken, final for one and initial for the other, and both keep it; it is not sent to DEA unless asked
//!     for. The records pass with the business. (1301.17(b)) A buyer who owns another pharmacy licensed in the State
//!     may be registered before the transfer.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{BusinessTransfer, Closing};
use crate::reason::Reason;
use crate::rule::{Condition, Outcome, rule};
use theriac_model::calendar::days_after;

rule!(RETURNED: "1301.52-returned", "registration", "21 CFR 1301.52(c), 1305.18", By::ALL,
    "When a registration ends, the certificate and all unused order forms go back to DEA",
    ["law-ord-222-return-on-termination", "pharm-reg-termination-returns"]);
rule!(CLEARED: "1301.52-cleared", "registration", "Manual 2010, section III; 21 CFR 1301.52(c)", By::ALL,
    "Stock is transferred or disposed of before the books close",
    ["pharm-reg-termination-stock-cleared"]);
rule!(RECORDS: "1301.52-records", "registration", "Manual 2010, section III; 21 CFR 1304.04(a)", By::ALL,
    "A closing pharmacy can tell DEA where its records will be kept",
    ["pharm-reg-termination-records-location"]);
rule!(NOTICE: "1301.52-fourteen-days", "inventory", "21 CFR 1301.52(d)", By::ALL,
    "The notice of a transfer of business reaches DEA at least 14 days before, unless waived",
    ["law-inv-transfer-notice-14-days", "pharm-tob-notice-14-days"]);
rule!(INVENTORY: "1301.52-inventory", "inventory", "21 CFR 1301.52(e)(1); Manual 2010, section III", By::ALL,
    "On the day of the transfer a complete inventory is taken, final for one registrant and initial for the other",
    ["law-inv-transfer-business", "pharm-tob-inventory-day", "pharm-tob-inventory-dual-role", "pharm-tob-inventory-not-sent"]);
rule!(PASSED: "1301.52-passed", "records", "21 CFR 1301.52(e)(3); Manual 2010, section III", By::ALL,
    "The records pass to the buyer of the business",
    ["pharm-tob-records-pass"]);
rule!(EARLY: "1301.17-early", "registration", "21 CFR 1301.17(b); Manual 2010, section III", By::ALL,
    "Only a buyer who owns another pharmacy licensed in the State is registered before the transfer",
    ["pharm-tob-early-registration-eligibility"]);

parameter!(NOTICE_DAYS: "business.notice.days", "days by which the notice of a transfer of business precedes it", Max, Domain::Number("days"),
    [Row::of(By::ALL, 14, "21 CFR 1301.52(d)")]);

/// What is settled after the order forms.
pub(crate) const ENDING: &[Condition<Closing>] = &[
    Condition {
        rule: &RETURNED,
        holds: |closing| closing.certificate_returned,
        reason: Reason::ElementMissing,
        code: "LAW-1301.52-CERTIFICATE",
        what: "the certificate of registration has not gone back",
        next: "return the certificate to DEA",
        field: "closing.certificate_returned",
    },
    Condition {
        rule: &RECORDS,
        holds: |closing| closing.records_place_given,
        reason: Reason::ElementMissing,
        code: "LAW-1301.52-RECORDS",
        what: "it is not on record where the records will be kept",
        next: "record address and contact of whoever keeps them",
        field: "closing.records_place_given",
    },
];

/// Whether no unused form is left.
pub(crate) fn forms(law: &Law<'_>, closing: &Closing) -> Outcome {
    Outcome::unless(closing.forms_left == 0, || {
        law.deny(
            &RETURNED,
            Reason::ElementMissing,
            "LAW-1301.52-FORMS",
            format!("{} unused order forms have not gone back", closing.forms_left),
            "return each to DEA, or account for it",
        )
        .about("closing.forms_left")
    })
}

/// Whether no stock is left.
pub(crate) fn cleared(law: &Law<'_>, closing: &Closing) -> Outcome {
    Outcome::unless(closing.stock_left == 0, || {
        law.deny(
            &CLEARED,
            Reason::NotBalanced,
            "LAW-1301.52-STOCK",
            format!("{} units of stock are left", closing.stock_left),
            "transfer or dispose of them first",
        )
        .about("closing.stock_left")
    })
}

/// Whether the notice came in time for a transfer on the day asked about.
pub(crate) fn notice(law: &Law<'_>, business: &BusinessTransfer) -> Outcome {
    if business.waived {
        return Outcome::NotApplicable;
    }
    let Some(bound) = law.bound(&NOTICE_DAYS) else { return Outcome::NotApplicable };
    let days = u32::try_from(bound.value).unwrap_or(u32::MAX);
    let first = business.notice_received.and_then(|received| days_after(received, days));
    Outcome::unless(first.is_some_and(|first| first <= law.day), || {
        let what = first.map_or("DEA has received no notice".to_owned(), |first| {
            format!("the notice allows the transfer from {first}")
        });
        let next = "postpone the transfer, or ask the Special Agent in Charge to waive the period";
        law.deny(&NOTICE, Reason::ApprovalMissing, "LAW-1301.52-NOTICE-DAYS", what, next)
            .by(&bound)
            .about("business.notice_received")
    })
}

/// Whether the inventory is of the day.
pub(crate) fn inventory(law: &Law<'_>, business: &BusinessTransfer) -> Outcome {
    Outcome::unless(business.inventory_taken == Some(law.day), || {
        let what = business.inventory_taken.map_or("no inventory has been taken".to_owned(), |taken| {
            format!("the inventory is of {taken}, not of the day of the transfer")
        });
        let next = "take a complete inventory on the day of the transfer";
        law.deny(&INVENTORY, Reason::CountMethod, "LAW-1301.52-INVENTORY", what, next).about("business.inventory_taken")
    })
}

/// What else a transfer of business needs.
pub(crate) const PASSING: &[Condition<BusinessTransfer>] = &[
    Condition {
        rule: &EARLY,
        holds: |business| !business.early_registration || business.other_pharmacy_in_state,
        reason: Reason::NotAuthorized,
        code: "LAW-1301.17-EARLY",
        what: "the buyer owns no other pharmacy licensed in this State",
        next: "register the buyer when the State has licensed the pharmacy",
        field: "business.other_pharmacy_in_state",
    },
    Condition {
        rule: &INVENTORY,
        holds: |business| business.inventory_with_both,
        reason: Reason::ElementMissing,
        code: "LAW-1301.52-BOTH",
        what: "the inventory is not in the records of both registrants",
        next: "give both a copy: final for one, initial for the other",
        field: "business.inventory_with_both",
    },
    Condition {
        rule: &PASSED,
        holds: |business| business.records_passed,
        reason: Reason::ElementMissing,
        code: "LAW-1301.52-PASSED",
        what: "the records have not passed to the buyer",
        next: "hand over the records that are still to be kept",
        field: "business.records_passed",
    },
];
