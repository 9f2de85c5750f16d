//! Fixed instants.

use jiff::{SignedDuration, Timestamp};

/// The instant at which tests take place unless they say otherwise: Monday, 2 March 2026, 15:00 UTC.
pub fn now() -> Timestamp {
    instant("2026-03-02T15:00:00Z")
}

/// An instant written as RFC 3339 writes it.
///
/// # Panics
/// When the text is no instant.
pub fn instant(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// `seconds` after `at`; negative for before.
///
/// # Panics
/// Beyond the calendar.
pub fn after(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).expect("within the calendar")
}
