//! The keys a deployment signs with.

use crate::keyfile::{self, KeyFileError, KeyUse, Password};
use aws_lc_rs::encoding::{AsBigEndian, Curve25519SeedBin};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
    ParsedPublicKey, Signature, UnparsedPublicKey,
};
use std::fmt;
use std::sync::Arc;
use theriac_model::Refusal;
use zeroize::Zeroizing;

/// The cryptographic module failed to make or use a key; never the caller's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cryptographic module failed")]
pub struct KeyFailure;

impl From<KeyFailure> for Refusal {
    fn from(_: KeyFailure) -> Self {
        KeyFileError::Module.refusal()
    }
}

/// The signature is not one of this key over this message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not verify")]
pub struct WrongSignature;

/// A P-256 public key: the uncompressed point, 65 bytes beginning with 4.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey([u8; 65]);

impl PublicKey {
    /// Takes a point that a key pair gave. Whether it lies on the curve is checked when it is used.
    pub(crate) fn from_point(point: &[u8]) -> Option<Self> {
        let point: [u8; 65] = point.try_into().ok()?;
        (point.first() == Some(&4)).then_some(Self(point))
    }

    /// Reads the 65 bytes of an uncompressed point; `None` for another form, or a point that is not on the curve.
    pub fn parse(point: &[u8]) -> Option<Self> {
        ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).ok()?;
        Self::from_point(point)
    }

    /// Checks an ECDSA signature (DER) over SHA-256 of `message`.
    ///
    /// # Errors
    /// [`WrongSignature`], also for a signature in another form and a key that is no point of the curve.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), WrongSignature> {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, self.0).verify(message, signature).map_err(|_| WrongSignature)
    }

    /// The uncompressed point.
    pub const fn point(&self) -> &[u8; 65] {
        &self.0
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(")?;
        for byte in &self.0 {
            write!(f, "{byte:02x}")?;
        }
        f.write_str(")")
    }
}

/// The P-256 key with which one system (prescriber's, relay, pharmacy) signs. Cloning shares the parsed key.
///
/// The private part never leaves this type except encrypted.
#[derive(Clone)]
pub struct SystemKey {
    pair: Arc<EcdsaKeyPair>,
    public: PublicKey,
}

impl SystemKey {
    fn new(pair: EcdsaKeyPair) -> Result<Self, KeyFailure> {
        let public = PublicKey::from_point(pair.public_key().as_ref()).ok_or(KeyFailure)?;
        Ok(Self { pair: Arc::new(pair), public })
    }

    /// A new random key.
    ///
    /// # Errors
    /// [`KeyFailure`] when the module fails.
    pub fn generate() -> Result<Self, KeyFailure> {
        Self::new(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).map_err(|_| KeyFailure)?)
    }

    /// Opens a key file that [`SystemKey::to_file`] made.
    ///
    /// # Errors
    /// [`KeyFileError`]: not such a file, wrong password, another use, unsafe rounds.
    pub fn open(file: &[u8], password: &Password) -> Result<Self, KeyFileError> {
        let pkcs8 = keyfile::decrypt(KeyUse::SystemP256, file, password)?;
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &pkcs8).map_err(|_| KeyFileError::NoKey)?;
        Self::new(pair).map_err(|KeyFailure| KeyFileError::NoKey)
    }

    /// The contents of a key file for this key, encrypted under `password`.
    ///
    /// # Errors
    /// [`KeyFileError::PasswordTooShort`], [`KeyFileError::Module`].
    pub fn to_file(&self, password: &Password) -> Result<Vec<u8>, KeyFileError> {
        let pkcs8 = self.pair.to_pkcs8v1().map_err(|_| KeyFileError::Module)?;
        keyfile::encrypt(KeyUse::SystemP256, pkcs8.as_ref(), password)
    }

    /// The public key.
    pub const fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The ECDSA signature over SHA-256 of `message`, in DER.
    ///
    /// # Errors
    /// [`KeyFailure`] when the module fails.
    pub fn sign(&self, message: &[u8]) -> Result<Signature, KeyFailure> {
        self.pair.sign(&SystemRandom::new(), message).map_err(|_| KeyFailure)
    }
}

impl fmt::Debug for SystemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SystemKey({:?})", self.public)
    }
}

/// The Ed25519 key that signs the journal's checkpoints.
pub struct CheckpointKey {
    seed: Zeroizing<[u8; 32]>,
    public: [u8; 32],
}

impl CheckpointKey {
    fn new(pair: &Ed25519KeyPair) -> Result<Self, KeyFailure> {
        let seed = pair.seed().map_err(|_| KeyFailure)?;
        let seed: Curve25519SeedBin<'static> = seed.as_be_bytes().map_err(|_| KeyFailure)?;
        Ok(Self {
            seed: Zeroizing::new(seed.as_ref().try_into().map_err(|_| KeyFailure)?),
            public: pair.public_key().as_ref().try_into().map_err(|_| KeyFailure)?,
        })
    }

    /// A new random key.
    ///
    /// # Errors
    /// [`KeyFailure`] when the module fails.
    pub fn generate() -> Result<Self, KeyFailure> {
        Self::new(&Ed25519KeyPair::generate().map_err(|_| KeyFailure)?)
    }

    /// Opens a key file that [`CheckpointKey::to_file`] made.
    ///
    /// # Errors
    /// [`KeyFileError`], as [`SystemKey::open`].
    pub fn open(file: &[u8], password: &Password) -> Result<Self, KeyFileError> {
        let seed = keyfile::decrypt(KeyUse::CheckpointEd25519, file, password)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| KeyFileError::NoKey)?;
        Self::new(&pair).map_err(|KeyFailure| KeyFileError::NoKey)
    }

    /// The contents of a key file for this key, encrypted under `password`.
    ///
    /// # Errors
    /// [`KeyFileError::PasswordTooShort`], [`KeyFileError::Module`].
    pub fn to_file(&self, password: &Password) -> Result<Vec<u8>, KeyFileError> {
        keyfile::encrypt(KeyUse::CheckpointEd25519, self.seed.as_ref(), password)
    }

    /// The 32-byte private seed of RFC 8032, for the journal's signer.
    pub fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// The 32-byte public key of RFC 8032.
    pub const fn public_key(&self) -> &[u8; 32] {
        &self.public
    }
}

impl fmt::Debug for CheckpointKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckpointKey(hidden)")
    }
}
