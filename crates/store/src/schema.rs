//! Making the tables, once, and knowing them again.

use theriac_journal::hash::empty_root;

use crate::engine::{Begin, Connection, Engine, Tx};
use crate::error::StoreError;
use crate::options::Options;

/// The format of the tables.
pub(crate) const FORMAT: &str = "1";
/// Marks a SQLite file as ours: "THRC".
pub(crate) const APPLICATION_ID: i64 = 0x5448_5243;
/// The number that PostgreSQL writers agree to lock while they make tables.
const MIGRATION_LOCK: i64 = 0x5448_5243;

/// The row of `meta` that marks a store whose restore has not ended.
pub(crate) const RESTORING: &str = "restoring";

/// The statements that make our tables.
pub(crate) fn migration(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => include_str!("migrations/sqlite.sql"),
        Engine::Postgres => include_str!("migrations/postgres.sql"),
    }
}

/// Makes the tables when they are not there, and checks that an existing store is of this format and origin.
pub(crate) fn prepare(connection: &mut dyn Connection, options: &Options) -> Result<(), StoreError> {
    connection.begin(Begin::Write)?;
    match prepare_in(connection.as_tx(), options) {
        Ok(()) => connection.commit(),
        Err(error) => {
            connection.rollback();
            Err(error)
        }
    }
}

pub(crate) fn prepare_in(tx: &mut dyn Tx, options: &Options) -> Result<(), StoreError> {
    if tx.engine() == Engine::Postgres {
        tx.query("SELECT pg_advisory_xact_lock($1)::text", &[MIGRATION_LOCK.into()])?;
    }
    if !exists(tx)? {
        let engine = tx.engine();
        tx.script(migration(engine))?;
        if engine == Engine::Sqlite {
            tx.script(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT}"))?;
        }
        for (name, value) in [("format", FORMAT), ("origin", options.origin.as_str())] {
            tx.exec("INSERT INTO meta (name, value) VALUES ($1, $2)", &[name.into(), value.into()])?;
        }
        tx.exec("INSERT INTO head (id, size, root, next_job) VALUES (1, 0, $1, 1)", &[empty_root().0.to_vec().into()])?;
    }
    verify_meta(tx, &options.origin)
}

/// Whether our tables are there.
pub(crate) fn exists(tx: &mut dyn Tx) -> Result<bool, StoreError> {
    let sql = match tx.engine() {
        Engine::Sqlite => "SELECT count(*) FROM sqlite_schema WHERE name = 'meta'",
        Engine::Postgres => "SELECT count(*) FROM pg_class WHERE oid = to_regclass('meta')",
    };
    Ok(tx.query(sql, &[])?.first().map(|row| row.int(0)).transpose()?.unwrap_or(0) > 0)
}

/// Checks format and origin.
pub(crate) fn verify_meta(tx: &mut dyn Tx, origin: &str) -> Result<(), StoreError> {
    let rows = tx.query("SELECT name, value FROM meta ORDER BY name", &[])?;
    let mut found = Vec::new();
    for row in &rows {
        found.push((row.text(0)?, row.text(1)?));
    }
    if found == [("format", FORMAT), ("origin", origin)] {
        return Ok(());
    }
    if found.iter().any(|(name, _)| *name == RESTORING) {
        return Err(StoreError::Config("a restore into this store has not ended; run it again to its end".into()));
    }
    match found.iter().find(|(name, _)| *name == "origin") {
        Some((_, other)) if *other != origin => {
            Err(StoreError::Config(format!("the store is of `{other}`, not of `{origin}`; open it under its own name")))
        }
        _ => Err(StoreError::Config(format!("the store is not of format {FORMAT}; use the program that made it"))),
    }
}
