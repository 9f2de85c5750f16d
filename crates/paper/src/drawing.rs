//! Pictures made of lines, areas and words: what charts and barcodes are, before they are printed or put on a page.

use crate::face::Face;
use crate::length::Length;

/// A place, from the upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// To the right.
    pub x: Length,
    /// Down.
    pub y: Length,
}

impl Point {
    /// A place.
    pub const fn new(x: Length, y: Length) -> Self {
        Self { x, y }
    }

    /// The same place seen from a picture that lies at `origin`.
    pub(crate) fn from(self, origin: Self) -> Self {
        Self { x: self.x + origin.x, y: self.y + origin.y }
    }
}

/// How light an ink is: 0 is black, 255 white. Pictures have no colours, so that they survive any printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shade(pub u8);

impl Shade {
    /// Black.
    pub const BLACK: Self = Self(0);
    /// Between black and white.
    pub const GREY: Self = Self(140);
    /// Nearly white.
    pub const PALE: Self = Self(215);
}

/// Where a word stands to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// It has its middle there.
    Middle,
    /// It ends there.
    End,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dash {
    /// Without a gap.
    Solid,
    /// With gaps.
    Dashed,
}

/// One stroke of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A line through points.
    Line {
        /// In order; nothing is drawn for fewer than two.
        points: Vec<Point>,
        /// How thick.
        thick: Length,
        /// Ink.
        shade: Shade,
        /// With or without gaps.
        dash: Dash,
    },
    /// A filled rectangle.
    Bar {
        /// Upper left corner.
        at: Point,
        /// From left to right.
        width: Length,
        /// From top to bottom.
        height: Length,
        /// Ink.
        shade: Shade,
    },
    /// A word.
    Word {
        /// Where its base line is.
        at: Point,
        /// Size of its letters.
        size: Length,
        /// Typeface.
        face: Face,
        /// Where it stands to `at`.
        anchor: Anchor,
        /// What it says.
        text: String,
    },
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// From left to right.
    pub width: Length,
    /// From top to bottom.
    pub height: Length,
    /// What it shows, for who cannot see it.
    pub says: String,
    /// In the order in which they are drawn.
    pub shapes: Vec<Shape>,
}

impl Drawing {
    /// An empty picture.
    pub fn new(width: Length, height: Length, says: impl Into<String>) -> Self {
        Self { width, height, says: says.into(), shapes: Vec::new() }
    }

    /// Adds a filled rectangle.
    pub fn bar(&mut self, at: Point, width: Length, height: Length, shade: Shade) {
        self.shapes.push(Shape::Bar { at, width, height, shade });
    }

    /// Adds a line.
    pub fn line(&mut self, points: Vec<Point>, thick: Length, shade: Shade, dash: Dash) {
        self.shapes.push(Shape::Line { points, thick, shade, dash });
    }

    /// Adds a word in running type.
    pub fn word(&mut self, at: Point, size: Length, anchor: Anchor, text: impl Into<String>) {
        self.shapes.push(Shape::Word { at, size, face: Face::Regular, anchor, text: text.into() });
    }
}
