//! What is entered in the records: each thing that an entry holds is asked for by name, and an entry stands where it may.

use super::{Case, check, check_under, fill, prescription};
use serde_json::{Value, json};
use theriac_law::Profile;

/// The entry of this kind, complete.
fn entry(kind: &str) -> Case {
    Case::ask("check-entry", "2022-01-12", json!({"entry": {}})).with("request/entry", kind)
}

/// Removes each thing in turn from a complete entry: every removal is refused and named, and the complete entry passes.
fn check_each(kind: &str, things: &[&str]) {
    check(&entry(kind), "permit");
    for thing in things {
        let without = entry(kind).with("facts/entry/missing", json!([thing]));
        check(&without, "deny element-missing");
        let refusal = without.refusal(&Profile::strictest());
        assert!(refusal.contains(&format!("{thing} is missing")), "{refusal}");
    }
}

/// Requirements: law-refill-entry-contents, law-refill-full-amount-presumed
#[test]
fn a_refill_is_entered_with_date_and_initials_and_the_amount_may_be_presumed() {
    check_each("refill", &["date", "initials"]);
    check(&entry("refill").with("facts/entry/missing", json!(["quantity"])), "permit");
}

/// Requirements: law-refill-entry-back-or-record
#[test]
fn refills_are_entered_in_one_uniform_place() {
    let on = |carrier: &str| entry("refill").with("facts/entry/carrier", carrier);
    for carrier in ["paper-back", "uniform-document", "electronic-record"] {
        check(&on(carrier), "permit");
        check(&on(carrier).with("facts/entry/chosen", carrier), "permit");
    }
    check(&on("paper-back").with("facts/entry/chosen", "electronic-record"), "deny form-not-allowed");
    check(&on("paper-face"), "deny form-not-allowed");
    check(&on("fax"), "deny form-not-allowed");
}

/// Requirements: law-refill-oral-addition-record
#[test]
fn refills_added_by_telephone_are_recorded_with_four_facts() {
    check_each("refills-added", &["date", "refill-quantity", "number-added", "initials"]);
}

/// Requirements: law-refill-retrievable-by-number
#[test]
fn the_number_of_a_prescription_finds_what_was_dispensed_on_it() {
    check_each("refill-by-number", &["drug", "dosage-form", "date", "quantity", "initials", "refills-to-date"]);
}

/// Requirements: law-refill-computer-original-data
#[test]
fn a_computer_shows_the_whole_original_order() {
    check_each(
        "refill-original",
        &[
            "prescription-number",
            "issue-date",
            "patient-name",
            "patient-address",
            "prescriber-name",
            "prescriber-address",
            "prescriber-number",
            "drug",
            "strength",
            "dosage-form",
            "quantity-prescribed",
            "quantity",
            "refills-authorized",
        ],
    );
}

/// Requirements: law-refill-computer-history
#[test]
fn a_computer_shows_every_refill_and_their_number() {
    check_each("refill-history", &["drug", "date", "quantity", "pharmacist", "refills-to-date"]);
}

/// Requirements: law-refill-audit-trail-print
#[test]
fn the_trail_of_refills_is_printed_by_brand_and_by_generic() {
    check_each(
        "refill-trail",
        &[
            "found-by-brand",
            "found-by-generic",
            "prescriber-name",
            "patient-name",
            "patient-address",
            "quantity",
            "date",
            "pharmacist",
            "prescription-number",
        ],
    );
}

/// Requirements: law-refill-agent-proof-of-48
#[test]
fn an_agent_of_dea_is_shown_proof_that_a_printout_can_be_sent_in_time() {
    let case = entry("central-printout").with("facts/entry/missing", json!(["transmittal-proof"]));
    check(&case, "permit");
    check(&case.with("facts/entry/asked_by_dea", true), "deny element-missing");
    check(&entry("central-printout").with("facts/entry/asked_by_dea", true), "permit");
}

/// Requirements: law-refill-computer-verified
#[test]
fn a_day_of_refills_is_complete_when_all_its_pharmacists_have_signed() {
    let day = |signed: Value, document: &str| {
        let facts = json!({"refill_day": {"pharmacists": ["A", "B"], "signed": signed, "document": document}});
        Case::ask("close-refill-day", "2022-01-12", facts)
    };
    for document in ["printout", "log"] {
        check(&day(json!(["A", "B"]), document), "permit");
        for one in [json!([]), json!(["A"]), json!(["B"]), json!(["A", "A"]), json!(["C", "A"])] {
            check(&day(one, document), "deny not-signed");
        }
    }
}

/// A refill of a prescription with five, and how the pharmacy keeps refills.
fn refill(form: &str, done: u32, keeping: Value) -> Case {
    let mut history = vec![json!({"kind": "fill", "at": "2022-01-12", "quantity": 30})];
    if done > 0 {
        history.push(json!({"kind": "refill", "at": "2022-02-01", "quantity": 30, "count": done}));
    }
    let facts = json!({"prescription": prescription("IV"), "history": history, "refill_keeping": keeping});
    Case::ask("refill", "2022-03-01", facts)
        .with("request/quantity", 30)
        .with("facts/prescription/form", form)
        .with("facts/prescription/refills_authorized", 5)
}

/// Requirements: law-refill-one-system-only
#[test]
fn paper_fax_and_oral_originals_have_one_system_of_refills() {
    for form in ["paper", "fax", "oral"] {
        for (chosen, other) in [("computer", "manual"), ("manual", "computer")] {
            check(&refill(form, 0, json!({"chosen": chosen, "entered": chosen})), "permit");
            check(&refill(form, 0, json!({"chosen": chosen, "entered": other})), "deny wrong-file");
        }
    }
}

/// Requirements: law-refill-electronic-part-1311
#[test]
fn refills_of_an_electronic_prescription_are_kept_in_a_part_1311_application() {
    check(&refill("electronic", 0, json!({"chosen": "manual", "entered": "manual"})), "deny wrong-file");
    check(&refill("electronic", 0, json!({"chosen": "manual", "entered": "computer"})), "deny wrong-file");
    check(&refill("electronic", 0, json!({"chosen": "manual", "entered": "part-1311"})), "permit");
}

/// Requirements: law-refill-downtime
#[test]
fn in_downtime_the_fifth_refill_passes_and_the_sixth_does_not_and_five_are_entered_afterwards() {
    let down = |unentered: u32| refill("paper", 0, json!({"running": "down", "unentered": unentered}));
    check(&down(4), "permit");
    check(&down(5), "deny refills-exhausted");
    let some_before = refill("paper", 2, json!({"running": "down", "unentered": 2}));
    check(&some_before, "permit");
    check(&some_before.with("facts/refill_keeping/unentered", 3), "deny refills-exhausted");
    // After the restart the five stand in the history with their days.
    check(&refill("paper", 4, json!({"running": "up"})), "permit");
    check(&refill("paper", 5, json!({"running": "up"})), "deny refills-exhausted");
}

/// Requirements: law-refill-downtime-entry-soon
#[test]
fn after_the_restart_downtime_data_are_entered_before_the_next_refill() {
    check(&refill("paper", 1, json!({"running": "up", "unentered": 1})), "deny element-missing");
    check(&refill("paper", 2, json!({"running": "up", "unentered": 0})), "permit");
}

/// Requirements: law-part-cii-note-quantity
#[test]
fn the_quantity_supplied_is_noted_where_the_prescription_stands() {
    check_each("part-noted", &["quantity"]);
    for (form, right) in [("paper", "paper-face"), ("oral", "oral-record"), ("electronic", "electronic-record")] {
        for carrier in ["paper-face", "oral-record", "electronic-record"] {
            let case = entry("part-noted")
                .with("facts/prescription", prescription("II"))
                .with("facts/prescription/form", form)
                .with("facts/entry/carrier", carrier);
            check(&case, if carrier == right { "permit" } else { "deny form-not-allowed" });
        }
    }
}

/// Requirements: law-part-cii-ltcf-each-record
#[test]
fn each_part_in_long_term_care_is_recorded_with_four_facts() {
    check_each("part-ltcf", &["date", "quantity", "quantity-remaining", "pharmacist"]);
}

/// Requirements: law-part-cii-ltcf-computer-data
#[test]
fn a_computer_keeps_ten_things_about_parts_in_long_term_care() {
    let ten = [
        "prescription-number",
        "issue-date",
        "drug",
        "dosage-form",
        "strength",
        "quantity-prescribed",
        "patient-name",
        "prescriber-name",
        "place-of-care",
        "parts",
    ];
    check_each("part-computer", &ten);
}

/// Requirements: law-part-ciii-v-recorded-as-refill
#[test]
fn a_part_of_schedules_iii_to_v_is_recorded_like_a_refill() {
    check_each("part-iii-v", &["date", "quantity", "initials"]);
}

/// Requirements: law-elec-annotation-complete
#[test]
fn a_part_of_an_electronic_prescription_is_annotated_in_its_record() {
    check_each("part-electronic", &["quantity", "date", "pharmacist"]);
    let on = |carrier: &str| entry("part-electronic").with("facts/entry/carrier", carrier);
    check(&on("electronic-record"), "permit");
    check(&on("uniform-document"), "deny form-not-allowed");
}

/// Requirements: law-part-cii-ltcf-missing-is-violation
#[test]
fn parts_after_72_hours_without_words_and_not_on_request_are_a_violation() {
    let parts = |last: &str| {
        let facts = json!({"prescription": prescription("II"), "history": [
            {"kind": "partial", "at": "2022-01-12T09:00:00-07:00", "quantity": 10},
            {"kind": "partial", "at": last, "quantity": 10}]});
        Case::ask("audit-parts", "2022-02-20", facts)
    };
    check(&parts("2022-01-15T09:00:00-07:00"), "value in-order");
    let late = parts("2022-01-15T09:00:01-07:00");
    check(&late, "value violation");
    for notation in ["ltcf-patient", "terminally-ill"] {
        check(&late.with("request/notation", notation), "value in-order");
    }
    for profile in [Profile::in_force(), Profile::cards_2021()] {
        check_under(&profile, &late.with("request/basis", "requested"), "value in-order");
    }
    check_under(&Profile::manual_2010(), &late.with("request/basis", "requested"), "value violation");
    check(&late.with("facts/prescription/schedule", "III"), "value in-order");
}

/// Requirements: law-multi-any-wording
#[test]
fn any_wording_that_gives_the_earliest_date_is_read() {
    let read = |words: &str| {
        Case::ask("read-earliest-fill", "2022-01-12", json!({"prescription": prescription("II")}))
            .with("request/words", words)
    };
    for words in [
        "Do not fill before 7/1",
        "Do not fill until July 1",
        "not before 1 jul",
        "DNF until 07/01/2022.",
        "from 2022-07-01",
    ] {
        check(&read(words), "value 2022-07-01");
    }
    check(&read("do not fill before 1/9"), "value 2023-01-09"); // the first 9 January after issue on the 10th
    check(&read("do not fill before 1/10"), "value 2022-01-10");
    check(&read("not before February 29"), "value 2024-02-29");
    for words in ["", "as soon as possible", "13/45", "July", "may be filled later", "7/1/2/3"] {
        check(&read(words), "deny element-missing");
    }
}

/// Requirements: law-xfer-out-void, law-xfer-out-receiver-details, law-xfer-out-date-and-name, epcs-1306.25-c-2,
/// pharm-transfer-sender-record
#[test]
fn a_transfer_out_on_paper_is_recorded_in_full_and_void_here() {
    check_each(
        "transfer-out",
        &[
            "void-mark",
            "receiver-name",
            "receiver-address",
            "receiver-number",
            "receiving-pharmacist",
            "date",
            "transferring-pharmacist",
        ],
    );
    let left = fill("IV").with("facts/history", json!([{"kind": "transfer-out", "at": "2022-01-11"}]));
    check(&left, "deny transfer-exhausted");
}

/// Requirements: law-xfer-electronic-out, epcs-1306.25-d-1
#[test]
fn a_transfer_out_of_an_electronic_prescription_is_added_to_its_record() {
    check_each(
        "transfer-out-electronic",
        &[
            "transferred-mark",
            "receiver-name",
            "receiver-address",
            "receiver-number",
            "date",
            "transferring-pharmacist",
        ],
    );
}

/// Requirements: law-xfer-in-mark
#[test]
fn a_transfer_in_bears_transfer_on_its_face() {
    check_each("transfer-in", &["transfer-mark"]);
}

/// What comes along with a transfer.
const CAME: [&str; 7] = [
    "issue-date",
    "refills-authorized",
    "first-dispensed",
    "refills-remaining",
    "sender-identity",
    "transferring-pharmacist",
    "original-pharmacy",
];

/// Requirements: law-xfer-electronic-in
#[test]
fn the_receiver_records_its_pharmacist_and_everything_that_came() {
    check_each("transfer-in-electronic", &["receiving-pharmacist"]);
    check_each("transfer-in-electronic", &CAME);
}

/// Requirements: law-xfer-database-still-records
#[test]
fn one_shared_record_holds_what_sender_and_receiver_would_enter_by_hand() {
    check_each(
        "transfer-shared",
        &["receiver-name", "receiver-address", "receiver-number", "receiving-pharmacist", "date"],
    );
    check_each("transfer-shared", &CAME);
}

/// Requirements: law-cf-retail-mark
#[test]
fn paper_sent_to_central_filling_bears_six_facts() {
    check_each(
        "central-sent",
        &["central-fill-mark", "central-name", "central-address", "central-number", "transmitting-pharmacist", "date"],
    );
}

/// Requirements: law-cf-retail-electronic-mark, epcs-1306.15-a-1-2
#[test]
fn an_electronic_prescription_is_sent_to_central_filling_after_its_annotation() {
    check_each(
        "central-sent-electronic",
        &["central-name", "central-address", "central-number", "transmitting-pharmacist", "date"],
    );
}

/// Requirements: law-cf-retail-receipt
#[test]
fn what_comes_back_from_central_filling_is_received_with_three_facts() {
    check_each("central-received", &["date-received", "delivery-method", "accepting-employee"]);
}

/// Requirements: law-cf-retail-refill-counts
#[test]
fn a_transmission_states_both_counts_of_refills_and_for_schedule_ii_none() {
    let about = |schedule: &str| entry("central-refills").with("facts/prescription", prescription(schedule));
    for schedule in ["III", "IV", "V"] {
        check(&about(schedule), "permit");
        for count in ["refills-to-date", "refills-remaining"] {
            check(&about(schedule).with("facts/entry/missing", json!([count])), "deny element-missing");
        }
    }
    check(&about("II"), "permit");
    check(&about("II").with("facts/entry/refills_stated", true), "deny refill-prohibited");
}

/// Requirements: law-cf-central-copy
#[test]
fn the_central_fill_pharmacy_keeps_all_that_was_sent_and_by_whom() {
    check_each("central-copy", &["what-was-sent", "retail-name", "retail-address", "retail-number"]);
}

/// Requirements: law-cf-central-fill-record, law-cf-central-delivery
#[test]
fn the_central_fill_pharmacy_records_receipt_filling_and_delivery() {
    check_each("central-filled", &["date-received", "filling-pharmacist", "fill-dates"]);
    check_each("central-delivered", &["date", "delivery-method"]);
}

/// Requirements: law-emer-attach-paper, law-emer-followup-electronic
#[test]
fn what_follows_an_emergency_is_attached_or_annotated_before_the_case_is_closed() {
    check_each("followup-paper", &["oral-record"]);
    check_each("followup-electronic", &["authorization-text", "oral-order-date", "pharmacist", "oral-record"]);
}

/// Requirements: law-elec-replacement-facts
#[test]
fn a_replacement_tells_of_the_failed_transmission_in_four_facts() {
    check_each("replacement", &["failure", "date", "time", "pharmacy-addressed"]);
}

/// Requirements: law-who-agent-may-communicate
#[test]
fn a_clarification_from_an_agent_names_agent_and_practitioner() {
    check_each("clarification", &["agent-name", "prescriber-name"]);
}

/// Requirements: law-amend-original-kept
#[test]
fn a_change_keeps_the_original_value_beside_the_new_one() {
    check_each("amendment", &["original-value", "new-value", "date", "pharmacist"]);
}

/// Requirements: law-fax-cii-file-original, law-forms-original-kept-where
#[test]
fn after_dispensing_the_paper_original_lies_in_the_schedule_ii_file_and_not_the_fax() {
    check_each("original-ii", &["file-location", "annotation"]);
    check(&entry("original-ii").with("facts/entry/carrier", "paper-face"), "permit");
    check(&entry("original-ii").with("facts/entry/carrier", "fax"), "deny form-not-allowed");
}

/// Requirements: law-opioid-treat-number-on-records
#[test]
fn a_dispensing_for_dependence_showed_the_identification_number_while_there_was_one() {
    check_each("dependence", &["treatment-number"]);
    let lacking = entry("dependence").with("facts/entry/missing", json!(["treatment-number"]));
    for profile in [Profile::strictest(), Profile::in_force()] {
        check_under(&profile, &lacking.with("request/at", "2022-12-28"), "deny element-missing");
        check_under(&profile, &lacking.with("request/at", "2022-12-29"), "permit");
    }
    let rx = fill("III").with("facts/prescription/purpose", "opioid-dependence");
    check(&rx.with("facts/prescription/missing", json!(["treatment-id"])), "deny element-missing");
}

/// Requirements: law-ltcf-ekit-five-heads
#[test]
fn the_states_approval_of_a_kit_has_five_heads() {
    check_each(
        "kit-protocol",
        &["registered-source", "security", "records-and-counts", "conditions-of-use", "prohibited-acts"],
    );
}
