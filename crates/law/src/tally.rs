//! What has been dispensed so far, and what a prescription allows in all.

use crate::facts::{Act, Prescription};
use crate::vocab::HistoryKind;

/// The units dispensed, the face quantity, and the refills that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    face: u64,
    refills: u64,
    dispensed: u64,
}

impl Tally {
    /// Counts `history`. An entry without quantity stands for the full face amount (21 CFR 1306.22(d)).
    pub(crate) fn of(prescription: &Prescription, history: &[Act], refills: u64) -> Self {
        let face = prescription.quantity.max(1);
        let dispensed = history
            .iter()
            .filter(|act| matches!(act.kind, HistoryKind::Fill | HistoryKind::Refill | HistoryKind::Partial))
            .fold(0_u64, |sum, act| sum.saturating_add(act.quantity.unwrap_or(face).saturating_mul(act.count)));
        Self { face, refills, dispensed }
    }

    /// Units allowed in all: the face quantity once and once more for each refill.
    pub(crate) fn allowed(self) -> u64 {
        self.face.saturating_mul(self.refills.saturating_add(1))
    }

    /// Units still allowed.
    pub(crate) fn remaining(self) -> u64 {
        self.allowed().saturating_sub(self.dispensed)
    }

    /// Units dispensed.
    pub(crate) fn dispensed(self) -> u64 {
        self.dispensed
    }

    /// Refills used: each full face quantity after the first uses one.
    pub(crate) fn refills_used(self) -> u64 {
        (self.dispensed / self.face).saturating_sub(1)
    }

    /// Refills left.
    pub(crate) fn refills_left(self) -> u64 {
        self.refills.saturating_sub(self.refills_used())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::{Form, Schedule};
    use jiff::civil::date;

    fn check(units: &[u64], left: u64, remaining: u64) {
        let prescription = Prescription::new(Schedule::III, Form::Paper, date(2021, 2, 1), 30);
        let history: Vec<_> =
            units.iter().map(|units| Act::of(HistoryKind::Partial, date(2021, 2, 1), *units)).collect();
        let tally = Tally::of(&prescription, &history, 5);
        assert_eq!((tally.refills_left(), tally.remaining()), (left, remaining), "{units:?}");
    }

    /// Requirements: law-part-ciii-v-not-refills, law-part-ciii-v-first-quantity
    #[test]
    fn a_refill_is_used_up_only_when_a_further_full_quantity_has_gone_out() {
        check(&[], 5, 180);
        check(&[15, 15], 5, 150);
        check(&[15, 15, 15], 5, 135);
        check(&[15, 15, 15, 14], 5, 121);
        check(&[15, 15, 15, 15], 4, 120);
        check(&[15; 12], 0, 0);
        check(&[u64::MAX, 1], 0, 0);
    }

    /// Requirements: law-refill-full-amount-presumed, epcs-1306.22-d
    #[test]
    fn initials_without_an_amount_stand_for_the_full_face_amount() {
        let prescription = Prescription::new(Schedule::III, Form::Paper, date(2021, 2, 1), 60);
        let entry = Act::new(HistoryKind::Fill, date(2021, 2, 1).into());
        assert_eq!(Tally::of(&prescription, &[entry], 0).remaining(), 0);
    }
}
