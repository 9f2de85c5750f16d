//! Inventories: blind, whole, apart, exact where the law wants it, and without effect on any balance.

mod common;
use common::{at, custodian, movement, number, oxycodone, pharmacist};
use jiff::civil::{Date, date};
use serde_json::Value;
use theriac_books::inventory::{
    Classification, Close, Closing, Container, DueState, Entered, Inventory, InventoryEvent, LineCount, Occasion, Part,
    Place, Plan, ScheduleChange, Tally, biennial, newly_scheduled, places_of, read_sheet,
};
use theriac_books::{
    Account, Commodity, CountMethod, Ledger, MovementKind, Name, Party, Product, StockEvent, StockUnit,
};
use theriac_law::vocab::{DayPart, Writing};
use theriac_law::{Duty, Moment, Profile};
use theriac_model::json::canonical;
use theriac_model::{Address, BusinessActivity, Ndc, Refusal, Schedule};

fn pharmacy() -> Party {
    let address = Address {
        line1: "12 Elm Street".to_owned(),
        line2: None,
        city: "Tucson".to_owned(),
        state: "AZ".to_owned(),
        postal: "85701".to_owned(),
    };
    let number = number("FT1234563");
    Party { name: "Test Pharmacy".to_owned(), address, number, activity: BusinessActivity::Pharmacy }
}

fn product(ndc: &str, schedule: Schedule, per_container: i64) -> Product {
    let ndc = Ndc::parse(ndc).expect("an NDC");
    Product {
        commodity: Commodity { ndc, ..oxycodone() },
        schedule,
        name: "Oxycodone hydrochloride".to_owned(),
        form: "Tablet".to_owned(),
        strength: "10 mg".to_owned(),
        other_strength: None,
        per_container: common::amount(per_container),
    }
}

fn two() -> Product {
    product("00406055201", Schedule::II, 100)
}

fn four() -> Product {
    product("00093083201", Schedule::IV, 500)
}

fn moment(text: &str) -> Moment {
    Moment::parse(text).expect("a moment")
}

const CLOSE: &str = "2026-03-02T09:05:00-07:00";

/// Books with 200 of schedule II on the shelf and 30 in will-call, and 500 of schedule IV in quarantine.
fn ledger() -> Ledger {
    let mut ledger = Ledger::new();
    for (product, kind, units) in [
        (two(), MovementKind::Receipt, 230),
        (two(), MovementKind::Fill, 30),
        (four(), MovementKind::Receipt, 500),
        (four(), MovementKind::Quarantine, 500),
    ] {
        let mut movement = movement(kind, units);
        movement.commodity = product.commodity;
        fold(&mut ledger, &[movement]);
    }
    ledger
}

fn fold(ledger: &mut Ledger, movements: &[theriac_books::Movement]) {
    let events = ledger.post(movements, at(common::POSTED)).expect("movements");
    fold_events(ledger, &events);
}

fn fold_events(ledger: &mut Ledger, events: &[StockEvent]) {
    for event in events {
        ledger.apply(event).expect("what a command made can be folded");
    }
}

fn plan(occasion: Occasion, places: Vec<Place>) -> Plan {
    let id = Name::parse("2026-03").expect("a name");
    Plan { id, registrant: pharmacy(), occasion, taken: DayPart::Close, moment: moment(CLOSE), places }
}

fn opened(plan: Plan, ledger: &Ledger) -> Inventory {
    let events = Inventory::open(plan, ledger, custodian(), at(common::POSTED)).expect("a sheet");
    Inventory::replay(&events).expect("an opening")
}

fn profile() -> Profile {
    Profile::strictest()
}

fn count(inventory: &mut Inventory, line: u32, tally: Tally) -> Result<(), Refusal> {
    let count = LineCount { line, tally, by: custodian(), at: at("2026-03-02T17:00:00Z") };
    for event in inventory.count(&profile(), count)? {
        inventory.apply(&event);
    }
    Ok(())
}

/// Everything counted as the books have it, but `short` fewer of schedule II on the shelf.
fn counted(ledger: &Ledger, short: i64) -> Inventory {
    let places = places_of(ledger, &[two(), four()]);
    let mut inventory = opened(plan(Occasion::Biennial, places), ledger);
    for line in inventory.sheet() {
        let book = match (line.place.product.schedule, &line.place.account) {
            (Schedule::II, Account::Shelf) => 200 - short,
            (Schedule::II, Account::WillCall) => 30,
            (_, Account::Quarantine) => 500,
            _ => 0,
        };
        let per = line.place.product.per_container.units();
        let sealed = u32::try_from(book / per).expect("small");
        let tally = Tally::exact(&line.place.product, sealed, book % per, Entered::Keyboard);
        count(&mut inventory, line.line, tally).expect("a count");
    }
    inventory
}

fn close(inventory: &Inventory, ledger: &Ledger) -> Result<Closing, Refusal> {
    let at = moment("2026-03-02T18:00:00-07:00");
    inventory.close(&profile(), &Close { signatures: vec![custodian()], writing: Writing::Written, at, ledger })
}

fn code<T>(answer: Result<T, Refusal>) -> &'static str {
    answer.map_or_else(|refusal| refusal.code.0, |_| "ok")
}

/// Requirements: pharm-inventory-physical-not-book
#[test]
fn whoever_counts_sees_no_figure_of_the_books_before_the_count_is_stored() {
    let ledger = ledger();
    let mut inventory = opened(plan(Occasion::Biennial, places_of(&ledger, &[two(), four()])), &ledger);
    assert_eq!(inventory.variances(&ledger), [], "no line is counted");
    let shown = format!("{:?}", inventory.sheet());
    assert!(!shown.contains("230") && !shown.contains("book"), "{shown}");
    count(&mut inventory, 1, Tally::exact(&two(), 1, 97, Entered::Keyboard)).expect("a count");
    let rows = inventory.variances(&ledger);
    assert_eq!(rows.iter().map(|row| (row.line, row.book, row.found)).collect::<Vec<_>>(), [(1, 200, 197)]);
    let stored = inventory.sheet()[0].counted.clone().expect("counted");
    assert_eq!((stored.by, stored.at), (custodian(), at("2026-03-02T17:00:00Z")));
}

/// Requirements: pharm-inventory-definition-all-stock, pharm-inventory-biennial-same-contents
#[test]
fn a_complete_inventory_has_a_line_for_every_place_and_is_not_closed_before_each_is_counted() {
    let ledger = ledger();
    let places = places_of(&ledger, &[two(), four()]);
    let listed: Vec<String> =
        places.iter().map(|place| format!("{} {}", place.product.schedule, place.account)).collect();
    assert_eq!(listed, ["II shelf", "II will-call", "IV shelf", "IV quarantine"]);
    for left_out in [1, 3] {
        let mut fewer = places.clone();
        fewer.remove(left_out);
        let answer =
            |occasion| code(Inventory::open(plan(occasion, fewer.clone()), &ledger, custodian(), at(common::POSTED)));
        for occasion in [Occasion::Initial, Occasion::Biennial, Occasion::Transfer, Occasion::Closing] {
            assert_eq!(answer(occasion), "BOOKS-INVENTORY-PLACES", "{occasion}");
        }
        for occasion in [Occasion::NewlyScheduled, Occasion::AdHoc, Occasion::Cycle] {
            assert_eq!(answer(occasion), "ok", "{occasion}");
        }
    }
    let mut inventory = opened(plan(Occasion::Biennial, places), &ledger);
    for line in 1..=4 {
        assert_eq!(code(close(&inventory, &ledger)), "LAW-1304.11-UNCOUNTED", "before line {line}");
        count(&mut inventory, line, Tally::nothing(Entered::Scanner)).expect("a count");
    }
    assert_eq!(code(close(&inventory, &ledger)), "ok");
}

/// Requirements: pharm-inventory-ii-separate, law-inv-cii-separate, pharm-inventory-contents, pharm-inventory-estimate-marked
#[test]
fn closing_yields_a_document_of_schedule_ii_and_one_of_the_others_with_everything_on_each_line() {
    let ledger = ledger();
    let closing = close(&counted(&ledger, 0), &ledger).expect("whole");
    let [two_doc, others] = &closing.documents[..] else { panic!("two documents") };
    assert_eq!((two_doc.schedules, others.schedules), ("I-II", "III-V"));
    assert!(two_doc.lines.iter().all(|line| line.product.schedule <= Schedule::II));
    assert!(others.lines.iter().all(|line| line.product.schedule > Schedule::II));
    assert_eq!(two_doc.lines.len() + others.lines.len(), 4);
    let line = &two_doc.lines[0];
    assert_eq!((line.product.name.as_str(), line.product.form.as_str()), ("Oxycodone hydrochloride", "Tablet"));
    assert_eq!((line.product.strength.as_str(), line.product.per_container.units()), ("10 mg", 100));
    assert_eq!((line.containers, line.found, line.method.word()), (2, 200, "exact"));
    assert_eq!((two_doc.day, two_doc.taken), (date(2026, 3, 2), DayPart::Close));
    for emptied in 0..3 {
        let mut places = places_of(&ledger, &[two(), four()]);
        let fields = &mut places[0].product;
        *[&mut fields.name, &mut fields.form, &mut fields.strength][emptied] = " ".to_owned();
        let mut inventory = opened(plan(Occasion::Biennial, places), &ledger);
        (1..=4).for_each(|line| count(&mut inventory, line, Tally::nothing(Entered::Keyboard)).expect("a count"));
        assert_eq!(code(close(&inventory, &ledger)), "LAW-1304.11-ENTRY", "without field {emptied}");
    }
}

/// Requirements: pharm-inventory-header-recommended
#[test]
fn an_inventory_names_the_registrant_and_who_signs_for_it() {
    let ledger = ledger();
    let inventory = counted(&ledger, 0);
    let document = &close(&inventory, &ledger).expect("whole").documents[0];
    assert_eq!(document.registrant, pharmacy());
    assert_eq!(document.signatures, [custodian()]);
    let at = moment("2026-03-02T18:00:00-07:00");
    let nobody = Close { signatures: Vec::new(), writing: Writing::Written, at, ledger: &ledger };
    assert_eq!(code(inventory.close(&profile(), &nobody)), "BOOKS-INVENTORY-UNSIGNED");
    let spoken = Close { signatures: vec![custodian()], writing: Writing::Recorded, at, ledger: &ledger };
    assert_eq!(code(inventory.close(&profile(), &spoken)), "LAW-1304.11-RECORDED");
}

/// Requirements: pharm-inventory-opening-or-close
#[test]
fn an_inventory_of_the_opening_leaves_the_whole_day_out_and_one_that_says_neither_is_not_closed() {
    let mut ledger = ledger();
    let mut later = movement(MovementKind::Fill, 20);
    later.happened = at("2026-03-02T23:00:00Z");
    let events = ledger.post(&[later], at("2026-03-02T23:00:00Z")).expect("a filling");
    fold_events(&mut ledger, &events);
    for (taken, book) in [(DayPart::Opening, 0), (DayPart::Close, 200)] {
        let shelf = Place { product: two(), account: Account::Shelf };
        let mut inventory = opened(Plan { taken, ..plan(Occasion::Cycle, vec![shelf]) }, &ledger);
        count(&mut inventory, 1, Tally::nothing(Entered::Keyboard)).expect("a count");
        assert_eq!(inventory.variances(&ledger)[0].book, book, "{taken}");
    }
    let unmarked = Plan { taken: DayPart::Unmarked, ..plan(Occasion::Cycle, Vec::new()) };
    assert_eq!(code(close(&opened(unmarked, &ledger), &ledger)), "LAW-1304.11-DAY-PART");
    let tomorrow = Plan { moment: moment("2026-03-03T09:00:00-07:00"), ..plan(Occasion::Cycle, Vec::new()) };
    assert_eq!(code(Inventory::open(tomorrow, &ledger, custodian(), at(common::POSTED))), "BOOKS-FUTURE");
}

/// An opened container of `capacity` that was estimated; the code, or `ok`.
fn estimate(product: &Product, capacity: i64) -> &'static str {
    let shelf = Place { product: product.clone(), account: Account::Shelf };
    let mut inventory = opened(plan(Occasion::Cycle, vec![shelf]), &Ledger::new());
    let opened = vec![Container { capacity, found: 10, method: CountMethod::Estimated }];
    code(count(&mut inventory, 1, Tally { sealed: 3, opened, entered: Entered::Keyboard }))
}

/// Requirements: pharm-inventory-ii-exact, pharm-inventory-iii-v-estimate, law-inv-cii-exact, law-inv-ciii-v-estimate-1000
#[test]
fn an_opened_container_is_estimated_only_where_the_rulebook_lets_it() {
    assert_eq!(estimate(&two(), 100), "LAW-1304.11-COUNT");
    assert_eq!(estimate(&product("00406055201", Schedule::I, 100), 100), "LAW-1304.11-COUNT");
    for schedule in [Schedule::III, Schedule::IV, Schedule::V] {
        let bottle = product("00093083201", schedule, 500);
        assert_eq!(estimate(&bottle, 1_000), "ok", "{schedule}");
        assert_eq!(estimate(&bottle, 1_001), "LAW-1304.11-COUNT", "{schedule}");
    }
    let mut syrup = product("00093083201", Schedule::V, 473_000);
    syrup.commodity.unit = StockUnit::Microlitre;
    assert_eq!(estimate(&syrup, 473_000), "ok", "a bottle of liquid is no number of tablets");
}

#[test]
fn a_container_holds_no_more_than_its_size() {
    let shelf = Place { product: two(), account: Account::Shelf };
    for (found, expected) in [(-1, "BOOKS-COUNT-RANGE"), (0, "ok"), (100, "ok"), (101, "BOOKS-COUNT-RANGE")] {
        let mut inventory = opened(plan(Occasion::Cycle, vec![shelf.clone()]), &Ledger::new());
        let opened = vec![Container { capacity: 100, found, method: CountMethod::Exact }];
        let tally = Tally { sealed: 0, opened, entered: Entered::Keyboard };
        assert_eq!(code(count(&mut inventory, 1, tally)), expected, "{found}");
        assert_eq!(code(count(&mut inventory, 2, Tally::nothing(Entered::Keyboard))), "BOOKS-INVENTORY-LINE");
    }
}

/// Requirements: pharm-inventory-zero, law-inv-initial
#[test]
fn an_initial_inventory_of_nothing_is_recorded_as_zero() {
    let ledger = Ledger::new();
    let closing = close(&opened(plan(Occasion::Initial, Vec::new()), &ledger), &ledger).expect("a zero inventory");
    assert!(closing.duties.has(Duty::RecordZeroInventory));
    assert_eq!(closing.documents.len(), 2);
    for document in &closing.documents {
        let statement = document.zero_statement().expect("zero");
        assert!(
            statement.contains("No controlled substances") && statement.contains("close of business on 2026-03-02")
        );
    }
    assert_eq!(closing.stock, []);
}

#[test]
fn an_initial_inventory_opens_the_books_with_what_was_counted_in_each_place() {
    let ledger = Ledger::new();
    let safe = Account::Place(Name::parse("safe").expect("a name"));
    let places = [Account::Shelf, safe.clone()].map(|account| Place { product: two(), account }).to_vec();
    let mut inventory = opened(plan(Occasion::Initial, places), &ledger);
    count(&mut inventory, 1, Tally::exact(&two(), 2, 7, Entered::Scanner)).expect("a count");
    count(&mut inventory, 2, Tally::exact(&two(), 1, 0, Entered::Scanner)).expect("a count");
    let closing = close(&inventory, &ledger).expect("whole");
    let books = Ledger::replay(&closing.stock).expect("consistent");
    let stock = books.stock(&two().commodity).expect("books");
    assert_eq!((stock.balance(&Account::Shelf), stock.balance(&safe)), (207, 100));
    assert_eq!((stock.balance(&Account::Opening), stock.open_variances().count()), (-307, 0));
    assert!(!closing.duties.has(Duty::RecordZeroInventory));
}

/// Requirements: pharm-inventory-variance-report, pharm-record-closing-balance-derived
#[test]
fn a_variance_is_shown_in_units_and_percent_and_nothing_is_adjusted() {
    let mut ledger = ledger();
    let before: Vec<i64> = ledger.stocks().map(theriac_books::Stock::on_hand).collect();
    let mut inventory = counted(&ledger, 4);
    let closing = close(&inventory, &ledger).expect("whole");
    fold_events(&mut ledger, &closing.stock);
    assert!(closing.stock.iter().all(|event| matches!(event, StockEvent::Counted { .. })), "counts only");
    assert_eq!(ledger.stocks().map(theriac_books::Stock::on_hand).collect::<Vec<_>>(), before);
    let rows = inventory.variances(&ledger);
    let row = rows.iter().find(|row| row.difference() != 0).expect("a variance");
    assert_eq!((row.book, row.found, row.difference(), row.percent().as_deref()), (200, 196, -4, Some("-2.00")));
    assert!(row.asks_classification());
    let class = |line| inventory.classify(&ledger, (line, Classification::LossReview), custodian(), at(common::POSTED));
    assert_eq!(code(class(row.line)), "BOOKS-INVENTORY-OPEN");
    for event in &closing.events {
        inventory.apply(event);
    }
    let class = |line| inventory.classify(&ledger, (line, Classification::LossReview), custodian(), at(common::POSTED));
    assert_eq!(code(class(row.line + 1)), "BOOKS-INVENTORY-NO-VARIANCE");
    let events = class(row.line).expect("a variance");
    inventory.apply(&events[0]);
    let rows = inventory.variances(&ledger);
    assert_eq!((rows[0].class, rows[0].found), (Some(Classification::LossReview), 196));
    assert_eq!(code(count(&mut inventory, 1, Tally::nothing(Entered::Keyboard))), "BOOKS-INVENTORY-CLOSED");
}

#[test]
fn a_product_that_was_never_received_is_counted_and_its_whole_count_is_a_variance() {
    let mut ledger = ledger();
    let mut inventory = counted(&ledger, 0);
    let found = Place { product: product("00406055205", Schedule::II, 100), account: Account::Shelf };
    for event in inventory.add(found.clone(), &ledger, custodian(), at(common::POSTED)).expect("a line") {
        inventory.apply(&event);
    }
    assert_eq!(code(inventory.add(found.clone(), &ledger, custodian(), at(common::POSTED))), "BOOKS-INVENTORY-TWICE");
    count(&mut inventory, 5, Tally::exact(&found.product, 0, 17, Entered::Keyboard)).expect("a count");
    let row = inventory.variances(&ledger).pop().expect("a row");
    assert_eq!((row.book, row.found, row.percent()), (0, 17, None));
    let closing = close(&inventory, &ledger).expect("whole");
    fold_events(&mut ledger, &closing.stock);
    let stock = ledger.stock(&found.product.commodity).expect("books");
    assert_eq!((stock.on_hand(), stock.open_variances().map(|open| open.1).sum::<i64>()), (0, 17));
}

/// Requirements: law-inv-open-or-close
#[test]
fn stock_that_moves_while_it_is_counted_is_warned_of() {
    let mut ledger = ledger();
    let inventory = counted(&ledger, 0);
    assert_eq!(close(&inventory, &ledger).expect("whole").warnings, []);
    fold(&mut ledger, &[movement(MovementKind::Fill, 1)]);
    let warnings = close(&inventory, &ledger).expect("whole").warnings;
    assert_eq!(warnings.iter().map(|warning| warning.code.0).collect::<Vec<_>>(), ["LAW-1304.11-MOVED"]);
}

/// Requirements: pharm-tob-inventory-dual-role
#[test]
fn the_inventory_of_a_transfer_is_final_for_one_and_initial_for_the_other_with_the_same_contents() {
    let ledger = ledger();
    let mut inventory = counted(&ledger, 0);
    for event in close(&inventory, &ledger).expect("whole").events {
        inventory.apply(&event);
    }
    let (last, first) = (inventory.documents(Part::Final), inventory.documents(Part::Initial));
    assert_eq!(last.len(), 2);
    for (last, first) in last.iter().zip(&first) {
        assert_eq!((last.part, first.part), (Part::Final, Part::Initial));
        assert_eq!(canonical(&last.contents()), canonical(&first.contents()));
        assert_eq!((last.id.as_str(), last.day), (first.id.as_str(), first.day));
    }
}

/// Requirements: pharm-inventory-biennial-due, law-inv-biennial
#[test]
fn the_next_inventory_is_due_within_two_years_with_reminders_before() {
    let state = |today: Date| biennial(&profile(), Some(date(2010, 5, 1)), today).state;
    for (today, expected) in [
        (date(2010, 5, 1), DueState::NotDue),
        (date(2012, 3, 1), DueState::NotDue),
        (date(2012, 3, 2), DueState::Remind),
        (date(2012, 4, 30), DueState::Remind),
        (date(2012, 5, 1), DueState::LastDay),
        (date(2012, 5, 2), DueState::Overdue),
    ] {
        assert_eq!(state(today), expected, "{today}");
    }
    assert_eq!(biennial(&profile(), None, date(2026, 3, 2)).state, DueState::NeverTaken);
}

/// Requirements: pharm-inventory-newly-scheduled
#[test]
fn a_product_on_hand_that_changes_its_schedule_is_to_be_counted_on_the_day_of_the_change() {
    let ledger = ledger();
    let change = |ndc: &str, effective| {
        let ndc = Ndc::parse(ndc).expect("an NDC");
        vec![ScheduleChange { ndc, from: Some(Schedule::IV), to: Schedule::III, effective }]
    };
    let open = |changes: &[ScheduleChange], counted: Option<Date>| {
        newly_scheduled(changes, &ledger, |_| counted, moment(CLOSE)).len()
    };
    let on_hand = change("00093083201", date(2026, 3, 10));
    assert_eq!(open(&on_hand, None), 1);
    assert_eq!(open(&on_hand, Some(date(2026, 3, 9))), 1, "counted before the change");
    assert_eq!(open(&on_hand, Some(date(2026, 3, 10))), 0, "counted on the day");
    assert_eq!(open(&change("00093083299", date(2026, 3, 10)), None), 0, "not in stock");
    assert_eq!(open(&change("00093083201", date(2026, 4, 2)), None), 0, "more than thirty days ahead");
    let mut newly = change("00093083299", date(2026, 3, 10));
    newly[0].from = None;
    assert_eq!(open(&newly, None), 1, "not controlled until then: what lies on the shelf is in no books");
}

#[test]
fn a_sheet_that_was_filled_in_elsewhere_is_read_whole_or_refused_by_its_row() {
    let header = "ndc,place,sealed,capacity,found,method\n";
    let rows = read_sheet(&format!(
        "{header}00406055201,shelf,2,,,\n0406-0552-01,shelf,,100,37,exact\n00093083201,quarantine,0,500,240,estimated\n"
    ));
    let rows = rows.expect("a sheet");
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0].tally.found(&two()), rows[0].tally.containers()), (Ok(237), 3));
    assert_eq!((rows[1].tally.found(&four()), rows[1].tally.method()), (Ok(240), CountMethod::Estimated));
    for bad in [
        "0040605520,shelf,2,,,",
        "00406055201,till,2,,,",
        "00406055201,shelf,two,,,",
        "00406055201,shelf,2",
        "00406055201,shelf,1,100,37,exact",
        "00406055201,shelf,,100,37,guessed",
        "00406055201,shelf,,100,-1,exact",
        "00406055201,shelf,,1e9,1,exact",
    ] {
        let refusal = read_sheet(&format!("{header}{bad}\n")).expect_err(bad);
        assert_eq!((refusal.code.0, refusal.what.starts_with("row 2 ")), ("BOOKS-SHEET", true), "{bad}");
    }
    assert_eq!(code(read_sheet("")), "BOOKS-SHEET");
}

#[test]
fn every_event_of_an_inventory_is_read_back_from_its_canonical_bytes() {
    let ledger = ledger();
    let inventory = opened(plan(Occasion::Biennial, places_of(&ledger, &[two(), four()])), &ledger);
    let mut events =
        Inventory::open(inventory.plan().clone(), &ledger, custodian(), at(common::POSTED)).expect("a sheet");
    let counted = counted(&ledger, 4);
    events.extend(counted.sheet().into_iter().filter_map(|line| line.counted).map(InventoryEvent::Counted));
    let found = Place { product: product("00406055205", Schedule::II, 100), account: Account::Shelf };
    events.extend(inventory.add(found, &ledger, pharmacist(), at(common::POSTED)).expect("a line"));
    events.extend(close(&counted, &ledger).expect("whole").events);
    let (line, class, by) = (1, Classification::Recount, custodian());
    events.push(InventoryEvent::Classified { line, class, by, at: at(common::POSTED) });
    for event in events {
        let bytes = canonical(&event.to_json()).expect("canonical");
        let value: Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(InventoryEvent::from_json(event.kind(), &value).as_ref(), Ok(&event));
        for member in value.as_object().expect("an object").keys() {
            let mut damaged = value.clone();
            damaged[member] = serde_json::json!(-1);
            assert!(InventoryEvent::from_json(event.kind(), &damaged).is_err(), "{} {member}", event.kind());
        }
    }
    assert!(InventoryEvent::from_json("inventory.sent", &serde_json::json!({"format": 1})).is_err());
}
