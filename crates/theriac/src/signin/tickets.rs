//! Ceremonies that wait for a browser's answer, each under a ticket that is used once.

use super::{CITE, random};
use crate::house::record::Fault;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use theriac_model::{Refusal, hex};

/// Ceremonies that wait at most; then those whose time is over give way, and after them the oldest.
const MOST: usize = 1_000;
/// The longest that any ceremony is answered.
const LAPSES: SignedDuration = theriac_pki::webauthn::LAPSES_AFTER;

struct Waits<T> {
    person: String,
    what: T,
    since: Timestamp,
}

/// Ceremonies of one kind.
pub(super) struct Tickets<T>(Mutex<HashMap<String, Waits<T>>>);

impl<T> Default for Tickets<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Tickets<T> {
    /// Keeps a ceremony of `person` under a fresh ticket.
    pub(super) fn keep(&self, person: &str, what: T, now: Timestamp) -> Result<String, Fault> {
        let ticket = hex::encode(&random()?);
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= MOST {
            waiting.retain(|_, one| now.duration_since(one.since).abs() <= LAPSES);
        }
        if waiting.len() >= MOST {
            let oldest = waiting.iter().min_by_key(|(_, one)| one.since).map(|(ticket, _)| ticket.clone());
            oldest.and_then(|ticket| waiting.remove(&ticket));
        }
        waiting.insert(ticket.clone(), Waits { person: person.to_owned(), what, since: now });
        Ok(ticket)
    }

    /// The ceremony of a ticket, with its person.
    ///
    /// # Errors
    /// A ticket that nobody waits for, or that was used.
    pub(super) fn take(&self, ticket: &str) -> Result<(String, T), Fault> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(ticket);
        found.map(|one| (one.person, one.what)).ok_or_else(|| {
            let what = "no answer is being waited for, or it was given already";
            Refusal::new("SIGNIN-NOT-ASKED", CITE, what, "begin again").into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).expect("an instant")
    }

    fn after(milliseconds: usize) -> Timestamp {
        at(0) + SignedDuration::from_millis(i64::try_from(milliseconds).expect("small"))
    }

    #[test]
    fn when_all_places_are_taken_only_the_oldest_gives_way() {
        let tickets = Tickets::default();
        let keep = |n: usize| tickets.keep("brook", n, after(n)).expect("kept");
        let all: Vec<String> = (0..=MOST).map(keep).collect();
        assert!(tickets.take(&all[0]).is_err(), "the oldest made way");
        for (n, ticket) in all.iter().enumerate().skip(1) {
            assert_eq!(tickets.take(ticket).expect("still there").1, n);
            assert!(tickets.take(ticket).is_err(), "once");
        }
    }

    #[test]
    fn ceremonies_whose_time_is_over_give_way_before_those_that_can_still_be_answered() {
        let tickets = Tickets::default();
        let lapsed: Vec<String> = (0..MOST - 1).map(|n| tickets.keep("x", n, at(0)).expect("kept")).collect();
        let live = tickets.keep("brook", MOST, at(300)).expect("kept");
        let new = tickets.keep("brook", MOST, at(301)).expect("kept");
        assert!(tickets.take(&live).is_ok() && tickets.take(&new).is_ok());
        assert!(lapsed.iter().all(|ticket| tickets.take(ticket).is_err()));
    }
}
