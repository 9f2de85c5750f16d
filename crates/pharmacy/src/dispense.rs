//! Dispensing: the first filling, refills, parts and remainders.

use crate::ask;
use crate::conditions::{Conditions, Interns, Premises, StillNeeded};
use crate::duty::{DutyDone, DutyItem, IDENTIFY_PRODUCT};
use crate::event::Event;
use crate::face::of_smallest_units;
use crate::filling::{Filling, FillingKind, FillingState, Judgment, PartDetails, Stated};
use crate::hand_over::whole_seconds;
use crate::label::Label;
use crate::law_record::LawRecord;
use crate::people::Pharmacist;
use crate::prescription::{Prescription, next_number};
use crate::refusals as refuse;
use theriac_books::{DocumentKind, Movement, MovementKind};
use theriac_law::facts::{Filling as FillingFacts, Judgement};
use theriac_law::vocab::{
    Basis, Compliance, Entry, Event as Period, Filler, Form, Judged, Notation, Paper, Schedule as LawSchedule, Setting,
    Word,
};
use theriac_law::{Decision, Duty, Moment, Profile, Question, Request};
use theriac_model::{Ndc, Quantity, Refusal, Schedule};

/// The product in the pharmacist's hand, and what the drug file lists as the drug prescribed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanned {
    /// The code scanned from the container.
    pub ndc: Ndc,
    /// Products of the same drug, strength and form as prescribed, by the drug file.
    pub equivalents: Vec<Ndc>,
}

/// What every dispensing needs.
#[derive(Clone, Debug)]
pub struct Supply<'a> {
    /// Who dispenses, or under whom the intern of the conditions does.
    pub pharmacist: &'a Pharmacist,
    /// When, with the pharmacy's offset.
    pub at: Moment,
    /// The product.
    pub scanned: &'a Scanned,
    /// The pharmacist's judgment of the prescription.
    pub judgment: Judgment,
    /// What else bears on it.
    pub conditions: Conditions,
}

/// A part to be dispensed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// How much.
    pub quantity: Quantity,
    /// Why; [`Basis::General`] for schedules III to V.
    pub basis: Basis,
    /// The words put on the prescription.
    pub notation: Option<Notation>,
    /// Where the patient is cared for.
    pub setting: Setting,
    /// Whether the rest can be supplied in time.
    pub rest: Rest,
    /// Whether a terminal illness is documented.
    pub illness: Illness,
}

/// Whether the rest of a short filling can be supplied in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// It is expected in time.
    Expected,
    /// It is already clear that it cannot.
    Unavailable,
}

/// What is known of the patient's illness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Illness {
    /// It is documented, or plays no part.
    Documented,
    /// It is in doubt whether the patient is terminally ill.
    InDoubt,
}

impl Part {
    /// A part of a prescription of schedules III to V.
    pub fn general(quantity: Quantity) -> Self {
        Self::because(quantity, Basis::General)
    }

    /// A part of a schedule II prescription because the pharmacy cannot supply the whole.
    pub fn shortage(quantity: Quantity) -> Self {
        Self::because(quantity, Basis::Shortage)
    }

    /// A part of a schedule II prescription because the patient or the practitioner asked for it.
    pub fn requested(quantity: Quantity) -> Self {
        Self::because(quantity, Basis::Requested)
    }

    /// A part for a patient of a long term care facility, with the notation.
    pub fn ltcf(quantity: Quantity) -> Self {
        let notation = Some(Notation::LtcfPatient);
        Self { notation, setting: Setting::Ltcf, ..Self::because(quantity, Basis::Ltcf) }
    }

    /// A part for a terminally ill patient, with the notation.
    pub fn terminal(quantity: Quantity) -> Self {
        let notation = Some(Notation::TerminallyIll);
        Self { notation, setting: Setting::Terminal, ..Self::because(quantity, Basis::Terminal) }
    }

    fn because(quantity: Quantity, basis: Basis) -> Self {
        let (rest, illness) = (Rest::Expected, Illness::Documented);
        Self { quantity, basis, notation: None, setting: Setting::Retail, rest, illness }
    }
}

/// A filling: what to append, what to post, what to print. Events and movement go into one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispensing {
    /// What is appended to the prescription's stream.
    pub events: Vec<Event>,
    /// What is posted to the books of the product: from the shelf to will-call.
    pub movement: Movement,
    /// What the label says.
    pub label: Label,
    /// The number of the filling.
    pub filling: u32,
    /// What the rulebook warns of beside its yes.
    pub warnings: Vec<Refusal>,
}

/// What one kind of dispensing brings to the common path.
struct Plan {
    kind: FillingKind,
    quantity: Quantity,
    stated: Stated,
    part: Option<PartDetails>,
    request: Request,
    setting: Option<Setting>,
}

impl Prescription {
    /// The first filling, of the full quantity.
    ///
    /// # Errors
    /// `PHARM-FILLED` when something was dispensed before, and those common to all dispensing: `PHARM-CLOSED`,
    /// `PHARM-TIME`, `PHARM-JUDGMENT`, `PHARM-PRODUCT`, `PHARM-FLAG-OPEN`, `PHARM-CODE-DENIED`, the rulebook's refusal, `PHARM-EXCEEDS`; in this
    /// order.
    pub fn fill(&self, profile: &Profile, supply: &Supply<'_>) -> Result<Dispensing, Refusal> {
        if self.used() > 0 {
            self.check_open()?;
            return Err(refuse::filled_already());
        }
        let quantity = self.face.quantity.clone();
        let request = self.first_request(&quantity);
        self.dispense(profile, supply, Plan::of(FillingKind::First, quantity, request))
    }

    /// In an emergency what the emergency period takes is dispensed on the oral authorisation; else the whole.
    fn first_request(&self, quantity: &Quantity) -> Request {
        let quantity = ask::units(quantity.smallest_units());
        match self.received.source.emergency() {
            Some(emergency) if self.face.schedule == Schedule::II => {
                Request::EmergencyFill { quantity, needed: ask::units(emergency.needed.smallest_units()) }
            }
            _ => Request::Fill { quantity },
        }
    }

    /// A refill. Without a quantity the full face amount is taken to be dispensed.
    ///
    /// # Errors
    /// `PHARM-NOT-FILLED`, `PHARM-UNIT`, and those common to all dispensing.
    pub fn refill(
        &self,
        profile: &Profile,
        supply: &Supply<'_>,
        quantity: Option<Quantity>,
    ) -> Result<Dispensing, Refusal> {
        if self.used() == 0 {
            self.check_open()?;
            return Err(refuse::nothing_to_refill());
        }
        let stated = if quantity.is_some() { Stated::Stated } else { Stated::Presumed };
        let quantity = quantity.unwrap_or_else(|| self.face.quantity.clone());
        let request = Request::Refill { quantity: ask::units(quantity.smallest_units()) };
        self.dispense(profile, supply, Plan { stated, ..Plan::of(FillingKind::Refill, quantity, request) })
    }

    /// A part of what is authorised.
    ///
    /// # Errors
    /// `PHARM-UNIT`, `PHARM-BASIS-CHANGED` for schedule II, and those common to all dispensing.
    pub fn partial_fill(&self, profile: &Profile, supply: &Supply<'_>, part: &Part) -> Result<Dispensing, Refusal> {
        let plan = self.part_plan(FillingKind::Part, part)?;
        self.dispense(profile, supply, plan)
    }

    /// The rest of what was dispensed in part, on the same basis.
    ///
    /// # Errors
    /// `PHARM-NO-REMAINDER`, and those common to all dispensing.
    pub fn remainder(&self, profile: &Profile, supply: &Supply<'_>) -> Result<Dispensing, Refusal> {
        self.check_open()?;
        let rest = of_smallest_units(self.rest_of_filling(), self.face.quantity.unit());
        let (Some(quantity), Some(first)) = (rest, self.last_part()) else { return Err(refuse::no_remainder()) };
        let setting = ask::setting(first.basis);
        let part = Part { notation: first.notation, setting, ..Part::because(quantity, first.basis) };
        let plan = self.part_plan(FillingKind::Remainder, &part)?;
        self.dispense(profile, supply, plan)
    }

    fn part_plan(&self, kind: FillingKind, part: &Part) -> Result<Plan, Refusal> {
        let details = PartDetails { basis: part.basis, notation: part.notation };
        if self.face.schedule == Schedule::II && self.last_part().is_some_and(|before| before.basis != part.basis) {
            return Err(refuse::basis_changed());
        }
        let request = Request::PartialFill {
            quantity: ask::units(part.quantity.smallest_units()),
            basis: part.basis,
            notation: part.notation,
            remainder_available: part.rest == Rest::Expected,
            terminal_in_doubt: part.illness == Illness::InDoubt,
        };
        let (quantity, setting) = (part.quantity.clone(), part.setting);
        Ok(Plan {
            part: Some(details),
            setting: (setting != Setting::Retail).then_some(setting),
            ..Plan::of(kind, quantity, request)
        })
    }

    /// Why the part dispensed last, and not put back, was dispensed in part.
    pub(crate) fn last_part(&self) -> Option<&PartDetails> {
        self.fillings.iter().rev().filter(|filling| filling.stands()).find_map(|filling| filling.part.as_ref())
    }

    pub(crate) fn check_open(&self) -> Result<(), Refusal> {
        if let Some(closed) = &self.closed {
            return Err(refuse::closed(closed));
        }
        self.on_its_way.as_ref().map_or(Ok(()), |sent| Err(refuse::on_its_way(sent)))
    }

    /// The path of every dispensing.
    fn dispense(&self, profile: &Profile, supply: &Supply<'_>, plan: Plan) -> Result<Dispensing, Refusal> {
        self.check_open()?;
        if plan.quantity.unit() != self.face.quantity.unit() {
            return Err(refuse::other_unit());
        }
        if supply.at.timestamp < self.last_act().timestamp {
            return Err(refuse::before_the_record("at"));
        }
        if supply.judgment.at.timestamp > supply.at.timestamp {
            return Err(refuse::judged_later());
        }
        let scanned = supply.scanned;
        if self.face.ndc.as_ref() != Some(&scanned.ndc) && !scanned.equivalents.contains(&scanned.ndc) {
            return Err(refuse::other_product());
        }
        self.check_flags()?;
        self.check_code()?;
        if self.open_duties().any(|duty| duty.code == IDENTIFY_PRODUCT) {
            return Err(refuse::product_unknown(self.face.ndc.as_ref()));
        }
        self.check_premises(profile, supply.at, supply.conditions.premises)?;
        let mut question = self.question(supply.at, plan.request.clone());
        self.tell(&mut question, supply);
        if let (Some(prescription), Some(setting)) = (&mut question.facts.prescription, plan.setting) {
            prescription.setting = setting;
        }
        let decision = ask::permission(profile, &question)?;
        self.check_ghb(profile, supply)?;
        let (authorised, dispensed, asked) = (self.authorised(), self.used(), plan.quantity.smallest_units());
        let remaining = authorised - dispensed.saturating_add(asked);
        if remaining < 0 {
            return Err(refuse::exceeds(authorised, dispensed, asked));
        }
        let filling = self.filling_of(supply, plan, remaining, LawRecord::of(&decision));
        let events = self.events_of(profile, &filling, &decision);
        let movement = (MovementKind::Fill, DocumentKind::Filling);
        let movement = self.movement(&filling, movement, filling.at, supply.pharmacist.person().actor.clone())?;
        let (label, warnings) = (self.label(profile, &filling), ask::warnings(&decision));
        Ok(Dispensing { events, movement, label, filling: filling.no, warnings })
    }

    /// The rulebook's answer to a filling of the record, asked as it was asked then.
    pub(crate) fn dispensed_again(
        &self,
        profile: &Profile,
        supply: &Supply<'_>,
        filling: &Filling,
    ) -> Result<LawRecord, Refusal> {
        let quantity = filling.quantity.clone();
        let dispensing = match (&filling.part, filling.kind) {
            (Some(details), kind) => {
                let setting = ask::setting(details.basis);
                let part = Part { notation: details.notation, setting, ..Part::because(quantity, details.basis) };
                self.dispense(profile, supply, self.part_plan(kind, &part)?)?
            }
            (None, FillingKind::Refill) => self.refill(profile, supply, Some(quantity))?,
            (None, _) => self.fill(profile, supply)?,
        };
        let law = dispensing.events.into_iter().find_map(|event| match event {
            Event::Filled(filled) => Some(filled.law),
            _ => None,
        });
        // INVARIANT: a dispensing begins with its filling.
        Ok(law.unwrap_or_else(|| filling.law.clone()))
    }

    /// Whether the pharmacy may work on an electronic prescription at all: its application meets part 1311.
    pub(crate) fn check_premises(&self, profile: &Profile, at: Moment, premises: Premises) -> Result<(), Refusal> {
        if premises.application == Compliance::Compliant || self.received.source.form() != Form::Electronic {
            return Ok(());
        }
        let question = self.question(at, Request::ReceiveElectronic {});
        let question = question.with(|facts| facts.electronic.pharmacy_system = premises.application);
        ask::permission(profile, &question).map(|_| ())
    }

    /// Gamma-hydroxybutyric acid leaves with the further record of 21 CFR 1304.26, whole.
    fn check_ghb(&self, profile: &Profile, supply: &Supply<'_>) -> Result<(), Refusal> {
        use theriac_model::Element;
        let name = self.current.get(Element::DrugName).unwrap_or_default();
        if !is_ghb(name) {
            return Ok(());
        }
        let record = supply.judgment.ghb.as_ref().ok_or_else(refuse::ghb_record)?;
        let on_face = |elements: &[Element]| elements.iter().all(|&element| self.current.get(element).is_some());
        let stands = [
            (Entry::PractitionerName, on_face(&[Element::PractitionerLast, Element::PractitionerFirst])),
            (Entry::PractitionerNumber, on_face(&[Element::Registration])),
            (Entry::PractitionerStateNumber, !record.state_number.trim().is_empty()),
            (Entry::RegistrationVerified, !record.verified.trim().is_empty()),
            (Entry::PatientName, on_face(&[Element::PatientLast, Element::PatientFirst])),
            (Entry::PatientAddress, on_face(&[Element::PatientLine1, Element::PatientCity])),
        ];
        let missing = stands.iter().filter(|(_, there)| !there).map(|(entry, _)| *entry).collect();
        let schedule = Some(LawSchedule::from(self.face.schedule));
        let request = Request::CheckDocument { document: Paper::GhbRecord, missing, schedule };
        ask::permission(profile, &Question::new(supply.at, request)).map(|_| ())
    }

    /// Tells the rulebook what the pharmacist judged, where, and what the monitoring programme was asked.
    fn tell(&self, question: &mut Question, supply: &Supply<'_>) {
        let supply_days = self.face.days_supply.map(u32::from);
        let before = self.fillings.iter().any(|filling| filling.stands() && filling.part.is_none());
        question.facts.judgement = Some(Box::new(Judgement {
            decision: Judged::Dispense,
            still_needed: supply.judgment.still_needed == StillNeeded::Determined,
            days_supply: supply_days,
            days_before: supply_days.filter(|_| before),
            ..Judgement::new()
        }));
        let premises = supply.conditions.premises;
        let interns = supply.conditions.intern.is_some();
        question.facts.filling = Some(Box::new(FillingFacts {
            by: if interns { Filler::Intern } else { Filler::Pharmacist },
            state_allows_intern: premises.interns == Interns::MayVerify,
            supervised: interns,
            pharmacy_registration: premises.registration,
        }));
        question.facts.monitoring = supply.conditions.monitoring.as_ref().map(|check| Box::new(check.facts()));
        question.facts.refill_keeping = supply.conditions.keeping.map(|keeping| Box::new(keeping.facts()));
    }

    fn filling_of(&self, supply: &Supply<'_>, plan: Plan, remaining: i64, law: LawRecord) -> Filling {
        let judged = whole_seconds(supply.judgment.at);
        Filling {
            no: next_number(self.fillings.len()),
            kind: plan.kind,
            quantity: plan.quantity,
            stated: plan.stated,
            at: whole_seconds(supply.at),
            pharmacist: supply.pharmacist.person().clone(),
            intern: supply.conditions.intern.as_ref().map(|intern| intern.person().clone()),
            ndc: supply.scanned.ndc.clone(),
            refills_allowed: self.refills_allowed(),
            remaining,
            part: plan.part,
            judgment: Judgment { at: judged, ..supply.judgment.clone() },
            monitoring: supply.conditions.monitoring.as_ref().and_then(|check| check.look.clone()),
            label: supply.conditions.label,
            central: None,
            on_sheet: None,
            law,
            state: FillingState::Filled,
        }
    }

    /// The filling, the duties that end with it, and those that begin with it.
    fn events_of(&self, profile: &Profile, filling: &Filling, decision: &Decision) -> Vec<Event> {
        let mut events = vec![Event::Filled(Box::new(filling.clone()))];
        let completes = filling.quantity.smallest_units() == self.rest_of_filling();
        if completes {
            for duty in self.open_duties().filter(|duty| duty.code == Duty::NotifyPrescriber.word()) {
                let (at, by) = (filling.at, filling.pharmacist.clone());
                let how = "the remainder was dispensed in time".to_owned();
                events.push(Event::DutyDone(DutyDone { id: duty.id, at, by, how }));
            }
        }
        let mut id = next_number(self.duties.len());
        for (code, due, why) in self.duties_of(profile, filling, decision) {
            events.push(Event::DutyRaised(DutyItem { id, code, due, why }));
            id = id.saturating_add(1);
        }
        events
    }

    fn duties_of(&self, profile: &Profile, filling: &Filling, decision: &Decision) -> Vec<(String, Due, String)> {
        let mut duties: Vec<(String, Due, String)> = Vec::new();
        let raised = |duty: Duty| self.open_duties().any(|before| before.code == duty.word());
        for duty in decision.duties.iter().filter(|duty| !done_by_the_record(*duty) && !raised(*duty)) {
            duties.push((duty.word().to_owned(), None, "asked by the law with this filling".to_owned()));
        }
        let notify = Duty::NotifyPrescriber.word();
        let short = filling.part.as_ref().is_some_and(|part| part.basis == Basis::Shortage);
        let first = self.rest_of_filling() == 0;
        let rest = filling.quantity.smallest_units() < self.face.quantity.smallest_units();
        if short && first && rest && !duties.iter().any(|(code, ..)| code == notify) {
            let due = ask::deadline(profile, Period::CiiPartialShortage, filling.at);
            duties.push((notify.to_owned(), due, "unless the remainder is dispensed by then".to_owned()));
        }
        duties
    }
}

/// Gamma-hydroxybutyric acid by the names under which it is prescribed.
pub fn is_ghb(drug: &str) -> bool {
    let drug: String = drug.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    ["gammahydroxybutyric", "ghb", "oxybate", "xyrem", "xywav", "lumryz"].iter().any(|name| drug.contains(name))
}

type Due = Option<theriac_law::When>;

/// Duties that the record fulfils by itself: a filling holds quantity, remainder, date and pharmacist, and an oral
/// prescription the time at which it was written down.
fn done_by_the_record(duty: Duty) -> bool {
    matches!(duty, Duty::RecordQuantitySupplied | Duty::RecordPartialDetails | Duty::ReduceToWriting)
}

impl Plan {
    fn of(kind: FillingKind, quantity: Quantity, request: Request) -> Self {
        Self { kind, quantity, stated: Stated::Stated, part: None, request, setting: None }
    }
}
