//! Signed notes and checkpoints: against another implementation, and against what hostile files try.
#![allow(clippy::unwrap_used)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use proptest::prelude::*;
use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList};
use theriac_journal::hash::sha256;
use theriac_journal::note::{self, SIGNATURES_MAX};
use theriac_journal::{Checkpoint, CheckpointError, NoteError, NoteSigner, NoteVerifier};

const NAME: &str = "example.org/journal";

fn signer(seed: u8) -> NoteSigner {
    NoteSigner::from_seed(NAME, &[seed; 32]).unwrap()
}

fn checkpoint(size: u64) -> Checkpoint {
    Checkpoint { origin: NAME.to_owned(), size, root: sha256(&size.to_be_bytes()) }
}

#[test]
fn the_stored_form_of_a_checkpoint_is_this_one() {
    let note = checkpoint(1_234).sign(&signer(7)).unwrap();
    assert_eq!(note, include_str!("golden/checkpoint.txt"));
    let key = signer(7).verifier();
    assert_eq!(format!("{}\n", key.to_text()), include_str!("golden/checkpoint-key.txt"));
    let opened = Checkpoint::open(&note, NAME, &[key]).unwrap();
    assert_eq!(opened.checkpoint, checkpoint(1_234));
}

#[test]
fn another_implementation_reads_our_notes() {
    let ours = signer(7);
    let note = Note::from_bytes(checkpoint(99).sign(&ours).unwrap().as_bytes()).unwrap();
    let verifier = StandardVerifier::new(&ours.verifier().to_text()).unwrap();
    let (good, unknown) = note.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!((good.len(), unknown.len()), (1, 0));
    assert_eq!(note.text(), checkpoint(99).text().as_bytes());
}

#[test]
fn we_read_the_notes_of_another_implementation() {
    // Their written form of a private key, made from the same seed.
    let ours = signer(9);
    let key = ours.verifier().to_text();
    let hash = key.split('+').nth(1).unwrap();
    let seed = [&[1u8][..], &[9; 32]].concat();
    let theirs = StandardSigner::new(&format!("PRIVATE+KEY+{NAME}+{hash}+{}", BASE64.encode(seed))).unwrap();
    let mut note = Note::new(checkpoint(5).text().as_bytes(), &[]).unwrap();
    note.add_sigs(&[&theirs]).unwrap();
    let text = String::from_utf8(note.to_bytes()).unwrap();
    assert_eq!(text, checkpoint(5).sign(&ours).unwrap(), "Ed25519 signatures of one key and text are one and the same");
    assert_eq!(Checkpoint::open(&text, NAME, &[ours.verifier()]).unwrap().checkpoint, checkpoint(5));
}

#[test]
fn a_witness_cosignature_is_checked_and_unknown_keys_are_passed_over() {
    let (journal, stranger) = (signer(7), NoteSigner::from_seed("stranger.example", &[1; 32]).unwrap());
    let witness = NoteSigner::from_seed("witness.example", &[2; 32]).unwrap();
    let note = checkpoint(5).sign(&journal).unwrap();
    let note = stranger.cosign(&note, 1_700_000_000).unwrap();
    let note = witness.cosign(&note, 1_700_000_001).unwrap();
    let keys = [journal.verifier(), witness.cosignature_verifier()];
    let signed = Checkpoint::open(&note, NAME, &keys).unwrap();
    let by: Vec<_> = signed.signed_by.iter().map(|s| (s.name.as_str(), s.cosigned_unix_s)).collect();
    assert_eq!(by, [(NAME, None), ("witness.example", Some(1_700_000_001))]);
    // The witness alone is enough for somebody who trusts only the witness.
    assert!(Checkpoint::open(&note, NAME, &[witness.cosignature_verifier()]).is_ok());
    // Its time is part of what it signed.
    let line = note.lines().last().unwrap();
    let mut bytes = BASE64.decode(line.rsplit(' ').next().unwrap()).unwrap();
    bytes[11] ^= 1;
    let forged = note.replace(line, &format!("\u{2014} witness.example {}", BASE64.encode(bytes)));
    let refused = Err(CheckpointError::Note(NoteError::BadSignature("witness.example".into())));
    assert_eq!(Checkpoint::open(&forged, NAME, &keys), refused);
    let written = witness.cosignature_verifier();
    assert_eq!(NoteVerifier::parse(&written.to_text()), Ok(written));
}

#[test]
fn a_note_signed_by_nobody_we_know_is_refused() {
    let note = checkpoint(5).sign(&signer(7)).unwrap();
    let other = Err(CheckpointError::Note(NoteError::NoKnownSignature));
    assert_eq!(Checkpoint::open(&note, NAME, &[signer(8).verifier()]), other);
    assert_eq!(Checkpoint::open(&note, NAME, &[]), other);
}

#[test]
fn a_checkpoint_of_another_journal_is_refused() {
    let refused =
        Checkpoint::open(&checkpoint(5).sign(&signer(7)).unwrap(), "example.org/other", &[signer(7).verifier()]);
    assert_eq!(refused, Err(CheckpointError::Origin { expected: "example.org/other".into(), found: NAME.into() }));
}

#[test]
fn texts_that_are_not_checkpoints_are_refused() {
    let root = sha256(b"").to_base64();
    for text in [
        String::new(),
        "a".into(),
        format!("\n5\n{root}\n"),
        format!("a\n05\n{root}\n"),
        format!("a\n+5\n{root}\n"),
        format!("a\n-5\n{root}\n"),
        format!("a\n 5\n{root}\n"),
        format!("a\n18446744073709551616\n{root}\n"),
        format!("a\n5\n{}\n", &root[1..]),
        format!("a\n5\n{root}"),
        format!("a\n5\n{root}\n\n"),
        format!("a\n5\n{root}\nextension\n\n"),
        "a\n5\n".into(),
    ] {
        assert!(Checkpoint::parse_text(&text).is_err(), "{text:?}");
    }
    assert!(Checkpoint::parse_text(&format!("a\n18446744073709551615\n{root}\nextension\n")).is_ok());
    assert!(Checkpoint::parse_text(&format!("a\n0\n{root}\n")).is_ok());
}

#[test]
fn notes_beyond_the_limits_are_refused() {
    let ours = signer(7);
    let note = checkpoint(5).sign(&ours).unwrap();
    let line = note.lines().last().unwrap();
    let with = |count: usize| format!("{}\n{}", checkpoint(5).text(), format!("{line}\n").repeat(count));
    assert!(note::open(&with(SIGNATURES_MAX), &[ours.verifier()]).is_ok());
    assert!(matches!(note::open(&with(SIGNATURES_MAX + 1), &[ours.verifier()]), Err(NoteError::Malformed(_))));
    let long = format!("{}\n", "a".repeat(note::NOTE_BYTES_MAX));
    assert!(matches!(ours.sign(&long), Err(NoteError::Malformed(_))));
    assert!(matches!(note::open(&format!("{long}\n{line}\n"), &[ours.verifier()]), Err(NoteError::Malformed(_))));
}

#[test]
fn keys_with_a_wrong_part_are_refused() {
    let good = signer(7).verifier().to_text();
    assert_eq!(NoteVerifier::parse(&good).unwrap().to_text(), good);
    let parts: Vec<&str> = good.splitn(3, '+').collect();
    for bad in [
        String::new(),
        parts[0].to_owned(),
        format!("{}+{}", parts[0], parts[1]),
        format!("+{}+{}", parts[1], parts[2]),
        format!("two words+{}+{}", parts[1], parts[2]),
        format!("other+{}+{}", parts[1], parts[2]),
        format!("{}+00000000+{}", parts[0], parts[2]),
        format!("{}+{}+AAAA", parts[0], parts[1]),
        format!("{}+{}+!", parts[0], parts[1]),
    ] {
        assert!(matches!(NoteVerifier::parse(&bad), Err(NoteError::Key(_))), "{bad}");
    }
    assert!(NoteSigner::from_seed("", &[0; 32]).is_err());
    assert!(NoteSigner::from_seed("a b", &[0; 32]).is_err());
    assert!(NoteSigner::from_seed("a+b", &[0; 32]).is_err());
}

#[test]
fn a_signer_does_not_show_its_seed() {
    let shown = format!("{:?}", signer(7));
    assert!(shown.contains(NAME) && !shown.contains("7, 7") && !shown.contains(&BASE64.encode([7; 32])));
}

proptest! {
    #[test]
    fn any_single_byte_changed_in_a_signed_checkpoint_is_refused(place in any::<prop::sample::Index>(), to in any::<u8>()) {
        let note = checkpoint(1_234).sign(&signer(7)).unwrap().into_bytes();
        let mut changed = note.clone();
        let place = place.index(note.len());
        prop_assume!(changed[place] != to);
        changed[place] = to;
        if let Ok(text) = String::from_utf8(changed) {
            prop_assert!(Checkpoint::open(&text, NAME, &[signer(7).verifier()]).is_err(), "{text}");
        }
    }

    #[test]
    fn arbitrary_text_never_panics_and_is_refused_where_another_implementation_refuses(text in "\\PC{0,40}\n?(\n|\u{2014} [a-z]{0,3} [A-Za-z0-9+/=]{0,12}\n){0,4}") {
        let ours = note::open(&text, &[signer(7).verifier()]);
        prop_assert!(ours.is_err());
        let _ = Checkpoint::parse_unverified(&text);
        let _ = NoteVerifier::parse(&text);
        let well_formed = Note::from_bytes(text.as_bytes()).is_ok();
        prop_assert!(well_formed || matches!(ours, Err(NoteError::Malformed(_))), "{ours:?}");
    }
}
