//! Who signed what when: the table from which logs are gathered.

use theriac_journal::Entry;
use theriac_store::{Engine, Projection, StoreError, Tx};

/// Signing records by practitioner and time. Made from the entries' headers, so that an erased body changes nothing.
pub(crate) struct Signings;

impl Projection for Signings {
    fn name(&self) -> &'static str {
        "signings"
    }

    fn tables(&self) -> &[&str] {
        &["signings"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE signings (seq INTEGER PRIMARY KEY, stream TEXT NOT NULL, practitioner TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT;
                 CREATE INDEX signings_of ON signings (practitioner, at_ms);"
            }
            Engine::Postgres => {
                "CREATE TABLE signings (seq BIGINT PRIMARY KEY, stream TEXT NOT NULL, practitioner TEXT COLLATE \"C\" NOT NULL, at_ms BIGINT NOT NULL);
                 CREATE INDEX signings_of ON signings (practitioner, at_ms);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if entry.kind != "prescription.signed" {
            return Ok(());
        }
        tx.write(
            "INSERT INTO signings (seq, stream, practitioner, at_ms) VALUES ($1, $2, $3, $4)",
            vec![entry.seq.into(), entry.stream.as_str().into(), entry.actor.as_str().into(), entry.at_ms.into()],
        )
    }
}
