//! Derived tables: written with the journal, in the same transaction, and made again from it whenever that is wanted.

use std::sync::Arc;

use theriac_journal::hash::sha256;
use theriac_journal::{Entry, Piece};

use crate::engine::{Engine, Tx};
use crate::error::StoreError;
use crate::read;

/// Entries read at a time while a projection is made again.
const CHUNK: u64 = 2_048;

/// A set of tables that say what the journal says, in a form to search and show.
///
/// `apply` must depend on the entry and the projection's own tables only: no clock, no randomness, no other table. Then making
/// it again gives the same tables, and the journal check can find a row that was changed behind the program's back.
pub trait Projection: Send + Sync {
    /// Its name, fixed for ever.
    fn name(&self) -> &str;

    /// The statements that make its tables and indexes, for this engine. When they change, the tables are made again from the
    /// journal at the next start. On SQLite make tables STRICT, with INTEGER, TEXT and BLOB; on PostgreSQL use BIGINT, TEXT
    /// (`COLLATE "C"` where order matters) and BYTEA.
    fn migrations(&self, engine: Engine) -> &str;

    /// Its tables' names.
    fn tables(&self) -> &[&str];

    /// Brings the tables from the state before `entry` to the state after it.
    ///
    /// # Errors
    /// What its statements say; the append is then refused.
    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError>;

    /// Whether the tables need what is archived with `entry`: then [`Projection::apply_with`] is called instead of `apply`.
    /// A file of a million rows is one entry with the file as its pieces, not a million entries.
    fn needs_pieces(&self, _entry: &Entry) -> bool {
        false
    }

    /// As `apply`, with the pieces archived with the entry, in order. They are part of the entry, which holds their digests.
    ///
    /// # Errors
    /// What its statements say; the append is then refused.
    fn apply_with(&self, tx: &mut dyn Tx, entry: &Entry, _pieces: &[Piece]) -> Result<(), StoreError> {
        self.apply(tx, entry)
    }
}

/// What stands in the `projections` table for this definition: it changes when the tables must be made again.
pub(crate) fn definition(projection: &dyn Projection, engine: Engine) -> String {
    sha256(projection.migrations(engine).as_bytes()).to_hex()
}

/// Brings every projection to `size`: makes its tables when they are not there or were defined otherwise.
pub(crate) fn catch_up(tx: &mut dyn Tx, projections: &[Arc<dyn Projection>], size: u64) -> Result<(), StoreError> {
    for projection in projections {
        let projection = projection.as_ref();
        let definition = definition(projection, tx.engine());
        let rows = tx.query("SELECT definition, size FROM projections WHERE name = $1", &[projection.name().into()])?;
        let from = match rows.first() {
            Some(row) if row.text(0)? == definition => row.u64(1)?,
            _ => {
                make_tables(tx, projection)?;
                tx.exec("DELETE FROM projections WHERE name = $1", &[projection.name().into()])?;
                tx.exec(
                    "INSERT INTO projections (name, definition, size) VALUES ($1, $2, 0)",
                    &[projection.name().into(), definition.into()],
                )?;
                0
            }
        };
        replay(tx, projection, from, size)?;
        mark_applied(tx, projection, size)?;
    }
    Ok(())
}

/// Notes that the projection says what the journal said at `size`.
pub(crate) fn mark_applied(tx: &mut dyn Tx, projection: &dyn Projection, size: u64) -> Result<(), StoreError> {
    tx.write("UPDATE projections SET size = $1 WHERE name = $2", vec![size.into(), projection.name().into()])
}

/// Drops the projection's tables and makes them again, empty.
pub(crate) fn make_tables(tx: &mut dyn Tx, projection: &dyn Projection) -> Result<(), StoreError> {
    for table in projection.tables().iter().rev() {
        tx.script(&format!("DROP TABLE IF EXISTS {}", identifier(table)?))?;
    }
    tx.script(projection.migrations(tx.engine()))
}

fn replay(tx: &mut dyn Tx, projection: &dyn Projection, from: u64, to: u64) -> Result<(), StoreError> {
    let mut next = from;
    while next < to {
        let entries = read::entries(tx, next, to.min(next + CHUNK))?;
        if entries.is_empty() {
            return Err(StoreError::Damaged(format!("entry {next} is missing")));
        }
        for entry in &entries {
            if projection.needs_pieces(entry) {
                let pieces = read::pieces(tx, entry.seq)?;
                projection.apply_with(tx, entry, &pieces)?;
            } else {
                projection.apply(tx, entry)?;
            }
        }
        next += entries.len() as u64;
    }
    Ok(())
}

/// A table's name as it may stand in a statement.
pub(crate) fn identifier(name: &str) -> Result<&str, StoreError> {
    let plain = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if plain {
        Ok(name)
    } else {
        Err(StoreError::Config(format!("`{name}` is not a table name of ours: use a-z, 0-9 and _")))
    }
}
