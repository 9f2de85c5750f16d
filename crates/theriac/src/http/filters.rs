//! Small helpers of the templates.

// The attribute writes public methods that take `self` and are always inlined; askama wants a `Result`.
#![allow(unreachable_pub, clippy::inline_always, clippy::unused_self, clippy::unnecessary_wraps)]

use super::words;
use askama::Values;
use std::fmt::Display;

/// A sentence of a refusal, with its first letter large and its final stop.
#[askama::filter_fn]
pub(super) fn sentence(text: impl Display, _: &dyn Values) -> askama::Result<String> {
    Ok(as_sentence(&text.to_string()))
}

/// A dash where there is nothing.
#[askama::filter_fn]
pub(super) fn or_dash(text: impl Display, _: &dyn Values) -> askama::Result<String> {
    let text = text.to_string();
    Ok(if text.is_empty() { "–".to_owned() } else { text })
}

/// The first twelve characters of a hash, to recognise it by.
#[askama::filter_fn]
pub(super) fn short(text: impl Display, _: &dyn Values) -> askama::Result<String> {
    Ok(text.to_string().chars().take(12).collect())
}

/// The tone of a stage or status.
#[askama::filter_fn]
pub(super) fn tone(word: impl Display, _: &dyn Values) -> askama::Result<&'static str> {
    Ok(words::tone(&word.to_string()))
}

/// The tone of a verdict.
#[askama::filter_fn]
pub(super) fn verdict_tone(verdict: impl Display, _: &dyn Values) -> askama::Result<&'static str> {
    Ok(words::verdict_tone(&verdict.to_string()))
}

/// The anchor of a field: its name with nothing in it that an address would have to write otherwise.
#[askama::filter_fn]
pub(super) fn anchor(name: impl Display, _: &dyn Values) -> askama::Result<String> {
    Ok(anchor_of(&name.to_string()))
}

/// As the filter `anchor`.
pub(super) fn anchor_of(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("f-{plain}")
}

fn as_sentence(text: &str) -> String {
    let mut sentence = if begins_with_a_name(text) {
        text.to_owned()
    } else {
        let mut letters = text.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
    };
    if !sentence.is_empty() && !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

/// Whether the first word is an element's name such as `quantity.value`, which is written as it is.
fn begins_with_a_name(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    first.split_once('.').is_some_and(|(_, rest)| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::as_sentence;

    #[test]
    fn a_refusal_is_read_as_a_sentence() {
        for (text, expected) in [
            ("six months ended", "Six months ended."),
            ("Done.", "Done."),
            ("really?", "Really?"),
            ("", ""),
            ("élan", "Élan."),
            ("quantity.value is changed", "quantity.value is changed."),
            ("done. all of it", "Done. all of it."),
        ] {
            assert_eq!(as_sentence(text), expected);
        }
    }
}
