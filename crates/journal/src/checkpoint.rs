//! Checkpoints in the C2SP form (c2sp.org/tlog-checkpoint): what the tree was, said and signed.
//!
//! ```text
//! example.org/journal
//! 1234
//! Base64OfTheRoot=
//!
//! — example.org/journal Base64OfKeyHashAndSignature=
//! ```

use crate::hash::Hash;
use crate::note::{self, NoteError, NoteSigner, NoteVerifier, SignedBy};

/// The size and root that a tree had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which journal: a name without a scheme, such as `example.org/journal`.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
}

/// A checkpoint whose signatures were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// The trusted keys whose signatures hold, at least one.
    pub signed_by: Vec<SignedBy>,
}

/// Why a checkpoint was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The text inside.
    #[error("not a checkpoint: {0}")]
    Malformed(&'static str),
    /// It is another journal's.
    #[error("the checkpoint is of `{found}`, not of `{expected}`; give the checkpoint of this journal")]
    Origin {
        /// The origin asked for.
        expected: String,
        /// The origin found.
        found: String,
    },
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64())
    }

    /// Signs it.
    ///
    /// # Errors
    /// `Malformed` when the origin is empty or not one line; otherwise what signing says.
    pub fn sign(&self, signer: &NoteSigner) -> Result<String, CheckpointError> {
        if self.origin.is_empty() || self.origin.contains('\n') {
            return Err(CheckpointError::Malformed("its origin is empty or not one line"));
        }
        Ok(signer.sign(&self.text())?)
    }

    /// Reads the text of a checkpoint. Extension lines after the root are allowed and ignored.
    ///
    /// # Errors
    /// `Malformed`, naming the line.
    pub fn parse_text(text: &str) -> Result<Checkpoint, CheckpointError> {
        let bad = CheckpointError::Malformed;
        let body = text.strip_suffix('\n').ok_or(bad("it does not end with a line feed"))?;
        let mut lines = body.split('\n');
        let origin = lines.next().filter(|line| !line.is_empty()).ok_or(bad("its first line, the origin, is empty"))?;
        let size = lines.next().and_then(parse_size).ok_or(bad("its second line is not a plain decimal size"))?;
        let root = lines.next().and_then(Hash::from_base64).ok_or(bad("its third line is not a base64 root"))?;
        if lines.any(str::is_empty) {
            return Err(bad("it has an empty extension line"));
        }
        Ok(Checkpoint { origin: origin.to_owned(), size, root })
    }

    /// Reads a signed checkpoint without checking any signature: for naming it, never for trusting it.
    ///
    /// # Errors
    /// `Note` or `Malformed`.
    pub fn parse_unverified(note: &str) -> Result<Checkpoint, CheckpointError> {
        Checkpoint::parse_text(note::split(note)?.0)
    }

    /// Reads a signed checkpoint and checks that at least one of `trusted` signed it and that it is of `origin`.
    ///
    /// # Errors
    /// `Note`, `Malformed` or `Origin`, in that order.
    pub fn open(note: &str, origin: &str, trusted: &[NoteVerifier]) -> Result<SignedCheckpoint, CheckpointError> {
        let (text, signed_by) = note::open(note, trusted)?;
        let checkpoint = Checkpoint::parse_text(text)?;
        if checkpoint.origin != origin {
            return Err(CheckpointError::Origin { expected: origin.to_owned(), found: checkpoint.origin });
        }
        Ok(SignedCheckpoint { checkpoint, signed_by })
    }
}

/// A decimal without sign, spaces or leading zeros.
fn parse_size(line: &str) -> Option<u64> {
    let plain = line == "0" || (!line.starts_with('0') && line.bytes().all(|b| b.is_ascii_digit()));
    if plain { line.parse().ok() } else { None }
}
