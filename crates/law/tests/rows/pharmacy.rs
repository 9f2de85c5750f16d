//! Rows of the pharmacy's catalogue that the rulebook decides: the pharmacy's program asks, this is what it is told.

use super::{Case, check, check_under, fill, prescription};
use serde_json::{Value, json};
use theriac_law::Profile;

/// Requirements: pharm-loss-notify-one-business-day
#[test]
fn a_theft_found_before_a_long_week_end_is_reported_on_the_next_business_day() {
    let case =
        Case::ask("deadline", "2010-07-02", json!({"holidays": ["2010-07-05"]})).with("request/event", "theft-or-loss");
    check(&case, "value 2010-07-06");
    check(&case.with("facts/holidays", json!([])), "value 2010-07-05");
}

/// Requirements: pharm-loss-in-transit-supplier, pharm-loss-in-transit-after-custody, pharm-loss-central-fill-carrier,
/// pharm-loss-retail-carrier
#[test]
fn a_loss_on_the_way_is_reported_by_the_supplier_until_custody_or_by_who_hired_the_carrier() {
    let case = Case::ask("responsible-party", "2022-03-10", json!({"loss": {"kind": "in-transit"}}));
    check(&case, "value supplier");
    check(&case.with("facts/loss/carrier_hired_by", "central-fill-pharmacy"), "value central-fill-pharmacy");
    check(&case.with("facts/loss/carrier_hired_by", "pharmacy"), "value pharmacy");
    check(&case.with("facts/loss/signed_for", true), "value pharmacy");
}

/// Requirements: pharm-disposal-nonrecoverable-spill
#[test]
fn a_spill_that_cannot_be_recovered_is_written_off_by_two_witnesses_without_a_form() {
    let case = Case::ask("report-loss", "2022-03-10", json!({"loss": {"kind": "breakage-unrecoverable"}}))
        .with("request/form", "none");
    for profile in [Profile::in_force(), Profile::cards_2021()] {
        check_under(&profile, &case.with("facts/loss/witnesses", 1), "deny witness-missing record-spill");
        let two = case.with("facts/loss/witnesses", 2);
        check_under(&profile, &two, "permit record-spill");
        check_under(&profile, &two.with("request/form", "form-41"), "deny wrong-form record-spill");
    }
}

/// Requirements: pharm-disposal-no-shipment-to-dea, pharm-disposal-41-not-for-transfer
#[test]
fn nothing_goes_to_dea_unasked_and_no_hand_over_on_form_41() {
    let case = Case::ask("dispose", "2022-03-10", json!({"disposal": {"schedule": "III", "document": "invoice"}}));
    let dea = case.with("request/route", "dea");
    check(&dea, "deny approval-missing");
    check(&dea.with("facts/disposal/dea_approved", true), "permit");
    let away = case.with("request/route", "reverse-distributor");
    check(&away, "permit");
    check(&away.with("facts/disposal/document", "form-41"), "deny wrong-form");
}

/// Requirements: pharm-inventory-ii-exact, pharm-inventory-iii-v-estimate
#[test]
fn an_opened_bottle_of_a_thousand_may_be_estimated_except_of_schedule_ii() {
    let count = |schedule: &str, capacity: u32| {
        let facts =
            json!({"stock": {"schedule": schedule, "container": "opened", "capacity": capacity, "method": "estimate"}});
        Case::ask("inventory-count", "2022-03-10", facts)
    };
    check(&count("II", 100), "deny count-method");
    check(&count("II", 100).with("facts/stock/method", "exact"), "permit");
    for schedule in ["III", "IV", "V"] {
        check(&count(schedule, 1000), "permit");
        check(&count(schedule, 1001), "deny count-method");
    }
}

/// Requirements: pharm-inventory-biennial-due
#[test]
fn the_next_inventory_is_taken_within_two_years() {
    let case = Case::ask("deadline", "2010-05-01", json!({})).with("request/event", "inventory-taken");
    check(&case, "value 2012-05-01");
}

/// An order before the supplier.
fn order(method: &str) -> Case {
    Case::ask("fill-order", "2021-03-10", json!({"order": {"method": method, "executed": "2021-03-10"}}))
}

/// Requirements: pharm-222-ii-only-by-form
#[test]
fn a_purchase_order_serves_for_schedule_iii_and_not_for_ii() {
    let case = order("purchase-order").with("request/action", "order");
    check(&case.with("facts/order/schedules", json!(["II"])), "deny wrong-form");
    check(&case.with("facts/order/schedules", json!(["III"])), "permit");
}

/// Requirements: pharm-222-supplier-refuse-defective
#[test]
fn an_altered_form_is_returned_with_the_reason() {
    let case = order("form-222-triplicate");
    check(&case.with("facts/order/condition", "altered"), "deny defective-order return-form-with-reason");
    check(&case, "permit report-to-dea-month-end");
}

/// Requirements: pharm-csos-reject-missing-fields, pharm-csos-reject-non-dea-certificate
#[test]
fn an_electronic_order_that_is_incomplete_or_signed_under_another_issuer_is_refused() {
    let case = order("csos");
    let incomplete = case.with("facts/order/condition", "incomplete");
    check(&incomplete, "deny defective-order notify-purchaser-with-reason");
    let other = case.with("facts/order/certificate", "not-dea-issued");
    check(&other, "deny certificate-invalid notify-purchaser-with-reason");
    check(&case, "permit report-to-dea-2-business-days");
}

/// An oral order of schedule II on 1 March 2010 in an emergency.
fn emergency() -> Case {
    let facts = json!({"prescription": {"schedule": "II", "form": "oral", "issued": "2010-03-01", "quantity": 30},
        "emergency": {}});
    Case::ask("emergency-fill", "2010-03-01", facts).with("request/quantity", 6).with("request/needed", 6)
}

/// Requirements: pharm-emergency-definition, pharm-emergency-quantity
#[test]
fn an_emergency_has_three_parts_and_takes_no_more_than_it_needs() {
    check(&emergency(), "permit reduce-to-writing obtain-followup");
    for part in ["immediate_need", "no_alternative", "written_not_possible"] {
        for profile in [Profile::strictest(), Profile::in_force(), Profile::manual_2010()] {
            let case = emergency().with(&format!("facts/emergency/{part}"), false);
            check_under(&profile, &case, "deny emergency-criteria");
        }
    }
    check(&emergency().with("request/quantity", 7), "deny quantity-exceeded");
}

/// What follows it.
fn followup(at: &str, followup: Value) -> Case {
    let facts = json!({"prescription": {"schedule": "II", "form": "oral", "issued": "2010-03-01", "quantity": 6},
        "followup": followup});
    Case::ask("emergency-followup", at, facts)
}

/// Requirements: pharm-emergency-written-within-7-days, epcs-1306.11-d-4-3
#[test]
fn what_follows_an_emergency_comes_or_is_postmarked_within_seven_days() {
    let hand = |day: &str| followup(day, json!({"received": day, "by": "hand"}));
    check(&hand("2010-03-08"), "permit attach-followup");
    check(&hand("2010-03-09"), "deny expired notify-dea");
    let mail = |postmarked: &str| {
        followup("2010-03-10", json!({"received": "2010-03-10", "by": "mail", "postmarked": postmarked}))
    };
    check(&mail("2010-03-08"), "permit attach-followup");
    check(&mail("2010-03-09"), "deny expired notify-dea");
}

/// Requirements: pharm-emergency-face-text
#[test]
fn what_follows_an_emergency_says_so_and_names_the_day_of_the_oral_order() {
    let came = json!({"received": "2010-03-08", "by": "hand"});
    let case = followup("2010-03-08", came);
    check(&case, "permit attach-followup");
    check(&case.with("facts/followup/statement", false), "deny element-missing");
    check(&case.with("facts/followup/oral_date", false), "deny element-missing");
}

/// A pharmacy that dispenses by means of the Internet.
fn online(schedule: &str, online: Value) -> Case {
    let facts = json!({"prescription": prescription(schedule), "online": online});
    Case::ask("online-dispense", "2022-01-31", facts)
}

/// Requirements: pharm-online-modified-registration, pharm-online-scope-all-schedules
#[test]
fn no_schedule_goes_by_the_internet_without_a_modified_registration() {
    for schedule in ["II", "III", "IV", "V"] {
        let case = online(schedule, json!({"activities": ["new-ii"], "notified": "2021-12-01"}));
        check(&case, "deny registration-invalid");
        check(&case.with("facts/online/modified_registration", true), "permit");
    }
}

/// Requirements: pharm-online-30-day-notice-dea
#[test]
fn dispensing_by_the_internet_begins_thirty_days_after_the_notice() {
    let facts = json!({"prescription": {"schedule": "III", "form": "paper", "issued": "2010-06-20", "quantity": 30},
        "online": {"modified_registration": true, "notified": "2010-06-01", "activities": ["new-ii"]}});
    let case = Case::ask("online-dispense", "2010-06-30", facts);
    check(&case, "deny approval-missing");
    check(&case.with("request/at", "2010-07-01"), "permit");
    let term = Case::ask("deadline", "2010-06-01", json!({})).with("request/event", "online-notified");
    check(&term, "value 2010-07-01");
}

/// Requirements: pharm-online-report-thresholds, pharm-online-report-negative, pharm-online-report-due-15th
#[test]
fn each_month_has_a_report_and_a_busy_one_a_full_report() {
    let month = |prescriptions: u32, units: u32| {
        let facts = json!({"online": {"prescriptions": prescriptions, "units": units}});
        Case::ask("monthly-report", "2022-01-31", facts)
    };
    for profile in [Profile::strictest(), Profile::in_force()] {
        check_under(&profile, &month(0, 0), "value negative");
        check_under(&profile, &month(99, 4999), "value negative");
        check_under(&profile, &month(100, 4999), "value full");
        check_under(&profile, &month(99, 5000), "value full");
    }
    let due = Case::ask("deadline", "2022-01-31", json!({})).with("request/event", "online-month");
    check(&due, "value 2022-02-15");
}

/// A step of central filling.
fn central(schedule: &str) -> Case {
    let facts = json!({"prescription": prescription(schedule), "central": {}});
    Case::ask("central-fill", "2022-02-10", facts).with("request/step", "prepare")
}

/// Requirements: pharm-cf-authorised-pair, pharm-cf-licensed-pharmacist
#[test]
fn central_filling_joins_two_pharmacies_by_contract_or_owner_and_a_pharmacist_fills() {
    for relationship in ["contract", "common-owner"] {
        check(&central("II").with("facts/central/relationship", relationship), "permit");
    }
    check(&central("II").with("facts/central/relationship", "none"), "deny not-authorized");
    check(&central("II").with("facts/central/preparer", "technician"), "deny not-authorized");
}

/// Requirements: pharm-cf-initial-and-refill
#[test]
fn a_first_filling_of_ii_and_a_refill_of_iii_are_prepared_centrally_and_no_refill_of_ii() {
    check(&central("II"), "permit");
    let refill = |schedule: &str| {
        central(schedule).with("request/refill", true).with("facts/prescription/refills_authorized", 5)
    };
    check(&refill("III"), "permit");
    check(&refill("II"), "deny refill-prohibited");
}

/// Requirements: pharm-fax-ii-original-required, pharm-fax-exception-parenteral, pharm-fax-exception-ltcf
#[test]
fn a_fax_of_schedule_ii_waits_for_its_original_except_for_infusions_and_residents() {
    let fax = fill("II").with("facts/prescription/form", "fax").with("facts/prescription/narcotic", true);
    check(&fax, "deny form-not-allowed obtain-original");
    check(&fax.with("facts/prescription/original_presented", true), "permit");
    check(&fax.with("facts/prescription/compounded_infusion", true), "permit");
    check(&fax.with("facts/prescription/setting", "ltcf"), "permit");
    check(&fax.with("facts/prescription/setting", "retail"), "deny form-not-allowed obtain-original");
}

/// Requirements: pharm-fax-exception-hospice, pharm-fax-iii-v-equals-original
#[test]
fn a_hospice_narcotic_with_its_note_and_a_signed_fax_of_iii_to_v_are_originals() {
    let hospice = fill("II")
        .with("facts/prescription/form", "fax")
        .with("facts/prescription/setting", "hospice")
        .with("facts/prescription/narcotic", true);
    check(&hospice, "deny notation-missing");
    let noted = hospice.with("facts/prescription/hospice_noted", true);
    check(&noted, "permit");
    let other = noted.with("facts/prescription/narcotic", false);
    check_under(&Profile::in_force(), &other, "deny form-not-allowed obtain-original");
    let four = fill("IV").with("facts/prescription/form", "fax");
    check(&four, "permit");
    check(&four.with("facts/prescription/signature", "image"), "deny not-signed");
    check(&four.with("facts/prescription/signature", "none"), "deny not-signed");
}

/// A transfer of what is left of five refills.
fn transfer() -> Case {
    let facts = json!({"prescription": prescription("III"), "transfer": {}, "pharmacy": {},
        "history": [{"kind": "fill", "at": "2022-01-12", "quantity": 30}]});
    Case::ask("transfer-out", "2022-01-20", facts).with("facts/prescription/refills_authorized", 5)
}

const OUT: &str = "permit void-original record-transfer-out";

/// Requirements: pharm-transfer-once, pharm-transfer-shared-database
#[test]
fn a_prescription_moves_once_or_on_a_shared_database_while_refills_last() {
    check(&transfer(), OUT);
    let came =
        json!([{"kind": "fill", "at": "2022-01-12", "quantity": 30}, {"kind": "transfer-in", "at": "2022-01-15"}]);
    check(&transfer().with("facts/history", came.clone()), "deny transfer-exhausted");
    let shared = transfer().with("facts/pharmacy/shared_database", true);
    check(&shared.with("facts/history", came), OUT);
    let used = json!([{"kind": "fill", "at": "2022-01-12", "quantity": 30},
        {"kind": "refill", "at": "2022-01-13", "quantity": 30, "count": 5}, {"kind": "transfer-in", "at": "2022-01-15"}]);
    check(&shared.with("facts/history", used), "deny refills-exhausted");
}

/// Requirements: pharm-transfer-registered-and-state, pharm-transfer-two-pharmacists
#[test]
fn two_pharmacists_of_registered_pharmacies_transfer_where_the_state_allows_it() {
    check(&transfer().with("facts/transfer/other_registered", true), OUT);
    for profile in [Profile::in_force(), Profile::manual_2010(), Profile::cards_2021()] {
        let unregistered = transfer().with("facts/transfer/other_registered", false);
        check_under(&profile, &unregistered, "deny registration-invalid");
    }
    check(&transfer().with("facts/state_permits", false), "deny state-prohibits");
    check(&transfer().with("facts/transfer/between", "technicians"), "deny not-authorized");
}

/// Requirements: pharm-transfer-counts-carry-over
#[test]
fn the_refills_left_and_the_date_of_issue_come_with_a_transfer() {
    let refill = |used: u32, at: &str| {
        let facts = json!({"prescription": {"schedule": "III", "form": "paper", "issued": "2010-01-15", "quantity": 30,
            "refills_authorized": 5}, "history": [{"kind": "fill", "at": "2010-01-15", "quantity": 30},
            {"kind": "refill", "at": "2010-03-01", "quantity": 30, "count": used}, {"kind": "transfer-in", "at": "2010-04-01"}]});
        Case::ask("refill", at, facts).with("request/quantity", 30)
    };
    check(&refill(3, "2010-07-15"), "permit");
    check(&refill(4, "2010-07-15"), "permit");
    check(&refill(5, "2010-07-15"), "deny refills-exhausted");
    check(&refill(3, "2010-07-16"), "deny expired");
}

/// Requirements: pharm-record-central-only-shipping-financial, pharm-record-central-start-14-days
#[test]
fn shipping_and_financial_records_move_on_the_fifteenth_when_dea_heard_on_the_first() {
    let keep = |record: &str, at: &str| {
        Case::ask("keep-central", at, json!({}))
            .with("request/record", record)
            .with("request/notice_received", "2022-03-01")
    };
    for record in ["invoice", "financial-record"] {
        check(&keep(record, "2022-03-14"), "deny approval-missing");
        check(&keep(record, "2022-03-15"), "permit");
    }
    for record in ["executed-order-form", "paper-prescription", "inventory"] {
        check(&keep(record, "2022-03-15"), "deny wrong-place");
    }
}

/// Requirements: pharm-mail-packaging
#[test]
fn a_parcel_is_sealed_inside_and_plain_outside() {
    let facts = json!({"prescription": prescription("III"), "parcel": {}});
    let case = Case::ask("deliver", "2022-01-12", facts).with("request/to", "patient").with("request/by", "mail");
    check(&case, "permit");
    check(&case.with("facts/parcel/outer_plain", false), "deny packaging");
    check(&case.with("facts/parcel/inner_sealed", false), "deny packaging");
}

/// Requirements: pharm-transfer-iii-v-only
#[test]
fn a_paper_prescription_of_schedule_ii_is_never_transferred() {
    let unfilled = transfer().with("facts/history", json!([])).with("facts/prescription/schedule", "II");
    check(&unfilled, "deny transfer-prohibited");
    let electronic = unfilled.with("facts/prescription/form", "electronic");
    check_under(&Profile::manual_2010(), &electronic, "deny transfer-prohibited");
    check_under(&Profile::in_force(), &electronic, "deny transfer-prohibited");
}

/// Requirements: pharm-emergency-identify-prescriber
#[test]
fn an_unknown_practitioner_is_verified_before_an_emergency_is_served() {
    let unknown = emergency().with("facts/emergency/practitioner_known", false);
    check(&unknown, "deny verification-required");
    check(&unknown.with("facts/emergency/identity_verified", true), "permit reduce-to-writing obtain-followup");
}

/// Requirements: pharm-online-exempt-solely
#[test]
fn an_exemption_lasts_while_the_pharmacy_does_nothing_else_by_the_internet() {
    check(&online("III", json!({"activities": ["refills-iii-v"]})), "permit");
    for other in ["new-ii", "electronic-prescriptions", "ltcf-automated-dispensing"] {
        check(&online("III", json!({"activities": ["refills-iii-v", other]})), "deny registration-invalid");
    }
}

/// Requirements: pharm-csos-optional
#[test]
fn a_location_orders_on_paper_and_electronically() {
    for method in ["form-222-triplicate", "csos"] {
        check(&order(method).with("request/action", "order"), "permit");
    }
}

/// Requirements: epcs-1306.22-e-4
#[test]
fn beyond_five_refills_or_six_months_a_new_prescription_is_asked_for() {
    let refill = |used: u32, at: &str| {
        let facts = json!({"prescription": {"schedule": "IV", "form": "paper", "issued": "2022-01-10", "quantity": 30,
            "refills_authorized": 5}, "history": [{"kind": "fill", "at": "2022-01-10", "quantity": 30},
            {"kind": "refill", "at": "2022-02-10", "quantity": 30, "count": used}]});
        Case::ask("refill", at, facts).with("request/quantity", 30)
    };
    check(&refill(4, "2022-07-10"), "permit");
    for (case, answer) in
        [(refill(5, "2022-07-10"), "deny refills-exhausted"), (refill(4, "2022-07-11"), "deny expired")]
    {
        check(&case, answer);
        assert!(
            case.refusal(&Profile::strictest()).contains("new prescription"),
            "{}",
            case.refusal(&Profile::strictest())
        );
    }
}
