//! Signed notes in the C2SP form (c2sp.org/signed-note), signed by Ed25519, with witnesses' cosignatures
//! (c2sp.org/tlog-cosignature) understood when checking.
//!
//! ```text
//! the text, whose last line ends here
//!
//! — example.org/journal Base64OfKeyHashAndSignature=
//! ```
//! A key is named: its 4-byte key hash covers name, algorithm and public key, so a signature line says which key it claims.
//! Lines of unknown keys are passed over; a line of a known key that does not verify refuses the whole note.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::hash::sha256;

/// Longest note read, in bytes (inclusive).
pub const NOTE_BYTES_MAX: usize = 64 * 1024;
/// Most signature lines read (inclusive).
pub const SIGNATURES_MAX: usize = 100;

/// Algorithm byte of a plain Ed25519 signature.
const ED25519_PLAIN: u8 = 0x01;
/// Algorithm byte of a timestamped witness cosignature.
const ED25519_COSIGNATURE: u8 = 0x04;
/// How each signature line begins: an em dash and a space.
const LINE_START: &str = "\u{2014} ";

/// Why a note or a key was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The text is not in the form of a signed note.
    #[error("not a signed note: {0}")]
    Malformed(&'static str),
    /// A key's written form is wrong.
    #[error("not a note key: {0}; write it as NAME+HASH+BASE64")]
    Key(&'static str),
    /// A line of a key we know does not verify.
    #[error("the signature of {0} does not verify: the note was changed or is not theirs")]
    BadSignature(String),
    /// No line is by a key we know.
    #[error("no signature on the note is by a key you named; give the verifier key of its signer")]
    NoKnownSignature,
    /// The library refused to make a signature.
    #[error("the note could not be signed")]
    Signing,
}

/// Whether `name` may name a key: not empty, no white space, no plus sign, no control character.
fn is_key_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 255 && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// The first four bytes of SHA-256 over name, line feed, algorithm and public key.
fn key_hash(name: &str, algorithm: u8, key: &[u8]) -> [u8; 4] {
    let mut message = Vec::with_capacity(name.len() + 2 + key.len());
    message.extend_from_slice(name.as_bytes());
    message.push(b'\n');
    message.push(algorithm);
    message.extend_from_slice(key);
    let [a, b, c, d, ..] = sha256(&message).0;
    [a, b, c, d]
}

/// A key that signs notes. The seed never leaves it and never shows in its debug form.
pub struct NoteSigner {
    name: String,
    pair: Ed25519KeyPair,
    public: [u8; 32],
}

impl std::fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NoteSigner({})", self.verifier().to_text())
    }
}

impl NoteSigner {
    /// Makes the key from its 32-byte Ed25519 seed, which the caller keeps secret.
    ///
    /// # Errors
    /// `Key` when `name` cannot name a key.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<NoteSigner, NoteError> {
        if !is_key_name(name) {
            return Err(NoteError::Key("its name is empty, too long, or holds white space or a plus sign"));
        }
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| NoteError::Key("its seed was refused"))?;
        let public =
            pair.public_key().as_ref().try_into().map_err(|_| NoteError::Key("its public key is not 32 bytes"))?;
        Ok(NoteSigner { name: name.to_owned(), pair, public })
    }

    /// The key that checks this one's signatures.
    pub fn verifier(&self) -> NoteVerifier {
        NoteVerifier { name: self.name.clone(), algorithm: ED25519_PLAIN, public: self.public }
    }

    /// The key that checks this one's cosignatures.
    pub fn cosignature_verifier(&self) -> NoteVerifier {
        NoteVerifier { name: self.name.clone(), algorithm: ED25519_COSIGNATURE, public: self.public }
    }

    /// A new note of `text` with this key's signature.
    ///
    /// # Errors
    /// `Malformed` when the text cannot be a note's; `Signing` when the library fails.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        check_text(text)?;
        let signature = self.pair.try_sign(text.as_bytes()).map_err(|_| NoteError::Signing)?;
        let line = self.line(ED25519_PLAIN, &[signature.as_ref()]);
        Ok(format!("{text}\n{line}"))
    }

    /// A witness's cosignature line for the note, saying that at `unix_s` (seconds) this was the longest tree it had seen.
    ///
    /// # Errors
    /// `Malformed` when `note` is not a note; `Signing` when the library fails.
    pub fn cosign(&self, note: &str, unix_s: u64) -> Result<String, NoteError> {
        let (text, _) = split(note)?;
        let message = cosigned_message(text, unix_s);
        let signature = self.pair.try_sign(message.as_bytes()).map_err(|_| NoteError::Signing)?;
        let line = self.line(ED25519_COSIGNATURE, &[&unix_s.to_be_bytes(), signature.as_ref()]);
        Ok(format!("{note}{line}"))
    }

    fn line(&self, algorithm: u8, parts: &[&[u8]]) -> String {
        let mut bytes = key_hash(&self.name, algorithm, &self.public).to_vec();
        for part in parts {
            bytes.extend_from_slice(part);
        }
        format!("{LINE_START}{} {}\n", self.name, BASE64.encode(bytes))
    }
}

fn cosigned_message(text: &str, unix_s: u64) -> String {
    format!("cosignature/v1\ntime {unix_s}\n{text}")
}

/// A key that checks notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteVerifier {
    name: String,
    algorithm: u8,
    public: [u8; 32],
}

impl NoteVerifier {
    /// The key's name, such as `example.org/journal`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The written form: `NAME+HASH+BASE64`, the last part being the algorithm byte and the public key.
    pub fn to_text(&self) -> String {
        use std::fmt::Write as _;
        let hash = key_hash(&self.name, self.algorithm, &self.public);
        let mut key = vec![self.algorithm];
        key.extend_from_slice(&self.public);
        let mut text = format!("{}+", self.name);
        for byte in hash {
            let _ = write!(text, "{byte:02x}");
        }
        text.push('+');
        text.push_str(&BASE64.encode(key));
        text
    }

    /// Reads the written form of a plain (algorithm 1) or cosignature (algorithm 4) key.
    ///
    /// # Errors
    /// `Key`, saying which part is wrong.
    pub fn parse(text: &str) -> Result<NoteVerifier, NoteError> {
        if text.len() > 1_024 {
            return Err(NoteError::Key("it is too long"));
        }
        // Base64 itself may hold plus signs, so only the first two separate.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(hash), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key("it has fewer than three parts"));
        };
        if !is_key_name(name) {
            return Err(NoteError::Key("its name is empty, too long, or holds white space"));
        }
        let key = BASE64.decode(key).map_err(|_| NoteError::Key("its last part is not base64"))?;
        let Some((&algorithm, public)) = key.split_first() else {
            return Err(NoteError::Key("its last part is empty"));
        };
        if algorithm != ED25519_PLAIN && algorithm != ED25519_COSIGNATURE {
            return Err(NoteError::Key("its algorithm is not Ed25519"));
        }
        let public = public.try_into().map_err(|_| NoteError::Key("its public key is not 32 bytes"))?;
        let verifier = NoteVerifier { name: name.to_owned(), algorithm, public };
        let expected = key_hash(name, algorithm, &public).iter().fold(String::new(), |mut text, byte| {
            use std::fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
            text
        });
        if expected == hash { Ok(verifier) } else { Err(NoteError::Key("its hash does not fit its name and key")) }
    }

    fn key_hash(&self) -> [u8; 4] {
        key_hash(&self.name, self.algorithm, &self.public)
    }

    /// Whether `signature` (without the key hash) is this key's over `text`.
    fn holds(&self, text: &str, signature: &[u8]) -> Option<SignedBy> {
        let key = UnparsedPublicKey::new(&ED25519, self.public);
        if self.algorithm == ED25519_PLAIN {
            key.verify(text.as_bytes(), signature).ok()?;
            return Some(SignedBy { name: self.name.clone(), cosigned_unix_s: None });
        }
        let (time, signature) = signature.split_at_checked(8)?;
        let unix_s = u64::from_be_bytes(time.try_into().ok()?);
        key.verify(cosigned_message(text, unix_s).as_bytes(), signature).ok()?;
        Some(SignedBy { name: self.name.clone(), cosigned_unix_s: Some(unix_s) })
    }
}

/// A signature that was checked and holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBy {
    /// The key's name.
    pub name: String,
    /// For a witness: when it saw the checkpoint, in seconds since 1970.
    pub cosigned_unix_s: Option<u64>,
}

/// Checks a note against the keys the reader trusts; returns its text and the signatures that hold.
///
/// # Errors
/// `Malformed`, `BadSignature` when a trusted key's line fails, `NoKnownSignature` when no line is by a trusted key.
pub fn open<'a>(note: &'a str, trusted: &[NoteVerifier]) -> Result<(&'a str, Vec<SignedBy>), NoteError> {
    let (text, lines) = split(note)?;
    let mut signed: Vec<SignedBy> = Vec::new();
    let mut seen = Vec::new();
    for line in lines {
        let (name, bytes) = parse_line(line)?;
        let Some((hash, signature)) = bytes.split_at_checked(4) else {
            return Err(NoteError::Malformed("a signature is shorter than its key hash"));
        };
        let Some(key) = trusted.iter().find(|key| key.name == name && key.key_hash() == hash) else { continue };
        // A second line of the same key adds nothing, whatever it holds.
        if seen.contains(&(name, hash.to_vec())) {
            continue;
        }
        seen.push((name, hash.to_vec()));
        signed.push(key.holds(text, signature).ok_or_else(|| NoteError::BadSignature(name.to_owned()))?);
    }
    if signed.is_empty() { Err(NoteError::NoKnownSignature) } else { Ok((text, signed)) }
}

/// Splits a note into its text, with its last line feed, and its signature lines.
pub(crate) fn split(note: &str) -> Result<(&str, Vec<&str>), NoteError> {
    if note.len() > NOTE_BYTES_MAX {
        return Err(NoteError::Malformed("it is longer than 64 KiB"));
    }
    if note.chars().any(|c| c < ' ' && c != '\n') {
        return Err(NoteError::Malformed("it holds a control character"));
    }
    // The last blank line separates: signature lines themselves are never blank.
    let blank = note.rfind("\n\n").ok_or(NoteError::Malformed("no blank line before the signatures"))?;
    let (text, rest) = note.split_at(blank + 1);
    check_text(text)?;
    let signatures = rest.strip_prefix('\n').unwrap_or(rest);
    let Some(signatures) = signatures.strip_suffix('\n') else {
        return Err(NoteError::Malformed("no signature, or its last line does not end"));
    };
    let lines: Vec<&str> = signatures.split('\n').take(SIGNATURES_MAX + 1).collect();
    if lines.len() > SIGNATURES_MAX {
        return Err(NoteError::Malformed("more than 100 signatures"));
    }
    Ok((text, lines))
}

fn parse_line(line: &str) -> Result<(&str, Vec<u8>), NoteError> {
    let bad = NoteError::Malformed("a signature line is not `— NAME BASE64`");
    let (name, base64) = line.strip_prefix(LINE_START).and_then(|rest| rest.split_once(' ')).ok_or(bad.clone())?;
    let bytes = BASE64.decode(base64).map_err(|_| bad.clone())?;
    if is_key_name(name) && bytes.len() >= 5 { Ok((name, bytes)) } else { Err(bad) }
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if text.chars().any(|c| c < ' ' && c != '\n') {
        return Err(NoteError::Malformed("its text holds a control character"));
    }
    if text.ends_with('\n') && text.len() <= NOTE_BYTES_MAX {
        Ok(())
    } else {
        Err(NoteError::Malformed("its text does not end with a line feed, or is too long"))
    }
}
