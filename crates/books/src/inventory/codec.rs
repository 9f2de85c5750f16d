//! How events of an inventory are written and read. Format 1.

use super::event::{Closed, InventoryEvent, LineCount, Opened};
use super::session::{Occasion, Place, Plan};
use super::tally::{Container, Entered, Tally};
use super::variance::Classification;
use crate::account::{Account, Name};
use crate::codec::{self, FORMAT};
use crate::count::CountMethod;
use crate::event::BadEvent;
use crate::product::{Party, Product};
use serde_json::{Value, json};
use theriac_law::Moment;
use theriac_law::vocab::{DayPart, Word};
use theriac_model::json::{BadField, Reader};

pub(super) fn write(event: &InventoryEvent) -> Value {
    match event {
        InventoryEvent::Opened(opened) => json!({
            "format": FORMAT,
            "id": opened.plan.id.as_str(),
            "registrant": opened.plan.registrant.to_json(),
            "occasion": opened.plan.occasion.word(),
            "taken": opened.plan.taken.word(),
            "moment": opened.plan.moment.to_string(),
            "places": opened.plan.places.iter().map(place_json).collect::<Vec<_>>(),
            "entries": opened.entries,
            "by": codec::actor_json(&opened.by),
            "at": opened.at.to_string(),
        }),
        InventoryEvent::LineAdded { place, entries, by, at } => json!({
            "format": FORMAT,
            "place": place_json(place),
            "entries": entries,
            "by": codec::actor_json(by),
            "at": at.to_string(),
        }),
        InventoryEvent::Counted(count) => json!({
            "format": FORMAT,
            "line": count.line,
            "sealed": count.tally.sealed,
            "opened": count.tally.opened.iter().map(container_json).collect::<Vec<_>>(),
            "entered": count.tally.entered.word(),
            "by": codec::actor_json(&count.by),
            "at": count.at.to_string(),
        }),
        InventoryEvent::Closed(closed) => json!({
            "format": FORMAT,
            "signatures": codec::actors_json(&closed.signatures),
            "at": closed.at.to_string(),
            "profile": closed.profile,
            "books": closed.books,
        }),
        InventoryEvent::Classified { line, class, by, at } => json!({
            "format": FORMAT,
            "line": line,
            "class": class.word(),
            "by": codec::actor_json(by),
            "at": at.to_string(),
        }),
    }
}

pub(super) fn read(kind: &str, body: &Value) -> Result<InventoryEvent, BadEvent> {
    Ok(match kind {
        "inventory.opened" => {
            let read = codec::formatted(body, "inventory.opened")?;
            let plan = Plan {
                id: read.parsed("id", "a name", |text| Name::parse(text).ok())?,
                registrant: Party::read(read.object("registrant")?)?,
                occasion: read.parsed("occasion", "an occasion", Occasion::parse)?,
                taken: read.parsed("taken", "opening or close", DayPart::from_word)?,
                moment: read.parsed("moment", "an instant with its offset", Moment::parse)?,
                places: read.list("places")?.iter().map(|item| read_place(Reader(item))).collect::<Result<_, _>>()?,
            };
            let entries = read.list("entries")?.iter().map(whole).collect::<Result<_, _>>()?;
            let by = codec::read_actor(read.object("by")?)?;
            InventoryEvent::Opened(Opened { plan, entries, by, at: codec::read_instant(read, "at")? })
        }
        "inventory.line-added" => {
            let read = codec::formatted(body, "inventory.line-added")?;
            InventoryEvent::LineAdded {
                place: read_place(read.object("place")?)?,
                entries: whole(read.get("entries").unwrap_or(&Value::Null))?,
                by: codec::read_actor(read.object("by")?)?,
                at: codec::read_instant(read, "at")?,
            }
        }
        "inventory.counted" => {
            let read = codec::formatted(body, "inventory.counted")?;
            let opened = read.list("opened")?.iter().map(|item| read_container(Reader(item)));
            InventoryEvent::Counted(LineCount {
                line: line(read)?,
                tally: Tally {
                    sealed: small(read, "sealed")?,
                    opened: opened.collect::<Result<_, _>>()?,
                    entered: read.parsed("entered", "keyboard, scanner or sheet", Entered::parse)?,
                },
                by: codec::read_actor(read.object("by")?)?,
                at: codec::read_instant(read, "at")?,
            })
        }
        "inventory.closed" => {
            let read = codec::formatted(body, "inventory.closed")?;
            let books = read.list("books")?.iter().map(|item| whole(item).map(|n| i64::try_from(n).unwrap_or(0)));
            InventoryEvent::Closed(Closed {
                signatures: codec::read_actors(read, "signatures")?,
                at: codec::read_instant(read, "at")?,
                profile: read.text("profile")?.to_owned(),
                books: books.collect::<Result<_, _>>()?,
            })
        }
        "inventory.classified" => {
            let read = codec::formatted(body, "inventory.classified")?;
            InventoryEvent::Classified {
                line: line(read)?,
                class: read.parsed("class", "a classification", Classification::parse)?,
                by: codec::read_actor(read.object("by")?)?,
                at: codec::read_instant(read, "at")?,
            }
        }
        other => return Err(BadEvent::UnknownKind(other.chars().take(60).collect())),
    })
}

fn place_json(place: &Place) -> Value {
    json!({"product": place.product.to_json(), "account": place.account.to_string()})
}

fn read_place(read: Reader<'_>) -> Result<Place, BadField> {
    Ok(Place {
        product: Product::read(read.object("product")?)?,
        account: read.parsed("account", "an account", Account::parse)?,
    })
}

fn container_json(container: &Container) -> Value {
    json!({"capacity": container.capacity, "found": container.found, "method": container.method.word()})
}

fn read_container(read: Reader<'_>) -> Result<Container, BadField> {
    Ok(Container {
        capacity: codec::balance(read, "capacity")?,
        found: codec::balance(read, "found")?,
        method: read.parsed("method", "exact or estimated", CountMethod::parse)?,
    })
}

fn whole(value: &Value) -> Result<u64, BadField> {
    value.as_u64().filter(|n| *n <= 1 << 53).ok_or(BadField { field: "entries".to_owned(), expected: "a whole number" })
}

fn small(read: Reader<'_>, field: &str) -> Result<u32, BadField> {
    let value = u32::try_from(read.whole(field)?);
    value.map_err(|_| BadField { field: field.to_owned(), expected: "a whole number from 0" })
}

fn line(read: Reader<'_>) -> Result<u32, BadField> {
    let value = small(read, "line")?;
    if value == 0 { Err(BadField { field: "line".to_owned(), expected: "a number from 1" }) } else { Ok(value) }
}
