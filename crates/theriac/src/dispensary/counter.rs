//! The counter's acts besides filling: what a pharmacist decides or takes down about a prescription, the hand-over, and what
//! is put back. Every act loads the record, asks the core, and appends in one transaction; a refusal is recorded first.

use crate::house::House;
use crate::house::record::{By, Change, Fault};
use theriac_law::Moment;
use theriac_law::vocab::{Compliance, Status, Word as _};
use theriac_model::{Actor, Refusal};
use theriac_pharmacy::{
    ArchiveDigest, Event, FollowUp, FollowUpDocument, Interns, Pharmacist, PickUp, Premises, Prescription,
    PrescriptionNumber, Source,
};
use theriac_prescriber::audit::Application;
use theriac_store::NewPiece;

/// The oral order that a prescription follows, as the pharmacist enters it.
pub(crate) struct Following {
    pub(crate) authorization: String,
    pub(crate) oral_order: Option<jiff::civil::Date>,
}

/// A paper that was scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Paper {
    pub(crate) media: String,
    pub(crate) bytes: Vec<u8>,
}

impl Paper {
    /// Under what it is archived.
    pub(crate) fn digest(&self) -> ArchiveDigest {
        ArchiveDigest(theriac_journal::hash::sha256(&self.bytes).0)
    }
}

impl House {
    /// This pharmacy's own standing: its application by the audits, its registration by the registrant data. Data that does
    /// not list the pharmacy says nothing against the number in the configuration.
    pub(crate) fn premises(&self) -> Result<Premises, Fault> {
        let application = self.gate_today(Application::Dispensing)?.standing.compliance();
        let today = self.clock.moment().date();
        let registration = self.registrant_row(self.pharmacy).map_or(Status::Valid, |row| {
            let status = Status::from_word(&row.status).unwrap_or(Status::Revoked);
            if status == Status::Valid && today > row.expires { Status::Expired } else { status }
        });
        let cited = self.config.pharmacy.interns_under.as_deref().is_some_and(|text| !text.trim().is_empty());
        let interns = if cited { Interns::MayVerify } else { Interns::NotAllowed };
        Ok(Premises { application, registration, interns })
    }

    /// Whether the audits let this prescription be worked on: while their gate is shut an electronic one waits, and paper,
    /// which needs no application of part 1311, does not (2008: 1311.170(h)).
    pub(super) fn gate_for(&self, prescription: &Prescription) -> Result<Result<(), Refusal>, Fault> {
        let electronic = matches!(prescription.received().source, Source::Message(_));
        let gate = self.gate_today(Application::Dispensing)?;
        Ok(if electronic && gate.standing.compliance() != Compliance::Compliant {
            gate.standing.require()
        } else {
            Ok(())
        })
    }

    /// Does something about a prescription that only a pharmacist does; `decide` is asked once.
    ///
    /// # Errors
    /// What `decide` refuses, which is recorded on the prescription; `PHARM-NOT-A-PHARMACIST`; `PHARM-UNKNOWN`.
    pub(crate) fn at_record(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        command: &'static str,
        decide: impl FnOnce(&Prescription, &Pharmacist, Moment) -> Result<Vec<Event>, Refusal>,
    ) -> Result<(), Fault> {
        self.at_record_with(actor, number, command, None, decide)
    }

    /// As [`House::at_record`], with a paper that is archived and sealed beside the first event.
    ///
    /// # Errors
    /// As [`House::at_record`].
    pub(crate) fn at_record_with(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        command: &'static str,
        paper: Option<&Paper>,
        decide: impl FnOnce(&Prescription, &Pharmacist, Moment) -> Result<Vec<Event>, Refusal>,
    ) -> Result<(), Fault> {
        let at = self.clock.moment();
        let (prescription, version) = self.dispensing_now(number)?;
        let decided =
            Pharmacist::new(self.pharmacy_person(actor)).and_then(|pharmacist| decide(&prescription, &pharmacist, at));
        let events = match decided {
            Ok(events) => events,
            Err(refusal) => {
                self.record_refusal(&prescription, version, command, actor, at, &refusal)?;
                return Err(refusal.into());
            }
        };
        let (name, by) = (number.stream(), self.at_the_counter(actor, at));
        let mut pieces = self.sealed(paper, at)?;
        let mut change = Change::default().decided_on(&name, version);
        for event in &events {
            change = change.with_pieces(&by, &name, event, std::mem::take(&mut pieces))?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// A paper ready for the archive.
    pub(super) fn sealed(&self, paper: Option<&Paper>, at: Moment) -> Result<Vec<NewPiece>, Fault> {
        let Some(paper) = paper else { return Ok(Vec::new()) };
        let seal = self.keys.pharmacy.seal(&paper.bytes, at.timestamp);
        let seal = seal.map_err(|error| Fault::Broken(error.to_string()))?;
        Ok(vec![NewPiece { media: paper.media.clone(), bytes: paper.bytes.clone(), seal }])
    }

    /// Hands a filling over, and answers what the rulebook warns of.
    ///
    /// # Errors
    /// The core's refusal, recorded on the prescription; the audit gate's for an electronic one.
    pub(crate) fn hand_over(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        no: u32,
        pick_up: &PickUp,
    ) -> Result<Vec<Refusal>, Fault> {
        let at = self.clock.moment();
        let (prescription, version) = self.dispensing_now(number)?;
        let pick_up = PickUp { premises: self.premises()?, ..pick_up.clone() };
        let person = self.pharmacy_person(actor);
        let decided =
            self.gate_for(&prescription)?.and_then(|()| prescription.release(&self.profile, no, &pick_up, &person, at));
        let release = match decided {
            Ok(release) => release,
            Err(refusal) => {
                self.record_refusal(&prescription, version, "hand-over", actor, at, &refusal)?;
                return Err(refusal.into());
            }
        };
        let name = number.stream();
        let by = self.at_the_counter(actor, at);
        let mut change = Change::default().decided_on(&name, version);
        for event in &release.moved.events {
            change = change.event(&by, &name, event)?;
        }
        self.posting(change, &by, &release.moved.movement, None)?.0.commit(&self.store)?;
        Ok(release.warnings)
    }

    /// Puts a filling that nobody collected back on the shelf.
    ///
    /// # Errors
    /// The core's refusal, recorded on the prescription.
    pub(crate) fn return_to_stock(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        no: u32,
        reason: &str,
    ) -> Result<(), Fault> {
        let at = self.clock.moment();
        let (prescription, version) = self.dispensing_now(number)?;
        let decided = Pharmacist::new(self.pharmacy_person(actor))
            .and_then(|pharmacist| prescription.return_to_stock(no, &pharmacist, at, reason));
        let moved = match decided {
            Ok(moved) => moved,
            Err(refusal) => {
                self.record_refusal(&prescription, version, "return-to-stock", actor, at, &refusal)?;
                return Err(refusal.into());
            }
        };
        let (name, by) = (number.stream(), self.at_the_counter(actor, at));
        let mut change = Change::default().decided_on(&name, version);
        for event in &moved.events {
            change = change.event(&by, &name, event)?;
        }
        self.posting(change, &by, &moved.movement, None)?.0.commit(&self.store)?;
        Ok(())
    }

    /// Attaches the written prescription that follows an emergency: paper with its picture, or an electronic one whose
    /// record is closed by the same act.
    ///
    /// # Errors
    /// The core's refusal, recorded on the oral order; `PHARM-UNKNOWN` for an electronic one that is not there.
    pub(crate) fn follow_up(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        what: &FollowUp,
        paper: Option<&Paper>,
        following: &Following,
    ) -> Result<(), Fault> {
        let FollowUpDocument::Electronic { number: follows } = &what.document else {
            return self.at_record_with(actor, number, "follow-up", paper, |prescription, pharmacist, at| {
                prescription.follow_up(&self.profile, pharmacist, at, what)
            });
        };
        let at = self.clock.moment();
        let (prescription, version) = self.dispensing_now(number)?;
        let (other, other_version) = self.dispensing_now(follows)?;
        let decided = Pharmacist::new(self.pharmacy_person(actor)).and_then(|pharmacist| {
            let (text, day) = (following.authorization.as_str(), following.oral_order);
            prescription.follow_up_electronic(&self.profile, &pharmacist, at, (what, &other), text, day)
        });
        let attached = match decided {
            Ok(attached) => attached,
            Err(refusal) => {
                self.record_refusal(&prescription, version, "follow-up", actor, at, &refusal)?;
                return Err(refusal.into());
            }
        };
        let by = self.at_the_counter(actor, at);
        let (name, other_name) = (number.stream(), follows.stream());
        let mut change = Change::default().decided_on(&name, version).decided_on(&other_name, other_version);
        for event in &attached.oral {
            change = change.event(&by, &name, event)?;
        }
        for event in &attached.follow_up {
            change = change.event(&by, &other_name, event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// The program itself at the counter.
    pub(super) fn the_program_at<'a>(&'a self, program: &'a Actor, at: Moment) -> By<'a> {
        self.at_the_counter(program, at)
    }
}
