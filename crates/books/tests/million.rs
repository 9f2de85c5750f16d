//! A long random history of several desks at once, under checks that a careless program fails.
//!
//! Several desks read, think, and write. Ours decides on the version it read and is refused when another was faster; the
//! careless one reads a balance and writes a balance back. Both keep a journal and a table of balances, and both are
//! judged by the same checks, which know nothing of either. `THERIAC_HISTORY` sets the number of operations (20,000
//! unless told; the figures in the documentation are of 1,000,000).

mod common;
use common::{accounts, amount, oxycodone};
use jiff::Timestamp;
use std::collections::BTreeMap;
use theriac_books::{
    Account, Count, CountMethod, Document, DocumentKind, Entry, MovementKind, Side, Stock, StockEvent,
};

/// What both programs leave behind for the checks.
trait Program {
    /// Begins one act of a desk: read, and decide.
    fn read(&mut self, desk: usize, act: &Act);
    /// Ends it: write.
    fn write(&mut self, desk: usize);
    /// The lines written: account, second in which it happened, change.
    fn lines(&self) -> Vec<(Account, i64, i64)>;
    /// The balances that it would answer with.
    fn table(&self) -> BTreeMap<Account, i64>;
}

#[derive(Clone, Debug)]
enum Act {
    /// A movement, so many seconds before it is written down.
    Move(MovementKind, i64, i64),
    /// The latest entry is taken back.
    Reverse,
    /// Somebody counts the shelf.
    Count(i64),
}

/// What must hold of any books; every fault once, in words.
fn faults(program: &dyn Program) -> Vec<String> {
    let mut found = Vec::new();
    let mut sums: BTreeMap<Account, i64> = BTreeMap::new();
    let mut by_time: BTreeMap<(Account, i64), i64> = BTreeMap::new();
    for (account, second, change) in program.lines() {
        *sums.entry(account.clone()).or_default() += change;
        *by_time.entry((account, second)).or_default() += change;
    }
    if sums.values().sum::<i64>() != 0 {
        found.push("the accounts do not sum to zero".to_owned());
    }
    let mut running: BTreeMap<Account, i64> = BTreeMap::new();
    let mut negative = std::collections::BTreeSet::new();
    for ((account, _), change) in by_time {
        let held = running.entry(account.clone()).or_default();
        *held += change;
        if *held < 0 && account.side() != Side::Outside {
            negative.insert(account);
        }
    }
    found.extend(negative.iter().map(|account| format!("{account} was negative")));
    for (account, balance) in program.table() {
        let sum = sums.get(&account).copied().unwrap_or(0);
        if sum != balance {
            found.push(format!("{account} is said to hold {balance}, its entries come to {sum}"));
        }
    }
    found
}

/// A small generator, the same sequence for the same seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: u64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((z ^ (z >> 31)) % below).expect("small")
    }

    fn act(&mut self) -> Act {
        const OFTEN: [MovementKind; 7] = [
            MovementKind::Receipt,
            MovementKind::Fill,
            MovementKind::Fill,
            MovementKind::HandOver,
            MovementKind::HandOver,
            MovementKind::ReturnToStock,
            MovementKind::Quarantine,
        ];
        match self.next(20) {
            0 => Act::Reverse,
            1 => Act::Count(self.next(2_000)),
            2..6 => {
                let kind = usize::try_from(self.next(MovementKind::ALL.len() as u64)).expect("small");
                Act::Move(MovementKind::ALL[kind], 1 + self.next(40), self.late())
            }
            _ => {
                let kind = OFTEN[usize::try_from(self.next(OFTEN.len() as u64)).expect("small")];
                let most = if kind == MovementKind::Receipt { 500 } else { 90 };
                Act::Move(kind, 1 + self.next(most), self.late())
            }
        }
    }

    /// One entry in ten is written down late, by up to two hours.
    fn late(&mut self) -> i64 {
        if self.next(10) == 0 { self.next(7_200) } else { 0 }
    }
}

const START: i64 = 1_772_467_200;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("an instant")
}

/// Ours, behind the optimistic lock that the store has.
struct Ours {
    stock: Stock,
    now: i64,
    read: BTreeMap<usize, (u64, Vec<StockEvent>)>,
    last: Option<Entry>,
    written: Vec<StockEvent>,
    refused: u64,
    overtaken: u64,
}

impl Ours {
    fn new() -> Self {
        let stock = Stock::new(oxycodone());
        let (read, written) = (BTreeMap::new(), Vec::new());
        Self { stock, now: START, read, last: None, written, refused: 0, overtaken: 0 }
    }
}

impl Program for Ours {
    fn read(&mut self, desk: usize, act: &Act) {
        self.now += 30;
        let answer = match act {
            Act::Move(kind, units, late) => {
                let mut movement = common::movement(*kind, 1);
                movement.amount = amount(*units);
                movement.happened = at(self.now - late);
                self.stock.post(&movement, at(self.now))
            }
            Act::Reverse => {
                let Some(entry) = &self.last else { return };
                let log = Document::new(DocumentKind::DiscrepancyLog, "L-1");
                let signers = vec![common::pharmacist(), common::custodian()];
                self.stock.reverse(entry, "entered twice", (entry.happened, at(self.now)), log, signers)
            }
            Act::Count(found) => {
                let (account, method) = (Account::Shelf, CountMethod::Exact);
                let counter = common::custodian();
                self.stock
                    .count(Count { account, found: *found, method, happened: at(self.now), counter }, at(self.now))
            }
        };
        match answer {
            Ok(events) => drop(self.read.insert(desk, (self.stock.version(), events))),
            Err(_) => self.refused += 1,
        }
    }

    fn write(&mut self, desk: usize) {
        let Some((version, events)) = self.read.remove(&desk) else { return };
        if version != self.stock.version() {
            self.overtaken += 1;
            return;
        }
        for event in events {
            self.stock.apply(&event).expect("what a command made can be folded");
            if let StockEvent::Posted { entry, .. } = &event {
                self.last = Some(entry.clone());
            }
            self.written.push(event);
        }
    }

    fn lines(&self) -> Vec<(Account, i64, i64)> {
        let entries = self.written.iter().filter_map(|event| match event {
            StockEvent::Posted { entry, .. } => Some(entry),
            StockEvent::Counted { .. } => None,
        });
        entries
            .flat_map(|entry| {
                entry.lines.iter().map(|line| (line.account.clone(), entry.happened.as_second(), line.change))
            })
            .collect()
    }

    fn table(&self) -> BTreeMap<Account, i64> {
        self.stock.balances().map(|(account, balance)| (account.clone(), balance)).collect()
    }
}

/// What a desk of the careless program has read and is about to write: both balances, then the entry.
struct Held {
    from: (Account, i64),
    to: (Account, i64),
    second: i64,
    units: i64,
}

/// Reads balances, writes balances back. It looks whether there is enough; it does not look again.
#[derive(Default)]
struct Careless {
    balances: BTreeMap<Account, i64>,
    now: i64,
    read: BTreeMap<usize, Held>,
    written: Vec<(Account, i64, i64)>,
}

impl Careless {
    fn balance(&self, account: &Account) -> i64 {
        self.balances.get(account).copied().unwrap_or(0)
    }
}

impl Program for Careless {
    fn read(&mut self, desk: usize, act: &Act) {
        self.now += 30;
        match act {
            Act::Move(MovementKind::Reversal, ..) | Act::Reverse => {}
            Act::Move(kind, units, late) => {
                let (from, to) = accounts(*kind);
                if from.side() != Side::Outside && self.balance(&from) < *units {
                    return;
                }
                let (from, to) = ((from.clone(), self.balance(&from)), (to.clone(), self.balance(&to)));
                let held = Held { from, to, second: START + self.now - late, units: *units };
                self.read.insert(desk, held);
            }
            // It believes the count.
            Act::Count(found) => drop(self.balances.insert(Account::Shelf, *found)),
        }
    }

    fn write(&mut self, desk: usize) {
        let Some(held) = self.read.remove(&desk) else { return };
        self.balances.insert(held.from.0.clone(), held.from.1 - held.units);
        self.balances.insert(held.to.0.clone(), held.to.1 + held.units);
        self.written.push((held.from.0, held.second, -held.units));
        self.written.push((held.to.0, held.second, held.units));
    }

    fn lines(&self) -> Vec<(Account, i64, i64)> {
        self.written.clone()
    }

    fn table(&self) -> BTreeMap<Account, i64> {
        self.balances.clone()
    }
}

/// Lets four desks work `operations` acts through, overlapping as it comes.
fn run(program: &mut dyn Program, operations: u64, seed: u64) {
    let mut dice = Dice(seed);
    let mut done = 0;
    while done < operations {
        let desk = usize::try_from(dice.next(4)).expect("small");
        if dice.next(2) == 0 {
            let act = dice.act();
            program.read(desk, &act);
            done += 1;
        } else {
            program.write(desk);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "how long the history is, is for whoever runs the test to say")]
fn operations() -> u64 {
    std::env::var("THERIAC_HISTORY").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000)
}

/// Requirements: pharm-record-closing-balance-derived
#[test]
fn a_long_random_history_of_several_desks_balances_at_every_moment_of_business_time() {
    let mut ours = Ours::new();
    run(&mut ours, operations(), 7);
    assert_eq!(faults(&ours), Vec::<String>::new());
    assert!(ours.refused > 0 && ours.overtaken > 0, "the history tried what cannot be");
    assert!(ours.written.len() as u64 > operations() / 20, "{} of {} acts", ours.written.len(), operations());
    assert_eq!(Stock::replay(oxycodone(), &ours.written).expect("consistent"), ours.stock);
    println!(
        "{} acts: {} written, {} refused, {} overtaken",
        operations(),
        ours.written.len(),
        ours.refused,
        ours.overtaken
    );
}

#[test]
fn a_program_that_reads_a_balance_and_writes_it_back_fails_the_same_checks() {
    let mut careless = Careless::default();
    run(&mut careless, operations().min(20_000), 7);
    let found = faults(&careless);
    assert!(found.iter().any(|fault| fault.contains("was negative")), "{found:?}");
    assert!(found.iter().any(|fault| fault.contains("is said to hold")), "{found:?}");
}
