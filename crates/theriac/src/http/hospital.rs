//! Verifying an institution's internal code: open to other pharmacies and to law enforcement, by number and code.

use super::answer::page;
use super::asked::Asked;
use super::doors::Door;
use super::failure::Failure;
use super::practice::act;
use super::shell::Shell;
use crate::registry::CodeHolder;
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use theriac_model::DeaNumber;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Search {
    number: String,
    code: String,
}

#[derive(Template)]
#[template(path = "hospital_codes.html")]
struct CodesPage {
    shell: Shell,
    number: String,
    code: String,
    /// `None` before anything was asked.
    holders: Option<Vec<CodeHolder>>,
    /// Why the number cannot be looked up.
    wrong: Option<String>,
}

/// `/hospital-codes?number=&code=`
pub(super) async fn codes(asked: Asked) -> Result<Response, Failure> {
    let Search { number, code } =
        Query::<Search>::try_from_uri(&asked.head.uri).map(|Query(search)| search).unwrap_or_default();
    let number: String = number.trim().chars().take(20).collect::<String>().to_uppercase();
    let code: String = code.trim().chars().take(25).collect();
    let shell = Shell::new(Door::HospitalCodes, &asked.visit);
    let (mut holders, mut wrong) = (None, None);
    if !number.is_empty() && !code.is_empty() {
        match DeaNumber::parse(&number) {
            Err(error) => wrong = Some(error.to_string()),
            Ok(institution) => {
                let wanted = code.clone();
                let found = asked.app.ask(move |world| act(world, |house| house.code_holders(institution, &wanted)));
                holders = Some(found.await??);
            }
        }
    }
    let status = wrong.as_ref().map(|_| StatusCode::UNPROCESSABLE_ENTITY);
    let mut response = page(&CodesPage { shell, number, code, holders, wrong })?;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}
