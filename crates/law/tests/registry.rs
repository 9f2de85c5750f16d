//! The registry, the parameters and the overlays hold together: static checks of the law itself.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use theriac_law::edition::{By, Direction, Domain};
use theriac_law::vocab::State;
use theriac_law::{Overlay, parameters, registry};

const EDITIONS: [By; 4] = [By::P08, By::CFR, By::M10, By::C21];

/// All days on which something may change, with the day before and after.
fn edges() -> Vec<Date> {
    let dates =
        parameters().iter().flat_map(|parameter| parameter.rows).flat_map(|row| [row.since, row.until]).flatten();
    let mut days: BTreeSet<Date> = [date(1971, 5, 1), date(2026, 11, 22), date(2100, 1, 1)].into();
    for day in dates {
        days.extend([day, day.yesterday().expect("in range"), day.tomorrow().expect("in range")]);
    }
    days.into_iter().collect()
}

#[test]
fn at_most_one_row_of_an_edition_binds_on_a_day() {
    for parameter in parameters() {
        for edition in EDITIONS {
            for day in edges() {
                let binding = parameter.rows.iter().filter(|row| row.by.meets(edition) && row.binds(day)).count();
                assert!(binding <= 1, "{}: {binding} rows of {edition:?} bind on {day}", parameter.id);
            }
        }
    }
}

#[test]
fn once_an_edition_has_spoken_of_a_parameter_it_leaves_no_gap() {
    for parameter in parameters() {
        for edition in EDITIONS {
            let speaks: Vec<bool> = edges().iter().map(|day| parameter.row(edition, *day).is_some()).collect();
            let begun = speaks.iter().position(|speaks| *speaks).unwrap_or(speaks.len());
            assert!(speaks[begun..].iter().all(|speaks| *speaks), "{}: {edition:?} falls silent again", parameter.id);
        }
    }
}

#[test]
fn rules_and_parameters_have_their_own_names_and_citations() {
    let mut ids = BTreeSet::new();
    for rule in registry() {
        assert!(ids.insert(rule.id), "{} twice", rule.id);
        assert!(!rule.cite.is_empty() && !rule.summary.is_empty() && !rule.summary.ends_with('.'), "{}", rule.id);
        assert!(!rule.requirements.is_empty(), "{} serves no requirement", rule.id);
    }
    let mut ids = BTreeSet::new();
    for parameter in parameters() {
        assert!(ids.insert(parameter.id), "{} twice", parameter.id);
        for row in parameter.rows {
            assert!(!row.cite.is_empty(), "{}", parameter.id);
            let yes_no = parameter.domain == Domain::YesNo;
            assert!(!yes_no || row.value <= 1, "{}: yes or no", parameter.id);
        }
        let set = matches!(parameter.direction, Direction::Union | Direction::Intersection);
        assert_eq!(set, matches!(parameter.domain, Domain::Words(_)), "{}", parameter.id);
    }
}

/// Every rule and parameter written down in a source file is in the lists that everybody reads.
#[test]
fn nothing_is_declared_and_not_listed() {
    fn declared(folder: &Path, rules: &mut usize, parameters: &mut usize) {
        for entry in fs::read_dir(folder).expect("our own source") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                declared(&path, rules, parameters);
            } else {
                let text = fs::read_to_string(&path).expect("our own source");
                *rules += text.lines().filter(|line| line.starts_with("rule!(")).count();
                *parameters += text.lines().filter(|line| line.starts_with("parameter!(")).count();
            }
        }
    }
    let (mut rules, mut settings) = (0, 0);
    declared(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut rules, &mut settings);
    assert_eq!((registry().len(), parameters().len()), (rules, settings));
}

/// Every requirement named by a rule is a row of the catalogue.
#[test]
fn rules_name_only_rows_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../requirements");
    if !root.exists() {
        println!("skipped: the requirement catalogue is not here");
        return;
    }
    let mut known = BTreeSet::new();
    for name in ["law.toml", "epcs.toml", "pharmacy.toml", "ntp.toml"] {
        let text = fs::read_to_string(root.join(name)).expect("the catalogue is readable");
        known.extend(text.lines().filter_map(|line| Some(line.strip_prefix("id = \"")?.strip_suffix('"')?.to_owned())));
    }
    for rule in registry() {
        for row in rule.requirements {
            assert!(known.contains(*row), "{} names {row}", rule.id);
        }
    }
}

#[test]
fn an_overlay_is_read_whole_or_refused_naming_what_is_wrong() {
    assert_eq!(Overlay::built_in(State::Arizona).edition().name(), "state.AZ");
    let wrong = |text: &str| Overlay::parse(text).expect_err("refused").to_string();
    assert!(wrong("edition = \"cfr\"").contains("state.XX or house.NAME"));
    let row = |id: &str, rest: &str| format!("edition = \"state.XX\"\n[parameter.\"{id}\"]\ncite = \"x\"\n{rest}\n");
    assert!(wrong(&row("expiry.ii.weeks", "value = 3")).contains("no parameter \"expiry.ii.weeks\""));
    assert!(wrong(&row("expiry.ii.days", "value = true")).contains("a whole number of days"));
    assert!(wrong(&row("expiry.ii.days", "value = -1")).contains("a whole number of days"));
    assert!(wrong(&row("sign.hard-token", "value = 1")).contains("true or false"));
    assert!(wrong(&row("transfer.elements", "value = [\"moon\"]")).contains("pharmacist-name"));
    assert!(wrong(&row("loss.spill.form-41", "value = true")).contains("cannot be set"));
    assert!(wrong(&row("expiry.ii.days", "value = 3\nsince = \"2021-02-29\"")).contains("dates"));
    assert!(
        wrong(&row("expiry.ii.days", "value = 3\nsince = \"2021-02-02\"\nuntil = \"2021-02-01\"")).contains("dates")
    );
    assert!(wrong(&row("expiry.ii.days", "value = 3\ncolour = \"red\"")).contains("unknown field"));
    assert!(wrong("edition = ").contains("cannot be read"));
}

/// The pages hold every rule and parameter, so that a reader of the book misses nothing.
#[test]
fn the_rulebook_as_pages_holds_every_rule_and_parameter() {
    let pages = theriac_law::render::rulebook();
    let index = &pages.iter().find(|page| page.file == "README.md").expect("an index").text;
    for page in pages.iter().filter(|page| page.file != "README.md") {
        assert!(index.contains(&page.file), "{} is not in the index", page.file);
    }
    let book: String = pages.iter().map(|page| page.text.as_str()).collect();
    for rule in registry() {
        assert!(book.contains(&format!("### {}", rule.id)) && book.contains(rule.summary), "{}", rule.id);
    }
    for parameter in parameters() {
        assert!(book.contains(&format!("### {}", parameter.id)), "{}", parameter.id);
    }
}
