//! Small parts of stored bodies that several families of records share.

use crate::terms::Deadline;
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_law::{Moment, When};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Cite, Edition};

pub(crate) use crate::access_event::{actor_json, read_actor};
pub(crate) use crate::words::words;

/// A member that is not what it should be.
pub(crate) fn bad<T>(field: &str, expected: &'static str) -> Result<T, BadField> {
    Err(BadField { field: field.to_owned(), expected })
}

/// A text member of its own.
pub(crate) fn own(body: Reader<'_>, field: &str) -> Result<String, BadField> {
    body.text(field).map(str::to_owned)
}

/// A text member that may be absent.
pub(crate) fn maybe(body: Reader<'_>, field: &str) -> Result<Option<String>, BadField> {
    body.maybe_text(field).map(|text| text.map(str::to_owned))
}

/// A calendar day.
pub(crate) fn day(body: Reader<'_>, field: &str) -> Result<Date, BadField> {
    body.parsed(field, "a date", parse_day)
}

/// Exactly `YYYY-MM-DD`.
pub(crate) fn parse_day(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

/// An instant with its offset.
pub(crate) fn moment(body: Reader<'_>, field: &str) -> Result<Moment, BadField> {
    body.parsed(field, "an instant with an offset", Moment::parse)
}

/// A whole number from zero up.
pub(crate) fn count(body: Reader<'_>, field: &str) -> Result<u64, BadField> {
    u64::try_from(body.whole(field)?).or_else(|_| bad(field, "a number not below zero"))
}

/// A whole number from zero up that may be absent.
pub(crate) fn maybe_count(body: Reader<'_>, field: &str) -> Result<Option<u64>, BadField> {
    body.get(field).map(|_| count(body, field)).transpose()
}

/// Each member of a list that must be there, read as an object.
pub(crate) fn each<T>(
    body: Reader<'_>,
    field: &'static str,
    read: impl Fn(Reader<'_>) -> Result<T, BadField>,
) -> Result<Vec<T>, BadField> {
    let Some(Value::Array(items)) = body.get(field) else { return bad(field, "a list") };
    items
        .iter()
        .map(|item| if item.is_object() { read(Reader(item)) } else { bad(field, "a list of objects") })
        .collect()
}

/// Each member of a list of words that must be there.
pub(crate) fn each_word<T>(
    body: Reader<'_>,
    field: &'static str,
    expected: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, BadField> {
    let Some(Value::Array(items)) = body.get(field) else { return bad(field, "a list") };
    items
        .iter()
        .map(|item| item.as_str().and_then(&parse).ok_or_else(|| BadField { field: field.to_owned(), expected }))
        .collect()
}

/// A deadline as stored; `null` for none.
pub(crate) fn deadline_json(deadline: Option<&Deadline>) -> Value {
    deadline.map_or(Value::Null, |deadline| {
        json!({
            "cite": deadline.cite.as_str(),
            "due": deadline.due.to_string(),
            "edition": deadline.edition.name(),
        })
    })
}

/// A deadline as read back.
pub(crate) fn read_deadline(body: Reader<'_>, field: &str) -> Result<Option<Deadline>, BadField> {
    if body.get(field).is_none() {
        return Ok(None);
    }
    let deadline = body.object(field)?;
    Ok(Some(Deadline {
        due: deadline.parsed("due", "a day or an instant with an offset", When::parse)?,
        cite: cite(deadline)?,
        edition: deadline.parsed("edition", "an edition", Edition::parse)?,
    }))
}

/// A citation as read back from `cite`.
pub(crate) fn cite(body: Reader<'_>) -> Result<Cite, BadField> {
    Ok(Cite(own(body, "cite")?.into()))
}
