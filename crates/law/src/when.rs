//! A point in time as the law counts it: a local calendar day, or an instant with its offset.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use std::cmp::Ordering;
use std::fmt;

/// An instant together with the offset from UTC that the clock on the wall had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The instant.
    pub timestamp: Timestamp,
    /// The offset in force at the place.
    pub offset: Offset,
}

impl Moment {
    /// The local calendar date.
    pub fn date(self) -> Date {
        self.offset.to_datetime(self.timestamp).date()
    }

    /// The moment `hours` of elapsed time later, in the same offset; `None` beyond the calendar's range.
    pub fn hours_later(self, hours: u32) -> Option<Self> {
        let timestamp = self.timestamp.checked_add(jiff::SignedDuration::from_hours(i64::from(hours))).ok()?;
        Some(Self { timestamp, offset: self.offset })
    }

    /// Elapsed seconds since `earlier`; negative when `earlier` is later.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.timestamp.as_second() - earlier.timestamp.as_second()
    }

    /// Reads RFC 3339 with an offset and seconds: `2019-06-06T15:20:00-07:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let shaped =
            text.len() >= 20 && text.as_bytes().get(10) == Some(&b'T') && text.as_bytes().get(16) == Some(&b':');
        let pieces = Pieces::parse(text).ok().filter(|_| shaped && !text.contains('['))?;
        let offset = pieces.to_numeric_offset()?;
        let timestamp = offset.to_timestamp(pieces.date().to_datetime(pieces.time()?)).ok()?;
        Some(Self { timestamp, offset })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.offset.to_datetime(self.timestamp);
        let minutes = self.offset.seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        let minutes = minutes.abs();
        write!(f, "{}T{:02}:{:02}:{:02}", local.date(), local.hour(), local.minute(), local.second())?;
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// A day, or an instant. Rules that count hours need an instant; rules that count days take the local date of either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// A local calendar day.
    Day(Date),
    /// An instant with its offset.
    Instant(Moment),
}

impl When {
    /// The local calendar date.
    pub fn date(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Instant(moment) => moment.date(),
        }
    }

    /// The instant, if one was given.
    pub fn moment(self) -> Option<Moment> {
        match self {
            Self::Day(_) => None,
            Self::Instant(moment) => Some(moment),
        }
    }

    /// Before, with or after `other`: by instant when both are instants, else by local date.
    pub fn order(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Instant(a), Self::Instant(b)) => a.timestamp.cmp(&b.timestamp),
            _ => self.date().cmp(&other.date()),
        }
    }

    /// Reads `YYYY-MM-DD` or what [`Moment::parse`] reads.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() == 10 { parse_date(text).map(Self::Day) } else { Moment::parse(text).map(Self::Instant) }
    }
}

impl From<Date> for When {
    fn from(date: Date) -> Self {
        Self::Day(date)
    }
}

impl From<Moment> for When {
    fn from(moment: Moment) -> Self {
        Self::Instant(moment)
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => date.fmt(f),
            Self::Instant(moment) => moment.fmt(f),
        }
    }
}

/// Reads `YYYY-MM-DD` exactly; `None` for any other shape and for days that do not exist.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(n, byte)| if n == 4 || n == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
    shaped.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_does_not_exist_is_not_read() {
        for text in ["2021-02-29", "2021-13-01", "2021-00-10", "2021-1-01", "20210101", "2021-01-01T10:00:00", "x"] {
            assert_eq!(When::parse(text), None, "{text}");
        }
        assert_eq!(When::parse("2020-02-29").map(When::date), Some(jiff::civil::date(2020, 2, 29)));
    }

    #[test]
    fn an_instant_keeps_its_offset_and_its_local_date() {
        let text = "2010-03-01T22:00:00-07:00";
        let moment = Moment::parse(text).expect("well formed");
        assert_eq!(moment.to_string(), text);
        assert_eq!(moment.date(), jiff::civil::date(2010, 3, 1));
        assert_eq!(moment.hours_later(72).map(|m| m.to_string()).as_deref(), Some("2010-03-04T22:00:00-07:00"));
        assert_eq!(Moment::parse("2010-03-01T22:00:00"), None);
        assert_eq!(Moment::parse("2010-03-01T22:00-07:00").map(|m| m.to_string()), None);
    }
}
