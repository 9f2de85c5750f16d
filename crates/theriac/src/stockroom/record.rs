//! What the stock room itself records, beside the events of the books' core.

use crate::house::record::Recorded;
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use theriac_model::{Ndc, Schedule};

/// A record of the stock room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RoomEvent {
    /// What is known of the registration, field by field.
    Profile { fields: BTreeMap<String, String> },
    /// How many smallest units a full commercial container of a product holds.
    Sized { units: i64 },
    /// An act that needs two people: what the first one entered.
    Proposed { act: String, fields: Vec<(String, String)>, by: String },
    /// The second person signed it; or somebody took it back, with a reason.
    Settled { signed: bool, by: String, reason: String },
    /// A step about the registration: a paper submitted, a certificate filed or lost, a notice sent.
    Step { what: String, fields: Vec<(String, String)>, by: String },
    /// The law controls a product from a day on, or moves it to another schedule; and the text that says so.
    Rescheduled { ndc: Ndc, from: Option<Schedule>, to: Schedule, effective: Date, source: String, by: String },
    /// A change of schedule was entered by mistake.
    RescheduleWithdrawn { to: Schedule, effective: Date, reason: String, by: String },
    /// A pack was made for an inspection: how long the books of each product are at this place of the journal, and the digest
    /// of the inventories and certificates that go with them.
    Packed { from: String, to: String, books: Vec<Head>, documents: String },
}

/// Where the books of a product end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The stream of the books.
    pub(crate) stream: String,
    /// How many entries they have.
    pub(crate) version: u64,
    /// The number of the last one in the journal.
    pub(crate) last: u64,
}

impl Head {
    fn read(value: &Value) -> Option<Self> {
        let stream = value.get(0)?.as_str()?.to_owned();
        Some(Self { stream, version: value.get(1)?.as_u64()?, last: value.get(2)?.as_u64()? })
    }
}

fn pairs(fields: &[(String, String)]) -> Value {
    fields.iter().map(|(name, value)| json!([name, value])).collect()
}

fn read_pairs(body: &Value) -> Option<Vec<(String, String)>> {
    let pair = |one: &Value| Some((one.get(0)?.as_str()?.to_owned(), one.get(1)?.as_str()?.to_owned()));
    body.get("fields")?.as_array()?.iter().map(pair).collect()
}

impl Recorded for RoomEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Profile { .. } => "room.profile-entered",
            Self::Sized { .. } => "room.container-sized",
            Self::Proposed { .. } => "room.act-proposed",
            Self::Settled { .. } => "room.act-settled",
            Self::Step { .. } => "room.step-taken",
            Self::Rescheduled { .. } => "room.product-rescheduled",
            Self::RescheduleWithdrawn { .. } => "room.reschedule-withdrawn",
            Self::Packed { .. } => "room.pack-made",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Profile { fields } => {
                let fields: Map<String, Value> = fields.iter().map(|(k, v)| (k.clone(), json!(v))).collect();
                json!({ "fields": fields })
            }
            Self::Sized { units } => json!({ "units": units }),
            Self::Proposed { act, fields, by } => json!({ "act": act, "fields": pairs(fields), "by": by }),
            Self::Settled { signed, by, reason } => {
                json!({ "how": if *signed { "signed" } else { "taken-back" }, "by": by, "reason": reason })
            }
            Self::Step { what, fields, by } => json!({ "what": what, "fields": pairs(fields), "by": by }),
            Self::Rescheduled { ndc, from, to, effective, source, by } => json!({
                "ndc": ndc.as_str(),
                "from": from.map(Schedule::roman),
                "to": to.roman(),
                "effective": effective.to_string(),
                "source": source,
                "by": by,
            }),
            Self::RescheduleWithdrawn { to, effective, reason, by } => {
                json!({ "to": to.roman(), "effective": effective.to_string(), "reason": reason, "by": by })
            }
            Self::Packed { from, to, books, documents } => {
                let books: Vec<Value> = books.iter().map(|one| json!([one.stream, one.version, one.last])).collect();
                json!({ "from": from, "to": to, "books": books, "documents": documents })
            }
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        let text = |name: &str| {
            body.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| format!("{name} is no text"))
        };
        let schedule = || Schedule::parse(&text("to")?).ok_or_else(|| "to is no schedule".to_owned());
        let effective = || text("effective")?.parse::<Date>().map_err(|_| "effective is no day".to_owned());
        let fields = || read_pairs(body).ok_or_else(|| "fields are no pairs of texts".to_owned());
        Ok(match kind {
            "room.profile-entered" => {
                let fields = body.get("fields").and_then(Value::as_object).ok_or("fields are no object")?;
                let field = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
                Self::Profile { fields: fields.iter().map(field).collect::<Option<_>>().ok_or("a field is no text")? }
            }
            "room.container-sized" => {
                Self::Sized { units: body.get("units").and_then(Value::as_i64).ok_or("units are no whole number")? }
            }
            "room.act-proposed" => Self::Proposed { act: text("act")?, fields: fields()?, by: text("by")? },
            "room.act-settled" => {
                let signed = match text("how")?.as_str() {
                    "signed" => true,
                    "taken-back" => false,
                    other => return Err(format!("{other:?} is no way to settle an act")),
                };
                Self::Settled { signed, by: text("by")?, reason: text("reason")? }
            }
            "room.step-taken" => Self::Step { what: text("what")?, fields: fields()?, by: text("by")? },
            "room.product-rescheduled" => Self::Rescheduled {
                ndc: Ndc::parse(&text("ndc")?).map_err(|error| error.to_string())?,
                from: match body.get("from").and_then(Value::as_str) {
                    None => None,
                    Some(word) => Some(Schedule::parse(word).ok_or("from is no schedule")?),
                },
                to: schedule()?,
                effective: effective()?,
                source: text("source")?,
                by: text("by")?,
            },
            "room.reschedule-withdrawn" => Self::RescheduleWithdrawn {
                to: schedule()?,
                effective: effective()?,
                reason: text("reason")?,
                by: text("by")?,
            },
            "room.pack-made" => {
                let books = body.get("books").and_then(Value::as_array).ok_or("books are no list")?;
                let books = books.iter().map(Head::read).collect::<Option<_>>().ok_or("the end of a book is none")?;
                Self::Packed { from: text("from")?, to: text("to")?, books, documents: text("documents")? }
            }
            other => return Err(format!("{other:?} is no record of the stock room")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_is_read_back() {
        let fields = vec![("a".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())];
        for event in [
            RoomEvent::Profile { fields: BTreeMap::from([("city".to_owned(), "Tucson".to_owned())]) },
            RoomEvent::Sized { units: 473_000 },
            RoomEvent::Proposed { act: "spill".to_owned(), fields: fields.clone(), by: "fern".to_owned() },
            RoomEvent::Settled { signed: true, by: "tess".to_owned(), reason: String::new() },
            RoomEvent::Settled { signed: false, by: "tess".to_owned(), reason: "not so".to_owned() },
            RoomEvent::Step { what: "certificate-lost".to_owned(), fields, by: "fern".to_owned() },
            RoomEvent::Rescheduled {
                ndc: Ndc::parse("99999020101").expect("an NDC"),
                from: None,
                to: Schedule::III,
                effective: jiff::civil::date(2026, 3, 10),
                source: "91 FR 1".to_owned(),
                by: "fern".to_owned(),
            },
            RoomEvent::RescheduleWithdrawn {
                to: Schedule::III,
                effective: jiff::civil::date(2026, 3, 10),
                reason: "another product".to_owned(),
                by: "fern".to_owned(),
            },
            RoomEvent::Packed {
                from: "2024-03-02".to_owned(),
                to: "2026-03-02".to_owned(),
                books: vec![Head { stream: "stock/FF1231237/99999010101".to_owned(), version: 3, last: 71 }],
                documents: "00".to_owned(),
            },
        ] {
            assert_eq!(RoomEvent::read(event.kind(), &event.body()), Ok(event));
        }
        assert!(RoomEvent::read("room.other", &json!({})).is_err());
        assert!(RoomEvent::read("room.act-settled", &json!({"how": "x", "by": "a", "reason": ""})).is_err());
    }
}
