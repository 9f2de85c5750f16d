//! Rows of the pharmacy's and the electronic systems' catalogues that the rulebook decides: is it a prescription that
//! may be filled, signed, moved, kept.

use super::{Case, check, check_under, fill, prescription};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::Arc;
use theriac_law::{Overlay, Profile};

/// Requirements: pharm-rx-prepared-by-agent
#[test]
fn an_agent_prepares_and_the_practitioner_signs() {
    check(&fill("II").with("facts/prescription/signature", "practitioner"), "permit");
    check(&fill("II").with("facts/prescription/signature", "agent"), "deny not-signed");
}

/// Requirements: pharm-rx-who-may-issue
#[test]
fn who_issues_has_the_states_authority_and_a_registration_an_exemption_or_an_institutions_number() {
    for kind in ["physician", "dentist", "podiatrist", "veterinarian", "mid-level"] {
        check(&fill("IV").with("facts/prescriber", json!({"kind": kind})), "permit");
    }
    for basis in ["own", "exempt", "hospital"] {
        let case = fill("IV").with("facts/prescriber", json!({"registration": basis}));
        check(&case, "permit");
        check(&case.with("facts/prescriber/state_authorized", false), "deny not-authorized");
    }
    check(&fill("IV").with("facts/prescriber", json!({"registration": "none"})), "deny registration-invalid");
}

/// Requirements: pharm-rx-not-for-office-stock
#[test]
fn office_use_is_refused_with_the_road_that_stock_takes() {
    let case = fill("IV").with("facts/prescription/purpose", "office-stock");
    check(&case, "deny purpose");
    let refusal = case.refusal(&Profile::strictest());
    assert!(refusal.contains("by invoice, or by order form"), "{refusal}");
}

/// Requirements: pharm-rx-dea-number-format, pharm-rx-dea-number-check-digit
#[test]
fn a_number_is_two_letters_and_seven_digits_the_last_computed() {
    let number = |number: &str| Case::ask("check-dea-number", "2022-01-10", json!({})).with("request/number", number);
    check(&number("MJ3614511"), "value mid-level");
    for malformed in ["MJ36145111", "MJ361451", "M33614511", "1J3614511"] {
        check(&number(malformed), "deny malformed");
    }
    check(&number("ZJ3614511"), "deny letter-unknown");
    for digit in 0..=9 {
        let answer = if digit == 1 { "value mid-level" } else { "deny check-digit" };
        check(&number(&format!("MJ361451{digit}")), answer);
    }
}

/// Requirements: pharm-rx-ii-written-or-electronic
#[test]
fn an_ordinary_call_for_schedule_ii_is_refused_and_the_emergency_is_offered() {
    check(&fill("II"), "permit");
    check(&fill("II").with("facts/prescription/form", "electronic"), "permit");
    let oral = fill("II").with("facts/prescription/form", "oral");
    check(&oral, "deny form-not-allowed");
    assert!(oral.refusal(&Profile::strictest()).contains("in an emergency ask for an emergency filling"));
}

/// Requirements: pharm-rx-electronic-must-conform
#[test]
fn an_electronic_prescription_that_fails_a_check_is_not_accepted_and_paper_still_is() {
    let received = Case::ask("receive-electronic", "2022-01-10", json!({"prescription": prescription("II")}))
        .with("facts/prescription/form", "electronic")
        .with("facts/electronic", json!({}))
        .with("facts/prescriber", json!({}));
    for profile in [Profile::strictest(), Profile::in_force(), Profile::manual_2010()] {
        assert!(received.decide(&profile).is_permitted());
    }
    check(&received.with("facts/prescription/signature", "none"), "deny not-signed");
    check(&received.with("facts/electronic/alteration", "content"), "deny altered");
    check(&received.with("facts/electronic/prescriber_software", "non-compliant"), "deny system-not-compliant");
    check(&received.with("facts/prescriber/registration_status", "revoked"), "deny registration-invalid");
    check(&fill("II"), "permit");
}

/// Requirements: pharm-rx-federal-private-practice
#[test]
fn an_exempt_officer_without_a_registration_prescribes_nothing_for_private_patients() {
    let officer = fill("IV")
        .with("facts/prescriber", json!({"kind": "federal-officer", "registration": "exempt"}))
        .with("facts/official", json!({"service": "army"}))
        .with("facts/prescription/missing", json!(["dea-number"]));
    check(&officer, "permit");
    check(&officer.with("facts/official/patient", "private"), "deny registration-invalid");
}

/// Requirements: pharm-rx-federal-no-procurement
#[test]
fn nobody_without_a_registration_is_supplied_exempt_officials_included() {
    let supply = Case::ask(
        "distribute",
        "2022-03-10",
        json!({"distribution": {"recipient": "practitioner",
        "schedule": "III", "document": "invoice", "dispensed_year": 100_000, "distributed_year": 0}}),
    )
    .with("request/quantity", 10);
    check(&supply, "permit");
    check(&supply.with("facts/distribution/recipient_registered", false), "deny registration-invalid");
    let order = Case::ask("order", "2022-01-10", json!({"order": {"method": "csos"}}));
    check(&order.with("facts/order/purchaser_exempt", true), "deny registration-invalid");
}

/// An electronic prescription before its signature.
fn signing(element: &str) -> Case {
    let facts = json!({"prescription": prescription("II"), "session": {}, "prescriber": {}});
    let case = Case::ask("sign", "2022-01-10T10:00:00-07:00", facts)
        .with("request/factors", json!(["hard-token", "password"]))
        .with("facts/prescription/form", "electronic");
    if element.is_empty() { case } else { case.with("facts/prescription/missing", json!([element])) }
}

/// Signed, whatever duties follow.
fn check_signed(case: &Case) {
    for profile in [Profile::strictest(), Profile::in_force(), Profile::manual_2010(), Profile::cards_2021()] {
        assert!(case.decide(&profile).is_permitted(), "{} under {}", case.0, profile.name());
    }
}

/// What part 1306 asks of every prescription.
const ELEMENTS: [&str; 11] = [
    "patient-name",
    "patient-address",
    "practitioner-name",
    "practitioner-address",
    "dea-number",
    "drug-name",
    "strength",
    "dosage-form",
    "quantity",
    "directions",
    "issue-date",
];

/// Requirements: epcs-1311.215
#[test]
fn what_a_federal_practitioner_signs_with_a_certificate_holds_every_element_too() {
    let federal = |element: &str| {
        signing(element)
            .with("facts/session/method", "certificate")
            .with("facts/prescriber", json!({"kind": "federal-officer", "registration": "own"}))
    };
    for profile in [Profile::proposed_2008(), Profile::strictest()] {
        assert!(federal("").decide(&profile).is_permitted());
        for element in ELEMENTS {
            check_under(&profile, &federal(element), "deny element-missing");
        }
        check_under(&profile, &federal("time-signed"), "deny element-missing");
    }
}

/// Requirements: epcs-pre-8-no-substitute-id
#[test]
fn no_other_number_stands_in_for_the_dea_number() {
    check_signed(&signing(""));
    check(&signing("dea-number"), "deny element-missing");
    let received = Case::ask("receive-electronic", "2022-01-10", json!({"prescription": prescription("II")}))
        .with("facts/prescription/form", "electronic");
    check(&received.with("facts/prescription/missing", json!(["dea-number"])), "deny element-missing");
    let exempt = received
        .with("facts/prescription/missing", json!(["dea-number"]))
        .with("facts/prescriber", json!({"kind": "federal-officer", "registration": "exempt"}));
    for profile in [Profile::strictest(), Profile::in_force()] {
        assert!(exempt.decide(&profile).is_permitted(), "a permitted substitute");
    }
}

/// Requirements: epcs-1311.100-a-1, epcs-1311.200-a-1
#[test]
fn only_a_registered_or_exempt_practitioner_signs_and_only_authorised_schedules() {
    for method in ["application", "certificate"] {
        let by =
            |prescriber: Value| signing("").with("facts/session/method", method).with("facts/prescriber", prescriber);
        let officer = |more: Value| {
            let mut prescriber = json!({"kind": "federal-officer"});
            for (field, value) in more.as_object().into_iter().flatten() {
                prescriber[field] = value.clone();
            }
            by(prescriber)
        };
        check_signed(&officer(json!({"registration": "own"})));
        check_signed(&officer(json!({"registration": "exempt"})));
        check(&officer(json!({"registration": "none"})), "deny registration-invalid");
        check(&officer(json!({"schedules": ["III", "IV", "V"]})), "deny not-authorized");
        check(&officer(json!({"state_authorized": false})), "deny not-authorized");
    }
}

/// Until when `record` of this day is kept.
fn kept(record: &str) -> Case {
    Case::ask("retain", "2022-03-10", json!({})).with("request/record", record)
}

/// A State that keeps everything for `years`.
fn keeping(years: u32) -> Profile {
    let mut text = "edition = \"state.XX\"\n".to_owned();
    for parameter in theriac_law::parameters().iter().filter(|parameter| parameter.id.starts_with("retain.")) {
        let _ = writeln!(text, "[parameter.\"{}\"]\nvalue = {years}\ncite = \"State law\"", parameter.id);
    }
    Profile::strictest().in_state(Arc::new(Overlay::parse(&text).expect("an overlay")))
}

/// The records of part 1311.
const SYSTEM_RECORDS: [&str; 5] = [
    "electronic-prescription",
    "prescriber-log",
    "audit-trail",
    "third-party-audit-report",
    "identity-proofing-document",
];

/// Requirements: epcs-1311.180-b, epcs-1311.280-b
#[test]
fn a_longer_term_of_other_law_moves_every_date_and_a_shorter_one_none() {
    for record in SYSTEM_RECORDS {
        check_under(&Profile::strictest(), &kept(record), "value 2027-03-10");
        check_under(&keeping(7), &kept(record), "value 2029-03-10");
        check_under(&keeping(2), &kept(record), "value 2027-03-10");
    }
}

/// Requirements: epcs-1306.25-g
#[test]
fn original_and_transferred_prescriptions_are_kept_for_the_longest_of_all_terms_from_the_last_refill() {
    let strictest = Profile::strictest();
    for record in ["paper-prescription", "transferred-prescription"] {
        check_under(&Profile::in_force(), &kept(record), "value 2024-03-10");
    }
    check_under(&strictest, &kept("electronic-prescription"), "value 2027-03-10");
    for record in ["paper-prescription", "transferred-prescription", "electronic-prescription"] {
        check_under(&keeping(9), &kept(record), "value 2031-03-10");
    }
    // A later refill moves the date.
    let later = kept("paper-prescription").with("request/at", "2022-05-01");
    check_under(&Profile::in_force(), &later, "value 2024-05-01");
}

/// An act with the entry that it takes.
fn act(action: &str, schedule: &str, form: &str) -> Case {
    Case::ask(action, "2022-02-01", json!({"prescription": prescription(schedule), "entry": {}}))
        .with("facts/prescription/form", form)
        .with("facts/prescription/refills_authorized", if schedule == "II" { 0 } else { 3 })
}

/// Each of `things` that is missing in the entry stops the act; the complete entry lets it go on.
fn check_stopped(case: &Case, things: &[&str], profiles: &[Profile]) {
    for profile in profiles {
        assert!(case.decide(profile).is_permitted(), "{} under {}", case.0, profile.name());
        for thing in things {
            let without = case.with("facts/entry/missing", json!([thing]));
            check_under(profile, &without, "deny element-missing");
            assert!(without.refusal(profile).contains(&format!("{thing} is missing")), "{}", without.0);
        }
    }
}

/// Every edition, and the two profiles of a deployment.
fn all() -> Vec<Profile> {
    let mut profiles = Profile::each_edition().to_vec();
    profiles.extend([Profile::strictest(), Profile::in_force()]);
    profiles
}

/// Requirements: law-xfer-out-receiver-details, law-xfer-out-date-and-name, law-xfer-electronic-out, epcs-1306.25-h,
/// law-xfer-database-still-records
#[test]
fn a_transfer_does_not_go_out_before_its_entry_is_complete() {
    let filled = json!([{"kind": "fill", "at": "2022-01-12", "quantity": 30}]);
    let paper = act("transfer-out", "IV", "paper").with("facts/history", filled.clone());
    let receiver = ["receiver-name", "receiver-address", "receiver-number", "date", "transferring-pharmacist"];
    check_stopped(&paper, &receiver, &all());
    check_stopped(&paper, &["void-mark", "receiving-pharmacist"], &all());
    let electronic = act("transfer-out", "IV", "electronic").with("facts/history", filled);
    check_stopped(&electronic, &receiver, &all());
    check_stopped(&electronic, &["transferred-mark"], &all());
    // One shared record asks no less.
    let shared = electronic.with("facts/pharmacy", json!({"shared_database": true}));
    check_stopped(&shared, &receiver, &all());
    check_stopped(&shared, &["receiving-pharmacist", "transfer-mark", "refills-remaining"], &all());
}

/// Requirements: pharm-transfer-receiver-record, epcs-1306.25-e
#[test]
fn a_transfer_is_taken_in_with_everything_and_marked() {
    let paper = act("transfer-in", "IV", "paper").with("facts/transfer", json!({}));
    check_stopped(&paper, &["transfer-mark"], &all());
    let electronic = act("transfer-in", "IV", "electronic").with("facts/transfer", json!({}));
    check_stopped(&electronic, &["receiving-pharmacist", "issue-date", "refills-remaining", "sender-identity"], &all());
    for element in ELEMENTS {
        check(&paper.with("facts/prescription/missing", json!([element])), "deny element-missing");
    }
    for element in [
        "issue-date",
        "refills-authorized",
        "first-dispensed",
        "refills-remaining",
        "pharmacy-identity",
        "pharmacist-name",
    ] {
        check(&paper.with("facts/transfer/missing", json!([element])), "deny element-missing");
    }
    let first = paper.with("facts/transfer/missing", json!(["original-pharmacy"]));
    for profile in [Profile::strictest(), Profile::in_force(), Profile::proposed_2008()] {
        check_under(&profile, &first, "deny element-missing");
    }
}

/// Requirements: law-cf-retail-mark, law-cf-retail-electronic-mark, law-cf-retail-receipt, law-cf-central-fill-record,
/// pharm-cf-retail-receipt-record, pharm-cf-both-responsible
#[test]
fn each_step_of_central_filling_waits_for_its_entry() {
    let step = |step: &str, form: &str| {
        act("central-fill", "IV", form).with("facts/central", json!({})).with("request/step", step)
    };
    let sent = ["central-name", "central-address", "central-number", "transmitting-pharmacist", "date"];
    check_stopped(&step("transmit", "paper"), &sent, &all());
    check_stopped(&step("transmit", "paper"), &["central-fill-mark", "refills-to-date", "refills-remaining"], &all());
    check_stopped(&step("transmit", "electronic"), &sent, &all());
    check_stopped(&step("prepare", "paper"), &["date-received", "filling-pharmacist", "fill-dates"], &all());
    check_stopped(&step("release", "paper"), &["date-received", "delivery-method", "accepting-employee"], &all());
    for pharmacist in ["retail_decided", "central_decided"] {
        let undecided = step("release", "paper").with(&format!("facts/central/{pharmacist}"), false);
        check(&undecided, "deny verification-required");
    }
}

/// Requirements: law-part-cii-note-quantity, law-part-cii-ltcf-each-record, law-part-ciii-v-recorded-as-refill,
/// law-elec-annotation-complete, law-refill-entry-contents, law-refill-oral-addition-record
#[test]
fn parts_and_refills_are_dispensed_with_their_entries() {
    let part = |schedule: &str, form: &str, basis: &str| {
        act("partial-fill", schedule, form).with("request/quantity", 10).with("request/basis", basis)
    };
    let short = part("II", "paper", "shortage");
    check_stopped(&short, &["quantity"], &all());
    check(&short.with("facts/entry/carrier", "electronic-record"), "deny form-not-allowed");
    check_stopped(&part("II", "electronic", "shortage"), &["quantity", "date", "pharmacist"], &all());
    let ltcf =
        part("II", "paper", "ltcf").with("facts/prescription/setting", "ltcf").with("request/notation", "ltcf-patient");
    check_stopped(&ltcf, &["date", "quantity", "quantity-remaining", "pharmacist"], &all());
    check_stopped(&part("III", "paper", "general"), &["date", "quantity", "initials"], &all());
    let filled = json!([{"kind": "fill", "at": "2022-01-12", "quantity": 30}]);
    let refill = act("refill", "IV", "paper").with("facts/history", filled.clone()).with("request/quantity", 30);
    check_stopped(&refill, &["date", "initials"], &all());
    let added = act("authorize-refills", "IV", "paper")
        .with("facts/history", filled)
        .with("request/additional", 1)
        .with("request/quantity", 30);
    check_stopped(&added, &["date", "refill-quantity", "number-added", "initials"], &all());
}

/// Requirements: law-emer-attach-paper, law-emer-followup-electronic, law-elec-replacement-facts, law-amend-original-kept
#[test]
fn a_follow_up_a_replacement_and_a_change_are_closed_with_their_entries() {
    let facts = json!({"prescription": {"schedule": "II", "form": "oral", "issued": "2022-01-12", "quantity": 8},
        "followup": {"received": "2022-01-14"}, "entry": {}});
    let followup = Case::ask("emergency-followup", "2022-01-14", facts);
    check_stopped(&followup, &["oral-record"], &all());
    let electronic = followup.with("facts/followup/by", "electronic");
    check_stopped(&electronic, &["authorization-text", "oral-order-date", "oral-record"], &all());
    let replacement =
        fill("III").with("facts/replacement", json!({"first": "not-received"})).with("facts/entry", json!({}));
    check_stopped(&replacement, &["failure", "date", "time", "pharmacy-addressed"], &all());
    let change = act("amend", "III", "paper")
        .with("request/element", "strength")
        .with("request/change", "replace")
        .with("request/consulted", true);
    check_stopped(&change, &["original-value", "new-value", "date", "pharmacist"], &all());
}
