//! Gathers, for `theriac law explain`, what the rules' own files say: the words at the head of each file, which rules and
//! parameters stand in it, and the codes its refusals carry. What explains a rule is the text beside it, never a copy.
#![allow(clippy::disallowed_methods, reason = "a build script reads the sources it stands beside")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let source = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("src");
    println!("cargo::rerun-if-changed={}", source.display());
    let mut files = Vec::new();
    below(&source, &mut files)?;
    files.sort();
    let mut pages = String::from("&[\n");
    for file in files {
        let text = fs::read_to_string(&file)?;
        let name = file.strip_prefix(&source).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        if let Some(page) = page(&name, &text) {
            pages.push_str(&page);
        }
    }
    pages.push_str("]\n");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?).join("pages.rs");
    fs::write(out, pages)
}

fn below(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            below(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// The page of one file; `None` for a file without rules.
fn page(file: &str, text: &str) -> Option<String> {
    let code = text.split("\n#[cfg(test)]").next().unwrap_or(text);
    let rules = declared(code, "\nrule!(");
    if rules.is_empty() {
        return None;
    }
    let words: Vec<&str> = code
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let parameters: Vec<String> = declared(code, "\nparameter!(").into_iter().map(|(_, id)| id).collect();
    let refusals: Vec<(String, String, String)> = refusals(code, &rules);
    let ids: Vec<&String> = rules.iter().map(|(_, id)| id).collect();
    let mut page = String::new();
    let _ = writeln!(
        page,
        "Page {{ file: {file:?}, words: {:?}, rules: &{ids:?}, parameters: &{parameters:?}, refusals: &{refusals:?} }},",
        words.join("\n")
    );
    Some(page)
}

/// The names and identifiers that a macro declares: `rule!(NAME: "id", ...`, doc comments before the name left out.
fn declared(code: &str, opening: &str) -> Vec<(String, String)> {
    let one = |text: &str| {
        let name = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("///"))?;
        let (name, rest) = name.split_once(':')?;
        let id = rest.trim_start().strip_prefix('"')?.split('"').next()?;
        Some((name.to_owned(), id.to_owned()))
    };
    code.split(opening).skip(1).filter_map(one).collect()
}

/// Each code of the file with the rule and the reason named last before it: `deny(&RULE, Reason::Expired, "LAW-...", ...`.
fn refusals(code: &str, rules: &[(String, String)]) -> Vec<(String, String, String)> {
    let mut found: Vec<(String, String, String)> = Vec::new();
    for (at, _) in code.match_indices("\"LAW-") {
        let (before, from) = code.split_at(at);
        let name = from[1..].split('"').next().unwrap_or_default();
        let rule = rules.iter().filter_map(|(name, id)| Some((last_word(before, &format!("&{name}"))?, id))).max();
        let Some((named_at, rule)) = rule else { continue };
        let reason = before[named_at..].rsplit_once("Reason::").map_or("", |(_, rest)| rest);
        let reason: String = reason.chars().take_while(char::is_ascii_alphanumeric).collect();
        let refusal = (rule.clone(), name.to_owned(), kebab(&reason));
        if !found.contains(&refusal) {
            found.push(refusal);
        }
    }
    found
}

/// Where `word` stands last in `text` as a whole word.
fn last_word(text: &str, word: &str) -> Option<usize> {
    let whole = |at: &usize| {
        let next = text[at + word.len()..].chars().next();
        next.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_')
    };
    text.match_indices(word).map(|(at, _)| at).filter(whole).last()
}

/// `RefillsExhausted` as the word that answers carry: `refills-exhausted`.
fn kebab(name: &str) -> String {
    let mut word = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.push(c.to_ascii_lowercase());
    }
    word
}
