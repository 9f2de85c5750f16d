//! Patients of the practice as JSON.

use super::{Answer, made};
use crate::http::answer::json;
use crate::http::asked::Asked;
use crate::http::failure::Failure;
use crate::http::practice::act;
use crate::practice::cards::{CardEvent, PatientCard, address, born, name};
use axum::extract::Query;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json as object};

/// The longest search, in characters: a name or a date.
const SEARCH_MOST: usize = 80;

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Search {
    q: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPatient {
    first: String,
    #[serde(default)]
    middle: String,
    last: String,
    #[serde(default)]
    suffix: String,
    born: String,
    line1: String,
    #[serde(default)]
    line2: String,
    city: String,
    state: String,
    postal: String,
}

fn shown(card: &PatientCard) -> Value {
    object!({
        "id": card.id,
        "first": card.name.first,
        "middle": card.name.middle,
        "last": card.name.last,
        "suffix": card.name.suffix,
        "born": card.born.to_string(),
        "line1": card.address.line1,
        "line2": card.address.line2,
        "city": card.address.city,
        "state": card.address.state,
        "postal": card.address.postal,
    })
}

/// What is searched for.
pub(super) fn searched(asked: &Asked) -> Result<String, Failure> {
    let search = Query::<Search>::try_from_uri(&asked.head.uri).ok().map(|Query(search)| search.q);
    search.filter(|text| text.chars().count() <= SEARCH_MOST).ok_or_else(|| {
        let next = "send q once, with at most 80 characters: the beginning of what is looked for";
        Failure::new(StatusCode::BAD_REQUEST, "HTTP-SEARCH", "the search could not be read", next)
    })
}

/// `/api/v1/patients?q=`: by the beginning of the last name, the first name, or the date of birth.
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    let search = searched(&asked)?;
    let found = asked.app.ask(move |world| act(world, |house| house.patients(&search))).await??;
    json(&object!({ "patients": found.iter().map(shown).collect::<Vec<_>>() }))
}

/// `/api/v1/patients/{id}`
pub(in crate::http) async fn one(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let found = asked.app.ask(move |world| act(world, |house| house.patient(&id))).await??;
    json(&shown(&found.ok_or_else(|| Failure::no_such("patient", "look it up with GET /api/v1/patients"))?))
}

/// `POST /api/v1/patients`
pub(in crate::http) async fn new(asked: Asked) -> Answer {
    let (app, actor) = (asked.app.clone(), asked.visitor()?.actor.clone());
    let typed: NewPatient = asked.json().await?;
    let entered = app.ask(move |world| {
        act(world, |house| {
            let card = PatientCard {
                id: crate::house::House::fresh_id("P")?,
                name: name(&typed.first, &typed.middle, &typed.last, &typed.suffix)?,
                address: address(&typed.line1, &typed.line2, &typed.city, &typed.state, &typed.postal)?,
                born: born(&typed.born, house.clock.moment().date())?,
            };
            house.write_cards(&actor, &[CardEvent::Patient(card.clone())])?;
            Ok(card)
        })
    });
    let card = entered.await??;
    made(json(&shown(&card))?, &format!("/api/v1/patients/{}", card.id))
}
