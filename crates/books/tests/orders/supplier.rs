//! The supplier's side: a pharmacy that sells schedule II to another registrant, and any supplier.

use crate::world::*;
use theriac_books::orders::{OrderLine, ShippedEntry, Supply, SupplyEvent, Taken, to_report};
use theriac_books::{Account, Movement, MovementKind, Stock};
use theriac_law::Moment;
use theriac_law::vocab::{Condition, OrderMethod};

fn taken(method: OrderMethod, executed: &str) -> Taken {
    Taken {
        number: number(if method == OrderMethod::Form222Triplicate { "100000007" } else { "310000001" }),
        method,
        purchaser: practitioner(),
        supplier: pharmacy(),
        lines: vec![
            OrderLine { number: 1, product: oxycodone(), packages: 5 },
            OrderLine { number: 2, product: methadone(), packages: 2 },
        ],
        executed: day(executed),
        digest: None,
        endorsed_by: None,
    }
}

fn accepted() -> Vec<SupplyEvent> {
    let order = taken(OrderMethod::Form222Single, "2026-03-02");
    Supply::take(&strictest(), order, Condition::Good, pharmacist(), nine("2026-03-03")).expect("accepted")
}

fn supply(events: &[SupplyEvent]) -> Supply {
    Supply::replay(&stored_supply(events)).expect("an order to fill")
}

fn ship(state: &Supply, line: u32, packages: u32, at: Moment) -> Result<Vec<SupplyEvent>, theriac_model::Refusal> {
    let product = if line == 1 { oxycodone() } else { methadone() };
    state.ship(&strictest(), line, (&product, packages), pharmacist(), at)
}

/// Requirements: pharm-222-supplier-role-record
#[test]
fn a_pharmacy_that_supplies_keeps_the_record_reports_and_its_stock_falls() {
    let mut events = accepted();
    let sent = ship(&supply(&events), 1, 2, nine("2026-03-04")).expect("sent");
    let movement = supply(&events).movement(sent.first().expect("sent")).expect("a movement");
    events.extend(sent);
    let state = supply(&events);
    let entries: Vec<(u32, ShippedEntry)> = state.shipped().collect();
    let ndc = oxycodone().commodity.ndc;
    assert_eq!(
        entries,
        [(1, ShippedEntry::Furnished(vec![(2, ndc.clone(), day("2026-03-04"))])), (2, ShippedEntry::Furnished(vec![]))]
    );
    // DEA's copy, or the report in its place, is due by the end of the month.
    assert_eq!(state.reports_due(), [day("2026-03-31")]);
    let lines = to_report(&[state]);
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0].ndc, lines[0].packages, &lines[0].purchaser), (&ndc, 2, &practitioner().number));
    events.extend(supply(&events).report(day("2026-03-31"), "second copy by mail", pharmacist(), nine("2026-03-31")));
    assert_eq!(supply(&events).reports_due(), []);

    let opening = Movement::new(
        (movement.commodity.clone(), movement.schedule),
        MovementKind::Receipt,
        (Account::Source(supplier().number), Account::Shelf),
        theriac_books::Amount::new(500).expect("an amount"),
        (
            nine("2026-03-01").timestamp,
            theriac_books::Document::new(theriac_books::DocumentKind::OrderForm, "210000005"),
        ),
        vec![pharmacist()],
    );
    let mut stock = Stock::new(movement.commodity.clone());
    for movement in [&opening, &movement] {
        for event in stock.post(movement, nine("2026-03-04").timestamp).expect("posted") {
            stock.apply(&event).expect("consistent");
        }
    }
    assert_eq!(stock.balance(&Account::Shelf), 300);
    assert_eq!(stock.balance(&Account::Registrant(practitioner().number)), 200);
}

#[test]
fn partial_shipments_end_after_sixty_days_and_never_exceed_the_order() {
    let mut events = accepted();
    events.extend(ship(&supply(&events), 1, 2, nine("2026-03-04")).expect("sent"));
    let state = supply(&events);
    assert!(ship(&state, 1, 3, nine("2026-05-01")).is_ok());
    refused(ship(&state, 1, 3, nine("2026-05-02")), "LAW-1305.13-EXPIRED");
    refused(ship(&state, 1, 4, nine("2026-04-01")), "LAW-1305.13-QUANTITY");
    refused(ship(&state, 7, 1, nine("2026-04-01")), "BOOKS-ORDER-LINE");
    // Smaller packages of the same product may stand for what was ordered; another product never.
    let mut smaller = product("00406055262", "Oxycodone hydrochloride", theriac_model::Schedule::II);
    smaller.per_container = theriac_books::Amount::new(50).expect("an amount");
    let send = |product, packages| state.ship(&strictest(), 1, (product, packages), pharmacist(), nine("2026-04-01"));
    assert!(send(&smaller, 6).is_ok());
    refused(send(&smaller, 7), "LAW-1305.13-QUANTITY");
    refused(send(&methadone(), 1), "LAW-1305.13-IDENTICAL");
}

/// Requirements: pharm-222-void-by-supplier
#[test]
fn a_supplier_voids_in_writing_and_the_form_says_void_or_cancelled() {
    let mut events = accepted();
    let state = supply(&events);
    refused(state.void(&strictest(), &[2], " ", pharmacist(), nine("2026-03-04")), "LAW-1305.19-WRITING");
    events.extend(state.void(&strictest(), &[2], "Line 2 is void.", pharmacist(), nine("2026-03-04")).expect("void"));
    let state = supply(&events);
    events.extend(state.cancelled(&strictest(), &[1], "Please cancel line 1.", nine("2026-03-05")).expect("cancelled"));
    let state = supply(&events);
    let marks: Vec<(u32, Option<&str>)> = state.shipped().map(|(line, entry)| (line, entry.mark())).collect();
    assert_eq!(marks, [(1, Some("cancelled")), (2, Some("void"))]);
    refused(ship(&state, 2, 1, nine("2026-03-06")), "BOOKS-ORDER-CLOSED");

    // The purchaser enters the notice: the line is closed there, too.
    let mut events = executed();
    let voided = order(&events).voided(&strictest(), &[2], "Line 2 is void.", nine("2026-03-05")).expect("entered");
    events.extend(voided);
    let state = order(&events);
    let more = theriac_books::orders::Arrival { line: 2, packages: 1, invoice: None };
    refused(state.receive(&strictest(), &more, &pharmacist(), nine("2026-03-06")), "LAW-1305.19-CANCELLED");
}

#[test]
fn a_defective_form_is_refused_with_a_statement_and_a_form_is_endorsed_once() {
    let order = taken(OrderMethod::Form222Single, "2026-03-02");
    let take = |order: Taken, condition| Supply::take(&strictest(), order, condition, pharmacist(), nine("2026-03-03"));
    let refusal = refused(take(order.clone(), Condition::Altered), "LAW-1305.15-DEFECT");
    let refuse = |statement: &str| {
        Supply::refuse(&strictest(), &order, refusal.code.0, statement, pharmacist(), nine("2026-03-03"))
    };
    refused(refuse(" "), "LAW-1305.15-STATEMENT");
    let events = refuse("Not accepted: the form is altered.").expect("refused");
    assert!(Supply::replay(&stored_supply(&events)).is_none());

    let state = supply(&accepted());
    assert!(state.endorse(&strictest(), second_supplier(), pharmacist(), nine("2026-03-04")).is_ok());
    let mut endorsed = order.clone();
    endorsed.endorsed_by = Some(second_supplier());
    let state = supply(&take(endorsed, Condition::Good).expect("accepted"));
    refused(state.endorse(&strictest(), supplier_party(), pharmacist(), nine("2026-03-04")), "LAW-1305.14-ENDORSE");
    let mut events = accepted();
    events.extend(state_declared_lost());
    refused(ship(&supply(&events), 1, 1, nine("2026-03-10")), "LAW-1305.26-TURNED-UP");
}

fn supplier_party() -> theriac_books::Party {
    crate::world::supplier()
}

fn state_declared_lost() -> Vec<SupplyEvent> {
    vec![SupplyEvent::DeclaredLost { replaced_by: number("310000002"), at: nine("2026-03-09") }]
}
