//! What a program wants of this desk: a label for the printer beside the counter, a day's refills, the downtime kit.

use super::number_of;
use super::refills::day_of;
use crate::dispensary::LabelForm;
use crate::dispensary::moving_papers::{due_in_words, wall};
use crate::http::answer::json;
use crate::http::asked::Asked;
use crate::http::failure::Failure;
use crate::http::form::Answer;
use crate::http::practice::act;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json as object;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    no: u32,
    format: String,
    #[serde(default)]
    why: String,
}

/// `POST /api/v1/records/{number}/labels`
pub(in crate::http) async fn api_label(asked: Asked) -> Answer {
    let (number, actor) = (number_of(&asked)?, asked.visitor()?.actor.clone());
    let app = asked.app.clone();
    let wanted: Wanted = asked.json().await?;
    let form = LabelForm::parse(&wanted.format).ok_or_else(|| {
        let next = "send pdf, pdf-4x6, zpl or zpl-300";
        Failure::new(StatusCode::UNPROCESSABLE_ENTITY, "FORM-FIELD", "format is none of those to choose from", next)
    })?;
    let printed =
        app.ask(move |world| act(world, |house| house.print_label(&actor, &number, wanted.no, form, &wanted.why)));
    let label = object!({ "media": form.media(), "label": STANDARD.encode(printed.await??) });
    let mut response = json(&label)?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// `/api/v1/refill-days/{id}`
pub(in crate::http) async fn api_refill_day(asked: Asked) -> Answer {
    let day = day_of(&asked)?;
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let (found, _) = house.refill_day(day)?;
            let lines: Vec<_> = found
                .refills
                .lines
                .iter()
                .map(|line| {
                    object!({
                        "at": wall(line.at),
                        "number": line.number.as_str(),
                        "patient": line.patient,
                        "drug": line.drug,
                        "quantity": crate::showing::in_words(&line.quantity),
                        "pharmacist": line.pharmacist.full_name,
                    })
                })
                .collect();
            let names = |people: Vec<&theriac_pharmacy::Person>| {
                people.into_iter().map(|person| person.full_name.clone()).collect::<Vec<_>>()
            };
            Ok(object!({
                "day": day.to_string(),
                "standing": found.standing.to_string(),
                "due": found.due.map(due_in_words),
                "lines": lines,
                "signed": names(found.record.signed().iter().map(|signed| &signed.by).collect()),
                "missing": names(found.record.missing(&found.refills)),
            }))
        })
    });
    json(&found.await??)
}

/// `/api/v1/downtime-kit`
pub(in crate::http) async fn api_kit(asked: Asked) -> Answer {
    let found = asked.app.ask(|world| {
        act(world, |house| {
            let kit = house.downtime_kit()?;
            let lines: Vec<_> = kit
                .lines
                .iter()
                .map(|line| {
                    object!({
                        "number": line.number.as_str(),
                        "patient": line.patient,
                        "drug": line.drug,
                        "quantity": crate::showing::in_words(&line.quantity),
                        "refills": line.refills_left,
                        "last_day": line.last_day.map(due_in_words),
                    })
                })
                .collect();
            Ok(object!({ "at": wall(kit.at), "lines": lines }))
        })
    });
    json(&found.await??)
}
