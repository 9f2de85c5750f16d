//! 21 CFR part 1301, the manual's sections III, V, IX, XII, XIII and appendix H: registered places, their staff and end,
//! machines and kits; officials, hospitals' numbers, and the mail.

use super::{Case, check, check_under, fill, warnings};
use serde_json::{Value, json};
use theriac_law::Profile;

const DAY: &str = "2021-03-10";
const ACTS: [&str; 4] = ["order", "receive", "dispense", "transfer"];

/// Something is done at a place.
fn handle(act: &str, place: Value) -> Case {
    Case::ask("handle", DAY, json!({"place": place})).with("request/act", act)
}

/// Requirements: law-reg-every-place, pharm-reg-required-to-handle, pharm-reg-adverse-status-blocks
#[test]
fn a_place_without_a_registration_of_its_own_handles_nothing() {
    for act in ACTS {
        check(&handle(act, json!({})), "permit");
        for standing in ["none", "pending", "suspended", "revoked", "surrendered"] {
            let case = handle(act, json!({"registration": standing}));
            check(&case, "deny registration-invalid");
        }
    }
}

/// Requirements: law-reg-three-years, pharm-reg-expired-blocks-all, pharm-reg-renewal-three-year-term,
/// pharm-reg-renewal-opens-60-days, pharm-reg-renewal-notice-50-days, pharm-reg-renewal-30-day-chase
#[test]
fn a_registration_lasts_three_years_is_renewed_from_60_days_before_and_stops_everything_when_it_ends() {
    let looked_up = |event: &str, day: &str| Case::ask("deadline", day, json!({})).with("request/event", event);
    check(&looked_up("registration-issued", "2010-01-01"), "value 2013-01-01");
    check(&looked_up("renewal-opens", "2012-12-31"), "value 2012-11-01");
    check(&looked_up("renewal-mailed", "2012-12-31"), "value 2012-11-11");
    check(&looked_up("renewal-missed", "2012-12-31"), "value 2012-12-01");
    let renew = |day: &str| Case::ask("renew-registration", day, json!({})).with("request/expires", "2012-12-31");
    check(&renew("2012-10-31"), "deny too-early");
    check(&renew("2012-11-01"), "permit");
    for act in ACTS {
        let place = handle(act, json!({"expires": DAY}));
        check(&place, "permit");
        check(&place.with("request/at", "2021-03-11"), "deny registration-invalid");
        check(&place.with("request/at", "2021-03-11").with("facts/place/renewal_received", true), "permit");
    }
}

/// Requirements: pharm-reg-state-licence-first, pharm-reg-state-action-reminder, pharm-tob-early-registration
#[test]
fn the_states_licence_comes_first_and_its_loss_stops_dispensing() {
    check(&handle("dispense", json!({"licence": "none"})), "deny not-authorized");
    check(&handle("dispense", json!({"licence": "valid"})), "permit");
    check(&handle("dispense", json!({"licence": "revoked"})), "deny not-authorized notify-dea");
    check(&handle("receive", json!({"licence": "pending"})), "permit");
    check(&handle("dispense", json!({"licence": "pending"})), "deny not-authorized");
}

/// Requirements: pharm-reg-move-needs-approval, pharm-reg-move-out-of-state
#[test]
fn a_move_waits_for_its_approval_and_across_a_state_line_for_the_licence_there() {
    for act in ["order", "receive"] {
        check(&handle(act, json!({"address": "requested"})), "deny wrong-place");
        check(&handle(act, json!({"address": "approved"})), "permit");
    }
    let moved = |facts: Value| Case::ask("approve-move", DAY, json!({"relocation": facts}));
    check(&moved(json!({"other_state": true, "licensed_there": false})), "deny not-authorized");
    check(&moved(json!({"other_state": true, "licensed_there": true})), "permit");
}

/// Requirements: pharm-inventory-initial-count, pharm-inventory-newly-scheduled
#[test]
fn nothing_is_handled_before_it_was_counted() {
    for act in ["receive", "dispense"] {
        check(&handle(act, json!({"initial_inventory": false})), "deny count-method");
        check(&handle(act, json!({"uncounted_since_change": true})), "deny count-method");
    }
    check(&Case::ask("deadline", DAY, json!({})).with("request/event", "schedule-change"), &format!("value {DAY}"));
}

/// Requirements: law-ord-222-return-on-termination
#[test]
fn unused_forms_go_back_when_a_registration_ends() {
    let end = |facts: Value| Case::ask("end-registration", DAY, json!({"closing": facts}));
    let left = end(json!({"forms_left": 3}));
    check(&left, "deny element-missing return-unused-forms");
    assert!(left.refusal(&Profile::strictest()).contains("3 unused order forms"));
    check(&end(json!({"certificate_returned": false})), "deny element-missing");
    check(&end(json!({})), "permit");
}

/// Requirements: pharm-reg-termination-stock-cleared
#[test]
fn a_place_does_not_close_over_stock() {
    let end = |left: u64| Case::ask("end-registration", DAY, json!({"closing": {"stock_left": left}}));
    check(&end(1), "deny not-balanced");
    check(&end(0), "permit");
}

/// A business passes on, on 30 June 2010.
fn business(facts: Value) -> Case {
    let case = Case::ask("transfer-business", "2010-06-30", json!({"business": facts}));
    case.with("facts/business/inventory_taken", "2010-06-30")
}

/// Requirements: law-inv-transfer-notice-14-days, pharm-tob-notice-14-days
#[test]
fn the_notice_of_a_transfer_of_business_comes_fourteen_days_before() {
    check(&business(json!({"notice_received": "2010-06-16"})), "permit");
    check(&business(json!({"notice_received": "2010-06-17"})), "deny approval-missing");
    check(&business(json!({"notice_received": "2010-06-17", "waived": true})), "permit");
    check(&business(json!({})), "deny approval-missing");
}

/// Requirements: law-inv-transfer-business, pharm-tob-inventory-day
#[test]
fn one_inventory_of_the_day_is_final_for_one_and_initial_for_the_other() {
    let passed = business(json!({"notice_received": "2010-06-16"}));
    check(&passed, "permit");
    check(&passed.with("facts/business/inventory_taken", "2010-06-29"), "deny count-method");
    check(&passed.with("facts/business/inventory_taken", Value::Null), "deny count-method");
    check(&passed.with("facts/business/inventory_with_both", false), "deny element-missing");
}

/// Requirements: pharm-tob-early-registration-eligibility
#[test]
fn early_registration_is_for_buyers_with_another_pharmacy_in_the_state() {
    let early = business(json!({"notice_received": "2010-06-16", "early_registration": true}));
    check(&early, "permit");
    check(&early.with("facts/business/other_pharmacy_in_state", false), "deny not-authorized");
}

/// Requirements: pharm-staff-barred-persons, pharm-staff-access-includes-influence, pharm-staff-waiver-before-access
#[test]
fn whoever_was_convicted_denied_revoked_or_surrendered_for_cause_needs_an_approved_waiver() {
    let employee = |facts: Value| Case::ask("give-access", DAY, json!({"employee": facts}));
    check(&employee(json!({"screening": "clear"})), "permit");
    check(&employee(json!({"screening": "not-asked"})), "deny verification-required");
    for screening in ["felony-conviction", "denied", "revoked", "surrendered-for-cause"] {
        for access in ["physical", "influence"] {
            let case = employee(json!({"screening": screening, "access": access}));
            check(&case, "deny not-authorized");
            check(&case.with("facts/employee/waiver", "requested"), "deny not-authorized");
            let approved = case.with("facts/employee/waiver", "approved").with("facts/employee/waiver_from", DAY);
            check(&approved, "permit");
            check(&approved.with("request/at", "2021-03-09"), "deny not-authorized");
        }
    }
}

/// Requirements: law-reg-form-by-activity, law-reg-forms-index
#[test]
fn each_purpose_has_its_form() {
    for (purpose, form) in [
        ("register-dispenser", "form-224"),
        ("register-manufacturer", "form-225"),
        ("register-distributor", "form-225"),
        ("register-researcher", "form-225"),
        ("register-treatment-program", "form-363"),
        ("register-chemicals", "form-510"),
        ("order-i-ii", "form-222"),
        ("theft-or-loss", "form-106"),
        ("destruction", "form-41"),
        ("renew-dispenser", "form-224a"),
        ("renew-chain", "form-224b"),
    ] {
        let case = Case::ask("which-form", DAY, json!({})).with("request/purpose", purpose);
        check(&case, &format!("value {form}"));
    }
}

/// Something is done with an automated dispensing system.
fn machine(step: &str, facts: Value) -> Case {
    Case::ask("operate-machine", DAY, json!({"machine": facts})).with("request/step", step)
}

/// Requirements: pharm-ads-registration
#[test]
fn a_machine_without_a_registration_at_its_address_is_not_stocked() {
    check(&machine("stock", json!({})), "permit");
    check(&machine("stock", json!({"registration": "none"})), "deny registration-invalid");
    check(&machine("stock", json!({})).with("facts/state_permits", false), "deny state-prohibits");
    check(&machine("activate", json!({"contacted": false})), "deny verification-required");
}

/// Requirements: pharm-ads-single-dose, pharm-ads-remote-control
#[test]
fn a_machine_releases_one_dose_to_an_authorised_user_under_a_prescription() {
    check(&machine("release", json!({})), "permit");
    check(&machine("release", json!({"doses": 2})), "deny quantity-exceeded");
    check(&machine("release", json!({"prescription_valid": false})), "deny prescription-required");
    check(&machine("release", json!({"user_authorized": false})), "deny not-authorized");
    check(&machine("release", json!({"disabled": true})), "deny not-authorized");
    check(&machine("configure", json!({"by_pharmacy": false})), "deny not-authorized");
    check(&machine("stock", json!({"own_bins": false})), "deny packaging");
}

/// Requirements: pharm-kit-state-approval, pharm-kit-source
#[test]
fn a_kit_needs_the_states_approval_and_a_registered_source() {
    let kit =
        |step: &str, facts: Value| Case::ask("operate-kit", DAY, json!({"kit": facts})).with("request/step", step);
    check(&kit("stock", json!({})), "permit");
    check(&kit("stock", json!({"approved": false})), "deny approval-missing");
    check(&kit("stock", json!({"source": "unregistered"})), "deny registration-invalid");
    check(&kit("stock", json!({"within_list": false})), "deny limit-exceeded");
    check(&kit("use", json!({"suspended": true})), "deny not-authorized");
    check(&kit("use", json!({"authorised_use": false})), "deny prescription-required");
    let overdue = kit("use", json!({"count_overdue": true}));
    check(&overdue, "permit");
    assert_eq!(warnings(&overdue, &Profile::strictest()), ["LAW-KIT-COUNT"]);
}

/// Requirements: pharm-reg-chain-affidavit-answers
#[test]
fn a_chain_renews_when_every_location_is_answered_for() {
    let renewal = Case::ask("renew-chain", DAY, json!({}));
    check(&renewal, "permit");
    let one_left = renewal.with("request/unanswered", json!(["Store 7"]));
    check(&one_left, "deny element-missing");
    assert!(one_left.refusal(&Profile::strictest()).contains("does not answer for Store 7"));
}

/// Requirements: pharm-kit-administration
#[test]
fn a_use_of_a_kit_is_authorised_and_recorded_whole() {
    let used = Case::ask("operate-kit", DAY, json!({"kit": {}})).with("request/step", "use");
    check(&used, "permit");
    check(&used.with("facts/kit/authorised_use", false), "deny prescription-required");
    let record = Case::ask("check-document", DAY, json!({})).with("request/document", "kit-use");
    check(&record, "permit");
    for entry in ["patient-name", "drug-name", "dose", "condition", "person", "authoriser"] {
        check(&record.with("request/missing", json!([entry])), "deny element-missing");
    }
}

/// A filling of schedule II on the prescription of an official.
fn official(facts: Value) -> Case {
    fill("II")
        .with("facts/prescriber", json!({"kind": "federal-officer", "registration": "exempt"}))
        .with("facts/official", facts)
}

/// Requirements: law-fed-services
#[test]
fn officials_of_seven_services_prescribe_without_a_dea_number() {
    for service in
        ["army", "navy", "marine-corps", "air-force", "coast-guard", "public-health-service", "bureau-of-prisons"]
    {
        let case = official(json!({"service": service}));
        check(&case.with("facts/prescription/missing", json!(["dea-number"])), "permit");
    }
}

/// Requirements: law-fed-services-2021
#[test]
fn two_more_services_are_listed_by_the_cards_only() {
    for service in ["indian-health-service", "space-force"] {
        let case = official(json!({"service": service}));
        check_under(&Profile::cards_2021(), &case, "permit");
        for profile in [Profile::manual_2010(), Profile::strictest(), Profile::in_force()] {
            check_under(&profile, &case, "deny registration-invalid");
            assert!(case.refusal(&profile).contains("not listed before the cards"));
            check_under(&profile, &case.with("facts/official/also_public_health", true), "permit");
        }
    }
}

/// Requirements: law-fed-official-duty-only, law-fed-private-practice
#[test]
fn a_private_patient_takes_a_registration_and_the_states_licence() {
    let private = official(json!({"service": "army", "patient": "private"}));
    check(&private, "deny registration-invalid");
    let registered = private.with("facts/prescriber", json!({"kind": "federal-officer"}));
    check(&registered, "permit");
    check(&registered.with("facts/prescriber/state_authorized", false), "deny not-authorized");
}

/// Requirements: law-fed-paper-name-printed
#[test]
fn an_officials_paper_prescription_shows_the_name_legibly() {
    check(&official(json!({"service": "army", "name_printed": false})), "deny element-missing");
    check(&official(json!({"service": "army", "name_printed": true})), "permit");
}

/// Requirements: law-fed-phs-ssn
#[test]
fn a_number_of_the_public_health_service_has_nine_digits_and_is_never_repeated() {
    let numbered = |number: &str| official(json!({"service": "public-health-service", "identification": number}));
    check(&numbered("123-45-6789"), "permit");
    check(&numbered("123456789"), "permit");
    for number in ["12345678", "1234567890", "12345678X"] {
        check(&numbered(number), "deny malformed");
        assert!(!numbered(number).refusal(&Profile::strictest()).contains(number));
    }
}

/// A filling on a resident's prescription under the hospital's number.
fn resident(facts: Value) -> Case {
    fill("II")
        .with("facts/prescriber", json!({"kind": "resident", "registration": "hospital"}))
        .with("facts/assignment", facts)
}

/// Requirements: law-hosp-may-use-number, law-reg-individuals-and-sites
#[test]
fn a_resident_uses_the_hospitals_number_while_the_assignment_lasts() {
    // The prescription is of 10 January 2022.
    check(&resident(json!({})), "permit");
    check(&resident(json!({"ended": "2022-01-10"})), "permit");
    check(&resident(json!({"ended": "2022-01-09"})), "deny registration-invalid");
    check(&fill("II").with("facts/prescriber", json!({"registration": "none"})), "deny registration-invalid");
}

/// Requirements: law-hosp-usual-course, law-hosp-scope-of-employment
#[test]
fn the_conditions_of_a_lent_number_fail_one_by_one() {
    check(&resident(json!({"usual_course": false})), "deny purpose");
    check(&resident(json!({"verified": false})), "deny verification-required");
    check(&resident(json!({"within_employment": false})), "deny not-authorized");
}

/// Requirements: law-hosp-verified-by-hospital, law-hosp-code-unique
#[test]
fn a_hospital_assigns_a_free_code_to_a_practitioner_it_has_verified() {
    let assign = |facts: Value| Case::ask("assign-code", DAY, json!({"assignment": facts}));
    check(&assign(json!({})), "permit");
    check(&assign(json!({"verified": false})), "deny verification-required");
    check(&assign(json!({"code_holder": "other-practitioner"})), "deny duplicate");
}

/// Requirements: law-hosp-doubt-call
#[test]
fn a_code_that_the_list_does_not_hold_waits_for_the_institutions_answer() {
    let unknown = resident(json!({"code_holder": "nobody"}));
    check(&unknown, "deny verification-required contact-institution");
    assert!(unknown.refusal(&Profile::strictest()).contains("contact the institution"));
    check(&unknown.with("facts/assignment/confirmed", true), "permit");
}

/// Requirements: law-hosp-paper-name-printed
#[test]
fn a_paper_prescription_under_a_hospitals_number_shows_the_name_legibly() {
    let unprinted = resident(json!({"name_printed": false}));
    check(&unprinted, "deny element-missing");
    let electronic = unprinted.with("facts/prescription/form", "electronic");
    check(&electronic, "permit");
}

/// Requirements: law-hosp-resident-within-institution
#[test]
fn a_patient_of_somebody_else_is_a_warning() {
    let other = resident(json!({"patient_of_institution": false}));
    check(&other, "permit");
    assert_eq!(warnings(&other, &Profile::strictest()), ["LAW-1301.22-PATIENT"]);
    assert!(warnings(&resident(json!({})), &Profile::strictest()).is_empty());
}

/// A parcel.
fn parcel(to: &str, by: &str, facts: Value) -> Case {
    let rx = super::prescription("IV");
    Case::ask("deliver", "2022-01-12", json!({"prescription": rx, "mailing": facts}))
        .with("request/to", to)
        .with("request/by", by)
}

/// Requirements: law-mail-parties, pharm-mail-eligible
#[test]
fn mailer_or_addressee_is_registered_or_exempt() {
    check(&parcel("patient", "mail", json!({})), "permit");
    check(&parcel("patient", "mail", json!({"mailer": "unregistered"})), "deny registration-invalid");
    for standing in ["registered", "exempt"] {
        check(&parcel("patient", "mail", json!({"mailer": "unregistered", "addressee": standing})), "permit");
        check(&parcel("patient", "mail", json!({"mailer": standing})), "permit");
    }
}

/// Requirements: law-mail-packaging
#[test]
fn a_parcel_is_marked_and_sealed_inside_and_tells_nothing_outside() {
    check(&parcel("patient", "mail", json!({"inner_marked": false})), "deny packaging");
    check(&parcel("patient", "mail", json!({"outside_mark": true})), "deny packaging");
    for fault in ["inner_sealed", "outer_plain"] {
        let case = parcel("patient", "mail", json!({})).with("facts/parcel", json!({fault: false}));
        check(&case, "deny packaging");
    }
}

/// Requirements: law-mail-inner-label
#[test]
fn the_inner_label_names_the_dispenser_and_the_address() {
    for fault in ["dispenser_name", "dispenser_address"] {
        check(&parcel("patient", "mail", json!({fault: false})), "deny element-missing");
    }
}

/// Requirements: law-mail-not-dangerous, pharm-mail-not-dangerous
#[test]
fn nothing_dangerous_is_mailed_whoever_the_parties_are() {
    for addressee in ["unregistered", "registered", "exempt"] {
        check(&parcel("patient", "mail", json!({"dangerous": true, "addressee": addressee})), "deny packaging");
    }
}

/// Requirements: law-export-registration, pharm-export-foreign-delivery
#[test]
fn export_takes_a_registered_exporter_and_a_permit() {
    let abroad = |exporter: bool, paper: bool| {
        parcel("abroad", "hand", json!({"exporter": exporter, "export_paper": paper}))
            .with("facts/parcel", json!({"exporter_registered": true}))
    };
    check(&abroad(true, true), "permit");
    check(&abroad(true, false), "deny approval-missing");
    check(&abroad(false, true), "deny not-authorized");
}
