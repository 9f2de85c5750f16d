//! One order: its lines, what came, the notices, its papers.

use super::desk::{OrderRow, order_row};
use super::{act_of, paper, read};
use crate::house::House;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{Answer, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::orders::{OrderPaper, Purchase};
use crate::typed::Typed;
use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;
use theriac_books::orders::{LineStanding, OrderEvent};

struct LineView {
    number: u32,
    packages: u32,
    size: String,
    item: String,
    ndc: String,
    came: String,
    outstanding: u32,
    excess: u32,
    state: &'static str,
    typed: String,
}

#[allow(clippy::struct_excessive_bools)] // each is one part of the page, shown or not
#[derive(Template)]
#[template(path = "orders_one.html")]
struct OrderPage {
    shell: Shell,
    row: OrderRow,
    may_act: bool,
    over: bool,
    electronic: bool,
    purchaser: String,
    supplier: String,
    power: String,
    invoices: String,
    digest: String,
    lost: Option<String>,
    replaces: Option<String>,
    not_accepted: Option<String>,
    lines: Vec<LineView>,
    outstanding: u32,
    untouched: bool,
    steps: Vec<(String, String)>,
    papers: Vec<(&'static str, &'static str)>,
    typed: Typed,
    fault: Option<Failure>,
}

fn list(lines: &[u32]) -> String {
    lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn step(house: &House, event: &OrderEvent) -> (String, String) {
    let at = |at: &theriac_law::Moment| house.moment_in_words(*at);
    match event {
        OrderEvent::Executed { order } => (at(&order.signed), format!("signed by {}", house.full_name(&order.signer))),
        OrderEvent::Endorsed { to, at: when } => (at(when), format!("passed on by the supplier to {}", to.name)),
        OrderEvent::Received { line, packages, invoice, by, at: when } => {
            let invoice = invoice.as_deref().map(|number| format!(", invoice {number}")).unwrap_or_default();
            (at(when), format!("line {line}: {packages} packages received by {}{invoice}", house.full_name(&by.id)))
        }
        OrderEvent::Excess { line, packages, by, at: when } => (
            at(when),
            format!("line {line}: {packages} packages more than ordered, set apart by {}", house.full_name(&by.id)),
        ),
        OrderEvent::Cancelled { lines, notice, by, at: when } => {
            (at(when), format!("lines {} cancelled by {}: {notice}", list(lines), house.full_name(&by.id)))
        }
        OrderEvent::Voided { lines, notice, at: when } => {
            (at(when), format!("lines {} voided by the supplier: {notice}", list(lines)))
        }
        OrderEvent::NotAccepted { statement, at: when } => (at(when), format!("not accepted: {statement}")),
        OrderEvent::Lost { replaced_by, by, at: when, .. } => {
            (at(when), format!("declared lost by {}; order {replaced_by} replaces it", house.full_name(&by.id)))
        }
        OrderEvent::Replaces { statement, at: when } => {
            (at(when), format!("replaces order {}, which was lost", statement.first))
        }
    }
}

fn order_page(
    house: &House,
    shell: Shell,
    purchase: &Purchase,
    may_act: bool,
    typed: Typed,
    fault: Option<Failure>,
) -> OrderPage {
    let order = &purchase.order;
    let executed = order.executed();
    let lines: Vec<LineView> = order
        .lines()
        .map(|state| {
            let product = &state.line.product;
            let came: Vec<String> =
                state.deliveries.iter().map(|(packages, on)| format!("{packages} on {on}")).collect();
            LineView {
                number: state.line.number,
                packages: state.line.packages,
                size: House::package_in_words(product),
                item: format!("{} {} {}", product.name, product.strength, product.form),
                ndc: product.commodity.ndc.to_string(),
                came: came.join("; "),
                outstanding: state.outstanding(),
                excess: state.excess,
                state: match state.standing {
                    LineStanding::Open if state.outstanding() == 0 => "complete",
                    LineStanding::Open => "open",
                    LineStanding::Cancelled => "cancelled",
                    LineStanding::Voided => "void",
                },
                typed: typed.get(&format!("packages-{}", state.line.number)).to_owned(),
            }
        })
        .collect();
    let papers =
        OrderPaper::ALL.iter().filter(|(which, ..)| house.order_paper(order, &purchase.events, *which).is_ok());
    let supplier = order.filled_by();
    OrderPage {
        row: order_row(house, purchase),
        may_act,
        over: order.lost().is_some() || order.not_accepted().is_some(),
        electronic: executed.digest.is_some(),
        purchaser: format!("{}, {}", executed.purchaser.name, executed.purchaser.number),
        supplier: format!("{}, {}, {}", supplier.name, supplier.address.one_line(), supplier.number),
        power: executed
            .power
            .as_ref()
            .map_or_else(|| "the registration itself".to_owned(), |id| format!("power of attorney {}", id.as_str())),
        invoices: order.invoices().join(", "),
        digest: executed.digest.clone().unwrap_or_default(),
        lost: order.lost().map(|(_, by)| by.to_string()),
        replaces: order.replaces().map(|statement| statement.first.to_string()),
        not_accepted: order.not_accepted().map(str::to_owned),
        outstanding: lines.iter().map(|line| line.outstanding).sum(),
        untouched: lines.iter().all(|line| line.came.is_empty()),
        lines,
        steps: purchase.events.iter().map(|event| step(house, event)).collect(),
        papers: papers.map(|(_, name, words)| (*name, *words)).collect(),
        shell,
        typed,
        fault,
    }
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let id = asked.id("id")?;
    let may_act = Door::OrderAct.admits(asked.visitor()?.actor.role);
    let shell = Shell::new(Door::OrderOne, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| Ok(order_page(house, shell, &house.purchase(&id)?, may_act, typed, fault)))
    });
    with_status(page(&found.await??), status)
}

/// `/orders/{id}`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    again(asked, Typed::default(), None).await
}

/// `POST /orders/{id}/{act}`
pub(in crate::http) async fn acted(asked: Asked) -> Answer {
    let (id, name, by) = (asked.id("id")?, act_of(&asked)?, asked.visitor()?.actor.clone());
    let (typed, _) = read(&asked).await?;
    let (given, order) = (typed.clone(), id.clone());
    match asked.app.ask(move |world| act(world, |house| house.act_on_order(&by, &order, &name, &given))).await? {
        Ok(()) => see(&format!("/orders/{id}")),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}

/// `/orders/{id}/papers/{paper}`: the papers of [`OrderPaper`], and `signed-order`, the file of an electronic one.
pub(in crate::http) async fn paper_of(asked: Asked) -> Answer {
    let (id, name) = (asked.id("id")?, asked.id("paper")?);
    if name == "signed-order" {
        let stream = format!("order/{id}");
        let file = asked.app.ask(move |world| act(world, |house| house.order_file(&stream))).await??;
        let file = file.ok_or_else(Failure::no_such_page)?;
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/pkcs7-mime")),
            (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"order.p7m\"")),
        ];
        return Ok((headers, file).into_response());
    }
    let which = OrderPaper::parse(&name).ok_or_else(Failure::no_such_page)?;
    let order = id.clone();
    paper(&asked, &format!("{id}-{name}"), move |house| {
        let purchase = house.purchase(&order)?;
        house.order_paper(&purchase.order, &purchase.events, which).map(Some)
    })
    .await
}
