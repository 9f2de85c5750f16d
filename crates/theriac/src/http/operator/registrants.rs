//! The registrant data: how old it is, what the daily recheck found, and one registration looked up.

use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::page;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::http::words::thousands;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use theriac_model::{DeaNumber, RegistrantRow};
use theriac_prescriber::registrants::{Age, Found};

/// Rechecks shown.
const RECHECKS: u32 = 10;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Search {
    number: String,
}

/// The set in use.
struct InUse {
    issued: String,
    rows: String,
    /// `fresh`, `going stale` or `stale`.
    age: &'static str,
    tone: &'static str,
    says: String,
}

/// A recheck, as shown.
struct Recheck {
    entry: u64,
    at: String,
    issued: String,
    people: u64,
    changed: u64,
    notices: Vec<Notice>,
}

struct Notice {
    who: String,
    person: Option<String>,
    code: String,
    what: String,
    next: String,
    cite: String,
    to: String,
}

#[derive(Template)]
#[template(path = "registrants.html")]
struct RegistrantsPage {
    shell: Shell,
    in_use: Option<InUse>,
    /// Registrations that the deployment listed by itself.
    listed: usize,
    rechecks: Vec<Recheck>,
    number: String,
    row: Option<RegistrantRow>,
    schedules: String,
    /// What was found where there is no row to show.
    found: String,
}

/// `/operator/registrants?number=AB1234563`
pub(in crate::http) async fn show(asked: Asked) -> Result<Response, Failure> {
    let search = Query::<Search>::try_from_uri(&asked.head.uri).map(|Query(search)| search.number).unwrap_or_default();
    let number: String = search.trim().to_ascii_uppercase().chars().take(20).collect();
    let shell = Shell::new(Door::RegistrantData, &asked.visit);
    page(&asked.app.ask(move |world| act(world, |house| fill(house, shell, number))).await??)
}

fn fill(house: &House, shell: Shell, number: String) -> Result<RegistrantsPage, Fault> {
    let mut filled = RegistrantsPage {
        shell,
        in_use: in_use(house)?,
        listed: house.directory.read().unwrap_or_else(std::sync::PoisonError::into_inner).registrants.len(),
        rechecks: rechecks(house)?,
        number,
        row: None,
        schedules: String::new(),
        found: String::new(),
    };
    if filled.number.is_empty() {
        return Ok(filled);
    }
    filled.found = match DeaNumber::parse(&filled.number) {
        Err(error) => error.to_string(),
        Ok(number) => match house.registrant_data([number])? {
            None => "no registrant data was imported".to_owned(),
            Some(data) => match data.look_up(number) {
                Found::Row(row) => {
                    let schedules = row.schedules.whole();
                    filled.schedules = schedules.iter().map(|one| one.roman()).collect::<Vec<_>>().join(", ");
                    filled.row = Some(row.clone());
                    String::new()
                }
                Found::Absent => format!("{number} is not in the data of {}", data.issued()),
                Found::Unreadable => format!("the line of {number} in the data of {} cannot be read", data.issued()),
            },
        },
    };
    Ok(filled)
}

fn in_use(house: &House) -> Result<Option<InUse>, Fault> {
    let Some(set) = house.registrant_set()? else { return Ok(None) };
    let Some(data) = house.registrant_data([])? else { return Ok(None) };
    let provider = house.provider();
    let rules = house.rules(&provider);
    let (age, tone, says) = match data.age(&rules) {
        Age::Fresh => ("fresh", "good", "it may be relied on".to_owned()),
        Age::GoingStale(days) => {
            ("going stale", "open", format!("it may be relied on for {days} more days, today among them"))
        }
        Age::Stale => ("stale", "bad", "nobody signs until newer data is imported".to_owned()),
    };
    Ok(Some(InUse { issued: set.issued.to_string(), rows: thousands(set.rows), age, tone, says }))
}

fn rechecks(house: &House) -> Result<Vec<Recheck>, Fault> {
    let found = house.rechecks(RECHECKS)?.into_iter().map(|record| Recheck {
        entry: record.seq,
        at: house.clock.wall(record.at),
        issued: record.issued.map_or_else(|| "none".to_owned(), |day| day.to_string()),
        people: record.people,
        changed: record.changed,
        notices: record
            .notices
            .into_iter()
            .map(|notice| Notice {
                who: notice.person.as_deref().map_or_else(|| "The data".to_owned(), |id| house.full_name(id)),
                person: notice.person,
                code: notice.code,
                what: notice.what,
                next: notice.next,
                cite: notice.cite,
                to: notice.to.iter().map(|to| to.word().replace('-', " ")).collect::<Vec<_>>().join(", "),
            })
            .collect(),
    });
    Ok(found.collect())
}
