//! Refused answers of passkeys: anybody can send them without being known, so they are counted, and one record a minute and
//! person says how many there were.

use super::SignInEvent;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// For how long refusals are counted before they are recorded.
const FOLDED: SignedDuration = SignedDuration::from_mins(1);

/// One refused answer.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub(super) credential: String,
    pub(super) code: String,
}

struct Counted {
    since: Timestamp,
    /// Refusals since the last record.
    times: u64,
    last: Refused,
}

/// Refusals that are not recorded yet, by person. Only people of the deployment stand here, so it stays small.
#[derive(Default)]
pub(super) struct Refusals(Mutex<HashMap<String, Counted>>);

fn event(person: &str, of: Refused, times: u64) -> SignInEvent {
    SignInEvent::Refused { person: person.to_owned(), credential: of.credential, code: of.code, times }
}

impl Refusals {
    /// Counts a refusal. The first one of a minute is recorded at once, with those that were counted before it.
    pub(super) fn count(&self, person: &str, refused: Refused, now: Timestamp) -> Option<SignInEvent> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counted) = all.get_mut(person)
            && now.duration_since(counted.since).abs() < FOLDED
        {
            counted.times = counted.times.saturating_add(1);
            counted.last = refused;
            return None;
        }
        let fresh = Counted { since: now, times: 0, last: refused.clone() };
        let before = all.insert(person.to_owned(), fresh).map_or(0, |counted| counted.times);
        Some(event(person, refused, before.saturating_add(1)))
    }

    /// The records of minutes that are over.
    pub(super) fn over(&self, now: Timestamp) -> Vec<(String, SignInEvent)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over: Vec<String> = all
            .iter()
            .filter(|(_, counted)| now.duration_since(counted.since).abs() >= FOLDED)
            .map(|(person, _)| person.clone())
            .collect();
        let taken = over.into_iter().filter_map(|person| all.remove_entry(&person));
        taken
            .filter(|(_, counted)| counted.times > 0)
            .map(|(person, counted)| {
                let event = event(&person, counted.last, counted.times);
                (person, event)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).expect("an instant")
    }

    fn times(event: &SignInEvent) -> u64 {
        match event {
            SignInEvent::Refused { times, .. } => *times,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_thousand_refusals_in_a_minute_are_two_records_and_none_is_lost() {
        let refusals = Refusals::default();
        let refused = || Refused { credential: "c".into(), code: "X".into() };
        let mut recorded: Vec<u64> = Vec::new();
        for n in 0..1_000 {
            recorded.extend(refusals.count("brook", refused(), at(n / 20)).iter().map(times));
        }
        assert_eq!(recorded, [1], "the first is seen at once");
        assert!(refusals.over(at(59)).is_empty());
        let over: Vec<u64> = refusals.over(at(60)).iter().map(|(_, event)| times(event)).collect();
        assert_eq!(over, [999]);
        assert!(refusals.over(at(600)).is_empty());
        assert_eq!(refusals.count("brook", refused(), at(601)).as_ref().map(times), Some(1));
        assert_eq!(refusals.count("brook", refused(), at(602)).as_ref().map(times), None);
        assert_eq!(refusals.count("brook", refused(), at(661)).as_ref().map(times), Some(2));
        assert_eq!(refusals.count("ada", refused(), at(661)).as_ref().map(times), Some(1), "each person's own");
    }
}
