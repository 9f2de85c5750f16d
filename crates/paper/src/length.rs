//! Distances on paper, as whole numbers: layout has no rounding, so it comes out the same everywhere.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// A distance in thousandths of a point; a point is 1/72 inch. May be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Length(i64);

impl Length {
    /// No distance.
    pub const ZERO: Self = Self(0);

    /// Whole points.
    pub const fn points(count: i32) -> Self {
        Self(count as i64 * 1000)
    }

    /// Thousandths of a point.
    pub const fn thousandths(count: i64) -> Self {
        Self(count)
    }

    /// Hundredths of an inch.
    pub const fn inch_hundredths(count: i32) -> Self {
        Self(count as i64 * 720)
    }

    /// The number of thousandths of a point.
    pub const fn in_thousandths(self) -> i64 {
        self.0
    }

    /// This length times `numerator / denominator`, rounded towards zero; zero where `denominator` is zero.
    #[must_use]
    pub fn scaled(self, numerator: i64, denominator: i64) -> Self {
        let product = i128::from(self.0) * i128::from(numerator);
        let scaled = if denominator == 0 { 0 } else { product / i128::from(denominator) };
        Self(i64::try_from(scaled).unwrap_or(if scaled < 0 { i64::MIN } else { i64::MAX }))
    }
}

impl Add for Length {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Length {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Length {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl SubAssign for Length {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Neg for Length {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Mul<i64> for Length {
    type Output = Self;
    fn mul(self, factor: i64) -> Self {
        Self(self.0.saturating_mul(factor))
    }
}

impl Div<i64> for Length {
    type Output = Self;
    fn div(self, divisor: i64) -> Self {
        Self(self.0.checked_div(divisor).unwrap_or(0))
    }
}

impl Sum for Length {
    fn sum<I: Iterator<Item = Self>>(lengths: I) -> Self {
        lengths.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inch_is_72_points() {
        assert_eq!(Length::inch_hundredths(850), Length::points(612));
        assert_eq!(Length::inch_hundredths(225), Length::points(162));
    }

    #[test]
    fn scaling_keeps_to_whole_thousandths_and_never_overflows() {
        assert_eq!(Length::points(9).scaled(600, 1000), Length::thousandths(5400));
        assert_eq!(Length::points(9).scaled(1, 0), Length::ZERO);
        assert_eq!(Length::thousandths(i64::MAX).scaled(i64::MAX, 1), Length::thousandths(i64::MAX));
        assert_eq!(Length::points(1) / 0, Length::ZERO);
    }
}
