//! What a reader of a message should know although nothing was refused.

use std::fmt;

/// Why a notice was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoticeKind {
    /// An element the tables do not have there; kept as it is.
    UnknownElement,
    /// An attribute the tables do not know; kept as it is.
    UnknownAttribute,
    /// Elements in another order than the table's; read by name, printed in the table's order.
    OutOfOrder,
    /// An element that may stand once stands more often.
    Repeated,
    /// A text longer than the standard's length for the element; kept whole.
    TooLong,
    /// An element every sample has is absent.
    Missing,
    /// The message announces another version of the standard, or none.
    OtherVersion,
    /// Text stands where the table expects elements.
    TextInPart,
    /// The message uses an XML namespace, which 2017071 does not.
    Namespace,
    /// A value was read from the drug's description, because its own element is absent.
    Derived,
    /// Something that may bear on a controlled substance and needs a person's eye.
    LookAt,
    /// More notices were left out.
    Omitted,
}

impl NoticeKind {
    /// The kind in one word, stable for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::UnknownElement => "unknown-element",
            Self::UnknownAttribute => "unknown-attribute",
            Self::OutOfOrder => "out-of-order",
            Self::Repeated => "repeated",
            Self::TooLong => "too-long",
            Self::Missing => "missing",
            Self::OtherVersion => "other-version",
            Self::TextInPart => "text-in-part",
            Self::Namespace => "namespace",
            Self::Derived => "derived",
            Self::LookAt => "look-at",
            Self::Omitted => "omitted",
        }
    }
}

/// Something met while reading a message that did not stop the reading. Never holds a value of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Why.
    pub kind: NoticeKind,
    /// Where: names of elements from the root, separated by `/`.
    pub path: String,
    /// What, in a few words.
    pub what: String,
}

impl Notice {
    /// A notice.
    pub fn new(kind: NoticeKind, path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { kind, path: path.into(), what: what.into() }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} at {}", self.kind.word(), self.what, self.path)
    }
}
