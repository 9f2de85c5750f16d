//! How stock events are written and read. Format 1.

use crate::account::Account;
use crate::amount::{AMOUNT_MAX, Amount};
use crate::commodity::{Commodity, StockUnit};
use crate::count::{Count, CountId, CountMethod, Counted};
use crate::entry::{Document, DocumentKind, Entry, EntryId, Line};
use crate::event::{BadEvent, StockEvent};
use crate::movement::MovementKind;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, DeaNumber, Ndc, Role, Schedule};

pub(crate) const FORMAT: i64 = 1;

pub(crate) fn posted(commodity: &Commodity, entry: &Entry) -> Value {
    let mut body = json!({
        "format": FORMAT,
        "commodity": commodity_json(commodity),
        "id": entry.id.0,
        "schedule": entry.schedule.roman(),
        "movement": entry.kind.word(),
        "happened": entry.happened.to_string(),
        "posted": entry.posted.to_string(),
        "document": {"kind": entry.document.kind.word(), "number": entry.document.number},
        "signers": entry.signers.iter().map(actor_json).collect::<Vec<_>>(),
        "lines": entry.lines.iter().map(line_json).collect::<Vec<_>>(),
    });
    if let Some(id) = entry.reverses {
        body["reverses"] = json!(id.0);
    }
    if let Some(id) = entry.explains {
        body["explains"] = json!(id.0);
    }
    if let Some(reason) = &entry.reason {
        body["reason"] = json!(reason);
    }
    body
}

pub(crate) fn read_posted(body: &Value) -> Result<StockEvent, BadEvent> {
    let read = formatted(body, "stock.posted")?;
    let document = read.object("document")?;
    let entry = Entry {
        id: EntryId(number(read, "id")?),
        schedule: read.parsed("schedule", "a schedule I to V", Schedule::parse)?,
        kind: read.parsed("movement", "a kind of movement", MovementKind::parse)?,
        happened: read.parsed("happened", "an instant", |text| text.parse().ok())?,
        posted: read.parsed("posted", "an instant", |text| text.parse().ok())?,
        document: Document {
            kind: document.parsed("kind", "a kind of document", DocumentKind::parse)?,
            number: document.text("number")?.to_owned(),
        },
        signers: read.list("signers")?.iter().map(|item| read_actor(Reader(item))).collect::<Result<_, _>>()?,
        reverses: maybe_number(read, "reverses")?.map(EntryId),
        explains: maybe_number(read, "explains")?.map(CountId),
        reason: read.maybe_text("reason")?.map(str::to_owned),
        lines: read.list("lines")?.iter().map(|item| read_line(Reader(item))).collect::<Result<_, _>>()?,
    };
    Ok(StockEvent::Posted { commodity: read_commodity(read)?, entry })
}

pub(crate) fn counted(commodity: &Commodity, counted: &Counted) -> Value {
    json!({
        "format": FORMAT,
        "commodity": commodity_json(commodity),
        "id": counted.id.0,
        "account": counted.count.account.to_string(),
        "found": counted.count.found,
        "book": counted.book,
        "method": counted.count.method.word(),
        "happened": counted.count.happened.to_string(),
        "posted": counted.posted.to_string(),
        "counter": actor_json(&counted.count.counter),
    })
}

pub(crate) fn read_counted(body: &Value) -> Result<StockEvent, BadEvent> {
    let read = formatted(body, "stock.counted")?;
    let counted = Counted {
        id: CountId(number(read, "id")?),
        count: Count {
            account: read.parsed("account", "an account", Account::parse)?,
            found: balance(read, "found")?,
            method: read.parsed("method", "exact or estimated", CountMethod::parse)?,
            happened: read.parsed("happened", "an instant", |text| text.parse().ok())?,
            counter: read_actor(read.object("counter")?)?,
        },
        book: balance(read, "book")?,
        posted: read.parsed("posted", "an instant", |text| text.parse().ok())?,
    };
    Ok(StockEvent::Counted { commodity: read_commodity(read)?, counted })
}

pub(crate) fn formatted<'a>(body: &'a Value, kind: &'static str) -> Result<Reader<'a>, BadEvent> {
    let read = Reader(body);
    match read.whole("format")? {
        FORMAT => Ok(read),
        other => Err(BadEvent::UnknownFormat(other, kind)),
    }
}

pub(crate) fn commodity_json(commodity: &Commodity) -> Value {
    json!({
        "registration": commodity.registration.as_str(),
        "ndc": commodity.ndc.as_str(),
        "unit": commodity.unit.word(),
    })
}

pub(crate) fn read_commodity(read: Reader<'_>) -> Result<Commodity, BadField> {
    let read = read.object("commodity")?;
    Ok(Commodity {
        registration: read.parsed("registration", "a DEA number", |text| DeaNumber::parse(text).ok())?,
        ndc: read.parsed("ndc", "an NDC", |text| Ndc::parse(text).ok())?,
        unit: read.parsed("unit", "piece, microlitre or microgram", StockUnit::parse)?,
    })
}

pub(crate) fn actor_json(actor: &Actor) -> Value {
    json!({"id": actor.id, "role": actor.role.word()})
}

pub(crate) fn read_actor(read: Reader<'_>) -> Result<Actor, BadField> {
    Ok(Actor { id: read.text("id")?.to_owned(), role: read.parsed("role", "a role", Role::parse)? })
}

fn line_json(line: &Line) -> Value {
    json!({"account": line.account.to_string(), "change": line.change})
}

fn read_line(read: Reader<'_>) -> Result<Line, BadField> {
    let change = read.whole("change")?;
    if change == 0 || change.unsigned_abs() > AMOUNT_MAX.unsigned_abs() {
        return Err(BadField { field: "change".to_owned(), expected: "a whole number up to 2^53, not zero" });
    }
    Ok(Line { account: read.parsed("account", "an account", Account::parse)?, change })
}

pub(crate) fn balance(read: Reader<'_>, field: &str) -> Result<i64, BadField> {
    let value = read.whole(field)?;
    let fits = (0..=AMOUNT_MAX).contains(&value);
    fits.then_some(value).ok_or(BadField { field: field.to_owned(), expected: "a whole number from 0 to 2^53" })
}

pub(crate) fn number(read: Reader<'_>, field: &str) -> Result<u64, BadField> {
    let value = u64::try_from(read.whole(field)?).ok().filter(|value| *value > 0);
    value.ok_or(BadField { field: field.to_owned(), expected: "a number from 1" })
}

pub(crate) fn maybe_number(read: Reader<'_>, field: &str) -> Result<Option<u64>, BadField> {
    if read.get(field).is_none() { Ok(None) } else { number(read, field).map(Some) }
}

/// A positive amount.
pub(crate) fn read_amount(read: Reader<'_>, field: &str) -> Result<Amount, BadField> {
    let amount = Amount::new(read.whole(field)?);
    amount.map_err(|_| BadField { field: field.to_owned(), expected: "a whole number from 1 to 2^53" })
}

/// An instant.
pub(crate) fn read_instant(read: Reader<'_>, field: &str) -> Result<Timestamp, BadField> {
    read.parsed(field, "an instant", |text| text.parse().ok())
}

/// A day.
pub(crate) fn read_day(read: Reader<'_>, field: &str) -> Result<Date, BadField> {
    read.parsed(field, "a day", |text| text.parse().ok())
}

/// Everybody who signs.
pub(crate) fn actors_json(actors: &[Actor]) -> Value {
    actors.iter().map(actor_json).collect()
}

/// Everybody who signs.
pub(crate) fn read_actors(read: Reader<'_>, field: &str) -> Result<Vec<Actor>, BadField> {
    read.list(field)?.iter().map(|item| read_actor(Reader(item))).collect()
}
