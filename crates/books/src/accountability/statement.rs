//! The statement of one product over one period.

use super::category::{Category, Direction};
use crate::account::{Account, Side};
use crate::codec;
use crate::commodity::Commodity;
use crate::count::{CountId, CountMethod, Counted};
use crate::entry::{Entry, EntryId};
use crate::event::StockEvent;
use crate::inventory::Occasion;
use crate::words::words;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;

words! {
    /// On what the opening figure rests.
    Basis {
        /// A physical count of everything on hand.
        Counts "counts",
        /// The books.
        Books "books",
    }

    /// What the statement may be called.
    Title {
        /// It begins with an initial or biennial inventory.
        Audit "accountability-audit",
        /// It begins with other counts or with the books.
        Report "management-report",
    }
}

/// What was on hand at the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// How much, in smallest units.
    pub amount: i64,
    /// On what that rests.
    pub basis: Basis,
    /// The counts, where it rests on counts.
    pub counts: Vec<CountId>,
    /// The inventory that they belong to, as the caller says.
    pub occasion: Option<Occasion>,
}

/// One row with the entries behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The row.
    pub category: Category,
    /// How much, in the row's direction; negative only when more was taken back than the period holds.
    pub amount: i64,
    /// The entries, in the order of the books.
    pub entries: Vec<EntryId>,
}

/// What one count found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedAccount {
    /// The account.
    pub account: Account,
    /// The count.
    pub count: CountId,
    /// What was found.
    pub found: i64,
}

/// What was counted at the end, over every account that is on hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingCount {
    /// In all.
    pub found: i64,
    /// Account by account; what awaits destruction has its own line.
    pub accounts: Vec<CountedAccount>,
    /// Estimated as soon as one count is.
    pub method: CountMethod,
}

/// One bar of the waterfall: where it begins and ends, in smallest units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// `opening`, a row's word, `expected`, `counted` or `variance`.
    pub label: &'static str,
    /// Where the bar begins.
    pub from: i64,
    /// Where it ends.
    pub to: i64,
}

/// The statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accountability {
    /// The product.
    pub commodity: Commodity,
    /// What happened after this second, and not in it, is in the statement.
    pub from: Timestamp,
    /// What happened in this second is in it, what happened later is not.
    pub to: Timestamp,
    /// What was on hand at `from`.
    pub opening: Opening,
    /// The rows that have entries, in the order of [`Category::ALL`].
    pub rows: Vec<Row>,
    /// What was counted at `to`, where every account that the books have stock in was.
    pub closing: Option<ClosingCount>,
    /// Entries that were written down after the period had ended.
    pub late: Vec<EntryId>,
}

impl Accountability {
    /// The statement of `commodity` over the period after `from` up to `to`, from all events of the commodity. Counts at
    /// exactly those moments are taken where they cover everything that the books have on hand; `occasion` is the
    /// inventory to which the opening counts belong.
    pub fn of<'a>(
        commodity: &Commodity,
        events: impl IntoIterator<Item = &'a StockEvent>,
        (from, to): (Timestamp, Timestamp),
        occasion: Option<Occasion>,
    ) -> Self {
        let (mut entries, mut counts) = (Vec::new(), Vec::new());
        for event in events.into_iter().filter(|event| event.commodity() == commodity) {
            match event {
                StockEvent::Posted { entry, .. } => entries.push(entry),
                StockEvent::Counted { counted, .. } => counts.push(counted),
            }
        }
        let opening = counted_at(&entries, &counts, from).map_or_else(
            || Opening { amount: on_hand(&entries, from), basis: Basis::Books, counts: Vec::new(), occasion: None },
            |count| Opening {
                amount: count.found,
                basis: Basis::Counts,
                counts: count.accounts.iter().map(|account| account.count).collect(),
                occasion,
            },
        );
        let mut rows: BTreeMap<Category, Row> = BTreeMap::new();
        let mut late = Vec::new();
        let inside = |entry: &&&Entry| second(entry) > from.as_second() && second(entry) <= to.as_second();
        for entry in entries.iter().filter(inside) {
            for (category, change) in crossing(entry) {
                let row = rows.entry(category).or_insert(Row { category, amount: 0, entries: Vec::new() });
                // INVARIANT: balances are bounded by 2^53, and so is every sum of changes of what is on hand.
                row.amount += if category.direction() == Direction::In { change } else { -change };
                row.entries.push(entry.id);
                if entry.posted > to {
                    late.push(entry.id);
                }
            }
        }
        let closing = counted_at(&entries, &counts, to);
        Self { commodity: commodity.clone(), from, to, opening, rows: rows.into_values().collect(), closing, late }
    }

    fn total(&self, direction: Direction) -> i64 {
        self.rows.iter().filter(|row| row.category.direction() == direction).map(|row| row.amount).sum()
    }

    /// IN: what came.
    pub fn came(&self) -> i64 {
        self.total(Direction::In)
    }

    /// OUT: what went.
    pub fn went(&self) -> i64 {
        self.total(Direction::Out)
    }

    /// A: what is to be accounted for.
    pub fn accountable(&self) -> i64 {
        self.opening.amount + self.came()
    }

    /// E: what must be there at the end.
    pub fn expected(&self) -> i64 {
        self.accountable() - self.went()
    }

    /// V: counted less expected, negative for a shortage; `None` where nothing was counted at the end.
    pub fn variance(&self) -> Option<i64> {
        self.closing.as_ref().map(|closing| closing.found - self.expected())
    }

    /// The variance in percent of what is accountable, with two digits; `None` of nothing.
    pub fn variance_percent(&self) -> Option<String> {
        crate::inventory::percent(self.variance()?, self.accountable())
    }

    /// Whether a case of loss may rest on the variance: one from an estimate is counted again first.
    pub fn is_exact(&self) -> bool {
        self.closing.as_ref().is_some_and(|closing| closing.method == CountMethod::Exact)
    }

    /// What it may be called.
    pub fn title(&self) -> Title {
        match (self.opening.basis, self.opening.occasion) {
            (Basis::Counts, Some(Occasion::Initial | Occasion::Biennial)) => Title::Audit,
            _ => Title::Report,
        }
    }

    /// The statement as bars, from the opening figure to the count.
    pub fn waterfall(&self) -> Vec<Step> {
        let mut at = self.opening.amount;
        let mut steps = vec![Step { label: "opening", from: 0, to: at }];
        for row in &self.rows {
            let change = if row.category.direction() == Direction::In { row.amount } else { -row.amount };
            steps.push(Step { label: row.category.word(), from: at, to: at + change });
            at += change;
        }
        steps.push(Step { label: "expected", from: 0, to: at });
        if let Some(closing) = &self.closing {
            steps.push(Step { label: "variance", from: at, to: closing.found });
            steps.push(Step { label: "counted", from: 0, to: closing.found });
        }
        steps
    }

    /// The statement for the inspection pack, format 1: figures with the numbers of their entries.
    pub fn to_json(&self) -> Value {
        let ids = |ids: &[EntryId]| ids.iter().map(|id| id.0).collect::<Vec<_>>();
        let rows = self.rows.iter().map(|row| {
            json!({
                "row": row.category.word(),
                "direction": row.category.direction().word(),
                "amount": row.amount,
                "entries": ids(&row.entries),
            })
        });
        let mut body = json!({
            "format": codec::FORMAT,
            "title": self.title().word(),
            "commodity": codec::commodity_json(&self.commodity),
            "from": self.from.to_string(),
            "to": self.to.to_string(),
            "opening": {
                "amount": self.opening.amount,
                "basis": self.opening.basis.word(),
                "counts": self.opening.counts.iter().map(|id| id.0).collect::<Vec<_>>(),
            },
            "rows": rows.collect::<Vec<_>>(),
            "came": self.came(),
            "went": self.went(),
            "accountable": self.accountable(),
            "expected": self.expected(),
            "late": ids(&self.late),
        });
        if let Some(closing) = &self.closing {
            let accounts = closing.accounts.iter().map(|account| {
                json!({"account": account.account.to_string(), "count": account.count.0, "found": account.found})
            });
            body["closing"] = json!({
                "found": closing.found,
                "method": closing.method.word(),
                "accounts": accounts.collect::<Vec<_>>(),
                "variance": self.variance(),
            });
        }
        body
    }
}

pub(super) fn second(entry: &Entry) -> i64 {
    entry.happened.as_second()
}

/// The rows that an entry stands in, with its change of what is on hand in each.
pub(super) fn crossing(entry: &Entry) -> impl Iterator<Item = (Category, i64)> {
    let crosses = entry.change_on_hand() != 0;
    let outside = entry.lines.iter().filter(move |line| crosses && line.account.side() != Side::OnHand);
    outside.filter_map(|line| {
        let change = line.change.checked_neg()?;
        Some((Category::of(&line.account, change)?, change))
    })
}

/// What the entries have on hand at the end of the second of `at`.
pub(super) fn on_hand(entries: &[&Entry], at: Timestamp) -> i64 {
    entries.iter().filter(|entry| second(entry) <= at.as_second()).map(|entry| entry.change_on_hand()).sum()
}

/// The last count of each account at exactly `at`, when they cover every account that has stock by the books.
fn counted_at(entries: &[&Entry], counts: &[&Counted], at: Timestamp) -> Option<ClosingCount> {
    let mut last: BTreeMap<&Account, &Counted> = BTreeMap::new();
    for counted in counts.iter().filter(|counted| counted.count.happened.as_second() == at.as_second()) {
        last.insert(&counted.count.account, counted);
    }
    let mut books: BTreeMap<&Account, i64> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| second(entry) <= at.as_second()) {
        for line in entry.lines.iter().filter(|line| line.account.side() == Side::OnHand) {
            *books.entry(&line.account).or_default() += line.change;
        }
    }
    let covered = books.iter().all(|(account, balance)| *balance == 0 || last.contains_key(account));
    if last.is_empty() || !covered {
        return None;
    }
    let estimated = last.values().any(|counted| counted.count.method == CountMethod::Estimated);
    let accounts = last.into_values().map(|counted| CountedAccount {
        account: counted.count.account.clone(),
        count: counted.id,
        found: counted.count.found,
    });
    let accounts: Vec<CountedAccount> = accounts.collect();
    Some(ClosingCount {
        found: accounts.iter().map(|account| account.found).sum(),
        accounts,
        method: if estimated { CountMethod::Estimated } else { CountMethod::Exact },
    })
}
