//! SQLite: one file, write-ahead log, every commit on disk before it is acknowledged.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::path::Path;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{ErrorCode, OpenFlags, ToSql};

use super::{Access, Begin, Connection, Engine, Tx, excerpt};
use crate::error::StoreError;
use crate::value::{Row, Value};

/// How long a connection waits for another writer.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// Statements kept prepared.
const STATEMENTS_MAX: usize = 256;

/// A connection to a SQLite file.
pub(crate) struct SqliteConnection {
    inner: rusqlite::Connection,
    /// Statements with `$1` rewritten to `?1`: SQLite numbers `$`-parameters by first appearance, not by their number.
    numbered: HashMap<String, String, BuildHasherDefault<Quick>>,
}

/// A hash for our own statements' texts, which nobody outside chooses (eight bytes at a time, by multiplication).
#[derive(Default)]
struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self.0 = (self.0 ^ u64::from_le_bytes(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(value) => ValueRef::Integer(*value),
            Value::Text(value) => ValueRef::Text(value.as_bytes()),
            Value::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

impl ToSql for crate::ValueRef<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            crate::ValueRef::Null => ValueRef::Null,
            crate::ValueRef::Int(value) => ValueRef::Integer(value),
            crate::ValueRef::Text(value) => ValueRef::Text(value.as_bytes()),
            crate::ValueRef::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

impl SqliteConnection {
    pub(crate) fn open(path: &Path, access: Access) -> Result<SqliteConnection, StoreError> {
        let failed = |error: &rusqlite::Error| StoreError::Open {
            url: format!("sqlite:{}", path.display()),
            why: error.to_string(),
        };
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if access == Access::Write {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let inner = rusqlite::Connection::open_with_flags(path, flags).map_err(|error| failed(&error))?;
        let connection = SqliteConnection::with(inner);
        let pragmas = match access {
            // FULL syncs the write-ahead log at every commit; NORMAL would lose acknowledged entries on power loss.
            Access::Write => {
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                 PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4000; PRAGMA trusted_schema = OFF;"
            }
            Access::Read => "PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA trusted_schema = OFF;",
        };
        connection.inner.busy_timeout(BUSY_TIMEOUT).map_err(|error| failed(&error))?;
        connection.inner.execute_batch(pragmas).map_err(|error| match damage(&error) {
            Some(why) => StoreError::Damaged(why),
            None => failed(&error),
        })?;
        Ok(connection)
    }

    /// An empty database of its own that spills to a private temporary file and vanishes when closed.
    pub(crate) fn scratch() -> Result<SqliteConnection, StoreError> {
        let failed =
            |error: rusqlite::Error| StoreError::Open { url: "a temporary database".into(), why: error.to_string() };
        let inner = rusqlite::Connection::open("").map_err(failed)?;
        inner.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;").map_err(failed)?;
        Ok(SqliteConnection::with(inner))
    }

    fn with(inner: rusqlite::Connection) -> SqliteConnection {
        inner.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        SqliteConnection { inner, numbered: HashMap::default() }
    }

    fn prepared(&mut self, sql: &str) -> Result<rusqlite::CachedStatement<'_>, StoreError> {
        if let Some(text) = self.numbered.get(sql) {
            return self.inner.prepare_cached(text).map_err(|error| failed(&error, sql));
        }
        let text = self.numbered.entry(sql.to_owned()).or_insert_with(|| numbered(sql));
        self.inner.prepare_cached(text).map_err(|error| failed(&error, sql))
    }
}

impl Tx for SqliteConnection {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        self.each(sql, params, &mut |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        let changed =
            self.prepared(sql)?.execute(rusqlite::params_from_iter(params)).map_err(|error| failed(&error, sql))?;
        Ok(changed as u64)
    }

    fn write(&mut self, sql: &str, params: Vec<Value>) -> Result<(), StoreError> {
        self.exec(sql, &params).map(drop)
    }

    fn write_ref(&mut self, sql: &str, params: &[crate::ValueRef<'_>]) -> Result<(), StoreError> {
        let mut statement = self.prepared(sql)?;
        statement.execute(rusqlite::params_from_iter(params)).map_err(|error| failed(&error, sql)).map(drop)
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.inner.execute_batch(sql).map_err(|error| failed(&error, sql))
    }

    fn each(
        &mut self,
        sql: &str,
        params: &[Value],
        take: &mut dyn FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.prepared(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(|error| failed(&error, sql))?;
        while let Some(row) = rows.next().map_err(|error| failed(&error, sql))? {
            let mut values = Vec::with_capacity(columns);
            for column in 0..columns {
                values.push(match row.get_ref(column).map_err(|error| failed(&error, sql))? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(value) => Value::Int(value),
                    ValueRef::Text(bytes) => Value::Text(
                        String::from_utf8(bytes.to_vec())
                            .map_err(|_| StoreError::Damaged("a text column holds bytes that are not UTF-8".into()))?,
                    ),
                    ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
                    ValueRef::Real(_) => {
                        return Err(StoreError::Column { column, wanted: "an integer, text or bytes" });
                    }
                });
            }
            take(Row(values))?;
        }
        Ok(())
    }
}

impl Connection for SqliteConnection {
    fn begin(&mut self, how: Begin) -> Result<(), StoreError> {
        match how {
            Begin::Write => self.script("BEGIN IMMEDIATE"),
            // The state is fixed by the first read of a deferred transaction.
            Begin::Snapshot => {
                self.script("BEGIN")?;
                self.query("SELECT count(*) FROM sqlite_schema", &[]).map(drop)
            }
        }
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.script("COMMIT")
    }

    fn rollback(&mut self) {
        if !self.inner.is_autocommit() {
            let _ = self.script("ROLLBACK");
        }
    }

    fn is_broken(&self) -> bool {
        false
    }

    fn as_tx(&mut self) -> &mut dyn Tx {
        self
    }
}

/// What SQLite says when the file itself is bad.
fn damage(error: &rusqlite::Error) -> Option<String> {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Some(error.to_string()),
        _ => None,
    }
}

fn failed(error: &rusqlite::Error, sql: &str) -> StoreError {
    match damage(error) {
        Some(why) => StoreError::Damaged(why),
        None => StoreError::Sql { sql: excerpt(sql), why: error.to_string() },
    }
}

/// Rewrites `$1` to `?1` outside quoted text.
fn numbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut quote = None;
    let mut characters = sql.chars().peekable();
    while let Some(c) = characters.next() {
        if let Some(open) = quote {
            quote = Some(open).filter(|open| *open != c);
        } else if c == '\'' || c == '"' {
            quote = Some(c);
        } else if c == '$' && characters.peek().is_some_and(char::is_ascii_digit) {
            out.push('?');
            continue;
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn parameters_are_numbered_outside_quotes_only() {
        assert_eq!(
            numbered("SELECT '$1', \"$2\" WHERE a = $12 AND b = $1"),
            "SELECT '$1', \"$2\" WHERE a = ?12 AND b = ?1"
        );
    }
}
