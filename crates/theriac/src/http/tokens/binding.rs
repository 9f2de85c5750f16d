//! Binding in the browser: the device that was handed over makes its key in the session of the person who is to hold it.

use crate::http::answer::json;
use crate::http::asked::Asked;
use crate::http::failure::Failure;
use crate::http::practice::act;
use crate::tokens::Serves;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json as object};

type Answer = Result<Response, Failure>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    offer: String,
}

/// `POST /api/v1/tokens`: what the device is asked.
pub(in crate::http) async fn begin(asked: Asked) -> Answer {
    let (app, actor) = (asked.app.clone(), asked.visitor()?.actor.clone());
    let begin: Begin = asked.json().await?;
    let options = app.ask(move |world| act(world, |house| house.begin_binding(&actor, &begin.offer)));
    json(&object!({ "publicKey": options.await?? }))
}

/// `POST /api/v1/tokens/answer`: the device's answer binds it.
pub(in crate::http) async fn finish(asked: Asked) -> Answer {
    let (app, actor) = (asked.app.clone(), asked.visitor()?.actor.clone());
    let answer: Value = asked.json().await?;
    let bytes = serde_json::to_vec(&answer).map_err(|_| Failure::unavailable())?;
    let serves = app.ask(move |world| act(world, |house| house.finish_binding(&actor, &bytes))).await??;
    let to = match serves {
        Serves::Signing => "/practice/tokens",
        Serves::Granting => "/access/keys",
    };
    json(&object!({ "to": to }))
}
