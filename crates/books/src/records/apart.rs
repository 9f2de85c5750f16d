//! Schedules I and II apart from III to V.

use crate::account::Account;
use crate::commodity::Commodity;
use crate::entry::{Document, EntryId};
use crate::event::StockEvent;
use crate::movement::MovementKind;
use crate::words::words;
use jiff::Timestamp;
use theriac_model::{Actor, Schedule};

words! {
    /// A part of the records that is kept apart (21 CFR 1304.04(h)).
    Group {
        /// Schedules I and II.
        TwoAndOne "i-ii",
        /// Schedules III to V.
        ThreeToFive "iii-v",
    }
}

impl Group {
    /// The group of a schedule.
    pub fn of(schedule: Schedule) -> Self {
        if schedule <= Schedule::II { Self::TwoAndOne } else { Self::ThreeToFive }
    }
}

/// One entry of the books as a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordLine<'a> {
    /// The mark that the line carries wherever it is shown: `C-II`.
    pub mark: String,
    /// The product.
    pub commodity: &'a Commodity,
    /// The entry.
    pub entry: EntryId,
    /// What kind of movement.
    pub kind: MovementKind,
    /// Accounts and changes.
    pub lines: Vec<(&'a Account, i64)>,
    /// When it happened.
    pub happened: Timestamp,
    /// Its document.
    pub document: &'a Document,
    /// Who signed.
    pub signers: &'a [Actor],
}

/// The entries of one group that happened after `from` and up to `to`, in the order of the events: all of the group, and
/// none of the other. The schedule is that of the day on which the entry happened.
pub fn apart<'a>(
    events: impl IntoIterator<Item = &'a StockEvent>,
    group: Group,
    (from, to): (Timestamp, Timestamp),
) -> impl Iterator<Item = RecordLine<'a>> {
    events.into_iter().filter_map(move |event| match event {
        StockEvent::Posted { commodity, entry }
            if Group::of(entry.schedule) == group && entry.happened > from && entry.happened <= to =>
        {
            Some(RecordLine {
                mark: format!("C-{}", entry.schedule),
                commodity,
                entry: entry.id,
                kind: entry.kind,
                lines: entry.lines.iter().map(|line| (&line.account, line.change)).collect(),
                happened: entry.happened,
                document: &entry.document,
                signers: &entry.signers,
            })
        }
        _ => None,
    })
}
