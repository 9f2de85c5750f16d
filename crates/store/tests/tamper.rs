//! Somebody with full rights on the database changes it behind the program's back: each change is found and named.
#![allow(clippy::unwrap_used)]

mod common;

use common::{World, event, job, on_both, one, piece, signer};
use theriac_journal::{Checkpoint, Report, Where, Wrong};
use theriac_store::{Append, Engine, JobId, Options, Store};

/// Twenty entries: archived pieces with the fifth and tenth, jobs with the third, of which the first is finished.
fn filled(world: &World) -> Store {
    let store = world.open();
    let mut appends = Vec::new();
    for seq in 0..20u64 {
        let mut append = one(&format!("rx/{}", seq % 3), seq / 3, 5);
        if seq % 5 == 0 && seq > 0 {
            append.events[0].archive = vec![piece("<Message/>"), piece("<Status/>")];
        }
        if seq == 3 {
            append.jobs = vec![job("k1", 10), job("k2", 20)];
        }
        if seq == 12 {
            append.finished_jobs = vec![JobId(1)];
        }
        appends.push(append);
    }
    // A job can be finished once the append that wrote it down was acknowledged.
    let later = appends.split_off(12);
    for group in [appends, later] {
        assert!(store.append_many(group).iter().all(Result::is_ok));
    }
    assert!(store.check(&[]).unwrap().is_clean());
    store
}

/// Makes a store, runs `sql` on it as an outsider, and compares the first bad place.
fn check(sql: impl Fn(&World) -> String, at: Where, wrong: Wrong) {
    on_both(|world| {
        drop(filled(world));
        let sql = sql(world);
        world.tamper(&sql);
        let report = world.check(&[]);
        expect(&report, at, wrong, &sql);
    });
}

fn expect(report: &Report, at: Where, wrong: Wrong, what: &str) {
    let first = report.first_bad().unwrap_or_else(|| panic!("not found: {what}"));
    assert_eq!((first.at, first.wrong), (at, wrong), "{what}: {report:#?}");
}

/// Bytes as a literal of the engine.
fn bytes(world: &World, hex: &str) -> String {
    match world.engine {
        Engine::Sqlite => format!("X'{hex}'"),
        Engine::Postgres => format!("'\\x{hex}'::bytea"),
    }
}

/// Requirements: epcs-pre-5-insider-prevention
#[test]
fn an_edited_entry_is_named() {
    check(|w| format!("UPDATE entries SET body = {} WHERE seq = 7", bytes(w, "7b7d")), Where::Entry(7), Wrong::Edited);
    check(
        |w| format!("UPDATE entries SET leaf = {} WHERE seq = 7", bytes(w, &"00".repeat(32))),
        Where::Entry(7),
        Wrong::Edited,
    );
    check(
        |w| format!("UPDATE entries SET salt = {} WHERE seq = 7", bytes(w, &"00".repeat(32))),
        Where::Entry(7),
        Wrong::Edited,
    );
    check(|w| format!("UPDATE entries SET links = {} WHERE seq = 5", bytes(w, "")), Where::Entry(5), Wrong::Edited);
    for set in [
        "actor = 'somebody else'",
        "role = 'agent'",
        "location = ''",
        "law = 'seed'",
        "kind = 'amount.voided'",
        "at_ms = at_ms - 1",
        "format = 2",
        "stream = 'rx/9'",
        "version = 9",
    ] {
        check(|_| format!("UPDATE entries SET {set} WHERE seq = 7"), Where::Entry(7), Wrong::Edited);
    }
}

#[test]
fn an_entry_that_can_no_longer_be_read_is_named() {
    check(
        |w| format!("UPDATE entries SET salt = {} WHERE seq = 7", bytes(w, "00")),
        Where::Entry(7),
        Wrong::Unreadable,
    );
    check(
        |w| format!("UPDATE entries SET links = {} WHERE seq = 7", bytes(w, "00")),
        Where::Entry(7),
        Wrong::Unreadable,
    );
    check(|_| "UPDATE entries SET actor = '' WHERE seq = 7".into(), Where::Entry(7), Wrong::Unreadable);
    check(|_| "UPDATE entries SET version = 0 WHERE seq = 7".into(), Where::Entry(7), Wrong::Unreadable);
    check(|_| "UPDATE entries SET format = -1 WHERE seq = 7".into(), Where::Entry(7), Wrong::Unreadable);
}

/// Requirements: epcs-pre-5-insider-prevention
#[test]
fn a_dropped_inserted_or_moved_entry_is_named() {
    check(|_| "DELETE FROM entries WHERE seq = 7".into(), Where::Entry(7), Wrong::Deleted);
    check(|_| "DELETE FROM entries WHERE seq >= 17".into(), Where::Between { first: 17, last: 19 }, Wrong::Truncated);
    let renumber = |from: u64, by: i64| {
        format!(
            "UPDATE entries SET seq = -seq - 1000 WHERE seq >= {from}; UPDATE entries SET seq = -seq - 1000 + {by} WHERE seq < 0;"
        )
    };
    check(|_| format!("DELETE FROM entries WHERE seq = 7; {}", renumber(8, -1)), Where::Entry(7), Wrong::Deleted);
    let insert = "INSERT INTO entries SELECT 7, 'rx/new', 1, at_ms, actor, role, location, law, kind, format, links, salt, body, leaf \
                  FROM entries WHERE seq = 6";
    check(|_| format!("{}{insert}", renumber(7, 1)), Where::Entry(7), Wrong::Edited);
    let swap = "UPDATE entries SET seq = -1 WHERE seq = 7; UPDATE entries SET seq = 7 WHERE seq = 8; UPDATE entries SET seq = 8 WHERE seq = -1";
    check(|_| swap.into(), Where::Entry(7), Wrong::Reordered);
    let extra = "INSERT INTO entries SELECT 20, 'rx/new', 1, at_ms, actor, role, location, law, kind, format, links, salt, body, leaf \
                 FROM entries WHERE seq = 19";
    check(|_| extra.into(), Where::Entry(20), Wrong::Edited);
}

#[test]
fn a_changed_lost_or_slipped_in_archived_piece_is_named_with_its_entry() {
    let id = 5 * 4_096;
    check(
        |w| format!("UPDATE archive SET bytes = {} WHERE id = {id}", bytes(w, "00")),
        Where::Entry(5),
        Wrong::Archive,
    );
    check(|w| format!("UPDATE archive SET seal = {} WHERE id = {id}", bytes(w, "")), Where::Entry(5), Wrong::Archive);
    check(|_| format!("UPDATE archive SET media = 'text/plain' WHERE id = {id}"), Where::Entry(5), Wrong::Archive);
    check(|w| format!("UPDATE archive SET salt = {} WHERE id = {id}", bytes(w, "00")), Where::Entry(5), Wrong::Archive);
    check(|_| format!("DELETE FROM archive WHERE id = {id}"), Where::Entry(5), Wrong::Archive);
    check(|_| "DELETE FROM archive WHERE id >= 40960".into(), Where::Entry(10), Wrong::Archive);
    let copy =
        |to: i64| format!("INSERT INTO archive SELECT {to}, salt, media, bytes, seal FROM archive WHERE id = {id}");
    check(|_| copy(id + 2), Where::Entry(5), Wrong::Archive);
    check(|_| copy(6 * 4_096), Where::Entry(6), Wrong::Archive);
    check(|_| copy(20 * 4_096), Where::Beside, Wrong::Archive);
    check(|_| copy(-1), Where::Beside, Wrong::Archive);
}

#[test]
fn a_changed_lost_or_slipped_in_job_is_named_with_its_entry() {
    for set in [
        "kind = 'forget'",
        "idempotency_key = 'k9'",
        "due_ms = 99",
        "attempts = 3",
        "last_error = 'x'",
        "done_seq = 13",
        "done_seq = NULL",
    ] {
        check(|_| format!("UPDATE jobs SET {set} WHERE id = 1"), Where::Entry(3), Wrong::Job);
    }
    check(|w| format!("UPDATE jobs SET payload = {} WHERE id = 2", bytes(w, "00")), Where::Entry(3), Wrong::Job);
    check(|_| "UPDATE jobs SET seq = 4 WHERE id = 2".into(), Where::Entry(3), Wrong::Job);
    check(|_| "DELETE FROM jobs WHERE id = 1".into(), Where::Entry(3), Wrong::Job);
    check(|_| "DELETE FROM jobs".into(), Where::Entry(3), Wrong::Job);
    let slip = "INSERT INTO jobs SELECT 3, 4, kind, 'k3', payload, salt, due_ms, attempts, last_error, done_seq, mark FROM jobs WHERE id = 2";
    check(|_| slip.into(), Where::Entry(4), Wrong::Job);
}

#[test]
fn changed_bookkeeping_is_reported() {
    let beside = Where::Beside;
    check(|w| format!("UPDATE head SET root = {}", bytes(w, &"00".repeat(32))), beside, Wrong::Tree);
    check(|_| "UPDATE head SET size = 19".into(), Where::Entry(19), Wrong::Inserted);
    check(|_| "UPDATE head SET size = 21".into(), Where::Entry(20), Wrong::Truncated);
    check(|_| "UPDATE head SET next_job = 9".into(), beside, Wrong::Job);
    check(|_| "DELETE FROM head".into(), beside, Wrong::Tree);
    check(|_| "UPDATE meta SET value = '2' WHERE name = 'format'".into(), beside, Wrong::Database);
    check(|_| "UPDATE meta SET value = 'example.org/other' WHERE name = 'origin'".into(), beside, Wrong::Database);
    check(|_| "INSERT INTO meta VALUES ('more', '')".into(), beside, Wrong::Database);
    check(|_| "UPDATE checkpoints SET note = replace(note, '20', '19')".into(), beside, Wrong::BadCheckpoint);
    check(|_| "UPDATE checkpoints SET size = 19".into(), beside, Wrong::BadCheckpoint);
    check(|_| "UPDATE checkpoints SET exported = 2".into(), beside, Wrong::BadCheckpoint);
    check(|w| format!("INSERT INTO nodes VALUES (1, 0, {})", bytes(w, &"00".repeat(32))), beside, Wrong::Tree);
}

#[test]
fn a_changed_lost_or_slipped_in_row_of_a_derived_table_is_reported() {
    let beside = Where::Beside;
    check(|_| "UPDATE totals SET total = total + 1 WHERE stream = 'rx/1'".into(), beside, Wrong::Projection);
    check(|_| "DELETE FROM totals WHERE stream = 'rx/1'".into(), beside, Wrong::Projection);
    check(|_| "INSERT INTO totals VALUES ('rx/9', 1, 1)".into(), beside, Wrong::Projection);
    check(|_| "UPDATE projections SET size = 19 WHERE name = 'kinds'".into(), beside, Wrong::Projection);
    check(|_| "UPDATE projections SET definition = '' WHERE name = 'kinds'".into(), beside, Wrong::Projection);
}

#[test]
fn a_trigger_on_our_tables_is_reported() {
    check(
        |world| match world.engine {
            Engine::Sqlite => "CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM jobs; END".into(),
            Engine::Postgres => "CREATE RULE t AS ON INSERT TO jobs DO INSTEAD NOTHING".into(),
        },
        Where::Beside,
        Wrong::Database,
    );
}

#[test]
fn a_changed_stored_node_is_reported_and_a_careful_rewrite_is_narrowed_to_its_block() {
    on_both(|world| {
        let store = world.open();
        store
            .append(Append { events: (0..600).map(|n| event("rx", "dose", n)).collect(), ..Append::default() })
            .unwrap();
        drop(store);
        assert!(world.check(&[]).is_clean());
        let zero = bytes(world, &"00".repeat(32));
        // Entry 300 rewritten together with its leaf: neither alone shows it, the stored node of its block does.
        let store = world.open();
        let mut entry = store.entry(300).unwrap();
        entry.actor = "somebody else".into();
        drop(store);
        let leaf = bytes(world, &entry.leaf().to_hex());
        world.tamper(&format!("UPDATE entries SET actor = 'somebody else', leaf = {leaf} WHERE seq = 300"));
        let report = world.check(&[]);
        expect(&report, Where::Between { first: 256, last: 511 }, Wrong::Rewritten, "a rewritten entry");
        world.tamper(&format!("UPDATE nodes SET hash = {zero} WHERE place = 0"));
        assert!(!world.check(&[]).is_clean());
    });
    on_both(|world| {
        let store = world.open();
        store
            .append(Append { events: (0..600).map(|n| event("rx", "dose", n)).collect(), ..Append::default() })
            .unwrap();
        drop(store);
        let zero = bytes(world, &"00".repeat(32));
        world.tamper(&format!("UPDATE nodes SET hash = {zero} WHERE place = 1"));
        expect(&world.check(&[]), Where::Beside, Wrong::Tree, "a changed node");
    });
}

#[test]
fn a_roll_back_to_an_older_state_is_found_against_an_exported_checkpoint_only() {
    on_both(|world| {
        let options = || Options::new(&world.url, common::ORIGIN).signer(signer());
        let store = Store::open(options()).unwrap();
        for version in 0..15 {
            store.append(one("rx", version, 1)).unwrap();
        }
        let root = Checkpoint::parse_unverified(&store.checkpoint().unwrap().unwrap()).unwrap().root;
        let older = store.checkpoint().unwrap().unwrap();
        for version in 15..20 {
            store.append(one("rx", version, 1)).unwrap();
        }
        let exported = store.export_checkpoint().unwrap();
        drop(store);
        // The whole store as it was at fifteen entries, with its own good checkpoint.
        world.tamper(&format!(
            "DELETE FROM entries WHERE seq >= 15; UPDATE head SET size = 15, root = {}; DELETE FROM checkpoints; \
             INSERT INTO checkpoints VALUES (15, '{older}', 0)",
            bytes(world, &root.to_hex())
        ));
        let check = |exported: &[String]| {
            let mut options = world.check_options(exported);
            options.projections.clear();
            theriac_store::check_store(&options).unwrap()
        };
        assert!(check(&[]).is_clean(), "from inside it is a good store");
        expect(
            &check(std::slice::from_ref(&exported)),
            Where::Between { first: 15, last: 19 },
            Wrong::RolledBack,
            "a roll-back",
        );
        // It goes on from there; the exported checkpoint still does not fit.
        let store = Store::open(options()).unwrap();
        for version in 15..25 {
            store.append(one("rx", version, 2)).unwrap();
        }
        drop(store);
        let report = check(&[exported]);
        assert_eq!(report.first_bad().unwrap().wrong, Wrong::Rewritten, "{report:?}");
    });
}

#[test]
fn a_store_under_another_key_or_name_is_not_believed() {
    on_both(|world| {
        drop(filled(world));
        let mut options = world.check_options(&[]);
        options.trusted = vec![theriac_journal::NoteSigner::from_seed(common::ORIGIN, &[8; 32]).unwrap().verifier()];
        assert_eq!(theriac_store::check_store(&options).unwrap().first_bad().unwrap().wrong, Wrong::BadCheckpoint);
        let mut options = world.check_options(&[]);
        options.origin = "example.org/other".into();
        assert!(!theriac_store::check_store(&options).unwrap().is_clean());
    });
}
