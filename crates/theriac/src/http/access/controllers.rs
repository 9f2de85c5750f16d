//! Who is designated to control access, and the keys with which they approve.

use crate::access::GrantKey;
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::app::{App, Visit};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::http::tokens::OfferLine;
use crate::tokens::Serves;
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use theriac_model::{Actor, DeaNumber, Refusal, Registration};

type Answer = Result<Response, Failure>;

/// A controller in the list.
struct Line {
    person: String,
    name: String,
    designated: bool,
    registration: String,
    unit: String,
    keys: Vec<GrantKey>,
    offers: Vec<OfferLine>,
}

/// Somebody who could be designated.
struct Candidate {
    id: String,
    name: String,
}

#[derive(Template)]
#[template(path = "controllers.html")]
struct ControllersPage {
    shell: Shell,
    lines: Vec<Line>,
    candidates: Vec<Candidate>,
    /// Whether whoever looks may change it.
    designates: bool,
    /// Whether at least two are designated, one of them a registrant.
    enough: bool,
    typed: Typed,
    fault: Option<Failure>,
}

/// Everything that the forms of the page send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Typed {
    person: String,
    registration: String,
    unit: String,
    serial: String,
    reason: String,
}

fn lines(house: &House) -> Result<Vec<Line>, Fault> {
    let mut lines = Vec::new();
    for controller in house.controllers()? {
        let (registration, unit) = controller.desk.designated.clone().unwrap_or_default();
        lines.push(Line {
            offers: OfferLine::of(house, &controller.person)?,
            person: controller.person,
            name: controller.name,
            designated: controller.desk.designated.is_some(),
            registration: registration.map_or_else(String::new, |number| number.to_string()),
            unit,
            keys: controller.desk.keys,
        });
    }
    Ok(lines)
}

async fn show(app: &Arc<App>, visit: &Arc<Visit>, fault: Option<Failure>, typed: Typed) -> Answer {
    let (shell, status) = (Shell::new(Door::Controllers, visit), fault.as_ref().map(|fault| fault.status));
    let designates = visit.visitor.as_ref().is_some_and(|visitor| Door::Designate.admits(visitor.actor.role));
    let view = app.ask(move |world| {
        act(world, |house| {
            let lines = lines(house)?;
            let mut candidates = Vec::new();
            let sql = "SELECT id, name FROM people WHERE role = 'access-controller' ORDER BY name";
            for row in house.store.query(sql, &[])? {
                candidates.push(Candidate { id: row.text(0)?.to_owned(), name: row.text(1)?.to_owned() });
            }
            let designated = lines.iter().filter(|line| line.designated);
            let enough =
                designated.clone().count() >= 2 && designated.clone().any(|line| !line.registration.is_empty());
            Ok(ControllersPage { shell, lines, candidates, designates, enough, typed, fault })
        })
    });
    let mut response = page(&view.await??)?;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

/// `/access/controllers`
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    show(&asked.app, &asked.visit, None, Typed::default()).await
}

async fn done(
    asked: Asked,
    person: Option<String>,
    work: impl FnOnce(&House, &Actor, &str, &Typed) -> Result<(), Fault> + Send + 'static,
) -> Answer {
    let (app, visit, actor) = (asked.app.clone(), asked.visit.clone(), asked.visitor()?.actor.clone());
    let typed: Typed = asked.form().await?;
    let (whose, sent) = (person.unwrap_or_else(|| typed.person.clone()), typed.clone());
    match app.ask(move |world| act(world, |house| work(house, &actor, &whose, &sent))).await? {
        Ok(()) => see(Door::Controllers.path()),
        Err(fault) => show(&app, &visit, Some(fault), typed).await,
    }
}

fn number(typed: &str) -> Result<DeaNumber, Refusal> {
    DeaNumber::parse(typed.trim()).map_err(|error| {
        let next = "enter the registration number as it stands on the certificate";
        Refusal::new("ACCESS-REGISTRATION", "21 CFR 1311.125(a)", error.to_string(), next).about("registration")
    })
}

/// `POST /access/controllers`: designates somebody, or changes what is recorded.
pub(in crate::http) async fn designate(asked: Asked) -> Answer {
    done(asked, None, |house, by, person, typed| {
        let registration = match typed.registration.trim() {
            "" => None,
            written => Some(number(written)?),
        };
        house.designate(by, person, registration, &typed.unit)
    })
    .await
}

/// `POST /access/controllers/{id}/key`: hands a key over.
pub(in crate::http) async fn hand_key(asked: Asked) -> Answer {
    let person = asked.id("id")?;
    done(asked, Some(person), |house, by, person, typed| {
        let (desk, _) = house.controller_record(person)?;
        let Some((Some(number), _)) = desk.designated else {
            let what = "only a controller who is a registrant approves with a key";
            let next = "designate the person with the registration first";
            return Err(Refusal::new("ACCESS-REGISTRANT", "21 CFR 1311.125(c)", what, next).into());
        };
        house.offer_token(by, person, Serves::Granting, &Registration::Own(number), &typed.serial).map(|_| ())
    })
    .await
}

/// `POST /access/controllers/{id}/key/end`: a key is lost, stolen or replaced.
pub(in crate::http) async fn end_key(asked: Asked) -> Answer {
    let person = asked.id("id")?;
    done(asked, Some(person), |house, by, person, typed| {
        house.end_controller_keys(by, person, &typed.serial, &typed.reason).map(|_| ())
    })
    .await
}

/// `POST /access/controllers/{id}/end`: the designation ends.
pub(in crate::http) async fn end(asked: Asked) -> Answer {
    let person = asked.id("id")?;
    done(asked, Some(person), |house, by, person, typed| house.end_designation(by, person, &typed.reason)).await
}

#[derive(Template)]
#[template(path = "own_keys.html")]
struct OwnKeysPage {
    shell: Shell,
    line: Line,
}

/// `/access/keys`: a controller's own keys, and those that wait to be bound.
pub(in crate::http) async fn own(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let line = asked.app.ask(move |world| {
        act(world, |house| {
            let (desk, _) = house.controller_record(&actor.id)?;
            let (registration, unit) = desk.designated.clone().unwrap_or_default();
            Ok(Line {
                offers: OfferLine::of(house, &actor.id)?,
                name: house.full_name(&actor.id),
                designated: desk.designated.is_some(),
                registration: registration.map_or_else(String::new, |number| number.to_string()),
                unit,
                keys: desk.keys,
                person: actor.id.clone(),
            })
        })
    });
    page(&OwnKeysPage { shell: Shell::new(Door::OwnKeys, &asked.visit), line: line.await?? })
}
