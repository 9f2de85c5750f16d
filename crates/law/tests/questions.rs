//! Reading questions: bad lines are errors that name line and field, never verdicts, and the run goes on.

use jiff::civil::date;
use theriac_law::cli::{self, Filter, Output, Over, decide_lines};
use theriac_law::edition::By;
use theriac_law::vocab::Word;
use theriac_law::{Profile, read_line, render};
use theriac_model::Edition;

fn line(request: &str, facts: &str) -> String {
    format!("{{\"id\":\"x\",\"edition\":\"any\",\"request\":{request},\"facts\":{facts}}}")
}

const RX: &str =
    "{\"prescription\":{\"schedule\":\"III\",\"form\":\"paper\",\"issued\":\"2021-01-11\",\"quantity\":30}}";

/// Checks that `line` is refused and that the error names `field`.
fn check(line: &str, field: &str) {
    let error = read_line(line).expect_err(line);
    assert_eq!(error.field, field, "{error} for {line}");
}

fn rx(more: &str) -> String {
    format!(
        "{{\"prescription\":{{\"schedule\":\"III\",\"form\":\"paper\",\"issued\":\"2021-01-11\",\"quantity\":30{more}}}}}"
    )
}

#[test]
fn a_line_that_is_no_question_names_the_field() {
    let fill = "{\"action\":\"fill\",\"at\":\"2021-02-01\",\"quantity\":30}";
    assert!(read_line(&line(fill, RX)).is_ok());
    check("", "line");
    check("[1]", "");
    check("{\"id\":\"x\"}", "request");
    check(&line("{\"at\":\"2021-02-01\"}", RX), "request.action");
    check(&line("{\"action\":\"dispense\",\"at\":\"2021-02-01\"}", RX), "request.action");
    check(&line("{\"action\":\"fill\",\"quantity\":30}", RX), "request.at");
    check(&line("{\"action\":\"fill\",\"at\":\"2021-02-29\",\"quantity\":30}", RX), "request.at");
    check(&line("{\"action\":\"fill\",\"at\":\"2021-02-01\",\"quantity\":-3}", RX), "request.quantity");
    check(&line("{\"action\":\"fill\",\"at\":\"2021-02-01\",\"quantity\":0}", RX), "request.quantity");
    check(&line("{\"action\":\"fill\",\"at\":\"2021-02-01\",\"quantity\":1.5}", RX), "request.quantity");
    check(&line("{\"action\":\"fill\",\"at\":\"2021-02-01\",\"quantity\":30,\"hurry\":true}", RX), "request.hurry");
    check(&line(fill, "{}"), "facts.prescription");
    check(&line(fill, &rx(",\"colour\":\"red\"")), "facts.prescription.colour");
    check(&line(fill, &rx(",\"setting\":\"hotel\"")), "facts.prescription.setting");
    check(&line(fill, &rx(",\"missing\":[\"moon\"]")), "facts.prescription.missing[0]");
    check(&line(fill, "{\"prescription\":3}"), "facts.prescription");
    check(&line(fill, &RX.replace("\"III\"", "\"VI\"")), "facts.prescription.schedule");
    check(&line(fill, &RX.replace(":30", ":0")), "facts.prescription.quantity");
    check(&line(fill, &format!("{},\"order\":{{\"method\":\"csos\"}}}}", &RX[..RX.len() - 1])), "facts.order");
    check(&line(fill, &format!("{},\"state\":\"XX\"}}", &RX[..RX.len() - 1])), "facts.state");
    check(
        "{\"id\":\"x\",\"request\":{\"action\":\"retain\",\"at\":\"2021-02-01\",\"record\":\"inventory\"},\"mood\":1}",
        "mood",
    );
}

#[test]
fn facts_that_contradict_each_other_are_an_error_and_no_denial() {
    let refill = "{\"action\":\"refill\",\"at\":\"2021-03-01\",\"quantity\":30}";
    let history = |entries: &str| format!("{},\"history\":[{entries}]}}", &RX[..RX.len() - 1]);
    let fill = "{\"kind\":\"fill\",\"at\":\"2021-01-11\",\"quantity\":30}";
    let second = "{\"kind\":\"refill\",\"at\":\"2021-02-01\",\"quantity\":30}";
    assert!(read_line(&line(refill, &history(fill))).is_ok());
    check(&line(refill, &history("")), "request.action");
    check(&line(refill, &history(&format!("{second},{fill}"))), "facts.history[1].at");
    check(&line(refill, &history(&second.replace("2021-02-01", "2021-01-12"))), "facts.history[0].kind");
    check(&line(refill, &history(&format!("{fill},{fill}"))), "facts.history[1].kind");
    check(&line(refill, &history(&fill.replace("2021-01-11", "2021-04-01"))), "facts.history[0].at");
    check(&line(refill, &history(&fill.replace(":30", ":0"))), "facts.history[0].quantity");
    let sale = "{\"action\":\"sell-slcp\",\"at\":\"2021-03-01\",\"quantity\":3}";
    check(&line(sale, "{\"product\":{},\"purchaser\":{\"age\":30}}"), "request.at");
    let sale = "{\"action\":\"sell-slcp\",\"at\":\"2021-03-01T10:00:00-05:00\",\"quantity\":3}";
    check(
        &line(sale, "{\"product\":{\"chemical\":\"ephedrine\"},\"purchaser\":{\"age\":30}}"),
        "facts.product.mg_per_unit",
    );
}

#[test]
fn the_run_goes_on_after_a_bad_line_and_the_caller_learns_of_it() {
    let good = line("{\"action\":\"retain\",\"at\":\"2021-02-01\",\"record\":\"inventory\"}", "{\"state\":null}");
    let text = format!(
        "{good}\n{{\"id\":\"b\",\"request\":{{\"action\":\"sing\",\"at\":\"2021-02-01\"}}}}\n\n{good}\nnonsense\n"
    );
    let mut out = Vec::new();
    let summary =
        decide_lines(&mut text.as_bytes(), &mut out, &Profile::strictest(), Over::Line).expect("memory does not fail");
    let out = String::from_utf8(out).expect("JSON");
    let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((summary.answered, summary.malformed, summary.is_clean()), (2, 2, false));
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["value"], "2023-02-01");
    assert_eq!((&lines[1]["id"], &lines[1]["error"]["line"]), (&"b".into(), &2.into()));
    assert_eq!(lines[1]["error"]["field"], "request.action");
    assert_eq!(lines[2]["verdict"], "value");
    assert_eq!((&lines[3]["error"]["line"], &lines[3]["error"]["field"]), (&5.into(), &"line".into()));
}

/// A line's own edition is used unless the caller's profile is to win.
#[test]
fn the_edition_of_a_line_or_the_profile_of_the_caller_is_used() {
    let text = line(
        "{\"action\":\"retain\",\"at\":\"2021-02-01\",\"record\":\"electronic-prescription\"}",
        "{\"state\":null}",
    )
    .replace("\"any\"", "\"cards-2021\"");
    let value = |over: Over| {
        let mut out = Vec::new();
        decide_lines(&mut text.as_bytes(), &mut out, &Profile::strictest(), over).expect("memory does not fail");
        serde_json::from_slice::<serde_json::Value>(&out).expect("JSON")["value"].clone()
    };
    assert_eq!(value(Over::Line), "2023-02-01");
    assert_eq!(value(Over::Profile), "2026-02-01");
    let unknown = text.replace("cards-2021", "cards-1921");
    let mut out = Vec::new();
    let summary = decide_lines(&mut unknown.as_bytes(), &mut out, &Profile::strictest(), Over::Line)
        .expect("memory does not fail");
    assert_eq!(summary.malformed, 1);
}

/// A refusal tells what, why, where and what next, in the line that programs read.
#[test]
fn an_answer_line_holds_the_refusal_in_full() {
    let text = line(
        "{\"action\":\"refill\",\"at\":\"2021-07-12\",\"quantity\":30}",
        &format!("{},\"history\":[{{\"kind\":\"fill\",\"at\":\"2021-01-11\",\"quantity\":30}}]}}", &RX[..RX.len() - 1]),
    )
    .replace("\"edition\":\"any\",", "");
    let mut out = Vec::new();
    decide_lines(&mut text.as_bytes(), &mut out, &Profile::strictest(), Over::Line).expect("memory does not fail");
    let answer: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
    assert_eq!((&answer["verdict"], &answer["reason"]), (&"deny".into(), &"expired".into()));
    assert_eq!(answer["cite"][0], "21 CFR 1306.22(a)");
    assert_eq!(answer["edition"], "cfr");
    assert_eq!(answer["refusal"]["code"], "LAW-1306.22-EXPIRED");
    assert_eq!(answer["refusal"]["next"], "ask for a new prescription");
    assert_eq!(answer["refusal"]["field"], "prescription.issued");
    assert_eq!(
        answer["grounds"].as_array().and_then(|grounds| grounds.last()).map(|ground| &ground["finding"]),
        Some(&"violated".into())
    );
}

#[test]
fn an_endless_line_costs_bounded_memory_and_is_refused() {
    let mut text = vec![b'x'; 3 << 20];
    text.push(b'\n');
    let mut out = Vec::new();
    let summary =
        decide_lines(&mut text.as_slice(), &mut out, &Profile::strictest(), Over::Line).expect("memory does not fail");
    assert_eq!(summary.malformed, 1);
    assert!(out.len() < 500);
}

/// Requirements: law-dea-pass-is-not-proof
#[test]
fn the_command_line_lists_explains_and_looks_up() {
    let mut out = Vec::new();
    assert!(cli::rules(&mut out, &Filter::default(), Output::Json).expect("memory does not fail"));
    let listed: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
    assert_eq!(listed["rules"].as_array().map(Vec::len), Some(theriac_law::registry().len()));
    assert_eq!(listed["parameters"].as_array().map(Vec::len), Some(theriac_law::parameters().len()));
    let mut out = Vec::new();
    assert!(cli::explain(&mut out, "1306.22-count", Output::Text).expect("memory does not fail"));
    assert!(String::from_utf8(out).expect("text").contains("21 CFR 1306.22(a)"));
    assert!(!cli::explain(&mut Vec::new(), "1306.99", Output::Text).expect("memory does not fail"));
    let (day, none) = (date(2026, 11, 22), cli::Listings::default());
    let mut out = Vec::new();
    assert!(
        cli::schedule(&mut out, &Profile::in_force(), "Percocet", day, Output::Text, &none)
            .expect("memory does not fail")
    );
    assert!(
        !cli::schedule(&mut out, &Profile::in_force(), "Imaginarol", day, Output::Text, &none)
            .expect("memory does not fail")
    );
    let numbers = ["MJ3614511".to_owned(), "MJ3614512".to_owned()];
    assert!(
        !cli::dea_numbers(&mut out, &Profile::in_force(), &numbers, day, Output::Text).expect("memory does not fail")
    );
    let text = String::from_utf8(out).expect("text");
    assert!(text.contains("Percocet: II") && text.contains("Imaginarol: unknown"), "{text}");
    assert!(text.contains("MJ3614511: well formed, mid-level; whether it is registered is another question"), "{text}");
    assert!(text.contains("LAW-1301-CHECK-DIGIT: the seventh digit should be 1"), "{text}");
}

#[test]
fn any_asks_all_three_editions_and_says_where_they_differ() {
    let answer = |record: &str| {
        let request = format!("{{\"action\":\"retain\",\"at\":\"2021-02-01\",\"record\":\"{record}\"}}");
        let mut out = Vec::new();
        decide_lines(&mut line(&request, "{}").as_bytes(), &mut out, &Profile::strictest(), Over::Line)
            .expect("memory does not fail");
        serde_json::from_slice::<serde_json::Value>(&out).expect("JSON")
    };
    let same = answer("inventory");
    assert_eq!((&same["value"], &same["profile"]), (&"2023-02-01".into(), &"any".into()));
    assert!(same.get("editions").is_none());
    let differs = answer("electronic-prescription");
    assert_eq!(differs["editions"]["proposed-2008"]["value"], "2026-02-01");
    assert_eq!(differs["editions"]["cards-2021"]["value"], "2023-02-01");
}

fn listed(filter: &Filter) -> Vec<String> {
    let mut out = Vec::new();
    let any = cli::rules(&mut out, filter, Output::Json).expect("memory does not fail");
    let listed: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
    let rules = listed["rules"].as_array().expect("a list");
    assert_eq!(any, !rules.is_empty());
    rules.iter().map(|rule| rule["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn rules_are_listed_by_area_edition_and_day() {
    let area = Filter { area: Some("refills".to_owned()), ..Filter::default() };
    let refills = listed(&area);
    assert!(refills.contains(&"1306.22-count".to_owned()) && refills.len() < listed(&Filter::default()).len());
    assert!(Filter::areas().contains(&"refills"));
    assert_eq!(listed(&Filter { area: Some("astrology".to_owned()), ..Filter::default() }).len(), 0);
    let of = |edition| listed(&Filter { edition: Some(edition), ..Filter::default() });
    let (code, cards) = (of(Edition::Cfr), of(Edition::Cards2021));
    let only_code = theriac_law::registry().iter().filter(|rule| rule.by == By::CFR).map(|rule| rule.id.to_owned());
    for id in only_code {
        assert!(code.contains(&id) && !cards.contains(&id), "{id}");
    }
    assert_eq!(of(Edition::State(*b"AZ")).len(), 0, "a State speaks by parameters");
    for rule in theriac_law::registry() {
        let on = |day| listed(&Filter { on: Some(day), ..Filter::default() }).contains(&rule.id.to_owned());
        if let Some(since) = rule.since {
            assert!(on(since) && !on(since.yesterday().expect("a day")), "{}", rule.id);
        }
        if let Some(until) = rule.until {
            assert!(on(until) && !on(until.tomorrow().expect("a day")), "{}", rule.id);
        }
    }
}

#[test]
fn a_rule_is_explained_with_its_words_numbers_refusals_and_requirements() {
    let mut out = Vec::new();
    assert!(cli::explain(&mut out, "1306.22-count", Output::Json).expect("memory does not fail"));
    let page: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
    assert_eq!(page["cite"], "21 CFR 1306.22(a)");
    assert!(page["words"].as_str().expect("words").contains("(1306.22(a))"), "{page}");
    assert_eq!(page["refusals"][0], serde_json::json!({"code": "LAW-1306.22-COUNT", "reason": "refills-exhausted"}));
    let number = &page["parameters"][0];
    assert_eq!((&number["id"], &number["values"][0]["value"]), (&"refill.iii-iv.count".into(), &"5 refills".into()));
    assert!(page["requirements"].to_string().contains("law-refill-original-not-counted"));
    let mut out = Vec::new();
    assert!(cli::explain(&mut out, "1306.22-count", Output::Text).expect("memory does not fail"));
    let text = String::from_utf8(out).expect("text");
    for part in [
        "21 CFR 1306.22(a)",
        "all four editions",
        "LAW-1306.22-COUNT",
        "refill.iii-iv.count",
        "5 refills",
        "law-refill-",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn every_rule_has_words_of_its_own_section_and_every_reason_is_a_reason() {
    for rule in theriac_law::registry() {
        assert!(!render::words(rule).is_empty(), "{} has no words: is `rule!(` at the beginning of its line?", rule.id);
        for code in render::codes(rule) {
            let known = code.reason.is_empty() || theriac_law::Reason::from_word(code.reason).is_some();
            assert!(known, "{}: {code:?}", rule.id);
        }
    }
}
