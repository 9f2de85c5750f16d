//! The pharmacy's list of auditable events, the monitors of the daily analysis, and what people saw.

use super::Answer;
use crate::archive::{Settings, Sighting};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{posted, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::{Typed, wrong};
use askama::Template;
use theriac_model::Actor;
use theriac_prescriber::audit::Application;
use theriac_prescriber::incident::{Attempt, Watched};

struct KindRow {
    word: String,
    name: String,
    required: bool,
}

#[derive(Template)]
#[template(path = "archive_auditable.html")]
struct AuditablePage {
    shell: Shell,
    kinds: Vec<KindRow>,
    settings: Settings,
    may_act: bool,
    typed: Typed,
    fault: Option<Failure>,
}

fn row(kind: &Watched) -> KindRow {
    let word = kind.to_string();
    let name = word.strip_prefix("house:").unwrap_or(&word);
    KindRow { name: name.replace('-', " "), required: matches!(kind, Watched::Minimum(_)), word: word.clone() }
}

/// `/archive/auditable`
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    again(asked, Typed::default(), None).await
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::Auditable, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let watching = house.watching(Application::Dispensing)?;
            Ok(AuditablePage {
                shell,
                kinds: watching.register.list().kinds().iter().map(row).collect(),
                settings: house.monitor_settings()?.0,
                may_act: Door::AuditableChange.admits(role),
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
        Ok(()) => see("/archive/auditable"),
        Err((typed, fault)) => again(asked, typed, Some(fault)).await,
    }
}

/// `POST /archive/auditable`: a kind is put on the list, or taken off.
pub(in crate::http) async fn change(asked: Asked) -> Answer {
    acted(asked, |house, by, typed| match typed.get("act") {
        "add" => house.watch_also(by, typed.get("name")),
        "remove" => house.watch_no_more(by, &typed.word("kind", Watched::parse)?),
        _ => Err(wrong("act", "it is not said whether to add or to remove".to_owned(), "choose one")),
    })
    .await
}

/// `POST /archive/auditable/sighting`: what somebody saw.
pub(in crate::http) async fn sighting(asked: Asked) -> Answer {
    acted(asked, |house, by, typed| {
        let sighting = Sighting {
            kind: typed.word("kind", Watched::parse)?,
            attempt: typed.word("attempt", Attempt::parse)?,
            subject: typed.get("subject").chars().take(200).collect(),
            detail: typed.get("what").to_owned(),
        };
        house.report_sighting(by, sighting)
    })
    .await
}

/// `POST /archive/monitors`: what is usual here.
pub(in crate::http) async fn monitors(asked: Asked) -> Answer {
    acted(asked, |house, by, typed| {
        let settings = Settings {
            opens: typed.word("opens", |text| text.parse().ok())?,
            closes: typed.word("closes", |text| text.parse().ok())?,
            opened: typed.word("opened", |text| text.parse().ok())?,
            partials: typed.word("partials", |text| text.parse().ok())?,
            copies: typed.word("copies", |text| text.parse().ok())?,
        };
        house.set_monitors(by, settings)
    })
    .await
}
