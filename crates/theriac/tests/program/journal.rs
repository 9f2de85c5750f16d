//! The journal as an outsider checks it, after somebody with every right on the machine changed the database underneath.

use crate::common::{DEMO, Deployment, run};
use rusqlite::types::Value as Cell;
use serde_json::Value;
use std::fs;
use std::process::Command;

/// Runs `sql` on a copy of the demonstration's database, behind the program's back, and compares what the check says first.
fn check(sql: &str, entry: Option<u64>, wrong: &str) {
    let world = DEMO.copy();
    world.connection().execute_batch(sql).unwrap();
    let report = world.check(1);
    let first = &report["bad"][0];
    assert_eq!((first["entry"].as_u64(), first["wrong"].as_str()), (entry, Some(wrong)), "{sql}: {report:#}");
}

/// Statements that give entries from `from` on a number higher by `by`.
fn renumber(from: u64, by: i64) -> String {
    format!(
        "UPDATE entries SET seq = -seq - 1000 WHERE seq >= {from}; UPDATE entries SET seq = -seq - 1000 + {by} WHERE seq < 0;"
    )
}

/// Requirements: epcs-pre-5-insider-prevention
#[test]
fn an_edited_entry_is_found_and_named() {
    let body = "UPDATE entries SET body = CAST(replace(CAST(body AS TEXT), 'brook', 'crook') AS BLOB) WHERE seq = ";
    let world = DEMO.copy();
    let place = "SELECT min(seq) FROM entries WHERE instr(CAST(body AS TEXT), 'brook') > 0";
    let seq: u32 = world.connection().query_row(place, [], |row| row.get(0)).unwrap();
    check(&format!("{body}{seq}"), Some(seq.into()), "edited");
    let received = "SELECT max(seq) FROM entries WHERE kind = 'rx.received'";
    let seq: u32 = world.connection().query_row(received, [], |row| row.get(0)).unwrap();
    for set in [
        "actor = 'nobody'",
        "role = 'agent'",
        "at_ms = at_ms - 60000",
        "kind = 'rx.opened'",
        "law = ''",
        "salt = zeroblob(32)",
    ] {
        check(&format!("UPDATE entries SET {set} WHERE seq = {seq}"), Some(seq.into()), "edited");
    }
}

/// Requirements: epcs-pre-5-insider-prevention
#[test]
fn a_removed_entry_is_found_and_named() {
    check("DELETE FROM entries WHERE seq = 100", Some(100), "deleted");
    check(&format!("DELETE FROM entries WHERE seq = 100; {}", renumber(101, -1)), Some(100), "deleted");
}

/// Requirements: epcs-pre-5-insider-prevention
#[test]
fn an_inserted_entry_is_found_and_named() {
    let insert = "INSERT INTO entries SELECT 100, 'rx/new', 1, at_ms, actor, role, location, law, kind, format, links, salt, body, leaf
                  FROM entries WHERE seq = 99";
    let world = DEMO.copy();
    world.connection().execute_batch(&format!("{}{insert}", renumber(100, 1))).unwrap();
    let report = world.check(1);
    assert_eq!(report["bad"][0]["entry"], 100, "{report:#}");
}

/// Requirements: epcs-pre-5-insider-prevention
#[test]
fn swapped_entries_are_found_and_named() {
    let swap = "UPDATE entries SET seq = -1 WHERE seq = 100; UPDATE entries SET seq = 100 WHERE seq = 101;
                UPDATE entries SET seq = 101 WHERE seq = -1";
    check(swap, Some(100), "reordered");
}

/// Requirements: epcs-pre-5-insider-prevention
#[test]
fn a_truncated_journal_is_found_and_the_first_missing_entry_named() {
    check("DELETE FROM entries WHERE seq >= 150", Some(150), "truncated");
}

/// Requirements: epcs-pre-5-insider-prevention
#[test]
fn changed_archived_bytes_seals_jobs_and_tables_are_found() {
    let piece = "(SELECT min(id) FROM archive)";
    for set in ["bytes = zeroblob(length(bytes))", "seal = zeroblob(9)", "media = 'text/other'"] {
        let world = DEMO.copy();
        world.connection().execute_batch(&format!("UPDATE archive SET {set} WHERE id = {piece}")).unwrap();
        let report = world.check(1);
        assert_eq!(report["bad"][0]["wrong"], "archive", "{set}: {report:#}");
    }
    check("UPDATE balances SET units = units + 1 WHERE units > 0", None, "projection");
    check("UPDATE received SET verdict = 'accepted'", None, "projection");
}

/// Rolls the whole store back to a state that was once true, which nothing inside it can contradict.
fn rolled_back() -> (Deployment, String) {
    let world = DEMO.copy();
    let before = fs::read(world.database()).unwrap();
    let message = crate::common::evidence_file("message.xml");
    let file = world.dir().join("again.xml");
    fs::write(&file, message).unwrap();
    world.receive(&[&file]).expect(1);
    let exported = run(&[&"journal", &"checkpoint", &"--dir", &world.dir()]).expect(0).out;
    for rest in ["theriac.db-wal", "theriac.db-shm"] {
        let _ = fs::remove_file(world.dir().join(rest));
    }
    fs::write(world.database(), before).unwrap();
    (world, exported)
}

/// Requirements: epcs-pre-5-insider-prevention
#[test]
fn a_store_rolled_back_whole_is_found_by_an_exported_checkpoint() {
    let (world, exported) = rolled_back();
    assert_eq!(world.check(0)["clean"], true, "nothing inside the store tells");
    let kept = world.dir().join("kept.txt");
    fs::write(&kept, &exported).unwrap();
    let against = |checkpoint: &dyn AsRef<std::ffi::OsStr>, code: i32| {
        run(&[&"journal", &"check", &"--json", &"--against", &checkpoint.as_ref(), &"--dir", &world.dir()]).expect(code)
    };
    let report = against(&kept, 1).json();
    let size: u64 = exported.lines().nth(1).unwrap().parse().unwrap();
    let entries = report["entries"].as_u64().unwrap();
    assert_eq!(report["bad"][0]["wrong"], "rolled-back", "{report:#}");
    assert_eq!(report["bad"][0]["entry"], entries, "the first entry that is gone: {report:#}");
    assert!(entries < size, "{report:#}");
    // A checkpoint that the store still contains is met, and one that was tampered with is refused.
    let own = run(&[&"journal", &"checkpoint", &"--dir", &world.dir()]).expect(0).out;
    fs::write(&kept, &own).unwrap();
    assert!(against(&kept, 0).json()["checkpoints_met"].as_u64() >= Some(1));
    fs::write(&kept, own.replacen(&format!("\n{entries}\n"), &format!("\n{}\n", entries - 1), 1)).unwrap();
    assert_eq!(against(&kept, 1).json()["bad"][0]["wrong"], "bad-checkpoint");
}

#[test]
fn the_check_speaks_to_people_too() {
    let world = DEMO.copy();
    let clean = run(&[&"journal", &"check", &"--dir", &world.dir()]).expect(0);
    assert!(clean.out.starts_with("clean: "), "{}", clean.out);
    world.connection().execute_batch("UPDATE entries SET actor = 'nobody' WHERE seq = 42").unwrap();
    let damaged = run(&[&"journal", &"check", &"--dir", &world.dir()]).expect(1);
    assert!(damaged.out.starts_with("entry 42: edited: "), "{}", damaged.out);
    assert!(damaged.err.starts_with("JOURNAL-DAMAGED: "), "{}", damaged.err);
    assert!(damaged.err.contains("\nNext: "), "{}", damaged.err);
}

#[test]
fn what_cannot_be_checked_is_wrong_use_and_makes_no_store() {
    let empty = Deployment::none_yet();
    let ran = run(&[&"journal", &"check", &"--dir", &empty.dir()]).expect(2);
    assert!(ran.err.contains("\nNext: "), "{}", ran.err);
    let world = DEMO.copy();
    let nowhere = world.dir().join("nowhere.db");
    let store = format!("sqlite:{}", nowhere.display());
    let ran = run(&[&"journal", &"check", &"--store", &store, &"--dir", &world.dir()]);
    let ran = ran.expect(1);
    assert!(ran.err.starts_with("STORE-OPEN: ") && ran.err.contains("\nNext: check the address"), "{}", ran.err);
    assert!(!nowhere.exists(), "a check makes no store");
    let ran = run(&[&"journal", &"check", &"--store", &"mysql://here", &"--dir", &world.dir()]).expect(2);
    assert!(ran.err.starts_with("STORE-URL: ") && ran.err.contains("\nNext: write sqlite:PATH"), "{}", ran.err);
    let ran = run(&[&"journal", &"check", &"--dir", &world.dir(), &"--against", &"/nowhere/checkpoint.txt"]).expect(2);
    assert!(ran.err.starts_with("CLI-FILE: /nowhere/checkpoint.txt: "), "{}", ran.err);
    let ran = run(&[&"journal", &"prove", &"100000", &"--dir", &world.dir()]).expect(2);
    assert!(ran.err.starts_with("STORE-NO-ENTRY: "), "{}", ran.err);
}

/// Every row of a table, in an order that does not depend on how it was filled.
fn rows(world: &Deployment, table: &str) -> Vec<Vec<Cell>> {
    let connection = world.connection();
    let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns = statement.column_count();
    let mut rows: Vec<Vec<Cell>> = statement
        .query_map([], |row| (0..columns).map(|column| row.get(column)).collect())
        .unwrap()
        .map(Result::unwrap)
        .collect();
    rows.sort_by_key(|row| format!("{row:?}"));
    rows
}

#[test]
fn projections_made_anew_from_the_journal_are_identical() {
    let world = DEMO.copy();
    let tables = ["people", "registrants", "products", "prescriptions", "received", "balances", "projections"];
    let before: Vec<_> = tables.iter().map(|table| rows(&world, table)).collect();
    assert!(before.iter().all(|rows| !rows.is_empty()), "each table holds something");
    world
        .connection()
        .execute_batch(
            "DELETE FROM balances; UPDATE people SET name = 'Nobody'; DELETE FROM received WHERE verdict = 'accepted'",
        )
        .unwrap();
    assert_eq!(world.check(1)["bad"][0]["wrong"], "projection");
    run(&[&"journal", &"rebuild", &"--dir", &world.dir()]).expect(0);
    for (table, before) in tables.iter().zip(before) {
        assert_eq!(rows(&world, table), before, "{table}");
    }
    assert_eq!(world.check(0)["clean"], true);
}

#[test]
fn the_export_has_one_line_for_each_entry_in_order() {
    let world = DEMO.copy();
    let lines = run(&[&"journal", &"export", &"--dir", &world.dir()]).expect(0).lines();
    assert_eq!(lines.len() as u64, world.check(0)["entries"].as_u64().unwrap());
    for (seq, line) in lines.iter().enumerate() {
        assert_eq!(line["seq"], seq as u64);
        for member in ["stream", "actor", "role", "kind", "leaf"] {
            assert!(line[member].is_string(), "{member} of {line}");
        }
        assert!(line["body"].is_object(), "{line}");
    }
}

/// Requirements: epcs-1311.170-b-2
#[test]
fn each_entry_names_the_person_or_the_program_and_openings_and_remarks_are_among_them() {
    let world = DEMO.copy();
    let lines = run(&[&"journal", &"export", &"--dir", &world.dir()]).expect(0).lines();
    let people: Vec<&Value> =
        lines.iter().filter(|line| line["kind"] == "house.person-added").map(|line| &line["body"]["id"]).collect();
    for line in &lines {
        assert!(line["actor"] == "theriac" || people.contains(&&line["actor"]), "{line}");
        assert!(line["at_ms"].as_i64().unwrap() > 1_700_000_000_000, "{line}");
    }
    for (kind, actor) in [
        ("rx.opened", "fern"),
        ("rx.annotated", "fern"),
        ("rx.filled", "fern"),
        ("rx.received", "theriac"),
        ("rx.rejected", "theriac"),
        ("prescription.drafted", "quill"),
        ("prescription.signed", "brook"),
    ] {
        assert!(lines.iter().any(|line| line["kind"] == kind && line["actor"] == actor), "{kind} by {actor}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let world = DEMO.copy();
    let commands = [
        format!("{} journal check --dir {}", crate::common::PROGRAM, world.dir().display()),
        format!("{} law rules", crate::common::PROGRAM),
    ];
    for line in commands {
        // The reader is gone before the program writes.
        let ran = Command::new("sh").args(["-c", &format!("(sleep 0.3; {line}) | true; wait")]).output().unwrap();
        let said = String::from_utf8(ran.stderr).unwrap();
        assert!(!said.contains("panicked"), "{line}: {said}");
    }
}
