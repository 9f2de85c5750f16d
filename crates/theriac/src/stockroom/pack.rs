//! The inspection pack: everything that an inspector asks for of a period in one file, which anybody computes again alone.
//!
//! It holds the index of records, the registration with its certificate, the inventories, and for each product every event of
//! its books with the statement. A manifest in the journal says how long the books of each product are, so that nothing can be
//! left out of a pack unseen. [`super::pack_check`] folds the books again, computes each statement from them, and compares
//! figure by figure.

use super::Goods;
use super::pack_check::digest_of_documents;
use super::proven::{Proven, stamp};
use super::record::{Head, RoomEvent};
use super::shelves::{Books, on_every_core};
use super::statements::Period;
use crate::house::House;
use crate::house::record::{Change, Fault};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use theriac_books::StockEvent;
use theriac_books::accountability::Accountability;
use theriac_books::inventory::{Occasion, Part};
use theriac_books::records::{Heading, Holdings, IndexLine};
use theriac_journal::Entry;
use theriac_journal::hash::sha256;
use theriac_model::{Actor, Ndc, Refusal};

/// How a pack begins: whoever reads it knows it by that.
pub(super) const BEGINS: &str = "{\"theriac\":\"inspection-pack\",";
/// Years that a pack covers when no beginning is given (21 CFR 1304.04(a)).
const YEARS: i64 = 2;
/// How often the manifest is tried while the counter goes on working.
const TRIES: usize = 20;

/// What a pack says of its period.
pub(crate) struct Survey {
    /// The index.
    pub(crate) index: Vec<IndexLine>,
    /// Each product: what it is, and its statement, which was computed twice with the same result.
    pub(crate) products: Vec<(Goods, Accountability)>,
    /// The period.
    pub(crate) period: (Date, Date),
    /// The certificates on file: number, expiry, entry.
    pub(crate) certificates: Vec<ListedCertificate>,
}

/// A pack.
pub(crate) struct Pack {
    /// The file, JSON in one line.
    pub(crate) bytes: Vec<u8>,
    /// Its SHA-256, in hexadecimal.
    pub(crate) digest: String,
    /// The period.
    pub(crate) period: (Date, Date),
    /// How many products it holds.
    pub(crate) products: usize,
}

/// A pack that was made once: when, by whom, for which period, and the entry of its manifest.
pub(crate) struct Made {
    pub(crate) at: Timestamp,
    pub(crate) by: String,
    pub(crate) period: (String, String),
    pub(crate) seq: u64,
}

/// One product as it was computed.
struct Computed {
    goods: Goods,
    statement: Accountability,
    books: Books,
    /// Its row of the file, where one was asked for.
    row: String,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

/// A certificate's number, its expiry, and the entry that archived its image.
type ListedCertificate = (String, String, u64);

/// Whether the rows of a file are wanted.
#[derive(Clone, Copy)]
enum Rows {
    Written,
    Omitted,
}

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

    /// The period of a pack: two years up to today where none is given.
    fn pack_period(&self, from: Option<Date>, to: Option<Date>) -> (Date, Date) {
        let today = self.clock.moment().date();
        let to = to.unwrap_or(today).min(today);
        (from.unwrap_or_else(|| to.saturating_sub(jiff::Span::new().years(YEARS))), to)
    }

    /// The same as a statement asks for it: up to `now` where the last day is today.
    fn pack_statement(&self, (from, to): (Date, Date), now: Timestamp) -> Period {
        let today = self.moment_of(now).date();
        let to = if to == today { now.to_string() } else { to.to_string() };
        Period { from: Some(from.to_string()), to: Some(to) }
    }

    /// What a pack of the period would say; nothing is made.
    pub(crate) fn survey(&self, from: Option<Date>, to: Option<Date>) -> Result<Survey, Fault> {
        let period = self.pack_period(from, to);
        let asked = self.pack_statement(period, self.clock.now());
        let computed = self.computed(&self.heads()?, &asked, Rows::Omitted)?;
        let index = self.index_of(&computed)?;
        let (certificates, _) = self.certificate_images()?;
        let products = computed.into_iter().map(|one| (one.goods, one.statement)).collect();
        Ok(Survey { index, products, period, certificates })
    }

    /// The packs that were made here, the newest first.
    pub(crate) fn packs_made(&self) -> Result<Vec<Made>, Fault> {
        let mut made = Vec::new();
        for entry in self.store.stream(&self.pack_stream())?.into_iter().rev() {
            if let RoomEvent::Packed { from, to, .. } = crate::house::record::read(&entry)? {
                let at = Timestamp::from_millisecond(entry.at_ms).map_err(broken)?;
                made.push(Made { at, by: entry.actor, period: (from, to), seq: entry.seq });
            }
        }
        Ok(made)
    }

    fn pack_stream(&self) -> String {
        format!("pack/{}", self.pharmacy)
    }

    /// How long the books of every product are, by the journal.
    fn heads(&self) -> Result<BTreeMap<String, Head>, Fault> {
        let first = format!("stock/{}", self.pharmacy);
        let sql = "SELECT stream, MAX(version), MAX(seq) FROM entries WHERE stream >= $1 AND stream < $2 GROUP BY stream ORDER BY stream";
        let rows = self.store.query(sql, &[format!("{first}/").into(), format!("{first}0").into()])?;
        let head = |row: &theriac_store::Row| {
            let stream = row.text(0)?.to_owned();
            Ok((stream.clone(), Head { stream, version: row.u64(1)?, last: row.u64(2)? }))
        };
        Ok(rows.iter().map(head).collect::<Result<_, theriac_store::StoreError>>()?)
    }

    /// Writes down in the journal how long the books of each product are, under exactly those versions.
    fn manifest(
        &self,
        actor: &Actor,
        period: (Date, Date),
        documents: &str,
    ) -> Result<(Entry, BTreeMap<String, Head>), Fault> {
        for _ in 0..TRIES {
            let heads = self.heads()?;
            let packed = RoomEvent::Packed {
                from: period.0.to_string(),
                to: period.1.to_string(),
                books: heads.values().cloned().collect(),
                documents: documents.to_owned(),
            };
            let by = self.in_stockroom(actor, self.clock.moment());
            let decided = |change: Change, head: &Head| change.decided_on(&head.stream, head.version);
            let change = heads.values().fold(Change::default(), decided);
            match change.event(&by, &self.pack_stream(), &packed)?.commit(&self.store) {
                // A counter was faster: the books are longer now.
                Err(Fault::Conflict) => {}
                Err(other) => return Err(other),
                Ok(appended) => return Ok((self.store.entry(appended.seqs.start)?, heads)),
            }
        }
        Err(Fault::Conflict)
    }

    /// Builds the pack of a period; two years up to today where none is given. That it was made is recorded, with what it
    /// must hold.
    ///
    /// # Errors
    /// A product whose statement comes out differently when it is computed a second time.
    pub(crate) fn inspection_pack(&self, actor: &Actor, from: Option<Date>, to: Option<Date>) -> Result<Pack, Fault> {
        let period = self.pack_period(from, to);
        let (_, images) = self.certificate_images()?;
        let mut rest = json!({ "certificates": images, "inventories": self.pack_inventories()? });
        let documents = digest_of_documents(&rest).map_err(broken)?;
        let (entry, heads) = self.manifest(actor, period, &documents)?;
        let (header, salt) = stamp(&entry).ok_or_else(|| broken("the manifest has no body"))?;
        let body: Value = serde_json::from_slice(entry.body_bytes().unwrap_or_default()).map_err(broken)?;
        let asked = self.pack_statement(period, Timestamp::from_millisecond(entry.at_ms).map_err(broken)?);
        // The leaves are read while the books are folded.
        let (proven, computed) = std::thread::scope(|scope| {
            let proven = scope.spawn(|| self.proven());
            let computed = self.computed(&heads, &asked, Rows::Written);
            (proven.join().unwrap_or_else(|_| Err(broken("the leaves could not be read"))), computed)
        });
        let (Proven { checkpoint, leaves, verifier, .. }, computed) = (proven?, computed?);
        let index = self.index_of(&computed)?;
        let registration = self.registration()?;
        let more = json!({
            "format": 3,
            "registration": self.pharmacy.as_str(),
            "name": self.config.pharmacy.name,
            "from": period.0.to_string(),
            "to": period.1.to_string(),
            "made": self.clock.now().to_string(),
            "profile": registration.profile,
            "index": index.iter().map(|line| json!({"heading": line.heading.word(), "says": line.says()})).collect::<Vec<_>>(),
            "manifest": {"header": header, "salt": salt, "body": body},
            "checkpoint": checkpoint,
            "verifier": verifier,
        });
        if let (Some(rest), Value::Object(more)) = (rest.as_object_mut(), more) {
            rest.extend(more);
        }
        let rest = rest.to_string();
        let body = rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
        let length = body.len() + leaves.len() + computed.iter().map(|one| one.row.len() + 1).sum::<usize>() + 64;
        let mut text = String::with_capacity(length);
        // Base64 needs no escapes.
        text.extend([BEGINS, body, ",\"leaves\":\"", &leaves, "\",\"products\":["]);
        for (n, one) in computed.iter().enumerate() {
            text.push_str(if n == 0 { "" } else { "," });
            text.push_str(&one.row);
        }
        text.push_str("]}\n");
        let bytes = text.into_bytes();
        let digest = sha256(&bytes).to_hex();
        Ok(Pack { bytes, digest, period, products: computed.len() })
    }

    fn index_of(&self, computed: &[Computed]) -> Result<Vec<IndexLine>, Fault> {
        let all: Vec<&StockEvent> = computed.iter().flat_map(|one| one.books.plain()).collect();
        self.record_index(&all)
    }

    /// Every product with its statement, in the order of the codes: on every core at once.
    fn computed(&self, heads: &BTreeMap<String, Head>, asked: &Period, rows: Rows) -> Result<Vec<Computed>, Fault> {
        let occasions = self.occasions(None)?;
        let heads: Vec<&Head> = heads.values().collect();
        let mut all = on_every_core(&heads, |head| self.one_computed(head, &occasions, asked, rows))?;
        all.sort_by(|a, b| a.statement.commodity.cmp(&b.statement.commodity));
        Ok(all)
    }

    fn one_computed(
        &self,
        head: &Head,
        occasions: &BTreeMap<Timestamp, Occasion>,
        asked: &Period,
        rows: Rows,
    ) -> Result<Computed, Fault> {
        let ndc = head.stream.rsplit('/').next().and_then(|code| Ndc::parse(code).ok());
        let ndc = ndc.ok_or_else(|| broken(format!("{} are the books of no product", head.stream)))?;
        let mut entries = self.store.stream(&head.stream)?;
        entries.retain(|entry| entry.version <= head.version);
        let books = Books::folded(&entries)?;
        let stated = self.statement_from(&ndc, books, occasions, asked)?;
        if let Some(disagreement) = &stated.disagreement {
            return Err(broken(format!("the books of NDC {ndc}: {disagreement}")));
        }
        let mut row = String::new();
        if matches!(rows, Rows::Written) {
            let bytes: usize = entries.iter().map(|entry| entry.body_bytes().map_or(0, <[u8]>::len) + 600).sum();
            row.reserve(bytes);
            // Writing to a string cannot fail.
            let _ = write!(
                row,
                "{{\"name\":{},\"schedule\":{},\"occasion\":{},\"statement\":{},\"events\":[",
                json!(stated.goods.title()),
                json!(stated.goods.product.schedule.roman()),
                json!(stated.statement.opening.occasion.map(Occasion::word)),
                stated.statement.to_json()
            );
            for (n, entry) in entries.iter().enumerate() {
                let comma = if n == 0 { "" } else { "," };
                let (header, salt) = stamp(entry).unwrap_or_default();
                let body = entry.body_bytes().and_then(|body| std::str::from_utf8(body).ok()).unwrap_or("null");
                let _ = write!(
                    row,
                    "{comma}{{\"seq\":{},\"kind\":{},\"header\":\"{header}\",\"salt\":\"{salt}\",\"body\":{body}}}",
                    entry.seq,
                    json!(entry.kind),
                );
            }
            row.push_str("]}");
        }
        Ok(Computed { goods: stated.goods, statement: stated.statement, books: stated.books, row })
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
