//! Which copies there are, and how the last runs ended, as tables.

use super::event::BackupEvent;
use super::names;
use crate::house::record::Recorded as _;
use theriac_journal::Entry;
use theriac_store::{Engine, Projection, StoreError, Tx};

/// Copies of segments, and the last record of each kind.
pub(crate) struct Copies;

impl Projection for Copies {
    fn name(&self) -> &'static str {
        "backup"
    }

    fn tables(&self) -> &[&str] {
        &["backup_copies", "backup_last"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE backup_copies (name TEXT PRIMARY KEY, first_seq INTEGER NOT NULL, end_seq INTEGER NOT NULL, bytes INTEGER NOT NULL, newest_ms INTEGER NOT NULL, bodies INTEGER NOT NULL, at_ms INTEGER NOT NULL) STRICT;
                 CREATE INDEX backup_copies_of ON backup_copies (first_seq, end_seq);
                 CREATE TABLE backup_last (kind TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, body TEXT NOT NULL) STRICT;"
            }
            Engine::Postgres => {
                "CREATE TABLE backup_copies (name TEXT COLLATE \"C\" PRIMARY KEY, first_seq BIGINT NOT NULL, end_seq BIGINT NOT NULL, bytes BIGINT NOT NULL, newest_ms BIGINT NOT NULL, bodies BIGINT NOT NULL, at_ms BIGINT NOT NULL);
                 CREATE INDEX backup_copies_of ON backup_copies (first_seq, end_seq);
                 CREATE TABLE backup_last (kind TEXT COLLATE \"C\" PRIMARY KEY, at_ms BIGINT NOT NULL, body TEXT NOT NULL);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        let (true, Some(body)) = (entry.kind.starts_with("backup."), entry.body_bytes()) else { return Ok(()) };
        let damaged = |error: &dyn std::fmt::Display| StoreError::Damaged(format!("entry {}: {error}", entry.seq));
        let value = serde_json::from_slice(body).map_err(|error| damaged(&error))?;
        match BackupEvent::read(&entry.kind, &value).map_err(|error| damaged(&error))? {
            BackupEvent::Copied { name, bytes, newest_ms, bodies } => {
                let range = names::range(&name).ok_or_else(|| damaged(&"a copy without a range"))?;
                tx.write(
                    "INSERT INTO backup_copies (name, first_seq, end_seq, bytes, newest_ms, bodies, at_ms)
                     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO UPDATE SET at_ms = excluded.at_ms",
                    vec![
                        name.into(),
                        range.start.into(),
                        range.end.into(),
                        bytes.into(),
                        newest_ms.into(),
                        bodies.into(),
                        entry.at_ms.into(),
                    ],
                )?;
            }
            BackupEvent::Removed { name, .. } => {
                tx.write("DELETE FROM backup_copies WHERE name = $1", vec![name.into()])?;
            }
            _ => {}
        }
        tx.write(
            "INSERT INTO backup_last (kind, at_ms, body) VALUES ($1, $2, $3)
             ON CONFLICT (kind) DO UPDATE SET at_ms = excluded.at_ms, body = excluded.body",
            vec![entry.kind.as_str().into(), entry.at_ms.into(), String::from_utf8_lossy(body).into_owned().into()],
        )
    }
}
