//! 21 CFR parts 1301, 1304, 1308: losses, inventories, files, how long records are kept, schedules of preparations.

use super::{Case, check, check_under, prescription};
use jiff::civil::date;
use serde_json::json;
use theriac_law::Profile;
use theriac_law::products::{Found, lookup};

/// The event reported on `form`.
fn loss(kind: &str, form: &str) -> Case {
    Case::ask("report-loss", "2022-03-10", json!({"loss": {"kind": kind, "witnesses": 2}})).with("request/form", form)
}

/// Requirements: law-loss-theft-any-size, law-loss-not-significant-file
#[test]
fn every_theft_is_reported_and_a_loss_that_is_not_significant_goes_to_the_file() {
    check(&loss("theft", "form-106"), "permit notify-dea-1-business-day file-form-106");
    check(&loss("theft", "none"), "deny wrong-form notify-dea-1-business-day file-form-106");
    check(&loss("insignificant-loss", "none"), "permit record-in-theft-loss-file");
    check(&loss("insignificant-loss", "form-106"), "deny wrong-form record-in-theft-loss-file");
}

/// Requirements: law-disp-breakage-not-loss
#[test]
fn breakage_and_spillage_are_no_loss() {
    check(&loss("breakage-recoverable", "form-106"), "deny wrong-form file-form-41");
    check(&loss("breakage-recoverable", "form-41"), "permit file-form-41");
    check(&loss("breakage-unrecoverable", "form-106"), "deny wrong-form record-spill");
}

/// Requirements: law-cmea-loss-oral
#[test]
fn the_loss_of_a_listed_chemical_is_reported_by_telephone_and_in_writing() {
    check(&loss("listed-chemical", "none"), "permit report-orally written-report-15-days");
    check(&loss("listed-chemical", "form-106"), "deny wrong-form report-orally written-report-15-days");
}

/// Requirements: law-inv-sealed-no-open
#[test]
fn a_sealed_container_is_counted_by_its_label_in_every_schedule() {
    for schedule in ["I", "II", "III", "IV", "V"] {
        let facts = json!({"stock": {"schedule": schedule, "container": "sealed", "capacity": 500, "method": "exact"}});
        let case = Case::ask("inventory-count", "2022-03-10", facts);
        check(&case, "permit");
        check(&case.with("facts/stock/method", "estimate"), "deny count-method");
    }
}

/// Requirements: law-rec-cii-separate, law-forms-original-kept-where, epcs-1306.11-a-3
#[test]
fn schedule_ii_lies_alone_in_its_file_at_the_registered_location() {
    let kept = |schedule: &str, file: &str| {
        Case::ask("file-prescription", "2022-03-10", json!({"prescription": prescription(schedule)}))
            .with("request/file", file)
            .with("request/red_c_tenths_inch", 10)
    };
    check(&kept("II", "schedule-ii"), "permit");
    for file in ["schedule-iii-v", "general"] {
        check(&kept("II", file), "deny wrong-file");
    }
    for schedule in ["III", "IV", "V"] {
        for profile in [Profile::manual_2010(), Profile::cards_2021()] {
            check_under(&profile, &kept(schedule, "schedule-ii"), "deny wrong-file");
        }
        check(&kept(schedule, "schedule-iii-v"), "permit");
    }
    check(&kept("none", "schedule-ii"), "deny wrong-file");
    let away = Case::ask("keep-central", "2022-03-10", json!({})).with("request/notice_received", "2022-01-10");
    check(&away.with("request/record", "paper-prescription"), "deny wrong-place");
}

/// Requirements: law-rec-central-allowed
#[test]
fn shipping_and_financial_records_leave_after_a_written_notice() {
    for record in ["invoice", "financial-record"] {
        let case = Case::ask("keep-central", "2022-03-15", json!({})).with("request/record", record);
        check(&case, "deny approval-missing");
        check(&case.with("request/notice_received", "2022-03-02"), "deny approval-missing");
        check(&case.with("request/notice_received", "2022-03-01"), "permit");
    }
}

/// Requirements: law-refill-central-48-hours
#[test]
fn a_central_record_keeper_answers_within_forty_eight_hours() {
    let case =
        Case::ask("deadline", "2022-03-10T09:30:00-05:00", json!({})).with("request/event", "central-printout-request");
    check(&case, "value 2022-03-12T09:30:00-05:00");
}

/// Until when a record made on 10 March 2020 is kept.
fn kept_until(record: &str) -> Case {
    Case::ask("retain", "2020-03-10", json!({})).with("request/record", record)
}

/// Requirements: law-otc-record-two-years, law-cmea-log-two-years, law-ord-csos-two-years, law-dist-two-years,
/// law-refill-printout-two-years, law-online-report-two-years, law-cf-retail-keep-original, pharm-otc-record-retention,
/// pharm-cmea-entry-retention
#[test]
fn records_of_sales_orders_supplies_and_refills_are_kept_two_years() {
    for record in [
        "otc-cv-book",
        "listed-chemical-log-entry",
        "csos-order",
        "invoice",
        "refill-printout",
        "monthly-report",
        "paper-prescription",
    ] {
        check(&kept_until(record), "value 2022-03-10");
    }
}

/// Requirements: law-inv-two-years
#[test]
fn inventories_stay_at_the_registered_location_for_two_years() {
    check(&kept_until("inventory"), "value 2022-03-10");
    let away = Case::ask("keep-central", "2022-03-10", json!({})).with("request/notice_received", "2022-01-10");
    check(&away.with("request/record", "inventory"), "deny wrong-place");
    check(&away.with("request/record", "invoice"), "permit");
}

/// Requirements: law-ord-222-two-years, law-xfer-two-years
#[test]
fn arizona_keeps_order_forms_three_and_transferred_prescriptions_seven_years() {
    for (record, years) in [("executed-order-form", "2023-03-10"), ("transferred-prescription", "2027-03-10")] {
        check(&kept_until(record), "value 2022-03-10");
        check(&kept_until(record).with("facts/state", "AZ"), &format!("value {years}"));
    }
}

/// A preparation.
fn preparation(name: &str, form: &str, mcg: u64, per: &str, with: &[&str]) -> Case {
    let facts = json!({"substance": {"name": name, "dosage_form": form, "amount_mcg": mcg, "per": per, "with": with}});
    Case::ask("classify", "2022-03-10", facts)
}

/// Requirements: law-conc-weight-basis
#[test]
fn an_ointment_is_measured_by_a_hundred_grams() {
    check(&preparation("codeine", "syrup", 200_000, "100-g", &["non-narcotic-active"]), "value V");
    check(&preparation("codeine", "syrup", 200_001, "100-g", &["non-narcotic-active"]), "value II");
}

/// Requirements: law-conc-basis-by-form
#[test]
fn tablets_go_by_the_unit_and_liquids_by_a_hundred_millilitres() {
    let active = ["non-narcotic-active"];
    check(&preparation("codeine", "tablet", 90_000, "dosage-unit", &active), "value III");
    check(&preparation("codeine", "tablet", 90_001, "dosage-unit", &active), "value II");
    check(&preparation("codeine", "syrup", 1_800_000, "100-mL", &active), "value III");
    check(&preparation("codeine", "syrup", 1_800_001, "100-mL", &active), "value II");
}

/// The federal status of a name today; a question mark where the formulation decides.
fn status(name: &str) -> String {
    match lookup(&Profile::strictest(), name, date(2026, 11, 22)) {
        Found::Certain(status, _) => status.word().to_owned(),
        Found::Depends(status, _) => format!("{}?", status.word()),
        Found::Unknown => "unknown".to_owned(),
    }
}

/// Requirements: law-form-codeine-tablet, law-form-codeine-syrup
#[test]
fn codeine_tablets_are_in_schedule_iii_and_its_cough_syrups_in_v() {
    for brand in ["Tylenol #3", "Tylenol #4"] {
        assert_eq!(status(brand), "III", "{brand}");
    }
    check(&preparation("codeine", "tablet", 60_000, "dosage-unit", &["acetaminophen"]), "value III");
    // 10 mg in 5 mL is 200 mg in 100 mL.
    check(&preparation("codeine", "syrup", 200_000, "100-mL", &["promethazine"]), "value V");
}

/// Requirements: law-form-dronabinol-solution
#[test]
fn dronabinol_is_in_schedule_ii_as_a_solution_and_asks_for_its_form_by_name_alone() {
    assert_eq!(status("Syndros"), "II");
    assert_eq!(status("dronabinol oral solution"), "II");
    assert_eq!(status("dronabinol"), "II?");
    let bare = |form: &str| {
        Case::ask("classify", "2022-03-10", json!({"substance": {"name": "dronabinol", "dosage_form": form}}))
    };
    check(&bare("oral-solution"), "value II");
    check(&bare("capsule"), "value III");
}

/// Requirements: law-sched-civ-benzodiazepines
#[test]
fn a_benzodiazepine_is_in_schedule_iv_whatever_its_form() {
    for name in [
        "alprazolam",
        "chlordiazepoxide",
        "clobazam",
        "clonazepam",
        "clorazepate",
        "diazepam",
        "estazolam",
        "flurazepam",
        "lorazepam",
        "midazolam",
        "oxazepam",
        "quazepam",
        "remimazolam",
        "temazepam",
        "triazolam",
    ] {
        // Certain means that no formulation of it has another schedule.
        assert_eq!(status(name), "IV", "{name}");
    }
}

/// Requirements: law-sched-ciii-list
#[test]
fn the_products_listed_in_schedule_iii_are_found_there_by_name_and_brand() {
    for name in [
        "benzphetamine",
        "buprenorphine",
        "Suboxone",
        "butabarbital",
        "Fiorinal",
        "Tylenol #3",
        "Marinol",
        "ketamine",
        "paregoric",
        "Fycompa",
        "perampanel",
        "phendimetrazine",
        "oxandrolone",
        "androstenedione",
        "Subutex",
        "Suboxone",
        "Xyrem",
        "testosterone",
        "AndroGel",
    ] {
        assert_eq!(status(name), "III", "{name}");
    }
}
