//! Taking in by hand: paper, its fax, or a call becomes a prescription, or a recorded refusal.
//!
//! Refusals come in this order: it is here already; the drug; the quantity; what the rulebook finds, asked again and again
//! with each fault set right, so that all are named. What can still be settled before dispensing does not keep it out:
//! the signed original of a faxed schedule II prescription, a doubt about sender, "void" or signature, an earliest date.
//! The rulebook asks for them again at dispensing, and what the pharmacist has to do about them is a duty from now on.

use crate::arrived::{DrugFile, RegistrantLookup, Twin};
use crate::ask;
use crate::duty::DutyItem;
use crate::event::Event;
use crate::face::{self, Face};
use crate::hand_over::{refuse_empty, whole_seconds};
use crate::intake;
use crate::law_record::{LawRecord, RefusalRecord};
use crate::number::{ArchiveDigest, PrescriptionNumber};
use crate::people::Person;
use crate::prescription::next_number;
use crate::received::{Received, Rejected, Signed};
use crate::refusals as refuse;
use crate::source::{
    Animal, AnimalPrescriber, Aside, Came, Circumstance, Emergency, FaxGround, Narcotic, Source, TakenIn,
};
use theriac_law::facts::Emergency as EmergencyFacts;
use theriac_law::vocab::{Event as Period, ForgerySign, Form, Resolution, Schedule as LawSchedule, Word};
use theriac_law::{Decision, Duties, Duty, Moment, Profile, Question, Reason, Request, When, decide};
use theriac_model::{CanonicalContents, DeaNumber, Refusal, Schedule};

/// What somebody takes in by hand, archived before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// The number the prescription gets if it is taken in.
    pub number: PrescriptionNumber,
    /// The pharmacy's registration.
    pub pharmacy: DeaNumber,
    /// Under what the picture, or what was written down, was archived.
    pub archive: ArchiveDigest,
    /// When it is entered.
    pub at: Moment,
    /// Who enters it.
    pub by: Person,
    /// What it says.
    pub contents: CanonicalContents,
    /// What came.
    pub came: Came,
    /// The practitioner's registration.
    pub registrant: RegistrantLookup,
    /// The drug.
    pub drug: DrugFile,
    /// Whether it is a narcotic.
    pub narcotic: Narcotic,
    /// What else was written down.
    pub aside: Aside,
    /// Whether it is here already.
    pub twin: Twin,
}

/// What becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakingIn {
    /// A prescription: its first event, [`Event::Received`].
    Accepted(Vec<Event>),
    /// Not a prescription to be dispensed.
    Refused {
        /// The record of it, for a stream of its own.
        events: Vec<Event>,
        /// Why not, in the documented order; never empty.
        refusals: Vec<Refusal>,
    },
}

/// Decides what becomes of `hand` under `profile`.
pub fn take_in(profile: &Profile, hand: ByHand) -> TakingIn {
    let twin = match &hand.twin {
        Twin::None => None,
        Twin::SameBytes(number) | Twin::SameOrder(number) => Some(number.clone()),
    };
    let mut refusals: Vec<Refusal> = twin.iter().map(|number| refuse::twin(number, "the same prescription")).collect();
    let (schedule, drug) = intake::schedule(hand.drug, &hand.contents);
    refusals.extend(drug);
    refusals.extend(face::quantity(&hand.contents).and_then(Result::err).map(refuse::uncountable));
    refusals.extend(unproven_ground(&hand.came));
    refusals.extend(checklist_short(&hand));
    refusals.extend(unnamed_animal(&hand.aside));
    refusals.extend(untold_narcotic(&hand));
    let (found, decision) = ask_law(profile, &hand, schedule.unwrap_or(Schedule::II));
    refusals.extend(found);
    match (schedule, decision) {
        (Some(schedule), Some(decided)) if refusals.is_empty() => {
            TakingIn::Accepted(vec![accept(profile, hand, schedule, &decided)])
        }
        _ => refused(profile, hand, refusals, twin),
    }
}

/// The ground on which a fax serves as the original is kept with its evidence (21 CFR 1306.11(e) to (g)).
fn unproven_ground(came: &Came) -> Option<Refusal> {
    let Came::Fax(fax) = came else { return None };
    refuse_empty(fax.ground.as_ref()?.evidence(), "taken-in.fax.ground").err()
}

/// The checklist for forged prescriptions is gone through whole or not at all, and for paper only.
fn checklist_short(hand: &ByHand) -> Option<Refusal> {
    let seen = &hand.aside.checklist;
    let missing = ForgerySign::LIST.iter().find(|(_, sign)| seen.iter().filter(|one| one.sign == *sign).count() != 1);
    match (missing, &hand.came) {
        _ if seen.is_empty() => None,
        (_, Came::Call(_)) => Some(refuse::checklist("a call shows no signs on paper")),
        (Some(_), _) => Some(refuse::checklist("a sign is not answered, or answered twice")),
        (None, _) => None,
    }
}

/// The record names the animal; its owner is the patient, whom every prescription names with the address.
fn unnamed_animal(aside: &Aside) -> Option<Refusal> {
    let animal = aside.animal.as_ref()?;
    animal.name.trim().is_empty().then(refuse::animal_unnamed)
}

/// Two of the grounds serve for a narcotic only (21 CFR 1306.11(e), (g)): where the drug file does not tell, nobody decides.
fn untold_narcotic(hand: &ByHand) -> Option<Refusal> {
    let Came::Fax(fax) = &hand.came else { return None };
    let asks = matches!(fax.ground.as_ref()?, FaxGround::Infusion { .. } | FaxGround::Hospice { .. });
    (asks && hand.narcotic == Narcotic::Untold).then(|| refuse::flag_missing("narcotic", "21 CFR 1306.11(e), (g)"))
}

/// What the rulebook said, with what is left to be settled.
struct Decided {
    decision: Decision,
    settle: Duties,
}

/// Asks until the rulebook permits, setting each fault right; a fault that can be settled later is no refusal.
fn ask_law(profile: &Profile, hand: &ByHand, schedule: Schedule) -> (Vec<Refusal>, Option<Decided>) {
    let found = hand.registrant.found.as_ref();
    let missing = intake::missing(&hand.contents, found);
    let mut question = question(hand, schedule, &missing);
    let (mut refusals, mut settle) = (Vec::new(), Duties::NONE);
    loop {
        let decision = match decide(profile, &question) {
            Ok(decision) => decision,
            Err(missing) => {
                refusals.push(refuse::not_built(&missing));
                return (refusals, None);
            }
        };
        let (Some(reason), Some(refusal)) = (decision.reason, &decision.refusal) else {
            return (refusals, Some(Decided { decision, settle }));
        };
        match (later(reason, refusal, &decision), reason) {
            (Some(duty), _) => settle = settle.and(duty),
            (None, Reason::TooEarly) => {}
            (None, Reason::ElementMissing) if refusal.code.0 == "LAW-1306.05-MISSING" => {
                refusals.extend(intake::each_missing(profile, &question, &missing));
            }
            (None, Reason::RegistrationInvalid | Reason::NotAuthorized)
                if found.is_none() && refusal.code.0.starts_with("LAW-1306.03") =>
            {
                refusals.push(refuse::registration_unknown(refusal.clone()));
            }
            (None, _) => refusals.push(intake::in_our_words(refusal, reason)),
        }
        if !set_right(&mut question, reason, refusal) {
            return (refusals, None);
        }
    }
}

/// The duty by which a fault is settled before dispensing; `None` where it cannot be.
fn later(reason: Reason, refusal: &Refusal, decision: &Decision) -> Option<Duty> {
    if decision.duties.has(Duty::ObtainOriginal) {
        return Some(Duty::ObtainOriginal);
    }
    let doubt = matches!(
        refusal.code.0,
        "LAW-1306.21-FAX-NUMBER" | "LAW-FAX-VOID" | "LAW-AMEND-MISSPELT-SIGNATURE" | "LAW-1306.04-SCOPE"
    );
    (doubt && reason == Reason::VerificationRequired).then_some(Duty::VerifyWithPrescriber)
}

/// Takes the fact behind a refusal as in order; `false` when there is nothing left to set right.
fn set_right(question: &mut Question, reason: Reason, refusal: &Refusal) -> bool {
    let before = question.facts.clone();
    if let ("LAW-1306.04-SCOPE", Some(practice)) = (refusal.code.0, &mut question.facts.practice) {
        practice.scope_resolved = true;
        return question.facts != before;
    }
    let facts = &mut question.facts;
    if refusal.code.0 == "LAW-1306.11-UNKNOWN" {
        facts.emergency.identity_verified = true;
        return true;
    }
    if let (Some(prescription), Some(intake)) = (&mut facts.prescription, &mut facts.intake) {
        match (refusal.code.0, reason) {
            ("LAW-1306.11-FAX", _) => prescription.original_presented = true,
            ("LAW-1306.21-TAKEN-BY", _) => intake.taken_by = theriac_law::vocab::Staff::Pharmacist,
            ("LAW-1306.21-NOT-WRITTEN", _) => (intake.called, intake.written) = (Some(question.at), Some(question.at)),
            ("LAW-1306.03-AGENT", _) => intake.agent = Some("named".to_owned()),
            ("LAW-1306.05-MEDIUM", _) => prescription.instrument = theriac_law::vocab::Instrument::Ink,
            ("LAW-1306.21-FAX-PATIENT", _) => prescription.sender = theriac_law::vocab::Sender::Practitioner,
            ("LAW-1311.170-NO-FAX", _) => intake.origin = theriac_law::vocab::Origin::SignedPaper,
            (_, Reason::VerificationRequired) => intake.resolution = Resolution::Call,
            (_, Reason::TooEarly) => prescription.earliest_fill = None,
            _ => {}
        }
    }
    if question.facts != before {
        return true;
    }
    intake::set_right(question, reason)
}

/// What is absent is put as the day of entry and one unit: the refusal for what is missing comes anyway.
fn question(hand: &ByHand, schedule: Schedule, missing: &[(theriac_law::vocab::Element, &'static str)]) -> Question {
    let contents = &hand.contents;
    let face = Face::read(contents, schedule);
    let issued = contents.get(theriac_model::Element::Issued).and_then(|text| text.parse().ok());
    let issued = issued.unwrap_or_else(|| hand.at.date());
    let source = source(hand);
    let mut asked = match &face {
        Some(face) => ask::prescription(face, u32::from(face.refills)),
        None => theriac_law::facts::Prescription::new(LawSchedule::from(schedule), Form::Paper, issued, 1),
    };
    asked.drug = contents.get(theriac_model::Element::DrugName).map(str::to_owned);
    source.describe(&mut asked);
    for (element, _) in missing {
        if !asked.missing.contains(element) {
            asked.missing.push(*element);
        }
    }
    let quantity = asked.quantity;
    let emergency = source.emergency();
    let request = match emergency {
        Some(emergency) if schedule == Schedule::II => {
            Request::EmergencyFill { quantity, needed: ask::units(emergency.needed.smallest_units()) }
        }
        _ => Request::Fill { quantity },
    };
    let prescriber = intake::prescriber(hand.registrant.found.as_ref(), intake::registration(contents).as_ref());
    let facts = source.intake(Resolution::Open);
    let practice = source.practice(Resolution::Open);
    Question::new(hand.at, request).about(asked).by(prescriber).with(|stated| {
        stated.intake = facts.map(Box::new);
        stated.practice = practice.map(Box::new);
        stated.official = intake::official(contents).map(Box::new);
        stated.electronic.registry_age_days = hand.registrant.age_days;
        if let Some(emergency) = emergency {
            stated.emergency = emergency_facts(emergency);
        }
    })
}

/// The circumstances in the rulebook's words.
pub(crate) fn emergency_facts(emergency: &Emergency) -> EmergencyFacts {
    EmergencyFacts {
        immediate_need: emergency.holds(Circumstance::ImmediateNeed),
        no_alternative: emergency.holds(Circumstance::NoAlternative),
        written_not_possible: emergency.holds(Circumstance::WrittenNotPossible),
        practitioner_known: emergency.holds(Circumstance::PractitionerKnown),
        identity_verified: emergency.holds(Circumstance::CalledBack),
        electronic_available: emergency.holds(Circumstance::ElectronicAvailable),
        ..EmergencyFacts::new()
    }
}

fn source(hand: &ByHand) -> Source {
    let (by, came, narcotic) = (hand.by.clone(), hand.came.clone(), hand.narcotic);
    Source::ByHand(Box::new(TakenIn { by, came, narcotic, aside: hand.aside.clone() }))
}

fn treats_outside_the_field(animal: Option<&Animal>) -> bool {
    animal.is_some_and(|animal| animal.prescribed_by == AnimalPrescriber::Other)
}

fn accept(profile: &Profile, hand: ByHand, schedule: Schedule, decided: &Decided) -> Event {
    let signed = match hand.came {
        Came::Paper(_) | Came::Fax(_) => Signed::Seen,
        Came::Call(_) => Signed::Oral,
    };
    let issued = Face::read(&hand.contents, schedule).map_or(hand.at.date(), |face| face.issued);
    let owed = decided.decision.duties.iter().chain(decided.settle.iter());
    let mut duties = Vec::new();
    // The writing down is done: its time stands in the record.
    for duty in owed.filter(|duty| *duty != Duty::ReduceToWriting) {
        let due: Option<When> = match duty {
            Duty::ObtainFollowup => ask::deadline(profile, Period::EmergencyFollowup, issued),
            _ => None,
        };
        let why = match duty {
            Duty::ObtainFollowup => "the written prescription that follows an emergency",
            Duty::ObtainOriginal => "only the fax is here; the signed original is there at dispensing",
            Duty::VerifyWithPrescriber if treats_outside_the_field(hand.aside.animal.as_ref()) => {
                "it is for an animal, and the practitioner is no veterinarian"
            }
            Duty::VerifyWithPrescriber => "a doubt about the prescription is open",
            _ => "asked by the law on receipt",
        };
        duties.push(DutyItem { id: next_number(duties.len()), code: duty.word().to_owned(), due, why: why.to_owned() });
    }
    Event::Received(Box::new(Received {
        source: source(&hand),
        number: hand.number,
        pharmacy: hand.pharmacy,
        archive: hand.archive,
        at: whole_seconds(hand.at),
        contents: hand.contents,
        schedule,
        signed,
        registrant: hand.registrant,
        law: LawRecord::of(&decided.decision),
        duties,
    }))
}

fn refused(profile: &Profile, hand: ByHand, refusals: Vec<Refusal>, twin: Option<PrescriptionNumber>) -> TakingIn {
    let event = Event::Rejected(Box::new(Rejected {
        source: source(&hand),
        pharmacy: hand.pharmacy,
        archive: hand.archive,
        at: whole_seconds(hand.at),
        contents: hand.contents,
        refusals: refusals.iter().map(RefusalRecord::from).collect(),
        reply: None,
        twin,
        profile: profile.name().to_string(),
    }));
    TakingIn::Refused { events: vec![event], refusals }
}
