//! What pages show of a prescription.

use crate::annotation::Annotation;
use crate::ask;
use crate::closing::Closed;
use crate::event::Attempt;
use crate::face::{Face, of_smallest_units};
use crate::filling::{Filling, FillingKind};
use crate::prescription::{Opening, Prescription};
use crate::received::Received;
use crate::refills::AddedRefills;
use crate::refusals as refuse;
use theriac_law::{Profile, Reason, Request, When, decide};
use theriac_model::{Element, Need, Quantity, Refusal, Schedule};

/// One element of the prescription, as a page lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElementRow<'a> {
    /// Which.
    pub element: Element,
    /// Its value as received; `None` where a required element is absent.
    pub value: Option<&'a str>,
}

impl Prescription {
    /// What was received.
    pub fn received(&self) -> &Received {
        &self.received
    }

    /// The figures on the face.
    pub const fn face(&self) -> &Face {
        &self.face
    }

    /// Every required element, and every other that is there, in canonical order and unshortened.
    pub fn elements(&self) -> Vec<ElementRow<'_>> {
        let row = |&element: &Element| ElementRow { element, value: self.received.contents.get(element) };
        let shown = |row: &ElementRow<'_>| row.value.is_some() || row.element.need() == Need::Required;
        Element::ALL.iter().map(row).filter(shown).collect()
    }

    /// All fillings in order, also those put back.
    pub fn fillings(&self) -> &[Filling] {
        &self.fillings
    }

    /// The filling with this number.
    pub fn filling(&self, no: u32) -> Option<&Filling> {
        self.fillings.iter().find(|filling| filling.no == no)
    }

    /// The refills that were dispensed and not put back, in order; their number is the total of refills.
    pub fn refills(&self) -> impl Iterator<Item = &Filling> {
        self.fillings.iter().filter(|filling| filling.kind == FillingKind::Refill && filling.stands())
    }

    /// The notes, in order.
    pub fn annotations(&self) -> &[Annotation] {
        &self.annotations
    }

    /// Who opened the record, in order.
    pub fn openings(&self) -> &[Opening] {
        &self.openings
    }

    /// Refills the practitioner added, in order.
    pub fn added(&self) -> &[AddedRefills] {
        &self.added
    }

    /// Acts that were refused, in order.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// How it ended, if it did before it was used up.
    pub const fn closed(&self) -> Option<&Closed> {
        self.closed.as_ref()
    }

    /// What the law still lets one dispense at `at`; `None` when nothing.
    ///
    /// # Errors
    /// The rulebook's refusal to answer.
    pub fn remaining(&self, profile: &Profile, at: impl Into<When>) -> Result<Option<Quantity>, Refusal> {
        let units = self.remaining_units(profile, at)?;
        Ok(of_smallest_units(units, self.face.quantity.unit()))
    }

    /// As [`Prescription::remaining`], in smallest units. Never more than what the face leaves.
    pub(crate) fn remaining_units(&self, profile: &Profile, at: impl Into<When>) -> Result<i64, Refusal> {
        if self.closed.is_some() || self.on_its_way.is_some() {
            return Ok(0);
        }
        let at = at.into();
        if self.part_window_closed(profile, at)? {
            return Ok(0);
        }
        let lawful = ask::number(profile, &self.question(at, Request::RemainingQuantity {}))?;
        let left = self.authorised() - self.used();
        Ok(i64::try_from(lawful).unwrap_or(i64::MAX).min(left).max(0))
    }

    /// Whether the time is over in which the rest of a schedule II prescription could be dispensed on the ground on
    /// which it was split. The rulebook's own look-up does not know that ground and takes the widest.
    fn part_window_closed(&self, profile: &Profile, at: When) -> Result<bool, Refusal> {
        let Some(part) = self.last_part().filter(|_| self.face.schedule == Schedule::II) else { return Ok(false) };
        let request = Request::PartialFill {
            quantity: 1,
            basis: part.basis,
            notation: part.notation,
            remainder_available: true,
            terminal_in_doubt: false,
        };
        let decision = decide(profile, &self.question(at, request)).map_err(|missing| refuse::not_built(&missing))?;
        Ok(decision.reason == Some(Reason::Expired))
    }

    /// How many refills the law still lets one dispense at `at`.
    ///
    /// # Errors
    /// The rulebook's refusal to answer.
    pub fn refills_remaining(&self, profile: &Profile, at: impl Into<When>) -> Result<u32, Refusal> {
        if self.closed.is_some() || self.on_its_way.is_some() {
            return Ok(0);
        }
        let lawful = ask::number(profile, &self.question(at, Request::RefillsRemaining {}))?;
        Ok(u32::try_from(lawful).unwrap_or(u32::MAX))
    }
}
