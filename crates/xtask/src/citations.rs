//! Reading the citations above tests: `/// Requirements: id, id` over a `#[test]`.

use crate::Fault;
use crate::files::TextFile;
use std::path::PathBuf;

/// The words that begin a citation.
const MARK: &str = "/// Requirements:";

/// One test and the requirements it says it proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The file, relative to the project's root.
    pub file: PathBuf,
    /// The line of the citation, counted from 1.
    pub line: usize,
    /// The test function.
    pub test: String,
    /// The ids cited.
    pub ids: Vec<String>,
}

/// The citations of one source file, and what is wrong with them.
///
/// A citation may run over several doc lines as long as each but the last ends in a comma. The item below must be a test
/// (also inside `proptest!`) that is not ignored; between may stand other doc lines, attributes and blank lines.
pub fn read(file: &TextFile) -> (Vec<Citation>, Vec<Fault>) {
    let lines: Vec<&str> = file.text.lines().map(str::trim).collect();
    let (mut citations, mut faults) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(&line) = lines.get(at) {
        let Some(first) = line.strip_prefix(MARK) else {
            at += 1;
            continue;
        };
        let begun = at;
        let mut text = first.trim().to_owned();
        at += 1;
        while text.ends_with(',')
            && let Some(more) = lines.get(at).and_then(|line| line.strip_prefix("///"))
        {
            text.push_str(more.trim());
            at += 1;
        }
        let ids: Vec<String> = text.split(',').map(|id| id.trim().trim_end_matches('.').to_owned()).collect();
        let item = Item::below(lines.get(at..).unwrap_or(&[]));
        let fault = |what: &str| Fault { file: file.path.clone(), line: begun + 1, what: what.to_owned() };
        if let Some(twice) =
            ids.iter().enumerate().find_map(|(n, id)| ids.iter().skip(n + 1).find(|other| *other == id))
        {
            faults.push(fault(&format!("\"{twice}\" is cited twice above one test")));
        }
        match item {
            Item::Test(name) => citations.push(Citation { file: file.path.clone(), line: begun + 1, test: name, ids }),
            Item::Ignored => faults.push(fault("the test below this citation is ignored, so it proves nothing")),
            Item::Other => faults.push(fault("no test stands below this citation; move it to the test that proves it")),
        }
    }
    (citations, faults)
}

/// What stands below a citation.
enum Item {
    Test(String),
    Ignored,
    Other,
}

impl Item {
    fn below(lines: &[&str]) -> Self {
        let (mut is_test, mut is_ignored) = (false, false);
        for line in lines {
            if let Some(name) = function(line) {
                return match (is_test, is_ignored) {
                    (true, false) => Self::Test(name),
                    (true, true) => Self::Ignored,
                    (false, _) => Self::Other,
                };
            }
            let passes_by = line.is_empty() || line.starts_with("//") || line.starts_with('#') || line.ends_with(']');
            if !passes_by && !inside_attribute(line) {
                return Self::Other;
            }
            is_test |= line.contains("#[test]") || line.contains("::test]") || line.contains("::test(");
            is_ignored |= line.contains(concat!("#[", "ignore"));
        }
        Self::Other
    }
}

/// The lines of an attribute that was broken over several.
fn inside_attribute(line: &str) -> bool {
    line.ends_with(',') && !line.contains('{')
}

/// The name in `fn name(`, `async fn name(`, `pub fn name(`.
fn function(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    words.by_ref().find(|word| *word == "fn" || !["pub", "async"].contains(word)).filter(|word| *word == "fn")?;
    let rest = words.next()?;
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(&str, &[&str]), &str>) {
        let file = TextFile { path: "x.rs".into(), text: text.to_owned() };
        let (citations, faults) = read(&file);
        match expected {
            Ok((test, ids)) => {
                assert_eq!(faults, [], "{text}");
                let found: Vec<_> = citations.iter().map(|c| (c.test.as_str(), c.ids.clone())).collect();
                assert_eq!(found, [(test, ids.iter().map(|id| (*id).to_owned()).collect())], "{text}");
            }
            Err(what) => {
                assert!(citations.is_empty(), "{text}");
                let found: Vec<_> = faults.iter().map(|fault| fault.what.as_str()).collect();
                assert!(found.len() == 1 && found.iter().all(|f| f.contains(what)), "{text}: {found:?}");
            }
        }
    }

    #[test]
    fn citations_belong_to_the_test_below_them() {
        check("/// Requirements: a-1, b-2\n#[test]\nfn it_holds() {}", Ok(("it_holds", &["a-1", "b-2"])));
        check("    /// Requirements: a-1,\n    /// b-2.\n    #[test]\n    fn x() {}", Ok(("x", &["a-1", "b-2"])));
        check("/// Requirements: a\n/// More words.\n#[tokio::test]\nasync fn x() {}", Ok(("x", &["a"])));
        check("/// Requirements: a\n#[test]\n#[allow(\n    clippy::x,\n)]\nfn x(n in 0..3) {}", Ok(("x", &["a"])));
        check("/// Requirements: a\n#[cfg(unix)]\n#[test]\nfn x() {}", Ok(("x", &["a"])));
    }

    #[test]
    fn a_requirement_is_cited_once_above_a_test() {
        let file = TextFile { path: "x.rs".into(), text: "/// Requirements: a, b,\n/// a\n#[test]\nfn x() {}".into() };
        let (citations, faults) = read(&file);
        assert_eq!((citations.len(), faults.len()), (1, 1));
        assert!(faults[0].what.contains("\"a\" is cited twice"), "{faults:?}");
    }

    #[test]
    fn a_citation_above_anything_else_is_a_fault() {
        check("/// Requirements: a\nfn helper() {}", Err("no test"));
        check("/// Requirements: a\nstruct X;", Err("no test"));
        check("/// Requirements: a", Err("no test"));
        check(concat!("/// Requirements: a\n#[test]\n#[", "ignore]\nfn x() {}"), Err("ignored"));
        check(concat!("/// Requirements: a\n#[", "ignore = \"slow\"]\n#[test]\nfn x() {}"), Err("ignored"));
    }
}
