//! An automated dispensing machine in a facility.

use super::refuse;
use crate::account::{Account, Name};
use crate::amount::Amount;
use crate::ask;
use crate::entry::{Document, DocumentKind};
use crate::movement::{Movement, MovementKind};
use crate::product::Product;
use crate::stored::{events, record};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use theriac_law::facts::Machine as MachineFacts;
use theriac_law::vocab::{MachineStep, Standing};
use theriac_law::{Moment, Profile, Question, Request};
use theriac_model::{Actor, DeaNumber, Ndc, Refusal};

record! {
    /// What has to be on record before a machine is used.
    MachineSetup {
        /// Its name; the account of its stock bears it.
        name: Name,
        /// The facility.
        facility: String,
        /// The pharmacy whose stock it holds.
        pharmacy: DeaNumber,
        /// When DEA's registration section was contacted, and with whom.
        contacted: Option<String>,
        /// The registration at the facility.
        registration: Option<DeaNumber>,
        /// The last day of that registration.
        until: Option<Date>,
    }

    /// A dose that was released.
    Dose {
        /// The patient, by the pharmacy's identifier.
        patient: String,
        /// The prescription's number.
        prescription: String,
        /// The bin.
        bin: Name,
        /// Units.
        units: u64,
        /// The member of the facility's staff.
        user: String,
    }

    /// What is put into a bin.
    Load {
        /// The bin.
        bin: Name,
        /// The product.
        product: Product,
        /// Smallest units.
        units: u64,
        /// The load sheet.
        sheet: String,
    }
}

events! {
    /// One event of a machine's stream.
    MachineEvent {
        /// It was set up: contact, registration.
        SetUp "machine.set-up" {
            /// What is on record.
            setup: MachineSetup,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// It was put into operation.
        Activated "machine.activated" {
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// The facility lets somebody use it.
        UserGranted "machine.user-granted" {
            /// Who.
            user: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// The facility lets somebody use it no longer.
        UserRevoked "machine.user-revoked" {
            /// Who.
            user: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// A bin was stocked.
        Loaded "machine.loaded" {
            /// With what.
            load: Load,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// A dose was released.
        Released "machine.released" {
            /// The dose.
            dose: Dose,
            /// When.
            at: Moment,
        }
        /// The pharmacy took a drug out of use in it.
        Disabled "machine.drug-disabled" {
            /// The drug.
            ndc: Ndc,
            /// Why.
            reason: String,
            /// By whom, of the pharmacy.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// The pharmacy put a drug into use again.
        Enabled "machine.drug-enabled" {
            /// The drug.
            ndc: Ndc,
            /// By whom, of the pharmacy.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// Somebody at the machine tried to change a setting.
        ChangeDenied "machine.change-denied" {
            /// The setting, in words.
            setting: String,
            /// Who tried.
            user: String,
            /// The refusal's code.
            code: String,
            /// When.
            at: Moment,
        }
        /// Somebody asked for a dose and did not get it.
        Denied "machine.denied" {
            /// What was asked for.
            dose: Dose,
            /// The refusal's code.
            code: String,
            /// When.
            at: Moment,
        }
    }
}

/// A setting of a machine and what it shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// This drug is not released any more.
    Disabled {
        /// The drug.
        ndc: Ndc,
        /// Why.
        reason: String,
    },
    /// This drug is released again.
    Enabled {
        /// The drug.
        ndc: Ndc,
    },
}

impl Setting {
    /// In words, as the record of a refused change names it.
    pub fn in_words(&self) -> String {
        match self {
            Self::Disabled { ndc, .. } => format!("take NDC {ndc} out of use"),
            Self::Enabled { ndc } => format!("put NDC {ndc} into use"),
        }
    }

    const fn ndc(&self) -> &Ndc {
        match self {
            Self::Disabled { ndc, .. } | Self::Enabled { ndc } => ndc,
        }
    }
}

/// Where a change of a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangedFrom {
    /// From the pharmacy, by one of its staff.
    Pharmacy(Actor),
    /// From the machine's own keys, by whoever stands before it.
    Machine(String),
}

/// A refusal that is recorded: the event goes to the machine's stream, the refusal to the person.
#[derive(Clone, Debug)]
pub struct Denied {
    /// Why not.
    pub refusal: Box<Refusal>,
    /// What is recorded.
    pub event: Box<MachineEvent>,
}

#[derive(Clone, Debug)]
struct Bin {
    product: Product,
    units: u64,
}

/// A machine, folded from its events.
#[derive(Clone, Debug)]
pub struct Machine {
    setup: MachineSetup,
    active: bool,
    users: BTreeSet<String>,
    bins: BTreeMap<Name, Bin>,
    disabled: BTreeMap<Ndc, String>,
    doses: Vec<(Dose, Product, Moment)>,
}

impl Machine {
    /// The machine after its events; `None` unless the first sets it up.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a MachineEvent>) -> Option<Self> {
        let mut events = events.into_iter();
        let MachineEvent::SetUp { setup, .. } = events.next()? else { return None };
        let (users, bins, doses) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
        let disabled = BTreeMap::new();
        let mut machine = Self { setup: setup.clone(), active: false, users, bins, disabled, doses };
        for event in events {
            machine.apply(event);
        }
        Some(machine)
    }

    /// What is on record of it.
    pub const fn setup(&self) -> &MachineSetup {
        &self.setup
    }

    /// Whether it was put into operation.
    pub const fn is_active(&self) -> bool {
        self.active
    }

    /// Whom the facility lets use it.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.users.iter().map(String::as_str)
    }

    /// Every bin with its product and its units.
    pub fn bins(&self) -> impl Iterator<Item = (&Name, &Product, u64)> {
        self.bins.iter().map(|(name, bin)| (name, &bin.product, bin.units))
    }

    /// What a bin holds: its product and its units.
    pub fn bin(&self, bin: &Name) -> Option<(&Product, u64)> {
        self.bins.get(bin).map(|bin| (&bin.product, bin.units))
    }

    /// The drugs that the pharmacy took out of use, each with the reason.
    pub fn disabled(&self) -> impl Iterator<Item = (&Ndc, &str)> {
        self.disabled.iter().map(|(ndc, reason)| (ndc, reason.as_str()))
    }

    /// The doses it released, in order: the pharmacy's records of dispensing.
    pub fn doses(&self) -> &[(Dose, Product, Moment)] {
        &self.doses
    }

    fn facts(&self, at: Moment) -> MachineFacts {
        let mut facts = MachineFacts::new();
        facts.contacted = self.setup.contacted.as_ref().is_some_and(|contact| !contact.trim().is_empty());
        facts.registration = match (self.setup.registration, self.setup.until) {
            (Some(_), Some(until)) if at.date() <= until => Standing::Valid,
            (Some(_), Some(_)) => Standing::Expired,
            _ => Standing::None,
        };
        facts
    }

    fn asked(profile: &Profile, step: MachineStep, facts: MachineFacts, at: Moment) -> Result<(), Refusal> {
        let question =
            Question::new(at, Request::OperateMachine { step }).with(|all| all.machine = Some(Box::new(facts)));
        ask::permission(profile, &question).map(|_| ())
    }

    /// Puts it into operation.
    ///
    /// # Errors
    /// The rulebook's, while DEA's registration section has not been contacted or no registration is in force.
    pub fn activate(&self, profile: &Profile, by: Actor, at: Moment) -> Result<Vec<MachineEvent>, Refusal> {
        Self::asked(profile, MachineStep::Activate, self.facts(at), at)?;
        Ok(vec![MachineEvent::Activated { by, at }])
    }

    /// Stocks a bin. A bin holds one product.
    ///
    /// # Errors
    /// `BOOKS-MACHINE-OFF`, `BOOKS-MACHINE-REGISTRATION`, `BOOKS-MACHINE-NOTHING`, and the rulebook's refusal of a second
    /// product in a bin.
    pub fn load(&self, profile: &Profile, load: Load, by: Actor, at: Moment) -> Result<Vec<MachineEvent>, Refusal> {
        if !self.active {
            return Err(refuse::not_in_service());
        }
        if load.product.commodity.registration != self.setup.pharmacy {
            return Err(refuse::other_registration());
        }
        if load.units == 0 || load.sheet.trim().is_empty() {
            return Err(refuse::nothing());
        }
        let mut facts = self.facts(at);
        let other = |bin: &Bin| bin.units > 0 && bin.product.commodity.ndc != load.product.commodity.ndc;
        facts.own_bins = !self.bins.get(&load.bin).is_some_and(other);
        Self::asked(profile, MachineStep::Stock, facts, at)?;
        Ok(vec![MachineEvent::Loaded { load, by, at }])
    }

    /// Changes a setting: the pharmacy's staff do, from the pharmacy; nobody does at the machine.
    ///
    /// # Errors
    /// [`Denied`]: `BOOKS-MACHINE-OFF`, `BOOKS-MACHINE-DRUG` for a drug that no bin was loaded with or whose setting is so
    /// already, `BOOKS-MACHINE-NOTHING` without a reason, and the rulebook's refusal of a change that the pharmacy does not
    /// make, each with the event that records it.
    pub fn configure(
        &self,
        profile: &Profile,
        setting: Setting,
        from: ChangedFrom,
        at: Moment,
    ) -> Result<Vec<MachineEvent>, Denied> {
        let user = match &from {
            ChangedFrom::Pharmacy(by) => by.id.clone(),
            ChangedFrom::Machine(user) => user.clone(),
        };
        let words = setting.in_words();
        let denied = |refusal: Refusal| {
            let (setting, code) = (words.clone(), refusal.code.0.to_owned());
            let event = MachineEvent::ChangeDenied { setting, user: user.clone(), code, at };
            Denied { refusal: Box::new(refusal), event: Box::new(event) }
        };
        if !self.active {
            return Err(denied(refuse::not_in_service()));
        }
        let mut facts = self.facts(at);
        facts.by_pharmacy = matches!(from, ChangedFrom::Pharmacy(_));
        Self::asked(profile, MachineStep::Configure, facts, at).map_err(denied)?;
        // A profile that left the rule out would still not let the machine's keys change anything.
        let ChangedFrom::Pharmacy(by) = from else { return Err(denied(refuse::at_the_machine())) };
        let loaded = self.bins.values().any(|bin| bin.product.commodity.ndc == *setting.ndc());
        if !loaded {
            return Err(denied(refuse::not_loaded(setting.ndc())));
        }
        let off = self.disabled.contains_key(setting.ndc());
        Ok(vec![match setting {
            Setting::Disabled { reason, .. } if reason.trim().is_empty() => return Err(denied(refuse::nothing())),
            Setting::Disabled { ndc, .. } if off => return Err(denied(refuse::set_so(&ndc, "out of use"))),
            Setting::Disabled { ndc, reason } => MachineEvent::Disabled { ndc, reason, by, at },
            Setting::Enabled { ndc } if !off => return Err(denied(refuse::set_so(&ndc, "in use"))),
            Setting::Enabled { ndc } => MachineEvent::Enabled { ndc, by, at },
        }])
    }

    /// Releases a dose at the time of administration, to a member of staff whom the facility lets use it.
    ///
    /// # Errors
    /// [`Denied`]: the refusal, and the event that records it.
    pub fn release(&self, profile: &Profile, dose: &Dose, doses: u32, at: Moment) -> Result<Vec<MachineEvent>, Denied> {
        let denied = |refusal: Refusal| {
            let event = MachineEvent::Denied { dose: dose.clone(), code: refusal.code.0.to_owned(), at };
            Denied { refusal: Box::new(refusal), event: Box::new(event) }
        };
        if !self.active {
            return Err(denied(refuse::not_in_service()));
        }
        let mut facts = self.facts(at);
        facts.user_authorized = self.users.contains(&dose.user);
        facts.prescription_valid = !dose.prescription.trim().is_empty() && !dose.patient.trim().is_empty();
        facts.doses = doses;
        let product = self.bins.get(&dose.bin).map(|bin| &bin.product.commodity.ndc);
        facts.disabled = product.is_some_and(|ndc| self.disabled.contains_key(ndc));
        Self::asked(profile, MachineStep::Release, facts, at).map_err(denied)?;
        let bin = self.bins.get(&dose.bin).ok_or_else(|| denied(refuse::no_such_bin()))?;
        if dose.units == 0 {
            return Err(denied(refuse::nothing()));
        }
        if dose.units > bin.units {
            let (bin_name, unit) = (format!("bin {}", dose.bin.as_str()), bin.product.commodity.unit);
            return Err(denied(refuse::holds_less(&bin_name, unit, bin.units, dose.units)));
        }
        Ok(vec![MachineEvent::Released { dose: dose.clone(), at }])
    }

    /// The movement that an event posts to the stock: shelf to machine, or machine to patient. `None` for an event that
    /// moves nothing.
    ///
    /// # Errors
    /// `BOOKS-MACHINE-BIN` for a dose of a bin that is not there, `BOOKS-MACHINE-NOTHING` beyond the range of amounts.
    pub fn movement(&self, event: &MachineEvent, signer: &Actor) -> Result<Option<Movement>, Refusal> {
        let inside = Account::Machine(self.setup.name.clone());
        let (product, kind, accounts, units, document, at) = match event {
            MachineEvent::Loaded { load, at, .. } => {
                let document = Document::new(DocumentKind::LoadSheet, load.sheet.clone());
                (&load.product, MovementKind::MachineLoad, (Account::Shelf, inside), load.units, document, at)
            }
            MachineEvent::Released { dose, at } => {
                let bin = self.bins.get(&dose.bin).ok_or_else(refuse::no_such_bin)?;
                let document = Document::new(DocumentKind::MachineRecord, dose.prescription.clone());
                (&bin.product, MovementKind::MachineRelease, (inside, Account::Patient), dose.units, document, at)
            }
            _ => return Ok(None),
        };
        let amount = i64::try_from(units).ok().and_then(|units| Amount::new(units).ok()).ok_or_else(refuse::nothing)?;
        let what = (product.commodity.clone(), product.schedule);
        Ok(Some(Movement::new(what, kind, accounts, amount, (at.timestamp, document), vec![signer.clone()])))
    }

    /// Folds one event after the first.
    pub fn apply(&mut self, event: &MachineEvent) {
        match event {
            MachineEvent::SetUp { setup, .. } => self.setup = setup.clone(),
            MachineEvent::Activated { .. } => self.active = true,
            MachineEvent::UserGranted { user, .. } => {
                self.users.insert(user.clone());
            }
            MachineEvent::UserRevoked { user, .. } => {
                self.users.remove(user);
            }
            MachineEvent::Loaded { load, .. } => {
                let product = &load.product;
                let bin = self.bins.entry(load.bin.clone());
                let bin = bin.or_insert_with(|| Bin { product: product.clone(), units: 0 });
                bin.product = product.clone();
                bin.units = bin.units.saturating_add(load.units);
            }
            MachineEvent::Released { dose, at } => {
                if let Some(bin) = self.bins.get_mut(&dose.bin) {
                    bin.units = bin.units.saturating_sub(dose.units);
                    self.doses.push((dose.clone(), bin.product.clone(), *at));
                }
            }
            MachineEvent::Disabled { ndc, reason, .. } => {
                self.disabled.insert(ndc.clone(), reason.clone());
            }
            MachineEvent::Enabled { ndc, .. } => {
                self.disabled.remove(ndc);
            }
            MachineEvent::ChangeDenied { .. } | MachineEvent::Denied { .. } => {}
        }
    }
}

/// The machines under one registration: their records are kept at the pharmacy and separable by it.
pub fn of_registration(machines: &[Machine], registration: DeaNumber) -> impl Iterator<Item = &Machine> {
    machines.iter().filter(move |machine| machine.setup.registration == Some(registration))
}
