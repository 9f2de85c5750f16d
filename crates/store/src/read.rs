//! Reading entries, pieces and tree nodes back from their tables.

use std::cell::RefCell;

use theriac_journal::{Body, Entry, Hash, Link, NodeReader, Piece, TreeError};

use crate::engine::Tx;
use crate::error::StoreError;
use crate::value::{Row, ValueRef};

/// Pieces of one entry that the `archive` table's numbering has room for; more than an entry may link to.
pub(crate) const PLACES: u64 = 4_096;

/// The columns that [`entry`] reads; the leaf comes last.
pub(crate) const COLUMNS: &str =
    "seq, stream, version, at_ms, actor, role, location, law, kind, format, links, salt, body, leaf";

/// Reads one row of [`COLUMNS`].
pub(crate) fn entry(row: &Row) -> Result<Entry, StoreError> {
    let body = match row.opt_blob(11)? {
        Some(salt) => Body::Kept {
            salt: salt.try_into().map_err(|_| StoreError::Column { column: 11, wanted: "a salt of 32 bytes" })?,
            bytes: row.blob(12)?.to_vec(),
        },
        None => Body::Erased { commitment: hash(row, 12)? },
    };
    Ok(Entry {
        seq: row.u64(0)?,
        stream: row.text(1)?.to_owned(),
        version: row.u64(2)?,
        at_ms: row.int(3)?,
        actor: row.text(4)?.to_owned(),
        role: row.text(5)?.to_owned(),
        location: row.text(6)?.to_owned(),
        law: row.text(7)?.to_owned(),
        kind: row.text(8)?.to_owned(),
        format: u32::try_from(row.int(9)?).map_err(|_| StoreError::Column { column: 9, wanted: "a format number" })?,
        links: Link::decode_all(row.blob(10)?).ok_or(StoreError::Column { column: 10, wanted: "links" })?,
        body,
    })
}

/// The hash in a column.
pub(crate) fn hash(row: &Row, column: usize) -> Result<Hash, StoreError> {
    Hash::from_slice(row.blob(column)?).ok_or(StoreError::Column { column, wanted: "a hash of 32 bytes" })
}

/// Writes the row of an entry, with the columns in the order of [`COLUMNS`].
pub(crate) fn insert_entry(tx: &mut dyn Tx, entry: &Entry, leaf: Hash) -> Result<(), StoreError> {
    let links = Link::encode_all(&entry.links);
    let (salt, body) = match &entry.body {
        Body::Kept { salt, bytes } => (ValueRef::Blob(salt), bytes.as_slice()),
        Body::Erased { commitment } => (ValueRef::Null, commitment.0.as_slice()),
    };
    tx.write_ref(
        "INSERT INTO entries (seq, stream, version, at_ms, actor, role, location, law, kind, format, links, salt, body, leaf) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &[
            entry.seq.into(),
            ValueRef::Text(&entry.stream),
            entry.version.into(),
            ValueRef::Int(entry.at_ms),
            ValueRef::Text(&entry.actor),
            ValueRef::Text(&entry.role),
            ValueRef::Text(&entry.location),
            ValueRef::Text(&entry.law),
            ValueRef::Text(&entry.kind),
            ValueRef::Int(i64::from(entry.format)),
            ValueRef::Blob(&links),
            salt,
            ValueRef::Blob(body),
            ValueRef::Blob(&leaf.0),
        ],
    )
}

/// Entries `from..to`, in order.
pub(crate) fn entries(tx: &mut dyn Tx, from: u64, to: u64) -> Result<Vec<Entry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM entries WHERE seq >= $1 AND seq < $2 ORDER BY seq");
    tx.query(&sql, &[from.into(), to.into()])?.iter().map(entry).collect()
}

/// All entries of a stream, in order.
pub(crate) fn stream(tx: &mut dyn Tx, stream: &str) -> Result<Vec<Entry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM entries WHERE stream = $1 ORDER BY version");
    tx.query(&sql, &[stream.into()])?.iter().map(entry).collect()
}

/// The pieces archived with an entry, in order.
pub(crate) fn pieces(tx: &mut dyn Tx, seq: u64) -> Result<Vec<Piece>, StoreError> {
    let (first, end) = (seq.saturating_mul(PLACES), seq.saturating_add(1).saturating_mul(PLACES));
    let rows = tx.query(
        "SELECT id, salt, media, bytes, seal FROM archive WHERE id >= $1 AND id < $2 ORDER BY id",
        &[first.into(), end.into()],
    )?;
    rows.iter().map(piece).collect()
}

/// Reads a row of `id, salt, media, bytes, seal`.
pub(crate) fn piece(row: &Row) -> Result<Piece, StoreError> {
    Ok(Piece {
        salt: row.blob(1)?.try_into().map_err(|_| StoreError::Column { column: 1, wanted: "a salt of 32 bytes" })?,
        media: row.text(2)?.to_owned(),
        bytes: row.blob(3)?.to_vec(),
        seal: row.blob(4)?.to_vec(),
    })
}

/// The recorded end of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) size: u64,
    pub(crate) root: Hash,
    pub(crate) next_job: u64,
}

/// Reads the head; `lock` is what makes PostgreSQL hold other writers back.
pub(crate) fn head(tx: &mut dyn Tx, lock: &str) -> Result<Head, StoreError> {
    let rows = tx.query(&format!("SELECT size, root, next_job FROM head WHERE id = 1{lock}"), &[])?;
    let row = rows.first().ok_or_else(|| StoreError::Damaged("the head row is missing".into()))?;
    Ok(Head { size: row.u64(0)?, root: hash(row, 1)?, next_job: row.u64(2)? })
}

/// The newest checkpoint, with its size.
pub(crate) fn latest_checkpoint(tx: &mut dyn Tx) -> Result<Option<(u64, String)>, StoreError> {
    let rows = tx.query("SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1", &[])?;
    rows.first().map(|row| Ok((row.u64(0)?, row.text(1)?.to_owned()))).transpose()
}

/// Tree nodes behind a transaction.
pub(crate) struct Nodes<'a>(RefCell<&'a mut dyn Tx>);

impl<'a> Nodes<'a> {
    pub(crate) fn new(tx: &'a mut dyn Tx) -> Nodes<'a> {
        Nodes(RefCell::new(tx))
    }
}

impl NodeReader for Nodes<'_> {
    fn read(&self, tile_level: u32, first: u64, count: usize) -> Result<Vec<Hash>, TreeError> {
        let mut tx = self.0.borrow_mut();
        let end = first.saturating_add(count as u64);
        let rows = if tile_level == 0 {
            tx.query(
                "SELECT seq, leaf FROM entries WHERE seq >= $1 AND seq < $2 ORDER BY seq",
                &[first.into(), end.into()],
            )
        } else {
            tx.query(
                "SELECT place, hash FROM nodes WHERE level = $1 AND place >= $2 AND place < $3 ORDER BY place",
                &[tile_level.into(), first.into(), end.into()],
            )
        };
        let unreadable = |error: StoreError| TreeError::Unreadable(error.to_string());
        let rows = rows.map_err(unreadable)?;
        let mut hashes = Vec::with_capacity(rows.len());
        for (expected, row) in (first..).zip(&rows) {
            if row.u64(0).map_err(unreadable)? != expected {
                break;
            }
            hashes.push(hash(row, 1).map_err(unreadable)?);
        }
        Ok(hashes)
    }
}
