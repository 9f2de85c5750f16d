//! The tree and its proofs: against published cases, against two other implementations, and against themselves.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a test may read the published cases from disk

use std::collections::HashMap;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use theriac_journal::hash::{empty_root, leaf_hash};
use theriac_journal::{
    Frontier, Hash, NodeReader, TreeError, consistency_proof, inclusion_proof, root_at, verify_consistency,
    verify_inclusion,
};

/// Leaves and stored nodes in memory.
#[derive(Default)]
struct Memory {
    frontier: Frontier,
    nodes: HashMap<(u32, u64), Hash>,
}

impl Memory {
    fn of(size: u64) -> Memory {
        let mut memory = Memory::default();
        for n in 0..size {
            memory.push(leaf(n));
        }
        memory
    }

    fn push(&mut self, leaf: Hash) {
        self.nodes.insert((0, self.frontier.size()), leaf);
        let nodes = &mut self.nodes;
        self.frontier.push(leaf, &mut |node| {
            assert!(nodes.insert((node.tile_level, node.index), node.hash).is_none(), "a node is stored once");
        });
    }
}

impl NodeReader for Memory {
    fn read(&self, tile_level: u32, first: u64, count: usize) -> Result<Vec<Hash>, TreeError> {
        Ok((first..).take(count).map_while(|index| self.nodes.get(&(tile_level, index)).copied()).collect())
    }
}

fn leaf(n: u64) -> Hash {
    leaf_hash(&n.to_be_bytes())
}

/// The hash in a case; `None` when it does not have 32 bytes, which is refused before any proof is looked at.
fn base64(value: &serde_json::Value) -> Option<Hash> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(value.as_str().unwrap()).unwrap();
    Hash::from_slice(&bytes)
}

/// The published cases of `kind`, or `None` with a line when they are not there.
fn cases(kind: &str) -> Option<Vec<serde_json::Value>> {
    let path = format!("{}/../../../shared/data/real/crypto/rfc6962/{kind}.json", env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {path} is not there");
        return None;
    };
    let list: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert!(list.len() > 40, "all published cases are there");
    Some(list)
}

fn hashes(case: &serde_json::Value) -> Option<Vec<Hash>> {
    case["proof"].as_array().map_or(Some(Vec::new()), |list| list.iter().map(base64).collect())
}

#[test]
fn published_inclusion_proofs_hold_or_fail_as_they_must() {
    for item in cases("inclusion").unwrap_or_default() {
        let case = &item["case"];
        let (index, size) = (case["leafIdx"].as_u64().unwrap(), case["treeSize"].as_u64().unwrap());
        let outcome = || {
            let (leaf, root) = (base64(&case["leafHash"])?, base64(&case["root"])?);
            verify_inclusion(index, size, leaf, &hashes(case)?, root).ok()
        };
        assert_eq!(outcome().is_none(), case["wantErr"].as_bool().unwrap(), "{}", item["file"]);
    }
}

#[test]
fn published_consistency_proofs_hold_or_fail_as_they_must() {
    for item in cases("consistency").unwrap_or_default() {
        let case = &item["case"];
        let (old, new) = (case["size1"].as_u64().unwrap(), case["size2"].as_u64().unwrap());
        let outcome = || {
            let (old_root, new_root) = (base64(&case["root1"])?, base64(&case["root2"])?);
            verify_consistency(old, new, old_root, new_root, &hashes(case)?).ok()
        };
        assert_eq!(outcome().is_none(), case["wantErr"].as_bool().unwrap(), "{}", item["file"]);
    }
}

#[test]
fn every_proof_in_every_small_tree_is_that_of_another_implementation() {
    let mut theirs = MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
    let mut ours = Memory::default();
    for size in 1..=70u64 {
        theirs.push((size - 1).to_be_bytes().to_vec());
        ours.push(leaf(size - 1));
        assert_eq!(ours.frontier.root().0.as_slice(), theirs.root().as_bytes().as_slice());
        for index in 0..size {
            let proof: Vec<u8> = inclusion_proof(&ours, index, size).unwrap().iter().flat_map(|hash| hash.0).collect();
            assert_eq!(proof, theirs.prove_inclusion(usize::try_from(index).unwrap()).as_bytes());
        }
        for old in 1..size {
            let proof: Vec<u8> = consistency_proof(&ours, old, size).unwrap().iter().flat_map(|hash| hash.0).collect();
            let additions = usize::try_from(size - old).unwrap();
            assert_eq!(proof, theirs.prove_consistency(additions).as_bytes(), "{old} to {size}");
        }
    }
}

/// Hashes of a tree in the other implementation's numbering.
struct Theirs(Vec<tlog_tiles::Hash>);

impl tlog_tiles::HashReader for Theirs {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|index| self.0[usize::try_from(*index).unwrap()]).collect())
    }
}

#[test]
fn a_tree_over_several_stored_levels_is_that_of_another_implementation() {
    let size = 66_000u64;
    let ours = Memory::of(size);
    let mut theirs = Theirs(Vec::new());
    for n in 0..size {
        let new = tlog_tiles::stored_hashes(n, &n.to_be_bytes(), &theirs).unwrap();
        theirs.0.extend(new);
    }
    for at in [1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, size] {
        assert_eq!(root_at(&ours, at).unwrap().0, tlog_tiles::tree_hash(at, &theirs).unwrap().0, "root at {at}");
    }
    for index in [0, 255, 256, 40_000, 65_535, 65_536, size - 1] {
        let proof: Vec<[u8; 32]> = inclusion_proof(&ours, index, size).unwrap().iter().map(|hash| hash.0).collect();
        let other: Vec<[u8; 32]> =
            tlog_tiles::prove_record(size, index, &theirs).unwrap().iter().map(|hash| hash.0).collect();
        assert_eq!(proof, other, "inclusion of {index}");
    }
    for old in [1, 256, 40_001, 65_536, size - 1] {
        let proof: Vec<[u8; 32]> = consistency_proof(&ours, old, size).unwrap().iter().map(|hash| hash.0).collect();
        let other: Vec<[u8; 32]> =
            tlog_tiles::prove_tree(size, old, &theirs).unwrap().iter().map(|hash| hash.0).collect();
        assert_eq!(proof, other, "consistency of {old}");
    }
}

#[test]
fn a_tree_loaded_from_its_stored_nodes_goes_on_like_the_one_that_was_never_closed() {
    for size in [0, 1, 2, 3, 255, 256, 257, 700, 65_536, 65_800] {
        let mut open = Memory::of(size);
        let mut loaded = Frontier::load(size, &open).unwrap();
        assert_eq!(loaded, open.frontier, "at {size}");
        let mut stored = Vec::new();
        for n in size..size + 300 {
            open.push(leaf(n));
            loaded.push(leaf(n), &mut |node| stored.push(node));
        }
        assert_eq!(loaded.root(), open.frontier.root());
        assert!(stored.iter().all(|node| open.nodes.get(&(node.tile_level, node.index)) == Some(&node.hash)));
    }
}

#[test]
fn a_missing_node_is_named() {
    let mut memory = Memory::of(600);
    memory.nodes.remove(&(0, 599));
    assert_eq!(inclusion_proof(&memory, 598, 600), Err(TreeError::Missing { tile_level: 0, index: 599 }));
    memory.nodes.remove(&(1, 1));
    assert_eq!(root_at(&memory, 512), Err(TreeError::Missing { tile_level: 1, index: 1 }));
}

#[test]
fn proofs_outside_the_tree_are_refused() {
    let memory = Memory::of(3);
    assert!(inclusion_proof(&memory, 2, 3).is_ok());
    assert_eq!(inclusion_proof(&memory, 3, 3), Err(TreeError::Outside { index: 3, size: 3 }));
    assert!(consistency_proof(&memory, 3, 3).unwrap().is_empty());
    assert_eq!(consistency_proof(&memory, 4, 3), Err(TreeError::Outside { index: 4, size: 3 }));
    assert_eq!(root_at(&memory, 0).unwrap(), empty_root());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn proofs_hold_and_fail_once_anything_in_them_is_changed(size in 2u64..1_500, a in any::<u64>(), b in any::<u64>(), bit in 0usize..256) {
        let memory = Memory::of(size);
        let (index, old) = (a % size, 1 + b % (size - 1));
        let (root, old_root) = (root_at(&memory, size).unwrap(), root_at(&memory, old).unwrap());
        let proof = inclusion_proof(&memory, index, size).unwrap();
        prop_assert!(verify_inclusion(index, size, leaf(index), &proof, root).is_ok());
        let link = consistency_proof(&memory, old, size).unwrap();
        prop_assert!(verify_consistency(old, size, old_root, root, &link).is_ok());

        let flip = |hash: &Hash| { let mut bytes = hash.0; bytes[bit / 8] ^= 1 << (bit % 8); Hash(bytes) };
        prop_assert!(verify_inclusion(index, size, flip(&leaf(index)), &proof, root).is_err());
        prop_assert!(verify_inclusion((index + 1) % size, size, leaf(index), &proof, root).is_err());
        prop_assert!(verify_consistency(old, size, flip(&old_root), root, &link).is_err());
        prop_assert!(verify_consistency(old, size, old_root, flip(&root), &link).is_err());
        for place in 0..proof.len() {
            let mut bad = proof.clone();
            bad[place] = flip(&bad[place]);
            prop_assert!(verify_inclusion(index, size, leaf(index), &bad, root).is_err());
        }
        for place in 0..link.len() {
            let mut bad = link.clone();
            bad[place] = flip(&bad[place]);
            prop_assert!(verify_consistency(old, size, old_root, root, &bad).is_err());
        }
    }
}
