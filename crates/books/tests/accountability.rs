//! Every unit accounted for, every figure with its entries, and a second computation that finds what was bent.

mod common;
use common::{at, custodian, movement, oxycodone, pharmacist};
use jiff::Timestamp;
use theriac_books::accountability::{Accountability, Basis, Category, Direction, Disagreement, RollUp, Title};
use theriac_books::inventory::Occasion;
use theriac_books::{
    Account, Commodity, Content, Count, CountMethod, Document, DocumentKind, Entry, EntryId, MovementKind, Name, Stock,
    StockEvent, StockUnit,
};
use theriac_model::Ndc;
use theriac_model::json::canonical;

use MovementKind as K;

fn hour(hour: u32) -> Timestamp {
    at(&format!("2026-03-02T{hour:02}:00:00Z"))
}

/// Books written hour by hour.
struct Books {
    stock: Stock,
    events: Vec<StockEvent>,
}

impl Books {
    fn new() -> Self {
        Self { stock: Stock::new(oxycodone()), events: Vec::new() }
    }

    fn keep(&mut self, events: Vec<StockEvent>) {
        for event in events {
            self.stock.apply(&event).expect("what a command made can be folded");
            self.events.push(event);
        }
    }

    fn post(&mut self, kind: K, units: i64, (happened, posted): (u32, u32)) {
        let mut movement = movement(kind, units);
        movement.happened = hour(happened);
        let events = self.stock.post(&movement, hour(posted)).expect("a movement");
        self.keep(events);
    }

    fn count(&mut self, account: Account, found: i64, at: u32, method: CountMethod) {
        let count = Count { account, found, method, happened: hour(at), counter: custodian() };
        let events = self.stock.count(count, hour(23)).expect("a count");
        self.keep(events);
    }

    fn entries(&self) -> Vec<Entry> {
        let posted = self.events.iter().filter_map(|event| match event {
            StockEvent::Posted { entry, .. } => Some(entry.clone()),
            StockEvent::Counted { .. } => None,
        });
        posted.collect()
    }

    fn statement(&self, from: u32, to: u32, occasion: Option<Occasion>) -> Accountability {
        let statement = Accountability::of(&oxycodone(), &self.events, (hour(from), hour(to)), occasion);
        assert_eq!(statement.check(&self.events), Ok(()), "the second computation agrees");
        statement
    }
}

/// The example of the books' own notes: 1000, 500 received, 900 dispensed, 10 spilled, 5 stolen, 580 counted.
fn example(found: i64, method: CountMethod) -> Books {
    let mut books = Books::new();
    books.post(K::Receipt, 1000, (1, 1));
    books.count(Account::Shelf, 1000, 2, CountMethod::Exact);
    books.post(K::Receipt, 500, (3, 3));
    books.post(K::Fill, 900, (4, 4));
    books.post(K::HandOver, 900, (5, 5));
    books.post(K::Spill, 10, (6, 6));
    books.post(K::TheftOrLoss, 5, (7, 7));
    books.count(Account::Shelf, found, 8, method);
    books
}

/// Requirements: pharm-record-chain-of-accountability, law-rec-current-complete
#[test]
fn opening_and_in_less_out_against_the_count_gives_the_variance_and_every_figure_names_its_entries() {
    let statement = example(580, CountMethod::Exact).statement(2, 8, Some(Occasion::Biennial));
    assert_eq!((statement.opening.amount, statement.opening.basis), (1000, Basis::Counts));
    assert_eq!((statement.came(), statement.went()), (500, 915));
    assert_eq!((statement.accountable(), statement.expected()), (1500, 585));
    assert_eq!((statement.variance(), statement.variance_percent().as_deref()), (Some(-5), Some("-0.33")));
    assert_eq!((statement.title(), statement.is_exact()), (Title::Audit, true));
    let rows: Vec<_> = statement.rows.iter().map(|row| (row.category, row.amount, row.entries.clone())).collect();
    assert_eq!(
        rows,
        [
            (Category::Received, 500, vec![EntryId(2)]),
            (Category::Dispensed, 900, vec![EntryId(4)]),
            (Category::Spilled, 10, vec![EntryId(5)]),
            (Category::TheftOrLoss, 5, vec![EntryId(6)]),
        ]
    );
    let found = example(585, CountMethod::Exact).statement(2, 8, None);
    assert_eq!((found.variance(), found.title()), (Some(0), Title::Report));
}

#[test]
fn a_variance_of_an_estimate_is_marked_and_a_report_without_a_count_has_none() {
    assert!(!example(580, CountMethod::Estimated).statement(2, 8, None).is_exact());
    let open = example(580, CountMethod::Exact).statement(3, 7, None);
    assert_eq!((open.opening.basis, open.opening.amount), (Basis::Books, 1500));
    assert_eq!((open.closing.as_ref(), open.title()), (None, Title::Report));
}

#[test]
fn a_count_that_leaves_a_place_with_stock_out_is_no_closing_count() {
    let mut books = Books::new();
    books.post(K::Receipt, 100, (1, 1));
    books.post(K::Fill, 30, (2, 2));
    books.count(Account::Shelf, 70, 3, CountMethod::Exact);
    assert_eq!(books.statement(1, 3, None).closing, None, "will-call was not counted");
    books.count(Account::WillCall, 30, 3, CountMethod::Exact);
    let closing = books.statement(1, 3, None);
    assert_eq!((closing.closing.as_ref().map(|count| count.accounts.len()), closing.variance()), (Some(2), Some(0)));
}

#[test]
fn late_entries_count_in_their_period_and_are_marked() {
    let mut books = example(580, CountMethod::Exact);
    books.post(K::ClericalOut, 5, (7, 12));
    let statement = books.statement(2, 8, Some(Occasion::Biennial));
    assert_eq!((statement.late.clone(), statement.variance()), (vec![EntryId(7)], Some(0)));
    let clerical = statement.rows.iter().find(|row| row.category == Category::ClericalMinus);
    assert_eq!(clerical.map(|row| row.amount), Some(5), "always a row of its own");
}

#[test]
fn what_is_taken_back_stands_in_the_row_of_what_it_takes_back() {
    let mut books = Books::new();
    books.post(K::Receipt, 100, (1, 1));
    books.post(K::Receipt, 40, (2, 2));
    let wrong = books.entries().pop().expect("an entry");
    let log = Document::new(DocumentKind::DiscrepancyLog, "L-1");
    let signers = vec![pharmacist(), custodian()];
    let events = books.stock.reverse(&wrong, "delivered next door", (hour(3), hour(3)), log, signers);
    books.keep(events.expect("a reversal"));
    let statement = books.statement(0, 4, None);
    let rows: Vec<_> = statement.rows.iter().map(|row| (row.category, row.amount, row.entries.len())).collect();
    assert_eq!(rows, [(Category::Received, 100, 3)]);
}

#[test]
fn moves_between_places_on_hand_are_in_no_row() {
    let mut books = Books::new();
    books.post(K::Receipt, 100, (1, 1));
    books.post(K::Fill, 30, (2, 2));
    books.post(K::ReturnToStock, 30, (3, 3));
    books.post(K::Relocation, 20, (4, 4));
    books.post(K::Quarantine, 10, (5, 5));
    assert_eq!(books.statement(1, 6, None).rows, []);
}

/// Requirements: pharm-record-chain-of-accountability
#[test]
fn the_second_computation_finds_a_bent_figure_a_forgotten_entry_and_a_stray_one() {
    let books = example(580, CountMethod::Exact);
    let good = books.statement(2, 8, None);
    let check = |bend: &dyn Fn(&mut Accountability)| {
        let mut bent = good.clone();
        bend(&mut bent);
        bent.check(&books.events).expect_err("bent")
    };
    let row = |row, stated, found| Disagreement::Row { row, stated, found };
    assert_eq!(check(&|s| s.rows[1].amount = 905), row("dispensed", 905, 900));
    assert_eq!(check(&|s| drop(s.rows.remove(2))), Disagreement::Named(EntryId(5), 0));
    assert_eq!(check(&|s| s.rows[3].entries.clear()), row("theft-or-loss", 5, 0));
    assert_eq!(check(&|s| s.rows[0].entries.push(EntryId(1))), Disagreement::Stray(EntryId(1)));
    assert_eq!(check(&|s| s.rows[0].entries.push(EntryId(5))), Disagreement::Stray(EntryId(5)));
    assert_eq!(check(&|s| s.rows[0].entries.push(EntryId(99))), Disagreement::Stray(EntryId(99)));
    let figure = |figure, stated, found| Disagreement::Figure { figure, stated, found };
    assert_eq!(check(&|s| s.opening.amount = 1005), figure("opening", 1005, 1000));
    assert_eq!(check(&|s| s.closing.as_mut().expect("counted").found = 585), figure("closing", 585, 580));
    let mut forged = books.events.clone();
    let Some(StockEvent::Posted { entry, .. }) = forged.first_mut() else { panic!("an entry") };
    entry.lines[1].change += 1;
    assert!(matches!(good.check(&forged), Err(Disagreement::NoBooks(_))));
}

#[test]
fn the_waterfall_goes_from_the_opening_figure_to_the_count() {
    let steps = example(580, CountMethod::Exact).statement(2, 8, None).waterfall();
    let bars: Vec<_> = steps.iter().map(|step| (step.label, step.from, step.to)).collect();
    assert_eq!(
        bars,
        [
            ("opening", 0, 1000),
            ("received", 1000, 1500),
            ("dispensed", 1500, 600),
            ("spilled", 600, 590),
            ("theft-or-loss", 590, 585),
            ("expected", 0, 585),
            ("variance", 585, 580),
            ("counted", 0, 580),
        ]
    );
}

#[test]
fn the_statement_for_the_pack_is_canonical_and_names_every_entry() {
    let body = example(580, CountMethod::Exact).statement(2, 8, Some(Occasion::Initial)).to_json();
    let text = String::from_utf8(canonical(&body).expect("canonical")).expect("UTF-8");
    assert!(text.contains(r#""title":"accountability-audit""#) && text.contains(r#""variance":-5"#), "{text}");
    assert!(text.contains(r#"{"amount":900,"direction":"out","entries":[4],"row":"dispensed"}"#), "{text}");
}

/// 10 g of powder becomes 1 L of 10 mg/mL less 500 micrograms; seen together, only the loss and the dispensing are left.
#[test]
fn several_products_of_a_substance_add_up_in_micrograms_and_conversions_cancel() {
    let registration = common::number("FT1234563");
    let commodity = |ndc, unit| Commodity { registration, ndc: Ndc::parse(ndc).expect("an NDC"), unit };
    let powder = commodity("00406154001", StockUnit::Microgram);
    let liquid = commodity("00054039268", StockUnit::Microlitre);
    let batch = Name::parse("b-1").expect("a name");
    let mut events = Vec::new();
    for (commodity, script) in [
        (
            &powder,
            vec![
                (K::Receipt, 20_000_000, None),
                (K::BatchStart, 10_000_000, None),
                (K::ProcessLoss, 500, None),
                (K::BatchOut, 9_999_500, Some((Account::InProcess, Account::Converted(batch.clone())))),
            ],
        ),
        (
            &liquid,
            vec![
                (K::BatchIn, 999_950, Some((Account::Converted(batch.clone()), Account::Shelf))),
                (K::Administration, 10_000, None),
            ],
        ),
    ] {
        let mut stock = Stock::new(commodity.clone());
        for (kind, units, accounts) in script {
            let mut movement = movement(kind, units);
            movement.commodity = commodity.clone();
            if let Some((from, to)) = accounts {
                (movement.from, movement.to) = (from, to);
            }
            for event in stock.post(&movement, at(common::POSTED)).expect("a movement") {
                stock.apply(&event).expect("foldable");
                events.push(event);
            }
        }
    }
    let of = |commodity| Accountability::of(commodity, &events, (hour(0), hour(20)), None);
    let (powder, liquid) = (of(&powder), of(&liquid));
    let contents = [Content::new(1, 1).expect("a content"), Content::new(10, 1).expect("a content")];
    let sum = RollUp::of(&[(&powder, contents[0]), (&liquid, contents[1])]).expect("in range");
    let rows: Vec<_> = sum.rows.iter().map(|(category, mass)| (*category, mass.to_string())).collect();
    let row = |category: Category, text: &str| (category, text.to_owned());
    assert_eq!(
        rows,
        [row(Category::Received, "20000000"), row(Category::Administered, "100000"), row(Category::ProcessLoss, "500"),]
    );
    assert_eq!(sum.expected.to_string(), "19899500");
    let alone = RollUp::of(&[(&powder, contents[0])]).expect("in range");
    assert_eq!(alone.rows.get(&Category::MadeInto).map(ToString::to_string).as_deref(), Some("9999500"));
    let third = RollUp::of(&[(&liquid, Content::new(1, 3).expect("a content"))]).expect("in range");
    assert_eq!(third.expected.to_string(), "329983 1/3");
}

#[test]
fn every_row_has_a_direction_and_its_word_is_read_back() {
    for category in Category::ALL {
        assert_eq!(Category::parse(category.word()), Some(*category));
    }
    let into: Vec<&str> =
        Category::ALL.iter().filter(|row| row.direction() == Direction::In).map(|row| row.word()).collect();
    assert_eq!(into, ["opening", "received", "made-from", "clerical-plus"]);
}
