//! Finding a drug while its name is typed, with the schedule that stands today.

use super::act;
use crate::house::House;
use crate::house::event::Product;
use crate::house::record::Fault;
use crate::http::answer::page;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::shell::Shell;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

type Answer = Result<Response, Failure>;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Search {
    q: String,
    /// `options` for the entries of the form's list alone.
    part: String,
    /// For whom a prescription is being written.
    patient: String,
}

#[derive(Template)]
#[template(path = "drugs.html")]
struct DrugsPage {
    shell: Shell,
    search: String,
    patient: String,
    drugs: Vec<Product>,
}

#[derive(Template)]
#[template(path = "drug_options.html")]
struct Options {
    drugs: Vec<Product>,
}

/// `/practice/drugs?q=`
pub(in crate::http) async fn drugs(asked: Asked) -> Answer {
    let Search { q, part, patient } =
        Query::<Search>::try_from_uri(&asked.head.uri).map(|Query(search)| search).unwrap_or_default();
    let search: String = q.chars().take(80).collect();
    let wanted = search.clone();
    let drugs = asked.app.ask(move |world| act(world, |house| found(house, &wanted))).await??;
    if part == "options" {
        return page(&Options { drugs });
    }
    let patient = patient.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(64).collect();
    page(&DrugsPage { shell: Shell::new(Door::Drugs, &asked.visit), search, patient, drugs })
}

pub(super) fn found(house: &House, typed: &str) -> Result<Vec<Product>, Fault> {
    Ok(house.find_drugs(typed)?)
}
