//! Changes of a prescription: layers over what was archived, which itself never changes (2008: 1311.175(c); cards, "Errors or
//! Omissions on CS Prescriptions"). What may be changed at all, and what only after asking, is the rulebook's answer.

use crate::annotation::Contact;
use crate::ask;
use crate::codec::stored::{record, stored_words};
use crate::entered::entry;
use crate::event::Event;
use crate::face::Face;
use crate::hand_over::{refuse_empty, whole_seconds};
use crate::people::{Person, Pharmacist};
use crate::prescription::{Prescription, next_number};
use crate::refusals as refuse;
use theriac_law::vocab::{Change, Particular};
use theriac_law::{Moment, Profile, Request};
use theriac_model::{CanonicalContents, Element, Refusal};

/// What a pharmacist wants to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amend {
    /// Which element.
    pub element: Element,
    /// How.
    pub change: Change,
    /// The value after it.
    pub to: String,
    /// With whom of the practitioner's office it was agreed, where anybody was asked.
    pub consulted: Option<Contact>,
    /// Why.
    pub why: String,
}

/// `rx.amended`: one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// Its number within the prescription, counted from 1.
    pub no: u32,
    /// Which element.
    pub element: Element,
    /// How.
    pub change: Change,
    /// The value before it; `None` where there was none.
    pub from: Option<String>,
    /// The value after it.
    pub to: String,
    /// With whom it was agreed.
    pub consulted: Option<Contact>,
    /// Why.
    pub why: String,
    /// Who made it.
    pub by: Person,
    /// When.
    pub at: Moment,
}

stored_words! { Change }

record! {
    Contact { "person" person, "method" method, }
    Amendment {
        "no" no, "element" element, "change" change, "from" from, "to" to, "consulted" consulted, "why" why, "by" by,
        "at" at,
    }
}

impl Prescription {
    /// Adds a layer. The archived original, and every layer before, stay as they are.
    ///
    /// # Errors
    /// `PHARM-CLOSED`, `PHARM-NOT-AMENDABLE`, `PHARM-AMEND-VALUE`, `PHARM-TEXT`, `PHARM-FILLED` for the quantity once
    /// something was dispensed, or the rulebook's refusal: never, only after asking, or not in schedule II.
    pub fn amend(
        &self,
        profile: &Profile,
        pharmacist: &Pharmacist,
        at: Moment,
        amend: &Amend,
    ) -> Result<Vec<Event>, Refusal> {
        self.check_open()?;
        let element = amend.element;
        let Some(asked) = ask::element(element) else { return Err(refuse::not_amendable(element)) };
        let from = self.current.get(element).map(str::to_owned);
        let contact = match &amend.consulted {
            None => None,
            Some(contact) => Some(Contact {
                person: refuse_empty(&contact.person, "consulted.person")?,
                method: refuse_empty(&contact.method, "consulted.method")?,
            }),
        };
        let missing = if amend.to.trim().is_empty() { vec![Particular::NewValue] } else { Vec::new() };
        let request = Request::Amend { element: asked, change: amend.change, consulted: contact.is_some() };
        let question = self.question(at, request).with(|facts| facts.entry = Some(Box::new(entry(missing))));
        ask::permission(profile, &question)?;
        if (amend.change == Change::Add) == from.is_some() {
            return Err(refuse::amend_value(element, "is there already, or is not there to be changed"));
        }
        if matches!(element, Element::QuantityValue | Element::QuantityUnit) && self.used() > 0 {
            return Err(refuse::filled_already());
        }
        let why = refuse_empty(&amend.why, "why")?;
        let mut layered = self.current.clone();
        layered.clear(element);
        if layered.set(element, &amend.to).is_err() {
            return Err(refuse::amend_value(element, "would not be a value of that element"));
        }
        let to = layered.get(element).unwrap_or_default().to_owned();
        let (no, at, by) = (next_number(self.amendments.len()), whole_seconds(at), pharmacist.person().clone());
        let change = amend.change;
        let amendment = Amendment { no, element, change, from, to, consulted: contact, why, by, at };
        if layer(&self.current, &amendment).and_then(|current| Face::read(&current, self.face.schedule)).is_none() {
            return Err(refuse::amend_value(element, "would leave a prescription that cannot be counted"));
        }
        Ok(vec![Event::Amended(Box::new(amendment))])
    }

    /// The prescription's contents with every layer over the original.
    pub const fn current(&self) -> &CanonicalContents {
        &self.current
    }

    /// The layers, in order.
    pub fn amendments(&self) -> &[Amendment] {
        &self.amendments
    }

    pub(crate) fn fold_amendment(&mut self, amendment: &Amendment) -> Result<(), &'static str> {
        crate::prescription::follows(amendment.no, self.amendments.len())?;
        if self.current.get(amendment.element) != amendment.from.as_deref() {
            return Err("a layer changes another value than stands");
        }
        let current = layer(&self.current, amendment).ok_or("a layer holds no value of its element")?;
        let face = Face::read(&current, self.face.schedule).ok_or("a layer leaves a face that cannot be read")?;
        let counted = face.quantity != self.face.quantity;
        if counted && self.used() > 0 {
            return Err("a layer changes the quantity of what was dispensed");
        }
        self.face = face;
        self.current = current;
        self.amendments.push(amendment.clone());
        Ok(())
    }
}

/// The contents with one layer more. Another drug, strength or form is another product than the one that was named.
fn layer(current: &CanonicalContents, amendment: &Amendment) -> Option<CanonicalContents> {
    let mut layered = current.clone();
    layered.clear(amendment.element);
    layered.set(amendment.element, &amendment.to).ok()?;
    let drug = matches!(amendment.element, Element::DrugName | Element::DrugStrength | Element::DrugForm);
    if drug && amendment.change != Change::Misspelling {
        layered.clear(Element::DrugNdc);
    }
    Some(layered)
}
