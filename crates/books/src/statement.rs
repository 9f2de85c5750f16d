//! The movement statement of a period: what was there, what came, what went, what must be there.

use crate::account::{Account, Side};
use crate::count::Counted;
use crate::entry::{Document, Entry, EntryId};
use crate::event::StockEvent;
use crate::movement::MovementKind;
use jiff::Timestamp;

/// One movement into or out of what is on hand, linked to its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    /// The entry.
    pub entry: EntryId,
    /// What kind of movement.
    pub kind: MovementKind,
    /// When it happened.
    pub happened: Timestamp,
    /// Whether it was written down after the period had ended.
    pub late: bool,
    /// The account outside, where it came from or went to.
    pub account: Account,
    /// The change of what is on hand, in smallest units.
    pub change: i64,
    /// The document behind it.
    pub document: Document,
}

/// Everything that moved in a period. Opening plus what came minus what went is the closing balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// On hand by the books at the beginning.
    pub opening: i64,
    /// The movements across the edge, in the order of the journal. Moves between accounts on hand are left out.
    pub lines: Vec<StatementLine>,
    /// On hand by the books at the end.
    pub closing: i64,
    /// The counts taken in the period.
    pub counts: Vec<Counted>,
}

impl Statement {
    /// The statement of what happened after `from` and up to `to`, from all events of a commodity.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a StockEvent>, from: Timestamp, to: Timestamp) -> Self {
        let mut statement = Self { opening: 0, lines: Vec::new(), closing: 0, counts: Vec::new() };
        for event in events {
            match event {
                StockEvent::Posted { entry, .. } if entry.happened <= from => {
                    statement.opening = statement.opening.saturating_add(entry.change_on_hand());
                }
                StockEvent::Posted { entry, .. } if entry.happened <= to => statement.lines.extend(crossing(entry, to)),
                StockEvent::Counted { counted, .. } => {
                    if counted.count.happened > from && counted.count.happened <= to {
                        statement.counts.push(counted.clone());
                    }
                }
                StockEvent::Posted { .. } => {}
            }
        }
        let moved = statement.lines.iter().fold(0i64, |sum, line| sum.saturating_add(line.change));
        statement.closing = statement.opening.saturating_add(moved);
        statement
    }

    /// What came in, in all.
    pub fn came(&self) -> i64 {
        self.lines.iter().map(|line| line.change.max(0)).fold(0, i64::saturating_add)
    }

    /// What went out, in all; zero or more.
    pub fn went(&self) -> i64 {
        self.lines.iter().map(|line| line.change.min(0).saturating_neg()).fold(0, i64::saturating_add)
    }
}

/// The lines of an entry that lie outside, seen from what is on hand.
fn crossing(entry: &Entry, to: Timestamp) -> impl Iterator<Item = StatementLine> {
    let crosses = entry.change_on_hand() != 0;
    let outside = entry.lines.iter().filter(move |line| crosses && line.account.side() != Side::OnHand);
    outside.map(move |line| StatementLine {
        entry: entry.id,
        kind: entry.kind,
        happened: entry.happened,
        late: entry.posted > to,
        account: line.account.clone(),
        change: line.change.saturating_neg(),
        document: entry.document.clone(),
    })
}
