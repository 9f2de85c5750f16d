//! Identifiers of registrants.

use crate::service::Branch;
use std::fmt;

/// A DEA registration number: two letters and seven digits, of which the last is computed.
///
/// A value has the right shape and check digit. Which first letters are in use, and whether the registration is valid
/// on a day, are questions for the rulebook and the registrant data.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeaNumber([u8; 9]);

/// Why a text is not a DEA number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotADeaNumber {
    /// Not two letters (or a letter and a 9) and seven digits.
    #[error("a DEA number is two letters (or a letter and a 9) followed by seven digits")]
    Shape,
    /// The seventh digit is not the computed one.
    #[error("the last digit of this DEA number should be {computed}")]
    CheckDigit {
        /// What the seventh digit would have to be.
        computed: u8,
    },
}

/// What the first letter says of the registrant (DEA's registration number scheme; the 2010 manual, section on DEA numbers).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrantType {
    /// A, B, F, G: practitioners, hospitals, pharmacies, teaching institutions.
    PractitionerOrFacility,
    /// M: mid-level practitioners.
    MidLevel,
    /// P, R: manufacturers, distributors, researchers, importers, exporters, laboratories, reverse distributors, programs.
    DistributorOrResearcher,
    /// X: the identification number of the former data-waived practitioners.
    DataWaived,
}

impl DeaNumber {
    /// Reads a DEA number. Lower-case letters are taken as upper case, as people write them.
    ///
    /// # Errors
    /// [`NotADeaNumber::Shape`] unless two letters (the second may be a 9) and seven digits;
    /// [`NotADeaNumber::CheckDigit`] if the seventh digit is not the computed one.
    pub fn parse(text: &str) -> Result<Self, NotADeaNumber> {
        let mut raw: [u8; 9] = text.as_bytes().try_into().map_err(|_| NotADeaNumber::Shape)?;
        raw[..2].make_ascii_uppercase();
        let letters = raw[0].is_ascii_uppercase() && (raw[1].is_ascii_uppercase() || raw[1] == b'9');
        if !(letters && raw[2..].iter().all(u8::is_ascii_digit)) {
            return Err(NotADeaNumber::Shape);
        }
        let computed = Self::check_digit([raw[2], raw[3], raw[4], raw[5], raw[6], raw[7]]);
        if computed == raw[8] - b'0' { Ok(Self(raw)) } else { Err(NotADeaNumber::CheckDigit { computed }) }
    }

    /// The seventh digit for six ASCII digits: (1st + 3rd + 5th) + 2 x (2nd + 4th + 6th), last figure of the sum.
    fn check_digit(six: [u8; 6]) -> u8 {
        let d = |n: usize| six[n] - b'0';
        (d(0) + d(2) + d(4) + 2 * (d(1) + d(3) + d(5))) % 10
    }

    /// The number with the right check digit for these letters and six digits (0 to 999,999); for generated data.
    pub fn compose(letters: [u8; 2], six: u32) -> Option<Self> {
        if six > 999_999 {
            return None;
        }
        let digits = format!("{six:06}");
        let mut six = [0; 6];
        six.copy_from_slice(digits.as_bytes());
        let text = format!("{}{}{digits}{}", letters[0] as char, letters[1] as char, Self::check_digit(six));
        Self::parse(&text).ok()
    }

    /// The nine characters.
    pub fn as_str(&self) -> &str {
        // INVARIANT: `parse` admits ASCII only.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// What the first letter says of the registrant; `None` for a letter that is not in use.
    pub fn registrant_type(&self) -> Option<RegistrantType> {
        match self.0[0] {
            b'A' | b'B' | b'F' | b'G' => Some(RegistrantType::PractitionerOrFacility),
            b'M' => Some(RegistrantType::MidLevel),
            b'P' | b'R' => Some(RegistrantType::DistributorOrResearcher),
            b'X' => Some(RegistrantType::DataWaived),
            _ => None,
        }
    }

    /// The second character: the initial of a person's last name, or 9 where a business name was used.
    pub fn second(&self) -> char {
        self.0[1] as char
    }
}

impl fmt::Display for DeaNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for DeaNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeaNumber({self})")
    }
}

/// The authority under which a prescription is issued (21 CFR 1306.05(a), (f), (h); 2008: (g), (h)).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Registration {
    /// The practitioner's own registration.
    Own(DeaNumber),
    /// An institution's registration with the internal code it assigned (21 CFR 1301.22(c)).
    Institutional {
        /// The institution's number.
        number: DeaNumber,
        /// The internal code, without the separating hyphen: 1 to 25 printable ASCII characters in whatever shape the
        /// institution gives it, blanks inside it too. With number and hyphen it fits the 35 of a message.
        internal_code: String,
    },
    /// None: an official of this branch of service or agency, exempt in official duty (21 CFR 1301.23(a)). The service
    /// identification number is an element of its own.
    Exempt(Branch),
}

/// What a check of a registration is filed under: the number, whatever internal code follows it, or the branch of an official
/// who has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RegistrationKey {
    /// A registration number.
    Number(DeaNumber),
    /// The branch of an exempt official.
    Branch(Branch),
}

impl RegistrationKey {
    /// The number; `None` for an exempt official.
    pub const fn number(self) -> Option<DeaNumber> {
        match self {
            Self::Number(number) => Some(number),
            Self::Branch(_) => None,
        }
    }

    /// Reads `AB1234563` or `exempt-army`.
    ///
    /// # Errors
    /// As [`DeaNumber::parse`].
    pub fn parse(text: &str) -> Result<Self, NotADeaNumber> {
        match exempt(text) {
            Some(branch) => Branch::parse(branch).map(Self::Branch).ok_or(NotADeaNumber::Shape),
            None => DeaNumber::parse(text).map(Self::Number),
        }
    }
}

impl From<DeaNumber> for RegistrationKey {
    fn from(number: DeaNumber) -> Self {
        Self::Number(number)
    }
}

impl fmt::Display for RegistrationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Branch(branch) => write!(f, "{EXEMPT}{branch}"),
        }
    }
}

/// What stands before the branch of an exempt official. No DEA number begins so.
const EXEMPT: &str = "exempt-";

/// What follows [`EXEMPT`].
fn exempt(text: &str) -> Option<&str> {
    let (head, rest) = text.split_at_checked(EXEMPT.len())?;
    head.eq_ignore_ascii_case(EXEMPT).then_some(rest)
}

impl Registration {
    /// The registration number, without any internal code; `None` for an exempt official.
    pub fn number(&self) -> Option<DeaNumber> {
        self.key().number()
    }

    /// What a check of it is filed under.
    pub fn key(&self) -> RegistrationKey {
        match self {
            Self::Own(number) | Self::Institutional { number, .. } => RegistrationKey::Number(*number),
            Self::Exempt(branch) => RegistrationKey::Branch(*branch),
        }
    }

    /// Reads `AB1234563`, `AB1234563-012` or `exempt-army`.
    ///
    /// # Errors
    /// As [`DeaNumber::parse`]; `Shape` for an internal code of a length or character that is not allowed, and for a branch
    /// whose officials are not exempt.
    pub fn parse(text: &str) -> Result<Self, NotADeaNumber> {
        if let Some(branch) = exempt(text) {
            return Branch::parse(branch).map(Self::Exempt).ok_or(NotADeaNumber::Shape);
        }
        let Some((number, code)) = text.split_once('-') else { return DeaNumber::parse(text).map(Self::Own) };
        let number = DeaNumber::parse(number)?;
        let printable = |b: u8| b.is_ascii_graphic() || b == b' ';
        let fits = (1..=25).contains(&code.len()) && code.bytes().all(printable) && code.trim() == code;
        if !fits {
            return Err(NotADeaNumber::Shape);
        }
        Ok(Self::Institutional { number, internal_code: code.to_owned() })
    }
}

impl fmt::Display for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(number) => write!(f, "{number}"),
            Self::Institutional { number, internal_code } => write!(f, "{number}-{internal_code}"),
            Self::Exempt(branch) => write!(f, "{EXEMPT}{branch}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, NotADeaNumber>) {
        let found = DeaNumber::parse(text);
        assert_eq!(found.as_ref().map(DeaNumber::as_str), expected.as_ref().copied(), "{text}");
    }

    /// The check digit of the 2010 manual: 1234563, where 1+3+5=9, 2x(2+4+6)=24, 33.
    #[test]
    fn the_seventh_digit_is_computed_from_the_six_before_it() {
        check("AB1234563", Ok("AB1234563"));
        check("ab1234563", Ok("AB1234563"));
        check("A91234563", Ok("A91234563"));
        check("AB1234562", Err(NotADeaNumber::CheckDigit { computed: 3 }));
        check("AB1234564", Err(NotADeaNumber::CheckDigit { computed: 3 }));
        for text in ["", "AB123456", "AB12345634", "1B1234563", "9B1234563", "AB12345G3", "ÄB123456", "AB 1234563"] {
            check(text, Err(NotADeaNumber::Shape));
        }
    }

    #[test]
    fn an_institution_adds_an_internal_code() {
        let text = "AB1234563-012";
        let found = Registration::parse(text).expect("well formed");
        assert_eq!(found.to_string(), text);
        assert_eq!(found.number().map(|number| number.to_string()).as_deref(), Some("AB1234563"));
        assert!(Registration::parse("AB1234563-").is_err());
        assert!(Registration::parse(&format!("AB1234563-{}", "1".repeat(25))).is_ok());
        assert!(Registration::parse(&format!("AB1234563-{}", "1".repeat(26))).is_err());
        for code in ["A12", "KD-17/b", "dr. kay 4", "(7)", "#1"] {
            let found = Registration::parse(&format!("AB1234563-{code}")).expect(code);
            assert!(matches!(found, Registration::Institutional { internal_code, .. } if internal_code == code));
        }
        for code in [" 7", "7 ", "\u{7}", "\u{e9}"] {
            assert!(Registration::parse(&format!("AB1234563-{code}")).is_err(), "{code:?}");
        }
    }

    #[test]
    fn an_exempt_official_has_a_branch_and_no_number() {
        let found = Registration::parse("Exempt-Coast-Guard").expect("a branch");
        assert_eq!(found, Registration::Exempt(Branch::CoastGuard));
        assert_eq!((found.to_string().as_str(), found.number()), ("exempt-coast-guard", None));
        assert_eq!(RegistrationKey::parse(&found.key().to_string()), Ok(found.key()));
        for text in ["exempt-", "exempt-postal-service", "exempt", "exempt-army-1"] {
            assert!(Registration::parse(text).is_err() && RegistrationKey::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_composed_number_parses() {
        assert_eq!(DeaNumber::compose(*b"AB", 123_456).map(|n| n.to_string()), Some("AB1234563".to_owned()));
        assert_eq!(DeaNumber::compose(*b"AB", 1_000_000), None);
        assert_eq!(DeaNumber::compose(*b"a!", 1), None);
    }
}
