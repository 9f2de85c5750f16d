//! A practitioner's logs as they are kept: provided, opened, reviewed, overdue.

use super::event::LogEvent;
use super::month::{Month, deadline};
use super::{MonthlyLog, unusual};
use crate::notice::{Addressee, Fact, Notice, Occasion, Sender, Subject};
use crate::stored::actor_json;
use crate::terms::{Terms, Timeliness};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use theriac_law::Moment;
use theriac_model::{Actor, Edition, Refusal, Role};

/// The indication that a log was received and reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The practitioner.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// Whether a log has been reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Reviewed.
    Reviewed,
    /// To be reviewed.
    Waiting,
    /// Not reviewed, and the next log has been provided.
    Overdue,
}

/// A log with what happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The log as it was provided.
    pub log: MonthlyLog,
    /// Whether it was provided in time.
    pub timeliness: Timeliness,
    /// When the practitioner first opened it.
    pub opened: Option<Moment>,
    /// The review.
    pub review: Option<Review>,
}

impl Kept {
    /// A copy of the log with the review mark on it: what is shown, printed and exported.
    pub fn copy(&self) -> Value {
        json!({
            "log": self.log.to_json(),
            "review": self.review.as_ref().map(|review| json!({"at": review.at.to_string(), "by": actor_json(&review.by)})),
        })
    }
}

const MONTHLY: &str = "21 CFR 1311.120(b)(27); 73 FR 36722, proposed 21 CFR 1311.140(a)";
const REVIEW: &str = "73 FR 36722, proposed 21 CFR 1311.140(b), 1311.155(d)";

/// All logs of one practitioner, folded from their records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    practitioner: String,
    logs: BTreeMap<Month, Kept>,
}

impl Shelf {
    /// The empty shelf of a practitioner.
    pub fn new(practitioner: impl Into<String>) -> Self {
        Self { practitioner: practitioner.into(), logs: BTreeMap::new() }
    }

    /// Takes in one record; the first log of a month stays, whatever comes later.
    pub fn apply(&mut self, event: &LogEvent) {
        match event {
            LogEvent::Provided { log, timeliness } => {
                self.logs.entry(log.period.month).or_insert_with(|| Kept {
                    log: log.clone(),
                    timeliness: *timeliness,
                    opened: None,
                    review: None,
                });
            }
            LogEvent::Opened { month, at, .. } => {
                if let Some(kept) = self.logs.get_mut(month) {
                    kept.opened.get_or_insert(*at);
                }
            }
            LogEvent::Reviewed { month, by, at } => {
                if let Some(kept) = self.logs.get_mut(month) {
                    kept.review.get_or_insert_with(|| Review { by: by.clone(), at: *at });
                }
            }
            LogEvent::Requested { .. } => {}
        }
    }

    /// Folds all records, in order.
    pub fn replay<'a>(practitioner: &str, events: impl IntoIterator<Item = &'a LogEvent>) -> Self {
        let mut shelf = Self::new(practitioner);
        for event in events {
            shelf.apply(event);
        }
        shelf
    }

    /// The months whose logs were provided, oldest first.
    pub fn months(&self) -> Vec<Month> {
        self.logs.keys().copied().collect()
    }

    /// The log of a month.
    pub fn get(&self, month: Month) -> Option<&Kept> {
        self.logs.get(&month)
    }

    /// Where the log of the month before `month` ended, so that the next one begins there.
    pub fn ended_before(&self, month: Month) -> Option<jiff::Timestamp> {
        let (last, kept) = self.logs.range(..month).next_back()?;
        (last.next() == Some(month)).then_some(kept.log.period.until)
    }

    /// Provides a log and the notice that tells the practitioner.
    ///
    /// # Errors
    /// For a month that is not over; for a log of another practitioner; for a month that has its log.
    pub fn provide(&self, log: MonthlyLog, now: Moment, terms: Terms<'_>) -> Result<(LogEvent, Notice), Refusal> {
        let month = log.period.month;
        let refuse = |code, what: String, next: &'static str| Err(Refusal::new(code, MONTHLY, what, next));
        if log.practitioner != self.practitioner {
            return refuse("RX-LOG-OTHERS", "the log is another practitioner's".to_owned(), "put it on that shelf");
        }
        if now.timestamp < log.period.until {
            return refuse(
                "RX-LOG-EARLY",
                format!("{month} is not over"),
                "make the log on the first day of the next month",
            );
        }
        if self.logs.contains_key(&month) {
            return refuse("RX-LOG-TWICE", format!("{month} has its log"), "show the log that was provided");
        }
        let due = deadline(month, terms);
        let timeliness = Timeliness::of(due.as_ref(), now);
        let about = format!("log/{}/{month}", self.practitioner);
        let facts = vec![
            Fact::new("month", month.to_string()),
            Fact::new("prescriptions", log.lines.len().to_string()),
            Fact::new("what to do", "review the log and indicate on it that it was reviewed"),
        ];
        let occasion = Occasion {
            about: &about,
            subject: Subject::LogReady,
            from: Sender::Provider,
            facts,
            enclosures: Vec::new(),
            raised: now,
            cite: MONTHLY,
        };
        let notice = occasion.to(Addressee::Practitioner(self.practitioner.clone()), due);
        Ok((LogEvent::Provided { log, timeliness }, notice))
    }

    /// The practitioner opens a log.
    ///
    /// # Errors
    /// For a month without a log; for anyone but the practitioner.
    pub fn open(&self, month: Month, by: &Actor, at: Moment) -> Result<LogEvent, Refusal> {
        self.own(month, by)?;
        Ok(LogEvent::Opened { month, by: by.clone(), at })
    }

    /// The practitioner indicates that the log was received and reviewed.
    ///
    /// # Errors
    /// For a month without a log; for anyone but the practitioner; before the log was opened; a second time.
    pub fn review(&self, month: Month, by: &Actor, at: Moment) -> Result<LogEvent, Refusal> {
        let kept = self.own(month, by)?;
        if kept.opened.is_none_or(|opened| at.timestamp < opened.timestamp) {
            return Err(Refusal::new(
                "RX-LOG-NOT-OPEN",
                REVIEW,
                "the log has not been opened",
                "open the log, look through it, then indicate the review",
            )
            .under(Edition::Proposed2008));
        }
        if kept.review.is_some() {
            return Err(Refusal::new("RX-LOG-REVIEWED", REVIEW, "the log was reviewed already", "look at its mark")
                .under(Edition::Proposed2008));
        }
        Ok(LogEvent::Reviewed { month, by: by.clone(), at })
    }

    fn own(&self, month: Month, by: &Actor) -> Result<&Kept, Refusal> {
        if by.role != Role::Prescriber || by.id != self.practitioner {
            return Err(Refusal::new(
                "RX-LOG-NOT-THEIRS",
                REVIEW,
                format!("somebody in the role {} who is not its practitioner tried to open or review the log", by.role),
                "let the practitioner do it",
            )
            .under(Edition::Proposed2008));
        }
        self.logs.get(&month).ok_or_else(|| {
            Refusal::new(
                "RX-LOG-UNKNOWN",
                MONTHLY,
                format!("there is no log of {month}"),
                "look at the list of logs; a month's log comes on the first day of the next",
            )
        })
    }

    /// Whether a month's log has been reviewed; `None` without a log.
    pub fn standing(&self, month: Month) -> Option<Standing> {
        let kept = self.logs.get(&month)?;
        let is_last = self.logs.keys().next_back() == Some(&month);
        Some(match (&kept.review, is_last) {
            (Some(_), _) => Standing::Reviewed,
            (None, true) => Standing::Waiting,
            (None, false) => Standing::Overdue,
        })
    }

    /// What the practitioner is reminded of at every sign-in: logs to review, oldest first.
    pub fn reminders(&self) -> Vec<(Month, Standing)> {
        let standing = |month: &Month| self.standing(*month).map(|standing| (*month, standing));
        self.logs.keys().filter_map(standing).filter(|(_, standing)| *standing != Standing::Reviewed).collect()
    }

    /// What to look at twice in a month's log, line by line, against the earlier logs on the shelf.
    pub fn marks(&self, month: Month) -> Vec<Vec<unusual::Mark>> {
        let earlier: Vec<&MonthlyLog> = self.logs.range(..month).map(|(_, kept)| &kept.log).collect();
        self.logs.get(&month).map(|kept| unusual::marks(&kept.log, &earlier)).unwrap_or_default()
    }
}
