//! The inspection pack: everything that an inspector asks for of a period in one file, which anybody computes again alone.
//!
//! It holds the index of records, the registration with its certificate, the inventories, and for each product every event of
//! its books with the statement. [`verify`] folds the books again, computes each statement from them, and compares figure by
//! figure; nothing of the program that made the pack is believed.

use super::proven::{Leaves, Proven, stamp};
use super::statements::Period;
use crate::house::House;
use crate::house::record::Fault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::fmt::Write as _;
use theriac_books::accountability::Accountability;
use theriac_books::inventory::Occasion;
use theriac_books::inventory::Part;
use theriac_books::records::{Heading, Holdings, IndexLine};
use theriac_books::{Commodity, StockEvent, StockUnit};
use theriac_journal::NoteVerifier;
use theriac_journal::hash::sha256;
use theriac_model::json::canonical;
use theriac_model::{DeaNumber, Ndc, Refusal};

/// How a pack begins: whoever reads it knows it by that.
const BEGINS: &str = "{\"theriac\":\"inspection-pack\",";
/// Years that a pack covers when no beginning is given (21 CFR 1304.04(a)).
const YEARS: i64 = 2;

/// A pack.
pub(crate) struct Pack {
    /// The file, JSON in one line.
    pub(crate) bytes: Vec<u8>,
    /// Its SHA-256, in hexadecimal.
    pub(crate) digest: String,
    /// The index.
    pub(crate) index: Vec<IndexLine>,
    /// Each product: what it is, its statement, and whether it was computed twice with the same result.
    pub(crate) products: Vec<(super::Goods, Accountability)>,
    /// The period.
    pub(crate) period: (Date, Date),
    /// The certificates on file: number, expiry, entry.
    pub(crate) certificates: Vec<(String, String, u64)>,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

/// A certificate's number, what it is, and the entry that archived its image.
type ListedCertificate = (String, String, u64);

impl House {
    /// The index of records (manual, section VI).
    pub(crate) fn record_index(&self, events: &[&StockEvent]) -> Result<Vec<IndexLine>, Fault> {
        let now = self.clock.moment();
        let day = |at: Timestamp| self.moment_of(at).date();
        let registration = self.registration()?;
        let inventories = self.inventories()?;
        let closed = inventories.iter().filter(|sheet| sheet.inventory.closed().is_some());
        let reports = self.loss_cases()?;
        let certificates = registration.steps.iter().filter(|step| step.what == "certificate-filed");
        let forms = registration.steps.iter().filter(|step| step.what == "forms-received");
        let holdings = Holdings::of_books(events.iter().copied(), now.offset)
            .with(Heading::OrderForms, forms.map(|step| day(step.at)))
            .with(Heading::PowersOfAttorney, [])
            .with(Heading::Inventories, closed.map(|sheet| sheet.inventory.plan().day()))
            .with(Heading::LossReports, reports.iter().map(|case| case.incident.discovery.discovered.date()))
            .with(Heading::Certificate, certificates.map(|step| day(step.at)))
            .with(Heading::ListedChemicals, []);
        Ok(holdings.index(&self.profile, now.date())?)
    }

    /// Builds the pack of a period; two years up to today where none is given.
    pub(crate) fn inspection_pack(&self, from: Option<Date>, to: Option<Date>) -> Result<Pack, Fault> {
        let today = self.clock.moment().date();
        let to = to.unwrap_or(today).min(today);
        let from = from.unwrap_or_else(|| to.saturating_sub(jiff::Span::new().years(YEARS)));
        let period = Period {
            from: Some(from.to_string()),
            to: Some(if to == today { self.clock.now().to_string() } else { to.to_string() }),
        };
        let occasions = self.occasions(None)?;
        let Proven { checkpoint, size, leaves, verifier } = self.proven()?;
        let mut loaded = Vec::new();
        let mut products = Vec::new();
        let mut rows: Vec<String> = Vec::new();
        for ndc in self.stocked()? {
            let own = self.books_of(std::slice::from_ref(&ndc))?;
            let stated = self.statement_from(&ndc, own, &occasions, &period)?;
            if let Some(disagreement) = &stated.disagreement {
                return Err(broken(format!("the books of NDC {ndc}: {disagreement}")));
            }
            let mut row = format!(
                "{{\"name\":{},\"schedule\":{},\"occasion\":{},\"statement\":{},\"events\":[",
                json!(stated.goods.title()),
                json!(stated.goods.product.schedule.roman()),
                json!(stated.statement.opening.occasion.map(Occasion::word)),
                stated.statement.to_json()
            );
            let entries = self.store.stream(&stated.commodity.stream())?;
            for (n, entry) in entries.iter().filter(|entry| entry.seq < size).enumerate() {
                let comma = if n == 0 { "" } else { "," };
                let (header, salt) = stamp(entry).unwrap_or_default();
                let body = entry.body_bytes().and_then(|body| std::str::from_utf8(body).ok()).unwrap_or("null");
                // Writing to a string cannot fail.
                let _ = write!(
                    row,
                    "{comma}{{\"seq\":{},\"kind\":{},\"header\":\"{header}\",\"salt\":\"{salt}\",\"body\":{body}}}",
                    entry.seq,
                    json!(entry.kind),
                );
            }
            row.push_str("]}");
            rows.push(row);
            products.push((stated.goods, stated.statement));
            loaded.push(stated.books);
        }
        let all: Vec<&StockEvent> = loaded.iter().flat_map(super::Books::plain).collect();
        let index = self.record_index(&all)?;
        let (certificates, images) = self.certificate_images()?;
        let registration = self.registration()?;
        let rest = json!({
            "format": 2,
            "registration": self.pharmacy.as_str(),
            "name": self.config.pharmacy.name,
            "from": from.to_string(),
            "to": to.to_string(),
            "made": self.clock.now().to_string(),
            "profile": registration.profile,
            "index": index.iter().map(|line| json!({"heading": line.heading.word(), "says": line.says()})).collect::<Vec<_>>(),
            "certificates": images,
            "inventories": self.pack_inventories()?,
            "checkpoint": checkpoint,
            "verifier": verifier,
            "leaves": leaves,
        });
        let rest = rest.to_string();
        let body = rest.strip_prefix('{').unwrap_or(&rest);
        let body = body.strip_suffix('}').unwrap_or(body);
        let text = format!("{BEGINS}{body},\"products\":[{}]}}\n", rows.join(","));
        let bytes = text.into_bytes();
        let digest = sha256(&bytes).to_hex();
        Ok(Pack { bytes, digest, index, products, period: (from, to), certificates })
    }

    fn pack_inventories(&self) -> Result<Vec<Value>, Fault> {
        let mut documents = Vec::new();
        for sheet in self.inventories()? {
            if sheet.inventory.closed().is_some() {
                documents.extend(
                    sheet
                        .inventory
                        .documents(Part::Own)
                        .iter()
                        .map(theriac_books::inventory::InventoryDocument::contents),
                );
            }
        }
        Ok(documents)
    }

    /// The certificates with their images, for the pack.
    fn certificate_images(&self) -> Result<(Vec<ListedCertificate>, Vec<Value>), Fault> {
        let (mut list, mut images) = (Vec::new(), Vec::new());
        for one in self.registration()?.certificates() {
            let piece = self.store.archive(one.seq)?.into_iter().next();
            let piece = piece.ok_or_else(|| broken(format!("the certificate of entry {} has no image", one.seq)))?;
            images.push(json!({
                "number": one.number,
                "expires": one.expires,
                "which": one.which,
                "entry": one.seq,
                "media": piece.media,
                "sha256": sha256(&piece.bytes).to_hex(),
                "image": STANDARD.encode(&piece.bytes),
            }));
            list.push((one.number, one.expires, one.seq));
        }
        Ok((list, images))
    }

    /// The image of a certificate.
    pub(crate) fn certificate_image(&self, seq: u64) -> Result<(String, Vec<u8>), Fault> {
        let filed = self.registration()?.certificates().into_iter().any(|one| one.seq == seq);
        let piece = if filed { self.store.archive(seq)?.into_iter().next() } else { None };
        let piece = piece.ok_or_else(|| {
            let what = format!("entry {seq} files no certificate");
            Fault::from(Refusal::new("BOOKS-CERTIFICATE-UNKNOWN", "-", what, "choose one from the list"))
        })?;
        Ok((piece.media, piece.bytes))
    }
}

/// Whether a text is a pack.
pub(crate) fn is_pack(text: &str) -> bool {
    text.starts_with(BEGINS)
}

/// Computes a pack again: each record is looked for among the leaves under the signed root, each product's books are folded and
/// its statement compared. Answers what it found in words. `trusted` is the key that must have signed; without one it is the
/// pack's own, whose name is told. Nothing but the pack is needed.
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
    let products = pack.get("products").and_then(Value::as_array).ok_or("the pack holds no products")?;
    let (mut entries, mut counts) = (0u64, 0u64);
    for product in products {
        let name = product.get("name").and_then(Value::as_str).unwrap_or("a product");
        let found = one_product(product, registration, &leaves).map_err(|why| format!("{name}: {why}"))?;
        entries += found.0;
        counts += found.1;
    }
    Ok(format!(
        "{} products of {registration} from {} to {} computed again from {entries} entries and {counts} counts: every figure agrees, and every record stands in the journal of {} entries that {} signed",
        products.len(),
        of("from"),
        of("to"),
        leaves.len(),
        leaves.signed_by
    ))
}

fn one_product(product: &Value, registration: DeaNumber, leaves: &Leaves) -> Result<(u64, u64), String> {
    let stated = product.get("statement").ok_or("there is no statement")?;
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let at = |name: &str| {
        text(stated, name).and_then(|at| at.parse::<Timestamp>().ok()).ok_or_else(|| format!("{name} is no instant"))
    };
    let (from, to) = (at("from")?, at("to")?);
    let occasion = match product.get("occasion") {
        None | Some(Value::Null) => None,
        Some(word) => Some(word.as_str().and_then(Occasion::parse).ok_or("the occasion is none")?),
    };
    let mut events = Vec::new();
    let mut last: Option<(String, u64)> = None;
    for event in product.get("events").and_then(Value::as_array).ok_or("there are no events")? {
        let (kind, body) = (text(event, "kind").unwrap_or_default(), event.get("body").unwrap_or(&Value::Null));
        let seq = event.get("seq").and_then(Value::as_u64).unwrap_or_default();
        let bytes = canonical(body).map_err(|error| format!("entry {seq}: {error}"))?;
        let of = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
        let entry = leaves.entry(of("header"), of("salt"), bytes)?;
        if entry.seq != seq || entry.kind != kind {
            return Err(format!("entry {seq} is another one in the journal"));
        }
        if last.as_ref().is_some_and(|(stream, version)| *stream != entry.stream || version + 1 != entry.version) {
            return Err(format!("an entry before {seq} is left out"));
        }
        if last.is_none() && entry.version != 1 {
            return Err(format!("entries before {seq} are left out"));
        }
        last = Some((entry.stream, entry.version));
        events.push(StockEvent::from_json(&kind, body).map_err(|error| format!("entry {seq}: {error}"))?);
    }
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
