//! CMS signatures (RFC 5652) in the one profile this house uses.
//!
//! A [`Signer`] makes them: one signer, SHA-256, ECDSA on P-256, with the signed attributes contentType, signingTime,
//! messageDigest and signingCertificateV2 (RFC 5035), the certificate embedded. Detached for a *seal* over archived bytes,
//! attached for the practitioner's canonical prescription contents, so that a pharmacy recovers exactly what was signed.
//! `openssl cms -verify` accepts both.
//!
//! [`verify_detached`] and [`verify_attached`] read that profile and what other programs make within it (also ECDSA on
//! P-384 with SHA-384 and RSA with SHA-256): strict DER, every length bounded by the input, nothing copied but the
//! attributes. SHA-1 and MD5 are refused as such. Who the certificate belongs to is for [`crate::TrustStore`] to say.

mod error;
mod read;
mod sign;
mod verify;

pub use error::CmsError;
pub use sign::{Signer, SignerError};
pub(crate) use verify::{Certificates, verify};
pub use verify::{Verified, verify_attached, verify_detached};

/// The longest CMS structure that is read, in bytes, embedded content included.
pub const LONGEST: usize = 8 * 1024 * 1024;
/// The most certificates one structure may carry.
pub const CERTIFICATES_MOST: usize = 8;

/// Object identifiers, as the contents octets of their DER.
pub(crate) mod oid {
    pub(crate) const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
    pub(crate) const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
    pub(crate) const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
    pub(crate) const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
    pub(crate) const SIGNING_TIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05];
    pub(crate) const SIGNING_CERTIFICATE_V2: &[u8] =
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f];
    pub(crate) const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
    pub(crate) const SHA384: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02];
    pub(crate) const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
    pub(crate) const ECDSA_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03];
    pub(crate) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    pub(crate) const RSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];

    /// Digests and signatures that were common and are not approved: MD5, SHA-1, and signatures over them.
    pub(crate) const WEAK: [(&[u8], &str); 7] = [
        (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05], "MD5"),
        (&[0x2b, 0x0e, 0x03, 0x02, 0x1a], "SHA-1"),
        (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01], "ECDSA with SHA-1"),
        (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05], "RSA with SHA-1"),
        (&[0x2b, 0x0e, 0x03, 0x02, 0x1d], "RSA with SHA-1"),
        (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04], "RSA with MD5"),
        (&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03], "DSA with SHA-1"),
    ];
}
