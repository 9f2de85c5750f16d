//! A count beside the books.

use super::session::Place;
use crate::count::CountMethod;
use crate::words::words;

words! {
    /// What a variance is thought to be, until an entry explains it.
    Classification {
        /// A theft or loss is looked into.
        LossReview "loss-review",
        /// A mistake in the books.
        Clerical "clerical",
        /// Broken or spilled.
        Breakage "breakage",
        /// Counted again.
        Recount "recount",
    }
}

/// One counted line beside what the books said of that moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variance {
    /// The line of the sheet.
    pub line: u32,
    /// Product and place.
    pub place: Place,
    /// What the books said, in smallest units.
    pub book: i64,
    /// What was found.
    pub found: i64,
    /// Whether every container was counted. A variance of an estimate starts no case of loss before a recount.
    pub method: CountMethod,
    /// What somebody thinks that it is.
    pub class: Option<Classification>,
}

impl Variance {
    /// Found less book: negative is a shortage.
    pub const fn difference(&self) -> i64 {
        // INVARIANT: both are between 0 and 2^53.
        self.found - self.book
    }

    /// The difference in percent of the books with two digits, such as `-2.00`; `None` where the books say zero.
    pub fn percent(&self) -> Option<String> {
        percent(self.difference(), self.book)
    }

    /// Whether somebody has to say what it is.
    pub const fn asks_classification(&self) -> bool {
        self.difference() != 0 && self.class.is_none()
    }
}

/// `part` of `whole` in percent with two digits, rounded half away from zero; `None` of nothing.
pub(crate) fn percent(part: i64, whole: i64) -> Option<String> {
    if whole <= 0 {
        return None;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    let hundredths = (part.abs() * 20_000 + whole) / (2 * whole);
    let sign = if part < 0 && hundredths > 0 { "-" } else { "" };
    Some(format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100))
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn percent_is_exact_to_two_digits() {
        for (part, whole, text) in [
            (-2, 100, "-2.00"),
            (2, 100, "2.00"),
            (-5, 1500, "-0.33"),
            (1, 3, "33.33"),
            (2, 3, "66.67"),
            (1, 20_000, "0.01"),
            (-1, 30_000, "0.00"),
            (0, 7, "0.00"),
            (7, 7, "100.00"),
        ] {
            assert_eq!(percent(part, whole).as_deref(), Some(text), "{part} of {whole}");
        }
        assert_eq!(percent(5, 0), None);
    }
}
