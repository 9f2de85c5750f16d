//! Manual, section XIV, Proof of Identity (21 CFR 1314.25, which points to the lists of 8 CFR 274a.2): which documents show who a purchaser is.
//!
//! (1) At any age: a photographic card of a State or the Federal government, and the documents of the first list, unexpired
//!     where they are foreign passports. (2) The card of an enlisted person under 10 U.S.C. 504 only before the Armed Forces.
//! (3) From 16 years the second list; a licence or government card without photograph says name, birth date, sex, height,
//!     colour of the eyes and address. (4) Under 18, with nothing of those, a record of a school, a doctor or a nursery.
//! The lists are dated data: an overlay may only take documents out of them, from a day on.
//!
//! Chosen reading: a driver's licence belongs to the second list; one with photograph shown by somebody under 16 is entered
//! as a photographic card of a government.

use crate::edition::{By, Domain, Law, Row, bit, parameter};
use crate::facts::{Purchaser, SlcpSale};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Detail, IdDocument, SellerKind, Word};
use jiff::civil::date;

rule!(LISTED: "1314.25-listed", "cmea", "21 CFR 1314.25(b)", By::ALL,
    "A document is of the lists in force on the day of the sale: at any age, from 16, or under 18",
    ["law-cmea-id-list-any-age", "law-cmea-id-list-16-plus", "law-cmea-id-under-18", "law-cmea-id-list-is-data", "pharm-cmea-id-any-age", "pharm-cmea-id-16-and-over", "pharm-cmea-id-under-18", "pharm-cmea-id-list-dated"],
    Some(date(2006, 9, 30)),
    None
);
rule!(ENLISTED: "1314.25-enlisted", "cmea", "Manual 2010, section XIV, Proof of Identity", By::ALL,
    "The card of an enlisted person is a document of the first list only before the Armed Forces",
    ["law-cmea-id-military-limit", "pharm-cmea-id-military-limited"],
    Some(date(2006, 9, 30)),
    None
);
rule!(DETAILED: "1314.25-details", "cmea", "Manual 2010, section XIV, Proof of Identity", By::ALL,
    "A licence or government card without photograph gives name, birth date, sex, height, eye colour and address",
    ["law-cmea-id-no-photo-details", "pharm-cmea-id-16-and-over"],
    Some(date(2006, 9, 30)),
    None
);

/// The words of [`IdDocument`], in its order.
const DOCUMENTS: &[&str] = &[
    "government-photo-card",
    "us-passport",
    "i-551",
    "foreign-passport-i-551",
    "i-766",
    "foreign-passport-i-94",
    "micronesia-marshall-passport",
    "enlistment-card",
    "drivers-licence",
    "school-card",
    "voter-card",
    "military-card",
    "government-card",
    "dependant-card",
    "tribal-document",
    "merchant-mariner-card",
    "canadian-licence",
    "school-record",
    "medical-record",
    "nursery-record",
    "work-badge",
    "other",
];

parameter!(ANY_AGE: "cmea.documents.any-age", "documents that serve at any age", Intersection, Domain::Words(DOCUMENTS), [
    Row::of(By::ALL, 0b1111_1111, "Manual 2010, section XIV, Proof of Identity"),
]);
parameter!(FROM_SIXTEEN: "cmea.documents.from-sixteen", "documents that serve from 16 years of age", Intersection, Domain::Words(DOCUMENTS), [
    Row::of(By::ALL, 0b1_1111_1111 << 8, "Manual 2010, section XIV, Proof of Identity"),
]);
parameter!(MINOR: "cmea.documents.under-eighteen", "documents that serve under 18 years of age, for want of others", Intersection, Domain::Words(DOCUMENTS), [
    Row::of(By::ALL, 0b111 << 17, "Manual 2010, section XIV, Proof of Identity"),
]);
parameter!(SIXTEEN: "cmea.sixteen.years", "years of age from which the second list serves", Max, Domain::Number("years"), [
    Row::of(By::ALL, 16, "Manual 2010, section XIV, Proof of Identity"),
]);

/// What a card without photograph says instead.
fn details(document: IdDocument) -> bool {
    matches!(document, IdDocument::DriversLicence | IdDocument::GovernmentCard)
}

/// (1), (3), (4): whether the document is of a list that serves at this age, and has not run out.
pub(crate) fn listed(law: &Law<'_>, purchaser: &Purchaser, document: IdDocument, sale: &SlcpSale) -> Outcome {
    let age = purchaser.years(law.day);
    let on = |parameter| law.value(parameter, 0) & bit(document) != 0;
    let serves = on(&ANY_AGE)
        || (on(&FROM_SIXTEEN) && age >= law.value(&SIXTEEN, 16))
        || (on(&MINOR) && age < law.value(&super::counter::ADULT, 18));
    let photo = !matches!(document, IdDocument::GovernmentPhotoCard | IdDocument::SchoolCard) || sale.photograph;
    Outcome::unless(serves && photo && !sale.document_expired, || {
        let what = if sale.document_expired {
            format!("the {document} has run out")
        } else if serves {
            format!("the {document} has no photograph")
        } else {
            format!("the {document} is of no list that serves at {age}")
        };
        law.deny(
            &LISTED,
            Reason::IdentityNotShown,
            "LAW-1314.25-DOCUMENT",
            what,
            "ask for photographic identification of a government, or another document of the lists",
        )
        .about("slcp.document")
    })
}

/// (2): whether the card of an enlisted person is shown where it may be.
pub(crate) fn enlisted(law: &Law<'_>, document: IdDocument, seller: SellerKind) -> Outcome {
    if document != IdDocument::EnlistmentCard {
        return Outcome::NotApplicable;
    }
    Outcome::unless(seller == SellerKind::ArmedForces, || {
        law.deny(
            &ENLISTED,
            Reason::IdentityNotShown,
            "LAW-1314.25-ENLISTED",
            "only the Armed Forces may accept the card of an enlisted person as a document of the first list",
            "ask for another document",
        )
        .about("slcp.document")
    })
}

/// (3): whether a card without photograph says everything that stands in for it.
pub(crate) fn detailed(law: &Law<'_>, document: IdDocument, photograph: bool, missing: &[Detail]) -> Outcome {
    if photograph || !details(document) {
        return Outcome::NotApplicable;
    }
    Outcome::unless(missing.is_empty(), || {
        let lacks: Vec<&str> = missing.iter().map(|detail| detail.word()).collect();
        law.deny(
            &DETAILED,
            Reason::IdentityNotShown,
            "LAW-1314.25-DETAILS",
            format!("the {document} has no photograph and lacks {}", lacks.join(", ")),
            "ask for a document with photograph",
        )
        .about("slcp.details_missing")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_use_the_words_of_the_vocabulary() {
        let words: Vec<&str> = IdDocument::LIST.iter().map(|(word, _)| *word).collect();
        assert_eq!(words, DOCUMENTS);
    }
}
