//! Two times: when something happened, and when it was written down.

mod common;
use common::{at, custodian, movement, oxycodone};
use theriac_books::{Account, Count, CountId, CountMethod, MovementKind, Stock, StockEvent};

fn day(hour: u32) -> jiff::Timestamp {
    at(&format!("2026-03-02T{hour:02}:00:00Z"))
}

/// Posts `units` that happened at `hour` and were written down at `posted`; `ok` or the code.
fn post(stock: &mut Stock, kind: MovementKind, units: i64, (hour, posted): (u32, u32)) -> String {
    let mut movement = movement(kind, units);
    movement.happened = day(hour);
    answer(stock, &movement, posted)
}

fn answer(stock: &mut Stock, movement: &theriac_books::Movement, posted: u32) -> String {
    match stock.post(movement, day(posted)) {
        Ok(events) => {
            for event in &events {
                stock.apply(event).expect("foldable");
            }
            "ok".to_owned()
        }
        Err(refusal) => refusal.code.to_string(),
    }
}

fn count(stock: &mut Stock, found: i64, (hour, posted): (u32, u32)) -> i64 {
    let counter = custodian();
    let count = Count { account: Account::Shelf, found, method: CountMethod::Exact, happened: day(hour), counter };
    let events = stock.count(count, day(posted)).expect("a count");
    let [StockEvent::Counted { counted, .. }] = &events[..] else { panic!("a count") };
    stock.apply(&events[0]).expect("foldable");
    counted.book
}

use MovementKind as K;

/// 100 come at 8, 90 go at 10, 100 come at 12; what is entered late has to fit the moment at which it happened.
#[test]
fn an_account_is_never_negative_at_any_moment_of_the_past_whenever_the_entry_is_written_down() {
    let books = || {
        let mut stock = Stock::new(oxycodone());
        for (kind, units, hour) in [(K::Receipt, 100, 8), (K::Fill, 90, 10), (K::Receipt, 100, 12)] {
            assert_eq!(post(&mut stock, kind, units, (hour, hour)), "ok");
        }
        stock
    };
    for (kind, units, hour, expected) in [
        (K::Fill, 10, 9, "ok"),
        (K::Fill, 11, 9, "BOOKS-NOT-THEN"),
        (K::Fill, 11, 11, "BOOKS-NOT-THEN"),
        (K::Fill, 10, 7, "BOOKS-NOT-THEN"),
        (K::Fill, 110, 12, "ok"),
        (K::Fill, 111, 12, "BOOKS-NOT-ENOUGH"),
        (K::ClericalOut, 11, 9, "BOOKS-NOT-THEN"),
        (K::HandOver, 90, 10, "ok"),
        (K::HandOver, 90, 9, "BOOKS-NOT-THEN"),
    ] {
        assert_eq!(post(&mut books(), kind, units, (hour, 20)), expected, "{kind:?} {units} at {hour}");
    }
    let stock = books();
    for (hour, shelf) in [(7, 0), (8, 100), (9, 100), (10, 10), (11, 10), (12, 110), (20, 110)] {
        assert_eq!(stock.balance_at(&Account::Shelf, day(hour)), shelf, "at {hour}");
    }
    assert_eq!((stock.on_hand_at(day(11)), stock.on_hand()), (100, 200));
}

#[test]
fn a_stored_stream_that_was_negative_at_some_moment_does_not_replay() {
    let mut stock = Stock::new(oxycodone());
    assert_eq!(post(&mut stock, K::Receipt, 100, (12, 12)), "ok");
    let mut fill = movement(K::Fill, 10);
    fill.happened = day(13);
    let mut forged = stock.post(&fill, day(20)).expect("a fill");
    let Some(StockEvent::Posted { entry, .. }) = forged.first_mut() else { panic!("an entry") };
    entry.happened = day(11);
    let found = stock.apply(&forged[0]).expect_err("before the receipt");
    assert_eq!(found.problem, "an account on hand becomes negative");
}

/// Requirements: pharm-inventory-opening-or-close, law-inv-open-or-close
#[test]
fn a_count_is_compared_with_the_books_of_its_own_moment() {
    let mut stock = Stock::new(oxycodone());
    assert_eq!(post(&mut stock, K::Receipt, 100, (8, 8)), "ok");
    assert_eq!(post(&mut stock, K::Fill, 30, (18, 18)), "ok");
    // Counted at the close of business at 17 and written down at 19: what went at 18 is not in it.
    assert_eq!(count(&mut stock, 100, (17, 19)), 100);
    assert_eq!(stock.open_variances().count(), 0);
    assert_eq!(count(&mut stock, 70, (19, 19)), 70);
}

/// A filling of 30 was not written down before the count found 70 where the books said 100.
#[test]
fn a_late_entry_from_before_a_count_explains_it_and_one_from_after_does_not() {
    let counted = || {
        let mut stock = Stock::new(oxycodone());
        assert_eq!(post(&mut stock, K::Receipt, 100, (8, 8)), "ok");
        assert_eq!(count(&mut stock, 70, (12, 12)), 100);
        stock
    };
    let mut stock = counted();
    assert_eq!(post(&mut stock, K::Fill, 30, (11, 14)), "ok");
    assert_eq!(stock.open_variances().count(), 0, "the filling was missing when it was counted");
    let mut stock = counted();
    assert_eq!(post(&mut stock, K::Fill, 30, (13, 14)), "ok");
    assert_eq!(stock.open_variances().collect::<Vec<_>>(), [(CountId(1), -30)], "what went later explains nothing");
    let mut stock = counted();
    let mut late = movement(K::Fill, 30).explaining(CountId(1), "found in the log");
    late.happened = day(11);
    assert_eq!(answer(&mut stock, &late, 14), "ok");
    assert_eq!(stock.open_variances().count(), 0, "once, not twice");
    let mut stock = counted();
    late.amount = common::amount(31);
    assert_eq!(answer(&mut stock, &late, 14), "BOOKS-NO-VARIANCE");
    late.explains = None;
    assert_eq!(answer(&mut stock, &late, 14), "ok");
    assert_eq!(stock.open_variances().collect::<Vec<_>>(), [(CountId(1), 1)], "now one too many was found");
}

#[test]
fn a_reversal_does_not_happen_before_what_it_reverses() {
    let mut stock = Stock::new(oxycodone());
    let mut receipt = movement(K::Receipt, 100);
    receipt.happened = day(8);
    let events = stock.post(&receipt, day(8)).expect("a receipt");
    stock.apply(&events[0]).expect("foldable");
    let StockEvent::Posted { entry, .. } = &events[0] else { panic!("an entry") };
    for (hour, expected) in [(7, "BOOKS-REVERSAL-TIME"), (8, "ok"), (9, "ok")] {
        let log = theriac_books::Document::new(theriac_books::DocumentKind::DiscrepancyLog, "L-1");
        let signers = vec![common::pharmacist(), custodian()];
        let found = stock.reverse(entry, "delivered next door", (day(hour), day(10)), log, signers);
        assert_eq!(found.map_or_else(|refusal| refusal.code.0, |_| "ok"), expected, "{hour}");
    }
}
