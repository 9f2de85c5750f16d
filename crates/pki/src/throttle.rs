//! Wrong answers in a row: waits that grow, then a lock. State and time in, state out.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use theriac_model::Refusal;
use theriac_model::json::{BadField, Reader};

/// How many wrong answers are borne, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// So many wrong answers in a row cost no wait.
    pub free: u32,
    /// The wait after the next one; it doubles with each further.
    pub first_wait: SignedDuration,
    /// No wait is longer.
    pub longest_wait: SignedDuration,
    /// After so many in a row nothing is accepted any more. Never above 100, the most that NIST SP 800-63B allows.
    pub lock_after: u32,
}

impl Patience {
    /// For one-time codes: ten wrong codes in a row lock the device.
    pub const CODES: Self = Self {
        free: 3,
        first_wait: SignedDuration::from_secs(15),
        longest_wait: SignedDuration::from_mins(15),
        lock_after: 10,
    };
    /// For passwords: fifty wrong ones in a row lock the account. Waits make that a day's work.
    pub const PASSWORDS: Self = Self {
        free: 4,
        first_wait: SignedDuration::from_secs(15),
        longest_wait: SignedDuration::from_mins(30),
        lock_after: 50,
    };
}

/// Wrong answers in a row, as recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Throttle {
    failures: u32,
    last: Option<Timestamp>,
}

/// Why no answer is taken now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Until this instant; from it on the next answer is taken.
    Until(Timestamp),
    /// For good, until somebody with the right to do so resets it.
    Locked,
}

impl Held {
    /// The refusal to show and record.
    pub fn refusal(self) -> Refusal {
        const CITE: &str = "21 CFR 1311.115(a); NIST SP 800-63B, 5.2.2";
        match self {
            Self::Until(at) => {
                let what = format!("there were several wrong answers; the next one is taken at {at:.0}");
                Refusal::new("PKI-THROTTLED", CITE, what, "wait until then and answer carefully")
            }
            Self::Locked => Refusal::new(
                "PKI-LOCKED",
                CITE,
                "there were too many wrong answers in a row",
                "report it to an access controller; a locked token is revoked and replaced",
            ),
        }
    }
}

impl Throttle {
    /// Wrong answers in a row so far.
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// Whether an answer is taken at `at`.
    ///
    /// # Errors
    /// [`Held`]: locked, or until when to wait. A clock that went back counts as no time passed.
    pub fn admits(&self, patience: &Patience, at: Timestamp) -> Result<(), Held> {
        if self.failures >= patience.lock_after.min(100) {
            return Err(Held::Locked);
        }
        let Some(last) = self.last else { return Ok(()) };
        let Some(beyond) = self.failures.checked_sub(patience.free.saturating_add(1)) else { return Ok(()) };
        let factor = 1_i32.checked_shl(beyond.min(30)).unwrap_or(i32::MAX);
        let wait = patience.first_wait.checked_mul(factor).unwrap_or(patience.longest_wait);
        let until = last.checked_add(wait.min(patience.longest_wait)).unwrap_or(Timestamp::MAX);
        if at < until { Err(Held::Until(until)) } else { Ok(()) }
    }

    /// After a wrong answer at `at`.
    #[must_use]
    pub fn failed(self, at: Timestamp) -> Self {
        Self { failures: self.failures.saturating_add(1), last: Some(self.last.map_or(at, |last| last.max(at))) }
    }

    /// After a right answer, or a reset by somebody with the right to do so.
    #[must_use]
    pub const fn cleared() -> Self {
        Self { failures: 0, last: None }
    }

    /// The stored form.
    pub fn to_json(&self) -> Value {
        json!({"failures": self.failures, "last": self.last.map(|last| last.to_string())})
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`BadField`].
    pub fn from_json(value: &Value) -> Result<Self, BadField> {
        let reader = Reader(value);
        let bad = || BadField { field: "failures".to_owned(), expected: "a count" };
        let last = match reader.get("last") {
            Some(_) => Some(reader.parsed("last", "an instant", |text| text.parse().ok())?),
            None => None,
        };
        Ok(Self { failures: u32::try_from(reader.whole("failures")?).map_err(|_| bad())?, last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).expect("in the calendar")
    }

    fn after(failures: u32) -> Throttle {
        (0..failures).fold(Throttle::default(), |throttle, _| throttle.failed(at(0)))
    }

    #[test]
    fn three_wrong_codes_are_free_then_waits_double_and_the_tenth_locks() {
        let check = |failures, seconds, expected| {
            let found = after(failures).admits(&Patience::CODES, at(seconds));
            assert_eq!(found, expected, "{failures} wrong, {seconds} s later");
        };
        check(0, 0, Ok(()));
        check(3, 0, Ok(()));
        check(4, 14, Err(Held::Until(at(15))));
        check(4, 15, Ok(()));
        check(5, 29, Err(Held::Until(at(30))));
        check(5, 30, Ok(()));
        check(9, 479, Err(Held::Until(at(480))));
        check(9, 480, Ok(()));
        check(10, 1_000_000, Err(Held::Locked));
        assert_eq!(Throttle::cleared().admits(&Patience::CODES, at(0)), Ok(()));
        let lax = Patience { lock_after: 1_000_000, ..Patience::CODES };
        assert_eq!(after(100).admits(&lax, at(1_000_000)), Err(Held::Locked), "nobody may allow more than a hundred");
        assert_eq!(after(60).admits(&lax, at(900)), Ok(()), "no wait beyond the longest");
    }

    #[test]
    fn a_clock_that_went_back_shortens_no_wait() {
        let throttle = after(4).failed(at(-5000));
        assert_eq!(throttle.admits(&Patience::CODES, at(29)), Err(Held::Until(at(30))));
    }

    proptest! {
        #[test]
        fn the_stored_form_is_read_back(failures in 0_u32..200, seconds in 0_i64..1_000_000) {
            let throttle = Throttle { failures, last: (failures > 0).then(|| at(seconds)) };
            prop_assert_eq!(Throttle::from_json(&throttle.to_json()), Ok(throttle));
        }
    }
}
