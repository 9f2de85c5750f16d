//! Transfers between pharmacies (21 CFR 1306.25, 1306.08(e), (f); 2008: 1306.25): what leaves, what comes along, and how
//! the two records name each other. Which kinds may move, how often, and between whom is the rulebook's answer by edition.

use crate::arrived::{DrugFile, RegistrantLookup, Twin};
use crate::ask;
use crate::by_hand::TakingIn;
use crate::closing::{Closed, Closing};
use crate::codec::stored::{record, stored_words};
use crate::entered::{blank, entry};
use crate::event::Event;
use crate::face::{self, Face};
use crate::filling::FillingState;
use crate::hand_over::whole_seconds;
use crate::intake;
use crate::law_record::{LawRecord, RefusalRecord};
use crate::number::{ArchiveDigest, PrescriptionNumber};
use crate::people::{Person, Pharmacist};
use crate::prescription::Prescription;
use crate::received::{Received, Rejected, Signed};
use crate::refusals as refuse;
use crate::source::{Narcotic, Source};
use crate::words::words;
use jiff::civil::Date;
use theriac_law::facts::{Act, Transfer as TransferFacts};
use theriac_law::vocab::{
    Between, Form, HistoryKind, Particular, Schedule as LawSchedule, Status as Standing, TransferElement,
};
use theriac_law::{Decision, Moment, Profile, Question, Reason, Request, decide};
use theriac_model::{CanonicalContents, DeaNumber, Element, Quantity, Refusal, Schedule};

words! {
    /// Whether the two pharmacies share one real-time record.
    Database {
        /// Each keeps its own.
        Own = "own",
        /// They share one.
        Shared = "shared",
    }

    /// Whether the words that paper needs stand on it, as the pharmacist confirms.
    Mark {
        /// They do.
        Made = "made",
        /// They do not, or not yet.
        NotMade = "not-made",
    }
}

/// A pharmacy as the records of another name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pharmacy {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Its registration.
    pub registration: Option<DeaNumber>,
    /// Its number of the prescription.
    pub number: String,
}

/// A filling before the transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierFilling {
    /// The day.
    pub on: Date,
    /// How much.
    pub quantity: Quantity,
    /// The pharmacy, by name and place.
    pub place: String,
}

/// Where it was first filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstFilled {
    /// Nowhere, or at the pharmacy that transfers it.
    BySender,
    /// At another one.
    At(Box<Pharmacy>),
    /// Nobody said.
    Unstated,
}

/// What comes along with a transferred prescription (21 CFR 1306.25(b)(3); 2008: 1306.25(d)(2)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferData {
    /// In which form the original came.
    pub form: Form,
    /// The original, unaltered.
    pub contents: CanonicalContents,
    /// Under what the transferring pharmacy archived the original.
    pub original: ArchiveDigest,
    /// The day of the first dispensing.
    pub first_dispensed: Option<Date>,
    /// Refills that remain.
    pub refills_remaining: Option<u32>,
    /// The fillings so far, with dates and places.
    pub earlier: Vec<EarlierFilling>,
    /// The transferring pharmacy, with its number of the prescription.
    pub from: Pharmacy,
    /// The transferring pharmacist.
    pub pharmacist: String,
    /// Where it was first filled.
    pub first_filled: FirstFilled,
}

/// What a pharmacist enters to let a prescription go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferOut {
    /// The receiving pharmacy; its number of the prescription may be unknown.
    pub to: Pharmacy,
    /// The status of its registration.
    pub standing: Standing,
    /// The receiving pharmacist.
    pub receiver: String,
    /// Between whom it is communicated.
    pub between: Between,
    /// Whether the two share a record.
    pub database: Database,
    /// For paper: whether VOID is on its face.
    pub void_mark: Mark,
}

/// `rx.transferred-out`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferredOut {
    /// When.
    pub at: Moment,
    /// The transferring pharmacist.
    pub by: Person,
    /// Where to.
    pub to: Pharmacy,
    /// The receiving pharmacist.
    pub receiver: String,
    /// Between whom.
    pub between: Between,
    /// Whether the two share a record.
    pub database: Database,
    /// For paper: VOID on its face.
    pub void_mark: Mark,
    /// The refills that went along and are void here.
    pub refills: u32,
}

/// How a prescription came by transfer: what came along, and who took it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferredIn {
    /// The receiving pharmacist.
    pub by: Person,
    /// Between whom.
    pub between: Between,
    /// Whether the two share a record.
    pub database: Database,
    /// For paper: whether TRANSFER is on its face.
    pub mark: Mark,
    /// In which form the original came.
    pub form: Form,
    /// Under what the transferring pharmacy archived the original.
    pub original: ArchiveDigest,
    /// The day of the first dispensing.
    pub first_dispensed: Option<Date>,
    /// Refills that remained.
    pub refills_remaining: u32,
    /// The fillings before.
    pub earlier: Vec<EarlierFilling>,
    /// The transferring pharmacy.
    pub from: Pharmacy,
    /// The transferring pharmacist.
    pub pharmacist: String,
    /// The pharmacy of the first filling, where it is another.
    pub first_filled: Option<Pharmacy>,
    /// Whether the drug is a narcotic.
    pub narcotic: Narcotic,
}

stored_words! { Database Mark Between Form }

record! {
    Pharmacy { "name" name, "address" address, "registration" registration, "number" number, }
    EarlierFilling { "on" on, "quantity" quantity, "place" place, }
    TransferredOut {
        "at" at, "by" by, "to" to, "receiver" receiver, "between" between, "database" database,
        "void-mark" void_mark, "refills" refills,
    }
    TransferredIn {
        "by" by, "between" between, "database" database, "mark" mark, "form" form, "original" original,
        "first-dispensed" first_dispensed, "refills-remaining" refills_remaining, "earlier" earlier, "from" from,
        "pharmacist" pharmacist, "first-filled" first_filled, "narcotic" narcotic,
    }
}

/// What leaves: the events of the transferring record, and what the receiver gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// What is appended here.
    pub events: Vec<Event>,
    /// What goes to the receiver.
    pub data: TransferData,
}

impl Pharmacy {
    pub(crate) fn blank(&self, [name, address, number]: [Particular; 3]) -> Vec<Particular> {
        let mut missing = blank(&[(name, &self.name), (address, &self.address)]);
        if self.registration.is_none() {
            missing.push(number);
        }
        missing
    }
}

impl Prescription {
    /// Lets the prescription go to another pharmacy. Here nothing is left of it from then on.
    ///
    /// # Errors
    /// `PHARM-CLOSED`, `PHARM-ON-ITS-WAY`, `PHARM-TIME`, `PHARM-WAITING` while a filling waits for collection, or the rulebook's refusal.
    pub fn transfer_out(
        &self,
        profile: &Profile,
        pharmacist: &Pharmacist,
        at: Moment,
        out: &TransferOut,
        own: &Pharmacy,
    ) -> Result<Leaving, Refusal> {
        let (left, data) = self.leave(profile, pharmacist, at, out, own)?;
        let reason = format!("transferred to {}", left.to.name.trim());
        let closed = Closed { how: Closing::Transferred, at: left.at, by: left.by.clone(), reason, message: None };
        Ok(Leaving { events: vec![Event::TransferredOut(Box::new(left)), Event::Closed(closed)], data })
    }

    /// Whether it may leave now: the record of its leaving, and what comes along.
    pub(crate) fn leave(
        &self,
        profile: &Profile,
        pharmacist: &Pharmacist,
        at: Moment,
        out: &TransferOut,
        own: &Pharmacy,
    ) -> Result<(TransferredOut, TransferData), Refusal> {
        self.check_open()?;
        if at.timestamp < self.last_act().timestamp {
            return Err(refuse::before_the_record("at"));
        }
        if let Some(waiting) = self.fillings.iter().find(|filling| filling.state == FillingState::Filled) {
            return Err(refuse::waiting(waiting.no));
        }
        if let Some(under_way) = self.central.iter().find(|central| central.ended.is_none()) {
            return Err(refuse::central_state(under_way.sent.no, "is under way to or from a central fill pharmacy"));
        }
        let mut missing =
            out.to.blank([Particular::ReceiverName, Particular::ReceiverAddress, Particular::ReceiverNumber]);
        missing.extend(blank(&[(Particular::ReceivingPharmacist, &out.receiver)]));
        if out.void_mark == Mark::NotMade {
            missing.push(Particular::VoidMark);
        }
        let question = self.question(at, Request::TransferOut {}).with(|facts| {
            facts.transfer = TransferFacts {
                between: out.between,
                other_registered: out.standing == Standing::Valid,
                ..TransferFacts::new()
            };
            facts.pharmacy.shared_database = out.database == Database::Shared;
            facts.entry = Some(Box::new(entry(missing)));
        });
        ask::permission(profile, &question)?;
        let refills = self.refills_remaining(profile, at)?;
        let (at, by) = (whole_seconds(at), pharmacist.person().clone());
        let data = self.transfer_data(refills, &by, own);
        let left = TransferredOut {
            at,
            by,
            to: out.to.clone(),
            receiver: out.receiver.trim().to_owned(),
            between: out.between,
            database: out.database,
            void_mark: out.void_mark,
            refills,
        };
        Ok((left, data))
    }

    fn transfer_data(&self, refills: u32, by: &Person, own: &Pharmacy) -> TransferData {
        let here = self.fillings.iter().filter(|filling| filling.stands()).map(|filling| EarlierFilling {
            on: filling.at.date(),
            quantity: filling.quantity.clone(),
            place: format!("{}, {}", own.name, own.address),
        });
        let earlier: Vec<EarlierFilling> = self.elsewhere().iter().cloned().chain(here).collect();
        let first_filled = match self.received.source.transferred_in() {
            // What was never filled before it came here was first filled here, if at all.
            Some(before) if !before.earlier.is_empty() => {
                FirstFilled::At(Box::new(before.first_filled.clone().unwrap_or_else(|| before.from.clone())))
            }
            _ => FirstFilled::BySender,
        };
        let number = self.received.number.to_string();
        TransferData {
            form: self.received.source.form(),
            contents: self.received.contents.clone(),
            original: self.received.source.transferred_in().map_or(self.received.archive, |before| before.original),
            first_dispensed: earlier.first().map(|first| first.on),
            refills_remaining: Some(refills),
            earlier,
            from: Pharmacy { number, ..own.clone() },
            pharmacist: by.full_name.clone(),
            first_filled,
        }
    }

    /// The fillings at other pharmacies before it came by transfer.
    pub fn elsewhere(&self) -> &[EarlierFilling] {
        self.received.source.transferred_in().map_or(&[], |came| &came.earlier)
    }

    /// What is used of what was authorised, in smallest units: dispensed here or elsewhere and not put back, under way to
    /// or from a central fill pharmacy, or dispensed too much while the computer was down.
    pub fn used(&self) -> i64 {
        let elsewhere = self.elsewhere().iter().map(|filling| filling.quantity.smallest_units());
        let exceptions = self.exceptions.iter().map(|exception| exception.quantity.smallest_units());
        let here = self.dispensed().saturating_add(self.reserved());
        elsewhere.chain(exceptions).fold(here, i64::saturating_add)
    }

    /// The transfer out, where it has left.
    pub const fn transferred_out(&self) -> Option<&TransferredOut> {
        self.transferred_out.as_ref()
    }
}

impl TransferredIn {
    /// What the rulebook's history knows of the time before, and of the transfer itself at `at`.
    pub(crate) fn history(&self, at: Moment) -> Vec<Act> {
        let mut acts = earlier_acts(&self.earlier);
        acts.push(Act::new(HistoryKind::TransferIn, at.into()));
        acts
    }
}

fn earlier_acts(earlier: &[EarlierFilling]) -> Vec<Act> {
    let kind = |n: usize| if n == 0 { HistoryKind::Fill } else { HistoryKind::Refill };
    let act = |(n, filling): (usize, &EarlierFilling)| {
        Act::of(kind(n), filling.on, ask::units(filling.quantity.smallest_units()))
    };
    earlier.iter().enumerate().map(act).collect()
}

/// A transferred prescription that arrives, with what the receiving pharmacist enters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferArrival {
    /// The number the prescription gets here.
    pub number: PrescriptionNumber,
    /// The receiving pharmacy's registration.
    pub pharmacy: DeaNumber,
    /// Under what that which came was archived here.
    pub archive: ArchiveDigest,
    /// When it is taken in.
    pub at: Moment,
    /// The receiving pharmacist.
    pub by: Pharmacist,
    /// What came along.
    pub data: TransferData,
    /// Between whom it was communicated.
    pub between: Between,
    /// Whether the two share a record.
    pub database: Database,
    /// The status of the transferring pharmacy's registration.
    pub standing: Standing,
    /// For paper: whether TRANSFER is on its face.
    pub mark: Mark,
    /// The practitioner's registration.
    pub registrant: RegistrantLookup,
    /// The drug.
    pub drug: DrugFile,
    /// Whether it is a narcotic.
    pub narcotic: Narcotic,
    /// Whether it is here already.
    pub twin: Twin,
}

/// Decides what becomes of a prescription that comes by transfer. Refusals come in this order: it is here already; the
/// drug; the quantity; what the rulebook finds, every absent element named; figures that contradict each other.
pub fn take_transfer(profile: &Profile, arrival: TransferArrival) -> TakingIn {
    let twin = match &arrival.twin {
        Twin::None => None,
        Twin::SameBytes(number) | Twin::SameOrder(number) => Some(number.clone()),
    };
    let mut refusals: Vec<Refusal> = twin.iter().map(|number| refuse::twin(number, "the same prescription")).collect();
    let contents = &arrival.data.contents;
    let (schedule, drug) = intake::schedule(arrival.drug, contents);
    refusals.extend(drug);
    refusals.extend(face::quantity(contents).and_then(Result::err).map(refuse::uncountable));
    let asked_schedule = schedule.unwrap_or(Schedule::II);
    let face = Face::read(contents, asked_schedule);
    let missing = intake::missing(contents, arrival.registrant.found.as_ref());
    let question = question(&arrival, face.as_ref(), asked_schedule, &missing);
    let decision = match decide(profile, &question) {
        Ok(decision) => decision,
        Err(missing) => {
            refusals.push(refuse::not_built(&missing));
            return refused(profile, arrival, refusals, twin);
        }
    };
    match (&decision.refusal, decision.reason) {
        (Some(refusal), Some(Reason::ElementMissing)) if refusal.code.0 == "LAW-1306.05-MISSING" => {
            // The mark, where it is missing too, is asked for once the prescription is whole.
            let whole = question.clone().with(|facts| facts.entry = Some(Box::new(entry(Vec::new()))));
            refusals.extend(intake::each_missing(profile, &whole, &missing));
        }
        (Some(refusal), _) => refusals.push(refusal.clone()),
        (None, _) => refusals.extend(face.as_ref().and_then(|face| contradiction(face, &arrival.data))),
    }
    match schedule {
        Some(schedule) if refusals.is_empty() => TakingIn::Accepted(vec![accept(arrival, schedule, &decision)]),
        _ => refused(profile, arrival, refusals, twin),
    }
}

fn question(
    arrival: &TransferArrival,
    face: Option<&Face>,
    schedule: Schedule,
    missing: &[(theriac_law::vocab::Element, &'static str)],
) -> Question {
    let data = &arrival.data;
    let mut asked = match face {
        Some(face) => ask::prescription(face, u32::from(face.refills)),
        None => theriac_law::facts::Prescription::new(LawSchedule::from(schedule), data.form, arrival.at.date(), 1),
    };
    asked.form = data.form;
    asked.drug = data.contents.get(Element::DrugName).map(str::to_owned);
    asked.narcotic = arrival.narcotic == Narcotic::Narcotic;
    for (element, _) in missing {
        if !asked.missing.contains(element) {
            asked.missing.push(*element);
        }
    }
    let prescriber =
        intake::prescriber(arrival.registrant.found.as_ref(), intake::registration(&data.contents).as_ref());
    let elements = absent(data);
    let particulars = if arrival.mark == Mark::Made { Vec::new() } else { vec![Particular::TransferMark] };
    Question::new(arrival.at, Request::TransferIn {})
        .about(asked)
        .by(prescriber)
        .after(earlier_acts(&data.earlier))
        .with(|facts| {
            facts.transfer = TransferFacts {
                between: arrival.between,
                other_registered: arrival.standing == Standing::Valid,
                missing: elements,
            };
            facts.official = intake::official(&data.contents).map(Box::new);
            facts.pharmacy.shared_database = arrival.database == Database::Shared;
            facts.entry = Some(Box::new(entry(particulars)));
        })
}

/// What did not come along.
fn absent(data: &TransferData) -> Vec<TransferElement> {
    use TransferElement as T;
    let from = &data.from;
    let nameless = [&from.name, &from.address, &from.number].into_iter().any(|text| text.trim().is_empty());
    let rows = [
        (T::IssueDate, data.contents.get(Element::Issued).is_none()),
        (T::RefillsAuthorized, data.contents.get(Element::Refills).is_none()),
        (T::FirstDispensed, data.first_dispensed.is_none() && !data.earlier.is_empty()),
        (T::RefillsRemaining, data.refills_remaining.is_none()),
        (T::PharmacyIdentity, nameless || from.registration.is_none()),
        (T::PharmacistName, data.pharmacist.trim().is_empty()),
        (T::OriginalPharmacy, data.first_filled == FirstFilled::Unstated),
    ];
    rows.into_iter().filter(|row| row.1).map(|row| row.0).collect()
}

/// Refills said to remain that do not agree with what was dispensed, or more dispensed than was authorised.
fn contradiction(face: &Face, data: &TransferData) -> Option<Refusal> {
    let units = |filling: &EarlierFilling| filling.quantity.smallest_units();
    let used = data.earlier.iter().fold(0i64, |sum, filling| sum.saturating_add(units(filling)));
    if data.earlier.iter().any(|filling| filling.quantity.unit() != face.quantity.unit()) {
        return Some(refuse::other_unit());
    }
    let authorised = face.authorised(0);
    if used > authorised {
        return Some(refuse::exceeds(authorised, 0, used));
    }
    let fillings = used / face.quantity.smallest_units();
    let refills_used = (fillings - 1).max(0);
    let left = i64::from(face.refills) - refills_used;
    let stated = data.refills_remaining.map_or(left, i64::from);
    (stated > left).then(|| refuse::transfer_refills(stated, left))
}

/// How it came, as the record keeps it.
fn came(arrival: &TransferArrival) -> Source {
    let data = &arrival.data;
    let first_filled = match &data.first_filled {
        FirstFilled::At(pharmacy) => Some((**pharmacy).clone()),
        FirstFilled::BySender | FirstFilled::Unstated => None,
    };
    Source::Transfer(Box::new(TransferredIn {
        by: arrival.by.person().clone(),
        between: arrival.between,
        database: arrival.database,
        mark: arrival.mark,
        form: data.form,
        original: data.original,
        first_dispensed: data.first_dispensed,
        refills_remaining: data.refills_remaining.unwrap_or(0),
        earlier: data.earlier.clone(),
        from: data.from.clone(),
        pharmacist: data.pharmacist.clone(),
        first_filled,
        narcotic: arrival.narcotic,
    }))
}

fn accept(arrival: TransferArrival, schedule: Schedule, decision: &Decision) -> Event {
    let signed = match arrival.data.form {
        Form::Electronic => Signed::Indicated,
        Form::Paper | Form::Fax => Signed::Seen,
        Form::Oral => Signed::Oral,
    };
    Event::Received(Box::new(Received {
        source: came(&arrival),
        number: arrival.number,
        pharmacy: arrival.pharmacy,
        archive: arrival.archive,
        at: whole_seconds(arrival.at),
        contents: arrival.data.contents,
        schedule,
        signed,
        registrant: arrival.registrant,
        law: LawRecord::of(decision),
        duties: Vec::new(),
    }))
}

fn refused(
    profile: &Profile,
    arrival: TransferArrival,
    refusals: Vec<Refusal>,
    twin: Option<PrescriptionNumber>,
) -> TakingIn {
    let event = Event::Rejected(Box::new(Rejected {
        source: came(&arrival),
        pharmacy: arrival.pharmacy,
        archive: arrival.archive,
        at: whole_seconds(arrival.at),
        contents: arrival.data.contents,
        refusals: refusals.iter().map(RefusalRecord::from).collect(),
        reply: None,
        twin,
        profile: profile.name().to_string(),
    }));
    TakingIn::Refused { events: vec![event], refusals }
}
