//! The pharmacy's archive as people ask for it: prescriptions and dispensings found by practitioner, patient, drug and date,
//! sorted by any of them, and taken away in forms that open anywhere (21 CFR 1304.04(h), 1311.205(b)(11), (12); 2008:
//! 1311.165(f), (g)); what inspectors take with them, how paper is filed, who did what, and what of it looks unusual.
//!
//! Everything shown is read from one table, which is made from the journal; whoever looks or takes away is recorded before
//! anything is handed out.

mod ask;
mod auditable;
mod classes;
mod event;
mod find;
mod monitors;
mod notes;
mod pack;
mod paper;
mod place;
mod receipts;
mod sheet;
pub(crate) mod table;
pub(crate) mod trail;

pub(crate) use ask::{Ask, Group, Sort, Which};
pub(crate) use auditable::{Sighting, attempted};
pub(crate) use classes::ClassReport;
pub(crate) use event::ArchiveEvent;
pub(crate) use find::{Line, PAGE_LINES};
pub(crate) use monitors::{Monitors, Settings};
pub(crate) use notes::{Alert, Pattern};
pub(crate) use pack::extension;
pub(crate) use paper::ToBeFiled;
pub(crate) use place::Kept;
pub(crate) use receipts::BookLine;
pub(crate) use sheet::Format;
pub(crate) use trail::{ActLine, PAGE_ACTS, TrailAsk};

/// The stream of what was looked at and taken away.
pub(crate) const RETRIEVALS: &str = "archive";
