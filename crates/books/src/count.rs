//! A count: what somebody found, asserted beside what the books say. It never changes a balance.

use crate::account::Account;
use jiff::Timestamp;
use std::fmt;
use theriac_model::Actor;

/// The number of a count within its commodity, counted from 1 without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountId(pub u64);

impl fmt::Display for CountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How a count was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountMethod {
    /// Each unit counted or measured.
    Exact,
    /// Estimated, where the law lets one.
    Estimated,
}

impl CountMethod {
    /// The word in records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Estimated => "estimated",
        }
    }

    /// Reads a word of [`CountMethod::word`].
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Exact, Self::Estimated].into_iter().find(|method| method.word() == word)
    }
}

/// What somebody found in one account that is on hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The account counted.
    pub account: Account,
    /// What was found, in smallest units; zero or more.
    pub found: i64,
    /// How it was counted.
    pub method: CountMethod,
    /// When.
    pub happened: Timestamp,
    /// By whom.
    pub counter: Actor,
}

/// A count as recorded, beside what the books said at that moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Its number.
    pub id: CountId,
    /// What was found.
    pub count: Count,
    /// What the books said, in smallest units.
    pub book: i64,
    /// When it was written down.
    pub posted: Timestamp,
}

impl Counted {
    /// Found minus book: negative is a shortage, positive an overage.
    pub fn variance(&self) -> i64 {
        // INVARIANT: both are between 0 and 2^53.
        self.count.found - self.book
    }
}
