//! Derived tables: made with the journal, and again from it.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use common::{Kinds, ORIGIN, Totals, World, event, on_both, one, piece, signer};
use theriac_journal::{Entry, Piece};
use theriac_store::{Append, CheckOptions, Engine, Options, Projection, Row, Store, StoreError, Tx, check_store};

fn tables(store: &Store) -> Vec<Vec<Row>> {
    ["SELECT * FROM totals ORDER BY 1", "SELECT * FROM kinds ORDER BY 1"]
        .map(|sql| store.query(sql, &[]).unwrap())
        .to_vec()
}

fn fill(store: &Store, streams: std::ops::Range<u64>) {
    let appends = streams.map(|n| one(&format!("rx/{n}"), 0, i64::try_from(n).unwrap())).collect();
    store.append_many(appends).into_iter().for_each(|outcome| drop(outcome.unwrap()));
}

#[test]
fn tables_made_again_from_the_journal_are_identical() {
    on_both(|world| {
        let store = world.open();
        fill(&store, 0..100);
        let before = tables(&store);
        world.tamper("UPDATE totals SET total = 0; DELETE FROM kinds");
        assert_ne!(tables(&store), before);
        store.rebuild().unwrap();
        assert_eq!(tables(&store), before);
        fill(&store, 100..110);
        assert!(store.check(&[]).unwrap().is_clean());
    });
}

#[test]
fn a_projection_added_later_is_made_from_the_journal_at_the_next_start() {
    on_both(|world| {
        let bare = || Options::new(&world.url, ORIGIN).signer(signer());
        let store = Store::open(bare()).unwrap();
        fill(&store, 0..10);
        drop(store);
        let store = Store::open(bare().projection(Arc::new(Totals))).unwrap();
        assert_eq!(store.query("SELECT count(*), sum(total) FROM totals", &[]).unwrap()[0].int(1).unwrap(), 45);
        drop(store);
        // A program without the projection appends; the next one with it catches up.
        let store = Store::open(bare()).unwrap();
        fill(&store, 10..12);
        drop(store);
        let store = world.open();
        assert_eq!(store.query("SELECT sum(total) FROM totals", &[]).unwrap()[0].int(0).unwrap(), 66);
        assert!(store.check(&[]).unwrap().is_clean());
    });
}

/// `Totals` under a later definition.
struct Wider;

impl Projection for Wider {
    fn name(&self) -> &'static str {
        "totals"
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => "CREATE TABLE totals (seq INTEGER NOT NULL PRIMARY KEY, kind TEXT NOT NULL) STRICT;",
            Engine::Postgres => "CREATE TABLE totals (seq BIGINT NOT NULL PRIMARY KEY, kind TEXT NOT NULL);",
        }
    }

    fn tables(&self) -> &[&str] {
        &["totals"]
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        tx.write("INSERT INTO totals (kind, seq) VALUES ($2, $1)", vec![entry.seq.into(), entry.kind.as_str().into()])
    }
}

#[test]
fn a_projection_whose_definition_changed_is_made_again_at_the_next_start() {
    on_both(|world| {
        let store = world.open();
        fill(&store, 0..10);
        drop(store);
        let options =
            Options::new(&world.url, ORIGIN).signer(signer()).projection(Arc::new(Wider)).projection(Arc::new(Kinds));
        let store = Store::open(options).unwrap();
        assert_eq!(store.query("SELECT max(seq) FROM totals", &[]).unwrap()[0].int(0).unwrap(), 9);
        assert!(store.check(&[]).unwrap().is_clean());
    });
}

#[test]
fn the_two_engines_give_the_same_tables() {
    let Some(postgres) = World::postgres() else { return };
    let worlds = [World::sqlite(), postgres];
    let [a, b] = worlds.map(|world| {
        let store = world.open();
        fill(&store, 0..50);
        (tables(&store), world)
    });
    assert_eq!(a.0, b.0);
}

#[test]
fn a_query_cannot_write() {
    on_both(|world| {
        let store = world.open();
        fill(&store, 0..1);
        for sql in ["DELETE FROM totals", "UPDATE entries SET actor = 'x'", "DROP TABLE entries"] {
            assert!(matches!(store.query(sql, &[]), Err(StoreError::Sql { .. })), "{sql}");
        }
        assert!(store.check(&[]).unwrap().is_clean());
    });
}

/// The lines of files: the file is archived with one entry, and its lines are rows.
struct Lines;

impl Projection for Lines {
    fn name(&self) -> &'static str {
        "lines"
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => "CREATE TABLE lines (line TEXT NOT NULL PRIMARY KEY, seq INTEGER NOT NULL) STRICT;",
            Engine::Postgres => {
                "CREATE TABLE lines (line TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, seq BIGINT NOT NULL);"
            }
        }
    }

    fn tables(&self) -> &[&str] {
        &["lines"]
    }

    fn apply(&self, _tx: &mut dyn Tx, _entry: &Entry) -> Result<(), StoreError> {
        Ok(())
    }

    fn needs_pieces(&self, entry: &Entry) -> bool {
        entry.kind == "file.imported"
    }

    fn apply_with(&self, tx: &mut dyn Tx, entry: &Entry, pieces: &[Piece]) -> Result<(), StoreError> {
        for piece in pieces {
            for line in String::from_utf8_lossy(&piece.bytes).lines() {
                tx.write(
                    "INSERT INTO lines (line, seq) VALUES ($1, $2) ON CONFLICT (line) DO UPDATE SET seq = excluded.seq",
                    vec![line.into(), entry.seq.into()],
                )?;
            }
        }
        Ok(())
    }
}

#[test]
fn a_file_is_one_entry_and_its_rows_are_made_again_from_the_archived_bytes() {
    on_both(|world| {
        let store = Store::open(world.options().projection(Arc::new(Lines))).unwrap();
        for text in ["a\nb", "b\nc"] {
            let mut file = event("files", "file.imported", 0);
            file.archive = vec![piece(text), piece("z")];
            store.append(Append { events: vec![file], ..Append::default() }).unwrap();
        }
        let lines = |store: &Store| {
            let rows = store.query("SELECT line, seq FROM lines ORDER BY line", &[]).unwrap();
            rows.iter().map(|row| (row.text(0).unwrap().to_owned(), row.int(1).unwrap())).collect::<Vec<_>>()
        };
        let expected = [("a", 0), ("b", 1), ("c", 1), ("z", 1)].map(|(line, seq)| (line.to_owned(), seq));
        assert_eq!(lines(&store), expected);
        let check = || {
            let mut options: CheckOptions = world.check_options(&[]);
            options.projections.push(Arc::new(Lines));
            check_store(&options).unwrap()
        };
        assert!(check().is_clean(), "{:?}", check().bad);
        world.tamper("UPDATE lines SET seq = 7 WHERE line = 'a'");
        assert!(!check().is_clean(), "a row that the file does not give is found");
        store.rebuild().unwrap();
        assert_eq!(lines(&store), expected);
        assert!(check().is_clean());
    });
}
