//! The five-percent meter of a calendar year (21 CFR 1307.11(a)(1)(iv)): what was distributed against what was dispensed.

use crate::account::Account;
use crate::ask;
use crate::commodity::{Commodity, StockUnit};
use crate::entry::{Entry, EntryId};
use crate::event::StockEvent;
use crate::movement::MovementKind;
use jiff::civil::Date;
use jiff::tz::Offset;
use theriac_law::{Profile, Question, Request};
use theriac_model::Refusal;

/// One distribution of the year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The product.
    pub commodity: Commodity,
    /// The entry.
    pub entry: EntryId,
    /// Its local day.
    pub day: Date,
    /// Dosage units.
    pub units: u64,
    /// The number of its document.
    pub document: String,
}

/// The figures of a year so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FivePercent {
    /// The calendar year.
    pub year: i16,
    /// The day up to which it counts.
    pub day: Date,
    /// Dosage units dispensed.
    pub dispensed: u64,
    /// Dosage units distributed for general dispensing.
    pub distributed: u64,
    /// Each distribution; the sum of their units is `distributed`.
    pub transactions: Vec<Transaction>,
}

impl FivePercent {
    /// The figures of the year of `day`, up to and including it, in the pharmacy's local days. A dosage unit is one piece,
    /// one millilitre, one milligram of powder.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a StockEvent>, day: Date, offset: Offset) -> Self {
        let mut meter = Self { year: day.year(), day, dispensed: 0, distributed: 0, transactions: Vec::new() };
        // Smallest units, so that parts of a dosage unit add up before they are rounded.
        let mut dispensed: std::collections::BTreeMap<&Commodity, i64> = std::collections::BTreeMap::new();
        for event in events {
            let StockEvent::Posted { commodity, entry } = event else { continue };
            let local = offset.to_datetime(entry.happened).date();
            if local.year() != day.year() || local > day {
                continue;
            }
            *dispensed.entry(commodity).or_default() += given(entry);
            let passed = general(entry);
            if passed != 0 {
                let units = dosage_units(commodity.unit, passed.abs());
                let document = entry.document.number.clone();
                if passed > 0 {
                    meter.distributed = meter.distributed.saturating_add(units);
                    let commodity = commodity.clone();
                    meter.transactions.push(Transaction { commodity, entry: entry.id, day: local, units, document });
                } else {
                    meter.distributed = meter.distributed.saturating_sub(units);
                    meter.transactions.retain(|transaction| {
                        transaction.commodity != *commodity || Some(transaction.entry) != entry.reverses
                    });
                }
            }
        }
        meter.dispensed = dispensed.iter().map(|(commodity, sum)| whole_units(commodity.unit, (*sum).max(0))).sum();
        meter
    }

    /// The share of what was dispensed in percent with two digits; `None` where nothing was dispensed.
    pub fn percent(&self) -> Option<String> {
        let whole = i64::try_from(self.dispensed).ok()?;
        crate::inventory::percent(i64::try_from(self.distributed).ok()?, whole)
    }

    /// How many more dosage units the rulebook lets go on the figures so far.
    ///
    /// # Errors
    /// When the rulebook has no such rule.
    pub fn headroom(&self, profile: &Profile) -> Result<u64, Refusal> {
        ask::number(profile, &self.question())
    }

    /// The rulebook's warnings about the year so far: before the limit, and past it.
    ///
    /// # Errors
    /// When the rulebook has no such rule.
    pub fn warnings(&self, profile: &Profile) -> Result<Vec<Refusal>, Refusal> {
        let decision = ask::decided(profile, &self.question())?;
        let mut warnings: Vec<Refusal> = decision.warnings().map(|(_, refusal)| refusal.clone()).collect();
        warnings.extend(decision.refusal);
        Ok(warnings)
    }

    fn question(&self) -> Question {
        let (dispensed, distributed) = (self.dispensed, self.distributed);
        Question::new(self.day, Request::FivePercentLeft { dispensed, distributed })
    }
}

/// Dosage units of an amount, rounded up: a part of a unit counts as one where it counts against the pharmacy.
pub(super) fn dosage_units(unit: StockUnit, smallest: i64) -> u64 {
    ask::units(smallest).div_ceil(smallest_in_one(unit))
}

/// Dosage units of a sum, rounded down.
fn whole_units(unit: StockUnit, smallest: i64) -> u64 {
    ask::units(smallest) / smallest_in_one(unit)
}

const fn smallest_in_one(unit: StockUnit) -> u64 {
    match unit {
        StockUnit::Piece => 1,
        StockUnit::Microlitre | StockUnit::Microgram => 1_000,
    }
}

/// What an entry dispenses, less what it takes back.
fn given(entry: &Entry) -> i64 {
    let lines = entry.lines.iter().filter(|line| {
        matches!(line.account, Account::Patient | Account::Administered | Account::TakeHome | Account::OverTheCounter)
    });
    // What was filled centrally was dispensed by the central fill pharmacy.
    if entry.lines.iter().any(|line| line.account == Account::CentralFillIn) {
        return 0;
    }
    lines.map(|line| line.change).sum()
}

/// What an entry distributes for general dispensing, less what it takes back. A transfer of business is none of it.
fn general(entry: &Entry) -> i64 {
    if entry.kind == MovementKind::BusinessTransfer {
        return 0;
    }
    let lines = entry.lines.iter().filter(|line| matches!(line.account, Account::Registrant(_)));
    lines.map(|line| line.change).sum()
}
