//! Rows of the catalogue's law that no rule names.

use crate::catalogue::Catalogue;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The catalogue file that asks for rules.
const FILE: &str = "law";

/// One area of the law: how many rows it has, and those that no rule names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// All rows.
    pub rows: usize,
    /// Rows without a rule.
    pub open: Vec<String>,
}

/// The areas of the law with their rows that are not among those that rules `name`.
pub fn without_rule<'a>(catalogue: &Catalogue, named: impl Iterator<Item = &'a &'a str>) -> BTreeMap<String, Area> {
    let named: BTreeSet<&str> = named.copied().collect();
    let mut areas: BTreeMap<String, Area> = BTreeMap::new();
    for (id, row) in catalogue.iter().filter(|(_, row)| row.file == FILE) {
        let area = areas.entry(row.area.clone()).or_default();
        area.rows += 1;
        if !named.contains(id.as_str()) {
            area.open.push(id.clone());
        }
    }
    areas
}

/// How many rows of each area have a rule.
pub fn summary(areas: &BTreeMap<String, Area>) -> String {
    let mut text = "\nrows of law.toml that a rule names, by area\n".to_owned();
    let (mut named, mut all) = (0, 0);
    for (name, area) in areas {
        let with_rule = area.rows - area.open.len();
        (named, all) = (named + with_rule, all + area.rows);
        let _ = writeln!(text, "  {name:<26} {with_rule:>4} of {:>4}", area.rows);
    }
    let _ = writeln!(text, "  {:<26} {named:>4} of {all:>4}", "all");
    text
}

/// The rows without a rule, by area.
pub fn list(areas: &BTreeMap<String, Area>) -> String {
    let mut text = String::new();
    for (name, area) in areas.iter().filter(|(_, area)| !area.open.is_empty()) {
        let _ = writeln!(text, "{name}: {} of {} without a rule", area.open.len(), area.rows);
        for id in &area.open {
            let _ = writeln!(text, "    {id}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Requirement;

    fn row(id: &str, file: &str) -> (String, Requirement) {
        let text = || "x".to_owned();
        let requirement = Requirement {
            id: id.to_owned(),
            cite: text(),
            actor: text(),
            area: "refills".to_owned(),
            kind: text(),
            text: text(),
            check: text(),
            file: file.to_owned(),
        };
        (id.to_owned(), requirement)
    }

    #[test]
    fn rows_of_the_law_that_no_rule_names_are_listed_by_area() {
        let catalogue: Catalogue = [row("law-a", "law"), row("law-b", "law"), row("epcs-a", "epcs")].into();
        let areas = without_rule(&catalogue, ["law-a"].iter());
        assert_eq!(areas["refills"], Area { rows: 2, open: vec!["law-b".to_owned()] });
        assert!(list(&areas).contains("law-b") && !list(&areas).contains("epcs-a"));
        assert!(summary(&areas).contains("1 of    2"));
    }
}
