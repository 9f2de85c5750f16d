//! What signing rests on: what is out of service, and the switch.

use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::practice::preconditions::{Precondition, Service};
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use theriac_model::Refusal;

type Answer = Result<Response, Failure>;

/// One precondition, as shown.
struct Line {
    word: &'static str,
    name: &'static str,
    /// Why it is out of service; empty while it works.
    out: String,
}

impl Line {
    /// The name as a heading.
    fn title(&self) -> String {
        let name = self.name.trim_start_matches("the ");
        let mut letters = name.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }
}

#[derive(Template)]
#[template(path = "preconditions.html")]
struct PreconditionsPage {
    shell: Shell,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    which: String,
    to: String,
    #[serde(default)]
    reason: String,
}

/// `/operator/preconditions`: what signing rests on.
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    let found = asked.app.ask(|world| act(world, |house| Ok(house.out_of_service()?.0)));
    let out = found.await??;
    let lines = Precondition::ALL.iter().map(|(which, word, name)| Line {
        word,
        name,
        out: out.iter().find(|one| one.which == *which).map_or_else(String::new, |one| one.reason.clone()),
    });
    page(&PreconditionsPage { shell: Shell::new(Door::Preconditions, &asked.visit), lines: lines.collect() })
}

/// `POST /operator/preconditions`: takes one out of service, or puts it back, with a reason.
pub(in crate::http) async fn switch(asked: Asked) -> Answer {
    let (app, actor) = (asked.app.clone(), asked.visitor()?.actor.clone());
    let typed: Typed = asked.read_form().await?;
    let (Some(which), Some(to)) = (Precondition::parse(&typed.which), Service::parse(&typed.to)) else {
        return Err(Failure::refused(&Refusal::new(
            "PRECONDITION-UNKNOWN",
            "73 FR 36722, proposed 21 CFR 1306.05(e)",
            "there is no such precondition, or no such switch",
            "use a button of the page",
        )));
    };
    app.ask(move |world| act(world, |house| house.switch_precondition(&actor, which, to, &typed.reason))).await??;
    see("/operator/preconditions")
}
