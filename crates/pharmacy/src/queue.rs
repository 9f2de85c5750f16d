//! The queue: how urgent each prescription is, what is due on it and by when. A pure function of the record and the time.

use crate::ask;
use crate::filling::FillingState;
use crate::number::PrescriptionNumber;
use crate::prescription::{Prescription, Status};
use crate::received::Rejected;
use crate::rejection::RejectionStatus;
use crate::words::words;
use jiff::civil::Date;
use std::cmp::Ordering;
use theriac_law::vocab::{Basis, Event as Period};
use theriac_law::{Moment, Profile, When};
use theriac_model::Schedule;

words! {
    /// How urgent something is; the most urgent comes first.
    Urgency {
        /// A deadline has passed.
        Overdue = "overdue",
        /// A deadline ends within a day, or it has waited longer than the house allows.
        Urgent = "urgent",
        /// A deadline ends within three days.
        Soon = "soon",
        /// Nothing presses.
        Ordinary = "ordinary",
        /// It may not be filled yet.
        NotYet = "not-yet",
        /// Nothing is left to do.
        Done = "done",
    }

    /// What the house is warned of.
    Alarm {
        /// Nobody has dispensed or declined it for longer than the house allows.
        Waiting = "waiting",
        /// Something filled has waited for collection for longer than the house allows.
        NotCollected = "not-collected",
        /// A duty is past its time.
        DutyOverdue = "duty-overdue",
        /// It can be filled for a few days more only.
        LastDays = "last-days",
        /// Its time is over and something of it is left.
        TimeOver = "time-over",
    }
}

/// After how long the house wants to be warned. None of these is law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ages {
    /// Hours for which a prescription may wait for its first act.
    pub waiting_hours: u32,
    /// Days for which a filling may wait for collection.
    pub collection_days: u32,
    /// Days before the last day of filling from which the house is warned.
    pub last_days: u32,
}

impl Default for Ages {
    fn default() -> Self {
        Self { waiting_hours: 24, collection_days: 10, last_days: 7 }
    }
}

/// One thing that ends at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// What: the code of a duty, `remainder`, `last-day`.
    pub what: String,
    /// The duty's number, where it is one.
    pub duty: Option<u32>,
    /// The last moment or day; `None` when it is due at once.
    pub due: Option<When>,
}

/// A prescription in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueItem {
    /// Which.
    pub number: PrescriptionNumber,
    /// Where it stands.
    pub status: Status,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Whole hours since it was received.
    pub age_hours: u64,
    /// The first day on which it may be filled, while that day is to come.
    pub not_before: Option<Date>,
    /// What the house is warned of.
    pub alarms: Vec<Alarm>,
    /// What ends when, the soonest first.
    pub deadlines: Vec<Deadline>,
}

/// Something rejected, in the queue of what somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedItem {
    /// Why it was rejected.
    pub status: RejectionStatus,
    /// The prescription that is here already, where that is why.
    pub twin: Option<PrescriptionNumber>,
    /// Whole hours since it arrived.
    pub age_hours: u64,
}

const HOUR_SECONDS: i64 = 3600;

fn hours_between(earlier: Moment, later: Moment) -> u64 {
    u64::try_from(later.seconds_since(earlier) / HOUR_SECONDS).unwrap_or(0)
}

impl Rejected {
    /// The item that the queue shows of it at `now`.
    pub fn queue_item(&self, now: Moment) -> RejectedItem {
        RejectedItem { status: self.status(), twin: self.twin.clone(), age_hours: hours_between(self.at, now) }
    }
}

impl Prescription {
    /// The item that the queue shows of it at `now`.
    pub fn queue_item(&self, profile: &Profile, ages: &Ages, now: Moment) -> QueueItem {
        let mut deadlines = self.deadlines(profile);
        deadlines.sort_by(|a, b| soonest(a.due, b.due));
        let not_before = self.face.earliest_fill.filter(|day| *day > now.date() && self.used() == 0);
        let alarms = self.alarms(ages, now, &deadlines);
        QueueItem {
            number: self.received.number.clone(),
            status: self.status(),
            urgency: self.urgency(now, &deadlines, &alarms, not_before),
            age_hours: hours_between(self.received.at, now),
            not_before,
            alarms,
            deadlines,
        }
    }

    /// Everything that ends: open duties, the rest of a split filling, the last day of filling.
    fn deadlines(&self, profile: &Profile) -> Vec<Deadline> {
        let duties = self.open_duties();
        let mut found: Vec<Deadline> =
            duties.map(|duty| Deadline { what: duty.code.clone(), duty: Some(duty.id), due: duty.due }).collect();
        if self.closed.is_some() || self.used() >= self.authorised() {
            return found;
        }
        if let Some(due) = self.part_due(profile) {
            found.push(Deadline { what: "remainder".to_owned(), duty: None, due: Some(due) });
        }
        if matches!(self.face.schedule, Schedule::III | Schedule::IV)
            && let Some(due) = ask::deadline(profile, Period::RefillLimit, self.face.issued)
        {
            found.push(Deadline { what: "last-day".to_owned(), duty: None, due: Some(due) });
        }
        found
    }

    fn alarms(&self, ages: &Ages, now: Moment, deadlines: &[Deadline]) -> Vec<Alarm> {
        let mut alarms = Vec::new();
        let open = self.closed.is_none();
        let early = self.face.earliest_fill.is_some_and(|day| day > now.date());
        let untouched = open && !early && self.fillings.is_empty();
        if untouched && hours_between(self.received.at, now) >= u64::from(ages.waiting_hours) {
            alarms.push(Alarm::Waiting);
        }
        let waits = |at: Moment| hours_between(at, now) >= u64::from(ages.collection_days) * 24;
        if self.fillings.iter().any(|filling| filling.state == FillingState::Filled && waits(filling.at)) {
            alarms.push(Alarm::NotCollected);
        }
        if deadlines.iter().any(|one| one.duty.is_some() && past(one.due, now)) {
            alarms.push(Alarm::DutyOverdue);
        }
        let others = || deadlines.iter().filter(|one| one.duty.is_none());
        if others().any(|one| past(one.due, now)) {
            alarms.push(Alarm::TimeOver);
        } else if others().any(|one| within_days(one.due, now, i64::from(ages.last_days))) {
            alarms.push(Alarm::LastDays);
        }
        alarms
    }

    fn urgency(&self, now: Moment, deadlines: &[Deadline], alarms: &[Alarm], not_before: Option<Date>) -> Urgency {
        let nothing_left = self.closed.is_some() || matches!(self.status(), Status::Completed | Status::OnItsWay);
        let waiting = self.fillings.iter().any(|filling| filling.state == FillingState::Filled);
        if deadlines.iter().any(|one| past(one.due, now)) {
            Urgency::Overdue
        } else if deadlines.iter().any(|one| one.due.is_none() || within_days(one.due, now, 1))
            || alarms.contains(&Alarm::Waiting)
            || (self.fillings.is_empty() && self.received.source.emergency().is_some())
        {
            Urgency::Urgent
        } else if deadlines.iter().any(|one| within_days(one.due, now, 3)) {
            Urgency::Soon
        } else if not_before.is_some() {
            Urgency::NotYet
        } else if nothing_left && deadlines.is_empty() && !waiting {
            Urgency::Done
        } else {
            Urgency::Ordinary
        }
    }

    /// When the rest of a schedule II filling that was split is due, on the ground on which it was split.
    fn part_due(&self, profile: &Profile) -> Option<When> {
        if self.face.schedule != Schedule::II || self.rest_of_filling() == 0 {
            return None;
        }
        match self.last_part()?.basis {
            Basis::Shortage => self.window_end(profile),
            Basis::Requested => ask::deadline(profile, Period::CiiPartialRequested, self.face.issued),
            Basis::Ltcf | Basis::Terminal => ask::deadline(profile, Period::CiiPartialLtcf, self.face.issued),
            Basis::General => None,
        }
    }
}

/// At once before a day, a day before a later one; an instant within its day.
fn soonest(one: Option<When>, other: Option<When>) -> Ordering {
    match (one, other) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Less,
        (_, None) => Ordering::Greater,
        (Some(one), Some(other)) => one.order(other),
    }
}

/// Whether the last moment, or the last day, is over.
fn past(due: Option<When>, now: Moment) -> bool {
    due.is_some_and(|due| due.order(now.into()) == Ordering::Less)
}

/// Whether it ends within so many days: of elapsed time for an instant, of the calendar for a day.
fn within_days(due: Option<When>, now: Moment, days: i64) -> bool {
    match due {
        None => false,
        Some(When::Instant(due)) => due.seconds_since(now) <= days * 24 * HOUR_SECONDS,
        Some(When::Day(day)) => (day - now.date()).get_days() <= i32::try_from(days).unwrap_or(i32::MAX),
    }
}

/// The queue's order: by urgency, then the oldest first.
pub fn in_order(items: &mut [QueueItem]) {
    items.sort_by(|a, b| a.urgency.cmp(&b.urgency).then(b.age_hours.cmp(&a.age_hours)).then(a.number.cmp(&b.number)));
}
