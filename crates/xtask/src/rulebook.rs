//! The printed rulebook in `docs/rulebook`: written from the rules, and compared with them.

use crate::law::reach::Reached;
use crate::{Fault, files, questions};
use anyhow::{Context as _, Result};
use std::path::Path;
use theriac_law::render::{self, Page};

/// Where the pages lie.
const FOLDER: &str = "docs/rulebook";
/// What a person does about a page that has drifted.
const REMEDY: &str = "run `cargo xtask rulebook`";

/// The pages as the rules are now, with the refusals that our own scenarios meet.
///
/// # Errors
/// When a scenario cannot be read or asked.
pub fn pages(root: &Path) -> Result<Vec<Page>> {
    let mut pages = render::rulebook_with(&Reached::by_own_scenarios(root)?.refusals());
    if let Some(index) = pages.iter_mut().find(|page| page.file == "README.md") {
        index
            .text
            .push_str("\n## Asking it\n\n[Questions](questions.md): every action, with lines that can be asked.\n");
    }
    pages.push(questions::page(root)?);
    Ok(pages)
}

/// Writes the pages, and removes pages that the rulebook no longer has. Returns how many there are.
///
/// # Errors
/// When a page cannot be written.
pub fn write(root: &Path) -> Result<usize> {
    let pages = pages(root)?;
    let folder = root.join(FOLDER);
    std::fs::create_dir_all(&folder).with_context(|| format!("making {FOLDER}"))?;
    for file in files::below(root, FOLDER, &["md"])? {
        if !pages.iter().any(|page| file.path == Path::new(FOLDER).join(&page.file)) {
            std::fs::remove_file(root.join(&file.path)).with_context(|| format!("removing {}", file.path.display()))?;
        }
    }
    for page in &pages {
        std::fs::write(folder.join(&page.file), &page.text).with_context(|| format!("writing {}", page.file))?;
    }
    Ok(pages.len())
}

/// Pages that are missing, left over, or say something else than the rules.
///
/// # Errors
/// When a page or scenario cannot be read.
pub fn check(root: &Path) -> Result<Vec<Fault>> {
    compare(root, &pages(root)?)
}

fn compare(root: &Path, pages: &[Page]) -> Result<Vec<Fault>> {
    let printed = if root.join(FOLDER).is_dir() { files::below(root, FOLDER, &["md"])? } else { Vec::new() };
    let mut faults = Vec::new();
    for page in pages {
        let path = Path::new(FOLDER).join(&page.file);
        let found = printed.iter().find(|file| file.path == path);
        let line = match found {
            None => Some((0, "the page is missing")),
            Some(file) => first_difference(&file.text, &page.text).map(|line| (line, "differs from the rules")),
        };
        faults.extend(line.map(|(line, what)| Fault { file: path, line, what: format!("{what}; {REMEDY}") }));
    }
    for file in printed {
        if !pages.iter().any(|page| file.path == Path::new(FOLDER).join(&page.file)) {
            faults.push(Fault { file: file.path, line: 0, what: format!("is no page of the rulebook; {REMEDY}") });
        }
    }
    Ok(faults)
}

/// The first line, counted from 1, that differs.
fn first_difference(printed: &str, expected: &str) -> Option<usize> {
    if printed == expected {
        return None;
    }
    let same = printed.lines().zip(expected.lines()).take_while(|(a, b)| a == b).count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_drifted_is_missing_or_left_over_is_a_fault() {
        let root = tempfile::tempdir().expect("a folder");
        let page = |file: &str, text: &str| Page { file: file.to_owned(), text: text.to_owned() };
        let pages = [page("a.md", "one\ntwo\n"), page("b.md", "b\n")];
        assert_eq!(compare(root.path(), &pages).expect("read").len(), 2, "nothing is printed yet");
        let folder = root.path().join(FOLDER);
        std::fs::create_dir_all(&folder).expect("made");
        let print = |file: &str, text: &str| std::fs::write(folder.join(file), text).expect("written");
        print("a.md", "one\ntwo\n");
        print("b.md", "b\n");
        assert_eq!(compare(root.path(), &pages).expect("read"), []);
        print("a.md", "one\nthree\n");
        print("c.md", "c\n");
        let found: Vec<String> = compare(root.path(), &pages).expect("read").iter().map(Fault::to_string).collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("docs/rulebook/a.md:2: differs"), "{found:?}");
        assert!(found[1].starts_with("docs/rulebook/c.md: is no page"), "{found:?}");
    }
}
