//! One model of token: what it is, how it was validated, whether the deployment allows it.

use crate::assurance::TokenClass;
use crate::certificate::Certificate;
use crate::pass::{Listing, ValidatedModel, asked};
use crate::token_rule::TokenRule;
use crate::webauthn::Aaguid;
use jiff::civil::Date;
use theriac_model::{Edition, Refusal};

/// How a model is recognised.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ModelName {
    /// A security key, by the identifier in its attestation.
    Fido(Aaguid),
    /// A one-time-password device, by the maker and model that its seed file names.
    CodeDevice {
        /// The maker, as in the seed file.
        maker: String,
        /// The model, as in the seed file.
        model: String,
    },
}

/// Which generation of the standard a validation is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fips140 {
    /// FIPS 140-2; its certificates are historical since 21 September 2026.
    Two,
    /// FIPS 140-3.
    Three,
}

impl Fips140 {
    /// The word used in files and records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Two => "140-2",
            Self::Three => "140-3",
        }
    }

    /// Reads such a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Two, Self::Three].into_iter().find(|known| known.word() == word)
    }
}

/// Where a certificate stands in the validation program's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListStatus {
    /// Active.
    Active,
    /// Historical: still a validation, not for new purchases. Accepted, and recorded.
    Historical,
    /// Revoked: no validation any more.
    Revoked,
}

impl ListStatus {
    /// The word used in files and records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Historical => "historical",
            Self::Revoked => "revoked",
        }
    }

    /// Reads such a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Active, Self::Historical, Self::Revoked].into_iter().find(|known| known.word() == word)
    }
}

/// A model's FIPS 140 validation, as looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validation {
    /// The certificate's number.
    pub certificate: String,
    /// The standard's generation.
    pub standard: Fips140,
    /// Level overall.
    pub overall: u8,
    /// Level of physical security.
    pub physical: u8,
    /// Its standing in the list.
    pub status: ListStatus,
    /// When that was looked up.
    pub looked_up: Date,
}

/// Where the key lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyHome {
    /// On the device, and it cannot leave.
    Device,
    /// On the device, and it can be exported or synchronised.
    ExportableDevice,
    /// In a file.
    File,
    /// In an operating system's key store.
    OperatingSystem,
    /// On a server.
    Server,
}

/// Whether the token is a device of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is.
    Separate,
    /// It is part of the computer it gives access to.
    BuiltIn,
}

/// What opens the key for each use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// A password or PIN.
    Password,
    /// A biometric.
    Biometric,
    /// Either.
    Either,
    /// Nothing: whoever holds it uses it.
    Nothing,
}

impl Opening {
    const WORDS: [(Self, &'static str); 4] = [
        (Self::Password, "password"),
        (Self::Biometric, "biometric"),
        (Self::Either, "either"),
        (Self::Nothing, "nothing"),
    ];

    /// The word used in files and records.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// Reads such a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|row| row.1 == word).map(|row| row.0)
    }
}

/// Whether the deployment lets the model sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// It may sign.
    Signing,
    /// It may not, for this reason.
    Refused(String),
}

/// A model of token as the deployment's list describes it.
#[derive(Clone, Debug)]
pub struct Model {
    /// How it is recognised.
    pub name: ModelName,
    /// Maker and model in words, for credentials and records.
    pub title: String,
    /// Its validation, if it has one.
    pub validation: Option<Validation>,
    /// Where its keys live.
    pub key: KeyHome,
    /// Whether it is a device of its own.
    pub place: Place,
    /// What opens its keys.
    pub opening: Opening,
    /// Whether it may sign here.
    pub allowed: Allowed,
    /// The roots under which the maker certifies its attestations. Security keys need at least one.
    pub roots: Vec<Certificate>,
}

const NEXT: &str = "enrol a token of a model that the deployment's list allows";
const HARD_TOKEN: &str = "73 FR 36722, 1300.03, \"hard token\"; 1311.110(b)";

impl Model {
    /// Whether this model may sign under `rule`.
    ///
    /// # Errors
    /// A refusal, the first that holds in this order: refused by the deployment, key not on a hardware device, key
    /// exportable, part of the computer, not opened by password or biometric, below Level 4, validation missing or withdrawn, level
    /// overall, level of physical security.
    pub fn may_sign(&self, rule: &TokenRule) -> Result<ValidatedModel, Refusal> {
        if let Allowed::Refused(why) = &self.allowed {
            let what = format!("the deployment's list refuses the model {}: {why}", self.title);
            return Err(Refusal::new("PKI-TOKEN-NOT-ALLOWED", "21 CFR 1311.115(a)", what, NEXT));
        }
        self.key_stays(rule)?;
        if let (Place::BuiltIn, Some(source)) = (self.place, &rule.separate) {
            let what = format!("{} is part of the computer it gives access to", self.title);
            return Err(asked("PKI-TOKEN-BUILT-IN", source, what, "enrol a token that is a device of its own"));
        }
        if let (Opening::Nothing, Some(source)) = (self.opening, &rule.opened) {
            let what = format!("{} works for whoever holds it: no password or biometric opens its key", self.title);
            return Err(asked("PKI-TOKEN-UNOPENED", source, what, "enrol a token that asks for a PIN or biometric"));
        }
        if let Some(guideline) = rule.guideline {
            guideline.admits(self.class())?;
        }
        let Some(found) = &self.validation else {
            return ValidatedModel::under(rule, &self.title, "", 0, 0);
        };
        if found.status == ListStatus::Revoked {
            let what = format!("the FIPS 140 certificate {} of {} was revoked", found.certificate, self.title);
            return Err(Refusal::new(
                "PKI-TOKEN-WITHDRAWN",
                "21 CFR 1311.115(b); 73 FR 36722, 1311.110(b)(1)",
                what,
                NEXT,
            ));
        }
        let model = ValidatedModel::under(rule, &self.title, &found.certificate, found.overall, found.physical)?;
        Ok(model.listed(Listing { standard: found.standard, status: found.status, looked_up: found.looked_up }))
    }

    /// The kind of token it is, as NIST SP 800-63 divides them.
    pub fn class(&self) -> TokenClass {
        let hardware = matches!(self.key, KeyHome::Device | KeyHome::ExportableDevice);
        match (&self.name, hardware, self.opening) {
            (_, false, _) => TokenClass::OpenedSoftwareKey,
            (ModelName::Fido(_), true, Opening::Nothing) => TokenClass::KeyDevice,
            (ModelName::Fido(_), true, _) => TokenClass::OpenedKeyDevice,
            (ModelName::CodeDevice { .. }, true, Opening::Nothing) => TokenClass::CodeDevice,
            (ModelName::CodeDevice { .. }, true, _) => TokenClass::OpenedCodeDevice,
        }
    }

    fn key_stays(&self, rule: &TokenRule) -> Result<(), Refusal> {
        let home = match self.key {
            KeyHome::Device => return Ok(()),
            KeyHome::ExportableDevice => {
                let Some(source) = &rule.no_export else { return Ok(()) };
                let what = format!("the key of {} can leave the device", self.title);
                return Err(asked("PKI-TOKEN-EXPORT", source, what, "enrol a token whose key stays on it"));
            }
            KeyHome::File => "a file",
            KeyHome::OperatingSystem => "an operating system's key store",
            KeyHome::Server => "a server",
        };
        let what = format!("{} keeps its key in {home}, not on a hardware device", self.title);
        Err(Refusal::new("PKI-TOKEN-NOT-HARDWARE", HARD_TOKEN, what, "enrol a hardware token")
            .under(Edition::Proposed2008))
    }
}
