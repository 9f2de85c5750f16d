//! What happens to notices, as records.

use super::{Addressee, Enclosure, Fact, Notice, NoticeId, Sender, Subject};
use crate::stored::{actor_json, bad, cite, deadline_json, each, maybe, moment, own, read_actor, read_deadline, words};
use serde_json::{Value, json};
use theriac_law::Moment;
use theriac_model::Actor;
use theriac_model::json::{BadField, Reader};

words! {
    /// How a notice was given.
    Channel {
        /// By post.
        Post = "post",
        /// By courier.
        Courier = "courier",
        /// By fax.
        Fax = "fax",
        /// By e-mail.
        Email = "email",
        /// By telephone.
        Telephone = "telephone",
        /// On the authority's web site.
        Portal = "portal",
        /// By hand.
        InPerson = "in-person",
        /// Shown to the addressee in the application.
        InApplication = "in-application",
    }
}

/// A step of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeEvent {
    /// It was written down to be given.
    Raised(Notice),
    /// A person gave it.
    Sent {
        /// Which.
        id: NoticeId,
        /// Who gave it, or to whom the application showed it.
        by: Actor,
        /// When it was given.
        at: Moment,
        /// How.
        how: Channel,
        /// Who took it: an office, a person.
        reached: String,
        /// SHA-256 of a proof of sending, in hex, if one was archived.
        proof: Option<String>,
    },
    /// The record of its giving was wrong; it is to be given again.
    Reopened {
        /// Which.
        id: NoticeId,
        /// Who says so.
        by: Actor,
        /// Why.
        reason: String,
    },
}

impl NoticeEvent {
    /// The layout version of the bodies written here.
    pub const FORMAT: u32 = 1;

    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Raised(_) => "notice.raised",
            Self::Sent { .. } => "notice.sent",
            Self::Reopened { .. } => "notice.reopened",
        }
    }

    /// The record's body.
    pub fn body(&self) -> Value {
        match self {
            Self::Raised(notice) => notice_json(notice),
            Self::Sent { id, by, at, how, reached, proof } => json!({
                "at": at.to_string(),
                "by": actor_json(by),
                "how": how.word(),
                "id": id.as_str(),
                "proof": proof,
                "reached": reached,
            }),
            Self::Reopened { id, by, reason } => {
                json!({"by": actor_json(by), "id": id.as_str(), "reason": reason})
            }
        }
    }

    /// Reads a record back.
    ///
    /// # Errors
    /// Names the member that is absent or not what it should be; `kind` for a kind of another family.
    pub fn read(kind: &str, body: &Value) -> Result<Self, BadField> {
        let body = Reader(body);
        let id = || own(body, "id").map(NoticeId::from_stored);
        Ok(match kind {
            "notice.raised" => Self::Raised(read_notice(body)?),
            "notice.sent" => Self::Sent {
                id: id()?,
                by: read_actor(body, "by")?,
                at: moment(body, "at")?,
                how: body.parsed("how", "a way of giving notice", Channel::parse)?,
                reached: own(body, "reached")?,
                proof: maybe(body, "proof")?,
            },
            "notice.reopened" => {
                Self::Reopened { id: id()?, by: read_actor(body, "by")?, reason: own(body, "reason")? }
            }
            _ => return bad("kind", "a kind of notice record"),
        })
    }
}

fn notice_json(notice: &Notice) -> Value {
    let (kind, id) = notice.to.parts();
    let facts: Vec<Value> = notice.facts.iter().map(|f| json!({"label": f.label, "value": f.value})).collect();
    let enclosures: Vec<Value> =
        notice.enclosures.iter().map(|e| json!({"digest": e.digest, "what": e.what})).collect();
    json!({
        "about": notice.about,
        "cite": notice.cite.as_str(),
        "deadline": deadline_json(notice.deadline.as_ref()),
        "enclosures": enclosures,
        "facts": facts,
        "from": notice.from.word(),
        "id": notice.id.as_str(),
        "raised": notice.raised.to_string(),
        "subject": notice.subject.word(),
        "to": {"id": id, "kind": kind},
    })
}

fn read_notice(body: Reader<'_>) -> Result<Notice, BadField> {
    let to = body.object("to")?;
    let to = Addressee::from_parts(to.text("kind")?, to.maybe_text("id")?);
    Ok(Notice {
        id: NoticeId::from_stored(own(body, "id")?),
        about: own(body, "about")?,
        subject: body.parsed("subject", "a subject", Subject::parse)?,
        from: body.parsed("from", "a sender", Sender::parse)?,
        to: to.ok_or(BadField { field: "to".to_owned(), expected: "an addressee" })?,
        facts: each(body, "facts", |fact| Ok(Fact { label: own(fact, "label")?, value: own(fact, "value")? }))?,
        enclosures: each(body, "enclosures", |one| {
            Ok(Enclosure { what: own(one, "what")?, digest: own(one, "digest")? })
        })?,
        raised: moment(body, "raised")?,
        deadline: read_deadline(body, "deadline")?,
        cite: cite(body)?,
    })
}
