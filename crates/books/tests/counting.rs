//! Counts assert; entries explain.

mod common;
use common::{at, custodian, movement, post, stocked};
use theriac_books::{Account, Count, CountId, CountMethod, MovementKind, Statement, Stock, StockEvent};

fn count(stock: &mut Stock, account: Account, found: i64) -> Result<StockEvent, String> {
    let count =
        Count { account, found, method: CountMethod::Exact, happened: at(common::POSTED), counter: custodian() };
    let events = stock.count(count, at(common::POSTED)).map_err(|refusal| refusal.code.to_string())?;
    stock.apply(&events[0]).expect("foldable");
    Ok(events[0].clone())
}

#[test]
fn a_count_changes_no_balance_and_leaves_its_variance_open() {
    let mut stock = stocked(100);
    let before: Vec<(Account, i64)> = stock.balances().map(|(account, balance)| (account.clone(), balance)).collect();
    count(&mut stock, Account::Shelf, 97).expect("a count");
    count(&mut stock, Account::Shelf, 100).expect("a count");
    count(&mut stock, Account::Shelf, 101).expect("a count");
    let after: Vec<(Account, i64)> = stock.balances().map(|(account, balance)| (account.clone(), balance)).collect();
    assert_eq!(after, before);
    assert_eq!(stock.open_variances().collect::<Vec<_>>(), [(CountId(1), -3), (CountId(3), 1)]);
}

#[test]
fn only_what_is_on_hand_is_counted_and_only_in_whole_units() {
    let mut stock = stocked(100);
    assert_eq!(count(&mut stock, Account::Patient, 0), Err("BOOKS-COUNT-ACCOUNT".to_owned()));
    assert_eq!(count(&mut stock, Account::Shelf, -1), Err("BOOKS-COUNT-RANGE".to_owned()));
    assert!(count(&mut stock, Account::Shelf, 0).is_ok());
    assert!(count(&mut stock, Account::Shelf, theriac_books::AMOUNT_MAX).is_ok());
    assert_eq!(count(&mut stock, Account::Shelf, theriac_books::AMOUNT_MAX + 1), Err("BOOKS-COUNT-RANGE".to_owned()));
}

/// Three missing, then entries that try to explain them.
#[test]
fn a_variance_stays_until_entries_of_its_direction_and_size_explain_it() {
    let mut stock = stocked(100);
    count(&mut stock, Account::Shelf, 97).expect("a count");
    let explain = |stock: &mut Stock, kind: MovementKind, units: i64, id: u64| {
        let explaining = movement(kind, units).explaining(CountId(id), "found in the log");
        post(stock, &explaining).map(|_| ()).map_err(|refusal| refusal.code.to_string())
    };
    let no_variance = Err("BOOKS-NO-VARIANCE".to_owned());
    assert_eq!(explain(&mut stock, MovementKind::ClericalIn, 3, 1), no_variance, "the other direction");
    assert_eq!(explain(&mut stock, MovementKind::ClericalOut, 4, 1), no_variance, "more than is missing");
    assert_eq!(explain(&mut stock, MovementKind::ClericalOut, 3, 2), no_variance, "another count");
    let mut after = movement(MovementKind::Fill, 3).explaining(CountId(1), "filled since");
    after.happened = at("2026-03-02T16:05:01Z");
    let posted = at("2026-03-02T16:06:00Z");
    assert_eq!(
        stock.post(&after, posted).map_err(|refusal| refusal.code.to_string()),
        Err("BOOKS-EXPLAINS".to_owned())
    );
    assert_eq!(explain(&mut stock, MovementKind::ClericalOut, 1, 1), Ok(()));
    assert_eq!(stock.open_variances().collect::<Vec<_>>(), [(CountId(1), -2)]);
    assert_eq!(explain(&mut stock, MovementKind::Spill, 2, 1), Ok(()));
    assert_eq!(stock.open_variances().count(), 0);
    assert_eq!(stock.balance(&Account::Shelf), 97);
    assert_eq!(explain(&mut stock, MovementKind::ClericalOut, 1, 1), no_variance, "explained before");
}

/// Requirements: pharm-record-chain-of-accountability
#[test]
fn opening_and_what_came_less_what_went_is_the_closing_balance_with_a_document_on_each_line() {
    let mut stock = Stock::new(common::oxycodone());
    let mut events = Vec::new();
    let day = |hour: u32| at(&format!("2026-03-02T{hour:02}:00:00Z"));
    let script = [
        (8, MovementKind::Receipt, 500),
        (9, MovementKind::Fill, 60),
        (10, MovementKind::HandOver, 30),
        (11, MovementKind::Receipt, 100),
        (12, MovementKind::HandOver, 30),
        (13, MovementKind::Spill, 5),
        (14, MovementKind::Quarantine, 10),
    ];
    for (hour, kind, units) in script {
        let mut movement = movement(kind, units);
        movement.happened = day(hour);
        movement.document.number = format!("D-{hour}");
        events.extend(post(&mut stock, &movement).expect("a movement"));
    }
    let statement = Statement::of(&events, day(8), day(13));
    assert_eq!((statement.opening, statement.came(), statement.went(), statement.closing), (500, 100, 65, 535));
    assert_eq!(statement.opening + statement.came() - statement.went(), statement.closing);
    let documents: Vec<&str> = statement.lines.iter().map(|line| line.document.number.as_str()).collect();
    assert_eq!(documents, ["D-10", "D-11", "D-12", "D-13"]);
    let whole = Statement::of(&events, at("2026-03-01T00:00:00Z"), day(23));
    assert_eq!((whole.opening, whole.closing), (0, stock.on_hand()));
    let amounts: Vec<i64> = statement.lines.iter().map(|line| line.change).collect();
    assert_eq!(amounts, [-30, 100, -30, -5]);
    // The movement of the tenth hour was written down at 16:05, after a period that ended at noon.
    assert!(Statement::of(&events, day(8), day(12)).lines.iter().all(|line| line.late));
}
