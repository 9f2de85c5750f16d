//! 21 CFR part 1308: what a product is, why, and what is ordered of schedule I.

use super::{Case, answer, check, fill};
use serde_json::{Value, json};
use theriac_law::Profile;
use theriac_law::products::all;

fn classify(substance: Value) -> Case {
    Case::ask("classify", "2022-03-10", json!({"substance": substance}))
}

fn notes(case: &Case, profile: &Profile) -> String {
    case.decide(profile).notes.join(" / ")
}

/// Requirements: law-conc-explains-limit
#[test]
fn the_limits_that_decided_are_named() {
    let syrup = |strength: &str| {
        classify(json!({"name": "codeine", "dosage_form": "syrup", "strength": strength, "with": ["guaifenesin"]}))
    };
    check(&syrup("250 mg/100 mL"), "value III");
    assert_eq!(
        notes(&syrup("250 mg/100 mL"), &Profile::strictest()),
        "200 mg limit for V exceeded; 1.8 g limit for III met"
    );
    assert_eq!(notes(&syrup("200 mg/100 mL"), &Profile::strictest()), "200 mg limit for V met");
    assert_eq!(
        notes(&syrup("1.801 g/100 mL"), &Profile::strictest()),
        "200 mg limit for V exceeded; 1.8 g limit for III exceeded"
    );
}

/// Requirements: law-conc-codeine-ciii-isoquinoline
#[test]
fn an_isoquinoline_alkaloid_in_the_same_amount_makes_schedule_iii() {
    let with = |with: Value| classify(json!({"name": "codeine", "strength": "60 mg", "with": with}));
    check(&with(json!(["isoquinoline-alkaloid"])), "value III");
    assert_eq!(notes(&with(json!(["isoquinoline-alkaloid"])), &Profile::strictest()), "90 mg limit for III met");
    // Less of it is not declared as such: the ingredient means "in at least the same amount".
    check(&with(json!([])), "value II");
}

/// Requirements: law-conc-difenoxin-over
#[test]
fn difenoxin_outside_its_rows_is_schedule_i_and_confirmed_by_hand() {
    for (mg, atropine) in [("1.1 mg", 25), ("1 mg", 10)] {
        let case = classify(json!({"name": "difenoxin", "strength": mg, "atropine_mcg": atropine}));
        for profile in [Profile::strictest(), Profile::in_force()] {
            assert_eq!(answer(&case.decide(&profile)), "value I");
            assert!(notes(&case, &profile).contains("confirm by hand"));
        }
    }
    let inside = classify(json!({"name": "difenoxin", "strength": "1 mg", "atropine_mcg": 25}));
    check(&inside, "value IV");
    assert!(!notes(&inside, &Profile::strictest()).contains("confirm by hand"));
}

/// Requirements: law-form-ask-when-ambiguous
#[test]
fn where_facts_are_missing_the_strictest_stands_and_they_are_listed() {
    let open = classify(json!({"name": "codeine", "dosage_form": "unknown"}));
    check(&open, "value II");
    let told = notes(&open, &Profile::strictest());
    assert!(told.contains("schedule II pending formulation") && told.contains("dosage form"), "{told}");
    let closed = classify(json!({"name": "codeine", "strength": "30 mg"}));
    check(&closed, "value II");
    assert_eq!(notes(&closed, &Profile::strictest()), "");
}

/// Requirements: law-form-hemp-threshold
#[test]
fn cannabis_is_hemp_below_three_tenths_of_a_percent_from_its_day_on() {
    let cannabis = |day: &str, mcg: u64| {
        classify(json!({"name": "cannabis", "amount_mcg": mcg, "per": "100-g"})).with("request/at", day)
    };
    for profile in [Profile::strictest(), Profile::in_force()] {
        let asked = |day: &str, mcg: u64| answer(&cannabis(day, mcg).decide(&profile));
        assert_eq!(asked("2018-12-19", 290_000), "value I");
        assert_eq!(asked("2018-12-20", 290_000), "value none");
        assert_eq!(asked("2019-06-01", 299_999), "value none");
        assert_eq!(asked("2019-06-01", 300_000), "value I");
        assert_eq!(asked("2019-06-01", 5_000_000), "value I");
        assert_eq!(asked("2017-06-01", 290_000), "value I");
    }
}

fn of(name: &str) -> Case {
    Case::ask("schedule-of", "2022-03-10", json!({})).with("request/name", name)
}

/// A name with a single entry has exactly that entry's status; one with several has the strictest until the facts are known.
///
/// Requirements: law-sched-one-schedule-per-product, law-sched-reports-source
#[test]
fn every_entry_of_the_table_has_one_status_and_says_where_it_is_said() {
    for product in all() {
        let case = of(&product.name);
        for profile in Profile::each_edition() {
            let decision = case.decide(&profile);
            let statuses = ["I", "II", "III", "IV", "V", "none", "listed-chemical"];
            let found = answer(&decision);
            assert!(statuses.iter().any(|status| found == format!("value {status}")), "{}: {found}", product.name);
            assert!(
                decision.notes.iter().any(|note| note.contains(": ") && note.contains(&product.name)),
                "{}",
                product.name
            );
        }
    }
}

/// Requirements: law-sched-unknown-is-not-uncontrolled
#[test]
fn an_unknown_product_is_refused_and_classified_by_hand() {
    let case = of("Imaginarol");
    check(&case, "deny unknown-product");
    let refusal = case.refusal(&Profile::strictest());
    assert!(refusal.contains("classify it by hand") && refusal.contains("not uncontrolled"), "{refusal}");
}

/// Requirements: law-sched-cii-v-accepted-use, law-sched-ci-no-medical-dispensing, pharm-drug-schedule-i-refused
#[test]
fn schedules_two_to_five_pass_the_gate_and_schedule_one_never() {
    for schedule in ["II", "III", "IV", "V"] {
        check(&fill(schedule), "permit");
    }
    let refusal = fill("I").refusal(&Profile::strictest());
    assert!(refusal.starts_with("prescription.schedule: "), "{refusal}");
    check(&fill("I"), "deny not-authorized");
}

/// Requirements: law-sched-ci-research-order-only
#[test]
fn schedule_one_is_ordered_for_research_and_never_to_be_dispensed() {
    let order = json!({"method": "csos", "schedules": ["I"]});
    let by = |activity: &str, purpose: &str| {
        let buyer = json!({"activity": activity, "purpose": purpose});
        Case::ask("order", "2022-03-10", json!({"order": order, "buyer": buyer}))
    };
    check(&by("researcher", "research"), "permit");
    check(&by("laboratory", "analysis"), "permit");
    check(&by("manufacturer", "manufacture"), "permit");
    check(&by("pharmacy", "research"), "deny not-authorized");
    check(&by("pharmacy", "dispensing"), "deny not-authorized");
    check(&by("researcher", "dispensing"), "deny not-authorized");
    check(&by("pharmacy", "dispensing").with("facts/order/schedules", json!(["II"])), "permit");
}

/// A refill of a hydrocodone combination issued as schedule III on 1 August 2014 with five refills.
fn hydrocodone(at: &str) -> Case {
    let rx = json!({"schedule": "III", "form": "paper", "issued": "2014-08-01", "quantity": 30,
        "refills_authorized": 5, "drug": "hydrocodone/acetaminophen"});
    let history = json!([{"kind": "fill", "at": "2014-08-02", "quantity": 30}]);
    Case::ask("refill", at, json!({"prescription": rx, "history": history})).with("request/quantity", 30)
}

/// Requirements: law-refill-schedule-change-midway
#[test]
fn a_move_to_schedule_ii_ends_the_refills_that_are_left_and_is_named() {
    let strictest = |at: &str| answer(&hydrocodone(at).decide(&Profile::strictest()));
    assert_eq!(strictest("2014-10-05"), "permit");
    assert_eq!(strictest("2014-10-06"), "deny refill-prohibited");
    let refusal = hydrocodone("2014-10-06").refusal(&Profile::strictest());
    assert!(refusal.contains("moved from schedule III to schedule II on 2014-10-06"), "{refusal}");
    let filled = |on: &str| json!([{"kind": "fill", "at": on, "quantity": 30}]);
    // The Federal Register let refills written before the move be dispensed until 8 April 2015; six months end before.
    let rx = |at: &str, issued: &str| {
        let case = hydrocodone(at).with("facts/prescription/issued", issued);
        answer(&case.with("facts/history", filled(issued)).decide(&Profile::in_force()))
    };
    assert_eq!(rx("2014-10-06", "2014-08-01"), "permit");
    assert_eq!(rx("2015-04-05", "2014-10-05"), "permit");
    assert_eq!(rx("2015-04-09", "2014-10-05"), "deny refill-prohibited");
    let late = hydrocodone("2015-04-09").with("facts/prescription/issued", "2014-10-05");
    let late = late.with("facts/history", filled("2014-10-05"));
    assert!(
        late.refusal(&Profile::in_force()).contains("moved from schedule III"),
        "{}",
        late.refusal(&Profile::in_force())
    );
}

/// Requirements: pharm-drug-reschedule-effective, law-sched-date-effective
#[test]
fn an_oral_prescription_is_judged_by_the_schedule_of_its_day() {
    let on = |day: &str| {
        let schedule = answer(&of("Vicodin").with("request/at", day).decide(&Profile::in_force()));
        let schedule = schedule.strip_prefix("value ").expect("a schedule").to_owned();
        let rx = json!({"schedule": schedule, "form": "oral", "issued": day, "quantity": 30, "drug": "Vicodin"});
        let fill = Case::ask("fill", day, json!({"prescription": rx})).with("request/quantity", 30);
        (schedule, answer(&fill.decide(&Profile::in_force())))
    };
    assert_eq!(on("2014-10-05"), ("III".to_owned(), "permit reduce-to-writing".to_owned()));
    assert_eq!(on("2014-10-06"), ("II".to_owned(), "deny form-not-allowed".to_owned()));
}

/// Requirements: pharm-drug-reschedule-effective
#[test]
fn what_was_not_controlled_when_prescribed_follows_its_schedule_from_the_day() {
    let rx = json!({"schedule": "none", "form": "paper", "issued": "2014-06-01", "quantity": 30,
        "refills_authorized": 11, "drug": "tramadol"});
    let history = json!([{"kind": "fill", "at": "2014-06-02", "quantity": 30},
        {"kind": "refill", "at": "2014-07-02", "quantity": 30, "count": 5}]);
    let refill = |at: &str| {
        let case =
            Case::ask("refill", at, json!({"prescription": rx, "history": history})).with("request/quantity", 30);
        case.decide(&Profile::strictest())
    };
    assert_eq!(answer(&refill("2014-08-17")), "permit");
    assert_eq!(answer(&refill("2014-08-18")), "deny refills-exhausted");
    assert!(refill("2014-08-18").notes.iter().any(|note| note.contains("schedule IV since")));
}

/// A strength that cannot be read, or that is said twice, is an error that names the field, and no schedule.
#[test]
fn a_strength_that_cannot_be_read_is_refused_by_its_field() {
    let with = |strength: &str| classify(json!({"name": "codeine", "strength": strength}));
    assert_eq!(with("10 mg/5 drops").refused_field(), "facts.substance.strength");
    let twice = classify(json!({"name": "codeine", "strength": "30 mg", "amount_mcg": 30_000, "per": "dosage-unit"}));
    assert_eq!(twice.refused_field(), "facts.substance.strength");
    let part = classify(json!({"name": "codeine", "and": [{"name": "morphine", "strength": "much"}]}));
    assert_eq!(part.refused_field(), "facts.substance.and[0].strength");
}

/// Requirements: law-refill-schedule-change-midway
#[test]
fn after_a_move_no_refill_is_left_and_none_is_added() {
    let left = |profile: &Profile, at: &str| {
        let mut case = hydrocodone(at).0;
        case["request"] = json!({"action": "refills-remaining", "at": at});
        answer(&Case(case).decide(profile))
    };
    assert_eq!(left(&Profile::strictest(), "2014-10-05"), "value 5");
    assert_eq!(left(&Profile::strictest(), "2014-10-06"), "value 0");
    assert_eq!(left(&Profile::in_force(), "2014-10-06"), "value 5");
    let add = |profile: &Profile, at: &str| {
        let mut case = hydrocodone(at).with("facts/prescription/refills_authorized", 1).0;
        case["request"] = json!({"action": "authorize-refills", "at": at, "additional": 1, "quantity": 30});
        answer(&Case(case).decide(profile))
    };
    assert_eq!(add(&Profile::in_force(), "2014-10-05"), "permit record-oral-authorization");
    assert_eq!(add(&Profile::in_force(), "2014-10-06"), "deny refill-prohibited");
}
