//! DEA numbers from outside, when they are there: each gets the answer that people gave it.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use jiff::civil::date;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use theriac_law::products::{self, Found};
use theriac_law::{Profile, Question, Reason, Request, Verdict, decide};

fn shared(name: &str) -> Option<String> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/real/dea")).join(name);
    let text = fs::read_to_string(path).ok();
    if text.is_none() {
        println!("skipped: {name} is not here");
    }
    text
}

fn reason(number: &str) -> Option<Reason> {
    let request = Request::CheckDeaNumber { number: number.to_owned(), last_name: None };
    decide(&Profile::in_force(), &Question::new(date(2026, 11, 22), request)).expect("built").reason
}

/// Requirements: law-dea-check-digit, law-dea-shape
#[test]
fn published_examples_get_the_answer_published_with_them() {
    let Some(text) = shared("dea_number_vectors.json") else { return };
    let vectors: Vec<serde_json::Value> = serde_json::from_str(&text).expect("JSON");
    assert!(!vectors.is_empty());
    for vector in vectors {
        let number = vector["number"].as_str().expect("a number");
        let sound = vector["check_digit_valid"].as_bool().expect("an answer");
        assert_eq!(reason(number).is_none(), sound, "{number}: {:?}", reason(number));
    }
}

/// Requirements: law-dea-letter-practitioner, law-dea-check-digit
#[test]
fn registered_pharmacies_have_numbers_that_pass() {
    let Some(text) = shared("real_pharmacy_dea_numbers_wv.tsv") else { return };
    let mut counted = 0;
    for line in text.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (Some(number), Some(sound)) = (columns.first(), columns.get(6)) else { continue };
        counted += 1;
        let expected = if *sound == "True" { None } else { Some(Reason::CheckDigit) };
        assert_eq!(reason(number), expected, "{number}");
    }
    assert!(counted > 100, "{counted} numbers");
}

/// The numbers of pharmacies that bought methadone, as they were published, are of the pharmacies' letters.
#[test]
fn the_first_letters_of_real_numbers_are_in_use() {
    let Some(text) = shared("real_pharmacy_dea_numbers_wv.tsv") else { return };
    let letters: BTreeSet<char> = text.lines().skip(1).filter_map(|line| line.chars().next()).collect();
    assert!(letters.iter().all(|letter| "ABFG".contains(*letter)), "{letters:?}");
}

/// Requirements: law-sched-ci-list, law-sched-cii-opioid-list, law-sched-civ-other
#[test]
fn substances_of_deas_own_list_are_in_the_schedule_that_it_gives() {
    let Some(text) = shared("dea_controlled_substances_by_schedule.tsv") else { return };
    let (day, profile) = (date(2020, 3, 1), Profile::in_force());
    let mut known = 0;
    for line in text.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (Some(name), Some(schedule)) = (columns.first(), columns.get(2)) else { continue };
        let said: Vec<&str> = match products::lookup(&profile, name, day) {
            Found::Certain(status, _) => vec![status.word()],
            Found::Depends(_, entries) => entries.iter().map(|entry| entry.status.word()).collect(),
            Found::Unknown => continue,
        };
        known += 1;
        assert!(said.contains(schedule), "{name}: DEA says {schedule}, our table {said:?}");
    }
    assert!(known > 60, "{known} substances are in our table");
}

fn kind_of(number: &str) -> Option<String> {
    let request = Request::CheckDeaNumber { number: number.to_owned(), last_name: None };
    let decision = decide(&Profile::in_force(), &Question::new(date(2026, 11, 22), request)).expect("built");
    match decision.verdict {
        Verdict::Value(answer) => Some(answer.to_string()),
        _ => None,
    }
}

/// Requirements: law-dea-letter-practitioner, law-dea-letter-midlevel, law-dea-letter-x, law-dea-unknown-letter
#[test]
fn each_letter_tells_its_kind_of_registrant_whatever_the_second() {
    for letter in 'A'..='Z' {
        let expected = match letter {
            'A' | 'B' | 'F' | 'G' => Some("practitioner-or-facility"),
            'M' => Some("mid-level"),
            'P' | 'R' => Some("distributor-or-researcher"),
            'X' => Some("data-waived"),
            _ => None,
        };
        for second in ('A'..='Z').chain(['9']) {
            let number = format!("{letter}{second}1234563");
            assert_eq!(kind_of(&number).as_deref(), expected, "{number}");
        }
    }
    assert_eq!(kind_of("A81234563"), None, "of digits only a 9 stands for a business");
}

/// Requirements: law-dea-check-digit
#[test]
fn for_six_digits_exactly_one_seventh_passes() {
    for six in (0..1_000_000_u32).step_by(997) {
        let passing = (0..10).filter(|last| reason(&format!("AB{six:06}{last}")).is_none()).count();
        assert_eq!(passing, 1, "{six:06}");
    }
}

/// Requirements: law-hosp-internal-code-assigned
#[test]
fn a_hospitals_internal_code_may_have_any_shape() {
    let long = format!("AB1234563-{}", "9".repeat(35));
    for number in [
        "AB1234563-012",
        "AB1234563-A12",
        "AB1234563-KD-17/b",
        "AB1234563 - 012",
        "ab1234563-dr. kay 4",
        "AB1234563\u{2013}012",
        "AB1234563-\u{e9}tage 2",
        &long,
    ] {
        assert_eq!(kind_of(number).as_deref(), Some("practitioner-or-facility"), "{number}");
    }
    let too_long = format!("{long}9");
    for number in ["AB1234563-", "AB1234563- ", "AB1234563-\u{7}1", "-012", "AB123456-3012", "AB1234564-012", &too_long]
    {
        assert_eq!(kind_of(number), None, "{number}");
    }
}
