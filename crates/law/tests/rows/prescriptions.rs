//! 21 CFR 1306.03 to 1306.12, 1306.21: who issues, what is written, in which form it comes.

use super::{Case, check, check_under, fill, prescription};
use serde_json::json;
use theriac_law::Profile;
use theriac_model::DeaNumber;

/// Requirements: law-sched-cii-v-accepted-use
#[test]
fn schedules_ii_to_v_pass_the_gate_that_stops_schedule_i() {
    for schedule in ["II", "III", "IV", "V"] {
        check(&fill(schedule), "permit");
    }
    check(&fill("I"), "deny not-authorized");
}

/// Requirements: law-cont-patient-name, law-cont-practitioner-name
#[test]
fn the_full_names_of_patient_and_practitioner_are_asked_for_by_name() {
    for element in ["patient-name", "practitioner-name"] {
        let case = fill("IV").with("facts/prescription/missing", json!([element]));
        check(&case, "deny element-missing");
        assert!(case.refusal(&Profile::strictest()).contains(&format!("{element} is missing")));
    }
    check(&fill("IV").with("facts/prescription/missing", json!([])), "permit");
}

/// Requirements: law-cont-signature, law-cont-printed-needs-signature
#[test]
fn paper_is_signed_by_hand_whatever_printed_it() {
    for instrument in ["ink", "printer"] {
        let case = fill("III").with("facts/prescription/instrument", instrument);
        check(&case, "permit");
        check(&case.with("facts/prescription/signature", "image"), "deny not-signed");
        check(&case.with("facts/prescription/signature", "none"), "deny not-signed");
        let refusal = case.with("facts/prescription/signature", "image").refusal(&Profile::strictest());
        assert!(refusal.contains("sign it by hand"), "{refusal}");
    }
}

/// Requirements: law-cont-no-postdating
#[test]
fn a_later_start_is_an_earliest_fill_date_and_never_a_later_date_of_issue() {
    let case = fill("II");
    check(&case.with("facts/prescription/issued", "2022-01-13"), "deny misdated");
    check(&case.with("facts/prescription/issued", "2022-01-12"), "permit");
    let later = case.with("facts/prescription/earliest_fill", "2022-01-20");
    check(&later, "deny too-early");
    check(&later.with("request/at", "2022-01-20"), "permit");
}

/// Requirements: law-cont-ghb-medical-need
#[test]
fn only_gamma_hydroxybutyric_acid_needs_the_medical_need_on_its_face() {
    let case = fill("III").with("facts/prescription/missing", json!(["medical-need"]));
    check(&case.with("facts/prescription/drug", "sodium oxybate"), "deny element-missing");
    check(&case.with("facts/prescription/drug", "ketamine"), "permit");
    check(&fill("III").with("facts/prescription/drug", "sodium oxybate"), "permit");
}

/// Requirements: law-who-no-office-stock
#[test]
fn an_office_is_stocked_by_invoice_or_order_form_and_not_on_a_prescription() {
    let case = fill("II").with("facts/prescription/purpose", "office-stock");
    check(&case, "deny purpose");
    let refusal = case.refusal(&Profile::strictest());
    assert!(refusal.contains("invoice") && refusal.contains("order form"), "{refusal}");
}

/// Requirements: law-opioid-treat-cii-ntp-only, law-opioid-treat-pain-distinct
#[test]
fn schedule_ii_treats_pain_and_is_not_prescribed_for_dependence() {
    let methadone = fill("II").with("facts/prescription/drug", "methadone").with("facts/prescription/narcotic", true);
    let dependence = methadone.with("facts/prescription/purpose", "opioid-dependence");
    check(&dependence, "deny purpose");
    assert!(dependence.refusal(&Profile::strictest()).contains("narcotic treatment program"));
    // The identification number of the practitioner is a duty of dependence only.
    check(&methadone.with("facts/prescription/missing", json!(["treatment-id"])), "permit");
}

/// Requirements: law-dea-x-alone-not-enough, pharm-waiver-id-on-prescription
#[test]
fn the_treatment_number_stands_beside_the_registration_number_and_does_not_replace_it() {
    let case = fill("III").with("facts/prescription/purpose", "opioid-dependence");
    check(&case, "permit");
    check(&case.with("facts/prescription/missing", json!(["dea-number"])), "deny element-missing");
    check(&case.with("facts/prescription/missing", json!(["treatment-id"])), "deny element-missing");
}

/// Requirements: law-hosp-may-use-number, law-reg-individuals-and-sites
#[test]
fn a_resident_prescribes_under_the_hospitals_number_and_a_private_practitioner_under_an_own_one() {
    let resident = fill("III").with("facts/prescriber", json!({"kind": "resident", "registration": "hospital"}));
    check(&resident, "permit");
    check(&resident.with("facts/prescriber/registration_expires", "2022-01-10"), "permit");
    check(&resident.with("facts/prescriber/registration_expires", "2022-01-09"), "deny registration-invalid");
    let private = fill("III").with("facts/prescriber", json!({"kind": "physician", "registration": "own"}));
    check(&private, "permit");
    check(&private.with("facts/prescriber/registration", "none"), "deny registration-invalid");
}

/// Requirements: law-hosp-internal-code-assigned
#[test]
fn a_hospitals_number_carries_the_internal_code_of_who_prescribes() {
    let resident = fill("III").with("facts/prescriber", json!({"kind": "resident", "registration": "hospital"}));
    check(&resident.with("facts/prescription/missing", json!(["internal-code"])), "deny element-missing");
    check(&fill("III").with("facts/prescription/missing", json!(["internal-code"])), "permit");
    let number = Case::ask("check-dea-number", "2022-01-10", json!({}));
    check(&number.with("request/number", "BH1234563-012"), "value practitioner-or-facility");
    check(&number.with("request/number", "BH1234563-"), "deny malformed");
}

/// Requirements: law-fed-no-procurement
#[test]
fn an_exempt_officer_prescribes_and_does_not_purchase() {
    let officer = json!({"kind": "federal-officer", "registration": "exempt"});
    let case = fill("II").with("facts/prescriber", officer);
    check(&case.with("facts/prescription/missing", json!(["dea-number"])), "permit");
    let order = Case::ask("order", "2022-01-10", json!({"order": {"method": "csos"}}));
    check(&order, "permit");
    check(&order.with("facts/order/purchaser_exempt", true), "deny registration-invalid");
}

/// Requirements: law-dea-normalise-input
#[test]
fn case_and_spaces_around_a_number_change_nothing() {
    let case = Case::ask("check-dea-number", "2022-01-10", json!({}));
    for written in ["MJ3614511", " mj3614511 ", "mJ3614511"] {
        check(&case.with("request/number", written), "value mid-level");
    }
    assert_eq!(DeaNumber::parse("mj3614511").expect("a sound number").to_string(), "MJ3614511");
}

/// Requirements: law-forms-matrix
#[test]
fn every_schedule_by_every_form_has_one_answer() {
    let form = |case: Case, form: &str| case.with("facts/prescription/form", form);
    for (schedule, answers) in [
        ("I", ["deny not-authorized"; 6]),
        (
            "II",
            [
                "permit",
                "permit",
                "deny form-not-allowed obtain-original",
                "permit",
                "deny form-not-allowed",
                "permit reduce-to-writing obtain-followup",
            ],
        ),
        ("III", CIII_V),
        ("IV", CIII_V),
        ("V", CIII_V),
    ] {
        let fax = form(fill(schedule), "fax");
        let emergency = form(fill(schedule), "oral")
            .with("request/action", "emergency-fill")
            .with("request/needed", 30)
            .with("facts/prescription/issued", "2022-01-12")
            .with("facts/emergency", json!({"identity_verified": true}));
        let cases = [
            fill(schedule),
            form(fill(schedule), "electronic"),
            fax.clone(),
            fax.with("facts/prescription/setting", "ltcf"),
            form(fill(schedule), "oral"),
            emergency,
        ];
        for (case, answer) in cases.iter().zip(answers) {
            check(case, answer);
        }
    }
}

/// Paper, electronic, fax, fax as the original, oral, oral in an emergency.
const CIII_V: [&str; 6] =
    ["permit", "permit", "permit", "permit", "permit reduce-to-writing", "permit reduce-to-writing"];

/// Requirements: law-emer-only-cii, law-emer-reduced-immediately
#[test]
fn the_emergency_road_is_for_schedule_ii_and_begins_with_the_writing() {
    let facts = json!({"prescription": {"schedule": "II", "form": "oral", "issued": "2022-01-12", "quantity": 30},
        "emergency": {"immediate_need": false}});
    let case = Case::ask("emergency-fill", "2022-01-12", facts).with("request/quantity", 8).with("request/needed", 8);
    check(&case, "deny emergency-criteria");
    check(&case.with("facts/prescription/schedule", "IV"), "permit reduce-to-writing");
    check(&case.with("facts/prescription/schedule", "I"), "deny not-authorized");
    let urgent = case.with("facts/emergency", json!({}));
    check(&urgent, "permit reduce-to-writing obtain-followup");
    check(&urgent.with("facts/prescription/missing", json!(["signature"])), "permit reduce-to-writing obtain-followup");
    for element in ["directions", "quantity", "patient-address"] {
        check(&urgent.with("facts/prescription/missing", json!([element])), "deny element-missing");
    }
}

/// Requirements: law-emer-beyond-needs-written, pharm-emergency-schedule-ii-only-path
#[test]
fn more_than_the_emergency_takes_waits_for_a_written_prescription() {
    let facts = json!({"prescription": {"schedule": "II", "form": "oral", "issued": "2022-01-12", "quantity": 8}});
    let case = Case::ask("emergency-fill", "2022-01-12", facts).with("request/needed", 8);
    check(&case.with("request/quantity", 8), "permit reduce-to-writing obtain-followup");
    check(&case.with("request/quantity", 9), "deny quantity-exceeded");
    let again = Case::ask("fill", "2022-01-13", case.0["facts"].clone()).with("request/quantity", 8);
    check(&again, "deny form-not-allowed");
    check(&again.with("facts/prescription/form", "electronic"), "permit");
}

/// Requirements: law-fax-cii-hospice-narcotic-only
#[test]
fn a_hospice_fax_of_another_drug_than_a_narcotic_serves_under_the_cards_only() {
    let case = fill("II")
        .with("facts/prescription/form", "fax")
        .with("facts/prescription/setting", "hospice")
        .with("facts/prescription/hospice_noted", true);
    check(&case.with("facts/prescription/narcotic", true), "permit");
    for profile in [Profile::strictest(), Profile::in_force(), Profile::manual_2010()] {
        check_under(&profile, &case, "deny form-not-allowed obtain-original");
    }
    check_under(&Profile::cards_2021(), &case, "permit");
}

/// Requirements: law-fax-cii-terminal-not-enough, law-fax-cii-no-more-paper
#[test]
fn terminal_illness_outside_hospice_does_not_make_a_fax_the_original() {
    let case = fill("II").with("facts/prescription/form", "fax").with("facts/prescription/narcotic", true);
    check(&case.with("facts/prescription/setting", "terminal"), "deny form-not-allowed obtain-original");
    // Where the fax is the original no paper is owed afterwards.
    let hospice = case.with("facts/prescription/setting", "hospice").with("facts/prescription/hospice_noted", true);
    check(&hospice, "permit");
    check(&case.with("facts/prescription/setting", "ltcf"), "permit");
    check(&case.with("facts/prescription/compounded_infusion", true), "permit");
}

/// Requirements: law-fax-ciii-v-signed, law-fax-ciii-v-sender, law-fax-ciii-v-contents
#[test]
fn a_fax_of_schedules_iii_to_v_is_signed_complete_and_sent_from_the_practice() {
    for schedule in ["III", "IV", "V"] {
        let case = fill(schedule).with("facts/prescription/form", "fax");
        check(&case, "permit");
        check(&case.with("facts/prescription/signature", "image"), "deny not-signed");
        check(&case.with("facts/prescription/signature", "none"), "deny not-signed");
        check(&case.with("facts/prescription/sender", "agent"), "permit");
        check(&case.with("facts/prescription/sender", "patient"), "deny form-not-allowed");
        let incomplete = case.with("facts/prescription/missing", json!(["directions"]));
        check(&incomplete, "deny element-missing");
        assert!(incomplete.refusal(&Profile::strictest()).contains("directions is missing"));
    }
}

/// An electronic prescription as the pharmacy's application receives it.
fn received(schedule: &str) -> Case {
    Case::ask("receive-electronic", "2022-01-10", json!({"prescription": prescription(schedule), "electronic": {}}))
        .with("facts/prescription/form", "electronic")
}

/// Accepted, whatever the edition wants done with the record.
fn check_accepted(case: &Case) {
    for profile in [Profile::strictest(), Profile::in_force(), Profile::manual_2010(), Profile::cards_2021()] {
        assert!(case.decide(&profile).is_permitted(), "{} under {}", case.0, profile.name());
    }
}

/// Requirements: law-elec-allowed-all-schedules
#[test]
fn electronic_prescriptions_are_accepted_for_every_schedule_from_conforming_applications() {
    for schedule in ["II", "III", "IV", "V"] {
        check_accepted(&received(schedule));
        let other = received(schedule).with("facts/electronic/prescriber_software", "non-compliant");
        check(&other, "deny system-not-compliant");
    }
    check(&received("I"), "deny not-authorized");
}

/// Requirements: law-elec-issuer-duties
#[test]
fn the_issuer_meets_part_1306_uses_a_conforming_application_and_signs() {
    check_accepted(&received("II"));
    check(&received("II").with("facts/prescription/missing", json!(["directions"])), "deny element-missing");
    let application = received("II").with("facts/electronic/prescriber_software", "non-compliant");
    check(&application, "deny system-not-compliant");
    check(&received("II").with("facts/prescription/signature", "agent"), "deny not-signed");
}

/// Requirements: law-elec-pending-becomes-oral-or-fax, law-elec-pending-cii
#[test]
fn what_an_unapproved_application_sent_becomes_an_oral_or_a_signed_faxed_prescription() {
    let pending = received("IV").with("facts/electronic/prescriber_software", "pending");
    check(&pending, "deny system-not-compliant verify-with-prescriber");
    check(&fill("IV").with("facts/prescription/form", "oral"), "permit reduce-to-writing");
    let fax = fill("IV").with("facts/prescription/form", "fax");
    check(&fax, "permit");
    check(&fax.with("facts/prescription/signature", "none"), "deny not-signed");
    // Neither road opens schedule II.
    let two = received("II").with("facts/electronic/prescriber_software", "pending");
    check(&two, "deny system-not-compliant verify-with-prescriber");
    check(&fill("II").with("facts/prescription/form", "oral"), "deny form-not-allowed");
    check(&fill("II").with("facts/prescription/form", "fax"), "deny form-not-allowed obtain-original");
}

/// Requirements: law-elec-replacement-check-original, law-elec-never-both
#[test]
fn a_replacement_is_judged_only_with_the_fate_of_the_first_and_one_of_the_two_is_dispensed() {
    let case = fill("III");
    assert_eq!(case.with("facts/replacement", json!({})).refused_field(), "facts.replacement.first");
    check(&case.with("facts/replacement", json!({"first": "not-received"})), "permit");
    check(&case.with("facts/replacement", json!({"first": "received-not-dispensed"})), "permit void-first");
    check(&case.with("facts/replacement", json!({"first": "dispensed"})), "deny duplicate");
    // The other order of arrival: the first comes after its replacement was dispensed.
    let after = case.with("facts/history", json!([{"kind": "fill", "at": "2022-01-11", "quantity": 30}]));
    check(&after, "deny refills-exhausted");
}

/// Requirements: law-multi-supply-days-needed
#[test]
fn a_set_cannot_be_judged_while_the_supply_of_one_of_it_is_unknown() {
    let facts = json!({"series": {"issued": "2022-01-10", "items": [
        {"days_supply": 30}, {"days_supply": 30, "earliest_fill": "2022-02-09"}]}});
    let case = Case::ask("issue", "2022-01-10", facts);
    check(&case, "permit");
    let unknown = json!([{"days_supply": 30}, {"earliest_fill": "2022-02-09"}]);
    assert_eq!(case.with("facts/series/items", unknown).refused_field(), "facts.series.items[1].days_supply");
}

/// Requirements: law-multi-fills-sequential
#[test]
fn two_of_a_set_are_not_filled_on_one_day_before_the_seconds_date() {
    let second = fill("II").with("facts/prescription/earliest_fill", "2022-02-09");
    check(&fill("II"), "permit");
    check(&second, "deny too-early");
    check(&second.with("request/at", "2022-02-08"), "deny too-early");
    check(&second.with("request/at", "2022-02-09"), "permit");
}

/// Requirements: law-exp-cii-no-quantity-cap
#[test]
fn federal_law_sets_no_quantity_of_schedule_ii_and_a_state_may() {
    let much = fill("II").with("facts/prescription/quantity", 2160).with("request/quantity", 2160);
    check(&much, "permit");
    check(&much.with("facts/state_permits", false), "deny state-prohibits");
    check(&much.with("facts/prescription/purpose", "not-legitimate"), "deny purpose");
}
