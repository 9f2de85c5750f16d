//! People: who is here with which role, how they get in, and how far a practitioner is enrolled.

use crate::enrolment::fields::Fields;
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::people::{NewPerson, PersonLine, roles};
use askama::Template;
use axum::response::Response;

type Answer = Result<Response, Failure>;

/// A line of the list, as shown.
struct Line {
    person: PersonLine,
    /// How the person gets in, in words.
    way_in: String,
    stage: String,
}

/// An invitation, shown this once.
struct Invitation {
    id: String,
    name: String,
    code: String,
    address: String,
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    shell: Shell,
    lines: Vec<Line>,
    /// The roles to choose from, and whether each was chosen.
    roles: Vec<(&'static str, bool)>,
    typed: Fields,
    invitation: Option<Invitation>,
    done: String,
    fault: Option<Failure>,
}

fn lines(house: &House) -> Result<Vec<Line>, Fault> {
    let lines = house.people_lines()?.into_iter().map(|person| {
        let keys = match person.keys {
            0 => "no passkey".to_owned(),
            1 => "1 passkey".to_owned(),
            keys => format!("{keys} passkeys"),
        };
        let way_in =
            person.invited.map_or(keys.clone(), |until| format!("{keys}, invited until {}", house.clock.wall(until)));
        Line { way_in, stage: person.stage.map(super::in_words).unwrap_or_default(), person }
    });
    Ok(lines.collect())
}

/// The page, after something was done or refused.
#[derive(Default)]
struct After {
    typed: Fields,
    invitation: Option<Invitation>,
    done: String,
    fault: Option<Failure>,
}

async fn shown(asked: Asked, after: After) -> Answer {
    let shell = Shell::new(Door::People, &asked.visit);
    let status = after.fault.as_ref().map(|fault| fault.status);
    let lines = asked.app.ask(|world| act(world, lines)).await??;
    let chosen = after.typed.get("role").to_owned();
    let roles = roles().map(|role| (role.word(), role.word() == chosen)).collect();
    let After { typed, invitation, done, fault } = after;
    let mut response = page(&PeoplePage { shell, lines, roles, typed, invitation, done, fault })?;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

/// `/operator/people`
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    shown(asked, After::default()).await
}

/// `POST /operator/people`
pub(in crate::http) async fn add(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let typed = match super::fields(&asked).await? {
        Ok(typed) => typed,
        Err(tried) => return shown(asked, After { fault: tried.faults.into_iter().next(), ..After::default() }).await,
    };
    let new = NewPerson {
        id: typed.text("id"),
        name: typed.text("name"),
        role: typed.text("role"),
        what: typed.text("what"),
    };
    match asked.app.ask(move |world| act(world, |house| house.add_person(&actor, &new))).await? {
        Ok(_) => see("/operator/people"),
        Err(fault) => shown(asked, After { typed, fault: Some(fault), ..After::default() }).await,
    }
}

/// `POST /operator/people/{id}/invitation`: the code is in this answer and nowhere else.
pub(in crate::http) async fn invite(asked: Asked) -> Answer {
    let (id, actor) = (asked.id("id")?, asked.visitor()?.actor.clone());
    let wanted = id.clone();
    let invited = asked.app.ask(move |world| {
        act(world, |house| {
            let code = house.invite(&actor, &wanted)?;
            let address = format!("{}/join", house.site_of_pages().1);
            Ok(Invitation { name: house.full_name(&wanted), id: wanted, code, address })
        })
    });
    match invited.await? {
        Ok(invitation) => shown(asked, After { invitation: Some(invitation), ..After::default() }).await,
        Err(fault) => shown(asked, After { fault: Some(fault), ..After::default() }).await,
    }
}

/// `POST /operator/people/{id}/lock-out`
pub(in crate::http) async fn shut_out(asked: Asked) -> Answer {
    let (id, actor) = (asked.id("id")?, asked.visitor()?.actor.clone());
    let done = asked.app.ask(move |world| {
        act(world, |house| {
            let keys = house.shut_out(&actor, &id)?;
            Ok(format!("{} was locked out: {keys} passkeys taken away, sessions ended", house.full_name(&id)))
        })
    });
    match done.await? {
        Ok(done) => shown(asked, After { done, ..After::default() }).await,
        Err(fault) => shown(asked, After { fault: Some(fault), ..After::default() }).await,
    }
}
