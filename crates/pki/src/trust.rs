//! Which certificates are trusted, and until when: anchors, revocation lists, and a cache of checked paths.

use crate::certificate::{BadCertificate, Certificate, sha256};
use crate::cms::{self, Certificates, Verified};
use der::{Decode as _, Encode as _};
use jiff::{SignedDuration, Timestamp};
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use std::collections::HashMap;
use std::fmt;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;
use theriac_model::Refusal;
use webpki::{
    CertRevocationList, EndEntityCert, Error, ExpirationPolicy, ExtendedKeyUsageValidator, KeyPurposeId,
    KeyPurposeIdIter, OwnedCertRevocationList, RevocationCheckDepth, RevocationOptionsBuilder, UnknownStatusPolicy,
    anchor_from_trusted_cert, aws_lc_rs,
};

/// The longest revocation list that is read, in bytes.
const LIST_LONGEST: usize = 16 * 1024 * 1024;
/// How many certificates the cache holds before it begins anew.
const CACHE_MOST: usize = 4096;

/// The signature algorithms a path may use. None with SHA-1.
pub(crate) static SIGNATURES: &[&dyn SignatureVerificationAlgorithm] = &[
    aws_lc_rs::ECDSA_P256_SHA256,
    aws_lc_rs::ECDSA_P384_SHA384,
    aws_lc_rs::ECDSA_P256_SHA384,
    aws_lc_rs::ECDSA_P384_SHA256,
    aws_lc_rs::RSA_PKCS1_2048_8192_SHA256,
    aws_lc_rs::RSA_PKCS1_2048_8192_SHA384,
    aws_lc_rs::RSA_PKCS1_2048_8192_SHA512,
];

/// Why a certificate is not trusted at an instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// No trust anchor issued it, directly or through the intermediates known.
    #[error("the certificate of {0} was not issued under a trusted authority")]
    UnknownIssuer(String),
    /// Its validity had not begun.
    #[error("the certificate is valid from {from} only")]
    NotYetValid {
        /// The first valid instant.
        from: Timestamp,
    },
    /// Its validity had ended.
    #[error("the certificate was valid until {until}")]
    Expired {
        /// The last valid instant.
        until: Timestamp,
    },
    /// The issuer had revoked it.
    #[error("the certificate was revoked at {since}")]
    Revoked {
        /// When it was revoked.
        since: Timestamp,
    },
    /// A revocation list is there and has passed its next update.
    #[error("the revocation list of the issuer is out of date")]
    StaleRevocationList,
    /// Revocation lists are in use and none is from the issuer.
    #[error("no revocation list of the certificate's issuer is here")]
    NoRevocationList,
    /// It is for something else than signing documents.
    #[error("the certificate is not for signing documents")]
    Purpose,
    /// A signature in the path is wrong, or the path breaks another rule of RFC 5280.
    #[error("the certificate path does not verify: {0}")]
    Invalid(String),
}

impl PathError {
    /// The refusal to show and record.
    pub fn refusal(&self) -> Refusal {
        let (code, next) = match self {
            Self::UnknownIssuer(_) => {
                ("PKI-PATH-ISSUER", "ask the sender who certified it; the operator adds trust anchors")
            }
            Self::NotYetValid { .. } => ("PKI-PATH-EARLY", "check the clocks of both systems"),
            Self::Expired { .. } => ("PKI-PATH-EXPIRED", "ask the signer to renew the certificate and sign again"),
            Self::Revoked { .. } => ("PKI-PATH-REVOKED", "do not rely on the record; call the signer"),
            Self::StaleRevocationList => ("PKI-PATH-STALE-LIST", "import the issuer's current revocation list"),
            Self::NoRevocationList => ("PKI-PATH-NO-LIST", "import the issuer's current revocation list"),
            Self::Purpose => ("PKI-PATH-PURPOSE", "ask the signer for a certificate for signing documents"),
            Self::Invalid(_) => ("PKI-PATH-INVALID", "do not rely on the record; call the signer"),
        };
        Refusal::new(code, "21 CFR 1300.03, \"valid digital certificate\"; 1311.205(b)(5)", self.to_string(), next)
    }
}

impl From<PathError> for Refusal {
    fn from(error: PathError) -> Self {
        error.refusal()
    }
}

/// Bytes are not a revocation list that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRevocationList {
    /// More than 16 MiB.
    #[error("the revocation list is longer than 16 MiB")]
    TooLong,
    /// Not an X.509 version 2 revocation list in DER.
    #[error("this is not an X.509 revocation list")]
    Unreadable,
}

/// Proof that a signature verifies and that its certificate was trusted at the instant asked about.
#[derive(Clone, Debug)]
pub struct Trusted<'a>(Verified<'a>);

impl<'a> Trusted<'a> {
    /// The bytes that were signed.
    pub const fn content(&self) -> &'a [u8] {
        self.0.content()
    }

    /// When the signer says it signed, to the second.
    pub const fn signed_at(&self) -> Timestamp {
        self.0.signed_at()
    }

    /// The trusted certificate.
    pub const fn certificate(&self) -> &Certificate {
        self.0.certificate()
    }

    /// The signature alone, as checked.
    pub const fn verified(&self) -> &Verified<'a> {
        &self.0
    }
}

/// The instant a certificate path is judged at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judge {
    /// At this instant: on receipt.
    At(Timestamp),
    /// When the signer says it signed: for archived records that were checked on receipt.
    WhenSigned,
}

struct RevocationList {
    list: CertRevocationList<'static>,
    issuer_der: Vec<u8>,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    revoked: HashMap<Vec<u8>, Timestamp>,
}

/// What is known of a certificate that chains to an anchor: from when until when the path holds, both inclusive, and
/// from when the certificate is revoked.
#[derive(Clone, Copy)]
struct Window {
    from: Timestamp,
    until: Timestamp,
    revoked: Option<Timestamp>,
}

/// Trust anchors, intermediates and revocation lists, with a cache: a path is built once for a certificate, and the
/// answer for any instant follows from the dates found then. Shared between threads.
pub struct TrustStore {
    anchors: Vec<(Certificate, TrustAnchor<'static>)>,
    intermediates: Vec<Certificate>,
    lists: Vec<RevocationList>,
    parsed: RwLock<HashMap<[u8; 32], Certificate>>,
    windows: RwLock<HashMap<[u8; 32], Window>>,
}

impl TrustStore {
    /// Trusts these roots.
    ///
    /// # Errors
    /// [`BadCertificate::Unreadable`] for one that cannot be an anchor.
    pub fn new(anchors: &[Certificate]) -> Result<Self, BadCertificate> {
        let anchors = anchors
            .iter()
            .map(|anchor| {
                let der = CertificateDer::from(anchor.der());
                let parsed = anchor_from_trusted_cert(&der).map_err(|_| BadCertificate::Unreadable)?;
                Ok((anchor.clone(), parsed.to_owned()))
            })
            .collect::<Result<_, BadCertificate>>()?;
        Ok(Self {
            anchors,
            intermediates: Vec::new(),
            lists: Vec::new(),
            parsed: RwLock::default(),
            windows: RwLock::default(),
        })
    }

    /// Adds a certificate that stands between an anchor and signers.
    #[must_use]
    pub fn with_intermediate(mut self, certificate: Certificate) -> Self {
        self.intermediates.push(certificate);
        self.windows = RwLock::default();
        self
    }

    /// Adds a revocation list. From the first one on, every certificate must be covered by a current list.
    ///
    /// # Errors
    /// [`BadRevocationList`]. Whether its signature is good is found when it is used.
    pub fn with_revocation_list(mut self, der: &[u8]) -> Result<Self, BadRevocationList> {
        self.add_revocation_list(der)?;
        Ok(self)
    }

    /// The same for a store that is kept; after an error it is as before.
    ///
    /// # Errors
    /// [`BadRevocationList`].
    pub fn add_revocation_list(&mut self, der: &[u8]) -> Result<(), BadRevocationList> {
        if der.len() > LIST_LONGEST {
            return Err(BadRevocationList::TooLong);
        }
        let unreadable = |_| BadRevocationList::Unreadable;
        let list = OwnedCertRevocationList::from_der(der).map_err(|_| BadRevocationList::Unreadable)?;
        let parsed = x509_cert::crl::CertificateList::<x509_cert::certificate::Rfc5280>::from_der(der)
            .map_err(|_| BadRevocationList::Unreadable)?;
        let instant = |time: x509_cert::time::Time| {
            let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
            Timestamp::from_second(seconds)
        };
        let mut revoked = HashMap::new();
        for line in parsed.tbs_cert_list.revoked_certificates.unwrap_or_default() {
            revoked.insert(line.serial_number.as_bytes().to_vec(), instant(line.revocation_date).map_err(unreadable)?);
        }
        self.lists.push(RevocationList {
            list: list.into(),
            issuer_der: parsed.tbs_cert_list.issuer.to_der().map_err(|_| BadRevocationList::Unreadable)?,
            this_update: instant(parsed.tbs_cert_list.this_update).map_err(unreadable)?,
            next_update: parsed.tbs_cert_list.next_update.map(instant).transpose().map_err(unreadable)?,
            revoked,
        });
        self.lists.sort_by_key(|list| std::cmp::Reverse(list.this_update));
        self.windows = RwLock::default();
        Ok(())
    }

    /// The trust anchors.
    pub fn anchors(&self) -> impl Iterator<Item = &Certificate> {
        self.anchors.iter().map(|(certificate, _)| certificate)
    }

    /// Whether `certificate` may sign documents at `at`.
    ///
    /// A signature made before the certificate was revoked stays good: the question is asked for an instant.
    ///
    /// # Errors
    /// [`PathError`]. When several hold, the order is: not yet valid, expired, purpose, path, revocation list, revoked.
    pub fn check(&self, certificate: &Certificate, at: Timestamp) -> Result<(), PathError> {
        let known = self.windows.read().unwrap_or_else(PoisonError::into_inner).get(certificate.digest()).copied();
        let window = if let Some(window) = known.filter(|window| window.from <= at && at <= window.until) {
            window
        } else {
            let window = self.build(certificate, at)?;
            insert(&self.windows, *certificate.digest(), window);
            window
        };
        match window.revoked {
            Some(since) if at >= since => Err(PathError::Revoked { since }),
            _ => Ok(()),
        }
    }

    /// Checks a signature that carries its content, and its certificate.
    ///
    /// # Errors
    /// The refusal of [`crate::CmsError`] or [`PathError`].
    pub fn verify_attached<'a>(&self, cms: &'a [u8], judge: Judge) -> Result<Trusted<'a>, Refusal> {
        self.verify(cms, None, judge)
    }

    /// Checks a detached signature over `content`, and its certificate.
    ///
    /// # Errors
    /// The refusal of [`crate::CmsError`] or [`PathError`].
    pub fn verify_detached<'a>(&self, cms: &'a [u8], content: &'a [u8], judge: Judge) -> Result<Trusted<'a>, Refusal> {
        self.verify(cms, Some(content), judge)
    }

    fn verify<'a>(&self, cms: &'a [u8], content: Option<&'a [u8]>, judge: Judge) -> Result<Trusted<'a>, Refusal> {
        let verified = cms::verify(cms, content, self).map_err(|error| error.refusal())?;
        let at = match judge {
            Judge::At(at) => at,
            Judge::WhenSigned => verified.signed_at(),
        };
        self.check(verified.certificate(), at)?;
        Ok(Trusted(verified))
    }

    /// Builds the path as of `at` and finds the longest period around `at` for which its answer holds.
    fn build(&self, certificate: &Certificate, at: Timestamp) -> Result<Window, PathError> {
        if at < certificate.not_before() {
            return Err(PathError::NotYetValid { from: certificate.not_before() });
        }
        let last = end_of_second(certificate.not_after());
        if at > last {
            return Err(PathError::Expired { until: certificate.not_after() });
        }
        if !certificate.may_sign() {
            return Err(PathError::Purpose);
        }
        let mut window = Window { from: certificate.not_before(), until: last, revoked: None };
        let der = CertificateDer::from(certificate.der());
        let leaf = EndEntityCert::try_from(&der).map_err(|error| PathError::Invalid(error.to_string()))?;
        let anchors: Vec<_> = self.anchors.iter().map(|(_, anchor)| anchor.clone()).collect();
        let between: Vec<_> = self.intermediates.iter().map(|known| CertificateDer::from(known.der())).collect();
        let time = unix_time(at).ok_or_else(|| PathError::Invalid("before 1970".to_owned()))?;
        let path = leaf
            .verify_for_usage(SIGNATURES, &anchors, &between, time, DocumentSigning, None, None)
            .map_err(|error| explain(&error, certificate))?;

        let mut authorities: Vec<&Certificate> = path
            .intermediate_certificates()
            .filter_map(|used| self.intermediates.iter().find(|known| known.der() == used.der().as_ref()))
            .collect();
        // The anchor of the path, by its subject: a root that has expired no longer vouches for anybody.
        let issuer = authorities.last().map_or(certificate.issuer_der(), |last| last.issuer_der());
        let root = self.anchors.iter().map(|(root, _)| root).find(|root| root.subject_der() == issuer);
        authorities.extend(root);
        for authority in &authorities {
            // RFC 5280, 6.1.4(n), which webpki leaves out.
            if !authority.may_certify() {
                return Err(PathError::Invalid(format!("{} may not sign certificates", authority.subject())));
            }
            if at < authority.not_before() {
                return Err(PathError::NotYetValid { from: authority.not_before() });
            }
            if at > end_of_second(authority.not_after()) {
                return Err(PathError::Expired { until: authority.not_after() });
            }
            window.from = window.from.max(authority.not_before());
            window.until = window.until.min(end_of_second(authority.not_after()));
        }
        if !self.lists.is_empty() {
            self.revocation(&leaf, certificate, &authorities, time, &anchors, &between, &mut window)?;
        }
        Ok(window)
    }

    #[allow(clippy::too_many_arguments)] // the pieces of one path, which only this file joins
    fn revocation(
        &self,
        leaf: &EndEntityCert<'_>,
        certificate: &Certificate,
        authorities: &[&Certificate],
        time: UnixTime,
        anchors: &[TrustAnchor<'_>],
        between: &[CertificateDer<'_>],
        window: &mut Window,
    ) -> Result<(), PathError> {
        let lists: Vec<_> = self.lists.iter().map(|known| &known.list).collect();
        let options = RevocationOptionsBuilder::new(&lists)
            .map_err(|_| PathError::NoRevocationList)?
            .with_depth(RevocationCheckDepth::Chain)
            .with_status_policy(UnknownStatusPolicy::Deny)
            .with_expiration_policy(ExpirationPolicy::Enforce)
            .build();
        let checked = leaf.verify_for_usage(SIGNATURES, anchors, between, time, DocumentSigning, Some(options), None);
        for list in &self.lists {
            let issued = |certificate: &Certificate| certificate.issuer_der() == list.issuer_der;
            if issued(certificate) {
                // Lists are kept newest first; the first of the issuer is the one that counted.
                window.revoked = list.revoked.get(certificate.serial()).copied();
                window.until = list.next_update.map_or(window.until, |next| window.until.min(end_of_second(next)));
                break;
            }
        }
        let authority_revoked = |list: &RevocationList| {
            let of = |authority: &&&Certificate| {
                authority.issuer_der() == list.issuer_der && list.revoked.contains_key(authority.serial())
            };
            authorities.iter().any(|authority| of(&authority))
        };
        match checked.map(|_| ()) {
            Err(Error::CertRevoked) if self.lists.iter().any(authority_revoked) => {
                Err(PathError::Invalid("an authority in the path was revoked".to_owned()))
            }
            Ok(()) => Ok(()),
            Err(Error::CertRevoked) if window.revoked.is_some() => Ok(()),
            Err(error) => Err(explain(&error, certificate)),
        }
    }
}

impl Certificates for TrustStore {
    fn parse(&self, der: &[u8]) -> Result<Certificate, BadCertificate> {
        let digest = sha256(der);
        let known = self.parsed.read().unwrap_or_else(PoisonError::into_inner).get(&digest).cloned();
        if let Some(certificate) = known {
            return Ok(certificate);
        }
        let certificate = Certificate::from_der(der)?;
        insert(&self.parsed, digest, certificate.clone());
        Ok(certificate)
    }

    fn find(&self, matches: &dyn Fn(&Certificate) -> bool) -> Option<Certificate> {
        let parsed = self.parsed.read().unwrap_or_else(PoisonError::into_inner);
        self.intermediates.iter().chain(parsed.values()).find(|known| matches(known)).cloned()
    }
}

impl fmt::Debug for TrustStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TrustStore({} anchors, {} revocation lists)", self.anchors.len(), self.lists.len())
    }
}

/// A bounded cache: when it is full it begins anew, so strangers' certificates cannot fill the memory.
fn insert<V>(cache: &RwLock<HashMap<[u8; 32], V>>, key: [u8; 32], value: V) {
    let mut cache = cache.write().unwrap_or_else(PoisonError::into_inner);
    if cache.len() >= CACHE_MOST {
        cache.clear();
    }
    cache.insert(key, value);
}

/// Certificates count whole seconds, and the last one is inside.
fn end_of_second(second: Timestamp) -> Timestamp {
    second.checked_add(SignedDuration::from_nanos(999_999_999)).unwrap_or(Timestamp::MAX)
}

/// The instant as path validation takes it, in whole seconds; `None` before 1970.
pub(crate) fn unix_time(at: Timestamp) -> Option<UnixTime> {
    let seconds = u64::try_from(at.as_second()).ok()?;
    Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
}

/// Which extended key usages may sign records: document signing (RFC 9336), e-mail protection, any. A certificate without
/// the extension is not restricted.
struct DocumentSigning;

const PURPOSES: [&[u8]; 3] = [
    &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x24],
    &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04],
    &[0x55, 0x1d, 0x25, 0x00],
];

impl ExtendedKeyUsageValidator for DocumentSigning {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        let mut restricted = false;
        for purpose in purposes {
            restricted = true;
            let purpose = purpose?;
            if PURPOSES.iter().any(|accepted| KeyPurposeId::new(accepted) == purpose) {
                return Ok(());
            }
        }
        if restricted { Err(Error::EmptyEkuExtension) } else { Ok(()) }
    }
}

fn explain(error: &Error, certificate: &Certificate) -> PathError {
    match error {
        Error::UnknownIssuer => PathError::UnknownIssuer(certificate.subject().to_owned()),
        Error::EmptyEkuExtension => PathError::Purpose,
        Error::CertNotValidYet { not_before, .. } => PathError::NotYetValid { from: timestamp(*not_before) },
        Error::CertExpired { not_after, .. } => PathError::Expired { until: timestamp(*not_after) },
        Error::CrlExpired { .. } => PathError::StaleRevocationList,
        Error::UnknownRevocationStatus => PathError::NoRevocationList,
        Error::CertRevoked => PathError::Invalid("an authority in the path was revoked".to_owned()),
        Error::InvalidSignatureForPublicKey => {
            PathError::Invalid("the signature on a certificate is not its issuer's".to_owned())
        }
        other => PathError::Invalid(other.to_string()),
    }
}

fn timestamp(time: UnixTime) -> Timestamp {
    i64::try_from(time.as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .unwrap_or(Timestamp::MAX)
}
