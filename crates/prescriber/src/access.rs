//! Who may sign: identity proofed, registration checked, two people granted it, a hard token bound.
//!
//! 21 CFR 1311.125 (logical access control by two people, the second a registrant) and 1311.105-1311.110; the 2008
//! proposal binds each token to one registration (proposed 1311.110) and to its expiry.

use crate::access_event::{AccessEvent, Checked};
use jiff::civil::Date;
use theriac_model::{Actor, DeaNumber, Edition, Refusal, Registration, Role};

/// A hard token bound to one registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its identifier.
    pub id: String,
    /// The registration it signs for.
    pub registration: Registration,
    /// Make and model.
    pub device: String,
    /// The last day on which it may be used.
    pub expires: Date,
    /// The public key, the uncompressed point in hex.
    pub public_key: String,
    /// The counter of its last accepted answer.
    pub counter: u32,
    /// Why it was revoked, if it was.
    pub revoked: Option<String>,
}

/// How far a person's right to sign has come.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Grant {
    None,
    Nominated(Actor),
    InForce,
    Revoked(String),
}

/// A person who may come to sign, folded from the records of their right.
#[derive(Clone, Debug)]
pub struct Signer {
    person: String,
    proofed: Option<String>,
    checked: Vec<Checked>,
    grant: Grant,
    credentials: Vec<Credential>,
}

const ACCESS_CONTROL: &str = "21 CFR 1311.125";

impl Signer {
    /// A person of whom nothing is recorded yet.
    pub fn new(person: impl Into<String>) -> Self {
        Self { person: person.into(), proofed: None, checked: Vec::new(), grant: Grant::None, credentials: Vec::new() }
    }

    /// The person's identifier.
    pub fn person(&self) -> &str {
        &self.person
    }

    /// Takes in one record.
    pub fn apply(&mut self, event: &AccessEvent) {
        match event {
            AccessEvent::Proofed { evidence, .. } => self.proofed = Some(evidence.clone()),
            AccessEvent::RegistrationChecked(checked) => {
                self.checked.retain(|old| old.registration != checked.registration);
                self.checked.push(checked.clone());
            }
            AccessEvent::Nominated { by } => self.grant = Grant::Nominated(by.clone()),
            AccessEvent::Approved { .. } => self.grant = Grant::InForce,
            AccessEvent::CredentialRegistered { credential, registration, device, expires, public_key } => {
                self.credentials.push(Credential {
                    id: credential.clone(),
                    registration: registration.clone(),
                    device: device.clone(),
                    expires: *expires,
                    public_key: public_key.clone(),
                    counter: 0,
                    revoked: None,
                });
            }
            AccessEvent::CredentialUsed { credential, counter } => {
                for held in self.credentials.iter_mut().filter(|held| held.id == *credential) {
                    held.counter = *counter;
                }
            }
            AccessEvent::CredentialRevoked { credential, reason, .. } => {
                for held in self.credentials.iter_mut().filter(|held| held.id == *credential) {
                    held.revoked = Some(reason.clone());
                }
            }
            AccessEvent::Revoked { reason, .. } => self.grant = Grant::Revoked(reason.clone()),
        }
    }

    /// The last check of a registration.
    pub fn registration(&self, number: DeaNumber) -> Option<&Checked> {
        self.checked.iter().find(|checked| checked.registration == number)
    }

    /// A token by its identifier.
    pub fn credential(&self, id: &str) -> Option<&Credential> {
        self.credentials.iter().find(|held| held.id == id)
    }

    /// All tokens, in the order of registration.
    pub fn credentials(&self) -> &[Credential] {
        &self.credentials
    }

    /// A first access controller proposes that this person may sign.
    ///
    /// # Errors
    /// Before identity proofing or a check of a registration; by anyone but an access controller; for oneself.
    pub fn nominate(&self, by: &Actor) -> Result<AccessEvent, Refusal> {
        self.controller(by)?;
        if self.proofed.is_none() {
            return Err(Refusal::new(
                "RX-ACCESS-NOT-PROOFED",
                "21 CFR 1311.105",
                "identity proofing of this person is not on file",
                "file the identity-proofing evidence first",
            ));
        }
        if self.checked.is_empty() {
            return Err(Refusal::new(
                "RX-ACCESS-NOT-CHECKED",
                ACCESS_CONTROL,
                "no registration of this person has been checked",
                "check the registration and the State authority against the registrant data first",
            ));
        }
        match &self.grant {
            Grant::None | Grant::Revoked(_) => Ok(AccessEvent::Nominated { by: by.clone() }),
            Grant::Nominated(_) | Grant::InForce => Err(Refusal::new(
                "RX-ACCESS-ALREADY",
                ACCESS_CONTROL,
                "this person is already nominated or may already sign",
                "let a second access controller approve, or look at the person's record",
            )),
        }
    }

    /// A second access controller, who is a registrant, puts the right to sign in force.
    ///
    /// # Errors
    /// Without nomination; by the person who nominated; by the person concerned; by anyone but an access controller.
    pub fn approve(&self, by: &Actor, registration: DeaNumber) -> Result<AccessEvent, Refusal> {
        self.controller(by)?;
        match &self.grant {
            Grant::Nominated(first) if first.id == by.id => Err(Refusal::new(
                "RX-ACCESS-TWO-PEOPLE",
                ACCESS_CONTROL,
                "the same person nominated and approves",
                "let another access controller approve",
            )),
            Grant::Nominated(_) => Ok(AccessEvent::Approved { by: by.clone(), registration }),
            _ => Err(Refusal::new(
                "RX-ACCESS-NOT-NOMINATED",
                ACCESS_CONTROL,
                "nobody has nominated this person",
                "let a first access controller nominate",
            )),
        }
    }

    fn controller(&self, by: &Actor) -> Result<(), Refusal> {
        if by.role != Role::AccessController || by.id == self.person {
            return Err(Refusal::new(
                "RX-ACCESS-CONTROLLER",
                ACCESS_CONTROL,
                "only an access controller, and never for oneself, grants the right to sign",
                "ask an access controller of this deployment",
            ));
        }
        Ok(())
    }

    /// Binds a token to one of the person's checked registrations.
    ///
    /// # Errors
    /// For a registration that has not been checked; for a token that outlives it (2008 proposal).
    pub fn register_credential(
        &self,
        credential: &str,
        registration: &Registration,
        device: &str,
        expires: Date,
        public_key: &str,
    ) -> Result<AccessEvent, Refusal> {
        let Some(checked) = self.registration(registration.number()) else {
            return Err(Refusal::new(
                "RX-TOKEN-REGISTRATION",
                "21 CFR 1311.105",
                "this registration of the person has not been checked",
                "check the registration against the registrant data first",
            ));
        };
        if expires > checked.expires {
            return Err(Refusal::new(
                "RX-TOKEN-OUTLIVES",
                "73 FR 36722, proposed 21 CFR 1311.110",
                format!("the token would be usable until {expires}, the registration ends on {}", checked.expires),
                "let the token end with the registration, and renew both",
            )
            .under(Edition::Proposed2008));
        }
        Ok(AccessEvent::CredentialRegistered {
            credential: credential.to_owned(),
            registration: registration.clone(),
            device: device.to_owned(),
            expires,
            public_key: public_key.to_owned(),
        })
    }

    /// Whether the person has the right to sign with this token for this registration on this day.
    ///
    /// Whether the registration itself allows the schedule is the law's question, asked at signing.
    ///
    /// # Errors
    /// No grant in force; a token unknown, revoked, run out or bound to another registration.
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
            Grant::None | Grant::Nominated(_) => {
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
        if on > held.expires {
            return Err(Refusal::new(
                "RX-TOKEN-EXPIRED",
                "73 FR 36722, proposed 21 CFR 1311.110",
                format!("the token could be used until {}", held.expires),
                "renew the registration and bind a token to it",
            )
            .under(Edition::Proposed2008));
        }
        Ok(held)
    }
}
