//! Finding the deployment and the store that a command is about.

use crate::cli::At;
use crate::demo::cast;
use crate::house::clock::Clock;
use crate::house::config::{
    self, CentralConfig, Config, PharmacyConfig, PlaceKind, PracticeConfig, RefillVerification, UnfilledTransfers,
};
use crate::house::{House, directory_of};
use crate::output::Problem;
use std::path::{Path, PathBuf};

/// Where a deployment is kept when nothing is said.
const DEFAULT: &str = "theriac-data";

impl At {
    /// The deployment's directory.
    pub(crate) fn directory(&self) -> PathBuf {
        let beside = || self.store.as_deref().and_then(directory_of);
        self.dir.clone().or_else(beside).unwrap_or_else(|| PathBuf::from(DEFAULT))
    }

    /// The store's address, without opening anything.
    pub(crate) fn store_url(&self) -> Result<String, Problem> {
        if let Some(store) = &self.store {
            return Ok(store.clone());
        }
        let dir = self.directory();
        Ok(Config::read(&dir)?.store_url(&dir))
    }

    /// Opens the deployment, with its keys.
    pub(crate) fn open(&self) -> Result<House, Problem> {
        House::open(&self.directory(), Clock::machine, self.store.as_deref())
    }

    /// Opens the deployment, or sets up a demonstration where there is none; says so on standard error.
    pub(crate) fn open_or_found(&self) -> Result<House, Problem> {
        let dir = self.directory();
        if dir.join(config::FILE).exists() {
            return self.open();
        }
        let mut config = demonstration();
        if let Some(store) = &self.store {
            config.store = absolute(store);
        }
        let clock = Clock::machine(crate::house::zone(&config)?);
        let house = House::found(&dir, config, clock)?;
        eprintln!(
            "note: no deployment in {}; a DEMO one was set up there, without registrants and products",
            dir.display()
        );
        Ok(house)
    }
}

/// A SQLite address with its path from the root, so that it means the same in the configuration file.
fn absolute(store: &str) -> String {
    match store.strip_prefix("sqlite:") {
        Some(path) => {
            let path = std::path::absolute(path).unwrap_or_else(|_| Path::new(path).to_owned());
            format!("sqlite:{}", path.display())
        }
        None => store.to_owned(),
    }
}

/// The configuration of a demonstration.
pub(crate) fn demonstration() -> Config {
    Config {
        deployment: "DEMO".to_owned(),
        name: "demo.theriac.invalid/journal".to_owned(),
        profile: "strictest".to_owned(),
        time_zone: "America/Phoenix".to_owned(),
        store: "sqlite:theriac.db".to_owned(),
        practice: PracticeConfig {
            network_id: cast::PRACTICE_ID.to_owned(),
            name: "Example Family Practice".to_owned(),
        },
        pharmacy: PharmacyConfig {
            interns_under: None,
            ncpdp: cast::PHARMACY_NCPDP.to_owned(),
            registration: cast::pharmacy_number().to_string(),
            treatment_id: None,
            name: "Example Pharmacy".to_owned(),
            address: "9 Example Plaza, Tucson, AZ 85701".to_owned(),
            telephone: "(520) 555-0100".to_owned(),
            unfilled_transfers: UnfilledTransfers::Refused,
            refill_verification: RefillVerification::Printout,
            kind: PlaceKind::Retail,
            central: Some(CentralConfig {
                storage: "dispersed among the other stock, schedule II in a safe".to_owned(),
                controls: "alarm, cameras, keys with pharmacists only".to_owned(),
            }),
        },
        provider: None,
        listen: ([127, 0, 0, 1], 8311).into(),
        site: None,
        backup: None,
        inbox: None,
        script: None,
        overlays: Vec::new(),
    }
}
