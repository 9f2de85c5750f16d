//! The practitioner's log: what was signed in a month, given without being asked, read and acknowledged.
//!
//! (2008: 1311.140(a)) Every month the practitioner gets a log of all electronic prescriptions for controlled substances
//!     issued with the system in the month before. (In force: 1311.120(b)(27)) It is there within seven days.
//!     Chosen reading: on the first day of the month, also when it is empty; months are cut in the practitioner's own time
//!     zone and hold all registrations of the practitioner.
//! (2008: 1311.140(b)) The practitioner indicates that it was received and reviewed: with the log open, and nobody else.
//! (2008: 1311.140(c)) The log as it was provided and the indication are kept.
//! (2008: 1311.140(d)) On request there is a log of all prescriptions transmitted in the previous five years.
//!
//! A log is built from the prescriptions' records alone, names the journal positions it rests on, and can be compared with
//! the journal by anybody ([`proof`]): a signing record of the month that it lacks is found.

mod codec;
mod event;
mod line;
mod month;
pub mod proof;
mod request;
mod shelf;
pub mod unusual;

pub use event::LogEvent;
pub use line::{Fate, Line, Located, gather, prescription_of};
pub use month::{Month, Owed, Period, owed};
pub use request::{Ask, Group, Listing, SortKey, groups, on_request, sorted};
pub use shelf::{Kept, Review, Shelf, Standing};

use theriac_law::Moment;

/// The part of the journal a log rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Entries of the journal that were looked through: positions 0 to `size` - 1.
    pub size: u64,
    /// The root of the journal's tree at that size, in hex.
    pub root: String,
    /// The position of the first signing record in the log.
    pub first: Option<u64>,
    /// The position of the last signing record in the log.
    pub last: Option<u64>,
    /// How many signing records of the practitioner fall into the period.
    pub signings: u64,
}

/// The log of one practitioner for one month, as provided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthlyLog {
    /// The practitioner.
    pub practitioner: String,
    /// The month and where it was cut.
    pub period: Period,
    /// One line for each prescription signed in it, in the order of the journal.
    pub lines: Vec<Line>,
    /// What it rests on.
    pub extent: Extent,
    /// When it was made.
    pub made: Moment,
}

impl MonthlyLog {
    /// The log of `period` from all lines of a practitioner, the journal looked through up to `size`, whose root is `root`.
    pub fn of(practitioner: &str, period: Period, lines: &[Line], size: u64, root: &str, made: Moment) -> Self {
        let mut lines: Vec<Line> =
            lines.iter().filter(|line| line.seq < size && period.holds(line.signed_at)).cloned().collect();
        lines.sort_by_key(|line| line.seq);
        let extent = Extent {
            size,
            root: root.to_owned(),
            first: lines.first().map(|line| line.seq),
            last: lines.last().map(|line| line.seq),
            signings: lines.len() as u64,
        };
        Self { practitioner: practitioner.to_owned(), period, lines, extent, made }
    }

    /// The line of a prescription.
    pub fn line(&self, prescription: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.prescription == prescription)
    }
}
