//! The stock of one product at one registration: the fold of its events, and the commands on it.

use crate::account::{Account, Side};
use crate::amount::AMOUNT_MAX;
use crate::commodity::Commodity;
use crate::count::{Count, CountId, Counted};
use crate::entry::{Document, DocumentKind, Entry, EntryId, Line};
use crate::event::StockEvent;
use crate::movement::{Movement, MovementKind, Signing};
use crate::refusals as refuse;
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

/// The balances of one commodity.
///
/// `INVARIANT`: all balances sum to zero; none that is on hand is negative; none leaves the range of [`AMOUNT_MAX`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    commodity: Commodity,
    version: u64,
    entries: u64,
    counts: u64,
    balances: BTreeMap<Account, i64>,
    /// Entries taken back, and the reversals that took them back: neither can be reversed.
    settled: BTreeSet<EntryId>,
    reversals: BTreeSet<EntryId>,
    /// Variances that no entry has explained yet.
    variances: BTreeMap<CountId, i64>,
}

impl Stock {
    /// The books of a commodity before anything happened.
    pub fn new(commodity: Commodity) -> Self {
        Self {
            commodity,
            version: 0,
            entries: 0,
            counts: 0,
            balances: BTreeMap::new(),
            settled: BTreeSet::new(),
            reversals: BTreeSet::new(),
            variances: BTreeMap::new(),
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
        self.balances.get(account).copied().unwrap_or(0)
    }

    /// All accounts that were ever touched, with their balances, in a fixed order.
    pub fn balances(&self) -> impl Iterator<Item = (&Account, i64)> {
        self.balances.iter().map(|(account, balance)| (account, *balance))
    }

    /// What is on hand, over all accounts that inventories count.
    pub fn on_hand(&self) -> i64 {
        self.balances().filter(|(account, _)| account.side() == Side::OnHand).map(|(_, balance)| balance).sum()
    }

    /// Counts whose variance no entry has explained: found minus book, less what was explained.
    pub fn open_variances(&self) -> impl Iterator<Item = (CountId, i64)> {
        self.variances.iter().map(|(id, variance)| (*id, *variance))
    }

    /// Posts a movement. The events hold one entry whose lines sum to zero.
    ///
    /// # Errors
    /// The first that applies of `BOOKS-OTHER-COMMODITY`, `BOOKS-ACCOUNTS`, `BOOKS-OPENED`, `BOOKS-DOCUMENT`,
    /// `BOOKS-DOCUMENT-NUMBER`, `BOOKS-ORDER-FORM`, `BOOKS-SIGNERS`, `BOOKS-REASON`, `BOOKS-FUTURE`, `BOOKS-EXPLAINS`,
    /// `BOOKS-NO-VARIANCE`, `BOOKS-NOT-ENOUGH`, `BOOKS-TOO-LARGE`.
    pub fn post(&self, movement: &Movement, posted: Timestamp) -> Result<Vec<StockEvent>, Refusal> {
        let kind = movement.kind;
        if movement.commodity != self.commodity {
            return Err(refuse::other_commodity(&movement.commodity, &self.commodity));
        }
        if !kind.connects(&movement.from, &movement.to) {
            return Err(refuse::wrong_accounts(kind, &movement.from, &movement.to));
        }
        if kind == MovementKind::OpeningInventory && self.entries > 0 {
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
    /// `BOOKS-NO-SUCH-ENTRY`, `BOOKS-REVERSED`, `BOOKS-REVERSAL`, and those of [`Stock::post`] that can apply: what the
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

    /// Records what somebody counted. No balance changes; a variance stays open until an entry explains it.
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
        let book = self.balance(&count.account);
        let counted = Counted { id: CountId(self.counts + 1), count, book, posted };
        Ok(vec![StockEvent::Counted { commodity: self.commodity.clone(), counted }])
    }

    /// Checks what depends on the balances and the open counts, last of all.
    fn posted(&self, entry: Entry) -> Result<Vec<StockEvent>, Refusal> {
        if entry.happened > entry.posted {
            return Err(refuse::future());
        }
        if let Some(count) = entry.explains {
            if !entry.kind.explains_variance() {
                return Err(refuse::explains_nothing(entry.kind));
            }
            if self.variance_left(count, entry.change_on_hand()).is_none() {
                return Err(refuse::no_open_variance());
            }
        }
        for line in &entry.lines {
            let have = self.balance(&line.account);
            let then = have.checked_add(line.change).filter(|then| (-AMOUNT_MAX..=AMOUNT_MAX).contains(then));
            let then = then.ok_or_else(|| refuse::too_large(&line.account))?;
            if then < 0 && line.account.side() == Side::OnHand {
                return Err(refuse::not_enough(&line.account, have, line.change.saturating_neg()));
            }
        }
        Ok(vec![StockEvent::Posted { commodity: self.commodity.clone(), entry }])
    }

    /// What is left of a count's variance when an entry explains `change` of it; `None` when it cannot.
    fn variance_left(&self, count: CountId, change: i64) -> Option<i64> {
        let open = *self.variances.get(&count)?;
        let explains = change != 0 && change.signum() == open.signum() && change.abs() <= open.abs();
        explains.then_some(open - change)
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
        let explained = match entry.explains {
            None => None,
            Some(count) => {
                let left = self.variance_left(count, entry.change_on_hand());
                Some((count, left.ok_or("it explains a variance that is not open")?))
            }
        };
        let mut after: BTreeMap<&Account, i64> = BTreeMap::new();
        for line in &entry.lines {
            let balance = after.entry(&line.account).or_insert_with(|| self.balance(&line.account));
            let then = balance.checked_add(line.change).filter(|then| (-AMOUNT_MAX..=AMOUNT_MAX).contains(then));
            *balance = then.ok_or("a balance leaves the exact range")?;
        }
        if after.iter().any(|(account, balance)| *balance < 0 && account.side() == Side::OnHand) {
            return Err("an account on hand becomes negative");
        }
        let after: Vec<(Account, i64)> =
            after.into_iter().map(|(account, balance)| (account.clone(), balance)).collect();
        self.balances.extend(after);
        self.entries = entry.id.0;
        if let Some(id) = entry.reverses {
            self.settled.insert(id);
            self.reversals.insert(entry.id);
        }
        match explained {
            Some((count, 0)) => drop(self.variances.remove(&count)),
            Some((count, left)) => drop(self.variances.insert(count, left)),
            None => {}
        }
        Ok(())
    }

    fn apply_count(&mut self, counted: &Counted) -> Result<(), &'static str> {
        if counted.id.0 != self.counts + 1 {
            return Err("the count's number does not follow the last one");
        }
        if counted.count.account.side() != Side::OnHand {
            return Err("the account counted is not on hand");
        }
        if counted.book != self.balance(&counted.count.account) {
            return Err("the count holds another book balance than the books");
        }
        self.counts = counted.id.0;
        if counted.variance() != 0 {
            self.variances.insert(counted.id, counted.variance());
        }
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
    if kind == MovementKind::Receipt && schedule <= Schedule::II && !ordered {
        return Err(refuse::order_form_missing());
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
