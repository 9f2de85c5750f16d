//! Whether two ways of writing a name can be the same person's.

use std::collections::BTreeSet;

/// Words that belong to a profession or a generation, not to the name.
const TITLES: [&str; 24] = [
    "MD", "DO", "DR", "NP", "PA", "PAC", "DDS", "DMD", "DVM", "DPM", "OD", "ND", "PHD", "RN", "APRN", "CNM", "FNP",
    "JR", "SR", "II", "III", "IV", "MR", "MS",
];

fn words(name: &str) -> BTreeSet<String> {
    name.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-'))
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect::<String>())
        // An initial says too little to tell people apart or to tell them to be the same.
        .filter(|word| word.chars().count() > 1 && !TITLES.contains(&word.as_str()))
        .collect()
}

/// Whether two writings of a name agree: all words of the shorter stand in the longer, titles and initials aside, and they
/// share at least two words (or the only one there is).
pub fn names_agree(a: &str, b: &str) -> bool {
    let (a, b) = (words(a), words(b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    !short.is_empty() && short.is_subset(&long) && (short.len() > 1 || long.len() == 1)
}

/// Whether two names are written with the same words: the same person, as far as a name can tell.
pub fn same_name(a: &str, b: &str) -> bool {
    let (a, b) = (words(a), words(b));
    !a.is_empty() && a == b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_agrees_with_its_other_order_title_and_middle_name() {
        for (a, b, agree) in [
            ("Alex Brook", "BROOK, ALEX J MD", true),
            ("Alex Brook", "BROOK, ALEX JULES", true),
            ("Alex Brook", "BROOKS, ALEX", false),
            ("Alex Brook", "BROOK, BLAIR", false),
            ("Alex Brook", "BROOK", false),
            ("", "", false),
            ("Dr O'Neil-Brook", "ONEILBROOK", true),
        ] {
            assert_eq!(names_agree(a, b), agree, "{a} / {b}");
        }
        assert!(same_name("Ada Accession", "ACCESSION, ADA"));
        assert!(!same_name("Ada Accession", "Ada M. Accession-Brook"));
        assert!(!same_name("", "Dr"));
    }
}
