//! What is the same for everybody: health, counters, and the files of the pages.

use super::app::App;
use super::asked::Claim;
use super::failure::Failure;
use super::openapi;
use crate::sessions::Use;
use axum::http::header;
use axum::response::{IntoResponse, Response};

type Answer = Result<Response, Failure>;

const STYLE: &str = include_str!("../../assets/theriac.css");
const SCRIPT: &str = include_str!("../../assets/theriac.js");
const ICON: &str = include_str!("../../assets/theriac.svg");

/// `/health`: answers once the store has answered. Where copies are owed, one line says whether the last good one is too old.
pub(super) async fn health(app: &App) -> Answer {
    let visit = app.visit(Claim::Nobody, Use::Page).await?;
    let standing = app.ask(|world| Ok(world.house().ok().and_then(|house| house.backup_standing().ok()))).await?;
    let demo = visit.deployment.kind == crate::views::DeploymentKind::Demo;
    let backup = match standing.filter(|standing| standing.configured || !demo) {
        None => String::new(),
        Some(standing) => {
            format!("backup {} {}\n", if standing.late { "late since" } else { "good until" }, standing.due)
        }
    };
    let text = format!("ok\nentries {}\n{backup}", visit.deployment.entries);
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

/// `/metrics`
pub(super) async fn metrics(app: &App) -> Answer {
    let visit = app.visit(Claim::Nobody, Use::Page).await?;
    let text = app.counts.print(visit.deployment.entries);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

/// `/assets/theriac.css`
pub(super) fn style() -> Response {
    asset("text/css; charset=utf-8", STYLE)
}

/// `/assets/theriac.js`
pub(super) fn script() -> Response {
    asset("text/javascript; charset=utf-8", SCRIPT)
}

/// `/assets/theriac.svg`
pub(super) fn icon() -> Response {
    asset("image/svg+xml", ICON)
}

/// `/api/v1/openapi.json`
pub(super) fn description() -> Response {
    let text = openapi::document().to_string();
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

fn asset(media: &'static str, text: &'static str) -> Response {
    // Short, because the name does not change with the contents.
    ([(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, "public, max-age=60")], text).into_response()
}
