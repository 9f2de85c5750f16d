//! The practitioner's page of duties: what was done last, what is due next, what is overdue.

use super::event::{Acknowledged, Outcome};
use super::record::Duties;
use crate::log::{Month, Shelf};
use crate::notice::{Notices, Progress};
use crate::stored::words;
use crate::terms::Terms;
use theriac_law::{Moment, When};
use theriac_model::Cite;

words! {
    /// A duty.
    Duty {
        /// To acknowledge the responsibility for what is issued.
        Responsibility = "responsibility",
        /// To keep token and password.
        Custody = "custody",
        /// To tell of a lost, stolen or compromised token.
        TellToken = "tell-token",
        /// To review the monthly log.
        ReviewLog = "review-log",
        /// To tell of prescriptions not signed or not as signed.
        TellPrescription = "tell-prescription",
        /// To determine from the audit report that the system meets the rules.
        Determine = "determine",
    }
}

impl Duty {
    /// Where it is asked for.
    pub const fn cite(self) -> Cite {
        Cite::of(match self {
            Self::Responsibility => Acknowledged::Responsibility.cite(),
            Self::Custody => Acknowledged::Custody.cite(),
            Self::TellToken => "21 CFR 1311.102; 73 FR 36722, proposed 21 CFR 1311.155(c)",
            Self::ReviewLog => "73 FR 36722, proposed 21 CFR 1311.155(d)",
            Self::TellPrescription => "21 CFR 1311.102; 73 FR 36722, proposed 21 CFR 1311.155(e)",
            Self::Determine => "21 CFR 1311.102; 73 FR 36722, proposed 21 CFR 1311.155(f)",
        })
    }
}

words! {
    /// How a duty stands.
    DutyState {
        /// Nothing to do now.
        Done = "done",
        /// To be done.
        Due = "due",
        /// Should have been done.
        Overdue = "overdue",
    }
}

/// How one duty stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyStatus {
    /// The duty.
    pub duty: Duty,
    /// When it was last done.
    pub last_done: Option<Moment>,
    /// The last day or instant on which it is next done in time; `None` for what has no fixed day.
    pub next_due: Option<When>,
    /// How it stands.
    pub state: DutyState,
}

/// All duties of a practitioner at `now`, in the order of [`Duty::ALL`].
pub fn page(duties: &Duties, shelf: &Shelf, notices: &Notices, now: Moment, terms: Terms<'_>) -> Vec<DutyStatus> {
    let status = |duty: &Duty| match duty {
        Duty::Responsibility => acknowledged(duties, *duty, Acknowledged::Responsibility),
        Duty::Custody => acknowledged(duties, *duty, Acknowledged::Custody),
        Duty::TellToken | Duty::TellPrescription => told(duties, notices, *duty, now),
        Duty::ReviewLog => review(shelf, now),
        Duty::Determine => determine(duties, now, terms),
    };
    Duty::ALL.iter().map(status).collect()
}

fn acknowledged(duties: &Duties, duty: Duty, what: Acknowledged) -> DutyStatus {
    let last_done = duties.acknowledged(what);
    let state = if last_done.is_some() { DutyState::Done } else { DutyState::Due };
    DutyStatus { duty, last_done, next_due: None, state }
}

fn told(duties: &Duties, notices: &Notices, duty: Duty, now: Moment) -> DutyStatus {
    let about = match duty {
        Duty::TellToken => format!("token/{}/", duties.practitioner()),
        _ => format!("dispute/{}/", duties.practitioner()),
    };
    // Telling is what raises the notices.
    let told = notices.iter().filter(|item| item.notice.about.starts_with(&about)).map(|item| item.notice.raised);
    let open = notices.to_do().into_iter().find(|item| item.notice.about.starts_with(&about));
    DutyStatus {
        duty,
        last_done: told.max_by_key(|raised| raised.timestamp),
        next_due: open.and_then(|item| item.notice.deadline.as_ref()).map(|deadline| deadline.due),
        state: match open.map(|item| item.progress(now)) {
            Some(Progress::Overdue) => DutyState::Overdue,
            Some(_) => DutyState::Due,
            None => DutyState::Done,
        },
    }
}

/// A log is reviewed before the next one comes: that of March, provided on 1 April, by 30 April.
fn review(shelf: &Shelf, now: Moment) -> DutyStatus {
    let by = |month: Month| month.next().map(Month::last);
    let waiting = shelf.reminders().first().map(|(month, _)| *month);
    let next_due = match waiting {
        Some(month) => by(month),
        None => shelf.months().last().and_then(|month| month.next()).and_then(by),
    };
    let late = waiting.is_some() && next_due.is_some_and(|last| now.date() > last);
    DutyStatus {
        duty: Duty::ReviewLog,
        last_done: shelf
            .months()
            .into_iter()
            .filter_map(|m| shelf.get(m)?.review.as_ref().map(|r| r.at))
            .max_by_key(|at| at.timestamp),
        next_due: next_due.map(When::Day),
        state: match waiting {
            None => DutyState::Done,
            Some(month) if late || shelf.standing(month) == Some(crate::log::Standing::Overdue) => DutyState::Overdue,
            Some(_) => DutyState::Due,
        },
    }
}

fn determine(duties: &Duties, now: Moment, terms: Terms<'_>) -> DutyStatus {
    let last = duties.determination();
    let deadline = last.and_then(|last| terms.months("audit.report-check.months", last.at.date()));
    let state = match (last, &deadline) {
        (None, _) => DutyState::Due,
        (Some(last), _) if last.outcome == Outcome::DoesNotMeet => DutyState::Due,
        (Some(_), Some(deadline)) if deadline.has_passed(now) => DutyState::Overdue,
        (Some(_), _) => DutyState::Done,
    };
    DutyStatus {
        duty: Duty::Determine,
        last_done: last.map(|last| last.at),
        next_due: deadline.map(|deadline| deadline.due),
        state,
    }
}
