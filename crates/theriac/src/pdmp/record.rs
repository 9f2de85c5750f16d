//! One dispensing as a programme is told of it.

use super::refuse;
use theriac_model::{Address, CanonicalContents, DrugUnit, Refusal};
use theriac_model::{Element, Registration};
use theriac_pharmacy::{Came, Filling, FillingKind, FillingState, Prescription, Source};
use theriac_wire::asap::{Dispensed, Origin, Patient, Person, Prescriber, Product, Status, Unit};

/// How a programme counts a filling: 0 for the first, and the part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) fill: u16,
    pub(super) part: u8,
}

/// The places of the fillings that stand, by their numbers. A filling that was put back takes no place.
pub(super) fn places(prescription: &Prescription) -> Vec<(u32, Place)> {
    let mut found = Vec::new();
    let mut next = 0_u16;
    let mut open: Option<Place> = None;
    for filling in prescription.fillings().iter().filter(|filling| filling.stands()) {
        let place = match (filling.kind, open) {
            (FillingKind::Part | FillingKind::Remainder, Some(before)) => {
                Place { part: before.part.saturating_add(1), ..before }
            }
            (FillingKind::Part | FillingKind::Remainder, None) => Place { fill: next, part: 1 },
            (FillingKind::First | FillingKind::Refill, _) => Place { fill: next, part: 0 },
        };
        match filling.kind {
            FillingKind::Part => open = Some(place),
            FillingKind::First | FillingKind::Refill | FillingKind::Remainder => {
                open = None;
                next = place.fill.saturating_add(1);
            }
        }
        found.push((filling.no, place));
    }
    found
}

/// The days that a quantity lasts: those of the whole quantity, in proportion, a begun day counted.
fn days_of(whole_days: u16, whole: i64, dispensed: i64) -> u16 {
    if whole <= 0 || dispensed >= whole {
        return whole_days;
    }
    let days = (i64::from(whole_days) * dispensed + whole - 1) / whole;
    u16::try_from(days).unwrap_or(whole_days)
}

fn lacks(element: Element) -> Refusal {
    refuse(
        "PDMP-ELEMENT",
        format!("the programme wants {}, which the prescription does not say", element.tag()),
        "find it out, and enter it: what is not known cannot be reported",
    )
    .about(element.tag())
}

fn address(contents: &CanonicalContents) -> Result<Address, Refusal> {
    let text = |element| contents.get(element).map(str::to_owned).ok_or_else(|| lacks(element));
    Ok(Address {
        line1: text(Element::PatientLine1)?,
        line2: contents.get(Element::PatientLine2).map(str::to_owned),
        city: text(Element::PatientCity)?,
        state: text(Element::PatientState)?,
        postal: text(Element::PatientPostal)?,
    })
}

fn named(full: &str) -> Person {
    let (first, last) = full.rsplit_once(' ').unwrap_or(("", full));
    Person { last: last.to_owned(), first: first.to_owned() }
}

fn origin(source: &Source) -> Origin {
    match source {
        Source::Message(_) => Origin::Electronic,
        Source::Transfer(_) => Origin::Transferred,
        Source::ByHand(taken) => match &taken.came {
            Came::Paper(_) => Origin::Written,
            Came::Fax(_) => Origin::Fax,
            Came::Call(call) if call.emergency.is_some() => Origin::Emergency,
            Came::Call(_) => Origin::Telephone,
        },
    }
}

/// The days' supply of the whole quantity: what the prescription says, or what a pharmacist stated.
pub(super) fn whole_days(prescription: &Prescription, stated: Option<u16>) -> Option<u16> {
    let said = prescription.current().get(Element::DaysSupply).and_then(|text| text.parse().ok());
    stated.or(said)
}

/// A filling as it is told.
///
/// # Errors
/// `PDMP-ELEMENT`, naming what the prescription does not say.
pub(super) fn dispensed(
    prescription: &Prescription,
    filling: &Filling,
    place: Place,
    days: Option<u16>,
) -> Result<Dispensed, Refusal> {
    let contents = prescription.current();
    let text = |element| contents.get(element).map(str::to_owned).ok_or_else(|| lacks(element));
    let received = prescription.received();
    let face = prescription.face();
    let registration = text(Element::Registration)?;
    let registration = Registration::parse(&registration).map_err(|_| lacks(Element::Registration))?;
    let born = text(Element::PatientBorn)?.parse().map_err(|_| lacks(Element::PatientBorn))?;
    let whole = face.quantity.smallest_units();
    let days = whole_days(prescription, days).ok_or_else(|| lacks(Element::DaysSupply))?;
    let message = received.message().and_then(|message| message.order_number.clone()).unwrap_or_default();
    Ok(Dispensed {
        status: Status::New,
        patient: Patient {
            name: Person { last: text(Element::PatientLast)?, first: text(Element::PatientFirst)? },
            address: address(contents)?,
            born,
        },
        prescriber: Prescriber {
            npi: String::new(),
            // The report names a prescriber by DEA number; an exempt official's prescription is reported by hand.
            dea: registration.number().ok_or_else(|| lacks(Element::Registration))?,
            code: match &registration {
                Registration::Own(_) | Registration::Exempt(_) => String::new(),
                Registration::Institutional { internal_code, .. } => internal_code.clone(),
            },
            name: Person { last: text(Element::PractitionerLast)?, first: text(Element::PractitionerFirst)? },
        },
        number: received.number.to_string(),
        written: face.issued,
        refills: u16::try_from(filling.refills_allowed).unwrap_or(u16::MAX),
        filled: filling.at.date(),
        fill: place.fill,
        product: Product::Packaged(filling.ndc.clone()),
        quantity: filling.quantity.value(),
        unit: match filling.quantity.unit() {
            DrugUnit::Millilitre => Unit::Millilitre,
            DrugUnit::Gram => Unit::Gram,
            _ => Unit::Each,
        },
        days: days_of(days, whole, filling.quantity.smallest_units()),
        origin: origin(&received.source),
        part: place.part,
        sold: match &filling.state {
            FillingState::HandedOver { at, .. } => Some(at.date()),
            FillingState::Filled | FillingState::Returned { .. } => None,
        },
        prescribed: Some(face.quantity.value()),
        schedule: received.schedule,
        pharmacist: named(&filling.pharmacist.full_name),
        message,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_lasts_its_share_of_the_days_and_a_begun_day_counts() {
        let check = |dispensed, expected| assert_eq!(days_of(30, 90, dispensed), expected, "{dispensed}");
        check(90, 30);
        check(120, 30);
        check(45, 15);
        check(46, 16);
        check(3, 1);
        check(1, 1);
        assert_eq!(days_of(30, 0, 0), 30);
    }

    #[test]
    fn a_full_name_is_divided_before_the_family_name() {
        assert_eq!(named("Fern A. Farmer"), Person { last: "Farmer".into(), first: "Fern A.".into() });
        assert_eq!(named("Fern"), Person { last: "Fern".into(), first: String::new() });
    }
}
