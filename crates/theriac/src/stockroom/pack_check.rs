//! Computes an inspection pack again, alone: the records against the signed tree, what must be there against the manifest in the
//! journal, every statement from its entries.

use super::pack::BEGINS;
use super::proven::Leaves;
use super::record::{Head, RoomEvent};
use crate::house::record::Recorded as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde_json::Value;
use std::collections::BTreeMap;
use theriac_books::accountability::Accountability;
use theriac_books::inventory::Occasion;
use theriac_books::{Commodity, StockEvent, StockUnit};
use theriac_journal::NoteVerifier;
use theriac_journal::hash::sha256;
use theriac_model::json::canonical;
use theriac_model::{DeaNumber, Ndc};

/// Whether a text is a pack.
pub(crate) fn is_pack(text: &str) -> bool {
    text.starts_with(BEGINS)
}

/// Computes a pack again: each record is looked for among the leaves under the signed root, the manifest says how many records
/// each product's books had, each product's books are folded and its statement compared. Answers what it found in words.
/// `trusted` is the key that must have signed; without one it is the pack's own, whose name is told. Nothing but the pack is
/// needed.
///
/// # Errors
/// The first thing that does not agree, naming the product.
pub(crate) fn verify(text: &str, trusted: Option<&NoteVerifier>) -> Result<String, String> {
    let pack: Value = serde_json::from_str(text).map_err(|error| format!("the pack is no JSON: {error}"))?;
    let of = |name: &str| pack.get(name).and_then(Value::as_str).unwrap_or_default();
    let registration = DeaNumber::parse(of("registration")).map_err(|_| "the pack names no registration".to_owned())?;
    for certificate in pack.get("certificates").and_then(Value::as_array).into_iter().flatten() {
        let image = certificate.get("image").and_then(Value::as_str).unwrap_or_default();
        let bytes = STANDARD.decode(image).map_err(|_| "the image of a certificate cannot be read".to_owned())?;
        if certificate.get("sha256").and_then(Value::as_str) != Some(sha256(&bytes).to_hex().as_str()) {
            return Err("the image of a certificate is not the one that was filed".to_owned());
        }
    }
    let leaves = Leaves::of(&pack, trusted)?;
    let mut manifest = Manifest::of(&pack, registration, &leaves)?;
    let products = pack.get("products").and_then(Value::as_array).ok_or("the pack holds no products")?;
    let (mut entries, mut counts) = (0u64, 0u64);
    for product in products {
        let name = product.get("name").and_then(Value::as_str).unwrap_or("a product");
        let found =
            one_product(product, registration, &leaves, &mut manifest).map_err(|why| format!("{name}: {why}"))?;
        entries += found.0;
        counts += found.1;
    }
    if let Some(stream) = manifest.streams.keys().next() {
        return Err(format!("the books of {stream} are left out"));
    }
    Ok(format!(
        "{} products of {registration} from {} to {} computed again from {entries} entries and {counts} counts: every figure agrees, nothing is left out of what the books held at entry {}, and every record stands in the journal of {} entries that {} signed",
        products.len(),
        of("from"),
        of("to"),
        manifest.seq,
        leaves.len(),
        leaves.signed_by
    ))
}

/// What the journal itself says a pack must hold. It was appended before the checkpoint was signed, under the versions of the
/// books that it names: at its place in the journal they were exactly that long.
struct Manifest {
    seq: u64,
    at: Timestamp,
    /// First and last day of the pack.
    days: (Date, Date),
    /// What the first statement speaks of; all speak of the same.
    period: Option<(Timestamp, Timestamp)>,
    /// The books that were not seen yet.
    streams: BTreeMap<String, Head>,
}

impl Manifest {
    fn of(pack: &Value, registration: DeaNumber, leaves: &Leaves) -> Result<Self, String> {
        let stamped = pack.get("manifest").ok_or("the pack has no manifest of what it must hold")?;
        let of = |name: &str| stamped.get(name).and_then(Value::as_str).unwrap_or_default();
        let body = stamped.get("body").unwrap_or(&Value::Null);
        let bytes = canonical(body).map_err(|error| format!("the manifest: {error}"))?;
        let entry = leaves.entry(of("header"), of("salt"), bytes).map_err(|why| format!("the manifest: {why}"))?;
        if entry.location != registration.as_str() {
            return Err("the manifest is of another registration".to_owned());
        }
        let event = RoomEvent::read(&entry.kind, body).map_err(|why| format!("the manifest: {why}"))?;
        let RoomEvent::Packed { from, to, books, documents } = event else {
            return Err(format!("entry {} is no manifest of a pack", entry.seq));
        };
        for (name, said) in [("from", &from), ("to", &to)] {
            if pack.get(name).and_then(Value::as_str) != Some(said) {
                return Err(format!("the manifest was made for another period: {name} is {said} there"));
            }
        }
        if documents != digest_of_documents(pack)? {
            return Err("the inventories or the certificates are not those that the manifest names".to_owned());
        }
        let at = Timestamp::from_millisecond(entry.at_ms).map_err(|error| error.to_string())?;
        let day = |text: &str| text.parse::<Date>().map_err(|_| format!("the manifest: {text:?} is no day"));
        let streams = books.into_iter().map(|head| (head.stream.clone(), head)).collect();
        Ok(Self { seq: entry.seq, at, days: (day(&from)?, day(&to)?), period: None, streams })
    }

    /// Whether a statement speaks of the period of the pack. The manifest names days without an offset from UTC, so the instants
    /// may lie on the days beside them; but every statement must name the same.
    fn agree(&mut self, period: (Timestamp, Timestamp)) -> Result<(), String> {
        let (from, to) = period;
        if to > self.at {
            return Err(format!("the statement speaks of {to}, and the manifest was made before, at {}", self.at));
        }
        let near = |at: Timestamp, day: Date| {
            let on = Offset::UTC.to_datetime(at).date();
            [day.yesterday().unwrap_or(day), day, day.tomorrow().unwrap_or(day)].contains(&on)
        };
        if !near(from, self.days.0) || !near(to, self.days.1) {
            let (first, last) = self.days;
            return Err(format!("the statement is of {from} to {to}, and the pack of {first} to {last}"));
        }
        match *self.period.get_or_insert(period) {
            first if first == period => Ok(()),
            first => Err(format!("the statement is of {from} to {to}, and others are of {} to {}", first.0, first.1)),
        }
    }
}

/// The digest by which a manifest names the inventories and the certificates of its pack.
pub(super) fn digest_of_documents(pack: &Value) -> Result<String, String> {
    let of = |name: &str| pack.get(name).unwrap_or(&Value::Null);
    let both = serde_json::json!({"certificates": of("certificates"), "inventories": of("inventories")});
    let bytes = canonical(&both).map_err(|error| error.to_string())?;
    Ok(sha256(&bytes).to_hex())
}

fn one_product(
    product: &Value,
    registration: DeaNumber,
    leaves: &Leaves,
    manifest: &mut Manifest,
) -> Result<(u64, u64), String> {
    let stated = product.get("statement").ok_or("there is no statement")?;
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let at = |name: &str| {
        text(stated, name).and_then(|at| at.parse::<Timestamp>().ok()).ok_or_else(|| format!("{name} is no instant"))
    };
    let (from, to) = (at("from")?, at("to")?);
    manifest.agree((from, to))?;
    let occasion = match product.get("occasion") {
        None | Some(Value::Null) => None,
        Some(word) => Some(word.as_str().and_then(Occasion::parse).ok_or("the occasion is none")?),
    };
    let events = proven_events(product, leaves, manifest)?;
    let commodity = if let Some(event) = events.first() {
        event.commodity().clone()
    } else {
        let of = stated.get("commodity").ok_or("the statement names no product")?;
        Commodity {
            registration,
            ndc: Ndc::parse(&text(of, "ndc").unwrap_or_default()).map_err(|error| error.to_string())?,
            unit: StockUnit::parse(&text(of, "unit").unwrap_or_default()).ok_or("the unit is none")?,
        }
    };
    if commodity.registration != registration {
        return Err("the books are of another registration".to_owned());
    }
    let again = Accountability::of(&commodity, &events, (from, to), occasion);
    again.check(&events).map_err(|error| error.to_string())?;
    compare(stated, &again.to_json(), "statement")?;
    let entries = events.iter().filter(|event| matches!(event, StockEvent::Posted { .. })).count() as u64;
    Ok((entries, events.len() as u64 - entries))
}

/// The events of a product: each proved, none left out at the beginning, between, or at the end.
fn proven_events(product: &Value, leaves: &Leaves, manifest: &mut Manifest) -> Result<Vec<StockEvent>, String> {
    let mut events = Vec::new();
    let mut last: Option<(String, u64, u64)> = None;
    for event in product.get("events").and_then(Value::as_array).ok_or("there are no events")? {
        let of = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
        let (kind, body) = (of("kind"), event.get("body").unwrap_or(&Value::Null));
        let seq = event.get("seq").and_then(Value::as_u64).unwrap_or_default();
        let bytes = canonical(body).map_err(|error| format!("entry {seq}: {error}"))?;
        let entry = leaves.entry(of("header"), of("salt"), bytes)?;
        if entry.seq != seq || entry.kind != kind {
            return Err(format!("entry {seq} is another one in the journal"));
        }
        match &last {
            Some((stream, version, _)) if *stream != entry.stream || version + 1 != entry.version => {
                return Err(format!("an entry before {seq} is left out"));
            }
            None if entry.version != 1 => return Err(format!("entries before {seq} are left out")),
            _ => {}
        }
        last = Some((entry.stream, entry.version, seq));
        events.push(StockEvent::from_json(kind, body).map_err(|error| format!("entry {seq}: {error}"))?);
    }
    let Some((stream, version, seq)) = last else { return Err("there are no events".to_owned()) };
    let head = manifest.streams.remove(&stream).ok_or("the manifest knows no such books, or they are there twice")?;
    if (head.version, head.last) != (version, seq) {
        return Err(format!(
            "{} of its {} entries are left out at the end: the last is entry {}",
            head.version.saturating_sub(version),
            head.version,
            head.last
        ));
    }
    Ok(events)
}

/// The first member in which two statements differ.
fn compare(stated: &Value, again: &Value, at: &str) -> Result<(), String> {
    match (stated, again) {
        (Value::Object(a), Value::Object(b)) => {
            for (name, value) in b {
                compare(a.get(name).unwrap_or(&Value::Null), value, &format!("{at}.{name}"))?;
            }
            match a.keys().find(|name| !b.contains_key(*name)) {
                Some(name) => Err(format!("{at}.{name} is stated and does not come out")),
                None => Ok(()),
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().try_for_each(|(n, (a, b))| compare(a, b, &format!("{at}[{n}]")))
        }
        (a, b) if a == b => Ok(()),
        (a, b) => Err(format!("{at} states {a}, it comes to {b}")),
    }
}
