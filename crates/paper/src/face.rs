//! The typefaces on board: which characters they have, and how wide a text is.
//!
//! Text is never refused for its characters. What the typefaces lack is drawn as U+FFFD, stays itself for whoever copies
//! or searches the text, and is listed by the printed document; what a PDF may not hold at all (control characters, private
//! use, marks that reverse the reading direction) becomes U+FFFD altogether and is listed as well.

use crate::length::Length;
use krilla::text::Font;
use skrifa::charmap::Charmap;
use skrifa::raw::TableProvider as _;
use skrifa::raw::tables::hmtx::Hmtx;
use skrifa::{FontRef, GlyphId, MetadataProvider as _};
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization as _;

/// Noto Sans, SIL Open Font License 1.1: see `assets/README.md`.
const REGULAR: &[u8] = include_bytes!("../assets/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../assets/NotoSans-Bold.ttf");

/// Stands for what cannot be shown.
pub(crate) const REPLACEMENT: char = '\u{fffd}';

/// Which typeface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Face {
    /// Running text.
    Regular,
    /// Headings, names of fields, what must be seen.
    Bold,
}

/// A typeface that is compiled in cannot be read: a fault of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadFace;

struct Typeface {
    charmap: Charmap<'static>,
    widths: Hmtx<'static>,
    units_per_em: i64,
    replacement: GlyphId,
    /// Glyph and width of each character of ASCII, most of what is printed.
    ascii: [Option<(GlyphId, i64)>; 128],
    font: Font,
}

impl Typeface {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let face = FontRef::new(bytes).ok()?;
        let charmap = face.charmap();
        let widths = face.hmtx().ok()?;
        let mut out = Self {
            units_per_em: i64::from(face.head().ok()?.units_per_em()),
            replacement: charmap.map(REPLACEMENT)?,
            charmap,
            widths,
            ascii: [None; 128],
            font: Font::new(bytes.into(), 0)?,
        };
        for code in 0..128_u8 {
            let glyph = out.charmap.map(char::from(code));
            out.ascii[usize::from(code)] = glyph.map(|glyph| (glyph, out.width_of(glyph)));
        }
        Some(out)
    }

    fn width_of(&self, glyph: GlyphId) -> i64 {
        self.widths.advance(glyph).map_or(0, i64::from)
    }

    /// The glyph of a character and its width in the typeface's units; U+FFFD's where it has none.
    fn glyph(&self, character: char) -> (GlyphId, i64) {
        let known = match self.ascii.get(character as usize) {
            Some(known) => *known,
            None => self.charmap.map(character).map(|glyph| (glyph, self.width_of(glyph))),
        };
        known.unwrap_or_else(|| (self.replacement, self.width_of(self.replacement)))
    }
}

/// The typefaces, and the characters met so far that they lack.
pub(crate) struct Typefaces {
    regular: Typeface,
    bold: Typeface,
    replaced: BTreeSet<char>,
}

impl Typefaces {
    pub(crate) fn read() -> Result<Self, BadFace> {
        let (Some(regular), Some(bold)) = (Typeface::read(REGULAR), Typeface::read(BOLD)) else { return Err(BadFace) };
        Ok(Self { regular, bold, replaced: BTreeSet::new() })
    }

    const fn face(&self, face: Face) -> &Typeface {
        match face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
        }
    }

    /// The characters that were replaced.
    pub(crate) const fn replaced(&self) -> &BTreeSet<char> {
        &self.replaced
    }

    /// The typeface as the PDF writer wants it.
    pub(crate) fn font(&self, face: Face) -> Font {
        self.face(face).font.clone()
    }

    /// Units in which [`Typefaces::glyph`] gives widths, for one em.
    pub(crate) const fn units_per_em(&self, face: Face) -> i64 {
        self.face(face).units_per_em
    }

    /// The glyph that shows a character of cleaned text, and its width.
    pub(crate) fn glyph(&self, face: Face, character: char) -> (u32, i64) {
        let (glyph, width) = self.face(face).glyph(character);
        (glyph.to_u32(), width)
    }

    /// How wide `text` is. Text is taken in its composed form, one glyph a character.
    pub(crate) fn width(&self, face: Face, size: Length, text: &str) -> Length {
        let face = self.face(face);
        let units: i64 = text.chars().map(|character| face.glyph(character).1).sum();
        size.scaled(units, face.units_per_em)
    }

    /// `text` composed (NFC), tabs as spaces, without what a PDF may not hold. Line feeds stay.
    pub(crate) fn clean(&mut self, text: &str) -> String {
        let plain = |byte: u8| byte == b'\n' || (0x20..0x7f).contains(&byte);
        if text.bytes().all(plain) {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        for character in text.nfc() {
            match character {
                '\t' => out.push(' '),
                '\r' => {}
                '\n' => out.push('\n'),
                _ if !may_stand(character) => {
                    self.replaced.insert(character);
                    out.push(REPLACEMENT);
                }
                _ => {
                    if self.regular.charmap.map(character).is_none() {
                        self.replaced.insert(character);
                    }
                    out.push(character);
                }
            }
        }
        out
    }
}

/// Whether a character may stand in a PDF/A text and says nothing about reading direction.
const fn may_stand(character: char) -> bool {
    let code = character as u32;
    let control = code < 0x20 || (code >= 0x7f && code <= 0x9f);
    let direction = matches!(code, 0x61c | 0x200e | 0x200f | 0x202a..=0x202e | 0x2066..=0x2069);
    let private = matches!(code, 0xe000..=0xf8ff | 0xf_0000..=0x10_ffff);
    let none = code & 0xfffe == 0xfffe || matches!(code, 0xfdd0..=0xfdef | 0xfeff | 0x2028 | 0x2029);
    !(control || direction || private || none)
}

/// A character by its number, as the list of what could not be shown names it.
pub(crate) fn code_point(character: char) -> String {
    format!("U+{:04X}", character as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_cannot_be_shown_are_replaced_and_listed() {
        let mut faces = Typefaces::read().expect("typefaces");
        assert_eq!(faces.clean("Müller\tŁódź Ελένη Ирина Nguyễn"), "Müller Łódź Ελένη Ирина Nguyễn");
        assert!(faces.replaced().is_empty());
        assert_eq!(faces.clean("e\u{301}"), "é", "composed, so that one glyph shows it");
        assert_eq!(faces.clean("a\u{0}b\u{202e}c\u{e000}"), "a\u{fffd}b\u{fffd}c\u{fffd}");
        assert_eq!(faces.clean("山田"), "山田", "stays itself for who copies the text");
        let listed: Vec<String> = faces.replaced().iter().copied().map(code_point).collect();
        assert_eq!(listed, ["U+0000", "U+202E", "U+5C71", "U+7530", "U+E000"]);
        let (shown, _) = faces.glyph(Face::Regular, '山');
        assert_eq!(shown, faces.glyph(Face::Regular, REPLACEMENT).0);
    }

    #[test]
    fn widths_add_up_without_rounding_each_glyph() {
        let faces = Typefaces::read().expect("typefaces");
        let one = faces.width(Face::Regular, Length::points(10), "n");
        assert_eq!(faces.width(Face::Regular, Length::points(1000), "n"), one * 100);
        assert!(faces.width(Face::Bold, Length::points(10), "n") > one);
    }
}
