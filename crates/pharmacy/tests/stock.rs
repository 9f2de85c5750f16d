//! The record and the books move together: what one says was dispensed, the other says has left the shelf.

mod common;
use common::{RX, at, ndc, pharmacist, prescription, profile, tablets, technician, with_supply};
use theriac_books::{Account, Amount, Commodity, Document, DocumentKind, Movement, Stock, StockUnit};
use theriac_model::{Actor, DeaNumber, Refusal, Role, Schedule};
use theriac_pharmacy::{Event, Part, Prescription};

/// A pharmacy with one product on its shelf and one prescription for it.
struct Counter {
    rx: Prescription,
    stock: Stock,
}

impl Counter {
    fn with(units: i64) -> Self {
        let number = |text: &str| DeaNumber::parse(text).expect("a DEA number");
        let commodity = Commodity { registration: number("FT1234563"), ndc: ndc(common::NDC), unit: StockUnit::Piece };
        let receipt = Movement::receipt(
            (commodity.clone(), Schedule::IV),
            number("RT1234563"),
            Amount::new(units).expect("an amount"),
            (at("2026-03-01T09:00:00-07:00").timestamp, Document::new(DocumentKind::Invoice, "INV-1")),
            Actor::new("rivera", Role::Pharmacist),
        );
        let mut stock = Stock::new(commodity);
        let events = stock.post(&receipt, receipt.happened).expect("a receipt");
        stock.apply(&events[0]).expect("foldable");
        Self { rx: prescription(&RX), stock }
    }

    /// Both, or neither: as one transaction does it.
    fn commit(&mut self, events: &[Event], movement: &Movement) -> Result<(), Refusal> {
        let posted = self.stock.post(movement, movement.happened)?;
        for event in &posted {
            self.stock.apply(event).expect("foldable");
        }
        for event in events {
            self.rx.apply(event).expect("foldable");
        }
        Ok(())
    }

    fn balances(&self) -> [i64; 3] {
        [Account::Shelf, Account::WillCall, Account::Patient].map(|account| self.stock.balance(&account))
    }
}

/// Requirements: pharm-record-dispensing-contents
#[test]
fn every_tablet_the_record_calls_dispensed_has_left_the_shelf_in_the_books() {
    let mut counter = Counter::with(100);
    let profile = profile();
    let fill = with_supply("2026-03-02T13:00:00-07:00", |supply| counter.rx.fill(&profile, supply)).expect("a filling");
    counter.commit(&fill.events, &fill.movement).expect("in stock");
    assert_eq!(counter.balances(), [70, 30, 0]);
    let when = at("2026-03-02T15:00:00-07:00");
    let handed =
        counter.rx.hand_over(&profile, 1, &common::pick_up("the patient"), &technician(), when).expect("handed over");
    counter.commit(&handed.events, &handed.movement).expect("in will-call");
    assert_eq!(counter.balances(), [70, 0, 30]);
    let part = Part::general(tablets(12));
    let part = with_supply("2026-04-01T13:00:00-07:00", |supply| counter.rx.partial_fill(&profile, supply, &part));
    let part = part.expect("a part");
    counter.commit(&part.events, &part.movement).expect("in stock");
    assert_eq!(counter.balances(), [58, 12, 30]);
    assert_eq!(counter.rx.dispensed(), 42);
    let when = at("2026-04-15T13:00:00-07:00");
    let back = counter.rx.return_to_stock(2, &pharmacist(), when, "not collected").expect("put back");
    counter.commit(&back.events, &back.movement).expect("in will-call");
    assert_eq!(counter.balances(), [70, 0, 30]);
    assert_eq!(counter.rx.dispensed(), 30);
}

#[test]
fn what_is_not_in_stock_is_not_dispensed() {
    let mut counter = Counter::with(29);
    let fill = with_supply("2026-03-02T13:00:00-07:00", |supply| counter.rx.fill(&profile(), supply)).expect("lawful");
    let refusal = counter.commit(&fill.events, &fill.movement).expect_err("29 on the shelf");
    assert_eq!(refusal.code.0, "BOOKS-NOT-ENOUGH");
    assert_eq!((counter.balances(), counter.rx.dispensed()), ([29, 0, 0], 0));
    assert_eq!(counter.rx.status().word(), "accepted");
}
