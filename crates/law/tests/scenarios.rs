//! The scenario files: our own boundary cases always, the shared open set when it is there.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::fs;
use std::path::{Path, PathBuf};
use theriac_law::{Decision, Profile, decide, read_line};

/// Under which profiles a line is asked.
fn profiles(edition: Option<&str>) -> Vec<Profile> {
    match edition {
        None | Some("any") => Profile::each_edition().to_vec(),
        Some(name) => vec![Profile::named(name).expect("an edition of the format")],
    }
}

/// The answer in the format's own shape, for comparing.
fn answer(decision: &Decision) -> serde_json::Value {
    let mut line = theriac_law::render::verdict(decision);
    if let Some(object) = line.as_object_mut() {
        object.retain(|key, _| matches!(key.as_str(), "verdict" | "value" | "reason" | "duties"));
    }
    line
}

/// The expected answer with its duties in the order of the list.
fn expected(value: &serde_json::Value) -> serde_json::Value {
    let mut value = value.clone();
    let duties = value.get("duties").and_then(|duties| duties.as_array()).cloned().unwrap_or_default();
    let mut sorted: Vec<String> = duties.iter().filter_map(|duty| duty.as_str().map(str::to_owned)).collect();
    sorted.sort();
    value["duties"] = sorted.into();
    value
}

/// Runs every line; returns how many answers were asked, and what went wrong.
fn run(path: &Path) -> (usize, Vec<String>) {
    let text = fs::read_to_string(path).expect("the file is there");
    let (mut asked, mut wrong) = (0, Vec::new());
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let line = match read_line(line) {
            Ok(line) => line,
            Err(error) => {
                wrong.push(format!("line {}: {error}", n + 1));
                continue;
            }
        };
        let want = expected(line.expected.as_ref().expect("a case has an answer"));
        for profile in profiles(line.edition.as_deref()) {
            asked += 1;
            match decide(&profile, &line.question) {
                Err(error) => wrong.push(format!("{} under {}: {error}", line.id, profile.name())),
                Ok(decision) => {
                    let mut found = answer(&decision);
                    let mut duties: Vec<String> = found["duties"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(|d| d.as_str().map(str::to_owned))
                        .collect();
                    duties.sort();
                    found["duties"] = duties.into();
                    if found != want {
                        wrong.push(format!("{} under {}: {found} instead of {want}", line.id, profile.name()));
                    }
                }
            }
        }
    }
    (asked, wrong)
}

#[test]
fn the_open_set_is_answered_exactly_under_every_stated_edition() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/scenarios-public.jsonl");
    if !path.exists() {
        println!("skipped: the shared scenario file is not here");
        return;
    }
    let (asked, wrong) = run(&path);
    assert!(asked > 478, "the file holds 478 cases, some under three editions; asked {asked}");
    assert!(wrong.is_empty(), "{} of {asked} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn our_own_boundary_cases_are_answered_exactly() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder is ours").filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let (asked, wrong) = run(&file);
        assert!(
            asked > 0 && wrong.is_empty(),
            "{}: {} of {asked} wrong:\n{}",
            file.display(),
            wrong.len(),
            wrong.join("\n")
        );
    }
}
