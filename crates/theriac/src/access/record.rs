//! The records of an access controller: designated, a key of their own, its uses and its end.

use crate::house::record::Recorded;
use crate::tokens::actor;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, DeaNumber};

/// A change of somebody's part in access control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ControllerEvent {
    /// Somebody is designated, or designated anew with other particulars.
    Designated {
        person: String,
        /// Their own registration, if a registrant.
        registration: Option<DeaNumber>,
        /// The unit of the institution; empty in a practice.
        unit: String,
        by: Actor,
    },
    /// They are not any more. Their keys end with it.
    Ended { person: String, reason: String, by: Actor },
    /// A key of their own was bound, with which they approve grants.
    KeyBound {
        person: String,
        credential: String,
        registration: DeaNumber,
        device: String,
        serial: String,
        /// The uncompressed point in hex.
        public_key: String,
        /// Who handed the device over.
        by: Actor,
    },
    /// It answered; its counter must rise from here.
    KeyUsed { person: String, credential: String, counter: u32 },
    /// It may not be used any more.
    KeyEnded { person: String, credential: String, reason: String, by: Actor },
}

fn by_json(by: &Actor) -> Value {
    json!({"id": by.id, "role": by.role.word()})
}

impl Recorded for ControllerEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Designated { .. } => "controller.designated",
            Self::Ended { .. } => "controller.ended",
            Self::KeyBound { .. } => "controller.key-bound",
            Self::KeyUsed { .. } => "controller.key-used",
            Self::KeyEnded { .. } => "controller.key-ended",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Designated { person, registration, unit, by } => json!({
                "by": by_json(by),
                "person": person,
                "registration": registration.map(|number| number.to_string()),
                "unit": unit,
            }),
            Self::Ended { person, reason, by } => json!({"by": by_json(by), "person": person, "reason": reason}),
            Self::KeyBound { person, credential, registration, device, serial, public_key, by } => json!({
                "by": by_json(by),
                "credential": credential,
                "device": device,
                "person": person,
                "public_key": public_key,
                "registration": registration.to_string(),
                "serial": serial,
            }),
            Self::KeyUsed { person, credential, counter } => {
                json!({"counter": counter, "credential": credential, "person": person})
            }
            Self::KeyEnded { person, credential, reason, by } => {
                json!({"by": by_json(by), "credential": credential, "person": person, "reason": reason})
            }
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        read(kind, Reader(body)).map_err(|error| error.to_string())
    }
}

fn read(kind: &str, body: Reader<'_>) -> Result<ControllerEvent, BadField> {
    let own = |field: &str| body.text(field).map(str::to_owned);
    let number = |field: &str| body.parsed(field, "a DEA number", |text| DeaNumber::parse(text).ok());
    Ok(match kind {
        "controller.designated" => ControllerEvent::Designated {
            person: own("person")?,
            registration: match body.maybe_text("registration")? {
                Some(_) => Some(number("registration")?),
                None => None,
            },
            unit: own("unit")?,
            by: actor(body)?,
        },
        "controller.ended" => {
            ControllerEvent::Ended { person: own("person")?, reason: own("reason")?, by: actor(body)? }
        }
        "controller.key-bound" => ControllerEvent::KeyBound {
            person: own("person")?,
            credential: own("credential")?,
            registration: number("registration")?,
            device: own("device")?,
            serial: own("serial")?,
            public_key: own("public_key")?,
            by: actor(body)?,
        },
        "controller.key-used" => ControllerEvent::KeyUsed {
            person: own("person")?,
            credential: own("credential")?,
            counter: u32::try_from(body.whole("counter")?)
                .map_err(|_| BadField { field: "counter".to_owned(), expected: "a counter of 32 bits" })?,
        },
        "controller.key-ended" => ControllerEvent::KeyEnded {
            person: own("person")?,
            credential: own("credential")?,
            reason: own("reason")?,
            by: actor(body)?,
        },
        _ => return Err(BadField { field: "kind".to_owned(), expected: "a record of access control" }),
    })
}

/// A controller's own key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GrantKey {
    pub(crate) credential: String,
    pub(crate) registration: DeaNumber,
    pub(crate) device: String,
    pub(crate) serial: String,
    pub(crate) public_key: String,
    pub(crate) counter: u32,
    /// Why it may not be used any more.
    pub(crate) ended: Option<String>,
}

/// An access controller, folded from the records.
#[derive(Clone, Debug, Default)]
pub(crate) struct ControllerDesk {
    /// Whether the designation is in force, with registration and unit.
    pub(crate) designated: Option<(Option<DeaNumber>, String)>,
    pub(crate) keys: Vec<GrantKey>,
}

impl ControllerDesk {
    pub(super) fn of(events: &[ControllerEvent]) -> Self {
        let mut desk = Self::default();
        for event in events {
            desk.apply(event);
        }
        desk
    }

    fn apply(&mut self, event: &ControllerEvent) {
        match event {
            ControllerEvent::Designated { registration, unit, .. } => {
                self.designated = Some((*registration, unit.clone()));
            }
            ControllerEvent::Ended { reason, .. } => {
                self.designated = None;
                for key in self.keys.iter_mut().filter(|key| key.ended.is_none()) {
                    key.ended = Some(reason.clone());
                }
            }
            ControllerEvent::KeyBound { credential, registration, device, serial, public_key, .. } => {
                self.keys.push(GrantKey {
                    credential: credential.clone(),
                    registration: *registration,
                    device: device.clone(),
                    serial: serial.clone(),
                    public_key: public_key.clone(),
                    counter: 0,
                    ended: None,
                });
            }
            ControllerEvent::KeyUsed { credential, counter, .. } => {
                for key in self.keys.iter_mut().filter(|key| key.credential == *credential) {
                    key.counter = *counter;
                }
            }
            ControllerEvent::KeyEnded { credential, reason, .. } => {
                for key in self.keys.iter_mut().filter(|key| key.credential == *credential) {
                    key.ended = Some(reason.clone());
                }
            }
        }
    }

    /// Keys that may be used for this registration.
    pub(crate) fn usable(&self, registration: DeaNumber) -> impl Iterator<Item = &GrantKey> {
        self.keys.iter().filter(move |key| key.ended.is_none() && key.registration == registration)
    }
}
