//! What the FIDO Metadata Service reports of a model, and what that means for signing.

use jiff::civil::Date;
use std::fmt;

/// A status word of the service. Words this program does not know are kept as they came: the service adds some now and
/// then, and none of those may make a list unreadable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status(String);

/// What a status means for signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The model signs nothing any more.
    Refuses,
    /// For information: certifications, updates, words we do not know.
    Informs,
}

/// The words after which a key or a user check of the model is no longer worth anything.
const REFUSING: [&str; 5] = [
    "USER_VERIFICATION_BYPASS",
    "ATTESTATION_KEY_COMPROMISE",
    "USER_KEY_REMOTE_COMPROMISE",
    "USER_KEY_PHYSICAL_COMPROMISE",
    "REVOKED",
];

impl Status {
    /// Takes a word of 1 to 64 characters; longer ones are cut.
    pub fn new(word: &str) -> Self {
        Self(word.chars().take(64).collect())
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it means for signing.
    pub fn weight(&self) -> Weight {
        if REFUSING.contains(&self.0.as_str()) { Weight::Refuses } else { Weight::Informs }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusReport {
    /// The status.
    pub status: Status,
    /// From when it holds; `None` when the service does not say.
    pub effective: Option<Date>,
    /// The certificate it speaks of, where it speaks of one.
    pub certificate: Option<String>,
}

impl StatusReport {
    /// Whether it takes the model's right to sign on `on`. A report without a date holds at once.
    pub fn refuses(&self, on: Date) -> bool {
        self.status.weight() == Weight::Refuses && self.effective.is_none_or(|from| from <= on)
    }
}
