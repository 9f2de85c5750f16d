//! `theriac people ...`: who works here, and how they get in.

use crate::cli::{At, People};
use crate::house::event::{HouseEvent, Person};
use crate::house::{House, program};
use crate::output::{Outcome, Problem, line};
use serde_json::json;
use theriac_model::Role;

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

/// An identifier made of a name: `Ada Accession` is `ada-accession`.
fn identifier(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-").chars().take(40).collect()
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
        let role = role.and_then(Role::parse).filter(|role| *role != Role::System).ok_or_else(|| {
            let roles = Role::ALL.iter().filter(|role| **role != Role::System).map(|role| role.word());
            let next = format!("give --role, one of: {}", roles.collect::<Vec<_>>().join(", "));
            Problem::wrong_use("PEOPLE-ROLE", format!("{id} is new here and has no role"), next)
        })?;
        let name = name.map(str::trim).filter(|name| !name.is_empty()).ok_or_else(|| {
            Problem::wrong_use("PEOPLE-NAME", format!("{id} is new here and has no name"), "give --name \"FULL NAME\"")
        })?;
        if theriac_pki::pass::PractitionerId::parse(&id).is_none() {
            let next = "give --id of letters, digits, hyphens and dots";
            return Err(Problem::wrong_use("PEOPLE-ID", format!("\"{id}\" is not an identifier"), next));
        }
        let person = Person { id: id.clone(), name: name.to_owned(), role, what: what.to_owned() };
        house.note(&program(), &[HouseEvent::PersonAdded(person)]).map_err(Problem::from)?;
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
    use crate::views::World as _;
    let people =
        house.people().map_err(|error| Problem::failed("STORE-FAILED", error.0, "run `theriac journal check`"))?;
    for person in people {
        if as_json {
            line(json!(person))?;
        } else {
            line(format_args!("{:<24} {:<18} {}", person.id, person.role, person.name))?;
        }
    }
    Ok(Outcome::Done)
}
