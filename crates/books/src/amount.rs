//! Amounts as the books keep them.

use std::fmt;

/// The largest amount and the largest balance: 2^53, the largest whole number a canonical record holds.
pub const AMOUNT_MAX: i64 = 1 << 53;

/// A positive amount in the commodity's smallest unit: whole units, microlitres or micrograms.
///
/// From 1 to [`AMOUNT_MAX`], both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Amount(i64);

/// Zero, a negative number, or more than [`AMOUNT_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an amount is a whole number from 1 to 9007199254740992")]
pub struct NotAnAmount;

impl Amount {
    /// An amount of `units` smallest units.
    ///
    /// # Errors
    /// [`NotAnAmount`] outside 1 to [`AMOUNT_MAX`].
    pub const fn new(units: i64) -> Result<Self, NotAnAmount> {
        if units >= 1 && units <= AMOUNT_MAX { Ok(Self(units)) } else { Err(NotAnAmount) }
    }

    /// The number of smallest units; always positive.
    pub const fn units(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_positive_and_bounded() {
        for (units, accepted) in [
            (i64::MIN, false),
            (-1, false),
            (0, false),
            (1, true),
            (AMOUNT_MAX, true),
            (AMOUNT_MAX + 1, false),
            (i64::MAX, false),
        ] {
            assert_eq!(Amount::new(units).is_ok(), accepted, "{units}");
        }
    }
}
