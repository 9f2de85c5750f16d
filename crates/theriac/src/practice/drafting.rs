//! Writing a prescription: what is typed, the elements it becomes, and what the rulebook says of it while it is typed.

use super::cards::Place;
use crate::house::House;
use crate::house::event::Product;
use crate::house::record::{Change, Fault};
use crate::practice::prescription_stream;
use serde::{Deserialize, Serialize};
use std::sync::PoisonError;
use theriac_law::{Request, Verdict, decide};
use theriac_model::{Actor, CanonicalContents, Contents, Element, Ndc, Refusal, Role, Schedule, ServiceId};
use theriac_prescriber::Prescription;
use theriac_prescriber::event::Routing;
use theriac_prescriber::law::may_be_prepared;

/// A prescription as typed; whatever is empty is not there yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Typed {
    /// The patient's identifier.
    pub(crate) patient: String,
    /// The practitioner's identifier; of a practitioner who types, their own.
    pub(crate) practitioner: String,
    /// The registration; where the practitioner has one only, that.
    pub(crate) registration: String,
    /// The product's NDC.
    pub(crate) ndc: String,
    pub(crate) quantity: String,
    pub(crate) directions: String,
    pub(crate) refills: String,
    pub(crate) days_supply: String,
    pub(crate) earliest_fill: String,
    /// Remarks on the face, such as the medical need for gamma-hydroxybutyric acid.
    pub(crate) note: String,
    /// The pharmacy's NCPDP identifier; this deployment's where none is typed.
    pub(crate) pharmacy: String,
}

/// What can be said of a prescription while it is typed.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Said {
    /// Drug, strength and form of the product chosen; empty while none is.
    pub(crate) drug: String,
    /// The schedule, `II` to `V`; empty while no product is chosen, `not controlled` for other drugs.
    pub(crate) schedule: String,
    /// Elements that are still missing, in plain words.
    pub(crate) missing: Vec<String>,
    /// What the law or the form of an element refuses.
    pub(crate) refusals: Vec<crate::views::RefusalView>,
    /// Refills the law leaves for this schedule of those typed.
    pub(crate) refills_allowed: Option<u64>,
    /// Whether it may be marked ready.
    pub(crate) complete: bool,
}

fn refuse(
    code: &'static str,
    field: &str,
    what: impl Into<std::borrow::Cow<'static, str>>,
    next: &'static str,
) -> Fault {
    Refusal::new(code, "21 CFR 1306.05(a)", what, next).about(field.to_owned()).into()
}

impl House {
    /// A product by its NDC: the deployment's own row, else the directory's with the schedule that stands today.
    pub(crate) fn product(&self, ndc: &str) -> Result<Option<Product>, Fault> {
        let Ok(ndc) = Ndc::parse(ndc) else { return Ok(None) };
        Ok(self.drug(&ndc)?)
    }

    /// For whom `by` writes: a practitioner for themselves, an agent for the practitioner named.
    fn practitioner_of(&self, by: &Actor, typed: &Typed) -> Result<String, Fault> {
        if by.role == Role::Prescriber {
            return Ok(by.id.clone());
        }
        let directory = self.directory.read().unwrap_or_else(PoisonError::into_inner);
        let named = directory.people.get(typed.practitioner.trim()).filter(|person| person.role == Role::Prescriber);
        named.map(|person| person.id.clone()).ok_or_else(|| {
            refuse("RX-DRAFT-PRACTITIONER", "practitioner", "no practitioner is chosen", "choose for whom you write")
        })
    }

    fn place_of(&self, practitioner: &str, typed: &Typed) -> Result<Option<Place>, Fault> {
        let places = self.places(practitioner)?;
        let typed = typed.registration.trim();
        Ok(match places.len() {
            1 if typed.is_empty() => places.into_iter().next(),
            _ => places.into_iter().find(|place| place.registration.to_string() == typed),
        })
    }

    /// The elements of what was typed, as far as they go.
    ///
    /// # Errors
    /// A field that cannot be an element of a prescription.
    pub(crate) fn elements(&self, by: &Actor, typed: &Typed) -> Result<(Routing, CanonicalContents), Fault> {
        let practitioner = self.practitioner_of(by, typed)?;
        let patient = match typed.patient.trim() {
            "" => None,
            id => Some(self.patient(id)?.ok_or_else(|| {
                refuse("RX-DRAFT-PATIENT", "patient", "there is no such patient", "choose one from the practice's list")
            })?),
        };
        let place = self.place_of(&practitioner, typed)?;
        let service_id = place.as_ref().map(|place| self.service_id(place)).transpose()?.flatten();
        let product = match typed.ndc.trim() {
            "" => None,
            ndc => Some(self.product(ndc)?.ok_or_else(|| {
                refuse("RX-DRAFT-DRUG", "ndc", "this product is not in the drug file", "choose one by its name")
            })?),
        };
        let mut contents = CanonicalContents::default();
        let mut set = |element: Element, text: &str| {
            contents.set(element, text).map_err(|error| {
                let next = "correct the field, then look again";
                refuse("RX-DRAFT-ELEMENT", element.tag(), error.to_string(), next)
            })
        };
        set(Element::Issued, &self.clock.moment().date().to_string())?;
        if let Some(patient) = &patient {
            let (name, address) = (&patient.name, &patient.address);
            set(Element::PatientLast, &name.last)?;
            set(Element::PatientFirst, &name.first)?;
            set(Element::PatientMiddle, name.middle.as_deref().unwrap_or_default())?;
            set(Element::PatientSuffix, name.suffix.as_deref().unwrap_or_default())?;
            set(Element::PatientBorn, &patient.born.to_string())?;
            set(Element::PatientLine1, &address.line1)?;
            set(Element::PatientLine2, address.line2.as_deref().unwrap_or_default())?;
            set(Element::PatientCity, &address.city)?;
            set(Element::PatientState, &address.state)?;
            set(Element::PatientPostal, &address.postal)?;
        }
        if let Some(place) = &place {
            let (name, address) = (&place.name, &place.address);
            set(Element::PractitionerLast, &name.last)?;
            set(Element::PractitionerFirst, &name.first)?;
            set(Element::PractitionerMiddle, name.middle.as_deref().unwrap_or_default())?;
            set(Element::PractitionerSuffix, name.suffix.as_deref().unwrap_or_default())?;
            set(Element::PractitionerLine1, &address.line1)?;
            set(Element::PractitionerLine2, address.line2.as_deref().unwrap_or_default())?;
            set(Element::PractitionerCity, &address.city)?;
            set(Element::PractitionerState, &address.state)?;
            set(Element::PractitionerPostal, &address.postal)?;
            set(Element::Registration, &place.registration.to_string())?;
            set(Element::ServiceId, service_id.as_ref().map_or("", ServiceId::reveal))?;
            set(Element::TreatmentId, place.treatment_id.as_deref().unwrap_or_default())?;
        }
        if let Some(product) = &product {
            set(Element::DrugName, &product.name)?;
            set(Element::DrugStrength, &product.strength)?;
            set(Element::DrugForm, &product.form)?;
            set(Element::DrugNdc, product.ndc.as_str())?;
            set(Element::DrugSchedule, product.schedule.map_or("", Schedule::roman))?;
            set(Element::QuantityUnit, &product.unit.name())?;
        }
        set(Element::QuantityValue, &typed.quantity)?;
        set(Element::Directions, &typed.directions)?;
        set(Element::Refills, if typed.refills.trim().is_empty() { "0" } else { &typed.refills })?;
        set(Element::DaysSupply, &typed.days_supply)?;
        set(Element::EarliestFill, &typed.earliest_fill)?;
        set(Element::Note, &typed.note)?;
        let pharmacy = match typed.pharmacy.trim() {
            "" => self.config.pharmacy.ncpdp.clone(),
            other => other.to_owned(),
        };
        let patient = patient.map_or_else(String::new, |patient| patient.id);
        Ok((Routing { patient, practitioner, pharmacy }, contents))
    }

    /// What the rulebook says of what was typed so far. Records nothing.
    pub(crate) fn say(&self, by: &Actor, typed: &Typed) -> Result<Said, Fault> {
        let mut said = Said::default();
        let contents = match self.elements(by, typed) {
            Ok((_, contents)) => contents,
            Err(Fault::Refused(refusal)) => {
                said.refusals.push((&*refusal).into());
                return Ok(said);
            }
            Err(other) => return Err(other),
        };
        let part = |element| contents.get(element).unwrap_or_default();
        [Element::DrugName, Element::DrugStrength, Element::DrugForm]
            .map(part)
            .join(" ")
            .trim()
            .clone_into(&mut said.drug);
        said.schedule = match contents.get(Element::DrugSchedule) {
            Some(schedule) => schedule.to_owned(),
            None if contents.get(Element::DrugName).is_some() => "not controlled".to_owned(),
            None => String::new(),
        };
        said.missing = contents
            .missing()
            .into_iter()
            .filter(|element| *element != Element::SignedAt)
            .map(|element| element.tag().to_owned())
            .collect();
        if said.schedule == "not controlled" {
            let refusal = Refusal::new(
                "RX-DRAFT-NOT-CONTROLLED",
                "21 CFR 1308.11-1308.15",
                "this drug is in no schedule; this desk writes controlled-substance prescriptions",
                "write it with the practice's ordinary prescriptions",
            );
            said.refusals.push((&refusal).into());
        }
        let today = self.clock.moment().date();
        if said.missing.is_empty() && said.refusals.is_empty() {
            match may_be_prepared(&self.profile, &contents, today) {
                Ok(()) => said.complete = true,
                Err(refusal) => said.refusals.push((&refusal).into()),
            }
            said.refills_allowed = self.refills_allowed(&contents);
        }
        Ok(said)
    }

    /// The refills the law leaves of those written.
    fn refills_allowed(&self, contents: &CanonicalContents) -> Option<u64> {
        let mut signed = contents.clone();
        signed.set(Element::SignedAt, &self.clock.now().to_string()).ok()?;
        let contents = Contents::from_canonical(&signed).ok()?;
        let schedule = contents.drug.schedule?;
        let units = contents.quantity.smallest_units().unsigned_abs();
        let mut facts = theriac_law::facts::Prescription::new(
            schedule.into(),
            theriac_law::vocab::Form::Electronic,
            contents.issued,
            units,
        );
        facts.refills_authorized = u32::from(contents.refills);
        let question = theriac_law::Question::new(contents.issued, Request::RefillsRemaining {}).about(facts);
        match decide(&self.profile, &question).ok()?.verdict {
            Verdict::Value(theriac_law::Answer::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// Enters a draft as typed; answers its identifier.
    pub(crate) fn enter(&self, by: &Actor, typed: &Typed) -> Result<String, Fault> {
        self.enter_for(by, None, typed)
    }

    /// Enters a draft as typed, for the program with this key, which will be told what becomes of it.
    pub(crate) fn enter_for(&self, by: &Actor, key: Option<&str>, typed: &Typed) -> Result<String, Fault> {
        let (routing, contents) = self.elements(by, typed)?;
        let id = Self::fresh_id("RX")?;
        let (_, event) = theriac_prescriber::Draft::begin(&id, by, routing, contents)?;
        let name = prescription_stream(&id);
        let change = Change::default().decided_on(&name, 0).event(&self.by(by, ""), &name, &event)?;
        self.drafted_by(by, key, &[&id], change)?.commit(&self.store)?;
        Ok(id)
    }

    /// Replaces a draft's elements; any ready mark is gone.
    pub(crate) fn rewrite(&self, by: &Actor, id: &str, typed: &Typed) -> Result<(), Fault> {
        let (routing, contents) = self.elements(by, typed)?;
        let (now, version) = self.prescription_now(id)?;
        let kept = now.routing();
        if (&kept.patient, &kept.practitioner) != (&routing.patient, &routing.practitioner) {
            return Err(refuse(
                "RX-DRAFT-OTHER",
                "patient",
                "a draft stays with its patient and its practitioner",
                "discard this draft and enter another one",
            ));
        }
        let (_, event) = match now {
            Prescription::Draft(draft) => draft.change(by, contents)?,
            other => other.into_ready()?.change(by, contents)?,
        };
        let name = prescription_stream(id);
        Change::default().decided_on(&name, version).event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// What was typed for a draft, from its elements.
    pub(crate) fn typed(&self, id: &str) -> Result<(Typed, &'static str), Fault> {
        let (now, _) = self.prescription_now(id)?;
        let text = |element| now.contents().get(element).unwrap_or_default().to_owned();
        let routing = now.routing();
        let typed = Typed {
            patient: routing.patient.clone(),
            practitioner: routing.practitioner.clone(),
            registration: text(Element::Registration),
            ndc: text(Element::DrugNdc),
            quantity: text(Element::QuantityValue),
            directions: text(Element::Directions),
            refills: text(Element::Refills),
            days_supply: text(Element::DaysSupply),
            earliest_fill: text(Element::EarliestFill),
            note: text(Element::Note),
            pharmacy: routing.pharmacy.clone(),
        };
        Ok((typed, now.stage()))
    }
}
