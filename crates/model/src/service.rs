//! Officials who prescribe in official duty without a registration of their own (21 CFR 1301.23(a)): their branch of service
//! or agency, and the service identification number that stands on the prescription (2008: 1306.05(h)).
//!
//! For the Public Health Service that number is the social security number: nine digits. It is the one element of a
//! prescription that is shown masked wherever the prescription itself is not what is shown.

use std::fmt;

macro_rules! branches {
    ($($(#[$doc:meta])* $name:ident $word:literal $plain:literal;)*) => {
        /// A branch of service or an agency whose officials are exempt from registration.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Branch { $($(#[$doc])* $name,)* }

        impl Branch {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word used in records: `coast-guard`.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The name as people write it.
            pub const fn plain(self) -> &'static str {
                match self { $(Self::$name => $plain,)* }
            }
        }
    };
}

branches! {
    /// U.S. Army.
    Army "army" "U.S. Army";
    /// U.S. Navy.
    Navy "navy" "U.S. Navy";
    /// U.S. Marine Corps.
    MarineCorps "marine-corps" "U.S. Marine Corps";
    /// U.S. Air Force.
    AirForce "air-force" "U.S. Air Force";
    /// U.S. Coast Guard.
    CoastGuard "coast-guard" "U.S. Coast Guard";
    /// U.S. Public Health Service.
    PublicHealthService "public-health-service" "U.S. Public Health Service";
    /// Bureau of Prisons.
    BureauOfPrisons "bureau-of-prisons" "Bureau of Prisons";
}

impl Branch {
    /// The branch with this word, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|branch| branch.word().eq_ignore_ascii_case(word.trim()))
    }
}

impl fmt::Display for Branch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A service identification number: 4 to 20 letters and digits. Its text is never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceId(Box<str>);

/// Why a text is no service identification number. It never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAServiceId {
    /// Too short, too long, or other characters than letters and digits.
    #[error("a service identification number has 4 to 20 letters and digits")]
    Shape,
    /// For the Public Health Service.
    #[error(
        "the identification number of a Public Health Service official is the social security number, of nine digits"
    )]
    NotNineDigits,
}

impl ServiceId {
    /// Reads a number in whatever grouping: hyphens and blanks do not count, letters become capitals.
    ///
    /// # Errors
    /// [`NotAServiceId::Shape`].
    pub fn parse(text: &str) -> Result<Self, NotAServiceId> {
        let plain: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_uppercase()).collect();
        let fits = (4..=20).contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits { Ok(Self(plain.into())) } else { Err(NotAServiceId::Shape) }
    }

    /// Reads the number of an official of `branch`.
    ///
    /// # Errors
    /// [`NotAServiceId`]; [`NotAServiceId::NotNineDigits`] for the Public Health Service only.
    pub fn of(branch: Branch, text: &str) -> Result<Self, NotAServiceId> {
        let id = Self::parse(text)?;
        let nine = id.0.len() == 9 && id.0.bytes().all(|b| b.is_ascii_digit());
        if branch == Branch::PublicHealthService && !nine { Err(NotAServiceId::NotNineDigits) } else { Ok(id) }
    }

    /// The number in full: for the prescription itself, and for DEA.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What everybody else is shown: the last four characters behind asterisks.
    pub fn masked(&self) -> String {
        masked(&self.0)
    }
}

impl fmt::Debug for ServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceId(hidden)")
    }
}

/// `*****6789` for `123456789`: as many asterisks as hidden characters; four characters or fewer are hidden altogether.
pub fn masked(text: &str) -> String {
    let count = text.chars().count();
    let shown = if count > 4 { 4 } else { 0 };
    text.chars().enumerate().map(|(n, c)| if n + shown < count { '*' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Requirements: law-fed-phs-ssn
    #[test]
    fn a_number_of_the_public_health_service_has_nine_digits() {
        let phs = Branch::PublicHealthService;
        for text in ["123456789", "123-45-6789", " 123 45 6789 "] {
            assert_eq!(ServiceId::of(phs, text).expect(text).reveal(), "123456789");
        }
        for text in ["12345678", "1234567890", "12345678X"] {
            assert_eq!(ServiceId::of(phs, text), Err(NotAServiceId::NotNineDigits), "{text}");
            assert!(ServiceId::of(Branch::Army, text).is_ok(), "{text}");
            assert!(!NotAServiceId::NotNineDigits.to_string().contains(text));
        }
        for text in ["", "123", "123456789012345678901", "12.345"] {
            assert_eq!(ServiceId::parse(text), Err(NotAServiceId::Shape), "{text}");
        }
    }

    /// Requirements: law-fed-phs-ssn
    #[test]
    fn a_number_is_shown_by_its_last_four_characters() {
        let id = ServiceId::parse("123-45-6789").expect("a number");
        assert_eq!(id.masked(), "*****6789");
        assert_eq!(format!("{id:?}"), "ServiceId(hidden)");
        assert_eq!(masked("1234"), "****");
    }

    #[test]
    fn every_branch_is_found_by_its_word() {
        for branch in Branch::ALL {
            assert_eq!(Branch::parse(branch.word()), Some(*branch));
        }
        assert_eq!(Branch::parse("space-force"), None);
    }
}
