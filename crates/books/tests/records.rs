//! Records as an inspector asks for them.

mod common;
use common::{at, movement, oxycodone};
use jiff::civil::date;
use jiff::tz::Offset;
use theriac_books::records::{Group, Heading, Holdings, Safekeeping, StoragePlace, apart, where_is};
use theriac_books::{Account, Commodity, DocumentKind, EntryId, Ledger, MovementKind, Name, Stock, StockEvent};
use theriac_law::Profile;
use theriac_model::{Ndc, Schedule};

/// `pairs` of a receipt and a filling, in turn of schedules II, IV and V, as a store of mixed records holds them.
fn mixed(pairs: u32) -> Vec<StockEvent> {
    let mut stocks: Vec<(Schedule, Stock)> =
        [(Schedule::II, "00406055201"), (Schedule::IV, "00093083201"), (Schedule::V, "00228202950")]
            .map(|(schedule, ndc)| {
                let ndc = Ndc::parse(ndc).expect("an NDC");
                (schedule, Stock::new(Commodity { ndc, ..oxycodone() }))
            })
            .to_vec();
    let mut events = Vec::new();
    for n in 0..pairs {
        let (schedule, stock) = &mut stocks[n as usize % 3];
        for kind in [MovementKind::Receipt, MovementKind::Fill] {
            let mut movement = movement(kind, 30);
            movement.schedule = *schedule;
            movement.commodity = stock.commodity().clone();
            if kind == MovementKind::Receipt {
                movement.document.kind = DocumentKind::OrderForm;
            }
            for event in stock.post(&movement, at(common::POSTED)).expect("a movement") {
                stock.apply(&event).expect("foldable");
                events.push(event);
            }
        }
    }
    events
}

fn period() -> (jiff::Timestamp, jiff::Timestamp) {
    (at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"))
}

/// Requirements: pharm-record-schedule-ii-separate, law-rec-cii-separate
#[test]
fn the_records_of_schedule_ii_hold_only_schedule_ii_and_the_others_none_of_it() {
    let events = mixed(30);
    let two: Vec<_> = apart(&events, Group::TwoAndOne, period()).collect();
    let others: Vec<_> = apart(&events, Group::ThreeToFive, period()).collect();
    assert_eq!((two.len(), others.len()), (20, 40));
    assert!(two.iter().all(|line| line.mark == "C-II"));
    assert!(others.iter().all(|line| line.mark == "C-IV" || line.mark == "C-V"));
    assert_eq!(
        (two[0].entry, two[0].kind, two[0].document.number.as_str()),
        (EntryId(1), MovementKind::Receipt, "D-1")
    );
    let before = (period().0, at("2026-03-02T15:59:59Z"));
    assert_eq!(apart(&events, Group::TwoAndOne, before).count(), 0, "nothing had happened by then");
}

/// Requirements: pharm-record-iii-v-separable, pharm-record-readily-retrievable, law-rec-ciii-v-retrievable
#[test]
#[expect(clippy::disallowed_methods, reason = "the requirement is a time")]
fn schedules_iii_to_v_are_separated_from_a_hundred_thousand_records_within_the_time_and_marked() {
    let events = mixed(50_000);
    assert_eq!(events.len(), 100_000);
    let begun = std::time::Instant::now();
    let lines: Vec<_> = apart(&events, Group::ThreeToFive, period()).collect();
    let took = begun.elapsed();
    assert!(took.as_secs() < 60, "{took:?}");
    let expected = events.iter().filter(|event| match event {
        StockEvent::Posted { entry, .. } => entry.schedule > Schedule::II,
        StockEvent::Counted { .. } => false,
    });
    assert_eq!(lines.len(), expected.count());
    assert!(lines.iter().all(|line| line.mark.starts_with("C-")), "each line carries its mark");
}

fn whole() -> Holdings {
    let held = Holdings::of_books(&mixed(3), Offset::UTC);
    let held = held.with(Heading::Inventories, [date(2024, 5, 1), date(2026, 4, 30)]);
    [
        Heading::OrderForms,
        Heading::PowersOfAttorney,
        Heading::LossReports,
        Heading::Certificate,
        Heading::ListedChemicals,
    ]
    .into_iter()
    .fold(held, |held, heading| held.with(heading, []))
}

/// Requirements: pharm-record-required-set, law-rec-required-list
#[test]
fn the_index_has_eleven_headings_with_counts_and_days_and_says_where_none_is_on_file() {
    let index = whole().index(&Profile::strictest(), date(2026, 6, 1)).expect("all were looked at");
    assert_eq!(index.len(), 11);
    let line = |heading: Heading| index.iter().find(|line| line.heading == heading).expect("a line");
    assert_eq!(
        line(Heading::Receipts).says(),
        "2 on file, 2026-03-02 to 2026-03-02",
        "those of schedule II are order forms"
    );
    assert_eq!(line(Heading::Inventories).says(), "2 on file, 2024-05-01 to 2026-04-30");
    assert_eq!(line(Heading::LossReports).says(), "none on file");
    assert_eq!(line(Heading::Receipts).link(), "records/receipts");
    let books = Holdings::of_books(&[], Offset::UTC);
    let refusal = books.index(&Profile::strictest(), date(2026, 6, 1)).expect_err("six were not looked at");
    assert_eq!(refusal.code.0, "LAW-1304.03-INDEX");
}

/// Requirements: pharm-record-storage-security
#[test]
fn each_place_says_how_it_is_kept_safe_and_a_product_is_found_by_its_places() {
    let mut ledger = Ledger::new();
    let safe = Account::Place(Name::parse("safe").expect("a name"));
    let mut moved = movement(MovementKind::Relocation, 40);
    moved.to = safe.clone();
    let movements = [movement(MovementKind::Receipt, 100), moved, movement(MovementKind::Fill, 10)];
    for event in ledger.post(&movements, at(common::POSTED)).expect("movements") {
        ledger.apply(&event).expect("foldable");
    }
    let places = [
        StoragePlace { account: Account::Shelf, safekeeping: Safekeeping::Dispersed },
        StoragePlace { account: safe.clone(), safekeeping: Safekeeping::Locked },
    ];
    assert_eq!(
        where_is(ledger.stocks(), &oxycodone(), &places),
        [
            (Account::Shelf, 50, Some(Safekeeping::Dispersed)),
            (safe, 40, Some(Safekeeping::Locked)),
            (Account::WillCall, 10, None),
        ]
    );
}
