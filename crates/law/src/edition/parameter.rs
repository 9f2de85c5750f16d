//! Parameters: one number, duty, permission or set of the law, with the value each edition gives it.

use crate::vocab::Word;
use jiff::civil::Date;
use std::fmt;
use theriac_model::Edition;

/// Which editions say a thing; a set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct By(u8);

impl By {
    /// The proposal of 2008.
    pub const P08: Self = Self(1);
    /// Code and statute, dated.
    pub const CFR: Self = Self(2);
    /// The manual of 2010.
    pub const M10: Self = Self(4);
    /// The cards of 2021.
    pub const C21: Self = Self(8);
    /// All four.
    pub const ALL: Self = Self(15);
    /// The manual and the cards.
    pub const GUIDES: Self = Self(12);

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the two sets share an edition.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The editions in the set, oldest first.
    pub fn editions(self) -> impl Iterator<Item = Edition> {
        let all = [
            (Self::P08, Edition::Proposed2008),
            (Self::CFR, Edition::Cfr),
            (Self::M10, Edition::Manual2010),
            (Self::C21, Edition::Cards2021),
        ];
        all.into_iter().filter(move |(one, _)| self.meets(*one)).map(|(_, edition)| edition)
    }

    /// The first edition of the set; the Code for the empty set.
    pub fn first(self) -> Edition {
        self.editions().next().unwrap_or(Edition::Cfr)
    }
}

impl fmt::Debug for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.editions().map(|edition| edition.to_string())).finish()
    }
}

/// Which of two values is the stricter one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// A number of which the smaller is stricter: refills, days, hours.
    Min,
    /// A number of which the larger is stricter: years of retention.
    Max,
    /// A duty: where one edition requires, it is required.
    Required,
    /// A permission: where one edition forbids, it is forbidden.
    Permitted,
    /// A set of required items: all that any edition requires.
    Union,
    /// A set of allowed items: only what every edition allows.
    Intersection,
    /// A permission with dates; outside them it is refused.
    Window,
    /// Values without an order: the Code's, else those of the first edition that speaks. Overlays cannot set them.
    Choice,
}

impl Direction {
    /// The stricter of two values; `None` where they do not order.
    pub const fn stricter(self, a: u64, b: u64) -> Option<u64> {
        match self {
            Self::Min | Self::Permitted | Self::Window => Some(if a < b { a } else { b }),
            Self::Max | Self::Required => Some(if a > b { a } else { b }),
            Self::Union => Some(a | b),
            Self::Intersection => Some(a & b),
            Self::Choice => None,
        }
    }

    /// The name used in overlay files and in the printed rulebook.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
            Self::Required => "required",
            Self::Permitted => "permitted",
            Self::Union => "union",
            Self::Intersection => "intersection",
            Self::Window => "window",
            Self::Choice => "choice",
        }
    }
}

/// "No limit", for a number of which the smaller is stricter.
pub const UNLIMITED: u64 = u64::MAX;

/// One value of a parameter: who says so, for which days, where.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The editions that give this value.
    pub by: By,
    /// The first day; `None` for a value without beginning.
    pub since: Option<Date>,
    /// The last day; `None` for a value without end.
    pub until: Option<Date>,
    /// The value: a number, 1 or 0 for yes or no, or a bit for each member of a set.
    pub value: u64,
    /// Where it is said.
    pub cite: &'static str,
    /// The rule began later than other editions: they do not borrow it where they are silent.
    pub own_only: bool,
    /// The object of the rule is gone: this value binds whatever other federal editions say.
    pub retires: bool,
}

impl Row {
    /// A value without beginning or end.
    pub const fn of(by: By, value: u64, cite: &'static str) -> Self {
        Self { by, since: None, until: None, value, cite, own_only: false, retires: false }
    }

    /// A value that began on a day.
    #[must_use]
    pub const fn since(mut self, date: Date) -> Self {
        self.since = Some(date);
        self
    }

    /// A value whose last day is `date`.
    #[must_use]
    pub const fn until(mut self, date: Date) -> Self {
        self.until = Some(date);
        self
    }

    /// A value that silent editions do not borrow, because it began later.
    #[must_use]
    pub const fn begun_later(mut self) -> Self {
        self.own_only = true;
        self
    }

    /// A value that ends what other federal editions ask, because its object no longer exists.
    #[must_use]
    pub const fn retired(mut self) -> Self {
        self.retires = true;
        self
    }

    /// Whether the row binds on `day`.
    pub fn binds(&self, day: Date) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// What values a parameter has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Numbers in this unit.
    Number(&'static str),
    /// Yes or no.
    YesNo,
    /// A set of these words, or one of them for a choice; bit `n` stands for word `n`.
    Words(&'static [&'static str]),
}

/// One parameter of the law.
#[derive(Debug)]
pub struct Parameter {
    /// Stable identifier, such as `refill.count`.
    pub id: &'static str,
    /// What it is, in one sentence without a final stop.
    pub what: &'static str,
    /// Which of two values is the stricter.
    pub direction: Direction,
    /// Its values.
    pub domain: Domain,
    /// Who says what, from when to when.
    pub rows: &'static [Row],
}

impl Parameter {
    /// The row of one edition on a day. `INVARIANT:` at most one matches (a test goes over all parameters).
    pub fn row(&self, of: By, day: Date) -> Option<&'static Row> {
        self.rows.iter().find(|row| row.by.meets(of) && row.binds(day))
    }
}

/// The bit of a word in its list's order.
pub fn bit<W: Word>(word: W) -> u64 {
    W::LIST.iter().position(|(_, member)| *member == word).map_or(0, |n| 1 << n)
}

/// Declares a parameter: identifier, what it is, direction, domain, rows.
macro_rules! parameter {
    ($(#[$meta:meta])* $name:ident: $id:literal, $what:literal, $direction:ident, $domain:expr, [$($row:expr),* $(,)?]) => {
        $(#[$meta])*
        pub(crate) static $name: crate::edition::Parameter = crate::edition::Parameter {
            id: $id,
            what: $what,
            direction: crate::edition::Direction::$direction,
            domain: $domain,
            rows: &[$($row),*],
        };
    };
}
pub(crate) use parameter;
