//! After an emergency: the written prescription that must follow, and DEA where it does not (21 CFR 1306.11(d)(4)).
//!
//! Paper is attached to the record of the oral order. An electronic one is a prescription of its own until it is attached:
//! then it names the oral order and is never dispensed. Where neither comes in time and DEA is not told, the authority
//! under which it was dispensed is void, and the record says so until somebody tells DEA.

use crate::closing::{Closed, Closing};
use crate::codec::stored::{record, stored_words};
use crate::duty::DutyItem;
use crate::entered::{blank, entry};
use crate::event::Event;
use crate::hand_over::{refuse_empty, whole_seconds};
use crate::number::{ArchiveDigest, PrescriptionNumber};
use crate::people::{Person, Pharmacist};
use crate::prescription::{Prescription, next_number};
use crate::refusals as refuse;
use crate::words::words;
use jiff::civil::Date;
use theriac_law::facts::Followup;
use theriac_law::vocab::{Authority, Delivery, Event as Period, Particular, Word};
use theriac_law::{Answer, Duty, Moment, Profile, Request, Verdict, When, decide};
use theriac_model::calendar::business_days_after;
use theriac_model::{Element, Quantity, Refusal};

words! {
    /// Whether something stands on the face of the prescription that follows.
    OnFace {
        /// It does.
        Stands = "stands",
        /// It does not.
        Absent = "absent",
    }
}

/// The document that follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FollowUpDocument {
    /// Paper, attached to the record of the oral order.
    Paper {
        /// Under what its picture was archived.
        archive: ArchiveDigest,
        /// Where the paper lies.
        filed: String,
    },
    /// An electronic prescription with a record of its own.
    Electronic {
        /// Its number.
        number: PrescriptionNumber,
    },
}

/// What the pharmacist enters of the prescription that follows an emergency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// How it came.
    pub by: Delivery,
    /// The day on which it was received.
    pub received: Date,
    /// The postmark, by mail.
    pub postmarked: Option<Date>,
    /// Whether "Authorization for Emergency Dispensing" is on its face.
    pub statement: OnFace,
    /// Whether the date of the oral order is on its face.
    pub oral_date: OnFace,
    /// For how much it is.
    pub quantity: Quantity,
    /// The document.
    pub document: FollowUpDocument,
}

/// `rx.followed-up`: the written prescription came and is attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedUp {
    /// What came.
    pub what: FollowUp,
    /// When it was attached.
    pub at: Moment,
    /// Who attached it.
    pub pharmacist: Person,
}

/// `rx.follows-emergency`: on the electronic prescription that follows, what its paper would bear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowsEmergency {
    /// The record of the oral order.
    pub oral: PrescriptionNumber,
    /// The date of the oral order.
    pub oral_order: Date,
    /// The original authorisation, in words.
    pub authorization: String,
    /// Who annotated it.
    pub by: Person,
    /// When.
    pub at: Moment,
}

/// `rx.dea-notified`: the field office was told that nothing came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeaNotified {
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Person,
    /// Which office.
    pub office: String,
    /// How, with what the office answered.
    pub how: String,
}

stored_words! { OnFace Delivery }

record! {
    FollowUp {
        "by" by, "received" received, "postmarked" postmarked, "statement" statement, "oral-date" oral_date,
        "quantity" quantity, "document" document,
    }
    FollowedUp { "follow-up" what, "at" at, "pharmacist" pharmacist, }
    FollowsEmergency {
        "oral" oral, "oral-order" oral_order, "authorization" authorization, "by" by, "at" at,
    }
    DeaNotified { "at" at, "by" by, "office" office, "how" how, }
}

/// What the notice to DEA says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeaNotice {
    /// The pharmacy's number of the prescription.
    pub number: PrescriptionNumber,
    /// The practitioner by name.
    pub practitioner: String,
    /// The practitioner's registration.
    pub registration: String,
    /// The patient by name.
    pub patient: String,
    /// Name, strength and form of the drug.
    pub drug: String,
    /// What was dispensed on the oral order, in smallest units.
    pub dispensed_units: i64,
    /// The day of the oral order.
    pub oral_order: Date,
    /// The last day for the written prescription.
    pub due: Date,
}

/// Events of two streams that go into one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// For the record of the oral order.
    pub oral: Vec<Event>,
    /// For the electronic prescription that follows.
    pub follow_up: Vec<Event>,
}

impl Prescription {
    /// Attaches the paper that follows an emergency.
    ///
    /// # Errors
    /// `PHARM-NO-EMERGENCY`, `PHARM-FOLLOWED-UP`, `PHARM-UNIT`, or the rulebook's refusal: late, face, quantity.
    pub fn follow_up(
        &self,
        profile: &Profile,
        pharmacist: &Pharmacist,
        at: Moment,
        what: &FollowUp,
    ) -> Result<Vec<Event>, Refusal> {
        self.check_follow_up(profile, at, what, Vec::new())?;
        let (at, pharmacist) = (whole_seconds(at), pharmacist.person().clone());
        let mut events =
            vec![Event::FollowedUp(Box::new(FollowedUp { what: what.clone(), at, pharmacist: pharmacist.clone() }))];
        events.extend(self.done_with(Duty::ObtainFollowup, at, &pharmacist, "the written prescription came"));
        Ok(events)
    }

    /// Attaches an electronic prescription that follows an emergency, and annotates it. From then on it is not dispensed.
    ///
    /// # Errors
    /// As [`Prescription::follow_up`]; `PHARM-FOLLOWUP-OTHER` when it is for another patient, drug or practitioner;
    /// `PHARM-DISPENSED` when something was dispensed on it; the rulebook's refusal naming what the annotation lacks.
    pub fn follow_up_electronic(
        &self,
        profile: &Profile,
        pharmacist: &Pharmacist,
        at: Moment,
        (what, follow_up): (&FollowUp, &Self),
        authorization: &str,
        oral_order: Option<Date>,
    ) -> Result<Attached, Refusal> {
        if let Some(element) = self.differs_from(follow_up) {
            return Err(refuse::other_follow_up(element));
        }
        follow_up.check_open()?;
        if follow_up.dispensed() > 0 {
            return Err(refuse::dispensed_already(Closing::Attached.word()));
        }
        let mut missing = blank(&[(Particular::AuthorizationText, authorization)]);
        if oral_order != Some(self.face.issued) {
            missing.push(Particular::OralOrderDate);
        }
        self.check_follow_up(profile, at, what, missing)?;
        let authorization = refuse_empty(authorization, "authorization")?;
        let oral = self.follow_up(profile, pharmacist, at, what)?;
        let (at, by) = (whole_seconds(at), pharmacist.person().clone());
        let note = FollowsEmergency {
            oral: self.received.number.clone(),
            oral_order: self.face.issued,
            authorization,
            by: by.clone(),
            at,
        };
        let reason = format!("it follows the oral order {}", self.received.number);
        let closed = Closed { how: Closing::Attached, at, by, reason, message: None };
        Ok(Attached { oral, follow_up: vec![Event::FollowsEmergency(Box::new(note)), Event::Closed(closed)] })
    }

    fn check_follow_up(
        &self,
        profile: &Profile,
        at: Moment,
        what: &FollowUp,
        missing: Vec<Particular>,
    ) -> Result<(), Refusal> {
        if self.received.source.emergency().is_none() {
            return Err(refuse::no_emergency());
        }
        if self.followed_up.is_some() {
            return Err(refuse::followed_up());
        }
        if what.quantity.unit() != self.face.quantity.unit() {
            return Err(refuse::other_unit());
        }
        let facts = Followup { dea_notified: None, ..facts_of(what) };
        let question = self.question(at, Request::EmergencyFollowup {}).with(|stated| {
            stated.followup = facts;
            stated.entry = Some(Box::new(entry(missing)));
        });
        crate::ask::permission(profile, &question).map(|_| ())
    }

    /// The first of what must agree in which another prescription differs.
    fn differs_from(&self, other: &Self) -> Option<Element> {
        let must = [Element::PatientLast, Element::PatientFirst, Element::DrugName, Element::DrugStrength];
        let both = |element: Element| (self.received.contents.get(element), other.received.contents.get(element));
        let differs = |element: &Element| {
            let (one, other) = both(*element);
            !one.unwrap_or_default().eq_ignore_ascii_case(other.unwrap_or_default())
        };
        let number = self.face.registration.key() == other.face.registration.key();
        must.into_iter().find(differs).or((!number).then_some(Element::Registration))
    }

    /// What became of the authority to have dispensed on an oral order; `None` where nothing was dispensed on one.
    pub fn authority(&self, profile: &Profile, at: impl Into<When>) -> Option<Authority> {
        self.received.source.emergency()?;
        if self.dispensed() == 0 {
            return None;
        }
        let mut facts = self.followed_up.as_ref().map_or_else(Followup::new, |followed| facts_of(&followed.what));
        facts.dea_notified = self.dea_notified.as_ref().map(|told| told.at.date());
        let question = self.question(at, Request::EmergencyAuthority {}).with(|stated| stated.followup = facts);
        match decide(profile, &question).ok()?.verdict {
            Verdict::Value(Answer::Word(word)) => Authority::from_word(word),
            _ => None,
        }
    }

    /// What the passing of time asks for, to be run daily: the notice to DEA when nothing followed in time.
    /// `Chosen reading:` due on the next business day after the last day. Empty when there is nothing new.
    pub fn overdue(&self, profile: &Profile, at: Moment, holidays: &[Date]) -> Vec<Event> {
        let known = self.duties.iter().any(|duty| duty.code == Duty::NotifyDea.word());
        if known || self.authority(profile, at) != Some(Authority::Void) {
            return Vec::new();
        }
        let last = self.follow_up_due(profile);
        let due = last.and_then(|last| business_days_after(last, 1, holidays)).map(When::Day);
        vec![Event::DutyRaised(DutyItem {
            id: next_number(self.duties.len()),
            code: Duty::NotifyDea.word().to_owned(),
            due,
            why: "no written prescription followed; the authority is void until DEA is told".to_owned(),
        })]
    }

    fn follow_up_due(&self, profile: &Profile) -> Option<Date> {
        crate::ask::deadline(profile, Period::EmergencyFollowup, self.face.issued).map(When::date)
    }

    /// The notice to DEA, when one is owed at `at`.
    pub fn dea_notice(&self, profile: &Profile, at: impl Into<When>) -> Option<DeaNotice> {
        if self.authority(profile, at) != Some(Authority::Void) {
            return None;
        }
        Some(DeaNotice {
            number: self.received.number.clone(),
            practitioner: self.joined(&[Element::PractitionerFirst, Element::PractitionerLast]),
            registration: self.face.registration.to_string(),
            patient: self.joined(&[Element::PatientFirst, Element::PatientLast]),
            drug: self.joined(&[Element::DrugName, Element::DrugStrength, Element::DrugForm]),
            dispensed_units: self.dispensed(),
            oral_order: self.face.issued,
            due: self.follow_up_due(profile)?,
        })
    }

    /// Records that DEA was told.
    ///
    /// # Errors
    /// `PHARM-NO-EMERGENCY`, `PHARM-TEXT`.
    pub fn notified_dea(
        &self,
        pharmacist: &Pharmacist,
        at: Moment,
        office: &str,
        how: &str,
    ) -> Result<Vec<Event>, Refusal> {
        if self.received.source.emergency().is_none() {
            return Err(refuse::no_emergency());
        }
        let (office, how) = (refuse_empty(office, "office")?, refuse_empty(how, "how")?);
        let (at, by) = (whole_seconds(at), pharmacist.person().clone());
        let done = self.done_with(Duty::NotifyDea, at, &by, &how);
        let mut events = vec![Event::DeaNotified(Box::new(DeaNotified { at, by, office, how }))];
        events.extend(done);
        Ok(events)
    }

    /// The written prescription that followed, attached to this record of an oral order.
    pub const fn followed_up(&self) -> Option<&FollowedUp> {
        self.followed_up.as_ref()
    }

    /// The oral order that this prescription follows.
    pub const fn follows(&self) -> Option<&FollowsEmergency> {
        self.follows.as_ref()
    }

    /// When and by whom DEA was told that nothing followed.
    pub const fn told_dea(&self) -> Option<&DeaNotified> {
        self.dea_notified.as_ref()
    }

    /// Several elements as one text.
    pub(crate) fn joined(&self, elements: &[Element]) -> String {
        let parts: Vec<&str> = elements.iter().filter_map(|&element| self.current.get(element)).collect();
        parts.join(" ")
    }
}

fn facts_of(what: &FollowUp) -> Followup {
    Followup {
        received: Some(what.received),
        by: Some(what.by),
        postmarked: what.postmarked,
        statement: what.statement == OnFace::Stands,
        oral_date: what.oral_date == OnFace::Stands,
        quantity: Some(crate::ask::units(what.quantity.smallest_units())),
        ..Followup::new()
    }
}
