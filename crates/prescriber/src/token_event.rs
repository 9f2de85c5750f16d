//! What happens to a person's tokens, as records: bound, extended, suspended, lost, recovered.

use crate::access_event::{actor_json, read_actor, read_day};
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, Registration};

words! {
    /// Why a token cannot be relied on any more. All of them end it for good.
    LossKind {
        /// It cannot be found.
        Lost = "lost",
        /// It was taken.
        Stolen = "stolen",
        /// Somebody else may have used it.
        Compromised = "compromised",
        /// Somebody else may know its PIN or password.
        PasswordCompromised = "password-compromised",
        /// It does not work any more.
        Dead = "dead",
        /// It locked itself after wrong PINs.
        Locked = "locked",
    }
}

/// A report that a token is lost, or the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// What happened.
    pub kind: LossKind,
    /// The device's serial number; `None` when all of the person's tokens are meant.
    pub serial: Option<String>,
    /// When it was discovered.
    pub discovered: Timestamp,
    /// When it was reported.
    pub reported: Timestamp,
    /// How it was reported: the page, the telephone line, in person.
    pub channel: String,
    /// Who reported it.
    pub by: Actor,
}

/// A change of a person's tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenEvent {
    /// A hard token was bound to one registration.
    Bound {
        /// The credential on it.
        credential: String,
        /// The registration it signs for.
        registration: Registration,
        /// Make and model, as attested.
        device: String,
        /// The device's serial number.
        serial: String,
        /// The last day on which it may be used.
        expires: Date,
        /// Its public key, the uncompressed point in hex.
        public_key: String,
        /// Who bound it.
        by: Actor,
    },
    /// The registration was renewed, and the token goes on with it.
    Extended {
        /// The credential.
        credential: String,
        /// Its new last day.
        expires: Date,
        /// Who determined the renewal.
        by: Actor,
    },
    /// A token may not be used until something is cleared up.
    Suspended {
        /// The credential.
        credential: String,
        /// Why.
        reason: String,
        /// Who suspended it.
        by: Actor,
    },
    /// It was cleared up.
    Resumed {
        /// The credential.
        credential: String,
        /// What was found.
        reason: String,
        /// Who resumed it.
        by: Actor,
    },
    /// A token was reported lost, or the like. Its revocations follow in the same act.
    Lost(Loss),
    /// After a loss, a first controller recognised the person and opened the way to a new token.
    RecoveryOpened {
        /// The first controller.
        by: Actor,
        /// How the person was recognised.
        recognised: String,
    },
    /// A second controller confirmed it.
    RecoveryConfirmed {
        /// The second controller.
        by: Actor,
    },
}

impl TokenEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Bound { .. } => "token.bound",
            Self::Extended { .. } => "token.extended",
            Self::Suspended { .. } => "token.suspended",
            Self::Resumed { .. } => "token.resumed",
            Self::Lost(_) => "token.lost",
            Self::RecoveryOpened { .. } => "token.recovery-opened",
            Self::RecoveryConfirmed { .. } => "token.recovery-confirmed",
        }
    }

    /// The record's body.
    pub fn body(&self) -> Value {
        match self {
            Self::Bound { credential, registration, device, serial, expires, public_key, by } => json!({
                "by": actor_json(by),
                "credential": credential,
                "device": device,
                "expires": expires.to_string(),
                "public_key": public_key,
                "registration": registration.to_string(),
                "serial": serial,
            }),
            Self::Extended { credential, expires, by } => {
                json!({"by": actor_json(by), "credential": credential, "expires": expires.to_string()})
            }
            Self::Suspended { credential, reason, by } | Self::Resumed { credential, reason, by } => {
                json!({"by": actor_json(by), "credential": credential, "reason": reason})
            }
            Self::Lost(loss) => json!({
                "by": actor_json(&loss.by),
                "channel": loss.channel,
                "discovered": loss.discovered.to_string(),
                "kind": loss.kind.word(),
                "reported": loss.reported.to_string(),
                "serial": loss.serial,
            }),
            Self::RecoveryOpened { by, recognised } => json!({"by": actor_json(by), "recognised": recognised}),
            Self::RecoveryConfirmed { by } => json!({"by": actor_json(by)}),
        }
    }

    /// Reads a record back.
    ///
    /// # Errors
    /// Names the member that is absent or not what it should be; `kind` for a kind of another family.
    pub fn read(kind: &str, body: Reader<'_>) -> Result<Self, BadField> {
        let own = |field: &str| body.text(field).map(str::to_owned);
        let instant = |field: &str| body.parsed(field, "an instant", |text| text.parse().ok());
        let by = || read_actor(body, "by");
        Ok(match kind {
            "token.bound" => Self::Bound {
                credential: own("credential")?,
                registration: body.parsed("registration", "a registration", |text| Registration::parse(text).ok())?,
                device: own("device")?,
                serial: own("serial")?,
                expires: read_day(body, "expires")?,
                public_key: own("public_key")?,
                by: by()?,
            },
            "token.extended" => {
                Self::Extended { credential: own("credential")?, expires: read_day(body, "expires")?, by: by()? }
            }
            "token.suspended" => Self::Suspended { credential: own("credential")?, reason: own("reason")?, by: by()? },
            "token.resumed" => Self::Resumed { credential: own("credential")?, reason: own("reason")?, by: by()? },
            "token.lost" => Self::Lost(Loss {
                kind: body.parsed("kind", "a kind of loss", LossKind::parse)?,
                serial: body.maybe_text("serial")?.map(str::to_owned),
                discovered: instant("discovered")?,
                reported: instant("reported")?,
                channel: own("channel")?,
                by: by()?,
            }),
            "token.recovery-opened" => Self::RecoveryOpened { by: by()?, recognised: own("recognised")? },
            "token.recovery-confirmed" => Self::RecoveryConfirmed { by: by()? },
            _ => return Err(BadField { field: "kind".to_owned(), expected: "a kind of token record" }),
        })
    }
}
