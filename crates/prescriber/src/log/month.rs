//! Months, where they are cut, and when their logs are owed.

use crate::terms::{Deadline, Terms};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::fmt;
use theriac_law::When;
use theriac_model::calendar::days_after;
use theriac_model::{Cite, Edition};

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    first: Date,
}

impl Month {
    /// The month that holds `day`.
    pub fn of(day: Date) -> Self {
        Self { first: day.first_of_month() }
    }

    /// Reads `2026-03`.
    pub fn parse(text: &str) -> Option<Self> {
        let day = (text.len() == 7).then(|| crate::stored::parse_day(&format!("{text}-01"))).flatten()?;
        Some(Self { first: day })
    }

    /// Its first day.
    pub fn first(self) -> Date {
        self.first
    }

    /// Its last day.
    pub fn last(self) -> Date {
        self.first.last_of_month()
    }

    /// The month after; `None` at the end of the calendar.
    pub fn next(self) -> Option<Self> {
        self.first.checked_add(1.month()).ok().map(Self::of)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

/// A month as it was cut for a practitioner: from the first instant inside to the first instant outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// The month.
    pub month: Month,
    /// The name of the practitioner's time zone, for readers.
    pub zone: String,
    /// The first instant inside.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
}

impl Period {
    /// The month in the practitioner's time zone. `before` is where the log of the month before ended, if there was one: a
    /// practitioner who moved to another zone loses no hour between two logs and gets none twice.
    ///
    /// `None` at the end of the calendar.
    pub fn of(month: Month, zone: &TimeZone, name: &str, before: Option<Timestamp>) -> Option<Self> {
        let start =
            |day: Date| zone.to_zoned(day.to_datetime(jiff::civil::Time::midnight())).ok().map(|z| z.timestamp());
        let from = match before {
            Some(instant) => instant,
            None => start(month.first())?,
        };
        Some(Self { month, zone: name.to_owned(), from, until: start(month.next()?.first())? })
    }

    /// Whether an instant is inside.
    pub fn holds(&self, instant: Timestamp) -> bool {
        self.from <= instant && instant < self.until
    }
}

/// A month whose log has to be provided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The month.
    pub month: Month,
    /// From when it can be made: the first instant of the next month at the practitioner's place.
    pub from: Timestamp,
    /// The last day on which it is provided in time. On the first day by the chosen reading of the proposal's "monthly";
    /// this is the last day that the editions allow.
    pub deadline: Option<Deadline>,
}

/// The months whose logs are owed at `now` and were not provided: from the month in which the right to sign began to the
/// last month that is over, or to the month in which the right ended. The oldest comes first.
pub fn owed(
    began: Date,
    ended: Option<Date>,
    provided: &[Month],
    zone: &TimeZone,
    now: Timestamp,
    terms: Terms<'_>,
) -> Vec<Owed> {
    let today = now.to_zoned(zone.clone()).date();
    let last = ended.map(Month::of);
    let mut owed = Vec::new();
    let mut month = Month::of(began);
    while month < Month::of(today) && last.is_none_or(|last| month <= last) {
        let Some(period) = Period::of(month, zone, "", None) else { break };
        if !provided.contains(&month) {
            owed.push(Owed { month, from: period.until, deadline: deadline(month, terms) });
        }
        let Some(next) = month.next() else { break };
        month = next;
    }
    owed
}

/// The last day on which the log of `month` is in time.
pub(crate) fn deadline(month: Month, terms: Terms<'_>) -> Option<Deadline> {
    let first_after = month.next()?.first();
    match terms.bound("log.monthly.days", first_after) {
        Some(bound) => {
            let last = days_after(month.last(), u32::try_from(bound.value).ok()?)?;
            Some(Deadline { due: When::Day(last), cite: bound.cite, edition: bound.edition })
        }
        // The proposal alone: monthly, automatically; by the end of the first day.
        None => Some(Deadline {
            due: When::Day(first_after),
            cite: Cite::of("73 FR 36722, proposed 21 CFR 1311.140(a)"),
            edition: Edition::Proposed2008,
        }),
    }
}
