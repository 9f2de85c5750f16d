//! 21 CFR 1306.14, 1306.15, 1306.22 to 1306.25: refills, parts, transfers, central filling, labels, changes, handing over.

use super::{Case, check, check_under, fill, prescription};
use serde_json::{Value, json};
use theriac_law::Profile;

/// Requirements: law-exp-noncontrolled-none
#[test]
fn what_is_not_controlled_runs_without_federal_end_and_one_year_in_arizona() {
    let facts = json!({"prescription": prescription("none"), "history": [
        {"kind": "fill", "at": "2022-01-10", "quantity": 30}, {"kind": "refill", "at": "2022-01-11", "quantity": 30, "count": 6}]});
    let case = Case::ask("refill", "2030-01-10", facts)
        .with("request/quantity", 30)
        .with("facts/prescription/refills_authorized", 20);
    check(&case, "permit");
    let arizona = case.with("facts/state", "AZ");
    check(&arizona, "deny expired");
    check(&arizona.with("request/at", "2023-01-10"), "permit");
    check(&arizona.with("request/at", "2023-01-11"), "deny expired");
}

/// Requirements: law-part-ciii-v-daily-example
#[test]
fn a_tablet_a_day_is_dispensed_for_a_hundred_and_eighty_days() {
    let day = |n: usize| json!({"kind": "partial", "at": "2022-01-10", "quantity": 1, "count": n});
    let case = |before: usize, at: &str| {
        let facts = json!({"prescription": {"schedule": "III", "form": "paper", "issued": "2022-01-10", "quantity": 60,
            "refills_authorized": 2}, "history": [day(before)]});
        Case::ask("partial-fill", at, facts).with("request/quantity", 1).with("request/basis", "general")
    };
    check(&case(1, "2022-01-11"), "permit");
    check(&case(100, "2022-04-20"), "permit");
    check(&case(179, "2022-07-08"), "permit");
    check(&case(180, "2022-07-08"), "deny quantity-exceeded");
    check(&case(100, "2022-07-11"), "deny expired");
}

/// A first filling, then a transfer.
fn moved(to: &str) -> Value {
    json!([{"kind": "fill", "at": "2022-01-12", "quantity": 30}, {"kind": to, "at": "2022-01-20"}])
}

/// Requirements: law-xfer-out-void, pharm-transfer-void-face
#[test]
fn what_left_by_transfer_is_void_here_until_it_comes_back() {
    let rx = json!({"prescription": prescription("III")});
    let out = Case::ask("transfer-out", "2022-01-20", rx.clone())
        .with("facts/prescription/refills_authorized", 5)
        .with("facts/history", json!([{"kind": "fill", "at": "2022-01-12", "quantity": 30}]));
    check(&out, "permit void-original record-transfer-out");
    let refill = Case::ask("refill", "2022-02-10", rx)
        .with("request/quantity", 30)
        .with("facts/prescription/refills_authorized", 5);
    check(&refill.with("facts/history", moved("transfer-in")), "permit");
    let gone = refill.with("facts/history", moved("transfer-out"));
    check(&gone, "deny transfer-exhausted");
    let part = gone.with("request/action", "partial-fill").with("request/basis", "general").with("request/quantity", 5);
    check(&part, "deny transfer-exhausted");
    let unfilled = json!([{"kind": "transfer-out", "at": "2022-01-11"}]);
    let electronic = fill("II").with("facts/prescription/form", "electronic");
    check(&electronic, "permit");
    check(&electronic.with("facts/history", unfilled), "deny transfer-exhausted");
}

/// A prescription that comes by transfer.
fn comes_in(form: &str) -> Case {
    let facts = json!({"prescription": prescription("III"), "transfer": {}});
    Case::ask("transfer-in", "2022-01-20", facts)
        .with("facts/prescription/refills_authorized", 5)
        .with("facts/prescription/form", form)
}

/// Requirements: law-xfer-in-full-prescription
#[test]
fn a_transfer_received_holds_all_that_a_prescription_holds() {
    check(&comes_in("paper"), "permit mark-transfer record-transfer-in");
    for element in [
        "patient-name",
        "patient-address",
        "drug-name",
        "strength",
        "dosage-form",
        "quantity",
        "directions",
        "practitioner-name",
        "practitioner-address",
        "dea-number",
    ] {
        check(&comes_in("paper").with("facts/prescription/missing", json!([element])), "deny element-missing");
        check(&fill("III").with("facts/prescription/missing", json!([element])), "deny element-missing");
    }
}

/// Requirements: law-xfer-electronic-package
#[test]
fn an_electronic_transfer_that_lacks_an_item_is_refused_by_name() {
    check(&comes_in("electronic"), "permit create-transfer-record");
    for item in [
        "issue-date",
        "refills-authorized",
        "first-dispensed",
        "refills-remaining",
        "pharmacy-identity",
        "pharmacist-name",
        "original-pharmacy",
    ] {
        let case = comes_in("electronic").with("facts/transfer/missing", json!([item]));
        for profile in [Profile::proposed_2008(), Profile::strictest(), Profile::in_force()] {
            check_under(&profile, &case, "deny element-missing");
            assert!(case.refusal(&profile).contains(item), "{item}");
        }
    }
}

/// A step of central filling.
fn central(schedule: &str, step: &str) -> Case {
    let facts = json!({"prescription": prescription(schedule), "central": {}});
    Case::ask("central-fill", "2022-02-10", facts).with("request/step", step)
}

/// Requirements: law-cf-state-permits
#[test]
fn central_filling_needs_a_state_that_permits_it() {
    check(&central("III", "prepare"), "permit");
    check(&central("III", "prepare").with("facts/state_permits", false), "deny state-prohibits");
}

/// Requirements: law-cf-schedules
#[test]
fn schedules_ii_to_v_go_to_central_filling_and_schedule_i_does_not() {
    for schedule in ["II", "III", "IV", "V"] {
        check(&central(schedule, "transmit"), "permit mark-central-fill");
    }
    check(&central("I", "transmit"), "deny not-authorized");
    check(&central("I", "prepare"), "deny not-authorized");
}

/// Requirements: law-cf-initial-and-refill
#[test]
fn central_filling_keeps_the_limits_of_refills() {
    let filled = |refills: u32| json!([{"kind": "fill", "at": "2022-01-12", "quantity": 30}, {"kind": "refill", "at": "2022-01-20", "quantity": 30, "count": refills}]);
    let case = central("III", "prepare").with("request/refill", true).with("facts/prescription/refills_authorized", 5);
    check(&central("III", "prepare"), "permit");
    check(&case.with("facts/history", filled(4)), "permit");
    check(&case.with("facts/history", filled(5)), "deny refills-exhausted");
    let late = case.with("facts/history", filled(4));
    check(&late.with("request/at", "2022-07-10"), "permit");
    check(&late.with("request/at", "2022-07-11"), "deny expired");
}

/// Requirements: law-label-transfer-warning
#[test]
fn a_label_without_the_warning_is_refused_with_its_words_for_schedules_ii_to_iv() {
    for schedule in ["II", "III", "IV"] {
        let facts = json!({"prescription": prescription(schedule), "label": {"missing": ["transfer-warning"]}});
        let case = Case::ask("label", "2022-01-12", facts);
        check(&case, "deny element-missing");
        let refusal = case.refusal(&Profile::strictest());
        assert!(refusal.contains("Caution: Federal law prohibits the transfer of this drug"), "{refusal}");
        assert!(refusal.contains("the patient for whom it was prescribed"), "{refusal}");
        check(&case.with("facts/label/missing", json!([])), "permit");
    }
}

/// Requirements: law-label-institution-exempt
#[test]
fn what_an_institution_administers_is_not_asked_for_the_contents_of_a_label() {
    let facts = json!({"prescription": prescription("II"), "label": {"missing": ["directions"], "days_supply": 7}});
    let case = Case::ask("label", "2022-01-12", facts);
    check(&case, "deny element-missing");
    check(&case.with("facts/label/kind", "institutional"), "permit");
    let longer = case.with("facts/label/kind", "institutional").with("facts/label/days_supply", 8);
    check(&longer, "deny limit-exceeded");
}

/// A change of a prescription, after asking the practitioner or without.
fn change(schedule: &str, element: &str, consulted: bool) -> Case {
    Case::ask("amend", "2022-01-12", json!({"prescription": prescription(schedule)}))
        .with("request/element", element)
        .with("request/change", "replace")
        .with("request/consulted", consulted)
}

/// Requirements: law-amend-invalid-if-needed
#[test]
fn the_wrong_patient_or_drug_makes_a_new_prescription_necessary() {
    for element in ["patient-name", "drug-name", "signature"] {
        let case = change("IV", element, true);
        check(&case, "deny not-changeable");
        assert!(case.refusal(&Profile::strictest()).contains("new prescription"));
    }
    check(&change("IV", "directions", true), "permit document-consultation");
}

/// Requirements: law-amend-cii-major-new
#[test]
fn a_major_change_of_schedule_ii_is_a_new_prescription() {
    for element in ["strength", "quantity", "directions", "dosage-form"] {
        for profile in [Profile::strictest(), Profile::cards_2021()] {
            check_under(&profile, &change("II", element, true), "deny not-changeable");
            assert!(change("II", element, true).refusal(&profile).contains("new prescription"));
            check_under(&profile, &change("III", element, true), "permit document-consultation");
        }
    }
}

/// Requirements: law-amend-document, law-amend-cii-quantity-insurance, law-amend-state-stricter
#[test]
fn a_change_is_made_after_asking_and_documented_unless_the_state_forbids_it() {
    let quantity = change("IV", "quantity", true).with("facts/prescription/quantity", 90);
    check(&quantity, "permit document-consultation");
    check(&quantity.with("request/consulted", false), "deny consultation-required");
    check(&quantity.with("facts/state_permits", false), "deny state-prohibits");
    check(&change("III", "strength", true).with("facts/state_permits", false), "deny state-prohibits");
}

/// Requirements: law-to-otherwise-distribution
#[test]
fn whoever_is_not_of_the_household_would_be_supplied_by_distribution() {
    let case = Case::ask("deliver", "2022-01-12", json!({"prescription": prescription("II")}));
    check(&case.with("request/to", "patient"), "permit");
    check(&case.with("request/to", "household-member"), "permit");
    let other = case.with("request/to", "other");
    check(&other, "deny recipient-not-allowed");
    let refusal = other.refusal(&Profile::strictest());
    assert!(refusal.contains("distribution") && refusal.contains("five percent"), "{refusal}");
}
