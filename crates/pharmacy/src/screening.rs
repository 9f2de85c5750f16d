//! Warning signs: what the rulebook finds in them, and what a pharmacist decides about each (21 CFR 1306.04(a); Manual 2010,
//! appendix D; 2008: preamble, section 7).
//!
//! The figures that raised a sign stay in the record. A sign that is open stops dispensing here, before the rulebook stops
//! the release: the pharmacist records a contact, or the reason for none. `Chosen reading:` the stricter.

use crate::codec::stored::{record, stored_words};
use crate::duty::DutyItem;
use crate::event::Event;
use crate::hand_over::whole_seconds;
use crate::people::{Person, Pharmacist};
use crate::prescription::{Prescription, next_number};
use crate::refusals as refuse;
use theriac_law::facts::{Resolution, Screen, StaffNote};
use theriac_law::vocab::{
    DrugClass, Flag, FlagDecision, ForgerySign, Grounds, NumberSource, Payment, ProfileItem, Specialty, Staff,
    StaffNoteKind, Word,
};
use theriac_law::{Duty, Moment, Profile, Request, decide};
use theriac_model::{Finding, Refusal};

/// A sign that was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaisedFlag {
    /// Which.
    pub flag: Flag,
    /// The rulebook's code.
    pub code: String,
    /// What was found, with its figure.
    pub what: String,
    /// Who names the sign.
    pub cite: String,
}

/// `rx.screened`: what was looked at, and which signs it raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screened {
    /// When.
    pub at: Moment,
    /// By whom; the program where it screened by itself.
    pub by: Person,
    /// What was known.
    pub screen: Screen,
    /// The signs.
    pub raised: Vec<RaisedFlag>,
}

/// What a pharmacist decides about a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AboutFlag {
    /// The sign.
    pub flag: Flag,
    /// The decision.
    pub decision: FlagDecision,
    /// On what ground.
    pub grounds: Grounds,
    /// With whom it was spoken; needed for [`Grounds::Contact`].
    pub person: Option<String>,
    /// When; needed for [`Grounds::Contact`].
    pub contacted: Option<Moment>,
    /// Where the number called came from.
    pub number: NumberSource,
    /// What came of it, or why nobody was asked.
    pub outcome: String,
}

/// `rx.flag-decided`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagDecided {
    /// The decision.
    pub about: AboutFlag,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Person,
}

stored_words! {
    Flag FlagDecision Grounds NumberSource DrugClass Specialty Payment ForgerySign ProfileItem StaffNoteKind Staff
}

record! {
    RaisedFlag { "flag" flag, "code" code, "what" what, "cite" cite, }
    Screened { "at" at, "by" by, "screen" screen, "raised" raised, }
    AboutFlag {
        "flag" flag, "decision" decision, "grounds" grounds, "person" person, "contacted" contacted,
        "number" number, "outcome" outcome,
    }
    FlagDecided { "about" about, "at" at, "by" by, }
    StaffNote { "kind" kind, "author" author, "at" at, }
    Resolution {
        "flag" flag, "by" by, "grounds" grounds, "person" person, "at" at, "outcome" outcome,
    }
    Screen {
        "class" class, "active" active, "early-requests" early_requests, "distance-miles" distance_miles,
        "prescribers" prescribers, "pharmacies" pharmacies, "alike-today" alike_today,
        "alike-minutes-ago" alike_minutes_ago, "new-patients-today" new_patients_today, "specialty" specialty,
        "pending-action" pending_action, "prescriber-percentile" prescriber_percentile, "notes" notes,
        "payment" payment, "first-ever" first_ever, "last-supply-days" last_supply_days,
        "days-since-last" days_since_last, "in-other-names" in_other_names, "forgery" forgery,
        "daily-dose" daily_dose, "usual-daily-maximum" usual_daily_maximum, "profile" profile,
        "cyp450-substrate" cyp450_substrate, "resolved" resolved, "believed-forged" believed_forged,
    }
}

impl Prescription {
    /// Asks the rulebook which warning signs `screen` raises, and records them with their figures.
    ///
    /// # Errors
    /// `PHARM-CLOSED`, or the rulebook's refusal to answer.
    pub fn screen(&self, profile: &Profile, by: &Person, at: Moment, screen: &Screen) -> Result<Vec<Event>, Refusal> {
        self.check_open()?;
        let question = self.question(at, Request::ScreenFlags {});
        let question = question.with(|facts| facts.screen = Some(Box::new(screen.clone())));
        let decision = decide(profile, &question).map_err(|missing| refuse::not_built(&missing))?;
        let raised = decision.grounds.iter().filter_map(|ground| {
            let Finding::Violated(found) = &ground.finding else { return None };
            let flag = theriac_law::flag_of(ground.rule)?;
            let (code, what, cite) = (found.code.to_string(), found.what.to_string(), found.cite.to_string());
            Some(RaisedFlag { flag, code, what, cite })
        });
        let raised: Vec<RaisedFlag> = raised.collect();
        let (at, by) = (whole_seconds(at), by.clone());
        let asks = !raised.is_empty() && !self.owes(Duty::ResolveFlags);
        let mut events = vec![Event::Screened(Box::new(Screened { at, by, screen: screen.clone(), raised }))];
        if asks {
            events.push(self.duty(0, Duty::ResolveFlags, "warning signs were raised"));
        }
        Ok(events)
    }

    /// Records what a pharmacist decides about a sign. A duty that follows from it (lock and call the police, tell the
    /// practitioner, report a pattern) is raised with it; the warning about a number that stands on the prescription
    /// itself comes back beside the events.
    ///
    /// # Errors
    /// `PHARM-CLOSED`; `PHARM-NO-SUCH-FLAG` for a sign that was not raised; the rulebook's refusal naming what the
    /// decision lacks.
    pub fn decide_flag(
        &self,
        profile: &Profile,
        pharmacist: &Pharmacist,
        at: Moment,
        about: &AboutFlag,
    ) -> Result<(Vec<Event>, Vec<Refusal>), Refusal> {
        self.check_open()?;
        if !self.raised_flags().any(|raised| raised.flag == about.flag) {
            return Err(refuse::no_such_flag(about.flag));
        }
        let request = Request::ResolveFlag {
            flag: about.flag,
            decision: about.decision,
            by: Staff::Pharmacist,
            grounds: about.grounds,
            person: about.person.clone(),
            contacted: about.contacted.map(Into::into),
            outcome: Some(about.outcome.clone()),
            number: about.number,
        };
        let decision = crate::ask::permission(profile, &self.question(at, request))?;
        let (at, by) = (whole_seconds(at), pharmacist.person().clone());
        let decided = FlagDecided { about: about.clone(), at, by: by.clone() };
        let mut events = vec![Event::FlagDecided(Box::new(decided))];
        for (n, duty) in decision.duties.iter().filter(|duty| !self.owes(*duty)).enumerate() {
            events.push(self.duty(n, duty, "asked by the decision about a warning sign"));
        }
        let last = about.decision == FlagDecision::Resolved && self.open_flags().all(|open| open.flag == about.flag);
        if last {
            events.extend(self.done_with(Duty::ResolveFlags, at, &by, "every warning sign is resolved"));
        }
        let warnings = crate::ask::warnings(&decision);
        Ok((events, warnings))
    }

    fn owes(&self, duty: Duty) -> bool {
        self.open_duties().any(|open| open.code == duty.word())
    }

    /// A duty due at once, the `n`th of those that are raised together.
    fn duty(&self, n: usize, duty: Duty, why: &str) -> Event {
        let id = next_number(self.duties.len() + n);
        Event::DutyRaised(DutyItem { id, code: duty.word().to_owned(), due: None, why: why.to_owned() })
    }

    /// The signs of every screening, the latest last.
    pub fn raised_flags(&self) -> impl Iterator<Item = &RaisedFlag> {
        self.screenings.iter().flat_map(|screened| &screened.raised)
    }

    /// The signs of the latest screening that no pharmacist has resolved.
    pub fn open_flags(&self) -> impl Iterator<Item = &RaisedFlag> {
        let raised = self.screenings.last().into_iter().flat_map(|screened| &screened.raised);
        raised.filter(|raised| !self.resolved(raised.flag))
    }

    fn resolved(&self, flag: Flag) -> bool {
        let last = self.flag_decisions.iter().rev().find(|decided| decided.about.flag == flag);
        last.is_some_and(|decided| decided.about.decision == FlagDecision::Resolved)
    }

    /// The screenings, in order.
    pub fn screenings(&self) -> &[Screened] {
        &self.screenings
    }

    /// The decisions about signs, in order.
    pub fn flag_decisions(&self) -> &[FlagDecided] {
        &self.flag_decisions
    }

    /// What the rulebook is told of the signs: the latest screening with every decision since.
    pub(crate) fn screen_facts(&self) -> Option<Screen> {
        let mut screen = self.screenings.last()?.screen.clone();
        for decided in &self.flag_decisions {
            let about = &decided.about;
            if about.decision == FlagDecision::Forged {
                screen.believed_forged = true;
            }
            screen.resolved.retain(|one| one.flag != about.flag);
            if about.decision == FlagDecision::Resolved {
                screen.resolved.push(Resolution {
                    flag: about.flag,
                    by: Staff::Pharmacist,
                    grounds: about.grounds,
                    person: about.person.clone(),
                    at: about.contacted.map(Into::into),
                    outcome: Some(about.outcome.clone()),
                });
            }
        }
        Some(screen)
    }

    /// Whether dispensing waits for a decision about a sign.
    pub(crate) fn check_flags(&self) -> Result<(), Refusal> {
        let believed_forged = self.screen_facts().is_some_and(|screen| screen.believed_forged);
        match self.open_flags().next() {
            // The rulebook refuses what is believed forged, with its own duties.
            Some(open) if !believed_forged => Err(refuse::flag_open(open)),
            _ => Ok(()),
        }
    }
}
