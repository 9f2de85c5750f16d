//! The scenario files: our own boundary cases always, the shared open set when it is there.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::fs;
use std::path::Path;
use theriac_law::{Decision, Profile, decide, read_line};

/// Under which profiles a line is asked.
fn profiles(edition: Option<&str>) -> Vec<Profile> {
    match edition {
        None | Some("any") => Profile::each_edition().to_vec(),
        Some(name) => vec![Profile::named(name).expect("an edition of the format")],
    }
}

/// The answer in the format's own shape, for comparing.
fn answer(decision: &Decision) -> serde_json::Value {
    let mut line = theriac_law::render::verdict(decision);
    if let Some(object) = line.as_object_mut() {
        object.retain(|key, _| matches!(key.as_str(), "verdict" | "value" | "reason" | "duties"));
    }
    line
}

/// The expected answer with its duties in the order of the list.
fn expected(value: &serde_json::Value) -> serde_json::Value {
    let mut value = value.clone();
    let duties = value.get("duties").and_then(|duties| duties.as_array()).cloned().unwrap_or_default();
    let mut sorted: Vec<String> = duties.iter().filter_map(|duty| duty.as_str().map(str::to_owned)).collect();
    sorted.sort();
    value["duties"] = sorted.into();
    value
}

/// Runs every line; returns how many answers were asked, and what went wrong.
fn run(path: &Path) -> (usize, Vec<String>) {
    let text = fs::read_to_string(path).expect("the file is there");
    let (mut asked, mut wrong) = (0, Vec::new());
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let line = match read_line(line) {
            Ok(line) => line,
            Err(error) => {
                wrong.push(format!("line {}: {error}", n + 1));
                continue;
            }
        };
        let want = expected(line.expected.as_ref().expect("a case has an answer"));
        for profile in profiles(line.edition.as_deref()) {
            asked += 1;
            match decide(&profile, &line.question) {
                Err(error) => wrong.push(format!("{} under {}: {error}", line.id, profile.name())),
                Ok(decision) => {
                    let mut found = answer(&decision);
                    let mut duties: Vec<String> = found["duties"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(|d| d.as_str().map(str::to_owned))
                        .collect();
                    duties.sort();
                    found["duties"] = duties.into();
                    if found != want {
                        wrong.push(format!("{} under {}: {found} instead of {want}", line.id, profile.name()));
                    }
                }
            }
        }
    }
    (asked, wrong)
}

#[test]
fn the_open_set_is_answered_exactly_under_every_stated_edition() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/scenarios-public.jsonl");
    if !path.exists() {
        println!("skipped: the shared scenario file is not here");
        return;
    }
    let (asked, wrong) = run(&path);
    assert!(asked > 478, "the file holds 478 cases, some under three editions; asked {asked}");
    assert!(wrong.is_empty(), "{} of {asked} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// One file of our own cases; every answer must be exact.
fn check(file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios").join(file);
    let (asked, wrong) = run(&path);
    assert!(asked > 0 && wrong.is_empty(), "{file}: {} of {asked} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_file_of_our_own_cases_is_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let source = include_str!("scenarios.rs");
    for entry in fs::read_dir(folder).expect("the folder is ours") {
        let name = entry.expect("readable").file_name().to_string_lossy().into_owned();
        assert!(source.contains(&format!("check(\"{name}\")")), "{name} is not run");
    }
}

/// Requirements: law-refill-cii-none, law-refill-ciii-civ-five-in-six-months, law-refill-ciii-civ-six-months-first-fill,
/// law-refill-only-if-authorised, law-refill-over-five-authorised, law-refill-cv-as-authorised,
/// law-refill-full-amount-presumed, law-refill-original-not-counted, law-refill-oral-addition-limits,
/// law-refill-oral-addition-quantity, law-refill-new-prescription-after, law-exp-ciii-civ-six-months,
/// law-exp-six-months-arithmetic, law-exp-earliest-fill-does-not-extend, law-exp-runs-from-issue, law-exp-cv-none-federal,
/// law-exp-cii-none-federal, law-part-cii-short-supply, law-part-cii-72-hours, law-part-cii-notify-prescriber,
/// law-part-cii-new-after-72, law-part-cii-emergency-oral, law-part-cii-ltcf-terminal, law-part-cii-ltcf-notation,
/// law-part-cii-ltcf-60-days, law-part-cii-ltcf-doubt, law-part-cii-ltcf-total, law-part-cii-cara-request,
/// law-part-cii-cara-30-days, law-part-cii-cara-no-count-limit, law-part-cii-cara-state, law-part-cii-cara-not-72,
/// law-exp-cii-ltcf-60, law-part-ciii-v-allowed, law-part-ciii-v-six-months, law-part-ciii-v-total,
/// law-part-ciii-v-not-refills, law-part-ciii-v-first-quantity, law-part-ciii-v-refill-equals-original,
/// law-state-az-cii-90, law-state-az-ciii-iv, law-state-az-noncontrolled-1-year, law-multi-not-before-date,
/// epcs-1306.22-a-1, epcs-1306.22-a-2, epcs-1306.22-e-1, epcs-1306.22-e-3, epcs-1306.22-d, epcs-1306.13-a-1,
/// epcs-1306.13-a-3, epcs-1306.13-a-4
#[test]
fn prescriptions_are_judged_at_their_boundaries() {
    check("prescriptions.jsonl");
}

/// Requirements: law-cont-date, law-cont-signed-same-day, law-cont-no-presigning, law-cont-patient-address,
/// law-cont-practitioner-address, law-cont-dea-number, law-cont-drug-name, law-cont-strength, law-cont-dosage-form,
/// law-cont-quantity, law-cont-directions, law-cont-refills, law-cont-written-medium, law-cont-addiction-identifier,
/// law-who-agent-may-prepare, law-who-mlp-signs, law-who-legitimate-purpose, epcs-1306.05-a-1, epcs-1306.05-a-2
#[test]
fn what_is_written_and_signed_is_judged_element_by_element() {
    check("contents.jsonl");
}

/// Requirements: law-sched-ci-no-medical-dispensing, law-oral-ci-never, law-who-classes, law-who-state-authority, law-who-dea-registered-or-exempt, law-who-both-state-and-federal,
/// law-hosp-state-authorised, law-hosp-contents-in-lieu, law-fed-contents, law-dea-registered-schedules, law-dea-shape,
/// law-dea-check-digit, law-dea-letter-x, law-dea-second-letter, law-dea-unknown-letter
#[test]
fn practitioners_and_their_numbers_are_judged_one_by_one() {
    check("practitioners.jsonl");
}

/// Requirements: law-forms-cii-written, law-forms-ciii-v, law-oral-ciii-v-allowed, law-oral-contents-less-signature,
/// law-oral-agent, law-oral-by-practitioner, law-fax-cii-review-only, law-fax-not-from-patient,
/// law-fax-cii-injection-compound, law-fax-cii-injection-narcotic-only, law-fax-cii-ltcf, law-fax-cii-hospice,
/// law-elec-failure-ciii-v, law-elec-failure-cii, law-elec-original-dispensed,
/// law-elec-original-received-not-dispensed, epcs-1306.11-a-1, epcs-1306.11-a-2, epcs-1306.21-a-1
#[test]
fn every_schedule_is_judged_by_every_form() {
    check("forms.jsonl");
}

/// Requirements: law-emer-definition-immediate, law-emer-definition-no-alternative, law-emer-definition-no-written,
/// law-emer-quantity-minimum, law-emer-unknown-prescriber, law-emer-seven-days, law-emer-postmark,
/// law-emer-followup-contents, law-emer-followup-electronic, law-emer-attach-paper, law-emer-notify-dea,
/// law-emer-central-fill-barred, law-multi-90-days, law-multi-separate-blanks, law-multi-earliest-date-each,
/// law-multi-same-issue-date, law-multi-state-allows, epcs-1306.11-d-1, epcs-1306.11-d-4-1, epcs-1306.11-d-4-2
#[test]
fn emergencies_and_sets_are_judged_condition_by_condition() {
    check("emergency.jsonl");
}

/// Requirements: law-elec-two-factor, law-elec-same-kind-not-two, law-elec-batch-sign-one-patient,
/// law-elec-signed-indicator, law-elec-unsigned-paper-copy, law-elec-pharmacy-duties, law-elec-altered-invalid,
/// law-elec-software-approved, law-cont-multiple-dea-refused, law-amend-electronic-transmission-change,
/// epcs-1306.05-a-3, epcs-1306.05-a-4, epcs-1306.05-a-5, epcs-1306.08-d, epcs-1311.100-b, epcs-1311.110-c, epcs-1311.115-c-1, epcs-1311.120-c-1, epcs-1311.125-d-1
#[test]
fn signing_sending_and_receiving_are_judged_fault_by_fault() {
    check("electronic.jsonl");
}

/// Requirements: law-xfer-once, law-xfer-shared-database, law-xfer-electronic-multiple, law-xfer-state-permits,
/// law-xfer-cii-refill-none, law-xfer-in-refills, law-xfer-in-from, epcs-1306.25-a-1, epcs-1306.25-a-2, epcs-1306.25-b,
/// epcs-1306.25-c-1, epcs-1306.25-i, law-xfer-cii-unfilled-electronic, law-xfer-six-months-still, law-xfer-refills-sum,
/// law-xfer-two-pharmacists, law-xfer-both-registered, law-xfer-in-original-dates, law-xfer-in-first-pharmacy,
/// law-xfer-cii-paper, epcs-1306.25-c-3-items
#[test]
fn transfers_are_judged_at_their_boundaries() {
    check("transfer.jsonl");
}

/// Requirements: law-cf-no-emergency-cii, law-cf-retail-all-information, law-cf-label, law-label-pharmacy,
/// law-label-transfer-warning-cv, law-label-exempt-ciii-v-34-or-100, law-amend-never-drug,
/// law-amend-minor-by-pharmacist, law-to-household, law-cf-relationship, law-cf-pharmacist-fills, law-label-date, law-label-serial, law-label-patient,
/// law-label-prescriber, law-label-directions, law-label-exempt-cii-7-days, law-amend-never-patient,
/// law-amend-never-signature, law-amend-after-consulting, law-amend-spelling-of-name, law-export-registration,
/// law-mail-packaging
#[test]
fn the_pharmacys_work_is_judged_at_its_boundaries() {
    check("pharmacy.jsonl");
}

/// Requirements: law-otc-not-prescription-drug, law-otc-opium-volume, law-otc-opium-units, law-otc-age,
/// law-otc-identification, law-otc-payment-by-other, law-otc-no-central-fill, law-otc-no-other-law, law-cmea-blister,
/// law-cmea-id-under-18, law-cmea-self-certify, law-cmea-train-before-selling, law-online-registration,
/// law-online-exempt-refills, law-online-exempt-electronic, law-online-report-threshold, law-otc-48-hours-rolling, law-otc-other-units, law-otc-other-volume, law-otc-pharmacist-only,
/// law-cmea-daily-limit, law-cmea-30-day-limit, law-cmea-mail-7-5, law-cmea-base-weight, law-cmea-table-daily,
/// law-cmea-table-30-day, law-cmea-table-mail, law-cmea-60mg-exemption, law-cmea-exemption-log-only,
/// law-online-notice-30-days, law-online-report-negative
#[test]
fn sales_without_prescription_are_judged_at_their_boundaries() {
    check("sales.jsonl");
}

/// Requirements: law-ord-222-lines-triplicate, law-ord-222-lines-single, law-ord-csos-no-line-limit,
/// law-ord-222-endorse, law-ord-csos-no-endorse, law-ord-222-single-only-after, law-ord-222-ship-to-registered,
/// law-ord-222-package-substitution, law-ord-222-triplicate-copies, law-dist-receiver-registered,
/// law-inv-ciii-v-estimate-1000, law-inv-initial, law-loss-none-found,
/// law-loss-clerical, law-loss-transit-supplier, law-cf-carrier-loss, law-disp-not-to-dea, law-disp-reverse-registered,
/// law-disp-return-cii-form, law-disp-breakage-recoverable, law-dist-five-percent, law-dist-over-register, law-dist-cii-form, law-ord-222-partial-60-days,
/// law-ord-csos-certificate, law-ord-222-last-line, law-ord-222-signer, law-ord-csos-no-correction,
/// law-ord-ciii-v-route, law-inv-cii-exact, law-loss-form106, law-disp-wastage, law-disp-reverse-cii-form,
/// law-loss-transit-purchaser, law-disp-form41-by-destroyer
#[test]
fn orders_stock_and_losses_are_judged_at_their_boundaries() {
    check("trade.jsonl");
}

/// Requirements: law-rec-red-c-waiver, law-inv-biennial, law-inv-newly-scheduled, law-loss-one-business-day,
/// law-online-report-day-15, epcs-1311.155-c, law-rec-central-14-days, law-rec-central-never, law-rec-red-c, law-rec-two-files, law-rec-three-files,
/// law-rec-prescriptions-on-site, law-elec-kept-electronically, law-rec-two-years, law-state-az-222-three-years,
/// law-state-az-seven-years, law-refill-printout-72-hours, law-ord-csos-supplier-report,
/// law-ord-222-supplier-report-month, law-cmea-loss-written-15-days, law-state-az-emergency-refill,
/// law-refill-emergency-state
#[test]
fn records_and_deadlines_are_judged_at_their_boundaries() {
    check("records.jsonl");
}

/// Requirements: law-conc-nmt-is-inclusive, law-conc-fall-through, law-conc-needs-active-non-narcotic,
/// law-conc-codeine-cv, law-conc-codeine-ciii-volume, law-conc-codeine-ciii-unit, law-conc-dihydrocodeine-cv,
/// law-conc-dihydrocodeine-ciii, law-conc-ethylmorphine-cv, law-conc-ethylmorphine-ciii, law-conc-opium-cv,
/// law-conc-opium-ciii, law-conc-morphine-ciii, law-conc-diphenoxylate-cv, law-conc-diphenoxylate-over,
/// law-conc-difenoxin-cv, law-conc-difenoxin-civ, law-conc-hydrocodone-2010, law-form-dronabinol-capsule,
/// law-form-nabilone, law-form-barbiturate-single, law-form-barbiturate-suppository,
/// law-form-barbiturate-combination, law-form-butabarbital, law-form-phenobarbital, law-form-fiorinal,
/// law-form-fioricet-codeine, law-form-codeine-single, law-form-oxycodone-all, law-form-sodium-oxybate,
/// law-form-buprenorphine-all, law-form-epidiolex-by-date
#[test]
fn preparations_fall_into_their_schedules_at_the_limits() {
    check("schedules.jsonl");
}

/// Requirements: law-who-registration-follows-state, law-who-individual-must-be-current-per-state, law-who-mlp-state-table,
/// law-who-pharmacist-not-practitioner, law-who-naturopath, law-who-condition-expected, law-opioid-treat-ntp-approvals,
/// law-opioid-treat-waiver, law-opioid-treat-patient-cap, law-dea-letter-a-date, law-dea-letter-midlevel
#[test]
fn a_practitioners_authority_is_judged_in_detail() {
    check("practice.jsonl");
}

/// Orders in detail: what is written, lost, refused, received; powers of attorney; where stock may go.
#[test]
fn orders_are_judged_in_every_detail_of_their_paperwork() {
    check("ordering.jsonl");
}

/// Requirements: law-oral-taken-by-pharmacist, law-oral-reduced-promptly, law-fax-no-conversion-of-electronic,
/// law-fax-cii-mismatch, law-fax-void-watermark, law-amend-misspelt-signature, law-who-corresponding-responsibility,
/// law-who-no-duty-to-dispense, law-exp-cii-still-needed, law-who-filler-is-pharmacist, law-who-intern-under-supervision,
/// law-multi-no-undue-risk, law-emer-quantity-match, law-emer-failure-voids-authority, law-elec-federal-cert-route,
/// law-refill-oral-addition-by-original-prescriber, law-part-cii-ltcf-discontinued, law-to-animal-owner, epcs-1306.08-a-1
#[test]
fn intake_judgement_and_signing_are_judged_fact_by_fact() {
    check("counter.jsonl");
}

/// Registered places, their end, their staff, machines and kits.
#[test]
fn places_staff_machines_and_kits_are_judged_condition_by_condition() {
    check("business.jsonl");
}

/// Officials without registration, hospitals' numbers, and the mail.
#[test]
fn lent_and_exempt_authority_and_parcels_are_judged_condition_by_condition() {
    check("lent.jsonl");
}

/// Documents, inventories and files, and how long they are kept.
#[test]
fn records_are_whole_and_in_their_place() {
    check("keeping.jsonl");
}

/// A loss from suspicion to the end of the case.
#[test]
fn losses_are_assessed_notified_and_closed() {
    check("losses.jsonl");
}

/// Requirements: law-cmea-placement, law-cmea-logbook-fields, law-cmea-signature, law-cmea-seller-checks, law-cmea-notice,
/// law-cmea-log-bound-or-electronic, law-cmea-privacy, law-cmea-id-list-any-age, law-cmea-id-list-16-plus,
/// law-cmea-id-no-photo-details, law-cmea-id-military-limit, law-cmea-id-photo, law-cmea-id-under-18,
/// law-cmea-certify-annual, law-cmea-certify-statements, law-cmea-certify-per-location, law-cmea-certify-fee,
/// law-cmea-train-materials, law-cmea-train-record, law-cmea-loss-contents, law-cmea-no-chemical-registration,
/// law-cmea-mobile-vendor, law-cmea-ppa, law-cmea-60mg-exemption, law-cmea-exemption-log-only, law-otc-record-bound,
/// pharm-cmea-id-military-limited, pharm-cmea-ppa-none
#[test]
fn sellers_of_listed_chemicals_are_judged_duty_by_duty() {
    check("listed-chemicals.jsonl");
}

/// Requirements: law-otc-record, law-otc-schedules
#[test]
fn counter_sales_are_judged_by_schedule_and_book() {
    check("counter-book.jsonl");
}

/// Requirements: law-cannabis-pharmacy-none, law-cannabis-cbd-food
#[test]
fn products_of_the_cannabis_plant_are_judged_by_kind() {
    check("cannabis.jsonl");
}

/// Requirements: law-online-definition, law-online-exemptions, law-online-exempt-refills, law-online-exempt-electronic,
/// law-online-exempt-ads, law-online-exempt-new-fills, law-online-nonpharmacy-list, law-online-application-is-notice,
/// law-online-state-licences, law-online-in-person, law-online-in-person-definition, law-online-site-facts,
/// law-online-site-statements, law-online-url-change, law-online-report-all-means, law-online-report-by-code,
/// law-online-report-reverting, pharm-online-exempt-new-iii-v, pharm-online-exempt-solely, pharm-online-scope-all-schedules
#[test]
fn online_pharmacies_are_judged_by_what_they_do() {
    check("online.jsonl");
}

/// Requirements: law-flag-early-refill, law-flag-distance, law-flag-multiple-prescribers, law-flag-pill-mill,
/// law-flag-scope, law-flag-groups, law-flag-behaviour, law-flag-cash, law-flag-slang, law-flag-pending-action,
/// law-flag-face-irregular, law-flag-large-or-strong-initial, law-flag-prescriber-volume, law-flag-too-frequent,
/// law-flag-uppers-downers, law-flag-other-names, law-flag-strangers, law-flag-forged-look, law-flag-unusual-dose,
/// law-flag-late-presentation, law-flag-resolve-before-dispensing, law-flag-not-alone, law-flag-forged-refuse-report,
/// law-flag-verify-contact, law-cannabis-profile, law-pdmp-patterns
#[test]
fn warning_signs_are_raised_at_their_figures_and_resolved_by_a_pharmacist() {
    check("red-flags.jsonl");
}

/// Requirements: law-id-accepted-kinds, law-id-alternative-identifiers, law-id-fraud-suspected, law-state-az-no-id
#[test]
fn who_picks_up_is_judged_by_what_is_shown() {
    check("identification.jsonl");
}

/// Requirements: law-pdmp-not-federal
#[test]
fn without_a_state_monitoring_is_recommended_and_nothing_is_collected() {
    check("monitoring.jsonl");
}

/// Requirements: law-conc-normalise-units, law-conc-strictest-component, law-form-hemp-threshold,
/// law-sched-unknown-is-not-uncontrolled, law-sched-slcp-salts-and-isomers, law-sched-slcp-is-not-a-schedule,
/// law-sched-slcp-otc-only, law-sched-ci-definition, law-sched-cii-definition, law-sched-ciii-definition,
/// law-sched-civ-definition, law-sched-cv-definition, law-form-fioricet-plain, law-sched-hydrocodone-combination-edition,
/// pharm-drug-strength-boundary-iii-v, pharm-drug-slcp-definition
#[test]
fn products_and_preparations_are_classified_with_their_reasons() {
    check("classification.jsonl");
}

/// Requirements: law-refill-schedule-change-midway, law-state-schedule
#[test]
fn refills_follow_the_schedule_of_the_day_and_of_the_state() {
    check("moved.jsonl");
}

/// Requirements: law-refill-entry-contents, law-refill-entry-back-or-record, law-part-cii-note-quantity,
/// law-fax-cii-file-original, law-forms-original-kept-where, law-cf-retail-refill-counts, law-refill-agent-proof-of-48,
/// law-refill-one-system-only, law-refill-electronic-part-1311, law-refill-downtime, law-refill-downtime-entry-soon,
/// law-refill-computer-verified, law-part-cii-ltcf-missing-is-violation, law-multi-any-wording
#[test]
fn entries_in_the_records_are_judged_one_by_one() {
    check("entries.jsonl");
}

/// Requirements: law-forms-institution-cii, law-forms-institution-ciii-v, law-forms-immediate-admin-definition,
/// law-cont-medication-order-exempt, law-ltcf-definition, law-ltcf-ads-not-five-percent, law-ltcf-disposal, law-cf-no-222,
/// law-cf-no-separate-registration, law-cf-both-responsible, law-cf-dispositions-complete, law-label-both-dates,
/// law-label-cautions, law-label-exempt-not-in-possession, law-label-exempt-safeguards
#[test]
fn institutions_facilities_and_central_filling_are_judged_case_by_case() {
    check("care.jsonl");
}
