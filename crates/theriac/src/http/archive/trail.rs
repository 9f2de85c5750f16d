//! Who did what, by person and period; on a page and as a file.

use super::Answer;
use super::find::{PAGES_MAX, page_of};
use crate::archive::{ActLine, Format, PAGE_ACTS, TrailAsk};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::page;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{file, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::Typed;
use crate::views::PersonView;
use askama::Template;

struct ActRow {
    seq: u64,
    at: String,
    name: String,
    role: String,
    what: String,
    stream: String,
    kind: String,
}

struct ActsView {
    total: u64,
    rows: Vec<ActRow>,
    query: String,
    older: Option<u32>,
    newer: Option<u32>,
}

#[derive(Template)]
#[template(path = "archive_trail.html")]
struct TrailPage {
    shell: Shell,
    people: Vec<PersonView>,
    typed: Typed,
    acts: Option<ActsView>,
    fault: Option<Failure>,
}

impl TrailPage {
    fn formats() -> [&'static str; 4] {
        Format::ALL.map(Format::word)
    }
}

fn ask_of(typed: &Typed) -> Result<TrailAsk, Fault> {
    Ok(TrailAsk {
        person: typed.maybe("person"),
        from: typed.maybe_day("from")?,
        until: typed.maybe_day("until")?,
        kind: typed.maybe("kind"),
    })
}

fn row(house: &House, act: ActLine) -> ActRow {
    let ActLine { seq, at, name, role, what, stream, kind, .. } = act;
    ActRow { seq, at: house.clock.wall(at), name, role, what, stream, kind }
}

/// `/archive/trail`: the form, and what people did once it was asked.
pub(in crate::http) async fn trail(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let typed = Typed::in_address(&asked);
    let people = asked.app.ask(|world| world.people()).await?;
    let shell = Shell::new(Door::Trail, &asked.visit);
    let mut shown = TrailPage { shell, people, typed: typed.clone(), acts: None, fault: None };
    if asked.head.uri.query().is_some_and(|query| !query.is_empty()) {
        let found = asked.app.ask(move |world| {
            act(world, |house| {
                let number = page_of(&typed)?;
                let skip = number * PAGE_ACTS;
                let acts = house.acts(&by, &ask_of(&typed)?, skip)?;
                let more = u64::from(skip) + (acts.lines.len() as u64) < acts.total && number + 1 < PAGES_MAX;
                let mut query = url::form_urlencoded::Serializer::new(String::new());
                for name in ["person", "from", "until", "kind"] {
                    query.append_pair(name, typed.get(name));
                }
                Ok(ActsView {
                    total: acts.total,
                    rows: acts.lines.into_iter().map(|act| row(house, act)).collect(),
                    query: query.finish(),
                    older: more.then_some(number + 1),
                    newer: number.checked_sub(1),
                })
            })
        });
        match found.await? {
            Ok(acts) => shown.acts = Some(acts),
            Err(fault) => shown.fault = Some(fault),
        }
    }
    let status = shown.fault.as_ref().map(|fault| fault.status);
    with_status(page(&shown), status)
}

/// `/archive/trail/file/{format}`
pub(in crate::http) async fn trail_file(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let format = Format::parse(&asked.id("format")?).ok_or_else(Failure::no_such_page)?;
    let typed = Typed::in_address(&asked);
    let made = asked.app.ask(move |world| act(world, |house| house.export_trail(&by, &ask_of(&typed)?, format)));
    let made = made.await??;
    file(&made.name, format.media(), made.bytes)
}
