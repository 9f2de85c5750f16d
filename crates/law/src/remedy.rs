//! What would make a refused act lawful: the nearest single changes of the question under which the answer is yes.
//!
//! Found by asking, not by reading the refusal: each stated fact is changed alone and the rulebook is asked again. The
//! history and the State are what they are and are never changed; nor are facts that a person would have to falsify, such
//! as the day of issue.

use crate::decide::decide;
use crate::decision::Verdict;
use crate::edition::Profile;
use crate::question::read_question;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};
use std::cell::Cell;

/// A single change under which the act is permitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The fact, as the format names it: `request.quantity`.
    pub fact: String,
    /// What was stated.
    pub was: Value,
    /// What it would have to be; `None` where it is enough that nothing of the kind is stated, which means in order.
    pub becomes: Option<Value>,
    /// Whether the person who asks can choose it, or it is a fact about something else.
    pub whose: Whose,
}

/// Who decides about a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// The act itself: its day, its quantity.
    Act,
    /// Something found: how the prescription was signed, whether a registration is valid.
    Found,
}

/// The farthest day that is tried, in days before and after the day asked about.
const DAYS_MOST: i64 = 400;
/// How many neighbours of a number are tried one by one before the steps grow.
const NEIGHBOURS: u64 = 400;
/// Remedies at most.
const MOST: usize = 12;
/// Questions asked at most, of a question of up to 1 KiB; a larger one takes longer to ask and is asked less often.
const TRIES_MOST: usize = 8_000;
/// Facts that nobody may set otherwise: changing them would be a false record.
const FIXED: [&str; 10] = [
    "request.action",
    "facts.prescription.issued",
    "facts.prescription.schedule",
    "facts.prescription.quantity",
    "facts.prescription.drug",
    "facts.prescription.narcotic",
    "facts.prescription.unit",
    "facts.state",
    "facts.holidays",
    "facts.history",
];

/// The nearest single changes under which `request` with `facts`, as the scenario format writes them, is permitted under
/// `profile`. Empty when it is permitted already, cannot be read, or no single change helps. The work is bounded: a question
/// with very many facts may have a remedy that is not found.
pub fn remedies(profile: &Profile, request: &Value, facts: &Value) -> Vec<Remedy> {
    let whole = json!({"request": request, "facts": facts});
    let left = Cell::new(TRIES_MOST / whole.to_string().len().div_ceil(1_024));
    let permitted = |whole: &Value| -> bool {
        let Some(still) = left.get().checked_sub(1) else { return false };
        left.set(still);
        read_question(&whole["request"], &whole["facts"])
            .ok()
            .and_then(|question| decide(profile, &question).ok())
            .is_some_and(|decision| matches!(decision.verdict, Verdict::Permit | Verdict::PermitWithDuties))
    };
    if permitted(&whole) {
        return Vec::new();
    }
    let mut places = Vec::new();
    walk(&whole, &mut String::new(), &mut Vec::new(), &mut places);
    let mut found: Vec<Remedy> = Vec::new();
    for (path, name) in places {
        if found.len() >= MOST || left.get() == 0 {
            break;
        }
        let Some(was) = at(&whole, &path).cloned() else { continue };
        let with = |becomes: Option<&Value>| changed(&whole, &path, becomes);
        let becomes = nearest(&was, |value| with(Some(value)).is_some_and(|whole| permitted(&whole)));
        let becomes = match becomes {
            Some(value) => Some(Some(value)),
            // Nothing stated means in order.
            None if with(None).is_some_and(|whole| permitted(&whole)) => Some(None),
            None => None,
        };
        if let Some(becomes) = becomes {
            let whose = if name.starts_with("request.") { Whose::Act } else { Whose::Found };
            found.push(Remedy { fact: name, was, becomes, whose });
        }
    }
    found.sort_by_key(|remedy| remedy.whose);
    found
}

/// Every changeable fact: the members of objects, lists as a whole.
fn walk(value: &Value, name: &mut String, path: &mut Vec<String>, places: &mut Vec<(Vec<String>, String)>) {
    if FIXED.contains(&name.as_str()) {
        return;
    }
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                let length = name.len();
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(member);
                path.push(member.clone());
                walk(value, name, path, places);
                path.pop();
                name.truncate(length);
            }
        }
        Value::Null => {}
        _ => places.push((path.clone(), name.clone())),
    }
}

fn at<'a>(whole: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(whole, |value, member| value.get(member))
}

/// The question with one fact set, or taken away.
fn changed(whole: &Value, path: &[String], becomes: Option<&Value>) -> Option<Value> {
    let (last, parents) = path.split_last()?;
    let mut whole = whole.clone();
    let parent = parents.iter().try_fold(&mut whole, |value, member| value.get_mut(member))?.as_object_mut()?;
    match becomes {
        Some(value) => parent.insert(last.clone(), value.clone()),
        None => parent.remove(last),
    };
    Some(whole)
}

/// The value nearest to `was` that helps.
fn nearest(was: &Value, helps: impl Fn(&Value) -> bool) -> Option<Value> {
    match was {
        Value::Bool(stated) => Some(Value::Bool(!stated)).filter(&helps),
        Value::Number(number) => numbers(number.as_u64()?).map(Value::from).find(helps),
        Value::String(text) => days(text).map(Value::from).find(helps),
        Value::Array(_) => Some(json!([])).filter(helps),
        _ => None,
    }
}

/// Numbers around `number`, the nearest first, smaller before larger.
fn numbers(number: u64) -> impl Iterator<Item = u64> {
    let near = (1..=NEIGHBOURS).flat_map(move |step| [number.checked_sub(step), number.checked_add(step)]);
    let far = (0..).map(move |turn| number.checked_shr(turn).filter(|half| number - half > NEIGHBOURS && *half > 0));
    near.flatten().chain(far.take(40).flatten())
}

/// The same day or instant, moved by whole days: the next day first, then the day before, and so on. Empty for a word.
fn days(text: &str) -> Box<dyn Iterator<Item = String>> {
    let moves = (1..=DAYS_MOST).flat_map(|n| [n, -n]);
    if let Ok(date) = text.parse::<Date>() {
        return Box::new(moves.filter_map(move |n| Some(date.checked_add(n.days()).ok()?.to_string())));
    }
    // An instant keeps its time and offset: days are counted where the act takes place.
    let (Some(date), Some(time)) = (text.get(..10).and_then(|day| day.parse::<Date>().ok()), text.get(10..)) else {
        return Box::new(std::iter::empty());
    };
    if text.parse::<Timestamp>().is_err() {
        return Box::new(std::iter::empty());
    }
    let time = time.to_owned();
    Box::new(moves.filter_map(move |n| Some(format!("{}{time}", date.checked_add(n.days()).ok()?))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[(&str, Option<Value>)]) {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let profile = Profile::in_force();
        let found = remedies(&profile, &line["request"], &line["facts"]);
        let found: Vec<(&str, Option<Value>)> =
            found.iter().map(|remedy| (remedy.fact.as_str(), remedy.becomes.clone())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_refill_after_six_months_helps_only_on_an_earlier_day() {
        check(
            r#"{"request":{"action":"refill","at":"2021-07-12","quantity":30},
                "facts":{"prescription":{"schedule":"IV","form":"paper","issued":"2021-01-11","quantity":30,"refills_authorized":5},
                         "history":[{"kind":"fill","at":"2021-01-11","quantity":30}]}}"#,
            &[("request.at", Some("2021-07-11".into()))],
        );
    }

    #[test]
    fn more_than_was_written_helps_as_the_quantity_that_is_left() {
        check(
            r#"{"request":{"action":"fill","at":"2021-01-12","quantity":60},
                "facts":{"prescription":{"schedule":"II","form":"paper","issued":"2021-01-11","quantity":30}}}"#,
            &[("request.quantity", Some(30.into()))],
        );
    }

    #[test]
    fn a_fact_that_is_out_of_order_helps_when_it_is_in_order() {
        check(
            r#"{"request":{"action":"fill","at":"2021-01-12","quantity":30},
                "facts":{"prescription":{"schedule":"II","form":"paper","issued":"2021-01-11","quantity":30},
                         "prescriber":{"registration_status":"revoked"}}}"#,
            &[("facts.prescriber.registration_status", None)],
        );
    }

    #[test]
    fn what_is_permitted_or_cannot_be_read_has_no_remedy() {
        check(
            r#"{"request":{"action":"fill","at":"2021-01-12","quantity":30},
                "facts":{"prescription":{"schedule":"II","form":"paper","issued":"2021-01-11","quantity":30}}}"#,
            &[],
        );
        check(r#"{"request":{"action":"fly","at":"2021-01-12"},"facts":{}}"#, &[]);
    }

    #[test]
    fn the_history_the_schedule_and_the_day_of_issue_are_never_changed() {
        check(
            r#"{"request":{"action":"refill","at":"2021-01-13","quantity":30},
                "facts":{"prescription":{"schedule":"II","form":"paper","issued":"2021-01-11","quantity":30,"refills_authorized":1},
                         "history":[{"kind":"fill","at":"2021-01-11","quantity":30}]}}"#,
            &[],
        );
    }
}
