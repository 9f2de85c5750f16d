//! Static checks of the law itself: what no single rule can see.
//!
//! Wrong are: a value that never binds, two values of one edition on one day, an edition that falls silent again, a value
//! outside its domain, the same of the dated table of drugs; a citation that does not parse; a rule that no scenario or
//! test reaches, and one that no scenario has seen refuse; a refusal that its rule's page does not list; a requirement that
//! a rule names and the catalogue does not have, and a row of the law that no rule names. What decides nothing, or refuses
//! nothing, stands in a list with its reason ([`allowed`]); the lists only shrink.

pub mod allowed;
pub mod citation;
pub mod parameters;
pub mod products;
pub mod reach;
pub mod rows;
pub mod rules;

use crate::{Fault, catalogue, files};
use allowed::Allowed;
use anyhow::{Context as _, Result};
use reach::Reached;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Rows of the law that no rule names, with the reason.
const NO_RULE: &str = "crates/xtask/lists/rows-without-rule.toml";
/// Rules that refuse nothing, with the reason.
const NO_REFUSAL: &str = "crates/xtask/lists/rules-without-refusal.toml";

/// What the checks found.
#[derive(Debug)]
pub struct Report {
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// Counts, for people.
    pub summary: String,
    /// Rules never seen to refuse (look-ups among them) and rows of the catalogue without a rule, for people.
    pub open_rows: String,
}

/// Checks the rulebook of this build against the sources, scenarios and catalogue under `root`.
///
/// # Errors
/// When a file cannot be read, or a scenario cannot be asked.
pub fn check(root: &Path) -> Result<Report> {
    let sources = Sources::read(root)?;
    let mut faults = Vec::new();
    let mut values = 0;
    for parameter in theriac_law::parameters() {
        values += parameter.rows.len();
        let wrong = [
            parameters::never_binding(parameter),
            parameters::contradictions(parameter),
            parameters::gaps(parameter),
            parameters::outside_domain(parameter),
        ];
        faults.extend(wrong.into_iter().flatten().map(|what| sources.fault(parameter.id, &what)));
        let cites = parameter.rows.iter().filter_map(|row| citation::parse(row.cite).err());
        faults.extend(cites.map(|error| sources.fault(parameter.id, &error.to_string())));
    }
    let reached = Reached::by_all_scenarios(root)?;
    let catalogue = catalogue::read(root)?;
    for rule in theriac_law::registry() {
        faults.extend(rules::faults(rule, &catalogue).iter().map(|what| sources.fault(rule.id, what)));
    }
    let tests = tests_of_the_law(root)?;
    let ids: Vec<&str> = theriac_law::registry().iter().map(|rule| rule.id).collect();
    for id in reach::unreached(&ids, &reached, &tests) {
        faults.push(sources.fault(id, "no scenario and no test reaches this rule; write one on each side of its line"));
    }
    let unlisted = |refusal: &&theriac_law::render::Refused| {
        let rule = theriac_law::rule(&refusal.rule);
        rule.is_some_and(|rule| theriac_law::render::codes(rule).iter().all(|code| code.code != refusal.code))
    };
    for refusal in reached.refusals().iter().filter(unlisted) {
        let what =
            format!("it refuses with {}, which its page does not list; write `&RULE` beside the code", refusal.code);
        faults.push(sources.fault(&refusal.rule, &what));
    }
    faults.extend(products::faults().into_iter().map(|what| Fault {
        file: "crates/law/data/schedules.toml".into(),
        line: 0,
        what,
    }));
    for (folder, key) in [("crates/law/overlays", "cite"), ("crates/law/data", "source")] {
        for file in files::below(root, folder, &["toml"])? {
            faults.extend(cited(&file, key));
        }
    }
    let open = rows::without_rule(&catalogue, theriac_law::registry().iter().flat_map(|rule| rule.requirements));
    let quiet: BTreeSet<&str> = ids.iter().copied().filter(|id| !reached.refused_by(id)).collect();
    let without_refusal = Allowed::read(root, NO_REFUSAL)?;
    let no_refusal = "no scenario has seen it refuse; write one that it refuses, or list it with the reason";
    faults.extend(without_refusal.compare(
        &quiet,
        |id| sources.fault(id, no_refusal),
        "has been seen to refuse, or is no rule",
    ));
    let without_rule = Allowed::read(root, NO_RULE)?;
    let rows: BTreeSet<&str> = open.values().flat_map(|area| &area.open).map(String::as_str).collect();
    let no_rule = |id: &str| Fault {
        file: "requirements/law.toml".into(),
        line: 0,
        what: format!("{id}: no rule names this row; name it in one, or list it in {NO_RULE} with the reason"),
    };
    faults.extend(without_rule.compare(&rows, no_rule, "has a rule, or is no row of the law"));
    faults.sort();
    let mut summary = String::new();
    let _ = writeln!(summary, "{:>5} rules, {} of them seen to refuse", ids.len(), ids.len() - quiet.len());
    let (quiet_listed, rows_listed) = (without_refusal.len(), without_rule.len());
    let _ =
        writeln!(summary, "{quiet_listed:>5} rules and {rows_listed} rows of the law are listed as open, with reasons");
    let _ = writeln!(summary, "{:>5} numbers with {values} values", theriac_law::parameters().len());
    let _ = writeln!(summary, "{:>5} answers to {} scenarios", reached.answers, reached.questions);
    summary.push_str(&rows::summary(&open));
    let open_rows = format!(
        "rules that no scenario has seen refuse: {}\n{}",
        quiet.iter().copied().collect::<Vec<_>>().join(" "),
        rows::list(&open)
    );
    Ok(Report { faults, summary, open_rows })
}

/// The citations in a data file, which stand in lines `key = "..."`.
fn cited(file: &files::TextFile, key: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (n, line) in file.text.lines().enumerate() {
        let value = line.strip_prefix(key).and_then(|rest| rest.trim_start().strip_prefix("= "));
        let Some(cite) = value.map(|value| value.trim().trim_matches('"')) else { continue };
        if let Err(error) = citation::parse(cite) {
            faults.push(Fault { file: file.path.clone(), line: n + 1, what: error.to_string() });
        }
    }
    faults
}

/// The text of the law's own Rust tests.
fn tests_of_the_law(root: &Path) -> Result<String> {
    Ok(files::below(root, "crates/law/tests", &["rs"])?.into_iter().map(|file| file.text).collect())
}

/// The law's source files, to say where a rule stands.
struct Sources(Vec<files::TextFile>);

impl Sources {
    fn read(root: &Path) -> Result<Self> {
        files::below(root, "crates/law/src", &["rs"]).map(Self).context("reading the law's sources")
    }

    /// What is wrong with the rule or number `id`, at the line that declares it.
    fn fault(&self, id: &str, what: &str) -> Fault {
        let declared = format!(": \"{id}\",");
        let place = self.0.iter().find_map(|file| {
            let line = file.text.lines().position(|line| line.contains(&declared))?;
            Some((file.path.clone(), line + 1))
        });
        let (file, line) = place.unwrap_or_else(|| (PathBuf::from("crates/law/src"), 0));
        Fault { file, line, what: format!("{id}: {what}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citation_of_a_data_file_is_found_by_its_line() {
        let text = "edition = \"state.XX\"\nvalue = 90\ncite = \"21 CFR 1306.22(a)\"\ncite = \"21 CRF 1306.22\"\n";
        let faults = cited(&files::TextFile { path: "xx.toml".into(), text: text.to_owned() }, "cite");
        let found: Vec<String> = faults.iter().map(Fault::to_string).collect();
        assert!(found.len() == 1 && found[0].starts_with("xx.toml:4: "), "{found:?}");
    }
}
