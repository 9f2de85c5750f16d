//! Stock of each product and its movements.

use super::counted;
use crate::house::House;
use crate::house::event::Product;
use crate::house::record::read;
use crate::views::{MovementView, StockRow, StockView, Unavailable};
use std::sync::PoisonError;
use theriac_books::{Account, Entry as Posted, Stock, StockEvent, StockUnit};
use theriac_model::Ndc;

/// An amount in the unit people use: millilitres for microlitres, grams for micrograms.
fn in_words(units: i64, unit: StockUnit, product: &Product) -> String {
    let (factor, places) = match unit {
        StockUnit::Piece => (1, 0),
        StockUnit::Microlitre => (1_000, 3),
        StockUnit::Microgram => (1_000_000, 6),
    };
    let (whole, rest) = (units / factor, (units % factor).unsigned_abs());
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:0places$}").trim_end_matches('0').to_owned() };
    counted(&format!("{whole}{fraction}"), &product.unit.name())
}

impl House {
    fn listed(&self) -> Vec<Product> {
        let directory = self.directory.read().unwrap_or_else(PoisonError::into_inner);
        let mut products: Vec<Product> =
            directory.products.values().filter(|product| product.schedule.is_some()).cloned().collect();
        products.sort_by(|a, b| (a.schedule, &a.ndc).cmp(&(b.schedule, &b.ndc)));
        products
    }

    pub(super) fn stock_rows(&self) -> Result<Vec<StockRow>, Unavailable> {
        let mut rows = Vec::new();
        for product in self.listed() {
            if let Some(view) = self.movements(&product)? {
                rows.push(view.row);
            }
        }
        Ok(rows)
    }

    pub(super) fn stock_view(&self, ndc: &str) -> Result<Option<StockView>, Unavailable> {
        let Ok(ndc) = Ndc::parse(ndc) else { return Ok(None) };
        let product = {
            let directory = self.directory.read().unwrap_or_else(PoisonError::into_inner);
            directory.products.get(&ndc).cloned()
        };
        product.map_or(Ok(None), |product| self.movements(&product))
    }

    fn movements(&self, product: &Product) -> Result<Option<StockView>, Unavailable> {
        let Some(commodity) = self.commodity(&product.ndc) else { return Ok(None) };
        let unit = commodity.unit;
        let mut stock = Stock::new(commodity.clone());
        let mut movements = Vec::new();
        for entry in self.store.stream(&commodity.stream())? {
            let event: StockEvent = read(&entry)?;
            stock.apply(&event).map_err(|error| Unavailable(error.to_string()))?;
            let StockEvent::Posted { entry: posted, .. } = event else { continue };
            movements.push(MovementView {
                at: self.at(&entry),
                document: format!("{} ({})", posted.document, posted.kind.word()),
                who: posted.signers.iter().map(|signer| self.full_name(&signer.id)).collect::<Vec<_>>().join(", "),
                lines: lines(&posted, unit, product),
                on_hand: stock.on_hand(),
                on_hand_text: in_words(stock.on_hand(), unit, product),
                entry: entry.seq,
            });
        }
        let balance = |account: &Account| stock.balance(account);
        let received: i64 = stock
            .balances()
            .filter(|(account, _)| matches!(account, Account::Source(_) | Account::Opening))
            .map(|(_, units)| -units)
            .sum();
        let row = StockRow {
            ndc: product.ndc.to_string(),
            name: format!("{} {} {}", product.name, product.strength, product.form),
            schedule: product.schedule.map_or("-", theriac_model::Schedule::roman).to_owned(),
            on_hand: in_words(stock.on_hand(), unit, product),
            received: in_words(received, unit, product),
            dispensed: in_words(balance(&Account::Patient), unit, product),
        };
        Ok(Some(StockView { row, movements }))
    }
}

fn lines(posted: &Posted, unit: StockUnit, product: &Product) -> String {
    let line = |line: &theriac_books::Line| {
        let sign = if line.change < 0 { "−" } else { "+" };
        let amount = i64::try_from(line.change.unsigned_abs()).unwrap_or(i64::MAX);
        format!("{} {sign}{}", line.account, in_words(amount, unit, product))
    };
    posted.lines.iter().map(line).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use theriac_model::DrugUnit;

    #[test]
    fn amounts_are_shown_in_the_unit_people_use() {
        let product = |unit: DrugUnit| Product {
            ndc: Ndc::parse("99999010101").expect("NDC"),
            name: String::new(),
            strength: String::new(),
            form: String::new(),
            unit,
            schedule: None,
        };
        let check = |units, unit, drug, text: &str| assert_eq!(in_words(units, unit, &product(drug)), text);
        check(30, StockUnit::Piece, DrugUnit::Tablet, "30 tablets");
        check(120_000, StockUnit::Microlitre, DrugUnit::Millilitre, "120 mL");
        check(7_500, StockUnit::Microlitre, DrugUnit::Millilitre, "7.5 mL");
        check(1_000_001, StockUnit::Microgram, DrugUnit::Gram, "1.000001 g");
    }
}
