//! Erasures and holds, as records.

use super::kind::RecordKind;
use crate::stored::{actor_json, bad, cite, count, day, own, read_actor};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, Cite, Edition, Refusal, Role};

/// A step of retention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetentionEvent {
    /// The body of a record was erased after its release; its leaf stays.
    Erased {
        /// Its position in the journal.
        seq: u64,
        /// Its stream.
        stream: String,
        /// Its kind.
        kind: RecordKind,
        /// The last day on which it had to be kept.
        last: Date,
        /// Where the longest term stood.
        cite: Cite,
        /// The edition that set it.
        edition: Edition,
        /// Why it was erased.
        reason: String,
        /// Who decided it.
        by: Actor,
        /// The day.
        on: Date,
    },
    /// A stream is held for an inspection or a proceeding.
    Held {
        /// The stream.
        stream: String,
        /// Why.
        reason: String,
        /// Who.
        by: Actor,
    },
    /// The hold was lifted.
    Lifted {
        /// The stream.
        stream: String,
        /// Why.
        reason: String,
        /// Who.
        by: Actor,
    },
}

impl RetentionEvent {
    /// The layout version of the bodies written here.
    pub const FORMAT: u32 = 1;

    /// The record's kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Erased { .. } => "retention.erased",
            Self::Held { .. } => "retention.held",
            Self::Lifted { .. } => "retention.lifted",
        }
    }

    /// The record's body.
    pub fn body(&self) -> Value {
        match self {
            Self::Erased { seq, stream, kind, last, cite, edition, reason, by, on } => json!({
                "by": actor_json(by),
                "cite": cite.as_str(),
                "edition": edition.name(),
                "last": last.to_string(),
                "on": on.to_string(),
                "reason": reason,
                "record": kind.word(),
                "seq": seq,
                "stream": stream,
            }),
            Self::Held { stream, reason, by } | Self::Lifted { stream, reason, by } => {
                json!({"by": actor_json(by), "reason": reason, "stream": stream})
            }
        }
    }

    /// Reads a record back.
    ///
    /// # Errors
    /// Names the member that is absent or not what it should be; `kind` for a kind of another family.
    pub fn read(kind: &str, body: &Value) -> Result<Self, BadField> {
        let body = Reader(body);
        let (stream, reason, by) = (|| own(body, "stream"), || own(body, "reason"), || read_actor(body, "by"));
        Ok(match kind {
            "retention.erased" => Self::Erased {
                seq: count(body, "seq")?,
                stream: stream()?,
                kind: body.parsed("record", "a kind of record", RecordKind::parse)?,
                last: day(body, "last")?,
                cite: cite(body)?,
                edition: body.parsed("edition", "an edition", Edition::parse)?,
                reason: reason()?,
                by: by()?,
                on: day(body, "on")?,
            },
            "retention.held" => Self::Held { stream: stream()?, reason: reason()?, by: by()? },
            "retention.lifted" => Self::Lifted { stream: stream()?, reason: reason()?, by: by()? },
            _ => return bad("kind", "a kind of retention record"),
        })
    }
}

/// Streams that are held whatever their age, folded from their records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    streams: BTreeMap<String, String>,
}

const HELD: &str = "21 CFR 1304.04; 73 FR 36722, proposed 21 CFR 1311.180(b), (c)";

impl Holds {
    /// Takes in one record.
    pub fn apply(&mut self, event: &RetentionEvent) {
        match event {
            RetentionEvent::Held { stream, reason, .. } => {
                self.streams.insert(stream.clone(), reason.clone());
            }
            RetentionEvent::Lifted { stream, .. } => {
                self.streams.remove(stream);
            }
            RetentionEvent::Erased { .. } => {}
        }
    }

    /// Why a stream is held, if it is.
    pub fn on(&self, stream: &str) -> Option<&str> {
        self.streams.get(stream).map(String::as_str)
    }

    /// Holds a stream.
    ///
    /// # Errors
    /// By anyone but an operator or inspector; without a reason; for a stream that is held.
    pub fn hold(&self, stream: &str, reason: &str, by: &Actor) -> Result<RetentionEvent, Refusal> {
        said(reason, by, &[Role::Operator, Role::Inspector])?;
        if self.on(stream).is_some() {
            return Err(Refusal::new("RX-HOLD-TWICE", HELD, "the stream is held already", "look at the hold"));
        }
        Ok(RetentionEvent::Held { stream: stream.to_owned(), reason: reason.to_owned(), by: by.clone() })
    }

    /// Lifts a hold.
    ///
    /// # Errors
    /// By anyone but an operator; without a reason; for a stream that is not held.
    pub fn lift(&self, stream: &str, reason: &str, by: &Actor) -> Result<RetentionEvent, Refusal> {
        said(reason, by, &[Role::Operator])?;
        if self.on(stream).is_none() {
            return Err(Refusal::new("RX-HOLD-NONE", HELD, "the stream is not held", "look at the list of holds"));
        }
        Ok(RetentionEvent::Lifted { stream: stream.to_owned(), reason: reason.to_owned(), by: by.clone() })
    }
}

fn said(reason: &str, by: &Actor, roles: &[Role]) -> Result<(), Refusal> {
    if roles.contains(&by.role) && !reason.trim().is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        "RX-HOLD-ROLE",
        HELD,
        "a hold is placed or lifted by a person of the deployment with a reason",
        "let an operator do it and say why",
    ))
}
