//! What is recorded of registrant data.

use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};

/// A record of the registrant data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RegistryEvent {
    /// A part of a file was archived with this entry.
    Part { set: String, part: u64 },
    /// All parts are there: from here on the set is in use.
    Imported { set: String, issued: Date, rows: u64, refused: u64, chemical: u64, digest: String, parts: u64 },
    /// Everybody who signs was checked against the set in use.
    Rechecked { issued: Option<Date>, people: u64, changed: u64, notices: Value },
}

fn count(body: Reader<'_>, field: &str) -> Result<u64, BadField> {
    let bad = |_| BadField { field: field.to_owned(), expected: "a count" };
    u64::try_from(body.whole(field)?).map_err(bad)
}

impl RegistryEvent {
    pub(crate) const FORMAT: u32 = 1;

    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Part { .. } => "registrants.part",
            Self::Imported { .. } => "registrants.imported",
            Self::Rechecked { .. } => "registrants.rechecked",
        }
    }

    pub(crate) fn body(&self) -> Value {
        match self {
            Self::Part { set, part } => json!({"part": part, "set": set}),
            Self::Imported { set, issued, rows, refused, chemical, digest, parts } => json!({
                "chemical": chemical,
                "digest": digest,
                "issued": issued.to_string(),
                "parts": parts,
                "refused": refused,
                "rows": rows,
                "set": set,
            }),
            Self::Rechecked { issued, people, changed, notices } => json!({
                "changed": changed,
                "issued": issued.map(|issued| issued.to_string()),
                "notices": notices,
                "people": people,
            }),
        }
    }

    pub(crate) fn read(kind: &str, body: &Value) -> Result<Self, BadField> {
        let body = Reader(body);
        let own = |field: &str| body.text(field).map(str::to_owned);
        let day = |field: &str| body.parsed(field, "a date", |text| text.parse().ok());
        Ok(match kind {
            "registrants.part" => Self::Part { set: own("set")?, part: count(body, "part")? },
            "registrants.imported" => Self::Imported {
                set: own("set")?,
                issued: day("issued")?,
                rows: count(body, "rows")?,
                refused: count(body, "refused")?,
                chemical: count(body, "chemical")?,
                digest: own("digest")?,
                parts: count(body, "parts")?,
            },
            "registrants.rechecked" => Self::Rechecked {
                issued: if body.maybe_text("issued")?.is_none() { None } else { Some(day("issued")?) },
                people: count(body, "people")?,
                changed: count(body, "changed")?,
                notices: Value::Array(body.list("notices")?.to_vec()),
            },
            _ => return Err(BadField { field: "kind".to_owned(), expected: "a kind of registrant record" }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_registrant_record_is_read_back() {
        for event in [
            RegistryEvent::Part { set: "ab".into(), part: 3 },
            RegistryEvent::Imported {
                set: "ab".into(),
                issued: jiff::civil::date(2026, 3, 1),
                rows: 1,
                refused: 2,
                chemical: 3,
                digest: "abab".into(),
                parts: 4,
            },
            RegistryEvent::Rechecked { issued: None, people: 2, changed: 1, notices: json!([{"code": "X"}]) },
        ] {
            assert_eq!(RegistryEvent::read(event.kind(), &event.body()), Ok(event));
        }
    }
}
