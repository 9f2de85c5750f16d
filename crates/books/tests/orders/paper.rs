//! DEA Form 222, as the purchaser keeps it.

use crate::world::*;
use theriac_books::orders::{
    Arrival, Draft, LineStanding, LostStatement, Order, OrderEvent, OwnCopy, WrittenItem, WrittenLine, file,
};
use theriac_books::{Account, Amount, Document, DocumentKind, Stock};
use theriac_law::vocab::{Condition, SignatureKind, Standing};
use theriac_model::Schedule;

fn arrival(line: u32, packages: u32) -> Arrival {
    Arrival { line, packages, invoice: Some("INV-7".to_owned()) }
}

fn then(events: &mut Vec<OrderEvent>, more: Vec<OrderEvent>) -> Order {
    events.extend(more);
    order(events)
}

/// What the form is refused for, one fault each.
#[test]
fn a_form_with_a_gap_an_alteration_or_too_many_lines_is_no_order() {
    let check = |spoil: &dyn Fn(&mut Draft), code: &str| {
        let mut draft = draft(number("210000001"), vec![line(1, oxycodone(), 5), line(2, methadone(), 2)]);
        spoil(&mut draft);
        refused(execute(&draft, nine("2026-03-02")), code);
    };
    check(&|d| d.lines[1].number = 3, "LAW-1305.12-ONE-A-LINE");
    check(
        &|d| {
            let second = WrittenItem { product: methadone(), packages: Some(1) };
            d.lines[0].items.push(second);
        },
        "LAW-1305.12-ONE-A-LINE",
    );
    check(&|d| d.last_line = Some(1), "LAW-1305.12-LINE-NUMBER");
    check(&|d| d.last_line = None, "LAW-1305.12-LAST-LINE");
    check(&|d| d.condition = Condition::Altered, "LAW-1305.15-DEFECT");
    check(&|d| d.condition = Condition::Erased, "LAW-1305.15-DEFECT");
    check(&|d| d.signature = None, "LAW-1305.12-UNSIGNED");
    check(&|d| d.signature = Some(SignatureKind::Stamped), "LAW-1305.12-BY-HAND");
    check(&|d| d.lines[0].items[0].packages = None, "LAW-1305.12-ENTRY");
    check(&|d| d.lines[0].items[0].product.strength.clear(), "LAW-1305.12-ENTRY");
    check(&|d| d.supplier.address.city.clear(), "LAW-1305.12-ENTRY");
    check(&|d| d.standing = Standing::Expired, "LAW-1305.04-PURCHASER");
    check(&|d| d.schedules = vec![Schedule::III], "LAW-1305.04-PURCHASER");
    check(&|d| d.purchaser.number = dea("BT1234563"), "LAW-1305.11-PREPRINTED");
    check(&|d| d.copy = OwnCopy::NotKept, "LAW-1305.13-COPY-KEPT");
    check(&|d| d.number = number("219999999"), "BOOKS-FORM-UNKNOWN");
}

#[test]
fn the_triplicate_form_has_ten_lines_the_single_sheet_twenty() {
    let lines = |count: u32| -> Vec<WrittenLine> { (1..=count).map(|n| line(n, oxycodone(), 1)).collect() };
    let on = |serial: &str, count, day: &str| execute(&draft(number(serial), lines(count)), nine(day));
    assert!(on("090000001", 10, "2010-05-03").is_ok());
    refused(on("090000001", 11, "2010-05-03"), "LAW-1305.12-LINES");
    assert!(on("210000001", 20, "2026-03-02").is_ok());
    refused(on("210000001", 21, "2026-03-02"), "LAW-1305.12-LINES");
    // The triplicate form is of the past.
    assert!(on("090000001", 1, "2021-10-31").is_ok());
    refused(on("090000001", 1, "2021-11-01"), "LAW-1305.03-METHOD");
}

/// Requirements: pharm-222-receipt-partial-deliveries
#[test]
fn each_delivery_of_a_line_is_recorded_with_its_packages_and_its_day() {
    let mut events = executed();
    let state = order(&events);
    refused(state.receive(&strictest(), &arrival(1, 2), &technician(), nine("2026-03-05")), "LAW-1305.13-PHARMACIST");
    refused(state.receive(&strictest(), &arrival(9, 2), &pharmacist(), nine("2026-03-05")), "BOOKS-ORDER-LINE");
    refused(state.receive(&strictest(), &arrival(1, 0), &pharmacist(), nine("2026-03-05")), "BOOKS-ORDER-EMPTY");
    let first = state.receive(&strictest(), &arrival(1, 2), &pharmacist(), nine("2026-03-05")).expect("received");
    let state = then(&mut events, first);
    let second = state.receive(&strictest(), &arrival(1, 2), &pharmacist(), nine("2026-03-19")).expect("received");
    let state = then(&mut events, second);
    let one = state.lines().next().expect("line 1");
    assert_eq!(one.deliveries, [(2, day("2026-03-05")), (2, day("2026-03-19"))]);
    assert_eq!((one.received(), one.line.packages, one.outstanding()), (4, 5, 1));
}

/// A receipt larger than the order: what was ordered is received, the rest stays apart.
#[test]
fn more_than_was_ordered_is_kept_apart_and_never_booked() {
    let mut events = executed();
    let state = order(&events);
    let came = state.receive(&strictest(), &arrival(2, 3), &pharmacist(), nine("2026-03-05")).expect("recorded");
    assert_eq!(came.len(), 2);
    let movement = state.movement(came.first().expect("received")).expect("a movement");
    refused(state.movement(came.last().expect("excess")), "BOOKS-ORDER-LINE");
    let state = then(&mut events, came);
    assert_eq!(state.excess().collect::<Vec<_>>(), [(2, 1)]);
    let stock = Stock::new(movement.commodity.clone());
    let posted = stock.post(&movement, nine("2026-03-05").timestamp).expect("posted");
    let stock = Stock::replay(movement.commodity.clone(), &posted).expect("consistent");
    assert_eq!(stock.balance(&Account::Shelf), 200);
    assert_eq!(movement.document, Document::new(DocumentKind::OrderForm, "210000001"));
    assert_eq!(movement.amount, Amount::new(200).expect("an amount"));
    // All of it has come: one more package is all excess.
    let more = state.receive(&strictest(), &arrival(2, 1), &pharmacist(), nine("2026-03-06")).expect("recorded");
    assert!(matches!(more.as_slice(), [OrderEvent::Excess { line: 2, packages: 1, .. }]));
}

/// Requirements: pharm-222-filed-separately
#[test]
fn the_file_of_executed_forms_holds_orders_only_each_with_its_invoices() {
    let mut events = executed();
    let state = order(&events);
    let came = state.receive(&strictest(), &arrival(1, 5), &pharmacist(), nine("2026-03-05")).expect("received");
    let state = then(&mut events, came);
    let orders = [state];
    let powers = powers();
    let filed = file(&orders, &powers);
    let entry = filed.first().expect("the order");
    assert_eq!(entry.order.executed().number, number("210000001"));
    assert_eq!(entry.order.invoices(), ["INV-7"]);
    assert_eq!(filed.len(), 1);
}

/// Requirements: pharm-222-unaccepted-filed
#[test]
fn an_order_that_comes_back_is_filed_with_its_copies_and_the_statement() {
    let on_paper = draft(number("090000001"), vec![line(1, oxycodone(), 5)]);
    let mut events = execute(&on_paper, nine("2010-05-03")).expect("good");
    let state = order(&events);
    assert_eq!(state.copies(), [3]);
    refused(state.refused(&strictest(), "  ", nine("2010-05-10")), "LAW-1305.15-STATEMENT");
    let back = state.refused(&strictest(), "We do not stock this item.", nine("2010-05-10")).expect("filed");
    let state = then(&mut events, back);
    assert_eq!(state.not_accepted(), Some("We do not stock this item."));
    assert_eq!(state.copies(), [1, 2, 3]);
    refused(state.receive(&strictest(), &arrival(1, 1), &pharmacist(), nine("2010-05-11")), "BOOKS-ORDER-OVER");
}

/// Requirements: pharm-222-cancel-by-purchaser
#[test]
fn a_line_is_cancelled_in_writing_and_receives_nothing_more() {
    let mut events = executed();
    let state = order(&events);
    let cancel =
        |lines: &[u32], notice: &str| state.cancel(&strictest(), lines, notice, pharmacist(), nine("2026-03-04"));
    refused(cancel(&[2], ""), "LAW-1305.19-WRITING");
    refused(cancel(&[3], "Please cancel line 3."), "BOOKS-ORDER-LINE");
    let cancelled = cancel(&[2], "Please cancel line 2.").expect("cancelled");
    let state = then(&mut events, cancelled);
    let standing: Vec<LineStanding> = state.lines().map(|line| line.standing).collect();
    assert_eq!(standing, [LineStanding::Open, LineStanding::Cancelled]);
    refused(state.receive(&strictest(), &arrival(2, 1), &pharmacist(), nine("2026-03-05")), "LAW-1305.19-CANCELLED");
    assert!(state.receive(&strictest(), &arrival(1, 1), &pharmacist(), nine("2026-03-05")).is_ok());
    let rest = state.cancel(&strictest(), &[], "Cancel the rest.", pharmacist(), nine("2026-03-06")).expect("the rest");
    assert!(matches!(rest.as_slice(), [OrderEvent::Cancelled { lines, .. }] if lines == &[1]));
}

#[test]
fn a_form_is_endorsed_once_and_then_the_second_supplier_delivers() {
    let mut events = executed();
    let state = order(&events);
    let endorsed = state.endorsed(&strictest(), second_supplier(), nine("2026-03-03")).expect("endorsed");
    let state = then(&mut events, endorsed);
    assert_eq!(state.filled_by().number, second_supplier().number);
    refused(state.endorsed(&strictest(), supplier(), nine("2026-03-04")), "LAW-1305.14-ENDORSE");
    let came = state.receive(&strictest(), &arrival(1, 1), &pharmacist(), nine("2026-03-05")).expect("received");
    let movement = state.movement(came.first().expect("received")).expect("a movement");
    assert_eq!(movement.from, Account::Source(second_supplier().number));
}

/// Requirements: pharm-222-lost-statement-filed, pharm-222-lost-contact-supplier-first, pharm-222-lost-replacement-statement
#[test]
fn a_lost_form_its_replacement_and_the_statement_lead_to_each_other() {
    let first = order(&executed());
    let second = draft(number("210000002"), vec![line(1, oxycodone(), 5), line(2, methadone(), 2)]);
    let second = execute(&second, nine("2026-03-16")).expect("good");
    let replacement = order(&second);
    let good = LostStatement {
        first: number("210000001"),
        dated: Some(day("2026-03-02")),
        not_received: "The goods were never received because the form was lost.".to_owned(),
        signed_by: None,
        supplier_said: Some("Ms Hall: nothing arrived.".to_owned()),
    };
    let replace = |spoil: &dyn Fn(&mut LostStatement)| {
        let mut statement = good.clone();
        spoil(&mut statement);
        first.replace(&strictest(), &statement, &replacement, pharmacist(), nine("2026-03-16"))
    };
    refused(replace(&|s| s.supplier_said = None), "LAW-1305.16-ASKED");
    refused(replace(&|s| s.first = number("210000009")), "LAW-1305.16-STATEMENT");
    refused(replace(&|s| s.dated = None), "LAW-1305.16-STATEMENT");
    refused(replace(&|s| s.not_received.clear()), "LAW-1305.16-STATEMENT");
    refused(first.replace(&strictest(), &good, &first, pharmacist(), nine("2026-03-16")), "BOOKS-ORDER-REPLACEMENT");
    let (lost, replaces) = replace(&|_| {}).expect("both");
    let (mut one, mut two) = (executed(), second.clone());
    let (lost, replacement) = (then(&mut one, vec![lost]), then(&mut two, vec![replaces]));
    assert_eq!(lost.lost(), Some(&(good.clone(), number("210000002"))));
    assert_eq!(replacement.replaces(), Some(&good));
    assert_eq!(replacement.replaces().map(|statement| &statement.first), Some(&number("210000001")));
    refused(lost.receive(&strictest(), &arrival(1, 1), &pharmacist(), nine("2026-03-20")), "BOOKS-ORDER-OVER");
}
