//! How events of what left are written and read. Format 1.

use super::send::{Confirmation, Listing, Origin, OutDocument, OutLine, Outgoing, OutgoingEvent, Recipient, Way};
use crate::account::Account;
use crate::codec::{self, FORMAT};
use crate::entry::DocumentKind;
use crate::event::BadEvent;
use crate::product::{Party, Product};
use serde_json::{Value, json};
use theriac_law::Moment;
use theriac_law::vocab::{Standing, Word};
use theriac_model::Schedule;
use theriac_model::json::{BadField, Reader};

pub(super) fn write(event: &OutgoingEvent) -> Value {
    match event {
        OutgoingEvent::Sent(sent) => sent_json(sent),
        OutgoingEvent::Confirmed(confirmation) => json!({
            "format": FORMAT,
            "document": confirmation.document,
            "form": confirmation.form,
            "destroyed": confirmation.destroyed.to_string(),
            "by": codec::actor_json(&confirmation.by),
            "at": confirmation.at.to_string(),
        }),
    }
}

fn sent_json(sent: &Outgoing) -> Value {
    let mut body = json!({
        "format": FORMAT,
        "way": sent.way.word(),
        "sender": sent.sender.to_json(),
        "recipient": recipient_json(&sent.recipient),
        "lines": sent.lines.iter().map(line_json).collect::<Vec<_>>(),
        "document": {"kind": sent.document.kind.word(), "number": sent.document.number},
        "manner": sent.manner,
        "signer": codec::actor_json(&sent.signer),
        "at": sent.at.to_string(),
    });
    if let Some(firm) = &sent.arranged_by {
        body["arranged_by"] = json!(firm);
    }
    if let Some(actor) = &sent.counts_confirmed_by {
        body["counts_confirmed_by"] = codec::actor_json(actor);
    }
    if let Some(day) = sent.board_notified {
        body["board_notified"] = json!(day.to_string());
    }
    body
}

fn recipient_json(recipient: &Recipient) -> Value {
    let mut value = json!({
        "party": recipient.party.to_json(),
        "standing": recipient.standing.word(),
        "schedules": recipient.schedules.iter().map(|schedule| schedule.roman()).collect::<Vec<_>>(),
        "checked_by": codec::actor_json(&recipient.checked_by),
        "checked_at": recipient.checked_at.to_string(),
        "origin": recipient.origin.word(),
    });
    if let Some(listing) = &recipient.listing {
        value["listing"] = json!({"source": listing.source, "day": listing.day.to_string()});
    }
    value
}

fn line_json(line: &OutLine) -> Value {
    json!({
        "product": line.product.to_json(),
        "from": line.from.to_string(),
        "containers": line.containers,
        "amount": line.amount.units(),
    })
}

pub(super) fn read(kind: &str, body: &Value) -> Result<OutgoingEvent, BadEvent> {
    Ok(match kind {
        "outgoing.sent" => OutgoingEvent::Sent(Box::new(read_sent(codec::formatted(body, "outgoing.sent")?)?)),
        "outgoing.destruction-confirmed" => {
            let read = codec::formatted(body, "outgoing.destruction-confirmed")?;
            OutgoingEvent::Confirmed(Confirmation {
                document: read.text("document")?.to_owned(),
                form: read.text("form")?.to_owned(),
                destroyed: codec::read_day(read, "destroyed")?,
                by: codec::read_actor(read.object("by")?)?,
                at: moment(read, "at")?,
            })
        }
        other => return Err(BadEvent::UnknownKind(other.chars().take(60).collect())),
    })
}

fn read_sent(read: Reader<'_>) -> Result<Outgoing, BadField> {
    let document = read.object("document")?;
    let maybe = |field: &str| read.get(field).is_some();
    Ok(Outgoing {
        way: read.parsed("way", "a way out", Way::parse)?,
        sender: Party::read(read.object("sender")?)?,
        recipient: read_recipient(read.object("recipient")?)?,
        lines: read.list("lines")?.iter().map(|item| read_line(Reader(item))).collect::<Result<_, _>>()?,
        document: OutDocument {
            kind: document.parsed("kind", "a kind of document", DocumentKind::parse)?,
            number: document.text("number")?.to_owned(),
        },
        manner: read.text("manner")?.to_owned(),
        arranged_by: read.maybe_text("arranged_by")?.map(str::to_owned),
        counts_confirmed_by: if maybe("counts_confirmed_by") {
            Some(codec::read_actor(read.object("counts_confirmed_by")?)?)
        } else {
            None
        },
        board_notified: if maybe("board_notified") { Some(codec::read_day(read, "board_notified")?) } else { None },
        signer: codec::read_actor(read.object("signer")?)?,
        at: moment(read, "at")?,
    })
}

fn read_recipient(read: Reader<'_>) -> Result<Recipient, BadField> {
    let bad = |field: &str, expected| BadField { field: field.to_owned(), expected };
    let schedule = |item: &Value| item.as_str().and_then(Schedule::parse).ok_or(bad("schedules", "schedules I to V"));
    let listing = match read.get("listing") {
        None => None,
        Some(value) => {
            let read = Reader(value);
            Some(Listing { source: read.text("source")?.to_owned(), day: codec::read_day(read, "day")? })
        }
    };
    Ok(Recipient {
        party: Party::read(read.object("party")?)?,
        standing: read.parsed("standing", "where a registration stands", Standing::from_word)?,
        schedules: read.list("schedules")?.iter().map(schedule).collect::<Result<_, _>>()?,
        checked_by: codec::read_actor(read.object("checked_by")?)?,
        checked_at: moment(read, "checked_at")?,
        listing,
        origin: read.parsed("origin", "supplier or manufacturer", Origin::parse)?,
    })
}

fn read_line(read: Reader<'_>) -> Result<OutLine, BadField> {
    let containers = u32::try_from(read.whole("containers")?);
    Ok(OutLine {
        product: Product::read(read.object("product")?)?,
        from: read.parsed("from", "an account", Account::parse)?,
        containers: containers.map_err(|_| BadField { field: "containers".to_owned(), expected: "a number from 0" })?,
        amount: codec::read_amount(read, "amount")?,
    })
}

fn moment(read: Reader<'_>, field: &str) -> Result<Moment, BadField> {
    read.parsed(field, "an instant with its offset", Moment::parse)
}
