//! The identity-proofing document: its elements one by one, and the signed file.

use super::choices::{self, Choice, choices};
use super::enrolment::is_wrong;
use super::{Enrolled, Reviewed, Tried, fields, practitioner, step};
use crate::enrolment::fields::Fields;
use crate::enrolment::typed::{self, PLACES_MOST, of_document};
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::multipart::parts;
use crate::http::shell::Shell;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use theriac_prescriber::enrolment::Review;

type Answer = Result<Response, Failure>;

#[derive(Template)]
#[template(path = "enrolment_document.html")]
struct DocumentPage {
    shell: Shell,
    person: Enrolled,
    typed: Fields,
    /// What is absent on the document as entered, or does not serve.
    problems: Vec<super::Missing>,
    entered: bool,
    faults: Vec<Failure>,
    rows: Vec<String>,
}

impl DocumentPage {
    fn at(n: &str, name: &str) -> String {
        format!("place[{n}].{name}")
    }

    /// Whether a fault, or what was found of the document as entered, is about this field.
    fn wrong(&self, name: &str) -> bool {
        is_wrong(&self.faults, name) || self.problems.iter().any(|problem| problem.refusal.field == name)
    }

    fn formats(&self) -> Vec<Choice> {
        choices(choices::FORMATS, self.typed.get("format"))
    }

    fn entities(&self) -> Vec<Choice> {
        choices(choices::ENTITIES, self.typed.get("entity.kind"))
    }

    fn authorities(&self, n: &str) -> Vec<Choice> {
        choices(choices::AUTHORITIES, self.typed.get(&Self::at(n, "authority")))
    }

    fn under(&self, n: &str) -> Vec<Choice> {
        choices(choices::UNDER, self.typed.get(&Self::at(n, "under")))
    }
}

/// `/operator/enrolments/{id}/document`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    shown(asked, id, None).await
}

async fn shown(asked: Asked, id: String, tried: Option<Tried>) -> Answer {
    let shell = Shell::new(Door::EnrolmentPaper, &asked.visit);
    let status = tried.as_ref().map_or(StatusCode::OK, Tried::status);
    let role = asked.visitor()?.actor.role;
    let filled = asked.app.ask(move |world| {
        step(world, |house| {
            let person = practitioner(house, &id)?;
            let (signer, _) = house.signer(&id)?;
            let provider = house.provider();
            let document = signer.enrolment().document();
            let problems = signer.document_problems(&house.rules(&provider)).unwrap_or_default().all();
            let problems = if tried.is_some() { Vec::new() } else { problems };
            let listed = Reviewed::of(&Review { general: problems, places: Vec::new() }, role, &id);
            let (typed, faults) = match tried {
                Some(tried) => (tried.fields, tried.faults),
                None => (document.map(of_document).unwrap_or_default(), Vec::new()),
            };
            let used = (1..=PLACES_MOST).rev().find(|n| !typed.row_is_empty("place", *n, &["authority", "under"]));
            let rows = super::numbers((used.unwrap_or(0) + 1).min(PLACES_MOST));
            Ok(DocumentPage {
                shell,
                person,
                typed,
                problems: listed.general,
                entered: document.is_some(),
                faults,
                rows,
            })
        })
    });
    let filled = filled.await?.map_err(super::steps::one)?;
    let mut response = page(&filled)?;
    *response.status_mut() = status;
    Ok(response)
}

/// `POST /operator/enrolments/{id}/document`: what stands on the paper is kept, complete or not.
pub(in crate::http) async fn enter(asked: Asked) -> Answer {
    let (id, actor) = (asked.id("id")?, asked.visitor()?.actor.clone());
    let typed = match fields(&asked).await? {
        Ok(typed) => typed,
        Err(tried) => return shown(asked, id, Some(tried)).await,
    };
    let (person, tried) = (id.clone(), typed.clone());
    let done = asked.app.ask(move |world| {
        step(world, |house| {
            practitioner(house, &person)?;
            house.enter_elements(&actor, &person, typed::document(&tried)?)
        })
    });
    match done.await? {
        Ok(()) => see(&format!("/operator/enrolments/{id}#missing")),
        Err(faults) => shown(asked, id, Some(Tried { fields: typed, faults })).await,
    }
}

/// `POST /operator/enrolments/{id}/scan`
pub(in crate::http) async fn upload(asked: Asked) -> Answer {
    let (id, actor) = (asked.id("id")?, asked.visitor()?.actor.clone());
    let media = asked.head.headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok());
    let file = media.and_then(|media| parts(media, &asked.body)).and_then(|parts| {
        let file = parts.iter().find(|part| part.name == "file")?;
        Some(file.bytes.to_vec())
    });
    let file = file.filter(|bytes| !bytes.is_empty()).ok_or_else(|| {
        let next = "choose the scanned document, then upload it";
        Failure::new(StatusCode::BAD_REQUEST, "HTTP-FILE", "no file came with the form", next)
    })?;
    let person = id.clone();
    let done = asked.app.ask(move |world| {
        step(world, |house| {
            practitioner(house, &person)?;
            house.enter_scan(&actor, &person, file)
        })
    });
    match done.await? {
        Ok(()) => see(&format!("/operator/enrolments/{id}#document")),
        Err(faults) => super::enrolment::shown(asked, id, |_| (), Tried { fields: Fields::default(), faults }).await,
    }
}

/// `/operator/enrolments/{id}/scan`: the file as it was uploaded, to be saved and not shown in the page's own name.
pub(in crate::http) async fn scan(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let found = asked.app.ask(move |world| {
        step(world, |house| {
            practitioner(house, &id)?;
            Ok(house.scan(&id)?)
        })
    });
    let found = found.await?.map_err(super::steps::one)?;
    let file = found.ok_or_else(|| Failure::no_such("uploaded document", "upload it on the enrolment's page"))?;
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| Failure::unavailable());
    let mut response = file.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, value(&file.media)?);
    headers.insert(header::CONTENT_DISPOSITION, value(&format!("attachment; filename=\"{}\"", file.name))?);
    Ok(response)
}
