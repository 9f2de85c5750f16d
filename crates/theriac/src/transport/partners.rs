//! The partners of the mutual TLS transport: who they are by certificate, for whom they speak, and where they are reached.

use crate::house::config::{PartnerConfig, ScriptConfig};
use crate::output::Problem;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use url::Url;
use zeroize::Zeroizing;

/// A partner, by the certificates it may show.
#[derive(Debug)]
pub(crate) struct Partner {
    /// Its name in this deployment's records.
    pub(crate) name: String,
    /// Exactly these certificates are its own.
    certificates: Vec<CertificateDer<'static>>,
    /// Who vouches for them; they themselves where nobody is named.
    anchors: Vec<CertificateDer<'static>>,
    /// The senders it may bring messages of, and the recipients that are reached through it.
    speaks_for: Vec<String>,
    /// Where it takes messages; `None` for one that only sends.
    pub(crate) url: Option<Url>,
}

impl Partner {
    /// Whether messages from or to this party go over the partner.
    pub(crate) fn speaks_for(&self, party: &str) -> bool {
        self.speaks_for.iter().any(|one| one == party)
    }

    /// The authorities under which its server is believed.
    pub(crate) fn anchors(&self) -> &[CertificateDer<'static>] {
        &self.anchors
    }
}

/// All partners, and this side's own certificate.
pub(crate) struct Partners {
    all: Vec<Arc<Partner>>,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    /// The same as it lies on disk.
    key_pem: Zeroizing<Vec<u8>>,
    /// Those that did not answer a moment ago, so that one that is gone does not hold the others up.
    silent: Mutex<HashMap<String, Instant>>,
}

/// How long a partner that did not answer is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(20);

fn wrong(what: String) -> Problem {
    Problem::wrong_use("SCRIPT-CONFIG", what, "correct [script] in theriac.toml, as docs/script-transport.md shows")
}

fn pem(dir: &Path, name: &Path) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let path = dir.join(name);
    let told = |why: &dyn std::fmt::Display| wrong(format!("{}: {why}", path.display()));
    let read = CertificateDer::pem_file_iter(&path).map_err(|error| told(&error))?;
    let found = read.collect::<Result<Vec<_>, _>>().map_err(|error| told(&error))?;
    if found.is_empty() { Err(told(&"it holds no certificate in PEM")) } else { Ok(found) }
}

fn partner(dir: &Path, config: &PartnerConfig) -> Result<Partner, Problem> {
    let url = config.url.as_ref().map(|text| text.parse::<Url>()).transpose();
    let url = url.map_err(|_| wrong(format!("the address of {} is none", config.name)))?;
    if url.as_ref().is_some_and(|url| url.scheme() != "https") {
        return Err(wrong(format!("the address of {} is not https", config.name)));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if config.name.is_empty() || config.name.len() > 60 || !config.name.chars().all(plain) {
        return Err(wrong(format!("{:?} is no name of a partner: 1 to 60 of a-z, 0-9, - _ .", config.name)));
    }
    if config.speaks_for.is_empty() {
        return Err(wrong(format!("{} speaks for nobody", config.name)));
    }
    let certificates = pem(dir, &config.certificate)?;
    let anchors = config.authority.as_ref().map_or_else(|| Ok(certificates.clone()), |path| pem(dir, path))?;
    Ok(Partner { name: config.name.clone(), certificates, anchors, speaks_for: config.speaks_for.clone(), url })
}

impl Partners {
    /// Reads what the configuration names.
    ///
    /// # Errors
    /// `SCRIPT-CONFIG`: a file that is not there or holds something else; one certificate or one party with two partners.
    pub(crate) fn load(dir: &Path, config: &ScriptConfig) -> Result<Self, Problem> {
        let all = config.partners.iter().map(|one| partner(dir, one)).collect::<Result<Vec<_>, _>>()?;
        for (n, one) in all.iter().enumerate() {
            for other in all.iter().skip(n + 1) {
                let both = |why: &str| wrong(format!("{} and {} {why}", one.name, other.name));
                if one.name == other.name {
                    return Err(both("have one name"));
                }
                if one.certificates.iter().any(|certificate| other.certificates.contains(certificate)) {
                    return Err(both("show the same certificate"));
                }
                if one.speaks_for.iter().any(|party| other.speaks_for(party)) {
                    return Err(both("speak for the same party"));
                }
            }
        }
        let at = dir.join(&config.key);
        let key_pem = Zeroizing::new(std::fs::read(&at).map_err(|error| Problem::unreadable(&at, &error))?);
        let key =
            PrivateKeyDer::from_pem_slice(&key_pem).map_err(|error| wrong(format!("{}: {error}", at.display())))?;
        let chain = pem(dir, &config.certificate)?;
        let all = all.into_iter().map(Arc::new).collect();
        Ok(Self { all, chain, key, key_pem, silent: Mutex::default() })
    }

    /// The partner that shows this certificate.
    pub(crate) fn by_certificate(&self, shown: &CertificateDer<'_>) -> Option<Arc<Partner>> {
        self.all.iter().find(|one| one.certificates.iter().any(|own| own.as_ref() == shown.as_ref())).cloned()
    }

    /// The partner through which a party is reached.
    pub(crate) fn towards(&self, party: &str) -> Option<Arc<Partner>> {
        self.all.iter().find(|one| one.url.is_some() && one.speaks_for(party)).cloned()
    }

    /// The pharmacies that are reached, by their identifiers of seven digits, with the partner's name.
    pub(crate) fn pharmacies(&self) -> Vec<(String, String)> {
        let is_one = |party: &&String| party.len() == 7 && party.bytes().all(|byte| byte.is_ascii_digit());
        let reached = self.all.iter().filter(|one| one.url.is_some());
        reached
            .flat_map(|one| one.speaks_for.iter().filter(is_one).map(|party| (party.clone(), one.name.clone())))
            .collect()
    }

    /// The certificate chain of this side, and its key in PEM.
    pub(crate) fn own(&self) -> (&[CertificateDer<'static>], &[u8]) {
        (&self.chain, &self.key_pem)
    }

    /// How the server greets partners: with its certificate, and never without one of theirs.
    pub(crate) fn server(&self) -> Result<ServerConfig, Problem> {
        let told = |error: &dyn std::fmt::Display| wrong(error.to_string());
        let mut roots = RootCertStore::empty();
        for anchor in self.all.iter().flat_map(|one| &one.anchors) {
            roots.add(anchor.clone()).map_err(|error| told(&error))?;
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let verifier = verifier.build().map_err(|error| told(&error))?;
        ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| told(&error))?
            .with_client_cert_verifier(verifier)
            .with_single_cert(self.chain.clone(), self.key.clone_key())
            .map_err(|error| told(&error))
    }

    /// Whether a partner did not answer a moment ago.
    pub(crate) fn is_silent(&self, partner: &Partner) -> bool {
        let silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        silent.get(&partner.name).is_some_and(|since| since.elapsed() < LEFT_ALONE)
    }

    /// Notes whether a partner answered.
    pub(crate) fn heard(&self, partner: &Partner, heard: Heard) {
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        match heard {
            Heard::Something => silent.remove(&partner.name),
            Heard::Nothing => silent.insert(partner.name.clone(), Instant::now()),
        };
    }
}

/// Whether a partner answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    Something,
    Nothing,
}
