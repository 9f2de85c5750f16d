//! Patients of the practice.

use super::act;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::shell::Shell;
use crate::practice::cards::{CardEvent, PatientCard, address, born, name};
use crate::views::PrescriptionRow;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

type Answer = Result<Response, Failure>;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Search {
    q: String,
}

/// A patient as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct TypedPatient {
    first: String,
    middle: String,
    last: String,
    suffix: String,
    born: String,
    line1: String,
    line2: String,
    city: String,
    state: String,
    postal: String,
}

#[derive(Template)]
#[template(path = "patients.html")]
struct PatientsPage {
    shell: Shell,
    search: String,
    patients: Vec<PatientCard>,
    typed: TypedPatient,
    fault: Option<Failure>,
}

/// `/practice/patients`
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    let search = Query::<Search>::try_from_uri(&asked.head.uri).map(|Query(search)| search.q).unwrap_or_default();
    let search: String = search.chars().take(80).collect();
    let wanted = search.clone();
    let patients = asked.app.ask(move |world| act(world, |house| house.patients(&wanted))).await??;
    let shell = Shell::new(Door::Patients, &asked.visit);
    page(&PatientsPage { shell, search, patients, typed: TypedPatient::default(), fault: None })
}

/// `POST /practice/patients`
pub(in crate::http) async fn new(asked: Asked) -> Answer {
    let (app, visit) = (asked.app.clone(), asked.visit.clone());
    let actor = asked.visitor()?.actor.clone();
    let typed: TypedPatient = asked.form().await?;
    let again = typed.clone();
    let done = app.ask(move |world| {
        act(world, |house| {
            let card = PatientCard {
                id: crate::house::House::fresh_id("P")?,
                name: name(&typed.first, &typed.middle, &typed.last, &typed.suffix)?,
                address: address(&typed.line1, &typed.line2, &typed.city, &typed.state, &typed.postal)?,
                born: born(&typed.born, house.clock.moment().date())?,
            };
            house.write_cards(&actor, &[CardEvent::Patient(card.clone())])?;
            Ok(card.id)
        })
    });
    match done.await? {
        Ok(id) => see(&format!("/practice/patients/{id}")),
        Err(fault) => {
            let shell = Shell::new(Door::Patients, &visit);
            let search = String::new();
            let mut response =
                page(&PatientsPage { shell, search, patients: Vec::new(), typed: again, fault: Some(fault.clone()) })?;
            *response.status_mut() = fault.status;
            Ok(response)
        }
    }
}

#[derive(Template)]
#[template(path = "patient.html")]
struct PatientPage {
    shell: Shell,
    patient: PatientCard,
    rows: Vec<PrescriptionRow>,
}

/// `/practice/patients/{id}`: the card, and the medication list, which is not a prescription.
pub(in crate::http) async fn one(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let actor = asked.visitor()?.actor.clone();
    let found = asked.app.ask(move |world| {
        let Ok(Some(patient)) = act(world, |house| house.patient(&id))? else { return Ok(None) };
        let mut rows = Vec::new();
        for (id, _) in world.house()?.of_patient(&actor, &patient.id)? {
            rows.extend(world.prescription(&id)?.map(|view| view.row));
        }
        Ok(Some((patient, rows)))
    });
    let (patient, rows) = found.await?.ok_or_else(|| Failure::no_such("patient", "choose one from the list"))?;
    page(&PatientPage { shell: Shell::new(Door::Patient, &asked.visit), patient, rows })
}
