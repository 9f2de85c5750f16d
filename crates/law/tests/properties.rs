//! Properties of the whole rulebook: overlays only narrow, silence never tightens, nothing panics.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use theriac_law::edition::{Bound, By, Direction, Domain, Law, Parameter};
use theriac_law::{Overlay, Profile, Question, decide, parameters, read_line, registry};
use theriac_model::Finding;

/// Every question of our own files, as text.
fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut lines = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is ours") {
        let text = fs::read_to_string(entry.expect("readable").path()).expect("our own file");
        lines.extend(text.lines().map(str::to_owned));
    }
    lines
}

/// The questions, read once.
fn questions() -> &'static [Question] {
    static QUESTIONS: OnceLock<Vec<Question>> = OnceLock::new();
    QUESTIONS.get_or_init(|| corpus().iter().map(|line| read_line(line).expect("our own line").question).collect())
}

/// A value in the parameter's domain, as an overlay file writes it.
fn written(parameter: &Parameter, raw: u64) -> String {
    match parameter.domain {
        Domain::Number(_) => (raw % 200).to_string(),
        Domain::YesNo => (raw % 2 == 1).to_string(),
        Domain::Words(words) => {
            let chosen: Vec<String> = words
                .iter()
                .enumerate()
                .filter(|(n, _)| raw >> n & 1 == 1)
                .map(|(_, word)| format!("\"{word}\""))
                .collect();
            format!("[{}]", chosen.join(","))
        }
    }
}

/// What only State law can grant, and figures of our own that a house sets as it likes; `choice` cannot be set.
fn narrowing(parameter: &Parameter) -> bool {
    const GRANTED: &[&str] = &["disaster.", "flags.", "cannabis.topical", "pdmp.out-of-state"];
    parameter.direction != Direction::Choice && !GRANTED.iter().any(|granted| parameter.id.starts_with(granted))
}

fn overlay(raw: &[u64]) -> Arc<Overlay> {
    let mut text = "edition = \"state.XX\"\n".to_owned();
    for (parameter, raw) in parameters().iter().filter(|parameter| narrowing(parameter)).zip(raw) {
        // Two in three parameters are left alone, so that overlays differ in shape as well.
        if raw % 3 == 0 {
            let value = written(parameter, raw / 3);
            let _ = writeln!(text, "[parameter.\"{}\"]\nvalue = {value}\ncite = \"State law\"", parameter.id);
        }
    }
    // One overlay in two puts some drugs of the corpus into a schedule as well.
    let schedule = ["I", "II", "III", "IV", "V"].get(raw.first().map_or(0, |raw| (raw % 10) as usize));
    if let Some(schedule) = schedule {
        let _ = writeln!(
            text,
            "[[product]]\nnames = [\"Fioricet\", \"Vicodin\", \"Tylenol #3\"]\nschedule = \"{schedule}\"\ncite = \"State law\""
        );
    }
    Arc::new(Overlay::parse(&text).expect("written as the file format says"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Requirements: law-state-overlay-only-tightens, law-state-stricter-wins, law-cmea-stricter-state
    #[test]
    fn an_overlay_never_permits_more(raw in prop::collection::vec(any::<u64>(), 600)) {
        let state = overlay(&raw);
        for base in [Profile::strictest(), Profile::in_force(), Profile::cards_2021(), Profile::manual_2010()] {
            let narrowed = base.clone().in_state(state.clone());
            for question in questions().iter().filter(|question| question.facts.state.is_none()) {
                let with = decide(&narrowed, question).expect("built");
                let without = decide(&base, question).expect("built");
                prop_assert!(
                    !with.is_permitted() || without.is_permitted(),
                    "{} permits what {} refuses: {:?} / {:?}", narrowed.name(), base.name(), without.refusal, question.request
                );
            }
        }
    }

    /// Nothing in the format's reach makes the rulebook panic, and every question gets an answer or an error.
    #[test]
    fn no_change_of_one_value_makes_the_rulebook_panic(pick in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), number in prop_oneof![Just(0_u64), Just(1), Just(u64::from(u32::MAX)), Just(1_000_000_000_000), any::<u64>()], day in prop_oneof![Just("0001-01-01"), Just("9999-12-31"), Just("2024-02-29")]) {
        let lines = corpus();
        let mut value: Value = serde_json::from_str(&lines[pick.index(lines.len())]).expect("our own line");
        let mut leaves = Vec::new();
        collect(&mut value, &mut leaves);
        let count = leaves.len();
        if count > 0 {
            let leaf = leaves.swap_remove(place.index(count));
            *leaf = if leaf.is_number() { number.into() } else { day.into() };
        }
        if let Ok(line) = read_line(&value.to_string()) {
            for profile in Profile::NAMES {
                let profile = Profile::named(profile).expect("a name of the list");
                let _ = decide(&profile, &line.question);
            }
        }
    }

    #[test]
    fn any_text_is_an_error_or_a_question(text in "\\PC{0,200}") {
        let _ = read_line(&text);
    }
}

/// The numbers and dates of a question.
fn collect<'a>(value: &'a mut Value, leaves: &mut Vec<&'a mut Value>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| collect(item, leaves)),
        Value::Object(members) => members.values_mut().for_each(|member| collect(member, leaves)),
        Value::Number(_) => leaves.push(value),
        Value::String(text) if text.len() == 10 && text.as_bytes()[4] == b'-' => leaves.push(value),
        _ => {}
    }
}

/// What the profile makes of a parameter, and what its editions say one by one.
fn bound(profile: &Profile, parameter: &'static Parameter, day: Date) -> Option<Bound> {
    Law::on(profile, day, None).bound(parameter)
}

/// Requirements: law-forms-strict-default
#[test]
fn a_combined_profile_takes_the_strictest_value_and_silence_never_tightens() {
    for parameter in parameters().iter().copied() {
        for day in [date(2009, 1, 1), date(2016, 7, 22), date(2021, 10, 31), date(2023, 8, 28), date(2026, 11, 22)] {
            let code = parameter.row(By::CFR, day);
            let proposal = parameter.row(By::P08, day);
            let found = bound(&Profile::strictest(), parameter, day).map(|bound| bound.value);
            let expected = match (code, proposal) {
                (Some(code), _) if code.retires => Some(code.value),
                (Some(code), Some(proposal)) => {
                    Some(parameter.direction.stricter(code.value, proposal.value).unwrap_or(code.value))
                }
                (Some(only), None) | (None, Some(only)) => Some(only.value),
                // Where neither speaks the agency's guidance answers.
                (None, None) => bound(&Profile::in_force(), parameter, day).map(|bound| bound.value),
            };
            assert_eq!(found, expected, "{} on {day}", parameter.id);
            let in_force = bound(&Profile::in_force(), parameter, day);
            if let Some(code) = code {
                assert_eq!(in_force.map(|bound| bound.value), Some(code.value), "{} on {day}", parameter.id);
            }
        }
    }
}

/// Every verdict of the corpus names the edition that decided, and that edition is one of the profile.
#[test]
fn every_refusal_names_the_edition_that_decided() {
    for question in questions() {
        let decision = decide(&Profile::strictest(), question).expect("built");
        let Some(refusal) = decision.refusal else { continue };
        assert!(!refusal.what.is_empty() && !refusal.next.is_empty() && !refusal.cite.as_str().is_empty());
        assert!(refusal.code.0.starts_with("LAW-"), "{refusal}");
        assert!(!refusal.what.ends_with('.') && !refusal.next.ends_with('.'), "{refusal}");
    }
}

/// Every rule is reached by our own cases, found satisfied by one and violated by another; what only looks up is reached.
#[test]
fn every_rule_is_reached_from_both_sides() {
    // They answer with a value or a duty, and refuse nothing.
    const LOOK_UPS: &[&str] = &[
        "1306.22-printout",
        "1314.15-report",
        "1305.13-report",
        "1311.145-incident",
        "1311.155-notice",
        "1304.55-due",
        "1301.76-reporter",
        "1301.76-notice",
        "1304.11-zero",
        "1304.11-biennial",
        "1304.04-keep",
        "1304.55-report",
        "1308-concentration",
        "1308-formulation",
        "1314.30-log",
        "1300.01-prescription",
        "1300.01-ltcf",
        "1301.27-stock",
        "1305.03-central-fill",
        "1306.05-responsible",
        "1306.03-responsible",
        "1306.13-responsible",
        "1306.15-responsible",
        "1311.45-revocation",
        "1305.16-found",
        "1304.22-actual",
        "1307.11-counts",
        "1304.11-not-sent",
        "1301.13-forms",
        "1304.04-on-request",
        "1301.76-inventory",
        "1301.76-earlier",
        "1301.76-cost",
        "1301.76-federal-offence",
        // Only where a State's file demands it.
        "1301.76-police-and-board",
        "1317.05-state-step",
        "1305.03-state-ii",
        "1314.40-route",
        "1314.42-fee",
        "802-online",
        "1304.55-owed",
        "1308-whole",
        "802-hemp",
        "1308-table",
        "812-criteria",
        "pdmp-collected",
        "flags-pattern",
    ];
    // Only an overlay makes them speak; `rows/overlays.rs` sees both sides of each.
    const BY_OVERLAY: &[&str] = &[
        "1306.26-other-law",
        "1306.26-kept",
        "1314.10-state",
        "cannabis-topical",
        "pdmp-check",
        "pdmp-identification",
        "pickup-required",
        "state-supply",
    ];
    let (mut satisfied, mut violated) = (BTreeSet::new(), BTreeSet::new());
    for question in questions() {
        let [first, second, third] = Profile::each_edition();
        for profile in [first, second, third, Profile::strictest(), Profile::in_force()] {
            let Ok(decision) = decide(&profile, question) else { continue };
            for ground in &decision.grounds {
                match ground.finding {
                    Finding::Satisfied(_) => satisfied.insert(ground.rule.id),
                    Finding::Violated(_) => violated.insert(ground.rule.id),
                    _ => false,
                };
            }
        }
    }
    let missing = |found: &BTreeSet<&str>, needed: &dyn Fn(&str) -> bool| -> Vec<&str> {
        registry()
            .iter()
            .map(|rule| rule.id)
            .filter(|id| !BY_OVERLAY.contains(id) && needed(id) && !found.contains(id))
            .collect()
    };
    assert_eq!(missing(&satisfied, &|_| true), Vec::<&str>::new(), "never satisfied");
    assert_eq!(missing(&violated, &|id| !LOOK_UPS.contains(&id)), Vec::<&str>::new(), "never violated");
}
