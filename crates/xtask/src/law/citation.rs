//! A small grammar of citations, so that a slip of the pen in one is found.
//!
//! ```text
//! citation  = piece { "; " piece }
//! piece     = [ "2008: " ] code | "2008: " places | "2008" [ ", " code ] | register | statute | act | book | words
//! code      = title " CFR " places            21 CFR 1306.22(f)(3), (4)
//! register  = volume " FR " page              73 FR 36722
//! statute   = title " U.S.C. " places         21 U.S.C. 829(f)(2)
//! act       = "Pub. L. " congress "-" number  Pub. L. 114-198
//! book      = "Manual 2010, " chapter [ ", " words ] | "Manual 2010, " numeral " p." page | "Cards 2021, " words
//! words     = "State law" | "NTP guideline" | "DEA " words
//! places    = place { ", " place } [ ", " remark ]
//! place     = section { paragraph } [ " to " section ] | paragraph { paragraph } [ "-" paragraph ]
//! remark    = "triplicate form" | "as amended " day
//! ```
//! Paragraphs of the Code go letter, number, roman numeral, capital, as the Code's do.

use std::fmt;

/// A citation that does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadCitation {
    cite: String,
    why: String,
}

impl fmt::Display for BadCitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the citation \"{}\" does not parse: {}", self.cite, self.why)
    }
}

/// Whose order of paragraphs applies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Code,
    Statute,
}

/// Reads a citation.
///
/// # Errors
/// [`BadCitation`] with the piece that is not of the grammar.
pub fn parse(cite: &str) -> Result<(), BadCitation> {
    cite.split("; ").try_for_each(piece).map_err(|why| BadCitation { cite: cite.to_owned(), why })
}

fn piece(text: &str) -> Result<(), String> {
    if let Some(proposal) = text.strip_prefix("2008: ") {
        return if proposal.contains(" CFR ") { source(proposal) } else { places(proposal, Style::Code) };
    }
    match text.strip_prefix("2008, ") {
        Some(proposal) => source(proposal),
        None if text == "2008" => Ok(()),
        None => source(text),
    }
}

fn source(text: &str) -> Result<(), String> {
    if let Some((title, rest)) = text.split_once(" CFR ") {
        return number(title, 1, 50).and_then(|()| places(rest, Style::Code));
    }
    if let Some((title, rest)) = text.split_once(" U.S.C. ") {
        return number(title, 1, 54).and_then(|()| places(rest, Style::Statute));
    }
    if let Some((volume, page)) = text.split_once(" FR ") {
        return number(volume, 1, 150).and_then(|()| number(page, 1, 200_000));
    }
    if let Some(act) = text.strip_prefix("Pub. L. ") {
        let (congress, law) = act.split_once('-').ok_or_else(|| format!("\"{act}\" is not CONGRESS-NUMBER"))?;
        return number(congress, 1, 200).and_then(|()| number(law, 1, 999));
    }
    if let Some(chapter) = text.strip_prefix("Manual 2010, ") {
        return manual(chapter);
    }
    let words = text.strip_prefix("Cards 2021, ").or_else(|| text.strip_prefix("DEA "));
    match words {
        Some(words) if !words.trim().is_empty() => Ok(()),
        None if matches!(text, "State law" | "NTP guideline") => Ok(()),
        _ => Err(format!("\"{text}\" is of no source we know")),
    }
}

/// `section X, Partial Dispensing`, `appendix I`, or `II p.5`.
fn manual(text: &str) -> Result<(), String> {
    let numeral = |text: &str| !text.is_empty() && text.chars().all(|c| "IVX".contains(c));
    if let Some((chapter, page)) = text.split_once(" p.")
        && numeral(chapter)
    {
        return number(page, 1, 200);
    }
    let (chapter, words) = text.split_once(", ").unwrap_or((text, "whole"));
    // Sections are numbered, appendices lettered.
    let lettered = |text: &str| text.len() == 1 && text.chars().all(|c| c.is_ascii_uppercase());
    let named = chapter.strip_prefix("section ").is_some_and(numeral)
        || chapter.strip_prefix("appendix ").is_some_and(lettered);
    if named && !words.trim().is_empty() {
        Ok(())
    } else {
        Err(format!("\"{text}\" is no section or appendix of the manual"))
    }
}

fn number(text: &str, least: u32, most: u32) -> Result<(), String> {
    let read = text.parse::<u32>().ok().filter(|n| (least..=most).contains(n) && !text.starts_with(['0', '+']));
    read.map(|_| ()).ok_or_else(|| format!("\"{text}\" is not a number from {least} to {most}"))
}

fn places(text: &str, style: Style) -> Result<(), String> {
    let mut all: Vec<&str> = text.split(", ").collect();
    if all.last().is_some_and(|last| is_remark(last)) {
        all.pop();
    }
    let first = all.first().copied().unwrap_or_default();
    if !first.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(format!("\"{first}\" does not begin with a section"));
    }
    all.into_iter().try_for_each(|place| one_place(place, style))
}

fn is_remark(text: &str) -> bool {
    if text == "triplicate form" {
        return true;
    }
    let Some(day) = text.strip_prefix("as amended ") else { return false };
    jiff::fmt::strtime::parse("%d %B %Y", day).and_then(|day| day.to_date()).is_ok()
}

fn one_place(text: &str, style: Style) -> Result<(), String> {
    if text.starts_with('(') {
        return match text.split_once('-') {
            // A continuation may begin at any depth: "(f)(3), (4)".
            Some((from, to)) => paragraphs(from, None).and_then(|()| paragraphs(to, None)),
            None => paragraphs(text, None),
        };
    }
    if let Some((from, to)) = text.split_once(" to ") {
        return section(from).and_then(|()| section(to));
    }
    let at = text.find('(').unwrap_or(text.len());
    let (head, tail) = text.split_at(at);
    section(head)?;
    if tail.is_empty() { Ok(()) } else { paragraphs(tail, Some(style)) }
}

/// `1306.22`, `290.5`, `829`, `829a`, or a whole part such as `111`.
fn section(text: &str) -> Result<(), String> {
    let (part, number) = text.split_once('.').unwrap_or((text, "1"));
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let letters = part.trim_start_matches(|c: char| c.is_ascii_digit());
    let part = part.strip_suffix(letters).unwrap_or(part);
    let right = digits(part) && !part.starts_with('0') && letters.len() <= 2 && digits(number) && number.len() <= 3;
    let lower = letters.chars().all(|c| c.is_ascii_lowercase());
    if right && lower { Ok(()) } else { Err(format!("\"{text}\" is no section")) }
}

/// `(a)(1)(iv)(A)`. With a style the depth of each is checked.
fn paragraphs(text: &str, style: Option<Style>) -> Result<(), String> {
    let wrong = || format!("\"{text}\" are no paragraphs");
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).ok_or_else(wrong)?;
    for (depth, name) in inner.split(")(").enumerate() {
        let letter = |c: char| c.is_ascii_lowercase();
        let digit = !name.starts_with('0') && name.chars().all(|c| c.is_ascii_digit());
        let lower = name.chars().all(letter);
        let upper = name.chars().all(|c| c.is_ascii_uppercase());
        let roman = name.chars().all(|c| "ivxl".contains(c));
        let fits = match (style, depth) {
            (Some(Style::Code), 0) => lower && name.len() <= 2,
            (Some(Style::Code), 1 | 4) => digit,
            (Some(Style::Code), 2) => roman,
            (Some(Style::Code), 3) => upper,
            _ => digit || lower || upper,
        };
        if name.is_empty() || name.len() > 5 || !fits {
            return Err(wrong());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_people_cite_are_read() {
        for cite in [
            "21 CFR 1306.22(a)",
            "21 CFR 1306.22(f)(3), (4)",
            "21 CFR 1306.11(a), (e)-(g)",
            "21 CFR 1308.12 to 1308.15, 1308.32",
            "21 CFR 1307.11(a)(1)(iv)",
            "21 CFR 1305.12(b), triplicate form",
            "21 CFR 1311.115(a); 2008: 1311.110(a), (b)",
            "2008: 21 CFR 1311.110(c)",
            "73 FR 36722",
            "21 U.S.C. 829(f)(2)",
            "21 U.S.C. 829a",
            "21 U.S.C. 830(e)(2)(A)",
            "21 U.S.C. 823(h), as amended 29 December 2022",
            "Pub. L. 114-198",
            "Manual 2010, section X; 21 U.S.C. 802(10), (27)",
            "Cards 2021, Emergency Refilling; State law",
            "Manual 2010, II p.5; 2008",
            "2008, 21 CFR 1306.05(c); NTP guideline",
            "39 CFR 111",
        ] {
            assert_eq!(parse(cite), Ok(()), "{cite}");
        }
    }

    #[test]
    fn slips_of_the_pen_are_found() {
        for cite in [
            "",
            "21 CFR",
            "21 CFR ",
            "21 CRF 1306.22(a)",
            "21 CFR 1306.22(a",
            "21 CFR 1306.22a)",
            "21 CFR 1306,22(a)",
            "21 CFR 1306.22()",
            "21 CFR 1306.22(1)(a)",
            "21 CFR 1306.22(a)(iv)",
            "21 CFR (a)",
            "21 CFR 1306.22(a) and 1306.23",
            "21 CFR 1306.22(a), somewhere",
            "99 CFR 1306.22",
            "21 USC 829(f)",
            "21 U.S.C. (f)",
            "21 U.S.C. 829(f)(2), as amended 31 February 2022",
            "FR 36722",
            "73 FR p. 36722",
            "Pub. L. 114",
            "Manual 2010, chapter 4",
            "Manual 2010, II p.",
            "2008, p. 5",
            "Manual 2010",
            "Cards 2021, ",
            "21 CFR 1306.22;21 CFR 1306.23",
            "2008: the proposal",
        ] {
            assert!(parse(cite).is_err(), "{cite}");
        }
    }
}
