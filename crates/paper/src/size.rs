//! Sizes of paper and of labels.

use crate::length::Length;

/// A sheet or a label: its edges, the margin on every side, and how large its running text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSize {
    /// From left to right.
    pub width: Length,
    /// From top to bottom.
    pub height: Length,
    /// Kept empty on every side.
    pub margin: Length,
    /// Size of running text.
    pub text: Length,
    /// What happens when the contents are longer than a page.
    pub overflow: Overflow,
}

/// What happens when the contents are longer than a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// They go on on the next page, and every page says "page n of m".
    NextPage,
    /// They are refused: what is cut off a label is not on the bottle.
    Refuse,
}

impl PageSize {
    /// US Letter, upright.
    pub const LETTER: Self = Self {
        width: Length::points(612),
        height: Length::points(792),
        margin: Length::points(50),
        text: Length::thousandths(9_500),
        overflow: Overflow::NextPage,
    };
    /// US Letter, on its side; for tables with many columns.
    pub const LETTER_WIDE: Self =
        Self { width: Length::points(792), height: Length::points(612), text: Length::points(8), ..Self::LETTER };
    /// A label of 4 by 6 inches.
    pub const LABEL_4_BY_6: Self = Self::label(400, 600, 14, 10);
    /// A label of 4 by 2 inches, as on most vials.
    pub const LABEL_4_BY_2: Self = Self::label(400, 200, 8, 7);
    /// A label of 2.25 by 1.25 inches, as on small bottles.
    pub const LABEL_SMALL: Self = Self::label(225, 125, 5, 6);

    /// A label by its edges in hundredths of an inch, with margin and size of text in points.
    pub const fn label(width: i32, height: i32, margin: i32, text: i32) -> Self {
        Self {
            width: Length::inch_hundredths(width),
            height: Length::inch_hundredths(height),
            margin: Length::points(margin),
            text: Length::points(text),
            overflow: Overflow::Refuse,
        }
    }

    /// The width between the margins.
    pub fn measure(&self) -> Length {
        self.width - self.margin * 2
    }
}
