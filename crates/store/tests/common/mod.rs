//! What the store's tests share: one world for each engine, and events to put into it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use theriac_journal::{Entry, NoteSigner};
use theriac_store::{
    Append, CheckOptions, Engine, NewEvent, NewJob, NewPiece, Options, Projection, Store, StoreError, Tx,
};

pub const ORIGIN: &str = "example.org/journal";

/// Runs a test on SQLite, and on PostgreSQL when `THERIAC_TEST_POSTGRES` names a server.
pub fn on_both(test: impl Fn(&World)) {
    let world = World::sqlite();
    test(&world);
    if let Some(world) = World::postgres() {
        test(&world);
    }
}

/// A place for one store.
pub struct World {
    pub url: String,
    pub dir: tempfile::TempDir,
    pub engine: Engine,
}

impl World {
    pub fn sqlite() -> World {
        let dir = tempfile::tempdir().unwrap();
        World { url: format!("sqlite:{}", dir.path().join("store.db").display()), dir, engine: Engine::Sqlite }
    }

    /// A schema of its own on the server, or `None` without one.
    pub fn postgres() -> Option<World> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var("THERIAC_TEST_POSTGRES") else {
            assert!(
                std::env::var("THERIAC_REQUIRE_POSTGRES").as_deref() != Ok("1"),
                "THERIAC_REQUIRE_POSTGRES=1, but THERIAC_TEST_POSTGRES names no server"
            );
            println!("skipped on PostgreSQL: THERIAC_TEST_POSTGRES names no server");
            return None;
        };
        let schema = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        psql(&server, &format!("CREATE SCHEMA {schema}"));
        let separator = if server.contains('?') { '&' } else { '?' };
        Some(World {
            url: format!("{server}{separator}options=-csearch_path%3D{schema}"),
            dir: tempfile::tempdir().unwrap(),
            engine: Engine::Postgres,
        })
    }

    pub fn path(&self) -> std::path::PathBuf {
        self.dir.path().join("store.db")
    }

    pub fn options(&self) -> Options {
        Options::new(&self.url, ORIGIN).signer(signer()).projection(Arc::new(Totals)).projection(Arc::new(Kinds))
    }

    pub fn open(&self) -> Store {
        Store::open(self.options()).unwrap()
    }

    /// What an outside check of this store is given.
    pub fn check_options(&self, exported: &[String]) -> CheckOptions {
        CheckOptions {
            url: self.url.clone(),
            origin: ORIGIN.to_owned(),
            trusted: vec![signer().verifier()],
            exported: exported.to_vec(),
            projections: vec![Arc::new(Totals), Arc::new(Kinds)],
            clock_tolerance_ms: CheckOptions::CLOCK_TOLERANCE_MS,
        }
    }

    pub fn check(&self, exported: &[String]) -> theriac_journal::Report {
        theriac_store::check_store(&self.check_options(exported)).unwrap()
    }

    /// What somebody with full rights on the database does behind the program's back.
    pub fn tamper(&self, sql: &str) {
        match self.engine {
            Engine::Sqlite => {
                let connection = rusqlite::Connection::open(self.path()).unwrap();
                connection.execute_batch(sql).unwrap();
            }
            Engine::Postgres => psql(&self.url, sql),
        }
    }
}

/// Runs statements on a PostgreSQL server, as somebody outside the program would.
pub fn psql(url: &str, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        let driver = tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
        drop(client);
        let _ = driver.await;
    });
}

pub fn signer() -> Arc<NoteSigner> {
    Arc::new(NoteSigner::from_seed(ORIGIN, &[7; 32]).unwrap())
}

pub fn event(stream: &str, kind: &str, amount: i64) -> NewEvent {
    NewEvent {
        stream: stream.to_owned(),
        at_ms: 1_268_000_000_000,
        actor: "practitioner AB1234563".to_owned(),
        role: "practitioner".to_owned(),
        location: "FP1234563".to_owned(),
        law: "strictest".to_owned(),
        kind: kind.to_owned(),
        format: 1,
        body: format!("{{\"amount\":{amount}}}").into_bytes(),
        archive: Vec::new(),
    }
}

pub fn piece(text: &str) -> NewPiece {
    NewPiece { media: "application/xml".to_owned(), bytes: text.as_bytes().to_vec(), seal: b"seal".to_vec() }
}

pub fn job(key: &str, due_ms: i64) -> NewJob {
    NewJob { kind: "transmit".to_owned(), key: key.to_owned(), due_ms, payload: b"{}".to_vec() }
}

/// One event on one stream, decided on `version`.
pub fn one(stream: &str, version: u64, amount: i64) -> Append {
    Append {
        expected: vec![(stream.to_owned(), version)],
        events: vec![event(stream, "amount.added", amount)],
        ..Append::default()
    }
}

/// The sum of amounts by stream, and how many entries it has.
pub struct Totals;

impl Projection for Totals {
    fn name(&self) -> &'static str {
        "totals"
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE totals (stream TEXT NOT NULL PRIMARY KEY, total INTEGER NOT NULL, count INTEGER NOT NULL) STRICT;"
            }
            Engine::Postgres => {
                "CREATE TABLE totals (stream TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, total BIGINT NOT NULL, count BIGINT NOT NULL);"
            }
        }
    }

    fn tables(&self) -> &[&str] {
        &["totals"]
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        let Some(amount) = amount(entry) else { return Ok(()) };
        tx.write(
            "INSERT INTO totals (stream, total, count) VALUES ($1, $2, 1) \
             ON CONFLICT (stream) DO UPDATE SET total = totals.total + excluded.total, count = totals.count + 1",
            vec![entry.stream.as_str().into(), amount.into()],
        )
    }
}

/// How many entries of each kind there are, kept by reading before writing. It refuses the kind `impossible`.
pub struct Kinds;

impl Projection for Kinds {
    fn name(&self) -> &'static str {
        "kinds"
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => "CREATE TABLE kinds (kind TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL) STRICT;",
            Engine::Postgres => {
                "CREATE TABLE kinds (kind TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, count BIGINT NOT NULL);"
            }
        }
    }

    fn tables(&self) -> &[&str] {
        &["kinds"]
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if entry.kind == "impossible" {
            return Err(StoreError::Config("a kind the projection refuses".to_owned()));
        }
        let rows = tx.query("SELECT count FROM kinds WHERE kind = $1", &[entry.kind.as_str().into()])?;
        let sql = if rows.is_empty() {
            "INSERT INTO kinds (count, kind) VALUES ($1, $2)"
        } else {
            "UPDATE kinds SET count = $1 WHERE kind = $2"
        };
        let count = rows.first().map(|row| row.int(0)).transpose()?.unwrap_or(0) + 1;
        tx.write(sql, vec![count.into(), entry.kind.as_str().into()])
    }
}

fn amount(entry: &Entry) -> Option<i64> {
    let text = std::str::from_utf8(entry.body_bytes()?).ok()?;
    text.strip_prefix("{\"amount\":")?.strip_suffix('}')?.parse().ok()
}
