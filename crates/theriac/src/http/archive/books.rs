//! The books' records apart by schedule.

use super::Answer;
use crate::archive::{ArchiveEvent, BookLine, Group};
use crate::http::answer::page;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::with_status;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::Typed;
use askama::Template;
use jiff::ToSpan as _;
use serde_json::json;

struct Row {
    at: String,
    line: BookLine,
}

#[derive(Template)]
#[template(path = "archive_books.html")]
struct BooksPage {
    shell: Shell,
    typed: Typed,
    rows: Option<Vec<Row>>,
    fault: Option<Failure>,
}

impl BooksPage {
    fn groups() -> &'static [Group] {
        Group::ALL
    }
}

/// `/archive/books`: receipts and other movements of a period, schedule II apart.
pub(in crate::http) async fn books(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let typed = Typed::in_address(&asked);
    let shell = Shell::new(Door::BooksApart, &asked.visit);
    let mut shown = BooksPage { shell, typed: typed.clone(), rows: None, fault: None };
    if asked.head.uri.query().is_some_and(|query| !query.is_empty()) {
        let found = asked.app.ask(move |world| {
            act(world, |house| {
                let today = house.clock.moment().date();
                let group = typed.word("schedules", Group::parse)?;
                let from = typed.maybe_day("from")?.unwrap_or_else(|| today.saturating_sub(1.year()));
                let until = typed.maybe_day("until")?.unwrap_or(today);
                let lines = house.books_apart(group, (from, until), typed.get("show") == "receipts")?;
                let ask = json!({"books": group.word(), "from": from.to_string(), "until": until.to_string()});
                house.note_retrieval(&by, &ArchiveEvent::Searched { ask, lines: lines.len() as u64 })?;
                Ok(lines.into_iter().map(|line| Row { at: house.clock.wall(line.happened), line }).collect())
            })
        });
        match found.await? {
            Ok(rows) => shown.rows = Some(rows),
            Err(fault) => shown.fault = Some(fault),
        }
    }
    let status = shown.fault.as_ref().map(|fault| fault.status);
    with_status(page(&shown), status)
}
