//! A form as somebody typed it: names and texts, bounded, and read field by field.
//!
//! The fields are named as refusals name them, so that a refusal leads to the field it is about.

use jiff::civil::Date;
use std::collections::BTreeMap;
use theriac_model::{Edition, Refusal};
use theriac_prescriber::proofing::Said;

/// Fields of one form at most.
const FIELDS_MOST: usize = 250;
/// The longest text of a field, in characters.
const TEXT_MOST: usize = 500;
const CITE: &str = "73 FR 36722, proposed 21 CFR 1311.105";

/// The fields of a form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(BTreeMap<String, String>);

/// A refusal of what was typed in a field.
pub(crate) fn unreadable(field: impl Into<String>, what: impl Into<String>, next: &'static str) -> Refusal {
    Refusal::new("RX-ENROL-FIELD", CITE, what.into(), next).under(Edition::Proposed2008).about(field.into())
}

impl Fields {
    /// Takes the pairs of a form; of a name that comes twice the last counts.
    ///
    /// # Errors
    /// Every text that is longer than 500 characters or holds control characters, by its name; too many fields.
    pub(crate) fn read(pairs: Vec<(String, String)>) -> Result<Self, Vec<Refusal>> {
        if pairs.len() > FIELDS_MOST {
            let what = format!("the form has {} fields, and at most {FIELDS_MOST} are read", pairs.len());
            return Err(vec![unreadable("form", what, "open the page again and send its form")]);
        }
        let wrong: Vec<Refusal> = pairs.iter().filter_map(|(name, text)| wrong(name, text)).collect();
        if wrong.is_empty() { Ok(Self(pairs.into_iter().collect())) } else { Err(wrong) }
    }

    /// What was typed, or nothing.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// What was typed, without blanks around it.
    pub(crate) fn text(&self, name: &str) -> String {
        self.get(name).trim().to_owned()
    }

    /// What was typed in a field of a numbered row: `place[2].state`.
    pub(crate) fn of(&self, list: &str, n: usize, name: &str) -> String {
        self.text(&format!("{list}[{n}].{name}"))
    }

    /// Whether anything was typed in a row of a list, `besides` the fields that always hold a choice.
    pub(crate) fn row_is_empty(&self, list: &str, n: usize, besides: &[&str]) -> bool {
        let prefix = format!("{list}[{n}].");
        self.0
            .iter()
            .filter_map(|(name, text)| Some((name.strip_prefix(&prefix)?, text)))
            .all(|(name, text)| besides.contains(&name) || text.trim().is_empty())
    }

    /// Sets a field.
    pub(crate) fn set(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.0.insert(name.into(), text.into());
    }

    /// Whether a box was ticked.
    pub(crate) fn said(&self, name: &str) -> Said {
        if self.get(name) == Said::Yes.word() { Said::Yes } else { Said::No }
    }

    /// Whether a box was ticked, for a template.
    pub(crate) fn ticked(&self, name: &str) -> bool {
        self.said(name) == Said::Yes
    }

    /// A day; none where nothing was typed.
    ///
    /// # Errors
    /// When it is no day of the calendar as `YYYY-MM-DD`.
    pub(crate) fn day(&self, name: &str) -> Result<Option<Date>, Refusal> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(None);
        }
        let read = (text.len() == 10).then(|| text.parse().ok()).flatten();
        let next = "write it as year-month-day, such as 2026-03-31";
        read.map(Some).ok_or_else(|| unreadable(name, "it is no day of the calendar", next))
    }

    /// A word of a list.
    ///
    /// # Errors
    /// When nothing, or another word, was chosen.
    pub(crate) fn word<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Refusal> {
        parse(self.get(name))
            .ok_or_else(|| unreadable(name, "nothing of the list was chosen", "choose one of the list"))
    }
}

fn wrong(name: &str, text: &str) -> Option<Refusal> {
    let name: String = name.chars().filter(char::is_ascii_graphic).take(60).collect();
    let count = text.chars().count();
    if count > TEXT_MOST {
        let what = format!("the text has {count} characters, and {TEXT_MOST} fit");
        return Some(unreadable(name, what, "shorten it"));
    }
    let control = text.chars().any(char::is_control);
    control.then(|| unreadable(name, "the text holds control characters", "type it again on one line"))
}

/// What was entered one by one: the values, or everything that could not be read.
pub(crate) fn all<T>(read: T, wrong: Vec<Refusal>) -> Result<T, Vec<Refusal>> {
    if wrong.is_empty() { Ok(read) } else { Err(wrong) }
}

/// The value of a field, or its refusal among the others and a stand-in.
pub(crate) fn or_note<T>(read: Result<T, Refusal>, stand_in: T, wrong: &mut Vec<Refusal>) -> T {
    read.unwrap_or_else(|refusal| {
        wrong.push(refusal);
        stand_in
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Result<Fields, Vec<Refusal>> {
        Fields::read(pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    #[test]
    fn a_text_has_at_most_500_characters_on_one_line() {
        for (text, taken) in [("a".repeat(500), true), ("é".repeat(500), true), ("a".repeat(501), false)]
            .into_iter()
            .chain([("two\nlines".to_owned(), false), ("bell\u{7}".to_owned(), false), (String::new(), true)])
        {
            assert_eq!(of(&[("proofer", &text)]).is_ok(), taken, "{} characters", text.chars().count());
        }
        let both = of(&[("a", "\u{0}"), ("b", "\u{0}")]).expect_err("refused");
        assert_eq!(both.iter().filter_map(|refusal| refusal.field.as_deref()).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn a_day_is_one_of_the_calendar_or_nothing() {
        let day = |text: &str| of(&[("d", text)]).expect("fields").day("d").map_err(|refusal| refusal.code.0);
        assert_eq!(day(""), Ok(None));
        assert_eq!(day(" 2024-02-29 "), Ok(Some(jiff::civil::date(2024, 2, 29))));
        for text in ["2026-02-29", "2026-2-1", "31.03.2026", "2026-13-01", "+02026-01-01"] {
            assert_eq!(day(text), Err("RX-ENROL-FIELD"), "{text}");
        }
    }

    #[test]
    fn a_row_is_empty_when_only_choices_stand_in_it() {
        let typed =
            of(&[("place[1].under", "own"), ("place[1].state", " "), ("place[2].state", "AZ")]).expect("fields");
        assert!(typed.row_is_empty("place", 1, &["under"]) && typed.row_is_empty("place", 3, &[]));
        assert!(!typed.row_is_empty("place", 2, &["under"]) && !typed.row_is_empty("place", 1, &[]));
    }
}
