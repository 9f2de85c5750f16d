//! Random histories: the books balance, whatever happens in whatever order.

mod common;
use common::{at, movement, oxycodone, pharmacist, post};
use proptest::prelude::*;
use theriac_books::{
    Account, Count, CountMethod, Document, DocumentKind, MovementKind, Side, Stock, StockEvent, StockUnit,
};
use theriac_model::json::canonical;

#[derive(Clone, Debug)]
enum Command {
    Move(MovementKind, i64),
    Reverse(usize),
    Count(i64),
}

fn commands() -> impl Strategy<Value = Vec<Command>> {
    let kinds = prop::sample::select(MovementKind::ALL.to_vec());
    let command = prop_oneof![
        6 => (kinds, 1i64..60).prop_map(|(kind, units)| Command::Move(kind, units)),
        1 => (0usize..40).prop_map(Command::Reverse),
        1 => (0i64..120).prop_map(Command::Count),
    ];
    prop::collection::vec(command, 1..120)
}

/// What must hold of every set of books at every moment.
fn balanced(stock: &Stock) -> Result<(), String> {
    let sum: i64 = stock.balances().map(|(_, balance)| balance).sum();
    if sum != 0 {
        return Err(format!("the accounts sum to {sum}"));
    }
    match stock.balances().find(|(account, balance)| account.side() == Side::OnHand && *balance < 0) {
        Some((account, balance)) => Err(format!("{account} holds {balance}")),
        None => Ok(()),
    }
}

fn obey(stock: &Stock, journal: &[StockEvent], command: &Command) -> Vec<StockEvent> {
    let answer = match command {
        Command::Move(kind, units) => stock.post(&movement(*kind, *units), at(common::POSTED)),
        Command::Reverse(nth) => {
            let entries: Vec<_> = journal
                .iter()
                .filter_map(|event| match event {
                    StockEvent::Posted { entry, .. } => Some(entry),
                    StockEvent::Counted { .. } => None,
                })
                .collect();
            let Some(entry) = entries.get(*nth) else { return Vec::new() };
            let when = (at(common::POSTED), at(common::POSTED));
            let log = Document::new(DocumentKind::DiscrepancyLog, "L-1");
            stock.reverse(entry, "entered twice", when, log, vec![pharmacist(), common::custodian()])
        }
        Command::Count(found) => {
            let (account, happened) = (Account::Shelf, at(common::POSTED));
            let counter = common::custodian();
            let count = Count { account, found: *found, method: CountMethod::Exact, happened, counter };
            stock.count(count, at(common::POSTED))
        }
    };
    answer.unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Requirements: pharm-record-closing-balance-derived
    #[test]
    fn random_histories_balance_never_go_negative_and_replay_to_the_same_state(commands in commands()) {
        let mut stock = Stock::new(oxycodone());
        let mut journal = Vec::new();
        for command in &commands {
            let before = stock.clone();
            let events = obey(&stock, &journal, command);
            for event in &events {
                stock.apply(event).expect("what a command made can be folded");
                if let StockEvent::Counted { .. } = event {
                    prop_assert!(before.balances().eq(stock.balances()), "a count changed a balance");
                }
            }
            journal.extend(events);
            prop_assert_eq!(balanced(&stock), Ok(()));
        }
        prop_assert_eq!(stock.version(), journal.len() as u64);
        let read: Vec<StockEvent> = journal
            .iter()
            .map(|event| {
                let bytes = canonical(&event.to_json()).expect("canonical");
                let value = serde_json::from_slice(&bytes).expect("JSON");
                StockEvent::from_json(event.kind(), &value).expect("our own event")
            })
            .collect();
        prop_assert_eq!(&read, &journal);
        prop_assert_eq!(Stock::replay(oxycodone(), &read).expect("consistent"), stock);
    }
}

/// A store that appends under the stream's version, or does not look at it.
#[derive(Clone, Copy, PartialEq)]
enum Append {
    UnderVersion,
    Blindly,
}

/// Two dispensings read the same books with 30 on the shelf; both take 20; both are appended. What a naive store is left
/// with is folded without the books' own checks, as a table of balances would be.
fn interleaved(append: Append) -> (usize, i64) {
    let mut journal: Vec<StockEvent> = Vec::new();
    let mut stock = Stock::new(oxycodone());
    journal.extend(post(&mut stock, &movement(MovementKind::Receipt, 30)).expect("a receipt"));
    let (first, second) = (stock.clone(), stock);
    for reader in [first, second] {
        let events = reader.post(&movement(MovementKind::Fill, 20), at(common::POSTED)).expect("it saw 30");
        if append == Append::Blindly || reader.version() == journal.len() as u64 {
            journal.extend(events);
        }
    }
    let shelf = journal.iter().map(|event| match event {
        StockEvent::Posted { entry, .. } => {
            entry.lines.iter().filter(|line| line.account == Account::Shelf).map(|line| line.change).sum()
        }
        StockEvent::Counted { .. } => 0,
    });
    (journal.len(), shelf.sum())
}

#[test]
fn without_the_version_check_two_dispensings_take_the_same_tablets_and_with_it_they_cannot() {
    assert_eq!(interleaved(Append::Blindly), (3, -10), "read, modify, write: 40 tablets left a shelf of 30");
    assert_eq!(interleaved(Append::UnderVersion), (2, 10));
}

#[test]
fn a_stream_that_two_dispensings_were_forced_into_does_not_replay() {
    let mut stock = Stock::new(oxycodone());
    let mut journal = post(&mut stock, &movement(MovementKind::Receipt, 30)).expect("a receipt");
    let fill = stock.post(&movement(MovementKind::Fill, 20), at(common::POSTED)).expect("a fill");
    journal.extend(fill.clone());
    journal.extend(fill.clone());
    let found = Stock::replay(oxycodone(), &journal).expect_err("the same number twice");
    assert_eq!((found.version, found.problem), (3, "the entry's number does not follow the last one"));
    let Some(StockEvent::Posted { entry, .. }) = journal.get_mut(2) else { panic!("an entry") };
    entry.id.0 = 3;
    let found = Stock::replay(oxycodone(), &journal).expect_err("negative");
    assert_eq!((found.version, found.problem), (3, "an account on hand becomes negative"));
    let Some(StockEvent::Posted { entry, .. }) = journal.get_mut(2) else { panic!("an entry") };
    entry.lines[0].change = -21;
    let found = Stock::replay(oxycodone(), &journal).expect_err("lopsided");
    assert_eq!((found.version, found.problem), (3, "the lines do not sum to zero"));
    let mut other = oxycodone();
    other.unit = StockUnit::Microlitre;
    assert!(Stock::replay(other, &journal).is_err());
}
