//! Breaking text into lines.

use crate::face::{Face, Typefaces};
use crate::length::Length;

/// The lines of `text`, which is clean, none wider than `width` unless one character is.
///
/// A line ends after a space, a hyphen or a slash (but not within a date), and within a word only if it is wider than the line. The space at
/// a line's end stays (it may hang over): readers of the file need it between the words.
pub(crate) fn wrap(faces: &Typefaces, face: Face, size: Length, text: &str, width: Length) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        wrap_paragraph(faces, face, size, paragraph, width, &mut lines);
    }
    lines
}

fn wrap_paragraph(faces: &Typefaces, face: Face, size: Length, text: &str, width: Length, lines: &mut Vec<String>) {
    let wide = |from: usize, to: usize| faces.width(face, size, text.get(from..to).unwrap_or_default());
    let units = faces.units_per_em(face);
    let (mut start, mut may_break, mut x) = (0, None, Length::ZERO);
    for (at, character) in text.char_indices() {
        let advance = size.scaled(faces.glyph(face, character).1, units);
        if character != ' ' && x + advance > width && at > start {
            let end = may_break.filter(|&place| place > start).unwrap_or(at);
            lines.push(text.get(start..end).unwrap_or_default().to_owned());
            (start, may_break, x) = (end, None, wide(end, at));
        }
        x += advance;
        let next = text.as_bytes().get(at + character.len_utf8());
        let within_a_number = matches!(character, '-' | '/') && next.is_some_and(u8::is_ascii_digit);
        if matches!(character, ' ' | '-' | '/') && !within_a_number {
            may_break = Some(at + character.len_utf8());
        }
    }
    lines.push(text.get(start..).unwrap_or_default().to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, points: i32) -> Vec<String> {
        let faces = Typefaces::read().expect("typefaces");
        wrap(&faces, Face::Regular, Length::points(10), text, Length::points(points))
    }

    #[test]
    fn lines_end_at_spaces_hyphens_and_slashes_and_long_words_are_cut() {
        assert_eq!(lines("Take one tablet by mouth", 70), ["Take one ", "tablet by ", "mouth"]);
        assert_eq!(lines("Sample-Example", 50), ["Sample-", "Example"]);
        assert_eq!(lines("On 2026-03-01 at", 62), ["On ", "2026-03-01 ", "at"]);
        assert_eq!(lines("one\n\ntwo", 500), ["one", "", "two"]);
        let cut = lines(&"W".repeat(20), 50);
        assert!(cut.len() > 3 && cut.concat() == "W".repeat(20));
        assert_eq!(lines("WW", 1), ["W", "W"], "one character always fits");
        assert_eq!(lines("", 50), [""]);
    }
}
