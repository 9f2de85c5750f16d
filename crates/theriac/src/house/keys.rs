//! The keys and certificates of a deployment, on disk and in memory.

use crate::output::Problem;
use aws_lc_rs::hmac;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use theriac_journal::{NoteSigner, NoteVerifier};
use theriac_model::DeaNumber;
use theriac_pki::authority::CertificateRequest;
use theriac_pki::otp::SeedKey;
use theriac_pki::{
    Authority, Certificate, CheckpointKey, DemoDeployment, Deployment, Password, Signer, SystemKey, SystemRole,
    TrustStore, Validity,
};

/// The password of key files in a demonstration. Everyone knows it, as everyone may read a demonstration.
pub(crate) const DEMO_PASSWORD: &str = "demonstration only";
/// Where the password of a deployment's key files is taken from.
pub(crate) const PASSWORD_VARIABLE: &str = "THERIAC_KEY_PASSWORD";

/// The fewest bytes of a password that protects keys, as key files want them.
const SHORTEST: usize = 14;

/// The three systems of a prescription's way, each with its own key, and the journal's checkpoint key.
pub(crate) struct Keys {
    pub(crate) prescriber: Signer,
    pub(crate) relay: Signer,
    pub(crate) pharmacy: Signer,
    pub(crate) checkpoint: std::sync::Arc<NoteSigner>,
    /// Whose seals are believed on what other nodes send or hand over: this deployment's authority, and those of its partners.
    pub(crate) partners: TrustStore,
    pub(crate) authority: Certificate,
    /// Under which authority each partner pharmacy seals, by its registration.
    sealing: HashMap<DeaNumber, TrustStore>,
    /// From which secrets of the deployment are derived that are stored nowhere.
    root: hmac::Key,
}

const SYSTEMS: [(SystemRole, &str, &str); 3] = [
    (SystemRole::PrescriberSystem, "prescriber", "Prescribing application"),
    (SystemRole::Relay, "relay", "Intermediary"),
    (SystemRole::Pharmacy, "pharmacy", "Pharmacy application"),
];

fn key_path(dir: &Path, name: &str) -> PathBuf {
    dir.join("keys").join(format!("{name}.key"))
}

fn certificate_path(dir: &Path, name: &str) -> PathBuf {
    dir.join("certificates").join(format!("{name}.pem"))
}

/// Where the key that verifies the deployment's checkpoints is written, for everyone to take.
pub(crate) fn verifier_path(dir: &Path) -> PathBuf {
    dir.join("certificates").join("checkpoint.vkey")
}

/// Writes a file that only this account reads, and the folder it lies in.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| Problem::unwritable(parent, &error))?;
    }
    fs::write(path, bytes).map_err(|error| Problem::unwritable(path, &error))?;
    private(path).map_err(|error| Problem::unwritable(path, &error))
}

#[cfg(unix)]
fn private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn private(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    fs::read(path).map_err(|error| Problem::unreadable(path, &error))
}

fn module(error: impl std::fmt::Display) -> Problem {
    Problem::failed("KEYS-MODULE", error.to_string(), "check that the machine's random source works, then try again")
}

/// The password for key files: from the environment, or the demonstration's.
///
/// # Errors
/// In production without a password of its own, or with one shorter than 14 bytes.
pub(crate) fn password(deployment: Deployment) -> Result<Password, Problem> {
    let given = std::env::var(PASSWORD_VARIABLE).ok();
    match (deployment, given) {
        (Deployment::Demo(_), given) => Ok(Password::new(given.unwrap_or_else(|| DEMO_PASSWORD.to_owned()))),
        (Deployment::Production, Some(given)) if given != DEMO_PASSWORD && given.len() >= SHORTEST => {
            Ok(Password::new(given))
        }
        (Deployment::Production, given) => Err(Problem::wrong_use(
            "KEYS-PASSWORD",
            match given {
                None => format!("a production deployment needs the password of its key files in {PASSWORD_VARIABLE}"),
                Some(_) => format!(
                    "the password in {PASSWORD_VARIABLE} is shorter than {SHORTEST} bytes, or the demonstration's"
                ),
            },
            "set it to a password that only the operator knows, then try again",
        )),
    }
}

/// The authorities of nodes that send prescriptions or hand them over: this one, and each `certificates/partners/*.pem`.
fn partners(dir: &Path, own: &Certificate) -> Result<Vec<Certificate>, Problem> {
    let mut found = vec![own.clone()];
    let folder = dir.join("certificates").join("partners");
    let Ok(files) = std::fs::read_dir(&folder) else { return Ok(found) };
    let mut paths: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "pem")) {
        found.push(certificate(path)?);
    }
    Ok(found)
}

/// The authorities of partner pharmacies: a file named after registrations, such as `FS4564567.pem`, or `FS4564567+FT1234563.pem`
/// for an authority of several, may seal what these hand over, and nobody else's.
fn sealing(dir: &Path) -> Result<HashMap<DeaNumber, TrustStore>, Problem> {
    let mut found: HashMap<DeaNumber, Vec<Certificate>> = HashMap::new();
    let Ok(files) = fs::read_dir(dir.join("certificates").join("partners")) else { return Ok(HashMap::new()) };
    for path in files.filter_map(|file| Some(file.ok()?.path())) {
        let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        if path.extension().is_none_or(|extension| extension != "pem") {
            continue;
        }
        for number in stem.split('+').filter_map(|part| DeaNumber::parse(part).ok()) {
            found.entry(number).or_default().push(certificate(&path)?);
        }
    }
    found.into_iter().map(|(number, own)| Ok((number, TrustStore::new(&own).map_err(module)?))).collect()
}

impl Keys {
    /// The authority under which the pharmacy with this registration seals; `None` where the operator has named none.
    pub(crate) fn sealing(&self, pharmacy: DeaNumber) -> Option<&TrustStore> {
        self.sealing.get(&pharmacy)
    }

    /// Makes an authority, keys and certificates for a new deployment and stores them under `dir`.
    ///
    /// `origin` names the journal in its checkpoints. The authority's own key is used here and then forgotten: nobody can
    /// issue another certificate in its name.
    pub(crate) fn create(
        dir: &Path,
        origin: &str,
        now: Timestamp,
        password: &Password,
        deployment: Deployment,
    ) -> Result<Self, Problem> {
        let validity = Validity {
            from: now - SignedDuration::from_hours(24),
            until: now + SignedDuration::from_hours(24 * 365 * 3),
        };
        let root = SystemKey::generate().map_err(module)?;
        let authority = Authority::create("Theriac authority", root, validity, deployment).map_err(module)?;
        write(&certificate_path(dir, "authority"), authority.certificate().pem().as_bytes())?;
        let mut files = Vec::new();
        for (role, name, title) in SYSTEMS {
            let key = SystemKey::generate().map_err(module)?;
            let request = CertificateRequest { role, name: title, key: key.public_key(), validity };
            let certificate = authority.issue(&request).map_err(module)?;
            write(&certificate_path(dir, name), certificate.pem().as_bytes())?;
            files.push((name, key));
        }
        let checkpoint = CheckpointKey::generate().map_err(module)?;
        // Deriving the file keys is slow on purpose; the files are independent of each other.
        std::thread::scope(|scope| {
            let mut writers = Vec::new();
            for (name, key) in &files {
                let path = key_path(dir, name);
                writers.push(scope.spawn(move || write(&path, &key.to_file(password).map_err(module)?)));
            }
            write(&key_path(dir, "checkpoint"), &checkpoint.to_file(password).map_err(module)?)?;
            writers.into_iter().try_for_each(|writer| writer.join().unwrap_or_else(|_| Err(module("a thread ended"))))
        })?;
        let keys = files.into_iter().map(|(_, key)| key).collect();
        let made = Self::assemble(dir, origin, keys, &checkpoint)?;
        write(&verifier_path(dir), made.verifier().to_text().as_bytes())?;
        Ok(made)
    }

    /// Opens the keys stored under `dir`.
    pub(crate) fn open(dir: &Path, origin: &str, password: &Password) -> Result<Self, Problem> {
        let locked = |error: theriac_pki::KeyFileError| Problem::from(error.refusal());
        let (keys, checkpoint) = std::thread::scope(|scope| {
            let openers: Vec<_> = SYSTEMS
                .iter()
                .map(|(_, name, _)| {
                    scope.spawn(move || SystemKey::open(&read(&key_path(dir, name))?, password).map_err(locked))
                })
                .collect();
            let checkpoint = CheckpointKey::open(&read(&key_path(dir, "checkpoint"))?, password).map_err(locked);
            let keys: Result<Vec<_>, _> = openers
                .into_iter()
                .map(|opener| opener.join().unwrap_or_else(|_| Err(module("a thread ended"))))
                .collect();
            Ok::<_, Problem>((keys?, checkpoint?))
        })?;
        Self::assemble(dir, origin, keys, &checkpoint)
    }

    fn assemble(dir: &Path, origin: &str, keys: Vec<SystemKey>, checkpoint: &CheckpointKey) -> Result<Self, Problem> {
        let authority = certificate(&certificate_path(dir, "authority"))?;
        let mut signers = keys
            .into_iter()
            .zip(SYSTEMS)
            .map(|(key, (_, name, _))| Signer::new(key, certificate(&certificate_path(dir, name))?).map_err(module));
        let mut next = || signers.next().unwrap_or_else(|| Err(module("a key is missing")));
        Ok(Self {
            prescriber: next()?,
            relay: next()?,
            pharmacy: next()?,
            checkpoint: std::sync::Arc::new(NoteSigner::from_seed(origin, checkpoint.seed()).map_err(module)?),
            partners: TrustStore::new(&partners(dir, &authority)?).map_err(module)?,
            authority,
            sealing: sealing(dir)?,
            root: hmac::Key::new(hmac::HMAC_SHA256, derived(checkpoint.seed()).as_ref()),
        })
    }

    /// A secret of the deployment for one purpose, always the same while the deployment keeps its keys.
    pub(crate) fn secret(&self, purpose: &str, about: &str) -> [u8; 32] {
        let mut bytes = [0; 32];
        let tag = hmac::sign(&self.root, format!("{purpose}\n{about}").as_bytes());
        bytes.iter_mut().zip(tag.as_ref()).for_each(|(byte, of)| *byte = *of);
        bytes
    }

    /// The key that verifies this deployment's checkpoints.
    pub(crate) fn verifier(&self) -> NoteVerifier {
        self.checkpoint.verifier()
    }
}

/// The root of derived secrets: it tells nothing of the key it comes from.
fn derived(seed: &[u8; 32]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, seed), b"theriac derived secrets 1")
}

/// The key that seals the seeds of code devices: made once for a deployment, and never written over, for what it sealed
/// opens with no other.
pub(crate) fn seed_key(dir: &Path, password: &Password) -> Result<SeedKey, Problem> {
    let path = key_path(dir, "seeds");
    if !path.exists() {
        let made = SeedKey::generate().map_err(module)?.to_file(password).map_err(module)?;
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| Problem::unwritable(parent, &error))?;
        }
        match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                let written = private(&path).and_then(|()| file.write_all(&made)).and_then(|()| file.sync_all());
                written.map_err(|error| Problem::unwritable(&path, &error))?;
            }
            // Another process was first.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Problem::unwritable(&path, &error)),
        }
    }
    SeedKey::open(&read(&path)?, password).map_err(|error| Problem::from(error.refusal()))
}

/// Reads a PEM certificate.
pub(crate) fn certificate(path: &Path) -> Result<Certificate, Problem> {
    let text = fs::read_to_string(path).map_err(|error| Problem::unreadable(path, &error))?;
    Certificate::from_pem(&text).map_err(|error| {
        Problem::wrong_use("KEYS-CERTIFICATE", format!("{}: {error}", path.display()), "give a PEM certificate")
    })
}

/// A signer under an authority of its own, which nobody trusts.
pub(crate) fn stranger(now: Timestamp, demo: DemoDeployment) -> Result<Signer, Problem> {
    let validity =
        Validity { from: now - SignedDuration::from_hours(24), until: now + SignedDuration::from_hours(24 * 30) };
    let root = SystemKey::generate().map_err(module)?;
    let authority = Authority::create("Unknown authority", root, validity, demo).map_err(module)?;
    let key = SystemKey::generate().map_err(module)?;
    let request = CertificateRequest {
        role: SystemRole::PrescriberSystem,
        name: "Unknown application",
        key: key.public_key(),
        validity,
    };
    let certificate = authority.issue(&request).map_err(module)?;
    Signer::new(key, certificate).map_err(module)
}
