//! The books for programs: what is due, and the accountability statement of a product.

use super::ndc;
use crate::http::answer::json;
use crate::http::asked::Asked;
use crate::http::form::Answer;
use crate::http::practice::act;
use crate::stockroom::Period;
use crate::typed::Typed;
use serde_json::json;

/// `/api/v1/books/due`
pub(in crate::http) async fn due(asked: Asked) -> Answer {
    let found = asked.app.ask(move |world| act(world, crate::house::House::due_in_stockroom)).await??;
    let rows: Vec<_> = found
        .into_iter()
        .map(|one| json!({ "what": one.what, "by": one.by, "state": one.state, "page": one.href }))
        .collect();
    json(&json!({ "due": rows }))
}

/// `/api/v1/books/{ndc}/statement?from=...&to=...`
pub(in crate::http) async fn statement(asked: Asked) -> Answer {
    let ndc = ndc(&asked)?;
    let typed = Typed::in_address(&asked);
    let period = Period { from: typed.maybe("from"), to: typed.maybe("to") };
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let stated = house.product_statement(&ndc, &period)?;
            let statement = &stated.statement;
            let rows: Vec<_> = statement
                .rows
                .iter()
                .map(|row| {
                    json!({
                        "row": row.category.word(),
                        "direction": row.category.direction().word(),
                        "amount": row.amount,
                        "entries": row.entries.iter().map(ToString::to_string).collect::<Vec<_>>(),
                    })
                })
                .collect();
            Ok(json!({
                "ndc": stated.commodity.ndc.as_str(),
                "name": stated.goods.title(),
                "unit": stated.commodity.unit.word(),
                "title": statement.title().word(),
                "from": statement.from.to_string(),
                "to": statement.to.to_string(),
                "opening": statement.opening.amount,
                "rows": rows,
                "accountable": statement.accountable(),
                "expected": statement.expected(),
                "counted": statement.closing.as_ref().map(|closing| closing.found),
                "variance": statement.variance(),
                "agrees": stated.disagreement.is_none(),
            }))
        })
    });
    json(&found.await??)
}
