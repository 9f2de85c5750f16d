//! Static checks of the law itself: what no single rule can see.
//!
//! Wrong are: a value that never binds, two values of one edition on one day, an edition that falls silent again, a value
//! outside its domain, a citation that does not parse, a rule that no scenario or test reaches, a requirement that a rule
//! names and the catalogue does not have. Rows of the catalogue without a rule are counted, and are no fault: many ask for
//! records and screens, which other crates prove.

pub mod citation;
pub mod parameters;
pub mod reach;
pub mod rows;
pub mod rules;

use crate::{Fault, catalogue, files};
use anyhow::{Context as _, Result};
use reach::Reached;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

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
    for (folder, key) in [("crates/law/overlays", "cite"), ("crates/law/data", "source")] {
        for file in files::below(root, folder, &["toml"])? {
            faults.extend(cited(&file, key));
        }
    }
    faults.sort();
    let mut summary = String::new();
    let open = rows::without_rule(&catalogue, theriac_law::registry().iter().flat_map(|rule| rule.requirements));
    let quiet: Vec<&str> = ids.iter().copied().filter(|id| !reached.refused_by(id)).collect();
    let _ = writeln!(summary, "{:>5} rules, {} of them seen to refuse", ids.len(), ids.len() - quiet.len());
    let _ = writeln!(summary, "{:>5} numbers with {values} values", theriac_law::parameters().len());
    let _ = writeln!(summary, "{:>5} answers to {} scenarios", reached.answers, reached.questions);
    summary.push_str(&rows::summary(&open));
    let open_rows = format!("rules that no scenario has seen refuse: {}\n{}", quiet.join(" "), rows::list(&open));
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
