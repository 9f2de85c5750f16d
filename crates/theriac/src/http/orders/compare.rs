//! A supplier's statement beside the orders.

use super::read;
use crate::http::answer::page;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{Answer, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::Typed;
use askama::Template;

struct Row {
    order: String,
    other: String,
    ndc: String,
    reported: u64,
    booked: u64,
    since: String,
}

#[derive(Template)]
#[template(path = "orders_compare.html")]
struct ComparePage {
    shell: Shell,
    /// None before a statement was given.
    rows: Option<Vec<Row>>,
    typed: Typed,
    fault: Option<Failure>,
}

/// `/orders/compare`
#[allow(clippy::unused_async)] // as every door is opened
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let shell = Shell::new(Door::OrderCompare, &asked.visit);
    page(&ComparePage { shell, rows: None, typed: Typed::default(), fault: None })
}

/// `POST /orders/compare`: nothing is recorded.
pub(in crate::http) async fn compare(asked: Asked) -> Answer {
    let shell = Shell::new(Door::OrderCompare, &asked.visit);
    let (typed, _) = read(&asked).await?;
    let statement = typed.get("lines").to_owned();
    let found = asked.app.ask(move |world| act(world, |house| house.compare_orders(&statement))).await?;
    match found {
        Ok(differences) => {
            let rows = differences.into_iter().map(|one| Row {
                order: one.order,
                other: one.other.to_string(),
                ndc: one.ndc.to_string(),
                reported: one.reported,
                booked: one.booked,
                since: one.since.to_string(),
            });
            page(&ComparePage { shell, rows: Some(rows.collect()), typed, fault: None })
        }
        Err(fault) => {
            let status = fault.status;
            with_status(page(&ComparePage { shell, rows: None, typed, fault: Some(fault) }), Some(status))
        }
    }
}
