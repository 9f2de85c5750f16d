//! Which rules the scenarios reach, and what they refuse with.

use anyhow::{Context as _, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use theriac_law::render::{Refused, finding_word, violated};
use theriac_law::{Decision, Profile, decide, read_line};

/// The open set of scenarios, beside the project when it is there.
const OPEN_SET: &str = "../shared/data/scenarios-public.jsonl";
/// Our own boundary cases.
const OWN: &str = "crates/law/tests/scenarios";

/// The reason of a finding that warned and did not decide.
const WARNING: &str = "warning";

/// What was seen while scenarios were asked.
#[derive(Debug, Default)]
pub struct Reached {
    /// Lines read.
    pub questions: usize,
    /// Decisions made: a line may be asked under several editions.
    pub answers: usize,
    /// Rules that applied.
    applied: BTreeSet<String>,
    /// The first refusal of each kind, by rule, reason and code.
    refused: BTreeMap<(String, String, String), Refused>,
}

impl Reached {
    /// Asks our own scenarios.
    ///
    /// # Errors
    /// When a file cannot be read, or a line cannot be asked.
    pub fn by_own_scenarios(root: &Path) -> Result<Self> {
        let mut reached = Self::default();
        for file in crate::files::below(root, OWN, &["jsonl"])? {
            reached.ask(&file.path, &file.text)?;
        }
        Ok(reached)
    }

    /// Asks our own scenarios and, when it is there, the open set.
    ///
    /// # Errors
    /// As [`Reached::by_own_scenarios`].
    pub fn by_all_scenarios(root: &Path) -> Result<Self> {
        let mut reached = Self::by_own_scenarios(root)?;
        let open: PathBuf = root.join(OPEN_SET);
        if open.is_file() {
            let text = std::fs::read_to_string(&open).with_context(|| format!("reading {}", open.display()))?;
            reached.ask(Path::new(OPEN_SET), &text)?;
        }
        Ok(reached)
    }

    /// Asks every line of one file under each edition it names.
    fn ask(&mut self, path: &Path, text: &str) -> Result<()> {
        for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let place = || format!("{}:{}", path.display(), n + 1);
            let line = match read_line(line) {
                Ok(line) => line,
                Err(error) => bail!("{}: {error}", place()),
            };
            self.questions += 1;
            let profiles = match line.edition.as_deref() {
                None | Some("any") => Profile::each_edition().to_vec(),
                Some(name) => vec![Profile::named(name).with_context(place)?],
            };
            for profile in profiles {
                self.answers += 1;
                self.see(&decide(&profile, &line.question).with_context(place)?);
            }
        }
        Ok(())
    }

    fn see(&mut self, decision: &Decision) {
        for ground in &decision.grounds {
            let finding = finding_word(&ground.finding);
            if !matches!(finding, "satisfied" | "violated") {
                continue;
            }
            self.applied.insert(ground.rule.id.to_owned());
            let Some(refusal) = violated(&ground.finding) else { continue };
            // A finding that did not decide is a warning beside the decision.
            let decided = decision.refusal.as_ref().is_some_and(|decided| decided.code == refusal.code);
            let reason =
                decision.reason.filter(|_| decided).map_or_else(|| WARNING.to_owned(), |reason| reason.to_string());
            let (rule, code) = (ground.rule.id.to_owned(), refusal.code.to_string());
            self.refused.entry((rule.clone(), reason.clone(), code.clone())).or_insert_with(|| Refused {
                rule,
                code,
                reason,
                what: refusal.what.to_string(),
                next: refusal.next.to_string(),
            });
        }
    }

    /// Whether the rule was seen to refuse.
    pub fn refused_by(&self, rule: &str) -> bool {
        self.refused.keys().any(|(id, _, _)| id == rule)
    }

    /// One refusal of each kind, in the order of rule, reason and code.
    pub fn refusals(&self) -> Vec<Refused> {
        self.refused.values().cloned().collect()
    }
}

/// Rules that applied in no scenario, and that no test names in quotation marks.
pub fn unreached<'a>(rules: &[&'a str], reached: &Reached, tests: &str) -> Vec<&'a str> {
    let named = |id: &str| tests.contains(&format!("\"{id}\""));
    rules.iter().copied().filter(|id| !reached.applied.contains(*id) && !named(id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEEP: &str = "{\"id\":\"x\",\"edition\":\"any\",\"request\":{\"action\":\"retain\",\"at\":\"2021-02-01\",\
        \"record\":\"inventory\"}}";

    #[test]
    fn a_rule_is_reached_by_a_scenario_or_named_by_a_test() {
        let mut reached = Reached::default();
        reached.ask(Path::new("x.jsonl"), KEEP).expect("a good line");
        assert_eq!((reached.questions, reached.answers), (1, 3));
        let rules = ["1304.04-keep", "1306.22-count", "1306.13-window"];
        assert_eq!(unreached(&rules, &reached, "assert_eq!(rule, \"1306.13-window\")"), ["1306.22-count"]);
        assert_eq!(unreached(&rules, &Reached::default(), ""), rules);
    }

    #[test]
    fn a_line_that_cannot_be_asked_is_named() {
        let error = Reached::default().ask(Path::new("x.jsonl"), &format!("{KEEP}\nnonsense\n")).expect_err("bad");
        assert!(error.to_string().starts_with("x.jsonl:2"), "{error}");
    }
}
