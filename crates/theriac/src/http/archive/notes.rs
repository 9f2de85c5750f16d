//! Notes on drugs, and patterns with their reports.

use super::Answer;
use crate::archive::{Alert, Pattern};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{pdf, posted, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::{Typed, wrong};
use askama::Template;
use theriac_model::Actor;

#[derive(Template)]
#[template(path = "archive_notes.html")]
struct NotesPage {
    shell: Shell,
    alerts: Vec<Alert>,
    patterns: Vec<Pattern>,
    may_act: bool,
    typed: Typed,
    fault: Option<Failure>,
}

/// `/archive/notes`
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    again(asked, Typed::default(), None).await
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::Notes, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            Ok(NotesPage {
                shell,
                alerts: house.alerts()?.0,
                patterns: house.patterns()?.0,
                may_act: Door::AlertAdd.admits(role),
                typed,
                fault,
            })
        })
    });
    with_status(page(&found.await??), status)
}

async fn acted(
    asked: Asked,
    work: impl FnOnce(&House, &Actor, &Typed) -> Result<(), Fault> + Send + 'static,
) -> Answer {
    match posted(&asked, work).await? {
        Ok(()) => see("/archive/notes"),
        Err((typed, fault)) => again(asked, typed, Some(fault)).await,
    }
}

/// `POST /archive/notes`: a note on a drug is added or ended.
pub(in crate::http) async fn alert(asked: Asked) -> Answer {
    acted(asked, |house, by, typed| match typed.get("act") {
        "add" => house.add_alert(by, typed.get("drug"), typed.get("text")),
        "end" => house.end_alert(by, typed.get("id"), typed.get("reason")),
        _ => Err(wrong("act", "it is not said whether to add or to end".to_owned(), "choose one")),
    })
    .await
}

/// `POST /archive/patterns`: dispensings that were ticked in the archive's list are put together.
pub(in crate::http) async fn pattern(asked: Asked) -> Answer {
    acted(asked, |house, by, typed| {
        let lines: Option<Vec<u64>> = typed.all("line").map(|text| text.parse().ok()).collect();
        let lines =
            lines.ok_or_else(|| wrong("line", "a line is no number of the list".to_owned(), "tick the lines"))?;
        house.find_pattern(by, typed.get("what"), &lines).map(|_| ())
    })
    .await
}

/// `POST /archive/patterns/{id}/sent`: the report was sent.
pub(in crate::http) async fn sent(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    acted(asked, move |house, by, typed| {
        house.pattern_sent(by, &id, typed.get("to"), typed.get("how"), typed.day("on")?)
    })
    .await
}

/// `/archive/patterns/{id}/report.pdf`
pub(in crate::http) async fn report(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let wanted = id.clone();
    let paper = asked.app.ask(move |world| {
        act(world, |house| house.pattern(&wanted)?.map(|pattern| house.pattern_paper(&pattern)).transpose())
    });
    let paper = paper.await??.ok_or_else(|| Failure::no_such("pattern", "take it from the list"))?;
    pdf(&format!("pattern-{id}.pdf"), &paper)
}
