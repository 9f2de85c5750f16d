//! Drafts from the fields of the desk's form.

use super::{Answer, key, made, of_this_desk};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::json;
use crate::http::asked::Asked;
use crate::http::practice::act;
use crate::practice::drafting::{Said, Typed};
use serde::Deserialize;
use serde_json::json as object;
use theriac_model::Actor;

/// A draft as it is answered: its stage, and what the rulebook says of it.
fn drafted(id: &str, stage: &str, said: &Said) -> serde_json::Value {
    object!({ "id": id, "stage": stage, "said": said })
}

/// `POST /api/v1/drafts/check`: what the rulebook says of these fields; nothing is recorded.
pub(in crate::http) async fn check(asked: Asked) -> Answer {
    let (app, actor) = (asked.app.clone(), asked.visitor()?.actor.clone());
    let typed: Typed = asked.json().await?;
    json(&app.ask(move |world| act(world, |house| house.say(&actor, &typed))).await??)
}

/// `POST /api/v1/drafts`
pub(in crate::http) async fn enter(asked: Asked) -> Answer {
    let (app, actor, key) = (asked.app.clone(), asked.visitor()?.actor.clone(), key(&asked));
    let typed: Typed = asked.json().await?;
    let entered = app.ask(move |world| {
        act(world, |house| {
            let id = house.enter_for(&actor, key.as_deref(), &typed)?;
            Ok((id, house.say(&actor, &typed)?))
        })
    });
    let (id, said) = entered.await??;
    made(json(&drafted(&id, "draft", &said))?, &format!("/api/v1/prescriptions/{id}"))
}

/// `POST /api/v1/prescriptions/{id}/change`: replaces a draft's fields; its ready mark is gone.
pub(in crate::http) async fn change(asked: Asked) -> Answer {
    let (app, actor, id) = (asked.app.clone(), asked.visitor()?.actor.clone(), asked.id("id")?);
    let typed: Typed = asked.json().await?;
    let wanted = id.clone();
    let changed = app.ask(move |world| {
        act(world, |house| {
            of_this_desk(house, &actor, &wanted)?;
            house.rewrite(&actor, &wanted, &typed)?;
            house.say(&actor, &typed)
        })
    });
    json(&drafted(&id, "draft", &changed.await??))
}

/// Does one act on a prescription and answers its stage afterwards.
async fn step<W>(asked: &Asked, work: W) -> Answer
where
    W: FnOnce(&House, &Actor, &str) -> Result<(), Fault> + Send + 'static,
{
    let (actor, id) = (asked.visitor()?.actor.clone(), asked.id("id")?);
    let wanted = id.clone();
    let stage = asked.app.ask(move |world| {
        act(world, |house| {
            of_this_desk(house, &actor, &wanted)?;
            work(house, &actor, &wanted)?;
            Ok(house.prescription_now(&wanted)?.0.stage())
        })
    });
    json(&object!({ "id": id, "stage": stage.await?? }))
}

/// `POST /api/v1/prescriptions/{id}/ready`
pub(in crate::http) async fn ready(asked: Asked) -> Answer {
    step(&asked, House::mark_ready).await
}

/// `POST /api/v1/prescriptions/{id}/discard`
pub(in crate::http) async fn discard(asked: Asked) -> Answer {
    step(&asked, House::discard).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Why {
    reason: String,
}

/// `POST /api/v1/prescriptions/{id}/cancel`: the practitioner withdraws what was sent.
pub(in crate::http) async fn cancel(asked: Asked) -> Answer {
    let why: Why = asked.read_json().await?;
    step(&asked, move |house, by, id| house.cancel(by, id, &why.reason)).await
}
