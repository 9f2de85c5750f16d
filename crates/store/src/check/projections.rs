//! Derived tables against a fresh copy, made from the entries in tables that vanish.

use std::sync::Arc;

use theriac_journal::{BadEntry, Entry, Hash, Wrong};

use super::beside;
use crate::engine::{Address, Begin, Connection, Tx};
use crate::error::StoreError;
use crate::projection::{self, Projection, identifier};
use crate::read;
use crate::value::{Row, Value};

/// A fresh copy of the derived tables.
pub(super) struct Fresh<'a> {
    scratch: Box<dyn Connection>,
    projections: &'a [Arc<dyn Projection>],
    failed: Option<String>,
}

impl<'a> Fresh<'a> {
    pub(super) fn new(address: &Address, projections: &'a [Arc<dyn Projection>]) -> Result<Fresh<'a>, StoreError> {
        let mut scratch = address.scratch()?;
        scratch.begin(Begin::Write)?;
        for projection in projections {
            let script = projection.migrations(scratch.engine()).to_owned();
            scratch.script(&script)?;
        }
        Ok(Fresh { scratch, projections, failed: None })
    }

    /// Brings the copy to the state after `entry`; `stored` is where its pieces lie.
    pub(super) fn apply(&mut self, stored: &mut dyn Tx, entry: &Entry) {
        for projection in self.projections {
            if self.failed.is_some() {
                return;
            }
            let applied = if projection.needs_pieces(entry) {
                read::pieces(stored, entry.seq)
                    .and_then(|pieces| projection.apply_with(self.scratch.as_tx(), entry, &pieces))
            } else {
                projection.apply(self.scratch.as_tx(), entry)
            };
            if let Err(error) = applied {
                let (name, seq) = (projection.name(), entry.seq);
                self.failed = Some(format!("`{name}` cannot be made again at entry {seq}: {error}"));
            }
        }
    }

    /// Compares every table, row by row, in the order of all its columns.
    pub(super) fn compare(&mut self, tx: &mut dyn Tx, size: u64, found: &mut Vec<BadEntry>) -> Result<(), StoreError> {
        if let Some(failed) = self.failed.take() {
            found.push(beside(Wrong::Projection, failed));
            return Ok(());
        }
        for projection in self.projections {
            let rows =
                tx.query("SELECT definition, size FROM projections WHERE name = $1", &[projection.name().into()])?;
            let expected = Row(vec![projection::definition(projection.as_ref(), tx.engine()).into(), size.into()]);
            if rows != [expected] {
                let detail = format!("`{}` is not recorded as brought up to {size}", projection.name());
                found.push(beside(Wrong::Projection, detail));
            }
            for table in projection.tables() {
                if digest(tx, table)? != digest(self.scratch.as_tx(), table)? {
                    let row = first_difference(tx, self.scratch.as_tx(), table)?;
                    found
                        .push(beside(Wrong::Projection, format!("table {table} is not what the journal gives: {row}")));
                }
            }
        }
        Ok(())
    }
}

/// A statement for all rows, in the order of all columns.
fn ordered(tx: &mut dyn Tx, table: &str) -> Result<String, StoreError> {
    let table = identifier(table)?;
    let columns = match tx.engine() {
        crate::Engine::Sqlite => tx.query("SELECT count(*) FROM pragma_table_info($1)", &[table.into()])?,
        crate::Engine::Postgres => tx.query(
            "SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
            &[table.into()],
        )?,
    };
    let columns = columns.first().map(|row| row.int(0)).transpose()?.unwrap_or(0).max(1);
    let order: Vec<String> = (1..=columns).map(|n| n.to_string()).collect();
    Ok(format!("SELECT * FROM {table} ORDER BY {}", order.join(", ")))
}

/// A digest over all rows in order, so that large tables need no memory.
fn digest(tx: &mut dyn Tx, table: &str) -> Result<(u64, Hash), StoreError> {
    let sql = ordered(tx, table)?;
    let (mut count, mut context) = (0, aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256));
    tx.each(&sql, &[], &mut |row| {
        count += 1;
        for value in &row.0 {
            let (tag, bytes): (u8, &[u8]) = match value {
                Value::Null => (0, &[]),
                Value::Int(number) => {
                    context.update(&[1]);
                    context.update(&number.to_be_bytes());
                    continue;
                }
                Value::Text(text) => (2, text.as_bytes()),
                Value::Blob(bytes) => (3, bytes),
            };
            context.update(&[tag]);
            context.update(&(bytes.len() as u64).to_be_bytes());
            context.update(bytes);
        }
        Ok(())
    })?;
    Ok((count, Hash::from_slice(context.finish().as_ref()).unwrap_or_default()))
}

/// Names the first row that differs, by its first column only: rows may hold personal data.
fn first_difference(tx: &mut dyn Tx, fresh: &mut dyn Tx, table: &str) -> Result<String, StoreError> {
    let sql = ordered(tx, table)?;
    let (mut stored, mut wanted) = (Vec::new(), Vec::new());
    let collect = |tx: &mut dyn Tx, rows: &mut Vec<Row>| {
        tx.each(&sql, &[], &mut |row| {
            rows.push(row);
            Ok(())
        })
    };
    collect(tx, &mut stored)?;
    collect(fresh, &mut wanted)?;
    let place = stored.iter().zip(&wanted).take_while(|(stored, wanted)| stored == wanted).count();
    let key = |row: Option<&Row>| match row.and_then(|row| row.0.first()) {
        None => "no row".to_owned(),
        Some(Value::Int(number)) => format!("the row that begins with {number}"),
        Some(_) => "a row".to_owned(),
    };
    Ok(format!("row {place}: there is {}, there should be {}", key(stored.get(place)), key(wanted.get(place))))
}
