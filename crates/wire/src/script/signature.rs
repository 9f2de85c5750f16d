//! The signature that travels in a message's header, and its bytes.

use super::codes;
use super::refusals;
use super::tree::NodeRef;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use theriac_model::Refusal;

/// One group of `Header/DigitalSignature`, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignatureGroup {
    /// URI or name of the digest algorithm.
    pub digest_method: String,
    /// Digest, base 64.
    pub digest_value: String,
    /// Signature, base 64: in our messages an attached CMS signature over the canonical bytes.
    pub signature_value: String,
    /// Certificate, DER in base 64.
    pub x509_data: String,
}

/// The most bytes a decoded part of a signature group may have.
pub const SIGNATURE_BYTES_MAX: usize = 256 * 1024;

impl SignatureGroup {
    /// A group as our messages carry it: SHA-256 of the canonical bytes, the attached CMS signature and the certificate,
    /// both DER.
    pub fn new(digest: &[u8; 32], cms: &[u8], certificate: &[u8]) -> Self {
        Self {
            digest_method: codes::DIGEST_SHA256.to_owned(),
            digest_value: STANDARD.encode(digest),
            signature_value: STANDARD.encode(cms),
            x509_data: STANDARD.encode(certificate),
        }
    }

    /// The digest.
    ///
    /// # Errors
    /// `WIRE-SIGNATURE-GROUP` when absent, not base 64 or longer than [`SIGNATURE_BYTES_MAX`]; so also the two below.
    pub fn digest(&self) -> Result<Vec<u8>, Box<Refusal>> {
        bytes("DigestValue", &self.digest_value)
    }

    /// The signature.
    pub fn signature(&self) -> Result<Vec<u8>, Box<Refusal>> {
        bytes("SignatureValue", &self.signature_value)
    }

    /// The certificate.
    pub fn certificate(&self) -> Result<Vec<u8>, Box<Refusal>> {
        bytes("X509Data", &self.x509_data)
    }

    /// Whether the digest is SHA-256 as our messages write it.
    pub fn is_sha256(&self) -> bool {
        self.digest_method.trim() == codes::DIGEST_SHA256
    }

    pub(super) fn is_complete(&self) -> bool {
        [&self.digest_method, &self.digest_value, &self.signature_value, &self.x509_data]
            .iter()
            .all(|text| !text.trim().is_empty())
    }

    /// A group begins where a name comes again.
    pub(super) fn read_all(signature: NodeRef<'_>) -> Vec<Self> {
        let mut groups = Vec::new();
        let mut open: Option<(Self, u8)> = None;
        for child in signature.children() {
            let Some(row) = child.row() else { continue };
            let which = match row.name {
                "DigestMethod" => 1u8,
                "DigestValue" => 2,
                "SignatureValue" => 4,
                "X509Data" => 8,
                _ => continue,
            };
            if open.as_ref().is_some_and(|(_, seen)| seen & which != 0) {
                groups.extend(open.take().map(|(group, _)| group));
            }
            let (group, seen) = open.get_or_insert_with(Default::default);
            *seen |= which;
            let slot = match which {
                1 => &mut group.digest_method,
                2 => &mut group.digest_value,
                4 => &mut group.signature_value,
                _ => &mut group.x509_data,
            };
            child.text().trim().clone_into(slot);
        }
        groups.extend(open.map(|(group, _)| group));
        groups
    }
}

/// Base 64 with any white space a re-layout put in.
fn bytes(part: &str, text: &str) -> Result<Vec<u8>, Box<Refusal>> {
    let refused = |problem: &str| Box::new(refusals::signature_group(part, problem));
    if text.len() / 4 * 3 > SIGNATURE_BYTES_MAX + 3 {
        return Err(refused("is too long"));
    }
    let compact: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    if compact.is_empty() {
        return Err(refused("is absent"));
    }
    STANDARD.decode(compact).map_err(|_| refused("is not base 64"))
}
