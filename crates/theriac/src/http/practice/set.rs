//! Several schedule II prescriptions of one drug from one form (21 CFR 1306.12(b)).

use super::act;
use super::drugs::found;
use crate::house::event::Product;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::shell::Shell;
use crate::practice::cards::{PatientCard, Place};
use crate::practice::drafting::Typed;
use crate::practice::set::SetTyped;
use crate::views::PersonView;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use theriac_model::Role;

type Answer = Result<Response, Failure>;

/// The form as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Form {
    patient: String,
    practitioner: String,
    registration: String,
    ndc: String,
    quantity: String,
    directions: String,
    days_supply: String,
    earliest_fill: String,
    note: String,
    pharmacy: String,
    count: String,
    interval: String,
}

impl Form {
    fn typed(self) -> SetTyped {
        let each = Typed {
            patient: self.patient,
            practitioner: self.practitioner,
            registration: self.registration,
            ndc: self.ndc,
            quantity: self.quantity,
            directions: self.directions,
            refills: String::new(),
            days_supply: self.days_supply,
            earliest_fill: self.earliest_fill,
            note: self.note,
            pharmacy: self.pharmacy,
        };
        SetTyped { each, count: self.count, interval: self.interval }
    }
}

#[derive(Template)]
#[template(path = "draft_set.html")]
struct SetPage {
    shell: Shell,
    typed: Form,
    patient: Option<PatientCard>,
    patients: Vec<PatientCard>,
    practitioners: Vec<PersonView>,
    places: Vec<Place>,
    products: Vec<Product>,
    fault: Option<Failure>,
}

async fn shown(asked: Asked, typed: Form, fault: Option<Failure>) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let shell = Shell::new(Door::SetNew, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let filled = asked.app.ask(move |world| {
        let people = world.people()?;
        act(world, |house| {
            let practitioners = match actor.role {
                Role::Agent => people.into_iter().filter(|person| person.role == Role::Prescriber.word()).collect(),
                _ => Vec::new(),
            };
            let practitioner =
                if actor.role == Role::Prescriber { actor.id.as_str() } else { typed.practitioner.as_str() };
            Ok(SetPage {
                shell,
                patient: house.patient(&typed.patient)?,
                patients: if typed.patient.is_empty() { house.patients("")? } else { Vec::new() },
                practitioners,
                places: house.places(practitioner)?,
                products: found(house, "")?,
                fault,
                typed,
            })
        })
    });
    let mut response = page(&filled.await??)?;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

/// `/practice/drafts/set`
pub(in crate::http) async fn fresh(asked: Asked) -> Answer {
    let typed = Query::<Form>::try_from_uri(&asked.head.uri).map(|Query(form)| form).unwrap_or_default();
    shown(asked, typed, None).await
}

/// `POST /practice/drafts/set`
pub(in crate::http) async fn enter(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let typed: Form = asked.read_form().await?;
    let tried = typed.clone().typed();
    match asked.app.ask(move |world| act(world, |house| house.enter_set(&actor, &tried))).await? {
        Ok(_) => see(&format!("/practice/patients/{}", typed.patient)),
        Err(fault) => shown(asked, typed, Some(fault)).await,
    }
}
