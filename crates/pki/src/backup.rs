//! Sealing what leaves for the second storage site: to a recipient's public key, so that the machine that makes the copies
//! cannot read one of them again.
//!
//! Hybrid public key encryption (RFC 9180) in base mode with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, as
//! rustls computes it with AWS-LC. The name of an object is bound to it: no object passes for another. Base mode says nothing
//! about who sealed; what a copy holds is proved by the journal's signed checkpoint inside it.
//!
//! ```text
//! sealed = "theriac-sealed-v1\n" || encapsulated key (65 bytes) || ciphertext and tag
//! info   = "theriac backup 1"          aad = the object's name
//! ```

use crate::keyfile::{self, KeyFileError, KeyUse, Password};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::crypto::aws_lc_rs::hpke::DH_KEM_P256_HKDF_SHA256_AES_256 as SUITE;
use rustls::crypto::hpke::{EncapsulatedSecret, Hpke, HpkePrivateKey, HpkePublicKey};
use std::fmt;
use zeroize::Zeroizing;

const TAG: &[u8; 18] = b"theriac-sealed-v1\n";
const INFO: &[u8] = b"theriac backup 1";
/// An uncompressed point of P-256.
const POINT: usize = 65;
const PRIVATE: usize = 32;
const WORD: &str = "theriac-backup-1:";

/// Why something cannot be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackupSealError {
    /// The text is no recipient.
    #[error("this is no recipient of backups; it begins with `theriac-backup-1:` and comes from `theriac backup key`")]
    NotARecipient,
    /// The bytes were not sealed by this program.
    #[error("this is no sealed object of a backup, or its beginning is damaged")]
    NotSealed,
    /// Another key, another object's name, or changed bytes. They cannot be told apart.
    #[error("the key does not open the object: it was sealed to another key, is another object, or was changed")]
    Closed,
    /// The cryptographic module failed.
    #[error("the cryptographic module failed")]
    Module,
}

/// The public half of a backup key: seals, and cannot open.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient([u8; POINT]);

impl Recipient {
    /// Reads a recipient as [`Recipient::to_text`] writes it.
    ///
    /// # Errors
    /// [`BackupSealError::NotARecipient`].
    pub fn parse(text: &str) -> Result<Self, BackupSealError> {
        let point = text.trim().strip_prefix(WORD).ok_or(BackupSealError::NotARecipient)?;
        let point = STANDARD.decode(point).map_err(|_| BackupSealError::NotARecipient)?;
        let point: [u8; POINT] = point.try_into().map_err(|_| BackupSealError::NotARecipient)?;
        let recipient = Self(point);
        // A point that is not on the curve seals nothing.
        recipient.seal("a point", b"").map_err(|_| BackupSealError::NotARecipient)?;
        Ok(recipient)
    }

    /// The recipient as one word, for a configuration.
    pub fn to_text(&self) -> String {
        format!("{WORD}{}", STANDARD.encode(self.0))
    }

    /// Seals `plain` as the object `name`.
    ///
    /// # Errors
    /// [`BackupSealError::Module`].
    pub fn seal(&self, name: &str, plain: &[u8]) -> Result<Vec<u8>, BackupSealError> {
        let public = HpkePublicKey(self.0.to_vec());
        let (secret, sealed) =
            SUITE.seal(INFO, name.as_bytes(), plain, &public).map_err(|_| BackupSealError::Module)?;
        let mut out = Vec::with_capacity(TAG.len() + POINT + sealed.len());
        out.extend_from_slice(TAG);
        out.extend_from_slice(&secret.0);
        out.extend_from_slice(&sealed);
        Ok(out)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

/// The private half: opens what was sealed to its recipient. It is kept away from the machine that makes the copies.
pub struct BackupKey {
    private: Zeroizing<Vec<u8>>,
    recipient: Recipient,
}

impl BackupKey {
    /// A new random key.
    ///
    /// # Errors
    /// [`BackupSealError::Module`].
    pub fn generate() -> Result<Self, BackupSealError> {
        let (public, private) = SUITE.generate_key_pair().map_err(|_| BackupSealError::Module)?;
        let public = public.0.as_slice().try_into().map_err(|_| BackupSealError::Module)?;
        let private = Zeroizing::new(private.secret_bytes().to_vec());
        Ok(Self { private, recipient: Recipient(public) })
    }

    /// Opens a key file that [`BackupKey::to_file`] made.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn open(file: &[u8], password: &Password) -> Result<Self, KeyFileError> {
        let both = keyfile::decrypt(KeyUse::BackupP256, file, password)?;
        let (private, public) = both.split_at_checked(PRIVATE).ok_or(KeyFileError::NoKey)?;
        let recipient = Recipient(public.try_into().map_err(|_| KeyFileError::NoKey)?);
        Ok(Self { private: Zeroizing::new(private.to_vec()), recipient })
    }

    /// The contents of a key file for this key, encrypted under `password`.
    ///
    /// # Errors
    /// [`KeyFileError::PasswordTooShort`], [`KeyFileError::Module`].
    pub fn to_file(&self, password: &Password) -> Result<Vec<u8>, KeyFileError> {
        let both = Zeroizing::new([self.private.as_slice(), &self.recipient.0].concat());
        keyfile::encrypt(KeyUse::BackupP256, &both, password)
    }

    /// To whom copies are sealed.
    pub fn recipient(&self) -> &Recipient {
        &self.recipient
    }

    /// Opens the object `name`.
    ///
    /// # Errors
    /// [`BackupSealError::NotSealed`], [`BackupSealError::Closed`].
    pub fn unseal(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, BackupSealError> {
        let rest = sealed.strip_prefix(TAG.as_slice()).ok_or(BackupSealError::NotSealed)?;
        let (secret, data) = rest.split_at_checked(POINT).ok_or(BackupSealError::NotSealed)?;
        let private = HpkePrivateKey::from(self.private.to_vec());
        SUITE
            .open(&EncapsulatedSecret(secret.to_vec()), INFO, name.as_bytes(), data, &private)
            .map_err(|_| BackupSealError::Closed)
    }
}

impl fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BackupKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_own_key_under_its_own_name_and_unchanged() {
        let (key, other) = (BackupKey::generate().unwrap(), BackupKey::generate().unwrap());
        let sealed = key.recipient().seal("segments/1", b"the record").unwrap();
        assert!(!sealed.windows(10).any(|part| part == b"the record"));
        assert_eq!(key.unseal("segments/1", &sealed).unwrap(), b"the record");
        assert_eq!(key.unseal("segments/2", &sealed), Err(BackupSealError::Closed), "another object's name");
        assert_eq!(other.unseal("segments/1", &sealed), Err(BackupSealError::Closed), "another key");
        for place in [TAG.len() + 1, TAG.len() + POINT, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(key.unseal("segments/1", &changed).is_err(), "byte {place}");
        }
        for length in [0, TAG.len(), TAG.len() + POINT - 1] {
            assert_eq!(key.unseal("segments/1", &sealed[..length]), Err(BackupSealError::NotSealed), "{length} bytes");
        }
    }

    #[test]
    fn a_recipient_seals_what_the_key_from_its_file_opens() {
        let key = BackupKey::generate().unwrap();
        let password = Password::new("fourteen bytes or more");
        let file = key.to_file(&password).unwrap();
        let recipient = Recipient::parse(&key.recipient().to_text()).unwrap();
        let sealed = recipient.seal("house/1", b"keys").unwrap();
        assert_eq!(BackupKey::open(&file, &password).unwrap().unseal("house/1", &sealed).unwrap(), b"keys");
        assert!(BackupKey::open(&file, &Password::new("another long password")).is_err());
        for wrong in ["", "theriac-backup-1:", "theriac-backup-1:AAAA", &format!("{WORD}{}", STANDARD.encode([4; 65]))]
        {
            assert_eq!(Recipient::parse(wrong), Err(BackupSealError::NotARecipient), "{wrong}");
        }
    }
}
