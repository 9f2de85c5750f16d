//! The practitioner's desk for programs: patients, drafts from fields or from FHIR, the way to the signature, and webhooks.
//! Everything here prepares; signing is a person's, at a page.

mod drafts;
mod drugs;
mod fhir;
mod hooks;
mod links;
mod patients;

pub(super) use drafts::{cancel, change, check, discard, enter, ready};
pub(super) use drugs::drugs;
pub(super) use fhir::from_fhir;
pub(super) use hooks::{end as end_hook, set as set_hook, shown as hook};
pub(super) use links::{Back, arrived, from_elsewhere, sign_in_first, signed, to_sign};
pub(super) use patients::{list as patients, new as new_patient, one as patient};

use super::app::Means;
use super::asked::Asked;
use super::failure::Failure;
use super::practice::of_this_desk;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

type Answer = Result<Response, Failure>;

/// The key of the program that asks; none for a person.
fn key(asked: &Asked) -> Option<String> {
    match &asked.visit.means {
        Means::Key(id) => Some(id.clone()),
        _ => None,
    }
}

/// The same answer as of something new, with its address.
fn made(mut response: Response, location: &str) -> Answer {
    *response.status_mut() = StatusCode::CREATED;
    let location = HeaderValue::from_str(location).map_err(|_| Failure::unavailable())?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}
