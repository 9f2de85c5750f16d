//! Deliveries: the form with lines and scans, the list, one delivery with its differences and its paper.

use super::{filled, in_format, posted};
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::Answer;
use crate::http::shell::Shell;
use crate::stockroom::in_words;
use crate::typed::Typed;
use askama::Template;
use theriac_books::orders::Settlement;

/// Deliveries shown in the list.
const SHOWN: usize = 100;

struct DeliveryRow {
    id: String,
    day: String,
    supplier: String,
    invoice: String,
    lines: usize,
    open: usize,
}

#[derive(Template)]
#[template(path = "books_receipts.html")]
struct ReceiptsPage {
    shell: Shell,
    rows: Vec<DeliveryRow>,
    may_act: bool,
    now: String,
    typed: Typed,
    fault: Option<Failure>,
}

/// `/books/receipts`
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    again(&asked, Typed::in_address(&asked), None).await
}

async fn again(asked: &Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::BooksReceipts, &asked.visit);
    filled(asked, fault.as_ref().map(|fault| fault.status), move |house| {
        let deliveries = house.deliveries()?;
        Ok(ReceiptsPage {
            shell,
            rows: deliveries
                .iter()
                .rev()
                .take(SHOWN)
                .map(|one| DeliveryRow {
                    id: one.id.clone(),
                    day: one.receipt.day().to_string(),
                    supplier: one.receipt.supplier().name.clone(),
                    invoice: one.receipt.number().to_owned(),
                    lines: one.receipt.lines().len(),
                    open: one.open().len(),
                })
                .collect(),
            may_act: Door::BooksReceive.admits(role),
            now: super::now_field(house),
            typed,
            fault,
        })
    })
    .await
}

/// `POST /books/receipts`
pub(in crate::http) async fn receive(asked: Asked) -> Answer {
    let work = |house: &crate::house::House, by: &theriac_model::Actor, typed: &Typed| {
        house.receive_delivery(by, typed).map(|id| format!("/books/receipts/{id}"))
    };
    match posted(&asked, work).await? {
        Ok(to) => see(&to),
        Err((typed, fault)) => again(&asked, typed, Some(fault)).await,
    }
}

struct LineRow {
    n: u32,
    name: String,
    ndc: String,
    schedule: &'static str,
    container: String,
    ordered: u32,
    invoiced: u32,
    received: u32,
    booked: String,
    entry: Option<u64>,
    open: bool,
}

#[derive(Template)]
#[template(path = "books_receipt.html")]
struct ReceiptPage {
    shell: Shell,
    id: String,
    supplier: String,
    address: String,
    number: String,
    invoice: String,
    day: String,
    seq: u64,
    lines: Vec<LineRow>,
    ways: Vec<&'static str>,
    may_settle: bool,
    typed: Typed,
    fault: Option<Failure>,
}

/// `/books/receipts/{id}`
pub(in crate::http) async fn one(asked: Asked) -> Answer {
    one_again(&asked, Typed::default(), None).await
}

async fn one_again(asked: &Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let id = asked.id("id")?;
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::BooksReceipt, &asked.visit);
    filled(asked, fault.as_ref().map(|fault| fault.status), move |house| {
        let delivery = house.delivery(&id)?;
        let booked = house.booked_for(&delivery)?;
        let open = delivery.open();
        let supplier = delivery.receipt.supplier();
        let lines = delivery.receipt.lines().iter().zip(1u32..);
        Ok(ReceiptPage {
            shell,
            id,
            supplier: supplier.name.clone(),
            address: format!(
                "{}, {}, {} {}",
                supplier.address.line1, supplier.address.city, supplier.address.state, supplier.address.postal
            ),
            number: supplier.number.to_string(),
            invoice: delivery.receipt.number().to_owned(),
            day: delivery.receipt.day().to_string(),
            seq: delivery.seq,
            lines: lines
                .map(|(line, n)| {
                    let product = &line.product;
                    let unit = product.commodity.unit;
                    let entry = booked.iter().find(|(ndc, ..)| *ndc == product.commodity.ndc);
                    LineRow {
                        n,
                        name: format!("{} {} {}", product.name, product.strength, product.form),
                        ndc: product.commodity.ndc.to_string(),
                        schedule: product.schedule.roman(),
                        container: in_words(product.per_container.units(), unit),
                        ordered: line.ordered,
                        invoiced: line.invoiced,
                        received: line.received,
                        booked: entry.map_or_else(String::new, |(_, _, units)| in_words(*units, unit)),
                        entry: entry.map(|(_, seq, _)| *seq),
                        open: open.iter().any(|open| open.line == n),
                    }
                })
                .collect(),
            ways: Settlement::ALL.iter().map(|way| way.word()).collect(),
            may_settle: Door::BooksSettle.admits(role),
            typed,
            fault,
        })
    })
    .await
}

/// `POST /books/receipts/{id}/settle`
pub(in crate::http) async fn settle(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let to = format!("/books/receipts/{id}");
    match posted(&asked, move |house, by, typed| house.settle_difference(by, &id, typed).map(|()| to)).await? {
        Ok(to) => see(&to),
        Err((typed, fault)) => one_again(&asked, typed, Some(fault)).await,
    }
}

/// `/books/receipts/{id}/file/{format}`
pub(in crate::http) async fn export(asked: Asked) -> Answer {
    let (id, format) = (asked.id("id")?, asked.id("format")?);
    let name = format!("receipt-{id}");
    in_format(&asked, (&name, &format), move |house, _| house.delivery_paper(&house.delivery(&id)?).map(Some)).await
}
