//! What happens to a person's right to sign, as records.

use crate::enrolment::EnrolmentEvent;
use crate::token_event::TokenEvent;
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, DeaNumber, Registration, RegistrationKey, Role, Schedule};

/// How a registration stood when it was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In force.
    Valid,
    /// Run out.
    Expired,
    /// Suspended.
    Suspended,
    /// Revoked or surrendered.
    Revoked,
}

impl Standing {
    const WORDS: [(Self, &'static str); 4] = [
        (Self::Valid, "valid"),
        (Self::Expired, "expired"),
        (Self::Suspended, "suspended"),
        (Self::Revoked, "revoked"),
    ];

    /// The word used in records.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// The standing with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|row| row.1 == word).map(|row| row.0)
    }
}

/// A registration as the registrant data showed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The registration; of an exempt official the branch.
    pub registration: RegistrationKey,
    /// How it stood.
    pub standing: Standing,
    /// The last day on which it is valid.
    pub expires: Date,
    /// Schedules it covers.
    pub schedules: Vec<Schedule>,
    /// Schedules the State lets the practitioner prescribe.
    pub state_schedules: Vec<Schedule>,
    /// The day on which the registrant data was issued; for an exempt official, of whom it knows nothing, the day of the check.
    pub data_issued: Date,
}

/// A change of a person's right to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessEvent {
    /// Identity proofing was done and its evidence filed. Written before enrolments had records of their own; kept to be
    /// read, and counted for nothing when a right is granted.
    Proofed {
        /// Who recorded it.
        by: Actor,
        /// Who proofed, and how, in the words of the evidence.
        evidence: String,
    },
    /// A registration was compared with the registrant data and the State's.
    RegistrationChecked(Checked),
    /// A first access controller proposed the right to sign.
    Nominated {
        /// The first controller.
        by: Actor,
    },
    /// A second access controller, a registrant, put it in force.
    Approved {
        /// The second controller.
        by: Actor,
        /// The second controller's own registration.
        registration: DeaNumber,
    },
    /// A hard token was bound to one registration.
    CredentialRegistered {
        /// The credential.
        credential: String,
        /// The registration it signs for.
        registration: Registration,
        /// Make and model, as attested.
        device: String,
        /// The last day on which it may be used.
        expires: Date,
        /// Its public key, the uncompressed point in hex.
        public_key: String,
    },
    /// A token answered; its counter must rise from here.
    CredentialUsed {
        /// The credential.
        credential: String,
        /// Its counter.
        counter: u32,
    },
    /// A token may no longer be used.
    CredentialRevoked {
        /// The credential.
        credential: String,
        /// Why.
        reason: String,
        /// Who revoked it.
        by: Actor,
    },
    /// The right to sign was taken away.
    Revoked {
        /// Why.
        reason: String,
        /// Who revoked it.
        by: Actor,
    },
    /// In an institution, a first controller entered the right to sign of a person whom two had listed.
    Entered {
        /// The first controller.
        by: Actor,
        /// The controller's unit.
        unit: String,
        /// The two who listed the person.
        listed_by: Vec<String>,
    },
    /// In an institution, a person of a separate unit put it in force.
    Executed {
        /// The second controller.
        by: Actor,
        /// The controller's unit.
        unit: String,
    },
    /// The right to sign rests until two grant it anew.
    Suspended {
        /// Why.
        reason: String,
        /// Who suspended it.
        by: Actor,
    },
    /// A step of the enrolment.
    Enrolment(EnrolmentEvent),
    /// A change of a token.
    Token(TokenEvent),
}

impl From<EnrolmentEvent> for AccessEvent {
    fn from(event: EnrolmentEvent) -> Self {
        Self::Enrolment(event)
    }
}

impl From<TokenEvent> for AccessEvent {
    fn from(event: TokenEvent) -> Self {
        Self::Token(event)
    }
}

/// An actor as stored.
pub(crate) fn actor_json(actor: &Actor) -> Value {
    json!({"id": actor.id, "role": actor.role.word()})
}

/// An actor as read back.
pub(crate) fn read_actor(body: Reader<'_>, field: &str) -> Result<Actor, BadField> {
    let actor = body.object(field)?;
    Ok(Actor { id: actor.text("id")?.to_owned(), role: actor.parsed("role", "a role", Role::parse)? })
}

pub(crate) fn schedules_json(schedules: &[Schedule]) -> Value {
    schedules.iter().map(|s| s.roman()).collect()
}

pub(crate) fn read_schedules(body: Reader<'_>, field: &'static str) -> Result<Vec<Schedule>, BadField> {
    let bad = || BadField { field: field.to_owned(), expected: "schedules I to V" };
    body.list(field)?.iter().map(|item| item.as_str().and_then(Schedule::parse).ok_or_else(bad)).collect()
}

fn names(body: Reader<'_>, field: &'static str) -> Result<Vec<String>, BadField> {
    let bad = || BadField { field: field.to_owned(), expected: "names" };
    body.list(field)?.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(bad)).collect()
}

fn read_registration(body: Reader<'_>) -> Result<DeaNumber, BadField> {
    body.parsed("registration", "a DEA number", |text| DeaNumber::parse(text).ok())
}

pub(crate) fn read_key(body: Reader<'_>) -> Result<RegistrationKey, BadField> {
    body.parsed("registration", "a registration", |text| RegistrationKey::parse(text).ok())
}

pub(crate) fn read_day(body: Reader<'_>, field: &str) -> Result<Date, BadField> {
    body.parsed(field, "a date", |text| text.parse().ok())
}

impl AccessEvent {
    /// The layout version of the bodies written here.
    pub const FORMAT: u32 = 1;

    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Proofed { .. } => "access.proofed",
            Self::RegistrationChecked(_) => "access.registration-checked",
            Self::Nominated { .. } => "access.nominated",
            Self::Approved { .. } => "access.approved",
            Self::CredentialRegistered { .. } => "access.credential-registered",
            Self::CredentialUsed { .. } => "access.credential-used",
            Self::CredentialRevoked { .. } => "access.credential-revoked",
            Self::Revoked { .. } => "access.revoked",
            Self::Entered { .. } => "access.entered",
            Self::Executed { .. } => "access.executed",
            Self::Suspended { .. } => "access.suspended",
            Self::Enrolment(event) => event.kind(),
            Self::Token(event) => event.kind(),
        }
    }

    /// The record's body.
    pub fn body(&self) -> Value {
        match self {
            Self::Proofed { by, evidence } => json!({"by": actor_json(by), "evidence": evidence}),
            Self::RegistrationChecked(checked) => json!({
                "data_issued": checked.data_issued.to_string(),
                "expires": checked.expires.to_string(),
                "registration": checked.registration.to_string(),
                "schedules": schedules_json(&checked.schedules),
                "standing": checked.standing.word(),
                "state_schedules": schedules_json(&checked.state_schedules),
            }),
            Self::Nominated { by } => json!({"by": actor_json(by)}),
            Self::Approved { by, registration } => {
                json!({"by": actor_json(by), "registration": registration.as_str()})
            }
            Self::CredentialRegistered { credential, registration, device, expires, public_key } => json!({
                "credential": credential,
                "device": device,
                "expires": expires.to_string(),
                "public_key": public_key,
                "registration": registration.to_string(),
            }),
            Self::CredentialUsed { credential, counter } => json!({"counter": counter, "credential": credential}),
            Self::CredentialRevoked { credential, reason, by } => {
                json!({"by": actor_json(by), "credential": credential, "reason": reason})
            }
            Self::Revoked { reason, by } | Self::Suspended { reason, by } => {
                json!({"by": actor_json(by), "reason": reason})
            }
            Self::Entered { by, unit, listed_by } => {
                json!({"by": actor_json(by), "listed_by": listed_by, "unit": unit})
            }
            Self::Executed { by, unit } => json!({"by": actor_json(by), "unit": unit}),
            Self::Enrolment(event) => event.body(),
            Self::Token(event) => event.body(),
        }
    }

    /// Reads a record back.
    ///
    /// # Errors
    /// Names the member that is absent or not what it should be; `kind` for a kind of another family.
    pub fn read(kind: &str, body: &Value) -> Result<Self, BadField> {
        let body = Reader(body);
        Ok(match kind {
            "access.proofed" => {
                Self::Proofed { by: read_actor(body, "by")?, evidence: body.text("evidence")?.to_owned() }
            }
            "access.registration-checked" => Self::RegistrationChecked(Checked {
                registration: read_key(body)?,
                standing: body.parsed("standing", "a standing", Standing::parse)?,
                expires: read_day(body, "expires")?,
                schedules: read_schedules(body, "schedules")?,
                state_schedules: read_schedules(body, "state_schedules")?,
                data_issued: read_day(body, "data_issued")?,
            }),
            "access.nominated" => Self::Nominated { by: read_actor(body, "by")? },
            "access.approved" => Self::Approved { by: read_actor(body, "by")?, registration: read_registration(body)? },
            "access.credential-registered" => Self::CredentialRegistered {
                credential: body.text("credential")?.to_owned(),
                registration: body.parsed("registration", "a registration", |text| Registration::parse(text).ok())?,
                device: body.text("device")?.to_owned(),
                expires: read_day(body, "expires")?,
                public_key: body.text("public_key")?.to_owned(),
            },
            "access.credential-used" => Self::CredentialUsed {
                credential: body.text("credential")?.to_owned(),
                counter: u32::try_from(body.whole("counter")?)
                    .map_err(|_| BadField { field: "counter".to_owned(), expected: "a counter" })?,
            },
            "access.credential-revoked" => Self::CredentialRevoked {
                credential: body.text("credential")?.to_owned(),
                reason: body.text("reason")?.to_owned(),
                by: read_actor(body, "by")?,
            },
            "access.revoked" => Self::Revoked { reason: body.text("reason")?.to_owned(), by: read_actor(body, "by")? },
            "access.entered" => Self::Entered {
                by: read_actor(body, "by")?,
                unit: body.text("unit")?.to_owned(),
                listed_by: names(body, "listed_by")?,
            },
            "access.executed" => Self::Executed { by: read_actor(body, "by")?, unit: body.text("unit")?.to_owned() },
            "access.suspended" => {
                Self::Suspended { reason: body.text("reason")?.to_owned(), by: read_actor(body, "by")? }
            }
            _ if kind.starts_with("enrolment.") => Self::Enrolment(EnrolmentEvent::read(kind, body)?),
            _ if kind.starts_with("token.") => Self::Token(TokenEvent::read(kind, body)?),
            _ => return Err(BadField { field: "kind".to_owned(), expected: "a kind of access record" }),
        })
    }
}
