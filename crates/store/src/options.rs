//! How a store is opened.

use std::sync::Arc;
use std::time::Duration;

use theriac_journal::{NoteSigner, NoteVerifier};

use crate::projection::Projection;

/// When the writer signs a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cadence {
    /// With every transaction, in it.
    EachBatch,
    /// With the first transaction after this much time, and when the store closes.
    AtMostEvery(Duration),
}

/// How a store is opened.
#[derive(Clone)]
pub struct Options {
    /// `sqlite:PATH` or `postgres://...`.
    pub url: String,
    /// The journal's name in its checkpoints, such as `example.org/journal`. Fixed when the store is made.
    pub origin: String,
    /// The checkpoint key. Without it the store can only be read.
    pub signer: Option<Arc<NoteSigner>>,
    /// Other keys whose checkpoints are believed: earlier keys of this deployment, witnesses.
    pub trusted: Vec<NoteVerifier>,
    /// The derived tables.
    pub projections: Vec<Arc<dyn Projection>>,
    /// When checkpoints are signed.
    pub cadence: Cadence,
    /// Most events in one transaction.
    pub batch_events_max: usize,
    /// Most reading connections kept open.
    pub readers_max: usize,
}

impl Options {
    /// The usual settings: a checkpoint in every transaction, at most 1,024 events in one, four readers, no projections.
    pub fn new(url: &str, origin: &str) -> Options {
        Options {
            url: url.to_owned(),
            origin: origin.to_owned(),
            signer: None,
            trusted: Vec::new(),
            projections: Vec::new(),
            cadence: Cadence::EachBatch,
            batch_events_max: 1_024,
            readers_max: 4,
        }
    }

    /// With a checkpoint key.
    #[must_use]
    pub fn signer(mut self, signer: Arc<NoteSigner>) -> Options {
        self.signer = Some(signer);
        self
    }

    /// With one more projection.
    #[must_use]
    pub fn projection(mut self, projection: Arc<dyn Projection>) -> Options {
        self.projections.push(projection);
        self
    }

    /// All keys whose checkpoints are believed.
    pub(crate) fn verifiers(&self) -> Vec<NoteVerifier> {
        self.signer.iter().map(|signer| signer.verifier()).chain(self.trusted.iter().cloned()).collect()
    }
}
