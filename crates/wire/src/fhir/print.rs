//! Printing canonical contents as FHIR R4. What FHIR has no place for goes into extensions that [`super::drafts`] reads back, so
//! nothing is lost on the way.

use super::codes;
use super::refusals;
use serde_json::{Map, Value, json};
use theriac_model::{CanonicalContents, DrugUnit, Element as E, Refusal, drug};

/// What a resource is called and what it belongs to, beyond the contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// The resource's id; FHIR allows letters, digits, `-` and `.`, at most 64.
    pub id: Option<String>,
    /// The sender's number of the prescription, with its system.
    pub number: Option<(String, String)>,
}

/// What was dispensed, beyond the contents of the prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispensed {
    /// How much, an exact decimal.
    pub quantity: theriac_model::Quantity,
    /// When it was handed over: an instant with its offset, RFC 3339.
    pub handed_over: Option<String>,
    /// When it was prepared.
    pub prepared: Option<String>,
    /// Days it lasts.
    pub days_supply: Option<u16>,
    /// The product, if another than prescribed.
    pub ndc: Option<theriac_model::Ndc>,
    /// Who dispensed it, as people write the name.
    pub dispenser: Option<String>,
    /// Reference to the request: `MedicationRequest/17`.
    pub request: Option<String>,
}

/// The contents as a `MedicationRequest` with its patient, practitioner and medication contained.
///
/// # Errors
/// `FHIR-CANNOT-CARRY` for a number that JSON would round.
pub fn request(contents: &CanonicalContents, references: &References) -> Result<Value, Box<Refusal>> {
    let mut printer = Printer { contents, own: Vec::new() };
    let mut out = Printer::head("MedicationRequest", references);
    let contained = json!([printer.patient(), printer.practitioner(), printer.medication(None)]);
    out.insert("status".to_owned(), json!("active"));
    out.insert("intent".to_owned(), json!("order"));
    out.insert("medicationReference".to_owned(), json!({"reference": "#medication"}));
    out.insert("subject".to_owned(), json!({"reference": "#patient"}));
    out.insert("requester".to_owned(), json!({"reference": "#practitioner"}));
    if let Some(issued) = contents.get(E::Issued) {
        out.insert("authoredOn".to_owned(), json!(issued));
    }
    if let Some(note) = contents.get(E::Note) {
        out.insert("note".to_owned(), json!([{"text": note}]));
    }
    if let Some(directions) = contents.get(E::Directions) {
        out.insert("dosageInstruction".to_owned(), json!([{"text": directions}]));
    }
    let dispense = printer.dispense_request()?;
    if !dispense.is_empty() {
        out.insert("dispenseRequest".to_owned(), Value::Object(dispense));
    }
    out.insert("contained".to_owned(), contained);
    Ok(printer.finish(out))
}

/// A filling as a `MedicationDispense`.
///
/// # Errors
/// `FHIR-CANNOT-CARRY` for a number that JSON would round.
pub fn dispense(
    contents: &CanonicalContents,
    references: &References,
    filling: &Dispensed,
) -> Result<Value, Box<Refusal>> {
    let mut printer = Printer { contents, own: Vec::new() };
    let mut out = Printer::head("MedicationDispense", references);
    let mut contained =
        vec![printer.patient(), printer.medication(filling.ndc.as_ref().map(theriac_model::Ndc::as_str))];
    out.insert("status".to_owned(), json!(if filling.handed_over.is_some() { "completed" } else { "in-progress" }));
    out.insert("medicationReference".to_owned(), json!({"reference": "#medication"}));
    out.insert("subject".to_owned(), json!({"reference": "#patient"}));
    if let Some(name) = &filling.dispenser {
        contained.push(json!({"resourceType": "Practitioner", "id": "dispenser", "name": [{"text": name}]}));
        out.insert("performer".to_owned(), json!([{"actor": {"reference": "#dispenser"}}]));
    }
    if let Some(request) = &filling.request {
        out.insert("authorizingPrescription".to_owned(), json!([{"reference": request}]));
    }
    out.insert("quantity".to_owned(), quantity(&filling.quantity.value().to_string(), filling.quantity.unit())?);
    if let Some(days) = filling.days_supply {
        out.insert("daysSupply".to_owned(), json!({"value": days, "unit": "days", "system": codes::UCUM, "code": "d"}));
    }
    for (name, at) in [("whenPrepared", &filling.prepared), ("whenHandedOver", &filling.handed_over)] {
        if let Some(at) = at {
            out.insert(name.to_owned(), json!(at));
        }
    }
    if let Some(directions) = contents.get(E::Directions) {
        out.insert("dosageInstruction".to_owned(), json!([{"text": directions}]));
    }
    out.insert("contained".to_owned(), Value::Array(contained));
    Ok(printer.finish(out))
}

struct Printer<'a> {
    contents: &'a CanonicalContents,
    /// Elements that go into extensions.
    own: Vec<E>,
}

impl Printer<'_> {
    fn head(kind: &str, references: &References) -> Map<String, Value> {
        let mut out = Map::new();
        out.insert("resourceType".to_owned(), json!(kind));
        if let Some(id) = &references.id {
            out.insert("id".to_owned(), json!(id));
        }
        if let Some((system, value)) = &references.number {
            out.insert("identifier".to_owned(), json!([{"system": system, "value": value}]));
        }
        out
    }

    fn finish(mut self, mut out: Map<String, Value>) -> Value {
        // FHIR has a place for none of these.
        self.own.extend([E::DrugStrength, E::DrugSchedule, E::TreatmentId]);
        self.own.sort_unstable();
        self.own.dedup();
        let extensions: Vec<Value> = self
            .own
            .iter()
            .filter_map(|&element| Some((element, self.contents.get(element)?)))
            .map(|(element, value)| json!({"url": format!("{}{element}", codes::OWN_ELEMENT), "valueString": value}))
            .collect();
        if !extensions.is_empty() {
            out.insert("extension".to_owned(), Value::Array(extensions));
        }
        Value::Object(out)
    }

    /// The value, and a note that it goes into an extension where FHIR would have no place for it.
    fn after(&mut self, element: E, first: E) -> Option<String> {
        let value = self.contents.get(element)?.to_owned();
        if self.contents.get(first).is_none() {
            self.own.push(element);
            return None;
        }
        Some(value)
    }

    fn name(&mut self, [last, first, middle, suffix]: [E; 4]) -> Value {
        let mut name = Map::new();
        if let Some(last) = self.contents.get(last) {
            name.insert("family".to_owned(), json!(last));
        }
        let given: Vec<String> =
            self.contents.get(first).map(str::to_owned).into_iter().chain(self.after(middle, first)).collect();
        if !given.is_empty() {
            name.insert("given".to_owned(), json!(given));
        }
        if let Some(suffix) = self.contents.get(suffix) {
            name.insert("suffix".to_owned(), json!([suffix]));
        }
        Value::Object(name)
    }

    fn address(&mut self, [line1, line2, city, state, postal]: [E; 5]) -> Value {
        let mut address = Map::new();
        let lines: Vec<String> =
            self.contents.get(line1).map(str::to_owned).into_iter().chain(self.after(line2, line1)).collect();
        if !lines.is_empty() {
            address.insert("line".to_owned(), json!(lines));
        }
        for (element, member) in [(city, "city"), (state, "state"), (postal, "postalCode")] {
            if let Some(value) = self.contents.get(element) {
                address.insert(member.to_owned(), json!(value));
            }
        }
        Value::Object(address)
    }

    fn person(&mut self, kind: &str, id: &str, name: [E; 4], address: [E; 5]) -> Map<String, Value> {
        let mut out = Map::new();
        out.insert("resourceType".to_owned(), json!(kind));
        out.insert("id".to_owned(), json!(id));
        for (member, value) in [("name", self.name(name)), ("address", self.address(address))] {
            if value.as_object().is_some_and(|members| !members.is_empty()) {
                out.insert(member.to_owned(), json!([value]));
            }
        }
        out
    }

    fn patient(&mut self) -> Value {
        let name = [E::PatientLast, E::PatientFirst, E::PatientMiddle, E::PatientSuffix];
        let address = [E::PatientLine1, E::PatientLine2, E::PatientCity, E::PatientState, E::PatientPostal];
        let mut out = self.person("Patient", "patient", name, address);
        if let Some(born) = self.contents.get(E::PatientBorn) {
            out.insert("birthDate".to_owned(), json!(born));
        }
        Value::Object(out)
    }

    fn practitioner(&mut self) -> Value {
        let name = [E::PractitionerLast, E::PractitionerFirst, E::PractitionerMiddle, E::PractitionerSuffix];
        let address = [
            E::PractitionerLine1,
            E::PractitionerLine2,
            E::PractitionerCity,
            E::PractitionerState,
            E::PractitionerPostal,
        ];
        let mut out = self.person("Practitioner", "practitioner", name, address);
        if let Some(number) = self.contents.get(E::Registration) {
            let kind = json!({"coding": [{"system": codes::IDENTIFIER_TYPE, "code": "DEA"}]});
            out.insert("identifier".to_owned(), json!([{"type": kind, "system": codes::DEA, "value": number}]));
        }
        Value::Object(out)
    }

    fn medication(&mut self, dispensed: Option<&str>) -> Value {
        let mut out = Map::new();
        out.insert("resourceType".to_owned(), json!("Medication"));
        out.insert("id".to_owned(), json!("medication"));
        let mut code = Map::new();
        if let Some(ndc) = dispensed.or(self.contents.get(E::DrugNdc)) {
            code.insert("coding".to_owned(), json!([{"system": codes::NDC, "code": ndc}]));
        }
        if let Some(name) = self.contents.get(E::DrugName) {
            code.insert("text".to_owned(), json!(name));
        }
        if !code.is_empty() {
            out.insert("code".to_owned(), Value::Object(code));
        }
        if let Some(form) = self.contents.get(E::DrugForm) {
            let coded =
                drug::form_code(form).map(|code| json!([{"system": codes::NCI, "code": code, "display": form}]));
            let mut concept = json!({"text": form});
            if let (Some(coded), Some(members)) = (coded, concept.as_object_mut()) {
                members.insert("coding".to_owned(), coded);
            }
            out.insert("form".to_owned(), concept);
        }
        Value::Object(out)
    }

    fn dispense_request(&mut self) -> Result<Map<String, Value>, Box<Refusal>> {
        let mut out = Map::new();
        let unit = self.contents.get(E::QuantityUnit).map(DrugUnit::read);
        match (self.contents.get(E::QuantityValue), unit) {
            (Some(value), Some(unit)) => {
                out.insert("quantity".to_owned(), quantity(value, &unit)?);
            }
            // A number or a unit alone is no quantity.
            _ => self.own.extend([E::QuantityValue, E::QuantityUnit]),
        }
        if let Some(refills) = self.contents.get(E::Refills) {
            out.insert("numberOfRepeatsAllowed".to_owned(), number(E::Refills, refills)?);
        }
        if let Some(days) = self.contents.get(E::DaysSupply) {
            let value = number(E::DaysSupply, days)?;
            let days = json!({"value": value, "unit": "days", "system": codes::UCUM, "code": "d"});
            out.insert("expectedSupplyDuration".to_owned(), days);
        }
        match (self.contents.get(E::EarliestFill), self.contents.get(E::Issued)) {
            // Days in this form sort as they follow each other.
            (Some(earliest), Some(issued)) if earliest > issued => {
                out.insert("validityPeriod".to_owned(), json!({"start": earliest}));
            }
            (Some(_), _) => self.own.push(E::EarliestFill),
            (None, _) => {}
        }
        Ok(out)
    }
}

fn quantity(value: &str, unit: &DrugUnit) -> Result<Value, Box<Refusal>> {
    let mut out = json!({"value": number(E::QuantityValue, value)?, "unit": unit.name()});
    if let (Some(code), Some(members)) = (codes::ucum(unit), out.as_object_mut()) {
        members.insert("system".to_owned(), json!(codes::UCUM));
        members.insert("code".to_owned(), json!(code));
    }
    Ok(out)
}

/// A JSON number that reads back as the same decimal.
fn number(element: E, decimal: &str) -> Result<Value, Box<Refusal>> {
    let value: Value = serde_json::from_str(decimal).unwrap_or(Value::Null);
    let again = value.to_string();
    if again == decimal {
        Ok(value)
    } else {
        Err(refusals::cannot_carry(element.tag(), "it has more digits than a JSON number keeps"))
    }
}
