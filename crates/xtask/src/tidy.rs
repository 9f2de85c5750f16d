//! Nothing unfinished, nothing overgrown, nothing that contradicts the map of the house.

use crate::files::{self, TextFile};
use crate::{Fault, imports};
use anyhow::Result;
use std::path::Path;

/// Words that mark unfinished work, and whether they count only as whole words. Written in two halves so that this file
/// does not find itself.
const UNFINISHED: [(&str, Match); 6] = [
    (concat!("TO", "DO"), Match::Word),
    (concat!("FIX", "ME"), Match::Word),
    (concat!("XX", "X:"), Match::Anywhere),
    (concat!("to", "do!("), Match::Anywhere),
    (concat!("unimpl", "emented!("), Match::Anywhere),
    (concat!("#[", "ignore"), Match::Anywhere),
];

#[derive(Clone, Copy)]
enum Match {
    Word,
    Anywhere,
}

/// The longest source file, in lines.
const LINES_MOST: usize = 1500;
/// Pages that are printed from the rules; they are as long as the law is.
const PRINTED: &str = "docs/rulebook";
/// ARCHITECTURE.md is shorter than this.
const ARCHITECTURE_LINES: usize = 200;
/// The crates whose clippy.toml bans clock, disk, network and environment.
const CORES: [&str; 8] = ["model", "law", "prescriber", "pharmacy", "books", "relay", "wire", "journal"];
/// What a newcomer types, and what README must show.
const COMMANDS: [&str; 2] = ["cargo run --release -- demo", "./test"];

/// Everything found wrong, sorted by file and line: imports, sources and pages.
///
/// # Errors
/// When a file cannot be read.
pub fn check(root: &Path) -> Result<Vec<Fault>> {
    let mut faults = imports::check(root)?;
    faults.extend(sources(root)?);
    pages(root, &mut faults);
    faults.sort();
    Ok(faults)
}

/// What is wrong with files taken one by one: marks of unfinished work, too many lines, a core without its bans.
///
/// # Errors
/// When a file cannot be read.
pub fn sources(root: &Path) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let kinds = ["rs", "md", "toml", "sh", "html", "css", "js", "sql"];
    for file in files::below(root, ".", &kinds)? {
        let path = file.path.strip_prefix(".").unwrap_or(&file.path).to_owned();
        if path.starts_with("requirements") {
            continue;
        }
        unfinished(&TextFile { path, ..file }, &mut faults);
    }
    for name in CORES {
        let file = Path::new("crates").join(name).join("clippy.toml");
        let text = std::fs::read_to_string(root.join(&file)).unwrap_or_default();
        if !(text.contains("std::time::SystemTime::now") && text.contains("std::fs::read")) {
            let what = "a core's clippy.toml bans the clock, the disk, the network and the environment".to_owned();
            faults.push(Fault { file, line: 0, what });
        }
    }
    Ok(faults)
}

fn unfinished(file: &TextFile, faults: &mut Vec<Fault>) {
    let fault = |line, what| Fault { file: file.path.clone(), line, what };
    for (n, line) in file.text.lines().enumerate() {
        for (mark, how) in UNFINISHED {
            let found = match how {
                Match::Anywhere => line.contains(mark),
                Match::Word => line.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == mark),
            };
            if found {
                faults.push(fault(n + 1, format!("\"{mark}\": finish it, or write down in words what is not done")));
            }
        }
    }
    let lines = file.text.lines().count();
    if lines > LINES_MOST && !file.path.starts_with(PRINTED) {
        faults.push(fault(0, format!("{lines} lines; split it by subject (at most {LINES_MOST})")));
    }
}

fn pages(root: &Path, faults: &mut Vec<Fault>) {
    let mut page = |name: &str, wrong: &dyn Fn(&str) -> Option<String>| {
        let what = match std::fs::read_to_string(root.join(name)) {
            Ok(text) => wrong(&text),
            Err(error) => Some(format!("cannot be read: {error}")),
        };
        faults.extend(what.map(|what| Fault { file: name.into(), line: 0, what }));
    };
    page("ARCHITECTURE.md", &|text| {
        let lines = text.lines().count();
        (lines >= ARCHITECTURE_LINES).then(|| format!("{lines} lines; it stays under {ARCHITECTURE_LINES}"))
    });
    page("README.md", &|text| {
        let missing = COMMANDS.iter().find(|command| !text.contains(**command))?;
        Some(format!("does not show the command \"{missing}\""))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: usize) {
        let mut faults = Vec::new();
        unfinished(&TextFile { path: "x.rs".into(), text: text.to_owned() }, &mut faults);
        assert_eq!(faults.len(), expected, "{faults:?}");
    }

    #[test]
    fn marks_of_unfinished_work_are_found_and_like_words_are_not() {
        check(concat!("// TO", "DO later"), 1);
        check(concat!("to", "do!()"), 1);
        check(concat!("#[", "ignore = \"slow\"]"), 1);
        check("// a to-do item of the pharmacist; MASTODONT", 0);
    }

    #[test]
    fn a_file_of_fifteen_hundred_lines_is_long_enough() {
        check(&"x\n".repeat(1500), 0);
        check(&"x\n".repeat(1501), 1);
        let mut faults = Vec::new();
        let printed = TextFile { path: "docs/rulebook/part-1306.md".into(), text: "x\n".repeat(1501) };
        unfinished(&printed, &mut faults);
        assert_eq!(faults, []);
    }
}
