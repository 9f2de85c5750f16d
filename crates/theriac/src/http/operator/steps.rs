//! The steps of an enrolment that an operator takes: each a form of the enrolment's page, decided by the core and recorded.

use super::enrolment::{Forms, shown};
use super::{Tried, fields, practitioner, step};
use crate::enrolment::NotDone;
use crate::enrolment::fields::Fields;
use crate::enrolment::typed;
use crate::house::House;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::failure::Failure;
use crate::practice::cards::{self, CardEvent};
use axum::response::Response;
use theriac_model::{Actor, Registration};

type Answer = Result<Response, Failure>;

/// The first of several refusals, where a page has no form to show them with.
pub(super) fn one(faults: Vec<Failure>) -> Failure {
    faults.into_iter().next().unwrap_or_else(Failure::unavailable)
}

/// Takes a step with the fields of its form; goes back to the enrolment, or shows the form again with everything that
/// speaks against it.
async fn taken<W, P>(asked: Asked, anchor: &'static str, work: W, put: P) -> Answer
where
    W: FnOnce(&House, &Actor, &str, &Fields) -> Result<(), NotDone> + Send + 'static,
    P: FnOnce(&mut Forms, Fields) + Send + 'static,
{
    let (id, actor) = (asked.id("id")?, asked.visitor()?.actor.clone());
    let typed = match fields(&asked).await? {
        Ok(typed) => typed,
        Err(tried) => return shown(asked, id, |_| (), tried).await,
    };
    let (person, tried) = (id.clone(), typed.clone());
    let done = asked.app.ask(move |world| {
        step(world, |house| {
            practitioner(house, &person)?;
            work(house, &actor, &person, &tried)
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

fn only<T>(read: Result<T, theriac_model::Refusal>) -> Result<T, Vec<theriac_model::Refusal>> {
    read.map_err(|refusal| vec![refusal])
}

/// `POST /operator/enrolments/{id}/application`
pub(in crate::http) async fn apply(asked: Asked) -> Answer {
    let work = |house: &House, by: &Actor, person: &str, fields: &Fields| {
        let application = typed::application(fields, by, house.clock.now())?;
        house.steps(by, person, |signer| Ok(vec![signer.apply_for(application)?]))
    };
    taken(asked, "application", work, |forms, typed| forms.application = typed).await
}

/// `POST /operator/enrolments/{id}/acceptance`
pub(in crate::http) async fn accept(asked: Asked) -> Answer {
    let work = |house: &House, by: &Actor, person: &str, _: &Fields| house.accept_document(by, person);
    taken(asked, "document", work, |_, _| ()).await
}

/// `POST /operator/enrolments/{id}/record`
pub(in crate::http) async fn record(asked: Asked) -> Answer {
    let work = |house: &House, by: &Actor, person: &str, fields: &Fields| {
        let record = typed::record(fields)?;
        let provider = house.provider();
        house.steps(by, person, |signer| Ok(vec![signer.enter_record(by, record, &house.rules(&provider))?]))
    };
    taken(asked, "record", work, |forms, typed| forms.record = typed).await
}

/// `POST /operator/enrolments/{id}/checks`
pub(in crate::http) async fn check(asked: Asked) -> Answer {
    let work = |house: &House, by: &Actor, person: &str, fields: &Fields| {
        let check = typed::check(fields, by, house.clock.now())?;
        house.steps(by, person, |signer| Ok(vec![only(signer.record_check(check))?]))
    };
    taken(asked, "checks", work, |forms, typed| forms.check = typed).await
}

/// `POST /operator/enrolments/{id}/contacts`
pub(in crate::http) async fn contact(asked: Asked) -> Answer {
    let work = |house: &House, by: &Actor, person: &str, fields: &Fields| {
        let contact = typed::contact(fields, by, house.clock.now())?;
        house.steps(by, person, |signer| Ok(vec![only(signer.record_contact(contact))?]))
    };
    taken(asked, "contacts", work, |forms, typed| forms.contact = typed).await
}

/// `POST /operator/enrolments/{id}/registrations`
pub(in crate::http) async fn look_up(asked: Asked) -> Answer {
    let work = |house: &House, by: &Actor, person: &str, fields: &Fields| {
        house.look_up_registration(by, person, typed::number("registration", fields)?)
    };
    taken(asked, "registrations", work, |_, _| ()).await
}

/// `POST /operator/enrolments/{id}/differences`
pub(in crate::http) async fn name(asked: Asked) -> Answer {
    let work = |house: &House, by: &Actor, person: &str, fields: &Fields| {
        let number = typed::number("difference.registration", fields)?;
        house.explain_name(by, person, number, &fields.text("difference.reason"))
    };
    taken(asked, "differences", work, |forms, typed| forms.difference = typed).await
}

/// `POST /operator/enrolments/{id}/places`
pub(in crate::http) async fn place(asked: Asked) -> Answer {
    let work = |house: &House, by: &Actor, person: &str, fields: &Fields| {
        let registration = Registration::parse(&fields.text("address.registration")).map_err(|error| {
            let next = "choose one of the registrations applied for";
            crate::enrolment::fields::unreadable("address.registration", error.to_string(), next)
        })?;
        let get = |name: &str| fields.get(&format!("address.{name}"));
        let treatment_id = fields.text("address.treatment-id");
        let place = cards::Place {
            person: person.to_owned(),
            registration,
            name: cards::name(get("first"), get("middle"), get("last"), get("suffix"))?,
            address: cards::address(get("line1"), get("line2"), get("city"), get("state"), get("postal"))?,
            treatment_id: Some(treatment_id).filter(|id| !id.is_empty()),
        };
        Ok(house.write_cards(by, &[CardEvent::Place(place)])?)
    };
    taken(asked, "places", work, |forms, typed| forms.place = typed).await
}
