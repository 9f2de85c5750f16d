//! The house as it stands passes its own checks.
#![allow(clippy::expect_used)] // tests

use std::path::Path;
use xtask::coverage::Coverage;
use xtask::{imports, law, rulebook, tidy};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("two folders up")
}

#[test]
fn manifests_import_only_what_the_table_in_architecture_allows() {
    let faults = imports::check(root()).expect("readable");
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_citation_names_a_requirement_and_stands_above_a_test() {
    let coverage = Coverage::read(root()).expect("readable");
    assert!(coverage.faults.is_empty(), "{:#?}", coverage.faults);
    let (covered, all) = coverage.total();
    assert!(covered > 0 && covered <= all && all > 1000, "{covered} of {all}");
}

#[test]
fn nothing_is_unfinished_or_overgrown() {
    let faults = tidy::sources(root()).expect("readable");
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_law_has_no_gaps_and_contradictions_and_every_rule_is_reached() {
    let report = law::check(root()).expect("readable");
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
}

#[test]
fn the_printed_rulebook_says_what_the_rules_say() {
    let faults = rulebook::check(root()).expect("readable");
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_changed_house_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    write(
        "ARCHITECTURE.md",
        "| crate | holds | may import |\n|---|---|---|\n| `model` | words | - |\n| `gone` | x | - |\n",
    );
    write("README.md", "run it\n");
    write("crates/model/Cargo.toml", "[dependencies]\ntheriac-law = \"1\"\n");
    write("crates/extra/Cargo.toml", "[package]\n");
    write("crates/model/src/lib.rs", "/// Requirements: epcs-none\n#[test]\nfn x() {}\n");
    write(
        "requirements/a.toml",
        "[[requirement]]\nid = \"epcs-one\"\ncite = \"c\"\nactor = \"any\"\narea = \"x\"\nkind = \"record\"\ntext = \"t\"\ncheck = \"c\"\n",
    );
    let coverage = Coverage::read(folder.path()).expect("readable");
    assert_eq!(coverage.faults.len(), 1, "{:#?}", coverage.faults);
    assert_eq!(coverage.total(), (0, 1));
    let found: Vec<String> = tidy::check(folder.path()).expect("readable").iter().map(ToString::to_string).collect();
    for expected in
        ["names theriac-law", "no row for `extra`", "which is no crate", "README.md: does not show", "clippy.toml"]
    {
        assert!(found.iter().any(|fault| fault.contains(expected)), "{expected}: {found:#?}");
    }
}
