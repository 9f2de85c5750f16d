//! Keys, certificates, CMS signatures and two-factor passes.
//!
//! Every cryptographic operation is done by AWS-LC through `aws-lc-rs`; certificate paths are judged by RFC 5280 in [`path`].
//! Nothing here reads a clock, a file or the network: bytes and instants are arguments. Only key generation, salts, nonces
//! and certificate serial numbers draw random numbers.
//!
//! Where to start:
//! - [`SystemKey`] and [`CheckpointKey`] live in password-protected files ([`Password`], [`KeyFileError`]);
//! - [`Signer`] makes CMS signatures, [`cms::verify_detached`] and [`cms::verify_attached`] check them,
//!   [`TrustStore`] adds the certificate path and the revocation lists;
//! - [`Authority`] issues the certificates of a deployment's own systems;
//! - [`TwoFactorPass`] is the proof that a practitioner has just used both factors, handed out by [`verify_assertion`] and, for
//!   one-time-password devices, by [`otp::CodeCredential::verify`];
//! - [`webauthn`] enrols security keys, [`metadata`] says of which make they may be, [`token_rule`] what the law asks of them;
//! - [`signin`] and [`password`] are for opening a desk, which takes less than signing.

pub mod assertion;
pub mod assurance;
pub mod authority;
pub mod backup;
pub mod certificate;
pub mod cms;
pub mod deployment;
mod der;
pub mod evidence;
pub mod keyfile;
pub mod keys;
pub mod metadata;
pub mod otp;
pub mod pass;
pub mod password;
pub mod path;
pub mod signin;
pub mod soft_token;
pub mod throttle;
pub mod token_rule;
pub mod trust;
pub mod webauthn;

pub use assertion::{Assertion, Challenge, client_data};
pub use authority::{Authority, AuthorityError, CertificateRequest, Reason, Revoked, SystemRole, Validity};
pub use certificate::{BadCertificate, Certificate, KeyKind};
pub use cms::{CmsError, Signer, SignerError, Verified};
pub use deployment::{DemoDeployment, Deployment, UnknownDeployment};
pub use keyfile::{KeyFileError, Password};
pub use keys::{CheckpointKey, KeyFailure, PublicKey, SystemKey, WrongSignature};
pub use pass::{
    Credential, CredentialId, CredentialState, Expected, Factors, PractitionerId, TokenKind, TwoFactorPass,
    ValidatedModel, verify_assertion,
};
pub use soft_token::{Gesture, SoftToken};
pub use token_rule::TokenRule;
pub use trust::{BadRevocationList, Judge, PathError, TrustStore, Trusted};
