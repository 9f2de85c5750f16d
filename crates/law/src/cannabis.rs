//! Cards, "Legalized Marijuana", "Cannabis Products: CBD and Hemp DEA Changes"; 21 U.S.C. 802(16), 841, 863; 21 U.S.C. 321(ff)(3)(B), 331(ll): products of the cannabis plant.
//!
//! (a) A pharmacy registered with DEA sells neither marijuana nor paraphernalia, whatever a State allows. (b) Cannabidiol is
//! sold neither as a dietary supplement nor in food. (c) Cannabidiol from hemp for use on the skin is sold where a State
//! allows it, and only there.

use crate::edition::{By, Domain, Law, parameter};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::CannabisProduct;

rule!(NEVER: "cannabis-never", "cannabis", "Cards 2021, Legalized Marijuana; 21 U.S.C. 841, 863", By::ALL,
    "A registered pharmacy sells neither marijuana nor paraphernalia, whatever a State allows",
    ["law-cannabis-pharmacy-none"]);
rule!(NO_FOOD: "cannabis-food", "cannabis", "Cards 2021, Cannabis Products: CBD and Hemp DEA Changes; 21 U.S.C. 331", By::ALL,
    "Cannabidiol is sold neither as a dietary supplement nor in food",
    ["law-cannabis-cbd-food"]);
rule!(TOPICAL: "cannabis-topical", "cannabis", "Cards 2021, Cannabis Products: CBD and Hemp DEA Changes; State law", By::ALL,
    "Cannabidiol from hemp for use on the skin is sold where a State allows it",
    ["law-cannabis-topical-state"]);

parameter!(ALLOWED: "cannabis.topical", "whether cannabidiol from hemp for use on the skin may be sold", Permitted, Domain::YesNo, []);

/// (a).
pub(crate) fn never(law: &Law<'_>, product: CannabisProduct) -> Outcome {
    use CannabisProduct as P;
    Outcome::unless(!matches!(product, P::Marijuana | P::Paraphernalia), || {
        law.deny(
            &NEVER,
            Reason::SaleProhibited,
            "LAW-CANNABIS-NEVER",
            format!("a pharmacy registered with DEA does not sell {product}"),
            "do not sell it, whatever the State allows",
        )
        .about("request.product")
    })
}

/// (b).
pub(crate) fn no_food(law: &Law<'_>, product: CannabisProduct) -> Outcome {
    use CannabisProduct as P;
    Outcome::unless(!matches!(product, P::CbdSupplement | P::CbdFood), || {
        law.deny(
            &NO_FOOD,
            Reason::SaleProhibited,
            "LAW-CANNABIS-FOOD",
            "cannabidiol may be neither a dietary supplement nor a food additive",
            "do not sell it",
        )
        .about("request.product")
    })
}

/// (c).
pub(crate) fn topical(law: &Law<'_>, product: CannabisProduct) -> Outcome {
    if product != CannabisProduct::HempTopical {
        return Outcome::NotApplicable;
    }
    Outcome::unless(law.says(&ALLOWED), || {
        let denial = law.deny(
            &TOPICAL,
            Reason::StateProhibits,
            "LAW-CANNABIS-TOPICAL",
            "no State rule allows this sale",
            "sell it only where State law allows it",
        );
        match law.bound(&ALLOWED) {
            Some(bound) => denial.by(&bound),
            None => denial,
        }
        .about("facts.state")
    })
}
