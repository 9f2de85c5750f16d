//! The watch over the deployment: practitioners' monthly logs, the daily audits and what they find, notices with their
//! deadlines, outside audits and the gates they hold, and how long records are kept.
//!
//! The prescriber's core decides; here it meets the clock, the journal and the jobs. One round a day makes the logs that are
//! owed and audits both applications; whatever must be told to somebody lands on one list, since no program may send a notice
//! by itself.

pub(crate) mod audits;
mod daily;
mod facts;
mod incidents;
mod logs;
mod notices;
pub(crate) mod papers;
mod reading;
mod retention;
mod round;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use audits::{DEMONSTRATION_AUDIT, Gates, audits_stream};
pub(crate) use incidents::{Visits, incidents_stream};
pub(crate) use logs::in_words as difference_in_words;
pub(crate) use notices::Giving;
pub(crate) use retention::Keeping;
pub(crate) use round::is_of_the_watch;
pub(crate) use table::Signings;

use crate::house::House;
use crate::house::record::{Fault, Recorded, read};
use jiff::{Timestamp, ToSpan as _};
use theriac_model::holidays::federal_holidays_from;
use theriac_prescriber::terms::Terms;

/// A record with its place in the journal.
pub(crate) struct Placed<R> {
    pub(crate) seq: u64,
    pub(crate) at: Timestamp,
    pub(crate) record: R,
}

impl House {
    /// All records of a stream with their places, and the stream's version. What was erased after its retention is passed over.
    pub(crate) fn placed<R: Recorded>(&self, name: &str) -> Result<(Vec<Placed<R>>, u64), Fault> {
        let entries = self.store.stream(name)?;
        let version = entries.last().map_or(0, |entry| entry.version);
        let kept = entries.iter().filter(|entry| entry.body_bytes().is_some());
        let records = kept.map(|entry| {
            let at = Timestamp::from_millisecond(entry.at_ms).map_err(|error| Fault::Broken(error.to_string()))?;
            Ok(Placed { seq: entry.seq, at, record: read(entry)? })
        });
        Ok((records.collect::<Result<_, Fault>>()?, version))
    }

    /// Whatever has to be asked under the law and the calendar: Federal holidays from the year before to two years on.
    pub(crate) fn under_terms<T>(&self, ask: impl FnOnce(Terms<'_>) -> T) -> T {
        let today = self.clock.moment().date();
        let holidays = federal_holidays_from(today.saturating_sub(1.year()), 3);
        ask(Terms { profile: &self.profile, holidays: &holidays })
    }
}
