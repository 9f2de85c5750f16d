//! The page of the questions that the rulebook answers: every action with lines that can be asked as they stand, taken from
//! our own scenarios, whose answers the tests compare.

use crate::files;
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use theriac_law::Request;
use theriac_law::render::Page;

/// Our own boundary cases.
const SCENARIOS: &str = "crates/law/tests/scenarios";

/// One line of a scenario file, as it is shown.
struct Example {
    question: String,
    answer: String,
    why: String,
}

/// The examples of one action: the first that is granted or looked up, and the first that is refused.
#[derive(Default)]
struct Asked {
    granted: Option<Example>,
    refused: Option<Example>,
}

/// The page `questions.md`.
///
/// # Errors
/// When a scenario file cannot be read, or a line is no question.
pub fn page(root: &Path) -> Result<Page> {
    let mut asked: BTreeMap<String, Asked> = BTreeMap::new();
    for file in files::below(root, SCENARIOS, &["jsonl"])? {
        for (n, line) in file.text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let place = || format!("{}:{}", file.path.display(), n + 1);
            let line: Value = serde_json::from_str(line).with_context(place)?;
            let action = line["request"]["action"].as_str().unwrap_or_default().to_owned();
            let entry = asked.entry(action).or_default();
            let denied = line["expected"]["verdict"] == "deny";
            let slot = if denied { &mut entry.refused } else { &mut entry.granted };
            if slot.is_none() {
                *slot = Some(example(&line));
            }
        }
    }
    Ok(Page { file: "questions.md".to_owned(), text: text(&asked) })
}

fn example(line: &Value) -> Example {
    let mut facts = line["facts"].clone();
    if let Some(facts) = facts.as_object_mut() {
        facts.retain(|_, value| !value.is_null());
    }
    let mut question = serde_json::json!({"request": line["request"], "facts": facts});
    let edition = line["edition"].as_str().filter(|edition| *edition != "any");
    if let Some(edition) = edition {
        question["edition"] = edition.into();
    }
    let expected = &line["expected"];
    let mut answer = expected["verdict"].as_str().unwrap_or_default().to_owned();
    for key in ["value", "reason"] {
        match &expected[key] {
            Value::Null => {}
            Value::String(word) => answer = format!("{answer} {word}"),
            other => answer = format!("{answer} {other}"),
        }
    }
    let duties: Vec<&str> = expected["duties"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if !duties.is_empty() {
        answer = format!("{answer}, duties {}", duties.join(" "));
    }
    Example { question: question.to_string(), answer, why: line["why"].as_str().unwrap_or_default().to_owned() }
}

fn text(asked: &BTreeMap<String, Asked>) -> String {
    let mut text = "# Questions\n\n[All parts](README.md)\n\n\
        Every action that `theriac law decide` answers, with lines that can be asked as they stand. A field that is not stated\n\
        has its ordinary value; an unknown word or field is an error that names it. Made from our own scenarios by\n\
        `cargo xtask rulebook`.\n"
        .to_owned();
    for action in Request::ACTIONS {
        let _ = writeln!(text, "\n## {action}");
        let entry = asked.get(*action);
        for example in entry.into_iter().flat_map(|entry| [&entry.granted, &entry.refused]).flatten() {
            let _ = writeln!(text, "\n```json\n{}\n```\n\n`{}`: {}.", example.question, example.answer, example.why);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    /// What the page shows can be asked as it stands.
    #[test]
    fn every_action_has_a_line_that_can_be_asked() {
        let page = page(&root()).expect("our own scenarios");
        for action in Request::ACTIONS {
            let section = page.text.split(&format!("\n## {action}\n")).nth(1).unwrap_or_default();
            let section = section.split("\n## ").next().unwrap_or_default();
            let line = section.split("```json\n").nth(1).and_then(|rest| rest.split("\n```").next());
            let line = line.unwrap_or_else(|| panic!("{action} has no example"));
            theriac_law::read_line(line).unwrap_or_else(|error| panic!("{action}: {error}: {line}"));
        }
    }
}
