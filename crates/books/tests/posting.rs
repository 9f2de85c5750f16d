//! What a movement needs before it is posted.

mod common;
use common::{accounts, at, movement, number, oxycodone, pharmacist, post, stocked};
use theriac_books::{
    AMOUNT_MAX, Account, Amount, Commodity, Document, DocumentKind, Entry, Movement, MovementKind, Stock, StockEvent,
};
use theriac_model::{Actor, Ndc, Role, Schedule};

/// Posts `movement` on books with 100 on the shelf and returns `ok` or the refusal's code.
fn check(change: impl FnOnce(&mut Movement), kind: MovementKind, expected: &str) {
    let mut movement = movement(kind, 40);
    change(&mut movement);
    let found = match stocked(100).post(&movement, at(common::POSTED)) {
        Ok(_) => "ok".to_owned(),
        Err(refusal) => refusal.code.to_string(),
    };
    assert_eq!(found, expected, "{movement:?}");
}

/// Something in every account that is on hand.
const BEFORE: [MovementKind; 11] = [
    K::Receipt,
    K::Fill,
    K::Fill,
    K::Dispatch,
    K::Quarantine,
    K::SetAside,
    K::Quarantine,
    K::Preparation,
    K::MachineLoad,
    K::KitStock,
    K::BatchStart,
];

/// Requirements: pharm-record-complete-current
#[test]
fn every_kind_of_movement_is_a_dated_entry_with_product_quantity_document_and_person_at_once() {
    for &kind in MovementKind::ALL {
        if kind == MovementKind::Reversal {
            continue;
        }
        // Everything is brought about first: something on the shelf, in will-call, in quarantine, set aside.
        let mut stock = Stock::new(oxycodone());
        if kind != MovementKind::OpeningInventory {
            for before in BEFORE {
                post(&mut stock, &movement(before, if before == K::Receipt { 1000 } else { 50 })).expect("a movement");
            }
        }
        let events = post(&mut stock, &movement(kind, 40)).unwrap_or_else(|refusal| panic!("{kind:?}: {refusal}"));
        let [StockEvent::Posted { commodity, entry }] = &events[..] else { panic!("one entry") };
        assert_eq!(*commodity, oxycodone());
        assert_eq!(entry.sum(), Some(0));
        assert_eq!(entry.happened, at("2026-03-02T16:00:00Z"));
        assert_eq!(entry.document.number, "D-1");
        assert!(entry.signers.contains(&pharmacist()));
        let (from, to) = accounts(kind);
        assert_eq!((&entry.lines[0].account, entry.lines[0].change), (&from, -40));
        assert_eq!((&entry.lines[1].account, entry.lines[1].change), (&to, 40));
    }
}
use MovementKind as K;

#[test]
fn nothing_leaves_the_shelf_that_is_not_on_it() {
    check(|m| m.amount = common::amount(99), K::Fill, "ok");
    check(|m| m.amount = common::amount(100), K::Fill, "ok");
    check(|m| m.amount = common::amount(101), K::Fill, "BOOKS-NOT-ENOUGH");
    check(|_| {}, K::HandOver, "BOOKS-NOT-ENOUGH");
}

#[test]
fn a_movement_goes_only_between_the_accounts_of_its_kind() {
    check(|m| m.to = Account::Patient, K::Fill, "BOOKS-ACCOUNTS");
    check(|m| m.from = Account::Shelf, K::HandOver, "BOOKS-ACCOUNTS");
    check(|m| std::mem::swap(&mut m.from, &mut m.to), K::Fill, "BOOKS-ACCOUNTS");
    check(|m| m.kind = K::Reversal, K::ClericalOut, "BOOKS-ACCOUNTS");
}

#[test]
fn another_product_or_registration_has_books_of_its_own() {
    let other = Ndc::parse("00406055205").expect("an NDC");
    check(|m| m.commodity = Commodity { ndc: other, ..oxycodone() }, K::Fill, "BOOKS-OTHER-COMMODITY");
    let elsewhere = number("AB1234563");
    check(|m| m.commodity = Commodity { registration: elsewhere, ..oxycodone() }, K::Fill, "BOOKS-OTHER-COMMODITY");
}

/// Requirements: pharm-record-closing-balance-derived
#[test]
fn a_correction_says_why_and_has_two_people() {
    for kind in [K::ClericalIn, K::ClericalOut] {
        check(|_| {}, kind, "ok");
        check(|m| m.reason = None, kind, "BOOKS-REASON");
        check(|m| m.reason = Some("  ".to_owned()), kind, "BOOKS-REASON");
        check(|m| m.reason = Some("r".repeat(500)), kind, "ok");
        check(|m| m.reason = Some("r".repeat(501)), kind, "BOOKS-REASON");
        check(|m| m.signers.truncate(1), kind, "BOOKS-SIGNERS");
        check(|m| m.signers = vec![pharmacist(), pharmacist()], kind, "BOOKS-SIGNERS");
    }
    check(|m| m.signers.clear(), K::Fill, "BOOKS-SIGNERS");
    check(|m| m.signers = vec![Actor::new("rivera", Role::Pharmacist)], K::Spill, "BOOKS-SIGNERS");
}

#[test]
fn a_movement_stands_on_its_own_kind_of_document() {
    check(|m| m.document.kind = DocumentKind::Invoice, K::Fill, "BOOKS-DOCUMENT");
    check(|m| m.document.number = " ".to_owned(), K::Fill, "BOOKS-DOCUMENT-NUMBER");
    check(|m| m.document.number = "9".repeat(100), K::Fill, "ok");
    check(|m| m.document.number = "9".repeat(101), K::Fill, "BOOKS-DOCUMENT-NUMBER");
}

#[test]
fn a_receipt_of_schedule_ii_stands_on_an_order_form() {
    for (schedule, document, expected) in [
        (Schedule::II, DocumentKind::Invoice, "BOOKS-ORDER-FORM"),
        (Schedule::II, DocumentKind::OrderForm, "ok"),
        (Schedule::II, DocumentKind::CsosOrder, "ok"),
        (Schedule::I, DocumentKind::Invoice, "BOOKS-ORDER-FORM"),
        (Schedule::III, DocumentKind::Invoice, "ok"),
    ] {
        check(
            |m| {
                m.schedule = schedule;
                m.document = Document::new(document, "D-1");
            },
            K::Receipt,
            expected,
        );
    }
}

#[test]
fn nothing_happens_after_it_is_written_down() {
    check(|m| m.happened = at("2026-03-02T16:05:00Z"), K::Fill, "ok");
    check(|m| m.happened = at("2026-03-02T16:05:01Z"), K::Fill, "BOOKS-FUTURE");
}

#[test]
fn an_initial_inventory_comes_first_or_not_at_all() {
    check(|_| {}, K::OpeningInventory, "BOOKS-OPENED");
}

#[test]
fn a_balance_stays_within_what_is_counted_exactly() {
    let stock = stocked(1);
    let mut receipt = movement(K::Receipt, 1);
    receipt.amount = Amount::new(AMOUNT_MAX - 1).expect("an amount");
    assert!(stock.post(&receipt, at(common::POSTED)).is_ok());
    receipt.amount = Amount::new(AMOUNT_MAX).expect("an amount");
    let refusal = stock.post(&receipt, at(common::POSTED)).expect_err("too much");
    assert_eq!(refusal.code.0, "BOOKS-TOO-LARGE");
}

fn entry(events: &[StockEvent]) -> Entry {
    match events {
        [StockEvent::Posted { entry, .. }] => entry.clone(),
        _ => panic!("one entry"),
    }
}

/// Reverses `entry` on `stock`, folding the result; `ok` or the code.
fn reverse(stock: &mut Stock, entry: &Entry, reason: &str) -> String {
    let when = (at(common::POSTED), at(common::POSTED));
    let document = Document::new(DocumentKind::DiscrepancyLog, "L-7");
    match stock.reverse(entry, reason, when, document, vec![pharmacist(), common::custodian()]) {
        Ok(events) => {
            stock.apply(&events[0]).expect("foldable");
            "ok".to_owned()
        }
        Err(refusal) => refusal.code.to_string(),
    }
}

/// Requirements: pharm-record-closing-balance-derived
#[test]
fn an_entry_is_taken_back_once_by_an_entry_that_points_to_it() {
    let mut stock = stocked(100);
    let fill = entry(&post(&mut stock, &movement(K::Fill, 30)).expect("a fill"));
    assert_eq!(reverse(&mut stock, &fill, ""), "BOOKS-REASON");
    assert_eq!(reverse(&mut stock, &fill, "wrong patient's label"), "ok");
    assert_eq!((stock.balance(&Account::Shelf), stock.balance(&Account::WillCall)), (100, 0));
    assert_eq!(reverse(&mut stock, &fill, "again"), "BOOKS-REVERSED");
    let mut unknown = fill.clone();
    unknown.id.0 = 99;
    assert_eq!(reverse(&mut stock, &unknown, "again"), "BOOKS-NO-SUCH-ENTRY");
    let mut reversal = fill;
    reversal.id.0 = 3;
    assert_eq!(reverse(&mut stock, &reversal, "again"), "BOOKS-REVERSAL");
}

#[test]
fn a_receipt_whose_units_have_gone_cannot_be_taken_back() {
    let mut stock = Stock::new(oxycodone());
    let receipt = entry(&post(&mut stock, &movement(K::Receipt, 100)).expect("a receipt"));
    post(&mut stock, &movement(K::Fill, 1)).expect("a fill");
    assert_eq!(reverse(&mut stock, &receipt, "never delivered"), "BOOKS-NOT-ENOUGH");
}
