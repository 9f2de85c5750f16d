//! Making CMS signatures. Everything that does not change from one to the next is encoded once.

use super::oid;
use crate::certificate::{Certificate, sha256};
use crate::der::{self, element, head, size};
use crate::keys::{KeyFailure, SystemKey};
use jiff::Timestamp;
use jiff::tz::Offset;
use theriac_model::Refusal;

/// Why a key and a certificate do not make a signer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignerError {
    /// The certificate certifies another key.
    #[error("the certificate belongs to another key")]
    OtherKey,
}

impl From<SignerError> for Refusal {
    fn from(error: SignerError) -> Self {
        Refusal::new(
            "PKI-SIGNER-KEY",
            "21 CFR 1300.03, \"digital certificate\"",
            error.to_string(),
            "check the paths of the key file and the certificate in the configuration",
        )
    }
}

/// `SEQUENCE { sha256 }`; RFC 5754 wants the parameters absent.
const SHA256_ALGORITHM: [u8; 13] = [0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
/// `SEQUENCE { ecdsa-with-SHA256 }`.
const ECDSA_ALGORITHM: [u8; 12] = [0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
/// `INTEGER 1`: the version of SignedData over type data and of SignerInfo by issuer and serial number.
const VERSION_1: [u8; 3] = [der::INTEGER, 1, 1];

/// A system's key with its certificate, ready to sign. Cloning is cheap enough for one per thread; sharing works too.
#[derive(Clone, Debug)]
pub struct Signer {
    key: SystemKey,
    certificate: Certificate,
    /// `[0] { certificate }`.
    certificates: Vec<u8>,
    /// `INTEGER 1, IssuerAndSerialNumber, digest algorithm`.
    named_with: Vec<u8>,
    /// The contentType attribute.
    content_type: Vec<u8>,
    /// The signingCertificateV2 attribute.
    signing_certificate: Vec<u8>,
}

impl Signer {
    /// Joins a key with its certificate.
    ///
    /// # Errors
    /// [`SignerError::OtherKey`] unless the certificate is for this key.
    pub fn new(key: SystemKey, certificate: Certificate) -> Result<Self, SignerError> {
        if certificate.p256_key().as_ref() != Some(key.public_key()) {
            return Err(SignerError::OtherKey);
        }
        let serial = element(der::INTEGER, &[certificate.serial()]);
        let identifier = element(der::SEQUENCE, &[certificate.issuer_der(), &serial]);
        let content_type = attribute(oid::CONTENT_TYPE, &element(der::OID, &[oid::DATA]));
        let digest = element(der::OCTET_STRING, &[certificate.digest()]);
        // SigningCertificateV2 { certs { ESSCertIDv2 { SHA-256 by default, certHash } } }
        let named = element(der::SEQUENCE, &[&element(der::SEQUENCE, &[&element(der::SEQUENCE, &[&digest])])]);
        Ok(Self {
            certificates: element(der::CONTEXT_0, &[certificate.der()]),
            named_with: [&VERSION_1[..], &identifier, &SHA256_ALGORITHM].concat(),
            content_type,
            signing_certificate: attribute(oid::SIGNING_CERTIFICATE_V2, &named),
            key,
            certificate,
        })
    }

    /// The certificate of this signer.
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// A detached signature over archived bytes, as DER. `at` is the signing time, kept to the second.
    ///
    /// # Errors
    /// [`KeyFailure`] when the cryptographic module fails.
    pub fn seal(&self, bytes: &[u8], at: Timestamp) -> Result<Vec<u8>, KeyFailure> {
        self.sign(&sha256(bytes), &[], at)
    }

    /// A signature that carries the canonical prescription contents it covers, as DER.
    ///
    /// # Errors
    /// [`KeyFailure`] when the cryptographic module fails.
    pub fn sign_contents(&self, canonical: &[u8], at: Timestamp) -> Result<Vec<u8>, KeyFailure> {
        let octets = element(der::OCTET_STRING, &[canonical]);
        self.sign(&sha256(canonical), &element(der::CONTEXT_0, &[&octets]), at)
    }

    fn sign(&self, digest: &[u8; 32], content: &[u8], at: Timestamp) -> Result<Vec<u8>, KeyFailure> {
        let time = attribute(oid::SIGNING_TIME, &time(at));
        let digest = attribute(oid::MESSAGE_DIGEST, &element(der::OCTET_STRING, &[digest]));
        // DER wants the members of a SET in the order of their encodings; these four differ in their second byte,
        // the length: contentType 0x18, signingTime 0x1c or 0x1e, messageDigest 0x2f, signingCertificateV2 0x37.
        let attributes = [&self.content_type, &time, &digest, &self.signing_certificate];
        let attributes = attributes.map(Vec::as_slice);
        let signature = self.key.sign(&element(der::SET, &attributes))?;

        let attributes = element(der::CONTEXT_0, &attributes);
        let signature = element(der::OCTET_STRING, &[signature.as_ref()]);
        let signer = element(der::SEQUENCE, &[&self.named_with, &attributes, &ECDSA_ALGORITHM, &signature]);
        let content_type = element(der::OID, &[oid::DATA]);
        let parts = [
            &VERSION_1[..],
            &element(der::SET, &[&SHA256_ALGORITHM]),
            &element(der::SEQUENCE, &[&content_type, content]),
            &self.certificates,
            &element(der::SET, &[&signer]),
        ];
        let inner: usize = parts.iter().map(|part| part.len()).sum();
        let kind = element(der::OID, &[oid::SIGNED_DATA]);
        let outer = kind.len() + size(size(inner));
        let mut out = Vec::with_capacity(size(outer));
        head(&mut out, der::SEQUENCE, outer);
        out.extend_from_slice(&kind);
        head(&mut out, der::CONTEXT_0, size(inner));
        head(&mut out, der::SEQUENCE, inner);
        for part in parts {
            out.extend_from_slice(part);
        }
        Ok(out)
    }
}

fn attribute(kind: &[u8], value: &[u8]) -> Vec<u8> {
    element(der::SEQUENCE, &[&element(der::OID, &[kind]), &element(der::SET, &[value])])
}

/// RFC 5652, 11.3: UTCTime from 1950 through 2049, GeneralizedTime otherwise.
fn time(at: Timestamp) -> Vec<u8> {
    let at = Offset::UTC.to_datetime(at);
    let (tag, year) = if (1950..2050).contains(&at.year()) {
        (der::UTC_TIME, format!("{:02}", at.year() % 100))
    } else {
        (der::GENERALIZED_TIME, format!("{:04}", at.year()))
    };
    let (month, day, hour, minute, second) = (at.month(), at.day(), at.hour(), at.minute(), at.second());
    element(tag, &[format!("{year}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z").as_bytes()])
}
