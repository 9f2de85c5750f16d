//! Numbers under which things are found again.

use std::fmt;

/// The pharmacy's number of a prescription: 1 to 20 capital letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PrescriptionNumber(String);

/// Empty, longer than 20, or with other characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a prescription number is 1 to 20 capital letters, digits and hyphens")]
pub struct NotAPrescriptionNumber;

impl PrescriptionNumber {
    /// Reads a number.
    ///
    /// # Errors
    /// [`NotAPrescriptionNumber`] for any other length or character.
    pub fn parse(text: &str) -> Result<Self, NotAPrescriptionNumber> {
        let allowed = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
        let fits = (1..=20).contains(&text.len()) && text.bytes().all(allowed);
        fits.then(|| Self(text.to_owned())).ok_or(NotAPrescriptionNumber)
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the prescription's event stream: `rx/RX100001`.
    pub fn stream(&self) -> String {
        format!("rx/{self}")
    }
}

impl fmt::Display for PrescriptionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// SHA-256 of the bytes that arrived, under which they are archived.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArchiveDigest(pub [u8; 32]);

/// Not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 lower-case hexadecimal digits")]
pub struct NotADigest;

impl ArchiveDigest {
    /// Reads the hexadecimal form.
    ///
    /// # Errors
    /// [`NotADigest`].
    pub fn parse(text: &str) -> Result<Self, NotADigest> {
        let bytes: &[u8; 64] = text.as_bytes().try_into().map_err(|_| NotADigest)?;
        let digit = |b: u8| match b {
            b'0'..=b'9' => Some(b - b'0'),
            b'a'..=b'f' => Some(b - b'a' + 10),
            _ => None,
        };
        let mut digest = [0; 32];
        for (byte, pair) in digest.iter_mut().zip(bytes.chunks_exact(2)) {
            let (high, low) = (digit(pair[0]).ok_or(NotADigest)?, digit(pair[1]).ok_or(NotADigest)?);
            *byte = high << 4 | low;
        }
        Ok(Self(digest))
    }

    /// The name of the stream in which a rejected message is recorded: `intake/` and the digest.
    pub fn stream(&self) -> String {
        format!("intake/{self}")
    }
}

impl fmt::Display for ArchiveDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0u8; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair[0] = HEX[usize::from(byte >> 4)];
            pair[1] = HEX[usize::from(byte & 15)];
        }
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for ArchiveDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ArchiveDigest({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prescription_number_has_1_to_20_plain_characters() {
        for (text, accepted) in [
            (String::new(), false),
            ("RX100001".to_owned(), true),
            ("7".repeat(20), true),
            ("7".repeat(21), false),
            ("rx1".to_owned(), false),
            ("RX/1".to_owned(), false),
        ] {
            assert_eq!(PrescriptionNumber::parse(&text).is_ok(), accepted, "{text}");
        }
    }

    #[test]
    fn a_digest_is_read_back_and_any_other_text_is_not_one() {
        let digest = ArchiveDigest(std::array::from_fn(|n| u8::try_from(n * 8 + 5).expect("below 256")));
        assert_eq!(ArchiveDigest::parse(&digest.to_string()), Ok(digest));
        for text in [String::new(), "0".repeat(63), "0".repeat(65), "G".repeat(64), "A".repeat(64)] {
            assert_eq!(ArchiveDigest::parse(&text), Err(NotADigest), "{text}");
        }
    }
}
