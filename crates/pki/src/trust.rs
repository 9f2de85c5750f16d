//! Which certificates are trusted, and until when: anchors, revocation lists, and a cache of checked paths. What makes a
//! path is in [`crate::path`].

use crate::certificate::{BadCertificate, Certificate, sha256};
use crate::cms::{self, Certificates, Verified};
use crate::path::{Directory, PathSettings, Purpose, Revocation};
use jiff::{SignedDuration, Timestamp};
use rustls_pki_types::{SignatureVerificationAlgorithm, UnixTime};
use std::collections::HashMap;
use std::fmt;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;
use theriac_model::Refusal;
use webpki::aws_lc_rs;

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
    anchors: Vec<Certificate>,
    intermediates: Vec<Certificate>,
    directory: Directory,
    parsed: RwLock<HashMap<[u8; 32], Certificate>>,
    windows: RwLock<HashMap<[u8; 32], Window>>,
}

impl TrustStore {
    /// Trusts these roots.
    ///
    /// # Errors
    /// [`BadCertificate::Unreadable`] for one that cannot be an anchor.
    pub fn new(anchors: &[Certificate]) -> Result<Self, BadCertificate> {
        Ok(Self {
            anchors: anchors.to_vec(),
            intermediates: Vec::new(),
            directory: Directory::new(anchors)?,
            parsed: RwLock::default(),
            windows: RwLock::default(),
        })
    }

    /// Adds a certificate that stands between an anchor and signers, or signs revocation lists. One with an extension that
    /// cannot be read leads nowhere.
    #[must_use]
    pub fn with_intermediate(mut self, certificate: Certificate) -> Self {
        if self.directory.add_certificate(&certificate).is_ok() {
            self.intermediates.push(certificate);
        }
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
        self.directory.add_list(der)?;
        self.windows = RwLock::default();
        Ok(())
    }

    /// The trust anchors.
    pub fn anchors(&self) -> impl Iterator<Item = &Certificate> {
        self.anchors.iter()
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

    /// Builds the path as of `at` and finds the period around `at` for which its answer holds.
    fn build(&self, certificate: &Certificate, at: Timestamp) -> Result<Window, PathError> {
        if at < certificate.not_before() {
            return Err(PathError::NotYetValid { from: certificate.not_before() });
        }
        if at > end_of_second(certificate.not_after()) {
            return Err(PathError::Expired { until: certificate.not_after() });
        }
        if !certificate.may_sign() {
            return Err(PathError::Purpose);
        }
        let revocation = if self.directory.has_lists() { Revocation::Checked } else { Revocation::NotChecked };
        let settings = PathSettings { purpose: Purpose::SigningRecords, revocation, ..PathSettings::default() };
        let held = self.directory.held(certificate, at, &settings)?;
        Ok(Window { from: held.from, until: held.until, revoked: held.revoked })
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
        write!(f, "TrustStore({:?})", self.directory)
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
pub(crate) fn end_of_second(second: Timestamp) -> Timestamp {
    second.checked_add(SignedDuration::from_nanos(999_999_999)).unwrap_or(Timestamp::MAX)
}

/// The instant as path validation takes it, in whole seconds; `None` before 1970.
pub(crate) fn unix_time(at: Timestamp) -> Option<UnixTime> {
    let seconds = u64::try_from(at.as_second()).ok()?;
    Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
}
