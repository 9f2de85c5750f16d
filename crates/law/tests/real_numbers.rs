//! DEA numbers from outside, when they are there: each gets the answer that people gave it.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use jiff::civil::date;
use std::fs;
use std::path::PathBuf;
use theriac_law::{Profile, Question, Reason, Request, decide};

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
