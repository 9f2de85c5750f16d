//! What suppliers report, beside what was received.

use crate::world::*;
use theriac_books::orders::{Arrival, Direction, Order, OrderNumber, Reported, reconcile};
use theriac_books::{Amount, DocumentKind};

fn sold(order: &str, packages: u32, on: &str) -> Reported {
    Reported {
        other: supplier().number,
        direction: Direction::Came,
        ndc: oxycodone().commodity.ndc,
        packages,
        units: None,
        order: order.to_owned(),
        on: day(on),
    }
}

#[test]
fn reported_sales_are_compared_with_receipts_order_by_order() {
    let mut events = executed();
    for (packages, on) in [(2, "2026-03-05"), (3, "2026-03-12")] {
        let state = Order::replay(&events).expect("an order");
        let arrival = Arrival { line: 1, packages, invoice: None };
        events.extend(state.receive(&strictest(), &arrival, &pharmacist(), nine(on)).expect("received"));
    }
    let booked = order(&events).booked();
    assert_eq!(booked.len(), 2);
    // The supplier may have reported both deliveries at once, or a day earlier.
    assert_eq!(reconcile(&[sold("210000001", 5, "2026-03-04")], &booked), []);
    let apart = |reported: &[Reported]| -> Vec<(String, u64, u64)> {
        reconcile(reported, &booked).into_iter().map(|one| (one.order, one.reported, one.booked)).collect()
    };
    assert_eq!(apart(&[sold("210000001", 6, "2026-03-04")]), [("210000001".to_owned(), 6, 5)]);
    assert_eq!(apart(&[]), [("210000001".to_owned(), 0, 5)]);
    let mut lost = sold("210000007", 1, "2026-03-04");
    assert_eq!(apart(&[sold("210000001", 5, "2026-03-04"), lost.clone()]), [("210000007".to_owned(), 1, 0)]);
    // What was lost on the way was never received and is no disagreement.
    lost.direction = Direction::NeverCame;
    assert_eq!(apart(&[sold("210000001", 5, "2026-03-04"), lost]), []);
}

#[test]
fn a_reported_sale_becomes_a_receipt_on_its_order() {
    let commodity = oxycodone().commodity;
    let take = |reported: &Reported, package| {
        let (of, by) = ((&commodity, theriac_model::Schedule::II), pharmacist());
        reported.receipt(of, package, (&by, nine("2026-03-04").timestamp))
    };
    let hundred = Some(Amount::new(100).expect("an amount"));
    let movement = take(&sold("094568639", 8, "2026-03-04"), hundred).expect("a receipt").expect("came");
    assert_eq!((movement.amount.units(), movement.document.kind), (800, DocumentKind::OrderForm));
    let electronic = sold("10XW00080", 8, "2026-03-04");
    assert!(matches!(electronic.order_number(), Some(OrderNumber::Tracking(_))));
    let movement = take(&electronic, hundred).expect("a receipt").expect("came");
    assert_eq!(movement.document.kind, DocumentKind::CsosOrder);
    let mut opened = sold("094568639", 1, "2026-03-04");
    opened.units = Amount::new(12).ok();
    assert_eq!(take(&opened, hundred).expect("a receipt").expect("came").amount.units(), 12);
    refused(take(&sold("094568639", 8, "2026-03-04"), None), "BOOKS-REPORTED-SIZE");
    refused(take(&sold("?", 8, "2026-03-04"), hundred), "BOOKS-REPORTED-ORDER");
    opened.direction = Direction::Went;
    assert_eq!(take(&opened, hundred), Ok(None));
}
