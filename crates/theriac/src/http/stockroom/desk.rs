//! The first page of the books: what is due, and every product with what is on hand.

use super::filled;
use crate::house::House;
use crate::house::record::Fault;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::form::Answer;
use crate::http::shell::Shell;
use crate::stockroom::Due;
use askama::Template;
use theriac_books::{Account, Side};

struct ProductRow {
    ndc: String,
    name: String,
    schedule: &'static str,
    on_hand: String,
}

#[derive(Template)]
#[template(path = "books.html")]
struct BooksPage {
    shell: Shell,
    due: Vec<Due>,
    rows: Vec<ProductRow>,
}

/// `/books`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let shell = Shell::new(Door::Books, &asked.visit);
    filled(&asked, None, move |house| Ok(BooksPage { shell, due: house.due_in_stockroom()?, rows: products(house)? }))
        .await
}

/// Every product that the books know, by the table of balances: the books themselves are folded on the product's page.
fn products(house: &House) -> Result<Vec<ProductRow>, Fault> {
    let sql = "SELECT ndc, account, units FROM balances WHERE registration = $1 ORDER BY ndc";
    let mut rows: Vec<(theriac_model::Ndc, i64)> = Vec::new();
    for row in house.store.query(sql, &[house.pharmacy.as_str().into()])? {
        let ndc = theriac_model::Ndc::parse(row.text(0)?).map_err(|error| Fault::Broken(error.to_string()))?;
        let on_hand = Account::parse(row.text(1)?).is_some_and(|account| account.side() == Side::OnHand);
        let units = if on_hand { row.int(2)? } else { 0 };
        match rows.last_mut().filter(|(last, _)| *last == ndc) {
            Some((_, sum)) => *sum += units,
            None => rows.push((ndc, units)),
        }
    }
    let mut found = Vec::new();
    for (ndc, units) in rows {
        let unit = house.commodity(&ndc).map_or(theriac_books::StockUnit::Piece, |commodity| commodity.unit);
        let goods = house.goods_as_known(&ndc, unit)?;
        found.push(ProductRow {
            ndc: ndc.to_string(),
            name: goods.title(),
            schedule: goods.product.schedule.roman(),
            on_hand: goods.amount(units),
        });
    }
    found.sort_by(|a, b| (a.schedule, &a.name).cmp(&(b.schedule, &b.name)));
    Ok(found)
}
