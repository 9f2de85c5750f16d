//! 21 CFR 1306.26 and part 1314: sales without a prescription.

use super::{Case, check};
use serde_json::{Value, json};

/// A sale of `quantity` of a product without opium, at noon.
fn counter(quantity: u64, unit: &str, history: Value) -> Case {
    let facts = json!({"product": {}, "purchaser": {"age": 30, "known": true}, "pharmacy": {}, "history": history});
    Case::ask("sell-otc-cv", "2022-03-10T12:00:00-05:00", facts)
        .with("request/quantity", quantity)
        .with("request/unit", unit)
        .with("request/seller", "pharmacist")
}

const SOLD: &str = "permit record-in-bound-book";

/// Requirements: law-forms-nonprescription-drug-path, pharm-otc-only-non-legend
#[test]
fn only_what_is_not_a_prescription_drug_goes_over_the_counter() {
    check(&counter(120, "mL", json!([])), SOLD);
    check(&counter(120, "mL", json!([])).with("facts/product/prescription_drug", true), "deny prescription-required");
}

/// Requirements: law-cf-no-counter-sales, pharm-otc-not-central-fill
#[test]
fn a_central_fill_pharmacy_makes_no_counter_sales() {
    check(&counter(120, "mL", json!([])).with("facts/pharmacy/kind", "retail"), SOLD);
    check(&counter(120, "mL", json!([])).with("facts/pharmacy/kind", "central-fill"), "deny central-fill-prohibited");
}

/// Requirements: pharm-otc-pharmacist-dispenses
#[test]
fn a_pharmacist_sells_and_a_cashier_takes_the_money() {
    check(&counter(24, "tablet", json!([])).with("request/cashier", "clerk"), SOLD);
    check(&counter(24, "tablet", json!([])).with("request/seller", "technician"), "deny not-authorized");
}

/// Requirements: law-otc-mixed-products, pharm-otc-limit-cumulative, pharm-otc-limit-other, pharm-otc-limit-opium
#[test]
fn volumes_of_all_products_add_up_in_forty_eight_hours() {
    let before = |ml: u64| json!([{"kind": "sale", "at": "2022-03-09T12:00:00-05:00", "quantity": ml}]);
    check(&counter(60, "mL", before(60)), SOLD);
    check(&counter(61, "mL", before(60)), "deny limit-exceeded");
    let thrice = json!([{"kind": "sale", "at": "2022-03-09T12:00:00-05:00", "quantity": 60},
        {"kind": "sale", "at": "2022-03-10T11:00:00-05:00", "quantity": 60}]);
    check(&counter(60, "mL", thrice.clone()), "deny limit-exceeded");
    check(&counter(1, "mL", thrice.clone()), "deny limit-exceeded");
    let opium = counter(120, "mL", thrice).with("facts/product/contains_opium", true);
    check(&opium, SOLD);
    check(&opium.with("request/quantity", 121), "deny limit-exceeded");
    // The window slides: one second before the 48 hours are over the sale still counts.
    let monday = json!([{"kind": "sale", "at": "2022-03-08T12:00:00-05:00", "quantity": 120}]);
    check(&counter(120, "mL", monday.clone()), SOLD);
    check(&counter(120, "mL", monday).with("request/at", "2022-03-10T11:59:59-05:00"), "deny limit-exceeded");
}

/// A sale of listed chemical tablets.
fn tablets(chemical: &str, salt: &str, mg: u64, count: u64) -> Case {
    let facts = json!({"product": {"chemical": chemical, "salt": salt, "mg_per_unit": mg, "packaging": "blister-2"},
        "purchaser": {"age": 30}, "pharmacy": {}, "history": []});
    Case::ask("sell-slcp", "2022-03-10T12:00:00-05:00", facts).with("request/quantity", count)
}

/// Chemical, salt, milligrams a tablet; then tablets a day, in 30 days, by mail in 30 days.
type Product = (&'static str, &'static str, u64, u64, u64, u64);

const PRODUCTS: [Product; 8] = [
    ("ephedrine", "hydrochloride", 25, 175, 439, 366),
    ("ephedrine", "sulfate", 25, 186, 466, 389),
    ("pseudoephedrine", "hydrochloride", 30, 146, 366, 305),
    ("pseudoephedrine", "hydrochloride", 60, 73, 183, 152),
    ("pseudoephedrine", "hydrochloride", 120, 36, 91, 76),
    ("pseudoephedrine", "sulfate", 30, 155, 389, 324),
    ("pseudoephedrine", "sulfate", 60, 77, 194, 162),
    ("pseudoephedrine", "sulfate", 120, 38, 97, 81),
];

/// Requirements: pharm-cmea-table-daily, pharm-cmea-daily-limit
#[test]
fn a_day_takes_the_tablets_of_the_table_in_any_number_of_sales() {
    for (chemical, salt, mg, daily, _, _) in PRODUCTS {
        check(&tablets(chemical, salt, mg, daily), "permit log-sale");
        check(&tablets(chemical, salt, mg, daily + 1), "deny limit-exceeded");
        let earlier = json!([{"kind": "sale", "at": "2022-03-10T08:00:00-05:00", "quantity": daily - 1}]);
        let last = tablets(chemical, salt, mg, 2).with("facts/history", earlier);
        check(&last, "deny limit-exceeded");
        // Two packages are always entered in the log.
        let tomorrow = last.with("request/at", "2022-03-11T08:00:00-05:00").with("request/packages", 2);
        check(&tomorrow, "permit log-sale");
    }
}

/// Requirements: pharm-cmea-table-30-day-retail, pharm-cmea-30-day-limit
#[test]
fn thirty_days_take_the_tablets_of_the_table() {
    for (chemical, salt, mg, _, monthly, _) in PRODUCTS {
        let earlier = |count: u64| json!([{"kind": "sale", "at": "2022-02-20T12:00:00-05:00", "quantity": count}]);
        let one = tablets(chemical, salt, mg, 1);
        // One package of at most 60 mg of pseudoephedrine needs no entry.
        let small = if chemical == "pseudoephedrine" && mg <= 60 { "permit" } else { "permit log-sale" };
        check(&one.with("facts/history", earlier(monthly - 1)), small);
        check(&one.with("facts/history", earlier(monthly)), "deny limit-exceeded");
        let later = one.with("facts/history", earlier(monthly)).with("request/at", "2022-03-22T12:00:01-05:00");
        check(&later, small);
    }
}

/// Requirements: pharm-cmea-table-30-day-mail, pharm-cmea-mail-limit
#[test]
fn the_mail_takes_less_than_the_counter_in_thirty_days() {
    for (chemical, salt, mg, _, _, mailed) in PRODUCTS {
        let earlier = |count: u64| json!([{"kind": "sale-mail", "at": "2022-02-20T12:00:00-05:00", "quantity": count}]);
        let one = tablets(chemical, salt, mg, 1).with("request/channel", "mail");
        let small = if chemical == "pseudoephedrine" && mg <= 60 { "permit" } else { "permit log-sale" };
        check(&one.with("facts/history", earlier(mailed - 1)), small);
        let over = one.with("facts/history", earlier(mailed));
        check(&over, "deny limit-exceeded");
        check(&over.with("request/channel", "counter"), small);
    }
}

/// Requirements: law-sched-slcp-otc-only
#[test]
fn a_listed_chemical_dispensed_on_a_prescription_is_no_listed_product() {
    let much = tablets("pseudoephedrine", "hydrochloride", 30, 147);
    check(&much, "deny limit-exceeded");
    check(&much.with("facts/product/prescription_drug", true), "permit");
}

/// Requirements: law-cmea-id-photo
#[test]
fn an_adult_purchaser_shows_a_government_document_with_photograph() {
    let case = tablets("pseudoephedrine", "hydrochloride", 30, 20);
    check(&case.with("facts/purchaser/identification", "government-photo"), "permit log-sale");
    for other in ["none", "under-18-document"] {
        check(&case.with("facts/purchaser/identification", other), "deny identity-not-shown");
    }
}

/// Requirements: pharm-cmea-packaging
#[test]
fn tablets_come_in_blisters_of_two_or_unit_doses() {
    let case = tablets("pseudoephedrine", "hydrochloride", 30, 20);
    for packaging in ["blister-2", "unit-dose", "liquid"] {
        check(&case.with("facts/product/packaging", packaging), "permit log-sale");
    }
    for packaging in ["bottle", "blister-larger"] {
        check(&case.with("facts/product/packaging", packaging), "deny packaging");
    }
}

/// Requirements: law-cmea-per-chemical
#[test]
fn the_limits_hold_for_each_chemical_on_its_own() {
    let other = json!([{"kind": "sale", "at": "2022-03-10T08:00:00-05:00", "base_mg": 3600, "chemical": "ephedrine"}]);
    let sale = tablets("pseudoephedrine", "hydrochloride", 30, 146);
    check(&sale.with("facts/history", other.clone()), "permit log-sale");
    check(&tablets("ephedrine", "sulfate", 25, 1).with("facts/history", other), "deny limit-exceeded");
    // An entry that names no chemical counts against the one asked about.
    let unnamed = json!([{"kind": "sale", "at": "2022-03-10T08:00:00-05:00", "base_mg": 3600}]);
    check(&sale.with("facts/history", unnamed), "deny limit-exceeded");
}

/// Requirements: pharm-cmea-logbook-60mg-exception
#[test]
fn one_package_of_sixty_milligrams_needs_no_entry_in_the_log() {
    let sale = tablets("pseudoephedrine", "hydrochloride", 30, 2);
    check(&sale, "permit");
    check(&sale.with("request/packages", 2), "permit log-sale");
    check(&tablets("pseudoephedrine", "hydrochloride", 30, 3), "permit log-sale");
    check(&tablets("ephedrine", "hydrochloride", 25, 2), "permit log-sale");
}

/// Requirements: pharm-cmea-id-under-18, pharm-cmea-training-before-selling
#[test]
fn a_report_card_serves_at_seventeen_and_an_untrained_seller_at_no_age() {
    let sale =
        tablets("pseudoephedrine", "hydrochloride", 30, 20).with("facts/purchaser/identification", "under-18-document");
    check(&sale.with("facts/purchaser/age", 17), "permit log-sale");
    check(&sale.with("facts/purchaser/age", 18), "deny identity-not-shown");
    let untrained = sale.with("facts/purchaser/age", 17).with("facts/pharmacy/seller_trained", false);
    check(&untrained, "deny not-authorized");
}

/// Requirements: pharm-otc-identification
#[test]
fn a_purchaser_is_known_or_shows_identification() {
    let sale = counter(24, "tablet", json!([]));
    let stranger = sale.with("facts/purchaser/known", false);
    check(&stranger, SOLD);
    check(&stranger.with("facts/purchaser/identification", "none"), "deny identity-not-shown");
    check(&sale.with("facts/purchaser/identification", "none"), SOLD);
}

/// Requirements: pharm-otc-age-18, law-otc-age
#[test]
fn a_purchaser_is_eighteen_on_the_birthday_and_not_the_day_before() {
    let born = |born: &str, at: &str| {
        let sale = counter(24, "tablet", json!([])).with("facts/purchaser/born", born);
        sale.with("request/at", format!("{at}T12:00:00-05:00"))
    };
    check(&born("2004-03-10", "2022-03-10"), SOLD);
    check(&born("2004-03-11", "2022-03-10"), "deny underage");
    // Born on a leap day: the year is complete with the last day of February.
    check(&born("2004-02-29", "2022-02-28"), SOLD);
    check(&born("2004-02-29", "2022-02-27"), "deny underage");
    check(&born("2030-01-01", "2022-03-10"), "deny underage");
}
