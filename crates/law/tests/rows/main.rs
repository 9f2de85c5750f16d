//! Rows of the law asked of the rulebook one by one: each test takes a question that is in order, changes one fact, and
//! sees the answer change at the place the row names.

#![allow(clippy::needless_pass_by_value, reason = "facts are written in place")]

mod business;
mod care;
mod classes;
mod counter;
mod dispensing;
mod entries;
mod flags;
mod keeping;
mod losses;
mod ordering;
mod orders;
mod overlays;
mod pharmacy;
mod practice;
mod prescriptions;
mod retail;
mod sales;
mod stock;
mod validity;

use serde_json::{Value, json};
use theriac_law::{Decision, Profile, decide, read_question};
use theriac_model::{Finding, Refusal};

/// A question that is changed fact by fact.
#[derive(Clone)]
struct Case(Value);

impl Case {
    /// The question `action` on `day`, with the facts beside it.
    fn ask(action: &str, day: &str, facts: Value) -> Self {
        Self(json!({"request": {"action": action, "at": day}, "facts": facts}))
    }

    /// The same question with `value` at `path`, such as `facts/prescription/form`.
    fn with(&self, path: &str, value: impl Into<Value>) -> Self {
        let mut case = self.0.clone();
        let mut place = &mut case;
        for step in path.split('/') {
            place = &mut place[step];
        }
        *place = value.into();
        Self(case)
    }

    /// The decision under `profile`.
    fn decide(&self, profile: &Profile) -> Decision {
        let question =
            read_question(&self.0["request"], &self.0["facts"]).unwrap_or_else(|error| panic!("{error}: {}", self.0));
        decide(profile, &question).unwrap_or_else(|error| panic!("{error}: {}", self.0))
    }

    /// The field that the reader refuses.
    fn refused_field(&self) -> String {
        read_question(&self.0["request"], &self.0["facts"]).expect_err("the line is refused").field
    }

    /// The refusal in words: field, what is wrong, what to do.
    fn refusal(&self, profile: &Profile) -> String {
        let refusal = self.decide(profile).refusal.unwrap_or_else(|| panic!("no refusal: {}", self.0));
        format!("{}: {}; {}", refusal.field.unwrap_or_default(), refusal.what, refusal.next)
    }
}

/// The answer in one line: `permit`, `permit void-form`, `deny expired`, `value 2024-01-31`.
fn answer(decision: &Decision) -> String {
    let line = theriac_law::render::verdict(decision);
    let word = match line["verdict"].as_str().unwrap_or_default() {
        "value" => format!("value {}", line["value"].as_str().map_or_else(|| line["value"].to_string(), str::to_owned)),
        "deny" => format!("deny {}", line["reason"].as_str().unwrap_or_default()),
        _ => "permit".to_owned(),
    };
    let duties = line["duties"].as_array().into_iter().flatten().filter_map(Value::as_str);
    duties.fold(word, |line, duty| format!("{line} {duty}"))
}

/// Asks `case` under one profile.
fn check_under(profile: &Profile, case: &Case, expected: &str) {
    assert_eq!(answer(&case.decide(profile)), expected, "{} under {}", case.0, profile.name());
}

/// Asks `case` under every edition, under the strictest of them, and under the law in force.
fn check(case: &Case, expected: &str) {
    for profile in Profile::each_edition() {
        check_under(&profile, case, expected);
    }
    check_under(&Profile::strictest(), case, expected);
    check_under(&Profile::in_force(), case, expected);
}

/// The codes of the warnings: what a rule found wrong without denying it.
fn warnings(case: &Case, profile: &Profile) -> Vec<String> {
    let decision = case.decide(profile);
    let denied = usize::from(decision.refusal.is_some());
    let grounds = decision.grounds.iter().take(decision.grounds.len() - denied);
    grounds.filter_map(|ground| warned(&ground.finding)).map(|refusal| refusal.code.to_string()).collect()
}

/// What a finding holds against the act, if anything.
fn warned(finding: &Finding) -> Option<&Refusal> {
    match finding {
        Finding::Violated(refusal) => Some(refusal),
        _ => None,
    }
}

/// A paper prescription of `schedule` for 30 units, issued on 10 January 2022.
fn prescription(schedule: &str) -> Value {
    json!({"schedule": schedule, "form": "paper", "issued": "2022-01-10", "quantity": 30})
}

/// Its first filling, two days after.
fn fill(schedule: &str) -> Case {
    Case::ask("fill", "2022-01-12", json!({"prescription": prescription(schedule)})).with("request/quantity", 30)
}
