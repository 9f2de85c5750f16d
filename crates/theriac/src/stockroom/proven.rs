//! Proofs that files of the books carry with them: every leaf of the journal and its signed checkpoint. A record in such a file
//! is believed when its leaf comes out at its place, the leaves come to the root, and the root is signed. What is not in the
//! file is there as a leaf alone, which shows nothing of it.

use crate::house::House;
use crate::house::record::Fault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use theriac_journal::entry::Body;
use theriac_journal::hash::Hash;
use theriac_journal::tree::Frontier;
use theriac_journal::{Checkpoint, Entry, NoteVerifier};

/// The most leaves of a file: two years of a large pharmacy are a tenth of it.
const LEAVES_MAX: usize = 20_000_000;

/// What proves the records of a file.
pub(crate) struct Proven {
    /// The signed checkpoint.
    pub(crate) checkpoint: String,
    /// How many entries it covers.
    pub(crate) size: u64,
    /// Every leaf, in order, in base64 of 32 bytes each.
    pub(crate) leaves: String,
    /// The key that signed, as text.
    pub(crate) verifier: String,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

impl House {
    /// The proofs as of now: a checkpoint is signed for them.
    pub(crate) fn proven(&self) -> Result<Proven, Fault> {
        let checkpoint = self.store.sign_checkpoint()?;
        let size = Checkpoint::parse_unverified(&checkpoint).map_err(broken)?.size;
        let mut leaves = Vec::with_capacity(usize::try_from(size).unwrap_or(0).saturating_mul(32));
        let sql = "SELECT leaf FROM entries WHERE seq < $1 ORDER BY seq";
        self.store.each(sql, &[size.into()], &mut |row| {
            leaves.extend_from_slice(row.blob(0)?);
            Ok(())
        })?;
        let verifier = self.keys.verifier().to_text();
        Ok(Proven { checkpoint, size, leaves: STANDARD.encode(&leaves), verifier })
    }
}

/// The leaves of a file, which were found to come to a signed root; and who signed it.
pub(crate) struct Leaves {
    leaves: Vec<Hash>,
    /// The name in the key that signed.
    pub(crate) signed_by: String,
}

impl Leaves {
    /// Checks the proofs of a file: `checkpoint`, `verifier` and `leaves`. Where `trusted` is given, that key must have signed;
    /// else the key in the file, whose name the reader compares.
    ///
    /// # Errors
    /// What does not hold.
    pub(crate) fn of(file: &Value, trusted: Option<&NoteVerifier>) -> Result<Self, String> {
        let text = |name: &str| file.get(name).and_then(Value::as_str).unwrap_or_default();
        let own = NoteVerifier::parse(text("verifier")).map_err(|error| format!("the key of the file: {error}"))?;
        let key = trusted.cloned().unwrap_or(own);
        let name = key.name().to_owned();
        let signed = Checkpoint::open(text("checkpoint"), &name, &[key]).map_err(|error| error.to_string())?;
        let bytes = STANDARD.decode(text("leaves")).map_err(|_| "the leaves cannot be read".to_owned())?;
        if bytes.len() % 32 != 0 || bytes.len() / 32 > LEAVES_MAX {
            return Err("the leaves cannot be read".to_owned());
        }
        let leaves: Vec<Hash> = bytes.chunks_exact(32).filter_map(Hash::from_slice).collect();
        let mut tree = Frontier::new();
        for leaf in &leaves {
            tree.push(*leaf, &mut |_| {});
        }
        if tree.size() != signed.checkpoint.size || tree.root() != signed.checkpoint.root {
            return Err("the leaves do not come to the root that was signed".to_owned());
        }
        Ok(Self { leaves, signed_by: name })
    }

    /// How many entries the journal had.
    pub(crate) fn len(&self) -> usize {
        self.leaves.len()
    }

    /// The entry with this header, of whose body nothing but the commitment is shown, if its leaf stands at its place.
    ///
    /// # Errors
    /// What does not hold.
    pub(crate) fn bare(&self, header: &str, commitment: &str) -> Result<Entry, String> {
        let header = STANDARD.decode(header).map_err(|_| "a header cannot be read".to_owned())?;
        let commitment = STANDARD.decode(commitment).ok().and_then(|bytes| Hash::from_slice(&bytes));
        let commitment = commitment.ok_or_else(|| "a commitment cannot be read".to_owned())?;
        let entry =
            Entry::from_header(&header, Body::Erased { commitment }).map_err(|error| format!("a header: {error}"))?;
        self.at_its_place(entry)
    }

    fn at_its_place(&self, entry: Entry) -> Result<Entry, String> {
        let place = usize::try_from(entry.seq).ok().and_then(|seq| self.leaves.get(seq));
        if place == Some(&entry.leaf()) {
            return Ok(entry);
        }
        Err(format!("entry {} is not the one in the journal", entry.seq))
    }

    /// The entry with this header, salt and body, if its leaf stands at its place.
    ///
    /// # Errors
    /// What does not hold.
    pub(crate) fn entry(&self, header: &str, salt: &str, body: Vec<u8>) -> Result<Entry, String> {
        let header = STANDARD.decode(header).map_err(|_| "a header cannot be read".to_owned())?;
        let salt: [u8; 32] = STANDARD
            .decode(salt)
            .ok()
            .and_then(|salt| salt.try_into().ok())
            .ok_or_else(|| "a salt cannot be read".to_owned())?;
        let entry = Entry::from_header(&header, Body::Kept { salt, bytes: body })
            .map_err(|error| format!("a header: {error}"))?;
        self.at_its_place(entry)
    }
}

/// Header and salt of an entry, in base64; nothing of an erased one.
pub(crate) fn stamp(entry: &Entry) -> Option<(String, String)> {
    match &entry.body {
        Body::Kept { salt, .. } => Some((STANDARD.encode(entry.header_bytes()), STANDARD.encode(salt))),
        Body::Erased { .. } => None,
    }
}
