//! 21 CFR 1305.19, 1305.27: cancelling and voiding an order.
//!
//! The purchaser cancels, the supplier voids, each by written notice. The supplier lines the items out on the form and
//! writes "cancelled" or "void"; of an electronic order that is voided a copy marked "Void" goes back.

use crate::edition::{By, Law};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};

rule!(WRITTEN: "1305.19-written", "ordering", "21 CFR 1305.19, 1305.27", By::ALL,
    "An order is cancelled or voided by written notice",
    ["law-ord-222-cancel-by-purchaser", "law-ord-222-void-by-supplier", "law-ord-csos-void-whole"]);

/// Whether the notice is written.
pub(crate) fn written(law: &Law<'_>, in_writing: bool) -> Outcome {
    Outcome::unless(in_writing, || {
        law.deny(
            &WRITTEN,
            Reason::NotInWriting,
            "LAW-1305.19-WRITING",
            "the notice is not in writing",
            "give notice in writing",
        )
        .about("request.in_writing")
    })
}
