//! Small losses that repeat: by product, by place, by person, with the records that show them.
//!
//! A shortage that was found by a count, that was adjusted away, or that was booked as a loss is the same to whoever
//! looks for a pattern; one shortage is counted once, by its strongest record. The numbers are ours; no text gives any.

use crate::account::Account;
use crate::commodity::Commodity;
use crate::count::CountId;
use crate::entry::EntryId;
use crate::event::StockEvent;
use crate::movement::MovementKind;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Where a shortage is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ShortageSource {
    /// A count found less than the books.
    Count(CountId),
    /// An entry took it out of the books: a loss, or a correction.
    Entry(EntryId),
}

/// One shortage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// The product.
    pub commodity: Commodity,
    /// The place.
    pub account: Account,
    /// The record.
    pub source: ShortageSource,
    /// How much is missing, in smallest units.
    pub missing: i64,
    /// When it was found, or happened.
    pub at: Timestamp,
    /// Everybody who signed an entry of the product in that place since the shortage before it, other than whoever
    /// counted or corrected.
    pub people: BTreeSet<String>,
}

/// How many shortages in how many days make a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatternRule {
    /// The number.
    pub count: usize,
    /// The days, the first and the last included.
    pub days: u32,
}

impl Default for PatternRule {
    /// Four in sixty days.
    fn default() -> Self {
        Self { count: 4, days: 60 }
    }
}

/// By what the shortages hang together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PatternKey {
    /// One product.
    Product(Commodity),
    /// One place, over products.
    Place(Account),
    /// One person had a hand in each of them.
    Person(String),
}

/// A pattern, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// By what.
    pub key: PatternKey,
    /// The shortages, in order of time.
    pub shortages: Vec<Shortage>,
    /// What is missing in all, in smallest units.
    pub total: i64,
}

/// Every shortage of the books. A count whose shortage an entry explains is represented by the entry.
pub fn shortages<'a>(events: impl IntoIterator<Item = &'a StockEvent>) -> Vec<Shortage> {
    let mut found: Vec<Shortage> = Vec::new();
    let mut hands: BTreeMap<(Commodity, Account), BTreeSet<String>> = BTreeMap::new();
    for event in events {
        match event {
            StockEvent::Counted { commodity, counted } if counted.variance() < 0 => {
                let account = counted.count.account.clone();
                let people = hands.insert((commodity.clone(), account.clone()), BTreeSet::new()).unwrap_or_default();
                found.push(Shortage {
                    commodity: commodity.clone(),
                    account,
                    source: ShortageSource::Count(counted.id),
                    missing: counted.variance().saturating_neg(),
                    at: counted.count.happened,
                    people,
                });
            }
            StockEvent::Counted { .. } => {}
            StockEvent::Posted { commodity, entry } => {
                let shortage = matches!(entry.kind, MovementKind::TheftOrLoss | MovementKind::ClericalOut);
                for line in entry.lines.iter().filter(|line| line.account.side() == crate::account::Side::OnHand) {
                    let key = (commodity.clone(), line.account.clone());
                    if !shortage {
                        hands.entry(key).or_default().extend(entry.signers.iter().map(|signer| signer.id.clone()));
                        continue;
                    }
                    let explained = found.iter_mut().find(|earlier| {
                        earlier.commodity == *commodity
                            && entry.explains.is_some_and(|id| earlier.source == ShortageSource::Count(id))
                    });
                    // What an entry explains of a count is the same shortage; the rest of the count stays one of its own.
                    let people = match explained {
                        Some(earlier) => {
                            earlier.missing -= line.change.saturating_neg().min(earlier.missing);
                            earlier.people.clone()
                        }
                        None => hands.insert(key, BTreeSet::new()).unwrap_or_default(),
                    };
                    found.push(Shortage {
                        commodity: commodity.clone(),
                        account: line.account.clone(),
                        source: ShortageSource::Entry(entry.id),
                        missing: line.change.saturating_neg(),
                        at: entry.happened,
                        people,
                    });
                }
            }
        }
    }
    found.retain(|shortage| shortage.missing > 0);
    found.sort_by(|a, b| (a.at, &a.commodity, a.source).cmp(&(b.at, &b.commodity, b.source)));
    found
}

/// Every pattern, by product, place and person: the largest set of shortages of one key within the days of the rule.
pub fn patterns(shortages: &[Shortage], rule: PatternRule) -> Vec<Pattern> {
    let mut by_key: BTreeMap<PatternKey, Vec<&Shortage>> = BTreeMap::new();
    for shortage in shortages {
        by_key.entry(PatternKey::Product(shortage.commodity.clone())).or_default().push(shortage);
        by_key.entry(PatternKey::Place(shortage.account.clone())).or_default().push(shortage);
        for person in &shortage.people {
            by_key.entry(PatternKey::Person(person.clone())).or_default().push(shortage);
        }
    }
    let days = i64::from(rule.days) * 86_400;
    let mut found = Vec::new();
    for (key, group) in by_key {
        let within = |first: &Shortage| {
            let near = |other: &&&Shortage| {
                let seconds = other.at.as_second() - first.at.as_second();
                (0..days).contains(&seconds)
            };
            group.iter().filter(near).map(|shortage| (*shortage).clone()).collect::<Vec<_>>()
        };
        let largest = group.iter().map(|first| within(first)).max_by_key(Vec::len).unwrap_or_default();
        if rule.count > 0 && largest.len() >= rule.count {
            let total = largest.iter().map(|shortage| shortage.missing).sum();
            found.push(Pattern { key, shortages: largest, total });
        }
    }
    found
}
