//! Drafts: a form, the rulebook's answer beside it while it is filled in, and the ready mark.

use super::{act, of_this_desk};
use crate::house::event::Product;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::shell::Shell;
use crate::http::words;
use crate::practice::cards::{PatientCard, Place};
use crate::practice::drafting::{Said, Typed};
use crate::views::PersonView;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use theriac_model::Role;

type Answer = Result<Response, Failure>;

/// The form, with everything one can choose from.
#[derive(Template)]
#[template(path = "draft.html")]
struct DraftPage {
    shell: Shell,
    /// The prescription that is being changed; none for a new one.
    id: Option<String>,
    typed: Typed,
    patient: Option<PatientCard>,
    patients: Vec<PatientCard>,
    practitioners: Vec<PersonView>,
    places: Vec<Place>,
    products: Vec<Product>,
    said: Said,
    fault: Option<Failure>,
}

/// The fragment that stands beside the form.
#[derive(Template)]
#[template(path = "draft_said.html")]
struct SaidFragment {
    said: Said,
}

impl SaidFragment {
    fn label(tag: &str) -> String {
        words::label(tag)
    }
}

impl DraftPage {
    fn label(tag: &str) -> String {
        words::label(tag)
    }
}

/// `/practice/drafts/new`
pub(in crate::http) async fn fresh(asked: Asked) -> Answer {
    let typed = Query::<Typed>::try_from_uri(&asked.head.uri).map(|Query(typed)| typed).map_err(|_| bad_address())?;
    shown(asked, Door::DraftNew, None, typed, None).await
}

fn bad_address() -> Failure {
    Failure::new(
        axum::http::StatusCode::BAD_REQUEST,
        "HTTP-FORM",
        "the address holds fields that this form does not have",
        "begin at the patient's card",
    )
}

async fn shown(asked: Asked, door: Door, id: Option<String>, typed: Typed, fault: Option<Failure>) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let shell = Shell::new(door, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let filled = asked.app.ask(move |world| {
        let people = world.people()?;
        act(world, |house| {
            let practitioners: Vec<PersonView> = match actor.role {
                Role::Agent => people.into_iter().filter(|person| person.role == Role::Prescriber.word()).collect(),
                _ => Vec::new(),
            };
            let practitioner =
                if actor.role == Role::Prescriber { actor.id.as_str() } else { typed.practitioner.as_str() };
            Ok(DraftPage {
                shell,
                id,
                patient: house.patient(&typed.patient)?,
                patients: if typed.patient.is_empty() { house.patients("")? } else { Vec::new() },
                practitioners,
                places: house.places(practitioner)?,
                products: super::drugs::found(house, "")?,
                said: house.say(&actor, &typed)?,
                fault,
                typed,
            })
        })
    });
    let filled = filled.await??;
    let mut response = page(&filled)?;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

/// `POST /practice/drafts/check`: what the rulebook says of what is typed so far; nothing is recorded.
pub(in crate::http) async fn check(asked: Asked) -> Answer {
    let (app, actor) = (asked.app.clone(), asked.visitor()?.actor.clone());
    let typed: Typed = asked.form().await?;
    let said = app.ask(move |world| act(world, |house| house.say(&actor, &typed))).await??;
    page(&SaidFragment { said })
}

/// `POST /practice/drafts`
pub(in crate::http) async fn enter(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let typed: Typed = asked.read_form().await?;
    let tried = typed.clone();
    match asked.app.ask(move |world| act(world, |house| house.enter(&actor, &tried))).await? {
        Ok(id) => see(&format!("/practice/prescriptions/{id}")),
        Err(fault) => shown(asked, Door::DraftNew, None, typed, Some(fault)).await,
    }
}

/// `/practice/prescriptions/{id}/edit`
pub(in crate::http) async fn edit(asked: Asked) -> Answer {
    let (id, actor) = (asked.id("id")?, asked.visitor()?.actor.clone());
    let wanted = id.clone();
    let typed = asked.app.ask(move |world| {
        act(world, |house| {
            of_this_desk(house, &actor, &wanted)?;
            house.typed(&wanted)
        })
    });
    let (typed, _) = typed.await??;
    shown(asked, Door::DraftEdit, Some(id), typed, None).await
}

/// `POST /practice/prescriptions/{id}/edit`
pub(in crate::http) async fn change(asked: Asked) -> Answer {
    let (id, actor) = (asked.id("id")?, asked.visitor()?.actor.clone());
    let typed: Typed = asked.read_form().await?;
    let (wanted, tried) = (id.clone(), typed.clone());
    let done = asked.app.ask(move |world| {
        act(world, |house| {
            of_this_desk(house, &actor, &wanted)?;
            house.rewrite(&actor, &wanted, &tried)
        })
    });
    match done.await? {
        Ok(()) => see(&format!("/practice/prescriptions/{id}")),
        Err(fault) => shown(asked, Door::DraftEdit, Some(id), typed, Some(fault)).await,
    }
}

/// `POST /practice/prescriptions/{id}/ready`
pub(in crate::http) async fn ready(asked: Asked) -> Answer {
    let back: Back = asked.read_form().await.unwrap_or_default();
    let (id, actor) = (asked.id("id")?, asked.visitor()?.actor.clone());
    let wanted = id.clone();
    let done = asked.app.ask(move |world| {
        act(world, |house| {
            of_this_desk(house, &actor, &wanted)?;
            house.mark_ready(&actor, &wanted)?;
            Ok(house.prescription_now(&wanted)?.0.routing().patient.clone())
        })
    });
    let patient = done.await??;
    match back.back.as_str() {
        "patient" => see(&format!("/practice/patients/{patient}")),
        _ => see(&format!("/practice/prescriptions/{id}")),
    }
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Back {
    /// `patient` for the patient's card.
    back: String,
}

/// `POST /practice/prescriptions/{id}/discard`
pub(in crate::http) async fn discard(asked: Asked) -> Answer {
    let (id, actor) = (asked.id("id")?, asked.visitor()?.actor.clone());
    let done = asked.app.ask(move |world| {
        act(world, |house| {
            of_this_desk(house, &actor, &id)?;
            house.discard(&actor, &id)
        })
    });
    done.await??;
    see("/practice/prescriptions")
}
