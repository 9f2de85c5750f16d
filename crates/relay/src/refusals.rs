//! The refusals of the intermediary.

use theriac_model::{Edition, Refusal};

/// "Nothing listed may change between practitioner and pharmacy."
const UNALTERED: &str = "73 FR 36722, 1311.130(f); 21 CFR 1311.170(e)";

/// There is no address, or no number to answer.
pub(crate) fn unaddressed(field: &'static str) -> Refusal {
    Refusal::new(
        "RELAY-ADDRESS",
        "42 CFR 423.160(b), SCRIPT 2017071",
        "the message does not say to whom or from whom it is, or has no number",
        "tell the sender; a message that cannot be answered cannot be relayed",
    )
    .about(field)
}

/// The re-layout changed something.
pub(crate) fn altered(what: String) -> Refusal {
    let next =
        "forward nothing; keep the message as it arrived and tell the operator, since this is a fault of the relay";
    Refusal::new("RELAY-ALTERED", UNALTERED, what, next)
}

/// The pharmacy cannot be reached electronically.
pub(crate) fn not_electronic() -> Refusal {
    Refusal::new(
        "RELAY-NOT-ELECTRONIC",
        "21 CFR 1311.170(f); 73 FR 36722, 1311.130(g)",
        "the pharmacy can be reached by fax only, and an electronic prescription is never turned into a fax",
        "tell the practitioner, who issues a paper prescription instead",
    )
}

/// The pharmacy is not known.
pub(crate) fn no_destination() -> Refusal {
    Refusal::new(
        "RELAY-DESTINATION",
        "73 FR 36753",
        "no destination is known for the receiver of the message",
        "tell the practitioner, who chooses another pharmacy or issues a paper prescription",
    )
    .under(Edition::Proposed2008)
    .about("Header/To")
}

/// The signature could not be made.
pub(crate) fn unsealed() -> Refusal {
    Refusal::new(
        "RELAY-SEAL",
        "73 FR 36722, 1311.160(a)(1)",
        "the copy for the pharmacy could not be signed",
        "forward nothing; check the relay's key and certificate, then try again",
    )
    .under(Edition::Proposed2008)
}
