//! Evidence of single entries, and proofs between checkpoints.

use theriac_journal::{Checkpoint, Evidence, Hash, consistency_proof, inclusion_proof};

use crate::error::StoreError;
use crate::read::{self, Nodes};
use crate::store::Store;

impl Store {
    /// The entry with everything that proves it under the newest checkpoint, and its archived pieces. When the newest checkpoint
    /// does not cover the entry yet, one is signed now.
    ///
    /// # Errors
    /// `NoEntry`, `ReadOnly` when a checkpoint is needed and there is no key, or what reading says.
    pub fn prove(&self, seq: u64) -> Result<Evidence, StoreError> {
        let mut note = self.checkpoint()?;
        if covered(note.as_deref())? <= seq {
            if self.size()? <= seq {
                return Err(StoreError::NoEntry(seq));
            }
            note = Some(self.sign_checkpoint()?);
        }
        let checkpoint = note.ok_or(StoreError::NoEntry(seq))?;
        let size = covered(Some(&checkpoint))?;
        let entry = self.entry(seq)?;
        self.read(|tx| {
            let proof = inclusion_proof(&Nodes::new(tx), seq, size)?;
            let pieces = read::pieces(tx, seq)?;
            Ok(Evidence { entry, proof, checkpoint, pieces })
        })
    }

    /// The root of the journal's first `size` entries.
    ///
    /// # Errors
    /// `Tree` when there are fewer.
    pub fn root_at(&self, size: u64) -> Result<Hash, StoreError> {
        self.read(|tx| Ok(theriac_journal::root_at(&Nodes::new(tx), size)?))
    }

    /// The proof that the journal of `old` entries is the beginning of the journal of `new` entries.
    ///
    /// # Errors
    /// `Tree` when `old > new` or `new` is more than there is.
    pub fn prove_consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, StoreError> {
        self.read(|tx| Ok(consistency_proof(&Nodes::new(tx), old, new)?))
    }
}

fn covered(note: Option<&str>) -> Result<u64, StoreError> {
    Ok(note.map(Checkpoint::parse_unverified).transpose()?.map_or(0, |checkpoint| checkpoint.size))
}
