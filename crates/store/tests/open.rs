//! Opening: the right store under the right name, or a clear refusal; several at once; evidence for outside.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashSet;
use std::time::Duration;

use common::{ORIGIN, World, on_both, one, piece, signer};
use theriac_journal::{Checkpoint, Evidence, verify_consistency, verify_evidence};
use theriac_store::{Append, AppendError, Cadence, Options, Store, StoreError};

#[test]
fn addresses_that_are_not_ours_are_refused() {
    for url in ["", "store.db", "sqlite:", "sqlite::memory:", "mysql://x", "postgres://[", "http://example.org"] {
        let opened = Store::open(Options::new(url, ORIGIN).signer(signer()));
        assert!(matches!(opened, Err(StoreError::Url(_))), "{url}");
    }
}

#[test]
fn an_address_in_a_message_never_shows_its_password() {
    let opened = Store::open(Options::new("postgres://me:secret@127.0.0.1:1/x", ORIGIN).signer(signer()));
    let said = opened.err().unwrap().to_string();
    assert!(said.contains("me@127.0.0.1:1") && !said.contains("secret"), "{said}");
}

#[test]
fn a_store_is_opened_under_its_own_name_only() {
    on_both(|world| {
        drop(world.open());
        let other = Store::open(Options::new(&world.url, "example.org/other").signer(signer()));
        assert!(matches!(other, Err(StoreError::Config(_))));
    });
}

#[test]
fn without_the_checkpoint_key_a_store_can_only_be_read() {
    on_both(|world| {
        let missing = Store::open(Options::new(&world.url, ORIGIN));
        assert!(missing.is_err(), "and none is made");
        world.open().append(one("rx", 0, 1)).unwrap();
        let store = Store::open(Options::new(&world.url, ORIGIN)).unwrap();
        assert!(!store.can_append());
        assert_eq!(store.stream("rx").unwrap().len(), 1);
        assert_eq!(store.append(one("rx", 1, 1)), Err(AppendError::Store(StoreError::ReadOnly)));
        assert_eq!(store.export_checkpoint(), Err(StoreError::ReadOnly));
    });
}

#[test]
fn a_file_that_is_not_a_store_is_refused_without_panic() {
    let world = World::sqlite();
    for content in [b"not a database, but long enough to be one".repeat(300), vec![0; 8_192], b"x".to_vec(), Vec::new()]
    {
        std::fs::write(world.path(), &content).unwrap();
        assert!(!world.check(&[]).is_clean());
        // SQLite takes a file too short for a header for an empty one, and an empty one becomes a store.
        assert_eq!(Store::open(world.options()).is_err(), content.len() > 100, "{} bytes", content.len());
        for name in ["store.db", "store.db-wal", "store.db-shm"] {
            let _ = std::fs::remove_file(world.dir.path().join(name));
        }
    }
    assert!(matches!(theriac_store::check_store(&world.check_options(&[])), Err(StoreError::Open { .. })));
}

#[test]
fn many_threads_on_one_stream_lose_nothing_and_repeat_nothing() {
    on_both(|world| {
        let store = world.open();
        let seqs: Vec<u64> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    let store = store.clone();
                    scope.spawn(move || (0..25).map(|_| append_somehow(&store)).collect::<Vec<u64>>())
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(seqs.iter().collect::<HashSet<_>>().len(), 200);
        assert_eq!(store.stream("rx").unwrap().len(), 200);
        assert!(store.check(&[]).unwrap().is_clean());
    });
}

/// Appends to one stream, again whenever somebody else was first.
fn append_somehow(store: &Store) -> u64 {
    let mut version = 0;
    loop {
        match store.append(one("rx", version, 1)) {
            Ok(appended) => return appended.seqs.start,
            Err(AppendError::Conflict { found, .. }) => version = found,
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn two_programs_may_write_to_one_store() {
    on_both(|world| {
        let (a, b) = (world.open(), world.open());
        for n in 0..20u64 {
            let store = if n % 3 == 0 { &a } else { &b };
            assert_eq!(store.append(one("rx", n, 1)).unwrap().seqs.start, n);
        }
        std::thread::scope(|scope| {
            for store in [&a, &b] {
                scope.spawn(move || {
                    (0..20).for_each(|_| {
                        append_somehow(store);
                    });
                });
            }
        });
        assert_eq!(a.size().unwrap(), 60);
        assert!(a.check(&[]).unwrap().is_clean(), "{:?}", a.check(&[]).unwrap());
    });
}

#[test]
fn appends_of_one_thread_are_written_in_the_order_of_submission() {
    on_both(|world| {
        let store = world.open();
        let (sender, receiver) = std::sync::mpsc::channel();
        for n in 0..300 {
            let sender = sender.clone();
            store
                .submit_with(one("rx", n, 1), move |outcome| sender.send(outcome.unwrap().seqs.start).unwrap())
                .unwrap();
        }
        drop(sender);
        assert_eq!(receiver.iter().collect::<Vec<_>>(), (0..300).collect::<Vec<_>>());
    });
}

#[test]
fn the_store_works_from_inside_an_async_handler() {
    on_both(|world| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let store = world.open();
            store.append(one("rx", 0, 1)).unwrap();
            assert_eq!(store.query("SELECT total FROM totals", &[]).unwrap()[0].int(0).unwrap(), 1);
            drop(store);
        });
    });
}

#[test]
fn evidence_of_any_entry_verifies_with_the_verifier_key_alone() {
    on_both(|world| {
        let mut options = world.options();
        options.cadence = Cadence::AtMostEvery(Duration::from_hours(1));
        let store = Store::open(options).unwrap();
        for n in 0..300 {
            let mut append = one(&format!("rx/{n}"), 0, 1);
            append.events[0].archive = vec![piece(&format!("<Message>{n}</Message>"))];
            store.submit(append).unwrap();
        }
        store.append(one("last", 0, 1)).unwrap();
        for seq in [0, 1, 255, 256, 299, 300] {
            let evidence = store.prove(seq).unwrap();
            let evidence = Evidence::from_json(&evidence.to_json()).unwrap();
            let verified = verify_evidence(&evidence, ORIGIN, &[signer().verifier()]).unwrap();
            assert!(verified.signed.checkpoint.size > seq);
            assert_eq!((evidence.entry.seq, verified.pieces), (seq, usize::from(seq < 300)));
        }
        assert_eq!(store.prove(301), Err(StoreError::NoEntry(301)));
    });
}

#[test]
fn exported_checkpoints_are_kept_and_prove_that_the_later_continues_the_earlier() {
    on_both(|world| {
        let store = world.open();
        let mut exported = Vec::new();
        for n in 0..5 {
            let events = (0..100).map(|k| common::event("rx", "dose", k)).collect();
            store.append(Append { events, ..Append::default() }).unwrap();
            if n % 2 == 0 {
                exported.push(store.export_checkpoint().unwrap());
            }
        }
        assert_eq!(store.query("SELECT size FROM checkpoints WHERE exported = 1 ORDER BY 1", &[]).unwrap().len(), 3);
        let points: Vec<Checkpoint> = exported.iter().map(|note| Checkpoint::parse_unverified(note).unwrap()).collect();
        for pair in points.windows(2) {
            let proof = store.prove_consistency(pair[0].size, pair[1].size).unwrap();
            verify_consistency(pair[0].size, pair[1].size, pair[0].root, pair[1].root, &proof).unwrap();
        }
        assert!(store.prove_consistency(1, 501).is_err());
        let report = store.check(&exported).unwrap();
        assert!(report.is_clean(), "{report:?}");
        assert_eq!(report.checkpoints_met, 6);
    });
}

#[test]
fn with_a_slow_cadence_the_last_entries_are_signed_when_the_store_closes() {
    on_both(|world| {
        let mut options = world.options();
        options.cadence = Cadence::AtMostEvery(Duration::from_hours(1));
        let store = Store::open(options).unwrap();
        for n in 0..5 {
            store.append(one("rx", n, 1)).unwrap();
        }
        let covered = |store: &Store| Checkpoint::parse_unverified(&store.checkpoint().unwrap().unwrap()).unwrap().size;
        assert_eq!(covered(&store), 1);
        drop(store);
        assert_eq!(covered(&Store::open(Options::new(&world.url, ORIGIN)).unwrap()), 5);
    });
}
