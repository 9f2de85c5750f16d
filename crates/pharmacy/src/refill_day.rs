//! A day's refills, verified (21 CFR 1306.22(f)(3), (4)): the printout that reaches the pharmacy within 72 hours, or the log; every
//! pharmacist who refilled signs. The stream is `refill-day/` and the day. Beside it, what a central place was asked for.

use crate::ask;
use crate::codec::stored::{event_records, record, stored_words};
use crate::hand_over::{refuse_empty, whole_seconds};
use crate::number::PrescriptionNumber;
use crate::people::{Person, Pharmacist};
use crate::prescription::{Inconsistent, Prescription};
use crate::refill_record::is_refill;
use crate::refusals as refuse;
use crate::words::words;
use jiff::civil::Date;
use std::cmp::Ordering;
use theriac_law::facts::RefillDay as RefillDayFacts;
use theriac_law::vocab::{Event as Period, RefillDocument};
use theriac_law::{Moment, Profile, Question, Request, When};
use theriac_model::{Quantity, Refusal};

words! {
    /// Where a day's refills stand.
    DayStanding {
        /// Nothing was refilled.
        Nothing = "nothing",
        /// Signatures are missing.
        Open = "open",
        /// The printout is not there and its time ends within a day.
        Pressing = "pressing",
        /// The printout did not come in time, or the day's statements are missing after the day.
        Late = "late",
        /// Everybody has signed.
        Complete = "complete",
    }
}

/// One refill of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayLine {
    /// The prescription.
    pub number: PrescriptionNumber,
    /// The patient.
    pub patient: String,
    /// The drug.
    pub drug: String,
    /// How much.
    pub quantity: Quantity,
    /// When.
    pub at: Moment,
    /// The pharmacist.
    pub pharmacist: Person,
}

/// A day's refills as the records have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayRefills {
    /// The day, by the pharmacy's clock.
    pub day: Date,
    /// The refills, in order of time.
    pub lines: Vec<DayLine>,
}

impl DayRefills {
    /// The refills of `day` in these prescriptions.
    pub fn of(day: Date, prescriptions: &[&Prescription]) -> Self {
        let mut lines: Vec<DayLine> = Vec::new();
        for prescription in prescriptions {
            let order = prescription.original_order();
            let refills = prescription.fillings().iter().filter(|filling| is_refill(filling));
            lines.extend(refills.filter(|filling| filling.at.date() == day).map(|filling| DayLine {
                number: order.number.clone(),
                patient: order.patient.clone(),
                drug: format!("{} {} {}", order.drug, order.strength, order.form),
                quantity: filling.quantity.clone(),
                at: filling.at,
                pharmacist: filling.pharmacist.clone(),
            }));
        }
        lines.sort_by(|a, b| a.at.timestamp.cmp(&b.at.timestamp).then_with(|| a.number.cmp(&b.number)));
        Self { day, lines }
    }

    /// The pharmacists who refilled, each once.
    pub fn pharmacists(&self) -> Vec<&Person> {
        let mut found: Vec<&Person> = Vec::new();
        for line in &self.lines {
            if !found.iter().any(|person| person.actor.id == line.pharmacist.actor.id) {
                found.push(&line.pharmacist);
            }
        }
        found
    }
}

/// `refill-day.printed`: the printout reached the pharmacy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// When it was there.
    pub at: Moment,
    /// How many refills it lists.
    pub lines: u32,
}

/// `refill-day.signed`: one pharmacist's verification, signed as a cheque would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaySigned {
    /// When.
    pub at: Moment,
    /// Who.
    pub by: Person,
    /// On what.
    pub document: RefillDocument,
    /// The words: that the day's refill information was reviewed and is correct.
    pub statement: String,
    /// How many refills of the day it covers.
    pub lines: u32,
}

stored_words! { RefillDocument }

record! {
    Printed { "at" at, "lines" lines, }
    DaySigned { "at" at, "by" by, "document" document, "statement" statement, "lines" lines, }
}

/// One event of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefillDayEvent {
    /// The printout is there.
    Printed(Printed),
    /// A pharmacist signed.
    Signed(DaySigned),
}

event_records! {
    RefillDayEvent {
        Printed "refill-day.printed",
        Signed "refill-day.signed",
    }
}

/// A day's verification: the fold of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefillDay {
    day: Date,
    document: RefillDocument,
    version: u64,
    printed: Option<Printed>,
    signed: Vec<DaySigned>,
}

/// The statement that a pharmacist signs (21 CFR 1306.22(f)(3)).
pub const STATEMENT: &str =
    "The refill information entered into the computer on this day was reviewed by me and is correct as shown.";

impl RefillDay {
    /// A day of which nothing is recorded yet, verified on `document`.
    pub const fn new(day: Date, document: RefillDocument) -> Self {
        Self { day, document, version: 0, printed: None, signed: Vec::new() }
    }

    /// The day after `events`.
    ///
    /// # Errors
    /// [`Inconsistent`] at the first event that the commands could not have made.
    pub fn replay<'a>(
        day: Date,
        document: RefillDocument,
        events: impl IntoIterator<Item = &'a RefillDayEvent>,
    ) -> Result<Self, Inconsistent> {
        let mut found = Self::new(day, document);
        for event in events {
            found.apply(event)?;
        }
        Ok(found)
    }

    /// Folds one event. A printout may be made anew, when a refill of the day was entered later.
    ///
    /// # Errors
    /// [`Inconsistent`] when the commands could not have made it.
    pub fn apply(&mut self, event: &RefillDayEvent) -> Result<(), Inconsistent> {
        self.version += 1;
        match event {
            RefillDayEvent::Printed(printed) => self.printed = Some(printed.clone()),
            RefillDayEvent::Signed(signed) => {
                if signed.document == RefillDocument::Printout && self.printed.is_none() {
                    return Err(Inconsistent {
                        version: self.version,
                        problem: "a printout is signed that is not there",
                    });
                }
                self.signed.push(signed.clone());
            }
        }
        Ok(())
    }

    /// The name of the stream: `refill-day/2026-03-02`.
    pub fn stream(&self) -> String {
        format!("refill-day/{}", self.day)
    }

    /// How many events have been folded.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Who signed, in order.
    pub fn signed(&self) -> &[DaySigned] {
        &self.signed
    }

    /// Records that the printout reached the pharmacy.
    pub fn print(&self, refills: &DayRefills, at: Moment) -> Vec<RefillDayEvent> {
        vec![RefillDayEvent::Printed(Printed { at: whole_seconds(at), lines: lines(refills) })]
    }

    /// One pharmacist verifies the day.
    ///
    /// # Errors
    /// `PHARM-NOT-INVOLVED` for somebody who did not refill; `PHARM-NOT-PRINTED` when the printout is not there or a refill
    /// was entered after it; `PHARM-SIGNED` for a second signature under the same refills.
    pub fn sign(
        &self,
        refills: &DayRefills,
        pharmacist: &Pharmacist,
        at: Moment,
    ) -> Result<Vec<RefillDayEvent>, Refusal> {
        let by = pharmacist.person();
        if !refills.pharmacists().iter().any(|person| person.actor.id == by.actor.id) {
            return Err(refuse::not_involved());
        }
        let printed = self.printed.as_ref().is_some_and(|printed| printed.lines == lines(refills));
        if self.document == RefillDocument::Printout && !printed {
            return Err(refuse::not_printed());
        }
        if self.has_signed(refills, by) {
            return Err(refuse::signed_already());
        }
        let signed = DaySigned {
            at: whole_seconds(at),
            by: by.clone(),
            document: self.document,
            statement: STATEMENT.to_owned(),
            lines: lines(refills),
        };
        Ok(vec![RefillDayEvent::Signed(signed)])
    }

    /// A signature covers the refills that were there when it was made.
    fn has_signed(&self, refills: &DayRefills, person: &Person) -> bool {
        self.signed.iter().any(|signed| signed.by.actor.id == person.actor.id && signed.lines == lines(refills))
    }

    /// The pharmacists who have not signed what the day holds now.
    pub fn missing<'a>(&self, refills: &'a DayRefills) -> Vec<&'a Person> {
        refills.pharmacists().into_iter().filter(|person| !self.has_signed(refills, person)).collect()
    }

    /// The last day on which the printout is in time.
    pub fn printout_due(&self, profile: &Profile) -> Option<When> {
        ask::deadline(profile, Period::RefillPrintout, self.day)
    }

    /// Where the day stands at `now`.
    pub fn standing(&self, profile: &Profile, refills: &DayRefills, now: Moment) -> DayStanding {
        if refills.lines.is_empty() {
            return DayStanding::Nothing;
        }
        if self.missing(refills).is_empty() {
            return DayStanding::Complete;
        }
        let Some(due) = self.printout_due(profile) else { return DayStanding::Open };
        let today = When::Day(now.date());
        match self.document {
            RefillDocument::Log if now.date() > self.day => DayStanding::Late,
            RefillDocument::Printout if self.printed.is_none() && today.order(due) == Ordering::Greater => {
                DayStanding::Late
            }
            RefillDocument::Printout if self.printed.is_none() && (due.date() - now.date()).get_days() <= 1 => {
                DayStanding::Pressing
            }
            _ => DayStanding::Open,
        }
    }

    /// Whether the day may be closed: everybody who refilled has signed.
    ///
    /// # Errors
    /// The rulebook's refusal.
    pub fn close(&self, profile: &Profile, refills: &DayRefills, at: Moment) -> Result<(), Refusal> {
        let id = |person: &Person| person.actor.id.clone();
        let signed = refills.pharmacists().into_iter().filter(|person| self.has_signed(refills, person));
        let facts = RefillDayFacts {
            pharmacists: refills.pharmacists().into_iter().map(id).collect(),
            document: self.document,
            signed: signed.map(id).collect(),
        };
        let question = Question::new(at, Request::CloseRefillDay {});
        ask::permission(profile, &question.with(|stated| stated.refill_day = Some(Box::new(facts)))).map(|_| ())
    }
}

fn lines(refills: &DayRefills) -> u32 {
    u32::try_from(refills.lines.len()).unwrap_or(u32::MAX)
}

/// A printout that another place of the group was asked for (21 CFR 1306.22(f)(4)), with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailRequest {
    /// When it was asked for.
    pub asked: Moment,
    /// Who asked: the pharmacy, or an agent by name.
    pub by: String,
    /// What was asked for.
    pub what: String,
    /// When it was sent.
    pub sent: Option<Moment>,
}

record! {
    TrailRequest { "asked" asked, "by" by, "what" what, "sent" sent, }
}

impl TrailRequest {
    /// A request.
    ///
    /// # Errors
    /// `PHARM-TEXT`.
    pub fn new(asked: Moment, by: &str, what: &str) -> Result<Self, Refusal> {
        let (by, what) = (refuse_empty(by, "by")?, refuse_empty(what, "what")?);
        Ok(Self { asked: whole_seconds(asked), by, what, sent: None })
    }

    /// The last moment to send it.
    pub fn due(&self, profile: &Profile) -> Option<When> {
        ask::deadline(profile, Period::CentralPrintoutRequest, self.asked)
    }

    /// Whether it was not sent in time, or is not sent and its time is over at `now`.
    pub fn is_overdue(&self, profile: &Profile, now: Moment) -> bool {
        let at = When::from(self.sent.unwrap_or(now));
        self.due(profile).is_some_and(|due| at.order(due) == Ordering::Greater)
    }

    /// The same request, sent.
    ///
    /// # Errors
    /// `PHARM-TIME` for a time before it was asked for.
    pub fn sent(&self, at: Moment) -> Result<Self, Refusal> {
        if at.timestamp < self.asked.timestamp {
            return Err(refuse::before_the_record("at"));
        }
        Ok(Self { sent: Some(whole_seconds(at)), ..self.clone() })
    }
}
