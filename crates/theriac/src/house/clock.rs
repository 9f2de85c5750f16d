//! The only place that reads the time.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;
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
    /// A clock that moves when the demonstration moves it, and by itself once it is let go.
    Told(Mutex<Told>),
}

#[derive(Debug)]
struct Told {
    stands: Timestamp,
    let_go: Option<Instant>,
}

impl Told {
    fn now(&self) -> Timestamp {
        let since = self
            .let_go
            .map_or(SignedDuration::ZERO, |at| SignedDuration::try_from(at.elapsed()).unwrap_or(SignedDuration::ZERO));
        self.stands.saturating_add(since).unwrap_or(self.stands)
    }
}

fn locked(told: &Mutex<Told>) -> MutexGuard<'_, Told> {
    told.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Clock {
    /// The machine's clock at a place.
    pub(crate) fn machine(zone: TimeZone) -> Self {
        Self { zone, source: Source::Machine }
    }

    /// A clock that stands at `start` until it is moved.
    pub(crate) fn told(zone: TimeZone, start: Timestamp) -> Self {
        Self { zone, source: Source::Told(Mutex::new(Told { stands: start, let_go: None })) }
    }

    /// Now.
    pub(crate) fn now(&self) -> Timestamp {
        match &self.source {
            Source::Machine => Timestamp::now(),
            Source::Told(told) => locked(told).now(),
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
        if let Source::Told(told) = &self.source {
            let mut told = locked(told);
            told.stands = told.stands.saturating_add(by).unwrap_or(told.stands);
        }
    }

    /// Lets a told clock run on by itself.
    pub(crate) fn let_go(&self) {
        if let Source::Told(told) = &self.source {
            locked(told).let_go = Some(Instant::now());
        }
    }

    /// An instant as the wall clock of the place shows it, to the minute.
    pub(crate) fn wall(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }
}
