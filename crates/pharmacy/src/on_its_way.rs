//! A transfer between two programs takes time: what was sent is dispensed nowhere until the other pharmacy has said whether it
//! took it in (21 CFR 1306.08(e), (f), 1306.25; 73 FR 36750: one of the two can dispense, never both).

use crate::closing::{Closed, Closing};
use crate::codec::stored::record;
use crate::event::Event;
use crate::hand_over::whole_seconds;
use crate::people::Person;
use crate::prescription::Prescription;
use crate::refusals as refuse;
use crate::transfer::{Leaving, Pharmacy, TransferOut, TransferredOut};
use theriac_law::{Moment, Profile};
use theriac_model::Refusal;

/// `rx.transfer-freed`: the other pharmacy did not take it in; it can be dispensed here again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferFreed {
    /// When.
    pub at: Moment,
    /// Who freed it: a pharmacist, or the program on the other pharmacy's word.
    pub by: Person,
    /// What the other pharmacy said.
    pub why: String,
}

record! {
    TransferFreed { "at" at, "by" by, "why" why, }
}

impl Prescription {
    /// Sends the prescription to another pharmacy that has asked for it. As [`Prescription::transfer_out`], but the record only
    /// waits: nothing is dispensed on it until [`Prescription::taken_in`] or [`Prescription::free`].
    ///
    /// # Errors
    /// Those of [`Prescription::transfer_out`].
    pub fn send_by_transfer(
        &self,
        profile: &Profile,
        pharmacist: &crate::people::Pharmacist,
        at: Moment,
        out: &TransferOut,
        own: &Pharmacy,
    ) -> Result<Leaving, Refusal> {
        let (left, data) = self.leave(profile, pharmacist, at, out, own)?;
        Ok(Leaving { events: vec![Event::TransferSent(Box::new(left))], data })
    }

    /// The other pharmacy took it in, by this pharmacist: it is transferred, and void here.
    ///
    /// # Errors
    /// `PHARM-NOT-ON-ITS-WAY`, `PHARM-TEXT`.
    pub fn taken_in(&self, at: Moment, taken_by: &str) -> Result<Vec<Event>, Refusal> {
        let sent = self.on_its_way.as_ref().ok_or_else(refuse::not_on_its_way)?;
        let receiver = taken_by.trim().to_owned();
        if receiver.is_empty() {
            return Err(refuse::text_missing("receiver"));
        }
        let reason = format!("transferred to {}", sent.to.name.trim());
        let closed =
            Closed { how: Closing::Transferred, at: whole_seconds(at), by: sent.by.clone(), reason, message: None };
        let left = TransferredOut { receiver, ..sent.clone() };
        Ok(vec![Event::TransferredOut(Box::new(left)), Event::Closed(closed)])
    }

    /// The other pharmacy did not take it in: it can be dispensed here again.
    ///
    /// # Errors
    /// `PHARM-NOT-ON-ITS-WAY`, `PHARM-TEXT`.
    pub fn free(&self, by: &Person, at: Moment, why: &str) -> Result<Vec<Event>, Refusal> {
        if self.on_its_way.is_none() {
            return Err(refuse::not_on_its_way());
        }
        let why = why.trim().to_owned();
        if why.is_empty() {
            return Err(refuse::text_missing("why"));
        }
        Ok(vec![Event::TransferFreed(Box::new(TransferFreed { at: whole_seconds(at), by: by.clone(), why }))])
    }

    /// The transfer that was sent, while nobody knows whether it was taken in.
    pub const fn on_its_way(&self) -> Option<&TransferredOut> {
        self.on_its_way.as_ref()
    }

    pub(crate) fn fold_sent_by_transfer(&mut self, sent: &TransferredOut) -> Result<(), &'static str> {
        self.still_open()?;
        self.on_its_way = Some(sent.clone());
        Ok(())
    }

    pub(crate) fn fold_freed(&mut self) -> Result<(), &'static str> {
        self.on_its_way.take().map(|_| ()).ok_or("a transfer is freed that is not on its way")
    }

    pub(crate) fn fold_left(&mut self, left: &TransferredOut) {
        self.on_its_way = None;
        self.transferred_out = Some(left.clone());
    }
}
