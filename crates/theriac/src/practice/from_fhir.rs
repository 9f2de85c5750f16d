//! Drafts from FHIR: each request of a document becomes a draft of the practice with what it still lacks, or is refused with
//! the element named.
//!
//! The practice's own cards and drug file are believed before the document: a patient, a practitioner's place and a listed
//! product are taken from there, and where the document says another thing it is refused or the difference is named.

use super::cards::{self, CardEvent, PatientCard};
use super::drafting::Typed;
use super::prescription_stream;
use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::views::RefusalView;
use serde::{Deserialize, Serialize};
use theriac_model::{Actor, CanonicalContents, Element, Refusal, Role};
use theriac_prescriber::Draft;
use theriac_prescriber::event::Routing;
use theriac_store::NewPiece;
use theriac_wire::fhir;
use theriac_wire::script::{Notice, NoticeKind};

/// Requests of one document that become drafts at most.
const DRAFTS_MOST: usize = 50;

/// What the sender says beside the document; empty where it leaves it to the document.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Beside {
    /// The patient's identifier here.
    pub(crate) patient: String,
    /// For whom an agent drafts; a practitioner drafts for themselves.
    pub(crate) practitioner: String,
    /// Under which registration.
    pub(crate) registration: String,
    /// To which pharmacy, by its NCPDP identifier.
    pub(crate) pharmacy: String,
}

/// Something a person should know of a request.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct NoticeView {
    /// Where: a path of the document.
    pub(crate) path: String,
    pub(crate) what: String,
}

/// What became of one request.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Outcome {
    /// Where it stands in the document.
    pub(crate) path: String,
    /// The draft's identifier; none if it was refused.
    pub(crate) id: Option<String>,
    /// The patient's identifier; none if it was refused.
    pub(crate) patient: Option<String>,
    /// Required elements that are still to be entered.
    pub(crate) missing: Vec<String>,
    /// Elements that were given in a way that cannot be used; they are not in the draft.
    pub(crate) problems: Vec<RefusalView>,
    pub(crate) notices: Vec<NoticeView>,
    /// Why there is no draft.
    pub(crate) refusal: Option<RefusalView>,
}

/// A request that will be a draft.
struct Drawn {
    id: String,
    routing: Routing,
    contents: CanonicalContents,
    /// A card to be written for a patient who is new here.
    card: Option<PatientCard>,
    problems: Vec<Refusal>,
    notices: Vec<Notice>,
}

fn refuse(code: &'static str, field: &str, what: &'static str, next: &'static str) -> Fault {
    Refusal::new(code, "21 CFR 1306.05(a)", what, next).about(field.to_owned()).into()
}

/// Whether two names are one, capitals apart.
fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

impl House {
    /// Enters a draft for every request of `document` that can be one; all of them in one transaction.
    ///
    /// # Errors
    /// A document that cannot be read or holds no request, and one with too many.
    pub(crate) fn draft_from_fhir(
        &self,
        by: &Actor,
        key: Option<&str>,
        document: &[u8],
        beside: &Beside,
    ) -> Result<Vec<Outcome>, Fault> {
        let found = fhir::drafts(document).map_err(|refusal| *refusal)?;
        if found.iter().filter(|one| one.outcome.is_ok()).count() > DRAFTS_MOST {
            let what = "the document holds more than 50 requests to be prescribed";
            return Err(refuse("FHIR-LIMIT", "entry", what, "send fewer requests at a time"));
        }
        let mut outcomes = Vec::with_capacity(found.len());
        let mut drawn: Vec<Drawn> = Vec::new();
        for one in found {
            let made = one.outcome.map_err(|refusal| Fault::from(*refusal));
            let new: Vec<&PatientCard> = drawn.iter().filter_map(|one| one.card.as_ref()).collect();
            let made = made.and_then(|draft| self.draw(by, draft, beside, &one.path, &new));
            let mut outcome = Outcome {
                path: one.path,
                id: None,
                patient: None,
                missing: Vec::new(),
                problems: Vec::new(),
                notices: Vec::new(),
                refusal: None,
            };
            match made {
                Ok(draft) => {
                    outcome.id = Some(draft.id.clone());
                    outcome.patient = Some(draft.routing.patient.clone());
                    let missing = draft.contents.missing().into_iter().filter(|element| *element != Element::SignedAt);
                    outcome.missing = missing.map(|element| element.tag().to_owned()).collect();
                    outcome.problems = draft.problems.iter().map(RefusalView::from).collect();
                    let view = |notice: &Notice| NoticeView { path: notice.path.clone(), what: notice.what.clone() };
                    outcome.notices = draft.notices.iter().map(view).collect();
                    drawn.push(draft);
                }
                Err(Fault::Refused(refusal)) => outcome.refusal = Some((&*refusal).into()),
                Err(other) => return Err(other),
            }
            outcomes.push(outcome);
        }
        self.enter_drawn(by, key, document, drawn)?;
        Ok(outcomes)
    }

    /// Cards, drafts and the document as it came.
    fn enter_drawn(&self, by: &Actor, key: Option<&str>, document: &[u8], drawn: Vec<Drawn>) -> Result<(), Fault> {
        if drawn.is_empty() {
            return Ok(());
        }
        let seal = self.keys.prescriber.seal(document, self.clock.now());
        let seal = seal.map_err(|error| Fault::Broken(error.to_string()))?;
        let mut change = Change::default();
        let ids: Vec<String> = drawn.iter().map(|one| one.id.clone()).collect();
        for one in drawn {
            if let Some(card) = one.card {
                let card = CardEvent::Patient(card);
                change = change.event(&self.by(by, ""), &card.stream(), &card)?;
            }
            let (_, event) = Draft::begin(&one.id, by, one.routing, one.contents)?;
            let piece =
                NewPiece { media: "application/fhir+json".to_owned(), bytes: document.to_vec(), seal: seal.clone() };
            let name = prescription_stream(&one.id);
            change = change.decided_on(&name, 0).with_pieces(&self.by(by, ""), &name, &event, vec![piece])?;
        }
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        self.drafted_by(by, key, &ids, change)?.commit(&self.store)?;
        Ok(())
    }

    /// One request as a draft of the practice.
    fn draw(
        &self,
        by: &Actor,
        draft: fhir::Draft,
        beside: &Beside,
        path: &str,
        new: &[&PatientCard],
    ) -> Result<Drawn, Fault> {
        let fhir::Draft { contents: sent, problems, notices, .. } = draft;
        let mut drawn = Drawn {
            id: Self::fresh_id("RX")?,
            routing: Routing { patient: String::new(), practitioner: String::new(), pharmacy: String::new() },
            contents: CanonicalContents::default(),
            card: None,
            problems,
            notices,
        };
        let text = |element| sent.get(element).unwrap_or_default().to_owned();
        let subject = format!("{path}.subject");
        let patient = self.patient_of_request(&sent, &beside.patient, &subject, new)?;
        let known = self.patient(&patient.id)?.is_some() || new.iter().any(|card| card.id == patient.id);
        if known && sent.get(Element::PatientLine1).is_some_and(|line| !same(line, &patient.address.line1)) {
            let what = "the address is another than on the practice's card, which was taken";
            drawn.notices.push(Notice::new(NoticeKind::LookAt, subject, what));
        }
        let (practitioner, registration) = self.practitioner_of_request(by, &sent, beside, path)?;
        let product = sent.get(Element::DrugNdc).map(|ndc| self.product(ndc)).transpose()?.flatten();
        let typed = Typed {
            // A new patient's elements are set below: their card is not written yet.
            patient: if known { patient.id.clone() } else { String::new() },
            practitioner,
            registration,
            ndc: product.as_ref().map_or_else(String::new, |product| product.ndc.as_str().to_owned()),
            quantity: text(Element::QuantityValue),
            directions: text(Element::Directions),
            refills: text(Element::Refills),
            days_supply: text(Element::DaysSupply),
            earliest_fill: text(Element::EarliestFill),
            note: text(Element::Note),
            pharmacy: beside.pharmacy.clone(),
        };
        let (routing, mut contents) = self.elements(by, &typed)?;
        let words = if known { &[][..] } else { &PATIENT[..] };
        let words = words.iter().chain(if product.is_some() { &[][..] } else { &DRUG[..] });
        for element in words {
            // They were read from the request in this form.
            contents.set(*element, &text(*element)).map_err(|error| Fault::Broken(error.to_string()))?;
        }
        if let (Some(product), Some(unit)) = (&product, sent.get(Element::QuantityUnit))
            && unit != product.unit.name()
        {
            contents.clear(Element::QuantityValue);
            let what =
                format!("{path}.dispenseRequest.quantity counts in {unit}, and the product in {}", product.unit.name());
            let refusal = Refusal::new("RX-DRAFT-UNIT", "21 CFR 1306.05(a)", what, "enter the quantity by hand");
            drawn.problems.push(refusal.about(Element::QuantityValue.tag()));
        }
        drawn.routing = Routing { patient: patient.id.clone(), ..routing };
        drawn.contents = contents;
        drawn.card = Some(patient).filter(|_| !known);
        Ok(drawn)
    }

    /// The patient of a request: the one named beside it, else the one on the practice's list, else somebody new.
    fn patient_of_request(
        &self,
        sent: &CanonicalContents,
        named: &str,
        subject: &str,
        new: &[&PatientCard],
    ) -> Result<PatientCard, Fault> {
        let text = |element| sent.get(element).unwrap_or_default();
        let (last, first, born) = (text(Element::PatientLast), text(Element::PatientFirst), text(Element::PatientBorn));
        if !named.trim().is_empty() {
            let card = self.patient(named.trim())?.ok_or_else(|| {
                let next = "take the identifier from GET /api/v1/patients";
                refuse("RX-DRAFT-PATIENT", "patient", "there is no such patient", next)
            })?;
            let other = (!last.is_empty() && !same(last, &card.name.last))
                || (!first.is_empty() && !same(first, &card.name.first))
                || (!born.is_empty() && born != card.born.to_string());
            if other {
                let what = "the document is about somebody else than the patient who is named beside it";
                let next = "name the patient whom the document is about, or leave the name away";
                return Err(refuse("RX-DRAFT-PATIENT-OTHER", subject, what, next));
            }
            return Ok(card);
        }
        if last.is_empty() || first.is_empty() || born.is_empty() {
            let what = "the document does not hold the patient's name and date of birth";
            let next = "send the Patient in the same Bundle, or name one of the practice's with ?patient=";
            return Err(refuse("RX-DRAFT-PATIENT", subject, what, next));
        }
        let is_them = |card: &PatientCard| {
            same(&card.name.last, last) && same(&card.name.first, first) && card.born.to_string() == born
        };
        let listed = self.patients(&format!("{last} {first}"))?;
        let mut found = listed.into_iter().chain(new.iter().map(|&card| card.clone())).filter(is_them);
        match (found.next(), found.next()) {
            (Some(card), None) => Ok(card),
            (Some(_), Some(_)) => {
                let what = "several patients of the practice have this name and date of birth";
                Err(refuse("RX-DRAFT-PATIENT", subject, what, "name the one who is meant with ?patient="))
            }
            (None, _) => self.new_patient(sent, subject),
        }
    }

    /// Somebody who is not on the practice's list, with all that a prescription must bear of them.
    fn new_patient(&self, sent: &CanonicalContents, subject: &str) -> Result<PatientCard, Fault> {
        let text = |element| sent.get(element).unwrap_or_default();
        let named = cards::name(
            text(Element::PatientFirst),
            text(Element::PatientMiddle),
            text(Element::PatientLast),
            text(Element::PatientSuffix),
        );
        let lives = cards::address(
            text(Element::PatientLine1),
            text(Element::PatientLine2),
            text(Element::PatientCity),
            text(Element::PatientState),
            text(Element::PatientPostal),
        );
        let born = cards::born(text(Element::PatientBorn), self.clock.moment().date());
        match (named, lives, born) {
            (Ok(name), Ok(address), Ok(born)) => Ok(PatientCard { id: Self::fresh_id("P")?, name, address, born }),
            (Err(Fault::Refused(refusal)), ..)
            | (_, Err(Fault::Refused(refusal)), _)
            | (.., Err(Fault::Refused(refusal))) => {
                let field = format!("{subject} ({})", refusal.field.as_deref().unwrap_or("address"));
                let what =
                    "the patient is not on the practice's list, and the document does not say all that a card needs";
                let next = "send the Patient with name, date of birth and postal address, or enter the patient first";
                Err(refuse("RX-DRAFT-PATIENT", &field, what, next))
            }
            (Err(fault), ..) | (_, Err(fault), _) | (.., Err(fault)) => Err(fault),
        }
    }

    /// For whom and under which registration a request is drafted.
    fn practitioner_of_request(
        &self,
        by: &Actor,
        sent: &CanonicalContents,
        beside: &Beside,
        path: &str,
    ) -> Result<(String, String), Fault> {
        let on_it = sent.get(Element::Registration).unwrap_or_default();
        let mut practitioner = beside.practitioner.trim().to_owned();
        if by.role == Role::Prescriber {
            practitioner.clone_from(&by.id);
        } else if practitioner.is_empty() && !on_it.is_empty() {
            let rows = self.store.query("SELECT person FROM places WHERE registration = $1", &[on_it.into()])?;
            if let [row] = rows.as_slice() {
                row.text(0)?.clone_into(&mut practitioner);
            }
        }
        let places = self.places(&practitioner)?;
        if !on_it.is_empty()
            && !places.is_empty()
            && !places.iter().any(|place| place.registration.to_string() == on_it)
        {
            let what = "the document's registration is not one of the practitioner for whom this is drafted";
            let next = "draft it for the practitioner who is named in it";
            return Err(refuse("RX-DRAFT-REQUESTER", &format!("{path}.requester"), what, next));
        }
        let registration = if beside.registration.trim().is_empty() { on_it } else { beside.registration.trim() };
        Ok((practitioner, registration.to_owned()))
    }
}

/// A patient's elements.
const PATIENT: [Element; 10] = [
    Element::PatientLast,
    Element::PatientFirst,
    Element::PatientMiddle,
    Element::PatientSuffix,
    Element::PatientBorn,
    Element::PatientLine1,
    Element::PatientLine2,
    Element::PatientCity,
    Element::PatientState,
    Element::PatientPostal,
];
/// A drug's elements, as far as a document has them, and the unit in which it is counted.
const DRUG: [Element; 6] = [
    Element::DrugName,
    Element::DrugStrength,
    Element::DrugForm,
    Element::DrugNdc,
    Element::DrugSchedule,
    Element::QuantityUnit,
];
