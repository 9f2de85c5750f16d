//! 21 CFR 1301.76(b), the manual's section V and appendix I, 18 U.S.C. 2118: a loss from suspicion to the end of the case.

use super::{Case, check, check_under};
use serde_json::{Value, json};
use std::sync::Arc;
use theriac_law::{Overlay, Profile};

const DAY: &str = "2021-03-10";
const REPORTED: &str = "permit notify-dea-1-business-day take-inventory file-form-106";
const FILED: &str = "permit take-inventory record-in-theft-loss-file";
const FACTORS: [&str; 6] = ["quantity", "substances", "access", "pattern", "diversion", "local-trends"];

/// A loss judged not significant, with more facts.
fn assessment(more: Value) -> Case {
    let case = Case::ask("assess-loss", DAY, json!({"assessment": more}));
    case.with("facts/assessment/significance", "not-significant").with("facts/assessment/answered", json!(FACTORS))
}

/// Requirements: law-loss-significance-factors
#[test]
fn a_decision_that_a_loss_is_not_significant_answers_each_factor() {
    check(&assessment(json!({})), FILED);
    for factor in FACTORS {
        let answered: Vec<&str> = FACTORS.into_iter().filter(|known| *known != factor).collect();
        let case = assessment(json!({})).with("facts/assessment/answered", json!(answered));
        check(&case, "deny element-missing take-inventory record-in-theft-loss-file");
        assert!(case.refusal(&Profile::strictest()).contains(factor));
    }
}

/// Requirements: law-loss-doubt-report, pharm-loss-doubt-report
#[test]
fn a_doubtful_loss_is_reported_like_a_significant_one() {
    for significance in ["significant", "unsure"] {
        check(&assessment(json!({})).with("facts/assessment/significance", significance), REPORTED);
    }
    check(&assessment(json!({"theft_in_doubt": true})), REPORTED);
    check(&assessment(json!({})), FILED);
    check(&assessment(json!({"decided_by_name": false})), &FILED.replace("permit", "deny not-signed"));
}

/// Requirements: law-loss-repeated-small
#[test]
fn the_third_small_loss_in_the_period_is_significant_by_default() {
    let small = |days: Value| assessment(json!({"earlier_small": days}));
    check(&small(json!(["2021-02-10"])), FILED);
    let third = small(json!(["2021-01-09", "2021-02-10"]));
    check(&third, &REPORTED.replace("permit", "deny verification-required"));
    check(&small(json!(["2021-01-08", "2021-02-10"])), FILED);
    check(&third.with("facts/assessment/decided_in_spite", true), FILED);
}

/// Requirements: law-inv-suspected-loss
#[test]
fn a_suspected_loss_proposes_an_inventory() {
    let suspected = assessment(json!({})).with("facts/assessment/significance", "unsure");
    let decision = suspected.decide(&Profile::strictest());
    assert!(decision.duties.iter().any(|duty| duty.to_string() == "take-inventory"));
}

/// A notice of a loss discovered on 10 March, given on `day`.
fn notice(day: &str, more: Value) -> Case {
    Case::ask("notify-loss", day, json!({"notice": more})).with("facts/notice/discovered", DAY)
}

/// Requirements: law-loss-direct-and-signed, pharm-loss-notice-direct-to-dea, pharm-loss-notice-signed
#[test]
fn a_report_to_the_head_office_or_an_unsigned_notice_is_no_notice() {
    check(&notice("2021-03-11", json!({})), "permit");
    check(&notice("2021-03-11", json!({"to": "head-office"})), "deny recipient-not-allowed");
    for signer in ["nobody", "other"] {
        check(&notice("2021-03-11", json!({"signed_by": signer})), "deny not-signed");
    }
    check(&notice("2021-03-11", json!({"in_writing": false})), "deny not-in-writing");
}

/// Requirements: law-loss-one-business-day
#[test]
fn the_notice_is_due_on_the_next_business_day() {
    check(&notice("2021-03-10", json!({})), "permit");
    check(&notice("2021-03-11", json!({})), "permit");
    check(&notice("2021-03-12", json!({})), "deny expired");
    let holiday = notice("2021-03-12", json!({})).with("facts/holidays", json!(["2021-03-11"]));
    check(&holiday, "permit");
    check(&holiday.with("request/at", "2021-03-13"), "deny expired");
}

/// Requirements: law-loss-police-state, pharm-loss-police-and-state
#[test]
fn police_and_board_are_told_where_a_state_demands_it() {
    let case = |facts: Value| Case::ask("close-loss", DAY, json!({"case": facts}));
    check(&case(json!({"outcome": "confirmed"})), "permit");
    let overlay = "edition = \"state.XX\"\n[parameter.\"loss.police\"]\nvalue = true\ncite = \"a State's law\"\n\
        [parameter.\"loss.state-board\"]\nvalue = true\ncite = \"a State's law\"\n";
    let demanded = Profile::strictest().in_state(Arc::new(Overlay::parse(overlay).expect("an overlay")));
    for (police, board, expected) in [
        (false, false, "deny state-prohibits"),
        (true, false, "deny state-prohibits"),
        (false, true, "deny state-prohibits"),
        (true, true, "permit"),
    ] {
        let facts = json!({"outcome": "confirmed", "police_told": police, "board_told": board});
        check_under(&demanded, &case(facts), expected);
    }
}

/// Requirements: law-loss-none-found, pharm-loss-no-loss-found, pharm-loss-form-106-required
#[test]
fn a_case_ends_with_its_form_its_letter_or_its_entry() {
    let case = |facts: Value| Case::ask("close-loss", DAY, json!({"case": facts}));
    check(&case(json!({"outcome": "confirmed", "form_106_filed": false})), "deny wrong-form");
    check(&case(json!({"outcome": "no-loss", "letter_sent": false})), "deny not-in-writing");
    check(&case(json!({"outcome": "no-loss", "form_106_filed": false})), "permit");
    check(&case(json!({"outcome": "not-significant", "in_file": false})), "deny wrong-file");
}

/// A Form 106.
fn form(kind: &str, more: Value) -> Case {
    Case::ask("file-form-106", DAY, json!({"form106": more})).with("facts/form106/kind", kind)
}

/// Requirements: law-loss-per-event
#[test]
fn two_thefts_of_one_day_take_two_forms() {
    check(&form("night-break-in", json!({"events": 1})), "permit");
    check(&form("night-break-in", json!({"events": 2})), "deny wrong-form");
}

/// Requirements: law-loss-pilferage-dates, pharm-106-pilferage-dates
#[test]
fn pilferage_has_an_estimated_beginning_and_end() {
    let whole = form("employee-pilferage", json!({"began": "2021-01-01", "ended": "2021-03-01"}));
    check(&whole, "permit");
    check(&whole.with("facts/form106/began", Value::Null), "deny element-missing");
    check(&whole.with("facts/form106/ended", Value::Null), "deny element-missing");
    check(&whole.with("facts/form106/explained", false), "deny element-missing");
    check(&form("night-break-in", json!({})), "permit");
}

/// Requirements: law-loss-count-24-months, pharm-106-block-9-count
#[test]
fn two_losses_within_twenty_four_months_count_and_one_before_does_not() {
    let earlier = |days: Value| {
        Case::ask("earlier-losses", DAY, json!({"past_losses": {"days": days}}))
            .with("request/which", "within-24-months")
    };
    check(&earlier(json!(["2019-02-10", "2019-04-10", "2021-01-10"])), "value 2");
    check(&earlier(json!(["2019-03-10"])), "value 1");
    check(&earlier(json!(["2019-03-09"])), "value 0");
    check(&earlier(json!([])), "value 0");
}

/// Requirements: pharm-106-block-14f-carrier-history
#[test]
fn losses_with_the_same_carrier_count_whenever_they_were() {
    let past = json!({"past_losses": {"days": ["2011-02-10", "2020-04-10"]}});
    check(&Case::ask("earlier-losses", DAY, past).with("request/which", "same-carrier"), "value 2");
}

/// Requirements: law-loss-cost-not-retail
#[test]
fn form_106_states_what_was_paid() {
    let value = Case::ask("loss-value", DAY, json!({})).with("request/paid_cents", 1000);
    check(&value.with("request/retail_cents", 4000), "value 1000");
}

/// Requirements: law-loss-combination-strength
#[test]
fn a_combination_gives_the_strength_of_both_ingredients() {
    check(&form("armed-robbery", json!({"line": "combination", "line_complete": false})), "deny element-missing");
    check(&form("armed-robbery", json!({"line": "combination"})), "permit");
    check(&form("armed-robbery", json!({"line": "liquid", "line_complete": false})), "deny element-missing");
}

/// Requirements: law-loss-amended
#[test]
fn an_amended_form_says_so_with_the_date_of_the_theft() {
    check(&form("night-break-in", json!({"amends": true, "marked_amended": false})), "deny notation-missing");
    check(&form("night-break-in", json!({"amends": true})), "permit");
}

/// Requirements: pharm-106-signature-date
#[test]
fn a_form_is_dated_on_the_day_of_signing() {
    let dated = |day: &str| form("night-break-in", json!({"completed": DAY, "dated": day}));
    check(&dated("2021-03-09"), "deny misdated");
    check(&dated(DAY), "permit");
}

/// Requirements: law-loss-csrpa-threshold, pharm-loss-federal-crime-flags
#[test]
fn five_hundred_dollars_commerce_or_injury_may_make_it_a_federal_offence() {
    let crime = |cents: u64, more: Value| {
        Case::ask("federal-offence", DAY, json!({"crime": more})).with("facts/crime/replacement_cents", cents)
    };
    check(&crime(50_000, json!({})), "value possible");
    check(&crime(49_999, json!({})), "value none");
    check(&crime(0, json!({"interstate_commerce": true})), "value possible");
    check(&crime(0, json!({"killed_or_injured": true})), "value possible");
}

/// Requirements: pharm-106-spillage-refused, pharm-loss-refused-shipment
#[test]
fn a_refusal_of_a_form_says_which_serves_and_why() {
    let on = |kind: &str, form: &str| {
        Case::ask("report-loss", DAY, json!({"loss": {"kind": kind, "witnesses": 2}})).with("request/form", form)
    };
    let said = |kind: &str, form: &str| on(kind, form).refusal(&Profile::strictest());
    assert!(
        said("theft", "form-41")
            .ends_with("Form 41 is for what a registrant destroys, not for a theft; report it on Form 106")
    );
    assert!(said("breakage-recoverable", "form-106").ends_with("record its destruction on Form 41"));
    assert!(said("theft", "none").ends_with("a theft is reported on a DEA form; report it on Form 106"));
    let one = on("breakage-unrecoverable", "none").with("facts/loss/witnesses", 1);
    assert!(one.refusal(&Profile::strictest()).contains("one witness has signed, and 2 must"));
    let refused = Case::ask("responsible-party", DAY, json!({"loss": {"kind": "refused-shipment"}}));
    check(&refused.with("facts/loss/carrier_hired_by", "pharmacy"), "value supplier");
}

/// Requirements: law-loss-form106
#[test]
fn since_24_july_2023_the_form_is_completed_online_within_45_days() {
    let filed = |day: &str, discovered: &str, medium: &str| {
        let form = form("night-break-in", json!({"discovered": discovered, "medium": medium}));
        form.with("request/at", day)
    };
    for profile in [Profile::in_force(), Profile::strictest()] {
        check_under(&profile, &filed("2023-09-07", "2023-07-24", "electronic"), "permit");
        check_under(&profile, &filed("2023-09-08", "2023-07-24", "electronic"), "deny expired");
        check_under(&profile, &filed("2023-07-24", "2023-07-20", "paper"), "deny form-not-allowed");
        check_under(&profile, &filed("2023-07-23", "2023-07-20", "paper"), "permit");
        check_under(&profile, &filed("2023-07-23", "2021-07-20", "paper"), "permit");
        let due = Case::ask("deadline", "2023-07-24", json!({})).with("request/event", "form-106-due");
        check_under(&profile, &due, "value 2023-09-07");
    }
    check_under(&Profile::manual_2010(), &filed("2023-09-08", "2021-07-24", "paper"), "permit");
    let case = Case::ask("close-loss", DAY, json!({"case": {"outcome": "confirmed", "form_106_filed": false}}));
    check(&case, "deny wrong-form");
}
