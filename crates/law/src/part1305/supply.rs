//! 21 CFR 1305.13, 1305.15, 1305.25 to 1305.28: a supplier packs, refuses, or voids.
//!
//! (cards) Scheduled drugs are delivered in a container apart from other goods.
//! (1305.15(b), (c), 1305.25(b)) A supplier may refuse an order for any reason; a statement that it is not accepted goes
//!     back with the copies, or to the purchaser of an electronic order, who keeps it with the order (d).
//! (1305.27(b)) Of an electronic order voided in part the linked record shows that nothing was shipped on those lines.
//! (1305.26(d)) An order that was declared lost and turns up later is not accepted: its replacement has taken its place.

use crate::edition::{By, Law};
use crate::facts::{Order, OrderDetails, OrderRefusal};
use crate::reason::Reason;
use crate::rule::{Condition, Outcome, rule};
use crate::vocab::{OrderMethod, Packing};

rule!(APART: "1305.13-apart", "ordering", "Cards 2021, Supplier Steps", By::C21,
    "Scheduled drugs are delivered in a container apart from other goods",
    ["law-ord-222-separate-container"]);
rule!(STATEMENT: "1305.15-statement", "ordering", "21 CFR 1305.15(b), (c), 1305.25(b)", By::ALL,
    "A supplier may refuse an order for any reason, with a statement that it is not accepted",
    ["law-ord-222-refusal-statement", "pharm-222-supplier-refusal-statement", "pharm-csos-supplier-notifies"]);
rule!(KEPT: "1305.15-kept", "ordering", "21 CFR 1305.15(d), 1305.25(c)", By::ALL,
    "The purchaser keeps the statement of non-acceptance with the order",
    ["law-ord-csos-refusal-linked", "pharm-222-unaccepted-filed", "pharm-csos-link-nonacceptance"]);
rule!(NOTHING: "1305.27-nothing-shipped", "ordering", "21 CFR 1305.27(b)", By::ALL,
    "The record linked to an electronic order shows that nothing was shipped on a voided line",
    ["law-ord-csos-void-part", "pharm-csos-void-part"]);
rule!(LATE: "1305.26-turned-up", "ordering", "21 CFR 1305.26(d)", By::ALL,
    "An order declared lost that turns up later is marked not accepted and returned",
    ["law-ord-csos-lost-arrives", "pharm-csos-late-first-order"]);

/// Whether the supplier's refusal can be closed.
pub(crate) const BY_SUPPLIER: &[Condition<OrderRefusal>] = &[Condition {
    rule: &STATEMENT,
    holds: |refusal| refusal.statement,
    reason: Reason::ElementMissing,
    code: "LAW-1305.15-STATEMENT",
    what: "no statement says that the order is not accepted",
    next: "write that the order is not accepted; no reason is needed beyond that",
    field: "refusal.statement",
}];

/// Whether the purchaser's file of a refused order is whole.
pub(crate) const BY_PURCHASER: &[Condition<OrderRefusal>] = &[Condition {
    rule: &KEPT,
    holds: |refusal| refusal.kept_with_order,
    reason: Reason::WrongFile,
    code: "LAW-1305.15-KEPT",
    what: "the statement of non-acceptance is not kept with the order",
    next: "attach it to the copies of the form, or link it to the electronic order, and keep it two years",
    field: "refusal.kept_with_order",
}];

/// Whether the shipment is packed apart.
pub(crate) fn apart(law: &Law<'_>, details: &OrderDetails) -> Outcome {
    Outcome::unless(details.packing == Packing::Separate, || {
        law.deny(
            &APART,
            Reason::Packaging,
            "LAW-1305.13-APART",
            "scheduled drugs are packed together with other goods",
            "pack them in a container of their own",
        )
        .about("details.packing")
    })
}

/// Whether voided lines shipped nothing.
pub(crate) fn nothing(law: &Law<'_>, order: &Order, details: &OrderDetails) -> Outcome {
    if order.method != OrderMethod::Csos {
        return Outcome::NotApplicable;
    }
    Outcome::unless(details.shipped_on_voided == 0, || {
        law.deny(
            &NOTHING,
            Reason::QuantityExceeded,
            "LAW-1305.27-SHIPPED",
            format!("the record shows {} units shipped on lines that are voided", details.shipped_on_voided),
            "record zero shipped on each voided line",
        )
        .about("details.shipped_on_voided")
    })
}

/// Whether the order has been replaced after it was declared lost.
pub(crate) fn late(law: &Law<'_>, details: &OrderDetails) -> Outcome {
    Outcome::unless(!details.declared_lost, || {
        law.deny(
            &LATE,
            Reason::Duplicate,
            "LAW-1305.26-TURNED-UP",
            "the purchaser has declared this order lost",
            "mark it \"not accepted\" and return it; fill the replacement",
        )
        .about("details.declared_lost")
    })
}
