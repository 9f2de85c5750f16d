//! The table of registrants, made from the archived parts, and the list of those who have a right to sign on record.

use super::event::RegistryEvent;
use crate::house::projections::failed;
use crate::house::record::read;
use theriac_journal::{Entry, Piece};
use theriac_store::{Engine, Projection, StoreError, Tx};
use theriac_wire::registrants::{Reader, print_short};

/// One row a registrant and set, as a delimited line; an empty line where the file's could not be read.
pub(crate) struct RegistrantTables;

impl Projection for RegistrantTables {
    fn name(&self) -> &'static str {
        "registry"
    }

    fn tables(&self) -> &[&str] {
        &["registrant_rows", "registrant_set", "signers"]
    }

    // Change the comment when the reader reads otherwise: then the tables are made again.
    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "-- reader 1
                 CREATE TABLE registrant_rows (number TEXT NOT NULL, set_id TEXT NOT NULL, line TEXT NOT NULL, PRIMARY KEY (number, set_id)) STRICT, WITHOUT ROWID;
                 CREATE TABLE registrant_set (set_id TEXT PRIMARY KEY, issued TEXT NOT NULL, rows_read INTEGER NOT NULL, seq INTEGER NOT NULL) STRICT;
                 CREATE TABLE signers (stream TEXT PRIMARY KEY) STRICT;"
            }
            Engine::Postgres => {
                "-- reader 1
                 CREATE TABLE registrant_rows (number TEXT COLLATE \"C\" NOT NULL, set_id TEXT COLLATE \"C\" NOT NULL, line TEXT NOT NULL, PRIMARY KEY (number, set_id));
                 CREATE TABLE registrant_set (set_id TEXT COLLATE \"C\" PRIMARY KEY, issued TEXT NOT NULL, rows_read BIGINT NOT NULL, seq BIGINT NOT NULL);
                 CREATE TABLE signers (stream TEXT COLLATE \"C\" PRIMARY KEY);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if entry.stream.starts_with("signer/") && entry.version == 1 {
            return tx.write("INSERT INTO signers (stream) VALUES ($1)", vec![entry.stream.as_str().into()]);
        }
        if entry.kind != "registrants.imported" {
            return Ok(());
        }
        let RegistryEvent::Imported { set, issued, rows, .. } = event(entry)? else { return Ok(()) };
        tx.write("DELETE FROM registrant_set", Vec::new())?;
        tx.write(
            "INSERT INTO registrant_set (set_id, issued, rows_read, seq) VALUES ($1, $2, $3, $4)",
            vec![set.as_str().into(), issued.to_string().into(), rows.into(), entry.seq.into()],
        )?;
        tx.write("DELETE FROM registrant_rows WHERE set_id <> $1", vec![set.into()])
    }

    fn needs_pieces(&self, entry: &Entry) -> bool {
        entry.kind == "registrants.part"
    }

    fn apply_with(&self, tx: &mut dyn Tx, entry: &Entry, pieces: &[Piece]) -> Result<(), StoreError> {
        let RegistryEvent::Part { set, .. } = event(entry)? else { return Ok(()) };
        let damaged = |why: &str| StoreError::Damaged(format!("entry {}: {why}", entry.seq));
        for piece in pieces {
            let mut reader = Reader::new(piece.bytes.as_slice());
            while let Some(row) = reader.next_row().map_err(|error| damaged(&error.to_string()))? {
                let (number, line) = match &row {
                    Ok(row) => (row.number, String::from_utf8_lossy(&print_short(row)).into_owned()),
                    Err(bad) => match bad.number {
                        Some(number) => (number, String::new()),
                        None => continue,
                    },
                };
                tx.write(
                    "INSERT INTO registrant_rows (number, set_id, line) VALUES ($1, $2, $3)
                     ON CONFLICT (number, set_id) DO UPDATE SET line = excluded.line",
                    vec![number.as_str().into(), set.as_str().into(), line.into()],
                )?;
            }
        }
        Ok(())
    }
}

fn event(entry: &Entry) -> Result<RegistryEvent, StoreError> {
    read::<RegistryEvent>(entry).map_err(failed)
}
