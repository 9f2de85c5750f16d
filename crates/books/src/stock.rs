//! The stock of one product at one registration: the fold of its events, and the commands on it.

use crate::account::{Account, Side};
use crate::amount::AMOUNT_MAX;
use crate::commodity::Commodity;
use crate::count::{Count, CountId, Counted};
use crate::entry::{Document, DocumentKind, Entry, EntryId, Line};
use crate::event::StockEvent;
use crate::movement::{Movement, MovementKind, Signing};
use crate::refusals as refuse;
use crate::timeline::Timeline;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use theriac_model::{Actor, Refusal, Schedule};

/// A stored stream that contradicts the rules of the books; found when it is replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stock event {version}: {problem}")]
pub struct Inconsistent {
    /// The event's place in the stream, from 1.
    pub version: u64,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// A count, and what of its variance no entry has explained.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asserted {
    account: Account,
    second: i64,
    left: i64,
}

/// The balances of one commodity, over business time: a movement takes effect in the second in which it happened,
/// however late it is written down.
///
/// `INVARIANT`: all balances sum to zero; none that is on hand or in custody is negative, now or at the end of any second
/// of the past; none leaves the range of [`AMOUNT_MAX`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    commodity: Commodity,
    version: u64,
    entries: u64,
    /// Something other than the initial inventory was posted.
    begun: bool,
    accounts: BTreeMap<Account, Timeline>,
    /// Entries taken back, and the reversals that took them back: neither can be reversed.
    settled: BTreeSet<EntryId>,
    reversals: BTreeSet<EntryId>,
    /// The counts, in order of number.
    counts: Vec<Asserted>,
    /// The counts in the order of the moments they speak of.
    counted_at: BTreeSet<(i64, u64)>,
}

impl Stock {
    /// The books of a commodity before anything happened.
    pub fn new(commodity: Commodity) -> Self {
        Self {
            commodity,
            version: 0,
            entries: 0,
            begun: false,
            accounts: BTreeMap::new(),
            settled: BTreeSet::new(),
            reversals: BTreeSet::new(),
            counts: Vec::new(),
            counted_at: BTreeSet::new(),
        }
    }

    /// The books after `events`.
    ///
    /// # Errors
    /// [`Inconsistent`] at the first event that the commands here could not have made.
    pub fn replay<'a>(
        commodity: Commodity,
        events: impl IntoIterator<Item = &'a StockEvent>,
    ) -> Result<Self, Inconsistent> {
        let mut stock = Self::new(commodity);
        for event in events {
            stock.apply(event)?;
        }
        Ok(stock)
    }

    /// Whose books these are.
    pub const fn commodity(&self) -> &Commodity {
        &self.commodity
    }

    /// How many events have been folded. The store appends under this version and refuses when another was faster;
    /// without that check two commands on the same state could both take the last unit.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// The balance of an account, in smallest units.
    pub fn balance(&self, account: &Account) -> i64 {
        self.accounts.get(account).map_or(0, Timeline::balance)
    }

    /// What an account held at the end of the second of `at`, by all that is known now.
    pub fn balance_at(&self, account: &Account, at: Timestamp) -> i64 {
        self.accounts.get(account).map_or(0, |line| line.at(at.as_second()))
    }

    /// How many entries were posted.
    pub const fn entries(&self) -> u64 {
        self.entries
    }

    /// All accounts that were ever touched, with their balances, in a fixed order.
    pub fn balances(&self) -> impl Iterator<Item = (&Account, i64)> {
        self.accounts.iter().map(|(account, line)| (account, line.balance()))
    }

    /// What is on hand, over all accounts that inventories count.
    pub fn on_hand(&self) -> i64 {
        self.balances().filter(|(account, _)| account.side() == Side::OnHand).map(|(_, balance)| balance).sum()
    }

    /// What was on hand at the end of the second of `at`, over all accounts that inventories count.
    pub fn on_hand_at(&self, at: Timestamp) -> i64 {
        let held = self.accounts.iter().filter(|(account, _)| account.side() == Side::OnHand);
        held.map(|(_, line)| line.at(at.as_second())).sum()
    }

    /// Counts whose variance no entry has explained: found minus book, less what was explained. An entry that happened
    /// before a count and was written down after it changes what the books say of that moment, and so the variance.
    pub fn open_variances(&self) -> impl Iterator<Item = (CountId, i64)> {
        let numbered = self.counts.iter().zip(1..);
        numbered.filter(|(count, _)| count.left != 0).map(|(count, id)| (CountId(id), count.left))
    }

    fn asserted(&self, id: CountId) -> Option<&Asserted> {
        self.counts.get(usize::try_from(id.0.checked_sub(1)?).ok()?)
    }

    /// Posts a movement. The events hold one entry whose lines sum to zero.
    ///
    /// # Errors
    /// The first that applies of `BOOKS-OTHER-COMMODITY`, `BOOKS-ACCOUNTS`, `BOOKS-OPENED`, `BOOKS-DOCUMENT`,
    /// `BOOKS-DOCUMENT-NUMBER`, `BOOKS-ORDER-FORM`, `BOOKS-SIGNERS`, `BOOKS-REASON`, `BOOKS-FUTURE`, `BOOKS-EXPLAINS`,
    /// `BOOKS-NO-VARIANCE`, `BOOKS-NOT-ENOUGH`, `BOOKS-NOT-THEN` (not enough at a past moment), `BOOKS-TOO-LARGE`.
    pub fn post(&self, movement: &Movement, posted: Timestamp) -> Result<Vec<StockEvent>, Refusal> {
        let kind = movement.kind;
        if movement.commodity != self.commodity {
            return Err(refuse::other_commodity(&movement.commodity, &self.commodity));
        }
        if !kind.connects(&movement.from, &movement.to) {
            return Err(refuse::wrong_accounts(kind, &movement.from, &movement.to));
        }
        if kind == MovementKind::OpeningInventory && (self.begun || self.accounts.contains_key(&movement.to)) {
            return Err(refuse::opened_already());
        }
        check_document(kind, &movement.document, movement.schedule)?;
        check_signers(kind, &movement.signers)?;
        let corrects = matches!(kind, MovementKind::ClericalIn | MovementKind::ClericalOut);
        check_reason(movement.reason.as_deref(), corrects || movement.explains.is_some())?;
        let units = movement.amount.units();
        let entry = Entry {
            id: EntryId(self.entries + 1),
            schedule: movement.schedule,
            kind,
            happened: movement.happened,
            posted,
            document: movement.document.clone(),
            signers: movement.signers.clone(),
            reverses: None,
            explains: movement.explains,
            reason: movement.reason.clone(),
            lines: vec![
                Line { account: movement.from.clone(), change: -units },
                Line { account: movement.to.clone(), change: units },
            ],
        };
        self.posted(entry)
    }

    /// Takes an entry back by its mirror image, which points to it. `entry` is as it was posted.
    ///
    /// # Errors
    /// `BOOKS-NO-SUCH-ENTRY`, `BOOKS-REVERSED`, `BOOKS-REVERSAL`, `BOOKS-REVERSAL-TIME`, and those of [`Stock::post`] that can apply: what the
    /// entry brought may have gone since.
    pub fn reverse(
        &self,
        entry: &Entry,
        reason: &str,
        (happened, posted): (Timestamp, Timestamp),
        document: Document,
        signers: Vec<Actor>,
    ) -> Result<Vec<StockEvent>, Refusal> {
        if entry.id.0 == 0 || entry.id.0 > self.entries {
            return Err(refuse::no_such_entry(entry.id));
        }
        if self.reversals.contains(&entry.id) {
            return Err(refuse::a_reversal(entry.id));
        }
        if self.settled.contains(&entry.id) {
            return Err(refuse::reversed_already(entry.id));
        }
        if happened < entry.happened {
            return Err(refuse::reversed_before(entry.id));
        }
        check_document(MovementKind::Reversal, &document, entry.schedule)?;
        check_signers(MovementKind::Reversal, &signers)?;
        check_reason(Some(reason), true)?;
        let mirrored = |line: &Line| Line { account: line.account.clone(), change: -line.change };
        self.posted(Entry {
            id: EntryId(self.entries + 1),
            schedule: entry.schedule,
            kind: MovementKind::Reversal,
            happened,
            posted,
            document,
            signers,
            reverses: Some(entry.id),
            explains: None,
            reason: Some(reason.to_owned()),
            lines: entry.lines.iter().map(mirrored).collect(),
        })
    }

    /// Records what somebody counted, beside what the books say of the moment of the count: what was written down before
    /// and happened later stays out. No balance changes; a variance stays open until an entry explains it.
    ///
    /// # Errors
    /// `BOOKS-COUNT-ACCOUNT` for an account that is not on hand, `BOOKS-COUNT-RANGE`, `BOOKS-FUTURE`.
    pub fn count(&self, count: Count, posted: Timestamp) -> Result<Vec<StockEvent>, Refusal> {
        if count.account.side() != Side::OnHand {
            return Err(refuse::not_countable(&count.account));
        }
        if !(0..=AMOUNT_MAX).contains(&count.found) {
            return Err(refuse::count_out_of_range());
        }
        if count.happened > posted {
            return Err(refuse::future());
        }
        let book = self.balance_at(&count.account, count.happened);
        let counted = Counted { id: CountId(self.counts.len() as u64 + 1), count, book, posted };
        Ok(vec![StockEvent::Counted { commodity: self.commodity.clone(), counted }])
    }

    /// Checks what depends on the balances and the open counts, last of all.
    fn posted(&self, entry: Entry) -> Result<Vec<StockEvent>, Refusal> {
        if entry.happened > entry.posted {
            return Err(refuse::future());
        }
        if let Some(id) = entry.explains {
            let late = self.asserted(id).is_some_and(|count| entry.happened.as_second() <= count.second);
            if !late && !entry.kind.explains_variance() {
                return Err(refuse::explains_nothing(entry.kind));
            }
            if !self.explains(id, &entry) {
                return Err(refuse::no_open_variance());
            }
        }
        for line in &entry.lines {
            let have = self.balance(&line.account);
            let then = have.checked_add(line.change).filter(|then| (-AMOUNT_MAX..=AMOUNT_MAX).contains(then));
            let then = then.ok_or_else(|| refuse::too_large(&line.account))?;
            let wanted = line.change.saturating_neg();
            if line.account.side() == Side::Outside || wanted < 0 {
                continue;
            }
            if then < 0 {
                return Err(refuse::not_enough(&line.account, self.commodity.unit, have, wanted));
            }
            let least = self.least_from(&line.account, entry.happened);
            if least.0 < wanted {
                return Err(refuse::not_then(&line.account, self.commodity.unit, least, wanted));
            }
        }
        Ok(vec![StockEvent::Posted { commodity: self.commodity.clone(), entry }])
    }

    /// The least that an account holds from `at` on, and when.
    fn least_from(&self, account: &Account, at: Timestamp) -> (i64, i64) {
        let second = at.as_second();
        self.accounts.get(account).map_or((0, second), |line| line.least_from(second))
    }

    /// Whether an entry can explain a part of what is left of a count's variance: same direction, at most that much.
    fn explains(&self, id: CountId, entry: &Entry) -> bool {
        self.asserted(id).is_some_and(|count| {
            let change = entry.change_of(&count.account);
            change != 0 && change.signum() == count.left.signum() && change.abs() <= count.left.abs()
        })
    }

    /// Folds one event.
    ///
    /// # Errors
    /// [`Inconsistent`] when the commands here could not have made it; the state is then unchanged.
    pub fn apply(&mut self, event: &StockEvent) -> Result<(), Inconsistent> {
        let version = self.version + 1;
        let result = if event.commodity() == &self.commodity {
            match event {
                StockEvent::Posted { entry, .. } => self.apply_entry(entry),
                StockEvent::Counted { counted, .. } => self.apply_count(counted),
            }
        } else {
            Err("it is of another commodity")
        };
        result.map_err(|problem| Inconsistent { version, problem })?;
        self.version = version;
        Ok(())
    }

    fn apply_entry(&mut self, entry: &Entry) -> Result<(), &'static str> {
        if entry.id.0 != self.entries + 1 {
            return Err("the entry's number does not follow the last one");
        }
        if entry.sum() != Some(0) || entry.lines.len() < 2 {
            return Err("the lines do not sum to zero");
        }
        if entry.reverses.is_some_and(|id| id >= entry.id || self.settled.contains(&id)) {
            return Err("it reverses an entry that is not there or was reversed before");
        }
        if entry.explains.is_some_and(|id| !self.explains(id, entry)) {
            return Err("it explains a variance that is not open");
        }
        let second = entry.happened.as_second();
        let mut changes: BTreeMap<&Account, i64> = BTreeMap::new();
        for line in &entry.lines {
            let change = changes.entry(&line.account).or_insert(0);
            *change = change.checked_add(line.change).ok_or("a line leaves the exact range")?;
        }
        for (account, change) in &changes {
            let then = self.balance(account).checked_add(*change);
            if then.is_none_or(|then| !(-AMOUNT_MAX..=AMOUNT_MAX).contains(&then)) {
                return Err("a balance leaves the exact range");
            }
            let held = account.side() != Side::Outside && *change < 0;
            if held && self.least_from(account, entry.happened).0 + change < 0 {
                return Err("an account on hand becomes negative");
            }
        }
        for (account, change) in &changes {
            self.recount(account, second, *change);
        }
        // An entry that happened before the count has changed its variance already.
        if let Some(id) = entry.explains {
            let count = usize::try_from(id.0 - 1).ok().and_then(|place| self.counts.get_mut(place));
            if let Some(count) = count.filter(|count| second > count.second) {
                count.left -= changes.get(&count.account).copied().unwrap_or(0);
            }
        }
        for (account, change) in changes {
            if let Some(line) = self.accounts.get_mut(account) {
                line.change(second, change);
            } else {
                let mut line = Timeline::default();
                line.change(second, change);
                self.accounts.insert(account.clone(), line);
            }
        }
        self.entries = entry.id.0;
        self.begun |= entry.kind != MovementKind::OpeningInventory;
        if let Some(id) = entry.reverses {
            self.settled.insert(id);
            self.reversals.insert(entry.id);
        }
        Ok(())
    }

    /// Every count of `account` at `second` or later is compared with other books now.
    fn recount(&mut self, account: &Account, second: i64, change: i64) {
        for (_, id) in self.counted_at.range((second, 0)..) {
            let place = usize::try_from(id - 1).ok();
            if let Some(count) = place.and_then(|place| self.counts.get_mut(place)).filter(|c| c.account == *account) {
                count.left -= change;
            }
        }
    }

    fn apply_count(&mut self, counted: &Counted) -> Result<(), &'static str> {
        if counted.id.0 != self.counts.len() as u64 + 1 {
            return Err("the count's number does not follow the last one");
        }
        if counted.count.account.side() != Side::OnHand {
            return Err("the account counted is not on hand");
        }
        if counted.book != self.balance_at(&counted.count.account, counted.count.happened) {
            return Err("the count holds another book balance than the books");
        }
        let second = counted.count.happened.as_second();
        self.counted_at.insert((second, counted.id.0));
        self.counts.push(Asserted { account: counted.count.account.clone(), second, left: counted.variance() });
        Ok(())
    }
}

fn check_document(kind: MovementKind, document: &Document, schedule: Schedule) -> Result<(), Refusal> {
    if !kind.rule().documents.contains(&document.kind) {
        return Err(refuse::wrong_document(kind, document.kind));
    }
    if document.number.trim().is_empty() || document.number.chars().count() > 100 {
        return Err(refuse::unnumbered_document());
    }
    let ordered = matches!(document.kind, DocumentKind::OrderForm | DocumentKind::CsosOrder);
    if kind.between_registrants() && schedule <= Schedule::II && !ordered {
        return Err(refuse::order_form_missing(kind));
    }
    Ok(())
}

fn check_signers(kind: MovementKind, signers: &[Actor]) -> Result<(), Refusal> {
    let people: BTreeSet<&str> = signers.iter().map(|signer| signer.id.as_str()).collect();
    let wanted = match kind.rule().signing {
        Signing::One => 1,
        Signing::TwoPeople => 2,
    };
    if people.len() < wanted { Err(refuse::signers_missing(kind, wanted)) } else { Ok(()) }
}

fn check_reason(reason: Option<&str>, required: bool) -> Result<(), Refusal> {
    let fits = reason.is_none_or(|reason| !reason.trim().is_empty() && reason.chars().count() <= 500);
    if fits && (reason.is_some() || !required) { Ok(()) } else { Err(refuse::reason_missing()) }
}
