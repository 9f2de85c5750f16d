//! What is recorded of the archive's use, and of what people found in it.

use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};

/// To whom something was given, how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    /// A person, board or office.
    pub(crate) to: String,
    /// By which means.
    pub(crate) how: String,
    /// On which day.
    pub(crate) on: Date,
}

/// A record of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ArchiveEvent {
    /// Somebody looked: what they asked, and how many lines there were.
    Searched { ask: Value, lines: u64 },
    /// Somebody took lines away as a file.
    Exported { ask: Value, format: String, lines: u64, digest: String },
    /// A package with proofs was made for an authority.
    Packed { ask: Value, to: String, prescriptions: u64, digest: String },
    /// A note that is shown with a drug.
    AlertAdded { id: String, drug: String, text: String },
    /// The note is shown no more.
    AlertEnded { id: String, reason: String },
    /// Dispensings that together look like abuse.
    PatternFound { id: String, what: String, lines: Vec<u64> },
    /// The report of a pattern was sent.
    PatternSent { id: String, given: Given },
    /// From now on records of this kind are kept at this place.
    PlaceChosen { record: String, place: String, notified: Option<Date> },
    /// The monitors look so from now on.
    MonitorsSet { settings: Value },
}

fn count(body: Reader<'_>, field: &str) -> Result<u64, BadField> {
    let bad = |_| BadField { field: field.to_owned(), expected: "a count" };
    u64::try_from(body.whole(field)?).map_err(bad)
}

impl ArchiveEvent {
    pub(crate) const FORMAT: u32 = 1;

    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Searched { .. } => "archive.searched",
            Self::Exported { .. } => "archive.exported",
            Self::Packed { .. } => "archive.packed",
            Self::AlertAdded { .. } => "alert.added",
            Self::AlertEnded { .. } => "alert.ended",
            Self::PatternFound { .. } => "pattern.found",
            Self::PatternSent { .. } => "pattern.sent",
            Self::PlaceChosen { .. } => "place.chosen",
            Self::MonitorsSet { .. } => "monitors.set",
        }
    }

    pub(crate) fn body(&self) -> Value {
        match self {
            Self::Searched { ask, lines } => json!({"ask": ask, "lines": lines}),
            Self::Exported { ask, format, lines, digest } => {
                json!({"ask": ask, "digest": digest, "format": format, "lines": lines})
            }
            Self::Packed { ask, to, prescriptions, digest } => {
                json!({"ask": ask, "digest": digest, "prescriptions": prescriptions, "to": to})
            }
            Self::AlertAdded { id, drug, text } => json!({"drug": drug, "id": id, "text": text}),
            Self::AlertEnded { id, reason } => json!({"id": id, "reason": reason}),
            Self::PatternFound { id, what, lines } => json!({"id": id, "lines": lines, "what": what}),
            Self::PatternSent { id, given } => {
                json!({"how": given.how, "id": id, "on": given.on.to_string(), "to": given.to})
            }
            Self::PlaceChosen { record, place, notified } => {
                json!({"notified": notified.map(|day| day.to_string()), "place": place, "record": record})
            }
            Self::MonitorsSet { settings } => json!({"settings": settings}),
        }
    }

    pub(crate) fn read(kind: &str, body: &Value) -> Result<Self, BadField> {
        let body = Reader(body);
        let own = |field: &str| body.text(field).map(str::to_owned);
        let value = |field: &str| {
            body.get(field).cloned().ok_or_else(|| BadField { field: field.to_owned(), expected: "an object" })
        };
        let day = |field: &str| body.parsed(field, "a date", |text| text.parse().ok());
        Ok(match kind {
            "archive.searched" => Self::Searched { ask: value("ask")?, lines: count(body, "lines")? },
            "archive.exported" => Self::Exported {
                ask: value("ask")?,
                format: own("format")?,
                lines: count(body, "lines")?,
                digest: own("digest")?,
            },
            "archive.packed" => Self::Packed {
                ask: value("ask")?,
                to: own("to")?,
                prescriptions: count(body, "prescriptions")?,
                digest: own("digest")?,
            },
            "alert.added" => Self::AlertAdded { id: own("id")?, drug: own("drug")?, text: own("text")? },
            "alert.ended" => Self::AlertEnded { id: own("id")?, reason: own("reason")? },
            "pattern.found" => {
                let lines = body.list("lines")?.iter().map(Value::as_u64).collect::<Option<_>>();
                let bad = || BadField { field: "lines".to_owned(), expected: "a list of entries" };
                Self::PatternFound { id: own("id")?, what: own("what")?, lines: lines.ok_or_else(bad)? }
            }
            "pattern.sent" => {
                Self::PatternSent { id: own("id")?, given: Given { to: own("to")?, how: own("how")?, on: day("on")? } }
            }
            "place.chosen" => Self::PlaceChosen {
                record: own("record")?,
                place: own("place")?,
                notified: if body.maybe_text("notified")?.is_none() { None } else { Some(day("notified")?) },
            },
            "monitors.set" => Self::MonitorsSet { settings: value("settings")? },
            _ => return Err(BadField { field: "kind".to_owned(), expected: "a kind of record of the archive" }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_of_the_archive_is_read_back() {
        let day = jiff::civil::date(2026, 3, 1);
        let ask = json!({"drug": "oxy"});
        for event in [
            ArchiveEvent::Searched { ask: ask.clone(), lines: 3 },
            ArchiveEvent::Exported { ask: ask.clone(), format: "csv".into(), lines: 3, digest: "00ff".into() },
            ArchiveEvent::Packed { ask, to: "a board".into(), prescriptions: 1, digest: "00ff".into() },
            ArchiveEvent::AlertAdded { id: "A-1".into(), drug: "oxycodone".into(), text: "seen on the street".into() },
            ArchiveEvent::AlertEnded { id: "A-1".into(), reason: "over".into() },
            ArchiveEvent::PatternFound { id: "P-1".into(), what: "three pharmacies".into(), lines: vec![7, 9] },
            ArchiveEvent::PatternSent {
                id: "P-1".into(),
                given: Given { to: "the board".into(), how: "letter".into(), on: day },
            },
            ArchiveEvent::PlaceChosen { record: "invoice".into(), place: "head office".into(), notified: Some(day) },
            ArchiveEvent::PlaceChosen { record: "inventory".into(), place: "here".into(), notified: None },
            ArchiveEvent::MonitorsSet { settings: json!({"opens": 8}) },
        ] {
            assert_eq!(ArchiveEvent::read(event.kind(), &event.body()), Ok(event));
        }
    }
}
