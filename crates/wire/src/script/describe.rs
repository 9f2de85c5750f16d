//! Strength and dosage form out of a drug's description, where a message does not code them.
//!
//! The grammar is small on purpose; whatever is not clearly one strength and one form is left unread:
//!
//! ```text
//! description = name... strength rest...
//! strength    = number unit            "8 mg", "8mg", "20 mg/mL", "0.5 %"
//! number      = decimal, or decimals joined by "-" or "/"   "5-325", "2.5/0.025"
//! unit        = mg | mcg | g | mL | % | unit(s) | mg/mL | mcg/mL | mcg/h | mcg/hr | meq | mg/5mL | mg/5 mL
//! rest        = the dosage form's name or abbreviation, and nothing else
//! ```
//!
//! A description with two strengths (`5 mg/325 mg`) is ambiguous. The form is read only after a strength, from all the
//! words that follow it.

use theriac_model::drug;

/// What a description says, in the words of the contents.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Described {
    pub(crate) strength: Option<String>,
    pub(crate) form: Option<String>,
}

const UNITS: [(&str, &str); 14] = [
    ("mg", "mg"),
    ("mcg", "mcg"),
    ("g", "g"),
    ("ml", "mL"),
    ("%", "%"),
    ("unit", "unit"),
    ("units", "unit"),
    ("mg/ml", "mg/mL"),
    ("mcg/ml", "mcg/mL"),
    ("mcg/h", "mcg/h"),
    ("mcg/hr", "mcg/h"),
    ("meq", "mEq"),
    ("mg/5ml", "mg/5 mL"),
    ("mg/5 ml", "mg/5 mL"),
];

/// Words people write after a strength, besides the names of the model's own table.
const FORMS: [(&str, &str); 16] = [
    ("tab", "Tablet"),
    ("tabs", "Tablet"),
    ("tablets", "Tablet"),
    ("tab oral", "Oral Tablet"),
    ("cap", "Capsule"),
    ("caps", "Capsule"),
    ("capsules", "Capsule"),
    ("cap oral", "Oral Capsule"),
    ("tab disintegrating", "Disintegrating Tablet"),
    ("tab er", "Extended Release Tablet"),
    ("er tab", "Extended Release Tablet"),
    ("tablet extended release", "Extended Release Tablet"),
    ("cap er", "Extended Release Capsule"),
    ("capsule extended release", "Extended Release Capsule"),
    ("tablet chewable", "Chewable Tablet"),
    ("soln", "Solution"),
];

/// Reads a description whose white space is folded.
pub(crate) fn read(description: &str) -> Described {
    let words: Vec<&str> = description.split(' ').take(64).collect();
    let mut found: Option<(usize, String)> = None;
    let mut at = 0;
    while at < words.len() {
        let Some((used, strength)) = strength(&words[at..]) else {
            at += 1;
            continue;
        };
        if found.is_some() {
            return Described::default();
        }
        at += used;
        found = Some((at, strength));
    }
    let Some((after, strength)) = found else { return Described::default() };
    Described { strength: Some(strength), form: form(words.get(after..).unwrap_or_default()) }
}

/// A strength at the start of `words`, and how many of them it takes. The longest reading counts.
fn strength(words: &[&str]) -> Option<(usize, String)> {
    let first = words.first()?;
    let digits = first.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '/'))).unwrap_or(first.len());
    let (number, attached) = first.split_at_checked(digits)?;
    if !is_number(number) {
        return None;
    }
    let read = |parts: &[&str]| {
        let text = parts.join(" ").to_ascii_lowercase();
        let text = text.strip_suffix(',').unwrap_or(&text);
        UNITS.iter().find(|(written, _)| *written == text).map(|(_, unit)| format!("{number} {unit}"))
    };
    if attached.is_empty() {
        let two = words.get(1..3).and_then(read).map(|text| (3, text));
        return two.or_else(|| words.get(1..2).and_then(read).map(|text| (2, text)));
    }
    let two = words.get(1).and_then(|next| read(&[attached, next])).map(|text| (2, text));
    two.or_else(|| read(&[attached]).map(|text| (1, text)))
}

fn is_number(text: &str) -> bool {
    !text.is_empty()
        && text
            .split(['-', '/'])
            .all(|part| part.bytes().any(|b| b.is_ascii_digit()) && theriac_model::Decimal::parse(part).is_ok())
}

fn form(words: &[&str]) -> Option<String> {
    let text = words.join(" ").replace(',', "").to_ascii_lowercase();
    let listed = FORMS.iter().find(|(written, _)| *written == text).map(|(_, form)| *form);
    // A bare NCIt code is not how a description names a form.
    let named = || drug::form_name(&text).filter(|name| name.eq_ignore_ascii_case(&text));
    listed.or_else(named).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(description: &str, strength: Option<&str>, form: Option<&str>) {
        let expected = Described { strength: strength.map(str::to_owned), form: form.map(str::to_owned) };
        assert_eq!(read(description), expected, "{description}");
    }

    #[test]
    fn one_strength_and_one_form_are_read() {
        check("Oxycodone 10 mg Tablet", Some("10 mg"), Some("Tablet"));
        check("Ondansetron 8 mg Tab Disintegrating", Some("8 mg"), Some("Disintegrating Tablet"));
        check("Amoxicillin 500 MG Oral Capsule", Some("500 mg"), Some("Oral Capsule"));
        check("Hydrocodone-Acetaminophen 5-325 mg tabs", Some("5-325 mg"), Some("Tablet"));
        check("Morphine 20mg/mL Oral Solution", Some("20 mg/mL"), Some("Oral Solution"));
        check("Morphine 10 mg/5 mL Oral Solution", Some("10 mg/5 mL"), Some("Oral Solution"));
        check("Fentanyl 25 mcg/hr Patch", Some("25 mcg/h"), Some("Patch"));
        check("Codeine 30 mg", Some("30 mg"), None);
    }

    #[test]
    fn what_could_mean_two_things_is_not_read() {
        check("", None, None);
        check("Oxycodone", None, None);
        check("Oxycodone Tablet", None, None);
        check("Hydrocodone 5 mg Acetaminophen 325 mg Tablet", None, None);
        check("Hydrocodone 5 mg/325 mg Tablet", None, None);
        check("Oxycodone 10 mg Tablet (Roxicodone)", Some("10 mg"), None);
        check("Drug - mg Tablet", None, None);
        check("Drug 1..5 mg Tablet", None, None);
        check("Vitamin B-12 Tablet", None, None);
    }
}
