//! The index of the stock room: which books, inventories, deliveries, losses and other records there are, and what the
//! dispensing record says was filled. Derived from the journal and rebuilt from it.

use crate::house::House;
use crate::house::projections::failed;
use crate::house::record::{Fault, read};
use theriac_journal::Entry;
use theriac_store::{Engine, Projection, StoreError, Tx};

/// The streams that the index lists, by the first part of their names.
const LISTED: [&str; 9] = [
    "stock/",
    "inventory/",
    "invoice/",
    "incident/",
    "outgoing/",
    "second/",
    "registration/",
    "container/",
    "schedule/",
];

/// Which records there are.
pub(crate) struct StockRoom;

impl Projection for StockRoom {
    fn name(&self) -> &'static str {
        "stockroom"
    }

    fn tables(&self) -> &[&str] {
        &["room_streams", "room_fills"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE room_streams (stream TEXT PRIMARY KEY, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, last_kind TEXT NOT NULL) STRICT;
                 CREATE TABLE room_fills (document TEXT PRIMARY KEY, ndc TEXT NOT NULL, units INTEGER NOT NULL, at_ms INTEGER NOT NULL) STRICT;
                 CREATE INDEX room_fills_at ON room_fills (at_ms);"
            }
            Engine::Postgres => {
                "CREATE TABLE room_streams (stream TEXT COLLATE \"C\" PRIMARY KEY, first_seq BIGINT NOT NULL, last_seq BIGINT NOT NULL, last_kind TEXT NOT NULL);
                 CREATE TABLE room_fills (document TEXT COLLATE \"C\" PRIMARY KEY, ndc TEXT COLLATE \"C\" NOT NULL, units BIGINT NOT NULL, at_ms BIGINT NOT NULL);
                 CREATE INDEX room_fills_at ON room_fills (at_ms);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if entry.kind == "rx.filled" && entry.body_bytes().is_some() {
            return filled(tx, entry);
        }
        if !LISTED.iter().any(|first| entry.stream.starts_with(first)) {
            return Ok(());
        }
        tx.write(
            "INSERT INTO room_streams (stream, first_seq, last_seq, last_kind) VALUES ($1, $2, $3, $4)
             ON CONFLICT (stream) DO UPDATE SET last_seq = excluded.last_seq, last_kind = excluded.last_kind",
            vec![entry.stream.as_str().into(), entry.seq.into(), entry.seq.into(), entry.kind.as_str().into()],
        )
    }
}

/// A filling, as the explainer compares it with the books. What a central fill pharmacy filled takes nothing from here.
fn filled(tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
    let event = read::<theriac_pharmacy::Event>(entry).map_err(failed)?;
    let (theriac_pharmacy::Event::Filled(filling), Some(number)) = (event, entry.stream.strip_prefix("rx/")) else {
        return Ok(());
    };
    if filling.central.is_some() {
        return Ok(());
    }
    tx.write(
        "INSERT INTO room_fills (document, ndc, units, at_ms) VALUES ($1, $2, $3, $4) ON CONFLICT (document) DO NOTHING",
        vec![
            format!("{number}/{}", filling.no).into(),
            filling.ndc.as_str().into(),
            filling.quantity.smallest_units().into(),
            filling.at.timestamp.as_millisecond().into(),
        ],
    )
}

/// One record of the index.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) stream: String,
    pub(crate) last_kind: String,
}

impl Listed {
    /// The last part of the stream's name.
    pub(crate) fn id(&self) -> &str {
        self.stream.rsplit('/').next().unwrap_or_default()
    }
}

impl House {
    /// The records of one kind of this pharmacy, oldest first: `inventory`, `invoice`.
    pub(crate) fn room_streams(&self, what: &str) -> Result<Vec<Listed>, Fault> {
        let first = format!("{what}/{}", self.pharmacy);
        // Everything that begins with the name and a slash lies between the two; `0` follows `/`.
        let sql =
            "SELECT stream, last_kind FROM room_streams WHERE stream >= $1 AND stream < $2 ORDER BY first_seq, stream";
        let rows = self.store.query(sql, &[format!("{first}/").into(), format!("{first}0").into()])?;
        let listed =
            rows.iter().map(|row| Ok(Listed { stream: row.text(0)?.to_owned(), last_kind: row.text(1)?.to_owned() }));
        Ok(listed.collect::<Result<_, StoreError>>()?)
    }
}
