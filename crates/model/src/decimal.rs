//! Exact decimals: what a message says a quantity is, without rounding.

use std::fmt;

/// A number that is zero or more, at most 18 digits of which at most 9 after the point; kept without trailing zeros.
///
/// `7.5`, `7.50` and `07.5` are the same value and print the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    digits: u64,
    scale: u8,
}

/// Why a text is not a [`Decimal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotADecimal {
    /// Something other than digits with at most one point between them.
    #[error("a quantity is digits with at most one decimal point")]
    Shape,
    /// More than 18 digits, or more than 9 after the point.
    #[error("a quantity has at most 18 digits, 9 of them after the point")]
    TooLong,
}

impl Decimal {
    /// A whole number.
    pub const fn whole(value: u32) -> Self {
        Self { digits: value as u64, scale: 0 }
    }

    /// Reads `15`, `7.5`, `.5` or `007.50`; no sign, no exponent, no grouping.
    ///
    /// # Errors
    /// [`NotADecimal::Shape`] or [`NotADecimal::TooLong`].
    pub fn parse(text: &str) -> Result<Self, NotADecimal> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if !(all_digits(whole) && all_digits(fraction)) || whole.len() + fraction.len() == 0 || text.ends_with('.') {
            return Err(NotADecimal::Shape);
        }
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        if whole.len() + fraction.len() > 18 || fraction.len() > 9 {
            return Err(NotADecimal::TooLong);
        }
        let digits = whole.bytes().chain(fraction.bytes()).fold(0u64, |sum, b| sum * 10 + u64::from(b - b'0'));
        let scale = u8::try_from(fraction.len()).map_err(|_| NotADecimal::TooLong)?;
        Ok(Self { digits, scale })
    }

    /// Whether the value is zero.
    pub const fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// The value as a count of `1 / 10^places`, when that is exact and fits: `7.5` in thousandths is `Some(7500)`.
    pub fn in_fractions(self, places: u8) -> Option<i64> {
        let factor = 10u64.checked_pow(u32::from(places.checked_sub(self.scale)?))?;
        i64::try_from(self.digits.checked_mul(factor)?).ok()
    }

    /// The value as a whole number, when it is one.
    pub fn as_whole(self) -> Option<i64> {
        self.in_fractions(0)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.digits);
        }
        let factor = 10u64.pow(u32::from(self.scale));
        write!(f, "{}.{:0width$}", self.digits / factor, self.digits % factor, width = usize::from(self.scale))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_prints_the_same() {
        for (text, printed) in
            [("15", "15"), ("015.00", "15"), ("7.50", "7.5"), (".5", "0.5"), ("0", "0"), ("0.0", "0")]
        {
            assert_eq!(Decimal::parse(text).expect(text).to_string(), printed, "{text}");
        }
    }

    #[test]
    fn what_is_not_an_exact_decimal_is_refused() {
        for text in ["", ".", "5.", "-1", "+1", "1e3", "1,000", "1.2.3", "１", "0x1", " 1", "NaN"] {
            assert_eq!(Decimal::parse(text), Err(NotADecimal::Shape), "{text:?}");
        }
        assert!(Decimal::parse("123456789012345678").is_ok());
        assert_eq!(Decimal::parse("1234567890123456789"), Err(NotADecimal::TooLong));
        assert!(Decimal::parse("0.123456789").is_ok());
        assert_eq!(Decimal::parse("0.1234567891"), Err(NotADecimal::TooLong));
    }

    #[test]
    fn fractions_are_exact_or_absent() {
        let value = Decimal::parse("7.5").expect("well formed");
        assert_eq!(value.in_fractions(3), Some(7500));
        assert_eq!(value.as_whole(), None);
        assert_eq!(Decimal::whole(30).as_whole(), Some(30));
        assert_eq!(Decimal::parse("999999999999999999").expect("18 digits").in_fractions(9), None);
    }
}
