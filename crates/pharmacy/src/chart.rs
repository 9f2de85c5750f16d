//! Orders in an institution (21 CFR 1306.11(c), 1306.21(c); Manual 2010, section IX and appendix B): a drug is taken from the shelf
//! and administered to an inpatient.
//!
//! An order for immediate administration is no prescription: it gets no number and has no refills. It still takes stock out, so
//! it has a record of its own. A practitioner gives it, never the institution itself.

use crate::arrived::{Activity, RegistrantLookup};
use crate::ask;
use crate::codec::stored::{event_record, record, stored_words};
use crate::hand_over::{refuse_empty, whole_seconds};
use crate::law_record::LawRecord;
use crate::people::{Person, Pharmacist};
use crate::refusals as refuse;
use crate::words::words;
use theriac_books::{Account, Amount, Commodity, Document, DocumentKind, Movement, MovementKind, StockUnit};
use theriac_law::facts::Prescription as Facts;
use theriac_law::vocab::{Form, InstitutionOrder, Schedule as LawSchedule, Status};
use theriac_law::{Moment, Profile, Question, Request};
use theriac_model::{DeaNumber, Ndc, NotAQuantity, Quantity, Refusal, Registration, Schedule};

words! {
    /// What kind of pharmacy it is.
    PharmacyKind {
        /// It serves people at home.
        Retail = "retail",
        /// It is a hospital's or another institution's.
        Institution = "institution",
    }
}

/// What is to be administered, as somebody ordered it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartOrder {
    /// On what it is administered.
    pub on: InstitutionOrder,
    /// Where that stands: the chart, the file of the paper, the number of the electronic prescription.
    pub document: String,
    /// When it was ordered.
    pub ordered: Moment,
    /// The practitioner who ordered it, by first and last name.
    pub ordered_by: String,
    /// Under which registration.
    pub registration: Registration,
    /// The patient.
    pub patient: String,
    /// Where the patient lies.
    pub ward: String,
    /// The drug with strength and form.
    pub drug: String,
    /// The product taken from the shelf.
    pub ndc: Ndc,
    /// Its schedule.
    pub schedule: Schedule,
    /// How much.
    pub quantity: Quantity,
    /// How it is given.
    pub directions: String,
}

/// `chart.administered`: a drug was taken from the shelf for an inpatient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartDone {
    /// Its name in the records, which is no prescription number.
    pub id: String,
    /// On what it was administered.
    pub on: InstitutionOrder,
    /// Where that stands.
    pub document: String,
    /// When it was ordered.
    pub ordered: Moment,
    /// By whom.
    pub ordered_by: String,
    /// Under which registration.
    pub registration: String,
    /// The patient.
    pub patient: String,
    /// Where the patient lies.
    pub ward: String,
    /// The drug.
    pub drug: String,
    /// The product.
    pub ndc: Ndc,
    /// Its schedule.
    pub schedule: Schedule,
    /// How much.
    pub quantity: Quantity,
    /// How it is given.
    pub directions: String,
    /// When it was taken from the shelf.
    pub at: Moment,
    /// By which pharmacist.
    pub by: Person,
    /// By which rules.
    pub law: LawRecord,
}

stored_words! { InstitutionOrder }

record! {
    ChartDone {
        "id" id, "on" on, "document" document, "ordered" ordered, "ordered-by" ordered_by, "registration" registration,
        "patient" patient, "ward" ward, "drug" drug, "ndc" ndc, "schedule" schedule, "quantity" quantity,
        "directions" directions, "at" at, "by" by, "law" law,
    }
}

event_record!(ChartDone, "chart.administered");

impl ChartDone {
    /// The event's kind.
    pub const fn kind(&self) -> &'static str {
        Self::KIND
    }

    /// The name of its stream.
    pub fn stream(&self) -> String {
        format!("chart/{}", self.id)
    }
}

/// Decides whether the drug may be administered on `order`, and answers the record and what is posted to the books.
///
/// # Errors
/// `PHARM-CHART-RETAIL` outside an institution; `PHARM-TIME` for an order after the act; `PHARM-TEXT` naming what is empty;
/// `PHARM-CHART-INSTITUTION` where the institution itself is named as who ordered; `PHARM-CHART-PRACTITIONER` where the
/// practitioner may not order it; the rulebook's refusal.
pub fn administer(
    profile: &Profile,
    (kind, pharmacy): (PharmacyKind, DeaNumber),
    (id, order): (&str, ChartOrder),
    registrant: &RegistrantLookup,
    (pharmacist, at): (&Pharmacist, Moment),
) -> Result<(ChartDone, Movement), Refusal> {
    if kind != PharmacyKind::Institution {
        return Err(refuse::no_institution());
    }
    if order.ordered.timestamp > at.timestamp {
        return Err(refuse::before_the_record("ordered"));
    }
    let text = |text: &str, field| refuse_empty(text, field);
    let document = text(&order.document, "document")?;
    let ordered_by = text(&order.ordered_by, "ordered-by")?;
    let (patient, ward) = (text(&order.patient, "patient")?, text(&order.ward, "ward")?);
    let directions = text(&order.directions, "directions")?;
    individual(&order, registrant)?;
    let quantity = ask::units(order.quantity.smallest_units());
    let form = match order.on {
        InstitutionOrder::Electronic => Form::Electronic,
        InstitutionOrder::Fax => Form::Fax,
        InstitutionOrder::OralWritten | InstitutionOrder::Telephone => Form::Oral,
        InstitutionOrder::Paper | InstitutionOrder::Inpatient => Form::Paper,
    };
    let facts = Facts::new(LawSchedule::from(order.schedule), form, order.ordered.date(), quantity);
    let question = Question::new(at, Request::InstitutionDispense { on: order.on }).about(facts);
    let decision = ask::permission(profile, &question)?;

    let at = whole_seconds(at);
    let commodity =
        Commodity { registration: pharmacy, ndc: order.ndc.clone(), unit: StockUnit::of(order.quantity.unit()) };
    let amount = Amount::new(order.quantity.smallest_units());
    let amount = amount.map_err(|_| refuse::uncountable(NotAQuantity::Uncountable))?;
    let (what, accounts) = ((commodity, order.schedule), (Account::Shelf, Account::Administered));
    let when = (at.timestamp, Document::new(DocumentKind::AdministrationRecord, id));
    let signers = vec![pharmacist.person().actor.clone()];
    let movement = Movement::new(what, MovementKind::Administration, accounts, amount, when, signers);
    let done = ChartDone {
        id: id.to_owned(),
        on: order.on,
        document,
        ordered: whole_seconds(order.ordered),
        ordered_by,
        registration: order.registration.to_string(),
        patient,
        ward,
        drug: order.drug,
        ndc: order.ndc,
        schedule: order.schedule,
        quantity: order.quantity,
        directions,
        at,
        by: pharmacist.person().clone(),
        law: LawRecord::of(&decision),
    };
    Ok((done, movement))
}

/// The order is a practitioner's own, who may order this schedule.
fn individual(order: &ChartOrder, registrant: &RegistrantLookup) -> Result<(), Refusal> {
    if matches!(order.registration, Registration::Exempt(_)) {
        return Ok(());
    }
    let found = registrant.found.as_ref().ok_or_else(|| refuse::chart_practitioner("is not in the registrant data"))?;
    if found.activity == Activity::Institution && !matches!(order.registration, Registration::Institutional { .. }) {
        return Err(refuse::institution_orders());
    }
    if found.status != Status::Valid {
        return Err(refuse::chart_practitioner("is not valid"));
    }
    if !found.schedules.contains(&order.schedule) {
        return Err(refuse::chart_practitioner("does not cover the schedule of this drug"));
    }
    Ok(())
}
