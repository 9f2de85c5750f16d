//! A demonstration authority with one certificate for each system.

use crate::clock::instant;
use theriac_pki::{
    Authority, Certificate, CertificateRequest, DemoDeployment, Deployment, Signer, SystemKey, SystemRole, TrustStore,
    Validity,
};

/// The permission of a demonstration, as its configuration gives it.
///
/// # Panics
/// Never in a working crate.
pub fn demo() -> DemoDeployment {
    demo_deployment().demo().expect("DEMO is a demonstration")
}

/// A deployment declared a demonstration.
///
/// # Panics
/// Never in a working crate.
pub fn demo_deployment() -> Deployment {
    Deployment::declared("DEMO").expect("a known word")
}

/// When the test certificates are valid: all of 2026.
pub fn year_2026() -> Validity {
    Validity { from: instant("2026-01-01T00:00:00Z"), until: instant("2026-12-31T23:59:59Z") }
}

/// A root and three systems under it.
#[derive(Debug)]
pub struct TestPki {
    /// The root.
    pub authority: Authority,
    /// The prescriber's system.
    pub prescriber: Signer,
    /// The intermediary.
    pub relay: Signer,
    /// The pharmacy's system.
    pub pharmacy: Signer,
}

impl TestPki {
    /// Fresh keys and certificates, valid in 2026 (the root from 2020 to 2039).
    ///
    /// # Panics
    /// When the cryptographic module fails.
    #[allow(clippy::new_without_default)] // random keys are no default
    pub fn new() -> Self {
        let validity = Validity { from: instant("2020-01-01T00:00:00Z"), until: instant("2039-12-31T23:59:59Z") };
        let key = SystemKey::generate().expect("a key");
        let authority = Authority::create("Test root", key, validity, demo()).expect("a root");
        let signer = |role, name| issue(&authority, role, name, year_2026());
        Self {
            prescriber: signer(SystemRole::PrescriberSystem, "Test practice"),
            relay: signer(SystemRole::Relay, "Test relay"),
            pharmacy: signer(SystemRole::Pharmacy, "Test pharmacy"),
            authority,
        }
    }

    /// A store that trusts this root and nothing else.
    ///
    /// # Panics
    /// When the root is no anchor.
    pub fn trust(&self) -> TrustStore {
        TrustStore::new(&[self.root()]).expect("the root is an anchor")
    }

    /// The root certificate.
    pub fn root(&self) -> Certificate {
        self.authority.certificate().clone()
    }
}

/// A signer with a fresh key under `authority`.
///
/// # Panics
/// When the request is not one the authority can meet.
pub fn issue(authority: &Authority, role: SystemRole, name: &str, validity: Validity) -> Signer {
    let key = SystemKey::generate().expect("a key");
    let request = CertificateRequest { role, name, key: key.public_key(), validity };
    let certificate = authority.issue(&request).expect("a certificate");
    Signer::new(key, certificate).expect("the certificate is for the key")
}
