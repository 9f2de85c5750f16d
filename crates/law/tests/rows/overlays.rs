//! State law and house rules as files: what they add, what they cannot loosen, and who is named when they decide.

use super::{Case, answer, check, prescription, warnings};
use jiff::civil::date;
use serde_json::{Value, json};
use std::sync::Arc;
use theriac_law::{Overlay, Profile};

/// The strictest profile with a State's file laid over it.
fn state(rest: &str) -> Profile {
    let text = format!("edition = \"state.XX\"\n{rest}");
    Profile::strictest().in_state(Arc::new(Overlay::parse(&text).expect("written as the file format says")))
}

/// One parameter as an overlay file writes it.
fn sets(id: &str, value: &str) -> String {
    format!("[parameter.\"{id}\"]\nvalue = {value}\ncite = \"State law\"\n")
}

fn asked(profile: &Profile, case: &Case) -> String {
    answer(&case.decide(profile))
}

/// The refusal's edition and its citation.
fn decided_by(profile: &Profile, case: &Case) -> (String, String) {
    let refusal = case.decide(profile).refusal.expect("a refusal");
    (refusal.edition.name().into_owned(), refusal.cite.to_string())
}

fn sale(base_mg: u64) -> Case {
    let facts = json!({"product": {"chemical": "pseudoephedrine"}, "purchaser": {"age": 30}, "history": []});
    Case::ask("sell-slcp", "2022-03-10T12:00:00-05:00", facts).with("request/base_mg", base_mg)
}

/// Requirements: law-cmea-stricter-state, pharm-cmea-state-stricter, law-state-stricter-wins
#[test]
fn a_lower_limit_of_a_state_binds_and_a_higher_one_does_not() {
    let lower = state(&sets("cmea.day.mg", "2400"));
    assert_eq!(asked(&lower, &sale(2400)), "permit log-sale");
    assert_eq!(asked(&lower, &sale(2500)), "deny limit-exceeded");
    assert_eq!(decided_by(&lower, &sale(2500)), ("state.XX".to_owned(), "State law".to_owned()));
    let higher = state(&sets("cmea.day.mg", "5000"));
    assert_eq!(asked(&higher, &sale(3600)), "permit log-sale");
    assert_eq!(asked(&higher, &sale(3700)), "deny limit-exceeded");
    assert_ne!(decided_by(&higher, &sale(3700)).0, "state.XX");
    let monthly = state(&sets("cmea.month.mg", "1000"));
    assert_eq!(asked(&monthly, &sale(1001)), "deny limit-exceeded");
    // 1314.10-state: on prescription only.
    let on_prescription = state(&sets("cmea.prescription-only", "true"));
    assert_eq!(asked(&on_prescription, &sale(100)), "deny prescription-required");
    assert_eq!(asked(&state(&sets("cmea.prescription-only", "false")), &sale(100)), "permit log-sale");
}

/// Requirements: law-state-overlay-only-tightens
#[test]
fn a_looser_value_of_a_state_is_reported_as_ignored() {
    let text = format!("edition = \"state.XX\"\n{}{}", sets("refill.iii-iv.count", "6"), sets("expiry.ii.days", "90"));
    let overlay = Overlay::parse(&text).expect("well formed");
    let ignored = overlay.ignored(&Profile::strictest(), date(2022, 3, 10));
    let told: Vec<_> = ignored.iter().map(|one| (one.parameter, one.value, one.instead.value)).collect();
    assert_eq!(told, [("refill.iii-iv.count", 6, 5)]);
    let profile = Profile::strictest().in_state(Arc::new(overlay));
    let five = json!([{"kind": "fill", "at": "2022-01-12", "quantity": 30},
        {"kind": "refill", "at": "2022-02-12", "quantity": 30, "count": 5}]);
    let mut rx = prescription("III");
    rx["refills_authorized"] = json!(6);
    let sixth =
        Case::ask("refill", "2022-03-10", json!({"prescription": rx, "history": five})).with("request/quantity", 30);
    assert_eq!(asked(&profile, &sixth), "deny refills-exhausted");
}

/// A sale at the counter.
fn counter(kept: &str) -> Case {
    let facts =
        json!({"product": {}, "purchaser": {"age": 30, "known": true}, "history": [], "counter": {"kept": kept}});
    Case::ask("sell-otc-cv", "2022-03-10T12:00:00-05:00", facts)
        .with("request/quantity", 60)
        .with("request/unit", "mL")
        .with("request/seller", "pharmacist")
}

/// Requirements: law-otc-no-other-law, law-otc-state-stricter, pharm-otc-only-non-legend
#[test]
fn a_state_may_keep_counter_products_behind_the_counter_or_on_prescription() {
    let sold = "permit record-in-bound-book";
    // 1306.26-kept
    let behind = state(&sets("counter.behind", "true"));
    assert_eq!(asked(&behind, &counter("behind-counter")), sold);
    assert_eq!(asked(&behind, &counter("open-shelf")), "deny wrong-place");
    assert_eq!(asked(&Profile::strictest(), &counter("open-shelf")), sold);
    // 1306.26-other-law
    let on_prescription = state(&sets("counter.prescription-only", "true"));
    assert_eq!(asked(&on_prescription, &counter("behind-counter")), "deny prescription-required");
    assert_eq!(decided_by(&on_prescription, &counter("behind-counter")).0, "state.XX");
    assert_eq!(asked(&state(&sets("counter.prescription-only", "false")), &counter("behind-counter")), sold);
}

/// Requirements: law-cannabis-topical-state, law-cannabis-cbd-food, law-cannabis-pharmacy-none
#[test]
fn hemp_for_the_skin_is_sold_where_a_state_allows_it_and_marijuana_nowhere() {
    let sell = |product: &str| Case::ask("sell-cannabis", "2021-03-10", json!({})).with("request/product", product);
    let allowing = state(&sets("cannabis.topical", "true"));
    // cannabis-topical
    assert_eq!(asked(&allowing, &sell("hemp-topical")), "permit");
    assert_eq!(asked(&state(&sets("cannabis.topical", "false")), &sell("hemp-topical")), "deny state-prohibits");
    assert_eq!(asked(&Profile::strictest(), &sell("hemp-topical")), "deny state-prohibits");
    for product in ["marijuana", "paraphernalia", "cbd-supplement", "cbd-food"] {
        assert_eq!(asked(&allowing, &sell(product)), "deny sale-prohibited", "{product}");
    }
}

fn dispense(monitoring: Value, action: &str) -> Case {
    let history =
        if action == "fill" { json!([]) } else { json!([{"kind": "fill", "at": "2022-01-12", "quantity": 30}]) };
    let mut rx = prescription("IV");
    rx["refills_authorized"] = json!(2);
    let facts = json!({"prescription": rx, "history": history, "monitoring": monitoring});
    Case::ask(action, "2022-02-12", facts).with("request/quantity", 30)
}

/// Requirements: law-pdmp-check-conditions, law-pdmp-not-federal
#[test]
fn a_state_may_require_the_monitoring_programme_to_be_asked() {
    // pdmp-check
    let on_new_drug = state(&sets("pdmp.check", "[\"new-drug\"]"));
    let new = json!({"new_drug": true});
    assert_eq!(asked(&on_new_drug, &dispense(new.clone(), "fill")), "deny monitoring-check-missing");
    assert_eq!(decided_by(&on_new_drug, &dispense(new.clone(), "fill")).0, "state.XX");
    assert_eq!(asked(&on_new_drug, &dispense(json!({"new_drug": true, "checked": true}), "fill")), "permit");
    assert_eq!(asked(&on_new_drug, &dispense(json!({"new_drug": false}), "refill")), "permit");
    assert_eq!(asked(&Profile::strictest(), &dispense(new.clone(), "fill")), "permit");
    let strangers = state(&sets("pdmp.check", "[\"outside-area\"]"));
    assert_eq!(asked(&strangers, &dispense(new.clone(), "fill")), "permit");
    assert_eq!(asked(&strangers, &dispense(json!({"outside_area": true}), "refill")), "deny monitoring-check-missing");
    let query = Case::ask("check-monitoring", "2022-02-12", json!({"monitoring": new}));
    check(&query, "value recommended");
    assert_eq!(asked(&on_new_drug, &query), "value required");
    assert_eq!(
        asked(&state(&sets("pdmp.check", "[\"always\"]")), &query.with("facts/monitoring", json!({}))),
        "value required"
    );
}

fn report(schedule: &str, drug: &str) -> Case {
    Case::ask("report-monitoring", "2022-02-12T15:30:00-05:00", json!({}))
        .with("request/schedule", schedule)
        .with("request/drug", drug)
}

/// Requirements: law-pdmp-collected-scope
#[test]
fn a_state_collects_schedules_and_products_that_it_names() {
    let collects = state(&format!(
        "{}{}[[product]]\nnames = [\"gabapentin\"]\nmonitored = true\ncite = \"State law\"\n",
        sets("pdmp.collected", "[\"II\", \"III\", \"IV\"]"),
        sets("pdmp.report.hours", "24")
    ));
    for (schedule, drug) in [("II", "oxycodone"), ("IV", "zolpidem"), ("none", "Gabapentin")] {
        assert_eq!(asked(&collects, &report(schedule, drug)), "value 2022-02-13", "{drug}");
    }
    assert_eq!(asked(&collects, &report("V", "pregabalin")), "value not-collected");
    assert_eq!(asked(&collects, &report("none", "lisinopril")), "value not-collected");
    check(&report("II", "oxycodone"), "value not-collected");
}

/// Requirements: law-pdmp-frequency
#[test]
fn a_state_says_how_soon_a_dispensing_is_reported() {
    let within = |hours: &str| {
        let profile = state(&format!("{}{}", sets("pdmp.collected", "[\"II\"]"), sets("pdmp.report.hours", hours)));
        asked(&profile, &report("II", "oxycodone"))
    };
    assert_eq!(within("0"), "value 2022-02-12T15:30:00-05:00");
    assert_eq!(within("24"), "value 2022-02-13");
    assert_eq!(within("72"), "value 2022-02-15T15:30:00-05:00");
    assert_eq!(within("168"), "value 2022-02-19T15:30:00-05:00");
}

/// Requirements: law-id-pdmp-number
#[test]
fn a_state_may_want_the_number_of_the_identification_in_the_report() {
    let collected = format!("{}{}", sets("pdmp.collected", "[\"II\"]"), sets("pdmp.report.hours", "24"));
    // pdmp-identification
    let wanted = state(&format!("{collected}{}", sets("pdmp.identification", "true")));
    let plain = report("II", "oxycodone");
    assert_eq!(asked(&wanted, &plain), "deny element-missing");
    assert_eq!(asked(&wanted, &plain.with("request/identification", "D1234567")), "value 2022-02-13");
    assert_eq!(asked(&wanted, &plain.with("request/identification", " ")), "deny element-missing");
    assert_eq!(
        asked(&state(&format!("{collected}{}", sets("pdmp.identification", "false"))), &plain),
        "value 2022-02-13"
    );
}

/// Requirements: law-pdmp-access
#[test]
fn data_of_the_programme_go_to_other_states_only_where_the_state_allows_it() {
    let reader = |who: &str| Case::ask("access-monitoring", "2022-02-12", json!({})).with("request/reader", who);
    let abroad = reader("pharmacist").with("request/from", "out-of-state");
    check(&reader("pharmacist"), "permit");
    check(&abroad, "deny disclosure-not-allowed");
    assert_eq!(asked(&state(&sets("pdmp.out-of-state", "true")), &abroad), "permit");
    assert_eq!(asked(&state(&sets("pdmp.out-of-state", "false")), &abroad), "deny disclosure-not-allowed");
    check(&reader("unauthorized"), "deny disclosure-not-allowed");
    check(&reader("investigator"), "deny disclosure-not-allowed");
    check(&reader("investigator").with("request/need", "shown"), "permit");
}

/// Requirements: law-id-recommended-unknown, law-state-az-no-id
#[test]
fn an_unknown_person_is_asked_by_recommendation_or_by_a_states_law() {
    let facts = json!({"prescription": prescription("II"), "pickup": {}, "state": null});
    let unknown = Case::ask("deliver", "2022-02-12", facts).with("request/to", "patient");
    check(&unknown, "permit");
    assert_eq!(warnings(&unknown, &Profile::strictest()), ["LAW-PICKUP-RECOMMENDED"]);
    assert_eq!(warnings(&unknown.with("facts/state", "AZ"), &Profile::strictest()), ["LAW-PICKUP-RECOMMENDED"]);
    assert_eq!(warnings(&unknown.with("facts/pickup/known", true), &Profile::strictest()), Vec::<String>::new());
    // pickup-required
    let required = state(&sets("pickup.identification", "true"));
    assert_eq!(asked(&required, &unknown), "deny identity-not-shown");
    assert_eq!(decided_by(&required, &unknown).0, "state.XX");
    assert_eq!(asked(&required, &unknown.with("facts/pickup/document", "state-card")), "permit");
    assert_eq!(asked(&required, &unknown.with("facts/pickup/known", true)), "permit");
}

/// Requirements: law-state-quantity-limits, law-state-explains
#[test]
fn a_state_may_limit_the_days_of_a_supply_and_is_named_when_it_does() {
    let days = |days: u64| {
        let facts = json!({"prescription": prescription("II"), "supply": {"days": days, "acute_opioid": true}});
        Case::ask("fill", "2022-01-12", facts).with("request/quantity", 30)
    };
    // state-supply
    let seven = state(&sets("supply.acute-opioid.days", "7"));
    assert_eq!(asked(&seven, &days(7)), "permit");
    assert_eq!(asked(&seven, &days(8)), "deny quantity-exceeded");
    assert_eq!(decided_by(&seven, &days(8)), ("state.XX".to_owned(), "State law".to_owned()));
    assert_eq!(asked(&seven, &days(8).with("facts/supply/acute_opioid", false)), "permit");
    check(&days(7), "permit");
    check(&days(8), "permit");
    let thirty = state(&sets("supply.ii.days", "30"));
    assert_eq!(asked(&thirty, &days(31)), "deny quantity-exceeded");
    assert_eq!(asked(&thirty, &days(30)), "permit");
}

/// Requirements: law-state-schedule, pharm-rule-stricter-of-federal-and-state
#[test]
fn what_a_state_puts_into_a_schedule_follows_its_rules_there() {
    let text =
        "[[product]]\nnames = [\"gabapentin\"]\nschedule = \"V\"\ncite = \"State law\"\nsince = \"2022-01-01\"\n";
    let controls = state(text);
    let mut rx = prescription("none");
    rx["drug"] = json!("Gabapentin");
    rx["refills_authorized"] = json!(2);
    let label =
        Case::ask("label", "2022-01-12", json!({"prescription": rx, "label": {"missing": ["transfer-warning"]}}));
    assert_eq!(asked(&controls, &label), asked(&Profile::strictest(), &label.with("facts/prescription/schedule", "V")));
    let of = |name: &str, day: &str| Case::ask("schedule-of", day, json!({})).with("request/name", name);
    assert_eq!(asked(&controls, &of("gabapentin", "2022-01-01")), "value V");
    assert_eq!(asked(&controls, &of("gabapentin", "2021-12-31")), "value none");
    // A looser schedule changes nothing.
    let looser = state("[[product]]\nnames = [\"OxyContin\"]\nschedule = \"IV\"\ncite = \"State law\"\n");
    assert_eq!(asked(&looser, &of("OxyContin", "2022-01-01")), "value II");
    // A III product treated as II: no refill, and the State is named.
    let as_ii = state("[[product]]\nnames = [\"Tylenol #3\"]\nschedule = \"II\"\ncite = \"State law\"\n");
    let mut rx = prescription("III");
    rx["drug"] = json!("tylenol 3");
    rx["refills_authorized"] = json!(2);
    let history = json!([{"kind": "fill", "at": "2022-01-12", "quantity": 30}]);
    let refill =
        Case::ask("refill", "2022-02-12", json!({"prescription": rx, "history": history})).with("request/quantity", 30);
    assert_eq!(asked(&as_ii, &refill), "deny refill-prohibited");
    assert_eq!(decided_by(&as_ii, &refill).0, "state.XX");
    check(&refill, "permit");
}

/// Requirements: law-form-butalbital-apap
#[test]
fn an_exemption_that_a_house_records_takes_a_product_out_of_its_schedule() {
    let of = Case::ask("schedule-of", "2022-01-01", json!({})).with("request/name", "Bupap");
    check(&of, "value III");
    let entry = "[[product]]\nnames = [\"Bupap\"]\nexempted = true\ncite = \"21 CFR 1308.32\"\n";
    let house = Overlay::parse(&format!("edition = \"house.corner\"\n{entry}")).expect("a house may");
    let profile = Profile::strictest().with_house(Arc::new(house));
    assert_eq!(asked(&profile, &of), "value none");
    assert!(of.decide(&profile).notes[0].contains("exempted by DEA"));
    assert_eq!(asked(&profile, &of.with("request/name", "Allzital")), "value III");
    // No file frees what the sources do not tell to be exempted by product, and no State records exemptions.
    let other = Overlay::parse(
        "edition = \"house.corner\"\n[[product]]\nnames = [\"OxyContin\"]\nexempted = true\ncite = \"x\"\n",
    );
    let profile = Profile::strictest().with_house(Arc::new(other.expect("read")));
    assert_eq!(asked(&profile, &of.with("request/name", "OxyContin")), "value II");
    assert!(Overlay::parse(&format!("edition = \"state.XX\"\n{entry}")).is_err());
}

/// Requirements: law-cmea-id-list-is-data, pharm-cmea-id-list-dated
#[test]
fn the_list_of_documents_is_dated_data_that_only_narrows() {
    let narrowed = state(&format!(
        "{}since = \"2022-03-10\"\n",
        sets("cmea.documents.from-sixteen", "[\"drivers-licence\", \"work-badge\"]")
    ));
    let shown = |document: &str, day: &str| {
        let facts = json!({"product": {"chemical": "pseudoephedrine"}, "purchaser": {"age": 30}, "history": [], "slcp": {"document": document}});
        Case::ask("sell-slcp", &format!("{day}T12:00:00-05:00"), facts).with("request/base_mg", 1000)
    };
    assert_eq!(asked(&narrowed, &shown("voter-card", "2022-03-09")), "permit log-sale");
    assert_eq!(asked(&narrowed, &shown("voter-card", "2022-03-10")), "deny identity-not-shown");
    assert_eq!(asked(&narrowed, &shown("drivers-licence", "2022-03-10")), "permit log-sale");
    // What is in no Federal list cannot be added.
    assert_eq!(asked(&narrowed, &shown("work-badge", "2022-03-10")), "deny identity-not-shown");
}

#[test]
fn a_product_entry_that_says_nothing_is_refused() {
    let wrong = |entry: &str| {
        let text = format!("edition = \"state.XX\"\n[[product]]\ncite = \"x\"\n{entry}\n");
        Overlay::parse(&text).expect_err("refused").to_string()
    };
    assert!(wrong("names = [\"x\"]").contains("schedule"));
    assert!(wrong("names = []\nschedule = \"V\"").contains("names"));
    assert!(wrong("names = [\"x\"]\nschedule = \"VI\"").contains("I to V"));
    assert!(wrong("names = [\"x\"]\nschedule = \"none\"").contains("I to V"));
    assert!(wrong("names = [\"x\"]\nmonitored = true\nsince = \"2021-02-29\"").contains("dates"));
    assert!(wrong("names = [\"x\"]\nmonitored = true\ncolour = 1").contains("unknown field"));
}
