//! Sets the stage: people, rights to sign, tokens, registrant data, drug file, stock.

use super::cast::{self, Product};
use super::enrol::{Applicant, Held, designate, enrol};
use crate::house::House;
use crate::house::event::{HouseEvent, Person, Product as Listed, Registrant};
use crate::house::record::Fault;
use crate::output::Problem;
use crate::practice::cards::{CardEvent, PatientCard, Place};
use crate::practice::signing::SoftHeld;
use jiff::civil::{Date, date};
use std::sync::Arc;
use theriac_books::{Account, Amount, Document, DocumentKind, Movement, MovementKind};
use theriac_model::{Actor, Ndc, PersonName, Registration, Role, Schedule};

/// The PIN of the practitioners' tokens. Written here because a software token protects nothing.
pub(crate) const PIN: &str = "271828";

/// The demonstration's own things beside the deployment.
pub(crate) struct Cast {
    pub(crate) practitioner: Arc<SoftHeld>,
    pub(crate) lapsed: Arc<SoftHeld>,
}

pub(crate) fn actor(person: &cast::Person, role: Role) -> Actor {
    Actor::new(person.id, role)
}

/// The roles of the cast.
pub(crate) fn role(person: &cast::Person) -> Role {
    match person.id {
        "ola" => Role::Operator,
        "ada" | "ben" => Role::AccessController,
        "quill" => Role::Agent,
        "fern" => Role::Pharmacist,
        "tess" => Role::Technician,
        "iris" => Role::Inspector,
        _ => Role::Prescriber,
    }
}

/// Fills a newly founded deployment.
pub(crate) fn populate(house: &House) -> Result<Cast, Problem> {
    fill(house, &cast::DRUG_FILE).map_err(Problem::from)
}

/// The same with empty shelves that nobody has counted: the registration is new.
#[cfg(test)]
pub(crate) fn populate_uncounted(house: &House) -> Result<Cast, Problem> {
    fill(house, &[]).map_err(Problem::from)
}

/// `on_hand`: the products whose books are opened.
fn fill(house: &House, on_hand: &[&Product]) -> Result<Cast, Fault> {
    let operator = actor(&cast::OPERATOR, Role::Operator);
    let mut listed: Vec<HouseEvent> = cast::ALL
        .iter()
        .map(|person| {
            HouseEvent::PersonAdded(Person {
                id: person.id.to_owned(),
                name: format!("{} {}", person.first, person.last),
                role: role(person),
                what: person.what.to_owned(),
            })
        })
        .collect();
    listed.extend(registrants());
    for product in cast::DRUG_FILE {
        listed.push(HouseEvent::ProductListed(Listed {
            ndc: ndc(product)?,
            name: product.name.to_owned(),
            strength: product.strength.to_owned(),
            form: product.form.to_owned(),
            unit: product.unit.clone(),
            schedule: Some(product.schedule),
        }));
    }
    house.note(&operator, &listed)?;
    house.write_cards(&crate::house::program(), &cards()?)?;
    designate(house)?;
    let today = house.clock.moment().date();
    let lasting = Applicant {
        person: &cast::PRACTITIONER,
        number: cast::practitioner_number(),
        until: LASTS,
        on: today,
        under: Held::Own,
    };
    let practitioner = enrol(house, lasting)?;
    // Enrolled while the registration still ran.
    let ended =
        Applicant { person: &cast::LAPSED, number: cast::lapsed_number(), until: ENDED, on: EARLIER, under: Held::Own };
    let lapsed = enrol(house, ended)?;
    for product in on_hand {
        open_books(house, product)?;
    }
    super::stockroom::furnish(house, &actor(&cast::PHARMACIST, Role::Pharmacist))?;
    Ok(Cast { practitioner, lapsed })
}

/// The practice's patients, and where its practitioners prescribe.
fn cards() -> Result<Vec<CardEvent>, Fault> {
    let mut cards = Vec::new();
    for patient in &cast::PATIENTS {
        cards.push(CardEvent::Patient(PatientCard {
            id: patient.id.to_owned(),
            name: PersonName { last: patient.last.into(), first: patient.first.into(), middle: None, suffix: None },
            address: cast::patient_address(patient),
            born: patient.born.parse().map_err(|_| Fault::Broken("a date of birth of the cast".to_owned()))?,
        }));
    }
    for (person, number) in [(&cast::PRACTITIONER, cast::practitioner_number()), (&cast::LAPSED, cast::lapsed_number())]
    {
        cards.push(CardEvent::Place(Place {
            person: person.id.to_owned(),
            registration: Registration::Own(number),
            name: cast::name(person),
            address: cast::practice_address(),
            treatment_id: None,
            service_id: None,
        }));
    }
    Ok(cards)
}

/// The last day of the practitioner's registration.
pub(crate) const LASTS: Date = date(2028, 6, 30);
/// The last day of the registration that has run out.
pub(super) const ENDED: Date = date(2026, 2, 27);
/// A day on which it had not.
const EARLIER: Date = date(2026, 2, 20);
/// The day on which the registrant data was issued.
pub(super) const DATA_ISSUED: Date = date(2026, 2, 27);

fn registrants() -> Vec<HouseEvent> {
    let prescribed = vec![Schedule::II, Schedule::III, Schedule::IV, Schedule::V];
    let row = |number, name: &cast::Person, expires| {
        HouseEvent::RegistrantListed(Registrant {
            number,
            name: format!("{} {}", name.first, name.last),
            activity: "practitioner".to_owned(),
            status: "valid".to_owned(),
            expires,
            schedules: prescribed.clone(),
            issued: DATA_ISSUED,
        })
    };
    vec![
        row(cast::practitioner_number(), &cast::PRACTITIONER, LASTS),
        row(cast::lapsed_number(), &cast::LAPSED, ENDED),
        row(cast::controller_number(), &cast::SECOND_CONTROLLER, LASTS),
    ]
}

pub(crate) fn ndc(product: &Product) -> Result<Ndc, Fault> {
    Ndc::parse(product.ndc).map_err(|error| Fault::Broken(error.to_string()))
}

/// The opening inventory of a product.
fn open_books(house: &House, product: &Product) -> Result<(), Fault> {
    let document = Document::new(DocumentKind::Inventory, "INITIAL-1");
    move_stock(house, product, MovementKind::OpeningInventory, Account::Opening, product.stock, document)
}

/// A delivery from the supplier.
pub(crate) fn deliver(house: &House, product: &Product, packages: i64, document: Document) -> Result<(), Fault> {
    let source = Account::Source(cast::supplier_number());
    move_stock(house, product, MovementKind::Receipt, source, (packages, product.stock.1), document)
}

fn move_stock(
    house: &House,
    product: &Product,
    kind: MovementKind,
    from: Account,
    (packages, units): (i64, i64),
    document: Document,
) -> Result<(), Fault> {
    let broken = |error: &dyn std::fmt::Display| Fault::Broken(error.to_string());
    let commodity = house.commodity(&ndc(product)?).ok_or_else(|| broken(&"not in the drug file"))?;
    let amount = Amount::new(packages * units).map_err(|error| broken(&error))?;
    let pharmacist = actor(&cast::PHARMACIST, Role::Pharmacist);
    let technician = actor(&cast::TECHNICIAN, Role::Technician);
    let signers = vec![pharmacist.clone(), technician];
    let when = (house.clock.now(), document);
    let what = (commodity, product.schedule);
    house.post(&pharmacist, &Movement::new(what, kind, (from, Account::Shelf), amount, when, signers))
}
