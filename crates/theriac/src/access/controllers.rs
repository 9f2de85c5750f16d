//! Who is designated to control access, by whom, and with which key.

use super::{CITE, ControllerDesk, ControllerEvent};
use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use crate::tokens::Offer;
use theriac_model::{Actor, DeaNumber, Refusal, Role, hex};
use theriac_pki::webauthn::Enrolled;
use theriac_prescriber::Controller;
use theriac_prescriber::proofing::same_name;

/// The longest name of a unit, in characters.
const UNIT_MOST: usize = 80;
/// The media type of an enrolled key.
const KEY_MEDIA: &str = "application/vnd.theriac.security-key+json";

/// A controller in the list.
#[derive(Clone, Debug)]
pub(crate) struct ControllerLine {
    pub(crate) person: String,
    pub(crate) name: String,
    pub(crate) desk: ControllerDesk,
}

pub(super) fn controller_stream(person: &str) -> String {
    format!("controller/{person}")
}

fn refuse(code: &'static str, what: impl Into<std::borrow::Cow<'static, str>>, next: &'static str) -> Refusal {
    Refusal::new(code, CITE, what, next)
}

impl House {
    /// What is recorded of somebody as an access controller.
    pub(crate) fn controller_record(&self, person: &str) -> Result<(ControllerDesk, u64), Fault> {
        let (events, version) = stream::<ControllerEvent>(&self.store, &controller_stream(person))?;
        Ok((ControllerDesk::of(&events), version))
    }

    /// Everybody who was ever designated.
    pub(crate) fn controllers(&self) -> Result<Vec<ControllerLine>, Fault> {
        let mut lines = Vec::new();
        for row in self.store.query("SELECT person FROM controllers ORDER BY person", &[])? {
            let person = row.text(0)?.to_owned();
            let (desk, _) = self.controller_record(&person)?;
            lines.push(ControllerLine { name: self.full_name(&person), person, desk });
        }
        Ok(lines)
    }

    /// Designates an access controller, or changes what is recorded of one. A change of the registration ends the keys.
    ///
    /// # Errors
    /// By anyone but an operator, or for oneself; for somebody in another role; a registration that another controller has.
    pub(crate) fn designate(
        &self,
        by: &Actor,
        person: &str,
        registration: Option<DeaNumber>,
        unit: &str,
    ) -> Result<(), Fault> {
        if !matches!(by.role, Role::Operator | Role::System) || by.id == person {
            let what = "access controllers are designated by an operator, and nobody designates themselves";
            return Err(refuse("ACCESS-DESIGNATE", what, "ask an operator of this deployment").into());
        }
        let known = self.person(person)?;
        if known.is_none_or(|known| known.role != Role::AccessController) {
            let what = format!("{person} is not here as an access controller");
            let next = "add the person with the role access-controller first";
            return Err(refuse("ACCESS-ROLE", what, next).about("person").into());
        }
        let unit = unit.trim();
        if unit.chars().count() > UNIT_MOST || unit.chars().any(char::is_control) {
            let what = "the unit's name is longer than 80 characters, or more than one line";
            return Err(refuse("ACCESS-UNIT", what, "shorten it").about("unit").into());
        }
        for other in self.controllers()?.iter().filter(|other| other.person != person) {
            let shared = other
                .desk
                .designated
                .as_ref()
                .is_some_and(|(theirs, _)| registration.is_some() && *theirs == registration);
            if shared || (other.desk.designated.is_some() && same_name(&other.name, &self.full_name(person))) {
                let what = format!("{} is designated with this name or registration already", other.name);
                let next = "two controllers are two people: designate another person";
                return Err(refuse("ACCESS-TWO-PEOPLE", what, next).into());
            }
        }
        let (desk, version) = self.controller_record(person)?;
        let name = controller_stream(person);
        let mut change = Change::default().decided_on(&name, version);
        let stays = desk.designated.as_ref().is_some_and(|(former, _)| *former == registration);
        for key in desk.keys.iter().filter(|key| key.ended.is_none() && !stays) {
            let (person, credential) = (person.to_owned(), key.credential.clone());
            let reason = "the controller's registration changed".to_owned();
            let ended = ControllerEvent::KeyEnded { person, credential, reason, by: by.clone() };
            change = change.event(&self.by(by, ""), &name, &ended)?;
        }
        let event = ControllerEvent::Designated {
            person: person.to_owned(),
            registration,
            unit: unit.to_owned(),
            by: by.clone(),
        };
        change.event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// Ends a designation, and the controller's keys and sessions with it.
    pub(crate) fn end_designation(&self, by: &Actor, person: &str, reason: &str) -> Result<(), Fault> {
        let reason = Self::reason(reason)?;
        let (desk, version) = self.controller_record(person)?;
        if desk.designated.is_none() {
            let what = format!("{person} is not designated");
            return Err(refuse("ACCESS-NOT-DESIGNATED", what, "look at the list of controllers").into());
        }
        let name = controller_stream(person);
        let event = ControllerEvent::Ended { person: person.to_owned(), reason, by: by.clone() };
        Change::default().decided_on(&name, version).event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        self.stop_at_once(by, person)?;
        Ok(())
    }

    /// Ends a controller's keys: lost, stolen, replaced. Answers how many.
    pub(crate) fn end_controller_keys(
        &self,
        by: &Actor,
        person: &str,
        serial: &str,
        reason: &str,
    ) -> Result<usize, Fault> {
        let reason = Self::reason(reason)?;
        let (desk, version) = self.controller_record(person)?;
        let name = controller_stream(person);
        let mut change = Change::default().decided_on(&name, version);
        let meant: Vec<_> = desk.keys.iter().filter(|key| key.ended.is_none() && key.serial == serial).collect();
        if meant.is_empty() {
            let what = "no key with this number may be used by this controller";
            return Err(refuse("ACCESS-KEY", what, "look at the list of controllers").about("serial").into());
        }
        for key in &meant {
            let (person, credential) = (person.to_owned(), key.credential.clone());
            let event = ControllerEvent::KeyEnded { person, credential, reason: reason.clone(), by: by.clone() };
            change = change.event(&self.by(by, ""), &name, &event)?;
        }
        change.commit(&self.store)?;
        self.stop_at_once(by, person)?;
        Ok(meant.len())
    }

    /// Why something is taken away, as typed: 1 to 200 characters on one line.
    pub(crate) fn reason(typed: &str) -> Result<String, Fault> {
        let reason = typed.trim();
        if (1..=200).contains(&reason.chars().count()) && !reason.chars().any(char::is_control) {
            return Ok(reason.to_owned());
        }
        let what = "it is not said why, in 1 to 200 characters on one line";
        Err(refuse("ACCESS-REASON", what, "say why; it is kept with the record").about("reason").into())
    }

    /// A person as the core knows a controller.
    ///
    /// # Errors
    /// A refusal of somebody who is not designated.
    pub(crate) fn as_controller(&self, by: &Actor) -> Result<Controller, Fault> {
        let (desk, _) = self.controller_record(&by.id)?;
        let Some((registration, unit)) = desk.designated else {
            let what = "nobody has designated this person to control access";
            let next = "let an operator designate at least two access controllers, one of them a registrant";
            return Err(refuse("ACCESS-NOT-DESIGNATED", what, next).into());
        };
        Ok(Controller { actor: by.clone(), name: self.full_name(&by.id), registration, unit })
    }

    /// Whether an offered key may be bound to a controller.
    pub(crate) fn may_bind_for_grants(&self, offer: &Offer) -> Result<(), Fault> {
        let (desk, _) = self.controller_record(&offer.person)?;
        let number = offer.registration.number();
        if desk.designated.as_ref().is_none_or(|(registration, _)| *registration != number || number.is_none()) {
            let what = format!(
                "{} is not designated as a controller with the registration {}",
                offer.person, offer.registration
            );
            let next = "designate the person with the registration first";
            return Err(refuse("ACCESS-NOT-DESIGNATED", what, next).about("registration").into());
        }
        if !matches!(offer.by.role, Role::Operator | Role::System) || offer.by.id == offer.person {
            let what = "an operator hands a controller's key over, and nobody to themselves";
            return Err(refuse("ACCESS-DESIGNATE", what, "ask an operator of this deployment").into());
        }
        let sql = "SELECT person FROM tokens WHERE person <> $1 AND serial = $2";
        let elsewhere = self.store.query(sql, &[offer.person.as_str().into(), offer.serial.as_str().into()])?;
        let again = desk.keys.iter().any(|key| key.serial == offer.serial && key.ended.is_some());
        if !elsewhere.is_empty() || again {
            let what = "this device is another person's, or was taken out of use";
            return Err(refuse("RX-TOKEN-SHARED", what, "hand over another device").about("serial").into());
        }
        Ok(())
    }

    /// Binds a key to a controller.
    pub(crate) fn bind_for_grants(
        &self,
        by: &Actor,
        offer: &Offer,
        enrolled: &Enrolled,
        device: &str,
    ) -> Result<Change, Fault> {
        self.may_bind_for_grants(offer)?;
        let registration = offer.registration.number().ok_or_else(|| {
            let what = "a controller approves under a registration of their own";
            refuse("ACCESS-NOT-DESIGNATED", what, "designate the person with the registration first")
        })?;
        let public_key = hex::encode(enrolled.key.point());
        let sql = "SELECT person FROM tokens WHERE public_key = $1";
        if !self.store.query(sql, &[public_key.as_str().into()])?.is_empty() {
            let what = "this key was bound before";
            return Err(refuse("RX-TOKEN-AGAIN", what, "make a new key on another device").into());
        }
        let (_, version) = self.controller_record(&offer.person)?;
        let name = controller_stream(&offer.person);
        let event = ControllerEvent::KeyBound {
            person: offer.person.clone(),
            credential: enrolled.id.to_string(),
            registration,
            device: device.to_owned(),
            serial: offer.serial.clone(),
            public_key,
            by: offer.by.clone(),
        };
        let piece = self.sealed_piece(KEY_MEDIA, enrolled.to_bytes())?;
        Change::default().decided_on(&name, version).with_pieces(&self.by(by, ""), &name, &event, vec![piece])
    }

    /// Records what happens to the software key of a demonstration's controller.
    pub(crate) fn note_soft_key(&self, by: &Actor, event: &ControllerEvent, person: &str) -> Result<(), Fault> {
        let (_, version) = self.controller_record(person)?;
        let name = controller_stream(person);
        Change::default().decided_on(&name, version).event(&self.by(by, ""), &name, event)?.commit(&self.store)?;
        Ok(())
    }
}
