//! What was asked at a door: who asks, and the parameters, each read with its bounds.

use super::app::{App, Visit, Visitor};
use super::failure::Failure;
use super::guard::PERSON_HEADER;
use crate::sessions::Secret;
use axum::body::{Body, Bytes};
use axum::extract::{Form, FromRequest, Json, Query, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use std::sync::Arc;
use theriac_model::Ndc;

/// The cookie that holds the secret of a session.
pub(super) const SESSION_COOKIE: &str = "theriac-session";
/// The scheme of the header by which a program shows its key.
const BEARER: &str = "Bearer ";
/// The longest identifier in an address, a cookie or a header, in bytes.
const ID_BYTES_MAX: usize = 64;
/// The longest annotation, in characters.
const NOTE_CHARS_MAX: usize = 2_000;

/// A request at a door that has let it in.
pub(super) struct Asked {
    pub(super) app: Arc<App>,
    pub(super) visit: Arc<Visit>,
    pub(super) params: RawPathParams,
    pub(super) head: Parts,
    /// The whole body, at most as long as its door takes.
    pub(super) body: Bytes,
}

#[derive(Deserialize)]
struct PersonForm {
    person: String,
}

#[derive(Deserialize)]
struct NoteForm {
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoteBody {
    note: String,
}

#[derive(Deserialize)]
struct Unlock {
    #[serde(default)]
    to: String,
}

#[derive(Deserialize)]
struct Page {
    before: Option<String>,
}

impl Asked {
    /// Reads a request that has been let in. The body is read whole here, so that nothing waits for it later.
    ///
    /// # Errors
    /// 413 if the body is longer than `bytes_max` or breaks off.
    pub(super) async fn read(
        app: Arc<App>,
        visit: Arc<Visit>,
        params: RawPathParams,
        request: Request,
        bytes_max: usize,
    ) -> Result<Self, Failure> {
        let (head, body) = request.into_parts();
        let body = axum::body::to_bytes(body, bytes_max).await.map_err(|_| Failure::longer_than(bytes_max))?;
        Ok(Self { app, visit, params, head, body })
    }

    fn whole(self) -> Request {
        Request::from_parts(self.head, Body::from(self.body))
    }

    /// Who asks.
    ///
    /// # Errors
    /// 401 if nobody is known; the gate of a door that names roles has already seen to it.
    pub(super) fn visitor(&self) -> Result<&Visitor, Failure> {
        self.visit.visitor.as_ref().ok_or_else(|| Failure::nobody("choose a person at /desk"))
    }

    fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }

    /// An identifier of this deployment from the path.
    pub(super) fn id(&self, name: &str) -> Result<String, Failure> {
        let id = self.param(name);
        if is_id(id) {
            return Ok(id.to_owned());
        }
        Err(Failure::new(
            StatusCode::BAD_REQUEST,
            "HTTP-ID",
            "the number in the address is not one this program writes",
            "take the number from the list; it has letters, digits, hyphens and dots, and at most 64 of them",
        ))
    }

    /// An NDC from the path, in the 11- or 12-digit form.
    pub(super) fn ndc(&self) -> Result<String, Failure> {
        let ndc = Ndc::parse(self.param("ndc")).map_err(|reason| {
            let next = "take the product from the list of stock";
            Failure::new(StatusCode::BAD_REQUEST, "HTTP-NDC", reason.to_string(), next)
        })?;
        Ok(ndc.as_str().to_owned())
    }

    /// The number of a journal entry from the path.
    pub(super) fn seq(&self) -> Result<u64, Failure> {
        sequence(self.param("seq"))
    }

    /// Below which entry the page of the journal begins.
    pub(super) fn before(&self) -> Result<Option<u64>, Failure> {
        let page = Query::<Page>::try_from_uri(&self.head.uri).map_err(|_| bad_sequence())?;
        page.0.before.as_deref().map(sequence).transpose()
    }

    /// The person chosen in the form of the desk; none for leaving it.
    pub(super) async fn person(self) -> Result<Option<String>, Failure> {
        let form = self.form::<PersonForm>().await?;
        if form.person.is_empty() {
            return Ok(None);
        }
        is_id(&form.person).then_some(Some(form.person)).ok_or_else(no_such_person)
    }

    /// Where to go once the session is open again.
    pub(super) fn wanted(&self) -> String {
        let asked = Query::<Unlock>::try_from_uri(&self.head.uri);
        asked.map_or_else(|_| "/".to_owned(), |asked| local(&asked.0.to).to_owned())
    }

    /// A form's fields, read without giving up the request.
    ///
    /// # Errors
    /// As [`Asked::form`].
    pub(super) async fn read_form<T: serde::de::DeserializeOwned>(&self) -> Result<T, Failure> {
        let media = self.head.headers.get(header::CONTENT_TYPE).cloned();
        let mut request = Request::new(Body::from(self.body.clone()));
        *request.method_mut() = axum::http::Method::POST;
        if let Some(media) = media {
            request.headers_mut().insert(header::CONTENT_TYPE, media);
        }
        Form::<T>::from_request(request, &()).await.map(|Form(form)| form).map_err(|no| bad_form(no.status()))
    }

    /// A form's fields.
    ///
    /// # Errors
    /// 400 if the body is not this form, 413 if it is too long.
    pub(super) async fn form<T: serde::de::DeserializeOwned>(self) -> Result<T, Failure> {
        Form::<T>::from_request(self.whole(), &()).await.map(|Form(form)| form).map_err(|no| bad_form(no.status()))
    }

    /// A JSON body, read without giving up the request.
    ///
    /// # Errors
    /// As [`Asked::json`].
    pub(super) async fn read_json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Failure> {
        let mut request = Request::new(Body::from(self.body.clone()));
        if let Some(media) = self.head.headers.get(header::CONTENT_TYPE) {
            request.headers_mut().insert(header::CONTENT_TYPE, media.clone());
        }
        Json::<T>::from_request(request, &()).await.map(|Json(body)| body).map_err(|no| bad_json(no.status()))
    }

    /// A JSON body.
    ///
    /// # Errors
    /// 400 if it is not this JSON, 415 if it is not announced as JSON, 413 if it is too long.
    pub(super) async fn json<T: serde::de::DeserializeOwned>(self) -> Result<T, Failure> {
        Json::<T>::from_request(self.whole(), &()).await.map(|Json(body)| body).map_err(|no| bad_json(no.status()))
    }

    /// The note in the form of a record, as typed; see [`note`].
    pub(super) async fn typed_note(self) -> Result<String, Failure> {
        Ok(self.form::<NoteForm>().await?.note)
    }

    /// The note in a JSON body, as sent; see [`note`].
    pub(super) async fn sent_note(self) -> Result<String, Failure> {
        Ok(self.json::<NoteBody>().await?.note)
    }
}

/// A note that can be kept: trimmed, 1 to 2,000 characters, no control characters but line ends and tabs.
///
/// # Errors
/// 422 with what is wrong.
pub(super) fn note(typed: &str) -> Result<String, Failure> {
    let note = typed.replace("\r\n", "\n").trim().to_owned();
    let count = note.chars().count();
    let wrong = if count == 0 {
        Some("the annotation is empty".to_owned())
    } else if count > NOTE_CHARS_MAX {
        Some(format!("the annotation has {count} characters, and 2,000 fit"))
    } else if note.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        Some("the annotation holds control characters".to_owned())
    } else {
        None
    };
    match wrong {
        None => Ok(note),
        Some(what) => Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "HTTP-NOTE",
            what,
            "write what was dispensed or found, by whom and when, in 1 to 2,000 characters",
        )),
    }
}

/// By what a request says who is asking.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Claim {
    /// By nothing.
    Nobody,
    /// By the secret of a session.
    Session(Secret),
    /// By a person's identifier, which only a demonstration believes.
    Person(String),
    /// By a program's key.
    Key(String),
}

/// The session of the cookie. A cookie that is not a secret is nobody's.
pub(super) fn session(headers: &HeaderMap) -> Claim {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let secret = pairs.find(|(name, _)| *name == SESSION_COOKIE).and_then(|(_, text)| Secret::parse(text));
    secret.map_or(Claim::Nobody, Claim::Session)
}

/// Who asks through the API: a program with its key, a person of a demonstration, or one of our own pages.
pub(super) fn program(headers: &HeaderMap) -> Claim {
    let key = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(key) = key.and_then(|value| value.strip_prefix(BEARER)).filter(|key| is_id(key)) {
        return Claim::Key(key.to_owned());
    }
    match headers.get(PERSON_HEADER).map(|value| value.to_str().ok().filter(|id| is_id(id))) {
        Some(Some(id)) => Claim::Person(id.to_owned()),
        Some(None) => Claim::Nobody,
        None => session(headers),
    }
}

/// A path of this server to go to afterwards; the overview for anything else.
pub(super) fn local(path: &str) -> &str {
    let plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._~?=&%:+,".contains(&b));
    if plain && path.len() <= 512 && path.starts_with('/') && !path.starts_with("//") { path } else { "/" }
}

/// Nobody of this deployment was chosen.
pub(super) fn no_such_person() -> Failure {
    Failure::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "HTTP-NO-SUCH-PERSON",
        "nobody in this deployment has this identifier",
        "choose a person from the list at /desk",
    )
}

fn is_id(text: &str) -> bool {
    (1..=ID_BYTES_MAX).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':'))
}

fn sequence(text: &str) -> Result<u64, Failure> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().ok_or_else(bad_sequence)
}

fn bad_sequence() -> Failure {
    Failure::new(
        StatusCode::BAD_REQUEST,
        "HTTP-ENTRY-NUMBER",
        "the number of a journal entry is a whole number from 0",
        "take the number from the journal",
    )
}

// Of a rejection only the status is used: its text may repeat what was typed.

fn bad_form(status: StatusCode) -> Failure {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::too_large(),
        _ => Failure::new(
            StatusCode::BAD_REQUEST,
            "HTTP-FORM",
            "the form could not be read",
            "open the page again and send its form",
        ),
    }
}

fn bad_json(status: StatusCode) -> Failure {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::too_large(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Failure::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "HTTP-MEDIA-TYPE",
            "the body is not announced as JSON",
            "send Content-Type: application/json",
        ),
        _ => Failure::new(
            StatusCode::BAD_REQUEST,
            "HTTP-JSON",
            "the body is not the JSON object this address takes",
            "send exactly the members that /api/v1/openapi.json describes for it",
        ),
    }
}
