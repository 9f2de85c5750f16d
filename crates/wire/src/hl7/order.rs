//! What an order says of a prescription.

use super::message::{Limits, Message, Segment};
use super::refusals;
use theriac_model::{CanonicalContents, Element, Element as E, Ndc, NotCanonical, Refusal};

/// What was read of one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What was said and serves.
    pub contents: CanonicalContents,
    /// What was said and does not.
    pub problems: Vec<Refusal>,
    /// ORC-2, the number of the system that placed the order; empty if it has none.
    pub placer: String,
    /// ORC-3, the number of the system that fills it; empty if it has none.
    pub filler: String,
}

impl Order {
    /// The elements that every prescription needs and this one does not have.
    pub fn lacks(&self) -> Vec<Element> {
        self.contents.missing()
    }
}

/// An order and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The ordinal of its ORC among the message's segments.
    pub segment: usize,
    /// The draft, or why it is none.
    pub outcome: Result<Order, Box<Refusal>>,
}

/// Reads the orders of a message.
///
/// # Errors
/// What cannot be read as a message, or is no order at all. A single order that cannot be a draft is an outcome.
pub fn orders(bytes: &[u8]) -> Result<Vec<Found>, Box<Refusal>> {
    let message = Message::read(bytes, Limits::DEFAULT)?;
    let header = message.first("MSH").ok_or_else(|| refusals::absent("MSH"))?;
    let (kind, event) = (header.get(9, 1), header.get(9, 2));
    if !matches!((kind.as_ref(), event.as_ref()), ("RDE", "O11" | "O25" | "") | ("OMP", "O09") | ("ORM", "O01")) {
        let told = match kind.as_ref() {
            "RDS" | "RAS" | "RGV" => "tells of a dispensing, an administration or a gift",
            _ => "is of another kind",
        };
        return Err(refusals::not_an_order(format!("the message {told}; it is no order")));
    }
    let mut found = Vec::new();
    let starts: Vec<usize> =
        message.segments.iter().enumerate().filter(|(_, one)| one.name == "ORC").map(|(at, _)| at).collect();
    for (n, &start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(message.segments.len());
        let group = message.segments.get(start..end).unwrap_or_default();
        found.push(Found { segment: start + 1, outcome: order(&message, group) });
    }
    if found.is_empty() {
        return Err(refusals::absent("ORC"));
    }
    Ok(found)
}

/// What an order's control code means, where it is not a new order.
fn other_than_new(code: &str) -> Option<&'static str> {
    Some(match code {
        // New, notification of an order that was placed elsewhere, and "with observations to follow".
        "NW" | "OP" | "RE" => return None,
        "CA" | "OC" | "CR" => "the order is cancelled",
        "DC" | "OD" | "DR" => "the order is discontinued",
        "HD" | "OH" | "HR" => "the order is held",
        "RP" | "RU" | "RO" | "XO" | "XX" | "XR" => "an order is changed or replaced",
        "RF" | "AF" | "DF" | "FU" => "refills are asked for or answered",
        "" => "nothing",
        _ => "something else than a new order",
    })
}

struct Gather {
    contents: CanonicalContents,
    problems: Vec<Refusal>,
}

impl Gather {
    fn set(&mut self, element: Element, place: &str, text: &str) {
        if text.is_empty() || self.contents.get(element).is_some() {
            return;
        }
        match self.contents.set(element, text) {
            Ok(()) => {}
            Err(NotCanonical::Value { problem, .. }) => self.problems.push(refusals::field(place, &problem)),
            Err(other) => self.problems.push(refusals::field(place, &other.to_string())),
        }
    }

    /// `YYYYMMDD` and whatever time follows.
    fn day(&mut self, element: Element, place: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        match text.get(..8).and_then(|day| jiff::civil::Date::strptime("%Y%m%d", day).ok()) {
            Some(day) => self.set(element, place, &day.to_string()),
            None => self.problems.push(refusals::field(place, "is not a day")),
        }
    }

    fn person(&mut self, segment: &Segment<'_>, field: usize, first: usize, elements: [Element; 4]) {
        let [last, given, middle, suffix] = elements;
        for (offset, element) in [(0, last), (1, given), (2, middle), (3, suffix)] {
            let place = format!("{}-{field}.{}", segment.name, first + offset);
            self.set(element, &place, &segment.get(field, first + offset));
        }
    }

    fn address(&mut self, segment: &Segment<'_>, field: usize, elements: [Element; 5]) {
        let [line1, line2, city, state, postal] = elements;
        for (component, element) in [(1, line1), (2, line2), (3, city), (4, state), (5, postal)] {
            let place = format!("{}-{field}.{component}", segment.name);
            self.set(element, &place, &segment.get(field, component));
        }
    }

    /// A coded product: its text, and its code where the coding system is the NDC.
    fn product(&mut self, segment: &Segment<'_>, field: usize) {
        let place = format!("{}-{field}", segment.name);
        for (code, text, system) in [(1, 2, 3), (4, 5, 6)] {
            let system = segment.get(field, system);
            if system.eq_ignore_ascii_case("NDC") {
                let code = segment.get(field, code);
                match Ndc::parse(&code) {
                    Ok(ndc) => self.set(Element::DrugNdc, &place, ndc.as_str()),
                    Err(_) => self.problems.push(refusals::field(&place, "is not a whole NDC")),
                }
            }
            self.set(Element::DrugName, &place, &segment.get(field, text));
        }
        self.set(Element::DrugName, &place, &segment.get(field, 9));
    }

    /// A unit or form: its text, or its code where it has none.
    fn worded(&mut self, element: Element, segment: &Segment<'_>, field: usize) {
        let text = segment.get(field, 2);
        let text = if text.is_empty() { segment.get(field, 1) } else { text };
        self.set(element, &format!("{}-{field}", segment.name), &text);
    }

    fn plain(&mut self, element: Element, segment: &Segment<'_>, field: usize) {
        self.set(element, &format!("{}-{field}", segment.name), &segment.get(field, 1));
    }

    fn strength(&mut self, segment: &Segment<'_>, value: usize, unit: usize) {
        let (number, unit) = (segment.get(value, 1), segment.get(unit, 1));
        if !number.is_empty() && !unit.is_empty() {
            self.set(Element::DrugStrength, &format!("{}-{value}", segment.name), &format!("{number} {unit}"));
        }
    }
}

/// Where RXE and RXO hold the same things.
struct Places {
    product: usize,
    form: usize,
    directions: usize,
    amount: usize,
    unit: usize,
    refills: usize,
    registration: usize,
    strength: usize,
    strength_unit: usize,
}

const ENCODED: Places = Places {
    product: 2,
    form: 6,
    directions: 7,
    amount: 10,
    unit: 11,
    refills: 12,
    registration: 13,
    strength: 25,
    strength_unit: 26,
};
const REQUESTED: Places = Places {
    product: 1,
    form: 5,
    directions: 7,
    amount: 11,
    unit: 12,
    refills: 13,
    registration: 14,
    strength: 18,
    strength_unit: 19,
};

fn order(message: &Message<'_>, group: &[Segment<'_>]) -> Result<Order, Box<Refusal>> {
    let first = |name: &str| group.iter().find(|segment| segment.name == name);
    let control = first("ORC").ok_or_else(|| refusals::absent("ORC"))?;
    if let Some(meaning) = other_than_new(&control.get(1, 1)) {
        return Err(refusals::control("ORC-1", meaning));
    }
    let (encoded, requested) = (first("RXE"), first("RXO"));
    if encoded.is_none() && requested.is_none() {
        return Err(refusals::absent("RXO"));
    }
    let mut all = Gather { contents: CanonicalContents::default(), problems: Vec::new() };
    if let Some(patient) = message.first("PID") {
        all.person(patient, 5, 1, [E::PatientLast, E::PatientFirst, E::PatientMiddle, E::PatientSuffix]);
        all.day(E::PatientBorn, "PID-7", &patient.get(7, 1));
        let home = [E::PatientLine1, E::PatientLine2, E::PatientCity, E::PatientState, E::PatientPostal];
        all.address(patient, 11, home);
    }
    let names = [E::PractitionerLast, E::PractitionerFirst, E::PractitionerMiddle, E::PractitionerSuffix];
    all.person(control, 12, 2, names);
    let office =
        [E::PractitionerLine1, E::PractitionerLine2, E::PractitionerCity, E::PractitionerState, E::PractitionerPostal];
    all.address(control, 24, office);
    all.day(E::Issued, "ORC-9", &control.get(9, 1));
    // The encoded order is the later word; what it does not say the requested one may.
    for (segment, places) in [(encoded, ENCODED), (requested, REQUESTED)] {
        let Some(segment) = segment else { continue };
        all.product(segment, places.product);
        all.strength(segment, places.strength, places.strength_unit);
        all.worded(E::DrugForm, segment, places.form);
        all.worded(E::Directions, segment, places.directions);
        all.plain(E::QuantityValue, segment, places.amount);
        all.worded(E::QuantityUnit, segment, places.unit);
        all.plain(E::Refills, segment, places.refills);
        all.plain(E::Registration, segment, places.registration);
    }
    if let Some(encoded) = encoded {
        all.plain(E::DrugSchedule, encoded, 35);
    }
    registration_of(control, &mut all);
    let number = |field| control.get(field, 1).into_owned();
    Ok(Order { contents: all.contents, problems: all.problems, placer: number(2), filler: number(3) })
}

/// The ordering provider's DEA number, where ORC-12 gives it as an identifier of that type.
fn registration_of(control: &Segment<'_>, all: &mut Gather) {
    for provider in control.repetitions(12) {
        if control.component(provider, 13).eq_ignore_ascii_case("DEA") {
            all.set(Element::Registration, "ORC-12.1", &control.component(provider, 1));
        }
    }
}
