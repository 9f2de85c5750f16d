//! Receiving: a message that arrived becomes a prescription or a recorded rejection. It stays archived either way.
//!
//! Refusals come in this order, and the first decides what goes back to the sender:
//! 1. the same prescription is here already (`PHARM-TWIN`);
//! 2. what could not be read, as the codec reports it; it stays the only refusal of a message in which nothing could be
//!    read, or that is no prescription;
//! 3. the signature that travels does not verify, as the verifier reports it;
//! 4. the schedule is unknown, differs from the drug file, or the drug is not controlled; the quantity cannot be counted;
//! 5. the rulebook's refusals in the rulebook's own order: after each, that fact is taken as in order and the rulebook is
//!    asked again, so that a message with several faults names them all.

use crate::arrived::{Activity, Arrived, DeaNumbers, DrugFile, Registrant, SignatureCheck, SignedIndication, Twin};
use crate::ask;
use crate::duty::{DutyItem, IDENTIFY_PRODUCT};
use crate::event::Event;
use crate::face;
use crate::law_record::{LawRecord, RefusalRecord};
use crate::number::PrescriptionNumber;
use crate::received::{Received, Rejected, Signed};
use crate::refusals as refuse;
use crate::reply::ReplyCode;
use crate::source::Source;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use theriac_law::facts::{self, Electronic, Prescription as LawPrescription};
use theriac_law::vocab::{
    Alteration, Compliance, Element as LawElement, Form, PractitionerKind, Registration as LawRegistration,
    Schedule as LawSchedule, Service, Signature, Status, Word,
};
use theriac_law::{Decision, Duty, Profile, Question, Reason, Request, decide};
use theriac_model::{CanonicalContents, Difference, Element, Refusal, Registration, Schedule};

/// What becomes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intake {
    /// A prescription: its first event, [`Event::Received`]. The answer is [`ReplyCode::Accepted`].
    Accepted(Vec<Event>),
    /// Not a prescription to be dispensed.
    Rejected {
        /// The record of it, for the message's own stream.
        events: Vec<Event>,
        /// Why not, in the documented order; never empty.
        refusals: Vec<Refusal>,
        /// What goes back.
        reply: ReplyCode,
    },
}

/// Decides what becomes of `arrived` under `profile`.
pub fn receive(profile: &Profile, arrived: Arrived) -> Intake {
    let mut arrived = arrived;
    let differences = take_signing_time(&mut arrived);
    let mut refusals = Vec::new();
    let mut reply = ReplyCode::Accepted;
    let mut refuse_all = |found: Vec<Refusal>, code: ReplyCode| {
        if reply == ReplyCode::Accepted && !found.is_empty() {
            reply = code;
        }
        refusals.extend(found);
    };
    let twin = twin(&arrived.twin);
    refuse_all(twin.iter().map(|(number, same)| refuse::twin(number, same)).collect(), ReplyCode::Duplicate);
    let unreadable = nothing_to_decide(&arrived);
    refuse_all(std::mem::take(&mut arrived.problems), ReplyCode::Faulty);
    if unreadable {
        return reject(profile, arrived, refusals, reply, twin.map(|(number, _)| number));
    }
    if let SignatureCheck::Failed(refusal) = &arrived.signature {
        refuse_all(vec![refusal.clone()], ReplyCode::NotHonoured);
    }
    let (schedule, drug) = schedule(arrived.drug, &arrived.contents);
    refuse_all(drug, ReplyCode::NotHonoured);
    let uncountable = face::quantity(&arrived.contents).and_then(Result::err).map(refuse::uncountable);
    refuse_all(uncountable.into_iter().collect(), ReplyCode::Faulty);
    let (denials, decision) = ask_law(profile, &arrived, schedule.unwrap_or(Schedule::II), &differences);
    refuse_all(denials, ReplyCode::NotHonoured);
    match (decision, schedule) {
        (Some(decision), Some(schedule)) if refusals.is_empty() => accept(arrived, schedule, &decision),
        _ => reject(profile, arrived, refusals, reply, twin.map(|(number, _)| number)),
    }
}

/// Compares what arrived with what was signed, and takes over the time of signing, which travels in the signature (or,
/// where no signature of ours travels, is the time at which the sender says it was sent).
fn take_signing_time(arrived: &mut Arrived) -> Vec<Difference> {
    let stated = arrived.contents.get(Element::SignedAt).is_some();
    match &arrived.signature {
        SignatureCheck::Verified { signed, .. } => {
            if !stated && let Some(at) = signed.get(Element::SignedAt) {
                // A value taken from canonical contents is canonical.
                let _ = arrived.contents.set(Element::SignedAt, at);
            }
            let differences = signed.differences(&arrived.contents);
            differences.into_iter().filter(|found| stated || found.element != Element::SignedAt).collect()
        }
        SignatureCheck::NoSignature | SignatureCheck::Failed(_) => {
            let sent = arrived.message.sent.and_then(|sent| Timestamp::from_second(sent.as_second()).ok());
            if !stated && let Some(sent) = sent {
                let _ = arrived.contents.set(Element::SignedAt, &sent.to_string());
            }
            Vec::new()
        }
    }
}

/// Whether there is no prescription to decide about: nothing could be read, or the message is of another kind. Naming
/// each element that it lacks would hide why it was refused.
fn nothing_to_decide(arrived: &Arrived) -> bool {
    let nothing = arrived.contents.iter().all(|(element, _)| element == Element::SignedAt);
    let another = arrived.problems.iter().any(|problem| problem.code.0 == "WIRE-NOT-A-PRESCRIPTION");
    !arrived.problems.is_empty() && (nothing || another)
}

fn twin(twin: &Twin) -> Option<(PrescriptionNumber, &'static str)> {
    match twin {
        Twin::None => None,
        Twin::SameBytes(number) => Some((number.clone(), "the same message")),
        Twin::SameOrder(number) => Some((number.clone(), "the same order of the same sender")),
    }
}

/// The schedule on which everything else rests: the drug file's, else the one the message claims.
pub(crate) fn schedule(drug: DrugFile, contents: &CanonicalContents) -> (Option<Schedule>, Vec<Refusal>) {
    let claimed = contents.get(Element::DrugSchedule).and_then(Schedule::parse);
    match (drug, claimed) {
        (DrugFile::Scheduled(file), Some(claimed)) if file != claimed => {
            (Some(file.min(claimed)), vec![refuse::schedule_differs(file, claimed)])
        }
        (DrugFile::Scheduled(schedule), _) | (DrugFile::Unknown, Some(schedule)) => (Some(schedule), Vec::new()),
        (DrugFile::NotControlled, _) => (None, vec![refuse::not_controlled()]),
        (DrugFile::Unknown, None) => (None, vec![refuse::schedule_unknown()]),
    }
}

/// Asks until the rulebook permits or a refusal cannot be set aside. The decision is there when it permits.
fn ask_law(
    profile: &Profile,
    arrived: &Arrived,
    schedule: Schedule,
    differences: &[Difference],
) -> (Vec<Refusal>, Option<Decision>) {
    let missing = missing(&arrived.contents, arrived.registrant.found.as_ref());
    let mut question = question(arrived, schedule, &missing, differences);
    let mut refusals = Vec::new();
    loop {
        let decision = match decide(profile, &question) {
            Ok(decision) => decision,
            Err(missing) => {
                refusals.push(refuse::not_built(&missing));
                return (refusals, None);
            }
        };
        let (Some(reason), Some(refusal)) = (decision.reason, &decision.refusal) else {
            return (refusals, Some(decision));
        };
        match reason {
            Reason::Altered => {
                refusals.extend(differences.iter().map(|found| refuse::about_difference(refusal, found)));
            }
            Reason::ElementMissing => refusals.extend(each_missing(profile, &question, &missing)),
            Reason::RegistrationInvalid | Reason::NotAuthorized if arrived.registrant.found.is_none() => {
                refusals.push(refuse::registration_unknown(refusal.clone()));
            }
            _ => refusals.push(in_our_words(refusal, reason)),
        }
        if !set_right(&mut question, reason) {
            return (refusals, None);
        }
    }
}

/// A refusal for each absent element that the rulebook asks for, with the paragraph and edition that ask for it.
pub(crate) fn each_missing(
    profile: &Profile,
    question: &Question,
    missing: &[(LawElement, &'static str)],
) -> Vec<Refusal> {
    let mut question = question.clone();
    let mut refusals = Vec::new();
    for (element, tag) in missing {
        if let Some(prescription) = &mut question.facts.prescription {
            prescription.missing = vec![*element];
        }
        let Ok(Decision { reason: Some(Reason::ElementMissing), refusal: Some(refusal), .. }) =
            decide(profile, &question)
        else {
            continue;
        };
        refusals.push(refuse::about_missing(&refusal, tag));
    }
    refusals
}

/// The rulebook's refusal, about the element of the prescription or of the message instead of the question's field.
pub(crate) fn in_our_words(refusal: &Refusal, reason: Reason) -> Refusal {
    let refusal = refusal.clone();
    match reason {
        Reason::NotSigned => refusal.about("signature"),
        Reason::Misdated => refusal.about(Element::Issued.tag()),
        Reason::MultipleRegistrations | Reason::RegistrationInvalid | Reason::NotAuthorized => {
            refusal.about(Element::Registration.tag())
        }
        Reason::VerificationRequired => refusal.about("registrant-data"),
        Reason::Malformed if refusal.field.as_deref() == Some("official.identification") => {
            refusal.about(Element::ServiceId.tag())
        }
        _ => refusal,
    }
}

/// Takes the fact behind `reason` as in order, so that the next question finds the next fault. `false` when there is
/// nothing left to set right, which ends the asking.
pub(crate) fn set_right(question: &mut Question, reason: Reason) -> bool {
    let (facts, today) = (&mut question.facts, question.at.date());
    let before = facts.clone();
    if let Some(prescription) = &mut facts.prescription {
        match reason {
            Reason::NotSigned => prescription.signature = Signature::Practitioner,
            Reason::Misdated => {
                prescription.issued = today;
                prescription.signed_on = None;
            }
            Reason::ElementMissing => prescription.missing.clear(),
            _ => {}
        }
    }
    match reason {
        Reason::Altered => facts.electronic.alteration = Alteration::None,
        Reason::MultipleRegistrations => facts.electronic.dea_numbers = 1,
        Reason::VerificationRequired => facts.electronic.registry_age_days = 0,
        Reason::SystemNotCompliant => {
            facts.electronic.prescriber_software = Compliance::Compliant;
            facts.electronic.pharmacy_system = Compliance::Compliant;
        }
        Reason::RegistrationInvalid => {
            facts.prescriber.registration = LawRegistration::Own;
            facts.prescriber.registration_status = Status::Valid;
            facts.prescriber.registration_expires = None;
        }
        Reason::NotAuthorized => {
            let all = facts::Prescriber::new();
            facts.prescriber.registration = LawRegistration::Own;
            facts.prescriber.schedules = all.schedules;
            facts.prescriber.state_authorized = true;
        }
        _ => {}
    }
    *facts != before
}

/// The absent elements that the rulebook may ask for, each with the tag to name it by.
pub(crate) fn missing(
    contents: &CanonicalContents,
    registrant: Option<&Registrant>,
) -> Vec<(LawElement, &'static str)> {
    let mut missing: Vec<(LawElement, &'static str)> = contents
        .missing()
        .into_iter()
        .filter_map(|element| ask::element(element).map(|asked| (asked, element.tag())))
        .collect();
    if contents.get(Element::SignedAt).is_none() {
        missing.push((LawElement::TimeSigned, Element::SignedAt.tag()));
    }
    if contents.get(Element::Note).is_none() {
        missing.push((LawElement::MedicalNeed, Element::Note.tag()));
    }
    let institution = matches!(registrant, Some(Registrant { activity: Activity::Institution, .. }));
    if institution && matches!(registration(contents), Some(Registration::Own(_))) {
        missing.push((LawElement::InternalCode, "practitioner.registration.internal-code"));
    }
    missing
}

pub(crate) fn registration(contents: &CanonicalContents) -> Option<Registration> {
    contents.registration()
}

/// What is absent is put as the day of receipt and one unit: the refusal for what is missing comes anyway.
fn question(
    arrived: &Arrived,
    schedule: Schedule,
    missing: &[(LawElement, &'static str)],
    differences: &[Difference],
) -> Question {
    let contents = &arrived.contents;
    let face = face::Face::read(contents, schedule);
    let issued = contents.get(Element::Issued).and_then(|text| text.parse().ok());
    let issued = issued.unwrap_or_else(|| arrived.received.date());
    let mut asked = match &face {
        Some(face) => ask::prescription(face, u32::from(face.refills)),
        None => LawPrescription::new(LawSchedule::from(schedule), Form::Electronic, issued, 1),
    };
    asked.drug = contents.get(Element::DrugName).map(str::to_owned);
    asked.signature = match (&arrived.signature, arrived.indication) {
        (SignatureCheck::Verified { .. } | SignatureCheck::Failed(_), _) | (_, SignedIndication::Present) => {
            Signature::Practitioner
        }
        (SignatureCheck::NoSignature, SignedIndication::Absent) => Signature::None,
    };
    // Only a signature that travels tells when it was made; the time of sending says nothing about the day of signing.
    if let SignatureCheck::Verified { .. } = arrived.signature {
        let at = contents.get(Element::SignedAt).and_then(|at| at.parse().ok());
        asked.signed_on = at.map(|at| signed_on(at, issued));
    }
    for (element, _) in missing {
        if !asked.missing.contains(element) {
            asked.missing.push(*element);
        }
    }
    let electronic = Electronic {
        dea_numbers: match arrived.dea_numbers {
            DeaNumbers::One => 1,
            DeaNumbers::Several(several) => several,
        },
        alteration: if differences.is_empty() { Alteration::None } else { Alteration::Content },
        prescriber_software: arrived.systems.prescriber,
        pharmacy_system: arrived.systems.pharmacy,
        registry_age_days: arrived.registrant.age_days,
    };
    let prescriber = prescriber(arrived.registrant.found.as_ref(), registration(contents).as_ref());
    Question::new(arrived.received, Request::ReceiveElectronic {}).about(asked).by(prescriber).with(|facts| {
        facts.electronic = electronic;
        facts.official = official(contents).map(Box::new);
    })
}

/// The official who issues `contents` without a registration, for the rulebook.
pub(crate) fn official(contents: &CanonicalContents) -> Option<facts::Official> {
    let mut official = facts::Official::new(Service::from_word(contents.exempt_branch()?.word())?);
    official.identification = contents.get(Element::ServiceId).map(str::to_owned);
    Some(official)
}

pub(crate) fn prescriber(found: Option<&Registrant>, written: Option<&Registration>) -> facts::Prescriber {
    if let Some(Registration::Exempt(_)) = written {
        // No registrant data knows the official; what the exemption asks is asked of branch and number.
        return facts::Prescriber {
            kind: PractitionerKind::FederalOfficer,
            registration: LawRegistration::Exempt,
            ..facts::Prescriber::new()
        };
    }
    let Some(found) = found else {
        return facts::Prescriber { registration: LawRegistration::None, ..facts::Prescriber::new() };
    };
    let (kind, registration) = match (found.activity, written) {
        (Activity::Institution, _) | (_, Some(Registration::Institutional { .. })) => {
            (PractitionerKind::Resident, LawRegistration::Hospital)
        }
        (Activity::MidLevel, _) => (PractitionerKind::MidLevel, LawRegistration::Own),
        (Activity::Practitioner, _) => (PractitionerKind::Physician, LawRegistration::Own),
    };
    facts::Prescriber {
        kind,
        registration,
        registration_status: found.status,
        registration_expires: found.expires,
        schedules: found.schedules.iter().map(|&schedule| LawSchedule::from(schedule)).collect(),
        ..facts::Prescriber::new()
    }
}

/// The practitioner's local day at `at`, as far as it can be told here: the day of issue if it was that day anywhere in
/// the United States and its territories (UTC-11 to UTC+10), else the day in UTC.
///
/// Chosen reading: the zone does not travel, so a prescription is misdated only if no place could have had that day.
fn signed_on(at: Timestamp, issued: Date) -> Date {
    let local = |hours: i8| Offset::constant(hours).to_datetime(at).date();
    if (local(-11)..=local(10)).contains(&issued) { issued } else { local(0) }
}

fn accept(arrived: Arrived, schedule: Schedule, decision: &Decision) -> Intake {
    let signed = match arrived.signature {
        SignatureCheck::Verified { subject, .. } => Signed::Verified { subject },
        SignatureCheck::NoSignature | SignatureCheck::Failed(_) => Signed::Indicated,
    };
    let mut duties = Vec::new();
    // The archive is signed on receipt by the shell, before this is called; what is left is work for people.
    for duty in decision.duties.iter().filter(|duty| *duty != Duty::ArchiveSignedRecord) {
        let id = crate::prescription::next_number(duties.len());
        let why = "asked by the law on receipt".to_owned();
        duties.push(DutyItem { id, code: duty.word().to_owned(), due: None, why });
    }
    if let (DrugFile::Unknown, Some(ndc)) = (arrived.drug, arrived.contents.get(Element::DrugNdc)) {
        let id = crate::prescription::next_number(duties.len());
        let why = format!(
            "the drug file does not know NDC {ndc}: import the FDA's directory or ask which product is meant; until then nothing is \
             dispensed, because its schedule stands on the message's word alone"
        );
        duties.push(DutyItem { id, code: IDENTIFY_PRODUCT.to_owned(), due: None, why });
    }
    Intake::Accepted(vec![Event::Received(Box::new(Received {
        number: arrived.number,
        pharmacy: arrived.pharmacy,
        archive: arrived.archive,
        source: Source::Message(arrived.message),
        at: crate::hand_over::whole_seconds(arrived.received),
        contents: arrived.contents,
        schedule,
        signed,
        registrant: arrived.registrant,
        law: LawRecord::of(decision),
        duties,
    }))])
}

fn reject(
    profile: &Profile,
    arrived: Arrived,
    refusals: Vec<Refusal>,
    reply: ReplyCode,
    twin: Option<PrescriptionNumber>,
) -> Intake {
    let event = Event::Rejected(Box::new(Rejected {
        pharmacy: arrived.pharmacy,
        archive: arrived.archive,
        source: Source::Message(arrived.message),
        at: crate::hand_over::whole_seconds(arrived.received),
        contents: arrived.contents,
        refusals: refusals.iter().map(RefusalRecord::from).collect(),
        reply: Some(reply),
        twin,
        profile: profile.name().to_string(),
    }));
    Intake::Rejected { events: vec![event], refusals, reply }
}
