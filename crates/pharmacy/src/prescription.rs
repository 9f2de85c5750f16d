//! A prescription: the fold of its events.

use crate::amendment::Amendment;
use crate::annotation::Annotation;
use crate::central::{Central, CentralEnd};
use crate::closing::{Closed, Closing};
use crate::downtime::DowntimeException;
use crate::duty::{DutyDone, DutyItem};
use crate::emergency::{DeaNotified, FollowedUp, FollowsEmergency};
use crate::event::{Attempt, Event};
use crate::face::Face;
use crate::filing::Filed;
use crate::filling::{Filling, FillingState};
use crate::hand_over::LabelAffixed;
use crate::people::Person;
use crate::questions::CodeVerified;
use crate::received::Received;
use crate::refills::AddedRefills;
use crate::screening::{FlagDecided, Screened};
use crate::settling::{DoubtSettled, OriginalPresented};
use crate::transfer::TransferredOut;
use crate::twins::TwinArrived;
use std::fmt;
use theriac_law::Moment;
use theriac_model::CanonicalContents;

/// Somebody read the record (2008: 1311.170(b); 21 CFR 1311.205(b)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Who.
    pub by: Person,
    /// When.
    pub at: Moment,
    /// What for, in words: `queue`, `dispensing`, `inspection`.
    pub purpose: String,
}

/// Where a prescription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Received and accepted; nothing is dispensed.
    Accepted,
    /// A part of a face quantity is dispensed; its remainder is not.
    PartlyFilled,
    /// Full face quantities are dispensed; refills remain.
    Filled,
    /// Everything authorised is dispensed.
    Completed,
    /// Sent to another pharmacy, which has not said yet whether it took it in.
    OnItsWay,
    /// Ended before that.
    Closed(Closing),
}

impl Status {
    /// The word in lists and records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::PartlyFilled => "partly-filled",
            Self::Filled => "filled",
            Self::Completed => "completed",
            Self::OnItsWay => "on-its-way",
            Self::Closed(closing) => closing.word(),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A stored stream that contradicts the rules of the record; found when it is replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("prescription event {version}: {problem}")]
pub struct Inconsistent {
    /// The event's place in the stream, from 1.
    pub version: u64,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// A prescription that was accepted.
///
/// `INVARIANT`: what is dispensed and was not put back never exceeds what the face and later refills authorise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prescription {
    pub(crate) version: u64,
    pub(crate) received: Box<Received>,
    pub(crate) face: Face,
    pub(crate) fillings: Vec<Filling>,
    pub(crate) annotations: Vec<Annotation>,
    pub(crate) openings: Vec<Opening>,
    pub(crate) added: Vec<AddedRefills>,
    pub(crate) duties: Vec<DutyItem>,
    pub(crate) done: Vec<DutyDone>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) original: Option<OriginalPresented>,
    pub(crate) settled: Option<DoubtSettled>,
    pub(crate) twins: Vec<TwinArrived>,
    pub(crate) followed_up: Option<FollowedUp>,
    pub(crate) follows: Option<FollowsEmergency>,
    pub(crate) dea_notified: Option<DeaNotified>,
    pub(crate) screenings: Vec<Screened>,
    pub(crate) flag_decisions: Vec<FlagDecided>,
    pub(crate) labelled: Vec<LabelAffixed>,
    pub(crate) on_its_way: Option<TransferredOut>,
    pub(crate) transferred_out: Option<TransferredOut>,
    pub(crate) exceptions: Vec<DowntimeException>,
    pub(crate) central: Vec<Central>,
    pub(crate) amendments: Vec<Amendment>,
    /// The contents with every layer over the original.
    pub(crate) current: CanonicalContents,
    pub(crate) filed: Option<Filed>,
    pub(crate) code_answers: Vec<CodeVerified>,
    pub(crate) closed: Option<Closed>,
}

impl Prescription {
    /// The prescription after `events`, of which the first is [`Event::Received`].
    ///
    /// # Errors
    /// [`Inconsistent`] at the first event that the commands could not have made.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Result<Self, Inconsistent> {
        let mut events = events.into_iter();
        let Some(Event::Received(received)) = events.next() else {
            return Err(Inconsistent { version: 1, problem: "a prescription begins with what was received" });
        };
        let mut prescription = Self::begin(received)?;
        for event in events {
            prescription.apply(event)?;
        }
        Ok(prescription)
    }

    fn begin(received: &Received) -> Result<Self, Inconsistent> {
        let unreadable = Inconsistent { version: 1, problem: "the face of the prescription cannot be read" };
        Ok(Self {
            version: 1,
            face: received.face().ok_or(unreadable)?,
            duties: received.duties.clone(),
            received: Box::new(received.clone()),
            fillings: Vec::new(),
            annotations: Vec::new(),
            openings: Vec::new(),
            added: Vec::new(),
            done: Vec::new(),
            attempts: Vec::new(),
            original: None,
            settled: None,
            twins: Vec::new(),
            followed_up: None,
            follows: None,
            dea_notified: None,
            screenings: Vec::new(),
            flag_decisions: Vec::new(),
            labelled: Vec::new(),
            on_its_way: None,
            transferred_out: None,
            exceptions: Vec::new(),
            central: Vec::new(),
            amendments: Vec::new(),
            current: received.contents.clone(),
            filed: None,
            code_answers: Vec::new(),
            closed: None,
        })
    }

    /// How many events have been folded; the store appends under this version.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Where it stands.
    pub fn status(&self) -> Status {
        let dispensed = self.dispensed();
        match &self.closed {
            Some(closed) => Status::Closed(closed.how),
            None if self.on_its_way.is_some() => Status::OnItsWay,
            None if dispensed == 0 => Status::Accepted,
            None if self.used() >= self.authorised() => Status::Completed,
            None if self.rest_of_filling() > 0 => Status::PartlyFilled,
            None => Status::Filled,
        }
    }

    /// What is dispensed and was not put back, in smallest units.
    pub fn dispensed(&self) -> i64 {
        let standing = self.fillings.iter().filter(|filling| filling.stands());
        standing.fold(0i64, |sum, filling| sum.saturating_add(filling.quantity.smallest_units()))
    }

    /// What the face and the refills added later authorise, in smallest units. What the law still lets one dispense of
    /// it is [`Prescription::remaining`].
    pub fn authorised(&self) -> i64 {
        self.face.authorised(self.added_refills())
    }

    /// Refills allowed: those on the face and those added later.
    pub fn refills_allowed(&self) -> u32 {
        u32::from(self.face.refills).saturating_add(self.added_refills())
    }

    pub(crate) fn added_refills(&self) -> u32 {
        self.added.iter().fold(0u32, |sum, added| sum.saturating_add(added.authorization.additional))
    }

    /// What is left of the face quantity that was begun, in smallest units; zero when none is.
    pub(crate) fn rest_of_filling(&self) -> i64 {
        let face = self.face.quantity.smallest_units();
        match self.used().checked_rem(face) {
            Some(begun) if begun > 0 => face - begun,
            _ => 0,
        }
    }

    /// The moment of the last act on the record.
    pub(crate) fn last_act(&self) -> Moment {
        let mut last = self.received.at;
        let fillings = self.fillings.iter().map(|filling| match filling.state {
            FillingState::Filled => filling.at,
            FillingState::HandedOver { at, .. } | FillingState::Returned { at, .. } => at,
        });
        let central = self.central.iter().map(|central| central.sent.at);
        let added = self.added.iter().map(|added| added.authorization.at);
        for moment in fillings.chain(added).chain(central) {
            if moment.timestamp > last.timestamp {
                last = moment;
            }
        }
        last
    }

    /// Folds one event.
    ///
    /// # Errors
    /// [`Inconsistent`] when the commands could not have made it; the state is then unchanged.
    pub fn apply(&mut self, event: &Event) -> Result<(), Inconsistent> {
        let version = self.version + 1;
        self.fold(event).map_err(|problem| Inconsistent { version, problem })?;
        self.version = version;
        Ok(())
    }

    fn fold(&mut self, event: &Event) -> Result<(), &'static str> {
        match event {
            Event::Received(_) | Event::Rejected(_) => return Err("a prescription is received once"),
            Event::Opened(opening) => self.openings.push(opening.clone()),
            Event::Filled(filling) => self.fold_filling(filling)?,
            Event::HandedOver { no, at, by, recipient, details } => {
                let (at, by, recipient, details) = (*at, by.clone(), recipient.clone(), details.clone());
                self.settle(*no, FillingState::HandedOver { at, by, recipient, details })?;
            }
            Event::Returned { no, at, by, reason } => {
                let (at, by, reason) = (*at, by.clone(), reason.clone());
                self.settle(*no, FillingState::Returned { at, by, reason })?;
            }
            Event::Annotated(annotation) => {
                follows(annotation.no, self.annotations.len())?;
                self.annotations.push(annotation.clone());
            }
            Event::RefillsAdded(added) => {
                self.still_open()?;
                self.added.push(added.clone());
            }
            Event::DutyRaised(duty) => {
                follows(duty.id, self.duties.len())?;
                self.duties.push(duty.clone());
            }
            Event::DutyDone(done) => {
                if !self.open_duties().any(|duty| duty.id == done.id) {
                    return Err("a duty is done that is not open");
                }
                self.done.push(done.clone());
            }
            Event::Closed(closed) => {
                self.still_open()?;
                self.closed = Some(closed.clone());
            }
            Event::OriginalPresented(presented) => self.original = Some(presented.clone()),
            Event::DoubtSettled(settled) => self.settled = Some(settled.clone()),
            Event::TwinArrived(record) => self.twins.push((**record).clone()),
            Event::FollowedUp(record) => self.followed_up = Some((**record).clone()),
            Event::FollowsEmergency(record) => self.follows = Some((**record).clone()),
            Event::DeaNotified(record) => self.dea_notified = Some((**record).clone()),
            Event::Screened(record) => self.screenings.push((**record).clone()),
            Event::FlagDecided(record) => self.flag_decisions.push((**record).clone()),
            Event::LabelAffixed(record) => self.labelled.push((**record).clone()),
            Event::TransferSent(record) => self.fold_sent_by_transfer(record)?,
            Event::TransferFreed(_) => self.fold_freed()?,
            Event::TransferredOut(record) => self.fold_left(record),
            Event::DowntimeException(record) => self.exceptions.push((**record).clone()),
            Event::SentToCentral(record) => self.fold_sent(record)?,
            Event::BackFromCentral(record) => self.fold_ended(record.no, CentralEnd::Back(record.clone()))?,
            Event::CentralUnfilled(record) => self.fold_ended(record.no, CentralEnd::Unfilled(record.clone()))?,
            Event::Amended(record) => self.fold_amendment(record)?,
            Event::Filed(record) => self.filed = Some((**record).clone()),
            Event::CodeVerified(record) => self.code_answers.push((**record).clone()),
            Event::Refused(attempt) => self.attempts.push(attempt.clone()),
        }
        Ok(())
    }

    fn fold_filling(&mut self, filling: &Filling) -> Result<(), &'static str> {
        self.still_open()?;
        if self.on_its_way.is_some() {
            return Err("the prescription is on its way to another pharmacy");
        }
        follows(filling.no, self.fillings.len())?;
        if filling.quantity.unit() != self.face.quantity.unit() {
            return Err("a filling is in another unit than the prescription");
        }
        // What went too far while the computer was down is used up, and makes nothing else unlawful.
        let exceptions = self.exceptions.iter().map(|exception| exception.quantity.smallest_units());
        let used = self.used().saturating_add(filling.quantity.smallest_units());
        if used.saturating_sub(exceptions.fold(0, i64::saturating_add)) > self.authorised() {
            return Err("more is dispensed than was authorised");
        }
        if filling.remaining != (self.authorised() - used).max(0) {
            return Err("a filling states another remaining quantity than remains");
        }
        self.fillings.push(filling.clone());
        Ok(())
    }

    fn settle(&mut self, no: u32, state: FillingState) -> Result<(), &'static str> {
        let waiting =
            self.fillings.iter_mut().find(|filling| filling.no == no && filling.state == FillingState::Filled);
        waiting.ok_or("a filling changes that does not wait for collection")?.state = state;
        Ok(())
    }

    pub(crate) fn still_open(&self) -> Result<(), &'static str> {
        if self.closed.is_some() { Err("the prescription was closed") } else { Ok(()) }
    }

    /// The duties that nobody has recorded as done.
    pub fn open_duties(&self) -> impl Iterator<Item = &DutyItem> {
        self.duties.iter().filter(|duty| !self.done.iter().any(|done| done.id == duty.id))
    }
}

/// Numbers go up from 1 without gaps.
pub(crate) fn follows(number: u32, before: usize) -> Result<(), &'static str> {
    let expected = u32::try_from(before).ok().and_then(|before| before.checked_add(1));
    if expected == Some(number) { Ok(()) } else { Err("a number does not follow the last one") }
}

/// The number after `before` items.
pub(crate) fn next_number(before: usize) -> u32 {
    u32::try_from(before).unwrap_or(u32::MAX - 1).saturating_add(1)
}
