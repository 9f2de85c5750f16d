//! One X.509 certificate, parsed once and shared.

use crate::der::{CONTEXT_0, INTEGER, Reader, SEQUENCE, UTC_TIME};
use crate::keys::PublicKey;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, VerificationAlgorithm,
};
use const_oid::ObjectIdentifier;
use der::{Decode as _, DecodePem as _, Encode as _};
use jiff::Timestamp;
use std::fmt;
use std::sync::Arc;
use x509_cert::ext::pkix::{KeyUsage, SubjectKeyIdentifier};

/// The longest certificate that is read, in bytes.
const LONGEST: usize = 16 * 1024;

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANIZATIONAL_UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");

/// The kinds of signing key a certificate may hold here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// ECDSA on P-256, with SHA-256: what Theriac itself signs with.
    P256,
    /// ECDSA on P-384, with SHA-384.
    P384,
    /// RSA of 2048 to 8192 bits, PKCS #1 v1.5 with SHA-256.
    Rsa,
}

/// Why bytes are not a certificate that can be used here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCertificate {
    /// More than 16 KiB.
    #[error("the certificate is longer than 16384 bytes")]
    TooLong,
    /// Not an X.509 certificate in DER or PEM.
    #[error("this is not an X.509 certificate")]
    Unreadable,
    /// A key type, curve or size that is not accepted.
    #[error("the certificate's key is none of P-256, P-384 and RSA of 2048 bits or more")]
    Key,
    /// Dates outside the calendar.
    #[error("the certificate's validity is not a period of time")]
    Validity,
}

struct Parts {
    der: Vec<u8>,
    digest: [u8; 32],
    subject: String,
    issuer: String,
    issuer_der: Vec<u8>,
    common_name: Option<String>,
    unit: Option<String>,
    serial: Vec<u8>,
    kind: KeyKind,
    key: ParsedPublicKey,
    key_bytes: Vec<u8>,
    key_id: Option<Vec<u8>>,
    may_sign: bool,
    may_certify: bool,
    not_before: Timestamp,
    not_after: Timestamp,
}

/// A parsed certificate. Cloning shares it. Parsing says nothing about trust; see [`crate::TrustStore`].
#[derive(Clone)]
pub struct Certificate(Arc<Parts>);

impl Certificate {
    /// Parses DER.
    ///
    /// # Errors
    /// [`BadCertificate`].
    pub fn from_der(bytes: &[u8]) -> Result<Self, BadCertificate> {
        if bytes.len() > LONGEST {
            return Err(BadCertificate::TooLong);
        }
        Self::from_parsed(&parsed(bytes)?, bytes)
    }

    /// Parses the first certificate of a PEM text.
    ///
    /// # Errors
    /// [`BadCertificate`].
    pub fn from_pem(text: &str) -> Result<Self, BadCertificate> {
        if text.len() > 2 * LONGEST {
            return Err(BadCertificate::TooLong);
        }
        let parsed = x509_cert::Certificate::from_pem(text).map_err(|_| BadCertificate::Unreadable)?;
        let bytes = parsed.to_der().map_err(|_| BadCertificate::Unreadable)?;
        Self::from_parsed(&parsed, &bytes)
    }

    fn from_parsed(parsed: &x509_cert::Certificate, bytes: &[u8]) -> Result<Self, BadCertificate> {
        let unreadable = |_| BadCertificate::Unreadable;
        let tbs = parsed.tbs_certificate();
        let spki = tbs.subject_public_key_info();
        let curve = spki.algorithm.parameters.as_ref().and_then(|p| p.decode_as::<ObjectIdentifier>().ok());
        let (kind, algorithm): (_, &'static dyn VerificationAlgorithm) = match (spki.algorithm.oid, curve) {
            (EC_PUBLIC_KEY, Some(P256)) => (KeyKind::P256, &ECDSA_P256_SHA256_ASN1),
            (EC_PUBLIC_KEY, Some(P384)) => (KeyKind::P384, &ECDSA_P384_SHA384_ASN1),
            (RSA, _) => (KeyKind::Rsa, &RSA_PKCS1_2048_8192_SHA256),
            _ => return Err(BadCertificate::Key),
        };
        let key_bytes = spki.subject_public_key.as_bytes().ok_or(BadCertificate::Key)?.to_vec();
        if kind == KeyKind::Rsa && !modulus_is_long_enough(&key_bytes) {
            return Err(BadCertificate::Key);
        }
        let key = ParsedPublicKey::new(algorithm, &key_bytes).map_err(|_| BadCertificate::Key)?;
        let instant = |time: x509_cert::time::Time| {
            let seconds = i64::try_from(time.to_unix_duration().as_secs()).map_err(|_| BadCertificate::Validity)?;
            Timestamp::from_second(seconds).map_err(|_| BadCertificate::Validity)
        };
        let key_id = tbs.get_extension::<SubjectKeyIdentifier>().map_err(unreadable)?;
        let usage = tbs.get_extension::<KeyUsage>().map_err(unreadable)?;
        Ok(Self(Arc::new(Parts {
            der: bytes.to_vec(),
            digest: sha256(bytes),
            subject: tbs.subject().to_string(),
            issuer: tbs.issuer().to_string(),
            issuer_der: tbs.issuer().to_der().map_err(unreadable)?,
            common_name: attribute(tbs.subject(), COMMON_NAME),
            unit: attribute(tbs.subject(), ORGANIZATIONAL_UNIT),
            serial: tbs.serial_number().as_bytes().to_vec(),
            kind,
            key,
            key_bytes,
            key_id: key_id.map(|(_, id)| id.0.as_bytes().to_vec()),
            may_sign: usage.as_ref().is_none_or(|(_, usage)| usage.digital_signature() || usage.non_repudiation()),
            may_certify: usage.is_none_or(|(_, usage)| usage.key_cert_sign()),
            not_before: instant(tbs.validity().not_before)?,
            not_after: instant(tbs.validity().not_after)?,
        })))
    }

    /// The certificate as it came, in DER.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The certificate as PEM text.
    pub fn pem(&self) -> String {
        crate::evidence::pem("CERTIFICATE", &self.0.der)
    }

    /// SHA-256 of the DER: the name of this certificate in records and caches.
    pub fn digest(&self) -> &[u8; 32] {
        &self.0.digest
    }

    /// The subject's distinguished name, as RFC 4514 writes it.
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The issuer's distinguished name, as RFC 4514 writes it.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// The subject's common name.
    pub fn common_name(&self) -> Option<&str> {
        self.0.common_name.as_deref()
    }

    /// The subject's organizational unit; our own authority writes the system's role there.
    pub fn organizational_unit(&self) -> Option<&str> {
        self.0.unit.as_deref()
    }

    /// The serial number, big-endian as in the certificate.
    pub fn serial(&self) -> &[u8] {
        &self.0.serial
    }

    /// The first instant at which it is valid.
    pub fn not_before(&self) -> Timestamp {
        self.0.not_before
    }

    /// The last instant (to the second) at which it is valid; inclusive.
    pub fn not_after(&self) -> Timestamp {
        self.0.not_after
    }

    /// What kind of key it certifies.
    pub fn key_kind(&self) -> KeyKind {
        self.0.kind
    }

    /// The certified key, when it is a P-256 key.
    pub fn p256_key(&self) -> Option<PublicKey> {
        if self.0.kind == KeyKind::P256 { PublicKey::from_point(&self.0.key_bytes) } else { None }
    }

    pub(crate) fn issuer_der(&self) -> &[u8] {
        &self.0.issuer_der
    }

    pub(crate) fn key_id(&self) -> Option<&[u8]> {
        self.0.key_id.as_deref()
    }

    /// The key as the certificate holds it: a point, or an RSA key in DER.
    pub(crate) fn key_bytes(&self) -> &[u8] {
        &self.0.key_bytes
    }

    pub(crate) fn key(&self) -> &ParsedPublicKey {
        &self.0.key
    }

    /// Whether the key usage extension, if present, allows signing certificates.
    pub(crate) fn may_certify(&self) -> bool {
        self.0.may_certify
    }

    /// Whether the key usage extension, if present, allows digital signatures.
    pub(crate) fn may_sign(&self) -> bool {
        self.0.may_sign
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.digest == other.0.digest
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.0.subject)
    }
}

/// Parses a certificate. The parser holds no instant before 1970, so for it a validity that begins earlier begins there:
/// nothing here is ever judged as of an earlier instant.
pub(crate) fn parsed(bytes: &[u8]) -> Result<x509_cert::Certificate, BadCertificate> {
    let read = |bytes: &[u8]| x509_cert::Certificate::from_der(bytes).map_err(|_| BadCertificate::Unreadable);
    let Some(at) = begins_before_1970(bytes) else { return read(bytes) };
    let mut later = bytes.to_vec();
    if let Some(date) = later.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<13>()) {
        *date = *b"700101000000Z";
    }
    read(&later)
}

/// Where the beginning of the validity stands, when it is a `UTCTime` of the years 1950 to 1969.
fn begins_before_1970(bytes: &[u8]) -> Option<usize> {
    let tbs = Reader::new(Reader::new(bytes).expect(SEQUENCE, "certificate").ok()?.value).next("tbs").ok()?;
    let mut fields = Reader::new(tbs.value);
    fields.optional(CONTEXT_0, "version").ok()?;
    fields.expect(INTEGER, "serial number").ok()?;
    fields.expect(SEQUENCE, "algorithm").ok()?;
    fields.expect(SEQUENCE, "issuer").ok()?;
    let begins = Reader::new(fields.expect(SEQUENCE, "validity").ok()?.value).expect(UTC_TIME, "beginning").ok()?.value;
    let is_early = begins.len() == 13 && matches!(begins.first(), Some(b'5' | b'6'));
    // Both slices are of one buffer, so the difference of their addresses is the offset.
    is_early.then(|| begins.as_ptr() as usize - bytes.as_ptr() as usize)
}

/// At least 2048 bits, the top one set; the verifier would refuse shorter keys only signature by signature.
fn modulus_is_long_enough(rsa_public_key: &[u8]) -> bool {
    let modulus = || {
        let numbers = Reader::new(rsa_public_key).expect(SEQUENCE, "RSAPublicKey").ok()?.value;
        let modulus = Reader::new(numbers).expect(INTEGER, "modulus").ok()?.value;
        Some(modulus.strip_prefix(&[0]).unwrap_or(modulus))
    };
    modulus().is_some_and(|modulus| modulus.len() >= 256)
}

fn attribute(name: &x509_cert::name::Name, kind: ObjectIdentifier) -> Option<String> {
    let found = name.iter().find(|attribute| attribute.oid == kind)?;
    std::str::from_utf8(found.value.value()).ok().map(str::to_owned)
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}
