//! The answers of several editions side by side, and what would make a refused act lawful.

use crate::views::RefusalView;
use serde_json::Value;
use theriac_law::{Decision, Profile, Question, Remedy, Standing, Verdict, Whose, decide, remedies, render};
use theriac_model::Finding;

/// What one profile answers.
pub(super) struct Column {
    pub(super) profile: &'static str,
    /// What the profile is.
    pub(super) about: &'static str,
    /// `yes`, `yes, with duties`, `no`, or a value.
    pub(super) verdict: String,
    pub(super) tone: &'static str,
    pub(super) refusal: Option<RefusalView>,
    /// Whether only the proposal of 2008 refuses.
    pub(super) only_proposal: bool,
    pub(super) duties: Vec<String>,
    pub(super) grounds: Vec<GroundView>,
}

/// One rule that was asked.
pub(super) struct GroundView {
    pub(super) rule: &'static str,
    pub(super) cite: &'static str,
    pub(super) summary: &'static str,
    pub(super) finding: &'static str,
}

/// A change under which the answer would be yes.
pub(super) struct Help {
    /// Whether the person who asks can choose it.
    pub(super) act: bool,
    pub(super) what: String,
}

fn about(profile: &str) -> &'static str {
    match profile {
        "strictest" => "The law of the day and the proposal of 2008, the stricter of each: what Theriac works under",
        "in-force" => "The law in force on the day",
        "proposed-2008" => "DEA's proposal on electronic prescriptions, 2008",
        "manual-2010" => "The Pharmacist's Manual of 2010",
        _ => "The study cards of 2021",
    }
}

/// What `profile` answers.
pub(super) fn column(profile: &'static str, question: &Question) -> Column {
    let empty = |verdict: String, tone| Column {
        profile,
        about: about(profile),
        verdict,
        tone,
        refusal: None,
        only_proposal: false,
        duties: Vec::new(),
        grounds: Vec::new(),
    };
    let answered = Profile::named(profile).map(|profile| decide(&profile, question));
    match answered {
        Ok(Ok(decision)) => {
            let (verdict, tone) = words(&decision);
            Column {
                refusal: decision.refusal.as_ref().map(RefusalView::from),
                only_proposal: decision.standing == Standing::OnlyProposed2008,
                duties: decision.duties.iter().map(|duty| duty.to_string().replace('-', " ")).collect(),
                grounds: grounds(&decision),
                ..empty(verdict, tone)
            }
        }
        Ok(Err(error)) => empty(error.to_string(), "open"),
        Err(error) => empty(error.to_string(), "open"),
    }
}

fn words(decision: &Decision) -> (String, &'static str) {
    match &decision.verdict {
        Verdict::Permit => ("yes".to_owned(), "good"),
        Verdict::PermitWithDuties => ("yes, with duties".to_owned(), "good"),
        Verdict::Deny => ("no".to_owned(), "bad"),
        Verdict::Value(answer) => (answer.to_string(), "open"),
    }
}

fn grounds(decision: &Decision) -> Vec<GroundView> {
    let asked = decision.grounds.iter().filter(|ground| !matches!(ground.finding, Finding::NotApplicable));
    asked
        .map(|ground| GroundView {
            rule: ground.rule.id,
            cite: ground.rule.cite,
            summary: ground.rule.summary,
            finding: render::finding_word(&ground.finding),
        })
        .collect()
}

/// What would make it lawful under `profile`.
pub(super) fn helps(profile: &Profile, request: &Value, facts: &Value) -> Vec<Help> {
    remedies(profile, request, facts).iter().map(help).collect()
}

fn help(remedy: &Remedy) -> Help {
    let fact = remedy.fact.replace("request.", "").replace("facts.", "").replace(['.', '_'], " ");
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let was = word(&remedy.was);
    let what = match (&remedy.becomes, remedy.fact.as_str()) {
        (Some(day), "request.at") if day.as_str() < remedy.was.as_str() => {
            format!("on {} (the day asked about is {was})", word(day))
        }
        (Some(day), "request.at") => format!("on {} or later; the day asked about is {was}", word(day)),
        (Some(Value::Array(_)), _) => format!("if nothing were stated as {fact}; stated is {was}"),
        (Some(value), _) => format!("if {fact} were {} instead of {was}", word(value)),
        (None, _) => format!("if {fact} were in order; stated is {was}"),
    };
    Help { act: remedy.whose == Whose::Act, what }
}
