//! The identity-proofing form on paper: what is known stands on it, the rest is a line to write on.

use super::{practitioner, step};
use crate::enrolment::NotDone;
use crate::http::asked::Asked;
use crate::http::form::{Answer, pdf};
use crate::views::World;

/// `/operator/enrolments/{id}/form.pdf`
pub(in crate::http) async fn of_person(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    printed(asked, id).await
}

/// `/enrolment/form.pdf`
pub(in crate::http) async fn own(asked: Asked) -> Answer {
    let id = asked.visitor()?.actor.id.clone();
    printed(asked, id).await
}

async fn printed(asked: Asked, id: String) -> Answer {
    let name = format!("identity-proofing-{id}.pdf");
    let paper = asked.app.ask(move |world: &dyn World| {
        step(world, |house| {
            practitioner(house, &id)?;
            house.proofing_form(&id).map_err(NotDone::from)
        })
    });
    pdf(&name, &paper.await?.map_err(super::steps::one)?)
}
