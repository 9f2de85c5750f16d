//! The codes themselves: HMAC, dynamic truncation, a counter or the clock.

use super::seed::Seed;
use aws_lc_rs::hmac;
use jiff::Timestamp;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};

/// The hash under the HMAC. SHA-1 is what most devices have; in HMAC its collisions do no harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

impl Hash {
    const WORDS: [(Self, &'static str); 3] = [(Self::Sha1, "SHA1"), (Self::Sha256, "SHA256"), (Self::Sha512, "SHA512")];

    /// The word used in records.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// Reads `SHA1`, `SHA-1`, `HmacSHA1`, `HMAC-SHA-256` and the like.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
        let plain = plain.strip_prefix("HMAC").unwrap_or(&plain);
        Self::WORDS.iter().find(|row| row.1 == plain).map(|row| row.0)
    }

    const fn algorithm(self) -> hmac::Algorithm {
        match self {
            Self::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => hmac::HMAC_SHA256,
            Self::Sha512 => hmac::HMAC_SHA512,
        }
    }
}

/// How many digits a code has: 6 to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digits(u8);

impl Digits {
    /// Six, the least.
    pub const SIX: Self = Self(6);

    /// `None` unless 6 to 8.
    pub fn new(digits: i64) -> Option<Self> {
        u8::try_from(digits).ok().filter(|digits| (6..=8).contains(digits)).map(Self)
    }

    /// The number.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// What moves a device from one code to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moving {
    /// Each press (RFC 4226).
    Presses,
    /// The clock, every so many seconds (RFC 6238): 10 to 300.
    Clock {
        /// Seconds that a code is shown.
        period: u16,
    },
}

/// How a device makes codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// The hash.
    pub hash: Hash,
    /// The length of a code.
    pub digits: Digits,
    /// What moves it on.
    pub moving: Moving,
}

impl Scheme {
    /// The time step of `at` for devices with a clock; `None` for the others and before 1970.
    pub fn step(self, at: Timestamp) -> Option<u64> {
        let Moving::Clock { period } = self.moving else { return None };
        u64::try_from(at.as_second()).ok()?.checked_div(u64::from(period))
    }

    /// The stored form.
    pub fn to_json(self) -> Value {
        let mut value = json!({"hash": self.hash.word(), "digits": self.digits.get()});
        if let Moving::Clock { period } = self.moving {
            value["period"] = json!(period);
        }
        value
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`BadField`].
    pub fn from_json(value: &Value) -> Result<Self, BadField> {
        let reader = Reader(value);
        let bad = |field: &str, expected| BadField { field: field.to_owned(), expected };
        Ok(Self {
            hash: reader.parsed("hash", "SHA1, SHA256 or SHA512", Hash::parse)?,
            digits: Digits::new(reader.whole("digits")?).ok_or_else(|| bad("digits", "6 to 8"))?,
            moving: match reader.get("period") {
                None => Moving::Presses,
                Some(_) => {
                    Moving::Clock { period: period(reader.whole("period")?).ok_or_else(|| bad("period", "10 to 300"))? }
                }
            },
        })
    }
}

/// A period in seconds, 10 to 300.
pub(super) fn period(seconds: i64) -> Option<u16> {
    u16::try_from(seconds).ok().filter(|seconds| (10..=300).contains(seconds))
}

/// The code at a counter or time step, zeros in front (RFC 4226, 5.3).
pub fn code(seed: &Seed, scheme: Scheme, moving_factor: u64) -> String {
    let key = hmac::Key::new(scheme.hash.algorithm(), seed.bytes());
    let tag = hmac::sign(&key, &moving_factor.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag.last().copied().unwrap_or(0) & 0x0f);
    // Every tag has at least 20 bytes and the offset is at most 15, so four bytes are always there.
    let four: [u8; 4] = tag.get(at..at + 4).and_then(|four| four.try_into().ok()).unwrap_or_default();
    let number = u32::from_be_bytes(four) & 0x7fff_ffff;
    let width = usize::from(scheme.digits.get());
    format!("{:0width$}", number % 10_u32.pow(u32::from(scheme.digits.get())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scheme(hash: Hash, digits: i64, moving: Moving) -> Scheme {
        Scheme { hash, digits: Digits::new(digits).expect("digits"), moving }
    }

    fn seed(text: &str) -> Seed {
        Seed::new(text.as_bytes().to_vec()).expect("a seed")
    }

    /// RFC 4226, appendix D.
    #[test]
    fn codes_of_counting_devices_are_those_of_the_rfc() {
        let scheme = scheme(Hash::Sha1, 6, Moving::Presses);
        let expected =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (counter, expected) in (0..).zip(expected) {
            assert_eq!(code(&seed("12345678901234567890"), scheme, counter), expected);
        }
    }

    /// RFC 6238, appendix B, with the seeds of its errata: 20, 32 and 64 bytes.
    #[test]
    fn codes_of_devices_with_a_clock_are_those_of_the_rfc() {
        let long = "1234567890".repeat(7);
        let check = |seconds: i64, hash, length: usize, expected: &str| {
            let scheme = scheme(hash, 8, Moving::Clock { period: 30 });
            let step = scheme.step(Timestamp::from_second(seconds).expect("an instant")).expect("a step");
            assert_eq!(
                code(&seed(long.get(..length).expect("long enough")), scheme, step),
                expected,
                "{hash:?} {seconds}"
            );
        };
        for (seconds, sha1, sha256, sha512) in [
            (59, "94287082", "46119246", "90693936"),
            (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"),
            (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"),
            (20_000_000_000, "65353130", "77737706", "47863826"),
        ] {
            check(seconds, Hash::Sha1, 20, sha1);
            check(seconds, Hash::Sha256, 32, sha256);
            check(seconds, Hash::Sha512, 64, sha512);
        }
    }

    #[test]
    fn lengths_periods_and_hashes_outside_the_bounds_are_none() {
        assert!(Digits::new(5).is_none() && Digits::new(9).is_none() && Digits::new(8).is_some());
        assert!(period(9).is_none() && period(301).is_none() && period(10).is_some() && period(300).is_some());
        for (text, expected) in [
            ("SHA1", Some(Hash::Sha1)),
            ("HMAC-SHA-256", Some(Hash::Sha256)),
            ("HmacSHA512", Some(Hash::Sha512)),
            ("MD5", None),
            ("", None),
        ] {
            assert_eq!(Hash::parse(text), expected, "{text}");
        }
        let both = [scheme(Hash::Sha256, 7, Moving::Presses), scheme(Hash::Sha512, 8, Moving::Clock { period: 60 })];
        for scheme in both {
            assert_eq!(Scheme::from_json(&scheme.to_json()), Ok(scheme));
        }
    }
}
