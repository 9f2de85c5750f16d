//! Drafts from FHIR R4: a `MedicationRequest`, a `Bundle` or a CDS Hooks request.

use super::{Answer, key};
use crate::http::answer::json;
use crate::http::asked::Asked;
use crate::http::failure::Failure;
use crate::http::practice::act;
use crate::practice::from_fhir::Beside;
use axum::extract::Query;
use axum::http::{StatusCode, header};
use serde_json::json as object;

/// `POST /api/v1/drafts/fhir?patient=&practitioner=&registration=&pharmacy=`
pub(in crate::http) async fn from_fhir(asked: Asked) -> Answer {
    let media = asked.head.headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !matches!(media.as_str(), "application/json" | "application/fhir+json") {
        return Err(Failure::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "HTTP-MEDIA-TYPE",
            "the body is not announced as FHIR in JSON",
            "send Content-Type: application/fhir+json",
        ));
    }
    let beside = Query::<Beside>::try_from_uri(&asked.head.uri).map(|Query(beside)| beside).map_err(|_| {
        let next = "send patient, practitioner, registration and pharmacy, each at most once";
        Failure::new(StatusCode::BAD_REQUEST, "HTTP-PARAMETERS", "the address holds parameters that are not read", next)
    })?;
    let (actor, key, body) = (asked.visitor()?.actor.clone(), key(&asked), asked.body.clone());
    let drafted =
        asked.app.ask(move |world| act(world, |house| house.draft_from_fhir(&actor, key.as_deref(), &body, &beside)));
    let outcomes = drafted.await??;
    let entered = outcomes.iter().any(|one| one.id.is_some());
    if let (false, Some(refusal)) = (entered, outcomes.iter().find_map(|one| one.refusal.clone())) {
        return Err(Failure::refused_as(refusal));
    }
    let mut response = json(&object!({ "requests": outcomes }))?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}
