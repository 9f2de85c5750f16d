//! The only place that reads the time.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::sync::Mutex;
use theriac_law::Moment;

/// The clock of a deployment, with the time zone of its registered location.
#[derive(Debug)]
pub(crate) struct Clock {
    zone: TimeZone,
    source: Source,
}

#[derive(Debug)]
enum Source {
    /// The machine's clock.
    Machine,
    /// A clock that moves only when the demonstration moves it.
    Told(Mutex<Timestamp>),
}

impl Clock {
    /// The machine's clock at a place.
    pub(crate) fn machine(zone: TimeZone) -> Self {
        Self { zone, source: Source::Machine }
    }

    /// A clock that stands at `start` until it is moved.
    pub(crate) fn told(zone: TimeZone, start: Timestamp) -> Self {
        Self { zone, source: Source::Told(Mutex::new(start)) }
    }

    /// Now.
    pub(crate) fn now(&self) -> Timestamp {
        match &self.source {
            Source::Machine => Timestamp::now(),
            Source::Told(now) => *now.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
        }
    }

    /// Now, with the offset of the wall clock at the place.
    pub(crate) fn moment(&self) -> Moment {
        let timestamp = self.now();
        Moment { timestamp, offset: self.zone.to_offset(timestamp) }
    }

    /// The time zone of the place.
    pub(crate) fn zone(&self) -> TimeZone {
        self.zone.clone()
    }

    /// Moves a told clock forward; the machine's clock moves by itself.
    pub(crate) fn advance(&self, by: SignedDuration) {
        if let Source::Told(now) = &self.source {
            let mut now = now.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *now = now.saturating_add(by).unwrap_or(*now);
        }
    }

    /// An instant as the wall clock of the place shows it, to the minute.
    pub(crate) fn wall(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }
}
