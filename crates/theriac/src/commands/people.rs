//! `theriac people ...`: who works here, and how they get in.

use crate::cli::{At, People};
use crate::house::record::Fault;
use crate::house::{House, program};
use crate::output::{Outcome, Problem, line};
use crate::people::{NewPerson, identifier};
use serde_json::json;
use theriac_prescriber::enrolment::Stage;

pub(crate) fn run(command: &People) -> Result<Outcome, Problem> {
    match command {
        People::Invite { id, name, role, what, at } => {
            invite(at, id.as_deref(), name.as_deref(), role.as_deref(), what)
        }
        People::LockOut { id, at } => {
            let house = at.open()?;
            let keys = house.lock_out(&program(), id).map_err(Problem::from)?;
            line(format_args!(
                "{keys} passkeys of {id} were taken away; every session of theirs is over, in a running server, too"
            ))?;
            Ok(Outcome::Done)
        }
        People::List { json: as_json, at } => list(&at.open()?, *as_json),
    }
}

fn invite(at: &At, id: Option<&str>, name: Option<&str>, role: Option<&str>, what: &str) -> Result<Outcome, Problem> {
    let house = at.open()?;
    let id = match (id, name) {
        (Some(id), _) => id.to_owned(),
        (None, Some(name)) => identifier(name),
        (None, None) => {
            return Err(Problem::wrong_use(
                "PEOPLE-WHO",
                "nobody is named",
                "give --name and --role, or --id of somebody",
            ));
        }
    };
    if house.person(&id).map_err(Problem::from)?.is_none() {
        let typed = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let new = NewPerson { id: id.clone(), name: typed(name), role: typed(role), what: what.to_owned() };
        house.add_person(&program(), &new).map_err(|fault| match fault {
            Fault::Refused(refusal) => Problem::wrong_use(refusal.code.0, refusal.what, refusal.next),
            other => other.into(),
        })?;
    }
    let code = house.invite(&program(), &id).map_err(Problem::from)?;
    let (_, origin) = house.site_of_pages();
    line(format_args!("{id} may register a passkey within 24 hours:"))?;
    line(format_args!("  address   {origin}/join"))?;
    line(format_args!("  person    {id}"))?;
    line(format_args!("  code      {code}"))?;
    line(format_args!("The code is shown this once. Hand it over in person."))?;
    Ok(Outcome::Done)
}

fn list(house: &House, as_json: bool) -> Result<Outcome, Problem> {
    for person in house.people_lines().map_err(Problem::from)? {
        let stage = person.stage.map_or("", |stage| stage.word());
        if as_json {
            let stage = person.stage.map(Stage::word);
            line(json!({
                "id": person.id, "name": person.name, "passkeys": person.keys, "role": person.role.word(),
                "stage": stage, "what": person.what,
            }))?;
        } else {
            line(format_args!("{:<24} {:<18} {:<18} {}", person.id, person.role, stage, person.name))?;
        }
    }
    Ok(Outcome::Done)
}
