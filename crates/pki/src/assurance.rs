//! NIST SP 800-63: which kinds of token reach the level that signing needs, by the edition that a deployment follows.
//!
//! 1311.08(a)(4) of the 2008 proposed rule incorporates the edition of April 2006, and its preamble (73 FR 36736-36737)
//! looks at the draft revision of February 2008; 1311.110(a) asks for Level 4. Later editions speak of AAL3 instead.

use std::fmt;
use theriac_model::{Edition, Refusal};

/// An edition of the guideline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guideline {
    /// April 2006, with the draft of February 2008 as the proposed rule's preamble reads both.
    April2006,
    /// Revision 4 of 2025, where AAL3 stands for Level 4: phishing-resistant hardware only, so no codes. Stricter.
    Revision4,
}

/// A kind of token, as the guideline divides them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenClass {
    /// A password.
    MemorizedSecret,
    /// An answer to a question agreed on before.
    PreRegisteredKnowledge,
    /// A secret on a card or list.
    LookUpSecret,
    /// A secret sent to another device, such as a text message.
    OutOfBand,
    /// A device that shows one-time codes to whoever holds it.
    CodeDevice,
    /// A device with a key that works for whoever holds it.
    KeyDevice,
    /// A key kept by a computer, opened by a second factor.
    OpenedSoftwareKey,
    /// A device that shows one-time codes once a second factor opened it.
    OpenedCodeDevice,
    /// A hardware device with a key that works once a second factor opened it.
    OpenedKeyDevice,
}

impl TokenClass {
    /// All kinds, weakest first.
    pub const ALL: [Self; 9] = [
        Self::MemorizedSecret,
        Self::PreRegisteredKnowledge,
        Self::LookUpSecret,
        Self::OutOfBand,
        Self::CodeDevice,
        Self::KeyDevice,
        Self::OpenedSoftwareKey,
        Self::OpenedCodeDevice,
        Self::OpenedKeyDevice,
    ];

    /// The kind in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::MemorizedSecret => "a password",
            Self::PreRegisteredKnowledge => "an answer agreed on before",
            Self::LookUpSecret => "a secret on a card or list",
            Self::OutOfBand => "a secret sent to another device",
            Self::CodeDevice => "a code device that nothing opens",
            Self::KeyDevice => "a key device that nothing opens",
            Self::OpenedSoftwareKey => "a key kept by a computer",
            Self::OpenedCodeDevice => "a code device opened by password or biometric",
            Self::OpenedKeyDevice => "a key device opened by password or biometric",
        }
    }
}

/// The level that signing needs.
pub const NEEDED: u8 = 4;

impl Guideline {
    /// The edition's title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::April2006 => "NIST SP 800-63, Electronic Authentication Guideline, April 2006",
            Self::Revision4 => "NIST SP 800-63-4, Digital Identity Guidelines, 2025",
        }
    }

    /// The level, 1 to 4, that a kind of token reaches by itself; of revision 4 the level that its AAL stands for.
    pub const fn level(self, class: TokenClass) -> u8 {
        use TokenClass as Class;
        match (self, class) {
            (_, Class::OpenedKeyDevice) | (Self::April2006, Class::OpenedCodeDevice) => 4,
            (Self::Revision4, Class::OpenedCodeDevice) | (_, Class::OpenedSoftwareKey) => 3,
            (
                _,
                Class::MemorizedSecret | Class::LookUpSecret | Class::OutOfBand | Class::CodeDevice | Class::KeyDevice,
            ) => 2,
            // By itself a question and its answer are worth least; revision 4 does not know them at all.
            (_, Class::PreRegisteredKnowledge) => 1,
        }
    }

    /// Whether a kind of token may be enrolled for signing under this edition.
    ///
    /// # Errors
    /// A refusal of a kind that does not reach Level 4.
    pub fn admits(self, class: TokenClass) -> Result<(), Refusal> {
        let level = self.level(class);
        if level >= NEEDED {
            return Ok(());
        }
        let what = format!("{} reaches level {level} of {self}; signing needs {NEEDED}", class.words());
        let next = "enrol a hardware token that asks for a PIN or biometric";
        Err(Refusal::new("PKI-TOKEN-ASSURANCE", "73 FR 36722, 1311.08(a)(4), 1311.110(a)", what, next)
            .under(Edition::Proposed2008))
    }
}

impl fmt::Display for Guideline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Requirements: epcs-1311.08-a-4, epcs-1311.110-a
    #[test]
    fn only_opened_devices_reach_the_level_that_signing_needs() {
        let admitted = |guideline: Guideline| {
            TokenClass::ALL.into_iter().filter(|class| guideline.admits(*class).is_ok()).collect::<Vec<_>>()
        };
        assert_eq!(admitted(Guideline::April2006), [TokenClass::OpenedCodeDevice, TokenClass::OpenedKeyDevice]);
        assert_eq!(admitted(Guideline::Revision4), [TokenClass::OpenedKeyDevice]);
        assert!(Guideline::April2006.title().contains("April 2006"));
        for class in TokenClass::ALL {
            assert!(Guideline::Revision4.level(class) <= Guideline::April2006.level(class), "{}", class.words());
        }
        let refused = Guideline::April2006.admits(TokenClass::OutOfBand).expect_err("a text message");
        assert_eq!(refused.code.0, "PKI-TOKEN-ASSURANCE");
        assert!(refused.what.contains("April 2006"), "{refused}");
    }
}
