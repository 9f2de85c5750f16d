//! The programmes: how each stands, and the form by which one is entered.

use super::state;
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{json, page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{Answer, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::pdmp::{FIELDS, Overview, Programme, SUGGESTED, Suggested};
use crate::typed::Typed;
use askama::Template;
use serde::Serialize;
use serde_json::json as object;

/// How a programme stands, in one line.
#[derive(Serialize)]
struct Row {
    state: String,
    title: String,
    cite: String,
    collects: String,
    waiting: usize,
    held: usize,
    late: usize,
    last_report: String,
    unanswered: usize,
}

fn row(house: &House, overview: &Overview) -> Row {
    let programme = &overview.programme;
    let now = house.clock.moment();
    Row {
        state: programme.state.to_string(),
        title: programme.title.clone(),
        cite: programme.cite.clone(),
        collects: programme.collects.iter().map(|one| one.roman()).collect::<Vec<_>>().join(", "),
        waiting: overview.pending.len(),
        held: overview.held(),
        late: overview.late(now),
        last_report: overview.reports.first().map(|last| last.control.clone()).unwrap_or_default(),
        unanswered: overview.reports.iter().filter(|report| report.answered_ms.is_none()).count(),
    }
}

fn rows(house: &House) -> Result<Vec<Row>, Fault> {
    let programmes = house.programmes()?;
    let each = |one: &Programme| Ok(row(house, &house.programme_overview(one.state.as_str())?));
    programmes.iter().map(each).collect()
}

#[derive(Template)]
#[template(path = "pdmp_programmes.html")]
struct ProgrammesPage {
    shell: Shell,
    rows: Vec<Row>,
    typed: Typed,
    fault: Option<Failure>,
}

impl ProgrammesPage {
    fn fields() -> &'static [(&'static str, &'static str)] {
        FIELDS
    }

    fn suggested() -> &'static [Suggested] {
        SUGGESTED
    }

    /// What stands in a field: as typed, or what most pharmacies need.
    fn value(&self, field: &str) -> String {
        let usual = match field {
            "zero" => "reported",
            "covers" => "pharmacy",
            "version" => "4.2",
            "purpose" => "test",
            _ => "",
        };
        let typed = self.typed.get(field);
        if typed.is_empty() { usual.to_owned() } else { typed.to_owned() }
    }

    fn optional(field: &str) -> bool {
        matches!(field, "check" | "npi" | "required" | "forbidden")
    }

    fn wrong(&self, field: &str) -> bool {
        self.fault.as_ref().and_then(|fault| fault.law.as_ref()).is_some_and(|law| law.field == field)
    }
}

/// `/pharmacy/pdmp`
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    again(asked, Typed::default(), None).await
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let shell = Shell::new(Door::Pdmp, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| act(world, rows)).await??;
    with_status(page(&ProgrammesPage { shell, rows: found, typed, fault }), status)
}

/// `/api/v1/pdmp`
pub(in crate::http) async fn list_json(asked: Asked) -> Answer {
    let found = asked.app.ask(move |world| act(world, rows)).await??;
    json(&object!({ "programmes": found }))
}

/// `POST /pharmacy/pdmp`
pub(in crate::http) async fn set(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let typed = Typed::of(&asked).await?;
    let given = typed.clone();
    let done = asked.app.ask(move |world| {
        act(world, |house| {
            let programme = Programme::read(|field| given.get(field).to_owned())?;
            let state = programme.state.to_string();
            house.set_programme(&by, programme)?;
            Ok(state)
        })
    });
    match done.await? {
        Ok(state) => see(&format!("/pharmacy/pdmp/{state}")),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}

/// `POST /pharmacy/pdmp/{id}/end`
pub(in crate::http) async fn end(asked: Asked) -> Answer {
    let (by, state) = (asked.visitor()?.actor.clone(), state(&asked)?);
    let typed = Typed::of(&asked).await?;
    asked.app.ask(move |world| act(world, |house| house.end_programme(&by, &state, typed.get("reason")))).await??;
    see(Door::Pdmp.path())
}
