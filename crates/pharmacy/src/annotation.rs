//! Notes on a prescription. They are added, never changed.

use crate::people::Person;
use theriac_law::Moment;

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnnotationKind {
    /// A remark.
    Remark,
    /// The practitioner or agent was asked or told something.
    PrescriberContact,
    /// A doubt about the prescription, and how it was resolved.
    Clarification,
    /// A correction of an earlier note, which stays.
    Correction,
}

impl AnnotationKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Remark, Self::PrescriberContact, Self::Clarification, Self::Correction];

    /// The word in records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Remark => "remark",
            Self::PrescriberContact => "prescriber-contact",
            Self::Clarification => "clarification",
            Self::Correction => "correction",
        }
    }

    /// Reads a word of [`AnnotationKind::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// With whom the pharmacy spoke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The person's name and capacity.
    pub person: String,
    /// How: telephone, message, in person.
    pub method: String,
}

/// A note on a prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// Its number within the prescription, counted from 1.
    pub no: u32,
    /// What it is about.
    pub kind: AnnotationKind,
    /// The words; 1 to 2000 characters.
    pub text: String,
    /// With whom the pharmacy spoke; needed for [`AnnotationKind::PrescriberContact`].
    pub contact: Option<Contact>,
    /// The note it corrects; needed for [`AnnotationKind::Correction`].
    pub corrects: Option<u32>,
    /// Who made it.
    pub by: Person,
    /// When.
    pub at: Moment,
}
