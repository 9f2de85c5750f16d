//! `theriac law ...`: questions in, answers out, with bad lines named and the run going on.

use crate::common::{run, run_with};
use serde_json::{Value, json};

/// A question about a refill after `filled` fillings of a schedule III prescription for 30 with five refills.
fn refill(id: &str, filled: u32, edition: &str) -> Value {
    let history: Vec<Value> = (0..filled)
        .map(|n| json!({"kind": if n == 0 { "fill" } else { "refill" }, "at": format!("2026-0{}-05", n + 1), "quantity": 30}))
        .collect();
    json!({
        "id": id,
        "area": "refill",
        "edition": edition,
        "request": {"action": "refill", "at": "2026-06-20", "quantity": 30},
        "facts": {
            "prescription": {"schedule": "III", "form": "electronic", "issued": "2026-01-04", "quantity": 30, "refills_authorized": 5},
            "history": history,
            "state": null,
        },
    })
}

fn lines(questions: &[Value]) -> String {
    questions.iter().map(Value::to_string).collect::<Vec<_>>().join("\n")
}

/// Requirements: law-refill-original-not-counted
#[test]
fn questions_are_answered_in_order_one_line_each() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("questions.jsonl");
    let questions = [refill("fifth", 5, "proposed-2008"), refill("sixth", 6, "proposed-2008")];
    std::fs::write(&file, lines(&questions)).unwrap();
    let answers = run(&[&"law", &"decide", &file]).expect(0).lines();
    assert_eq!(answers.len(), 2);
    assert_eq!((&answers[0]["id"], &answers[0]["verdict"]), (&"fifth".into(), &"permit".into()), "{}", answers[0]);
    assert_eq!((&answers[1]["id"], &answers[1]["verdict"]), (&"sixth".into(), &"deny".into()), "{}", answers[1]);
    assert_eq!(answers[1]["reason"], "refills-exhausted");
    assert!(answers[1]["cite"].to_string().contains("1306.22(a)"), "{}", answers[1]);
}

#[test]
fn questions_come_from_standard_input_too() {
    let ran = run_with(&[&"law", &"decide", &"-"], &lines(&[refill("q", 6, "any")])).expect(0);
    assert_eq!(ran.lines()[0]["verdict"], "deny");
}

#[test]
fn a_line_that_cannot_be_read_names_its_number_and_field_and_the_run_goes_on() {
    let mut no_day = refill("no-day", 1, "any");
    no_day["request"]["at"] = json!("2026-02-30");
    let mut word = refill("word", 1, "any");
    word["facts"]["prescription"]["schedule"] = json!("IX");
    let mut unknown = refill("unknown", 1, "any");
    unknown["request"]["action"] = json!("levitate");
    let mut edition = refill("edition", 1, "any");
    edition["edition"] = json!("cfr-1066");
    let good = refill("good", 1, "any");
    let text = format!("{good}\n{no_day}\nnot json\n{word}\n{unknown}\n{edition}\n{good}\n");
    let ran = run_with(&[&"law", &"decide", &"-"], &text).expect(1);
    let answers = ran.lines();
    assert_eq!(answers.len(), 7, "{}", ran.out);
    assert_eq!((&answers[0]["verdict"], &answers[6]["verdict"]), (&"permit".into(), &"permit".into()));
    for (n, field) in [(1, "at"), (3, "schedule"), (4, "action"), (5, "edition")] {
        let error = &answers[n]["error"];
        assert_eq!(error["line"], n + 1, "{}", answers[n]);
        assert!(error["field"].as_str().unwrap().ends_with(field), "{}", answers[n]);
        assert!(!error["what"].as_str().unwrap().is_empty());
    }
    assert_eq!(answers[2]["error"]["line"], 3);
    assert!(ran.err.starts_with("LAW-LINES: 2 answered, 5 not readable"), "{}", ran.err);
    assert!(ran.err.contains("\nNext: "), "{}", ran.err);
}

#[test]
fn a_profile_on_the_command_line_wins_over_the_lines_edition() {
    let question = json!({
        "id": "unfilled",
        "area": "transfer",
        "edition": "cards-2021",
        "request": {"action": "transfer-out", "at": "2021-03-15"},
        "facts": {
            "prescription": {"schedule": "II", "form": "electronic", "issued": "2021-02-01", "quantity": 30},
            "history": [],
            "state": null,
        },
    });
    let text = lines(std::slice::from_ref(&question));
    let own = run_with(&[&"law", &"decide", &"-"], &text).expect(0).lines();
    assert_eq!((&own[0]["verdict"], &own[0]["profile"]), (&"permit-with-duties".into(), &"cards-2021".into()));
    let under = |profile: &str| {
        let answer = run_with(&[&"law", &"decide", &"-", &"--profile", &profile], &text).expect(0).lines().remove(0);
        assert_eq!(answer["profile"], profile);
        (answer["verdict"].clone(), answer["reason"].clone())
    };
    assert_eq!(
        under("proposed-2008"),
        ("deny".into(), "transfer-prohibited".into()),
        "the 2008 text knows no such transfer"
    );
    assert_eq!(under("strictest").0, "deny", "and the strictest of all heeds it");
    let ran = run_with(&[&"law", &"decide", &"-", &"--profile", &"mildest"], "").expect(2);
    assert!(ran.err.starts_with("LAW-PROFILE: ") && ran.err.contains("strictest"), "{}", ran.err);
}

#[test]
fn a_file_of_questions_that_is_not_there_is_wrong_use() {
    let ran = run(&[&"law", &"decide", &"/nowhere/questions.jsonl"]).expect(2);
    assert!(ran.err.starts_with("CLI-FILE: /nowhere/questions.jsonl: "), "{}", ran.err);
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&[&"law", &"decide", &folder.path()]).expect(2);
    assert!(ran.err.starts_with("CLI-FILE: "), "{}", ran.err);
}

#[test]
fn every_rule_in_the_list_can_be_explained() {
    let listed = run(&[&"law", &"rules", &"--json"]).expect(0).json();
    let rules = listed["rules"].as_array().unwrap();
    assert!(rules.len() > 40, "{} rules", rules.len());
    let text = run(&[&"law", &"rules"]).expect(0).out;
    for rule in rules {
        let id = rule["id"].as_str().unwrap();
        assert!(text.contains(id), "{id}");
        assert!(rule["cite"].as_str().is_some_and(|cite| !cite.is_empty()), "{rule}");
    }
    for rule in [&rules[0], &rules[rules.len() / 2], &rules[rules.len() - 1]] {
        let id = rule["id"].as_str().unwrap();
        let explained = run(&[&"law", &"explain", &id]).expect(0).out;
        assert!(explained.contains(id) && explained.contains(rule["cite"].as_str().unwrap()), "{explained}");
    }
    let ran = run(&[&"law", &"explain", &"1306.99-nothing"]).expect(2);
    assert!(ran.err.starts_with("LAW-NO-RULE: "), "{}", ran.err);
}

/// Requirements: law-dea-shape, law-dea-check-digit
#[test]
fn dea_numbers_are_checked_each_with_its_own_line() {
    let good = run(&[&"law", &"dea-number", &"MJ3614511", &"AB1234563"]).expect(0);
    assert_eq!(good.out.lines().filter(|line| line.contains(": well formed, ")).count(), 2, "{}", good.out);
    let bad = ["MJ3614512", "A1234563", "AB123456", "AB12345678", "AB12E4563", "", "ＡＢ1234563"];
    for number in bad {
        let ran = run(&[&"law", &"dea-number", &number]).expect(1);
        assert!(!ran.out.contains("well formed"), "{}", ran.out);
    }
    let mixed = run(&[&"law", &"dea-number", &"MJ3614511", &"MJ3614512", &"MJ3614511"]).expect(1);
    let lines: Vec<&str> = mixed.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", mixed.out);
    assert!(lines[1].contains("should be 1"), "{}", lines[1]);
    run(&[&"law", &"dea-number"]).expect(2);
}
