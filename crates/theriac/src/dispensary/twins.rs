//! What arrived before: so that one electronic prescription becomes one record, however often it is sent.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use theriac_pharmacy::{ArchiveDigest, PrescriptionNumber, Twin};
use theriac_store::{Store, StoreError};

/// Most numbers that are taken as passed over at one place; a longer gap stays, and is no reason to fill the memory.
const PASSED_MAX: usize = 1_000;

/// Sender and order number.
type Order = (String, String);

#[derive(Default)]
struct Known {
    bytes: HashMap<ArchiveDigest, PrescriptionNumber>,
    orders: HashMap<Order, PrescriptionNumber>,
    last: u64,
    /// Numbers below `last` that no prescription has: claimed for what was then not accepted. They are given out again, so
    /// that prescriptions are numbered without gaps.
    free: BTreeSet<u64>,
}

/// The prescriptions accepted so far, by what makes a twin, and the next number.
#[derive(Default)]
pub(crate) struct Twins(Mutex<Known>);

/// A number that was given out for a message, held until it is accepted or given back.
pub(crate) struct Claim {
    pub(crate) number: PrescriptionNumber,
    pub(crate) twin: Twin,
}

/// The count in a number.
fn count(number: &PrescriptionNumber) -> u64 {
    number.as_str().parse().unwrap_or(0)
}

fn number(count: u64) -> PrescriptionNumber {
    // INVARIANT: seven to twenty digits are a prescription number.
    PrescriptionNumber::parse(&format!("{count:07}")).unwrap_or_else(|_| unreachable!("digits only"))
}

impl Twins {
    /// Fills it from the store.
    pub(crate) fn load(&self, store: &Store) -> Result<(), StoreError> {
        let rows = store
            .query("SELECT number, archived, sender, order_number FROM received WHERE verdict = 'accepted'", &[])?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            let Ok(found) = PrescriptionNumber::parse(row.text(0)?) else { continue };
            let taken = count(&found);
            // Numbers that are passed over are free unless a later row has them.
            let passed = (known.last + 1..taken).take(PASSED_MAX);
            known.free.extend(passed);
            known.free.remove(&taken);
            known.last = known.last.max(taken);
            if let Ok(digest) = ArchiveDigest::parse(row.text(1)?) {
                known.bytes.insert(digest, found.clone());
            }
            let order = (row.text(2)?.to_owned(), row.text(3)?.to_owned());
            if !order.1.is_empty() {
                known.orders.insert(order, found);
            }
        }
        Ok(())
    }

    /// Claims a number for a message, unless the same was accepted, or is being accepted, before.
    pub(crate) fn claim(&self, digest: ArchiveDigest, sender: &str, order: Option<&str>) -> Claim {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.bytes.get(&digest) {
            return Claim { number: found.clone(), twin: Twin::SameBytes(found.clone()) };
        }
        let order = order.map(|order| (sender.to_owned(), order.to_owned()));
        if let Some(found) = order.as_ref().and_then(|order| known.orders.get(order)) {
            return Claim { number: found.clone(), twin: Twin::SameOrder(found.clone()) };
        }
        let next = known.free.pop_first().unwrap_or(known.last + 1);
        known.last = known.last.max(next);
        let claimed = number(next);
        known.bytes.insert(digest, claimed.clone());
        if let Some(order) = order {
            known.orders.insert(order, claimed.clone());
        }
        Claim { number: claimed, twin: Twin::None }
    }

    /// The prescription that was accepted for an order.
    pub(crate) fn of_order(&self, sender: &str, order: &str) -> Option<PrescriptionNumber> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.orders.get(&(sender.to_owned(), order.to_owned())).cloned()
    }

    /// Gives a number back: the message was rejected or could not be recorded.
    pub(crate) fn release(&self, claim: &Claim, digest: ArchiveDigest, sender: &str, order: Option<&str>) {
        if claim.twin != Twin::None {
            return;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.free.insert(count(&claim.number));
        known.bytes.remove(&digest);
        if let Some(order) = order {
            known.orders.remove(&(sender.to_owned(), order.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(n: u8) -> ArchiveDigest {
        ArchiveDigest([n; 32])
    }

    /// Requirements: epcs-pre-10-send-once
    #[test]
    fn the_same_bytes_or_the_same_order_is_a_twin_until_it_is_given_back() {
        let twins = Twins::default();
        let first = twins.claim(digest(1), "D", Some("7"));
        assert_eq!(first.twin, Twin::None);
        assert_eq!(twins.claim(digest(1), "D", Some("7")).twin, Twin::SameBytes(first.number.clone()));
        assert_eq!(twins.claim(digest(2), "D", Some("7")).twin, Twin::SameOrder(first.number.clone()));
        assert_eq!(twins.claim(digest(3), "E", Some("7")).twin, Twin::None);
        assert_eq!(twins.claim(digest(4), "D", None).twin, Twin::None);
        twins.release(&first, digest(1), "D", Some("7"));
        let again = twins.claim(digest(1), "D", Some("7"));
        assert_eq!(again.twin, Twin::None);
        assert_eq!(again.number, first.number, "a number that no prescription got is given out again");
    }
}
