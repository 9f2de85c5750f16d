//! 21 CFR 1306.12(b)(1)(ii); cards: any wording that gives the earliest date of filling will do.
//!
//! Read are a day as `7/1`, `7/1/2022` or `2022-07-01`, and a month by name with its day, `July 1`, `1 July 2022`, within other
//! words. A day without a year is the first such day on or after the date of issue.

use crate::edition::{By, Law};
use crate::facts::Prescription;
use crate::reason::Reason;
use crate::rule::{Denial, rule};
use crate::when::parse_date;
use jiff::civil::Date;

rule!(WORDING: "1306.12-wording", "multiple-cii", "21 CFR 1306.12(b)(1)(ii); Cards 2021, Schedule II Prescriptions- Expiration Dates and Refills", By::ALL,
    "Any wording that gives the earliest date of filling will do",
    ["law-multi-any-wording"]);

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A month, a day, and a year where one is written.
#[derive(Clone, Copy)]
struct Written {
    year: Option<i16>,
    month: i8,
    day: i8,
}

/// The earliest date that `words` give.
pub(crate) fn earliest(law: &Law<'_>, rx: &Prescription, words: &str) -> Result<Date, Box<Denial>> {
    find(words).and_then(|written| place(written, rx.issued)).ok_or_else(|| {
        let denial = law.deny(
            &WORDING,
            Reason::ElementMissing,
            "LAW-1306.12-WORDING",
            "the words give no date",
            "ask the practitioner for the earliest date of filling",
        );
        Box::new(denial.about("request.words"))
    })
}

fn find(words: &str) -> Option<Written> {
    let words: Vec<String> = words
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    words.iter().enumerate().find_map(|(n, word)| {
        if let Some(date) = parse_date(word) {
            return Some(Written { year: Some(date.year()), month: date.month(), day: date.day() });
        }
        slashed(word).or_else(|| named(&words, n))
    })
}

/// `7/1` or `7/1/2022`, month first.
fn slashed(word: &str) -> Option<Written> {
    let mut parts = word.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next());
    let year = match year {
        None => None,
        Some(year) => Some(read_year(year)?),
    };
    parts.next().is_none().then_some(Written { year, month: month.parse().ok()?, day: day.parse().ok()? })
}

/// A month by name at `n`, its day behind or before it, and the year behind both.
fn named(words: &[String], n: usize) -> Option<Written> {
    let word = words.get(n)?;
    let long_enough = word.len() >= 3;
    let month = MONTHS.iter().position(|month| long_enough && month.starts_with(word.as_str()))?;
    let month = i8::try_from(month + 1).ok()?;
    let day = |at: Option<usize>| at.and_then(|at| words.get(at)).and_then(|word| read_day(word));
    let year = |at: usize| words.get(at).filter(|word| word.len() == 4).and_then(|word| read_year(word));
    if let Some(found) = day(Some(n + 1)) {
        return Some(Written { year: year(n + 2), month, day: found });
    }
    day(n.checked_sub(1)).map(|found| Written { year: year(n + 1), month, day: found })
}

/// `1`, `1st`, `22nd`.
fn read_day(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

fn read_year(word: &str) -> Option<i16> {
    let year: i16 = word.parse().ok()?;
    match word.len() {
        2 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}

/// The day written; without a year the first such day on or after issue. 29 February may be four years away, or eight.
fn place(written: Written, issued: Date) -> Option<Date> {
    let on = |year: i16| Date::new(year, written.month, written.day).ok();
    match written.year {
        Some(year) => on(year),
        None => (0..=8).filter_map(|n| on(issued.year().checked_add(n)?)).find(|day| *day >= issued),
    }
}
