//! The list of notices to give: open, overdue, given in time or late.

use super::event::{Channel, NoticeEvent};
use super::{Addressee, Notice, NoticeId};
use crate::terms::{Deadline, Timeliness};
use std::collections::BTreeMap;
use theriac_law::Moment;
use theriac_model::{Actor, Refusal};

/// How a notice was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Who gave it.
    pub by: Actor,
    /// When.
    pub at: Moment,
    /// How.
    pub how: Channel,
    /// Who took it.
    pub reached: String,
    /// SHA-256 of a proof of sending, in hex.
    pub proof: Option<String>,
}

/// A notice and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The notice.
    pub notice: Notice,
    /// How it was given, once it was.
    pub sent: Option<Sent>,
}

/// How far a notice has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// To be given, and there is time.
    Open,
    /// To be given, and the period has ended.
    Overdue,
    /// Given.
    Given(Timeliness),
}

impl Item {
    /// How far it has come at `now`. A notice without a period is overdue from the day after it was written down.
    pub fn progress(&self, now: Moment) -> Progress {
        let late = |at: Moment| match &self.notice.deadline {
            Some(deadline) => deadline.has_passed(at),
            None => at.date() > self.notice.raised.date(),
        };
        match &self.sent {
            Some(sent) if late(sent.at) => Progress::Given(Timeliness::Late),
            Some(_) => Progress::Given(Timeliness::InTime),
            None if late(now) => Progress::Overdue,
            None => Progress::Open,
        }
    }

    fn due(&self) -> jiff::Timestamp {
        match self.notice.deadline.as_ref().map(|deadline: &Deadline| deadline.due) {
            Some(theriac_law::When::Instant(moment)) => moment.timestamp,
            Some(theriac_law::When::Day(day)) => {
                let end = day.tomorrow().unwrap_or(day).to_datetime(jiff::civil::Time::midnight());
                self.notice.raised.offset.to_timestamp(end).unwrap_or(self.notice.raised.timestamp)
            }
            None => self.notice.raised.timestamp,
        }
    }
}

const TRACKED: &str = "21 CFR 1311.150(c), 1311.102; 73 FR 36722, proposed 21 CFR 1311.145(b), 1311.155";

/// All notices of a deployment, folded from their records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    items: BTreeMap<NoticeId, Item>,
}

impl Notices {
    /// Takes in one record. A record about a notice that was never raised changes nothing.
    pub fn apply(&mut self, event: &NoticeEvent) {
        match event {
            NoticeEvent::Raised(notice) => {
                self.items.entry(notice.id.clone()).or_insert_with(|| Item { notice: notice.clone(), sent: None });
            }
            NoticeEvent::Sent { id, by, at, how, reached, proof } => {
                if let Some(item) = self.items.get_mut(id) {
                    item.sent = Some(Sent {
                        by: by.clone(),
                        at: *at,
                        how: *how,
                        reached: reached.clone(),
                        proof: proof.clone(),
                    });
                }
            }
            NoticeEvent::Reopened { id, .. } => {
                if let Some(item) = self.items.get_mut(id) {
                    item.sent = None;
                }
            }
        }
    }

    /// Folds all records, in order.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a NoticeEvent>) -> Self {
        let mut notices = Self::default();
        for event in events {
            notices.apply(event);
        }
        notices
    }

    /// The records that put notices on the list; those already on it are left out, so that raising may be repeated.
    pub fn raise(&self, notices: Vec<Notice>) -> Vec<NoticeEvent> {
        notices.into_iter().filter(|notice| !self.items.contains_key(&notice.id)).map(NoticeEvent::Raised).collect()
    }

    /// A notice by its name.
    pub fn get(&self, id: &NoticeId) -> Option<&Item> {
        self.items.get(id)
    }

    /// All notices, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// The notices about one thing.
    pub fn about<'a>(&'a self, about: &'a str) -> impl Iterator<Item = &'a Item> {
        self.items.values().filter(move |item| item.notice.about == about)
    }

    /// What is still to be given, the most urgent first.
    pub fn to_do(&self) -> Vec<&Item> {
        let mut open: Vec<&Item> = self.items.values().filter(|item| item.sent.is_none()).collect();
        open.sort_by(|a, b| (a.due(), &a.notice.id).cmp(&(b.due(), &b.notice.id)));
        open
    }

    /// What is still to be given and should have been.
    pub fn overdue(&self, now: Moment) -> Vec<&Item> {
        self.to_do().into_iter().filter(|item| item.progress(now) == Progress::Overdue).collect()
    }

    /// What a practitioner or pharmacy sees at sign-in: notices to them that they have not been given.
    pub fn at_sign_in<'a>(&'a self, to: &'a Addressee) -> impl Iterator<Item = &'a Item> {
        self.items.values().filter(move |item| item.sent.is_none() && item.notice.to == *to)
    }

    /// Records that a person gave a notice.
    ///
    /// # Errors
    /// For a notice that is not on the list, or was given already; by anyone who may not give it, above all by a program;
    /// for a time that has not come; without saying who took it.
    pub fn give(&self, id: &NoticeId, sent: Sent, now: Moment) -> Result<NoticeEvent, Refusal> {
        let item = self.waiting(id)?;
        let by_addressee = sent.how == Channel::InApplication && is_addressee(&item.notice.to, &sent.by);
        if !(by_addressee || item.notice.from.may_be_given_by(&sent.by)) {
            return Err(Refusal::new(
                "RX-NOTICE-ROLE",
                TRACKED,
                format!("the role {} does not give this notice", sent.by.role),
                format!("let a person acting for the {} give it and record it", item.notice.from),
            ));
        }
        if sent.how == Channel::InApplication && !by_addressee {
            return Err(Refusal::new(
                "RX-NOTICE-SHOWN",
                TRACKED,
                "only its addressee's own sign-in shows that a notice was seen in the application",
                "wait for the sign-in, or give the notice another way and record that",
            )
            .about("how"));
        }
        if sent.at.timestamp > now.timestamp {
            return Err(Refusal::new(
                "RX-NOTICE-FUTURE",
                TRACKED,
                format!("{} has not come yet", sent.at),
                "record the time at which the notice was given",
            )
            .about("at"));
        }
        if sent.reached.trim().is_empty() {
            return Err(Refusal::new(
                "RX-NOTICE-REACHED",
                TRACKED,
                "it is not said who took the notice",
                "name the office or person that took it",
            )
            .about("reached"));
        }
        let Sent { by, at, how, reached, proof } = sent;
        Ok(NoticeEvent::Sent { id: id.clone(), by, at, how, reached, proof })
    }

    /// Puts a notice back on the list whose giving was recorded wrongly.
    ///
    /// # Errors
    /// For a notice that was not given; by anyone who may not give it; without a reason.
    pub fn reopen(&self, id: &NoticeId, by: &Actor, reason: &str) -> Result<NoticeEvent, Refusal> {
        let given = self.items.get(id).filter(|item| item.sent.is_some());
        let Some(item) = given else {
            return Err(Refusal::new(
                "RX-NOTICE-NOT-GIVEN",
                TRACKED,
                "this notice was not given yet",
                "look at the list of notices",
            ));
        };
        if !item.notice.from.may_be_given_by(by) || reason.trim().is_empty() {
            return Err(Refusal::new(
                "RX-NOTICE-REOPEN",
                TRACKED,
                "a notice is put back on the list by somebody who may give it, with a reason",
                format!("let a person acting for the {} do it and say why", item.notice.from),
            ));
        }
        Ok(NoticeEvent::Reopened { id: id.clone(), by: by.clone(), reason: reason.to_owned() })
    }

    fn waiting(&self, id: &NoticeId) -> Result<&Item, Refusal> {
        match self.items.get(id) {
            None => Err(Refusal::new(
                "RX-NOTICE-UNKNOWN",
                TRACKED,
                format!("there is no notice {id}"),
                "look at the list of notices",
            )),
            Some(item) if item.sent.is_some() => Err(Refusal::new(
                "RX-NOTICE-GIVEN",
                TRACKED,
                "this notice was given already",
                "look at its record; if that is wrong, put the notice back on the list with a reason",
            )),
            Some(item) => Ok(item),
        }
    }
}

fn is_addressee(to: &Addressee, by: &Actor) -> bool {
    matches!(to, Addressee::Practitioner(id) | Addressee::Customer(id) | Addressee::Pharmacy(id) if *id == by.id)
}
