//! One entry of the journal, the bytes of its header, and its leaf.
//!
//! ```text
//! commitment = SHA-256("theriac-body-v1\n" || salt || body)
//! header     = "theriac-head-v1\n" || seq u64 || stream || version u64 || at_ms i64 || actor || role || location || law
//!              || kind || format u32 || number of links u32 || (kind u8 || digest 32 bytes) for each link
//! leaf input = "theriac-leaf-v1\n" || length of header u32 || header || commitment
//! leaf       = SHA-256(0x00 || leaf input)                                                    (RFC 6962 section 2.1)
//! ```
//! Integers are big-endian, texts are UTF-8 behind a `u32` length. The salt is 32 random bytes of its own for each entry: a leaf
//! or a proof tells nothing about entries it does not carry. When a body is erased after its retention its salt goes with it
//! and the commitment stays, so the header and the leaf remain provable while the erased body cannot be guessed and tried.

use crate::bytes::{Malformed, Reader, put_field, put_u32, put_u64};
use crate::hash::{Hash, leaf_hash, sha256};
use crate::link::{Link, LinkKind};

const BODY_TAG: &[u8; 16] = b"theriac-body-v1\n";
const HEAD_TAG: &[u8; 16] = b"theriac-head-v1\n";
const LEAF_TAG: &[u8; 16] = b"theriac-leaf-v1\n";

/// Longest text field of a header, in bytes (inclusive).
pub const TEXT_BYTES_MAX: usize = 1_024;
/// Longest `law` field, in bytes (inclusive): a profile and the reference of a decision.
pub const LAW_BYTES_MAX: usize = 4_096;
/// Most links an entry may carry (inclusive).
pub const LINKS_MAX: usize = 4_096;
/// Longest body, in bytes (inclusive).
pub const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The body of an entry, or what is left of it after its retention has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// The body as written, with its salt.
    Kept {
        /// 32 random bytes, this entry's own.
        salt: [u8; 32],
        /// Canonical JSON (RFC 8785); this crate does not look inside.
        bytes: Vec<u8>,
    },
    /// The body and its salt were erased; the commitment to them stays.
    Erased {
        /// `SHA-256("theriac-body-v1\n" || salt || body)` as it was.
        commitment: Hash,
    },
}

impl Body {
    /// The commitment that goes into the leaf.
    pub fn commitment(&self) -> Hash {
        match self {
            Body::Kept { salt, bytes } => {
                let mut message = Vec::with_capacity(48 + bytes.len());
                message.extend_from_slice(BODY_TAG);
                message.extend_from_slice(salt);
                message.extend_from_slice(bytes);
                sha256(&message)
            }
            Body::Erased { commitment } => *commitment,
        }
    }
}

/// One entry: who did what, when, where, under which law, in which stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Position in the journal, from 0.
    pub seq: u64,
    /// What the entry is about: one prescription, credential, stock account...
    pub stream: String,
    /// Position in its stream, from 1.
    pub version: u64,
    /// When it happened, in milliseconds since 1970-01-01T00:00:00Z.
    pub at_ms: i64,
    /// Who did it; a background job names itself and who started it.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// At which registered location; may be empty.
    pub location: String,
    /// Law profile and reference of the decision; may be empty.
    pub law: String,
    /// What happened, such as `prescription.signed`.
    pub kind: String,
    /// Format version of the body.
    pub format: u32,
    /// What it points at outside the journal.
    pub links: Vec<Link>,
    /// The body.
    pub body: Body,
}

/// Why an entry cannot be written or its bytes not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// A text is longer than its limit.
    #[error("field `{field}` is longer than {max} bytes; shorten it")]
    TooLong {
        /// Name of the field.
        field: &'static str,
        /// Its limit in bytes, inclusive.
        max: usize,
    },
    /// A text that must say something is empty.
    #[error("field `{0}` is empty; every entry names it")]
    Empty(&'static str),
    /// A control character (which includes NUL and line breaks) in a header text.
    #[error("field `{0}` holds a control character; header texts are single plain lines")]
    ControlCharacter(&'static str),
    /// Versions in a stream count from 1.
    #[error("version 0 does not exist; a stream's first entry is version 1")]
    VersionZero,
    /// The bytes are not a header of this format.
    #[error("the header {0}; it was not written by this program or was damaged")]
    Malformed(&'static str),
}

impl From<Malformed> for EntryError {
    fn from(malformed: Malformed) -> EntryError {
        EntryError::Malformed(malformed.0)
    }
}

impl Entry {
    /// The body's bytes, or `None` after erasure.
    pub fn body_bytes(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Kept { bytes, .. } => Some(bytes),
            Body::Erased { .. } => None,
        }
    }

    /// Checks the limits that [`Entry::from_header`] insists on when reading.
    ///
    /// # Errors
    /// The first field that breaks its limit, in the order of the header.
    pub fn check(&self) -> Result<(), EntryError> {
        if self.version == 0 {
            return Err(EntryError::VersionZero);
        }
        for (field, text, max, may_be_empty) in self.texts() {
            check_text(field, text, max, may_be_empty)?;
        }
        if self.links.len() > LINKS_MAX {
            return Err(EntryError::TooLong { field: "links", max: LINKS_MAX });
        }
        if self.body_bytes().is_some_and(|bytes| bytes.len() > BODY_BYTES_MAX) {
            return Err(EntryError::TooLong { field: "body", max: BODY_BYTES_MAX });
        }
        Ok(())
    }

    /// The header's texts with their name, limit and whether they may be empty.
    fn texts(&self) -> [(&'static str, &str, usize, bool); 6] {
        [
            ("stream", &self.stream, TEXT_BYTES_MAX, false),
            ("actor", &self.actor, TEXT_BYTES_MAX, false),
            ("role", &self.role, TEXT_BYTES_MAX, true),
            ("location", &self.location, TEXT_BYTES_MAX, true),
            ("law", &self.law, LAW_BYTES_MAX, true),
            ("kind", &self.kind, TEXT_BYTES_MAX, false),
        ]
    }

    /// The bytes of the header, as the module's page describes them.
    pub fn header_bytes(&self) -> Vec<u8> {
        self.header_bytes_at(self.seq)
    }

    fn header_bytes_at(&self, seq: u64) -> Vec<u8> {
        let texts: usize = self.texts().iter().map(|(_, text, ..)| text.len() + 4).sum();
        let mut out = Vec::with_capacity(HEAD_TAG.len() + 32 + texts + self.links.len() * 33);
        out.extend_from_slice(HEAD_TAG);
        put_u64(&mut out, seq);
        put_field(&mut out, self.stream.as_bytes());
        put_u64(&mut out, self.version);
        out.extend_from_slice(&self.at_ms.to_be_bytes());
        for text in [&self.actor, &self.role, &self.location, &self.law, &self.kind] {
            put_field(&mut out, text.as_bytes());
        }
        put_u32(&mut out, self.format);
        put_u32(&mut out, u32::try_from(self.links.len()).unwrap_or(u32::MAX));
        out.extend_from_slice(&Link::encode_all(&self.links));
        out
    }

    /// Reads a header back and joins it with its body.
    ///
    /// # Errors
    /// `Malformed` when the bytes are not exactly one header; otherwise what [`Entry::check`] says.
    pub fn from_header(header: &[u8], body: Body) -> Result<Entry, EntryError> {
        let mut reader = Reader::new(header);
        if reader.take(HEAD_TAG.len())? != HEAD_TAG {
            return Err(EntryError::Malformed("does not begin with its format"));
        }
        let seq = reader.u64()?;
        let stream = reader.text(TEXT_BYTES_MAX)?;
        let version = reader.u64()?;
        let at_ms = reader.i64()?;
        let actor = reader.text(TEXT_BYTES_MAX)?;
        let role = reader.text(TEXT_BYTES_MAX)?;
        let location = reader.text(TEXT_BYTES_MAX)?;
        let law = reader.text(LAW_BYTES_MAX)?;
        let kind = reader.text(TEXT_BYTES_MAX)?;
        let format = reader.u32()?;
        let count = reader.u32()? as usize;
        if count > LINKS_MAX {
            return Err(EntryError::Malformed("has too many links"));
        }
        let links =
            Link::decode_all(reader.take(count * 33)?).ok_or(EntryError::Malformed("has a link of an unknown kind"))?;
        reader.end()?;
        let entry = Entry { seq, stream, version, at_ms, actor, role, location, law, kind, format, links, body };
        entry.check()?;
        Ok(entry)
    }

    /// The leaf of this entry in the Merkle tree.
    pub fn leaf(&self) -> Hash {
        leaf_of(&self.header_bytes(), self.body.commitment())
    }

    /// The leaf, when the caller has computed the body's commitment before.
    pub fn leaf_with(&self, commitment: Hash) -> Hash {
        leaf_of(&self.header_bytes(), commitment)
    }

    /// The leaf this entry would have at another position. The verifier uses it to tell an inserted or dropped entry, after
    /// which all others moved, from an edited one.
    pub(crate) fn leaf_at(&self, seq: u64) -> Hash {
        leaf_of(&self.header_bytes_at(seq), self.body.commitment())
    }

    /// The digests of the links of one kind, in order.
    pub fn linked(&self, kind: LinkKind) -> impl Iterator<Item = Hash> + '_ {
        self.links.iter().filter(move |link| link.kind == kind).map(|link| link.digest)
    }
}

fn leaf_of(header: &[u8], commitment: Hash) -> Hash {
    let mut input = Vec::with_capacity(LEAF_TAG.len() + 4 + header.len() + 32);
    input.extend_from_slice(LEAF_TAG);
    put_field(&mut input, header);
    input.extend_from_slice(commitment.as_bytes());
    leaf_hash(&input)
}

fn check_text(field: &'static str, text: &str, max: usize, may_be_empty: bool) -> Result<(), EntryError> {
    if text.len() > max {
        return Err(EntryError::TooLong { field, max });
    }
    if text.is_empty() && !may_be_empty {
        return Err(EntryError::Empty(field));
    }
    if text.chars().any(char::is_control) {
        return Err(EntryError::ControlCharacter(field));
    }
    Ok(())
}
