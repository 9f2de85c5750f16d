//! Private keys at rest: a small text file, encrypted under a password.
//!
//! Format, version 1 (seven lines, in this order, each ended by a line feed):
//!
//! ```text
//! theriac-key 1
//! use: system-p256
//! kdf: pbkdf2-hmac-sha256 600000
//! salt: 16 bytes, base64
//! cipher: aes-256-gcm
//! nonce: 12 bytes, base64
//! data: the encrypted key and its 16-byte tag, base64
//! ```
//!
//! The first six lines are authenticated together with the data, so no line can be changed unseen.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{pbkdf2, rand};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::num::NonZeroU32;
use theriac_model::Refusal;
use zeroize::Zeroizing;

/// Rounds of PBKDF2-HMAC-SHA256 a new file gets.
pub const ROUNDS: u32 = 600_000;
/// The most rounds a file may ask for; more would let a file stop the program.
const ROUNDS_MOST: u32 = 10_000_000;
/// The shortest password of a new file, in bytes (the least that the FIPS service of PBKDF2 accepts).
pub const PASSWORD_SHORTEST: usize = 14;
/// A key file is never longer, in bytes.
const FILE_LONGEST: usize = 4096;

/// A password. It is erased from memory when dropped and never printed.
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

/// What the key in a file is for. A file of one use is never opened as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyUse {
    SystemP256,
    CheckpointEd25519,
    TokenSeeds,
    BackupP256,
}

impl KeyUse {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::SystemP256 => "system-p256",
            Self::CheckpointEd25519 => "checkpoint-ed25519",
            Self::TokenSeeds => "token-seeds-aes256",
            Self::BackupP256 => "backup-hpke-p256",
        }
    }
}

/// Why a key file cannot be opened or made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// Not a key file, or longer than 4 KiB, or a line is not what the format says.
    #[error("this is not a key file: {0}")]
    NotAKeyFile(&'static str),
    /// Written by a later version.
    #[error("the key file has a version this program does not know; it reads version 1")]
    Version,
    /// The file holds a key for something else.
    #[error("the key file is for {found}, {wanted} is needed")]
    OtherUse {
        /// What the file is for.
        found: String,
        /// What was asked for.
        wanted: &'static str,
    },
    /// Fewer rounds than are safe, or more than are sane.
    #[error("the key file asks for {0} rounds of key derivation; 600000 to 10000000 are accepted")]
    Rounds(u32),
    /// The password is wrong, or the file was changed. The two cannot be told apart.
    #[error("the password does not open the key file, or the file was changed")]
    WrongPassword,
    /// Decrypted well, and still is no key: a fault of the program that wrote it.
    #[error("the key file opens but holds no key")]
    NoKey,
    /// Too short a password for a new file.
    #[error("the password has fewer than 14 bytes")]
    PasswordTooShort,
    /// The random number generator or the cipher failed.
    #[error("the cryptographic module failed")]
    Module,
}

impl KeyFileError {
    /// The refusal to show and record.
    pub fn refusal(&self) -> Refusal {
        let (code, next) = match self {
            Self::NotAKeyFile(_) => {
                ("PKI-KEYFILE-FORMAT", "give the key file that `theriac init` wrote, or restore it")
            }
            Self::Version => ("PKI-KEYFILE-VERSION", "use the version of Theriac that wrote it, or a later one"),
            Self::OtherUse { .. } => ("PKI-KEYFILE-USE", "check the paths of the key files in the configuration"),
            Self::Rounds(_) => ("PKI-KEYFILE-ROUNDS", "make the key file again with `theriac init`"),
            Self::WrongPassword => {
                ("PKI-KEYFILE-PASSWORD", "enter the password again; if it is right, restore the file")
            }
            Self::NoKey => ("PKI-KEYFILE-EMPTY", "restore the key file from the backup"),
            Self::PasswordTooShort => ("PKI-KEYFILE-SHORT-PASSWORD", "choose a password of 14 bytes or more"),
            Self::Module => {
                ("PKI-MODULE", "restart the program; if it happens again, stop signing and call the operator")
            }
        };
        Refusal::new(code, "21 CFR 1311.205(b)(4)(iii)", self.to_string(), next)
    }
}

impl From<KeyFileError> for Refusal {
    fn from(error: KeyFileError) -> Self {
        error.refusal()
    }
}

fn derive(password: &Password, salt: &[u8], rounds: NonZeroU32) -> Result<LessSafeKey, KeyFileError> {
    let mut key = Zeroizing::new([0u8; 32]);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, salt, password.0.as_bytes(), key.as_mut());
    let key = UnboundKey::new(&AES_256_GCM, key.as_ref()).map_err(|_| KeyFileError::Module)?;
    Ok(LessSafeKey::new(key))
}

/// Writes `secret` as the contents of a key file.
pub(crate) fn encrypt(used_for: KeyUse, secret: &[u8], password: &Password) -> Result<Vec<u8>, KeyFileError> {
    if password.0.len() < PASSWORD_SHORTEST {
        return Err(KeyFileError::PasswordTooShort);
    }
    let (mut salt, mut nonce) = ([0u8; 16], [0u8; 12]);
    rand::fill(&mut salt).map_err(|_| KeyFileError::Module)?;
    rand::fill(&mut nonce).map_err(|_| KeyFileError::Module)?;
    let head = format!(
        "theriac-key 1\nuse: {}\nkdf: pbkdf2-hmac-sha256 {ROUNDS}\nsalt: {}\ncipher: aes-256-gcm\nnonce: {}\n",
        used_for.name(),
        STANDARD.encode(salt),
        STANDARD.encode(nonce),
    );
    let rounds = NonZeroU32::new(ROUNDS).ok_or(KeyFileError::Module)?;
    let mut data = Zeroizing::new(secret.to_vec());
    derive(password, &salt, rounds)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(head.as_bytes()), &mut *data)
        .map_err(|_| KeyFileError::Module)?;
    Ok(format!("{head}data: {}\n", STANDARD.encode(&*data)).into_bytes())
}

struct Parsed<'a> {
    head: &'a [u8],
    rounds: NonZeroU32,
    salt: Vec<u8>,
    nonce: [u8; 12],
    data: Vec<u8>,
}

fn parse(wanted: KeyUse, file: &[u8]) -> Result<Parsed<'_>, KeyFileError> {
    use KeyFileError::NotAKeyFile;
    if file.len() > FILE_LONGEST {
        return Err(NotAKeyFile("longer than 4096 bytes"));
    }
    let text = std::str::from_utf8(file).map_err(|_| NotAKeyFile("not text"))?;
    let data_at = text.rfind("data: ").ok_or(NotAKeyFile("no data line"))?;
    let mut lines = text.split_terminator('\n');
    let mut line = |start: &'static str, missing: &'static str| {
        lines.next().and_then(|line| line.strip_prefix(start)).ok_or(NotAKeyFile(missing))
    };
    if line("theriac-key ", "the first line is not \"theriac-key 1\"")? != "1" {
        return Err(KeyFileError::Version);
    }
    let found = line("use: ", "the second line does not say the use")?;
    if found != wanted.name() {
        return Err(KeyFileError::OtherUse { found: found.chars().take(40).collect(), wanted: wanted.name() });
    }
    let rounds = line("kdf: pbkdf2-hmac-sha256 ", "the third line does not say the key derivation")?;
    let rounds: u32 = rounds.parse().map_err(|_| NotAKeyFile("the rounds are not a number"))?;
    if !(ROUNDS..=ROUNDS_MOST).contains(&rounds) {
        return Err(KeyFileError::Rounds(rounds));
    }
    let decode = |text: &str, wrong: &'static str| STANDARD.decode(text).map_err(|_| NotAKeyFile(wrong));
    let salt = decode(line("salt: ", "the fourth line is not the salt")?, "the salt is not base64")?;
    line("cipher: aes-256-gcm", "the fifth line is not the cipher")?;
    let nonce = decode(line("nonce: ", "the sixth line is not the nonce")?, "the nonce is not base64")?;
    let data = decode(line("data: ", "the seventh line is not the data")?, "the data are not base64")?;
    if lines.next().is_some() || !text.ends_with('\n') || salt.len() != 16 {
        return Err(NotAKeyFile("not exactly seven lines"));
    }
    Ok(Parsed {
        head: file.get(..data_at).ok_or(NotAKeyFile("no data line"))?,
        rounds: NonZeroU32::new(rounds).ok_or(KeyFileError::Rounds(rounds))?,
        salt,
        nonce: nonce.try_into().map_err(|_| NotAKeyFile("the nonce has not 12 bytes"))?,
        data,
    })
}

/// Opens a key file.
pub(crate) fn decrypt(wanted: KeyUse, file: &[u8], password: &Password) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let parsed = parse(wanted, file)?;
    let mut data = Zeroizing::new(parsed.data);
    let length = derive(password, &parsed.salt, parsed.rounds)?
        .open_in_place(Nonce::assume_unique_for_key(parsed.nonce), Aad::from(parsed.head), &mut data)
        .map_err(|_| KeyFileError::WrongPassword)?
        .len();
    data.truncate(length);
    Ok(data)
}

/// Reads a key file's frame without a password; for tests of the parser with arbitrary bytes.
///
/// # Errors
/// The same as opening, apart from those that need the password.
pub fn inspect(file: &[u8]) -> Result<(), KeyFileError> {
    parse(KeyUse::SystemP256, file).map(|_| ())
}
