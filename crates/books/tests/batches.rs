//! Conversions balance in micrograms.

mod common;
use common::{amount, at, custodian, pharmacist};
use theriac_books::{
    Account, Commodity, Content, Conversion, ConversionPart, Ledger, Movement, MovementKind, Name, StockEvent,
    StockUnit,
};
use theriac_model::{Ndc, Schedule};

fn product(ndc: &str, unit: StockUnit) -> Commodity {
    Commodity { registration: common::number("FT1234563"), ndc: Ndc::parse(ndc).expect("an NDC"), unit }
}

fn part(commodity: Commodity, content: (u32, u32), units: i64) -> ConversionPart {
    let content = Content::new(content.0, content.1).expect("a content");
    let (schedule, account) = (Schedule::III, Account::Shelf);
    ConversionPart { commodity, schedule, content, account, amount: amount(units), lost: None }
}

fn powder(units: i64) -> ConversionPart {
    part(product("00406154001", StockUnit::Microgram), (1, 1), units)
}

/// 10 mg/mL: 10 micrograms in a microlitre.
fn liquid(units: i64) -> ConversionPart {
    part(product("00054039268", StockUnit::Microlitre), (10, 1), units)
}

/// 1 mg in 3 mL: a microgram in three microlitres.
fn weak(units: i64) -> ConversionPart {
    part(product("00054039269", StockUnit::Microlitre), (1, 3), units)
}

fn batch(used: Vec<ConversionPart>, made: Vec<ConversionPart>) -> Conversion {
    let batch = Name::parse("b-2026-031").expect("a name");
    Conversion { batch, used, made, happened: at("2026-03-02T16:00:00Z"), signers: vec![pharmacist(), custodian()] }
}

fn check(used: Vec<ConversionPart>, made: Vec<ConversionPart>, expected: &str) {
    let found = batch(used, made).movements();
    assert_eq!(found.map_or_else(|refusal| refusal.code.0, |_| "ok"), expected);
}

fn losing(mut part: ConversionPart, units: i64) -> ConversionPart {
    part.lost = Some(amount(units));
    part
}

#[test]
fn what_is_used_and_what_is_made_and_lost_are_the_same_micrograms() {
    check(vec![powder(1_000_000)], vec![liquid(100_000)], "ok");
    check(vec![powder(1_000_001)], vec![liquid(100_000)], "BOOKS-BATCH-BALANCE");
    check(vec![powder(999_999)], vec![liquid(100_000)], "BOOKS-BATCH-BALANCE");
    check(vec![losing(powder(1_000_001), 1)], vec![liquid(100_000)], "ok");
    check(vec![powder(1_000_000)], vec![liquid(50_000), weak(1_500_000)], "ok");
    check(vec![powder(1_000_000)], vec![liquid(50_000), weak(1_500_001)], "BOOKS-BATCH-BALANCE");
    check(vec![liquid(100_000)], vec![weak(3_000_000)], "ok");
    check(vec![losing(powder(10), 11)], vec![liquid(1)], "BOOKS-BATCH-LOSS");
    check(vec![powder(10)], vec![losing(liquid(1), 1)], "BOOKS-BATCH-LOSS");
    check(vec![], vec![liquid(1)], "BOOKS-BATCH-EMPTY");
    check(vec![powder(10)], vec![], "BOOKS-BATCH-EMPTY");
    assert_eq!(Content::new(0, 1), None);
    assert_eq!(Content::new(1, 0), None);
}

fn receipt(part: &ConversionPart, units: i64) -> Movement {
    let mut receipt = common::movement(MovementKind::Receipt, units);
    receipt.commodity = part.commodity.clone();
    receipt
}

fn fold(ledger: &mut Ledger, events: &[StockEvent]) {
    for event in events {
        ledger.apply(event).expect("what a command made can be folded");
    }
}

#[test]
fn a_batch_is_posted_whole_or_not_at_all_and_leaves_nothing_in_process() {
    let posted = at(common::POSTED);
    let mut ledger = Ledger::new();
    let receipts = ledger.post(&[receipt(&powder(1), 5_000_000)], posted).expect("a receipt");
    fold(&mut ledger, &receipts);
    let made = batch(vec![losing(powder(2_000_000), 500)], vec![liquid(199_950)]);
    let events = ledger.post(&made.movements().expect("balanced"), posted).expect("enough powder");
    fold(&mut ledger, &events);
    let powder_books = ledger.stock(&powder(1).commodity).expect("books");
    let liquid_books = ledger.stock(&liquid(1).commodity).expect("books");
    let converted = Account::Converted(made.batch.clone());
    assert_eq!(powder_books.balance(&Account::Shelf), 3_000_000);
    assert_eq!(powder_books.balance(&Account::ProcessLoss), 500);
    assert_eq!(powder_books.balance(&Account::InProcess), 0);
    assert_eq!(liquid_books.balance(&Account::Shelf), 199_950);
    assert_eq!(powder_books.balance(&converted) + 10 * liquid_books.balance(&converted), 0, "in micrograms");
    for stock in ledger.stocks() {
        assert_eq!(stock.balances().map(|(_, balance)| balance).sum::<i64>(), 0);
    }
    let too_much = batch(vec![powder(3_000_010)], vec![liquid(300_001)]);
    let refused = ledger.post(&too_much.movements().expect("balanced"), posted).expect_err("not enough powder");
    assert_eq!(refused.code.0, "BOOKS-NOT-ENOUGH");
    let mut alone = made;
    alone.signers.truncate(1);
    let refused = ledger.post(&alone.movements().expect("balanced"), posted).expect_err("nobody checked it");
    assert_eq!(refused.code.0, "BOOKS-SIGNERS");
    assert_eq!(Ledger::replay(receipts.iter().chain(&events)).expect("consistent"), ledger);
}
