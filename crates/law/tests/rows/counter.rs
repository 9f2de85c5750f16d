//! At the counter: how a prescription came, what the pharmacist judged, who fills; and at the practitioner's screen.

use super::{Case, check, check_under, fill, prescription};
use serde_json::{Value, json};
use std::sync::Arc;
use theriac_law::{Overlay, Profile};

/// A State that sets `parameter` to `value`.
fn state(parameter: &str, value: &str) -> Profile {
    let text = format!("edition = \"state.XX\"\n[parameter.\"{parameter}\"]\nvalue = {value}\ncite = \"State law\"\n");
    Profile::strictest().in_state(Arc::new(Overlay::parse(&text).expect("an overlay")))
}

/// The rules that found something wrong without denying it.
fn warned(case: &Case) -> Vec<&'static str> {
    let decision = case.decide(&Profile::strictest());
    assert!(decision.refusal.is_none(), "{}", case.0);
    let violated = |ground: &&theriac_law::Ground| matches!(ground.finding, theriac_model::Finding::Violated(_));
    decision.grounds.iter().filter(violated).map(|ground| ground.rule.id).collect()
}

/// A filling of a prescription in `form`, with how it was taken in.
fn taken_in(schedule: &str, form: &str, intake: Value) -> Case {
    fill(schedule).with("facts/prescription/form", form).with("facts/intake", intake)
}

/// An oral prescription of schedule IV, taken by the pharmacist and written down.
fn oral() -> Case {
    let times = json!({"called": "2022-01-11T10:00:00-07:00", "written": "2022-01-11T10:05:00-07:00"});
    taken_in("IV", "oral", times)
}

/// Requirements: law-oral-taken-by-pharmacist
#[test]
fn a_pharmacist_takes_the_call() {
    check(&oral(), "permit reduce-to-writing");
    for other in ["technician", "clerk"] {
        check(&oral().with("facts/intake/taken_by", other), "deny not-authorized");
    }
}

/// Requirements: law-oral-reduced-promptly, pharm-rx-oral-reduced-to-writing
#[test]
fn an_oral_prescription_is_filled_when_it_has_been_written_down_with_both_times() {
    check(&oral(), "permit reduce-to-writing");
    check(&oral().with("facts/intake/written", Value::Null), "deny element-missing");
    check(&oral().with("facts/intake/called", Value::Null), "deny element-missing");
    check(&oral().with("facts/intake/written", "2022-01-11T09:59:59-07:00"), "deny element-missing");
    check(&oral().with("facts/intake/written", "2022-01-13"), "deny element-missing");
    for element in ["patient-name", "quantity", "directions", "dea-number"] {
        check(&oral().with("facts/prescription/missing", json!([element])), "deny element-missing");
    }
    check(&oral().with("facts/prescription/missing", json!(["signature"])), "permit reduce-to-writing");
}

/// Requirements: pharm-emergency-reduced-to-writing, law-emer-reduced-immediately
#[test]
fn an_emergency_order_is_dispensed_when_it_has_been_written_down() {
    let facts = json!({"prescription": {"schedule": "II", "form": "oral", "issued": "2022-01-12", "quantity": 8},
        "intake": {"called": "2022-01-12T10:00:00-07:00", "written": "2022-01-12T10:01:00-07:00"}});
    let case = Case::ask("emergency-fill", "2022-01-12T11:00:00-07:00", facts)
        .with("request/quantity", 8)
        .with("request/needed", 8);
    check(&case, "permit reduce-to-writing obtain-followup");
    check(&case.with("facts/intake/written", Value::Null), "deny element-missing");
    check(&case.with("facts/intake/taken_by", "technician"), "deny not-authorized");
    check(&case.with("facts/prescription/missing", json!(["quantity"])), "deny element-missing");
    check(&case.with("facts/prescription/missing", json!(["signature"])), "permit reduce-to-writing obtain-followup");
}

/// Requirements: pharm-rx-oral-by-practitioner
#[test]
fn who_telephones_is_the_practitioner_or_a_named_agent() {
    let agent = oral().with("facts/prescription/sender", "agent");
    for profile in [Profile::in_force(), Profile::cards_2021()] {
        check_under(&profile, &oral(), "permit reduce-to-writing");
        check_under(&profile, &agent, "deny element-missing");
        check_under(&profile, &agent.with("facts/intake/agent", " "), "deny element-missing");
        check_under(&profile, &agent.with("facts/intake/agent", "J. Doe"), "permit reduce-to-writing");
    }
    check(&oral().with("facts/prescription/sender", "patient"), "deny form-not-allowed");
}

/// Requirements: law-fax-no-conversion-of-electronic, law-forms-ciii-v, pharm-rx-iii-v-allowed-forms
#[test]
fn schedules_iii_to_v_come_on_signed_paper_its_fax_electronically_or_orally_and_in_no_other_way() {
    for schedule in ["III", "IV", "V"] {
        check(&fill(schedule), "permit");
        check(&taken_in(schedule, "fax", json!({})), "permit");
        check(&fill(schedule).with("facts/prescription/form", "electronic"), "permit");
        check(&oral().with("facts/prescription/schedule", schedule), "permit reduce-to-writing");
        let converted = taken_in(schedule, "fax", json!({"origin": "converted-electronic"}));
        check(&converted, "deny form-not-allowed");
        assert!(converted.refusal(&Profile::strictest()).contains("turned into a fax"));
        check(&taken_in(schedule, "fax", json!({"origin": "e-mail"})), "deny form-not-allowed");
        let unsigned = taken_in(schedule, "fax", json!({})).with("facts/prescription/signature", "none");
        check(&unsigned, "deny not-signed");
    }
}

/// Requirements: pharm-fax-sender, law-fax-ciii-v-sender
#[test]
fn a_fax_from_an_unknown_number_is_verified_and_one_from_the_patient_refused() {
    let unknown = taken_in("IV", "fax", json!({"sender_known": false}));
    check(&taken_in("IV", "fax", json!({})), "permit");
    check(&unknown, "deny verification-required");
    check(&unknown.with("facts/intake/resolution", "pharmacist-decision"), "deny verification-required");
    check(&unknown.with("facts/intake/resolution", "call"), "permit");
    check(&taken_in("IV", "fax", json!({})).with("facts/prescription/sender", "patient"), "deny form-not-allowed");
}

/// Requirements: law-fax-cii-mismatch
#[test]
fn an_original_that_differs_from_its_fax_is_not_handed_over() {
    let case = taken_in("II", "fax", json!({})).with("facts/prescription/original_presented", true);
    check(&case, "permit");
    let differs = case.with("facts/intake/differs", json!(["quantity"]));
    check(&differs, "deny altered");
    assert!(differs.refusal(&Profile::strictest()).contains("differ in quantity"));
}

/// Requirements: law-fax-void-watermark
#[test]
fn void_on_a_fax_waits_for_a_decision_or_a_call() {
    let case = taken_in("IV", "fax", json!({"void_visible": true}));
    check(&case, "deny verification-required");
    for resolution in ["pharmacist-decision", "call"] {
        check(&case.with("facts/intake/resolution", resolution), "permit");
    }
}

/// Requirements: law-amend-misspelt-signature
#[test]
fn a_misspelt_signature_blocks_filling_until_the_practitioner_was_asked() {
    let case = taken_in("IV", "paper", json!({"signature_misspelt": true}));
    check(&case, "deny verification-required");
    check(&case.with("facts/intake/resolution", "pharmacist-decision"), "deny verification-required");
    check(&case.with("facts/intake/resolution", "call"), "permit");
}

/// Requirements: law-cont-one-form-state-limits
#[test]
fn a_state_may_limit_what_stands_on_one_form() {
    let two = taken_in("IV", "paper", json!({"items": 2}));
    let mixed = taken_in("IV", "paper", json!({"mixed": true}));
    check(&two, "permit");
    check(&mixed, "permit");
    let one = state("form.controlled-items", "1");
    check_under(&one, &two, "deny form-not-allowed");
    check_under(&one, &two.with("facts/intake/items", 1), "permit");
    check_under(&state("form.mixed", "false"), &mixed, "deny form-not-allowed");
    assert!(two.decide(&one).refusal.is_some_and(|refusal| refusal.edition.to_string() == "state.XX"));
}

/// Requirements: law-cont-security-form-state
#[test]
fn a_state_may_ask_for_security_forms_by_schedule() {
    let plain = |schedule: &str| taken_in(schedule, "paper", json!({"security_form": false}));
    let ii = state("form.security.schedules", "[\"II\"]");
    check(&plain("II"), "permit");
    check_under(&ii, &plain("II"), "deny form-not-allowed");
    check_under(&ii, &plain("II").with("facts/intake/security_form", true), "permit");
    check_under(&ii, &plain("IV"), "permit");
}

/// Requirements: law-forms-electronic-is-extra
#[test]
fn federal_law_takes_paper_beside_electronic_prescriptions_whatever_a_state_wants() {
    let paper = taken_in("II", "paper", json!({}));
    check(&paper, "permit");
    check(&fill("II").with("facts/prescription/form", "electronic"), "permit");
    check_under(&state("form.electronic-only.schedules", "[\"II\"]"), &paper, "deny form-not-allowed");
}

/// A filling after the pharmacist's judgement.
fn judged(schedule: &str, judgement: Value) -> Case {
    fill(schedule).with("facts/judgement", judgement)
}

/// Requirements: law-who-corresponding-responsibility
#[test]
fn nothing_controlled_is_dispensed_without_a_recorded_decision() {
    for schedule in ["II", "III", "IV", "V"] {
        check(&judged(schedule, json!({"decision": "dispense"})), "permit");
        check(&judged(schedule, json!({})), "deny verification-required");
    }
    let refill = Case::ask(
        "refill",
        "2022-02-12",
        json!({"prescription": prescription("IV"), "judgement": {},
        "history": [{"kind": "fill", "at": "2022-01-12", "quantity": 30}]}),
    )
    .with("request/quantity", 30)
    .with("facts/prescription/refills_authorized", 2);
    check(&refill, "deny verification-required");
    check(&refill.with("facts/judgement/decision", "dispense"), "permit");
}

/// Requirements: law-who-no-duty-to-dispense
#[test]
fn a_pharmacist_may_decline_at_every_stage_before_hand_over_and_no_rule_overrides_it() {
    let declined = json!({"decision": "decline"});
    check(&judged("II", declined.clone()), "deny declined");
    // Even where another rule would refuse, the pharmacist's word stands first.
    check(&judged("I", declined.clone()), "deny declined");
    check(&judged("II", declined.clone()).with("facts/state_permits", false), "deny declined");
    let deliver =
        Case::ask("deliver", "2022-01-12", json!({"prescription": prescription("II"), "judgement": declined}))
            .with("request/to", "patient");
    check(&deliver, "deny declined");
    check(&deliver.with("facts/judgement/decision", "dispense"), "permit");
    let part = judged("II", json!({"decision": "decline"}))
        .with("request/action", "partial-fill")
        .with("request/basis", "shortage");
    check(&part, "deny declined");
}

/// Requirements: law-multi-legitimate-each, pharm-multi-each-legitimate
#[test]
fn each_prescription_of_a_set_is_judged_for_itself() {
    let second = judged("II", json!({"decision": "dispense"}))
        .with("facts/prescription/earliest_fill", "2022-02-09")
        .with("request/at", "2022-02-09");
    check(&judged("II", json!({"decision": "decline"})), "deny declined");
    check(&second, "permit");
    check(&second.with("facts/judgement/decision", "open"), "deny verification-required");
}

/// Requirements: law-exp-cii-still-needed, pharm-rx-ii-no-federal-expiry
#[test]
fn an_old_schedule_ii_prescription_is_filled_when_it_is_still_needed() {
    let on = |day: &str| judged("II", json!({"decision": "dispense"})).with("request/at", day);
    check(&on("2022-04-10"), "permit"); // the ninetieth day
    check(&on("2022-04-11"), "deny verification-required");
    let needed = on("2022-04-20").with("facts/judgement/still_needed", true);
    check(&needed, "permit");
    check(&needed.with("facts/state", "AZ"), "deny expired"); // where the State sets ninety days
    check(&on("2022-04-20").with("facts/prescription/schedule", "V"), "permit");
    check_under(&state("expiry.ii.ask-after.days", "10"), &on("2022-01-21"), "deny verification-required");
    check_under(&state("expiry.ii.ask-after.days", "10"), &on("2022-01-20"), "permit");
}

/// Requirements: law-exp-cii-no-quantity-cap, pharm-rx-ii-quantity
#[test]
fn federal_law_has_no_cap_on_schedule_ii_and_a_state_may_set_days() {
    let days = |days: u32| judged("II", json!({"decision": "dispense", "days_supply": days}));
    check(&days(180), "permit");
    check(&days(180).with("facts/judgement/decision", "open"), "deny verification-required");
    let thirty = state("quantity.ii.days-supply", "30");
    check_under(&thirty, &days(30), "permit");
    check_under(&thirty, &days(31), "deny quantity-exceeded");
    check_under(&thirty, &days(180).with("facts/prescription/schedule", "III"), "permit");
}

/// Requirements: law-refill-early
#[test]
fn a_refill_at_forty_per_cent_of_the_supply_is_a_warning_that_needs_a_decision() {
    let on = |day: &str| {
        Case::ask(
            "refill",
            day,
            json!({"prescription": prescription("IV"),
            "judgement": {"decision": "dispense", "days_before": 30},
            "history": [{"kind": "fill", "at": "2022-01-12", "quantity": 30}]}),
        )
        .with("request/quantity", 30)
        .with("facts/prescription/refills_authorized", 2)
    };
    check(&on("2022-01-24"), "permit");
    assert_eq!(warned(&on("2022-01-24")), ["1306.22-early"]);
    check(&on("2022-01-24").with("facts/judgement/decision", "open"), "deny verification-required");
    assert_eq!(warned(&on("2022-02-03")), ["1306.22-early"]); // 22 of 30 days
    assert!(warned(&on("2022-02-04")).is_empty()); // 23 of 30 days
}

/// Requirements: law-who-filler-is-pharmacist
#[test]
fn a_pharmacist_fills_in_a_registered_pharmacy() {
    let by = |filling: Value| fill("II").with("facts/filling", filling);
    check(&by(json!({})), "permit");
    check(&by(json!({"by": "technician"})), "deny not-authorized");
    for status in ["expired", "suspended", "revoked"] {
        check(&by(json!({"pharmacy_registration": status})), "deny registration-invalid");
    }
}

/// Requirements: law-who-intern-under-supervision
#[test]
fn an_intern_fills_where_the_state_lets_interns_fill_and_a_pharmacist_supervises() {
    let intern = |allowed: bool, supervised: bool| {
        fill("II")
            .with("facts/filling", json!({"by": "intern", "state_allows_intern": allowed, "supervised": supervised}))
    };
    check(&intern(true, true), "permit");
    check(&intern(false, true), "deny not-authorized");
    check(&intern(true, false), "deny not-authorized");
}

/// Requirements: law-multi-first-exempt
#[test]
fn the_first_of_a_set_without_a_date_filled_late_beside_another_that_is_due_is_a_warning() {
    let on = |day: &str| {
        fill("II").with("request/at", day).with("facts/siblings", json!({"others": [{"earliest_fill": "2022-01-20"}]}))
    };
    for day in ["2022-01-10", "2022-01-12", "2022-01-19"] {
        check(&on(day), "permit");
        assert!(warned(&on(day)).is_empty(), "{day}");
    }
    check(&on("2022-01-20"), "permit");
    assert_eq!(warned(&on("2022-01-20")), ["1306.12-series-first"]);
    assert!(warned(&on("2022-01-20").with("facts/prescription/earliest_fill", "2022-01-10")).is_empty());
}

/// Requirements: law-multi-no-undue-risk
#[test]
fn a_set_is_not_issued_before_the_practitioner_confirms_that_it_creates_no_undue_risk() {
    let facts = json!({"series": {"issued": "2022-01-10", "items": [
        {"days_supply": 30}, {"days_supply": 30, "earliest_fill": "2022-02-09"}]}});
    let case = Case::ask("issue", "2022-01-10", facts);
    check(&case.with("facts/series/no_undue_risk", true), "permit");
    check(&case.with("facts/series/no_undue_risk", false), "deny not-reviewed");
}

/// Requirements: pharm-multi-90-day-total, pharm-multi-earliest-fill-date-present, pharm-multi-separate-blanks,
/// pharm-multi-state-permission
#[test]
fn a_set_holds_ninety_days_on_separate_blanks_with_dates_where_the_state_permits_sets() {
    let set = |days: &[u32]| {
        let items: Vec<Value> = days
            .iter()
            .enumerate()
            .map(|(n, days)| match n {
                0 => json!({"days_supply": days}),
                _ => json!({"days_supply": days, "earliest_fill": "2022-02-09"}),
            })
            .collect();
        Case::ask("issue", "2022-01-10", json!({"series": {"issued": "2022-01-10", "items": items}}))
    };
    check(&set(&[30, 30, 30]), "permit");
    check(&set(&[31, 31, 31]), "deny quantity-exceeded");
    check(&set(&[30, 30, 30, 30]), "deny quantity-exceeded");
    check(&set(&[30, 30]).with("facts/series/separate", false), "deny form-not-allowed");
    let undated = json!([{"days_supply": 30}, {"days_supply": 30}]);
    check(&set(&[30, 30]).with("facts/series/items", undated), "deny element-missing");
    check(&set(&[30, 30]).with("facts/state_permits", false), "deny state-prohibits");
}

/// Requirements: pharm-multi-not-before-earliest, pharm-multi-no-post-dating
#[test]
fn one_of_a_set_is_filled_from_its_earliest_date_and_dated_on_the_day_of_issue() {
    let case = fill("II")
        .with("facts/prescription/issued", "2010-03-01")
        .with("facts/prescription/earliest_fill", "2010-05-01");
    check(&case.with("request/at", "2010-04-30"), "deny too-early");
    check(&case.with("request/at", "2010-05-01"), "permit");
    let ahead = case.with("facts/prescription/issued", "2010-05-01").with("request/at", "2010-04-30");
    check(&ahead, "deny misdated");
}

/// An electronic prescription before its signature, on the day of issue.
fn signing(schedule: &str, refills: u32) -> Case {
    let facts = json!({"prescription": prescription(schedule), "session": {}});
    Case::ask("sign", "2022-01-10T10:00:00-07:00", facts)
        .with("request/factors", json!(["hard-token", "password"]))
        .with("facts/prescription/form", "electronic")
        .with("facts/prescription/refills_authorized", refills)
}

/// Requirements: epcs-1306.08-a-1
#[test]
fn what_part_1306_forbids_on_paper_is_not_signed_electronically() {
    for profile in [Profile::strictest(), Profile::in_force(), Profile::manual_2010(), Profile::cards_2021()] {
        for (schedule, refills) in [("II", 0), ("III", 5), ("IV", 5), ("V", 5), ("V", 12)] {
            assert!(signing(schedule, refills).decide(&profile).is_permitted(), "{schedule} {refills}");
        }
    }
    check(&signing("II", 1), "deny refill-prohibited");
    check(&signing("III", 6), "deny refills-exhausted");
    check(&signing("IV", 6), "deny refills-exhausted");
}

/// Requirements: law-elec-federal-cert-route
#[test]
fn a_certificate_of_ones_own_signs_for_federal_practitioners_under_the_proposal_and_for_anyone_later() {
    let case = signing("II", 0).with("facts/session/method", "certificate");
    let federal = case.with("facts/prescriber", json!({"kind": "federal-officer", "registration": "exempt"}));
    for profile in [Profile::strictest(), Profile::proposed_2008()] {
        check_under(&profile, &case, "deny not-authorized");
        assert!(federal.decide(&profile).is_permitted());
    }
    for profile in [Profile::in_force(), Profile::cards_2021()] {
        assert!(case.decide(&profile).is_permitted());
    }
}

/// Requirements: law-emer-definition-any-route-electronic
#[test]
fn who_can_send_an_electronic_prescription_now_can_provide_a_written_one() {
    let facts = json!({"prescription": {"schedule": "II", "form": "oral", "issued": "2022-01-12", "quantity": 8},
        "emergency": {"electronic_available": true}});
    let case = Case::ask("emergency-fill", "2022-01-12", facts).with("request/quantity", 8).with("request/needed", 8);
    for profile in [Profile::strictest(), Profile::in_force(), Profile::manual_2010()] {
        check_under(&profile, &case, "deny emergency-criteria");
        assert!(case.refusal(&profile).contains("ask the practitioner for the electronic prescription"));
    }
    check(&case.with("facts/emergency/electronic_available", false), "permit reduce-to-writing obtain-followup");
}

/// An oral order of eight, and what followed it.
fn followed(action: &str, day: &str, followup: Value) -> Case {
    let facts = json!({"prescription": {"schedule": "II", "form": "oral", "issued": "2022-01-12", "quantity": 8},
        "followup": followup});
    Case::ask(action, day, facts)
}

/// Requirements: law-emer-quantity-match
#[test]
fn the_prescription_that_follows_is_for_the_emergency_quantity() {
    let case =
        |units: u32| followed("emergency-followup", "2022-01-14", json!({"received": "2022-01-14", "quantity": units}));
    check(&case(8), "permit attach-followup");
    check(&case(30), "deny quantity-exceeded");
    check(&case(4), "deny quantity-exceeded");
}

/// Requirements: law-emer-failure-voids-authority
#[test]
fn without_follow_up_and_without_notice_the_authority_is_void() {
    let case = |day: &str, followup: Value| followed("emergency-authority", day, followup);
    check(&case("2022-01-19", json!({})), "value open");
    check(&case("2022-01-20", json!({})), "value void notify-dea");
    check(&case("2022-01-20", json!({"received": "2022-01-19"})), "value stands");
    check(&case("2022-01-21", json!({"received": "2022-01-20"})), "value void notify-dea");
    check(&case("2022-01-20", json!({"dea_notified": "2022-01-20"})), "value stands");
    check(&case("2022-01-20", json!({"dea_notified": "2022-01-21"})), "value void notify-dea");
}

/// Requirements: law-refill-oral-addition-by-original-prescriber
#[test]
fn only_the_issuer_adds_refills_by_telephone() {
    let case =
        Case::ask("authorize-refills", "2022-01-20", json!({"prescription": prescription("IV"), "addition": {}}))
            .with("request/additional", 2)
            .with("request/quantity", 30);
    check(&case, "permit record-oral-authorization");
    let other = case.with("facts/addition/by", "other");
    check(&other, "deny not-authorized");
    assert!(other.refusal(&Profile::strictest()).contains("new prescription"));
}

/// Requirements: law-part-cii-ltcf-discontinued
#[test]
fn a_discontinued_medication_is_dispensed_no_more() {
    let on = |day: &str| {
        Case::ask(
            "partial-fill",
            day,
            json!({"prescription": prescription("II"),
            "history": [{"kind": "partial", "at": "2022-01-12", "quantity": 5}]}),
        )
        .with("request/quantity", 5)
        .with("request/basis", "ltcf")
        .with("request/notation", "ltcf-patient")
        .with("facts/prescription/setting", "ltcf")
        .with("facts/prescription/discontinued", "2022-01-20")
    };
    check(&on("2022-01-19"), "permit record-partial-details");
    check(&on("2022-01-20"), "deny closed");
    check(&on("2022-01-21"), "deny closed");
    check(&on("2022-01-21").with("facts/prescription/discontinued", Value::Null), "permit record-partial-details");
}

/// Requirements: law-xfer-cii-alternative-prescriber
#[test]
fn what_the_practitioner_sent_anew_elsewhere_is_closed_here() {
    let case = fill("II").with("facts/prescription/form", "electronic");
    check(&case, "permit");
    let sent = case.with("facts/history", json!([{"kind": "sent-elsewhere", "at": "2022-01-11"}]));
    check(&sent, "deny closed");
    let out = Case::ask("transfer-out", "2022-01-12", sent.0["facts"].clone());
    check_under(&Profile::cards_2021(), &out, "deny closed");
}

/// Requirements: law-to-animal-owner
#[test]
fn what_a_veterinarian_prescribed_goes_to_the_owner_of_the_animal() {
    let case = Case::ask("deliver", "2022-01-12", json!({"prescription": prescription("II")}))
        .with("request/to", "animal-owner");
    check(&case.with("facts/prescriber", json!({"kind": "veterinarian"})), "permit");
    check(&case, "deny recipient-not-allowed");
    check(
        &case.with("request/to", "other").with("facts/prescriber", json!({"kind": "veterinarian"})),
        "deny recipient-not-allowed",
    );
}

/// A prescription filled once, electronic, to be moved.
fn moving(schedule: &str, day: &str) -> Case {
    Case::ask(
        "transfer-out",
        day,
        json!({"prescription": prescription(schedule),
        "history": [{"kind": "fill", "at": "2022-01-12", "quantity": 30}]}),
    )
    .with("facts/prescription/form", "electronic")
    .with("facts/prescription/refills_authorized", 3)
}

/// Requirements: epcs-1306.25-f
#[test]
fn an_electronic_prescription_moves_on_while_refills_last_and_for_six_months() {
    let proposal = Profile::proposed_2008();
    let out = "permit annotate-transfer-out send-transfer-data";
    for schedule in ["III", "IV", "V"] {
        check_under(&proposal, &moving(schedule, "2022-07-10"), out);
        check_under(&proposal, &moving(schedule, "2022-07-11"), "deny expired");
        // It came from another pharmacy, and moves on to a third.
        let came = json!([{"kind": "transfer-in", "at": "2022-02-12"}, {"kind": "refill", "at": "2022-02-13", "quantity": 30}]);
        let third = moving(schedule, "2022-07-10").with("facts/history", came);
        check_under(&proposal, &third, out);
        check_under(&proposal, &third.with("request/at", "2022-07-11"), "deny expired");
        let used = json!([{"kind": "transfer-in", "at": "2022-02-12"},
            {"kind": "refill", "at": "2022-02-13", "quantity": 30, "count": 4}]);
        check_under(&proposal, &third.with("facts/history", used), "deny refills-exhausted");
    }
}

/// Requirements: epcs-1306.25-scope
#[test]
fn no_schedule_ii_prescription_moves_under_the_proposal() {
    for form in ["paper", "electronic", "fax", "oral"] {
        for history in [json!([]), json!([{"kind": "fill", "at": "2022-01-12", "quantity": 30}])] {
            let case = moving("II", "2022-01-20").with("facts/prescription/form", form).with("facts/history", history);
            check_under(&Profile::proposed_2008(), &case, "deny transfer-prohibited");
        }
    }
}

/// A schedule II prescription issued on `issued` and split on request, the rest asked for on `day`.
fn on_request(issued: &str, day: &str) -> Case {
    Case::ask(
        "partial-fill",
        day,
        json!({"prescription": prescription("II"),
        "history": [{"kind": "partial", "at": issued, "quantity": 10}]}),
    )
    .with("request/quantity", 10)
    .with("request/basis", "requested")
    .with("facts/prescription/issued", issued)
}

/// Requirements: law-part-cii-cara-request, law-part-cii-cara-30-days
#[test]
fn splitting_on_request_binds_from_the_statute_on_and_the_rule_of_2023_repeats_it() {
    let in_force = Profile::in_force();
    check_under(&in_force, &on_request("2016-07-21", "2016-07-21"), "deny basis-not-allowed");
    check_under(&in_force, &on_request("2016-07-22", "2016-07-22"), "permit record-quantity-supplied");
    for (issued, thirtieth, after, says) in [
        ("2019-03-01", "2019-03-31", "2019-04-01", "21 U.S.C. 829(f)(2)"),
        ("2023-10-01", "2023-10-31", "2023-11-01", "21 CFR 1306.13(b); 88 FR 46983"),
    ] {
        check_under(&in_force, &on_request(issued, thirtieth), "permit record-quantity-supplied");
        let late = on_request(issued, after);
        check_under(&in_force, &late, "deny expired");
        assert_eq!(late.decide(&in_force).refusal.expect("late").cite.as_str(), says);
    }
    // An oral emergency prescription: 72 hours from issue.
    let oral = |day: &str| on_request("2023-10-01", day).with("facts/prescription/form", "oral");
    check_under(&in_force, &oral("2023-10-04"), "permit record-quantity-supplied");
    check_under(&in_force, &oral("2023-10-05"), "deny expired");
}
