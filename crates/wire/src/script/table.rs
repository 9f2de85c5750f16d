//! Element tables: what a part of a message holds, in which order, how often and of which kind.
//!
//! Decoder, encoder, composer and re-layout all read the same tables. Another version of the standard is another set of
//! tables.

/// How often an element may stand in its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// At most once.
    Once,
    /// Any number.
    Many,
}

/// Whether every sample seen has the element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// In all samples; its absence is noticed, never refused here.
    Expected,
    /// In some.
    Optional,
}

/// What an element holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Elements of a part.
    Part(&'static Part),
    /// Elements that are kept as they are and not looked into.
    Open,
    /// Free text.
    Text,
    /// A code or an identifier.
    Code,
    /// A decimal number.
    Number,
    /// A whole number.
    Count,
    /// `yyyy-mm-dd`.
    Date,
    /// An instant, or a date with a time.
    Instant,
    /// `true` or `false`.
    Flag,
    /// Bytes in base 64.
    Base64,
    /// A code of a quantity's unit.
    QuantityUnit,
    /// A code of a strength's unit.
    StrengthUnit,
    /// A code of a dosage form.
    Form,
    /// A ZIP code.
    Postal,
    /// A two-letter State.
    State,
}

/// One element of a part.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The element's name.
    pub name: &'static str,
    /// Its place: elements are printed by ascending number, those with the same number in the order in which they came.
    pub order: u8,
    /// How often.
    pub times: Times,
    /// How sure.
    pub presence: Presence,
    /// Of which kind.
    pub kind: Kind,
    /// The most characters the standard allows, as far as known. From general knowledge, not from the schema: longer
    /// texts are refused when a message is made, and noticed when one is read.
    pub characters_max: Option<u16>,
    /// The row shares its place with the row before it (a repeating group).
    along: bool,
}

/// A part: the elements inside one element, in order.
#[derive(Debug)]
pub struct Part {
    /// The part's name in our words.
    pub name: &'static str,
    /// Its rows. At most 64.
    pub rows: &'static [Row],
    /// Attributes that the part's element may bear.
    pub attributes: &'static [&'static str],
}

/// A version of the standard.
#[derive(Debug)]
pub struct Tables {
    /// What the five version attributes hold.
    pub literal: &'static str,
    /// The root.
    pub root: &'static Row,
}

pub(crate) const fn one(name: &'static str, kind: Kind) -> Row {
    Row { name, order: 0, times: Times::Once, presence: Presence::Optional, kind, characters_max: None, along: false }
}

pub(crate) const fn many(name: &'static str, kind: Kind) -> Row {
    let mut row = one(name, kind);
    row.times = Times::Many;
    row
}

pub(crate) const fn text(name: &'static str, characters_max: u16) -> Row {
    one(name, Kind::Text).max(characters_max)
}

pub(crate) const fn code(name: &'static str) -> Row {
    one(name, Kind::Code)
}

impl Row {
    pub(crate) const fn expected(mut self) -> Self {
        self.presence = Presence::Expected;
        self
    }

    pub(crate) const fn max(mut self, characters: u16) -> Self {
        self.characters_max = Some(characters);
        self
    }

    pub(crate) const fn along(mut self) -> Self {
        self.along = true;
        self
    }

    /// The part inside, where the table describes one.
    pub const fn part(&self) -> Option<&'static Part> {
        match self.kind {
            Kind::Part(part) => Some(part),
            _ => None,
        }
    }
}

/// Numbers the rows by their place in the table.
pub(crate) const fn numbered<const N: usize>(mut rows: [Row; N]) -> [Row; N] {
    assert!(N <= 64, "a part has at most 64 rows");
    let mut n = 0;
    let mut place = 0;
    while n < N {
        if n > 0 && !rows[n].along {
            place += 1;
        }
        rows[n].order = place;
        n += 1;
    }
    rows
}

impl Part {
    pub(crate) const fn of(name: &'static str, rows: &'static [Row]) -> Self {
        Self { name, rows, attributes: &[] }
    }

    pub(crate) const fn with(name: &'static str, rows: &'static [Row], attributes: &'static [&'static str]) -> Self {
        Self { name, rows, attributes }
    }

    /// The row of an element's name and its number in the table. Looks from `hint` on first, since elements mostly come
    /// in the table's order.
    pub(crate) fn find(&'static self, name: &str, hint: usize) -> Option<(usize, &'static Row)> {
        let (before, from) = self.rows.split_at(hint.min(self.rows.len()));
        let later = from.iter().position(|row| row.name == name).map(|n| n + before.len());
        let found = later.or_else(|| before.iter().position(|row| row.name == name))?;
        Some((found, &self.rows[found]))
    }
}
