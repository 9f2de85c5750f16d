//! Checking CMS signatures.

use super::CmsError;
use super::read::{self, Digest, Scheme, SignedData, SignerName};
use crate::certificate::{BadCertificate, Certificate, KeyKind};
use crate::der::{self, head};
use aws_lc_rs::digest::{SHA256, SHA384, digest};
use jiff::Timestamp;

/// Proof that a signature was checked: the content is what the holder of the certificate's key signed.
///
/// It says nothing about who that holder is; [`crate::Trusted`] does.
#[derive(Clone, Debug)]
pub struct Verified<'a> {
    content: &'a [u8],
    signed_at: Timestamp,
    certificate: Certificate,
}

impl<'a> Verified<'a> {
    /// The bytes that were signed.
    pub const fn content(&self) -> &'a [u8] {
        self.content
    }

    /// When the signer says it signed, to the second.
    pub const fn signed_at(&self) -> Timestamp {
        self.signed_at
    }

    /// The certificate whose key made the signature.
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

/// Where certificates come from: parsed anew, or from a cache.
pub(crate) trait Certificates {
    /// Parses (or recalls) an embedded certificate.
    fn parse(&self, der: &[u8]) -> Result<Certificate, BadCertificate>;
    /// A certificate known here that `matches`, for structures that carry none.
    fn find(&self, matches: &dyn Fn(&Certificate) -> bool) -> Option<Certificate>;
}

/// Certificates the caller supplied.
struct Supplied<'a>(&'a [Certificate]);

impl Certificates for Supplied<'_> {
    fn parse(&self, der: &[u8]) -> Result<Certificate, BadCertificate> {
        Certificate::from_der(der)
    }

    fn find(&self, matches: &dyn Fn(&Certificate) -> bool) -> Option<Certificate> {
        self.0.iter().find(|known| matches(known)).cloned()
    }
}

/// Checks a detached signature over `content`. `known` are certificates to use when the structure carries none.
///
/// # Errors
/// [`CmsError`], one variant a reason.
pub fn verify_detached<'a>(cms: &[u8], content: &'a [u8], known: &[Certificate]) -> Result<Verified<'a>, CmsError> {
    let parsed = read::signed_data(cms)?;
    if parsed.content.is_some() {
        return Err(CmsError::ContentPresent);
    }
    check(&parsed, content, &Supplied(known))
}

/// Checks a signature that carries its content, and hands the content out.
///
/// # Errors
/// [`CmsError`], one variant a reason.
pub fn verify_attached<'a>(cms: &'a [u8], known: &[Certificate]) -> Result<Verified<'a>, CmsError> {
    verify(cms, None, &Supplied(known))
}

/// Both of the above with any source of certificates: detached when `content` is given.
pub(crate) fn verify<'a>(
    cms: &'a [u8],
    content: Option<&'a [u8]>,
    source: &impl Certificates,
) -> Result<Verified<'a>, CmsError> {
    let parsed = read::signed_data(cms)?;
    let content = match (parsed.content, content) {
        (Some(inside), None) => inside,
        (None, Some(given)) => given,
        (Some(_), Some(_)) => return Err(CmsError::ContentPresent),
        (None, None) => return Err(CmsError::ContentMissing),
    };
    check(&parsed, content, source)
}

fn check<'a>(parsed: &SignedData<'_>, content: &'a [u8], source: &impl Certificates) -> Result<Verified<'a>, CmsError> {
    let attributes = read::attributes(parsed.attributes)?;
    let certificate = find(parsed, source)?;
    if attributes.certificate_digest.is_some_and(|named| named != certificate.digest()) {
        return Err(CmsError::OtherCertificate);
    }
    match (certificate.key_kind(), parsed.scheme, parsed.digest) {
        (KeyKind::P256, Scheme::Ecdsa, Digest::Sha256)
        | (KeyKind::P384, Scheme::Ecdsa, Digest::Sha384)
        | (KeyKind::Rsa, Scheme::Rsa, Digest::Sha256) => {}
        _ => return Err(CmsError::Algorithm),
    }
    // RFC 5652, 5.4: the attributes are signed as the SET they are, not under the [0] they travel in.
    let mut signed = Vec::with_capacity(parsed.attributes.raw.len());
    head(&mut signed, der::SET, parsed.attributes.value.len());
    signed.extend_from_slice(parsed.attributes.value);
    certificate.key().verify_sig(&signed, parsed.signature).map_err(|_| CmsError::SignatureInvalid)?;
    let algorithm = match parsed.digest {
        Digest::Sha256 => &SHA256,
        Digest::Sha384 => &SHA384,
    };
    if digest(algorithm, content).as_ref() != attributes.message_digest {
        return Err(CmsError::ContentChanged);
    }
    Ok(Verified { content, signed_at: attributes.signed_at, certificate })
}

fn find(parsed: &SignedData<'_>, source: &impl Certificates) -> Result<Certificate, CmsError> {
    let matches = |candidate: &Certificate| match parsed.signer {
        SignerName::IssuerAndSerial { issuer, serial } => {
            candidate.issuer_der() == issuer && candidate.serial() == serial
        }
        SignerName::KeyId(id) => candidate.key_id() == Some(id),
    };
    let mut unreadable = None;
    for der in &parsed.certificates {
        match source.parse(der) {
            Ok(certificate) if matches(&certificate) => return Ok(certificate),
            Ok(_) => {}
            Err(error) => unreadable = Some(error),
        }
    }
    source.find(&matches).ok_or_else(|| unreadable.map_or(CmsError::CertificateMissing, CmsError::Certificate))
}
