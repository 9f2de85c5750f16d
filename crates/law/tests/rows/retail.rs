//! 21 CFR part 1314 and the Internet: every refusal names what is lacking.

use super::{Case, check};
use serde_json::{Value, json};
use theriac_law::{Profile, texts};

fn sale(slcp: Value) -> Case {
    let facts =
        json!({"product": {"chemical": "pseudoephedrine"}, "purchaser": {"age": 30}, "history": [], "slcp": slcp});
    Case::ask("sell-slcp", "2022-03-10T12:00:00-05:00", facts).with("request/base_mg", 1000)
}

/// The refusal names `word`.
fn names(case: &Case, word: &str) {
    let refusal = case.refusal(&Profile::strictest());
    assert!(refusal.contains(word), "{refusal}");
}

/// Requirements: law-cmea-logbook-fields, law-cmea-signature, pharm-cmea-purchaser-duties
#[test]
fn each_absent_item_of_the_log_stops_the_sale_and_is_named() {
    check(&sale(json!({})), "permit log-sale");
    for item in ["purchaser-name", "purchaser-address", "date", "time", "product", "amount", "signature"] {
        let case = sale(json!({"log_missing": [item]}));
        check(&case, "deny element-missing");
        names(&case, item);
    }
    check(&sale(json!({})).with("facts/purchaser/identification", "none"), "deny identity-not-shown");
}

/// Requirements: law-cmea-seller-checks
#[test]
fn the_sellers_checks_and_entry_are_a_step_of_their_own() {
    for (slcp, field) in [
        (json!({"name_matches": false}), "slcp.name_matches"),
        (json!({"time_right": false}), "slcp.time_right"),
        (json!({"log_missing": ["seller-entry"]}), "slcp.log_missing"),
    ] {
        let case = sale(slcp);
        check(&case, "deny verification-required");
        names(&case, field);
    }
}

/// Requirements: law-cmea-notice
#[test]
fn no_signature_without_the_warning_shown_before() {
    check(&sale(json!({"notice_shown": false})), "deny not-reviewed");
    assert!(texts::LOGBOOK_WARNING.contains("18 U.S.C. 1001"));
}

/// Requirements: law-cmea-certify-annual, pharm-cmea-self-certification-required
#[test]
fn the_last_day_of_a_certificate_counts_and_a_reminder_comes_before() {
    let until = |day: &str| sale(json!({"certified_until": day}));
    check(&until("2022-03-09"), "deny not-self-certified");
    names(&until("2022-03-09"), "2022-03-09");
    check(&until("2022-03-10"), "permit log-sale renew-certificate");
    check(&until("2022-04-09"), "permit log-sale renew-certificate");
    check(&until("2022-04-10"), "permit log-sale");
}

/// Requirements: law-cmea-certify-statements, pharm-cmea-self-certification-contents
#[test]
fn each_of_the_seven_statements_is_confirmed() {
    let certify =
        |open: Value| Case::ask("certify-slcp", "2022-03-10", json!({"certification": {"unconfirmed": open}}));
    check(&certify(json!([])), "permit");
    for open in ["staff-trained", "training-records", "daily-limit", "packaging", "placement", "logbook", "disclosure"]
    {
        let case = certify(json!([open]));
        check(&case, "deny element-missing");
        names(&case, open);
    }
}

/// Requirements: pharm-cmea-placement, pharm-cmea-retail-personal-use, pharm-cmea-training-materials
#[test]
fn an_open_shelf_an_institution_and_a_home_made_training_are_refused() {
    check(&sale(json!({"kept": "open-shelf"})), "deny wrong-place");
    check(&sale(json!({"kept": "locked-cabinet"})), "permit log-sale");
    let institution = sale(json!({"customer": "institution"}));
    check(&institution, "deny registration-invalid");
    names(&institution, "distributor");
    check(&sale(json!({"official_training": false})), "deny not-authorized");
}

/// Requirements: pharm-reg-slcp-retail-no-registration, pharm-reg-slcp-wholesale-510
#[test]
fn retail_takes_a_certificate_and_sales_to_institutions_a_registration_for_chemicals() {
    let retail = |until: &str| sale(json!({"certified_until": until}));
    check(&retail("2022-03-10"), "permit log-sale renew-certificate");
    check(&retail("2022-03-09"), "deny not-self-certified");
    let wholesale = |until: Value| sale(json!({"customer": "institution", "chemical_registration_until": until}));
    check(&wholesale(Value::Null), "deny registration-invalid");
    check(&wholesale(json!("2022-03-09")), "deny registration-invalid");
    check(&wholesale(json!("2022-03-10")), "permit log-sale");
}

/// Requirements: pharm-cmea-id-any-age, pharm-cmea-id-16-and-over, law-cmea-id-no-photo-details
#[test]
fn a_document_is_judged_by_age_date_photograph_and_details() {
    let shown = |slcp: Value, age: u32| sale(slcp).with("facts/purchaser/age", age);
    check(&shown(json!({"document": "foreign-passport-i-551"}), 15), "permit log-sale");
    check(
        &shown(json!({"document": "foreign-passport-i-551", "document_expired": true}), 40),
        "deny identity-not-shown",
    );
    check(&shown(json!({"document": "voter-card"}), 15), "deny identity-not-shown");
    check(&shown(json!({"document": "voter-card"}), 16), "permit log-sale");
    let without = json!({"document": "drivers-licence", "photograph": false, "details_missing": ["eye-colour"]});
    check(&shown(without.clone(), 40), "deny identity-not-shown");
    names(&shown(without, 40), "eye-colour");
    check(&shown(json!({"document": "drivers-licence", "photograph": false}), 40), "permit log-sale");
}

/// Requirements: pharm-cmea-base-conversion
#[test]
fn tablets_of_two_salts_are_summed_as_base() {
    // 60 tablets of 60 mg hydrochloride are 2,949.2 mg of base; 2 tablets of 120 mg sulfate 185.1 mg each.
    let earlier =
        json!([{"kind": "sale", "at": "2022-03-10T08:00:00-05:00", "base_mg": 2950, "chemical": "pseudoephedrine"}]);
    let facts = json!({"product": {"chemical": "pseudoephedrine", "salt": "sulfate", "mg_per_unit": 120},
        "purchaser": {"age": 30}, "history": earlier});
    let sulfate = Case::ask("sell-slcp", "2022-03-10T12:00:00-05:00", facts);
    check(&sulfate.with("request/quantity", 7), "permit log-sale");
    check(&sulfate.with("request/quantity", 8), "deny limit-exceeded");
}

/// Requirements: law-online-site-facts
#[test]
fn each_fact_of_the_home_page_is_asked_for_by_name() {
    let page = |missing: Value| {
        Case::ask("online-site", "2012-03-10", json!({}))
            .with("request/approval", "approved")
            .with("request/missing", missing)
    };
    check(&page(json!([])), "permit");
    for fact in [
        "name-and-address",
        "phone-and-mail",
        "pharmacist-in-charge",
        "states-licensed",
        "certification",
        "practitioners",
    ] {
        check(&page(json!([fact])), "deny element-missing");
        names(&page(json!([fact])), fact);
    }
}

/// The prescribed texts are there to be shown, whole.
#[test]
fn the_fixed_statements_begin_and_end_as_prescribed() {
    assert!(texts::NOTICE_DECLARATION.starts_with("In accordance with the Controlled Substances Act"));
    assert!(texts::NOTICE_DECLARATION.ends_with("21 C.F.R. \u{a7} 1304.40."));
    assert!(texts::OBLIGATION_STATEMENT.ends_with("(21 U.S.C. \u{a7} 802(54))."));
    assert!(!texts::OBLIGATION_STATEMENT.contains("  "));
}

fn ship(shipment: Value) -> Case {
    let rx = json!({"schedule": "IV", "form": "paper", "issued": "2012-03-09", "quantity": 30});
    let facts = json!({"prescription": rx, "online": {"modified_registration": true}, "shipment": shipment});
    Case::ask("online-dispense", "2012-03-10", facts)
}

/// Requirements: pharm-online-state-licences, pharm-online-30-day-notice-boards, law-online-application-is-notice
#[test]
fn a_shipment_needs_licence_and_notice_for_its_state() {
    let whole = json!({"from": "OH", "to": "PA", "licensed": ["OH", "PA"], "applied": "2012-02-09",
        "boards": [{"state": "PA", "notified": "2012-02-09"}]});
    check(&ship(whole.clone()), "permit");
    let unlicensed = ship(whole.clone()).with("facts/shipment/licensed", json!(["OH"]));
    check(&unlicensed, "deny state-prohibits");
    names(&unlicensed, "PA");
    // The application closes the notice to DEA and leaves the board's open.
    let untold = ship(whole.clone()).with("facts/shipment/boards", json!([]));
    check(&untold, "deny approval-missing");
    names(&untold, "board of PA");
    let late = ship(whole).with("facts/shipment/applied", "2012-02-10");
    names(&late, "DEA was not told");
}

/// Requirements: pharm-online-in-person-evaluation, law-online-in-person-definition
#[test]
fn video_alone_is_no_evaluation_in_person() {
    let evaluated = |how: &str| {
        ship(json!({"to": "PA", "licensed": ["PA"], "applied": "2012-01-01",
        "boards": [{"state": "PA", "notified": "2012-01-01"}], "evaluation": how}))
    };
    for how in ["in-person", "covering", "telemedicine"] {
        check(&evaluated(how), "permit");
    }
    for how in ["video-only", "questionnaire", "none"] {
        check(&evaluated(how), "deny purpose");
    }
}

fn who(website: Value) -> Case {
    Case::ask("classify-online", "2012-03-10", json!({"website": website}))
}

/// Requirements: pharm-online-classification, law-online-exemptions
#[test]
fn one_activity_of_the_definition_makes_an_online_pharmacy_and_one_exemption_alone_none() {
    for role in [
        "sells-by-website",
        "operates-website",
        "pays-practitioner",
        "pays-pharmacy",
        "fills-for-website",
        "sends-offers",
    ] {
        check(&who(json!({"roles": [role]})), "value online-pharmacy");
        check(&who(json!({"roles": [role], "exempt_as": ["refills-iii-v"]})), "value online-pharmacy");
    }
    for kind in ["refills-iii-v", "electronic-prescriptions", "ltcf-automated-dispensing"] {
        check(&who(json!({"exempt_as": [kind]})), "value exempt");
        check(&who(json!({"exempt_as": [kind], "other_activity": true})), "value online-pharmacy");
    }
    let elsewhere = json!({"exempt_as": ["ltcf-automated-dispensing"], "system_registered_here": false});
    check(&who(elsewhere), "value online-pharmacy");
}

/// Requirements: pharm-online-report-reversion-month, pharm-online-url-change
#[test]
fn the_last_report_is_for_the_month_of_going_back_and_has_one_line_a_code() {
    let month = |at: &str, month: Value| {
        Case::ask("monthly-report", at, json!({"online": {"prescriptions": 0, "units": 0}, "month": month}))
    };
    check(&month("2012-03-31", json!({"reverted": "2012-03-20"})), "value negative");
    check(&month("2012-04-30", json!({"reverted": "2012-03-20"})), "value none");
    let due = Case::ask("deadline", "2012-03-31", json!({})).with("request/event", "online-month");
    check(&due, "value 2012-04-15");
    let send = |lines: Value| {
        let month = json!({"lines": lines, "dispensed": ["00406-0512-01"]});
        Case::ask("send-monthly-report", "2012-04-10", json!({"month": month}))
    };
    let line = json!({"ndc": "00406-0512-01", "units": 300});
    check(&send(json!([line])), "permit");
    check(&send(json!([line, line])), "deny element-missing");
    names(&send(json!([line, line])), "two lines");
    names(&send(json!([])), "no line");
    let url = |at: &str, notified: &str| Case::ask("online-url", at, json!({})).with("request/notified", notified);
    check(&url("2010-07-31", "2010-07-02"), "deny approval-missing");
    check(&url("2010-07-31", "2010-07-01"), "permit");
}

/// Requirements: law-otc-record-also-dispensing-record
#[test]
fn the_counter_book_is_among_the_records_of_an_inspection() {
    let index = Case::ask("check-document", "2022-03-10", json!({})).with("request/document", "record-index");
    check(&index, "permit");
    let without = index.with("request/missing", json!(["counter-book"]));
    check(&without, "deny element-missing");
    names(&without, "counter-book");
}

/// Requirements: law-otc-record
#[test]
fn each_absent_item_of_the_counter_book_stops_the_sale_and_is_named() {
    for item in ["purchaser-name", "purchaser-address", "drug-name", "quantity", "date", "pharmacist"] {
        let facts = json!({"product": {}, "purchaser": {"age": 30, "known": true}, "history": [], "counter": {"missing": [item]}});
        let case = Case::ask("sell-otc-cv", "2022-03-10T12:00:00-05:00", facts)
            .with("request/quantity", 60)
            .with("request/unit", "mL")
            .with("request/seller", "pharmacist");
        check(&case, "deny element-missing");
        names(&case, item);
    }
}

/// Requirements: pharm-online-exempt-refills, pharm-online-exempt-epcs, pharm-online-exempt-ads
#[test]
fn under_an_exemption_only_its_own_activity_passes() {
    let dispense = |website: Value| {
        let rx = json!({"schedule": "IV", "form": "electronic", "issued": "2012-03-09", "quantity": 30});
        Case::ask("online-dispense", "2012-03-10", json!({"prescription": rx, "online": {}, "website": website}))
    };
    for kind in ["refills-iii-v", "electronic-prescriptions", "ltcf-automated-dispensing"] {
        check(&dispense(json!({"exempt_as": [kind]})), "permit");
        check(&dispense(json!({"exempt_as": [kind], "other_activity": true})), "deny registration-invalid");
        check(&dispense(json!({"exempt_as": [kind], "roles": ["sells-by-website"]})), "deny registration-invalid");
    }
    // A new prescription is no refill, and a machine of another pharmacy is not its own.
    let new = json!({"exempt_as": ["refills-iii-v", "new-iii-v"], "dispensed_before": false});
    check(&dispense(new), "deny registration-invalid");
    let elsewhere = json!({"exempt_as": ["ltcf-automated-dispensing"], "system_registered_here": false});
    check(&dispense(elsewhere), "deny registration-invalid");
}
