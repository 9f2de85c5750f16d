//! One programme: what has to be told, what is held back and why, its reports and their answers.

use super::{number, state};
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
use crate::pdmp::{Due, FIELDS, Overview, Pending, ReportRow};
use crate::typed::Typed;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse as _;
use serde_json::json as object;
use theriac_model::{Actor, Refusal};
use theriac_wire::asap::Status;

/// A dispensing that has to be told.
struct Telling {
    number: String,
    no: u32,
    drug: String,
    filled: String,
    due: String,
    late: bool,
    status: &'static str,
    /// Why it cannot be told yet; empty if it can.
    held: Vec<Refusal>,
    /// Whether days' supply is what is missing.
    wants_days: bool,
    /// Whether the programme refused it.
    refused: bool,
}

/// A report in the register.
struct Line {
    control: String,
    made: String,
    days: String,
    records: String,
    late: u64,
    placed: String,
    answer: String,
    tone: &'static str,
}

const fn word(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Revise => "revision",
        Status::Void => "void",
    }
}

fn due_in_words(house: &House, due: Due) -> String {
    match due {
        Due::EndOf(day) => format!("end of {day}"),
        Due::At(at) => house.clock.wall(at),
    }
}

fn telling(house: &House, one: &Pending) -> Telling {
    let held = one.record.as_ref().err().cloned().unwrap_or_default();
    Telling {
        number: one.number.clone(),
        no: one.no,
        drug: one.drug.clone(),
        filled: house.clock.wall(one.filled.timestamp),
        due: due_in_words(house, one.due),
        late: one.due.passed(house.clock.moment()),
        status: word(one.status),
        wants_days: held.iter().any(|why| why.field.as_deref() == Some("days-supply")),
        refused: held.iter().any(|why| why.code.0 == "PDMP-NOT-TAKEN"),
        held,
    }
}

fn at(house: &House, ms: Option<i64>) -> String {
    let when = ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    when.map(|when| house.clock.wall(when)).unwrap_or_default()
}

fn line(house: &House, row: &ReportRow) -> Line {
    let (answer, tone) = match (row.answered_ms, row.refused.is_empty(), row.not_taken) {
        (None, ..) => ("no answer read".to_owned(), "open"),
        (Some(_), false, _) => (format!("not taken: {}", row.refused), "bad"),
        (Some(_), true, 0) => ("taken".to_owned(), "good"),
        (Some(_), true, count) => (format!("{count} records not taken"), "bad"),
    };
    Line {
        control: row.control.clone(),
        made: at(house, Some(row.made_ms)),
        days: if row.from == row.to { row.from.to_string() } else { format!("{} to {}", row.from, row.to) },
        records: if row.records == 0 { "nothing dispensed".to_owned() } else { row.records.to_string() },
        late: row.late,
        placed: at(house, row.placed_ms),
        answer,
        tone,
    }
}

#[derive(Template)]
#[template(path = "pdmp_state.html")]
struct StatePage {
    shell: Shell,
    state: String,
    title: String,
    settings: Vec<(&'static str, String)>,
    telling: Vec<Telling>,
    late: usize,
    uncovered: String,
    register: Vec<Line>,
    may: bool,
    typed: Typed,
    fault: Option<Failure>,
}

/// `/pharmacy/pdmp/{id}`
pub(in crate::http) async fn one(asked: Asked) -> Answer {
    again(asked, Typed::default(), None).await
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let state = state(&asked)?;
    let may = Door::PdmpReport.admits(asked.visitor()?.actor.role);
    let shell = Shell::new(Door::PdmpState, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let Overview { programme, pending, reports, uncovered } = &house.programme_overview(&state)?;
            let now = house.clock.moment();
            let settings = programme.fields().into_iter().filter(|(_, value)| !value.is_empty());
            let about = |field: &str| FIELDS.iter().find(|(name, _)| *name == field).map_or("", |(_, about)| about);
            Ok(StatePage {
                shell,
                title: programme.title.clone(),
                settings: settings.map(|(field, value)| (about(field), value)).collect(),
                telling: pending.iter().map(|one| telling(house, one)).collect(),
                late: pending.iter().filter(|one| one.due.passed(now)).count(),
                uncovered: uncovered.map(|(from, to)| format!("{from} to {to}")).unwrap_or_default(),
                register: reports.iter().take(200).map(|row| line(house, row)).collect(),
                state,
                may,
                typed,
                fault,
            })
        })
    });
    with_status(page(&found.await??), status)
}

async fn acted(
    asked: Asked,
    work: impl FnOnce(&House, &Actor, &str, &Typed) -> Result<(), Fault> + Send + 'static,
) -> Answer {
    let (by, state) = (asked.visitor()?.actor.clone(), state(&asked)?);
    let typed = Typed::of(&asked).await?;
    let (given, home) = (typed.clone(), format!("/pharmacy/pdmp/{state}"));
    match asked.app.ask(move |world| act(world, |house| work(house, &by, &state, &given))).await? {
        Ok(()) => see(&home),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}

/// `POST /pharmacy/pdmp/{id}/reports`
pub(in crate::http) async fn make(asked: Asked) -> Answer {
    acted(asked, |house, by, state, _| house.make_report(by, state).map(|_| ())).await
}

/// `POST /api/v1/pdmp/{id}/reports`
pub(in crate::http) async fn make_json(asked: Asked) -> Answer {
    let (by, state) = (asked.visitor()?.actor.clone(), state(&asked)?);
    let made = asked.app.ask(move |world| {
        act(world, |house| {
            let control = house.make_report(&by, &state)?;
            let (row, ..) = house.report(&state, &control)?;
            Ok(object!({ "state": state, "control": control, "records": row.records, "late": row.late, "digest": row.digest }))
        })
    });
    let mut response = json(&made.await??)?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// `POST /pharmacy/pdmp/{id}/answers`
pub(in crate::http) async fn answer(asked: Asked) -> Answer {
    acted(asked, |house, by, state, typed| house.read_answer(by, state, typed.get("answer").as_bytes()).map(|_| ()))
        .await
}

fn prescription(typed: &Typed) -> Result<theriac_pharmacy::PrescriptionNumber, Fault> {
    let unknown = "there is no such prescription";
    let bad = || Refusal::new("PHARM-UNKNOWN", "-", unknown, "take the number from the list").about("number");
    theriac_pharmacy::PrescriptionNumber::parse(typed.get("number")).map_err(|_| bad().into())
}

/// `POST /pharmacy/pdmp/{id}/days`
pub(in crate::http) async fn days(asked: Asked) -> Answer {
    acted(asked, |house, by, _, typed| {
        house.state_days(by, &prescription(typed)?, typed.get("days").parse().unwrap_or_default())
    })
    .await
}

/// `POST /pharmacy/pdmp/{id}/releases`
pub(in crate::http) async fn release(asked: Asked) -> Answer {
    acted(asked, |house, by, state, typed| {
        let no = typed.get("no").parse().unwrap_or_default();
        house.release_record(by, state, (&prescription(typed)?, no), typed.get("reason"))
    })
    .await
}

#[derive(Template)]
#[template(path = "pdmp_report.html")]
struct ReportPage {
    shell: Shell,
    state: String,
    line: Line,
    digest: String,
    seq: u64,
    held: Vec<String>,
    records: Vec<(String, u16, u8, String, &'static str)>,
}

/// `/pharmacy/pdmp/{id}/reports/{number}`
pub(in crate::http) async fn report(asked: Asked) -> Answer {
    let (state, control) = (state(&asked)?, asked.id("number")?);
    let shell = Shell::new(Door::PdmpOne, &asked.visit);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let (row, report, _) = house.report(&state, &control)?;
            let record = |told: &crate::pdmp::Told| {
                (told.number.clone(), told.fill, told.part, told.filled.to_string(), word(told.status))
            };
            Ok(ReportPage {
                shell,
                line: line(house, &row),
                digest: row.digest,
                seq: row.seq,
                held: report.held,
                records: report.records.iter().map(record).collect(),
                state,
            })
        })
    });
    page(&found.await??)
}

/// `/pharmacy/pdmp/{id}/reports/{number}/file`
pub(in crate::http) async fn file(asked: Asked) -> Answer {
    let (state, control) = (state(&asked)?, asked.id("number")?);
    number(&control.to_ascii_uppercase())?;
    let name = format!("attachment; filename=\"{state}-{control}.dat\"");
    let found = asked.app.ask(move |world| act(world, |house| Ok(house.report(&state, &control)?.2)));
    let mut response = (StatusCode::OK, found.await??).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(|_| Failure::unavailable())?);
    Ok(response)
}
