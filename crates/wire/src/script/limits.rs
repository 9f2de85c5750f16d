//! How much of a message is read before it is refused.

/// Bounds on a message. Each is inclusive: a message that reaches it is read, one beyond it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole message.
    pub message_bytes: usize,
    /// Elements inside each other, the root counted.
    pub depth: usize,
    /// Elements in all.
    pub elements: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Bytes of an element's or an attribute's name.
    pub name_bytes: usize,
    /// Bytes of one element's text or one attribute's value, references resolved.
    pub text_bytes: usize,
    /// Notices kept; one more says how many were left out.
    pub notices: usize,
}

impl Limits {
    /// The bounds used unless a caller asks for others: 10 MiB, 64 deep, 100,000 elements.
    pub const DEFAULT: Self = Self {
        message_bytes: 10 * 1024 * 1024,
        depth: 64,
        elements: 100_000,
        attributes: 32,
        name_bytes: 128,
        text_bytes: 4 * 1024 * 1024,
        notices: 256,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
