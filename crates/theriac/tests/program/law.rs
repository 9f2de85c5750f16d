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

/// One line that contradicts itself, and the field that its answer must name.
fn contradictions() -> Vec<(Value, &'static str)> {
    let with = |change: &dyn Fn(&mut Value)| {
        let mut question = refill("x", 2, "any");
        change(&mut question);
        question
    };
    let history = |n: usize, key: &'static str, value: Value| {
        with(&move |question| question["facts"]["history"][n][key] = value.clone())
    };
    vec![
        (history(0, "kind", json!("refill")), "facts.history[0].kind"),
        (with(&|question| question["facts"]["history"] = json!([])), "request.action"),
        (history(1, "kind", json!("fill")), "facts.history[1].kind"),
        (history(1, "at", json!("2026-01-04")), "facts.history[1].at"),
        (history(0, "at", json!("2026-01-03")), "facts.history[0].at"),
        (history(1, "at", json!("2026-06-21")), "facts.history[1].at"),
        (history(1, "at", json!("2026-02-29")), "facts.history[1].at"),
        (history(0, "quantity", json!(-30)), "facts.history[0].quantity"),
        (history(0, "quantity", json!("thirty")), "facts.history[0].quantity"),
        (with(&|question| question["request"]["quantity"] = json!(-1)), "request.quantity"),
        (with(&|question| question["request"]["quantity"] = json!(0)), "request.quantity"),
        (with(&|question| question["request"]["quantity"] = json!(1.5)), "request.quantity"),
        (with(&|question| question["request"]["at"] = json!("2026-06-20T24:30:00Z")), "request.at"),
        (with(&|question| question["request"]["colour"] = json!("red")), "request.colour"),
        (with(&|question| question["facts"]["weather"] = json!("fair")), "facts.weather"),
        (with(&|question| question["facts"]["prescription"] = Value::Null), "facts.prescription"),
        (with(&|question| question["facts"]["state"] = json!("ZZ")), "facts.state"),
        (with(&|question| question["remark"] = json!("x")), "remark"),
    ]
}

#[test]
fn a_line_that_contradicts_itself_names_the_field_and_the_next_line_is_answered() {
    let cases = contradictions();
    let good = refill("good", 2, "any");
    let lines: Vec<String> = cases.iter().flat_map(|(bad, _)| [bad.to_string(), good.to_string()]).collect();
    let text = lines.join("\n");
    let ran = run_with(&[&"law", &"decide", &"-"], &text).expect(1);
    let answers = ran.lines();
    assert_eq!(answers.len(), 2 * cases.len());
    for (n, (bad, field)) in cases.iter().enumerate() {
        let error = &answers[2 * n]["error"];
        assert_eq!((&error["line"], error["field"].as_str()), (&json!(2 * n + 1), Some(*field)), "{bad}: {error}");
        assert!(error["what"].as_str().is_some_and(|what| what.len() > 5), "{error}");
        assert_eq!(answers[2 * n + 1]["verdict"], "permit", "{}", answers[2 * n + 1]);
    }
    let told = format!("LAW-LINES: {} answered, {} not readable", cases.len(), cases.len());
    assert!(ran.err.starts_with(&told), "{}", ran.err);
}

#[test]
fn lines_that_are_no_questions_at_all_are_errors_of_their_own() {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let long = format!("{{\"id\":\"{}\"}}", "x".repeat(1 << 20));
    let text = format!("{{\n[]\nnull\n\"text\"\n{deep}\n{long}\n\u{feff}{{}}\n{}\n", refill("good", 2, "any"));
    let ran = run_with(&[&"law", &"decide", &"-"], &text).expect(1);
    let answers = ran.lines();
    assert_eq!(answers.len(), 8, "{}", ran.err);
    for (n, answer) in answers.iter().enumerate().take(7) {
        assert_eq!(answer["error"]["line"], n + 1, "{answer}");
    }
    assert_eq!(answers[7]["verdict"], "permit");
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

#[test]
fn a_rule_is_explained_to_people_and_to_programs() {
    let page = run(&[&"law", &"explain", &"1306.22-count", &"--json"]).expect(0).json();
    assert_eq!((&page["id"], &page["cite"]), (&"1306.22-count".into(), &"21 CFR 1306.22(a)".into()));
    let text = run(&[&"law", &"explain", &"1306.22-count"]).expect(0).out;
    for line in page["words"].as_str().unwrap().lines() {
        assert!(text.contains(line), "{line}");
    }
    for key in ["refusals", "parameters", "requirements", "editions"] {
        assert!(page[key].as_array().is_some_and(|list| !list.is_empty()), "{key}: {page}");
    }
    for refusal in page["refusals"].as_array().unwrap() {
        assert!(text.contains(refusal["code"].as_str().unwrap()), "{refusal}");
    }
}

#[test]
fn rules_are_listed_by_area_edition_and_day() {
    let count = |args: &[&str]| {
        let mut all: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![&"law", &"rules", &"--json"];
        all.extend(args.iter().map(|arg| arg as &dyn AsRef<std::ffi::OsStr>));
        run(&all).expect(0).json()["rules"].as_array().unwrap().len()
    };
    let all = count(&[]);
    let refills = count(&["--area", "refills"]);
    assert!(refills > 0 && refills < all);
    assert!(count(&["--edition", "cards-2021"]) < all);
    assert!(count(&["--area", "refills", "--edition", "cfr", "--on", "2020-01-01"]) <= refills);
    for (flag, value, code) in [
        ("--area", "astrology", "LAW-AREA: "),
        ("--edition", "cfr-1066", "LAW-EDITION: "),
        ("--edition", "state.AZ", "LAW-EDITION: "),
    ] {
        let ran = run(&[&"law", &"rules", &flag, &value]).expect(2);
        assert!(ran.err.starts_with(code) && ran.err.contains("\nNext: write "), "{}", ran.err);
    }
    run(&[&"law", &"rules", &"--on", &"2020-02-30"]).expect(2);
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
