//! The pages of the monitoring programmes: what each is told, its register, its answers, and what it was asked.

mod asking;
mod programmes;
mod reports;

pub(super) use asking::{ask, asked as put_down, asked_json};
pub(super) use programmes::{end, list, list_json, set};
pub(super) use reports::{answer, days, file, make, make_json, one, release, report};

use super::asked::Asked;
use super::failure::Failure;
use axum::response::Response;
use theriac_pharmacy::PrescriptionNumber;

type Answer = Result<Response, Failure>;

/// The fields of a form as typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    async fn of(asked: &Asked) -> Result<Self, Failure> {
        asked.read_form().await.map(Self)
    }

    /// A field, trimmed; empty when absent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }
}

fn number(text: &str) -> Result<PrescriptionNumber, Failure> {
    PrescriptionNumber::parse(text).map_err(|_| Failure::no_such_page())
}

/// The State named in the address, in capital letters.
fn state(asked: &Asked) -> Result<String, Failure> {
    Ok(asked.id("id")?.to_ascii_uppercase())
}

/// The same page with the status of a refusal.
fn with_status(response: Answer, fault: Option<axum::http::StatusCode>) -> Answer {
    let mut response = response?;
    if let Some(status) = fault {
        *response.status_mut() = status;
    }
    Ok(response)
}
