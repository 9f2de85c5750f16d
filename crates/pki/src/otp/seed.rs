//! The secret inside a device, and how it is kept: encrypted, under a key that is itself in an encrypted file.

use super::device::DeviceId;
use crate::keyfile::{self, KeyFileError, KeyUse, Password};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use theriac_model::Refusal;
use zeroize::Zeroizing;

/// A device's secret, 16 to 128 bytes. Erased from memory when dropped, never printed.
pub struct Seed(Zeroizing<Vec<u8>>);

impl Seed {
    /// `None` unless 16 to 128 bytes: RFC 4226 asks for at least 128 bits.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        let bytes = Zeroizing::new(bytes);
        (16..=128).contains(&bytes.len()).then_some(Self(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(hidden)")
    }
}

/// Why a seed cannot be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeedProblem {
    /// Not the text of a sealed seed.
    #[error("this is not a sealed seed")]
    Form,
    /// Another key, another device, or changed bytes. They cannot be told apart.
    #[error("the seed does not open with this key for this device, or was changed")]
    Closed,
    /// The cryptographic module failed.
    #[error("the cryptographic module failed")]
    Module,
}

impl From<SeedProblem> for Refusal {
    fn from(error: SeedProblem) -> Self {
        let next = match error {
            SeedProblem::Form | SeedProblem::Closed => {
                "restore the record from the backup, or import the seed file again"
            }
            SeedProblem::Module => "restart the program; if it happens again, stop signing and call the operator",
        };
        Self::new("PKI-SEED", "21 CFR 1311.115(b); 73 FR 36722, 1311.110(b)", error.to_string(), next)
    }
}

/// A seed as stored: `1.` and the nonce with the encrypted seed in base64. Bound to its device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedSeed(String);

impl SealedSeed {
    /// Reads the stored text.
    ///
    /// # Errors
    /// [`SeedProblem::Form`].
    pub fn parse(text: &str) -> Result<Self, SeedProblem> {
        let sealed = Self(text.to_owned());
        sealed.parts().map(|_| sealed.clone())
    }

    /// The stored text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parts(&self) -> Result<([u8; 12], Vec<u8>), SeedProblem> {
        let text = self.0.strip_prefix("1.").filter(|text| text.len() <= 256).ok_or(SeedProblem::Form)?;
        let bytes = STANDARD.decode(text).map_err(|_| SeedProblem::Form)?;
        let (nonce, data) = bytes.split_first_chunk::<12>().ok_or(SeedProblem::Form)?;
        Ok((*nonce, data.to_vec()))
    }
}

/// The key that seals a deployment's seeds: AES-256-GCM.
pub struct SeedKey(Zeroizing<[u8; 32]>);

impl SeedKey {
    /// A new random key.
    ///
    /// # Errors
    /// [`SeedProblem::Module`].
    pub fn generate() -> Result<Self, SeedProblem> {
        let mut key = Zeroizing::new([0; 32]);
        rand::fill(key.as_mut()).map_err(|_| SeedProblem::Module)?;
        Ok(Self(key))
    }

    /// Opens a key file that [`SeedKey::to_file`] made.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn open(file: &[u8], password: &Password) -> Result<Self, KeyFileError> {
        let bytes = keyfile::decrypt(KeyUse::TokenSeeds, file, password)?;
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return Err(KeyFileError::NoKey);
        }
        key.copy_from_slice(&bytes);
        Ok(Self(key))
    }

    /// The contents of a key file for this key, encrypted under `password`.
    ///
    /// # Errors
    /// [`KeyFileError::PasswordTooShort`], [`KeyFileError::Module`].
    pub fn to_file(&self, password: &Password) -> Result<Vec<u8>, KeyFileError> {
        keyfile::encrypt(KeyUse::TokenSeeds, self.0.as_ref(), password)
    }

    /// Encrypts the seed of `device`.
    ///
    /// # Errors
    /// [`SeedProblem::Module`].
    pub fn seal(&self, seed: &Seed, device: &DeviceId) -> Result<SealedSeed, SeedProblem> {
        let mut nonce = [0; 12];
        rand::fill(&mut nonce).map_err(|_| SeedProblem::Module)?;
        let mut data = Zeroizing::new(seed.bytes().to_vec());
        self.cipher()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound_to(device)), &mut *data)
            .map_err(|_| SeedProblem::Module)?;
        Ok(SealedSeed(format!("1.{}", STANDARD.encode([&nonce[..], &data].concat()))))
    }

    /// Decrypts the seed of `device`.
    ///
    /// # Errors
    /// [`SeedProblem`].
    pub fn unseal(&self, sealed: &SealedSeed, device: &DeviceId) -> Result<Seed, SeedProblem> {
        let (nonce, data) = sealed.parts()?;
        let mut data = Zeroizing::new(data);
        let opened = self
            .cipher()?
            .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(bound_to(device)), &mut data)
            .map_err(|_| SeedProblem::Closed)?;
        Seed::new(opened.to_vec()).ok_or(SeedProblem::Closed)
    }

    /// Encrypts a short secret of another kind that the deployment keeps, such as a social security number; it opens only
    /// for the `holder` it was sealed for.
    ///
    /// # Errors
    /// [`SeedProblem::Module`].
    pub fn seal_text(&self, text: &str, holder: &str) -> Result<String, SeedProblem> {
        let mut nonce = [0; 12];
        rand::fill(&mut nonce).map_err(|_| SeedProblem::Module)?;
        let mut data = Zeroizing::new(text.as_bytes().to_vec());
        self.cipher()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(text_of(holder)), &mut *data)
            .map_err(|_| SeedProblem::Module)?;
        Ok(format!("1.{}", STANDARD.encode([&nonce[..], &data].concat())))
    }

    /// Decrypts what [`SeedKey::seal_text`] made.
    ///
    /// # Errors
    /// [`SeedProblem`].
    pub fn unseal_text(&self, sealed: &str, holder: &str) -> Result<Zeroizing<String>, SeedProblem> {
        let (nonce, data) = SealedSeed(sealed.to_owned()).parts()?;
        let mut data = Zeroizing::new(data);
        let opened = self
            .cipher()?
            .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(text_of(holder)), &mut data)
            .map_err(|_| SeedProblem::Closed)?;
        String::from_utf8(opened.to_vec()).map(Zeroizing::new).map_err(|_| SeedProblem::Closed)
    }

    fn cipher(&self) -> Result<LessSafeKey, SeedProblem> {
        UnboundKey::new(&AES_256_GCM, self.0.as_ref()).map(LessSafeKey::new).map_err(|_| SeedProblem::Module)
    }
}

impl fmt::Debug for SeedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeedKey(hidden)")
    }
}

fn text_of(holder: &str) -> Vec<u8> {
    format!("theriac text 1\n{holder}").into_bytes()
}

fn bound_to(device: &DeviceId) -> Vec<u8> {
    format!("theriac seed 1\n{}\n{}\n{}", device.maker, device.model, device.serial).into_bytes()
}
