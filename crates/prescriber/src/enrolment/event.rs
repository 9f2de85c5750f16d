//! What happens in an enrolment, as records. They stand in the person's stream, before the grants and tokens.

use crate::access_event::{actor_json, read_actor};
use crate::enrolment::{Application, Intended};
use crate::proofing::{Check, Contact, Document, Record, StateCode};
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, DeaNumber, Registration};

/// A step of an enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolmentEvent {
    /// The practitioner applied; a later application opens the enrolment anew.
    Opened(Application),
    /// The applicant took note of the responsibility that stays with the practitioner (1311.100(c)).
    Acknowledged {
        /// The applicant.
        by: Actor,
        /// The text shown, by its name.
        text: String,
    },
    /// What stands on the proofing document was entered, whatever it lacks.
    DocumentEntered {
        /// Who entered it.
        by: Actor,
        /// What stands on it.
        document: Document,
    },
    /// The document was found complete and accepted.
    DocumentAccepted {
        /// Who accepted it.
        by: Actor,
        /// SHA-256 of the file that was accepted, in hex.
        digest: String,
    },
    /// The record of proofing under the law in force was entered.
    RecordEntered {
        /// Who entered it.
        by: Actor,
        /// What it says.
        record: Record,
    },
    /// The provider checked with a State or the Department of Veterans Affairs.
    Checked(Check),
    /// The practitioner was called, or visited, at a registered location.
    Contacted(Contact),
    /// A difference between the registrant data and the application was looked into and explained.
    DifferenceResolved {
        /// Who looked into it.
        by: Actor,
        /// The registration.
        registration: DeaNumber,
        /// The name in the registrant data that was found to be the applicant's.
        name: String,
        /// Why it is.
        reason: String,
    },
    /// Where a registration is, as the registrant data of that day said.
    Located {
        /// The registration.
        registration: DeaNumber,
        /// The State of the registered address.
        state: String,
        /// The registered address in one line.
        address: String,
    },
}

impl EnrolmentEvent {
    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Opened(_) => "enrolment.opened",
            Self::Acknowledged { .. } => "enrolment.acknowledged",
            Self::DocumentEntered { .. } => "enrolment.document-entered",
            Self::DocumentAccepted { .. } => "enrolment.document-accepted",
            Self::RecordEntered { .. } => "enrolment.record-entered",
            Self::Checked(_) => "enrolment.checked",
            Self::Contacted(_) => "enrolment.contacted",
            Self::DifferenceResolved { .. } => "enrolment.difference-resolved",
            Self::Located { .. } => "enrolment.located",
        }
    }

    /// The record's body.
    pub fn body(&self) -> Value {
        match self {
            Self::Opened(application) => json!({
                "at": application.at.to_string(),
                "by": actor_json(&application.by),
                "intends": application.intends.iter().map(|one| json!({
                    "registration": one.registration.to_string(),
                    "state": one.state.as_str(),
                })).collect::<Vec<_>>(),
                "name": application.name,
                "telephone": application.telephone,
            }),
            Self::Acknowledged { by, text } => json!({"by": actor_json(by), "text": text}),
            Self::DocumentEntered { by, document } => json!({"by": actor_json(by), "document": document.to_json()}),
            Self::DocumentAccepted { by, digest } => json!({"by": actor_json(by), "digest": digest}),
            Self::RecordEntered { by, record } => json!({"by": actor_json(by), "record": record.to_json()}),
            Self::Checked(check) => check.to_json(),
            Self::Contacted(contact) => contact.to_json(),
            Self::DifferenceResolved { by, registration, name, reason } => json!({
                "by": actor_json(by),
                "name": name,
                "reason": reason,
                "registration": registration.as_str(),
            }),
            Self::Located { registration, state, address } => {
                json!({"address": address, "registration": registration.as_str(), "state": state})
            }
        }
    }

    /// Reads a record back.
    ///
    /// # Errors
    /// Names the member that is absent or not what it should be; `kind` for a kind of another family.
    pub fn read(kind: &str, body: Reader<'_>) -> Result<Self, BadField> {
        let own = |field: &str| body.text(field).map(str::to_owned);
        let number = || body.parsed("registration", "a DEA number", |text| DeaNumber::parse(text).ok());
        Ok(match kind {
            "enrolment.opened" => Self::Opened(Application {
                by: read_actor(body, "by")?,
                name: own("name")?,
                telephone: own("telephone")?,
                intends: body.list("intends")?.iter().map(|one| intended(Reader(one))).collect::<Result<_, _>>()?,
                at: crate::proofing::instant(body, "at")?,
            }),
            "enrolment.acknowledged" => Self::Acknowledged { by: read_actor(body, "by")?, text: own("text")? },
            "enrolment.document-entered" => Self::DocumentEntered {
                by: read_actor(body, "by")?,
                document: Document::from_json(body.object("document")?)?,
            },
            "enrolment.document-accepted" => {
                Self::DocumentAccepted { by: read_actor(body, "by")?, digest: own("digest")? }
            }
            "enrolment.record-entered" => {
                Self::RecordEntered { by: read_actor(body, "by")?, record: Record::from_json(body.object("record")?)? }
            }
            "enrolment.checked" => Self::Checked(Check::from_json(body)?),
            "enrolment.contacted" => Self::Contacted(Contact::from_json(body)?),
            "enrolment.difference-resolved" => Self::DifferenceResolved {
                by: read_actor(body, "by")?,
                registration: number()?,
                name: own("name")?,
                reason: own("reason")?,
            },
            "enrolment.located" => {
                Self::Located { registration: number()?, state: own("state")?, address: own("address")? }
            }
            _ => return Err(BadField { field: "kind".to_owned(), expected: "a kind of enrolment record" }),
        })
    }
}

fn intended(body: Reader<'_>) -> Result<Intended, BadField> {
    Ok(Intended {
        state: body.parsed("state", "a State", StateCode::parse)?,
        registration: body.parsed("registration", "a registration", |text| Registration::parse(text).ok())?,
    })
}
