//! Filling and handing over for programs of the pharmacy, in the name of the pharmacist or technician who works with them.

use super::acts::pick_up;
use super::fill::{counted_in, fill_as_typed, opened};
use super::{Answer, filling_of, number_of, plain};
use crate::dispensary::HandTyped;
use crate::http::answer::json;
use crate::http::asked::Asked;
use crate::http::failure::Failure;
use crate::http::practice::act;
use crate::showing::in_words;
use crate::views::RefusalView;
use axum::http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};

/// What is asked to be dispensed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FillBody {
    scan: String,
    what: String,
    filling: u32,
    #[serde(default)]
    quantity: String,
    #[serde(default)]
    basis: String,
    #[serde(default)]
    counted: String,
    #[serde(default)]
    judgment: String,
    /// For gamma-hydroxybutyric acid: the practitioner's State number, how the authority was verified, the insurer.
    #[serde(default)]
    ghb_state: String,
    #[serde(default)]
    ghb_verified: String,
    #[serde(default)]
    ghb_insurer: String,
}

/// A filling that was recorded.
#[derive(Serialize)]
struct FilledBody {
    number: String,
    filling: u32,
    kind: String,
    quantity: String,
    remaining: String,
    counted: Option<String>,
    book: Option<String>,
    warnings: Vec<RefusalView>,
}

/// `POST /api/v1/records/{number}/fillings`
pub(in crate::http) async fn fill(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let actor = asked.visitor()?.actor.clone();
    let body: FillBody = asked.read_json().await?;
    let pairs = [
        ("scan", body.scan),
        ("what", body.what),
        ("filling", body.filling.to_string()),
        ("quantity", body.quantity),
        ("basis", body.basis),
        ("counted", body.counted),
        ("judgment", body.judgment),
        ("ghb-state", body.ghb_state),
        ("ghb-verified", body.ghb_verified),
        ("ghb-insurer", body.ghb_insurer),
    ];
    let fields = pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let typed = HandTyped { fields, scan: None };
    let done = asked.app.ask(move |world| {
        act(world, |house| {
            opened(house, &actor, &number)?;
            let done = fill_as_typed(house, &actor, &number, &typed)?;
            let (after, _) = house.dispensing_now(&number)?;
            let unit = after.face().quantity.unit();
            Ok(FilledBody {
                number: number.to_string(),
                filling: done.filling.no,
                kind: plain(done.filling.kind.word()),
                quantity: in_words(&done.filling.quantity),
                remaining: counted_in(done.filling.remaining, unit),
                counted: done.counted.as_ref().map(|counted| counted_in(counted.count.found, unit)),
                book: done.counted.as_ref().map(|counted| counted_in(counted.book, unit)),
                warnings: done.warnings.iter().map(RefusalView::from).collect(),
            })
        })
    });
    let body = done.await??;
    let mut response = json(&body)?;
    *response.status_mut() = StatusCode::CREATED;
    let location = HeaderValue::from_str(&format!("/api/v1/records/{}", body.number));
    response.headers_mut().insert(header::LOCATION, location.map_err(|_| Failure::unavailable())?);
    Ok(response)
}

/// Who took a filling.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HandOverBody {
    recipient: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    document: String,
    #[serde(default)]
    last_digits: String,
    #[serde(default)]
    matching: String,
    #[serde(default)]
    differing: String,
}

#[derive(Serialize)]
struct HandedOver {
    number: String,
    filling: u32,
    warnings: Vec<RefusalView>,
}

/// `POST /api/v1/records/{number}/fillings/{no}/hand-over`
pub(in crate::http) async fn hand_over(asked: Asked) -> Answer {
    let (number, no) = (number_of(&asked)?, filling_of(&asked)?);
    let actor = asked.visitor()?.actor.clone();
    let body: HandOverBody = asked.read_json().await?;
    let mut fields: Vec<(String, String)> = [
        ("recipient", body.recipient),
        ("to", body.to),
        ("by", body.by),
        ("document", body.document),
        ("last-digits", body.last_digits),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    fields.extend(body.matching.split_whitespace().map(|word| ("matching".to_owned(), word.to_owned())));
    fields.extend(body.differing.split_whitespace().map(|word| ("differing".to_owned(), word.to_owned())));
    let typed = HandTyped { fields, scan: None };
    let named = number.to_string();
    let done = asked.app.ask(move |world| act(world, |house| house.hand_over(&actor, &number, no, &pick_up(&typed)?)));
    let warnings = done.await??;
    json(&HandedOver { number: named, filling: no, warnings: warnings.iter().map(RefusalView::from).collect() })
}
