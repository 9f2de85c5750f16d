//! Notes and corrections as layers over the archived original, which itself never changes.

use crate::house::House;
use crate::house::record::{By, Change, Fault};
use theriac_books::{Movement, Stock};
use theriac_law::Moment;
use theriac_model::{Actor, Refusal};
use theriac_pharmacy::{Amend, Event, Note, Pharmacist, Prescription, PrescriptionNumber};

impl House {
    /// Does something with one prescription: loads it, decides, records. A refusal is recorded with the prescription.
    pub(super) fn on_prescription(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        command: &'static str,
        decide: impl FnOnce(&Prescription, Moment) -> Result<Vec<Event>, Refusal>,
    ) -> Result<(), Fault> {
        let at = self.clock.moment();
        let (prescription, version) = self.dispensing_now(number)?;
        let events = match decide(&prescription, at) {
            Ok(events) => events,
            Err(refusal) => {
                self.record_refusal(&prescription, version, command, actor, at, &refusal)?;
                return Err(refusal.into());
            }
        };
        let by = self.at_the_counter(actor, at);
        let name = number.stream();
        let mut change = Change::default().decided_on(&name, version);
        for event in &events {
            change = change.event(&by, &name, event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// Several movements in one act; those of one product after each other.
    pub(crate) fn posting_all(&self, mut change: Change, by: &By<'_>, movements: &[Movement]) -> Result<Change, Fault> {
        let mut stocks: Vec<(String, u64, Stock)> = Vec::new();
        for movement in movements {
            let name = movement.commodity.stream();
            if !stocks.iter().any(|(known, ..)| *known == name) {
                let (stock, version) = self.stock_now(&movement.commodity)?;
                change = change.decided_on(&name, version);
                stocks.push((name.clone(), version, stock));
            }
            let Some((_, _, stock)) = stocks.iter_mut().find(|(known, ..)| *known == name) else { continue };
            for event in
                stock.post(movement, by.at).map_err(|refusal| self.in_own_unit(&movement.commodity, refusal))?
            {
                stock.apply(&event).map_err(|error| Fault::Broken(error.to_string()))?;
                change = change.event(by, &name, &event)?;
            }
        }
        Ok(change)
    }

    /// Adds a layer: one element's value from now on.
    ///
    /// # Errors
    /// By anyone but a pharmacist; the refusals of [`Prescription::amend`].
    pub(crate) fn amend(&self, actor: &Actor, number: &PrescriptionNumber, amend: &Amend) -> Result<(), Fault> {
        self.on_prescription(actor, number, "amend", |prescription, at| {
            let pharmacist = Pharmacist::new(self.pharmacy_person(actor))?;
            prescription.amend(&self.profile, &pharmacist, at, amend)
        })
    }

    /// Adds a note of any kind; a correction names the note that it corrects.
    ///
    /// # Errors
    /// By anyone but a pharmacist; the refusals of [`Prescription::annotate`].
    pub(crate) fn note_on(&self, actor: &Actor, number: &PrescriptionNumber, note: &Note) -> Result<(), Fault> {
        self.on_prescription(actor, number, "annotate", |prescription, at| {
            let pharmacist = Pharmacist::new(self.pharmacy_person(actor))?;
            prescription.annotate(&pharmacist, at, note)
        })
    }
}
