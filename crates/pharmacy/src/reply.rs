//! What goes back to the sender of a message.

use std::fmt;

/// The answer to a message, in the codes of SCRIPT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyCode {
    /// `Status` 000: accepted.
    Accepted,
    /// `Error` 602: the signature does not hold, or the prescription cannot be honoured as a controlled-substance one.
    NotHonoured,
    /// `Error` 900 with 220: a message that was received before.
    Duplicate,
    /// `Error` 900: what arrived cannot be processed as it is.
    Faulty,
    /// `Error` 601: the pharmacy cannot process it now.
    CannotProcess,
}

impl ReplyCode {
    /// All codes.
    pub const ALL: [Self; 5] = [Self::Accepted, Self::NotHonoured, Self::Duplicate, Self::Faulty, Self::CannotProcess];

    /// The code of the `Status` or `Error` message.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "000",
            Self::NotHonoured => "602",
            Self::Duplicate | Self::Faulty => "900",
            Self::CannotProcess => "601",
        }
    }

    /// The sub-code, where there is one.
    pub const fn description_code(self) -> Option<&'static str> {
        match self {
            Self::Duplicate => Some("220"),
            _ => None,
        }
    }

    /// The word in records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::NotHonoured => "not-honoured",
            Self::Duplicate => "duplicate",
            Self::Faulty => "faulty",
            Self::CannotProcess => "cannot-process",
        }
    }

    /// Reads a word of [`ReplyCode::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.word() == word)
    }
}

impl fmt::Display for ReplyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
