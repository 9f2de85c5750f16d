//! 21 CFR part 1305 in detail, 1307.11, 1311 subpart A: what is written on orders, lost orders and forms, powers of attorney,
//! receipts, and the ways by which stock leaves a pharmacy.

use super::{Case, check, check_under, warnings};
use serde_json::{Value, json};
use std::sync::Arc;
use theriac_law::{Overlay, Profile};

const DAY: &str = "2021-03-10";

/// An order by `method` with `details`.
fn order(method: &str, details: Value) -> Case {
    Case::ask("order", DAY, json!({"order": {"method": method, "executed": DAY}, "details": details}))
}

fn form(details: Value) -> Case {
    order("form-222-triplicate", details)
}

/// Requirements: law-ord-registration-first, pharm-222-registered-for-schedule
#[test]
fn only_a_site_registered_for_the_schedule_orders_it() {
    for method in ["form-222-triplicate", "csos"] {
        check(&order(method, json!({"registration": "valid"})), "permit");
        for registration in ["none", "pending", "expired"] {
            check(&order(method, json!({"registration": registration})), "deny registration-invalid");
        }
        check(&order(method, json!({"purchaser_schedules": ["III", "IV", "V"]})), "deny registration-invalid");
        check(&order(method, json!({"purchaser_schedules": ["II", "III", "IV", "V"]})), "permit");
    }
}

/// Requirements: law-ord-222-state-cii, pharm-rule-state-extra-222-allowed
#[test]
fn a_drug_that_the_state_alone_holds_in_schedule_ii_may_be_ordered_on_the_form_and_must_where_it_says_so() {
    let three =
        |method: &str| order(method, json!({"state_schedule_ii": true})).with("facts/order/schedules", json!(["III"]));
    check(&three("form-222-triplicate"), "permit");
    check(&three("purchase-order"), "permit");
    let overlay =
        "edition = \"state.XX\"\n[parameter.\"order.state-ii.form\"]\nvalue = true\ncite = \"a State's law\"\n";
    let demanded = Profile::strictest().in_state(Arc::new(Overlay::parse(overlay).expect("an overlay")));
    check_under(&demanded, &three("purchase-order"), "deny wrong-form");
    check_under(&demanded, &three("form-222-triplicate").with("request/at", "2021-03-11"), "permit");
    check_under(&demanded, &three("csos"), "permit");
}

/// Requirements: law-ord-222-one-item-per-line
#[test]
fn each_item_has_its_own_line_and_no_line_is_skipped() {
    check(&form(json!({"layout": "one-an-item"})), "permit");
    check(&form(json!({"layout": "line-skipped"})), "deny defective-order");
    check(&form(json!({"layout": "two-on-a-line"})), "deny defective-order");
}

/// Requirements: law-ord-222-line-fields, law-ord-222-supplier-name, pharm-222-purchaser-fields
#[test]
fn whatever_a_form_lacks_is_named() {
    check(&form(json!({})), "permit");
    for entry in ["number-of-packages", "package-size", "item-name", "strength", "supplier-name", "supplier-address"] {
        let case = form(json!({"missing": [entry]}));
        check(&case, "deny element-missing");
        assert!(case.refusal(&Profile::strictest()).contains(&format!("{entry} is missing")), "{entry}");
    }
}

/// Requirements: law-ord-222-last-line
#[test]
fn six_lines_used_are_written_down_as_six() {
    let six = |details: Value| form(details).with("facts/order/lines", 6);
    check(&six(json!({"last_line": 6})), "permit");
    check(&six(json!({"last_line": 5})), "deny defective-order");
    check(&six(json!({"last_line": 7})), "deny defective-order");
    check(&six(json!({})).with("facts/order/last_line_completed", false), "deny element-missing");
}

/// Requirements: law-ord-222-handwritten
#[test]
fn a_form_is_signed_by_hand() {
    check(&form(json!({"signature": "handwritten"})), "permit");
    for kind in ["stamped", "digital"] {
        check(&form(json!({"signature": kind})), "deny not-signed");
    }
}

/// Requirements: law-ord-222-preprinted
#[test]
fn what_is_printed_on_a_form_agrees_with_the_registration() {
    check(&form(json!({"preprinted": "agrees"})), "permit");
    for printed in ["other-number", "other-schedules", "other-address"] {
        check(&form(json!({"preprinted": printed})), "deny defective-order");
    }
}

/// Requirements: law-ord-222-single-copy
#[test]
fn a_single_sheet_goes_out_only_after_a_copy_was_kept() {
    for profile in [Profile::cards_2021(), Profile::in_force(), Profile::strictest()] {
        check_under(&profile, &order("form-222-single", json!({"copy_kept": true})), "permit");
        check_under(&profile, &order("form-222-single", json!({"copy_kept": false})), "deny element-missing");
    }
    check(&form(json!({"copy_kept": false})), "permit");
}

/// Requirements: law-ord-222-signer, pharm-222-signer-authorised, law-poa-revoke, pharm-poa-revocation
#[test]
fn neither_an_unauthorised_person_nor_one_whose_power_was_revoked_signs() {
    check(&form(json!({})).with("facts/order/signer", "other"), "deny not-authorized");
    let power = |at: &str| Case::ask("use-power", at, json!({"power": {"revoked": "2021-03-10T10:00:00-05:00"}}));
    check(&power("2021-03-10T09:59:59-05:00"), "permit");
    check(&power("2021-03-10T10:00:00-05:00"), "deny not-authorized");
    check(&power("2021-03-11"), "deny not-authorized");
    check(&power("2021-03-09"), "permit");
}

/// Requirements: law-poa-grantor, pharm-poa-signatures
#[test]
fn whoever_signed_the_latest_application_grants_a_power_and_both_sign_it() {
    let power = |facts: Value| Case::ask("use-power", DAY, json!({"power": facts}));
    check(&power(json!({})), "permit");
    check(&power(json!({"grantor": "other"})), "deny not-authorized");
    check(&power(json!({"grantor_signed": false})), "deny not-signed");
    check(&power(json!({"attorney_signed": false})), "deny not-signed");
}

/// Requirements: law-poa-renewal, pharm-poa-renewal-effect
#[test]
fn a_renewal_by_another_person_ends_a_power_and_one_by_the_same_person_does_not() {
    let power = |facts: Value| Case::ask("use-power", DAY, json!({"power": facts}));
    check(&power(json!({"renewed_by": "same-person"})), "permit");
    check(&power(json!({"renewed_by": "other-person"})), "deny not-authorized");
    check(&power(json!({"renewed_by": "other-person", "granted_again": true})), "permit");
}

/// Requirements: law-poa-witnesses
#[test]
fn fewer_than_two_witnesses_draw_a_warning_and_the_regulation_asks_for_them() {
    let power = |witnesses: u32| Case::ask("use-power", DAY, json!({"power": {"witnesses": witnesses}}));
    for profile in [Profile::manual_2010(), Profile::cards_2021()] {
        check_under(&profile, &power(1), "permit");
        assert_eq!(warnings(&power(1), &profile), ["LAW-1305.05-SUGGESTED"]);
        assert!(warnings(&power(2), &profile).is_empty());
    }
    check_under(&Profile::in_force(), &power(1), "deny witness-missing");
    let denied = power(1).decide(&Profile::in_force());
    assert_eq!(denied.grounds.last().map(|ground| ground.rule.id), Some("1305.05-witnesses"));
    check_under(&Profile::in_force(), &power(2), "permit");
}

/// Requirements: law-ord-222-minor-errors
#[test]
fn only_the_cards_let_a_supplier_correct_a_misspelling() {
    let corrected =
        form(json!({})).with("request/action", "fill-order").with("facts/order/condition", "minor-error-corrected");
    check_under(&Profile::cards_2021(), &corrected, "permit report-to-dea-month-end");
    for profile in [Profile::manual_2010(), Profile::in_force(), Profile::strictest()] {
        check_under(&profile, &corrected, "deny defective-order return-form-with-reason");
    }
}

/// Requirements: law-ord-222-incomplete-refuse, pharm-222-no-edit-after-execution, pharm-csos-defective-not-corrected
#[test]
fn each_defect_alone_keeps_an_order_from_being_filled_and_a_new_one_is_asked_for() {
    let conditions = [
        "incomplete",
        "illegible",
        "improperly-prepared",
        "improperly-executed",
        "improperly-endorsed",
        "altered",
        "erased",
        "changed",
    ];
    for (method, duty) in [("form-222-triplicate", "return-form-with-reason"), ("csos", "notify-purchaser-with-reason")]
    {
        for condition in conditions {
            let case = order(method, json!({})).with("request/action", "fill-order");
            let case = case.with("facts/order/condition", condition);
            check(&case, &format!("deny defective-order {duty}"));
            assert!(case.refusal(&Profile::strictest()).contains("make out a new order"));
        }
    }
}

/// A supplier's or a purchaser's side of a refusal.
fn refused(method: &str, by: &str, refusal: Value) -> Case {
    Case::ask("refuse-order", DAY, json!({"order": {"method": method}, "refusal": refusal})).with("request/by", by)
}

/// Requirements: law-ord-222-refusal-statement, pharm-222-supplier-refusal-statement, pharm-csos-supplier-notifies
#[test]
fn a_supplier_refuses_with_a_statement_and_nothing_more() {
    check(&refused("form-222-triplicate", "supplier", json!({"statement": false})), "deny element-missing");
    check(&refused("form-222-triplicate", "supplier", json!({})), "permit return-form-with-reason");
    check(&refused("csos", "supplier", json!({"statement": false})), "deny element-missing");
    check(&refused("csos", "supplier", json!({})), "permit notify-purchaser-with-reason");
}

/// Requirements: law-ord-csos-refusal-linked
#[test]
fn a_refused_order_without_its_statement_is_reported() {
    check(&refused("csos", "pharmacy", json!({"kept_with_order": false})), "deny wrong-file");
    check(&refused("csos", "pharmacy", json!({})), "permit");
}

/// Requirements: law-ord-csos-void-part
#[test]
fn nothing_is_shipped_on_a_voided_line() {
    let void = |shipped: u64| {
        order("csos", json!({"voided": "part", "shipped_on_voided": shipped}))
            .with("request/action", "cancel-order")
            .with("request/by", "supplier")
    };
    check(&void(0), "permit record-nothing-shipped");
    check(&void(1), "deny quantity-exceeded");
}

/// Requirements: law-ord-222-lost-resubmit, law-ord-csos-lost, pharm-222-lost-replacement-statement,
/// pharm-csos-lost-statement, pharm-222-lost-contact-supplier-first, law-ord-222-lost-keep, law-ord-csos-lost-link
#[test]
fn a_lost_order_is_replaced_with_a_whole_statement_that_stays_with_both() {
    let lost = |method: &str, more: Value| {
        let case = Case::ask("replace-lost-order", DAY, json!({"lost": more}));
        case.with("facts/lost/method", method)
    };
    for method in ["form-222-triplicate", "csos"] {
        check(&lost(method, json!({})), "permit keep-statement-with-both");
        for entry in ["first-number", "first-date", "not-received"] {
            let case = lost(method, json!({"missing": [entry]}));
            check(&case, "deny element-missing");
            assert!(case.refusal(&Profile::strictest()).contains(entry), "{entry}");
        }
        check(&lost(method, json!({"supplier_asked": false})), "deny verification-required");
        check(&lost(method, json!({"kept_together": false})), "deny wrong-file");
    }
    check(&lost("csos", json!({"missing": ["signature"]})), "deny element-missing");
}

/// Requirements: law-ord-csos-lost-arrives, pharm-csos-late-first-order
#[test]
fn an_order_declared_lost_is_returned_when_it_turns_up() {
    let late = order("csos", json!({"declared_lost": true})).with("request/action", "fill-order");
    check(&late, "deny duplicate notify-purchaser-with-reason return-not-accepted");
    check(&late.with("facts/details/declared_lost", false), "permit report-to-dea-2-business-days");
}

/// A report of order forms.
fn forms(facts: Value) -> Case {
    Case::ask("report-order-forms", DAY, json!({"forms": facts}))
}

/// Requirements: law-ord-222-lost-report, law-ord-222-lost-serials-unknown, pharm-222-lost-book-approximate-date
#[test]
fn lost_forms_are_reported_by_number_and_lost_books_by_number_or_date() {
    check(&forms(json!({"event": "stolen"})), "permit notify-dea");
    check(&forms(json!({"event": "stolen", "serials_given": false})), "deny element-missing notify-dea");
    let dated = json!({"event": "lost", "serials_given": false, "issued_about": "2021-01-05"});
    check(&forms(dated.clone()), "deny element-missing notify-dea");
    check(&forms(dated).with("facts/forms/forms", "whole-book"), "permit notify-dea");
    let book = json!({"event": "lost", "forms": "whole-book", "serials_given": false});
    check(&forms(book), "deny element-missing notify-dea");
}

/// Requirements: law-ord-222-lost-used-too
#[test]
fn used_forms_are_reported_too_except_by_the_cards() {
    let used = forms(json!({"event": "lost", "forms": "used"}));
    for profile in [Profile::manual_2010(), Profile::in_force(), Profile::strictest()] {
        check_under(&profile, &used, "permit notify-dea");
    }
    check_under(&Profile::cards_2021(), &used, "permit");
}

/// Requirements: law-ord-222-found, pharm-222-recovered-form, pharm-222-lost-report-immediately
#[test]
fn a_form_found_again_is_notified_before_it_is_used() {
    check(&forms(json!({"event": "found"})), "permit notify-dea");
    check(&form(json!({"form_status": "reported-lost"})), "deny wrong-form");
    check(&form(json!({"form_status": "found"})), "deny wrong-form notify-dea");
    check(&form(json!({"form_status": "found-notified"})), "permit");
}

/// Requirements: law-ord-222-book-limits
#[test]
fn a_seventh_book_of_forms_needs_a_stated_need() {
    let books = |books: u64| Case::ask("request-order-forms", "2010-03-10", json!({})).with("request/books", books);
    check_under(&Profile::manual_2010(), &books(6), "permit");
    check_under(&Profile::manual_2010(), &books(7), "deny limit-exceeded");
    check_under(&Profile::manual_2010(), &books(7).with("request/need_stated", true), "permit");
    // Since the triplicate form ended there are no books any more.
    check_under(&Profile::strictest(), &books(7).with("request/at", "2021-11-01"), "permit");
}

/// Requirements: law-ord-csos-coordinator, pharm-csos-coordinator
#[test]
fn nobody_orders_electronically_before_a_coordinator_is_named() {
    let enable = Case::ask("enable-electronic-ordering", DAY, json!({}));
    check(&enable.with("request/coordinator_appointed", false), "deny not-authorized");
    check(&enable.with("request/coordinator_appointed", true), "permit");
}

/// Requirements: law-ord-csos-cert-revocation, pharm-csos-revocation-triggers
#[test]
fn whoever_loses_authority_data_or_key_signs_no_more_orders() {
    for event in ["authority-lost", "information-changed", "compromised", "stolen", "lost"] {
        let case = Case::ask("revoke-certificate", DAY, json!({})).with("request/event", event);
        check(&case, "permit request-revocation stop-signing");
    }
    check(&order("csos", json!({})).with("facts/order/certificate", "revoked"), "deny certificate-invalid");
    let lost = Case::ask("deadline", "2021-03-10T09:30:00-05:00", json!({})).with("request/event", "order-key-lost");
    check_under(&Profile::in_force(), &lost, "value 2021-03-11T09:30:00-05:00");
}

/// Requirements: pharm-csos-only-electronic-route
#[test]
fn schedule_ii_is_ordered_electronically_under_csos_only() {
    check(&order("unsigned-electronic", json!({})), "deny wrong-form");
    check(&order("csos", json!({})).with("facts/order/signed", false), "deny not-signed");
    check(&order("unsigned-electronic", json!({})).with("facts/order/schedules", json!(["IV"])), "permit");
}

/// Requirements: law-ord-222-separate-container
#[test]
fn scheduled_drugs_are_packed_apart_from_other_goods() {
    let shipped = form(json!({"packing": "mixed"})).with("request/action", "fill-order");
    check(&shipped, "deny packaging");
    check(&shipped.with("facts/details/packing", "separate"), "permit report-to-dea-month-end");
}

/// A shipment of `schedule` on `document`.
fn receipt(schedule: &str, document: &str, more: Value) -> Case {
    let case = Case::ask("receive-stock", DAY, json!({"receipt": more}));
    case.with("facts/receipt/schedule", schedule).with("facts/receipt/document", document)
}

/// Requirements: law-ord-222-receipt, pharm-222-receipt-annotation
#[test]
fn a_pharmacist_records_packages_and_date_on_the_purchasers_copy() {
    check(&receipt("II", "form-222-triplicate", json!({})), "permit");
    check(&receipt("II", "form-222-triplicate", json!({"receiver": "technician"})), "deny not-authorized");
    for entry in ["packages-received", "date-received"] {
        check(&receipt("II", "form-222-triplicate", json!({"missing": [entry]})), "deny element-missing");
    }
}

/// Requirements: law-ord-ciii-v-receipt, law-ord-ciii-v-receipt-fields, pharm-receipt-iii-v-kept,
/// pharm-receipt-iii-v-contents
#[test]
fn an_invoice_for_schedules_iii_to_v_shows_what_came_when_and_that_it_is_right() {
    check(&receipt("IV", "invoice", json!({})), "permit");
    for entry in [
        "document-number",
        "date-received",
        "confirmation",
        "drug-name",
        "finished-form",
        "units-per-container",
        "containers-ordered",
        "containers-received",
    ] {
        let case = receipt("IV", "invoice", json!({"missing": [entry]}));
        check(&case, "deny element-missing");
        assert!(case.refusal(&Profile::strictest()).contains(entry), "{entry}");
    }
}

/// Requirements: pharm-receipt-only-registered-supplier
#[test]
fn stock_comes_from_registered_or_exempt_parties_only() {
    check(&receipt("IV", "invoice", json!({"source": "unregistered"})), "deny registration-invalid");
    check(&receipt("IV", "invoice", json!({"missing": ["source-number"]})), "deny element-missing");
    check(&receipt("IV", "invoice", json!({"source": "exempt", "missing": ["source-number"]})), "permit");
}

/// Requirements: law-ord-222-cancel-by-purchaser, law-ord-222-void-by-supplier
#[test]
fn nothing_is_received_on_a_cancelled_line() {
    check(&receipt("II", "form-222-triplicate", json!({"cancelled": true})), "deny not-authorized");
}

/// Stock leaves by `kind`.
fn movement(kind: &str, schedule: &str, more: Value) -> Case {
    let case = Case::ask("move-stock", DAY, json!({"movement": more}));
    case.with("facts/movement/kind", kind).with("facts/movement/schedule", schedule)
}

/// Requirements: law-ord-222-not-for-dispensing
#[test]
fn an_order_form_is_for_registrants_and_not_for_patients() {
    let asked = |kind: &str| {
        Case::ask("movement-document", DAY, json!({})).with("request/kind", kind).with("request/schedule", "II")
    };
    for kind in ["dispensing", "administration"] {
        check(&asked(kind), "value dispensing-record");
        check(&movement(kind, "II", json!({"document": "csos"})), "deny wrong-form");
        check(&movement(kind, "II", json!({"document": "none"})), "permit");
    }
    check(&asked("sale-to-pharmacy"), "value order-form");
    check(&movement("sale-to-pharmacy", "II", json!({"document": "none"})), "deny wrong-form");
}

/// Requirements: law-ord-222-who-is-supplier
#[test]
fn each_copy_of_a_triplicate_form_has_its_keeper() {
    for (kind, supplies, receives) in [
        ("order", "supplier", "pharmacy"),
        ("return-to-supplier", "pharmacy", "supplier"),
        ("reverse-distribution", "pharmacy", "reverse-distributor"),
        ("sale-to-pharmacy", "pharmacy", "other-pharmacy"),
        ("sale-to-practitioner", "pharmacy", "practitioner"),
    ] {
        for (copy, holder) in [(1, supplies), (2, "dea"), (3, receives)] {
            let case = Case::ask("copy-holder", DAY, json!({})).with("request/kind", kind).with("request/copy", copy);
            check(&case, &format!("value {holder}"));
        }
    }
}

/// Requirements: pharm-move-allowed-destinations, pharm-disposal-reverse-distributor
#[test]
fn stock_leaves_for_the_permitted_kinds_of_recipient_only() {
    for kind in ["sale-to-pharmacy", "sale-to-practitioner", "return-to-supplier", "reverse-distribution"] {
        check(&movement(kind, "IV", json!({})), "permit");
        check(&movement(kind, "IV", json!({"activity_verified": false})), "deny registration-invalid");
    }
    let elsewhere = movement("elsewhere", "IV", json!({}));
    check(&elsewhere, "deny recipient-not-allowed");
    assert!(elsewhere.refusal(&Profile::strictest()).contains("a reverse distributor"));
}

/// Requirements: pharm-5pct-recipient-registered
#[test]
fn the_recipient_is_registered_on_the_day_and_for_the_schedule() {
    for registration in ["expired", "none", "revoked", "suspended"] {
        let case = movement("sale-to-practitioner", "IV", json!({"recipient": registration}));
        check(&case, "deny registration-invalid");
    }
    let two = |schedules: Value| {
        movement("sale-to-pharmacy", "II", json!({"document": "csos", "recipient_schedules": schedules}))
    };
    check(&two(json!(["III", "IV", "V"])), "deny registration-invalid");
    check(&two(json!(["II"])), "permit");
}

/// Requirements: pharm-move-schedule-ii-form, pharm-5pct-schedule-ii-form, pharm-tob-schedule-ii-order-form
#[test]
fn schedule_ii_moves_on_the_recipients_order_form() {
    for kind in ["sale-to-pharmacy", "reverse-distribution", "transfer-of-business"] {
        check(&movement(kind, "II", json!({"document": "none"})), "deny wrong-form");
        check(&movement(kind, "II", json!({"document": "invoice"})), "deny wrong-form");
        check(&movement(kind, "II", json!({"document": "csos"})), "permit");
        check(&movement(kind, "II", json!({"document": "csos", "document_issuer": "pharmacy"})), "deny wrong-form");
    }
}

/// Requirements: law-dist-outside-firm
#[test]
fn an_outside_firm_may_arrange_what_the_pharmacy_confirms_and_answers_for() {
    let arranged =
        movement("sale-to-pharmacy", "IV", json!({"arranged_by": "outside-firm", "counts_confirmed": false}));
    check(&arranged, "deny verification-required");
    assert!(arranged.refusal(&Profile::strictest()).contains("the pharmacy stays accountable"));
    check(&arranged.with("facts/movement/counts_confirmed", true), "permit");
}

/// The year so far.
fn year(day: &str, dispensed: u64, distributed: u64) -> Case {
    let case = Case::ask("five-percent-left", day, json!({})).with("request/dispensed", dispensed);
    case.with("request/distributed", distributed)
}

/// Requirements: law-dist-running-year
#[test]
fn early_in_the_year_the_percentage_is_a_warning_with_a_projection_and_at_its_end_it_decides() {
    for profile in [Profile::manual_2010(), Profile::cards_2021(), Profile::strictest(), Profile::in_force()] {
        let january = year("2022-01-31", 10, 1);
        check_under(&profile, &january, "value 0");
        assert_eq!(warnings(&january, &profile), ["LAW-1307.11-RUNNING"], "{}", profile.name());
        let decision = january.decide(&profile);
        let shown = decision
            .grounds
            .iter()
            .find_map(|ground| super::warned(&ground.finding))
            .map(|refusal| refusal.what.to_string());
        assert!(shown.is_some_and(|shown| shown.contains("that the year comes to")));
        check_under(&profile, &year("2022-12-31", 10, 1), "deny limit-exceeded");
        assert!(warnings(&year("2022-12-31", 1000, 10), &profile).is_empty());
    }
}

/// Requirements: pharm-5pct-calculation
#[test]
fn five_thousand_of_a_hundred_thousand_units_may_go_and_no_more() {
    let supply = |distributed: u64| {
        let facts = json!({"distribution": {"recipient": "pharmacy", "schedule": "V", "document": "invoice",
            "dispensed_year": 100_000, "distributed_year": distributed}});
        Case::ask("distribute", DAY, facts).with("request/quantity", 1)
    };
    for profile in [Profile::manual_2010(), Profile::cards_2021()] {
        check_under(&profile, &year("2021-12-31", 100_000, 5000), "value 0");
        check_under(&profile, &supply(4999), "permit");
        check_under(&profile, &supply(5000), "deny limit-exceeded register-as-distributor");
    }
}

/// Requirements: pharm-5pct-what-counts
#[test]
fn returns_and_reverse_distribution_do_not_count_towards_the_five_percent() {
    for (kind, units) in
        [("sale-to-pharmacy", 40), ("sale-to-practitioner", 40), ("return-to-supplier", 0), ("reverse-distribution", 0)]
    {
        let case = Case::ask("five-percent-counts", DAY, json!({})).with("request/kind", kind);
        check(&case.with("request/quantity", 40), &format!("value {units}"));
    }
}

/// Requirements: pharm-csos-order-fields
#[test]
fn an_electronic_order_lacks_no_field_and_its_tracking_number_has_its_shape() {
    check(&order("csos", json!({"tracking_number": "21X00000A"})), "permit");
    for entry in [
        "tracking-number",
        "purchaser-number",
        "supplier-name",
        "supplier-address",
        "supplier-number",
        "signing-date",
        "item-name",
        "strength",
        "package-size",
        "number-of-packages",
    ] {
        let case = order("csos", json!({"missing": [entry]}));
        check(&case, "deny element-missing");
        assert!(case.refusal(&Profile::strictest()).contains(&format!("{entry} is missing")), "{entry}");
    }
    for number in ["21X00000", "21X00000AB", "21Y00000A", "X1X00000A", "21X0000-A", ""] {
        let case = order("csos", json!({"tracking_number": number}));
        check(&case, "deny malformed");
        assert!(case.refusal(&Profile::strictest()).contains("details.tracking_number"));
    }
}

/// Requirements: pharm-csos-dea-certificate, pharm-csos-certificate-lifetime
#[test]
fn an_order_is_signed_with_the_holders_own_certificate_while_the_registration_lasts() {
    check(&order("csos", json!({})), "permit");
    for certificate in ["not-dea-issued", "another-persons"] {
        check(&order("csos", json!({})).with("facts/order/certificate", certificate), "deny certificate-invalid");
    }
    // The certificate itself runs on, the registration does not.
    check(&order("csos", json!({"registration": "expired"})), "deny registration-invalid");
    let place = Case::ask("handle", DAY, json!({"place": {"expires": DAY}})).with("request/act", "order");
    check(&place, "permit");
    check(&place.with("request/at", "2021-03-11"), "deny registration-invalid");
}

/// Requirements: law-ord-csos-cert-life, pharm-csos-reject-expired-revoked
#[test]
fn what_happens_to_a_certificate_after_the_signature_does_not_touch_the_order() {
    let signed = |ended: &str| {
        order("csos", json!({"signed_at": "2021-03-10T10:00:00-05:00", "certificate_ended": ended}))
            .with("request/action", "fill-order")
            .with("request/at", "2021-03-12T12:00:00-05:00")
    };
    check(&signed("2021-03-10T11:00:00-05:00"), "permit report-to-dea-2-business-days");
    check(&signed("2021-03-10T10:00:01-05:00"), "permit report-to-dea-2-business-days");
    check(&signed("2021-03-10T10:00:00-05:00"), "deny certificate-invalid notify-purchaser-with-reason");
    check(&signed("2021-03-10T09:00:00-05:00"), "deny certificate-invalid notify-purchaser-with-reason");
}

/// Requirements: pharm-222-package-substitution
#[test]
fn five_bottles_of_a_hundred_stand_for_one_of_five_hundred_and_six_or_another_strength_do_not() {
    let shipped = |units: u64, details: Value| {
        let case = form(details).with("request/action", "fill-order").with("request/units", units);
        case.with("facts/order/ordered_units", 500)
    };
    check(&shipped(500, json!({"substitute": "other-package"})), "permit report-to-dea-month-end");
    check(&shipped(600, json!({"substitute": "other-package"})), "deny quantity-exceeded");
    check(&shipped(500, json!({"substitute": "other-product"})), "deny not-changeable");
    let without_code = json!({"substitute": "other-package", "code_recorded": false});
    check(&shipped(500, without_code), "deny element-missing return-form-with-reason");
}

/// Requirements: pharm-disposal-state-rules-too
#[test]
fn stock_goes_away_for_disposal_after_the_states_own_steps() {
    let gone = movement("reverse-distribution", "IV", json!({}));
    check(&gone, "permit");
    let overlay =
        "edition = \"state.XX\"\n[parameter.\"disposal.board-notice\"]\nvalue = true\ncite = \"a State's law\"\n";
    let demanded = Profile::strictest().in_state(Arc::new(Overlay::parse(overlay).expect("an overlay")));
    check_under(&demanded, &gone, "deny state-prohibits");
    check_under(&demanded, &gone.with("facts/movement/board_notified", true), "permit");
}

/// Requirements: pharm-5pct-distributor-registration
#[test]
fn the_five_percent_give_way_to_a_registration_as_distributor_only() {
    let facts = json!({"distribution": {"recipient": "pharmacy", "schedule": "V", "document": "invoice",
        "dispensed_year": 100, "distributed_year": 50}});
    let over = Case::ask("distribute", DAY, facts).with("request/quantity", 1);
    check(&over, "deny limit-exceeded register-as-distributor");
    check(&over.with("facts/distribution/sender_distributor", true), "permit");
}
