//! Decisions and rules as JSON and as text.

mod book;
mod page;

pub use book::{Page, Refused, rulebook, rulebook_with};
pub use page::{Code, codes, explain, explain_json, file, parameters, words};

use crate::decision::{Answer, Decision, Standing, Verdict};
use crate::edition::{Domain, Parameter, UNLIMITED};
use crate::rule::Rule;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use theriac_model::{Finding, Refusal};

/// A decision as one JSON object: `verdict`, `value`, `reason`, `duties`, `cite` of the scenario format, and beside them
/// `edition`, `profile`, `refusal` (`code`, `what`, `next`, `field`), `standing` and `grounds` (rule identifiers with their findings). `warnings`
/// and `notes` stand in it where there are any.
pub fn verdict(decision: &Decision) -> Value {
    let mut line = Map::new();
    line.insert("verdict".into(), decision.verdict.word().into());
    if let Verdict::Value(answer) = &decision.verdict {
        line.insert("value".into(), value(answer));
    }
    if let Some(reason) = decision.reason {
        line.insert("reason".into(), reason.to_string().into());
    }
    line.insert("duties".into(), decision.duties.iter().map(|duty| duty.to_string()).collect());
    line.insert("cite".into(), cites(decision).into());
    line.insert("profile".into(), decision.profile.as_ref().into());
    if let Some(refusal) = &decision.refusal {
        line.insert("edition".into(), refusal.edition.to_string().into());
        line.insert(
            "refusal".into(),
            json!({
                "code": refusal.code.to_string(),
                "what": refusal.what,
                "next": refusal.next,
                "field": refusal.field,
                "standing": refusal.edition.standing(),
            }),
        );
    }
    let warnings: Vec<Value> = decision
        .warnings()
        .map(|(rule, refusal)| {
            json!({"rule": rule.id, "code": refusal.code.to_string(), "cite": refusal.cite.to_string(), "what": refusal.what, "next": refusal.next, "field": refusal.field})
        })
        .collect();
    if !warnings.is_empty() {
        line.insert("warnings".into(), warnings.into());
    }
    if !decision.notes.is_empty() {
        line.insert("notes".into(), decision.notes.iter().map(AsRef::as_ref).collect());
    }
    if decision.standing == Standing::OnlyProposed2008 {
        line.insert("standing".into(), "only-proposed-2008".into());
    }
    line.insert(
        "grounds".into(),
        decision.grounds.iter().map(|ground| ground_of(ground.rule, &ground.finding)).collect(),
    );
    Value::Object(line)
}

fn ground_of(rule: &Rule, finding: &Finding) -> Value {
    json!({"rule": rule.id, "finding": finding_word(finding)})
}

/// A finding's word in records: `satisfied`, `violated`, `not-applicable`, `not-in-force`.
pub const fn finding_word(finding: &Finding) -> &'static str {
    match finding {
        Finding::Satisfied(_) => "satisfied",
        Finding::Violated(_) => "violated",
        Finding::NotApplicable => "not-applicable",
        Finding::NotInForce(_) => "not-in-force",
    }
}

/// What a finding refuses with, whether it decided or only warned; `None` when nothing was violated.
pub fn violated(finding: &Finding) -> Option<&Refusal> {
    match finding {
        Finding::Violated(refusal) => Some(refusal),
        _ => None,
    }
}

fn value(answer: &Answer) -> Value {
    match answer {
        Answer::Number(number) => (*number).into(),
        other => other.to_string().into(),
    }
}

/// The citation that decided, or all that were asked and applied.
fn cites(decision: &Decision) -> Vec<String> {
    if let Some(refusal) = &decision.refusal {
        return vec![refusal.cite.to_string()];
    }
    let mut cites: Vec<String> = Vec::new();
    for ground in &decision.grounds {
        if let Finding::Satisfied(cite) = &ground.finding
            && !cites.iter().any(|known| known == cite.as_str())
        {
            cites.push(cite.to_string());
        }
    }
    cites
}

/// A rule as one JSON object.
pub fn rule_json(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "area": rule.area,
        "cite": rule.cite,
        "editions": rule.by.editions().map(|edition| edition.to_string()).collect::<Vec<_>>(),
        "since": rule.since.map(|date| date.to_string()),
        "until": rule.until.map(|date| date.to_string()),
        "summary": rule.summary,
        "requirements": rule.requirements,
    })
}

/// All rules as a table, one line each.
pub fn rules_text(rules: &[&Rule]) -> String {
    let mut text = String::new();
    for rule in rules {
        let editions: Vec<_> = rule.by.editions().map(|edition| edition.to_string()).collect();
        let _ = writeln!(
            text,
            "{:<28} {:<22} {}\n{:>28} {} [{}]",
            rule.id,
            rule.area,
            rule.cite,
            "",
            rule.summary,
            editions.join(" ")
        );
    }
    text
}

/// A parameter with the value each edition gives it.
pub fn parameter_json(parameter: &Parameter) -> Value {
    let rows: Vec<Value> = parameter
        .rows
        .iter()
        .map(|row| {
            json!({
                "editions": row.by.editions().map(|edition| edition.to_string()).collect::<Vec<_>>(),
                "since": row.since.map(|date| date.to_string()),
                "until": row.until.map(|date| date.to_string()),
                "value": setting(parameter, row.value),
                "cite": row.cite,
            })
        })
        .collect();
    json!({"id": parameter.id, "what": parameter.what, "direction": parameter.direction.name(), "values": rows})
}

/// A parameter's value in the words of its domain.
pub fn setting(parameter: &Parameter, value: u64) -> Value {
    match parameter.domain {
        Domain::Number(_) if value == UNLIMITED => "unlimited".into(),
        Domain::Number(unit) => format!("{value} {unit}").into(),
        Domain::YesNo => (value != 0).into(),
        Domain::Words(words) => {
            words.iter().enumerate().filter(|(n, _)| value & (1 << n) != 0).map(|(_, word)| *word).collect()
        }
    }
}
