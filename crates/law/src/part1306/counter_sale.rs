//! 21 CFR 1306.26 (once 1306.32): schedule V without a prescription.
//!
//! Not a prescription drug, and no other law asks for a prescription. (a) A pharmacist dispenses; another may take the
//! money afterwards. (b) In any 48 hours to one purchaser: 240 mL or 48 dosage units with opium, 120 mL or 24 units of
//! others. (c) The purchaser is 18 or older. (d) One whom the pharmacist does not know shows identification. (e) A bound
//! book records the sale. (f) A central fill pharmacy does not sell.
//! The 48 hours are elapsed time before the sale; a sale exactly 48 hours ago is out.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Act, Product, Purchaser};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{HistoryKind, Identification, Site, Staff, Unit};
use crate::when::When;

rule!(NOT_RX: "1306.26-not-prescription", "otc-schedule-v", "21 CFR 1306.26", By::ALL,
    "Only what is not a prescription drug is sold without a prescription",
    ["law-otc-not-prescription-drug", "law-forms-nonprescription-drug-path"]);
rule!(RETAIL: "1306.26-central-fill", "otc-schedule-v", "21 CFR 1306.26(f)", By::ALL,
    "A central fill pharmacy makes no counter sales",
    ["law-otc-no-central-fill", "law-cf-no-counter-sales"]);
rule!(PHARMACIST: "1306.26-pharmacist", "otc-schedule-v", "21 CFR 1306.26(a)", By::ALL,
    "A pharmacist makes the sale; another employee may take the money afterwards",
    ["law-otc-pharmacist-only", "law-otc-payment-by-other"]);
rule!(AGE: "1306.26-age", "otc-schedule-v", "21 CFR 1306.26(c)", By::ALL,
    "The purchaser is at least 18 years old",
    ["law-otc-age"]);
rule!(IDENTITY: "1306.26-identity", "otc-schedule-v", "21 CFR 1306.26(d)", By::ALL,
    "A purchaser whom the pharmacist does not know shows identification",
    ["law-otc-identification"]);
rule!(LIMIT: "1306.26-limit", "otc-schedule-v", "21 CFR 1306.26(b)", By::ALL,
    "In any 48 hours one purchaser gets at most 240 mL or 48 units with opium, 120 mL or 24 units without",
    ["law-otc-opium-volume", "law-otc-opium-units", "law-otc-other-volume", "law-otc-other-units", "law-otc-48-hours-rolling"]);

parameter!(OPIUM_ML: "counter.opium.ml", "millilitres with opium to one purchaser in 48 hours", Min, Domain::Number("mL"), [Row::of(By::ALL, 240, "21 CFR 1306.26(b)")]);
parameter!(OPIUM_UNITS: "counter.opium.units", "dosage units with opium to one purchaser in 48 hours", Min, Domain::Number("units"), [Row::of(By::ALL, 48, "21 CFR 1306.26(b)")]);
parameter!(OTHER_ML: "counter.other.ml", "millilitres without opium to one purchaser in 48 hours", Min, Domain::Number("mL"), [Row::of(By::ALL, 120, "21 CFR 1306.26(b)")]);
parameter!(OTHER_UNITS: "counter.other.units", "dosage units without opium to one purchaser in 48 hours", Min, Domain::Number("units"), [Row::of(By::ALL, 24, "21 CFR 1306.26(b)")]);
parameter!(YEARS: "counter.age", "years of age that a purchaser must have", Max, Domain::Number("years"), [Row::of(By::ALL, 18, "21 CFR 1306.26(c)")]);

const WINDOW_SECONDS: i64 = 48 * 3600;

/// Whether it may go without a prescription.
pub(crate) fn not_prescription(law: &Law<'_>, product: &Product) -> Outcome {
    Outcome::unless(!product.prescription_drug, || {
        law.deny(
            &NOT_RX,
            Reason::PrescriptionRequired,
            "LAW-1306.26-PRESCRIPTION",
            "the product is a prescription drug",
            "ask for a prescription",
        )
        .about("product.prescription_drug")
    })
}

/// Whether the pharmacy sells to the public.
pub(crate) fn retail(law: &Law<'_>, site: Site) -> Outcome {
    Outcome::unless(site == Site::Retail, || {
        law.deny(
            &RETAIL,
            Reason::CentralFillProhibited,
            "LAW-1306.26-CENTRAL-FILL",
            "a central fill pharmacy makes no counter sales",
            "send the purchaser to a retail pharmacy",
        )
        .about("pharmacy.kind")
    })
}

/// Whether a pharmacist sells.
pub(crate) fn pharmacist(law: &Law<'_>, seller: Staff) -> Outcome {
    Outcome::unless(seller == Staff::Pharmacist, || {
        law.deny(
            &PHARMACIST,
            Reason::NotAuthorized,
            "LAW-1306.26-PHARMACIST",
            format!("a {seller} makes the sale"),
            "let a pharmacist dispense it",
        )
        .about("request.seller")
    })
}

/// Whether the purchaser is old enough.
pub(crate) fn age(law: &Law<'_>, purchaser: &Purchaser) -> Outcome {
    let Some(bound) = law.bound(&YEARS) else { return Outcome::NotApplicable };
    Outcome::unless(u64::from(purchaser.age) >= bound.value, || {
        law.deny(
            &AGE,
            Reason::Underage,
            "LAW-1306.26-AGE",
            format!("the purchaser is {} years old", purchaser.age),
            "do not sell it",
        )
        .by(&bound)
        .about("purchaser.age")
    })
}

/// Whether the purchaser is known or identified.
pub(crate) fn identity(law: &Law<'_>, purchaser: &Purchaser) -> Outcome {
    Outcome::unless(purchaser.known || purchaser.identification == Identification::GovernmentPhoto, || {
        law.deny(
            &IDENTITY,
            Reason::IdentityNotShown,
            "LAW-1306.26-IDENTITY",
            "the purchaser is not known and shows no suitable identification",
            "ask for identification with proof of age",
        )
        .about("purchaser.identification")
    })
}

/// Whether the limit in 48 hours is kept.
pub(crate) fn limit(law: &Law<'_>, product: &Product, unit: Unit, asked: u64, history: &[Act], at: When) -> Outcome {
    let volume = matches!(unit, Unit::Millilitre | Unit::Gram);
    let parameter = match (product.contains_opium, volume) {
        (true, true) => &OPIUM_ML,
        (true, false) => &OPIUM_UNITS,
        (false, true) => &OTHER_ML,
        (false, false) => &OTHER_UNITS,
    };
    let Some(bound) = law.bound(parameter) else { return Outcome::NotApplicable };
    let recent = |act: &&Act| match (act.at.moment(), at.moment()) {
        (Some(then), Some(now)) => now.seconds_since(then) < WINDOW_SECONDS,
        _ => true,
    };
    let sold = history
        .iter()
        .filter(|act| act.kind == HistoryKind::Sale)
        .filter(recent)
        .fold(0_u64, |sum, act| sum.saturating_add(act.units()));
    Outcome::unless(sold.saturating_add(asked) <= bound.value, || {
        law.deny(
            &LIMIT,
            Reason::LimitExceeded,
            "LAW-1306.26-LIMIT",
            format!("{sold} and {asked} exceed {} in 48 hours", bound.value),
            format!("sell at most {} now", bound.value.saturating_sub(sold)),
        )
        .by(&bound)
        .about("request.quantity")
    })
}
