//! Who may prescribe, in detail: licence, place, discipline, agreement, scope, own use, number, waiver.

use super::{Case, check, check_under, fill};
use serde_json::{Value, json};
use std::sync::Arc;
use theriac_law::{Overlay, Profile};

/// A first filling with what was looked up about the prescriber.
fn looked_up(schedule: &str, practice: Value) -> Case {
    fill(schedule).with("facts/practice", practice)
}

/// The rules that found something wrong without denying it.
fn warned(case: &Case) -> Vec<&'static str> {
    let decision = case.decide(&Profile::strictest());
    assert!(decision.refusal.is_none(), "{}", case.0);
    let violated = |ground: &&theriac_law::Ground| matches!(ground.finding, theriac_model::Finding::Violated(_));
    decision.grounds.iter().filter(violated).map(|ground| ground.rule.id).collect()
}

/// Requirements: law-who-registration-follows-state
#[test]
fn federal_authority_ends_on_the_day_on_which_the_state_licence_ends() {
    let case = |ended: &str| looked_up("II", json!({"licence_ended": ended}));
    check(&case("2022-01-11"), "permit");
    check(&case("2022-01-10"), "deny not-authorized");
    check(&case("2022-01-09"), "deny not-authorized");
    assert!(case("2022-01-09").refusal(&Profile::strictest()).contains("ended on 2022-01-09"));
}

/// Requirements: law-who-individual-must-be-current-per-state
#[test]
fn licence_and_registration_are_those_of_the_state_of_issue() {
    let case = |state: &str| {
        looked_up("IV", json!({"issued_in": state, "licensed_in": ["AA", "BB"], "registered_in": ["AA"]}))
    };
    check(&case("AA"), "permit");
    check(&case("BB"), "deny not-authorized");
    check(&case("CC"), "deny not-authorized");
    assert!(case("BB").refusal(&Profile::strictest()).contains("no registration there"));
    assert!(case("CC").refusal(&Profile::strictest()).contains("no licence there"));
}

/// Requirements: law-who-mlp-state-table, pharm-rx-mid-level-authority
#[test]
fn a_mid_level_practitioner_prescribes_what_the_states_table_grants() {
    let optometrist = looked_up("III", json!({"discipline": "optometrist"}));
    check(&optometrist, "deny verification-required");
    assert!(optometrist.refusal(&Profile::strictest()).contains("ask the State"));
    check(&optometrist.with("facts/practice/state_grants", json!([])), "deny not-authorized");
    let listed = optometrist
        .with("facts/practice/state_grants", json!(["III", "IV", "V"]))
        .with("facts/practice/state_entry", "2021-07-01");
    check(&listed, "permit");
    let two = listed.with("facts/prescription/schedule", "II");
    check(&two, "deny not-authorized");
    let refusal = two.refusal(&Profile::strictest());
    assert!(refusal.contains("table of 2021-07-01") && refusal.contains("III, IV, V"), "{refusal}");
}

/// Requirements: law-who-mlp-classes
#[test]
fn four_classes_are_known_in_every_edition_and_the_others_by_the_states_table() {
    for discipline in ["nurse-practitioner", "nurse-midwife", "nurse-anesthetist", "physician-assistant"] {
        check(&looked_up("II", json!({"discipline": discipline})), "permit");
    }
    for discipline in ["clinical-nurse-specialist", "optometrist", "nursing-home", "euthanasia-technician", "homeopath"]
    {
        let case = looked_up("II", json!({"discipline": discipline}));
        check(&case, "deny verification-required");
        check(&case.with("facts/practice/state_grants", json!(["II"])), "permit");
    }
}

/// Requirements: law-who-pharmacist-not-practitioner, law-who-naturopath
#[test]
fn a_pharmacist_and_a_naturopath_prescribe_only_where_the_state_says_so() {
    for discipline in ["pharmacist", "naturopath"] {
        let case = looked_up("II", json!({"discipline": discipline}));
        check(&case, "deny not-authorized");
        check(&case.with("facts/practice/state_grants", json!(["IV"])), "deny not-authorized");
        check(&case.with("facts/practice/state_grants", json!(["II"])), "permit");
    }
}

/// Requirements: law-who-mlp-collaboration
#[test]
fn an_agreement_that_the_state_wants_is_in_force() {
    let case = looked_up("III", json!({"discipline": "physician-assistant"}));
    for (agreement, answer) in [("not-required", "permit"), ("in-force", "permit"), ("missing", "deny not-authorized")]
    {
        check(&case.with("facts/practice/agreement", agreement), answer);
    }
}

/// Requirements: law-who-nonphysician-scope, law-who-condition-expected
#[test]
fn a_condition_outside_the_field_waits_for_the_pharmacists_resolution() {
    for (field, treats, answer) in [
        ("dentistry", "dental-pain", "permit"),
        ("dentistry", "attention-deficit", "deny verification-required"),
        ("podiatry", "foot-pain", "permit"),
        ("podiatry", "anxiety", "deny verification-required"),
        ("optometry", "insomnia", "deny verification-required"),
        ("veterinary", "animal-care", "permit"),
        ("veterinary", "pain", "deny verification-required"),
        ("medicine", "attention-deficit", "permit"),
        ("medicine", "animal-care", "deny verification-required"),
    ] {
        let case = looked_up("II", json!({"field": field, "treats": treats}));
        check(&case, answer);
        check(&case.with("facts/practice/scope_resolved", true), "permit");
    }
    let case = looked_up("II", json!({"field": "dentistry", "treats": "attention-deficit"}));
    assert!(case.refusal(&Profile::strictest()).contains("scope, the pharmacist must resolve it"));
}

/// Requirements: law-who-self-prescribing
#[test]
fn prescribing_for_oneself_is_a_warning_and_where_the_state_forbids_it_a_refusal() {
    let state = Overlay::parse(
        "edition = \"state.XX\"\n[parameter.\"practitioner.own-use.forbidden\"]\nvalue = [\"II\"]\ncite = \"State law\"\n",
    );
    let forbids = Profile::strictest().in_state(Arc::new(state.expect("an overlay")));
    for patient in ["prescriber", "family"] {
        let case = looked_up("II", json!({"patient": patient}));
        check(&case, "permit");
        assert_eq!(warned(&case), ["1306.04-own-use"]);
        check_under(&forbids, &case, "deny state-prohibits");
        check_under(&forbids, &case.with("facts/prescription/schedule", "IV"), "permit");
    }
    let other = looked_up("II", json!({"patient": "other"}));
    assert!(warned(&other).is_empty());
    check_under(&forbids, &other, "permit");
}

/// Requirements: law-dea-pass-is-not-proof
#[test]
fn a_well_formed_number_that_no_list_has_is_no_registration() {
    let case = Case::ask("check-dea-number", "2022-01-10", json!({})).with("request/number", "BJ3614511");
    check(&case, "value practitioner-or-facility");
    check(&case.with("facts/holder", json!({"listing": "listed"})), "value practitioner-or-facility");
    let absent = case.with("facts/holder", json!({"listing": "not-listed"}));
    check(&absent, "deny registration-invalid");
    let decision = absent.decide(&Profile::strictest());
    let shape = decision.grounds.iter().find(|ground| ground.rule.id == "1301-dea-number").expect("asked");
    assert!(matches!(shape.finding, theriac_model::Finding::Satisfied(_)), "it passes as well formed");
}

/// Requirements: law-dea-letter-a-date
#[test]
fn an_a_first_issued_in_october_1985_or_later_is_a_reason_to_ask() {
    let case = Case::ask("check-dea-number", "2022-01-10", json!({"holder": {}})).with("request/number", "AJ3614511");
    let issued = |day: &str| case.with("facts/holder/first_issued", day);
    for fits in [case.clone(), issued("1984-05-01"), issued("1985-09-30")] {
        check(&fits, "value practitioner-or-facility");
        assert!(warned(&fits).is_empty());
    }
    for late in [issued("1985-10-01"), issued("1985-10-02")] {
        check(&late, "value practitioner-or-facility verify-with-prescriber");
        assert_eq!(warned(&late), ["1301-dea-letter-a"]);
    }
    check(&issued("1985-10-02").with("request/number", "BJ3614511"), "value practitioner-or-facility");
}

/// Requirements: law-dea-letter-midlevel
#[test]
fn an_m_held_by_a_physician_is_a_reason_to_ask() {
    let case = Case::ask("check-dea-number", "2022-01-10", json!({"holder": {}})).with("request/number", "MJ3614511");
    check(&case.with("facts/holder/kind", "mid-level"), "value mid-level");
    let physician = case.with("facts/holder/kind", "physician");
    check(&physician, "value mid-level verify-with-prescriber");
    assert_eq!(warned(&physician), ["1301-dea-letter-m"]);
    check(&physician.with("request/number", "BJ3614511"), "value practitioner-or-facility");
}

/// Requirements: law-dea-letter-nonprescriber
#[test]
fn a_prescription_under_a_number_of_a_class_that_does_not_prescribe_is_refused() {
    for (number, answer) in [
        ("BJ3614511", "permit"),
        ("MJ3614511", "permit"),
        ("PJ3614511", "deny not-authorized"),
        ("RJ3614511", "deny not-authorized"),
        (" rj3614511", "deny not-authorized"),
    ] {
        check(&looked_up("II", json!({"dea_number": number})), answer);
    }
}

/// Requirements: law-opioid-treat-ntp-approvals
#[test]
fn of_eight_combinations_of_three_approvals_only_all_three_make_a_program() {
    for n in 0..8 {
        let program =
            json!({"registered": n & 1 != 0, "federally_certified": n & 2 != 0, "state_approved": n & 4 != 0});
        let case = Case::ask("run-program", "2022-01-10", json!({"program": program}));
        let answer = if n == 7 {
            "permit"
        } else if n & 1 == 0 {
            "deny registration-invalid"
        } else {
            "deny approval-missing"
        };
        check(&case, answer);
    }
}

/// A product of schedule III for opioid dependence.
fn dependence(practice: Value) -> Case {
    looked_up("III", practice).with("facts/prescription/purpose", "opioid-dependence")
}

/// Requirements: law-opioid-treat-waiver
#[test]
fn treating_dependence_on_prescriptions_needed_a_waiver_until_the_statute_ended_it() {
    check(&dependence(json!({"waivered": true})), "permit");
    let without = dependence(json!({"waivered": false}));
    check(&without, "deny not-authorized");
    check(&without.with("facts/prescription/purpose", "treatment"), "permit");
    let on = |day: &str| without.with("request/at", day).with("facts/prescription/issued", day);
    for profile in [Profile::strictest(), Profile::in_force()] {
        check_under(&profile, &on("2022-12-28"), "deny not-authorized");
        check_under(&profile, &on("2022-12-29"), "permit");
    }
    check_under(&Profile::manual_2010(), &on("2022-12-29"), "deny not-authorized");
}

/// Requirements: pharm-waiver-only-approved-drugs
#[test]
fn dependence_is_treated_with_approved_drugs_only() {
    check(&dependence(json!({})), "permit");
    check(&dependence(json!({"approved_for_dependence": false})), "deny purpose");
    let later = dependence(json!({"approved_for_dependence": false}));
    let later = later.with("request/at", "2022-12-29").with("facts/prescription/issued", "2022-12-29");
    check_under(&Profile::in_force(), &later, "deny purpose");
    check(&later.with("facts/prescription/purpose", "treatment"), "permit");
}

/// Requirements: law-opioid-treat-patient-cap, pharm-waiver-patient-limit
#[test]
fn no_more_patients_at_a_time_than_the_waiver_allows() {
    for (cap, patients, answer) in
        [(30, 30, "permit"), (30, 31, "deny limit-exceeded"), (100, 100, "permit"), (100, 101, "deny limit-exceeded")]
    {
        check(&dependence(json!({"patients": patients, "patient_cap": cap})), answer);
    }
    let later = dependence(json!({"patients": 31, "patient_cap": 30}));
    let later = later.with("request/at", "2022-12-29").with("facts/prescription/issued", "2022-12-29");
    check_under(&Profile::in_force(), &later, "permit");
}
