//! The two engines behind one object-safe trait and one SQL text.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use std::sync::Arc;

use crate::error::StoreError;
use crate::value::{Row, Value, ValueRef};

/// Which database holds the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// SQLite, in a file.
    Sqlite,
    /// PostgreSQL, a server.
    Postgres,
}

/// A running transaction. Statements number their parameters `$1`, `$2`, ... on both engines.
pub trait Tx {
    /// The engine, for the few statements that differ.
    fn engine(&self) -> Engine;

    /// Runs a query and returns all its rows.
    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError>;

    /// Runs a statement and returns the number of rows it changed.
    fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError>;

    /// Runs a statement whose count nobody needs. PostgreSQL sends such statements in groups, in order, without waiting for
    /// each: use it wherever you can. An error may be reported by a later call or by the commit.
    fn write(&mut self, sql: &str, params: Vec<Value>) -> Result<(), StoreError>;

    /// Like [`Tx::write`], with borrowed values: SQLite needs no copies of them.
    fn write_ref(&mut self, sql: &str, params: &[ValueRef<'_>]) -> Result<(), StoreError> {
        self.write(sql, params.iter().map(|value| value.to_value()).collect())
    }

    /// Runs several statements without parameters, separated by semicolons.
    fn script(&mut self, sql: &str) -> Result<(), StoreError>;

    /// Runs a query and hands over its rows one by one, for answers too large for memory. The first error stops it.
    fn each(
        &mut self,
        sql: &str,
        params: &[Value],
        take: &mut dyn FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;
}

/// How a transaction is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    /// To write; waits for other writers first.
    Write,
    /// To read one unchanging state.
    Snapshot,
}

/// A connection: outside a transaction each statement stands alone.
pub(crate) trait Connection: Tx + Send {
    fn begin(&mut self, how: Begin) -> Result<(), StoreError>;
    fn commit(&mut self) -> Result<(), StoreError>;
    /// Gives up the transaction. Never fails: a connection that cannot roll back is dropped by the caller's next error.
    fn rollback(&mut self);
    /// Whether the connection is of no further use.
    fn is_broken(&self) -> bool;
    fn as_tx(&mut self) -> &mut dyn Tx;
}

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Write,
    /// Only read; the file or database must exist.
    Read,
}

/// Where a store is, and how to connect to it.
#[derive(Clone)]
pub(crate) enum Address {
    Sqlite(std::path::PathBuf),
    Postgres(Arc<postgres::Server>),
}

impl Address {
    /// Reads `sqlite:PATH` or `postgres://...`.
    pub(crate) fn parse(url: &str) -> Result<Address, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(':') {
                return Err(StoreError::Url(url.to_owned()));
            }
            return Ok(Address::Sqlite(path.into()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Address::Postgres(Arc::new(postgres::Server::new(url)?)));
        }
        Err(StoreError::Url(without_password(url)))
    }

    pub(crate) fn engine(&self) -> Engine {
        match self {
            Address::Sqlite(_) => Engine::Sqlite,
            Address::Postgres(_) => Engine::Postgres,
        }
    }

    pub(crate) fn connect(&self, access: Access) -> Result<Box<dyn Connection>, StoreError> {
        match self {
            Address::Sqlite(path) => Ok(Box::new(sqlite::SqliteConnection::open(path, access)?)),
            Address::Postgres(server) => Ok(Box::new(postgres::PgConnection::open(server, access)?)),
        }
    }

    /// A connection whose unqualified table names mean tables of its own that vanish with it: where projections are rebuilt
    /// for comparison.
    pub(crate) fn scratch(&self) -> Result<Box<dyn Connection>, StoreError> {
        match self {
            Address::Sqlite(_) => Ok(Box::new(sqlite::SqliteConnection::scratch()?)),
            Address::Postgres(server) => Ok(Box::new(postgres::PgConnection::scratch(server)?)),
        }
    }
}

/// The address with the password, if there is one, left out.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((credentials, host)) = rest.rsplit_once('@') else { return url.to_owned() };
    let user = credentials.split(':').next().unwrap_or_default();
    format!("{scheme}://{user}@{host}")
}

/// The beginning of a statement, for messages.
pub(crate) fn excerpt(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect()
}
