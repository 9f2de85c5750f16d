//! What an entry points at outside its own body: pieces archived as they arrived, jobs written down, jobs finished.
//!
//! A link is a salted hash inside the entry's header. The thing itself lies elsewhere and can be erased after its retention
//! without touching the entry; while it exists it cannot be changed or exchanged unseen.

use crate::bytes::{put_field, put_u64};
use crate::hash::{Hash, sha256};

/// First bytes of what is hashed for an archived piece.
const PIECE_TAG: &[u8; 17] = b"theriac-piece-v1\n";
/// First bytes of what is hashed for a job.
const JOB_TAG: &[u8; 15] = b"theriac-job-v1\n";

/// What kind of thing a [`Link`] points at. The number is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// Bytes kept exactly as received, with their seal ([`Piece::digest`]).
    Archived = 1,
    /// A job written down in the same transaction ([`job_digest`]).
    JobCreated = 2,
    /// A job that this entry finished ([`job_digest`] of that job).
    JobFinished = 3,
}

impl LinkKind {
    pub(crate) fn from_byte(byte: u8) -> Option<LinkKind> {
        match byte {
            1 => Some(LinkKind::Archived),
            2 => Some(LinkKind::JobCreated),
            3 => Some(LinkKind::JobFinished),
            _ => None,
        }
    }
}

/// A pointer from an entry's header to something stored beside the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    /// What it points at.
    pub kind: LinkKind,
    /// The salted digest of that thing.
    pub digest: Hash,
}

impl Link {
    /// Links as stored in one column: 33 bytes each, the kind then the digest.
    pub fn encode_all(links: &[Link]) -> Vec<u8> {
        let mut out = Vec::with_capacity(links.len() * 33);
        for link in links {
            out.push(link.kind as u8);
            out.extend_from_slice(link.digest.as_bytes());
        }
        out
    }

    /// Reads what [`Link::encode_all`] writes. `None` when the length or a kind is not one we write.
    pub fn decode_all(bytes: &[u8]) -> Option<Vec<Link>> {
        if !bytes.len().is_multiple_of(33) {
            return None;
        }
        bytes
            .chunks_exact(33)
            .map(|chunk| {
                let (kind, digest) = chunk.split_first()?;
                Some(Link { kind: LinkKind::from_byte(*kind)?, digest: Hash::from_slice(digest)? })
            })
            .collect()
    }
}

/// Bytes archived as they arrived or left, with the seal made over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// 32 random bytes, so that the digest in the header tells nothing about the content.
    pub salt: [u8; 32],
    /// What the bytes are, as a media type.
    pub media: String,
    /// The bytes, unchanged.
    pub bytes: Vec<u8>,
    /// A detached signature over `bytes` (CMS), empty when there is none.
    pub seal: Vec<u8>,
}

impl Piece {
    /// The digest that the entry's [`LinkKind::Archived`] link holds:
    /// SHA-256 over tag, salt, and media, bytes and seal as length-delimited fields.
    pub fn digest(&self) -> Hash {
        let mut message =
            Vec::with_capacity(PIECE_TAG.len() + 44 + self.media.len() + self.bytes.len() + self.seal.len());
        message.extend_from_slice(PIECE_TAG);
        message.extend_from_slice(&self.salt);
        put_field(&mut message, self.media.as_bytes());
        put_field(&mut message, &self.bytes);
        put_field(&mut message, &self.seal);
        sha256(&message)
    }
}

/// The digest that [`LinkKind::JobCreated`] and [`LinkKind::JobFinished`] links hold: SHA-256 over tag, salt, the job's number,
/// and its kind, idempotency key and payload as length-delimited fields. Due time and attempts may change and are not in it.
pub fn job_digest(salt: &[u8; 32], id: u64, kind: &str, key: &str, payload: &[u8]) -> Hash {
    let mut message = Vec::with_capacity(JOB_TAG.len() + 52 + kind.len() + key.len() + payload.len());
    message.extend_from_slice(JOB_TAG);
    message.extend_from_slice(salt);
    put_u64(&mut message, id);
    put_field(&mut message, kind.as_bytes());
    put_field(&mut message, key.as_bytes());
    put_field(&mut message, payload);
    sha256(&message)
}
