//! One rule by itself: its dates, its citation, the requirements it names.

use super::citation;
use crate::catalogue::Catalogue;
use theriac_law::Rule;
use theriac_law::edition::By;

/// What is wrong with `rule`.
pub fn faults(rule: &Rule, catalogue: &Catalogue) -> Vec<String> {
    let mut wrong = Vec::new();
    wrong.extend(citation::parse(rule.cite).err().map(|error| error.to_string()));
    if rule.since.zip(rule.until).is_some_and(|(since, until)| until < since) {
        wrong.push("ends before it begins, so it never binds".to_owned());
    }
    if (rule.since.is_some() || rule.until.is_some()) && !rule.by.meets(By::CFR) {
        wrong.push("has dates, and dates are those of the Code, which does not say it".to_owned());
    }
    for row in rule.requirements.iter().filter(|row| !catalogue.contains_key(**row)) {
        wrong.push(format!("the catalogue has no requirement \"{row}\""));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Date, date};

    const FIRST: Date = date(2016, 7, 22);

    fn rule() -> Rule {
        Rule {
            id: "1306.22-test",
            area: "refills",
            cite: "21 CFR 1306.22(a)",
            by: By::ALL,
            since: None,
            until: None,
            summary: "A test",
            requirements: &[],
        }
    }

    fn check(rule: &Rule, expected: Option<&str>) {
        let found = faults(rule, &Catalogue::new());
        match expected {
            None => assert!(found.is_empty(), "{found:?}"),
            Some(what) => assert!(found.len() == 1 && found[0].contains(what), "{what}: {found:?}"),
        }
    }

    #[test]
    fn a_rule_that_ends_before_it_begins_never_binds() {
        check(&rule(), None);
        check(&Rule { since: Some(FIRST), until: Some(FIRST), ..rule() }, None);
        check(&Rule { since: Some(FIRST), until: FIRST.yesterday().ok(), ..rule() }, Some("never binds"));
    }

    #[test]
    fn a_rule_with_dates_is_one_of_the_code() {
        check(&Rule { since: Some(FIRST), by: By::CFR, ..rule() }, None);
        check(&Rule { since: Some(FIRST), by: By::P08, ..rule() }, Some("dates are those of the Code"));
    }

    #[test]
    fn a_rule_cites_what_parses_and_serves_what_the_catalogue_asks() {
        check(&Rule { cite: "21 CFR 1306,22", ..rule() }, Some("does not parse"));
        check(&Rule { requirements: &["law-none"], ..rule() }, Some("no requirement \"law-none\""));
    }
}
