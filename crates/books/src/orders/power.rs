//! Powers of attorney to obtain and sign orders: 21 CFR 1305.05. Filed with the executed orders, never sent to DEA.

use super::refuse;
use crate::account::Name;
use crate::ask;
use crate::product::Party;
use crate::stored::{events, record, stored_words};
use crate::words::words;
use jiff::civil::Date;
use std::collections::BTreeMap;
use theriac_law::facts::Power;
use theriac_law::vocab::{Grantor, OrderSigner, RenewedBy};
use theriac_law::{Moment, Profile, Question, Request, When};
use theriac_model::{Actor, Refusal};

words! {
    /// What a power of attorney lets its holder do.
    Scope {
        /// Apply for order forms.
        ObtainForms "obtain-forms",
        /// Sign orders for schedules I and II, on paper and electronically.
        SignOrders "sign-orders",
    }

    /// As what somebody signs a power of attorney.
    PowerSigner {
        /// Who grants it.
        Grantor "grantor",
        /// Who is authorised by it.
        Attorney "attorney",
        /// A witness.
        Witness "witness",
    }
}

stored_words!(Scope, PowerSigner);
crate::stored::stored_text! { Name, "a name", |name| name.as_str().to_owned(), |text| Name::parse(text).ok(); }

record! {
    /// The paper of a power of attorney.
    PowerPaper {
        /// Its name in the file.
        id: Name,
        /// The registrant: name, address, number.
        registrant: Party,
        /// Who grants it.
        grantor: String,
        /// Who is authorised. Need not work at the registered location.
        attorney: String,
        /// What for.
        scopes: Vec<Scope>,
        /// The day on it.
        dated: Date,
        /// The place on it.
        place: String,
    }
}

events! {
    /// One event of a registrant's file of powers of attorney.
    PowerEvent {
        /// A paper was drawn up.
        Drawn "power.drawn" {
            /// The paper.
            paper: PowerPaper,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// Somebody signed it.
        Signed "power.signed" {
            /// Which.
            id: Name,
            /// As what.
            capacity: PowerSigner,
            /// Who.
            signer: String,
            /// When.
            at: Moment,
        }
        /// It was revoked.
        Revoked "power.revoked" {
            /// Which.
            id: Name,
            /// By whom.
            grantor: String,
            /// Who witnessed it.
            witnesses: Vec<String>,
            /// Where.
            place: String,
            /// When.
            at: Moment,
        }
        /// The registration was renewed.
        Renewed "power.registration-renewed" {
            /// Who signed the renewal.
            signer: String,
            /// When.
            at: Moment,
        }
    }
}

/// One power of attorney as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PowerState {
    /// The paper.
    pub paper: PowerPaper,
    /// When the grantor signed.
    pub granted: Option<Moment>,
    /// When the attorney affirmed and signed.
    pub affirmed: Option<Moment>,
    /// Witnesses who signed, each once.
    pub witnesses: Vec<String>,
    /// When it was revoked.
    pub revoked: Option<Moment>,
    /// Who signed the latest application when it was granted.
    latest_at_grant: String,
    /// Somebody else has signed a renewal since.
    renewed_by_other: bool,
}

impl PowerState {
    fn facts(&self) -> Power {
        let mut facts = Power::new();
        facts.grantor = if self.paper.grantor == self.latest_at_grant { Grantor::LatestSigner } else { Grantor::Other };
        facts.grantor_signed = self.granted.is_some();
        facts.attorney_signed = self.affirmed.is_some();
        facts.witnesses = u32::try_from(self.witnesses.len()).unwrap_or(u32::MAX);
        facts.renewed_by = if self.renewed_by_other { RenewedBy::OtherPerson } else { RenewedBy::Nobody };
        facts.revoked = self.revoked.map(When::from);
        facts
    }

    /// Whether its holder could sign on `day`: signed by both by then, and not revoked before it.
    pub fn covers(&self, day: Date) -> bool {
        let by_then = |signed: Option<Moment>| signed.is_some_and(|at| at.date() <= day);
        by_then(self.granted) && by_then(self.affirmed) && self.revoked.is_none_or(|at| at.date() >= day)
    }
}

/// A registrant's powers of attorney.
#[derive(Clone, Debug)]
pub struct Powers {
    registrant: Party,
    latest_signer: String,
    papers: BTreeMap<Name, PowerState>,
}

impl Powers {
    /// The file of a registrant whose latest application `latest_signer` signed.
    pub fn new(registrant: Party, latest_signer: impl Into<String>) -> Self {
        Self { registrant, latest_signer: latest_signer.into(), papers: BTreeMap::new() }
    }

    /// The file after `events`.
    #[must_use]
    pub fn replay<'a>(mut self, events: impl IntoIterator<Item = &'a PowerEvent>) -> Self {
        events.into_iter().for_each(|event| self.apply(event));
        self
    }

    /// Draws up a paper. Nobody can use it until it is signed.
    ///
    /// # Errors
    /// `BOOKS-POWER-EXISTS`, `BOOKS-POWER-REGISTRANT` for another registrant's paper, `BOOKS-POWER-BLANK` naming what is
    /// not filled in.
    pub fn draw(&self, paper: PowerPaper, by: Actor, at: Moment) -> Result<Vec<PowerEvent>, Refusal> {
        if self.papers.contains_key(&paper.id) {
            return Err(refuse::power_exists());
        }
        if paper.registrant.number != self.registrant.number {
            return Err(refuse::power_of_another());
        }
        let blank = [
            ("registrant.name", &paper.registrant.name),
            ("grantor", &paper.grantor),
            ("attorney", &paper.attorney),
            ("place", &paper.place),
        ];
        if let Some((field, _)) = blank.into_iter().find(|(_, text)| text.trim().is_empty()) {
            return Err(refuse::power_blank(field));
        }
        if paper.scopes.is_empty() {
            return Err(refuse::power_blank("scopes"));
        }
        Ok(vec![PowerEvent::Drawn { paper, by, at }])
    }

    /// Somebody signs a paper.
    ///
    /// # Errors
    /// `BOOKS-POWER-UNKNOWN`, `BOOKS-POWER-SIGNER` when the paper names somebody else, or a party to it would witness it, or
    /// a witness signs twice.
    pub fn sign(&self, id: &Name, capacity: PowerSigner, signer: &str, at: Moment) -> Result<Vec<PowerEvent>, Refusal> {
        let state = self.papers.get(id).ok_or_else(refuse::power_unknown)?;
        let parties = [&state.paper.grantor, &state.paper.attorney];
        let fits = match capacity {
            PowerSigner::Grantor => signer == state.paper.grantor,
            PowerSigner::Attorney => signer == state.paper.attorney,
            PowerSigner::Witness => {
                !signer.trim().is_empty()
                    && !parties.iter().any(|party| *party == signer)
                    && !state.witnesses.iter().any(|witness| witness == signer)
            }
        };
        if !fits {
            return Err(refuse::power_signer(capacity));
        }
        Ok(vec![PowerEvent::Signed { id: id.clone(), capacity, signer: signer.to_owned(), at }])
    }

    /// The grantor, or whoever signed the latest application, revokes a power. What was signed under it before stays good.
    ///
    /// # Errors
    /// `BOOKS-POWER-UNKNOWN`, `BOOKS-POWER-REVOKER`, `BOOKS-POWER-WITNESSES` with fewer than the two witnesses of the form.
    pub fn revoke(
        &self,
        id: &Name,
        grantor: &str,
        witnesses: Vec<String>,
        place: &str,
        at: Moment,
    ) -> Result<Vec<PowerEvent>, Refusal> {
        let state = self.papers.get(id).ok_or_else(refuse::power_unknown)?;
        if state.revoked.is_some() {
            return Err(refuse::power_unknown());
        }
        if grantor != state.paper.grantor && grantor != self.latest_signer {
            return Err(refuse::power_revoker());
        }
        let mut people: Vec<&str> = witnesses.iter().map(String::as_str).filter(|name| *name != grantor).collect();
        people.sort_unstable();
        people.dedup();
        if people.len() < 2 {
            return Err(refuse::power_witnesses());
        }
        let (id, grantor, place) = (id.clone(), grantor.to_owned(), place.to_owned());
        Ok(vec![PowerEvent::Revoked { id, grantor, witnesses, place, at }])
    }

    /// The registration was renewed. When somebody else than before signed the renewal, earlier powers end.
    pub fn renewed(&self, signer: &str, at: Moment) -> Vec<PowerEvent> {
        vec![PowerEvent::Renewed { signer: signer.to_owned(), at }]
    }

    /// The capacity in which `person` can sign an order at `at`, as the rulebook sees it, with the power it rests on.
    ///
    /// # Errors
    /// The rulebook's refusal of the power that comes nearest, when `person` is named in one and none holds.
    pub fn capacity(
        &self,
        profile: &Profile,
        person: &str,
        at: Moment,
    ) -> Result<(OrderSigner, Option<&PowerState>), Refusal> {
        if person == self.latest_signer {
            return Ok((OrderSigner::Registrant, None));
        }
        let named =
            |state: &&PowerState| state.paper.attorney == person && state.paper.scopes.contains(&Scope::SignOrders);
        let mut refused = None;
        for state in self.papers.values().filter(named) {
            let question =
                Question::new(at, Request::UsePower {}).with(|facts| facts.power = Some(Box::new(state.facts())));
            match ask::permission(profile, &question) {
                Ok(_) => return Ok((OrderSigner::PowerOfAttorney, Some(state))),
                Err(refusal) => refused = Some(refusal),
            }
        }
        refused.map_or(Ok((OrderSigner::Other, None)), Err)
    }

    /// The powers that were in force on `day`: they are filed with the orders executed on it.
    pub fn on(&self, day: Date) -> impl Iterator<Item = &PowerState> {
        self.papers.values().filter(move |state| state.covers(day))
    }

    /// All powers, revoked ones too.
    pub fn all(&self) -> impl Iterator<Item = &PowerState> {
        self.papers.values()
    }

    /// Whose file it is.
    pub const fn registrant(&self) -> &Party {
        &self.registrant
    }

    /// Folds one event.
    pub fn apply(&mut self, event: &PowerEvent) {
        match event {
            PowerEvent::Drawn { paper, .. } => {
                let state = PowerState {
                    paper: paper.clone(),
                    granted: None,
                    affirmed: None,
                    witnesses: Vec::new(),
                    revoked: None,
                    latest_at_grant: self.latest_signer.clone(),
                    renewed_by_other: false,
                };
                self.papers.insert(paper.id.clone(), state);
            }
            PowerEvent::Signed { id, capacity, signer, at } => {
                if let Some(state) = self.papers.get_mut(id) {
                    match capacity {
                        PowerSigner::Grantor => state.granted = Some(*at),
                        PowerSigner::Attorney => state.affirmed = Some(*at),
                        PowerSigner::Witness => state.witnesses.push(signer.clone()),
                    }
                }
            }
            PowerEvent::Revoked { id, at, .. } => {
                if let Some(state) = self.papers.get_mut(id) {
                    state.revoked = Some(*at);
                }
            }
            PowerEvent::Renewed { signer, .. } => {
                if *signer != self.latest_signer {
                    self.papers.values_mut().for_each(|state| state.renewed_by_other = true);
                    self.latest_signer.clone_from(signer);
                }
            }
        }
    }
}
