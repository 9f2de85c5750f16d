//! The records that pass with a business (21 CFR 1301.52(e)(3)): one file with every record that this registration still keeps,
//! which proves itself: of entries that were made elsewhere it holds header and leaf alone, so that nothing can be left out unseen
//! and nothing else is shown; and how whoever takes the business over keeps them. What was taken over bears the mark of the
//! registrant who made it for ever: it lies in a stream of that registrant's name, is never folded into the books here, and
//! its makers stay answerable for it up to the day of transfer.

use super::proven::{Leaves, Proven, stamp};
use super::record::RoomEvent;
use crate::house::House;
use crate::house::record::{Change, Fault, Recorded};
use crate::typed::wrong;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::fmt::Write as _;
use theriac_books::inventory::Part;
use theriac_journal::hash::sha256;
use theriac_journal::{Entry, NoteVerifier};
use theriac_model::{Actor, DeaNumber, Refusal};
use theriac_store::NewPiece;

/// How such a file begins.
const BEGINS: &str = "{\"theriac\":\"records-of-a-business\",";
/// Entries read, and written down, at a time.
const CHUNK: u64 = 500;

/// A record that another registrant made, as it is kept here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TakenOver {
    /// Whose record it is: the mark that it keeps.
    pub(crate) registrant: DeaNumber,
    /// The registrant's name.
    pub(crate) name: String,
    /// The origin of the journal that it stood in.
    pub(crate) origin: String,
    /// Its header, salt and body as they stood there.
    pub(crate) header: String,
    pub(crate) salt: String,
    pub(crate) body: String,
}

impl Recorded for TakenOver {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        "predecessor.record-taken-over"
    }

    fn body(&self) -> Value {
        json!({
            "body": self.body,
            "header": self.header,
            "name": self.name,
            "origin": self.origin,
            "registrant": self.registrant.as_str(),
            "salt": self.salt,
        })
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        if kind != "predecessor.record-taken-over" {
            return Err(format!("{kind:?} is no record that was taken over"));
        }
        let text = |name: &str| {
            body.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| format!("{name} is no text"))
        };
        let registrant = DeaNumber::parse(&text("registrant")?).map_err(|error| error.to_string())?;
        Ok(Self {
            registrant,
            name: text("name")?,
            origin: text("origin")?,
            header: text("header")?,
            salt: text("salt")?,
            body: text("body")?,
        })
    }
}

/// What a file of records holds, once it is found to hold.
pub(crate) struct Records {
    /// Who made them.
    pub(crate) registrant: DeaNumber,
    pub(crate) name: String,
    /// The key that signed.
    pub(crate) signed_by: String,
    /// How many there are, and how many leaves the journal has.
    pub(crate) count: usize,
    pub(crate) leaves: usize,
    /// How many of the registrant's were erased after their retention.
    erased: usize,
    found: Vec<(Entry, TakenOver, Vec<NewPiece>)>,
}

impl Records {
    /// In words.
    pub(crate) fn says(&self) -> String {
        format!(
            "{} records of {}, {}, each at its place among {} entries of a journal signed by {}; none is left out, {} were \
             erased after their retention",
            self.count, self.name, self.registrant, self.leaves, self.signed_by, self.erased
        )
    }
}

/// A file of records that was made.
pub(crate) struct HandedOver {
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: String,
}

impl House {
    /// Every record of this registration that is kept, as one file; that it was made for the transferee is recorded.
    ///
    /// # Errors
    /// Where no transfer of business was announced.
    pub(crate) fn hand_records_over(&self, actor: &Actor) -> Result<HandedOver, Fault> {
        let notice = self.transfer_notice()?;
        let now = self.registration()?;
        let made = self.records_of_business()?;
        let at = self.clock.moment();
        let by = self.in_stockroom(actor, at);
        let fields = vec![
            ("on".to_owned(), at.date().to_string()),
            ("digest".to_owned(), made.digest.clone()),
            ("to".to_owned(), format!("{}, {}", notice.transferee.name, notice.transferee.number)),
        ];
        let event = RoomEvent::Step { what: "business-records-passed".to_owned(), fields, by: actor.id.clone() };
        self.decided_on_registration(Change::default(), &now, &by, &event)?.commit(&self.store)?;
        Ok(made)
    }

    fn records_of_business(&self) -> Result<HandedOver, Fault> {
        let Proven { checkpoint, size, leaves, verifier } = self.proven()?;
        let mut inventories = Vec::new();
        for sheet in self.inventories()?.iter().filter(|sheet| sheet.inventory.closed().is_some()) {
            let initial = sheet.inventory.documents(Part::Initial);
            inventories.extend(initial.iter().map(theriac_books::inventory::InventoryDocument::contents));
        }
        let head = json!({
            "format": 1,
            "registrant": self.pharmacy.as_str(),
            "name": self.order_party().name,
            "origin": self.store.origin(),
            "made": self.clock.now().to_string(),
            "inventories": inventories,
            "checkpoint": checkpoint,
            "verifier": verifier,
            "leaves": leaves,
        });
        let head = head.to_string();
        let body = head.strip_prefix('{').and_then(|head| head.strip_suffix('}')).unwrap_or_default();
        let mut text = format!("{BEGINS}{body},\"records\":[");
        let mut next = 0_u64;
        while next < size {
            let end = next.saturating_add(CHUNK).min(size);
            for entry in self.store.entries(next..end)? {
                let comma = if entry.seq == 0 { "" } else { "," };
                let kept = stamp(&entry).zip(entry.body_bytes());
                let Some(((header, salt), bytes)) = kept.filter(|_| entry.location == self.pharmacy.as_str()) else {
                    let commitment = STANDARD.encode(entry.body.commitment().as_bytes());
                    let row = json!({"header": STANDARD.encode(entry.header_bytes()), "commitment": commitment});
                    // Writing to a string cannot fail.
                    let _ = write!(text, "{comma}{row}");
                    continue;
                };
                let pieces: Vec<Value> = self
                    .store
                    .archive(entry.seq)?
                    .iter()
                    .map(|piece| {
                        json!({
                            "media": piece.media,
                            "salt": STANDARD.encode(piece.salt),
                            "bytes": STANDARD.encode(&piece.bytes),
                            "seal": STANDARD.encode(&piece.seal),
                        })
                    })
                    .collect();
                let row = json!({"header": header, "salt": salt, "body": STANDARD.encode(bytes), "pieces": pieces});
                // Writing to a string cannot fail.
                let _ = write!(text, "{comma}{row}");
            }
            next = end;
        }
        text.push_str("]}\n");
        let bytes = text.into_bytes();
        let digest = sha256(&bytes).to_hex();
        Ok(HandedOver { bytes, digest })
    }

    /// Takes the records of a predecessor in, each with its mark and what was archived with it. What is here already stays.
    /// Answers how many were new.
    ///
    /// # Errors
    /// `BOOKS-RECORDS`, naming what of the file does not hold; records of this registration itself.
    pub(crate) fn take_records_over(
        &self,
        actor: &Actor,
        text: &str,
        trusted: Option<&NoteVerifier>,
    ) -> Result<(Records, usize), Fault> {
        let mut records = verify(text, trusted).map_err(|why| {
            let next = "ask the transferor for the file again, and for the key that signs its journal";
            Refusal::new("BOOKS-RECORDS", "21 CFR 1301.52(e)(3)", why, next).about("file")
        })?;
        if records.registrant == self.pharmacy {
            return Err(wrong("file", "these are records of this registration itself", "they are here already"));
        }
        let by = self.in_stockroom(actor, self.clock.moment());
        let mut new = 0;
        for chunk in std::mem::take(&mut records.found).chunks(usize::try_from(CHUNK).unwrap_or(500)) {
            let mut change = Change::default();
            let mut any = false;
            for (entry, taken, pieces) in chunk {
                let name = format!("predecessor/{}/{}", records.registrant, entry.seq);
                if !self.store.stream(&name)?.is_empty() {
                    continue;
                }
                change = change.decided_on(&name, 0).with_pieces(&by, &name, taken, pieces.clone())?;
                (any, new) = (true, new + 1);
            }
            if any {
                change.commit(&self.store)?;
            }
        }
        Ok((records, new))
    }

    /// Whose records were taken over here, and how many of each.
    pub(crate) fn predecessors(&self) -> Result<Vec<(String, u64)>, Fault> {
        let sql = "SELECT stream FROM entries WHERE kind = 'predecessor.record-taken-over'";
        let mut found: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
        for row in self.store.query(sql, &[])? {
            let whose = row.text(0)?.split('/').nth(1).unwrap_or_default().to_owned();
            *found.entry(whose).or_default() += 1;
        }
        Ok(found.into_iter().collect())
    }
}

/// Whether a text is such a file.
pub(crate) fn are_records(text: &str) -> bool {
    text.starts_with(BEGINS)
}

/// Checks a file of records: each leaf at its place, the leaves under the signed root, what was archived under its links.
///
/// # Errors
/// The first thing that does not hold.
pub(crate) fn verify(text: &str, trusted: Option<&NoteVerifier>) -> Result<Records, String> {
    let file: Value = serde_json::from_str(text).map_err(|error| format!("the file is no JSON: {error}"))?;
    let of = |name: &str| file.get(name).and_then(Value::as_str).unwrap_or_default();
    let registrant = DeaNumber::parse(of("registrant")).map_err(|_| "the file names no registrant".to_owned())?;
    let leaves = Leaves::of(&file, trusted)?;
    let (mut found, mut next, mut erased) = (Vec::new(), 0_u64, 0_usize);
    for row in file.get("records").and_then(Value::as_array).ok_or("the file holds no records")? {
        let of_row = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        if row.get("commitment").is_some() {
            let entry = leaves.bare(of_row("header"), of_row("commitment"))?;
            in_order(&entry, &mut next)?;
            erased += usize::from(entry.location == registrant.as_str());
            continue;
        }
        let bytes = STANDARD.decode(of_row("body")).map_err(|_| "a body cannot be read".to_owned())?;
        let body = String::from_utf8(bytes.clone()).map_err(|_| "a body is no text".to_owned())?;
        let entry = leaves.entry(of_row("header"), of_row("salt"), bytes)?;
        in_order(&entry, &mut next)?;
        if entry.location != registrant.as_str() {
            return Err(format!("entry {} was not made at {registrant}", entry.seq));
        }
        let pieces = archived(&entry, row)?;
        let taken = TakenOver {
            registrant,
            name: of("name").to_owned(),
            origin: of("origin").to_owned(),
            header: of_row("header").to_owned(),
            salt: of_row("salt").to_owned(),
            body,
        };
        found.push((entry, taken, pieces));
    }
    if next != leaves.len() as u64 {
        return Err("records are left out at the end".to_owned());
    }
    Ok(Records {
        registrant,
        erased,
        name: of("name").to_owned(),
        signed_by: leaves.signed_by.clone(),
        count: found.len(),
        leaves: leaves.len(),
        found,
    })
}

/// Whether an entry is the next one of the journal: what is left out is found here.
fn in_order(entry: &Entry, next: &mut u64) -> Result<(), String> {
    if entry.seq != *next {
        return Err(format!("entry {next} is left out"));
    }
    *next += 1;
    Ok(())
}

/// What was archived with an entry, each under its link.
fn archived(entry: &Entry, row: &Value) -> Result<Vec<NewPiece>, String> {
    use theriac_journal::{LinkKind, Piece};
    let links: Vec<_> = entry.linked(LinkKind::Archived).collect();
    let rows = row.get("pieces").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if rows.len() != links.len() {
        return Err(format!("entry {} lacks what was archived with it", entry.seq));
    }
    let mut pieces = Vec::new();
    for (one, link) in rows.iter().zip(links) {
        let bytes = |name: &str| {
            let text = one.get(name).and_then(Value::as_str).unwrap_or_default();
            STANDARD.decode(text).map_err(|_| format!("what was archived with entry {} cannot be read", entry.seq))
        };
        let media = one.get("media").and_then(Value::as_str).unwrap_or_default().to_owned();
        let salt: [u8; 32] = bytes("salt")?.try_into().map_err(|_| "a salt cannot be read".to_owned())?;
        let piece = Piece { media, salt, bytes: bytes("bytes")?, seal: bytes("seal")? };
        if piece.digest() != link {
            return Err(format!("what was archived with entry {} is not what was archived then", entry.seq));
        }
        pieces.push(NewPiece { media: piece.media, bytes: piece.bytes, seal: piece.seal });
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_taken_over_is_read_back_with_its_mark() {
        let taken = TakenOver {
            registrant: DeaNumber::compose(*b"FS", 456_456).expect("a number"),
            name: "Second Pharmacy".to_owned(),
            origin: "other.invalid/journal".to_owned(),
            header: "aGVhZA==".to_owned(),
            salt: "c2FsdA==".to_owned(),
            body: "{}".to_owned(),
        };
        assert_eq!(TakenOver::read(taken.kind(), &taken.body()), Ok(taken.clone()));
        assert!(TakenOver::read("room.profile-entered", &taken.body()).is_err());
    }
}
