//! The till for cash registers: whether something may be sold, and the sale.

use super::Answer;
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::json;
use crate::http::asked::Asked;
use crate::http::failure::Failure;
use crate::http::practice::act;
use crate::till::{Answered, ChemicalSale};
use crate::typed::Typed;
use crate::views::RefusalView;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use theriac_books::logbook::LOGBOOK_WARNING;
use theriac_model::Actor;

/// What a register sends about schedule V.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CounterAsked {
    ndc: String,
    quantity: String,
    name: String,
    address: String,
    born: String,
    shown: String,
}

impl CounterAsked {
    fn typed(self) -> Typed {
        pairs([
            ("ndc", self.ndc),
            ("quantity", self.quantity),
            ("name", self.name),
            ("address", self.address),
            ("born", self.born),
            ("shown", self.shown),
        ])
    }
}

/// What a register sends about a listed chemical.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChemicalAsked {
    ndc: String,
    packages: String,
    name: String,
    address: String,
    born: String,
    document: String,
    #[serde(rename = "name-on-document")]
    name_on_document: String,
    #[serde(default, rename = "document-state")]
    document_state: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    warning: String,
    #[serde(default)]
    signature: String,
    #[serde(default)]
    device: String,
}

impl ChemicalAsked {
    fn typed(self) -> Typed {
        pairs([
            ("ndc", self.ndc),
            ("packages", self.packages),
            ("name", self.name),
            ("address", self.address),
            ("born", self.born),
            ("document", self.document),
            ("name-on-document", self.name_on_document),
            ("document-state", self.document_state),
            ("channel", self.channel),
            ("purpose", self.purpose),
            ("warning", self.warning),
            ("signature", self.signature),
            ("device", self.device),
        ])
    }
}

fn pairs<const N: usize>(fields: [(&str, String); N]) -> Typed {
    Typed(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn answered(house: &House, answered: &Answered, unit: &str) -> Value {
    json!({
        "verdict": if answered.refusal.is_some() { "refuse" } else { "sell" },
        "refusal": answered.refusal.as_deref().map(RefusalView::from),
        "from": answered.allowed_from.map(|from| from.to_string()),
        "most": answered.most_now,
        "unit": unit,
        "warning": LOGBOOK_WARNING,
        "asked": house.clock.wall(house.clock.now()),
    })
}

async fn done(
    asked: &Asked,
    typed: Typed,
    status: StatusCode,
    work: impl FnOnce(&House, &Actor, &Typed) -> Result<Value, Fault> + Send + 'static,
) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let found = asked.app.ask(move |world| act(world, |house| work(house, &actor, &typed))).await?;
    let mut response = json(&found.map_err(|failure: Failure| failure)?)?;
    *response.status_mut() = status;
    Ok(response)
}

/// `POST /api/v1/till/counter-sales/check`
pub(in crate::http) async fn counter_ask(asked: Asked) -> Answer {
    let typed = asked.read_json::<CounterAsked>().await?.typed();
    done(&asked, typed, StatusCode::OK, |house, actor, typed| {
        let said = house.ask_counter_sale(actor, typed)?;
        let unit = house.on_sale_one(&typed.ndc("ndc")?)?.unit();
        Ok(answered(house, &said, unit))
    })
    .await
}

/// `POST /api/v1/till/counter-sales`
pub(in crate::http) async fn counter_sell(asked: Asked) -> Answer {
    let typed = asked.read_json::<CounterAsked>().await?.typed();
    done(&asked, typed, StatusCode::CREATED, |house, actor, typed| {
        let entry = house.counter_sale(actor, typed)?.entry;
        Ok(json!({
            "number": entry.number,
            "page": entry.page,
            "line": entry.line,
            "sold": entry.sold.to_string(),
        }))
    })
    .await
}

/// `POST /api/v1/till/chemical-sales/check`
pub(in crate::http) async fn chemical_ask(asked: Asked) -> Answer {
    let typed = asked.read_json::<ChemicalAsked>().await?.typed();
    done(&asked, typed, StatusCode::OK, |house, actor, typed| {
        Ok(answered(house, &house.ask_chemical_sale(actor, typed)?, "packages"))
    })
    .await
}

/// `POST /api/v1/till/chemical-sales`
pub(in crate::http) async fn chemical_sell(asked: Asked) -> Answer {
    let typed = asked.read_json::<ChemicalAsked>().await?.typed();
    done(&asked, typed, StatusCode::CREATED, |house, actor, typed| {
        Ok(match house.chemical_sale(actor, typed)? {
            ChemicalSale::Logged(entry) => json!({
                "number": entry.number,
                "sold": entry.sold.to_string(),
                "units": entry.units,
                "base": entry.product.base_mg(entry.units),
            }),
            ChemicalSale::Unlogged { product, units } => json!({
                "number": null,
                "sold": house.clock.moment().to_string(),
                "units": units,
                "base": product.base_mg(units),
            }),
        })
    })
    .await
}
