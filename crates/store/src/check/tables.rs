//! The database itself: whole, and with the tables we made.

use theriac_journal::{BadEntry, Wrong};

use super::{CheckOptions, beside};
use crate::engine::{Address, Engine, Tx};
use crate::error::StoreError;
use crate::schema;

/// Our own tables; the derived ones come from the projections.
const TABLES: [&str; 8] = ["archive", "checkpoints", "entries", "head", "jobs", "meta", "nodes", "projections"];

pub(super) fn check(tx: &mut dyn Tx, options: &CheckOptions, found: &mut Vec<BadEntry>) -> Result<(), StoreError> {
    match tx.engine() {
        Engine::Sqlite => {
            integrity(tx, found)?;
            definitions(tx, options, found)?;
            header(tx, found)?;
        }
        Engine::Postgres => triggers(tx, found)?,
    }
    schema::verify_meta(tx, &options.origin)?;
    let heads = tx.query("SELECT count(*) FROM head", &[])?;
    if heads.first().map(|row| row.int(0)).transpose()? != Some(1) {
        found.push(beside(Wrong::Tree, "there is not exactly one head".into()));
    }
    Ok(())
}

/// SQLite's own check of pages, indexes and types.
fn integrity(tx: &mut dyn Tx, found: &mut Vec<BadEntry>) -> Result<(), StoreError> {
    for row in tx.query("PRAGMA integrity_check(10)", &[])? {
        let said = row.text(0)?;
        if said != "ok" {
            found.push(beside(Wrong::Database, said.chars().take(200).collect()));
        }
    }
    Ok(())
}

/// The definitions as they stand in the file must be those of a database made now. Other tables are not ours and are left
/// alone; a trigger or view could change what our statements do and is never right.
fn definitions(tx: &mut dyn Tx, options: &CheckOptions, found: &mut Vec<BadEntry>) -> Result<(), StoreError> {
    let sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";
    let stored = tx.query(sql, &[])?;
    let mut scratch = Address::parse("sqlite:scratch")?.scratch()?;
    scratch.script(schema::migration(Engine::Sqlite))?;
    for projection in &options.projections {
        scratch.script(projection.migrations(Engine::Sqlite))?;
    }
    for row in scratch.query(sql, &[])? {
        if !stored.contains(&row) {
            found.push(beside(
                Wrong::Database,
                format!("the definition of {} {} was changed", row.text(0)?, row.text(1)?),
            ));
        }
    }
    let own = TABLES.iter().copied().chain(options.projections.iter().flat_map(|p| p.tables().iter().copied()));
    let own: Vec<&str> = own.collect();
    for row in &stored {
        let (kind, name, table) = (row.text(0)?, row.text(1)?, row.text(2)?);
        if kind == "trigger" || kind == "view" && own.contains(&name) {
            found.push(beside(Wrong::Database, format!("there is a {kind} `{name}` on {table}, which we never make")));
        }
    }
    Ok(())
}

/// The numbers that mark the file as ours.
fn header(tx: &mut dyn Tx, found: &mut Vec<BadEntry>) -> Result<(), StoreError> {
    let format = schema::FORMAT.parse().unwrap_or(0);
    for (pragma, expected) in [("application_id", schema::APPLICATION_ID), ("user_version", format)] {
        let rows = tx.query(&format!("PRAGMA {pragma}"), &[])?;
        if rows.first().map(|row| row.int(0)).transpose()? != Some(expected) {
            found.push(beside(Wrong::Database, format!("the file's {pragma} was changed")));
        }
    }
    Ok(())
}

/// PostgreSQL: nothing may fire on our tables.
fn triggers(tx: &mut dyn Tx, found: &mut Vec<BadEntry>) -> Result<(), StoreError> {
    for table in TABLES {
        let rows = tx.query(
            "SELECT (SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass($1) AND NOT tgisinternal) \
             + (SELECT count(*) FROM pg_rewrite WHERE ev_class = to_regclass($1))",
            &[table.into()],
        )?;
        if rows.first().map(|row| row.int(0)).transpose()? != Some(0) {
            found.push(beside(Wrong::Database, format!("there is a trigger or rule on {table}, which we never make")));
        }
    }
    Ok(())
}
