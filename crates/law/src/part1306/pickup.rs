//! Manual, appendix D; cards, "Dispensing Controlled Substances- Patient Identification Prior to Dispensing": who picks the drug up.
//!
//! (a) Federal law recommends identification when staff do not know the person; a State may require it. (b) Accepted are a
//! driver's licence or card of a State, a card of the Federal government or the forces, a passport of the United States.
//! (c) Instead, name, date of birth and home address may be compared; a difference stops the handing over. (d) While a warning
//! sign was raised, asking for identification is the rulebook's advice, and what was shown is recorded.

use crate::edition::{By, Domain, Law, parameter};
use crate::facts::Pickup;
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Identifier, PickupDocument, Word};

rule!(RECOMMENDED: "pickup-recommended", "identification", "Cards 2021, Dispensing Controlled Substances- Patient Identification Prior to Dispensing", By::ALL,
    "Identification is recommended when the person is unknown to staff",
    ["law-id-recommended-unknown", "law-state-az-no-id"]);
rule!(REQUIRED: "pickup-required", "identification", "Cards 2021, Dispensing Controlled Substances- Patient Identification Prior to Dispensing; State law", By::ALL,
    "Where a State requires it, an unknown person shows identification",
    ["law-id-recommended-unknown"]);
rule!(KINDS: "pickup-kinds", "identification", "Cards 2021, Dispensing Controlled Substances- Patient Identification Prior to Dispensing", By::ALL,
    "A licence or card of a State, a Federal or military card, or a passport of the United States is accepted",
    ["law-id-accepted-kinds"]);
rule!(COMPARED: "pickup-compared", "identification", "Cards 2021, Dispensing Controlled Substances- Patient Identification Prior to Dispensing", By::ALL,
    "Name, date of birth and home address may be compared instead; a difference stops the handing over",
    ["law-id-alternative-identifiers"]);
rule!(IN_DOUBT: "pickup-in-doubt", "identification", "Manual 2010, appendix D", By::ALL,
    "A pharmacist in doubt asks for identification, and records it",
    ["law-id-fraud-suspected", "pharm-flag-ask-identification"]);

parameter!(BY_STATE: "pickup.identification", "whether an unknown person must show identification", Required, Domain::YesNo, []);

/// (b): whether a document is of the kinds that are accepted.
fn accepted(document: PickupDocument) -> bool {
    document != PickupDocument::Other
}

/// (b), (c): whether the person is identified by a document or by comparing.
pub(crate) fn identified(pickup: &Pickup) -> bool {
    let three = [Identifier::Name, Identifier::BirthDate, Identifier::HomeAddress];
    pickup.document.is_some_and(accepted) || three.iter().all(|one| pickup.matching.contains(one))
}

/// (b): whether what was shown is accepted.
pub(crate) fn kind(law: &Law<'_>, pickup: &Pickup) -> Outcome {
    let Some(document) = pickup.document else { return Outcome::NotApplicable };
    Outcome::unless(accepted(document) || pickup.known, || {
        law.deny(
            &KINDS,
            Reason::IdentityNotShown,
            "LAW-PICKUP-KIND",
            "the document is of no kind that is accepted",
            "ask for a licence or card of a State, a Federal or military card, or a passport; or compare name, birth date and address",
        )
        .about("pickup.document")
    })
}

/// (c): whether what was compared agrees.
pub(crate) fn compared(law: &Law<'_>, pickup: &Pickup) -> Outcome {
    if pickup.matching.is_empty() && pickup.differing.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::unless(pickup.differing.is_empty(), || {
        let differ: Vec<&str> = pickup.differing.iter().map(|one| one.word()).collect();
        law.deny(
            &COMPARED,
            Reason::VerificationRequired,
            "LAW-PICKUP-DIFFERS",
            format!("what the person says differs from the record: {}", differ.join(", ")),
            "do not hand it over; ask for a document, or call the patient",
        )
        .about("pickup.differing")
    })
}

/// (a): whether a State's requirement is met.
pub(crate) fn required(law: &Law<'_>, pickup: &Pickup) -> Outcome {
    let Some(bound) = law.bound(&BY_STATE).filter(crate::edition::Bound::yes) else { return Outcome::NotApplicable };
    Outcome::unless(pickup.known || identified(pickup), || {
        let what = "the person is unknown and shows no identification";
        let next = "ask for identification before handing it over";
        law.deny(&REQUIRED, Reason::IdentityNotShown, "LAW-PICKUP-REQUIRED", what, next)
            .by(&bound)
            .about("pickup.document")
    })
}

/// (a): whether the recommendation is followed; a warning, never a refusal.
pub(crate) fn recommended(law: &Law<'_>, pickup: &Pickup) -> Outcome {
    Outcome::unless(pickup.known || identified(pickup), || {
        law.deny(
            &RECOMMENDED,
            Reason::IdentityNotShown,
            "LAW-PICKUP-RECOMMENDED",
            "the person is unknown and shows no identification; Federal law recommends to ask",
            "ask for identification, or compare name, birth date and address",
        )
        .about("pickup.document")
    })
}

/// (d): whether identification was asked for when there was doubt; a warning, never a refusal.
pub(crate) fn in_doubt(law: &Law<'_>, pickup: &Pickup) -> Outcome {
    Outcome::unless(identified(pickup), || {
        law.deny(
            &IN_DOUBT,
            Reason::IdentityNotShown,
            "LAW-PICKUP-DOUBT",
            "a warning sign was raised and nobody has been identified",
            "ask for identification, and record what was shown",
        )
        .about("pickup.document")
    })
}
