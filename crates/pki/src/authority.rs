//! The certificate authority of one deployment: it certifies the keys of the deployment's own systems.
//!
//! In a demonstration its root says DEMO in its name, and so does every certificate under it. A production deployment may
//! replace the certificates by those of an outside authority; nothing else in this crate knows the difference.

use crate::certificate::{BadCertificate, Certificate};
use crate::deployment::Deployment;
use crate::keys::{PublicKey, SystemKey};
use aws_lc_rs::rand;
use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData,
    RevocationReason, RevokedCertParams, SerialNumber, SignatureAlgorithm, SigningKey,
};
use std::fmt;
use time::OffsetDateTime;

/// id-kp-documentSigning of RFC 9336.
const DOCUMENT_SIGNING: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 3, 36];
/// The organization in every name the authority of a demonstration makes.
const DEMO_ORGANIZATION: &str = "Theriac DEMO";
/// The organization in every name the authority of a production deployment makes.
const ORGANIZATION: &str = "Theriac deployment";
/// What follows every name in a demonstration.
const MARK: &str = " DEMO";

/// The systems that sign records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemRole {
    /// The prescriber's system signs and archives what the practitioner signed.
    PrescriberSystem,
    /// The intermediary signs what it passes on last.
    Relay,
    /// The pharmacy's system signs what it receives.
    Pharmacy,
}

impl SystemRole {
    /// The organizational unit that stands for the role in a certificate.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::PrescriberSystem => "prescriber system",
            Self::Relay => "relay",
            Self::Pharmacy => "pharmacy",
        }
    }

    /// The role a certificate of this authority names.
    pub fn of(certificate: &Certificate) -> Option<Self> {
        let unit = certificate.organizational_unit()?;
        [Self::PrescriberSystem, Self::Relay, Self::Pharmacy].into_iter().find(|role| role.unit() == unit)
    }
}

impl fmt::Display for SystemRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.unit())
    }
}

/// From when until when a certificate is valid, both inclusive, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first instant.
    pub from: Timestamp,
    /// The last instant.
    pub until: Timestamp,
}

/// What a certificate should say.
#[derive(Clone, Copy, Debug)]
pub struct CertificateRequest<'a> {
    /// The system's role.
    pub role: SystemRole,
    /// The system's name; the authority of a demonstration adds DEMO.
    pub name: &'a str,
    /// The key to certify.
    pub key: &'a PublicKey,
    /// When it shall be valid.
    pub validity: Validity,
}

/// Why a certificate was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The private key may be known to somebody else.
    KeyCompromise,
    /// The system was replaced.
    Superseded,
    /// The system is no longer in use.
    CessationOfOperation,
}

/// One line of a revocation list.
#[derive(Clone, Debug)]
pub struct Revoked {
    /// The certificate.
    pub certificate: Certificate,
    /// From when it is not to be trusted.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
}

/// Why the authority issued nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    /// The period ends before it begins, or lies outside the years 1970 to 9999.
    #[error("the validity ends before it begins, or is outside the calendar")]
    Validity,
    /// The name is empty or longer than X.509 allows (64 characters with DEMO).
    #[error("a name has 1 to 59 characters")]
    Name,
    /// The certificate given is not this key's root.
    #[error("the certificate is not the root of this key")]
    NotItsRoot,
    /// The encoder or the cryptographic module failed.
    #[error("the certificate could not be made: {0}")]
    Encoding(String),
    /// What was made cannot be read back: our own fault.
    #[error("the certificate made cannot be read: {0}")]
    Unreadable(BadCertificate),
}

struct Point(PublicKey);

impl PublicKeyData for Point {
    fn der_bytes(&self) -> &[u8] {
        self.0.point()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

struct Key(SystemKey);

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        self.0.public_key().point()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.0.sign(message).map(|signature| signature.as_ref().to_vec()).map_err(|_| rcgen::Error::RingUnspecified)
    }
}

/// A deployment's root authority.
pub struct Authority {
    issuer: Issuer<'static, Key>,
    certificate: Certificate,
    deployment: Deployment,
}

impl Authority {
    /// Makes a root for `key`.
    ///
    /// # Errors
    /// [`AuthorityError`].
    pub fn create(
        name: &str,
        key: SystemKey,
        validity: Validity,
        deployment: impl Into<Deployment>,
    ) -> Result<Self, AuthorityError> {
        let deployment = deployment.into();
        let params = root(name, validity, deployment)?;
        let key = Key(key);
        let made = params.self_signed(&key).map_err(|error| AuthorityError::Encoding(error.to_string()))?;
        let certificate = Certificate::from_der(made.der()).map_err(AuthorityError::Unreadable)?;
        Ok(Self { issuer: Issuer::new(params, key), certificate, deployment })
    }

    /// Takes up the work of a root made before.
    ///
    /// # Errors
    /// [`AuthorityError::NotItsRoot`] unless the certificate was made by [`Authority::create`] for this key.
    pub fn open(
        key: SystemKey,
        certificate: Certificate,
        deployment: impl Into<Deployment>,
    ) -> Result<Self, AuthorityError> {
        let deployment = deployment.into();
        let name = certificate.common_name();
        let name = match deployment {
            Deployment::Demo(_) => name.and_then(|name| name.strip_suffix(MARK)),
            Deployment::Production => name.filter(|name| !name.ends_with(MARK)),
        };
        let params = root(
            name.ok_or(AuthorityError::NotItsRoot)?,
            Validity { from: certificate.not_before(), until: certificate.not_after() },
            deployment,
        )?;
        if certificate.p256_key().as_ref() != Some(key.public_key()) || certificate.subject() != certificate.issuer() {
            return Err(AuthorityError::NotItsRoot);
        }
        Ok(Self { issuer: Issuer::new(params, Key(key)), certificate, deployment })
    }

    /// The root certificate: the trust anchor that others take over by hand.
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Issues a certificate for a system's signing key.
    ///
    /// # Errors
    /// [`AuthorityError`].
    pub fn issue(&self, request: &CertificateRequest<'_>) -> Result<Certificate, AuthorityError> {
        let mut params = params(request.name, request.validity, self.deployment)?;
        params.distinguished_name.push(DnType::OrganizationalUnitName, request.role.unit());
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
        // emailProtection lets `openssl cms -verify` accept the certificate without further options.
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::Other(DOCUMENT_SIGNING.to_vec()), ExtendedKeyUsagePurpose::EmailProtection];
        params.use_authority_key_identifier_extension = true;
        let made = params
            .signed_by(&Point(*request.key), &self.issuer)
            .map_err(|error| AuthorityError::Encoding(error.to_string()))?;
        Certificate::from_der(made.der()).map_err(AuthorityError::Unreadable)
    }

    /// A revocation list in DER. `number` must grow from list to list; the list binds until `validity.until`.
    ///
    /// # Errors
    /// [`AuthorityError`].
    pub fn revocation_list(
        &self,
        revoked: &[Revoked],
        number: u64,
        validity: Validity,
    ) -> Result<Vec<u8>, AuthorityError> {
        let revoked_certs = revoked
            .iter()
            .map(|line| {
                Ok(RevokedCertParams {
                    serial_number: SerialNumber::from_slice(line.certificate.serial()),
                    revocation_time: date(line.at)?,
                    reason_code: Some(match line.reason {
                        Reason::KeyCompromise => RevocationReason::KeyCompromise,
                        Reason::Superseded => RevocationReason::Superseded,
                        Reason::CessationOfOperation => RevocationReason::CessationOfOperation,
                    }),
                    invalidity_date: None,
                })
            })
            .collect::<Result<_, AuthorityError>>()?;
        let params = CertificateRevocationListParams {
            this_update: date(validity.from)?,
            next_update: date(validity.until)?,
            crl_number: SerialNumber::from(number),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let made = params.signed_by(&self.issuer).map_err(|error| AuthorityError::Encoding(error.to_string()))?;
        Ok(made.der().to_vec())
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authority({})", self.certificate.subject())
    }
}

fn root(name: &str, validity: Validity, deployment: Deployment) -> Result<CertificateParams, AuthorityError> {
    let mut params = params(name, validity, deployment)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn params(name: &str, validity: Validity, deployment: Deployment) -> Result<CertificateParams, AuthorityError> {
    if name.is_empty() || name.chars().count() > 59 {
        return Err(AuthorityError::Name);
    }
    if validity.until < validity.from {
        return Err(AuthorityError::Validity);
    }
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    let (mark, organization) = match deployment {
        Deployment::Demo(_) => (MARK, DEMO_ORGANIZATION),
        Deployment::Production => ("", ORGANIZATION),
    };
    params.distinguished_name.push(DnType::CommonName, format!("{name}{mark}"));
    params.distinguished_name.push(DnType::OrganizationName, organization);
    params.not_before = date(validity.from)?;
    params.not_after = date(validity.until)?;
    params.key_identifier_method = KeyIdMethod::Sha256;
    let mut serial = [0u8; 16];
    rand::fill(&mut serial).map_err(|_| AuthorityError::Encoding("no random numbers".to_owned()))?;
    // Positive and with no leading zero, so that its encoding is these 16 bytes.
    if let Some(first) = serial.first_mut() {
        *first = (*first & 0x3f) | 0x40;
    }
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    Ok(params)
}

/// The instant as `rcgen` takes it, to the second.
fn date(at: Timestamp) -> Result<OffsetDateTime, AuthorityError> {
    if at.as_second() < 0 {
        return Err(AuthorityError::Validity);
    }
    OffsetDateTime::from_unix_timestamp(at.as_second()).map_err(|_| AuthorityError::Validity)
}
