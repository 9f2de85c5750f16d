//! Decisions of the record asked again under another profile: what was decided stays as it was recorded, and what would be
//! decided stands beside it (Manual 2010, Disclaimer: laws change).
//!
//! Only what the record holds is asked: an answer of the monitoring programme counts where its look was recorded, and the
//! pharmacy's own standing is taken as in order, because it is asked on its own day by its own gate. What a refusal was asked
//! with is not kept, so refusals are shown and not asked again.

use crate::arrived::{Arrived, DeaNumbers, DrugFile, SignatureCheck, SignedIndication, Systems, Twin};
use crate::by_hand::{ByHand, TakingIn, take_in};
use crate::conditions::{Area, Conditions, DrugFor, Interns, MonitoringCheck, Premises};
use crate::dispense::{Scanned, Supply};
use crate::event::Event;
use crate::filling::Filling;
use crate::intake::{Intake, receive};
use crate::law_record::{LawRecord, RefusalRecord};
use crate::people::{Intern, Pharmacist};
use crate::prescription::{Inconsistent, Prescription};
use crate::received::{Received, Signed};
use crate::source::Source;
use theriac_law::{Moment, Profile};
use theriac_model::Refusal;

/// What a record says was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// The act was allowed, under this profile and by these rules.
    Allowed(LawRecord),
    /// The act was refused.
    Refused(RefusalRecord),
}

/// What the other profile says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Again {
    /// The act would be allowed, by these rules.
    Allowed(LawRecord),
    /// It would be refused, and why.
    Refused(Vec<Refusal>),
    /// It is not asked again, and why.
    NotAsked(&'static str),
}

/// One decision, as it was and as it would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejudged {
    /// Its place among the events that were given, counted from 0.
    pub event: usize,
    /// The act: `received`, `filling 1`, `refused fill`.
    pub what: String,
    /// When it was decided.
    pub at: Moment,
    /// What the record says. Asking again changes nothing of it.
    pub recorded: Recorded,
    /// What the other profile says of the same facts on the same day.
    pub again: Again,
}

/// Asks every decision among `events` of one prescription again under `profile`, on the day of each.
///
/// # Errors
/// For events that do not make a prescription.
pub fn rejudge(profile: &Profile, events: &[Event]) -> Result<Vec<Rejudged>, Inconsistent> {
    let mut found = Vec::new();
    for (n, event) in events.iter().enumerate() {
        let decision = match event {
            Event::Received(received) => {
                let again = received_again(profile, received);
                Some(("received".to_owned(), received.at, Recorded::Allowed(received.law.clone()), again))
            }
            Event::Filled(filling) => {
                let before = Prescription::replay(events.get(..n).unwrap_or_default())?;
                let again = before.filled_again(profile, filling);
                Some((format!("filling {}", filling.no), filling.at, Recorded::Allowed(filling.law.clone()), again))
            }
            Event::Refused(attempt) => {
                let again = Again::NotAsked("what was asked is not kept with a refusal");
                let what = format!("refused {}", attempt.command);
                Some((what, attempt.at, Recorded::Refused(attempt.refusal.clone()), again))
            }
            _ => None,
        };
        if let Some((what, at, recorded, again)) = decision {
            found.push(Rejudged { event: n, what, at, recorded, again });
        }
    }
    Ok(found)
}

/// The law with which the first of `events` was let in.
fn law_of(events: &[Event]) -> Option<LawRecord> {
    events.iter().find_map(|event| match event {
        Event::Received(received) => Some(received.law.clone()),
        _ => None,
    })
}

fn received_again(profile: &Profile, received: &Received) -> Again {
    let (events, refusals) = match &received.source {
        Source::Message(message) => {
            let (signature, indication) = match &received.signed {
                Signed::Verified { subject } => {
                    let signed = Box::new(received.contents.clone());
                    (SignatureCheck::Verified { signed, subject: subject.clone() }, SignedIndication::Present)
                }
                _ => (SignatureCheck::NoSignature, SignedIndication::Present),
            };
            let arrived = Arrived {
                number: received.number.clone(),
                pharmacy: received.pharmacy,
                archive: received.archive,
                message: message.clone(),
                received: received.at,
                contents: received.contents.clone(),
                problems: Vec::new(),
                indication,
                signature,
                registrant: received.registrant.clone(),
                drug: DrugFile::Scheduled(received.schedule),
                twin: Twin::None,
                dea_numbers: DeaNumbers::One,
                systems: Systems::default(),
            };
            match receive(profile, arrived) {
                Intake::Accepted(events) => (events, Vec::new()),
                Intake::Rejected { refusals, .. } => (Vec::new(), refusals),
            }
        }
        Source::ByHand(taken) => {
            let hand = ByHand {
                number: received.number.clone(),
                pharmacy: received.pharmacy,
                archive: received.archive,
                at: received.at,
                by: taken.by.clone(),
                contents: received.contents.clone(),
                came: taken.came.clone(),
                registrant: received.registrant.clone(),
                drug: DrugFile::Scheduled(received.schedule),
                narcotic: taken.narcotic,
                aside: taken.aside.clone(),
                twin: Twin::None,
            };
            match take_in(profile, hand) {
                TakingIn::Accepted(events) => (events, Vec::new()),
                TakingIn::Refused { refusals, .. } => (Vec::new(), refusals),
            }
        }
        Source::Transfer(_) => return Again::NotAsked("the other pharmacy's part of a transfer is not kept whole"),
    };
    law_of(&events).map_or(Again::Refused(refusals), Again::Allowed)
}

impl Prescription {
    /// The decision of `filling` under `profile`, of the prescription as it was before it.
    fn filled_again(&self, profile: &Profile, filling: &Filling) -> Again {
        if filling.central.is_some() {
            return Again::NotAsked("it was filled by a central fill pharmacy, which decided under its own law");
        }
        let Ok(pharmacist) = Pharmacist::new(filling.pharmacist.clone()) else {
            return Again::NotAsked("the record names no pharmacist");
        };
        let scanned = Scanned { ndc: filling.ndc.clone(), equivalents: vec![filling.ndc.clone()] };
        let monitoring = filling.monitoring.clone();
        let monitoring = monitoring.map(|look| MonitoringCheck {
            look: Some(look),
            drug: DrugFor::KnownPatient,
            area: Area::Within,
        });
        let intern = filling.intern.clone().and_then(|person| Intern::new(person).ok());
        // That the State let the intern verify was asked on that day.
        let premises = Premises { interns: Interns::MayVerify, ..Premises::default() };
        let conditions = Conditions { premises, monitoring, label: filling.label, intern, ..Conditions::default() };
        let judgment = filling.judgment.clone();
        let supply = Supply { pharmacist: &pharmacist, at: filling.at, scanned: &scanned, judgment, conditions };
        match self.dispensed_again(profile, &supply, filling) {
            Ok(law) => Again::Allowed(law),
            Err(refusal) => Again::Refused(vec![refusal]),
        }
    }
}
