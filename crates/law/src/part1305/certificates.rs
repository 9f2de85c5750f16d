//! 21 CFR 1311.10 to 1311.60, 1305.21: certificates for electronic orders.
//!
//! (1311.20) A registrant appoints a coordinator before anybody there orders electronically.
//! (1311.30, 1311.40) The certification authority is told to revoke a certificate when its holder may no longer sign, when
//!     what it rests on changes, or when its key is compromised, stolen or lost; from then on it signs nothing.
//!     (1311.30) The loss of a key is reported within 24 hours of its substantiation.
//! (1305.11, triplicate form) A book holds seven sets, and at most six books come at a time unless more are needed.

use crate::edition::{By, Domain, Law, Row, UNLIMITED, parameter};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use jiff::civil::date;

rule!(COORDINATOR: "1311.20-coordinator", "ordering", "21 CFR 1311.20", By::ALL,
    "A registrant appoints a coordinator for certificates before ordering electronically",
    ["law-ord-csos-coordinator", "pharm-csos-coordinator"]);
rule!(REVOCATION: "1311.45-revocation", "ordering", "21 CFR 1311.40, 1311.45", By::ALL,
    "A certificate is revoked and no longer used when its holder loses authority, its information changes, or its key is compromised, stolen or lost",
    ["law-ord-csos-cert-revocation", "pharm-csos-revocation-triggers"]);
rule!(BOOKS: "1305.11-books", "ordering", "Manual 2010, section VIII", By::M10,
    "At most six books of seven forms are supplied at a time unless a need for more is stated",
    ["law-ord-222-book-limits", "pharm-222-book-limits"]);

parameter!(MOST_BOOKS: "order.books", "books of triplicate forms supplied at a time without a stated need", Min, Domain::Number("books"), [
    Row::of(By::M10, 6, "Manual 2010, section VIII"),
    Row::of(By::CFR, UNLIMITED, "21 CFR 1305.11; 84 FR 51368").since(date(2021, 11, 1)).retired(),
]);

parameter!(KEY_HOURS: "order.key.hours", "hours after its substantiation in which the loss, theft or compromise of a key for electronic orders is reported", Min,
    Domain::Number("hours"), [Row::of(By::CFR, 24, "21 CFR 1311.30")]);

/// Whether somebody answers for the certificates.
pub(crate) fn coordinator(law: &Law<'_>, appointed: bool) -> Outcome {
    Outcome::unless(appointed, || {
        law.deny(
            &COORDINATOR,
            Reason::NotAuthorized,
            "LAW-1311.20-COORDINATOR",
            "no coordinator for certificates is appointed",
            "appoint a coordinator, with name, contact and date",
        )
        .about("request.coordinator_appointed")
    })
}

/// Whether so many books may be asked for.
pub(crate) fn books(law: &Law<'_>, books: u64, need_stated: bool) -> Outcome {
    let Some(bound) = law.bound(&MOST_BOOKS) else { return Outcome::NotApplicable };
    Outcome::unless(books <= bound.value || need_stated, || {
        law.deny(
            &BOOKS,
            Reason::LimitExceeded,
            "LAW-1305.11-BOOKS",
            format!("{books} books, and {} come at a time", bound.value),
            "state why more are needed, to the registration specialist",
        )
        .by(&bound)
        .about("request.books")
    })
}
