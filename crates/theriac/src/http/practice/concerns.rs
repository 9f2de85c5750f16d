//! The practitioner's own notices: what stops a signature today, what will before long, and what they were told.

use super::act;
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::page;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::shell::Shell;
use crate::http::watch::duties;
use crate::practice::concerns::{Concern, Weight};
use askama::Template;
use axum::response::Response;
use theriac_model::Actor;

/// A notice that was written to the practitioner.
struct Told {
    number: u64,
    subject: &'static str,
    at: String,
    seen: String,
    facts: Vec<(String, String)>,
    cite: String,
}

/// A duty with its day.
struct DutyLine {
    what: String,
    due: String,
    href: &'static str,
}

#[derive(Template)]
#[template(path = "concerns.html")]
struct ConcernsPage {
    shell: Shell,
    stops: Vec<Concern>,
    soon: Vec<Concern>,
    duties: Vec<DutyLine>,
    told: Vec<Told>,
    today: String,
}

fn told(house: &House, person: &str) -> Result<Vec<Told>, Fault> {
    let notices = house.notices_to(person)?.into_iter().map(|(number, item)| Told {
        number,
        subject: item.notice.subject.heading(),
        at: house.moment_in_words(item.notice.raised),
        seen: item.sent.as_ref().map_or_else(String::new, |sent| house.moment_in_words(sent.at)),
        facts: item
            .notice
            .facts
            .into_iter()
            .filter(|fact| fact.label != "practitioner")
            .map(|fact| (fact.label, fact.value))
            .collect(),
        cite: item.notice.cite.to_string(),
    });
    Ok(notices.collect())
}

fn filled(house: &House, who: &Actor, shell: Shell) -> Result<ConcernsPage, Fault> {
    // What is shown here is given by that: the same as on the overview.
    house.shown_at_sign_in(who)?;
    let (stops, soon) = house.concerns(&who.id)?.into_iter().partition(|one| one.weight == Weight::Stops);
    let duties = match house.right_to_sign(&who.id)? {
        None => Vec::new(),
        Some(_) => {
            duties::waiting(house, who)?.into_iter().map(|(what, due, href)| DutyLine { what, due, href }).collect()
        }
    };
    let today = house.today().to_string();
    Ok(ConcernsPage { shell, stops, soon, duties, told: told(house, &who.id)?, today })
}

/// `/practice/notices`
pub(in crate::http) async fn concerns(asked: Asked) -> Result<Response, Failure> {
    let who = asked.visitor()?.actor.clone();
    let shell = Shell::new(Door::OwnNotices, &asked.visit);
    page(&asked.app.ask(move |world| act(world, |house| filled(house, &who, shell))).await??)
}
