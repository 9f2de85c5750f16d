//! Which program drafted what, and where programs are told, as tables.

use super::event::ProgramEvent;
use crate::house::record::Recorded as _;
use theriac_journal::Entry;
use theriac_store::{Engine, Projection, StoreError, Tx};

/// Drafts of programs and their webhooks.
pub(crate) struct Programs;

impl Projection for Programs {
    fn name(&self) -> &'static str {
        "programs"
    }

    fn tables(&self) -> &[&str] {
        &["program_drafts", "webhooks"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE program_drafts (prescription TEXT PRIMARY KEY, key_id TEXT NOT NULL) STRICT;
                 CREATE TABLE webhooks (key_id TEXT PRIMARY KEY, id TEXT NOT NULL, url TEXT NOT NULL, since_ms INTEGER NOT NULL) STRICT;"
            }
            Engine::Postgres => {
                "CREATE TABLE program_drafts (prescription TEXT COLLATE \"C\" PRIMARY KEY, key_id TEXT COLLATE \"C\" NOT NULL);
                 CREATE TABLE webhooks (key_id TEXT COLLATE \"C\" PRIMARY KEY, id TEXT NOT NULL, url TEXT NOT NULL, since_ms BIGINT NOT NULL);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if !entry.kind.starts_with("program.") {
            return Ok(());
        }
        let Some(body) = entry.body_bytes() else { return Ok(()) };
        let damaged = |error: &dyn std::fmt::Display| StoreError::Damaged(format!("entry {}: {error}", entry.seq));
        let value = serde_json::from_slice(body).map_err(|error| damaged(&error))?;
        match ProgramEvent::read(&entry.kind, &value).map_err(|error| damaged(&error))? {
            ProgramEvent::Drafted { key, prescription } => tx.write(
                "INSERT INTO program_drafts (prescription, key_id) VALUES ($1, $2)",
                vec![prescription.into(), key.into()],
            ),
            ProgramEvent::HookSet { key, hook, url } => tx.write(
                "INSERT INTO webhooks (key_id, id, url, since_ms) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (key_id) DO UPDATE SET id = excluded.id, url = excluded.url, since_ms = excluded.since_ms",
                vec![key.into(), hook.into(), url.into(), entry.at_ms.into()],
            ),
            ProgramEvent::HookEnded { key, hook } => {
                tx.write("DELETE FROM webhooks WHERE key_id = $1 AND id = $2", vec![key.into(), hook.into()])
            }
            ProgramEvent::Told { .. } => Ok(()),
        }
    }
}
