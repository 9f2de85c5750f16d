//! The manifests against the table of crates in `ARCHITECTURE.md`.

use crate::Fault;
use anyhow::{Context as _, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Our crates' package names begin so; the folder has the rest.
const PREFIX: &str = "theriac-";
/// The row that may import everything.
const EVERYTHING: &str = "all";
/// The crate that only tests may use.
const TEST_ONLY: &str = "testkit";

/// What the table says a crate may import.
#[derive(Clone, Debug, PartialEq, Eq)]
enum MayImport {
    Everything,
    These(BTreeSet<String>),
}

/// The rows of the table whose head is `| crate | ... | may import (ours) |`.
fn table(text: &str) -> Result<BTreeMap<String, MayImport>> {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect()
    };
    let mut lines = text.lines().map(str::trim).skip_while(|line| {
        let head = cells(line);
        !(line.starts_with('|')
            && head.first().is_some_and(|cell| cell.starts_with("crate"))
            && head.last().is_some_and(|cell| cell.starts_with("may import")))
    });
    lines.next().context("ARCHITECTURE.md has no table with the columns \"crate\" and \"may import\"")?;
    let mut rows = BTreeMap::new();
    for line in lines.take_while(|line| line.starts_with('|')) {
        let row = cells(line);
        let (Some(name), Some(imports)) = (row.first(), row.last()) else { continue };
        if name.starts_with("--") {
            continue;
        }
        let imports = match imports.as_str() {
            EVERYTHING => MayImport::Everything,
            "-" => MayImport::These(BTreeSet::new()),
            names => MayImport::These(names.split(',').map(|name| name.trim().trim_matches('`').to_owned()).collect()),
        };
        rows.insert(name.clone(), imports);
    }
    Ok(rows)
}

/// Our crates that a section of a manifest names.
fn ours(manifest: &toml::Table, section: &str) -> BTreeSet<String> {
    let names = manifest.get(section).and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::keys);
    names.filter_map(|name| name.strip_prefix(PREFIX)).map(str::to_owned).collect()
}

/// Compares every `crates/*/Cargo.toml` with the table.
///
/// # Errors
/// When a manifest or the table cannot be read.
pub fn check(root: &Path) -> Result<Vec<Fault>> {
    let text = std::fs::read_to_string(root.join("ARCHITECTURE.md")).context("reading ARCHITECTURE.md")?;
    let table = table(&text)?;
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for entry in std::fs::read_dir(root.join("crates")).context("reading crates/")? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path().join("Cargo.toml");
        if !path.is_file() {
            continue;
        }
        let manifest = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let manifest: toml::Table =
            manifest.parse().with_context(|| format!("{} is not a manifest", path.display()))?;
        let file = PathBuf::from("crates").join(&name).join("Cargo.toml");
        seen.insert(name.clone());
        match table.get(&name) {
            None => faults.push(Fault { file, line: 0, what: format!("ARCHITECTURE.md has no row for `{name}`") }),
            Some(row) => faults.extend(compare(&file, &manifest, row)),
        }
    }
    for name in table.keys().filter(|name| !seen.contains(*name)) {
        let what = format!("the table has a row for `{name}`, which is no crate");
        faults.push(Fault { file: "ARCHITECTURE.md".into(), line: 0, what });
    }
    Ok(faults)
}

fn compare(file: &Path, manifest: &toml::Table, row: &MayImport) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (section, in_tests) in [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)] {
        for import in ours(manifest, section) {
            let allowed = match row {
                _ if import == TEST_ONLY => in_tests,
                MayImport::Everything => true,
                MayImport::These(names) => names.contains(&import),
            };
            if !allowed {
                let what =
                    format!("[{section}] names {PREFIX}{import}, which the table in ARCHITECTURE.md does not allow");
                faults.push(Fault { file: file.to_owned(), line: 0, what });
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "x\n| crate | holds | may import (ours) |\n|---|---|---|\n| `law` | rules | model |\n\
                         | `theriac` | all of it | all |\n| `model` | words | - |\n\n| other | table |\n";

    fn check(crate_name: &str, manifest: &str, expected: &[&str]) {
        let table = table(TABLE).expect("a table");
        let faults = compare(Path::new("Cargo.toml"), &manifest.parse().expect("a manifest"), &table[crate_name]);
        let found: Vec<_> = faults.iter().map(|fault| fault.what.split(',').next().unwrap_or_default()).collect();
        assert_eq!(found, expected, "{crate_name}: {manifest}");
    }

    #[test]
    fn a_crate_imports_what_its_row_allows() {
        check("law", "[dependencies]\ntheriac-model.workspace = true\nserde = \"1\"", &[]);
        check("law", "[dependencies]\ntheriac-books = \"1\"", &["[dependencies] names theriac-books"]);
        check("model", "[build-dependencies]\ntheriac-law = \"1\"", &["[build-dependencies] names theriac-law"]);
        check("model", "[dev-dependencies]\ntheriac-law = \"1\"", &["[dev-dependencies] names theriac-law"]);
        check("theriac", "[dependencies]\ntheriac-model = \"1\"\ntheriac-law = \"1\"", &[]);
    }

    #[test]
    fn test_builders_are_for_tests_only() {
        check("law", "[dev-dependencies]\ntheriac-testkit = \"1\"", &[]);
        check("law", "[dependencies]\ntheriac-testkit = \"1\"", &["[dependencies] names theriac-testkit"]);
        check("theriac", "[dependencies]\ntheriac-testkit = \"1\"", &["[dependencies] names theriac-testkit"]);
    }
}
