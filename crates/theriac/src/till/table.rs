//! The tables of the till: which books there are, how far each has come, and whose line is where. Derived from the journal and
//! rebuilt from it. A purchaser stands in them as a digest, not by name.

use crate::house::House;
use crate::house::projections::failed;
use crate::house::record::{Fault, read};
use theriac_books::logbook::{Buyer, ChemicalEvent, CounterEvent};
use theriac_journal::Entry;
use theriac_journal::hash::sha256;
use theriac_store::{Engine, Projection, StoreError, Tx};

/// The streams that are listed, by the first part of their names.
const LISTED: [&str; 4] = ["logbook/", "machine/", "kit/", "online/"];

/// Which books there are, and their numbered lines.
pub(crate) struct Till;

impl Projection for Till {
    fn name(&self) -> &'static str {
        "till"
    }

    fn tables(&self) -> &[&str] {
        &["till_books", "till_lines"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE till_books (stream TEXT PRIMARY KEY, first_seq INTEGER NOT NULL, version INTEGER NOT NULL, numbers INTEGER NOT NULL) STRICT;
                 CREATE TABLE till_lines (stream TEXT NOT NULL, number INTEGER NOT NULL, buyer TEXT NOT NULL, at_ms INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (stream, number)) STRICT;
                 CREATE INDEX till_lines_buyer ON till_lines (stream, buyer, at_ms);"
            }
            Engine::Postgres => {
                "CREATE TABLE till_books (stream TEXT COLLATE \"C\" PRIMARY KEY, first_seq BIGINT NOT NULL, version BIGINT NOT NULL, numbers BIGINT NOT NULL);
                 CREATE TABLE till_lines (stream TEXT COLLATE \"C\" NOT NULL, number BIGINT NOT NULL, buyer TEXT COLLATE \"C\" NOT NULL, at_ms BIGINT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (stream, number));
                 CREATE INDEX till_lines_buyer ON till_lines (stream, buyer, at_ms);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if !LISTED.iter().any(|first| entry.stream.starts_with(first)) {
            return Ok(());
        }
        let line = numbered(entry)?;
        let number = line.as_ref().map_or(0, |(number, _)| *number);
        tx.write(
            "INSERT INTO till_books (stream, first_seq, version, numbers) VALUES ($1, $2, $3, $4)
             ON CONFLICT (stream) DO UPDATE SET version = excluded.version,
             numbers = CASE WHEN excluded.numbers > 0 THEN excluded.numbers ELSE till_books.numbers END",
            vec![entry.stream.as_str().into(), entry.seq.into(), entry.version.into(), number.into()],
        )?;
        let Some((number, buyer)) = line else { return Ok(()) };
        tx.write(
            "INSERT INTO till_lines (stream, number, buyer, at_ms, seq) VALUES ($1, $2, $3, $4, $5)",
            vec![entry.stream.as_str().into(), number.into(), buyer.into(), entry.at_ms.into(), entry.seq.into()],
        )
    }
}

/// The number of the line that an entry of a logbook writes, and whose it is; `None` for what writes none.
fn numbered(entry: &Entry) -> Result<Option<(u64, String)>, StoreError> {
    if entry.body_bytes().is_none() {
        return Ok(None);
    }
    Ok(match entry.kind.as_str() {
        "counter.sold" | "counter.corrected" => match read::<CounterEvent>(entry).map_err(failed)? {
            CounterEvent::Sold { entry } => Some((entry.number, mark(&entry.buyer))),
            CounterEvent::Corrected { number, .. } => Some((number, String::new())),
        },
        "slcp.sold" => match read::<ChemicalEvent>(entry).map_err(failed)? {
            ChemicalEvent::Sold { entry } => Some((entry.number, mark(&entry.buyer))),
            ChemicalEvent::SoldUnlogged { .. } | ChemicalEvent::Disclosed { .. } => None,
        },
        _ => None,
    })
}

/// A purchaser as the table knows one.
pub(super) fn mark(buyer: &Buyer) -> String {
    sha256(buyer.identity().as_bytes()).to_hex()
}

impl House {
    /// The version of a book's stream, and the number of its last line.
    pub(super) fn book_now(&self, stream: &str) -> Result<(u64, u64), Fault> {
        let rows = self.store.query("SELECT version, numbers FROM till_books WHERE stream = $1", &[stream.into()])?;
        Ok(match rows.first() {
            Some(row) => (row.u64(0)?, row.u64(1)?),
            None => (0, 0),
        })
    }

    /// The entries of one purchaser since `from_ms`, oldest first.
    pub(super) fn purchases_of(&self, stream: &str, buyer: &Buyer, from_ms: i64) -> Result<Vec<Entry>, Fault> {
        let sql = "SELECT seq FROM till_lines WHERE stream = $1 AND buyer = $2 AND at_ms >= $3 ORDER BY number";
        let rows = self.store.query(sql, &[stream.into(), mark(buyer).into(), from_ms.into()])?;
        rows.iter().map(|row| Ok(self.store.entry(row.u64(0)?)?)).collect()
    }

    /// The entries of a book from one number to another, inclusive.
    pub(super) fn lines_between(&self, stream: &str, (from, through): (u64, u64)) -> Result<Vec<Entry>, Fault> {
        let sql = "SELECT seq FROM till_lines WHERE stream = $1 AND number >= $2 AND number <= $3 ORDER BY number";
        let rows = self.store.query(sql, &[stream.into(), from.into(), through.into()])?;
        rows.iter().map(|row| Ok(self.store.entry(row.u64(0)?)?)).collect()
    }

    /// The names of the machines or the kits of this pharmacy, oldest first.
    pub(super) fn till_names(&self, what: &str) -> Result<Vec<String>, Fault> {
        let first = format!("{what}/{}", self.pharmacy);
        // Everything that begins with the name and a slash lies between the two; `0` follows `/`.
        let sql = "SELECT stream FROM till_books WHERE stream >= $1 AND stream < $2 ORDER BY first_seq, stream";
        let rows = self.store.query(sql, &[format!("{first}/").into(), format!("{first}0").into()])?;
        let name = |stream: &str| stream.rsplit('/').next().unwrap_or_default().to_owned();
        Ok(rows.iter().map(|row| row.text(0).map(name)).collect::<Result<_, _>>()?)
    }
}
