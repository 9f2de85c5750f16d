//! A program's webhook: where it is told of its drafts.

use super::{Answer, key, made};
use crate::http::answer::json;
use crate::http::asked::Asked;
use crate::http::failure::Failure;
use crate::http::practice::act;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json as object;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    url: String,
}

/// Only a program has a webhook: it belongs to the key.
fn of_the_key(asked: &Asked) -> Result<String, Failure> {
    key(asked).ok_or_else(|| {
        Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "API-KEY-ONLY",
            "a webhook belongs to a program's key, and a person asks here",
            "send Authorization: Bearer with a key that the operator issued",
        )
    })
}

/// `/api/v1/webhook`
pub(in crate::http) async fn shown(asked: Asked) -> Answer {
    let key = of_the_key(&asked)?;
    let hook = asked.app.ask(move |world| act(world, |house| house.hook(&key))).await??;
    let hook = hook.ok_or_else(|| Failure::no_such("webhook", "set one with POST /api/v1/webhook"))?;
    json(&object!({ "id": hook.id, "url": hook.url, "since": hook.since.to_string() }))
}

/// `POST /api/v1/webhook`: sets the address; answers the secret, this once.
pub(in crate::http) async fn set(asked: Asked) -> Answer {
    let (app, actor, key) = (asked.app.clone(), asked.visitor()?.actor.clone(), of_the_key(&asked)?);
    let wanted: Wanted = asked.json().await?;
    let set = app.ask(move |world| act(world, |house| house.set_hook(&actor, &key, &wanted.url)));
    let (hook, secret) = set.await??;
    let answer = object!({ "id": hook.id, "url": hook.url, "since": hook.since.to_string(), "secret": secret });
    made(json(&answer)?, "/api/v1/webhook")
}

/// `POST /api/v1/webhook/end`
pub(in crate::http) async fn end(asked: Asked) -> Answer {
    let (actor, key) = (asked.visitor()?.actor.clone(), of_the_key(&asked)?);
    let ended = asked.app.ask(move |world| act(world, |house| house.end_hook(&actor, &key))).await??;
    json(&object!({ "ended": ended }))
}
