//! The record that its keeper cannot change unseen.
//!
//! A journal is a sequence of [`Entry`]s. Each entry becomes one leaf of an RFC 6962 Merkle tree ([`tree`], [`proof`]); the
//! tree's root is signed from time to time in the C2SP checkpoint form ([`Checkpoint`], [`note`]). Whoever keeps a copy of one
//! checkpoint (a witness) can later see that nothing before it was edited, dropped, inserted, reordered or back-dated
//! ([`verifier`]), and one entry can leave the house with everything that proves it ([`Evidence`]).
//!
//! This crate works over bytes. It knows no pharmacy, no disk, no clock and no randomness: salts and keys are handed in.

mod bytes;
pub mod checkpoint;
pub mod entry;
pub mod evidence;
pub mod hash;
pub mod link;
pub mod note;
pub mod proof;
pub mod tree;
pub mod verifier;

pub use checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
pub use entry::{Body, Entry, EntryError};
pub use evidence::{Evidence, EvidenceError, Verified, verify_evidence};
pub use hash::Hash;
pub use link::{Link, LinkKind, Piece};
pub use note::{NoteError, NoteSigner, NoteVerifier};
pub use proof::{ProofError, verify_consistency, verify_inclusion};
pub use tree::{Frontier, NodeReader, TileNode, TreeError, consistency_proof, inclusion_proof, root_at};
pub use verifier::{BadEntry, Notice, Recorded, Report, Verifier, Where, Wrong};
