//! The steps of an enrolment that an operator takes: each a form of the enrolment's page, decided by the core and recorded.

use super::enrolment::{Forms, shown};
use super::{Tried, fields, practitioner, step};
use crate::enrolment::fields::Fields;
use crate::enrolment::steps::Step;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::failure::Failure;
use axum::response::Response;

type Answer = Result<Response, Failure>;

/// The first of several refusals, where a page has no form to show them with.
pub(super) fn one(faults: Vec<Failure>) -> Failure {
    faults.into_iter().next().unwrap_or_else(Failure::unavailable)
}

/// Takes a step with the fields of its form; goes back to the enrolment, or shows the form again with everything that
/// speaks against it.
async fn taken(asked: Asked, wanted: Step, anchor: &'static str, put: fn(&mut Forms, Fields)) -> Answer {
    let (id, actor) = (asked.id("id")?, asked.visitor()?.actor.clone());
    let typed = match fields(&asked).await? {
        Ok(typed) => typed,
        Err(tried) => return shown(asked, id, |_| (), tried).await,
    };
    let (person, tried) = (id.clone(), typed.clone());
    let done = asked.app.ask(move |world| {
        step(world, |house| {
            practitioner(house, &person)?;
            house.take_step(&actor, &person, wanted, &tried)
        })
    });
    match done.await? {
        Ok(()) => see(&format!("/operator/enrolments/{id}#{anchor}")),
        Err(faults) => {
            let again = typed.clone();
            shown(asked, id, move |forms| put(forms, again), Tried { fields: typed, faults }).await
        }
    }
}

/// `POST /operator/enrolments/{id}/application`
pub(in crate::http) async fn apply(asked: Asked) -> Answer {
    taken(asked, Step::Application, "application", |forms, typed| forms.application = typed).await
}

/// `POST /operator/enrolments/{id}/acceptance`
pub(in crate::http) async fn accept(asked: Asked) -> Answer {
    taken(asked, Step::Acceptance, "document", |_, _| ()).await
}

/// `POST /operator/enrolments/{id}/record`
pub(in crate::http) async fn record(asked: Asked) -> Answer {
    taken(asked, Step::Record, "record", |forms, typed| forms.record = typed).await
}

/// `POST /operator/enrolments/{id}/checks`
pub(in crate::http) async fn check(asked: Asked) -> Answer {
    taken(asked, Step::Check, "checks", |forms, typed| forms.check = typed).await
}

/// `POST /operator/enrolments/{id}/contacts`
pub(in crate::http) async fn contact(asked: Asked) -> Answer {
    taken(asked, Step::Contact, "contacts", |forms, typed| forms.contact = typed).await
}

/// `POST /operator/enrolments/{id}/registrations`
pub(in crate::http) async fn look_up(asked: Asked) -> Answer {
    taken(asked, Step::Registration, "registrations", |_, _| ()).await
}

/// `POST /operator/enrolments/{id}/differences`
pub(in crate::http) async fn name(asked: Asked) -> Answer {
    taken(asked, Step::Difference, "differences", |forms, typed| forms.difference = typed).await
}

/// `POST /operator/enrolments/{id}/places`
pub(in crate::http) async fn place(asked: Asked) -> Answer {
    taken(asked, Step::Address, "places", |forms, typed| forms.place = typed).await
}
