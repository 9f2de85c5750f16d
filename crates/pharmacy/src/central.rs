//! Central filling at the retail pharmacy: what is sent, what comes back, and the release (21 CFR 1306.15, 1306.27).
//!
//! What is sent counts as dispensed from that moment, so that it cannot be filled here as well; what is lost or comes back
//! unfilled counts no longer. Stock moves in the books of the pharmacy that fills, never in these.

use crate::ask;
use crate::codec::stored::{record, stored_words};
use crate::entered::{blank, entry};
use crate::event::Event;
use crate::filling::{Filling, FillingKind, FillingState, Judgment, Stated};
use crate::hand_over::{PickUp, refuse_empty, whole_seconds};
use crate::law_record::LawRecord;
use crate::people::{Person, Pharmacist};
use crate::prescription::{Prescription, next_number};
use crate::refusals as refuse;
use crate::transfer::{Mark, Pharmacy};
use crate::words::words;
use jiff::civil::Date;
use theriac_law::facts::Central as CentralFacts;
use theriac_law::vocab::{Form, Particular, Relationship, Step};
use theriac_law::{Moment, Profile, Request};
use theriac_model::{CanonicalContents, Ndc, Quantity, Refusal, Schedule};

words! {
    /// How a filled prescription gets to the retail pharmacy.
    Carriage {
        /// By a private carrier.
        Private = "private",
        /// By a common carrier.
        Common = "common",
        /// By a contract carrier.
        Contract = "contract",
    }

    /// What is filled.
    Which {
        /// The first filling.
        First = "first",
        /// A refill.
        Refill = "refill",
    }

    /// Why something sent does not come back filled.
    Unfilled {
        /// It was lost on the way.
        Lost = "lost",
        /// It came back unfilled.
        Returned = "returned",
    }
}

/// What a pharmacist enters to have a prescription filled centrally.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToCentral {
    /// The central fill pharmacy.
    pub to: Pharmacy,
    /// How the two stand to each other.
    pub relationship: Relationship,
    /// For paper: whether CENTRAL FILL is on its face.
    pub mark: Mark,
}

/// `rx.sent-to-central`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentToCentral {
    /// Its number within the prescription, counted from 1.
    pub no: u32,
    /// When.
    pub at: Moment,
    /// The transmitting pharmacist, who judged the prescription before.
    pub by: Person,
    /// The central fill pharmacy.
    pub to: Pharmacy,
    /// How the two stand to each other.
    pub relationship: Relationship,
    /// For paper: CENTRAL FILL on its face.
    pub mark: Mark,
    /// What is to be filled.
    pub which: Which,
    /// How much.
    pub quantity: Quantity,
    /// Schedules III to V: refills dispensed so far, this one not counted.
    pub refills_to_date: Option<u32>,
    /// Schedules III to V: refills that remain, this one not counted as dispensed.
    pub refills_remaining: Option<u32>,
}

/// `rx.back-from-central`: the filled prescription arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackFromCentral {
    /// Which transmission.
    pub no: u32,
    /// When it was entered.
    pub at: Moment,
    /// The day on which it arrived.
    pub received: Date,
    /// How it was delivered.
    pub carriage: Carriage,
    /// The employee who accepted it.
    pub accepted_by: Person,
    /// The pharmacist of the central fill pharmacy who judged and filled it.
    pub filled_by: String,
    /// The product.
    pub ndc: Ndc,
}

/// `rx.central-unfilled`: it will not come back filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentralUnfilled {
    /// Which transmission.
    pub no: u32,
    /// When.
    pub at: Moment,
    /// By whom this is recorded.
    pub by: Person,
    /// Why.
    pub why: Unfilled,
}

stored_words! { Carriage Which Unfilled Relationship }

record! {
    SentToCentral {
        "no" no, "at" at, "by" by, "to" to, "relationship" relationship, "mark" mark, "which" which,
        "quantity" quantity, "refills-to-date" refills_to_date, "refills-remaining" refills_remaining,
    }
    BackFromCentral {
        "no" no, "at" at, "received" received, "carriage" carriage, "accepted-by" accepted_by,
        "filled-by" filled_by, "ndc" ndc,
    }
    CentralUnfilled { "no" no, "at" at, "by" by, "why" why, }
}

/// Everything that the central fill pharmacy gets and keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transmission {
    /// The retail pharmacy, with its number of the prescription.
    pub retail: Pharmacy,
    /// The transmission's number within the prescription.
    pub no: u32,
    /// Everything that the prescription holds.
    pub contents: CanonicalContents,
    /// In which form the original came.
    pub form: Form,
    /// The schedule.
    pub schedule: Schedule,
    /// What is to be filled.
    pub which: Which,
    /// How much.
    pub quantity: Quantity,
    /// Refills dispensed so far, and those that remain; none for schedule II.
    pub refills: Option<(u32, u32)>,
    /// The transmitting pharmacist.
    pub by: String,
    /// How the two stand to each other.
    pub relationship: Relationship,
}

/// What arrived, as an employee enters it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentralArrival {
    /// The day.
    pub received: Option<Date>,
    /// How it was delivered.
    pub carriage: Option<Carriage>,
    /// Who accepted it.
    pub accepted_by: Person,
    /// The pharmacist of the central fill pharmacy who judged and filled it.
    pub filled_by: String,
    /// The product.
    pub ndc: Ndc,
}

impl Prescription {
    /// Sends the next filling to a central fill pharmacy: the first, or a refill.
    ///
    /// # Errors
    /// `PHARM-CLOSED`, `PHARM-TIME`, `PHARM-FLAG-OPEN`, `PHARM-EXCEEDS`, or the rulebook's refusal: of the filling
    /// itself, or naming what the record of the transmission lacks.
    pub fn send_to_central(
        &self,
        profile: &Profile,
        pharmacist: &Pharmacist,
        at: Moment,
        central: &ToCentral,
        own: &Pharmacy,
    ) -> Result<(Vec<Event>, Transmission), Refusal> {
        self.check_open()?;
        if at.timestamp < self.last_act().timestamp {
            return Err(refuse::before_the_record("at"));
        }
        self.check_flags()?;
        self.check_code()?;
        let quantity = self.face.quantity.clone();
        let units = ask::units(quantity.smallest_units());
        let which = if self.used() == 0 { Which::First } else { Which::Refill };
        let (ordinary, refill) = match which {
            Which::First => (Request::Fill { quantity: units }, false),
            Which::Refill => (Request::Refill { quantity: units }, true),
        };
        // An emergency oral order is refused by what follows, with its own paragraph.
        if self.received.source.emergency().is_none() {
            ask::permission(profile, &self.question(at, ordinary))?;
        }
        let (authorised, used) = (self.authorised(), self.used());
        if used.saturating_add(quantity.smallest_units()) > authorised {
            return Err(refuse::exceeds(authorised, used, quantity.smallest_units()));
        }
        let mut missing =
            central.to.blank([Particular::CentralName, Particular::CentralAddress, Particular::CentralNumber]);
        if central.mark == Mark::NotMade {
            missing.push(Particular::CentralFillMark);
        }
        let facts = CentralFacts { relationship: central.relationship, ..CentralFacts::new() };
        let question = self.question(at, Request::CentralFill { step: Step::Transmit, refill }).with(|stated| {
            stated.central = facts;
            stated.entry = Some(Box::new(entry(missing)));
        });
        ask::permission(profile, &question)?;
        let refills = match self.face.schedule {
            Schedule::II => None,
            _ => Some((self.refills_to_date(), self.refills_remaining(profile, at)?)),
        };
        let (at, by, no) = (whole_seconds(at), pharmacist.person().clone(), next_number(self.central.len()));
        let transmission = Transmission {
            retail: Pharmacy { number: self.received.number.to_string(), ..own.clone() },
            no,
            contents: self.received.contents.clone(),
            form: self.received.source.form(),
            schedule: self.face.schedule,
            which,
            quantity: quantity.clone(),
            refills,
            by: by.full_name.clone(),
            relationship: central.relationship,
        };
        let sent = SentToCentral {
            no,
            at,
            by,
            to: central.to.clone(),
            relationship: central.relationship,
            mark: central.mark,
            which,
            quantity,
            refills_to_date: refills.map(|refills| refills.0),
            refills_remaining: refills.map(|refills| refills.1),
        };
        Ok((vec![Event::SentToCentral(Box::new(sent))], transmission))
    }

    /// Refills dispensed so far: each full face quantity after the first.
    pub fn refills_to_date(&self) -> u32 {
        let fillings = self.used().checked_div(self.face.quantity.smallest_units()).unwrap_or(0);
        u32::try_from((fillings - 1).max(0)).unwrap_or(u32::MAX)
    }

    /// Records that a centrally filled prescription arrived. It is a filling from now on, which waits for collection.
    ///
    /// # Errors
    /// `PHARM-CLOSED` when the prescription has ended meanwhile, and the package goes back; `PHARM-CENTRAL-STATE`; `PHARM-TEXT`
    /// without the pharmacist who filled; or the rulebook's refusal naming what the
    /// record lacks.
    pub fn back_from_central(
        &self,
        profile: &Profile,
        no: u32,
        at: Moment,
        arrival: &CentralArrival,
    ) -> Result<Vec<Event>, Refusal> {
        self.check_open()?;
        let sent = self.awaited(no)?;
        let filled_by = refuse_empty(&arrival.filled_by, "filled-by")?;
        let mut missing = blank(&[(Particular::AcceptingEmployee, &arrival.accepted_by.full_name)]);
        missing.extend(arrival.received.is_none().then_some(Particular::DateReceived));
        missing.extend(arrival.carriage.is_none().then_some(Particular::DeliveryMethod));
        let facts = CentralFacts { relationship: sent.relationship, ..CentralFacts::new() };
        let question = self.question(at, Request::CentralFill { step: Step::Release, refill: false }).with(|stated| {
            stated.central = facts;
            stated.entry = Some(Box::new(entry(missing)));
        });
        let decision = ask::permission(profile, &question)?;
        let (Some(received), Some(carriage)) = (arrival.received, arrival.carriage) else {
            return Err(refuse::text_missing("received"));
        };
        let (at, accepted_by, ndc) = (whole_seconds(at), arrival.accepted_by.clone(), arrival.ndc.clone());
        let back = BackFromCentral { no, at, received, carriage, accepted_by, filled_by, ndc: ndc.clone() };
        let filling = Filling {
            no: next_number(self.fillings.len()),
            kind: if sent.which == Which::First { FillingKind::First } else { FillingKind::Refill },
            quantity: sent.quantity.clone(),
            stated: Stated::Stated,
            at,
            pharmacist: sent.by.clone(),
            ndc,
            refills_allowed: self.refills_allowed(),
            remaining: (self.authorised() - self.used()).max(0),
            part: None,
            judgment: Judgment::new(sent.at),
            monitoring: None,
            label: crate::conditions::LabelStep::Affixed,
            central: Some(no),
            intern: None,
            on_sheet: None,
            law: LawRecord::of(&decision),
            state: FillingState::Filled,
        };
        Ok(vec![Event::BackFromCentral(Box::new(back)), Event::Filled(Box::new(filling))])
    }

    /// Records that something sent does not come back filled; it can be filled again.
    ///
    /// # Errors
    /// `PHARM-CENTRAL-STATE`.
    pub fn central_unfilled(&self, no: u32, by: &Person, at: Moment, why: Unfilled) -> Result<Vec<Event>, Refusal> {
        self.awaited(no)?;
        Ok(vec![Event::CentralUnfilled(Box::new(CentralUnfilled { no, at: whole_seconds(at), by: by.clone(), why }))])
    }

    /// Hands a centrally filled prescription over. No stock of this pharmacy moves.
    ///
    /// # Errors
    /// As [`Prescription::release`]; `PHARM-CENTRAL-STATE` when it was not filled centrally.
    pub fn release_central(
        &self,
        profile: &Profile,
        no: u32,
        pick_up: &PickUp,
        by: &Person,
        at: Moment,
    ) -> Result<Vec<Event>, Refusal> {
        if self.filling(no).is_none_or(|filling| filling.central.is_none()) {
            return Err(refuse::central_state(no, "was not filled centrally"));
        }
        self.handed(profile, no, pick_up, by, at).map(|(event, _)| vec![event])
    }

    /// The transmission that has neither come back nor been given up.
    fn awaited(&self, no: u32) -> Result<&SentToCentral, Refusal> {
        match self.central.iter().find(|central| central.sent.no == no) {
            None => Err(refuse::central_state(no, "was not sent")),
            Some(central) if central.ended.is_some() => Err(refuse::central_state(no, "came back or was given up")),
            Some(central) => Ok(&central.sent),
        }
    }

    /// What was sent to central fill pharmacies, and what became of it.
    pub fn central(&self) -> &[Central] {
        &self.central
    }

    /// What is under way to or from a central fill pharmacy, in smallest units.
    pub(crate) fn reserved(&self) -> i64 {
        let under_way = self.central.iter().filter(|central| central.ended.is_none());
        under_way.fold(0, |sum, central| central.sent.quantity.smallest_units().saturating_add(sum))
    }

    pub(crate) fn fold_sent(&mut self, sent: &SentToCentral) -> Result<(), &'static str> {
        self.still_open()?;
        crate::prescription::follows(sent.no, self.central.len())?;
        if self.used().saturating_add(sent.quantity.smallest_units()) > self.authorised() {
            return Err("more is sent to central filling than was authorised");
        }
        self.central.push(Central { sent: sent.clone(), ended: None });
        Ok(())
    }

    pub(crate) fn fold_ended(&mut self, no: u32, ended: CentralEnd) -> Result<(), &'static str> {
        let open = self.central.iter_mut().find(|central| central.sent.no == no && central.ended.is_none());
        open.ok_or("what ends was not under way")?.ended = Some(ended);
        Ok(())
    }
}

/// Something sent to a central fill pharmacy, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Central {
    /// What was sent.
    pub sent: SentToCentral,
    /// What became of it; `None` while it is under way.
    pub ended: Option<CentralEnd>,
}

/// What became of something sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CentralEnd {
    /// It came back filled.
    Back(Box<BackFromCentral>),
    /// It did not.
    Unfilled(Box<CentralUnfilled>),
}
