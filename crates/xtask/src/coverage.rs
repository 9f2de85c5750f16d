//! Which requirements are proved by which tests.

use crate::catalogue::{self, Catalogue};
use crate::citations::{self, Citation};
use crate::{Fault, files};
use anyhow::Result;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// The catalogue with the tests that cite its rows.
#[derive(Debug)]
pub struct Coverage {
    catalogue: Catalogue,
    citations: Vec<Citation>,
    /// Unknown ids, citations above no test: coverage is only true when there are none.
    pub faults: Vec<Fault>,
}

impl Coverage {
    /// Reads the catalogue and every Rust file under `crates/`.
    ///
    /// # Errors
    /// When the catalogue or a source file cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        let catalogue = catalogue::read(root)?;
        let (mut citations, mut faults) = (Vec::new(), Vec::new());
        for file in files::below(root, "crates", &["rs"])? {
            // The reader of citations shows examples of them.
            if file.path.ends_with("xtask/src/citations.rs") {
                continue;
            }
            let (found, wrong) = citations::read(&file);
            faults.extend(wrong);
            for citation in found {
                for id in citation.ids.iter().filter(|id| !catalogue.contains_key(*id)) {
                    faults.push(Fault {
                        file: citation.file.clone(),
                        line: citation.line,
                        what: format!("the catalogue has no requirement \"{id}\""),
                    });
                }
                citations.push(citation);
            }
        }
        Ok(Self { catalogue, citations, faults })
    }

    /// The tests that cite each row; rows no test cites have none.
    fn tests(&self) -> BTreeMap<&str, Vec<String>> {
        let mut tests: BTreeMap<&str, Vec<String>> =
            self.catalogue.keys().map(|id| (id.as_str(), Vec::new())).collect();
        for citation in &self.citations {
            for id in &citation.ids {
                if let Some(cited_by) = tests.get_mut(id.as_str()) {
                    cited_by.push(format!("{}::{}", citation.file.display(), citation.test));
                }
            }
        }
        tests
    }

    /// Covered rows and all rows.
    pub fn total(&self) -> (usize, usize) {
        let tests = self.tests();
        (tests.values().filter(|cited_by| !cited_by.is_empty()).count(), tests.len())
    }

    /// Covered and all rows, by catalogue file and area.
    fn by_area(&self) -> BTreeMap<(&str, &str), (usize, usize)> {
        let tests = self.tests();
        let mut areas = BTreeMap::new();
        for (id, row) in &self.catalogue {
            let counts: &mut (usize, usize) = areas.entry((row.file.as_str(), row.area.as_str())).or_default();
            counts.0 += usize::from(tests.get(id.as_str()).is_some_and(|cited_by| !cited_by.is_empty()));
            counts.1 += 1;
        }
        areas
    }

    /// A table of catalogue files and their areas, for people: rows that a test proves, of all rows. The last line is the
    /// total.
    pub fn summary(&self) -> String {
        let mut files: BTreeMap<&str, Vec<(&str, usize, usize)>> = BTreeMap::new();
        for ((file, area), (covered, all)) in self.by_area() {
            files.entry(file).or_default().push((area, covered, all));
        }
        let mut out = "Rows of the requirement catalogue that a test proves, of all rows\n\n".to_owned();
        for (file, areas) in files {
            let (covered, all) = areas.iter().fold((0, 0), |sum, (_, covered, all)| (sum.0 + covered, sum.1 + all));
            out.push_str(&line(file, covered, all));
            for (area, covered, all) in areas {
                out.push_str(&line(&format!("  {area}"), covered, all));
            }
            out.push('\n');
        }
        let (covered, all) = self.total();
        out.push_str(&line("all", covered, all));
        out
    }

    /// Every row with its tests, for people.
    pub fn list(&self) -> String {
        let mut out = String::new();
        for (id, cited_by) in self.tests() {
            let _ = writeln!(out, "{id}{}", if cited_by.is_empty() { "  -" } else { "" });
            for test in cited_by {
                let _ = writeln!(out, "    {test}");
            }
        }
        out
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        let (covered, all) = self.total();
        let rows: Vec<Value> = self
            .tests()
            .into_iter()
            .filter_map(|(id, tests)| {
                let row = self.catalogue.get(id)?;
                Some(json!({"id": id, "file": row.file, "area": row.area, "cite": row.cite, "tests": tests}))
            })
            .collect();
        let faults: Vec<String> = self.faults.iter().map(Fault::to_string).collect();
        json!({"covered": covered, "total": all, "requirements": rows, "faults": faults})
    }
}

/// One line of the table, with the share in whole per cent, rounded down: 100 means all.
fn line(name: &str, covered: usize, all: usize) -> String {
    let share = (covered * 100).checked_div(all).unwrap_or(100);
    format!("{name:<30} {covered:>5} of {all:>5} {share:>4} %\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_of_them_are_a_hundred_per_cent() {
        assert_eq!(
            line("refill", 21, 21).split_whitespace().collect::<Vec<_>>(),
            ["refill", "21", "of", "21", "100", "%"]
        );
        assert!(line("all", 1636, 1637).ends_with("  99 %\n"));
        assert!(line("none", 0, 0).ends_with(" 100 %\n"));
    }
}
