//! 21 CFR parts 1305 and 1307, 1317: orders, supplying another registrant, giving stock away.

use super::{Case, check, check_under};
use serde_json::{Value, json};
use theriac_law::Profile;

/// An order by `method`, placed on a day on which both paper forms were in use.
fn order(method: &str) -> Case {
    Case::ask("order", "2021-03-10", json!({"order": {"method": method, "executed": "2021-03-10"}}))
}

/// The same order before the supplier.
fn filled(method: &str) -> Case {
    order(method).with("request/action", "fill-order")
}

const CFR_AND_CARDS: [fn() -> Profile; 2] = [Profile::in_force, Profile::cards_2021];

/// Requirements: law-ord-222-schedules
#[test]
fn the_form_is_needed_for_schedules_i_and_ii_and_serves_for_no_other() {
    let purchase = order("purchase-order");
    check(&purchase.with("facts/order/schedules", json!(["II"])), "deny wrong-form");
    check(&purchase.with("facts/order/schedules", json!(["I"])), "deny wrong-form");
    check(&purchase.with("facts/order/schedules", json!(["III", "II"])), "deny wrong-form");
    check(&purchase.with("facts/order/schedules", json!(["III"])), "permit");
    let three = order("form-222-triplicate").with("facts/order/schedules", json!(["III"]));
    check_under(&Profile::strictest(), &three, "deny wrong-form");
    check_under(&Profile::cards_2021(), &three, "deny wrong-form");
    // Where a State treats it as schedule II the manual lets the form be used.
    check_under(&Profile::manual_2010(), &three, "permit");
}

/// Requirements: law-ord-csos-optional, law-ord-csos-schedules
#[test]
fn electronic_orders_carry_every_schedule_and_paper_stays_possible() {
    let all = json!(["I", "II", "III", "IV", "V"]);
    check(&order("csos").with("facts/order/schedules", all), "permit");
    check(&order("form-222-triplicate"), "permit");
    for profile in CFR_AND_CARDS {
        check_under(&profile(), &order("form-222-single"), "permit");
    }
}

/// Requirements: law-ord-222-mistake-void
#[test]
fn a_mistake_on_a_form_voids_it_and_a_new_form_serves() {
    check(&order("form-222-triplicate").with("facts/order/condition", "altered"), "deny defective-order void-form");
    check(&order("form-222-triplicate").with("facts/order/condition", "good"), "permit");
}

/// Requirements: law-ord-222-incomplete-refuse
#[test]
fn a_supplier_returns_a_form_that_is_incomplete_illegible_or_altered() {
    for condition in ["incomplete", "illegible", "altered"] {
        let case = filled("form-222-triplicate").with("facts/order/condition", condition);
        check(&case, "deny defective-order return-form-with-reason");
    }
    let endorsed = order("form-222-triplicate").with("request/action", "endorse-order");
    check(&endorsed.with("facts/order/endorsed_before", true), "deny endorsement-not-allowed");
    check(&filled("form-222-triplicate"), "permit report-to-dea-month-end");
}

/// Requirements: law-ord-csos-cert-life, law-ord-csos-invalid
#[test]
fn an_electronic_order_with_one_fault_is_refused_for_that_fault() {
    check(&filled("csos"), "permit report-to-dea-2-business-days");
    let mut said = Vec::new();
    for certificate in ["expired", "revoked", "not-dea-issued", "another-persons"] {
        let case = filled("csos").with("facts/order/certificate", certificate);
        check(&case, "deny certificate-invalid notify-purchaser-with-reason");
        said.push(case.refusal(&Profile::strictest()));
    }
    let incomplete = filled("csos").with("facts/order/condition", "incomplete");
    check(&incomplete, "deny defective-order notify-purchaser-with-reason");
    said.push(incomplete.refusal(&Profile::strictest()));
    said.sort();
    said.dedup();
    assert_eq!(said.len(), 5, "each fault has its own words: {said:?}");
}

/// Requirements: law-ord-222-cancel-by-purchaser, law-ord-222-void-by-supplier, law-ord-csos-void-whole
#[test]
fn the_purchaser_cancels_and_the_supplier_voids_by_written_notice() {
    let cancel = |method: &str, by: &str| order(method).with("request/action", "cancel-order").with("request/by", by);
    for (method, by, answer) in [
        ("form-222-triplicate", "pharmacy", "permit mark-cancelled"),
        ("form-222-triplicate", "supplier", "permit mark-void"),
        ("csos", "supplier", "permit return-void-copy"),
    ] {
        check(&cancel(method, by), answer);
        check(&cancel(method, by).with("request/in_writing", false), "deny not-in-writing");
    }
}

/// Requirements: law-poa-who
#[test]
fn whoever_holds_a_power_of_attorney_signs_orders_and_nobody_else_beside_the_registrant() {
    for method in ["form-222-triplicate", "csos"] {
        for signer in ["registrant", "power-of-attorney"] {
            check(&order(method).with("facts/order/signer", signer), "permit");
        }
        check(&order(method).with("facts/order/signer", "other"), "deny not-authorized");
    }
}

/// Stock on its way to be disposed of.
fn disposal(route: &str, facts: Value) -> Case {
    Case::ask("dispose", "2021-03-10", json!({"disposal": facts})).with("request/route", route)
}

/// Requirements: law-ord-222-receiver-issues
#[test]
fn the_registrant_who_receives_schedule_ii_issues_the_form() {
    for route in ["original-supplier", "reverse-distributor"] {
        let facts = json!({"schedule": "II", "document": "csos"});
        check(&disposal(route, facts.clone()), "permit");
        check(&disposal(route, facts).with("facts/disposal/document_issuer", "pharmacy"), "deny wrong-form");
    }
}

/// Requirements: law-disp-two-routes
#[test]
fn unwanted_stock_goes_to_the_supplier_or_a_reverse_distributor_and_nowhere_else() {
    let facts = json!({"schedule": "III", "document": "invoice"});
    check(&disposal("original-supplier", facts.clone()), "permit");
    check(&disposal("reverse-distributor", facts.clone()), "permit");
    check(&disposal("dea", facts.clone()), "deny approval-missing");
    assert_eq!(disposal("waste-bin", facts.clone()).refused_field(), "request.route");
    let unregistered = disposal("reverse-distributor", facts).with("facts/disposal/recipient_registered", false);
    check(&unregistered, "deny registration-invalid");
}

/// A pharmacy supplies another registrant.
fn supply(recipient: &str, dispensed: u64, distributed: u64, quantity: u64) -> Case {
    let facts = json!({"distribution": {"recipient": recipient, "schedule": "V", "document": "invoice",
        "dispensed_year": dispensed, "distributed_year": distributed}});
    Case::ask("distribute", "2021-12-10", facts).with("request/quantity", quantity)
}

/// Requirements: law-dist-denominator
#[test]
fn five_percent_is_of_the_units_dispensed_and_the_refusal_shows_both_bases() {
    check(&supply("pharmacy", 1000, 0, 50), "permit");
    let over = supply("pharmacy", 1000, 0, 51);
    for profile in [Profile::manual_2010(), Profile::cards_2021()] {
        check_under(&profile, &over, "deny limit-exceeded register-as-distributor");
        let refusal = over.refusal(&profile);
        assert!(refusal.contains("1000 dispensed") && refusal.contains("1051 with"), "{refusal}");
    }
    // The regulation counts what was distributed as well: 5 percent of 1052 is 52.6.
    check_under(&Profile::in_force(), &supply("pharmacy", 1000, 0, 52), "permit");
    check_under(&Profile::in_force(), &supply("pharmacy", 1000, 0, 53), "deny limit-exceeded register-as-distributor");
}

/// Requirements: law-dist-all-substances-together
#[test]
fn all_substances_count_together_against_the_five_percent() {
    // Ten units of schedule II went before; fifteen of schedule V make twenty-five of five hundred.
    for profile in [Profile::manual_2010(), Profile::cards_2021()] {
        check_under(&profile, &supply("pharmacy", 500, 10, 15), "permit");
        check_under(&profile, &supply("pharmacy", 500, 10, 16), "deny limit-exceeded register-as-distributor");
        check_under(&profile, &supply("pharmacy", 500, 0, 16), "permit");
    }
}

/// Requirements: law-dist-receiver-kind
#[test]
fn a_pharmacy_supplies_a_pharmacy_or_a_practitioner() {
    for recipient in ["pharmacy", "practitioner"] {
        check(&supply(recipient, 1000, 0, 10), "permit");
    }
    for recipient in ["supplier", "reverse-distributor"] {
        check(&supply(recipient, 1000, 0, 10), "deny registration-invalid");
    }
}
