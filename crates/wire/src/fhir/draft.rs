//! From a `MedicationRequest` to the contents of a draft.

use super::codes;
use super::json::{self, Json, Limits};
use super::pool::{At, Pool, Standing};
use super::refusals;
use super::table;
use crate::script::{Notice, NoticeKind, Substitution};
use jiff::civil::Date;
use theriac_model::{CanonicalContents, DrugUnit, Element, NotCanonical, Refusal};

/// A code as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coding {
    /// The code system.
    pub system: String,
    /// The code.
    pub code: String,
    /// The words beside it.
    pub display: Option<String>,
}

/// What a request gives for a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The elements, as far as they were given. `issued` is the day the request says it was authored; the day of signing
    /// replaces it.
    pub contents: CanonicalContents,
    /// Elements given twice or in a way that cannot be used; they are unset.
    pub problems: Vec<Refusal>,
    /// What a person should know.
    pub notices: Vec<Notice>,
    /// All codes of the drug, RxNorm first.
    pub codes: Vec<Coding>,
    /// The sender's numbers of the request: the system of each, which may be empty, and the number.
    pub order_numbers: Vec<(String, String)>,
    /// Whether another product may be dispensed; `None` where the request does not say.
    pub substitution: Option<Substitution>,
}

impl Draft {
    /// The required elements that are still to be entered, in canonical order.
    pub fn lacks(&self) -> Vec<Element> {
        self.contents.missing()
    }
}

/// A request, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it stands: `MedicationRequest`, `Bundle.entry[3].resource`.
    pub path: String,
    /// The draft, or why the request cannot be one.
    pub outcome: Result<Draft, Box<Refusal>>,
}

/// Reads every `MedicationRequest` of a resource, a `Bundle` or a CDS Hooks request, in the order in which they stand.
///
/// # Errors
/// When the document cannot be read at all, or holds no request.
pub fn drafts(bytes: &[u8]) -> Result<Vec<Found>, Box<Refusal>> {
    let document = json::read(bytes, &Limits::DEFAULT)?;
    let root = At::new(&document, "")?;
    let mut pool = Pool::default();
    match root.text("resourceType").map_err(|_| refusals::kind("resourceType", "a string"))? {
        Some("Bundle") => bundle(&At::new(&document, "Bundle")?, &mut pool, Standing::Sent)?,
        Some(kind) => pool.add(None, &document, kind.chars().take(60).collect(), Standing::Sent)?,
        None => hook(&document, &mut pool)?,
    }
    let requests = pool.requests();
    if requests.is_empty() {
        return Err(refusals::nothing());
    }
    let found = requests.into_iter().map(|(request, path)| {
        let outcome = At::new(request, path.clone()).and_then(|request| Gather::default().request(&request, &pool));
        Found { path, outcome }
    });
    Ok(found.collect())
}

fn bundle<'a>(bundle: &At<'a>, pool: &mut Pool<'a>, standing: Standing) -> Result<(), Box<Refusal>> {
    for entry in bundle.objects("entry")? {
        if let Some(resource) = entry.get("resource") {
            pool.add(entry.text("fullUrl")?, resource, entry.path_of("resource"), standing)?;
        }
    }
    Ok(())
}

/// A CDS Hooks request: the orders being drafted, and what was fetched beforehand for them to refer to.
fn hook<'a>(document: &'a Json, pool: &mut Pool<'a>) -> Result<(), Box<Refusal>> {
    let root = At::new(document, "hook")?;
    let Some(context) = root.object("context")? else { return Ok(()) };
    if let Some(orders) = context.get("draftOrders") {
        bundle(&At::new(orders, "context.draftOrders")?, pool, Standing::Sent)?;
    }
    let Some(prefetch) = root.object("prefetch")? else { return Ok(()) };
    for (index, name) in prefetch.names().enumerate() {
        let Some(resource @ Json::Object(_)) = prefetch.get(name) else { continue };
        let at = At::new(resource, format!("prefetch[{index}]"))?;
        if at.text("resourceType")? == Some("Bundle") {
            bundle(&at, pool, Standing::Fetched)?;
        } else {
            pool.add(None, resource, at.path, Standing::Fetched)?;
        }
    }
    Ok(())
}

/// Statuses of a request that may still be prescribed.
const STATUSES: [&str; 2] = ["draft", "active"];
/// Intents that ask for a prescription.
const INTENTS: [&str; 4] = ["proposal", "plan", "order", "original-order"];

/// Collects a draft.
#[derive(Debug, Default)]
pub(super) struct Gather {
    pub(super) contents: CanonicalContents,
    pub(super) problems: Vec<Refusal>,
    pub(super) notices: Vec<Notice>,
    pub(super) codes: Vec<Coding>,
    /// Elements that were given in two ways; whatever else says them, they stay unset.
    conflicting: Vec<Element>,
}

impl Gather {
    fn request(mut self, request: &At<'_>, pool: &Pool<'_>) -> Result<Draft, Box<Refusal>> {
        request.compare(table::MEDICATION_REQUEST, &mut self.notices)?;
        Self::may_be_drafted(request)?;
        self.own_elements(request)?;
        if let Some(authored) = request.text("authoredOn")? {
            // A year or a month alone is no day of issue.
            if authored.len() >= 10 {
                self.set(Element::Issued, &request.path_of("authoredOn"), authored);
            } else {
                self.notice(NoticeKind::LookAt, &request.path_of("authoredOn"), "is no full date and was left out");
            }
        }
        let subject = request.object("subject")?.ok_or_else(|| refusals::required(&request.path_of("subject")))?;
        match pool.find(request, &subject, &["Patient", "Group"])? {
            Some((patient, "Patient")) => self.patient(&patient)?,
            Some((group, _)) => return Err(refusals::not_for_drafts(&group.path, "is a group, not a patient")),
            None => self.notice(NoticeKind::Missing, &subject.path, "points to a patient who is not in the document"),
        }
        if let Some(requester) = request.object("requester")? {
            self.requester(request, &requester, pool)?;
        }
        self.product(request, pool)?;
        self.dosage(request)?;
        if let Some(dispense) = request.object("dispenseRequest")? {
            self.dispense(&dispense)?;
        }
        self.note(request)?;
        let substitution = self.substitution(request)?;
        let mut order_numbers = Vec::new();
        for identifier in request.objects("identifier")? {
            let system = identifier.text("system")?.unwrap_or_default();
            order_numbers.extend(identifier.text("value")?.map(|value| (system.to_owned(), value.to_owned())));
        }
        self.limit_notices();
        let Self { contents, problems, notices, codes, .. } = self;
        Ok(Draft { contents, problems, notices, codes, order_numbers, substitution })
    }

    fn may_be_drafted(request: &At<'_>) -> Result<(), Box<Refusal>> {
        for (name, known) in [("status", &STATUSES[..]), ("intent", &INTENTS[..])] {
            let value = request.text(name)?.ok_or_else(|| refusals::required(&request.path_of(name)))?;
            if !known.contains(&value) {
                let problem = format!("is none of {}", known.join(", "));
                return Err(refusals::not_for_drafts(&request.path_of(name), &problem));
            }
        }
        if request.is_true("doNotPerform")? {
            return Err(refusals::not_for_drafts(&request.path_of("doNotPerform"), "says that this must not be given"));
        }
        if request.is_true("reportedBoolean")? || request.get("reportedReference").is_some() {
            let path = request.path_of("reported[x]");
            return Err(refusals::not_for_drafts(
                &path,
                "says that somebody else reports what was prescribed elsewhere",
            ));
        }
        Ok(())
    }

    /// Elements that this program itself put into extensions, because FHIR has no place for them.
    fn own_elements(&mut self, request: &At<'_>) -> Result<(), Box<Refusal>> {
        for extension in request.objects("extension")? {
            let url = extension.text("url")?.unwrap_or_default();
            let element = url.strip_prefix(codes::OWN_ELEMENT).and_then(Element::from_tag);
            match (element, extension.text("valueString")?) {
                // The instant of signing travels with a signature or not at all.
                (Some(element), Some(value)) if element != Element::SignedAt => {
                    self.set(element, &extension.path, value);
                }
                _ => self.notice(NoticeKind::UnknownElement, &extension.path, "is an extension that was left out"),
            }
        }
        Ok(())
    }

    fn dosage(&mut self, request: &At<'_>) -> Result<(), Box<Refusal>> {
        let path = request.path_of("dosageInstruction");
        let (mut texts, mut places) = (Vec::new(), Vec::new());
        let dosages = request.objects("dosageInstruction")?;
        for dosage in &dosages {
            dosage.compare(table::DOSAGE, &mut self.notices)?;
            texts.extend(dosage.text("text")?);
            places.extend(dosage.number("sequence")?.and_then(|number| number.parse::<u64>().ok()));
        }
        if texts.len() < dosages.len() {
            let what = "directions stand there without a text; structured timing is not turned into words";
            self.notice(NoticeKind::LookAt, &path, what);
            return Ok(());
        }
        if texts.len() > 1 {
            self.notice(NoticeKind::Derived, &path, "the directions were joined from several texts");
        }
        // In the order of their numbers if all have one, else in the order in which they were sent.
        let mut steps: Vec<(u64, &str)> = texts.iter().map(|text| (0, *text)).collect();
        if places.len() == steps.len() {
            steps.iter_mut().zip(&places).for_each(|(step, place)| step.0 = *place);
        }
        steps.sort_by_key(|step| step.0);
        let joined = steps.iter().map(|step| step.1).collect::<Vec<_>>().join("; ");
        self.set(Element::Directions, &path, &joined);
        Ok(())
    }

    fn dispense(&mut self, dispense: &At<'_>) -> Result<(), Box<Refusal>> {
        dispense.compare(table::DISPENSE_REQUEST, &mut self.notices)?;
        if let Some(refills) = dispense.number("numberOfRepeatsAllowed")? {
            self.set(Element::Refills, &dispense.path_of("numberOfRepeatsAllowed"), refills);
        }
        if let Some(quantity) = dispense.object("quantity")? {
            self.quantity(&quantity)?;
        }
        if let Some(duration) = dispense.object("expectedSupplyDuration")? {
            let path = duration.path.clone();
            let days = matches!(duration.text("code")?, Some("d"))
                || (duration.get("code").is_none() && matches!(duration.text("unit")?, Some("d" | "day" | "days")));
            match (duration.number("value")?, days && duration.get("comparator").is_none()) {
                (Some(value), true) => self.set(Element::DaysSupply, &path, whole(value)),
                _ => self.notice(NoticeKind::LookAt, &path, "is not a number of days and was left out"),
            }
        }
        if let Some(period) = dispense.object("validityPeriod")? {
            let day =
                |text: Option<&str>| text.and_then(|text| text.get(..10)).and_then(|day| day.parse::<Date>().ok());
            let (start, issued) = (day(period.text("start")?), day(self.contents.get(Element::Issued)));
            // It begins with the day of issue, or it says that the first filling has to wait.
            if let (Some(start), true) = (start, start > issued) {
                self.set(Element::EarliestFill, &period.path_of("start"), &start.to_string());
            }
            if period.get("end").is_some() {
                let what = "is not carried: the law says until when a prescription may be filled";
                self.notice(NoticeKind::LookAt, &period.path_of("end"), what);
            }
        }
        Ok(())
    }

    fn quantity(&mut self, quantity: &At<'_>) -> Result<(), Box<Refusal>> {
        let path = quantity.path.clone();
        if quantity.get("comparator").is_some() {
            let problem = "the quantity is compared (more than, less than), not given";
            self.problems.push(refusals::malformed(Element::QuantityValue.tag(), &path, problem));
            return Ok(());
        }
        if let Some(value) = quantity.number("value")? {
            self.set(Element::QuantityValue, &path, value);
            if self.contents.get(Element::QuantityValue) == Some("0") {
                self.contents.clear(Element::QuantityValue);
                let problem = "a quantity is more than zero";
                self.problems.push(refusals::malformed(Element::QuantityValue.tag(), &path, problem));
            }
        }
        let (system, code, text) = (quantity.text("system")?, quantity.text("code")?, quantity.text("unit")?);
        let coded = system.zip(code).map(|(system, code)| codes::drug_unit(system, code));
        let worded = text.map(DrugUnit::read);
        match (coded, worded) {
            (Some(Some(coded)), Some(worded)) if codes::known(worded.clone()).is_some_and(|known| known != coded) => {
                let problem = "counts one thing by its code and another by its words";
                self.problems.push(refusals::ambiguous(Element::QuantityUnit.tag(), &path, problem));
            }
            (Some(Some(unit)), _) => self.set(Element::QuantityUnit, &path, &unit.name()),
            (_, Some(unit)) => {
                if codes::known(unit.clone()).is_none() {
                    self.notice(NoticeKind::LookAt, &path, "counts in a unit that this program has no table for");
                }
                self.set(Element::QuantityUnit, &path, &unit.name());
            }
            (Some(None), None) => {
                let problem = "the unit is a code that this program has no table for";
                self.problems.push(refusals::malformed(Element::QuantityUnit.tag(), &path, problem));
            }
            (None, None) => {}
        }
        Ok(())
    }

    fn note(&mut self, request: &At<'_>) -> Result<(), Box<Refusal>> {
        let mut texts = Vec::new();
        for note in request.objects("note")? {
            texts.extend(note.text("text")?);
        }
        if !texts.is_empty() {
            self.set(Element::Note, &request.path_of("note"), &texts.join(" "));
        }
        Ok(())
    }

    fn substitution(&mut self, request: &At<'_>) -> Result<Option<Substitution>, Box<Refusal>> {
        let Some(substitution) = request.object("substitution")? else { return Ok(None) };
        let allowed = substitution.boolean("allowedBoolean")?;
        if allowed.is_none() && substitution.get("allowedCodeableConcept").is_some() {
            let path = substitution.path_of("allowedCodeableConcept");
            self.notice(NoticeKind::LookAt, &path, "says what may be substituted by a code that is not read");
        }
        Ok(allowed.map(|allowed| if allowed { Substitution::Allowed } else { Substitution::NotAllowed }))
    }

    pub(super) fn notice(&mut self, kind: NoticeKind, path: &str, what: &str) {
        self.notices.push(Notice::new(kind, path, what));
    }

    /// Sets an element. A value that does not serve becomes a problem, and so do two that differ: then neither counts.
    pub(super) fn set(&mut self, element: Element, path: &str, text: &str) {
        if self.conflicting.contains(&element) {
            return;
        }
        let problem = match self.contents.set(element, text) {
            Ok(()) => return,
            Err(NotCanonical::Twice(_)) => return self.compare_with_first(element, path, text),
            Err(NotCanonical::Value { problem, .. }) => problem,
            Err(other) => other.to_string(),
        };
        self.problems.push(refusals::malformed(element.tag(), path, &problem));
    }

    fn compare_with_first(&mut self, element: Element, path: &str, text: &str) {
        let mut second = CanonicalContents::default();
        if second.set(element, text).is_ok() && second.get(element) == self.contents.get(element) {
            return;
        }
        self.contents.clear(element);
        self.conflicting.push(element);
        let problem = "says another thing than the same element elsewhere in the request";
        self.problems.push(refusals::ambiguous(element.tag(), path, problem));
    }

    fn limit_notices(&mut self) {
        let limit = Limits::DEFAULT.notices;
        if self.notices.len() > limit {
            let more = self.notices.len() - limit;
            self.notices.truncate(limit);
            self.notice(NoticeKind::Omitted, "", &format!("{more} more notices"));
        }
    }
}

/// `30.0` days are 30.
fn whole(number: &str) -> &str {
    number.split_once('.').filter(|(_, rest)| rest.bytes().all(|byte| byte == b'0')).map_or(number, |(whole, _)| whole)
}
