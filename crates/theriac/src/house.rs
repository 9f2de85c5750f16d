//! A deployment: its configuration, keys, clock, law and journal, joined for the desks that work on it.

pub(crate) mod clock;
pub(crate) mod config;
pub(crate) mod event;
pub(crate) mod keys;
pub(crate) mod projections;
pub(crate) mod record;

use crate::output::Problem;
use clock::Clock;
use config::Config;
use event::{HouseEvent, Person, Product, Registrant};
use jiff::tz::TimeZone;
use keys::Keys;
use record::{By, Change, Fault};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use theriac_law::Profile;
use theriac_model::{Actor, DeaNumber, DrugUnit, Ndc, RegistrantType, Role, Schedule};
use theriac_pki::otp::SeedKey;
use theriac_pki::{Deployment, Password};
use theriac_store::{Options, Store};

/// What is looked up for every message: kept in memory, written through the journal.
#[derive(Default)]
pub(crate) struct Directory {
    pub(crate) people: HashMap<String, Person>,
    pub(crate) registrants: HashMap<DeaNumber, Registrant>,
    pub(crate) products: HashMap<Ndc, Product>,
}

/// A deployment at work.
pub(crate) struct House {
    pub(crate) config: Config,
    pub(crate) deployment: Deployment,
    pub(crate) profile: Profile,
    pub(crate) clock: Clock,
    pub(crate) keys: Keys,
    pub(crate) store: Store,
    pub(crate) store_url: String,
    pub(crate) pharmacy: DeaNumber,
    pub(crate) directory: RwLock<Directory>,
    pub(crate) twins: crate::dispensary::Twins,
    pub(crate) sessions: crate::sessions::Sessions,
    /// Whether outside audits let signing and processing go on today.
    pub(crate) gates: crate::watch::Gates,
    /// Refused visits that were noted today.
    pub(crate) visits: crate::watch::Visits,
    /// Days whose refills everybody has verified, by the last refill and the version of the day's record that said so.
    pub(crate) verified_days: Mutex<HashMap<String, (u64, u64)>>,
    /// Signing acts that wait for their token, by practitioner.
    pub(crate) acts: Mutex<HashMap<String, crate::practice::signing::Act>>,
    /// Ceremonies of signing in that wait for a browser.
    pub(crate) waiting: crate::signin::Waiting,
    /// Where the deployment's configuration, keys and list of token models lie.
    pub(crate) dir: PathBuf,
    /// The password of the key files, for keys that are opened when they are needed first.
    pub(crate) key_password: Password,
    /// The key that seals the seeds of code devices, once it was needed.
    pub(crate) seeds: std::sync::OnceLock<SeedKey>,
    /// Bindings and approvals that wait for a browser.
    pub(crate) ceremonies: crate::tokens::Ceremonies,
    /// The software tokens of a demonstration, by practitioner.
    pub(crate) soft: Mutex<HashMap<String, Arc<crate::practice::signing::SoftHeld>>>,
    /// The address by which browsers reach the server, once it serves.
    pub(crate) origin: std::sync::OnceLock<String>,
    /// The partners of the transport, once one was needed.
    pub(crate) network: std::sync::OnceLock<crate::transport::Partners>,
    /// Set once the initial inventory is known to have been taken.
    pub(crate) counted_once: std::sync::OnceLock<()>,
}

/// The stream of the deployment itself.
pub(crate) const FOUNDED: &str = "house";

/// The program itself, as an actor.
pub(crate) fn program() -> Actor {
    Actor::new("theriac", Role::System)
}

/// The profile under the overlay files of the configuration. A value that is looser than Federal law changes nothing.
fn overlaid(mut profile: Profile, dir: &Path, files: &[std::path::PathBuf]) -> Result<Profile, Problem> {
    for file in files {
        let path = dir.join(file);
        let text = std::fs::read_to_string(&path).map_err(|error| Problem::unreadable(&path, &error))?;
        profile = overlay(profile, &path.display().to_string(), &text)?;
    }
    Ok(profile)
}

/// The profile under one overlay: a State's, or the house's own.
pub(crate) fn overlay(profile: Profile, name: &str, text: &str) -> Result<Profile, Problem> {
    let overlay = theriac_law::Overlay::parse(text).map_err(|error| {
        let next = "correct the file as the rulebook's page of overlays shows";
        Problem::wrong_use("CONFIG-OVERLAY", format!("{name}: {error}"), next)
    })?;
    let state = matches!(overlay.edition(), theriac_model::Edition::State(_));
    let overlay = Arc::new(overlay);
    Ok(if state { profile.in_state(overlay) } else { profile.with_house(overlay) })
}

impl House {
    /// Sets up a deployment in `dir`, which must not hold one yet.
    pub(crate) fn found(dir: &Path, config: Config, clock: Clock) -> Result<Self, Problem> {
        let password = keys::password(declared(&config)?)?;
        Self::found_with(dir, config, clock, password)
    }

    /// The same with the password of its key files.
    pub(crate) fn found_with(dir: &Path, config: Config, clock: Clock, password: Password) -> Result<Self, Problem> {
        if dir.join(config::FILE).exists() {
            return Err(Problem::wrong_use(
                "HOUSE-EXISTS",
                format!("{} holds a deployment already", dir.display()),
                "choose another directory, or work with the one that is there",
            ));
        }
        let deployment = declared(&config)?;
        config.providers()?;
        config.write(dir)?;
        let keys = Keys::create(dir, &config.name, clock.now(), &password, deployment)?;
        let house = Self::assemble(dir, config, clock, (keys, password), None)?;
        if house.store.size().map_err(store_problem)? > 0 {
            return Err(Problem::wrong_use(
                "HOUSE-STORE-USED",
                "the store holds a journal already",
                "give a new store, or open the deployment that this journal belongs to",
            ));
        }
        house.begin()?;
        Ok(house)
    }

    /// The first record of a store: what kind of deployment it belongs to.
    fn begin(&self) -> Result<(), Problem> {
        let founded = HouseEvent::Founded {
            name: self.config.name.clone(),
            deployment: self.deployment.word().to_owned(),
            profile: self.config.profile.clone(),
        };
        self.note(&program(), &[founded]).map_err(Problem::from)?;
        if self.deployment.demo().is_some() {
            self.register_demonstration_audits().map_err(Problem::from)?;
        }
        Ok(())
    }

    /// Opens the deployment in `dir`, with another store than its own if `store` is given.
    pub(crate) fn open(
        dir: &Path,
        clock: impl FnOnce(TimeZone) -> Clock,
        store: Option<&str>,
    ) -> Result<Self, Problem> {
        let config = Config::read(dir)?;
        let clock = clock(zone(&config)?);
        let password = keys::password(declared(&config)?)?;
        let keys = Keys::open(dir, &config.name, &password)?;
        let house = Self::assemble(dir, config, clock, (keys, password), store)?;
        house.same_kind()?;
        Ok(house)
    }

    /// A deployment stays what it was set up as: a demonstration's store never becomes a production one, nor the reverse.
    fn same_kind(&self) -> Result<(), Problem> {
        let (events, _) = record::stream::<HouseEvent>(&self.store, FOUNDED).map_err(Problem::from)?;
        let founded = events.iter().find_map(|event| match event {
            HouseEvent::Founded { deployment, .. } => Some(deployment.as_str()),
            _ => None,
        });
        match founded {
            Some(word) if word == self.deployment.word() => Ok(()),
            None if self.store.size().map_err(store_problem)? == 0 => self.begin(),
            _ => Err(Problem::wrong_use(
                "HOUSE-KIND",
                format!(
                    "the store was set up as {}, and the configuration says {}",
                    founded.unwrap_or("something else"),
                    self.deployment.word()
                ),
                "correct `deployment` in theriac.toml; set up a production deployment with a store of its own",
            )),
        }
    }

    fn assemble(
        dir: &Path,
        config: Config,
        clock: Clock,
        (keys, key_password): (Keys, Password),
        store: Option<&str>,
    ) -> Result<Self, Problem> {
        let deployment = declared(&config)?;
        config.providers()?;
        let profile = Profile::named(&config.profile).map_err(|error| {
            Problem::wrong_use("CONFIG-PROFILE", error.to_string(), "write strictest or in-force in theriac.toml")
        })?;
        let profile = overlaid(profile, dir, &config.overlays)?;
        let pharmacy = DeaNumber::parse(&config.pharmacy.registration).map_err(|error| {
            Problem::wrong_use("CONFIG-PHARMACY", error.to_string(), "correct pharmacy.registration in theriac.toml")
        })?;
        identification(config.pharmacy.treatment_id.as_deref())?;
        let store_url = store.map_or_else(|| config.store_url(dir), str::to_owned);
        let mut options = Options::new(&store_url, &config.name).signer(Arc::clone(&keys.checkpoint));
        for projection in projections::all() {
            options = options.projection(projection);
        }
        let store = Store::open(options).map_err(store_problem)?;
        let house = Self {
            config,
            deployment,
            profile,
            clock,
            keys,
            store,
            store_url,
            pharmacy,
            directory: RwLock::default(),
            twins: crate::dispensary::Twins::default(),
            sessions: crate::sessions::Sessions::default(),
            gates: crate::watch::Gates::default(),
            visits: crate::watch::Visits::default(),
            verified_days: Mutex::default(),
            acts: Mutex::default(),
            waiting: crate::signin::Waiting::default(),
            dir: dir.to_owned(),
            key_password,
            seeds: std::sync::OnceLock::new(),
            ceremonies: crate::tokens::Ceremonies::default(),
            soft: Mutex::default(),
            origin: std::sync::OnceLock::new(),
            network: std::sync::OnceLock::new(),
            counted_once: std::sync::OnceLock::new(),
        };
        house.load()?;
        Ok(house)
    }

    fn load(&self) -> Result<(), Problem> {
        let broken = |what: &str| {
            Problem::failed(
                "HOUSE-DIRECTORY",
                format!("a row of {what} cannot be read"),
                "run `theriac journal rebuild`",
            )
        };
        let mut directory = self.directory.write().unwrap_or_else(PoisonError::into_inner);
        let rows = self.store.query("SELECT id, name, role, what FROM people", &[]).map_err(store_problem)?;
        for row in rows {
            let text = |n| row.text(n).map(str::to_owned).map_err(store_problem);
            let role = Role::parse(&text(2)?).ok_or_else(|| broken("people"))?;
            let person = Person { id: text(0)?, name: text(1)?, role, what: text(3)? };
            directory.people.insert(person.id.clone(), person);
        }
        let sql = "SELECT number, name, activity, status, expires, schedules, issued FROM registrants";
        for row in self.store.query(sql, &[]).map_err(store_problem)? {
            let text = |n| row.text(n).map(str::to_owned).map_err(store_problem);
            let number = DeaNumber::parse(&text(0)?).map_err(|_| broken("registrants"))?;
            let registrant = Registrant {
                number,
                name: text(1)?,
                activity: text(2)?,
                status: text(3)?,
                expires: text(4)?.parse().map_err(|_| broken("registrants"))?,
                schedules: text(5)?.split_whitespace().filter_map(Schedule::parse).collect(),
                issued: text(6)?.parse().map_err(|_| broken("registrants"))?,
            };
            directory.registrants.insert(number, registrant);
        }
        let sql = "SELECT ndc, name, strength, form, unit, schedule FROM products";
        for row in self.store.query(sql, &[]).map_err(store_problem)? {
            let text = |n| row.text(n).map(str::to_owned).map_err(store_problem);
            let ndc = Ndc::parse(&text(0)?).map_err(|_| broken("products"))?;
            let product = Product {
                ndc: ndc.clone(),
                name: text(1)?,
                strength: text(2)?,
                form: text(3)?,
                unit: DrugUnit::read(&text(4)?),
                schedule: Schedule::parse(&text(5)?),
            };
            directory.products.insert(ndc, product);
        }
        drop(directory);
        self.twins.load(&self.store).map_err(store_problem)
    }

    /// Records things of the deployment itself, and takes them into the directory.
    pub(crate) fn note(&self, actor: &Actor, events: &[HouseEvent]) -> Result<(), Fault> {
        let by = By { actor, location: "", law: "", at: self.clock.now() };
        let mut change = Change::default();
        for event in events {
            change = change.event(&by, &event.stream(), event)?;
        }
        change.commit(&self.store)?;
        self.looked_up(events);
        Ok(())
    }

    /// Takes records that were appended into what is looked up in memory.
    pub(crate) fn looked_up(&self, events: &[HouseEvent]) {
        let mut directory = self.directory.write().unwrap_or_else(PoisonError::into_inner);
        for event in events {
            match event.clone() {
                // Keys are looked up in the table, so that those issued or ended by another process are seen.
                HouseEvent::Founded { .. }
                | HouseEvent::NdcImported(_)
                | HouseEvent::ApiKeyIssued(_)
                | HouseEvent::ApiKeyEnded { .. } => {}
                HouseEvent::PersonAdded(person) => {
                    directory.people.insert(person.id.clone(), person);
                }
                HouseEvent::RegistrantListed(row) => {
                    directory.registrants.insert(row.number, row);
                }
                HouseEvent::ProductListed(product) => {
                    directory.products.insert(product.ndc.clone(), product);
                }
            }
        }
    }

    /// Lists all registrants again with data issued today, as a fresh import would.
    pub(crate) fn list_again_today(&self) -> Result<(), Fault> {
        let issued = self.clock.moment().date();
        let rows: Vec<HouseEvent> = {
            let directory = self.directory.read().unwrap_or_else(PoisonError::into_inner);
            let rows = directory.registrants.values().cloned();
            rows.map(|row| HouseEvent::RegistrantListed(Registrant { issued, ..row })).collect()
        };
        self.note(&program(), &rows)
    }

    /// The key that seals the seeds of code devices, opened or made when it is needed first.
    pub(crate) fn seed_key(&self) -> Result<&SeedKey, Fault> {
        if let Some(key) = self.seeds.get() {
            return Ok(key);
        }
        let key = keys::seed_key(&self.dir, &self.key_password)
            .map_err(|problem| Fault::Broken(format!("the key of the seeds: {problem}")))?;
        Ok(self.seeds.get_or_init(|| key))
    }

    /// The partners of the transport; `None` without [script] in the configuration.
    pub(crate) fn partners(&self) -> Result<Option<&crate::transport::Partners>, Fault> {
        let Some(config) = &self.config.script else { return Ok(None) };
        if let Some(partners) = self.network.get() {
            return Ok(Some(partners));
        }
        let partners = crate::transport::Partners::load(&self.dir, config)
            .map_err(|problem| Fault::Broken(format!("the partners of the transport: {problem}")))?;
        Ok(Some(self.network.get_or_init(|| partners)))
    }

    /// A person whom this process knows.
    pub(crate) fn known_person(&self, id: &str) -> Option<Actor> {
        let directory = self.directory.read().unwrap_or_else(PoisonError::into_inner);
        directory.people.get(id).map(|person| Actor::new(person.id.clone(), person.role))
    }

    /// A person whom another process has added since this one began.
    pub(crate) fn load_person(&self, id: &str) -> Result<Option<Actor>, Fault> {
        let sql = "SELECT id, name, role, what FROM people WHERE id = $1";
        let rows = self.store.query(sql, &[id.into()])?;
        let Some(row) = rows.first() else { return Ok(None) };
        let Some(role) = Role::parse(row.text(2)?) else { return Ok(None) };
        let text = |n| row.text(n).map(str::to_owned);
        let person = Person { id: text(0)?, name: text(1)?, role, what: text(3)? };
        let actor = Actor::new(person.id.clone(), role);
        self.directory.write().unwrap_or_else(PoisonError::into_inner).people.insert(person.id.clone(), person);
        Ok(Some(actor))
    }

    /// A person's full name, or the identifier of somebody unknown.
    pub(crate) fn full_name(&self, id: &str) -> String {
        let directory = self.directory.read().unwrap_or_else(PoisonError::into_inner);
        directory.people.get(id).map_or_else(|| id.to_owned(), |person| person.name.clone())
    }
}

/// An identification number for treating opioid dependence is built as a registration number whose first letter is X.
fn identification(number: Option<&str>) -> Result<(), Problem> {
    let waived = |text: &str| {
        DeaNumber::parse(text).is_ok_and(|number| number.registrant_type() == Some(RegistrantType::DataWaived))
    };
    match number {
        Some(text) if !waived(text) => Err(Problem::wrong_use(
            "CONFIG-PHARMACY",
            "pharmacy.treatment_id is no identification number: X, a letter, six digits and their check digit",
            "correct pharmacy.treatment_id in theriac.toml, or leave it out",
        )),
        _ => Ok(()),
    }
}

fn declared(config: &Config) -> Result<Deployment, Problem> {
    Deployment::declared(&config.deployment)
        .map_err(|error| Problem::wrong_use("CONFIG-DEPLOYMENT", error.to_string(), "correct theriac.toml"))
}

/// The time zone named in the configuration.
pub(crate) fn zone(config: &Config) -> Result<TimeZone, Problem> {
    TimeZone::get(&config.time_zone).map_err(|error| {
        Problem::wrong_use(
            "CONFIG-ZONE",
            error.to_string(),
            "write a name of the IANA database, such as America/Phoenix",
        )
    })
}

/// A failure of the store as a command reports it.
#[allow(clippy::needless_pass_by_value)] // it is handed to `map_err`
pub(crate) fn store_problem(error: theriac_store::StoreError) -> Problem {
    use theriac_store::StoreError;
    let text = error.to_string();
    // The store's own words are "CODE: cause; next step".
    let words = |code: &str| {
        let (cause, next) = text.split_once("; ").unwrap_or((&text, "correct it, then try again"));
        (
            cause.strip_prefix(code).and_then(|cause| cause.strip_prefix(": ")).unwrap_or(cause).to_owned(),
            next.to_owned(),
        )
    };
    match error {
        StoreError::NoEntry(number) => Problem::wrong_use(
            "STORE-NO-ENTRY",
            format!("there is no entry {number}"),
            "give a number below the count of entries, which `theriac journal checkpoint` prints",
        ),
        StoreError::Url(_) => {
            let (cause, next) = words("STORE-URL");
            Problem::wrong_use("STORE-URL", cause, next)
        }
        StoreError::Config(_) => {
            let (cause, next) = words("STORE-CONFIG");
            Problem::wrong_use("STORE-CONFIG", cause, next)
        }
        StoreError::Open { .. } => {
            let (cause, next) = words("STORE-OPEN");
            Problem::failed("STORE-OPEN", cause, next)
        }
        _ => {
            Problem::failed("STORE-FAILED", text, "check the address and the server, then run `theriac journal check`")
        }
    }
}

/// The directory of a deployment whose SQLite store is at this address.
pub(crate) fn directory_of(store: &str) -> Option<PathBuf> {
    let path = Path::new(store.strip_prefix("sqlite:")?);
    Some(path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned())
}
