//! The Merkle tree of RFC 6962 section 2.1, grown leaf by leaf, with proofs read from stored nodes.
//!
//! Stored nodes come in levels of 256: tile level 0 holds the leaves, tile level 1 the root of every 256 leaves, tile level 2 the
//! root of every 65,536, and so on. A node is stored once its subtree is full and never changes afterwards. Growing the tree
//! keeps one hash for each peak in memory (at most 64); a proof in a tree of a million leaves reads under 800 stored hashes.

use crate::hash::{Hash, empty_root, node_hash};

/// Levels of the tree between two stored levels.
const TILE_HEIGHT: u32 = 8;

/// A node to store: the root of 256^`tile_level` leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TileNode {
    /// 1 for the root of 256 leaves, 2 for 65,536, ...
    pub tile_level: u32,
    /// Counts subtrees of this size from the left, from 0.
    pub index: u64,
    /// The root of that subtree.
    pub hash: Hash,
}

/// Where stored nodes are read from.
pub trait NodeReader {
    /// Returns `count` hashes of `tile_level`, from `first` on. Level 0 are the leaves.
    ///
    /// # Errors
    /// `Unreadable` when storage fails. Returning fewer hashes than asked is noticed by the caller.
    fn read(&self, tile_level: u32, first: u64, count: usize) -> Result<Vec<Hash>, TreeError>;
}

/// Why a tree could not be read or a proof not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The storage behind the [`NodeReader`] failed.
    #[error("tree nodes could not be read: {0}")]
    Unreadable(String),
    /// A node that must exist is not there.
    #[error("tree node {index} of tile level {tile_level} is missing; run the journal check")]
    Missing {
        /// Level of the missing node.
        tile_level: u32,
        /// Its index.
        index: u64,
    },
    /// The question does not fit the tree.
    #[error("a proof was asked for position {index} in a tree of {size}; ask for a position inside it")]
    Outside {
        /// What was asked for.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
}

/// The right edge of a growing tree: all that is needed to append and to know the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// Roots of the perfect subtrees that make up the tree, largest first: one for each 1 bit of `size`.
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The tree without leaves.
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// The tree of `size` leaves whose nodes `reader` holds.
    ///
    /// # Errors
    /// What the reader says, or `Missing`.
    pub fn load(size: u64, reader: &dyn NodeReader) -> Result<Frontier, TreeError> {
        let mut peaks = Vec::new();
        let mut start = 0;
        for level in (0..u64::BITS).rev() {
            let width = 1u64 << level;
            if size & width != 0 {
                peaks.push(subtree(reader, level, start >> level)?);
                start += width;
            }
        }
        Ok(Frontier { size, peaks })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf and calls `store` for each tile node that became full.
    pub fn push(&mut self, leaf: Hash, store: &mut dyn FnMut(TileNode)) {
        let mut hash = leaf;
        let mut level = 0;
        while self.size & (1 << level) != 0 {
            let Some(left) = self.peaks.pop() else { break };
            hash = node_hash(left, hash);
            level += 1;
            if level % TILE_HEIGHT == 0 {
                store(TileNode { tile_level: level / TILE_HEIGHT, index: self.size >> level, hash });
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root over all leaves.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return empty_root() };
        peaks.fold(*last, |right, left| node_hash(*left, right))
    }
}

/// The root of the perfect subtree of `2^level` leaves with the given index.
fn subtree(reader: &dyn NodeReader, level: u32, index: u64) -> Result<Hash, TreeError> {
    let (tile_level, above) = (level / TILE_HEIGHT, level % TILE_HEIGHT);
    let (first, count) = (index << above, 1usize << above);
    let mut hashes = reader.read(tile_level, first, count)?;
    if hashes.len() != count {
        return Err(TreeError::Missing { tile_level, index: first.saturating_add(hashes.len() as u64) });
    }
    while hashes.len() > 1 {
        hashes = hashes.chunks_exact(2).map(|pair| node_hash(pair[0], pair[1])).collect();
    }
    hashes.first().copied().ok_or(TreeError::Missing { tile_level, index: first })
}

/// MTH over leaves `start..end`, where `start` is a multiple of the largest power of two below the range's length.
fn range_root(reader: &dyn NodeReader, start: u64, end: u64) -> Result<Hash, TreeError> {
    let length = end - start;
    if length == 0 {
        return Ok(empty_root());
    }
    if length.is_power_of_two() {
        let level = length.trailing_zeros();
        return subtree(reader, level, start >> level);
    }
    let split = start + split_of(length);
    Ok(node_hash(range_root(reader, start, split)?, range_root(reader, split, end)?))
}

/// RFC 6962: the largest power of two smaller than `length`, which is at least 2.
fn split_of(length: u64) -> u64 {
    1 << (length - 1).ilog2()
}

/// The root that the tree had at `size` leaves.
///
/// # Errors
/// What the reader says, or `Missing`.
pub fn root_at(reader: &dyn NodeReader, size: u64) -> Result<Hash, TreeError> {
    range_root(reader, 0, size)
}

/// RFC 6962 section 2.1.1: the proof that leaf `index` is in the tree of `size` leaves.
///
/// # Errors
/// `Outside` when `index >= size`; otherwise what the reader says, or `Missing`.
pub fn inclusion_proof(reader: &dyn NodeReader, index: u64, size: u64) -> Result<Vec<Hash>, TreeError> {
    if index >= size {
        return Err(TreeError::Outside { index, size });
    }
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let split = start + split_of(end - start);
        if index < split {
            path.push(range_root(reader, split, end)?);
            end = split;
        } else {
            path.push(range_root(reader, start, split)?);
            start = split;
        }
    }
    path.reverse();
    Ok(path)
}

/// RFC 6962 section 2.1.2: the proof that the tree of `old` leaves is the beginning of the tree of `new` leaves.
/// It is empty when `old` is 0 or equal to `new`.
///
/// # Errors
/// `Outside` when `old > new`; otherwise what the reader says, or `Missing`.
pub fn consistency_proof(reader: &dyn NodeReader, old: u64, new: u64) -> Result<Vec<Hash>, TreeError> {
    if old > new {
        return Err(TreeError::Outside { index: old, size: new });
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let (mut start, mut end) = (0, new);
    let mut path = Vec::new();
    // INVARIANT: start < old <= end, so the loop ends when `start..end` is a whole subtree of the old tree.
    while old < end {
        let split = start + split_of(end - start);
        if old <= split {
            path.push(range_root(reader, split, end)?);
            end = split;
        } else {
            path.push(range_root(reader, start, split)?);
            start = split;
        }
    }
    if start != 0 {
        path.push(range_root(reader, start, end)?);
    }
    path.reverse();
    Ok(path)
}
