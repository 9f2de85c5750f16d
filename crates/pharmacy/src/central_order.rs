//! Central filling at the pharmacy that fills: a record of its own for each transmission (21 CFR 1306.15(b), 1304.05).

use crate::ask;
use crate::central::{Carriage, Central, CentralEnd, Transmission, Unfilled, Which};
use crate::codec::stored::{event_records, record};
use crate::entered::entry;
use crate::face::Face;
use crate::hand_over::{refuse_empty, whole_seconds};
use crate::intake;
use crate::law_record::LawRecord;
use crate::number::ArchiveDigest;
use crate::people::{Person, Pharmacist};
use crate::prescription::{Inconsistent, Prescription};
use crate::refusals as refuse;
use crate::transfer::Pharmacy;
use jiff::civil::Date;
use theriac_books::{Account, Amount, Commodity, Document, DocumentKind, Movement, MovementKind, StockUnit};
use theriac_law::facts::{
    Central as CentralFacts, Disposition, Dispositions, Label as LabelFacts, Prescription as LawPrescription,
};
use theriac_law::vocab::{Form, LabelElement, LabelKind, Particular, RecordEntry, Relationship, Step};
use theriac_law::{Moment, Profile, Question, Request};
use theriac_model::{CanonicalContents, DeaNumber, Element, Ndc, NotAQuantity, Quantity, Refusal, Schedule};

/// A place that fills for others: its registration, and how it stores and guards what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentralSite {
    registration: DeaNumber,
    storage: String,
    controls: String,
}

impl CentralSite {
    /// A place that may be activated.
    ///
    /// # Errors
    /// `PHARM-TEXT` without the method of storage or the controls: a central fill pharmacy keeps the security of a retail
    /// pharmacy.
    pub fn new(registration: DeaNumber, storage: &str, controls: &str) -> Result<Self, Refusal> {
        let (storage, controls) = (refuse_empty(storage, "storage")?, refuse_empty(controls, "controls")?);
        Ok(Self { registration, storage, controls })
    }

    /// How it stores, and what guards it.
    pub fn security(&self) -> (&str, &str) {
        (&self.storage, &self.controls)
    }

    /// Its registration.
    pub const fn registration(&self) -> DeaNumber {
        self.registration
    }
}

/// `central.received`: what was sent arrived here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentralReceived {
    /// This pharmacy's registration.
    pub central: DeaNumber,
    /// When the transmission was received.
    pub at: Moment,
    /// Under what everything that was sent is archived.
    pub archive: ArchiveDigest,
    /// The retail pharmacy, with its number of the prescription.
    pub retail: Pharmacy,
    /// The transmission's number.
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
    /// Schedules III to V: refills dispensed so far.
    pub refills_to_date: Option<u32>,
    /// Schedules III to V: refills that remain.
    pub refills_remaining: Option<u32>,
    /// The transmitting pharmacist.
    pub sent_by: String,
    /// How the two stand to each other.
    pub relationship: Relationship,
}

/// `central.filled`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentralFilled {
    /// When.
    pub at: Moment,
    /// The pharmacist, who judged the prescription.
    pub by: Person,
    /// The product.
    pub ndc: Ndc,
    /// The law that let it happen, the check of the prescription's form among it.
    pub law: LawRecord,
}

/// `central.delivered`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentralDelivered {
    /// When.
    pub at: Moment,
    /// Who gave it to the carrier.
    pub by: Person,
    /// How.
    pub carriage: Carriage,
    /// The carrier, by name.
    pub carrier: String,
    /// Who contracted the carrier.
    pub hired_by: String,
    /// How the carrier was assessed (21 CFR 1301.74(e)).
    pub assessment: String,
}

/// `central.returned`: sent back unfilled, or lost on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentralReturned {
    /// When.
    pub at: Moment,
    /// By whom this is recorded.
    pub by: Person,
    /// What happened.
    pub why: Unfilled,
}

record! {
    CentralReceived {
        "central" central, "at" at, "archive" archive, "retail" retail, "no" no, "contents" contents, "form" form,
        "schedule" schedule, "which" which, "quantity" quantity, "refills-to-date" refills_to_date,
        "refills-remaining" refills_remaining, "sent-by" sent_by, "relationship" relationship,
    }
    CentralFilled { "at" at, "by" by, "ndc" ndc, "law" law, }
    CentralDelivered {
        "at" at, "by" by, "carriage" carriage, "carrier" carrier, "hired-by" hired_by, "assessment" assessment,
    }
    CentralReturned { "at" at, "by" by, "why" why, }
}

/// One event of a transmission at the pharmacy that fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CentralEvent {
    /// It arrived.
    Received(Box<CentralReceived>),
    /// It was filled.
    Filled(Box<CentralFilled>),
    /// It was given to the carrier.
    Delivered(Box<CentralDelivered>),
    /// It went back unfilled, or was lost.
    Returned(Box<CentralReturned>),
}

event_records! {
    CentralEvent {
        Received "central.received",
        Filled "central.filled",
        Delivered "central.delivered",
        Returned "central.returned",
    }
}

/// A transmission at the pharmacy that fills: the fold of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentralOrder {
    version: u64,
    received: Box<CentralReceived>,
    filled: Option<CentralFilled>,
    delivered: Option<CentralDelivered>,
    returned: Option<CentralReturned>,
}

/// Events of the transmission, and the movement of stock that goes into the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentralMoved {
    /// What is appended.
    pub events: Vec<CentralEvent>,
    /// What is posted to the books of the pharmacy that fills.
    pub movement: Movement,
}

/// What the label of a centrally filled package shows beside the ordinary items (21 CFR 1306.14(b), 1306.24(b)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentralLabel {
    /// The retail pharmacy's name and address.
    pub retail: String,
    /// The unique identifier of the pharmacy that filled it: its DEA number.
    pub filled_by: DeaNumber,
}

impl CentralOrder {
    /// The first event for a transmission that arrives.
    ///
    /// # Errors
    /// The rulebook's refusal: an emergency oral order, no relation, or something that the copy lacks.
    pub fn receive(
        profile: &Profile,
        site: &CentralSite,
        archive: ArchiveDigest,
        at: Moment,
        sent: &Transmission,
    ) -> Result<Vec<CentralEvent>, Refusal> {
        use Particular as P;
        let missing = sent.retail.blank([P::RetailName, P::RetailAddress, P::RetailNumber]);
        let record = CentralReceived {
            central: site.registration,
            at: whole_seconds(at),
            archive,
            retail: sent.retail.clone(),
            no: sent.no,
            contents: sent.contents.clone(),
            form: sent.form,
            schedule: sent.schedule,
            which: sent.which,
            quantity: sent.quantity.clone(),
            refills_to_date: sent.refills.map(|refills| refills.0),
            refills_remaining: sent.refills.map(|refills| refills.1),
            sent_by: sent.by.clone(),
            relationship: sent.relationship,
        };
        let copy = question(&record, at, Request::CheckEntry { entry: RecordEntry::CentralCopy })?;
        let copy = copy.with(|facts| facts.entry = Some(Box::new(entry(missing))));
        ask::permission(profile, &copy)?;
        let prepare = question(&record, at, Request::CentralFill { step: Step::Prepare, refill: false })?;
        ask::permission(profile, &prepare)?;
        Ok(vec![CentralEvent::Received(Box::new(record))])
    }

    /// The transmission after `events`, of which the first is [`CentralEvent::Received`].
    ///
    /// # Errors
    /// [`Inconsistent`] at the first event that the commands could not have made.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a CentralEvent>) -> Result<Self, Inconsistent> {
        let mut events = events.into_iter();
        let Some(CentralEvent::Received(received)) = events.next() else {
            return Err(Inconsistent { version: 1, problem: "it begins with what was received" });
        };
        let (filled, delivered, returned) = (None, None, None);
        let mut order = Self { version: 1, received: received.clone(), filled, delivered, returned };
        for event in events {
            order.apply(event)?;
        }
        Ok(order)
    }

    /// Folds one event.
    ///
    /// # Errors
    /// [`Inconsistent`] when the commands could not have made it.
    pub fn apply(&mut self, event: &CentralEvent) -> Result<(), Inconsistent> {
        let version = self.version + 1;
        let ended = self.delivered.is_some() || self.returned.is_some();
        let problem = match event {
            CentralEvent::Received(_) => Some("it is received once"),
            CentralEvent::Filled(_) if self.filled.is_some() || ended => Some("it is filled once, before it goes"),
            CentralEvent::Delivered(_) if self.filled.is_none() || ended => Some("what is filled goes once"),
            CentralEvent::Returned(_) if self.filled.is_some() || ended => Some("what was filled goes to the carrier"),
            _ => None,
        };
        if let Some(problem) = problem {
            return Err(Inconsistent { version, problem });
        }
        match event {
            CentralEvent::Filled(filled) => self.filled = Some((**filled).clone()),
            CentralEvent::Delivered(delivered) => self.delivered = Some((**delivered).clone()),
            CentralEvent::Returned(returned) => self.returned = Some((**returned).clone()),
            CentralEvent::Received(_) => {}
        }
        self.version = version;
        Ok(())
    }

    /// How many events have been folded.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// The name of its stream: `central/FT1234563/RX100001/1`, by the retail pharmacy's registration and numbers.
    pub fn stream(&self) -> String {
        format!("central/{}", self.reference())
    }

    fn reference(&self) -> String {
        let retail = &self.received.retail;
        let registration = retail.registration.map(|number| number.to_string()).unwrap_or_default();
        format!("{registration}/{}/{}", retail.number, self.received.no)
    }

    /// What was received.
    pub fn received(&self) -> &CentralReceived {
        &self.received
    }

    /// The filling.
    pub const fn filled(&self) -> Option<&CentralFilled> {
        self.filled.as_ref()
    }

    /// The delivery.
    pub const fn delivered(&self) -> Option<&CentralDelivered> {
        self.delivered.as_ref()
    }

    /// That it went back unfilled, or was lost.
    pub const fn returned(&self) -> Option<&CentralReturned> {
        self.returned.as_ref()
    }

    /// Fills it: only a pharmacist does, who judges the prescription as the retail pharmacist did.
    ///
    /// # Errors
    /// `PHARM-CENTRAL-STATE`, `PHARM-TIME`, or the rulebook's refusal.
    pub fn fill(
        &self,
        profile: &Profile,
        pharmacist: &Pharmacist,
        ndc: &Ndc,
        at: Moment,
    ) -> Result<CentralMoved, Refusal> {
        if self.filled.is_some() || self.returned.is_some() {
            return Err(refuse::central_state(self.received.no, "was filled or sent back"));
        }
        if at.timestamp < self.received.at.timestamp {
            return Err(refuse::before_the_record("at"));
        }
        let prepare = question(&self.received, at, Request::CentralFill { step: Step::Prepare, refill: false })?;
        ask::permission(profile, &prepare.with(|facts| facts.entry = Some(Box::new(entry(Vec::new())))))?;
        // The pharmacist here answers for the form of the prescription, too (21 CFR 1306.05(f)).
        let units = ask::units(self.received.quantity.smallest_units());
        let ordinary = match self.received.which {
            Which::First => Request::Fill { quantity: units },
            Which::Refill => Request::Refill { quantity: units },
        };
        let form = ask::permission(profile, &question(&self.received, at, ordinary)?)?;
        let at = whole_seconds(at);
        let by = pharmacist.person().clone();
        let movement = self.movement(ndc, MovementKind::Fill, DocumentKind::Filling, at, &by)?;
        let filled = CentralFilled { at, by, ndc: ndc.clone(), law: LawRecord::of(&form) };
        Ok(CentralMoved { events: vec![CentralEvent::Filled(Box::new(filled))], movement })
    }

    /// Gives it to the carrier.
    ///
    /// # Errors
    /// `PHARM-CENTRAL-STATE`; `PHARM-TIME`; `PHARM-TEXT` for a carrier without name, contracting party or assessment.
    pub fn deliver(&self, delivery: &CentralDelivered) -> Result<CentralMoved, Refusal> {
        let (Some(filled), None) = (&self.filled, &self.delivered) else {
            return Err(refuse::central_state(self.received.no, "is not filled, or went already"));
        };
        if delivery.at.timestamp < filled.at.timestamp {
            return Err(refuse::before_the_record("at"));
        }
        let delivered = CentralDelivered {
            at: whole_seconds(delivery.at),
            carrier: refuse_empty(&delivery.carrier, "carrier")?,
            hired_by: refuse_empty(&delivery.hired_by, "hired-by")?,
            assessment: refuse_empty(&delivery.assessment, "assessment")?,
            ..delivery.clone()
        };
        let (kind, document) = (MovementKind::HandOver, DocumentKind::PickUp);
        let movement = self.movement(&filled.ndc, kind, document, delivered.at, &delivered.by)?;
        Ok(CentralMoved { events: vec![CentralEvent::Delivered(Box::new(delivered))], movement })
    }

    /// Sends it back unfilled, or records that it was lost before it was filled.
    ///
    /// # Errors
    /// `PHARM-CENTRAL-STATE`.
    pub fn send_back(&self, by: &Person, at: Moment, why: Unfilled) -> Result<Vec<CentralEvent>, Refusal> {
        if self.filled.is_some() || self.returned.is_some() {
            return Err(refuse::central_state(self.received.no, "was filled or sent back"));
        }
        let returned = CentralReturned { at: whole_seconds(at), by: by.clone(), why };
        Ok(vec![CentralEvent::Returned(Box::new(returned))])
    }

    /// What the package shows of both pharmacies.
    ///
    /// # Errors
    /// The rulebook's refusal naming what the label lacks.
    pub fn label(&self, profile: &Profile, at: Moment) -> Result<CentralLabel, Refusal> {
        let retail = &self.received.retail;
        let mut missing = Vec::new();
        if retail.name.trim().is_empty() || retail.address.trim().is_empty() {
            missing.push(LabelElement::RetailPharmacyNameAddress);
        }
        let label = LabelFacts { kind: LabelKind::CentralFill, missing, ..LabelFacts::new() };
        let asked = question(&self.received, at, Request::Label {})?.with(|facts| facts.label = label);
        ask::permission(profile, &asked)?;
        Ok(CentralLabel { retail: format!("{}, {}", retail.name, retail.address), filled_by: self.received.central })
    }

    fn movement(
        &self,
        ndc: &Ndc,
        kind: MovementKind,
        document: DocumentKind,
        at: Moment,
        by: &Person,
    ) -> Result<Movement, Refusal> {
        let quantity = &self.received.quantity;
        let unit = StockUnit::of(quantity.unit());
        let commodity = Commodity { registration: self.received.central, ndc: ndc.clone(), unit };
        let accounts = match kind {
            MovementKind::HandOver => (Account::WillCall, Account::Patient),
            _ => (Account::Shelf, Account::WillCall),
        };
        let amount = Amount::new(quantity.smallest_units());
        let amount = amount.map_err(|_| refuse::uncountable(NotAQuantity::Uncountable))?;
        let when = (at.timestamp, Document::new(document, self.stream()));
        let what = (commodity, self.received.schedule);
        Ok(Movement::new(what, kind, accounts, amount, when, vec![by.actor.clone()]))
    }
}

fn question(record: &CentralReceived, at: Moment, request: Request) -> Result<Question, Refusal> {
    let Some(face) = Face::read(&record.contents, record.schedule) else {
        return Err(refuse::text_missing("contents"));
    };
    let missing = intake::missing(&record.contents, None).into_iter().map(|(element, _)| element).collect();
    let asked = LawPrescription {
        form: record.form,
        missing,
        drug: record.contents.get(Element::DrugName).map(str::to_owned),
        ..ask::prescription(&face, u32::from(face.refills))
    };
    let facts = CentralFacts { relationship: record.relationship, ..CentralFacts::new() };
    Ok(Question::new(at, request).about(asked).with(|stated| stated.central = facts))
}

/// What the records of both pharmacies say became of everything that was sent, over one period.
///
/// # Errors
/// The rulebook's refusal when a side does not account for everything, or the two do not agree.
pub fn reconcile(
    profile: &Profile,
    on: Date,
    retail: &[&Prescription],
    central: &[&CentralOrder],
) -> Result<Dispositions, Refusal> {
    let sent: Vec<&Central> = retail.iter().flat_map(|prescription| prescription.central()).collect();
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let ended =
        |end: fn(&CentralEnd) -> bool| number(sent.iter().filter(|one| one.ended.as_ref().is_some_and(end)).count());
    let here = |is: fn(&CentralOrder) -> bool| number(central.iter().filter(|order| is(order)).count());
    let dispositions = Dispositions {
        retail: Disposition {
            sent: number(sent.len()),
            received: ended(|end| matches!(end, CentralEnd::Back(_))),
            lost: ended(|end| matches!(end, CentralEnd::Unfilled(end) if end.why == Unfilled::Lost)),
            returned: ended(|end| matches!(end, CentralEnd::Unfilled(end) if end.why == Unfilled::Returned)),
        },
        central: Disposition {
            sent: number(central.len()),
            received: here(|order| order.delivered.is_some()),
            lost: here(|order| order.returned.as_ref().is_some_and(|back| back.why == Unfilled::Lost)),
            returned: here(|order| order.returned.as_ref().is_some_and(|back| back.why == Unfilled::Returned)),
        },
    };
    let asked = dispositions.clone();
    let question = Question::new(on, Request::ReconcileCentral {});
    ask::permission(profile, &question.with(|facts| facts.dispositions = Some(Box::new(asked))))?;
    Ok(dispositions)
}

/// The deliveries for which the retail pharmacy has no receipt by the same manner of delivery, by their streams.
pub fn unmatched(retail: &[&Prescription], central: &[&CentralOrder]) -> Vec<String> {
    let received = |order: &CentralOrder, gone: &CentralDelivered| {
        let its = retail.iter().filter(|one| one.received.number.as_str() == order.received.retail.number);
        its.flat_map(|one| one.central()).any(|one| {
            one.sent.no == order.received.no
                && matches!(&one.ended, Some(CentralEnd::Back(back)) if back.carriage == gone.carriage)
        })
    };
    let open = |order: &&&CentralOrder| order.delivered.as_ref().is_some_and(|gone| !received(order, gone));
    central.iter().filter(open).map(|order| order.stream()).collect()
}
