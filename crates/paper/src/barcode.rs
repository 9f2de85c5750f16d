//! Barcodes for labels and forms: Code 128 for numbers that a hand scanner reads, Data Matrix where room is short.

use crate::drawing::{Anchor, Drawing, Point, Shade};
use crate::length::Length;
use crate::refusals;
use datamatrix::{DataMatrix, SymbolList};
use theriac_model::Refusal;

mod code128;

pub use code128::CODE_128_CHARACTERS_MAX;

/// A barcode, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol(Drawing);

/// The most characters of a Data Matrix here: beyond it, the squares get too small for a cheap scanner.
pub const DATA_MATRIX_CHARACTERS_MAX: usize = 200;

impl Symbol {
    /// Code 128 of printable ASCII, `narrow` wide in its narrowest bar and `height` high, the text below it.
    ///
    /// # Errors
    /// `PAPER-BARCODE` for an empty or too long text, or another character.
    pub fn code_128(text: &str, narrow: Length, height: Length) -> Result<Self, Box<Refusal>> {
        let widths = code128::widths(text).map_err(|problem| refusals::barcode("Code 128", problem))?;
        // Ten narrow bars of white on either side, or a scanner does not find the beginning.
        let quiet = narrow * 10;
        let bars: Length = widths.iter().map(|&width| narrow * i64::from(width)).sum();
        let word = Length::points(7);
        let mut drawing = Drawing::new(bars + quiet * 2, height + word * 2, format!("Code 128 barcode: {text}"));
        let mut x = quiet;
        for (index, &width) in widths.iter().enumerate() {
            let wide = narrow * i64::from(width);
            if index % 2 == 0 {
                drawing.bar(Point::new(x, Length::ZERO), wide, height, Shade::BLACK);
            }
            x += wide;
        }
        let below = Point::new(drawing.width / 2, height + word.scaled(12, 10));
        drawing.word(below, word, Anchor::Middle, text);
        Ok(Self(drawing))
    }

    /// Data Matrix (ECC 200) of ASCII, each square `module` wide, the text below it.
    ///
    /// # Errors
    /// `PAPER-BARCODE` for an empty or too long text, or another character.
    pub fn data_matrix(text: &str, module: Length) -> Result<Self, Box<Refusal>> {
        let refuse = |problem| refusals::barcode("Data Matrix", problem);
        if text.is_empty() || text.len() > DATA_MATRIX_CHARACTERS_MAX {
            return Err(refuse("it must have 1 to 200 characters"));
        }
        if !text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return Err(refuse("it has a character that is not plain ASCII"));
        }
        let code = DataMatrix::encode(text.as_bytes(), SymbolList::default().enforce_square())
            .map_err(|_| refuse("no symbol is large enough"))?;
        let bitmap = code.bitmap();
        let quiet = module * 2;
        let side = |count: usize| module * i64::try_from(count).unwrap_or(0) + quiet * 2;
        let word = Length::points(6);
        let (width, height) = (side(bitmap.width()), side(bitmap.height()));
        let mut drawing = Drawing::new(width, height + word * 2, format!("Data Matrix barcode: {text}"));
        for (x, y) in bitmap.pixels() {
            let at = |count: usize| quiet + module * i64::try_from(count).unwrap_or(0);
            drawing.bar(Point::new(at(x), at(y)), module, module, Shade::BLACK);
        }
        drawing.word(Point::new(quiet, height + word), word, Anchor::Start, text);
        Ok(Self(drawing))
    }

    /// The picture.
    pub fn drawing(&self) -> Drawing {
        self.0.clone()
    }
}
