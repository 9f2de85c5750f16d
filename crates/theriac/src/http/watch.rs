//! The pages of the watch: practitioners' logs and duties, audit reports, daily audits, incidents, notices, retention.

pub(super) mod audits;
pub(super) mod copies;
pub(super) mod desk;
pub(super) mod duties;
pub(super) mod incidents;
pub(super) mod logs;
pub(super) mod notices;
pub(super) mod retention;

use super::asked::Asked;
use super::failure::Failure;
use crate::house::House;
use crate::house::record::Fault;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use theriac_model::Refusal;
use theriac_paper::Document;
use theriac_prescriber::audit::Application;

type Answer = Result<Response, Failure>;

/// The fields of a form as typed; a name may come several times.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads the form of a request.
    pub(super) async fn of(asked: &Asked) -> Result<Self, Failure> {
        asked.read_form().await.map(Self)
    }

    /// The fields of an address.
    pub(super) fn in_address(asked: &Asked) -> Self {
        axum::extract::Query::try_from_uri(&asked.head.uri)
            .map(|axum::extract::Query(fields)| Self(fields))
            .unwrap_or_default()
    }

    /// A field, trimmed; empty when absent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// Every value of a field.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A field that may be absent.
    pub(super) fn maybe(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A field that is one of a list of words.
    pub(super) fn word<T>(&self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
        parse(self.get(name))
            .ok_or_else(|| wrong(name, format!("{name} is none of those to choose from"), "choose one"))
    }

    /// A day.
    pub(super) fn day(&self, name: &'static str) -> Result<jiff::civil::Date, Fault> {
        self.get(name)
            .parse()
            .map_err(|_| wrong(name, format!("{name} is not a day such as 2026-03-31"), "enter the day"))
    }

    /// A day that may be absent.
    pub(super) fn maybe_day(&self, name: &'static str) -> Result<Option<jiff::civil::Date>, Fault> {
        if self.get(name).is_empty() { Ok(None) } else { self.day(name).map(Some) }
    }

    /// A time by the clock of the place, such as `2026-03-31T14:05`; now when nothing was typed.
    pub(super) fn time(&self, name: &'static str, house: &House) -> Result<Timestamp, Fault> {
        if self.get(name).is_empty() {
            return Ok(house.clock.now());
        }
        let wall: Option<jiff::civil::DateTime> = self.get(name).parse().ok();
        let at = wall.and_then(|wall| wall.to_zoned(house.clock.zone()).ok()).map(|zoned| zoned.timestamp());
        at.ok_or_else(|| wrong(name, format!("{name} is not a time such as 2026-03-31T14:05"), "enter day and time"))
    }
}

/// Something typed that cannot be read.
pub(super) fn wrong(field: &'static str, what: String, next: &'static str) -> Fault {
    Refusal::new("WATCH-FORM", "-", what, next).about(field).into()
}

/// The application named in the address.
fn application(asked: &Asked) -> Result<Application, Failure> {
    Application::parse(&asked.id("application")?).ok_or_else(Failure::no_such_page)
}

/// A file to be kept.
pub(super) fn file(name: &str, media: &str, bytes: Vec<u8>) -> Answer {
    let mut response = (StatusCode::OK, bytes).into_response();
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| Failure::unavailable());
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '-' }).collect();
    response.headers_mut().insert(header::CONTENT_TYPE, value(media)?);
    response.headers_mut().insert(header::CONTENT_DISPOSITION, value(&format!("attachment; filename=\"{plain}\""))?);
    Ok(response)
}

/// A paper as a PDF file.
pub(super) fn pdf(name: &str, paper: &Document) -> Answer {
    match paper.print() {
        Ok(printed) => file(name, "application/pdf", printed.pdf),
        Err(refusal) => Err(Failure::refused(&refusal)),
    }
}

/// The same page with the status of a refusal.
pub(super) fn with_status(response: Answer, fault: Option<StatusCode>) -> Answer {
    let mut response = response?;
    if let Some(status) = fault {
        *response.status_mut() = status;
    }
    Ok(response)
}
