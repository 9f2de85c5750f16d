//! 21 CFR 1306.04, 1306.13, 1306.22, 1306.23: never more than prescribed.
//!
//! What has been dispensed and what is asked for stay together within the quantity prescribed, refills included; one
//! filling is never larger than the face quantity. A second first filling is a refill under another name.

use crate::edition::{By, Law};
use crate::facts::{Act, Prescription};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::tally::Tally;
use crate::vocab::{HistoryKind, Schedule};

rule!(WITHIN: "1306-quantity", "partial-fill", "21 CFR 1306.13, 1306.22, 1306.23", By::ALL,
    "All fillings together stay within the quantity prescribed, and one filling within the face quantity",
    ["law-part-cii-cara-no-count-limit", "law-part-ciii-v-not-refills", "law-part-ciii-v-first-quantity", "law-refill-full-amount-presumed", "law-part-ciii-v-total", "law-part-cii-ltcf-total", "law-part-ciii-v-refill-equals-original", "law-xfer-refills-sum"]);
rule!(ONCE: "1306-first-filling", "refills", "21 CFR 1306.12(a), 1306.22(a)", By::ALL,
    "A prescription has one first filling; what follows is a refill",
    ["law-refill-original-not-counted"]);

/// Whether `asked` units stay within what is left and within the face quantity.
pub(crate) fn within(law: &Law<'_>, tally: Tally, face: u64, asked: u64) -> Outcome {
    let left = tally.remaining().min(face);
    Outcome::unless(asked <= left, || {
        law.deny(
            &WITHIN,
            Reason::QuantityExceeded,
            "LAW-1306-QUANTITY",
            format!("{asked} units are asked for and {left} may be dispensed"),
            format!("dispense at most {left}, or ask for a new prescription"),
        )
        .about("request.quantity")
    })
}

/// Whether the first filling has not happened yet.
pub(crate) fn once(law: &Law<'_>, rx: &Prescription, history: &[Act]) -> Outcome {
    let filled = history.iter().any(|act| matches!(act.kind, HistoryKind::Fill | HistoryKind::Refill));
    Outcome::unless(!filled, || {
        let reason = if rx.schedule == Schedule::II { Reason::RefillProhibited } else { Reason::RefillsExhausted };
        law.deny(
            &ONCE,
            reason,
            "LAW-1306-FILLED",
            "it has been filled",
            "refill it if refills are left, or ask for a new prescription",
        )
        .about("facts.history")
    })
}
