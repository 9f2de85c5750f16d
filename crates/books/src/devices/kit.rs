//! An emergency kit in a facility that is not registered.

use super::refuse;
use crate::account::{Account, Name};
use crate::amount::Amount;
use crate::ask;
use crate::commodity::StockUnit;
use crate::entry::{Document, DocumentKind};
use crate::movement::{Movement, MovementKind};
use crate::product::Product;
use crate::stored::{events, record};
use jiff::civil::Date;
use std::collections::BTreeMap;
use theriac_law::facts::Kit as KitFacts;
use theriac_law::vocab::KitStep;
use theriac_law::{Moment, Profile, Question, Request};
use theriac_model::{Actor, Ndc, Refusal};

record! {
    /// One drug of a kit's list, and how much of it the kit may hold.
    Allowed {
        /// The product.
        product: Product,
        /// The most units.
        most: u64,
    }

    /// What the procedures say of a kit: what it may hold, who may open it, how often it is counted.
    KitDesign {
        /// Its name; the account of its stock bears it.
        name: Name,
        /// The facility.
        facility: String,
        /// The approval of the State's agency.
        approval: String,
        /// The list.
        list: Vec<Allowed>,
        /// Who may open it.
        access: Vec<String>,
        /// Safeguards, in words.
        safeguards: String,
        /// Days from one count to the next.
        count_days: u32,
        /// What costs the privilege of holding a kit.
        prohibited: Vec<String>,
    }

    /// A drug that was used from a kit.
    KitUse {
        /// The product.
        ndc: Ndc,
        /// Units.
        units: u64,
        /// The patient, by the facility's identifier.
        patient: String,
        /// The emergency: the patient's condition.
        condition: String,
        /// The practitioner who authorised it.
        authorised_by: String,
        /// Who opened the kit.
        user: String,
        /// The number of the facility's record.
        record: String,
    }

    /// A prohibited activity that was found.
    Breach {
        /// Which of the procedures' list.
        activity: String,
        /// What was found.
        found: String,
    }
}

events! {
    /// One event of a kit's stream.
    KitEvent {
        /// It was set up.
        Designed "kit.designed" {
            /// What the procedures say.
            design: KitDesign,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// Something was put in.
        Stocked "kit.stocked" {
            /// The product.
            ndc: Ndc,
            /// Units.
            units: u64,
            /// The number of the record.
            record: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// Something was used.
        Used "kit.used" {
            /// What, for whom, by whom.
            used: KitUse,
            /// When.
            at: Moment,
        }
        /// It was counted.
        Counted "kit.counted" {
            /// The product.
            ndc: Ndc,
            /// Units found.
            found: u64,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// A prohibited activity was found: the kit is suspended.
        Breached "kit.breached" {
            /// What.
            breach: Breach,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// The suspension was lifted.
        Reinstated "kit.reinstated" {
            /// Why.
            reason: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
    }
}

/// A kit, folded from its events.
#[derive(Clone, Debug)]
pub struct EmergencyKit {
    design: KitDesign,
    since: Date,
    units: BTreeMap<Ndc, u64>,
    stocked: BTreeMap<Ndc, u64>,
    used: Vec<(KitUse, Moment)>,
    counts: BTreeMap<Ndc, (u64, Date)>,
    breaches: Vec<Breach>,
    suspended: bool,
}

impl EmergencyKit {
    /// The kit after its events; `None` unless the first designs it.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a KitEvent>) -> Option<Self> {
        let mut events = events.into_iter();
        let KitEvent::Designed { design, at, .. } = events.next()? else { return None };
        let mut kit = Self {
            design: design.clone(),
            since: at.date(),
            units: BTreeMap::new(),
            stocked: BTreeMap::new(),
            used: Vec::new(),
            counts: BTreeMap::new(),
            breaches: Vec::new(),
            suspended: false,
        };
        for event in events {
            kit.apply(event);
        }
        Some(kit)
    }

    /// What the procedures say: list, access, safeguards.
    pub const fn design(&self) -> &KitDesign {
        &self.design
    }

    /// The latest count of a product: what was found, and when.
    pub fn counted(&self, ndc: &Ndc) -> Option<(u64, Date)> {
        self.counts.get(ndc).copied()
    }

    /// Whether it must not be used until somebody lifts the suspension.
    pub const fn is_suspended(&self) -> bool {
        self.suspended
    }

    /// What should be in it: stocked less used.
    pub fn balance(&self, ndc: &Ndc) -> u64 {
        self.units.get(ndc).copied().unwrap_or(0)
    }

    /// Everything ever put in.
    pub fn stocked(&self, ndc: &Ndc) -> u64 {
        self.stocked.get(ndc).copied().unwrap_or(0)
    }

    /// Every use, in order.
    pub fn used(&self) -> &[(KitUse, Moment)] {
        &self.used
    }

    /// Breaches on record.
    pub fn breaches(&self) -> &[Breach] {
        &self.breaches
    }

    /// The latest count of a product less what should be in it; `None` when it was never counted.
    pub fn variance(&self, ndc: &Ndc) -> Option<i64> {
        let (found, _) = self.counts.get(ndc)?;
        Some(i64::try_from(*found).ok()? - i64::try_from(self.balance(ndc)).ok()?)
    }

    /// Products of the list whose count is overdue on `today`.
    pub fn overdue(&self, today: Date) -> Vec<&Ndc> {
        let late = |ndc: &&Ndc| {
            let last = self.counts.get(*ndc).map_or(self.since, |(_, on)| *on);
            theriac_model::calendar::days_after(last, self.design.count_days).is_none_or(|due| today > due)
        };
        self.design.list.iter().map(|allowed| &allowed.product.commodity.ndc).filter(late).collect()
    }

    fn allowed(&self, ndc: &Ndc) -> Option<&Allowed> {
        self.design.list.iter().find(|allowed| allowed.product.commodity.ndc == *ndc)
    }

    fn facts(&self, at: Moment) -> KitFacts {
        let mut facts = KitFacts::new();
        facts.approved = !self.design.approval.trim().is_empty();
        facts.suspended = self.suspended;
        facts.count_overdue = !self.overdue(at.date()).is_empty();
        facts
    }

    fn asked(profile: &Profile, step: KitStep, facts: KitFacts, at: Moment) -> Result<(), Refusal> {
        let question = Question::new(at, Request::OperateKit { step }).with(|all| all.kit = Some(Box::new(facts)));
        ask::permission(profile, &question).map(|_| ())
    }

    /// Puts a drug in, within the kit's list.
    ///
    /// # Errors
    /// `BOOKS-MACHINE-NOTHING`, and the rulebook's: a drug or a quantity beyond the list, a kit that is suspended.
    pub fn stock(
        &self,
        profile: &Profile,
        (ndc, units): (&Ndc, u64),
        record: &str,
        (by, at): (Actor, Moment),
    ) -> Result<Vec<KitEvent>, Refusal> {
        if units == 0 || record.trim().is_empty() {
            return Err(refuse::nothing());
        }
        let mut facts = self.facts(at);
        let then = self.balance(ndc).saturating_add(units);
        facts.within_list = self.allowed(ndc).is_some_and(|allowed| then <= allowed.most);
        Self::asked(profile, KitStep::Stock, facts, at)?;
        Ok(vec![KitEvent::Stocked { ndc: ndc.clone(), units, record: record.to_owned(), by, at }])
    }

    /// Takes a drug out for a patient.
    ///
    /// # Errors
    /// `BOOKS-KIT-ACCESS`, `BOOKS-MACHINE-EMPTY`, `BOOKS-MACHINE-NOTHING`, and the rulebook's: no practitioner authorised it,
    /// a kit that is suspended.
    pub fn take(&self, profile: &Profile, used: KitUse, at: Moment) -> Result<Vec<KitEvent>, Refusal> {
        if !self.design.access.contains(&used.user) {
            return Err(refuse::not_on_list());
        }
        if used.units == 0
            || used.record.trim().is_empty()
            || used.patient.trim().is_empty()
            || used.condition.trim().is_empty()
        {
            return Err(refuse::nothing());
        }
        let mut facts = self.facts(at);
        facts.authorised_use = !used.authorised_by.trim().is_empty();
        facts.within_list = self.allowed(&used.ndc).is_some();
        Self::asked(profile, KitStep::Use, facts, at)?;
        let have = self.balance(&used.ndc);
        if used.units > have {
            let unit = self.allowed(&used.ndc).map_or(StockUnit::Piece, |allowed| allowed.product.commodity.unit);
            return Err(refuse::holds_less("the kit", unit, have, used.units));
        }
        Ok(vec![KitEvent::Used { used, at }])
    }

    /// Lifts a suspension.
    ///
    /// # Errors
    /// `BOOKS-KIT-RELEASE` when it is not suspended or no reason is given.
    pub fn reinstate(&self, reason: &str, by: Actor, at: Moment) -> Result<Vec<KitEvent>, Refusal> {
        if !self.suspended || reason.trim().is_empty() {
            return Err(refuse::no_breach());
        }
        Ok(vec![KitEvent::Reinstated { reason: reason.to_owned(), by, at }])
    }

    /// The movement that an event posts to the stock: shelf to kit, or kit to a patient. `None` for one that moves nothing.
    ///
    /// # Errors
    /// `BOOKS-MACHINE-NOTHING` beyond the range of amounts or off the list.
    pub fn movement(&self, event: &KitEvent, signer: &Actor) -> Result<Option<Movement>, Refusal> {
        let inside = Account::Kit(self.design.name.clone());
        let (ndc, kind, accounts, units, record, at) = match event {
            KitEvent::Stocked { ndc, units, record, at, .. } => {
                (ndc, MovementKind::KitStock, (Account::Shelf, inside), *units, record, at)
            }
            KitEvent::Used { used, at } => {
                (&used.ndc, MovementKind::KitUse, (inside, Account::Administered), used.units, &used.record, at)
            }
            _ => return Ok(None),
        };
        let product = &self.allowed(ndc).ok_or_else(refuse::nothing)?.product;
        let amount = i64::try_from(units).ok().and_then(|units| Amount::new(units).ok()).ok_or_else(refuse::nothing)?;
        let what = (product.commodity.clone(), product.schedule);
        let document = Document::new(DocumentKind::KitRecord, record.clone());
        Ok(Some(Movement::new(what, kind, accounts, amount, (at.timestamp, document), vec![signer.clone()])))
    }

    /// Folds one event after the first.
    pub fn apply(&mut self, event: &KitEvent) {
        match event {
            KitEvent::Designed { design, .. } => self.design = design.clone(),
            KitEvent::Stocked { ndc, units, .. } => {
                for sums in [&mut self.units, &mut self.stocked] {
                    let sum = sums.entry(ndc.clone()).or_default();
                    *sum = sum.saturating_add(*units);
                }
            }
            KitEvent::Used { used, at } => {
                let sum = self.units.entry(used.ndc.clone()).or_default();
                *sum = sum.saturating_sub(used.units);
                self.used.push((used.clone(), *at));
            }
            KitEvent::Counted { ndc, found, at, .. } => {
                self.counts.insert(ndc.clone(), (*found, at.date()));
            }
            KitEvent::Breached { breach, .. } => {
                self.breaches.push(breach.clone());
                self.suspended = true;
            }
            KitEvent::Reinstated { .. } => self.suspended = false,
        }
    }
}
