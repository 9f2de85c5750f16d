//! A form of a page: read, acted on, and shown again with what was typed where it was refused; and the files a page gives.

use super::asked::Asked;
use super::failure::Failure;
use super::practice::act;
use crate::house::House;
use crate::house::record::Fault;
use crate::typed::Typed;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use theriac_model::Actor;
use theriac_paper::Document;

/// What a page answers.
pub(super) type Answer = Result<Response, Failure>;

impl Typed {
    /// The form of a request.
    pub(super) async fn of(asked: &Asked) -> Result<Self, Failure> {
        asked.read_form().await.map(Self)
    }

    /// The fields of an address.
    pub(super) fn in_address(asked: &Asked) -> Self {
        axum::extract::Query::try_from_uri(&asked.head.uri)
            .map(|axum::extract::Query(fields)| Self(fields))
            .unwrap_or_default()
    }
}

/// Does what a form asks; a refusal comes back with what was typed.
pub(super) async fn posted<T: Send + 'static>(
    asked: &Asked,
    work: impl FnOnce(&House, &Actor, &Typed) -> Result<T, Fault> + Send + 'static,
) -> Result<Result<T, (Typed, Failure)>, Failure> {
    let by = asked.visitor()?.actor.clone();
    let typed = Typed::of(asked).await?;
    let given = typed.clone();
    let done = asked.app.ask(move |world| act(world, |house| work(house, &by, &given))).await?;
    Ok(done.map_err(|fault| (typed, fault)))
}

/// The same page with the status of a refusal.
pub(super) fn with_status(response: Answer, fault: Option<StatusCode>) -> Answer {
    let mut response = response?;
    if let Some(status) = fault {
        *response.status_mut() = status;
    }
    Ok(response)
}

/// A file to be kept.
pub(super) fn file(name: &str, media: &str, bytes: Vec<u8>) -> Answer {
    given(name, media, "attachment", bytes)
}

/// A file that the browser shows if it can.
pub(super) fn inline_file(name: &str, media: &str, bytes: Vec<u8>) -> Answer {
    given(name, media, "inline", bytes)
}

/// A paper as a PDF file to be kept.
pub(super) fn pdf(name: &str, paper: &Document) -> Answer {
    match paper.print() {
        Ok(printed) => file(name, "application/pdf", printed.pdf),
        Err(refusal) => Err(Failure::refused(&refusal)),
    }
}

fn given(name: &str, media: &str, how: &str, bytes: Vec<u8>) -> Answer {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '-' }).collect();
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| Failure::unavailable());
    let mut response = (StatusCode::OK, bytes).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, value(media)?);
    response.headers_mut().insert(header::CONTENT_DISPOSITION, value(&format!("{how}; filename=\"{plain}\""))?);
    Ok(response)
}
