//! The drug: name, strength, form and codes, from a concept or from a `Medication`.

use super::codes;
use super::draft::{Coding, Gather};
use super::pool::{At, Pool};
use super::refusals;
use super::table;
use crate::script::NoticeKind;
use crate::script::describe;
use theriac_model::{Decimal, Element, Ndc, Refusal, drug};

impl Gather {
    pub(super) fn product<'a>(&mut self, request: &At<'a>, pool: &Pool<'a>) -> Result<(), Box<Refusal>> {
        let concept = request.object("medicationCodeableConcept")?;
        let reference = request.object("medicationReference")?;
        match (concept, reference) {
            (Some(_), Some(_)) => {
                let path = request.path_of("medication[x]");
                return Err(refusals::reference(&path, "is both a concept and a reference"));
            }
            (Some(concept), None) => self.concept(&concept)?,
            (None, Some(reference)) => {
                if let Some((medication, _)) = pool.find(request, &reference, &["Medication"])? {
                    self.medication(&medication)?;
                } else {
                    // The words beside a reference are the sender's name of the drug.
                    if let Some(display) = reference.text("display")? {
                        self.set(Element::DrugName, &reference.path_of("display"), display);
                    }
                    let what = "points to a medication that is not in the document";
                    self.notice(NoticeKind::Missing, &reference.path, what);
                }
            }
            (None, None) => return Err(refusals::required(&request.path_of("medication[x]"))),
        }
        self.derive(request);
        Ok(())
    }

    fn medication(&mut self, medication: &At<'_>) -> Result<(), Box<Refusal>> {
        medication.compare(table::MEDICATION, &mut self.notices)?;
        if medication.text("status")?.is_some_and(|status| status != "active") {
            return Err(refusals::not_for_drafts(&medication.path_of("status"), "is not active"));
        }
        if let Some(code) = medication.object("code")? {
            self.concept(&code)?;
        }
        if let Some(form) = medication.object("form")? {
            self.form(&form)?;
        }
        let ingredients = medication.objects("ingredient")?;
        if let [ingredient] = ingredients.as_slice() {
            if let Some(strength) = ingredient.object("strength")? {
                self.strength(&strength)?;
            }
        } else if !ingredients.is_empty() {
            let path = medication.path_of("ingredient");
            self.notice(NoticeKind::LookAt, &path, "several ingredients: the strength is not read from them");
        }
        Ok(())
    }

    /// Name and codes. The sender's words are the name; else RxNorm's, else those of the first code that has any.
    fn concept(&mut self, concept: &At<'_>) -> Result<(), Box<Refusal>> {
        let mut codings = Vec::new();
        for coding in concept.objects("coding")? {
            let own = |text: Option<&str>| text.map(str::to_owned);
            let (system, code, display) = (coding.text("system")?, coding.text("code")?, coding.text("display")?);
            if system == Some(codes::NDC) {
                self.ndc(&coding.path, code.unwrap_or_default());
            }
            codings.push(Coding {
                system: own(system).unwrap_or_default(),
                code: own(code).unwrap_or_default(),
                display: own(display),
            });
        }
        codings.sort_by_key(|coding| coding.system != codes::RXNORM);
        let words = concept.text("text")?.or_else(|| codings.iter().find_map(|coding| coding.display.as_deref()));
        if let Some(words) = words {
            self.set(Element::DrugName, &concept.path, words);
        }
        self.codes.extend(codings);
        Ok(())
    }

    fn ndc(&mut self, path: &str, code: &str) {
        match Ndc::parse(code) {
            Ok(ndc) => self.set(Element::DrugNdc, path, ndc.as_str()),
            Err(problem) => {
                self.problems.push(refusals::malformed(Element::DrugNdc.tag(), path, &problem.to_string()));
            }
        }
    }

    fn form(&mut self, form: &At<'_>) -> Result<(), Box<Refusal>> {
        let mut named = None;
        for coding in form.objects("coding")? {
            let system = coding.text("system")?.unwrap_or_default();
            let code = coding.text("code")?.filter(|_| codes::is_nci(system)).and_then(drug::form_name);
            let display = coding.text("display")?.and_then(drug::form_name);
            named = named.or(code).or(display);
        }
        match (form.text("text")?, named) {
            (Some(text), _) => self.set(Element::DrugForm, &form.path, text),
            (None, Some(name)) => self.set(Element::DrugForm, &form.path, name),
            (None, None) => {
                self.notice(NoticeKind::LookAt, &form.path, "is a form that this program has no table for");
            }
        }
        Ok(())
    }

    /// `10 mg` for each single unit, `20 mg/mL`, `10 mg/5 mL`; anything else is left to a person.
    fn strength(&mut self, strength: &At<'_>) -> Result<(), Box<Refusal>> {
        let (Some(numerator), denominator) = (strength.object("numerator")?, strength.object("denominator")?) else {
            return Ok(());
        };
        let unit = |quantity: &At<'_>| -> Result<Option<String>, Box<Refusal>> {
            Ok(quantity.text("code")?.or(quantity.text("unit")?).map(str::to_owned))
        };
        let amount = numerator.number("value")?.and_then(|value| Decimal::parse(value).ok());
        let measured = unit(&numerator)?.as_deref().and_then(codes::strength_unit);
        let (mut per, mut per_unit) = (Some(Decimal::whole(1)), None);
        if let Some(denominator) = &denominator {
            per = denominator.number("value")?.and_then(|value| Decimal::parse(value).ok());
            per_unit = unit(denominator)?.filter(|unit| unit.eq_ignore_ascii_case("ml"));
        }
        let simple = !strength.names().any(|name| name.contains("xtension"))
            && numerator.get("comparator").is_none()
            && denominator.is_none_or(|denominator| denominator.get("comparator").is_none());
        let text = match (amount, measured, per.map(|per| per.to_string()).as_deref()) {
            (Some(amount), Some(unit), Some("1")) if simple && per_unit.is_none() => Some(format!("{amount} {unit}")),
            (Some(amount), Some(unit), Some("1")) if simple => Some(format!("{amount} {unit}/mL")),
            (Some(amount), Some("mg"), Some("5")) if simple && per_unit.is_some() => Some(format!("{amount} mg/5 mL")),
            _ => None,
        };
        match text {
            Some(text) => self.set(Element::DrugStrength, &strength.path, &text),
            None => self.notice(NoticeKind::LookAt, &strength.path, "is a strength that is not read"),
        }
        Ok(())
    }

    /// Strength and form out of the drug's words, where they stand there plainly and nowhere else.
    fn derive(&mut self, request: &At<'_>) {
        let Some(name) = self.contents.get(Element::DrugName) else { return };
        let found = describe::read(name);
        for (element, text) in [(Element::DrugStrength, found.strength), (Element::DrugForm, found.form)] {
            if let (Some(text), None) = (text, self.contents.get(element)) {
                let path = request.path_of("medication[x]");
                self.set(element, &path, &text);
                let what = format!("{element} was read from the drug's words, since it is not coded");
                self.notice(NoticeKind::Derived, &path, &what);
            }
        }
    }
}
