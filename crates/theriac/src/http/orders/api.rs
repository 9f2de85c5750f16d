//! Orders for programs: made out, received, and where they stand. An order is signed on its page, by whoever may sign it.

use super::Answer;
use super::desk::state_of;
use crate::house::House;
use crate::http::answer::json;
use crate::http::asked::Asked;
use crate::http::failure::Failure;
use crate::http::practice::act;
use crate::orders::Purchase;
use crate::typed::Typed;
use axum::http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use theriac_books::orders::LineStanding;
use theriac_law::vocab::Word as _;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Supplier {
    name: String,
    number: String,
    line1: String,
    city: String,
    state: String,
    postal: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineWanted {
    ndc: String,
    packages: u32,
    #[serde(default)]
    size: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderWanted {
    #[serde(default)]
    form: String,
    supplier: Supplier,
    lines: Vec<LineWanted>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Came {
    line: u32,
    packages: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Receipt {
    #[serde(default)]
    invoice: String,
    #[serde(default)]
    lines: Vec<Came>,
    #[serde(default)]
    scans: Vec<String>,
}

/// An answer about something that is new, with where it is.
fn created(document: &Value, at: &str) -> Answer {
    let mut response = json(document)?;
    *response.status_mut() = StatusCode::CREATED;
    let location = HeaderValue::from_str(at).map_err(|_| Failure::unavailable())?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// An order as programs see it.
fn shown(house: &House, purchase: &Purchase) -> Value {
    let order = &purchase.order;
    let executed = order.executed();
    let lines: Vec<Value> = order
        .lines()
        .map(|one| {
            let product = &one.line.product;
            json!({
                "line": one.line.number,
                "ndc": product.commodity.ndc.as_str(),
                "item": format!("{} {} {}", product.name, product.strength, product.form),
                "packages": one.line.packages,
                "received": one.received(),
                "outstanding": one.outstanding(),
                "excess": one.excess,
                "state": match one.standing {
                    LineStanding::Open if one.outstanding() == 0 => "complete",
                    LineStanding::Open => "open",
                    LineStanding::Cancelled => "cancelled",
                    LineStanding::Voided => "void",
                },
            })
        })
        .collect();
    json!({
        "id": purchase.id,
        "number": executed.number.to_string(),
        "method": executed.method.word(),
        "state": state_of(purchase),
        "signed": house.moment_in_words(executed.signed),
        "signer": house.full_name(&executed.signer),
        "supplier": order.filled_by().name,
        "until": house.order_runs_until(executed.signed.date()).map(|day| day.to_string()),
        "lines": lines,
    })
}

/// `/api/v1/orders`
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let all = house.purchases()?;
            Ok(all.iter().map(|one| shown(house, one)).collect::<Vec<_>>())
        })
    });
    json(&json!({ "orders": found.await?? }))
}

/// `/api/v1/orders/{id}`
pub(in crate::http) async fn one(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    json(&asked.app.ask(move |world| act(world, |house| Ok(shown(house, &house.purchase(&id)?)))).await??)
}

/// `POST /api/v1/orders`: an order made out, kept to be signed on its page; with what the rulebook would say if the person in
/// whose name it is made out signed it now.
pub(in crate::http) async fn write(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let body: OrderWanted = asked.read_json().await?;
    let electronic = body.form.is_empty();
    let mut fields = vec![
        ("number-of-form".to_owned(), body.form),
        ("name".to_owned(), body.supplier.name),
        ("number".to_owned(), body.supplier.number),
        ("line1".to_owned(), body.supplier.line1),
        ("city".to_owned(), body.supplier.city),
        ("state".to_owned(), body.supplier.state),
        ("postal".to_owned(), body.supplier.postal),
        ("last".to_owned(), if electronic { String::new() } else { body.lines.len().to_string() }),
    ];
    for (n, line) in (1_usize..).zip(body.lines) {
        fields.push((format!("ndc-{n}"), line.ndc));
        fields.push((format!("packages-{n}"), line.packages.to_string()));
        fields.push((format!("size-{n}"), line.size));
    }
    let done = asked.app.ask(move |world| {
        act(world, |house| {
            let typed = Typed(fields);
            let id = house.write_order(&by, None, &typed)?;
            let signing = [("signature", "handwritten"), ("condition", "good"), ("copy", "yes")];
            let signing = Typed(signing.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
            let (may, code, what) = match house.would_execute(&by, &typed, &signing) {
                Ok(()) => (true, String::new(), String::new()),
                Err(crate::house::record::Fault::Refused(refusal)) => {
                    (false, refusal.code.0.to_owned(), refusal.what.to_string())
                }
                Err(other) => return Err(other),
            };
            let page = format!("/orders/drafts/{id}");
            Ok(json!({"id": id, "page": page, "signable": may, "code": code, "what": what}))
        })
    });
    let made = done.await??;
    let page = made.get("page").and_then(Value::as_str).unwrap_or_default().to_owned();
    created(&made, &page)
}

/// `POST /api/v1/orders/{id}/receipts`: what came, line by line or as it was scanned; the stock follows in the same act.
pub(in crate::http) async fn receive(asked: Asked) -> Answer {
    let (id, by) = (asked.id("id")?, asked.visitor()?.actor.clone());
    let order = id.clone();
    let body: Receipt = asked.read_json().await?;
    let mut fields = vec![("invoice".to_owned(), body.invoice)];
    fields.push(("scans".to_owned(), body.scans.join("\n")));
    fields.extend(body.lines.iter().map(|came| (format!("packages-{}", came.line), came.packages.to_string())));
    let done = asked.app.ask(move |world| {
        act(world, |house| {
            house.may_have_access(&by)?;
            house.act_on_order(&by, &id, "receive", &Typed(fields))?;
            Ok(shown(house, &house.purchase(&id)?))
        })
    });
    let made = done.await??;
    created(&made, &format!("/api/v1/orders/{order}"))
}
