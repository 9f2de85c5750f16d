//! Turns what was found, or why not, into a response in the form of its door.

use super::app::{App, Visit};
use super::doors::{Door, Face};
use super::failure::Failure;
use super::filters;
use super::shell::Shell;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// The page of a refusal: it reads like help.
#[derive(Template)]
#[template(path = "refused.html")]
struct Refused<'a> {
    shell: Shell,
    failure: &'a Failure,
}

/// A page.
///
/// # Errors
/// 503 if the template could not be filled, which only a value that refuses to be printed can cause.
pub(super) fn page(template: &impl Template) -> Result<Response, Failure> {
    let text = template.render().map_err(|error| {
        eprintln!("theriac http: HTTP-UNAVAILABLE: a page could not be filled: {error}");
        Failure::unavailable()
    })?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response())
}

/// A JSON document.
pub(super) fn json(document: &impl Serialize) -> Result<Response, Failure> {
    typed_json(StatusCode::OK, "application/json", document)
}

fn typed_json(status: StatusCode, media: &'static str, document: &impl Serialize) -> Result<Response, Failure> {
    let text = serde_json::to_string(document).map_err(|_| Failure::unavailable())?;
    Ok((status, [(header::CONTENT_TYPE, media)], text).into_response())
}

/// A paper as a file that the browser shows.
pub(super) fn pdf(bytes: Vec<u8>, name: &str) -> Result<Response, Failure> {
    let disposition = HeaderValue::from_str(&format!("inline; filename=\"{name}.pdf\""));
    let disposition = disposition.map_err(|_| Failure::unavailable())?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes).into_response())
}

/// To another page, with GET.
pub(super) fn see(path: &str) -> Result<Response, Failure> {
    let target = HeaderValue::from_str(path).map_err(|_| Failure::unavailable())?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response())
}

/// A refusal in the form of the door it happened at.
pub(super) async fn failure(app: &App, face: Face, at: Option<(Door, &Visit)>, failure: &Failure) -> Response {
    let mut response = match face {
        Face::Api => problem(failure),
        Face::Page => {
            let shell = match at {
                Some((door, visit)) => Shell::new(door, visit),
                None => Shell::outside(app.remembered().await),
            };
            page(&Refused { shell, failure }).unwrap_or_else(|_| plain(failure))
        }
        Face::Plain => plain(failure),
    };
    *response.status_mut() = failure.status;
    if failure.status == StatusCode::UNAUTHORIZED {
        // RFC 9110 wants a challenge with every 401. The scheme is the header by which a demonstration knows people.
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Theriac-Person"));
    }
    response
}

fn problem(failure: &Failure) -> Response {
    typed_json(failure.status, "application/problem+json", &failure.problem()).unwrap_or_else(|_| plain(failure))
}

fn plain(failure: &Failure) -> Response {
    let text = format!("{}: {}\nNext: {}\n", failure.code, failure.what, failure.next);
    (failure.status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
