//! Facts about what was entered in a prescription's records.

use crate::read::block;
use crate::vocab::{Carrier, Particular, RefillDocument, RefillSystem, Running};

block! {
    /// An entry, and what it lacks.
    Entered
    required {}
    stated {
        /// What it lacks.
        missing: Vec<Particular> = Vec::new(),
        /// On what it stands; absent when that is in order.
        carrier: Option<Carrier> = None,
        /// The carrier that the pharmacy has chosen for all entries of this kind.
        chosen: Option<Carrier> = None,
        /// An agent of DEA asked for it.
        asked_by_dea: bool = false,
        /// A transmission states refills.
        refills_stated: bool = false,
    }
}

block! {
    /// How the pharmacy keeps its refill information.
    RefillKeeping
    required {}
    stated {
        /// The system that the pharmacy has chosen for paper, fax and oral originals.
        chosen: RefillSystem = RefillSystem::Computer,
        /// The system in which this refill is entered; absent means the right one.
        entered: Option<RefillSystem> = None,
        /// Whether the computer runs.
        running: Running = Running::Up,
        /// Refills of this prescription documented during downtime and not yet entered.
        unentered: u64 = 0,
    }
}

block! {
    /// A day of refills to be closed.
    RefillDay
    required {
        /// The pharmacists who refilled, by name or code.
        pharmacists: Vec<String>,
    }
    stated {
        /// With what they verify the day.
        document: RefillDocument = RefillDocument::Printout,
        /// Those who have signed it.
        signed: Vec<String> = Vec::new(),
    }
}
