//! The same prescription, arrived once more: linked to the one that is here, and never dispensed.

use crate::codec::stored::record;
use crate::event::Event;
use crate::number::ArchiveDigest;
use crate::prescription::Prescription;
use crate::received::Rejected;
use theriac_law::Moment;

/// `rx.twin-arrived`: the record of the first one tells of the second (2008: preamble, section 10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwinArrived {
    /// When.
    pub at: Moment,
    /// Under what the second was archived.
    pub archive: ArchiveDigest,
    /// The second message's identifier; `None` for paper.
    pub message: Option<String>,
}

record! {
    TwinArrived { "at" at, "archive" archive, "message" message, }
}

impl Prescription {
    /// Links a rejected twin to this prescription; nothing when it is no twin of it.
    pub fn twin_arrived(&self, twin: &Rejected) -> Vec<Event> {
        if twin.twin.as_ref() != Some(&self.received.number) {
            return Vec::new();
        }
        let message = twin.source.message().map(|message| message.id.clone());
        vec![Event::TwinArrived(Box::new(TwinArrived { at: twin.at, archive: twin.archive, message }))]
    }

    /// The twins that arrived after it, in order.
    pub fn twins(&self) -> &[TwinArrived] {
        &self.twins
    }
}
