//! How long records are kept, what may be erased, and the erasure.

use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{Answer, posted, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::{Typed, wrong};
use crate::views::edition_in_words;
use crate::watch::Keeping;
use askama::Template;
use theriac_model::Actor;
use theriac_prescriber::retention::{RecordKind, Release};

struct ScheduleRow {
    kind: String,
    owner: &'static str,
    term: String,
    cite: String,
    edition: String,
}

struct KeptRow {
    seq: u64,
    stream: String,
    kind: String,
    what: String,
    created: String,
    release: String,
    why: String,
    may: bool,
}

#[derive(Template)]
#[template(path = "watch_retention.html")]
struct RetentionPage {
    shell: Shell,
    schedule: Vec<ScheduleRow>,
    records: Vec<KeptRow>,
    next: Option<u64>,
    stream: String,
    kind: String,
    kinds: Vec<(&'static str, String)>,
    today: String,
    may_act: bool,
    typed: Typed,
    fault: Option<Failure>,
}

fn kept(house: &House, one: &Keeping) -> KeptRow {
    let today = house.clock.moment().date();
    let first = one.release.first_day();
    let (release, why) = match &one.release {
        Release::NotYet(why) => ("not yet known".to_owned(), why.clone()),
        Release::After(clock) => (
            first.map_or_else(String::new, |day| day.to_string()),
            format!(
                "{} years from {} of {} ({}, {})",
                clock.years,
                clock.start,
                clock.from,
                clock.cite,
                edition_in_words(&clock.edition)
            ),
        ),
    };
    KeptRow {
        seq: one.held.seq,
        stream: one.held.stream.clone(),
        kind: one.held.kind.name(),
        what: one.what.clone(),
        created: one.held.created.to_string(),
        release,
        why: one.hold.as_ref().map_or(why, |hold| format!("held: {hold}")),
        may: one.hold.is_none() && first.is_some_and(|day| day <= today),
    }
}

/// `/watch/retention?stream=...` or `?kind=...`; what may be erased where neither is given, from the entry `from` on.
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let typed = Typed::in_address(&asked);
    again(asked, typed, None).await
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::Retention, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let stream = typed.get("stream").to_owned();
            let from = typed.get("from").parse().unwrap_or(0);
            let found = match RecordKind::parse(typed.get("kind")) {
                Some(kind) => house.kept_of_kind(kind, from)?,
                None if stream.is_empty() => house.releasable(from)?,
                None => house.kept_in(&stream)?,
            };
            Ok(RetentionPage {
                shell,
                schedule: house
                    .retention_schedule()
                    .into_iter()
                    .map(|line| ScheduleRow {
                        kind: line.kind.name(),
                        owner: line.owner.word(),
                        term: format!("{} years from {}", line.years, line.start),
                        cite: line.cite.to_string(),
                        edition: edition_in_words(&line.edition),
                    })
                    .collect(),
                records: found.records.iter().map(|one| kept(house, one)).collect(),
                next: found.next,
                stream,
                kind: typed.get("kind").to_owned(),
                kinds: RecordKind::ALL.iter().map(|kind| (kind.word(), kind.name())).collect(),
                today: house.clock.moment().date().to_string(),
                may_act: Door::RetentionErase.admits(role),
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
        Ok(()) => see("/watch/retention"),
        Err((typed, fault)) => again(asked, typed, Some(fault)).await,
    }
}

/// `POST /watch/retention/erase`
pub(in crate::http) async fn erase(asked: Asked) -> Answer {
    acted(asked, |house, by, typed| {
        let seq = typed.word("seq", |text| text.parse().ok())?;
        house.erase_record(by, seq, typed.get("reason")).map(|_| ())
    })
    .await
}

/// `POST /watch/retention/hold`
pub(in crate::http) async fn hold(asked: Asked) -> Answer {
    acted(asked, |house, by, typed| match typed.get("act") {
        "hold" => house.hold_records(by, typed.get("stream"), typed.get("reason")),
        "lift" => house.lift_hold(by, typed.get("stream"), typed.get("reason")),
        _ => Err(wrong("act", "it is not said whether to hold or to lift".to_owned(), "choose one")),
    })
    .await
}
