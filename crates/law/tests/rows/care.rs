//! Institutions, long term care, central filling between two pharmacies, labels, and who answers for what.

use super::{Case, check, check_under, fill, prescription};
use serde_json::{Value, json};
use std::sync::Arc;
use theriac_law::{Overlay, Profile};

fn ask(action: &str, facts: Value) -> Case {
    Case::ask(action, "2022-01-12", facts)
}

/// Requirements: law-cont-responsible-person, law-oral-prescriber-liable-for-agent, law-part-cii-ltcf-both-responsible
#[test]
fn who_answers_for_a_prescription_is_told_matter_by_matter() {
    for (matter, who) in [
        ("nonconforming", "value practitioner-and-pharmacist"),
        ("nonconforming-central", "value practitioner-and-both-pharmacists"),
        ("agents-call", "value practitioner"),
        ("terminal-illness", "value practitioner-and-pharmacist"),
        ("central-legitimacy", "value both-pharmacists"),
    ] {
        check(&ask("accountable", json!({})).with("request/matter", matter), who);
    }
}

/// Requirements: law-forms-immediate-admin-definition
#[test]
fn an_order_for_immediate_administration_to_an_inpatient_is_no_prescription() {
    for (order, what) in [
        ("inpatient-immediate", "value medication-order"),
        ("discharge", "value prescription"),
        ("ltcf-resident", "value prescription"),
        ("outpatient", "value prescription"),
    ] {
        check(&ask("classify-order", json!({})).with("request/order", order), what);
    }
}

fn institution(schedule: &str, on: &str) -> Case {
    ask("institution-dispense", json!({"prescription": prescription(schedule)})).with("request/on", on)
}

/// Requirements: law-cont-medication-order-exempt
#[test]
fn what_a_prescription_must_hold_is_not_asked_of_an_inpatient_order() {
    for element in ["patient-address", "directions", "dea-number", "quantity"] {
        let order = institution("II", "inpatient").with("facts/prescription/missing", json!([element]));
        check(&order, "permit");
        check(&order.with("request/on", "paper"), "deny element-missing");
    }
}

/// Requirements: law-forms-institution-cii
#[test]
fn an_institution_dispenses_schedule_ii_on_a_written_prescription_or_an_inpatient_order_and_prescribes_nothing() {
    for (on, answer) in [
        ("paper", "permit"),
        ("electronic", "permit"),
        ("inpatient", "permit"),
        ("fax", "deny form-not-allowed"),
        ("oral-written", "deny form-not-allowed"),
        ("telephone", "deny form-not-allowed"),
    ] {
        check(&institution("II", on), answer);
    }
    check(&fill("II").with("facts/practice", json!({"discipline": "institution"})), "deny not-authorized");
}

/// Requirements: law-forms-institution-ciii-v
#[test]
fn an_institution_dispenses_schedules_iii_to_v_on_five_kinds_of_orders_and_prescribes_nothing() {
    for schedule in ["III", "IV", "V"] {
        for on in ["paper", "fax", "electronic", "oral-written", "inpatient"] {
            check(&institution(schedule, on), "permit");
        }
        check(&institution(schedule, "telephone"), "deny form-not-allowed");
        check(&fill(schedule).with("facts/practice", json!({"discipline": "institution"})), "deny not-authorized");
    }
}

/// Requirements: law-ltcf-definition
#[test]
fn four_kinds_of_places_are_long_term_care_facilities_and_a_ward_is_not() {
    let kind = |kind: &str| ask("classify-facility", json!({})).with("request/kind", kind);
    for ltcf in ["nursing-home", "retirement-care", "mental-care", "extended-care"] {
        check(&kind(ltcf), "value ltcf");
    }
    check(&kind("hospital-ward"), "value not-ltcf");
}

/// A step of a pharmacy's machine at a facility.
fn machine(step: &str, facts: Value) -> Case {
    ask("operate-machine", json!({"machine": facts})).with("request/step", step)
}

/// Requirements: law-ltcf-ads-registration
#[test]
fn a_system_at_a_facility_is_registered_there_where_the_state_permits_it() {
    for step in ["activate", "stock", "release"] {
        check(&machine(step, json!({})), "permit");
        check(&machine(step, json!({"registration": "none"})), "deny registration-invalid");
        check(&machine(step, json!({})).with("facts/state_permits", false), "deny state-prohibits");
    }
}

/// Requirements: law-ltcf-ads-single-dose, pharm-ads-single-dose
#[test]
fn the_system_releases_one_dose_at_administration_on_a_prescription_to_authorised_staff() {
    check(&machine("release", json!({})), "permit");
    check(&machine("release", json!({"doses": 2})), "deny quantity-exceeded");
    check(&machine("release", json!({"doses": 0})), "deny quantity-exceeded");
    check(&machine("release", json!({"at_administration": false})), "deny too-early");
    check(&machine("release", json!({"prescription_valid": false})), "deny prescription-required");
    check(&machine("release", json!({"user_authorized": false})), "deny not-authorized");
}

/// Requirements: law-ltcf-ads-stock, law-ltcf-ads-not-five-percent
#[test]
fn what_lies_in_the_system_is_stock_until_dispensed_and_filling_it_is_no_distribution() {
    let stock = |holding: &str| ask("stock-of", json!({})).with("request/holding", holding);
    check(&stock("ltcf-machine"), "value pharmacy-stock");
    check(&stock("resident"), "value dispensed");
    let filled = |to: &str| ask("count-distributed", json!({})).with("request/to", to).with("request/quantity", 500);
    check(&filled("ltcf-machine"), "value 0");
    check(&filled("emergency-kit"), "value 500");
}

/// Requirements: law-ltcf-disposal, pharm-ltcf-dispensed-outside-system
#[test]
fn what_a_resident_received_never_returns_to_stock() {
    let back = |from: &str| ask("return-to-stock", json!({})).with("request/from", from);
    check(&back("resident"), "deny not-authorized");
    assert!(
        back("resident").refusal(&Profile::strictest()).contains("asks the field office of DEA how to dispose of it")
    );
    check(&back("ltcf-machine"), "permit");
}

/// Requirements: law-ltcf-ekit-state, law-ltcf-ekit-practitioner
#[test]
fn a_kit_needs_the_states_approval_and_each_dose_a_practitioners_order() {
    let kit = |step: &str, kit: Value| ask("operate-kit", json!({"kit": kit})).with("request/step", step);
    check(&kit("stock", json!({})), "permit");
    check(&kit("stock", json!({"approved": false})), "deny approval-missing");
    check(&kit("use", json!({})), "permit");
    check(&kit("use", json!({"authorised_use": false})), "deny prescription-required");
    check(&kit("use", json!({"approved": false})), "deny approval-missing");
}

fn central(step: &str, schedule: &str, facts: Value) -> Case {
    ask("central-fill", json!({"prescription": prescription(schedule), "central": facts})).with("request/step", step)
}

/// Requirements: law-cf-both-responsible
#[test]
fn both_pharmacists_have_decided_before_what_was_filled_centrally_is_released() {
    check(&central("release", "IV", json!({})), "permit");
    check(&central("release", "IV", json!({"retail_decided": false})), "deny verification-required");
    check(&central("release", "IV", json!({"central_decided": false})), "deny verification-required");
}

/// Requirements: law-cf-no-separate-registration
#[test]
fn a_retail_pharmacy_that_also_fills_centrally_needs_no_second_registration() {
    for (standing, answer) in [("central-fill", "permit"), ("retail", "permit"), ("none", "deny registration-invalid")]
    {
        check(&central("prepare", "IV", json!({"standing": standing})), answer);
    }
}

/// Requirements: law-cf-no-222
#[test]
fn a_filled_prescription_for_a_store_of_the_same_owner_takes_no_order_form_and_bulk_does() {
    let paper = |flow: &str, schedule: &str| {
        ask("central-paper", json!({})).with("request/flow", flow).with("request/schedule", schedule)
    };
    check(&paper("filled-own-store", "II"), "value none");
    check(&paper("bulk-stock", "II"), "value order-form");
    check(&paper("bulk-stock", "IV"), "value invoice");
    check(&paper("filled-contract", "IV"), "value none");
    check_under(&Profile::manual_2010(), &paper("filled-contract", "II"), "value none");
    for profile in [Profile::strictest(), Profile::cards_2021()] {
        check_under(&profile, &paper("filled-contract", "II"), "value order-form");
    }
}

/// Requirements: law-cf-dispositions-complete
#[test]
fn what_was_sent_is_what_was_received_lost_and_returned_on_both_sides() {
    let side = |sent: u64, received: u64, lost: u64, returned: u64| json!({"sent": sent, "received": received, "lost": lost, "returned": returned});
    let both = |retail: Value, central: Value| {
        ask("reconcile-central", json!({"dispositions": {"retail": retail, "central": central}}))
    };
    check(&both(side(10, 8, 1, 1), side(10, 9, 1, 0)), "permit");
    check(&both(side(10, 8, 1, 0), side(10, 9, 1, 0)), "deny element-missing");
    check(&both(side(10, 8, 1, 1), side(10, 9, 0, 0)), "deny element-missing");
    check(&both(side(10, 10, 1, 0), side(10, 10, 0, 0)), "deny element-missing");
    check(&both(side(10, 10, 0, 0), side(9, 9, 0, 0)), "deny element-missing");
}

/// Requirements: pharm-cf-retail-all-information, pharm-cf-transmission
#[test]
fn schedules_ii_to_v_go_to_central_filling_with_all_information() {
    for schedule in ["II", "III", "IV", "V"] {
        for (form, duty) in [("electronic", "annotate-central-fill"), ("fax", "mark-central-fill")] {
            let case = central("transmit", schedule, json!({})).with("facts/prescription/form", form);
            check(&case, &format!("permit {duty}"));
            check(&case.with("facts/central/information_complete", false), "deny element-missing");
        }
    }
    check(&central("transmit", "I", json!({})), "deny not-authorized");
}

fn label(schedule: &str, label: Value) -> Case {
    ask("label", json!({"prescription": prescription(schedule), "label": label}))
}

/// Requirements: law-label-both-dates
#[test]
fn the_label_of_a_refill_shows_both_dates_and_that_of_a_first_filling_one() {
    let without = json!({"refill": true, "missing": ["first-fill-date"]});
    for profile in [Profile::strictest(), Profile::in_force(), Profile::cards_2021()] {
        check_under(&profile, &label("IV", without.clone()), "deny element-missing");
    }
    check(&label("IV", json!({"refill": true})), "permit");
    check(&label("IV", json!({"missing": ["first-fill-date"]})), "permit");
    check(&label("IV", json!({"refill": true, "missing": ["fill-date"]})), "deny element-missing");
}

/// Requirements: law-label-cautions
#[test]
fn every_caution_on_the_prescription_is_on_the_label() {
    let two = json!(["may cause drowsiness", "no alcohol"]);
    check(&label("IV", json!({"cautions": two, "cautions_shown": two})), "permit");
    check(&label("IV", json!({"cautions": two, "cautions_shown": ["no alcohol"]})), "deny element-missing");
    check(&label("IV", json!({"cautions": two})), "deny element-missing");
    check(&label("IV", json!({})), "permit");
}

/// Requirements: law-label-exempt-not-in-possession, law-label-exempt-safeguards
#[test]
fn the_exemption_from_the_label_is_for_what_an_institution_keeps_safe_until_it_administers() {
    let ward = label("II", json!({"kind": "institutional", "days_supply": 7}));
    for profile in [Profile::strictest(), Profile::in_force(), Profile::cards_2021()] {
        check_under(&profile, &ward, "permit");
        check_under(&profile, &ward.with("facts/label/in_possession", true), "deny element-missing");
        check_under(&profile, &ward.with("facts/label/safeguards", false), "deny element-missing");
    }
}

/// Requirements: law-amend-state-stricter
#[test]
fn a_state_may_forbid_changes_that_the_cards_allow() {
    let text =
        "edition = \"state.XX\"\n[parameter.\"amend.iii-v.forbidden\"]\nvalue = [\"strength\"]\ncite = \"State law\"\n";
    let state = Profile::strictest().in_state(Arc::new(Overlay::parse(text).expect("an overlay")));
    for schedule in ["III", "IV", "V"] {
        let change = |element: &str| {
            ask("amend", json!({"prescription": prescription(schedule)}))
                .with("request/element", element)
                .with("request/change", "replace")
                .with("request/consulted", true)
        };
        check(&change("strength"), "permit document-consultation");
        check_under(&state, &change("strength"), "deny not-changeable");
        check_under(&state, &change("directions"), "permit document-consultation");
    }
}
