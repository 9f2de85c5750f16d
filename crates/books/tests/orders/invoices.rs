//! Receipts of schedules III to V.

use crate::world::*;
use theriac_books::orders::{InvoiceEvent, InvoiceLine, InvoiceReceipt, Settlement, received_from};
use theriac_books::{Account, Party, Stock};
use theriac_law::vocab::Source;
use theriac_model::Refusal;

fn bottles(invoiced: u32, received: u32) -> InvoiceLine {
    InvoiceLine { product: alprazolam(), ordered: 10, invoiced, received }
}

fn receive(from: Party, number: &str, lines: Vec<InvoiceLine>, on: &str) -> Result<Vec<InvoiceEvent>, Refusal> {
    let source = (from, Source::Registered);
    InvoiceReceipt::receive(&strictest(), source, number, lines, Some(pharmacist()), (technician(), nine(on)))
}

fn receipt(events: &[InvoiceEvent]) -> InvoiceReceipt {
    let back: Vec<InvoiceEvent> =
        events.iter().map(|event| InvoiceEvent::from_json(event.kind(), &event.to_json()).expect("read")).collect();
    assert_eq!(back, events);
    InvoiceReceipt::replay(&back).expect("a receipt")
}

/// Requirements: pharm-receipt-posts-actual
#[test]
fn nine_of_ten_invoiced_bottles_are_booked_and_one_stays_open() {
    let mut events = receive(supplier(), "INV-9", vec![bottles(10, 9)], "2026-03-05").expect("received");
    let state = receipt(&events);
    let mut stock = Stock::new(alprazolam().commodity);
    for movement in state.movements().expect("movements") {
        for event in stock.post(&movement, nine("2026-03-05").timestamp).expect("posted") {
            stock.apply(&event).expect("consistent");
        }
    }
    assert_eq!(stock.balance(&Account::Shelf), 900);
    let open: Vec<_> = state.open().collect();
    assert_eq!(open.len(), 1);
    assert_eq!(
        (open[0].line, open[0].containers, open[0].supplier.as_str(), open[0].invoice.as_str()),
        (1, -1, "Prairie Wholesale", "INV-9")
    );
    refused(state.settle(1, Settlement::Credit, " ", pharmacist(), nine("2026-03-06")), "BOOKS-ORDER-REASON");
    events.extend(state.settle(1, Settlement::Credit, "CN-1", pharmacist(), nine("2026-03-06")).expect("settled"));
    let state = receipt(&events);
    assert_eq!(state.open().count(), 0);
    refused(state.settle(1, Settlement::Credit, "CN-1", pharmacist(), nine("2026-03-06")), "BOOKS-ORDER-CLOSED");
}

/// Requirements: pharm-receipt-iii-v-retrievable
#[test]
fn the_receipts_from_one_supplier_in_a_quarter_are_listed_at_once() {
    let got = |from: Party, number: &str, on: &str| {
        receipt(&receive(from, number, vec![bottles(10, 10)], on).expect("received"))
    };
    let receipts = [
        got(supplier(), "INV-4", "2026-04-01"),
        got(supplier(), "INV-3", "2026-03-31"),
        got(second_supplier(), "L-1", "2026-02-01"),
        got(supplier(), "INV-1", "2026-01-01"),
        got(supplier(), "INV-0", "2025-12-31"),
    ];
    let quarter = (day("2026-01-01"), day("2026-03-31"));
    let listed: Vec<&str> =
        received_from(&receipts, &supplier().number, quarter).iter().map(|receipt| receipt.number()).collect();
    assert_eq!(listed, ["INV-1", "INV-3"]);
}

#[test]
fn a_receipt_lacks_nothing_and_schedule_ii_needs_an_order() {
    let line = |spoil: &dyn Fn(&mut InvoiceLine)| {
        let mut line = bottles(10, 10);
        spoil(&mut line);
        receive(supplier(), "INV-9", vec![line], "2026-03-05")
    };
    assert!(line(&|_| {}).is_ok());
    refused(line(&|line| line.product.name.clear()), "LAW-1305.13-RECEIPT");
    refused(line(&|line| line.product.form.clear()), "LAW-1305.13-RECEIPT");
    refused(line(&|line| line.product = oxycodone()), "LAW-1305.03-RECEIPT");
    refused(receive(supplier(), " ", vec![bottles(10, 10)], "2026-03-05"), "LAW-1305.13-RECEIPT");
    refused(receive(supplier(), "INV-9", Vec::new(), "2026-03-05"), "BOOKS-ORDER-EMPTY");
    let unconfirmed = InvoiceReceipt::receive(
        &strictest(),
        (supplier(), Source::Registered),
        "INV-9",
        vec![bottles(10, 10)],
        None,
        (technician(), nine("2026-03-05")),
    );
    refused(unconfirmed, "LAW-1305.13-RECEIPT");
    let stranger = InvoiceReceipt::receive(
        &strictest(),
        (supplier(), Source::Unregistered),
        "INV-9",
        vec![bottles(10, 10)],
        Some(pharmacist()),
        (technician(), nine("2026-03-05")),
    );
    refused(stranger, "LAW-1304.22-SOURCE");
}
