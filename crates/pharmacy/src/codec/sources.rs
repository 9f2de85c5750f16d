//! Members that are one of several records, told apart by the name under which the record stands.

use super::parts::{bad, message, read_message};
use super::stored::Stored;
use crate::emergency::FollowUpDocument;
use crate::source::{Came, FaxGround, HospiceNote, Source};
use serde_json::{Map, Value, json};
use theriac_model::json::{BadField, Reader};

/// An object with one member.
fn tagged(name: &str, value: Option<Value>) -> Value {
    let mut members = Map::new();
    members.insert(name.to_owned(), value.unwrap_or(Value::Null));
    Value::Object(members)
}

/// The only member of an object: its name and value.
fn untagged(value: Option<&Value>) -> Option<(&str, &Value)> {
    let members = value?.as_object().filter(|members| members.len() == 1)?;
    members.iter().next().map(|(name, value)| (name.as_str(), value))
}

impl Stored for Came {
    fn write(&self) -> Option<Value> {
        Some(match self {
            Self::Paper(paper) => tagged("paper", paper.write()),
            Self::Fax(fax) => tagged("fax", fax.write()),
            Self::Call(call) => tagged("call", call.write()),
        })
    }

    fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
        match untagged(value) {
            Some(("paper", value)) => Stored::read(Some(value), "paper").map(Self::Paper),
            Some(("fax", value)) => Stored::read(Some(value), "fax").map(Self::Fax),
            Some(("call", value)) => Stored::read(Some(value), "call").map(Self::Call),
            _ => bad(field, "paper, fax or call"),
        }
    }
}

impl Stored for FaxGround {
    fn write(&self) -> Option<Value> {
        Some(match self {
            Self::Infusion { route } => tagged("infusion", Some(json!(route))),
            Self::Ltcf { facility } => tagged("ltcf", Some(json!(facility))),
            Self::Hospice { programme, note } => {
                tagged("hospice", Some(json!({"programme": programme, "note": note.write()})))
            }
        })
    }

    fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
        match untagged(value) {
            Some(("infusion", route)) => Ok(Self::Infusion { route: Stored::read(Some(route), "infusion")? }),
            Some(("ltcf", facility)) => Ok(Self::Ltcf { facility: Stored::read(Some(facility), "ltcf")? }),
            Some(("hospice", hospice)) => Ok(Self::Hospice {
                programme: Reader(hospice).text("programme")?.to_owned(),
                note: HospiceNote::read(Reader(hospice).get("note"), "note")?,
            }),
            _ => bad(field, "infusion, ltcf or hospice"),
        }
    }
}

impl Stored for FollowUpDocument {
    fn write(&self) -> Option<Value> {
        Some(match self {
            Self::Paper { archive, filed } => {
                tagged("paper", Some(json!({"archive": archive.write(), "filed": filed})))
            }
            Self::Electronic { number } => tagged("electronic", number.write()),
        })
    }

    fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
        match untagged(value) {
            Some(("paper", paper)) => Ok(Self::Paper {
                archive: Stored::read(Reader(paper).get("archive"), "archive")?,
                filed: Reader(paper).text("filed")?.to_owned(),
            }),
            Some(("electronic", number)) => Ok(Self::Electronic { number: Stored::read(Some(number), "electronic")? }),
            _ => bad(field, "paper or electronic"),
        }
    }
}

/// The members of a body that tell how it came; beside the others, as messages always had theirs.
pub(super) fn source(source: &Source) -> (&'static str, Option<Value>) {
    match source {
        Source::Message(facts) => ("message", Some(message(facts))),
        Source::ByHand(taken) => ("taken-in", taken.write()),
        Source::Transfer(came) => ("transfer", came.write()),
    }
}

/// Reads how it came from a body.
pub(super) fn read_source(read: Reader<'_>) -> Result<Source, BadField> {
    if read.get("taken-in").is_some() {
        return Stored::read(read.get("taken-in"), "taken-in").map(Source::ByHand);
    }
    if read.get("transfer").is_some() {
        return Stored::read(read.get("transfer"), "transfer").map(Source::Transfer);
    }
    read_message(read).map(Source::Message)
}
