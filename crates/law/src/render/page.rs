//! One rule's whole page: what it says, who says it, since when, with which numbers, how it refuses, what it serves.

use super::book::{LAST_DAY, capital, period, said_by, shown, strictness};
use super::{parameter_json, rule_json};
use crate::edition::{Overlay, Parameter};
use crate::rule::Rule;
use crate::vocab::State;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What a file of rules says of itself, gathered when the crate is built.
struct Page {
    file: &'static str,
    words: &'static str,
    rules: &'static [&'static str],
    parameters: &'static [&'static str],
    /// Rule, code, reason.
    refusals: &'static [(&'static str, &'static str, &'static str)],
}

static PAGES: &[Page] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// A refusal that a rule may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The refusal's code.
    pub code: &'static str,
    /// The reason's word in answers; empty where it is chosen by the facts.
    pub reason: &'static str,
}

fn page(rule: &Rule) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.rules.contains(&rule.id))
}

/// The file in which the rule stands, below the crate's sources.
pub fn file(rule: &Rule) -> Option<&'static str> {
    page(rule).map(|page| page.file)
}

/// What the rule's file says in our own words, paragraph by paragraph, each with its letter. Rules of one section share it.
pub fn words(rule: &Rule) -> &'static str {
    page(rule).map_or("", |page| page.words)
}

/// The refusals that the rule may give.
pub fn codes(rule: &Rule) -> Vec<Code> {
    let own = page(rule).map(|page| page.refusals).unwrap_or_default().iter().filter(|(id, _, _)| *id == rule.id);
    own.map(|(_, code, reason)| Code { code, reason }).collect()
}

/// The numbers of the rule's section.
pub fn parameters(rule: &Rule) -> Vec<&'static Parameter> {
    let ids = page(rule).map(|page| page.parameters).unwrap_or_default();
    ids.iter().filter_map(|id| crate::parameter(id)).collect()
}

/// One rule, explained.
pub fn explain(rule: &Rule) -> String {
    let mut text = format!("{} ({})\n{}.\n\n", rule.id, rule.area, rule.summary);
    let _ = writeln!(text, "Where        {}", rule.cite);
    let _ = writeln!(text, "Who says it  {}", said_by(rule.by));
    for edition in rule.by.editions() {
        let _ = writeln!(text, "             {edition}: {}", edition.standing());
    }
    if rule.since.is_some() || rule.until.is_some() {
        let _ = writeln!(text, "In force     {}", period(rule.since, rule.until));
    }
    if !words(rule).is_empty() {
        let _ = writeln!(text, "\nThe section in our words");
        for line in words(rule).lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
    let codes = codes(rule);
    if !codes.is_empty() {
        let _ = writeln!(text, "\nIt refuses with");
        for code in codes {
            let _ = writeln!(text, "  {:<28} {}", code.code, code.reason);
        }
    }
    let parameters = parameters(rule);
    if !parameters.is_empty() {
        let _ = writeln!(text, "\nNumbers of the section");
        for parameter in parameters {
            numbers(&mut text, parameter);
        }
    }
    if !rule.requirements.is_empty() {
        let _ = writeln!(text, "\nRequirements {}", rule.requirements.join(", "));
    }
    text
}

fn numbers(text: &mut String, parameter: &'static Parameter) {
    let _ = writeln!(text, "  {}: {}. {}", parameter.id, capital(parameter.what), strictness(parameter.direction));
    if parameter.rows.is_empty() {
        let _ = writeln!(text, "    Federal law is silent; a State may speak.");
    }
    for row in parameter.rows {
        let (by, when, value) = (said_by(row.by), period(row.since, row.until), shown(parameter, row.value));
        let _ = writeln!(text, "    {value:<24} {when:<24} {by}; {}", row.cite);
    }
    let arizona = Overlay::built_in(State::Arizona);
    if let Some(bound) = arizona.row(parameter, LAST_DAY).map(|row| arizona.said(row)) {
        let _ =
            writeln!(text, "    {:<24} {:<24} Arizona; {}", shown(parameter, bound.value), "as it stands", bound.cite);
    }
}

/// One rule, explained, as JSON.
pub fn explain_json(rule: &Rule) -> Value {
    let mut value = rule_json(rule);
    value["file"] = file(rule).into();
    value["words"] = words(rule).into();
    value["refusals"] = codes(rule).iter().map(|code| json!({"code": code.code, "reason": code.reason})).collect();
    value["parameters"] = parameters(rule).into_iter().map(parameter_json).collect();
    let standing = |edition: theriac_model::Edition| (edition.to_string(), Value::from(edition.standing()));
    value["standing"] = Value::Object(rule.by.editions().map(standing).collect());
    value
}
