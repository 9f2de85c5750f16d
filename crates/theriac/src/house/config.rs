//! The configuration file of a deployment, `theriac.toml`.

use crate::output::Problem;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};
use theriac_prescriber::enrolment::ProviderKind;
use theriac_prescriber::proofing::StateCode;

/// The file's name in the deployment's directory.
pub(crate) const FILE: &str = "theriac.toml";

/// A deployment's configuration. Unknown keys are refused, so that a misspelt one is found.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// `DEMO` or `production`.
    pub(crate) deployment: String,
    /// The deployment's name; names the journal in its checkpoints.
    pub(crate) name: String,
    /// The law profile: `strictest` or `in-force`.
    pub(crate) profile: String,
    /// Stricter law of a State or of the house itself: overlay files, TOML, taken from the deployment's directory.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) overlays: Vec<PathBuf>,
    /// The time zone of the registered location, as in the IANA database.
    pub(crate) time_zone: String,
    /// `sqlite:PATH` (relative to this file) or `postgres://...`.
    pub(crate) store: String,
    /// The practice whose application this is.
    pub(crate) practice: PracticeConfig,
    /// The pharmacy whose application this is.
    pub(crate) pharmacy: PharmacyConfig,
    /// The service provider that answers for enrolment. Absent: the practice itself, as practices grant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) provider: Option<ProviderConfig>,
    /// The address the server listens on.
    #[serde(default = "loopback")]
    pub(crate) listen: std::net::SocketAddr,
    /// The address by which browsers reach the server, such as `https://rx.example.org`, where a TLS proxy stands before it;
    /// security keys answer for its host name. Absent: `http://localhost` with the port of `listen`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) site: Option<String>,
    /// The second storage site. A pharmacy has to have one; docs/backup.md tells how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) backup: Option<BackupConfig>,
    /// A folder in which programs of this place lay messages for the pharmacy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) inbox: Option<InboxConfig>,
    /// Messages from and to other nodes over mutual TLS; docs/script-transport.md tells how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) script: Option<ScriptConfig>,
}

/// A folder that is looked into every second while the server runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InboxConfig {
    /// The folder, from the deployment's directory on.
    pub(crate) directory: PathBuf,
}

/// The transport to other nodes. Paths are taken from the deployment's directory.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScriptConfig {
    /// The address on which partners' messages are taken.
    pub(crate) listen: std::net::SocketAddr,
    /// This side's certificate chain, PEM, and its key, PKCS #8 in PEM.
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
    /// The partners.
    #[serde(default)]
    pub(crate) partners: Vec<PartnerConfig>,
}

/// A partner of the transport.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartnerConfig {
    /// Its name in this deployment's records.
    pub(crate) name: String,
    /// The certificates that are its own, PEM; two while it changes them.
    pub(crate) certificate: PathBuf,
    /// Who vouches for them, PEM; absent where they vouch for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) authority: Option<PathBuf>,
    /// The senders it may bring messages of, and the recipients that are reached through it.
    pub(crate) speaks_for: Vec<String>,
    /// Where it takes messages; absent for one that only sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
}

/// The second storage site of a deployment: a directory that is mounted from elsewhere, or a bucket.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackupConfig {
    /// To whom copies are sealed, as `theriac backup key` prints it.
    pub(crate) recipient: String,
    /// The postal address of this site.
    pub(crate) here: String,
    /// The postal address of the second one.
    pub(crate) there: String,
    /// The directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) directory: Option<PathBuf>,
    /// Lets a demonstration keep its copies on its own machine; refused in production.
    #[serde(default)]
    pub(crate) same_machine: bool,
    /// The bucket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) bucket: Option<BucketConfig>,
}

/// A bucket of an S3-compatible object store. Its keys are in the environment.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BucketConfig {
    /// The address of the object store.
    pub(crate) url: String,
    /// The bucket's name.
    pub(crate) name: String,
    /// The region, as the object store calls it.
    pub(crate) region: String,
    /// What every object's name begins with.
    #[serde(default)]
    pub(crate) prefix: String,
}

fn loopback() -> std::net::SocketAddr {
    ([127, 0, 0, 1], 8311).into()
}

/// The practice of a deployment.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PracticeConfig {
    /// The practice's identifier in the network, as messages name the sender.
    pub(crate) network_id: String,
    /// Its name.
    pub(crate) name: String,
}

/// The service provider of a deployment, where it is not the practice.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderConfig {
    /// The legal name; the practice's if empty.
    #[serde(default)]
    pub(crate) name: String,
    /// How the right to sign is granted.
    #[serde(default)]
    pub(crate) grants: Grants,
    /// States that want a controlled substance registration of their own beside the licence.
    #[serde(default)]
    pub(crate) separate_registration: Vec<State>,
}

/// How the right to sign is granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Grants {
    /// As practices of individual registrants do (21 CFR 1311.125).
    #[default]
    Practice,
    /// As institutional practitioners do (21 CFR 1311.130).
    Institution,
}

/// A State, by its two letters; other letters are refused when the file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct State(StateCode);

impl TryFrom<String> for State {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        StateCode::parse(&text).map(Self).ok_or_else(|| format!("{text:?} is no State with registrants"))
    }
}

impl From<State> for String {
    fn from(state: State) -> Self {
        state.0.to_string()
    }
}

impl ProviderConfig {
    /// As the core calls it.
    pub(crate) const fn kind(&self) -> ProviderKind {
        match self.grants {
            Grants::Practice => ProviderKind::Practice,
            Grants::Institution => ProviderKind::Institution,
        }
    }

    /// The States with a registration of their own.
    pub(crate) fn separate_registration(&self) -> Vec<StateCode> {
        self.separate_registration.iter().map(|state| state.0).collect()
    }
}

/// The pharmacy of a deployment.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PharmacyConfig {
    /// NCPDP identifier.
    pub(crate) ncpdp: String,
    /// DEA registration number.
    pub(crate) registration: String,
    /// The identification number of a registrant who treats opioid dependence, under the waiver of former law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) treatment_id: Option<String>,
    /// Business name.
    pub(crate) name: String,
    /// The registered location on one line, as labels and other pharmacies' records name it.
    #[serde(default)]
    pub(crate) address: String,
    /// Telephone, for labels; may be empty.
    #[serde(default)]
    pub(crate) telephone: String,
    /// Whether an electronic prescription of which nothing was dispensed may leave by transfer.
    #[serde(default)]
    pub(crate) unfilled_transfers: UnfilledTransfers,
    /// On what pharmacists verify a day's refills.
    #[serde(default)]
    pub(crate) refill_verification: RefillVerification,
    /// The State's text that lets an intern verify under a pharmacist's supervision, as it is cited. Absent: none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) interns_under: Option<String>,
    /// Whether it is a retail pharmacy or an institution's, which administers on orders.
    #[serde(default)]
    pub(crate) kind: PlaceKind,
    /// How it stores and guards what it fills for other pharmacies. Absent: it fills for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) central: Option<CentralConfig>,
}

/// What kind of pharmacy it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PlaceKind {
    /// It serves people at home.
    #[default]
    Retail,
    /// It is a hospital's or another institution's.
    Institution,
}

/// The pharmacy's own policy on unfilled electronic prescriptions (73 FR 36750). Off unless it is turned on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum UnfilledTransfers {
    /// They stay, or the practitioner sends anew.
    #[default]
    Refused,
    /// As far as the law lets them go.
    AsTheLawAllows,
}

/// On what pharmacists verify a day's refills (21 CFR 1306.22(f)(3)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RefillVerification {
    /// On a printout of the day.
    #[default]
    Printout,
    /// In a log, by a statement each day.
    Log,
}

/// What makes a pharmacy one that fills for others.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CentralConfig {
    /// How controlled substances are stored.
    pub(crate) storage: String,
    /// What guards them.
    pub(crate) controls: String,
}

impl Config {
    /// Reads the configuration of the deployment in `dir`.
    pub(crate) fn read(dir: &Path) -> Result<Self, Problem> {
        Self::read_file(&dir.join(FILE))
    }

    /// Reads a configuration that lies anywhere.
    pub(crate) fn read_file(path: &Path) -> Result<Self, Problem> {
        let text = fs::read_to_string(path).map_err(|error| Problem::unreadable(path, &error))?;
        toml::from_str(&text).map_err(|error| {
            Problem::wrong_use(
                "CONFIG-READ",
                format!("{}: {error}", path.display()),
                "correct the line named above; docs/configuration.md lists the keys",
            )
        })
    }

    /// Writes it into `dir`.
    pub(crate) fn write(&self, dir: &Path) -> Result<PathBuf, Problem> {
        let path = dir.join(FILE);
        fs::create_dir_all(dir).map_err(|error| Problem::unwritable(dir, &error))?;
        let text = toml::to_string(self)
            .map_err(|error| Problem::failed("CONFIG-WRITE", error.to_string(), "report this as a fault"))?;
        fs::write(&path, text).map_err(|error| Problem::unwritable(&path, &error))?;
        Ok(path)
    }

    /// Who answers for each of the three things that a service provider supplies (2008: 21 CFR 1300.03): tokens and
    /// credentials, the prescribing application, the pharmacy application.
    ///
    /// Chosen reading: whoever operates a deployment is its provider unless another is named.
    ///
    /// # Errors
    /// `CONFIG-PROVIDER`, naming each that nobody answers for.
    pub(crate) fn providers(&self) -> Result<[(&'static str, String); 3], Problem> {
        let named = self.provider.as_ref().map_or("", |provider| provider.name.trim());
        let or = |own: &str| if named.is_empty() { own.trim().to_owned() } else { named.to_owned() };
        let (practice, pharmacy) = (or(&self.practice.name), or(&self.pharmacy.name));
        let providers = [
            ("tokens and credentials", practice.clone()),
            ("the prescribing application", practice),
            ("the pharmacy application", pharmacy),
        ];
        let nobody: Vec<&str> = providers.iter().filter(|(_, name)| name.is_empty()).map(|(what, _)| *what).collect();
        if nobody.is_empty() {
            return Ok(providers);
        }
        Err(Problem::wrong_use(
            "CONFIG-PROVIDER",
            format!("no service provider is named for {} (73 FR 36722, proposed 21 CFR 1300.03)", nobody.join(" and ")),
            "name the organisation under [provider], or the practice and the pharmacy themselves",
        ))
    }

    /// The store's address with a relative SQLite path taken from `dir`.
    pub(crate) fn store_url(&self, dir: &Path) -> String {
        match self.store.strip_prefix("sqlite:") {
            Some(path) => format!("sqlite:{}", dir.join(path).display()),
            None => self.store.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_names_how_it_grants_and_the_states_with_a_registration_of_their_own() {
        let read = |text: &str| toml::from_str::<ProviderConfig>(text).map_err(|error| error.to_string());
        let provider = read("name = \"Example Hospital\"\ngrants = \"institution\"\nseparate_registration = [\"nm\"]")
            .expect("a provider");
        assert_eq!(provider.kind(), ProviderKind::Institution);
        assert_eq!(provider.separate_registration(), [StateCode::parse("NM").expect("a State")]);
        assert_eq!(read("").expect("a provider").kind(), ProviderKind::Practice);
        for wrong in ["grants = \"anybody\"", "separate_registration = [\"XX\"]", "kind = \"practice\""] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
