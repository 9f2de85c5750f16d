//! Around every request: our own name, sizes, origin, time, and the headers that keep a page to itself.

use super::answer;
use super::app::App;
use super::doors::{Door, Face};
use super::failure::Failure;
use super::hosts::{OtherProof, same_origin};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;
use std::time::Duration;

/// The largest body at a door that sets no other, in bytes: 64 KiB, inclusive. Forms and annotations fit.
pub(super) const BODY_BYTES_MAX: usize = 64 * 1024;
/// The longest path with its query, in bytes.
const PATH_BYTES_MAX: usize = 2_048;
/// How long a request may take, body included.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// The header that names the person in the API of a demonstration.
pub(super) const PERSON_HEADER: &str = "theriac-person";

/// Headers of every answer. Scripts, styles and images are our own files; nothing inside a page ever runs.
const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    // With `no-referrer` browsers would call the origin of our own forms `null`.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)",
    ),
];

/// Lets a request in if it may come in, waits for its answer, and sends the answer off with its headers.
pub(super) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = word(request.method());
    let face = face_of(request.uri().path());
    let door = Door::at(request.method(), &route);
    let patience = door.map_or(PATIENCE, Door::patience);
    let answered = match admit(&app, &request, door.map_or(BODY_BYTES_MAX, Door::body_bytes_max)) {
        Ok(()) => tokio::time::timeout(patience, next.run(request)).await.map_err(|_| Failure::too_slow()),
        Err(failure) => Err(failure),
    };
    let mut response = match answered {
        Ok(response) => response,
        Err(failure) => answer::failure(&app, face, None, &failure).await,
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if app.hosts.by_tls() {
        for cookie in headers.iter_mut().filter(|(name, _)| **name == header::SET_COOKIE).map(|(_, cookie)| cookie) {
            let secure = cookie.to_str().ok().and_then(|text| HeaderValue::from_str(&format!("{text}; Secure")).ok());
            *cookie = secure.unwrap_or_else(|| cookie.clone());
        }
    }
    app.counts.add(route, method, response.status().as_u16());
    response
}

/// The form in which an address answers when no door was found.
pub(super) fn face_of(path: &str) -> Face {
    if path == "/api" || path.starts_with("/api/") { Face::Api } else { Face::Page }
}

fn admit(app: &App, request: &Request, body_bytes_max: usize) -> Result<(), Failure> {
    let called = app.hosts.called(request.uri(), request.headers())?;
    if request.uri().path_and_query().is_some_and(|path| path.as_str().len() > PATH_BYTES_MAX) {
        return Err(Failure::new(
            StatusCode::URI_TOO_LONG,
            "HTTP-ADDRESS-TOO-LONG",
            "the address is longer than 2,048 bytes",
            "begin at the overview",
        ));
    }
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if declared.and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > body_bytes_max as u64) {
        return Err(Failure::longer_than(body_bytes_max));
    }
    if request.method().is_safe() {
        return Ok(());
    }
    // A program says who it is by a header, or asks as nobody; only a browser sends a cookie unasked.
    let headers = request.headers();
    let by_header = headers.contains_key(PERSON_HEADER) || headers.contains_key(header::AUTHORIZATION);
    let a_program = by_header || !headers.contains_key(header::COOKIE);
    let a_program = a_program && face_of(request.uri().path()) == Face::Api;
    same_origin(headers, &called, if a_program { OtherProof::NoCookie } else { OtherProof::None })
}

/// The method as a counter's label; unknown ones share a word so that nobody can grow the table.
fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}
