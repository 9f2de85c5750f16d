//! 21 CFR 1305.13, 1305.15, 1305.25 to 1305.28: a supplier packs, refuses, or voids.
//!
//! (cards) Scheduled drugs are delivered in a container apart from other goods.
//! (1305.15(b), (c), 1305.25(b)) A supplier may refuse an order for any reason; a statement that it is not accepted goes
//!     back with the copies, or to the purchaser of an electronic order, who keeps it with the order (d).
//! (1305.27(b)) Of an electronic order voided in part the linked record shows that nothing was shipped on those lines.
//! (manual) Only the identical product in packages of another size takes the place of what was ordered.
//! (1305.25(a)) What happens to a certificate after the order was signed does not touch the order.
//! (1305.26(d)) An order that was declared lost and turns up later is not accepted: its replacement has taken its place.

use crate::edition::{By, Law};
use crate::facts::{Order, OrderDetails, OrderRefusal};
use crate::reason::Reason;
use crate::rule::{Condition, Outcome, rule};
use crate::vocab::{OrderMethod, Packing, Substitute};
use crate::when::When;
use std::cmp::Ordering;

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
rule!(IDENTICAL: "1305.13-identical", "ordering", "Manual 2010, section VIII", By::ALL,
    "In place of what was ordered only the identical product in other packages is sent, under its own product code",
    ["law-ord-222-package-substitution", "pharm-222-package-substitution"]);
rule!(AT_SIGNING: "1305.25-at-signing", "ordering", "21 CFR 1305.25(a); Manual 2010, section VIII", By::ALL,
    "An electronic order is not filled if its certificate had expired or been revoked before it was signed",
    ["law-ord-csos-cert-life", "pharm-csos-reject-expired-revoked"]);
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

/// Whether what is sent is what was ordered, in whatever packages.
pub(crate) fn identical(law: &Law<'_>, details: &OrderDetails) -> Outcome {
    let (reason, what, field) = match details.substitute {
        Substitute::None => return Outcome::NotApplicable,
        Substitute::OtherPackage if details.code_recorded => return Outcome::Satisfied,
        Substitute::OtherPackage => {
            (Reason::ElementMissing, "the product code of what is sent is not recorded", "details.code_recorded")
        }
        Substitute::OtherProduct => {
            (Reason::NotChangeable, "another product or strength would be sent", "details.substitute")
        }
    };
    let next = "send the product that was ordered, and record the code of what is sent";
    let denial = law.deny(&IDENTICAL, reason, "LAW-1305.13-IDENTICAL", what, next);
    Outcome::Violated(Box::new(denial.about(field)))
}

/// Whether the certificate still stood when the order was signed.
pub(crate) fn at_signing(law: &Law<'_>, at: When, order: &Order, details: &OrderDetails) -> Outcome {
    let Some(ended) = details.certificate_ended.filter(|_| order.method == OrderMethod::Csos) else {
        return Outcome::NotApplicable;
    };
    let signed = details.signed_at.unwrap_or(at);
    Outcome::unless(signed.order(ended) == Ordering::Less, || {
        law.deny(
            &AT_SIGNING,
            Reason::CertificateInvalid,
            "LAW-1305.25-AT-SIGNING",
            format!("the certificate ended at {ended}, and the order was signed at {signed}"),
            "ask for a new order, signed with a valid certificate",
        )
        .about("details.certificate_ended")
    })
}
