//! 21 CFR part 1304 and what other parts ask of documents: whole, in their place, kept long enough; inventories closed.

use super::{Case, check, check_under, warnings};
use serde_json::{Value, json};
use theriac_law::Profile;

const DAY: &str = "2021-03-10";

/// The document, whole.
fn document(name: &str) -> Case {
    Case::ask("check-document", DAY, json!({})).with("request/document", name)
}

/// The whole document passes; without any one of `entries` it is refused and the entry is named.
fn check_entries(name: &str, entries: &[&str]) {
    check(&document(name), "permit");
    for entry in entries {
        let case = document(name).with("request/missing", json!([entry]));
        check(&case, "deny element-missing");
        let refusal = case.refusal(&Profile::strictest());
        assert!(refusal.contains(&format!("{entry} is missing from the {name}")), "{refusal}");
    }
}

/// Requirements: law-inv-fields, pharm-inventory-contents
#[test]
fn an_inventory_line_lacks_nothing() {
    check_entries(
        "inventory",
        &[
            "date",
            "opening-or-close",
            "drug-name",
            "finished-form",
            "strength",
            "units-per-container",
            "number-of-containers",
            "quantity",
        ],
    );
}

/// Requirements: law-disp-return-record
#[test]
fn a_return_record_lacks_nothing() {
    check_entries(
        "return-record",
        &[
            "date",
            "drug-name",
            "strength",
            "finished-form",
            "quantity",
            "recipient-name",
            "recipient-address",
            "recipient-number",
        ],
    );
}

/// Requirements: law-disp-reverse-ciii-v-record
#[test]
fn a_reverse_distribution_record_lacks_nothing() {
    check_entries("reverse-record", &["drug-name", "finished-form", "strength", "quantity", "date"]);
}

/// Requirements: law-dist-ciii-v-invoice, pharm-move-schedule-iii-v-document
#[test]
fn an_invoice_names_the_goods_the_day_and_both_parties() {
    check_entries(
        "distribution-invoice",
        &[
            "drug-name",
            "finished-form",
            "strength",
            "quantity",
            "date",
            "sender-name",
            "sender-address",
            "sender-number",
            "recipient-name",
            "recipient-address",
            "recipient-number",
        ],
    );
}

/// Requirements: law-dist-both-record, pharm-record-distribution-contents
#[test]
fn a_distribution_without_a_complete_record_is_refused() {
    check_entries(
        "distribution-record",
        &[
            "drug-name",
            "finished-form",
            "units-per-container",
            "number-of-containers",
            "date",
            "manner",
            "recipient-name",
            "recipient-address",
            "recipient-number",
        ],
    );
}

/// Requirements: law-ord-222-supplier-fields
#[test]
fn a_suppliers_line_lacks_nothing() {
    check_entries("supplier-line", &["product-code", "number-of-containers", "date"]);
}

/// Requirements: law-rec-fill-data, law-rec-filled-initialed
#[test]
fn a_filling_is_recorded_with_initials_and_date_and_with_refills_in_schedules_iii_and_iv() {
    check_entries(
        "fill-record",
        &[
            "practitioner-name",
            "patient-name",
            "patient-address",
            "drug-name",
            "finished-form",
            "quantity",
            "date",
            "pharmacist",
        ],
    );
    for entry in ["refill-dates", "refill-count"] {
        let without = document("fill-record").with("request/missing", json!([entry]));
        for schedule in ["III", "IV"] {
            check(&without.with("request/schedule", schedule), "deny element-missing");
        }
        check(&without.with("request/schedule", "II"), "permit");
    }
}

/// Requirements: law-rec-ghb
#[test]
fn ghb_takes_the_record_of_its_own_section() {
    check_entries(
        "ghb-record",
        &[
            "practitioner-name",
            "practitioner-number",
            "practitioner-state-number",
            "registration-verified",
            "patient-name",
            "patient-address",
        ],
    );
}

/// Requirements: law-loss-form106-fields
#[test]
fn form_106_lacks_nothing() {
    check_entries(
        "form-106",
        &[
            "sender-name",
            "sender-address",
            "sender-number",
            "date",
            "police",
            "type-of-theft",
            "label-marks",
            "drug-name",
            "strength",
            "finished-form",
            "container-or-code",
        ],
    );
}

/// Requirements: pharm-tob-notice-contents, pharm-staff-waiver-request-contents
#[test]
fn notices_and_requests_to_dea_lack_nothing() {
    check_entries(
        "transfer-notice",
        &[
            "sender-name",
            "sender-number",
            "sender-activity",
            "recipient-name",
            "recipient-number",
            "recipient-activity",
            "place-of-business",
            "transfer-date",
        ],
    );
    check_entries(
        "waiver-request",
        &["violations", "licensure", "access-extent", "safeguards", "employer-standing", "other-matters"],
    );
}

/// An inventory before it is closed.
fn inventory(facts: Value) -> Case {
    Case::ask("close-inventory", DAY, json!({"inventory": facts}))
}

/// Requirements: law-inv-open-or-close, pharm-inventory-opening-or-close
#[test]
fn an_inventory_says_opening_or_close_and_reports_what_moved_meanwhile() {
    check(&inventory(json!({"taken": "opening"})), "permit");
    check(&inventory(json!({"taken": "close"})), "permit");
    check(&inventory(json!({"taken": "unmarked"})), "deny element-missing");
    let moved = inventory(json!({"movements_during": 1}));
    check(&moved, "permit");
    assert_eq!(warnings(&moved, &Profile::strictest()), ["LAW-1304.11-MOVED"]);
    assert!(warnings(&inventory(json!({})), &Profile::strictest()).is_empty());
}

/// Requirements: law-inv-cii-separate
#[test]
fn schedule_ii_is_inventoried_in_a_document_of_its_own() {
    check(&inventory(json!({"binding": "combined"})), "deny wrong-file");
    check(&inventory(json!({"binding": "separate"})), "permit");
}

/// Requirements: law-inv-recording-device
#[test]
fn an_inventory_on_a_recording_device_cannot_close() {
    check(&inventory(json!({"writing": "recorded"})), "deny not-in-writing");
    check(&inventory(json!({"writing": "written"})), "permit");
}

/// Requirements: law-inv-not-sent, pharm-inventory-not-submitted
#[test]
fn nothing_is_sent_when_an_inventory_is_closed() {
    // No duty at all, and so none to send it.
    check(&inventory(json!({})), "permit");
    let decision = inventory(json!({})).decide(&Profile::strictest());
    assert!(decision.grounds.iter().any(|ground| ground.rule.id == "1304.11-not-sent"));
    assert!(decision.duties.is_empty());
}

/// Requirements: pharm-inventory-biennial-same-contents
#[test]
fn a_count_that_leaves_a_place_out_is_no_inventory() {
    check(&inventory(json!({"uncounted": 1})), "deny element-missing");
    check(&inventory(json!({"figures": "from-books"})), "deny count-method");
}

/// A record in a file.
fn filed(record: &str, file: &str) -> Case {
    Case::ask("file-record", DAY, json!({})).with("request/record", record).with("request/file", file)
}

/// Requirements: law-ord-222-separate-file, law-poa-filed
#[test]
fn order_forms_and_powers_of_attorney_lie_together_and_apart_from_the_rest() {
    for record in ["executed-order-form", "power-of-attorney"] {
        check(&filed(record, "order-forms"), "permit");
        check(&filed(record, "business"), "deny wrong-file");
    }
    check(&filed("invoice", "order-forms"), "permit");
    check(&filed("inventory", "order-forms"), "deny wrong-file");
    // A power of attorney goes to nobody: neither its document nor its use makes a duty to send it.
    check(&document("power-of-attorney"), "permit");
    check(&Case::ask("use-power", DAY, json!({"power": {}})), "permit");
}

/// Requirements: law-rec-two-years, pharm-record-retention-two-years
#[test]
fn no_record_is_discarded_before_its_period_is_over() {
    let discard = |record: &str, day: &str| {
        let case = Case::ask("discard-record", day, json!({})).with("request/record", record);
        case.with("request/made", "2021-03-10")
    };
    for record in ["invoice", "inventory", "paper-prescription", "executed-order-form", "csos-order", "form-106"] {
        check(&discard(record, "2023-03-09"), "deny still-kept");
        check(&discard(record, "2023-03-10"), "deny still-kept");
        check(&discard(record, "2023-03-11"), "permit");
    }
    let seven = discard("paper-prescription", "2028-03-10").with("facts/state", "AZ");
    check(&seven, "deny still-kept");
    check(&discard("paper-prescription", "2028-03-11").with("facts/state", "AZ"), "permit");
}

/// Requirements: pharm-reg-chain-affidavit-retention
#[test]
fn a_chains_affidavit_stays_as_long_as_a_registration_it_covers() {
    let affidavit = Case::ask("discard-record", "2024-06-30", json!({})).with("request/record", "chain-affidavit");
    let affidavit = affidavit.with("request/made", "2021-03-10").with("request/covers_until", "2024-06-30");
    check(&affidavit, "deny still-kept");
    check(&affidavit.with("request/at", "2024-07-01"), "permit");
}

/// Requirements: law-rec-current-complete
#[test]
fn opening_and_what_came_less_what_went_is_what_is_there() {
    let books = |closing: u64| {
        let case = Case::ask("balance-books", DAY, json!({})).with("request/opening", 1000).with("request/came", 500);
        case.with("request/went", 900).with("request/closing", closing)
    };
    check(&books(600), "permit");
    check(&books(599), "deny not-balanced");
    check(&books(601), "deny not-balanced");
    assert!(books(599).refusal(&Profile::strictest()).contains("1 missing"));
}

/// Requirements: law-rec-central-48-hours, pharm-record-central-produce-on-request
#[test]
fn records_kept_centrally_answer_in_48_hours_and_by_the_manual_in_two_business_days() {
    let asked =
        Case::ask("deadline", "2021-03-12T09:30:00-05:00", json!({})).with("request/event", "central-records-request");
    for profile in [Profile::cards_2021(), Profile::strictest(), Profile::in_force()] {
        check_under(&profile, &asked, "value 2021-03-14T09:30:00-05:00");
    }
    check_under(&Profile::manual_2010(), &asked, "value 2021-03-16");
}
