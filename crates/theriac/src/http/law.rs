//! The rulebook as pages, open to everybody: the rules, one rule, and a form that asks each edition the same question.

mod form;
mod verdicts;

use super::answer::{json, page};
use super::asked::Asked;
use super::doors::Door;
use super::failure::Failure;
use super::filters;
use super::shell::Shell;
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use form::Form;
use serde_json::{Value, json as object};
use theriac_law::{Profile, Rule, read_question, registry, remedies, render};
use verdicts::{Column, Help, column, helps};

type Answer = Result<Response, Failure>;

/// The profiles that are asked side by side: the deployment's two, and each text on its own.
const PROFILES: [&str; 5] = ["strictest", "in-force", "proposed-2008", "manual-2010", "cards-2021"];

/// The rules of one area.
struct Area {
    name: &'static str,
    rules: Vec<&'static Rule>,
}

#[derive(Template)]
#[template(path = "law.html")]
struct RulesPage {
    shell: Shell,
    areas: Vec<Area>,
    count: usize,
}

/// `/law`
pub(super) fn rules(asked: &Asked) -> Answer {
    let mut areas: Vec<Area> = Vec::new();
    for &rule in registry() {
        match areas.iter_mut().find(|area| area.name == rule.area) {
            Some(area) => area.rules.push(rule),
            None => areas.push(Area { name: rule.area, rules: vec![rule] }),
        }
    }
    areas.sort_by_key(|area| area.name);
    page(&RulesPage { shell: Shell::new(Door::Law, &asked.visit), areas, count: registry().len() })
}

#[derive(Template)]
#[template(path = "law_rule.html")]
struct RulePage {
    shell: Shell,
    rule: &'static Rule,
    text: String,
}

fn find(asked: &Asked) -> Result<&'static Rule, Failure> {
    let id = asked.id("id")?;
    theriac_law::rule(&id).ok_or_else(|| Failure::no_such("rule", "take it from the list at /law"))
}

/// `/law/rules/{id}`
pub(super) fn rule(asked: &Asked) -> Answer {
    let rule = find(asked)?;
    page(&RulePage { shell: Shell::new(Door::LawRule, &asked.visit), rule, text: render::explain(rule) })
}

/// `/api/v1/law/rules`
pub(super) fn rules_json() -> Answer {
    json(&object!({ "rules": registry().iter().map(|rule| render::rule_json(rule)).collect::<Vec<_>>() }))
}

/// `/api/v1/law/rules/{id}`
pub(super) fn rule_json(asked: &Asked) -> Answer {
    json(&render::rule_json(find(asked)?))
}

#[derive(Template)]
#[template(path = "law_try.html")]
struct TryPage {
    shell: Shell,
    form: Form,
    /// What is wrong with the form, if anything.
    fault: Option<String>,
    columns: Vec<Column>,
    helps: Vec<Help>,
    /// The question as the scenario format writes it.
    question: String,
}

/// The largest question, in bytes of its JSON: what would make it lawful is found by asking it over and over.
const QUESTION_BYTES_MOST: usize = 16 * 1024;
/// Fillings, refills and other acts of a question's history at most.
const HISTORY_MOST: usize = 200;

/// Whether a question is small enough to be asked over and over by anybody who comes along.
fn small_enough(request: &Value, facts: &Value) -> Result<(), (&'static str, String)> {
    let acts = facts.get("history").and_then(Value::as_array).map_or(0, Vec::len);
    if acts > HISTORY_MOST {
        return Err(("facts.history", format!("the history has {acts} acts, and {HISTORY_MOST} fit")));
    }
    let bytes = request.to_string().len() + facts.to_string().len();
    if bytes > QUESTION_BYTES_MOST {
        return Err(("facts", format!("the question has {bytes} bytes, and {QUESTION_BYTES_MOST} fit")));
    }
    Ok(())
}

/// `/law/try`: the form, and under it the answers if it was filled in.
pub(super) async fn ask(asked: Asked) -> Answer {
    let shell = Shell::new(Door::LawTry, &asked.visit);
    let empty = asked.head.uri.query().is_none_or(str::is_empty);
    let form = Query::<Form>::try_from_uri(&asked.head.uri).map_err(|_| bad_form())?.0;
    let none = |form, fault| TryPage {
        shell: Shell::new(Door::LawTry, &asked.visit),
        form,
        fault,
        columns: Vec::new(),
        helps: Vec::new(),
        question: String::new(),
    };
    if empty {
        return page(&none(Form::example(), None));
    }
    let (request, facts) = match form.question() {
        Ok(parts) => parts,
        Err(fault) => return page(&none(form, Some(fault))),
    };
    let question = match read_question(&request, &facts) {
        Ok(question) => question,
        Err(fault) => return page(&none(form, Some(fault.to_string()))),
    };
    if let Err((_, fault)) = small_enough(&request, &facts) {
        return page(&none(form, Some(fault)));
    }
    let line = object!({ "request": &request, "facts": &facts }).to_string();
    let answered = asked.app.ask_the_law(move || {
        let columns = PROFILES.iter().map(|name| column(name, &question)).collect();
        (columns, helps(&Profile::strictest(), &request, &facts))
    });
    let (columns, helps) = answered.await?;
    page(&TryPage { shell, form, fault: None, columns, helps, question: line })
}

fn bad_form() -> Failure {
    Failure::new(
        StatusCode::BAD_REQUEST,
        "HTTP-FORM",
        "the form could not be read",
        "open /law/try again and fill it in",
    )
}

/// `POST /api/v1/law/decide`: `{"request": ..., "facts": ..., "profile": "strictest"}`.
pub(super) async fn decide(asked: Asked) -> Answer {
    let app = asked.app.clone();
    let mut body: Value = asked.json().await?;
    let profile = body.get("profile").map_or(Some("strictest"), Value::as_str).unwrap_or_default();
    let profile = Profile::named(profile).map_err(|error| not_readable("profile", &error.to_string()))?;
    let mut part = |name: &str| body.get_mut(name).map(Value::take).unwrap_or_default();
    let (request, facts) = (part("request"), part("facts"));
    small_enough(&request, &facts).map_err(|(field, what)| too_large(field, &what))?;
    let question = read_question(&request, &facts).map_err(|fault| not_readable("question", &fault.to_string()))?;
    let answered = app.ask_the_law(move || {
        theriac_law::decide(&profile, &question).map(|decision| {
            let mut answer = render::verdict(&decision);
            let found = remedies(&profile, &request, &facts);
            answer["remedies"] = found
                .iter()
                .map(|remedy| object!({ "fact": remedy.fact, "was": remedy.was, "becomes": remedy.becomes }))
                .collect();
            answer
        })
    });
    json(&answered.await?.map_err(|error| not_readable("request.action", &error.to_string()))?)
}

fn too_large(field: &str, what: &str) -> Failure {
    Failure::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "LAW-QUESTION-SIZE",
        format!("{field}: {what}"),
        "ask with the acts that matter, or ask `theriac law decide`, which has no such bound",
    )
}

fn not_readable(field: &str, what: &str) -> Failure {
    Failure::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "LAW-QUESTION",
        format!("{field}: {what}"),
        "correct the field; the words are those of `theriac law decide`",
    )
}
