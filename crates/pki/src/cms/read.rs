//! Reading SignedData without copying it: which bytes are content, certificate, attributes and signature.

use super::{CERTIFICATES_MOST, CmsError, LONGEST, oid};
use crate::der::{self, Reader, Tlv};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// How the structure names its signer.
#[derive(Clone, Copy, Debug)]
pub(super) enum SignerName<'a> {
    IssuerAndSerial { issuer: &'a [u8], serial: &'a [u8] },
    KeyId(&'a [u8]),
}

/// A digest this house accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digest {
    Sha256,
    Sha384,
}

/// What the signature algorithm identifier says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Ecdsa,
    Rsa,
}

/// SignedData taken apart.
#[derive(Clone, Debug)]
pub(super) struct SignedData<'a> {
    pub(super) content: Option<&'a [u8]>,
    pub(super) certificates: Vec<&'a [u8]>,
    pub(super) signer: SignerName<'a>,
    pub(super) digest: Digest,
    pub(super) scheme: Scheme,
    /// The signed attributes as they stand, with their `[0]` tag.
    pub(super) attributes: Tlv<'a>,
    pub(super) signature: &'a [u8],
}

/// The attributes that decide.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attributes<'a> {
    pub(super) message_digest: &'a [u8],
    pub(super) signed_at: Timestamp,
    /// SHA-256 of the signer's certificate, where the attribute is there and uses SHA-256.
    pub(super) certificate_digest: Option<&'a [u8]>,
}

pub(super) fn signed_data(bytes: &[u8]) -> Result<SignedData<'_>, CmsError> {
    if bytes.len() > LONGEST {
        return Err(CmsError::TooLong);
    }
    let mut all = Reader::new(bytes);
    let mut outer = Reader::new(all.expect(der::SEQUENCE, "ContentInfo")?.value);
    all.finish("the end of the structure")?;
    if outer.expect(der::OID, "content type")?.value != oid::SIGNED_DATA {
        return Err(CmsError::NotSignedData("content type signedData"));
    }
    let mut explicit = Reader::new(outer.expect(der::CONTEXT_0, "content")?.value);
    outer.finish("the end of ContentInfo")?;
    let mut data = Reader::new(explicit.expect(der::SEQUENCE, "SignedData")?.value);
    explicit.finish("the end of the content")?;

    data.expect(der::INTEGER, "SignedData version")?;
    data.expect(der::SET, "digest algorithms")?;
    let mut encapsulated = Reader::new(data.expect(der::SEQUENCE, "encapsulated content")?.value);
    if encapsulated.expect(der::OID, "type of the content")?.value != oid::DATA {
        return Err(CmsError::ContentType);
    }
    let content = match encapsulated.optional(der::CONTEXT_0, "content")? {
        None => None,
        Some(explicit) => {
            let mut explicit = Reader::new(explicit.value);
            let octets = explicit.expect(der::OCTET_STRING, "content octets")?;
            explicit.finish("the end of the content octets")?;
            Some(octets.value)
        }
    };
    encapsulated.finish("the end of the encapsulated content")?;

    let mut certificates = Vec::new();
    if let Some(set) = data.optional(der::CONTEXT_0, "certificates")? {
        let mut set = Reader::new(set.value);
        while !set.is_empty() {
            if certificates.len() == CERTIFICATES_MOST {
                return Err(CmsError::Certificates);
            }
            certificates.push(set.next("certificate")?.raw);
        }
    }
    data.optional(der::CONTEXT_1, "revocation lists")?;
    let mut signers = Reader::new(data.expect(der::SET, "signers")?.value);
    data.finish("the end of SignedData")?;
    if signers.is_empty() {
        return Err(CmsError::Signers);
    }
    let info = signers.expect(der::SEQUENCE, "SignerInfo")?;
    if !signers.is_empty() {
        return Err(CmsError::Signers);
    }
    signer_info(info.value, content, certificates)
}

fn signer_info<'a>(
    info: &'a [u8],
    content: Option<&'a [u8]>,
    certificates: Vec<&'a [u8]>,
) -> Result<SignedData<'a>, CmsError> {
    let mut info = Reader::new(info);
    info.expect(der::INTEGER, "SignerInfo version")?;
    let identifier = info.next("signer identifier")?;
    let signer = match identifier.tag {
        der::SEQUENCE => {
            let mut parts = Reader::new(identifier.value);
            let issuer = parts.expect(der::SEQUENCE, "issuer")?.raw;
            let serial = parts.expect(der::INTEGER, "serial number")?.value;
            parts.finish("the end of the signer identifier")?;
            SignerName::IssuerAndSerial { issuer, serial }
        }
        der::CONTEXT_0_PRIMITIVE => SignerName::KeyId(identifier.value),
        _ => return Err(CmsError::NotSignedData("signer identifier")),
    };
    let digest = match algorithm(info.expect(der::SEQUENCE, "digest algorithm")?)? {
        oid::SHA256 => Digest::Sha256,
        oid::SHA384 => Digest::Sha384,
        _ => return Err(CmsError::Algorithm),
    };
    let attributes = info.optional(der::CONTEXT_0, "signed attributes")?.ok_or(CmsError::NoSignedAttributes)?;
    let scheme = match (algorithm(info.expect(der::SEQUENCE, "signature algorithm")?)?, digest) {
        (oid::ECDSA_SHA256, Digest::Sha256) | (oid::ECDSA_SHA384, Digest::Sha384) => Scheme::Ecdsa,
        (oid::RSA | oid::RSA_SHA256, Digest::Sha256) => Scheme::Rsa,
        _ => return Err(CmsError::Algorithm),
    };
    let signature = info.expect(der::OCTET_STRING, "signature")?.value;
    info.optional(der::CONTEXT_1, "unsigned attributes")?;
    info.finish("the end of SignerInfo")?;
    Ok(SignedData { content, certificates, signer, digest, scheme, attributes, signature })
}

fn algorithm(identifier: Tlv<'_>) -> Result<&[u8], CmsError> {
    let kind = Reader::new(identifier.value).expect(der::OID, "algorithm identifier")?.value;
    match oid::WEAK.iter().find(|(weak, _)| *weak == kind) {
        Some((_, name)) => Err(CmsError::WeakAlgorithm(name)),
        None => Ok(kind),
    }
}

pub(super) fn attributes(set: Tlv<'_>) -> Result<Attributes<'_>, CmsError> {
    let (mut content_type, mut message_digest, mut signing_time, mut certificate) = (None, None, None, None);
    let mut set = Reader::new(set.value);
    while !set.is_empty() {
        let mut attribute = Reader::new(set.expect(der::SEQUENCE, "attribute")?.value);
        let kind = attribute.expect(der::OID, "attribute type")?.value;
        let values = attribute.expect(der::SET, "attribute values")?;
        attribute.finish("the end of the attribute")?;
        let (name, slot) = match kind {
            oid::CONTENT_TYPE => ("contentType", &mut content_type),
            oid::MESSAGE_DIGEST => ("messageDigest", &mut message_digest),
            oid::SIGNING_TIME => ("signingTime", &mut signing_time),
            oid::SIGNING_CERTIFICATE_V2 => ("signingCertificateV2", &mut certificate),
            _ => continue,
        };
        let mut values = Reader::new(values.value);
        let repeated = CmsError::AttributeRepeated(name);
        if values.is_empty() || slot.is_some() {
            return Err(repeated);
        }
        *slot = Some(values.next("attribute value")?);
        if !values.is_empty() {
            return Err(repeated);
        }
    }
    let content_type = content_type.ok_or(CmsError::AttributeMissing("contentType"))?;
    if (content_type.tag, content_type.value) != (der::OID, oid::DATA) {
        return Err(CmsError::ContentType);
    }
    let message_digest: Tlv<'_> = message_digest.ok_or(CmsError::AttributeMissing("messageDigest"))?;
    if message_digest.tag != der::OCTET_STRING {
        return Err(CmsError::NotSignedData("messageDigest octets"));
    }
    let signed_at = time(signing_time.ok_or(CmsError::AttributeMissing("signingTime"))?)?;
    let certificate_digest = certificate.map(certificate_digest).transpose()?.flatten();
    Ok(Attributes { message_digest: message_digest.value, signed_at, certificate_digest })
}

/// The first `certHash` of a SigningCertificateV2; `None` when it was made with another digest than SHA-256.
fn certificate_digest(value: Tlv<'_>) -> Result<Option<&[u8]>, CmsError> {
    const NAME: &str = "signingCertificateV2";
    if value.tag != der::SEQUENCE {
        return Err(CmsError::NotSignedData(NAME));
    }
    let mut certificates = Reader::new(Reader::new(value.value).expect(der::SEQUENCE, NAME)?.value);
    let mut first = Reader::new(certificates.expect(der::SEQUENCE, NAME)?.value);
    if let Some(algorithm) = first.optional(der::SEQUENCE, NAME)?
        && Reader::new(algorithm.value).expect(der::OID, NAME)?.value != oid::SHA256
    {
        return Ok(None);
    }
    Ok(Some(first.expect(der::OCTET_STRING, NAME)?.value))
}

/// `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ`, the only forms DER and RFC 5652 leave.
fn time(value: Tlv<'_>) -> Result<Timestamp, CmsError> {
    let wrong = CmsError::SigningTime;
    let text = value.value.strip_suffix(b"Z").filter(|text| text.iter().all(u8::is_ascii_digit));
    let digits = text.ok_or(CmsError::SigningTime)?;
    let (year, rest) = match value.tag {
        der::UTC_TIME if digits.len() == 12 => digits.split_at(2),
        der::GENERALIZED_TIME if digits.len() == 14 => digits.split_at(4),
        _ => return Err(wrong),
    };
    let number = |digits: &[u8]| digits.iter().fold(0i16, |sum, digit| sum * 10 + i16::from(digit - b'0'));
    let year = match (value.tag, number(year)) {
        (der::UTC_TIME, short @ 0..50) => 2000 + short,
        (der::UTC_TIME, short) => 1900 + short,
        (_, long) => long,
    };
    let mut pairs = rest.chunks_exact(2).map(|pair| i8::try_from(number(pair)));
    let mut pair = || pairs.next().and_then(Result::ok).ok_or(CmsError::SigningTime);
    let (month, day, hour, minute, second) = (pair()?, pair()?, pair()?, pair()?, pair()?);
    let at = DateTime::new(year, month, day, hour, minute, second, 0).map_err(|_| CmsError::SigningTime)?;
    Offset::UTC.to_timestamp(at).map_err(|_| CmsError::SigningTime)
}
