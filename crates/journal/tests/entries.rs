//! Entries: their bytes for ever, their limits, and their way out of the house.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use theriac_journal::entry::{LAW_BYTES_MAX, LINKS_MAX, TEXT_BYTES_MAX};
use theriac_journal::{
    Body, Checkpoint, Entry, EntryError, Evidence, EvidenceError, Frontier, Hash, Link, LinkKind, NoteSigner, Piece,
    ProofError, verify_evidence,
};

const ORIGIN: &str = "example.org/journal";

fn piece() -> Piece {
    Piece { salt: [3; 32], media: "application/xml".into(), bytes: b"<Message/>".to_vec(), seal: vec![0x30, 0x80] }
}

fn entry() -> Entry {
    Entry {
        seq: 0,
        stream: "prescription/42".into(),
        version: 3,
        at_ms: 1_268_000_000_123,
        actor: "practitioner AB1234563".into(),
        role: "practitioner".into(),
        location: "BB1388568".into(),
        law: "strictest d-17".into(),
        kind: "prescription.signed".into(),
        format: 1,
        links: vec![Link { kind: LinkKind::Archived, digest: piece().digest() }],
        body: Body::Kept { salt: [9; 32], bytes: "{\"drug\":\"Morphine\",\"é\":1}".as_bytes().to_vec() },
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for row in bytes.chunks(32) {
        for byte in row {
            let _ = write!(text, "{byte:02x}");
        }
        text.push('\n');
    }
    text
}

#[test]
fn the_stored_bytes_of_a_header_a_piece_and_a_leaf_are_these() {
    let golden = format!(
        "header\n{}commitment\n{}\npiece\n{}\njob\n{}\nleaf\n{}\n",
        hex(&entry().header_bytes()),
        entry().body.commitment(),
        piece().digest(),
        theriac_journal::link::job_digest(&[5; 32], 7, "transmit", "rx/42", b"{}"),
        entry().leaf(),
    );
    assert_eq!(golden, include_str!("golden/entry.txt"));
}

#[test]
fn a_header_reads_back_as_it_was_written() {
    let erased = Entry { body: Body::Erased { commitment: entry().body.commitment() }, ..entry() };
    for entry in [entry(), erased] {
        assert_eq!(Entry::from_header(&entry.header_bytes(), entry.body.clone()), Ok(entry));
    }
}

#[test]
fn an_erased_body_leaves_the_leaf_as_it_was() {
    let erased = Entry { body: Body::Erased { commitment: entry().body.commitment() }, ..entry() };
    assert_eq!(erased.leaf(), entry().leaf());
    assert_eq!(erased.body_bytes(), None);
}

#[test]
fn two_entries_that_say_the_same_have_different_leaves() {
    let mut other = entry();
    other.body = Body::Kept { salt: [8; 32], bytes: entry().body_bytes().unwrap().to_vec() };
    assert_ne!(other.leaf(), entry().leaf(), "whoever guesses a body cannot confirm it from its leaf");
}

#[test]
fn each_text_is_held_to_its_limit() {
    type Set = fn(&mut Entry, String);
    let fields: [(&str, usize, bool, Set); 6] = [
        ("stream", TEXT_BYTES_MAX, false, |e, t| e.stream = t),
        ("actor", TEXT_BYTES_MAX, false, |e, t| e.actor = t),
        ("role", TEXT_BYTES_MAX, true, |e, t| e.role = t),
        ("location", TEXT_BYTES_MAX, true, |e, t| e.location = t),
        ("law", LAW_BYTES_MAX, true, |e, t| e.law = t),
        ("kind", TEXT_BYTES_MAX, false, |e, t| e.kind = t),
    ];
    for (field, max, may_be_empty, set) in fields {
        let outcome = |text: String| {
            let mut entry = entry();
            set(&mut entry, text);
            let read = Entry::from_header(&entry.header_bytes(), entry.body.clone());
            assert_eq!(read.is_ok(), entry.check().is_ok(), "{field}: what is written is what can be read");
            entry.check()
        };
        assert_eq!(outcome("a".repeat(max)), Ok(()), "{field}");
        assert_eq!(outcome("a".repeat(max + 1)), Err(EntryError::TooLong { field: leak(field), max }), "{field}");
        let empty = if may_be_empty { Ok(()) } else { Err(EntryError::Empty(leak(field))) };
        assert_eq!(outcome(String::new()), empty, "{field}");
        for bad in ["a\0b", "a\nb", "\u{7f}", "\u{85}"] {
            assert_eq!(outcome(bad.into()), Err(EntryError::ControlCharacter(leak(field))), "{field}");
        }
    }
    assert_eq!(Entry { version: 0, ..entry() }.check(), Err(EntryError::VersionZero));
    let links = |count| Entry { links: vec![entry().links[0]; count], ..entry() }.check().is_ok();
    assert!(links(LINKS_MAX) && !links(LINKS_MAX + 1));
}

fn leak(text: &str) -> &'static str {
    ["stream", "actor", "role", "location", "law", "kind"].into_iter().find(|known| *known == text).unwrap()
}

struct Leaves(Vec<Hash>);
impl theriac_journal::NodeReader for Leaves {
    fn read(&self, _: u32, first: u64, count: usize) -> Result<Vec<Hash>, theriac_journal::TreeError> {
        Ok(self.0.iter().skip(usize::try_from(first).unwrap()).take(count).copied().collect())
    }
}

/// A journal of eight entries of which ours is the sixth, and the evidence of it.
fn evidence() -> (Evidence, NoteSigner) {
    let signer = NoteSigner::from_seed(ORIGIN, &[7; 32]).unwrap();
    let entry = Entry { seq: 5, ..entry() };
    let leaves: Vec<Hash> =
        (0..8).map(|n| if n == 5 { entry.leaf() } else { Entry { seq: n, ..entry.clone() }.leaf() }).collect();
    let mut frontier = Frontier::new();
    for leaf in &leaves {
        frontier.push(*leaf, &mut |_| ());
    }
    let proof = theriac_journal::inclusion_proof(&Leaves(leaves), 5, 8).unwrap();
    let checkpoint = Checkpoint { origin: ORIGIN.into(), size: 8, root: frontier.root() }.sign(&signer).unwrap();
    (Evidence { entry, proof, checkpoint, pieces: vec![piece()] }, signer)
}

#[test]
fn evidence_verifies_offline_and_survives_its_written_form() {
    let (evidence, signer) = evidence();
    let json = evidence.to_json();
    assert_eq!(json, include_str!("golden/evidence.json"));
    let read = Evidence::from_json(&json).unwrap();
    assert_eq!(read, evidence);
    let verified = verify_evidence(&read, ORIGIN, &[signer.verifier()]).unwrap();
    assert_eq!((verified.signed.checkpoint.size, verified.pieces, verified.pieces_absent), (8, 1, 0));
    let without = Evidence { pieces: Vec::new(), ..evidence };
    assert_eq!(verify_evidence(&without, ORIGIN, &[signer.verifier()]).unwrap().pieces_absent, 1);
}

#[test]
fn evidence_with_any_part_changed_is_refused() {
    let (good, signer) = evidence();
    let refuse = |name: &str, change: &dyn Fn(&mut Evidence)| {
        let mut bad = good.clone();
        change(&mut bad);
        verify_evidence(&bad, ORIGIN, &[signer.verifier()]).expect_err(name)
    };
    let root = EvidenceError::Proof(ProofError::Root);
    assert_eq!(refuse("stream", &|e| e.entry.stream.push('x')), root);
    assert_eq!(refuse("time", &|e| e.entry.at_ms += 1), root);
    assert_eq!(refuse("actor", &|e| e.entry.actor.push('x')), root);
    assert_eq!(refuse("body", &|e| e.entry.body = Body::Kept { salt: [9; 32], bytes: b"{}".to_vec() }), root);
    assert_eq!(refuse("position", &|e| e.entry.seq = 4), root);
    assert_eq!(refuse("path", &|e| e.proof.swap(0, 1)), root);
    assert_eq!(refuse("short path", &|e| e.proof.truncate(2)), EvidenceError::Proof(ProofError::Length));
    assert_eq!(refuse("bytes", &|e| e.pieces[0].bytes.push(0)), EvidenceError::Piece(0));
    assert_eq!(refuse("seal", &|e| e.pieces[0].seal.clear()), EvidenceError::Piece(0));
    assert_eq!(refuse("media", &|e| e.pieces[0].media.push('x')), EvidenceError::Piece(0));
    assert_eq!(refuse("twice", &|e| e.pieces.push(piece())), EvidenceError::Piece(1));
    assert!(matches!(
        refuse("checkpoint", &|e| e.checkpoint = e.checkpoint.replace("\n8\n", "\n9\n")),
        EvidenceError::Checkpoint(_)
    ));
    let stranger = NoteSigner::from_seed(ORIGIN, &[8; 32]).unwrap().verifier();
    assert!(matches!(verify_evidence(&good, ORIGIN, &[stranger]), Err(EvidenceError::Checkpoint(_))));
}

#[test]
fn files_that_are_not_evidence_are_refused_with_the_member_named() {
    let (good, _) = evidence();
    let json = good.to_json();
    let says = |text: &str| Evidence::from_json(text).unwrap_err().to_string();
    for (text, word) in [
        (String::new(), "not evidence"),
        ("[]".into(), "object"),
        (json.replace("evidence-1", "evidence-2"), "format"),
        (json.replace("\"salt\"", "\"salz\""), "salt"),
        (json.replace("\"proof\": [", "\"proof\": [1, "), "proof"),
        (json.replace("\"header\": \"", "\"header\": \"!"), "header"),
        (json.replace("\"checkpoint\"", "\"point\""), "checkpoint"),
        (json.replace("\"body_text\": \"", "\"body_text\": 5, \"x\": \""), "body_text"),
        (json.replace("\"pieces\": [", "\"pieces\": [7, "), "piece"),
    ] {
        assert!(says(&text).contains(word), "{word}: {}", says(&text));
    }
}

proptest! {
    #[test]
    fn a_header_changed_anywhere_is_another_header_or_none(place in any::<prop::sample::Index>(), to in any::<u8>()) {
        let good = entry().header_bytes();
        let mut bytes = good.clone();
        let place = place.index(bytes.len());
        prop_assume!(bytes[place] != to);
        bytes[place] = to;
        if let Ok(read) = Entry::from_header(&bytes, entry().body) {
            prop_assert_eq!(read.header_bytes(), bytes, "one entry has one form");
            prop_assert_ne!(read.leaf(), entry().leaf());
        }
    }

    #[test]
    fn arbitrary_bytes_are_never_read_past_their_end(bytes in prop::collection::vec(any::<u8>(), 0..200), keep in 0usize..200) {
        let _ = Entry::from_header(&bytes, entry().body);
        let good = entry().header_bytes();
        let cut = keep.min(good.len() - 1);
        prop_assert!(Entry::from_header(&good[..cut], entry().body).is_err());
        prop_assert!(Entry::from_header(&[&good[..], &bytes[..bytes.len().max(1).min(bytes.len())]].concat(), entry().body).is_ok() == bytes.is_empty());
    }
}
