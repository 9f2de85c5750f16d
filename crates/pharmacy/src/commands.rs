//! Everything else that can be done with a prescription: read it, note on it, add refills, end it.

use crate::annotation::{Annotation, AnnotationKind, Contact};
use crate::ask;
use crate::closing::{CancelOrder, Closed, Closing};
use crate::duty::{DutyDone, DutyItem};
use crate::event::{Attempt, Event};
use crate::hand_over::{refuse_empty, whole_seconds};
use crate::law_record::RefusalRecord;
use crate::people::{Person, Pharmacist};
use crate::prescription::{Opening, Prescription, next_number};
use crate::refills::{AddedRefills, OralAuthorization};
use crate::refusals as refuse;
use theriac_law::vocab::{Basis, Event as Period, Word};
use theriac_law::{Duty, Moment, Profile, Request, When};
use theriac_model::{Actor, Element, Refusal, Role};

/// What a pharmacist writes down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub kind: AnnotationKind,
    /// The words.
    pub text: String,
    /// With whom the pharmacy spoke.
    pub contact: Option<Contact>,
    /// The note it corrects.
    pub corrects: Option<u32>,
}

impl Prescription {
    /// Records that somebody read the record. Reading is never refused here; who may read is the roles' matter.
    pub fn open(&self, by: &Person, at: Moment, purpose: &str) -> Vec<Event> {
        let purpose = purpose.chars().take(100).collect();
        vec![Event::Opened(Opening { by: by.clone(), at: whole_seconds(at), purpose })]
    }

    /// Records that an act was refused.
    pub fn refused(&self, command: &'static str, by: &Person, at: Moment, refusal: &Refusal) -> Vec<Event> {
        let (command, refusal) = (command.to_owned(), RefusalRecord::from(refusal));
        vec![Event::Refused(Attempt { command, by: by.clone(), at: whole_seconds(at), refusal })]
    }

    /// Adds a note.
    ///
    /// # Errors
    /// `PHARM-TEXT` naming what is absent: the text, or for a contact the person and the method;
    /// `PHARM-NO-SUCH-NOTE` for a correction that points nowhere.
    pub fn annotate(&self, pharmacist: &Pharmacist, at: Moment, note: &Note) -> Result<Vec<Event>, Refusal> {
        let text = refuse_empty(&note.text, "text")?;
        let contact = match &note.contact {
            None if note.kind == AnnotationKind::PrescriberContact => {
                return Err(refuse::text_missing("contact.person"));
            }
            None => None,
            Some(contact) => Some(Contact {
                person: refuse_empty(&contact.person, "contact.person")?,
                method: refuse_empty(&contact.method, "contact.method")?,
            }),
        };
        let known = |no: &u32| self.annotations.iter().any(|annotation| annotation.no == *no);
        match note.corrects {
            None if note.kind == AnnotationKind::Correction => return Err(refuse::no_such_annotation(0)),
            Some(no) if !known(&no) => return Err(refuse::no_such_annotation(no)),
            _ => {}
        }
        let (kind, corrects, by) = (note.kind, note.corrects, pharmacist.person().clone());
        let no = next_number(self.annotations.len());
        Ok(vec![Event::Annotated(Annotation { no, kind, text, contact, corrects, by, at: whole_seconds(at) })])
    }

    /// Takes down refills that the practitioner authorises orally.
    ///
    /// # Errors
    /// `PHARM-CLOSED`, `PHARM-UNIT`, `PHARM-TIME`, `PHARM-TEXT`, `PHARM-OTHER-PRACTITIONER`, or the rulebook's refusal.
    pub fn add_refills(
        &self,
        profile: &Profile,
        pharmacist: &Pharmacist,
        authorization: &OralAuthorization,
    ) -> Result<Vec<Event>, Refusal> {
        self.check_open()?;
        if authorization.quantity.unit() != self.face.quantity.unit() {
            return Err(refuse::other_unit());
        }
        if authorization.additional == 0 {
            return Err(refuse::text_missing("additional"));
        }
        if authorization.at.timestamp < self.last_act().timestamp {
            return Err(refuse::before_the_record("at"));
        }
        let practitioner = refuse_empty(&authorization.practitioner, "practitioner")?;
        if !self.is_issued_by(&practitioner) {
            return Err(refuse::other_practitioner());
        }
        let quantity = ask::units(authorization.quantity.smallest_units());
        let request = Request::AuthorizeRefills { additional: authorization.additional, quantity };
        ask::permission(profile, &self.question(authorization.at, request))?;
        let authorization =
            OralAuthorization { at: whole_seconds(authorization.at), practitioner, ..authorization.clone() };
        Ok(vec![Event::RefillsAdded(AddedRefills { authorization, by: pharmacist.person().clone() })])
    }

    /// Whether `name` holds the first and last names of the practitioner who issued the prescription.
    fn is_issued_by(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        [Element::PractitionerFirst, Element::PractitionerLast].into_iter().all(|element| {
            let part = self.received.contents.get(element).unwrap_or_default().to_lowercase();
            !part.is_empty() && name.contains(&part)
        })
    }

    /// Voids the prescription; only before anything was dispensed.
    ///
    /// # Errors
    /// `PHARM-CLOSED`, `PHARM-DISPENSED`, `PHARM-TEXT`.
    pub fn void(&self, pharmacist: &Pharmacist, at: Moment, reason: &str) -> Result<Vec<Event>, Refusal> {
        self.end_undispensed(Closing::Voided, pharmacist.person(), at, reason)
    }

    /// Declines to fill: the pharmacist's corresponding responsibility. No stock moves and no label is made.
    ///
    /// # Errors
    /// `PHARM-CLOSED`, `PHARM-DISPENSED`, `PHARM-TEXT`.
    pub fn decline(&self, pharmacist: &Pharmacist, at: Moment, reason: &str) -> Result<Vec<Event>, Refusal> {
        self.end_undispensed(Closing::Declined, pharmacist.person(), at, reason)
    }

    /// Ends the treatment: what is left is never dispensed, what was dispensed stays.
    ///
    /// # Errors
    /// `PHARM-CLOSED`, `PHARM-TEXT`.
    pub fn discontinue(&self, pharmacist: &Pharmacist, at: Moment, reason: &str) -> Result<Vec<Event>, Refusal> {
        self.end(Closing::Discontinued, pharmacist.person(), at, reason, None)
    }

    /// Cancels at the practitioner's request (`CancelRx`); refused when anything was dispensed and not put back.
    ///
    /// # Errors
    /// `PHARM-OTHER-SENDER`, `PHARM-CLOSED`, `PHARM-DISPENSED`.
    pub fn cancel(&self, order: &CancelOrder) -> Result<Vec<Event>, Refusal> {
        if self.received.message().is_none_or(|message| order.sender != message.sender) {
            return Err(refuse::other_sender());
        }
        self.check_open()?;
        if self.dispensed() > 0 || self.reserved() > 0 {
            return Err(refuse::dispensed_already("cancelled"));
        }
        let message = Some(order.message.clone());
        self.end(Closing::Cancelled, &system(), order.at, "cancelled by the practitioner's system", message)
    }

    /// Looks whether time has run out at `at`: then the rest is forfeited, and a short schedule II filling leaves the
    /// duty to notify the practitioner. Empty when nothing has changed; safe to repeat.
    ///
    /// # Errors
    /// The rulebook's refusal to answer.
    pub fn lapse(&self, profile: &Profile, at: Moment) -> Result<Vec<Event>, Refusal> {
        let left = self.authorised() - self.dispensed();
        // Whether what is on its way has run out of time is for the pharmacy that takes it in.
        let open = self.check_open().is_ok();
        if !open || left <= 0 || self.remaining_units(profile, at)? > 0 {
            return Ok(Vec::new());
        }
        let reason = format!("{left} (smallest units) can no longer be dispensed; a new prescription is needed");
        let mut events = self.end(Closing::Lapsed, &system(), at, &reason, None)?;
        let notify = Duty::NotifyPrescriber.word();
        let short = self.last_part().is_some_and(|part| part.basis == Basis::Shortage) && self.rest_of_filling() > 0;
        if short && !self.duties.iter().any(|duty| duty.code == notify) {
            let due = self.window_end(profile);
            let (id, code) = (next_number(self.duties.len()), notify.to_owned());
            let why = "the remainder was not dispensed in time".to_owned();
            events.push(Event::DutyRaised(DutyItem { id, code, due, why }));
        }
        Ok(events)
    }

    /// The end of the window that the first part dispensed for want of stock began.
    pub(crate) fn window_end(&self, profile: &Profile) -> Option<When> {
        let parts = self.fillings.iter().filter(|filling| filling.stands() && filling.part.is_some());
        let first = parts.map(|filling| filling.at).next()?;
        ask::deadline(profile, Period::CiiPartialShortage, first)
    }

    /// Records that a duty was done, with time, person and method.
    ///
    /// # Errors
    /// `PHARM-NO-SUCH-DUTY`, `PHARM-TEXT`.
    pub fn duty_done(&self, id: u32, by: &Person, at: Moment, how: &str) -> Result<Vec<Event>, Refusal> {
        if !self.open_duties().any(|duty| duty.id == id) {
            return Err(refuse::no_such_duty(id));
        }
        let how = refuse_empty(how, "how")?;
        Ok(vec![Event::DutyDone(DutyDone { id, at: whole_seconds(at), by: by.clone(), how })])
    }

    fn end_undispensed(&self, how: Closing, by: &Person, at: Moment, reason: &str) -> Result<Vec<Event>, Refusal> {
        self.check_open()?;
        if self.dispensed() > 0 || self.reserved() > 0 {
            return Err(refuse::dispensed_already(how.word()));
        }
        self.end(how, by, at, reason, None)
    }

    fn end(
        &self,
        how: Closing,
        by: &Person,
        at: Moment,
        reason: &str,
        message: Option<String>,
    ) -> Result<Vec<Event>, Refusal> {
        self.check_open()?;
        let reason = refuse_empty(reason, "reason")?;
        Ok(vec![Event::Closed(Closed { how, at: whole_seconds(at), by: by.clone(), reason, message })])
    }
}

/// The program itself, where a message or the passing of time acts.
fn system() -> Person {
    Person::new(Actor::new("theriac", Role::System), "Theriac")
}
