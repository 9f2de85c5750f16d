//! 21 CFR 1306.26 (once 1306.32): schedule V without a prescription.
//!
//! Not a prescription drug, and no other law asks for a prescription. (a) A pharmacist dispenses; another may take the
//! money afterwards. (b) In any 48 hours to one purchaser: 240 mL or 48 dosage units with opium, 120 mL or 24 units of
//! others. (c) The purchaser is 18 or older. (d) One whom the pharmacist does not know shows identification. (e) A bound
//! book records the sale. (f) A central fill pharmacy does not sell.
//! Chosen reading: the text names schedules II to V, the cards schedule V; every product of II to IV on the market is a
//! prescription drug, so V alone costs nobody a sale and catches a slip in the drug file.
//! The 48 hours are elapsed time before the sale; a sale exactly 48 hours ago is out.

use crate::edition::{By, Domain, Law, Row, bit, parameter};
use crate::facts::{Act, Product, Purchaser};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{BookElement, HistoryKind, Identification, Placement, Schedule, Site, Staff, Unit, Word};
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
    ["law-otc-mixed-products", "law-otc-opium-volume", "law-otc-opium-units", "law-otc-other-volume", "law-otc-other-units", "law-otc-48-hours-rolling"]);

rule!(SCHEDULES: "1306.26-schedules", "otc-schedule-v", "21 CFR 1306.26; Cards 2021, Dispensing Non-Prescription Controlled Substances", By::ALL,
    "Without a prescription only products of schedule V are sold; the manual of 2010 names schedules II to V",
    ["law-otc-schedules"]);
rule!(OTHER_LAW: "1306.26-other-law", "otc-schedule-v", "21 CFR 1306.26(f)", By::ALL,
    "No other Federal, State or local law asks for a prescription",
    ["law-otc-no-other-law", "law-otc-state-stricter", "pharm-otc-only-non-legend"]);
rule!(KEPT: "1306.26-kept", "otc-schedule-v", "State law; Cards 2021, Dispensing Non-Prescription Controlled Substances", By::ALL,
    "Where a State asks for it, such products are behind the counter",
    ["law-otc-state-stricter"]);
rule!(BOOK: "1306.26-book", "otc-schedule-v", "21 CFR 1306.26(e)", By::ALL,
    "The book has the purchaser's name and address, the drug and its quantity, the date, and the pharmacist",
    ["law-otc-record", "pharm-otc-record-book"]);

parameter!(OF_SCHEDULES: "counter.schedules", "schedules of which products are sold without a prescription", Intersection, Domain::Words(SCHEDULE_WORDS), [
    Row::of(By::M10, 0b1_1110, "Manual 2010, section X, Dispensing Without a Prescription"),
    Row::of(By::C21, 0b1_0000, "Cards 2021, Dispensing Non-Prescription Controlled Substances"),
    Row::of(By::CFR, 0b1_0000, "21 CFR 1306.26"),
]);
parameter!(RX_ONLY: "counter.prescription-only", "whether such products take a prescription", Required, Domain::YesNo, []);
parameter!(BEHIND: "counter.behind", "whether such products are kept behind the counter", Required, Domain::YesNo, []);
parameter!(OPIUM_ML: "counter.opium.ml", "millilitres with opium to one purchaser in 48 hours", Min, Domain::Number("mL"), [Row::of(By::ALL, 240, "21 CFR 1306.26(b)")]);
parameter!(OPIUM_UNITS: "counter.opium.units", "dosage units with opium to one purchaser in 48 hours", Min, Domain::Number("units"), [Row::of(By::ALL, 48, "21 CFR 1306.26(b)")]);
parameter!(OTHER_ML: "counter.other.ml", "millilitres without opium to one purchaser in 48 hours", Min, Domain::Number("mL"), [Row::of(By::ALL, 120, "21 CFR 1306.26(b)")]);
parameter!(OTHER_UNITS: "counter.other.units", "dosage units without opium to one purchaser in 48 hours", Min, Domain::Number("units"), [Row::of(By::ALL, 24, "21 CFR 1306.26(b)")]);
parameter!(YEARS: "counter.age", "years of age that a purchaser must have", Max, Domain::Number("years"), [Row::of(By::ALL, 18, "21 CFR 1306.26(c)")]);

/// The words of [`Schedule`], in its order.
const SCHEDULE_WORDS: &[&str] = &["I", "II", "III", "IV", "V", "none"];

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

/// Whether products of its schedule are sold without a prescription.
pub(crate) fn of_schedule(law: &Law<'_>, schedule: Schedule) -> Outcome {
    let Some(bound) = law.bound(&OF_SCHEDULES) else { return Outcome::NotApplicable };
    Outcome::unless(bound.value & bit(schedule) != 0, || {
        law.deny(
            &SCHEDULES,
            Reason::PrescriptionRequired,
            "LAW-1306.26-SCHEDULE",
            format!("the product is in schedule {schedule}"),
            "ask for a prescription",
        )
        .by(&bound)
        .about("counter.schedule")
    })
}

/// Whether another law asks for a prescription.
pub(crate) fn no_other_law(law: &Law<'_>) -> Outcome {
    let Some(bound) = law.bound(&RX_ONLY) else { return Outcome::NotApplicable };
    Outcome::unless(!bound.yes(), || {
        let what = "the product takes a prescription here";
        law.deny(&OTHER_LAW, Reason::PrescriptionRequired, "LAW-1306.26-OTHER-LAW", what, "ask for a prescription")
            .by(&bound)
            .about("facts.state")
    })
}

/// Whether it is kept where the State wants it.
pub(crate) fn kept(law: &Law<'_>, kept: Placement) -> Outcome {
    let Some(bound) = law.bound(&BEHIND) else { return Outcome::NotApplicable };
    Outcome::unless(!bound.yes() || kept == Placement::BehindCounter, || {
        let what = format!("the product is kept in the open: {kept}");
        law.deny(&KEPT, Reason::WrongPlace, "LAW-1306.26-PLACE", what, "keep it behind the counter")
            .by(&bound)
            .about("counter.kept")
    })
}

/// Whether the entry in the book is complete.
pub(crate) fn book(law: &Law<'_>, missing: &[BookElement]) -> Outcome {
    Outcome::unless(missing.is_empty(), || {
        let lacks: Vec<&str> = missing.iter().map(|element| element.word()).collect();
        let what = format!("the entry in the book lacks {}", lacks.join(", "));
        law.deny(&BOOK, Reason::ElementMissing, "LAW-1306.26-BOOK", what, "complete the entry, then sell")
            .about("counter.missing")
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
    let years = purchaser.years(law.day);
    Outcome::unless(years >= bound.value, || {
        law.deny(
            &AGE,
            Reason::Underage,
            "LAW-1306.26-AGE",
            format!("the purchaser is {years} years old"),
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
            match bound.value.saturating_sub(sold) {
                0 => "sell nothing now; an earlier sale leaves the 48 hours first".to_owned(),
                rest => format!("sell at most {rest} now"),
            },
        )
        .by(&bound)
        .about("request.quantity")
    })
}
