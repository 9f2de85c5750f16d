//! Who may sign: enrolled, granted by two people, with a hard token of one's own for the registration.
//!
//! A person's records are one stream: the enrolment ([`crate::enrolment`]), the grants of the right ([`crate::grant`]) and
//! the tokens ([`crate::token`]). [`Signer`] folds them and answers the one question that matters at the desk: may this
//! person sign with this token for this registration today.

use crate::access_event::{AccessEvent, Checked};
use crate::enrolment::Enrolment;
use crate::token_event::TokenEvent;
use jiff::civil::Date;
use theriac_model::{Actor, Edition, Refusal, Registration, RegistrationKey};

/// Why and by whom a token was suspended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspended {
    /// Why.
    pub reason: String,
    /// By whom: what the program suspended, the program may resume.
    pub by: Actor,
}

/// A hard token bound to one registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its identifier.
    pub id: String,
    /// The registration it signs for.
    pub registration: Registration,
    /// Make and model.
    pub device: String,
    /// The device's serial number; several credentials may lie on one device.
    pub serial: Option<String>,
    /// The last day on which it may be used.
    pub expires: Date,
    /// The public key, the uncompressed point in hex.
    pub public_key: String,
    /// The counter of its last accepted answer.
    pub counter: u32,
    /// Why it was revoked, if it was.
    pub revoked: Option<String>,
    /// Why it is suspended, if it is.
    pub suspended: Option<Suspended>,
}

/// How far the grant of the right to sign has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Grant {
    None,
    /// By a first controller; in an institution, of this unit.
    First {
        by: Actor,
        unit: String,
    },
    InForce,
    Suspended(String),
    Revoked(String),
}

/// The same, for whoever only needs to know how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantStage {
    /// Nobody has granted.
    None,
    /// One of two has.
    First,
    /// Both have.
    InForce,
    /// It rests.
    Suspended,
    /// It was taken away.
    Revoked,
}

/// Whether two must recognise the person before a new token is bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Recovery {
    NotNeeded,
    Needed,
    Opened(Actor),
    Confirmed,
}

/// The same, for whoever only needs to know how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoveryStage {
    /// Nothing was lost since the last token was bound.
    NotNeeded,
    /// A token was lost; nobody has recognised the person yet.
    Needed,
    /// A first controller has recognised the person.
    Opened,
    /// A second has confirmed it: a new token may be bound.
    Confirmed,
}

/// A person who may come to sign, folded from the records of their right.
#[derive(Clone, Debug)]
pub struct Signer {
    person: String,
    enrolment: Enrolment,
    checked: Vec<Checked>,
    pub(crate) grant: Grant,
    credentials: Vec<Credential>,
    /// Serial numbers of devices that were reported lost.
    pub(crate) lost: Vec<String>,
    pub(crate) recovery: Recovery,
}

const ACCESS_CONTROL: &str = "21 CFR 1311.125";

impl Signer {
    /// A person of whom nothing is recorded yet.
    pub fn new(person: impl Into<String>) -> Self {
        Self {
            person: person.into(),
            enrolment: Enrolment::default(),
            checked: Vec::new(),
            grant: Grant::None,
            credentials: Vec::new(),
            lost: Vec::new(),
            recovery: Recovery::NotNeeded,
        }
    }

    /// The person's identifier.
    pub fn person(&self) -> &str {
        &self.person
    }

    /// Takes in one record.
    pub fn apply(&mut self, event: &AccessEvent) {
        match event {
            AccessEvent::Proofed { .. } => {}
            AccessEvent::RegistrationChecked(checked) => {
                self.checked.retain(|old| old.registration != checked.registration);
                self.checked.push(checked.clone());
            }
            AccessEvent::Nominated { by } => self.grant = Grant::First { by: by.clone(), unit: String::new() },
            AccessEvent::Entered { by, unit, .. } => self.grant = Grant::First { by: by.clone(), unit: unit.clone() },
            AccessEvent::Approved { .. } | AccessEvent::Executed { .. } => self.grant = Grant::InForce,
            AccessEvent::Suspended { reason, .. } => self.grant = Grant::Suspended(reason.clone()),
            AccessEvent::Revoked { reason, .. } => self.grant = Grant::Revoked(reason.clone()),
            AccessEvent::CredentialRegistered { credential, registration, device, expires, public_key } => {
                self.add(credential, registration, (device, None), *expires, public_key);
            }
            AccessEvent::CredentialUsed { credential, counter } => {
                self.each(credential, |held| held.counter = *counter);
            }
            AccessEvent::CredentialRevoked { credential, reason, .. } => {
                self.each(credential, |held| held.revoked = Some(reason.clone()));
            }
            AccessEvent::Enrolment(event) => self.enrolment.apply(event),
            AccessEvent::Token(event) => self.apply_token(event),
        }
    }

    fn apply_token(&mut self, event: &TokenEvent) {
        match event {
            TokenEvent::Bound { credential, registration, device, serial, expires, public_key, .. } => {
                self.add(credential, registration, (device, Some(serial.clone())), *expires, public_key);
                // A recovery opens the way to the tokens of one device; the next device waits for no new loss.
                self.recovery = Recovery::NotNeeded;
            }
            TokenEvent::Extended { credential, expires, .. } => self.each(credential, |held| held.expires = *expires),
            TokenEvent::Suspended { credential, reason, by } => {
                let suspended = Suspended { reason: reason.clone(), by: by.clone() };
                self.each(credential, |held| held.suspended = Some(suspended.clone()));
            }
            TokenEvent::Resumed { credential, .. } => self.each(credential, |held| held.suspended = None),
            TokenEvent::Lost(loss) => {
                match &loss.serial {
                    Some(serial) => self.lost.push(serial.clone()),
                    None => self.lost.extend(self.credentials.iter().filter_map(|held| held.serial.clone())),
                }
                self.recovery = Recovery::Needed;
            }
            TokenEvent::RecoveryOpened { by, .. } => self.recovery = Recovery::Opened(by.clone()),
            TokenEvent::RecoveryConfirmed { .. } => self.recovery = Recovery::Confirmed,
        }
    }

    fn add(
        &mut self,
        id: &str,
        registration: &Registration,
        (device, serial): (&str, Option<String>),
        expires: Date,
        public_key: &str,
    ) {
        self.credentials.push(Credential {
            id: id.to_owned(),
            registration: registration.clone(),
            device: device.to_owned(),
            serial,
            expires,
            public_key: public_key.to_owned(),
            counter: 0,
            revoked: None,
            suspended: None,
        });
    }

    fn each(&mut self, credential: &str, mut change: impl FnMut(&mut Credential)) {
        for held in self.credentials.iter_mut().filter(|held| held.id == credential) {
            change(held);
        }
    }

    /// The enrolment.
    pub fn enrolment(&self) -> &Enrolment {
        &self.enrolment
    }

    /// The last check of a registration.
    pub fn registration(&self, of: impl Into<RegistrationKey>) -> Option<&Checked> {
        let of = of.into();
        self.checked.iter().find(|checked| checked.registration == of)
    }

    /// The last check of each registration.
    pub fn registrations(&self) -> &[Checked] {
        &self.checked
    }

    /// A token by its identifier.
    pub fn credential(&self, id: &str) -> Option<&Credential> {
        self.credentials.iter().find(|held| held.id == id)
    }

    /// All tokens, in the order of registration.
    pub fn credentials(&self) -> &[Credential] {
        &self.credentials
    }

    /// How far the grant has come.
    pub fn grant_stage(&self) -> GrantStage {
        match self.grant {
            Grant::None => GrantStage::None,
            Grant::First { .. } => GrantStage::First,
            Grant::InForce => GrantStage::InForce,
            Grant::Suspended(_) => GrantStage::Suspended,
            Grant::Revoked(_) => GrantStage::Revoked,
        }
    }

    /// Who entered the grant that waits for a second controller.
    pub fn nominated_by(&self) -> Option<&Actor> {
        match &self.grant {
            Grant::First { by, .. } => Some(by),
            _ => None,
        }
    }

    /// Why the right to sign rests or was taken away.
    pub fn grant_reason(&self) -> Option<&str> {
        match &self.grant {
            Grant::Suspended(reason) | Grant::Revoked(reason) => Some(reason),
            Grant::None | Grant::First { .. } | Grant::InForce => None,
        }
    }

    /// How far a recovery after a loss has come.
    pub fn recovery_stage(&self) -> RecoveryStage {
        match self.recovery {
            Recovery::NotNeeded => RecoveryStage::NotNeeded,
            Recovery::Needed => RecoveryStage::Needed,
            Recovery::Opened(_) => RecoveryStage::Opened,
            Recovery::Confirmed => RecoveryStage::Confirmed,
        }
    }

    /// Whether a token may be used on `today`.
    pub(crate) fn usable(&self, held: &Credential, today: Date) -> bool {
        held.revoked.is_none() && held.suspended.is_none() && today < self.ends(held)
    }

    /// The first day on which a token may not be used. Chosen reading of the proposed 1311.110(e) and 1311.135(b): on the
    /// registration's expiration date access is revoked, from the start of that day.
    fn ends(&self, held: &Credential) -> Date {
        let own = held.expires.tomorrow().unwrap_or(held.expires);
        self.registration(held.registration.key()).map_or(own, |checked| own.min(checked.expires))
    }

    /// Whether the person has the right to sign with this token for this registration on this day.
    ///
    /// Whether the registration itself allows the schedule is the law's question, asked at signing.
    ///
    /// # Errors
    /// No grant in force; a token unknown, revoked, suspended, run out or bound to another registration.
    pub fn may_sign(&self, registration: &Registration, credential: &str, on: Date) -> Result<&Credential, Refusal> {
        match &self.grant {
            Grant::InForce => {}
            Grant::Revoked(reason) => {
                return Err(Refusal::new(
                    "RX-ACCESS-REVOKED",
                    ACCESS_CONTROL,
                    format!("the right to sign was revoked: {reason}"),
                    "ask two access controllers to grant it anew once the cause is gone",
                ));
            }
            Grant::Suspended(reason) => {
                return Err(Refusal::new(
                    "RX-ACCESS-SUSPENDED",
                    ACCESS_CONTROL,
                    format!("the right to sign is suspended: {reason}"),
                    "ask two access controllers to grant it anew once the cause is gone",
                ));
            }
            Grant::None | Grant::First { .. } => {
                return Err(Refusal::new(
                    "RX-ACCESS-NOT-GRANTED",
                    ACCESS_CONTROL,
                    "two access controllers have not granted this person the right to sign",
                    "ask two access controllers to grant it",
                ));
            }
        }
        let held = self.credential(credential).filter(|held| held.registration == *registration);
        let Some(held) = held else {
            return Err(Refusal::new(
                "RX-TOKEN-UNKNOWN",
                "73 FR 36722, proposed 21 CFR 1311.110",
                "this token is not bound to the registration on the prescription",
                "use the token registered for this DEA number, or choose the other registration",
            )
            .under(Edition::Proposed2008));
        };
        if let Some(reason) = &held.revoked {
            return Err(Refusal::new(
                "RX-TOKEN-REVOKED",
                "21 CFR 1311.115",
                format!("the token was revoked: {reason}"),
                "use the spare token, or ask two access controllers to bind a new one",
            ));
        }
        if let Some(suspended) = &held.suspended {
            return Err(Refusal::new(
                "RX-TOKEN-SUSPENDED",
                "21 CFR 1311.125(d)",
                format!("the token is suspended: {}", suspended.reason),
                "clear up the cause with the operator of this deployment",
            ));
        }
        let ends = self.ends(held);
        if on >= ends {
            return Err(Refusal::new(
                "RX-TOKEN-EXPIRED",
                "73 FR 36722, proposed 21 CFR 1311.110(e), 1311.135(b)",
                format!("the token cannot be used from {ends} on"),
                "renew the registration and bind a token to it",
            )
            .under(Edition::Proposed2008));
        }
        Ok(held)
    }
}
