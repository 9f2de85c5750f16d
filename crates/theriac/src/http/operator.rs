//! The desk of the service provider: people, enrolments, registrant data; and the practitioner's own side of an enrolment.

pub(super) mod choices;
pub(super) mod document;
pub(super) mod enrolment;
pub(super) mod form;
pub(super) mod own;
pub(super) mod people;
pub(super) mod preconditions;
pub(super) mod registrants;
pub(super) mod steps;

use super::asked::Asked;
use super::failure::Failure;
use super::filters::anchor_of;
use super::practice::act;
use crate::enrolment::NotDone;
use crate::enrolment::fields::Fields;
use crate::house::House;
use crate::views::{RefusalView, Unavailable, World};
use axum::http::StatusCode;
use theriac_model::{Actor, Refusal, Role};
use theriac_prescriber::enrolment::{Review, Stage};

/// What a step came to: done, or everything that speaks against it.
type Stepped<T> = Result<Result<T, Vec<Failure>>, Unavailable>;

/// Takes a step at the deployment. Refusals are an answer; a fault goes to the log.
fn step<T>(world: &dyn World, work: impl FnOnce(&House) -> Result<T, NotDone>) -> Stepped<T> {
    match work(world.house()?) {
        Ok(done) => Ok(Ok(done)),
        Err(NotDone::Refused(refusals)) => Ok(Err(refusals.iter().map(Failure::refused).collect())),
        Err(NotDone::Fault(fault)) => Ok(act(world, |_| Err(fault))?.map_err(|failure| vec![failure])),
    }
}

/// A form that was sent: what was typed, and why it was not taken.
#[derive(Clone, Debug, Default)]
struct Tried {
    fields: Fields,
    faults: Vec<Failure>,
}

impl Tried {
    /// The status of the page that shows the form again.
    fn status(&self) -> StatusCode {
        self.faults.first().map_or(StatusCode::OK, |fault| fault.status)
    }
}

/// The fields of a form, or the same with what is wrong in them.
async fn fields(asked: &Asked) -> Result<Result<Fields, Tried>, Failure> {
    let pairs: Vec<(String, String)> = asked.read_form().await?;
    Ok(Fields::read(pairs).map_err(|refusals| Tried {
        fields: Fields::default(),
        faults: refusals.iter().map(Failure::refused).collect(),
    }))
}

/// `1` to `count`, as rows of a form are numbered.
fn numbers(count: usize) -> Vec<String> {
    (1..=count).map(|n| n.to_string()).collect()
}

/// Something that is missing, and where it is mended.
struct Missing {
    refusal: RefusalView,
    /// The page and field; empty where it is not in this person's hands.
    href: String,
    /// What the link says.
    place: &'static str,
}

/// What is missing for one registration.
struct PlaceMissing {
    title: String,
    missing: Vec<Missing>,
}

/// A review as pages show it.
struct Reviewed {
    ready: bool,
    general: Vec<Missing>,
    places: Vec<PlaceMissing>,
}

impl Reviewed {
    fn of(review: &Review, role: Role, person: &str) -> Self {
        let list = |refusals: &[Refusal]| refusals.iter().map(|refusal| missing(refusal, role, person)).collect();
        Self {
            ready: review.ready(),
            general: list(&review.general),
            places: review
                .places
                .iter()
                .map(|place| PlaceMissing {
                    title: format!("{} in {}", place.intended.registration, place.intended.state),
                    missing: list(&place.missing),
                })
                .collect(),
        }
    }

    /// How many things are missing.
    fn count(&self) -> usize {
        self.general.len() + self.places.iter().map(|place| place.missing.len()).sum::<usize>()
    }
}

/// Where a thing that is missing is entered.
fn missing(refusal: &Refusal, role: Role, person: &str) -> Missing {
    let field = refusal.field.as_deref().unwrap_or_default();
    let page = format!("/operator/enrolments/{person}");
    let (href, place) = match (role, refusal.code.0, field) {
        (Role::Operator, "RX-REGISTRANT-NONE" | "RX-REGISTRANT-STALE", _) => {
            ("/operator/registrants".to_owned(), "Registrant data")
        }
        (Role::Operator, "RX-ENROL-NOT-OPENED", _) => (format!("{page}#application"), "Application"),
        (Role::Operator, "RX-PROOF-NOT-ACCEPTED", _) => (format!("{page}#document"), "Accept the document"),
        (Role::Operator, _, "upload") => (format!("{page}#document"), "Upload the document"),
        (Role::Operator, _, "document" | "place") => (format!("{page}/document"), "The document"),
        (Role::Operator, _, "record") => (format!("{page}#record"), "The record"),
        (Role::Operator, _, "licence" | "appointment" | "state-registration" | "schedules") => {
            (format!("{page}#checks"), "Record a check")
        }
        (Role::Operator, _, "registration") => (format!("{page}#registrations"), "Registrations"),
        (Role::Operator, _, "name") => (format!("{page}#differences"), "Explain the name"),
        (Role::Operator, _, "contact") => (format!("{page}#contacts"), "Record a call"),
        (Role::Operator, _, field) if field.starts_with("record.") => {
            (format!("{page}#{}", anchor_of(field)), "Enter it")
        }
        (Role::Operator, _, field) if !field.is_empty() => {
            (format!("{page}/document#{}", anchor_of(field)), "Enter it")
        }
        (Role::Prescriber, "RX-ENROL-NOT-OPENED", _) => ("/enrolment#application".to_owned(), "Apply"),
        (Role::Prescriber, "RX-ENROL-RESPONSIBILITY", _) => ("/enrolment#responsibility".to_owned(), "Take note"),
        _ => (String::new(), ""),
    };
    Missing { refusal: RefusalView::from(refusal), href, place }
}

/// A stage as people read it.
pub(super) fn in_words(stage: Stage) -> String {
    match stage {
        Stage::Unknown => "not begun".to_owned(),
        other => other.word().replace('-', " "),
    }
}

/// The practitioner an enrolment is of.
struct Enrolled {
    id: String,
    name: String,
}

/// The practitioner with this identifier.
fn practitioner(house: &House, id: &str) -> Result<Enrolled, NotDone> {
    match house.person(id)? {
        Some(Actor { role: Role::Prescriber, .. }) => Ok(Enrolled { id: id.to_owned(), name: house.full_name(id) }),
        _ => Err(Refusal::new(
            "RX-ENROL-PERSON",
            "73 FR 36722, proposed 21 CFR 1311.105(a)",
            format!("there is no practitioner {id} here"),
            "add the person as a prescriber first, or choose one of the list",
        )
        .into()),
    }
}
