//! How prescription events are written and read. Format 1. One function a kind in each direction; nothing is derived.

mod parts;
mod read;
mod sources;
pub(crate) mod stored;
mod write;

use crate::event::{BadEvent, Event};
use serde_json::Value;

const FORMAT: i64 = 1;

/// Refuses a body of another format.
pub(crate) fn check_format(kind: &str, read: theriac_model::json::Reader<'_>) -> Result<(), BadEvent> {
    match read.whole("format")? {
        FORMAT => Ok(()),
        other => Err(BadEvent::UnknownFormat(other, kind.chars().take(60).collect())),
    }
}

/// The body of an event.
pub(crate) fn write(event: &Event) -> Value {
    let mut body = write::body(event);
    body["format"] = FORMAT.into();
    body
}

/// Reads a body of a kind.
pub(crate) fn read(kind: &str, body: &Value) -> Result<Event, BadEvent> {
    if !read::knows(kind) {
        return Err(BadEvent::UnknownKind(kind.chars().take(60).collect()));
    }
    let reader = theriac_model::json::Reader(body);
    match reader.whole("format")? {
        FORMAT => Ok(read::body(kind, reader)?),
        other => Err(BadEvent::UnknownFormat(other, kind.to_owned())),
    }
}
