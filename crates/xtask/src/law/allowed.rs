//! Lists of what is open on purpose, each with its reason: requirement rows that decide nothing, rules that refuse nothing.
//!
//! A list only shrinks: what is open and not listed is a fault, and so is what is listed and no longer open.

use crate::Fault;
use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A list with its file.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    path: PathBuf,
    /// Identifier and line.
    listed: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    #[serde(default)]
    group: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    why: String,
    ids: Vec<String>,
}

impl Allowed {
    /// Reads a list; one that is not there is empty.
    ///
    /// # Errors
    /// When it is not of the form, a group has no reason, or an identifier stands in it twice.
    pub fn read(root: &Path, path: &str) -> Result<Self> {
        let file = root.join(path);
        if !file.is_file() {
            return Ok(Self { path: path.into(), ..Self::default() });
        }
        let text = std::fs::read_to_string(&file).with_context(|| format!("reading {path}"))?;
        Self::parse(path, &text)
    }

    fn parse(path: &str, text: &str) -> Result<Self> {
        let form: Form = toml::from_str(text).with_context(|| format!("reading {path}"))?;
        let mut listed = BTreeMap::new();
        for group in form.group {
            if group.why.trim().len() < 10 {
                bail!("{path}: a group says no reason: \"{}\"", group.why);
            }
            for id in group.ids {
                let quoted = format!("\"{id}\"");
                let line = text.lines().position(|line| line.contains(&quoted)).map_or(0, |line| line + 1);
                if listed.insert(id.clone(), line).is_some() {
                    bail!("{path}: {id} is listed twice");
                }
            }
        }
        Ok(Self { path: path.into(), listed })
    }

    /// What is `open` and not listed, and what is listed and not open (any more, or at all).
    pub fn compare(&self, open: &BTreeSet<&str>, fault: impl Fn(&str) -> Fault, closed: &str) -> Vec<Fault> {
        let unlisted = open.iter().filter(|id| !self.listed.contains_key(**id)).map(|id| fault(id));
        let stale = self.listed.iter().filter(|(id, _)| !open.contains(id.as_str())).map(|(id, line)| Fault {
            file: self.path.clone(),
            line: *line,
            what: format!("{id} {closed}; take it off the list"),
        });
        unlisted.chain(stale).collect()
    }

    /// How many are listed.
    pub fn len(&self) -> usize {
        self.listed.len()
    }

    /// Whether nothing is listed.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "[[group]]\nwhy = \"a look-up, which never refuses\"\nids = [\n    \"a\",\n    \"b\",\n]\n";

    #[test]
    fn what_is_open_and_not_listed_and_what_is_listed_and_not_open_are_faults() {
        let list = Allowed::parse("x.toml", LIST).expect("a list");
        let fault = |id: &str| Fault { file: "y".into(), line: 1, what: id.to_owned() };
        assert_eq!((list.len(), list.is_empty()), (2, false));
        assert_eq!(list.compare(&["a", "b"].into(), fault, "refuses"), []);
        let found = list.compare(&["b", "c"].into(), fault, "refuses");
        let found: Vec<String> = found.iter().map(Fault::to_string).collect();
        assert_eq!(found, ["y:1: c", "x.toml:4: a refuses; take it off the list"]);
    }

    #[test]
    fn a_list_gives_reasons_and_names_nothing_twice() {
        assert!(Allowed::parse("x.toml", &LIST.replace("a look-up, which never refuses", "")).is_err());
        assert!(Allowed::parse("x.toml", &LIST.replace("\"b\"", "\"a\"")).is_err());
        assert!(Allowed::parse("x.toml", "").expect("an empty list").is_empty());
    }
}
