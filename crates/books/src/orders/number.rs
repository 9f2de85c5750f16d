//! Numbers of orders: the serial number that DEA prints on a form, and the tracking number of an electronic order.

use crate::stored::stored_text;
use std::fmt;

/// The serial number of a DEA Form 222 as it is printed: 6 to 12 digits or capital letters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FormNumber(String);

/// The tracking number of an electronic order (21 CFR 1305.21(b)(1)): two digits of the year, X, six letters or digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TrackingNumber(String);

/// Not the number of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotANumber {
    /// Not 6 to 12 digits or capital letters.
    #[error("the serial number of an order form has 6 to 12 digits or capital letters")]
    Form,
    /// Not of the shape of a tracking number.
    #[error("a tracking number has two digits, X and six letters or digits")]
    Tracking,
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase()
}

impl FormNumber {
    /// Reads a serial number.
    ///
    /// # Errors
    /// [`NotANumber::Form`].
    pub fn parse(text: &str) -> Result<Self, NotANumber> {
        let fits = (6..=12).contains(&text.len()) && text.bytes().all(is_plain);
        fits.then(|| Self(text.to_owned())).ok_or(NotANumber::Form)
    }

    /// The number `steps` further on, for the forms of one book; `None` when the number does not end in digits enough.
    pub fn following(&self, steps: u32) -> Option<Self> {
        let digits = self.0.bytes().rev().take_while(u8::is_ascii_digit).count();
        let (head, tail) = self.0.split_at(self.0.len() - digits);
        let next = tail.parse::<u64>().ok()?.checked_add(u64::from(steps))?;
        let tail = format!("{next:0digits$}");
        (tail.len() == digits).then(|| Self(format!("{head}{tail}")))
    }

    /// The number as printed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TrackingNumber {
    /// Reads a tracking number.
    ///
    /// # Errors
    /// [`NotANumber::Tracking`].
    pub fn parse(text: &str) -> Result<Self, NotANumber> {
        let shaped = text.len() == 9
            && text.bytes().enumerate().all(|(n, byte)| match n {
                0 | 1 => byte.is_ascii_digit(),
                2 => byte == b'X',
                _ => is_plain(byte),
            });
        shaped.then(|| Self(text.to_owned())).ok_or(NotANumber::Tracking)
    }

    /// The number as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The number by which an order is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OrderNumber {
    /// On paper.
    Form(FormNumber),
    /// Electronic.
    Tracking(TrackingNumber),
}

impl fmt::Display for FormNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for TrackingNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(number) => number.fmt(f),
            Self::Tracking(number) => number.fmt(f),
        }
    }
}

stored_text! {
    FormNumber, "a serial number", ToString::to_string, |text| FormNumber::parse(text).ok();
    TrackingNumber, "a tracking number", ToString::to_string, |text| TrackingNumber::parse(text).ok();
    OrderNumber, "form: or tracking: and a number", |number| match number {
        OrderNumber::Form(number) => format!("form:{number}"),
        OrderNumber::Tracking(number) => format!("tracking:{number}"),
    }, |text| {
        let (kind, number) = text.split_once(':')?;
        match kind {
            "form" => FormNumber::parse(number).ok().map(OrderNumber::Form),
            "tracking" => TrackingNumber::parse(number).ok().map(OrderNumber::Tracking),
            _ => None,
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_shape_and_a_book_counts_on() {
        let first = FormNumber::parse("054297725").expect("as printed");
        assert_eq!(first.following(6).map(|n| n.to_string()).as_deref(), Some("054297731"));
        assert_eq!(FormNumber::parse("999999999").expect("shaped").following(1), None);
        for text in ["12345", "1234567890123", "05429772a", "0542 7725", ""] {
            assert_eq!(FormNumber::parse(text), Err(NotANumber::Form), "{text}");
        }
        assert!(TrackingNumber::parse("26X00A1B2").is_ok());
        for text in ["26Y000001", "2AX000001", "26X00001", "26X0000011", "26x000001"] {
            assert_eq!(TrackingNumber::parse(text), Err(NotANumber::Tracking), "{text}");
        }
    }
}
