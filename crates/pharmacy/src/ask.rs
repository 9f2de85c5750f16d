//! Questions to the rulebook, built from the record. No number of the law stands in this crate.

use crate::by_hand::emergency_facts;
use crate::central::Which;
use crate::face::Face;
use crate::filling::{Filling, FillingKind};
use crate::prescription::Prescription;
use crate::refusals as refuse;
use crate::source::AnimalPrescriber;
use theriac_law::facts::{Act, Prescription as Facts};
use theriac_law::vocab::{
    Basis, Element as LawElement, Event, Form, HistoryKind, PractitionerKind, Resolution, Schedule, Setting,
};
use theriac_law::{Answer, Decision, Profile, Question, Request, Verdict, When, decide};
use theriac_model::{Element, Finding, Refusal};

/// What the rulebook must know of an electronic prescription that was accepted as signed and complete.
pub(crate) fn prescription(face: &Face, refills: u32) -> Facts {
    Facts {
        unit: face.quantity.unit().into(),
        refills_authorized: refills,
        earliest_fill: face.earliest_fill,
        ..Facts::new(
            Schedule::from(face.schedule),
            Form::Electronic,
            face.issued,
            units(face.quantity.smallest_units()),
        )
    }
}

/// The rulebook compares quantities only with each other, so the smallest unit serves.
pub(crate) fn units(smallest: i64) -> u64 {
    u64::try_from(smallest).unwrap_or(0)
}

/// The rulebook's word for the part of a prescription that a signed element belongs to; `None` for what it does not ask for.
pub(crate) const fn element(element: Element) -> Option<LawElement> {
    Some(match element {
        Element::Issued => LawElement::IssueDate,
        Element::SignedAt => LawElement::TimeSigned,
        Element::PatientLast | Element::PatientFirst => LawElement::PatientName,
        Element::PatientLine1 | Element::PatientCity | Element::PatientState | Element::PatientPostal => {
            LawElement::PatientAddress
        }
        Element::PractitionerLast | Element::PractitionerFirst => LawElement::PractitionerName,
        Element::PractitionerLine1
        | Element::PractitionerCity
        | Element::PractitionerState
        | Element::PractitionerPostal => LawElement::PractitionerAddress,
        Element::Registration => LawElement::DeaNumber,
        Element::ServiceId => LawElement::ServiceId,
        Element::DrugName => LawElement::DrugName,
        Element::DrugStrength => LawElement::Strength,
        Element::DrugForm => LawElement::DosageForm,
        Element::QuantityValue | Element::QuantityUnit => LawElement::Quantity,
        Element::Directions => LawElement::Directions,
        _ => return None,
    })
}

impl Prescription {
    /// A question about this prescription, with what was dispensed on it and not put back.
    pub(crate) fn question(&self, at: impl Into<When>, request: Request) -> Question {
        let mut facts = prescription(&self.face, self.refills_allowed());
        facts.drug = self.current.get(Element::DrugName).map(str::to_owned);
        self.received.source.describe(&mut facts);
        if let Some(part) = self.last_part() {
            facts.setting = setting(part.basis);
        }
        facts.original_presented |= self.original.is_some();
        let settled = self.settled.as_ref().map_or(Resolution::Open, |settled| settled.how);
        let mut intake = self.received.source.intake(settled);
        if let (Some(intake), Some(original)) = (&mut intake, &self.original) {
            intake.differs.clone_from(&original.differs);
        }
        let practice = self.received.source.practice(settled);
        Question::new(at, request).about(facts).after(self.acts()).with(|facts| {
            facts.practice = practice.map(Box::new);
            if self.received.source.animal().is_some_and(|one| one.prescribed_by == AnimalPrescriber::Veterinarian) {
                facts.prescriber.kind = PractitionerKind::Veterinarian;
            }
            facts.intake = intake.map(Box::new);
            facts.screen = self.screen_facts().map(Box::new);
            if let Some(emergency) = self.received.source.emergency() {
                facts.emergency = emergency_facts(emergency);
            }
        })
    }

    fn acts(&self) -> Vec<Act> {
        let came = self.received.source.transferred_in();
        let before = came.map_or_else(Vec::new, |came| came.history(self.received.at));
        let standing = self.fillings.iter().filter(|filling| filling.stands()).map(act);
        let under_way = self.central.iter().filter(|central| central.ended.is_none()).map(|central| {
            let kind = if central.sent.which == Which::First { HistoryKind::Fill } else { HistoryKind::Refill };
            Act::of(kind, central.sent.at, units(central.sent.quantity.smallest_units()))
        });
        let exceptions = self
            .exceptions
            .iter()
            .map(|exception| Act::of(HistoryKind::Refill, exception.at, units(exception.quantity.smallest_units())));
        before.into_iter().chain(standing).chain(under_way).chain(exceptions).collect()
    }
}

/// A filling as the rulebook's history has it.
pub(crate) fn act(filling: &Filling) -> Act {
    let kind = match filling.kind {
        FillingKind::First => HistoryKind::Fill,
        FillingKind::Refill => HistoryKind::Refill,
        FillingKind::Part | FillingKind::Remainder => HistoryKind::Partial,
    };
    Act::of(kind, filling.at, units(filling.quantity.smallest_units()))
}

/// Where the patient is, as far as the ground of a partial filling says it.
pub(crate) const fn setting(basis: Basis) -> Setting {
    match basis {
        Basis::Ltcf => Setting::Ltcf,
        Basis::Terminal => Setting::Terminal,
        Basis::Shortage | Basis::Requested | Basis::General => Setting::Retail,
    }
}

/// The decision when the act is permitted, else its refusal.
pub(crate) fn permission(profile: &Profile, question: &Question) -> Result<Decision, Refusal> {
    match decide(profile, question) {
        Ok(decision) => decision.into_result(),
        Err(missing) => Err(refuse::not_built(&missing)),
    }
}

/// What the rulebook warns of beside a yes.
pub(crate) fn warnings(decision: &Decision) -> Vec<Refusal> {
    let found = decision.grounds.iter().filter_map(|ground| match &ground.finding {
        Finding::Violated(refusal) => Some((**refusal).clone()),
        _ => None,
    });
    if decision.is_permitted() { found.collect() } else { Vec::new() }
}

/// A number looked up; zero when the rulebook has no value but a refusal.
pub(crate) fn number(profile: &Profile, question: &Question) -> Result<u64, Refusal> {
    match decide(profile, question) {
        Ok(Decision { verdict: Verdict::Value(Answer::Number(number)), .. }) => Ok(number),
        Ok(decision) => decision.into_result().map(|_| 0),
        Err(missing) => Err(refuse::not_built(&missing)),
    }
}

/// The end of the period that `event` starts at `at`; `None` when the rulebook gives none.
pub(crate) fn deadline(profile: &Profile, event: Event, at: impl Into<When>) -> Option<When> {
    match decide(profile, &Question::new(at, Request::Deadline { event })).ok()?.verdict {
        Verdict::Value(Answer::Instant(moment)) => Some(When::Instant(moment)),
        Verdict::Value(Answer::Date(date)) => Some(When::Day(date)),
        _ => None,
    }
}
