//! 21 CFR 1305.05: a power of attorney to sign orders.
//!
//! (a) A registrant may authorise one or more persons, at the registered location or not, to obtain order forms and to
//!     sign orders. (c), (d) Whoever signed the latest application for registration or renewal grants it; grantor and
//!     attorney sign, and two witnesses: the manual and the cards only suggest them, so their absence is a warning there.
//! (e) The grantor may revoke it at any time; an order signed before stays good. A renewal of the registration signed by
//!     another person ends it; signed by the same person it leaves it in force.
//! The power lies with the executed forms and is not sent to DEA.
//! Chosen reading: on the day of revocation itself an order is signed too late unless the hour shows otherwise.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::Power;
use crate::reason::Reason;
use crate::rule::{Condition, Outcome, rule};
use crate::vocab::{Grantor, RenewedBy};
use crate::when::When;
use std::cmp::Ordering;

rule!(GRANTED: "1305.05-granted", "poa", "21 CFR 1305.05(c)", By::ALL,
    "A power of attorney is granted by whoever signed the latest application, and signed by both",
    ["law-poa-grantor", "pharm-poa-signatures", "pharm-poa-grant"]);
rule!(RENEWED: "1305.05-renewed", "poa", "21 CFR 1305.05(c); Manual 2010, section VIII", By::ALL,
    "A renewal signed by a different person ends a power of attorney until it is granted again",
    ["law-poa-renewal", "pharm-poa-renewal-effect"]);
rule!(REVOKED: "1305.05-revoked", "poa", "21 CFR 1305.05(e)", By::ALL,
    "A revoked power of attorney lets nobody sign any more; what was signed before stays good",
    ["law-poa-revoke", "pharm-poa-revocation", "law-ord-222-signer"]);
rule!(WITNESSED: "1305.05-witnesses", "poa", "21 CFR 1305.05(c)", By::CFR,
    "Two witnesses sign a power of attorney",
    ["law-poa-witnesses", "pharm-poa-document-fields"]);
rule!(SUGGESTED: "1305.05-suggested", "poa", "Manual 2010, section VIII", By::ALL,
    "The suggested form of a power of attorney has two witnesses; fewer are a warning",
    ["law-poa-witnesses"]);

parameter!(WITNESSES: "power.witnesses", "witnesses who sign a power of attorney", Max, Domain::Number("witnesses"),
    [Row::of(By::CFR, 2, "21 CFR 1305.05(c)")]);

/// Witnesses on the suggested form.
const ON_THE_FORM: u32 = 2;

/// Who grants and who signs.
pub(crate) const GRANT: &[Condition<Power>] = &[
    Condition {
        rule: &GRANTED,
        holds: |power| power.grantor == Grantor::LatestSigner,
        reason: Reason::NotAuthorized,
        code: "LAW-1305.05-GRANTOR",
        what: "the grantor did not sign the latest application for registration",
        next: "let whoever signed the latest application or renewal grant it",
        field: "power.grantor",
    },
    Condition {
        rule: &GRANTED,
        holds: |power| power.grantor_signed,
        reason: Reason::NotSigned,
        code: "LAW-1305.05-UNSIGNED",
        what: "the grantor has not signed the power of attorney",
        next: "let the grantor sign it",
        field: "power.grantor_signed",
    },
    Condition {
        rule: &GRANTED,
        holds: |power| power.attorney_signed,
        reason: Reason::NotSigned,
        code: "LAW-1305.05-UNSIGNED",
        what: "the person authorised has not signed the power of attorney",
        next: "let the person authorised sign it",
        field: "power.attorney_signed",
    },
    Condition {
        rule: &RENEWED,
        holds: |power| power.renewed_by != RenewedBy::OtherPerson || power.granted_again,
        reason: Reason::NotAuthorized,
        code: "LAW-1305.05-RENEWED",
        what: "a different person signed the renewal, and the power of attorney was not granted again",
        next: "let the person who signed the renewal grant a new one",
        field: "power.renewed_by",
    },
];

/// Whether it was still in force when the order was signed.
pub(crate) fn in_force(law: &Law<'_>, at: When, power: &Power) -> Outcome {
    let Some(revoked) = power.revoked else { return Outcome::Satisfied };
    Outcome::unless(at.order(revoked) == Ordering::Less, || {
        law.deny(
            &REVOKED,
            Reason::NotAuthorized,
            "LAW-1305.05-REVOKED",
            format!("the power of attorney was revoked on {revoked}"),
            "let the registrant sign, or grant a new power of attorney",
        )
        .about("power.revoked")
    })
}

/// Whether the witnesses that the regulation asks for have signed.
pub(crate) fn witnessed(law: &Law<'_>, power: &Power) -> Outcome {
    let Some(bound) = law.bound(&WITNESSES) else { return Outcome::NotApplicable };
    Outcome::unless(u64::from(power.witnesses) >= bound.value, || {
        law.deny(
            &WITNESSED,
            Reason::WitnessMissing,
            "LAW-1305.05-WITNESSES",
            format!("{} of {} witnesses have signed", power.witnesses, bound.value),
            "let a second witness sign before the power is used",
        )
        .by(&bound)
        .about("power.witnesses")
    })
}

/// A warning when fewer have signed than the suggested form has.
pub(crate) fn as_suggested(law: &Law<'_>, power: &Power) -> Outcome {
    Outcome::unless(power.witnesses >= ON_THE_FORM, || {
        law.deny(
            &SUGGESTED,
            Reason::WitnessMissing,
            "LAW-1305.05-SUGGESTED",
            format!("{} of the {ON_THE_FORM} witnesses of the suggested form have signed", power.witnesses),
            "let a second witness sign",
        )
        .about("power.witnesses")
    })
}
