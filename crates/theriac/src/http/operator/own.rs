//! The practitioner's own side of an enrolment: to apply, to take note of the responsibility, to see what is missing.

use super::enrolment::is_wrong;
use super::{Reviewed, Tried, fields, step};
use crate::enrolment::fields::Fields;
use crate::enrolment::typed::{self, PLACES_MOST, of_application};
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::shell::Shell;
use askama::Template;
use axum::response::Response;
use theriac_prescriber::Signer;

type Answer = Result<Response, Failure>;

#[derive(Template)]
#[template(path = "own_enrolment.html")]
struct OwnPage {
    shell: Shell,
    signer: Signer,
    stage: String,
    review: Reviewed,
    typed: Fields,
    faults: Vec<Failure>,
}

impl OwnPage {
    fn rows() -> Vec<String> {
        super::numbers(PLACES_MOST / 2)
    }

    fn at(list: &str, n: &str, name: &str) -> String {
        format!("{list}[{n}].{name}")
    }

    fn wrong(&self, name: &str) -> bool {
        is_wrong(&self.faults, name)
    }
}

/// `/enrolment`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    shown(asked, None).await
}

async fn shown(asked: Asked, tried: Option<Tried>) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let shell = Shell::new(Door::OwnEnrolment, &asked.visit);
    let status = tried.as_ref().map_or(axum::http::StatusCode::OK, Tried::status);
    let filled = asked.app.ask(move |world| {
        step(world, |house| {
            let (signer, _) = house.signer(&actor.id)?;
            let provider = house.provider();
            let rules = house.rules(&provider);
            let review = house.review_enrolment(&signer, &rules)?;
            let Tried { fields: typed, faults } = tried.unwrap_or_else(|| {
                let mut fresh = Fields::default();
                fresh.set("name", house.full_name(&actor.id));
                let fields = signer.enrolment().application().map_or(fresh, of_application);
                Tried { fields, faults: Vec::new() }
            });
            let stage = super::in_words(signer.stage(rules.today));
            let review = Reviewed::of(&review, actor.role, &actor.id);
            Ok(OwnPage { shell, signer, stage, review, typed, faults })
        })
    });
    let filled = filled.await?.map_err(super::steps::one)?;
    let mut response = page(&filled)?;
    *response.status_mut() = status;
    Ok(response)
}

/// `POST /enrolment`
pub(in crate::http) async fn apply(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let typed = match fields(&asked).await? {
        Ok(typed) => typed,
        Err(tried) => return shown(asked, Some(tried)).await,
    };
    let tried = typed.clone();
    let done = asked.app.ask(move |world| {
        step(world, |house| {
            let application = typed::application(&tried, &actor, house.clock.now())?;
            house.steps(&actor, &actor.id, |signer| Ok(vec![signer.apply_for(application)?]))
        })
    });
    match done.await? {
        Ok(()) => see("/enrolment"),
        Err(faults) => shown(asked, Some(Tried { fields: typed, faults })).await,
    }
}

/// `POST /enrolment/acknowledgement`
pub(in crate::http) async fn acknowledge(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let done = asked.app.ask(move |world| {
        step(world, |house| {
            house.steps(&actor, &actor.id, |signer| {
                Ok(vec![signer.acknowledge(&actor).map_err(|refusal| vec![refusal])?])
            })
        })
    });
    match done.await? {
        Ok(()) => see("/enrolment"),
        Err(faults) => Err(super::steps::one(faults)),
    }
}
