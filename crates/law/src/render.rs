//! Decisions and rules as JSON and as text.

use crate::decision::{Answer, Decision, Standing, Verdict};
use crate::edition::{Domain, Parameter, UNLIMITED};
use crate::rule::Rule;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use theriac_model::Finding;

/// A decision as one JSON object: `verdict`, `value`, `reason`, `duties`, `cite` of the scenario format, and beside them
/// `edition`, `profile`, `refusal` (`code`, `what`, `next`, `field`), `standing` and `grounds` (rule identifiers with their findings).
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
    let word = match finding {
        Finding::Satisfied(_) => "satisfied",
        Finding::Violated(_) => "violated",
        Finding::NotApplicable => "not-applicable",
        Finding::NotInForce(_) => "not-in-force",
    };
    json!({"rule": rule.id, "finding": word})
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

/// One rule, explained: what it says, who says it, since when, which requirement rows it serves.
pub fn explain(rule: &Rule) -> String {
    let mut text = format!("{}\n  {}\n  {}\n", rule.id, rule.summary, rule.cite);
    for edition in rule.by.editions() {
        let _ = writeln!(text, "  {edition}: {}", edition.standing());
    }
    if let Some(since) = rule.since {
        let _ = writeln!(text, "  in force since {since}");
    }
    if let Some(until) = rule.until {
        let _ = writeln!(text, "  in force until {until}");
    }
    if !rule.requirements.is_empty() {
        let _ = writeln!(text, "  requirements: {}", rule.requirements.join(", "));
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

/// One page of the printed rulebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The file's name, such as `refills.md`.
    pub file: String,
    /// Markdown.
    pub text: String,
}

/// The rulebook as pages: an index, one page for each area, one for the parameters. Made from the rules themselves, so that
/// a check can compare what is printed with what decides.
pub fn rulebook() -> Vec<Page> {
    let mut areas: Vec<&str> = crate::registry().iter().map(|rule| rule.area).collect();
    areas.sort_unstable();
    areas.dedup();
    let mut index = "# The rulebook\n\nMade from the rules; do not edit.\n\n".to_owned();
    let mut pages = Vec::new();
    for area in areas {
        let rules: Vec<&Rule> = crate::registry().iter().copied().filter(|rule| rule.area == area).collect();
        let _ = writeln!(index, "- [{area}]({area}.md): {} rules", rules.len());
        pages.push(Page { file: format!("{area}.md"), text: area_page(area, &rules) });
    }
    let _ = writeln!(index, "- [parameters](parameters.md): {} values by edition", crate::parameters().len());
    pages.push(Page { file: "parameters.md".to_owned(), text: parameter_page() });
    pages.insert(0, Page { file: "README.md".to_owned(), text: index });
    pages
}

fn area_page(area: &str, rules: &[&Rule]) -> String {
    let mut text = format!("# {area}\n");
    for rule in rules {
        let editions: Vec<String> = rule.by.editions().map(|edition| edition.to_string()).collect();
        let _ = write!(
            text,
            "\n### {}\n\n{}.\n\n- {}\n- said by {}\n",
            rule.id,
            rule.summary,
            rule.cite,
            editions.join(", ")
        );
        if let Some(since) = rule.since {
            let _ = writeln!(text, "- in force since {since}");
        }
        if let Some(until) = rule.until {
            let _ = writeln!(text, "- in force until {until}");
        }
        let _ = writeln!(text, "- requirements: {}", rule.requirements.join(", "));
    }
    text
}

fn parameter_page() -> String {
    let mut text = "# Parameters\n\nWhat each edition says, and which value is the stricter.\n".to_owned();
    for parameter in crate::parameters() {
        let _ = write!(text, "\n### {}\n\n{} (`{}`).\n\n", parameter.id, parameter.what, parameter.direction.name());
        if parameter.rows.is_empty() {
            text.push_str("Federal law is silent; a State may speak.\n");
            continue;
        }
        text.push_str("| edition | from | until | value | where |\n|---|---|---|---|---|\n");
        for row in parameter.rows {
            let editions: Vec<String> = row.by.editions().map(|edition| edition.to_string()).collect();
            let day = |date: Option<jiff::civil::Date>| date.map_or(String::new(), |date| date.to_string());
            let value = match setting(parameter, row.value) {
                Value::String(text) => text,
                Value::Array(words) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
                other => other.to_string(),
            };
            let _ = writeln!(
                text,
                "| {} | {} | {} | {value} | {} |",
                editions.join(", "),
                day(row.since),
                day(row.until),
                row.cite
            );
        }
    }
    text
}
