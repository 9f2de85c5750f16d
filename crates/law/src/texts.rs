//! Texts that the law prescribes word for word, and warnings that it wants shown.

pub use crate::part1304::website::{NOTICE_DECLARATION, OBLIGATION_STATEMENT};
pub use crate::part1314::log::WARNING as LOGBOOK_WARNING;
