//! 21 CFR 1314.05, 1314.25, 1314.30, 1314.35, 1314.40: who sells a listed chemical product, packed how, to whom.
//!
//! (1314.40) The seller certified itself with DEA. (1314.35) Whoever sells was trained. (1314.05) Non-liquids come in
//! blister packs of at most two units, or in unit dose packets. (1314.25(b)) The purchaser shows photographic
//! identification of a government; under 18 another document of the list serves. (1314.30) The sale is logged, except
//! one package of at most 60 mg pseudoephedrine; the exemption is from the log only.
//! Dispensed on a prescription it is no listed chemical product.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Pharmacy, Product, Purchaser};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Chemical, Identification, Packaging};
use jiff::civil::date;

rule!(CERTIFIED: "1314.40-certified", "cmea", "21 CFR 1314.40", By::ALL,
    "A seller sells listed chemical products only after certifying itself with DEA",
    ["law-cmea-self-certify"],
    Some(date(2006, 9, 30)),
    None
);
rule!(TRAINED: "1314.35-trained", "cmea", "21 CFR 1314.35", By::ALL,
    "Whoever sells listed chemical products was trained",
    ["law-cmea-train-before-selling"],
    Some(date(2006, 9, 30)),
    None
);
rule!(PACKED: "1314.05-packed", "cmea", "21 CFR 1314.05", By::ALL,
    "Non-liquid listed chemical products come in blisters of at most two units or in unit dose packets",
    ["law-cmea-blister"],
    Some(date(2006, 9, 30)),
    None
);
rule!(IDENTIFIED: "1314.25-identified", "cmea", "21 CFR 1314.25(b)", By::ALL,
    "The purchaser shows photographic identification of a government; under 18 another listed document serves",
    ["law-cmea-id-photo", "law-cmea-id-under-18"],
    Some(date(2006, 9, 30)),
    None
);
rule!(LOGGED: "1314.30-log", "cmea", "21 CFR 1314.30", By::ALL,
    "Each sale is logged, except one package of at most 60 mg pseudoephedrine",
    ["law-cmea-60mg-exemption", "law-cmea-exemption-log-only"],
    Some(date(2006, 9, 30)),
    None
);

parameter!(ADULT: "cmea.adult.years", "years of age from which only photographic identification serves", Min, Domain::Number("years"),
    [Row::of(By::ALL, 18, "Manual 2010, section XIV, Proof of Identity")]);
parameter!(UNLOGGED_MG: "cmea.unlogged.mg", "milligrams of pseudoephedrine in one package that need no log", Min, Domain::Number("mg"),
    [Row::of(By::ALL, 60, "21 CFR 1314.30")]);

/// Whether the seller certified itself.
pub(crate) fn certified(law: &Law<'_>, pharmacy: &Pharmacy) -> Outcome {
    Outcome::unless(pharmacy.self_certified, || {
        law.deny(
            &CERTIFIED,
            Reason::NotSelfCertified,
            "LAW-1314.40-CERTIFY",
            "the seller has not certified itself with DEA",
            "certify online, then sell",
        )
        .about("pharmacy.self_certified")
    })
}

/// Whether the seller was trained.
pub(crate) fn trained(law: &Law<'_>, pharmacy: &Pharmacy) -> Outcome {
    Outcome::unless(pharmacy.seller_trained, || {
        law.deny(
            &TRAINED,
            Reason::NotAuthorized,
            "LAW-1314.35-TRAIN",
            "the seller has not been trained",
            "let a trained employee sell it",
        )
        .about("pharmacy.seller_trained")
    })
}

/// Whether the packaging serves.
pub(crate) fn packed(law: &Law<'_>, product: &Product) -> Outcome {
    Outcome::unless(!matches!(product.packaging, Packaging::Bottle | Packaging::BlisterLarger), || {
        law.deny(
            &PACKED,
            Reason::Packaging,
            "LAW-1314.05-PACKAGING",
            format!("the packaging is {}", product.packaging),
            "sell blisters of at most two units or unit dose packets",
        )
        .about("product.packaging")
    })
}

/// Whether the purchaser is identified.
pub(crate) fn identified(law: &Law<'_>, purchaser: &Purchaser) -> Outcome {
    let shown = match purchaser.identification {
        Identification::GovernmentPhoto => true,
        Identification::Under18Document => purchaser.years(law.day) < law.value(&ADULT, 18),
        Identification::None => false,
    };
    Outcome::unless(shown, || {
        law.deny(
            &IDENTIFIED,
            Reason::IdentityNotShown,
            "LAW-1314.25-IDENTITY",
            "no identification of the list was shown",
            "ask for photographic identification of a government",
        )
        .about("purchaser.identification")
    })
}

/// Whether the sale goes in the log. Tablets count by the salt stated on the package.
pub(crate) fn logged(law: &Law<'_>, product: &Product, packages: u64, salt_mg: Option<u64>) -> bool {
    let small = salt_mg.is_some_and(|mg| mg <= law.value(&UNLOGGED_MG, 0));
    !(product.chemical == Some(Chemical::Pseudoephedrine) && packages == 1 && small)
}
