//! The verifier: each way to lie about a journal, and the entry it names.
#![allow(clippy::unwrap_used)]

use theriac_journal::verifier::Kept;
use theriac_journal::{Body, Checkpoint, Entry, Frontier, Hash, NoteSigner, Recorded, Report, Verifier, Where, Wrong};

const ORIGIN: &str = "example.org/journal";

/// Twenty entries in three streams, as a store would hold them.
fn journal(size: u64) -> Vec<Recorded> {
    (0..size)
        .map(|seq| {
            let entry = Entry {
                seq,
                stream: format!("rx/{}", seq % 3),
                version: seq / 3 + 1,
                at_ms: 1_000_000 + i64::try_from(seq).unwrap() * 1_000,
                actor: "practitioner".into(),
                role: String::new(),
                location: String::new(),
                law: String::new(),
                kind: "dose".into(),
                format: 1,
                links: Vec::new(),
                body: Body::Kept {
                    salt: [u8::try_from(seq).unwrap(); 32],
                    bytes: format!("{{\"n\":{seq}}}").into_bytes(),
                },
            };
            record(entry)
        })
        .collect()
}

fn record(entry: Entry) -> Recorded {
    let stored_leaf = Some(entry.leaf());
    Recorded { entry, stored_leaf }
}

fn head(journal: &[Recorded]) -> (u64, Hash) {
    let mut frontier = Frontier::new();
    for recorded in journal {
        frontier.push(recorded.entry.leaf(), &mut |_| ());
    }
    (frontier.size(), frontier.root())
}

fn signed(journal: &[Recorded]) -> String {
    let (size, root) = head(journal);
    Checkpoint { origin: ORIGIN.into(), size, root }.sign(&signer(7)).unwrap()
}

fn signer(seed: u8) -> NoteSigner {
    NoteSigner::from_seed(ORIGIN, &[seed; 32]).unwrap()
}

fn verify(found: &[Recorded], head: Option<(u64, Hash)>, checkpoints: &[(String, Kept)]) -> Report {
    let mut verifier = Verifier::new(ORIGIN, &[signer(7).verifier()], checkpoints, 5_000);
    for recorded in found {
        verifier.push(recorded.clone(), &mut |_| ());
    }
    verifier.finish(head, &mut |_| ())
}

/// Verifies `found` where the journal was twenty entries, with its last checkpoint kept beside it, and compares the first bad
/// place.
fn check(found: &[Recorded], at: Where, wrong: Wrong) {
    let good = journal(20);
    let report = verify(found, Some(head(&good)), &[(signed(&good), Kept::Inside)]);
    let first = report.first_bad().unwrap_or_else(|| panic!("nothing found, expected {at:?} {wrong:?}"));
    assert_eq!((first.at, first.wrong), (at, wrong), "{report:#?}");
}

#[test]
fn a_journal_that_nobody_touched_is_clean_and_meets_its_checkpoints() {
    let good = journal(20);
    let checkpoints: Vec<_> = (0..=20).map(|n| (signed(&good[..n]), Kept::Outside)).collect();
    let report = verify(&good, Some(head(&good)), &checkpoints);
    assert!(report.is_clean() && report.notices.is_empty(), "{report:?}");
    assert_eq!((report.entries, report.root, report.checkpoints_met), (20, head(&good).1, 21));
}

/// Requirements: epcs-pre-5-insider-prevention
#[test]
fn an_entry_edited_in_its_body_or_header_is_named() {
    let edits: [fn(&mut Entry); 7] = [
        |e| e.body = Body::Kept { salt: [7; 32], bytes: b"{\"n\":8}".to_vec() },
        |e| e.body = Body::Kept { salt: [8; 32], bytes: b"{\"n\":7}".to_vec() },
        |e| e.at_ms -= 1,
        |e| e.actor = "somebody else".into(),
        |e| e.stream = "rx/2".into(),
        |e| e.kind = "void".into(),
        |e| e.format = 2,
    ];
    for edit in edits {
        for seq in [0, 7, 19] {
            let mut found = journal(20);
            edit(&mut found[seq].entry);
            check(&found, Where::Entry(seq as u64), Wrong::Edited);
        }
    }
}

#[test]
fn an_edit_that_recomputes_the_leaf_is_found_by_the_checkpoint() {
    let good = journal(20);
    let mut found = good.clone();
    found[7].entry.body = Body::Kept { salt: [7; 32], bytes: b"{\"n\":8}".to_vec() };
    found[7] = record(found[7].entry.clone());
    check(&found, Where::Between { first: 0, last: 19 }, Wrong::Rewritten);
    // Everything beside it recomputed too, with today's key: only what was exported earlier tells, and narrows the place.
    let exported: Vec<_> = [5, 10, 20].map(|n| (signed(&good[..n]), Kept::Outside)).to_vec();
    let report = verify(&found, Some(head(&found)), &exported);
    let first = report.first_bad().unwrap();
    assert_eq!((first.at, first.wrong), (Where::Between { first: 5, last: 9 }, Wrong::Rewritten));
    assert_eq!(report.checkpoints_met, 1);
    assert!(
        verify(&found, Some(head(&found)), &[(signed(&found), Kept::Inside)]).is_clean(),
        "without one nobody can tell"
    );
}

#[test]
fn a_dropped_entry_is_named() {
    for seq in [0, 7, 18] {
        let mut found = journal(20);
        found.remove(seq);
        check(&found, Where::Entry(seq as u64), Wrong::Deleted);
    }
    let mut found = journal(20);
    found.drain(7..10);
    check(&found, Where::Between { first: 7, last: 9 }, Wrong::Deleted);
}

#[test]
fn a_dropped_entry_is_named_also_when_the_rest_was_renumbered() {
    let mut found = journal(20);
    found.remove(7);
    for recorded in &mut found[7..] {
        recorded.entry.seq -= 1;
    }
    check(&found, Where::Entry(7), Wrong::Deleted);
}

#[test]
fn an_inserted_entry_is_named() {
    let mut found = journal(20);
    let mut extra = found[7].entry.clone();
    extra.body = Body::Kept { salt: [0; 32], bytes: b"{}".to_vec() };
    found.insert(7, record(extra));
    check(&found, Where::Entry(7), Wrong::Inserted);
}

#[test]
fn an_inserted_entry_is_named_also_when_the_rest_was_renumbered() {
    let mut found = journal(20);
    let mut extra = found[7].entry.clone();
    extra.stream = "rx/9".into();
    extra.version = 1;
    for recorded in &mut found[7..] {
        recorded.entry.seq += 1;
    }
    found.insert(7, record(extra));
    check(&found, Where::Entry(7), Wrong::Inserted);
}

#[test]
fn an_entry_added_after_the_end_is_named() {
    let mut found = journal(20);
    found.push(journal(21).pop().unwrap());
    check(&found, Where::Entry(20), Wrong::Inserted);
}

#[test]
fn entries_that_changed_places_are_named() {
    let mut found = journal(20);
    found.swap(7, 8);
    check(&found, Where::Entry(7), Wrong::Reordered);
    let mut found = journal(20);
    found.swap(7, 13);
    check(&found, Where::Between { first: 7, last: 12 }, Wrong::Reordered);
    for (a, b) in [(7, 8), (7, 13)] {
        let mut found = journal(20);
        found.swap(a, b);
        found[a].entry.seq = a as u64;
        found[b].entry.seq = b as u64;
        check(&found, Where::Entry(a as u64), Wrong::Reordered);
    }
}

#[test]
fn a_cut_end_is_named_by_the_head_or_by_a_checkpoint_kept_inside() {
    let good = journal(20);
    check(&good[..15], Where::Between { first: 15, last: 19 }, Wrong::Truncated);
    check(&good[..19], Where::Entry(19), Wrong::Truncated);
    let report = verify(&good[..15], Some(head(&good[..15])), &[(signed(&good), Kept::Inside)]);
    assert_eq!(report.first_bad().unwrap().wrong, Wrong::Truncated);
}

#[test]
fn a_roll_back_of_everything_is_found_against_an_exported_checkpoint() {
    let good = journal(20);
    let older = &good[..15];
    let checkpoints = [(signed(older), Kept::Inside), (signed(&good), Kept::Outside)];
    let report = verify(older, Some(head(older)), &checkpoints);
    let first = report.first_bad().unwrap();
    assert_eq!((first.at, first.wrong), (Where::Between { first: 15, last: 19 }, Wrong::RolledBack));
    assert!(verify(older, Some(head(older)), &checkpoints[..1]).is_clean(), "without it nobody can tell");
}

#[test]
fn a_version_out_of_order_in_its_stream_is_named() {
    let mut found = journal(20);
    found[10].entry.version = 5;
    found[10] = record(found[10].entry.clone());
    let report = verify(&found, None, &[]);
    assert_eq!(
        (report.first_bad().unwrap().at, report.first_bad().unwrap().wrong),
        (Where::Entry(10), Wrong::StreamVersion)
    );
}

#[test]
fn a_clock_that_went_back_is_noted_and_not_called_wrong() {
    let mut found = journal(20);
    for (back_ms, noted) in [(5_000, false), (5_001, true)] {
        found[10].entry.at_ms = found[9].entry.at_ms - back_ms;
        found[10] = record(found[10].entry.clone());
        let report = verify(&found, None, &[]);
        assert!(report.is_clean());
        assert_eq!(report.notices.len(), usize::from(noted));
    }
}

#[test]
fn a_checkpoint_that_does_not_verify_is_reported() {
    let good = journal(20);
    let forged = signed(&good).replace("\n20\n", "\n19\n");
    let stranger = Checkpoint { origin: ORIGIN.into(), size: 20, root: head(&good).1 }.sign(&signer(8)).unwrap();
    for note in [forged, stranger, "nonsense".to_owned()] {
        let report = verify(&good, None, &[(note, Kept::Inside)]);
        assert_eq!(report.first_bad().unwrap().wrong, Wrong::BadCheckpoint);
        assert_eq!(report.first_bad().unwrap().at, Where::Beside);
    }
}

#[test]
fn a_head_with_another_root_is_reported() {
    let good = journal(20);
    let report = verify(&good, Some((20, Hash([1; 32]))), &[]);
    assert_eq!(report.first_bad().unwrap().wrong, Wrong::Tree);
}

#[test]
fn a_report_lists_a_bounded_number_of_bad_places_and_counts_the_rest() {
    let mut found = journal(250);
    for recorded in &mut found {
        recorded.stored_leaf = Some(Hash([1; 32]));
    }
    let report = verify(&found, None, &[]);
    assert_eq!((report.bad.len(), report.bad_more), (100, 150));
    assert_eq!(report.first_bad().unwrap().at, Where::Entry(0));
}
