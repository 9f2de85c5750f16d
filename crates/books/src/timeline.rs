//! One account over business time: what it held at every moment, whenever that was written down.

use std::collections::BTreeMap;

/// The changes of an account by the second in which they happened. What happened in one second counts together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Timeline {
    changes: BTreeMap<i64, i64>,
    balance: i64,
}

impl Timeline {
    /// What the account holds after everything that is known.
    pub(crate) const fn balance(&self) -> i64 {
        self.balance
    }

    /// What it held at the end of the second `at`, as far as is known now.
    pub(crate) fn at(&self, at: i64) -> i64 {
        self.changes.range(at.saturating_add(1)..).rev().fold(self.balance, |held, (_, change)| held - change)
    }

    /// The least that it held at the end of `at` or of any later second, and the first second in which it held no more.
    pub(crate) fn least_from(&self, at: i64) -> (i64, i64) {
        let (mut held, mut least) = (self.balance, (self.balance, i64::MAX));
        for (second, change) in self.changes.range(at.saturating_add(1)..).rev() {
            if held <= least.0 {
                least = (held, *second);
            }
            held -= change;
        }
        if held <= least.0 { (held, at) } else { least }
    }

    /// Records a change. `INVARIANT:` the caller has checked that no balance leaves the exact range.
    pub(crate) fn change(&mut self, at: i64, change: i64) {
        let then = self.changes.entry(at).or_insert(0);
        *then += change;
        if *then == 0 {
            self.changes.remove(&at);
        }
        self.balance += change;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_balance_is_that_of_the_worst_second_from_a_moment_on() {
        let mut line = Timeline::default();
        for (at, change) in [(10, 100), (30, -40), (20, -50), (40, 60)] {
            line.change(at, change);
        }
        for (at, held, least) in [
            (9, 0, (0, 9)),
            (10, 100, (10, 30)),
            (19, 100, (10, 30)),
            (20, 50, (10, 30)),
            (30, 10, (10, 30)),
            (31, 10, (10, 31)),
            (40, 70, (70, 40)),
            (99, 70, (70, 99)),
        ] {
            assert_eq!((line.at(at), line.least_from(at)), (held, least), "{at}");
        }
        assert_eq!(line.balance(), 70);
    }

    #[test]
    fn what_cancels_within_a_second_leaves_nothing_behind() {
        let mut line = Timeline::default();
        line.change(5, 3);
        line.change(5, -3);
        assert_eq!(line, Timeline::default());
    }
}
