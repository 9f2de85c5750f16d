//! PostgreSQL: the same statements, sent in groups without waiting for each answer.
//!
//! A thread of its own drives the sockets, so that callers may block on an answer from any thread, even inside an async
//! handler. Connections are not encrypted yet: use a server on this machine or behind a tunnel.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Config, NoTls, Statement};

use super::{Access, Begin, Connection, Engine, Tx, excerpt, without_password};
use crate::error::StoreError;
use crate::value::{Row, Value};

/// Statements that may wait to be sent together.
const DEFERRED_MAX: usize = 128;

/// How to reach a server, and the thread that drives its connections.
pub(crate) struct Server {
    config: Config,
    shown: String,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Server {
    pub(crate) fn new(url: &str) -> Result<Server, StoreError> {
        let shown = without_password(url);
        let mut config: Config = url.parse().map_err(|_| StoreError::Url(shown.clone()))?;
        config.application_name("theriac");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("theriac-postgres")
            .enable_io()
            .enable_time()
            .build()
            .map_err(|error| StoreError::Open { url: shown.clone(), why: error.to_string() })?;
        Ok(Server { config, shown, runtime: Some(runtime) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A plain drop would panic when the last handle is dropped inside an async handler.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Wakes the thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future on this thread. The futures given here are driven by the server's own thread.
fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// A connection to a PostgreSQL server.
pub(crate) struct PgConnection {
    client: Client,
    statements: HashMap<String, Statement>,
    deferred: Vec<(Statement, String, Vec<Value>)>,
    // INVARIANT: last, so that the client is gone before the thread that serves it may stop.
    _server: Arc<Server>,
}

impl PgConnection {
    pub(crate) fn open(server: &Arc<Server>, access: Access) -> Result<PgConnection, StoreError> {
        let failed = |why: String| StoreError::Open { url: server.shown.clone(), why };
        let runtime = server.runtime.as_ref().ok_or(StoreError::Closed)?;
        let config = server.config.clone();
        let client = wait(runtime.spawn(async move {
            let (client, connection) = config.connect(NoTls).await?;
            tokio::spawn(async move {
                // An error here ends the connection; every later statement on it says so.
                let _ = connection.await;
            });
            Ok::<Client, tokio_postgres::Error>(client)
        }))
        .map_err(|error| failed(error.to_string()))?
        .map_err(|error| failed(describe(&error)))?;
        let mut connection =
            PgConnection { client, statements: HashMap::new(), deferred: Vec::new(), _server: Arc::clone(server) };
        match access {
            Access::Write => connection.script("SET synchronous_commit TO on")?,
            Access::Read => connection.script("SET default_transaction_read_only TO on")?,
        }
        Ok(connection)
    }

    pub(crate) fn scratch(server: &Arc<Server>) -> Result<PgConnection, StoreError> {
        let mut connection = PgConnection::open(server, Access::Write)?;
        // Tables made now are temporary and hide the real ones; they vanish with the connection.
        connection.script("SET search_path TO pg_temp; SET synchronous_commit TO off")?;
        Ok(connection)
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = wait(self.client.prepare(sql)).map_err(|error| failed(&error, sql))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Sends what waits, in order, and takes the answers in order.
    fn flush(&mut self) -> Result<(), StoreError> {
        if self.deferred.is_empty() {
            return Ok(());
        }
        let deferred = std::mem::take(&mut self.deferred);
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        let client = &self.client;
        let mut answers = Vec::with_capacity(deferred.len());
        let mut outcomes = Vec::with_capacity(deferred.len());
        for (statement, _, params) in &deferred {
            let mut answer = Box::pin(client.execute_raw(statement, params));
            // The first poll sends the statement.
            match answer.as_mut().poll(&mut context) {
                Poll::Ready(outcome) => outcomes.push(Some(outcome)),
                Poll::Pending => outcomes.push(None),
            }
            answers.push(answer);
        }
        let mut first = Ok(());
        for ((answer, outcome), (_, sql, _)) in answers.into_iter().zip(outcomes).zip(&deferred) {
            let outcome = outcome.unwrap_or_else(|| wait(answer));
            if let (Ok(()), Err(error)) = (&first, outcome) {
                first = Err(failed(&error, sql));
            }
        }
        first
    }
}

impl Tx for PgConnection {
    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.flush()?;
        let statement = self.prepared(sql)?;
        let rows = wait(async {
            let mut rows = Vec::new();
            let mut stream = pin!(self.client.query_raw(&statement, params).await?);
            while let Some(row) = next(&mut stream).await {
                rows.push(row?);
            }
            Ok::<_, tokio_postgres::Error>(rows)
        })
        .map_err(|error| failed(&error, sql))?;
        rows.iter().map(|row| read_row(row, sql)).collect()
    }

    fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        self.flush()?;
        let statement = self.prepared(sql)?;
        wait(self.client.execute_raw(&statement, params)).map_err(|error| failed(&error, sql))
    }

    fn write(&mut self, sql: &str, params: Vec<Value>) -> Result<(), StoreError> {
        let statement = self.prepared(sql)?;
        self.deferred.push((statement, sql.to_owned(), params));
        if self.deferred.len() >= DEFERRED_MAX { self.flush() } else { Ok(()) }
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.flush()?;
        wait(self.client.batch_execute(sql)).map_err(|error| failed(&error, sql))
    }

    fn each(
        &mut self,
        sql: &str,
        params: &[Value],
        take: &mut dyn FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.flush()?;
        let statement = self.prepared(sql)?;
        wait(async {
            let mut stream =
                pin!(self.client.query_raw(&statement, params).await.map_err(|error| failed(&error, sql))?);
            while let Some(row) = next(&mut stream).await {
                take(read_row(&row.map_err(|error| failed(&error, sql))?, sql)?)?;
            }
            Ok(())
        })
    }
}

impl Connection for PgConnection {
    fn begin(&mut self, how: Begin) -> Result<(), StoreError> {
        match how {
            Begin::Write => self.script("BEGIN"),
            Begin::Snapshot => self.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        }
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.flush()?;
        wait(self.client.batch_execute("COMMIT")).map_err(|error| {
            // Without an answer from the server nobody knows whether it took the commit.
            if error.as_db_error().is_none() {
                StoreError::Uncertain(describe(&error))
            } else {
                failed(&error, "COMMIT")
            }
        })
    }

    fn rollback(&mut self) {
        self.deferred.clear();
        let _ = wait(self.client.batch_execute("ROLLBACK"));
    }

    fn is_broken(&self) -> bool {
        self.client.is_closed()
    }

    fn as_tx(&mut self) -> &mut dyn Tx {
        self
    }
}

/// The next row of a stream.
async fn next(
    stream: &mut Pin<&mut tokio_postgres::RowStream>,
) -> Option<Result<tokio_postgres::Row, tokio_postgres::Error>> {
    std::future::poll_fn(|context| poll_next(stream.as_mut(), context)).await
}

fn poll_next<S: futures_core::Stream>(stream: Pin<&mut S>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
    stream.poll_next(context)
}

fn describe(error: &tokio_postgres::Error) -> String {
    // The short form of a server's error is only "db error": what it said is one level down.
    let mut text = error.as_db_error().map_or_else(|| error.to_string(), |said| said.message().to_owned());
    if let Some(detail) = std::error::Error::source(error).filter(|_| error.as_db_error().is_none()) {
        let _ = write!(text, ": {detail}");
    }
    text
}

fn failed(error: &tokio_postgres::Error, sql: &str) -> StoreError {
    use tokio_postgres::error::SqlState;
    match error.code() {
        Some(code) if *code == SqlState::DATA_CORRUPTED || *code == SqlState::INDEX_CORRUPTED => {
            StoreError::Damaged(describe(error))
        }
        _ => StoreError::Sql { sql: excerpt(sql), why: describe(error) },
    }
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(value) => match *kind {
                Type::INT4 => i32::try_from(*value)?.to_sql(kind, out),
                Type::INT2 => i16::try_from(*value)?.to_sql(kind, out),
                Type::INT8 => value.to_sql(kind, out),
                _ => Err(format!("an integer was given for a column of type {kind}").into()),
            },
            Value::Text(value) if <&str as ToSql>::accepts(kind) => value.as_str().to_sql(kind, out),
            Value::Blob(value) if *kind == Type::BYTEA => value.as_slice().to_sql(kind, out),
            Value::Text(_) => Err(format!("text was given for a column of type {kind}").into()),
            Value::Blob(_) => Err(format!("bytes were given for a column of type {kind}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// Bytes of a NUMERIC as they come over the wire.
struct Numeric(Option<i64>);

impl<'a> FromSql<'a> for Numeric {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Numeric, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Numeric(whole_number(raw)))
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::NUMERIC
    }
}

/// Reads a NUMERIC that is a whole number within `i64`, which is what `sum` of integers gives.
fn whole_number(raw: &[u8]) -> Option<i64> {
    let word = |n: usize| raw.get(2 * n..2 * n + 2).and_then(|b| b.try_into().ok()).map(i16::from_be_bytes);
    let (digits, weight, sign) = (word(0)?, word(1)?, word(2)?);
    let mut total: i64 = 0;
    for place in 0..=weight.max(-1) {
        let digit = if place < digits { word(4 + usize::try_from(place).ok()?)? } else { 0 };
        total = total.checked_mul(10_000)?.checked_add(i64::from(digit))?;
    }
    // Digits after the decimal point must not be there.
    if digits > weight + 1 {
        return None;
    }
    match sign {
        0 => Some(total),
        0x4000 => total.checked_neg(),
        _ => None,
    }
}

fn read_row(row: &tokio_postgres::Row, sql: &str) -> Result<Row, StoreError> {
    let mut values = Vec::with_capacity(row.len());
    for (number, column) in row.columns().iter().enumerate() {
        let kind = column.type_();
        let value = match *kind {
            Type::INT8 => row.try_get::<_, Option<i64>>(number).map(|v| v.map_or(Value::Null, Value::Int)),
            Type::INT4 => {
                row.try_get::<_, Option<i32>>(number).map(|v| v.map_or(Value::Null, |v| Value::Int(v.into())))
            }
            Type::INT2 => {
                row.try_get::<_, Option<i16>>(number).map(|v| v.map_or(Value::Null, |v| Value::Int(v.into())))
            }
            Type::BOOL => {
                row.try_get::<_, Option<bool>>(number).map(|v| v.map_or(Value::Null, |v| Value::Int(v.into())))
            }
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(number).map(|v| v.map_or(Value::Null, Value::Blob)),
            Type::NUMERIC => match row.try_get::<_, Option<Numeric>>(number) {
                Ok(None) => Ok(Value::Null),
                Ok(Some(Numeric(Some(whole)))) => Ok(Value::Int(whole)),
                Ok(Some(Numeric(None))) => return Err(StoreError::Column { column: number, wanted: "a whole number" }),
                Err(error) => Err(error),
            },
            _ if <String as FromSql>::accepts(kind) => {
                row.try_get::<_, Option<String>>(number).map(|v| v.map_or(Value::Null, Value::Text))
            }
            _ => return Err(StoreError::Column { column: number, wanted: "an integer, text or bytes" }),
        };
        values.push(value.map_err(|error| failed(&error, sql))?);
    }
    Ok(Row(values))
}
