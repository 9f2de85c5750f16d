//! The rulebook's pages: every rule has one, and the form answers as the rulebook does.

use super::*;

/// The last day on which a prescription of schedule IV of 11 January may be refilled is 11 July.
const REFILL: &str = "/law/try?action=refill&asked=30&schedule=IV&form=electronic&issued=2026-01-11&quantity=30&refills=5&filled=2026-01-12";

#[tokio::test]
async fn every_rule_has_a_page_and_stands_in_the_list() {
    let world = demo();
    let list = get(&world, "/law", None).await;
    for rule in theriac_law::registry() {
        assert!(list.text.contains(&format!("/law/rules/{}\"", rule.id)), "{}", rule.id);
        let page = get(&world, &format!("/law/rules/{}", rule.id), None).await;
        assert_eq!(page.status, StatusCode::OK, "{}", rule.id);
        assert!(page.text.contains(rule.id));
    }
    assert_eq!(get(&world, "/law/rules/no-such-rule", None).await.status, StatusCode::NOT_FOUND);
}

/// Requirements: law-refill-ciii-civ-five-in-six-months
#[tokio::test]
async fn the_form_answers_inside_at_and_outside_a_limit_under_every_edition_and_says_what_would_help() {
    let world = demo();
    for (day, yes) in [("2026-07-10", true), ("2026-07-11", true), ("2026-07-12", false)] {
        let page = get(&world, &format!("{REFILL}&at={day}"), None).await;
        assert_eq!(page.status, StatusCode::OK);
        let answers = page.text.matches("<span class=\"tag good\">yes").count();
        assert_eq!(answers, if yes { 5 } else { 0 }, "{day}");
        assert_eq!(page.text.contains("What would make it lawful"), !yes, "{day}");
        assert!(yes || page.text.contains("On 2026-07-11 (the day asked about is 2026-07-12)"), "{}", page.text);
        for profile in ["strictest", "in-force", "proposed-2008", "manual-2010", "cards-2021"] {
            assert!(page.text.contains(&format!("Profile <code>{profile}</code>")), "{profile}");
        }
    }
}

#[tokio::test]
async fn the_form_names_what_it_cannot_read() {
    let world = demo();
    for (query, words) in [
        ("action=refill&at=2026-02-30&schedule=IV&form=paper&issued=2026-01-11&quantity=30", "request.at"),
        ("action=fill&at=2026-02-01&schedule=IV&form=paper&issued=2026-01-11&quantity=-1", "not a whole number"),
        (
            "action=refill&at=2026-02-01&schedule=IV&form=paper&issued=2026-01-11&quantity=30",
            "before the first filling",
        ),
        ("action=fly&at=2026-02-01&schedule=IV&form=paper&issued=2026-01-11&quantity=30", "is not an action"),
        ("json=%7B", "not JSON"),
        ("json=%7B%22request%22%3A7%7D", "request"),
        ("action=%3Cscript%3E&at=2026-02-01", "&#60;script&#62;"),
    ] {
        let page = get(&world, &format!("/law/try?{query}"), None).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert!(page.text.contains(words), "{query}: {}", page.text);
        assert!(!page.text.contains("id=\"answers\""), "{query}");
    }
}

#[tokio::test]
async fn any_question_of_the_format_may_be_asked() {
    let world = demo();
    let question = QUESTION.replace("\"profile\":\"in-force\",", "");
    let query = question.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    let page = get(&world, &format!("/law/try?json={query}"), None).await;
    assert!(
        page.text.contains("id=\"answers\"") && page.text.contains("If quantity were 30 instead of 60"),
        "{}",
        page.text
    );
    let answer = post(&world, "/api/v1/law/decide", None, QUESTION).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!((&answer.json()["verdict"], &answer.json()["reason"]), (&"deny".into(), &"quantity-exceeded".into()));
    assert_eq!(answer.json()["remedies"][0]["becomes"], 30);
    let with_history = |acts: usize, mark: usize| {
        let act = r#"{"kind":"note","at":"2021-01-12"}"#.replace("note", &"x".repeat(mark));
        QUESTION
            .replace("\"quantity\":30}}", &format!("\"quantity\":30}},\"history\":[{}]}}", vec![act; acts].join(",")))
    };
    for (question, code) in [
        (with_history(200, 1), "LAW-QUESTION"),
        (with_history(201, 1), "LAW-QUESTION-SIZE"),
        (with_history(1, 16_000), "LAW-QUESTION"),
        (with_history(1, 17_000), "LAW-QUESTION-SIZE"),
    ] {
        let answer = post(&world, "/api/v1/law/decide", None, &question).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (422, &code.into()), "{}", answer.text);
    }
    for bad in ["{}", r#"{"profile":"mine"}"#, r#"{"profile":7,"request":{},"facts":{}}"#] {
        let answer = post(&world, "/api/v1/law/decide", None, bad).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (422, &"LAW-QUESTION".into()), "{bad}");
    }
}
