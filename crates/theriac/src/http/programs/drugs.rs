//! Drugs to choose from, as JSON.

use super::Answer;
use super::patients::searched;
use crate::house::event::Product;
use crate::http::answer::json;
use crate::http::asked::Asked;
use crate::http::practice::act;
use serde_json::{Value, json as object};
use theriac_model::Schedule;

fn shown(product: &Product) -> Value {
    object!({
        "ndc": product.ndc.as_str(),
        "name": product.name,
        "strength": product.strength,
        "form": product.form,
        "unit": product.unit.name(),
        "schedule": product.schedule.map(Schedule::roman),
    })
}

/// `/api/v1/drugs?q=`: controlled drugs by the beginning of a name or an NDC, with the schedule that stands today.
pub(in crate::http) async fn drugs(asked: Asked) -> Answer {
    let search = searched(&asked)?;
    let found = asked.app.ask(move |world| act(world, |house| Ok(house.find_drugs(&search)?))).await??;
    json(&object!({ "drugs": found.iter().map(shown).collect::<Vec<_>>() }))
}
