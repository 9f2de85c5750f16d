//! Registrant data: what DEA says of registrations, how old that is, and what follows for those who sign.
//!
//! 73 FR 36742: the data may be kept for a week counted from the day on which DEA issued it, not from the download.
//! 1311.135(c) of the proposal: the provider looks at least once a week. Chosen reading: with older data nobody signs.

mod accept;
mod snapshot;
mod sweep;

pub use accept::{Import, Manifest, accept};
pub(crate) use snapshot::rely_on;
pub use snapshot::{Age, Found, Snapshot};
pub use sweep::{Notice, Outcome, Sweep, To, sweep};
