//! One entry with everything that proves it, for a reader who has nothing but the journal's verifier key.
//!
//! The JSON form (format `theriac-evidence-1`) is an object: `format`, `header`, `salt` and `body` (or `commitment` after
//! erasure), `proof` (hashes), `checkpoint` (the signed note), `pieces` (archived bytes with their seals). Binary values are
//! standard base64, except that a body which is UTF-8 text stands as `body_text`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value, json};

use crate::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use crate::entry::{Body, Entry, EntryError};
use crate::hash::Hash;
use crate::link::{LinkKind, Piece};
use crate::note::NoteVerifier;
use crate::proof::{ProofError, verify_inclusion};

/// The format this module reads and writes.
pub const FORMAT: &str = "theriac-evidence-1";
/// Longest evidence read, in bytes (inclusive).
pub const EVIDENCE_BYTES_MAX: usize = 256 * 1024 * 1024;

/// An entry and its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The entry.
    pub entry: Entry,
    /// The path from its leaf to the checkpoint's root.
    pub proof: Vec<Hash>,
    /// The signed checkpoint, as text.
    pub checkpoint: String,
    /// The archived pieces the entry links to, in any order; some or all may be left out.
    pub pieces: Vec<Piece>,
}

/// What [`verify_evidence`] found to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The checkpoint and who signed it.
    pub signed: SignedCheckpoint,
    /// The entry's leaf.
    pub leaf: Hash,
    /// How many of the archived pieces the entry links to came with it.
    pub pieces: usize,
    /// How many did not.
    pub pieces_absent: usize,
}

/// Why evidence was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// The file is not evidence of this format.
    #[error("not evidence: {0}")]
    Malformed(String),
    /// The entry's header.
    #[error("the entry cannot be read: {0}")]
    Entry(#[from] EntryError),
    /// The checkpoint.
    #[error("the checkpoint does not hold: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The path to the root.
    #[error("the entry is not in the journal that was signed: {0}")]
    Proof(#[from] ProofError),
    /// A piece that the entry does not link to: its bytes or seal were changed, or it is another entry's.
    #[error("archived piece {0} is not the one this entry points to: its bytes, type or seal were changed")]
    Piece(usize),
}

/// Checks evidence offline: the checkpoint's signature by one of `trusted`, that it is of `origin`, the entry's place under its
/// root, and that each piece is the one the entry points to.
///
/// # Errors
/// The first of these that fails, in that order.
pub fn verify_evidence(evidence: &Evidence, origin: &str, trusted: &[NoteVerifier]) -> Result<Verified, EvidenceError> {
    evidence.entry.check()?;
    let signed = Checkpoint::open(&evidence.checkpoint, origin, trusted)?;
    let leaf = evidence.entry.leaf();
    verify_inclusion(evidence.entry.seq, signed.checkpoint.size, leaf, &evidence.proof, signed.checkpoint.root)?;
    let mut unmet: Vec<Hash> = evidence.entry.linked(LinkKind::Archived).collect();
    for (number, piece) in evidence.pieces.iter().enumerate() {
        let digest = piece.digest();
        let place = unmet.iter().position(|linked| *linked == digest).ok_or(EvidenceError::Piece(number))?;
        unmet.swap_remove(place);
    }
    Ok(Verified { signed, leaf, pieces: evidence.pieces.len(), pieces_absent: unmet.len() })
}

impl Evidence {
    /// The JSON form, indented, ending with a line feed.
    pub fn to_json(&self) -> String {
        let mut object = Map::new();
        object.insert("format".into(), json!(FORMAT));
        object.insert("header".into(), json!(BASE64.encode(self.entry.header_bytes())));
        match &self.entry.body {
            Body::Kept { salt, bytes } => {
                object.insert("salt".into(), json!(BASE64.encode(salt)));
                match std::str::from_utf8(bytes) {
                    Ok(text) => object.insert("body_text".into(), json!(text)),
                    Err(_) => object.insert("body".into(), json!(BASE64.encode(bytes))),
                };
            }
            Body::Erased { commitment } => {
                object.insert("commitment".into(), json!(commitment.to_base64()));
            }
        }
        let proof: Vec<String> = self.proof.iter().map(Hash::to_base64).collect();
        object.insert("proof".into(), json!(proof));
        object.insert("checkpoint".into(), json!(self.checkpoint));
        let pieces: Vec<Value> = self.pieces.iter().map(piece_to_json).collect();
        object.insert("pieces".into(), json!(pieces));
        let mut text = serde_json::to_string_pretty(&Value::Object(object)).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads the JSON form. Reading proves nothing: call [`verify_evidence`].
    ///
    /// # Errors
    /// `Malformed` naming the member, or `Entry`.
    pub fn from_json(text: &str) -> Result<Evidence, EvidenceError> {
        if text.len() > EVIDENCE_BYTES_MAX {
            return Err(malformed("it is larger than 256 MiB"));
        }
        let value: Value = serde_json::from_str(text).map_err(|error| malformed(&error.to_string()))?;
        let object = value.as_object().ok_or_else(|| malformed("it is not a JSON object"))?;
        if object.get("format").and_then(Value::as_str) != Some(FORMAT) {
            return Err(malformed("member `format` is not `theriac-evidence-1`"));
        }
        let body = match object.get("commitment") {
            Some(_) => Body::Erased { commitment: hash_of(object, "commitment")? },
            None => Body::Kept { salt: salt_of(object)?, bytes: body_of(object)? },
        };
        let entry = Entry::from_header(&base64_of(object, "header")?, body)?;
        let proof = list_of(object, "proof")?
            .iter()
            .map(|item| item.as_str().and_then(Hash::from_base64))
            .collect::<Option<Vec<Hash>>>()
            .ok_or_else(|| malformed("member `proof` holds something that is not a base64 hash"))?;
        let pieces = list_of(object, "pieces")?.iter().map(piece_from_json).collect::<Result<Vec<Piece>, _>>()?;
        Ok(Evidence { entry, proof, checkpoint: text_of(object, "checkpoint")?.to_owned(), pieces })
    }
}

fn piece_to_json(piece: &Piece) -> Value {
    json!({
        "salt": BASE64.encode(piece.salt),
        "media": piece.media,
        "bytes": BASE64.encode(&piece.bytes),
        "seal": BASE64.encode(&piece.seal),
    })
}

fn piece_from_json(value: &Value) -> Result<Piece, EvidenceError> {
    let object = value.as_object().ok_or_else(|| malformed("a piece is not an object"))?;
    Ok(Piece {
        salt: salt_of(object)?,
        media: text_of(object, "media")?.to_owned(),
        bytes: base64_of(object, "bytes")?,
        seal: base64_of(object, "seal")?,
    })
}

fn malformed(what: &str) -> EvidenceError {
    EvidenceError::Malformed(what.to_owned())
}

fn text_of<'a>(object: &'a Map<String, Value>, name: &str) -> Result<&'a str, EvidenceError> {
    object
        .get(name)
        .and_then(Value::as_str)
        .ok_or_else(|| malformed(&format!("member `{name}` is missing or not text")))
}

fn list_of<'a>(object: &'a Map<String, Value>, name: &str) -> Result<&'a Vec<Value>, EvidenceError> {
    object
        .get(name)
        .and_then(Value::as_array)
        .ok_or_else(|| malformed(&format!("member `{name}` is missing or not a list")))
}

fn base64_of(object: &Map<String, Value>, name: &str) -> Result<Vec<u8>, EvidenceError> {
    BASE64.decode(text_of(object, name)?).map_err(|_| malformed(&format!("member `{name}` is not base64")))
}

fn hash_of(object: &Map<String, Value>, name: &str) -> Result<Hash, EvidenceError> {
    Hash::from_base64(text_of(object, name)?).ok_or_else(|| malformed(&format!("member `{name}` is not a base64 hash")))
}

fn salt_of(object: &Map<String, Value>) -> Result<[u8; 32], EvidenceError> {
    base64_of(object, "salt")?.try_into().map_err(|_| malformed("member `salt` is not 32 bytes"))
}

fn body_of(object: &Map<String, Value>) -> Result<Vec<u8>, EvidenceError> {
    match object.get("body_text") {
        Some(text) => Ok(text.as_str().ok_or_else(|| malformed("member `body_text` is not text"))?.as_bytes().to_vec()),
        None => base64_of(object, "body"),
    }
}
