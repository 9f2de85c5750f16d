//! The same views as JSON.

use super::answer::json;
use super::asked::{self, Asked};
use super::failure::Failure;
use super::pages;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::json as object;

type Answer = Result<Response, Failure>;

/// `/api/v1/prescriptions`
pub(super) async fn prescriptions(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let rows = asked.app.ask(move |world| world.prescriptions(&actor)).await?;
    json(&object!({ "prescriptions": rows }))
}

/// `/api/v1/prescriptions/{id}`
pub(super) async fn prescription(asked: Asked) -> Answer {
    json(&pages::find_prescription(&asked).await?)
}

/// `/api/v1/queue`
pub(super) async fn queue(asked: Asked) -> Answer {
    let rows = asked.app.ask(|world| world.queue()).await?;
    json(&object!({ "queue": rows }))
}

/// `/api/v1/records/{number}`
pub(super) async fn record(asked: Asked) -> Answer {
    json(&pages::open_record(&asked).await?)
}

/// `POST /api/v1/records/{number}/annotations`
pub(super) async fn annotate(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let number = asked.id("number")?;
    let app = asked.app.clone();
    let note = asked::note(&asked.sent_note().await?)?;
    let record = format!("/api/v1/records/{number}");
    let mut response = json(&object!({ "number": number, "note": note }))?;
    app.ask(move |world| world.annotate(&number, &actor, &note))
        .await?
        .map_err(|refusal| Failure::refused(&refusal))?;
    *response.status_mut() = StatusCode::CREATED;
    let location = HeaderValue::from_str(&record).map_err(|_| Failure::unavailable())?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// `/api/v1/stock`
pub(super) async fn stock_list(asked: Asked) -> Answer {
    let rows = asked.app.ask(|world| world.stock()).await?;
    json(&object!({ "stock": rows }))
}

/// `/api/v1/stock/{ndc}`
pub(super) async fn stock(asked: Asked) -> Answer {
    json(&pages::find_stock(&asked).await?)
}

/// `/api/v1/journal`
pub(super) async fn journal(asked: Asked) -> Answer {
    let before = asked.before()?;
    json(&asked.app.ask(move |world| world.journal(before)).await?)
}

/// `/api/v1/journal/{seq}`
pub(super) async fn entry(asked: Asked) -> Answer {
    json(&pages::find_entry(&asked).await?)
}
