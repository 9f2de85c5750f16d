//! An entry: what happened to a substance, with its document and its signers.

use crate::account::{Account, Side};
use crate::count::CountId;
use crate::movement::MovementKind;
use jiff::Timestamp;
use std::fmt;
use theriac_model::{Actor, Schedule};

/// The number of an entry within its commodity, counted from 1 without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(pub u64);

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! document_kinds {
    ($($(#[$doc:meta])* $name:ident $word:literal;)*) => {
        /// What kind of paper or record stands behind an entry.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum DocumentKind { $($(#[$doc])* $name,)* }

        impl DocumentKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word in records.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// Reads a word of [`DocumentKind::word`].
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.word() == word)
            }
        }
    };
}

document_kinds! {
    /// An inventory.
    Inventory "inventory";
    /// DEA Form 222.
    OrderForm "order-form";
    /// An electronic order (CSOS).
    CsosOrder "csos-order";
    /// A supplier's invoice or packing slip.
    Invoice "invoice";
    /// A filling of a prescription.
    Filling "filling";
    /// A record of handing over.
    PickUp "pick-up";
    /// A record of putting back what was not collected.
    ReturnToStock "return-to-stock";
    /// A record of damage or of an expired lot.
    DamageReport "damage-report";
    /// A worksheet of drugs set aside for destruction.
    DestructionWorksheet "destruction-worksheet";
    /// DEA Form 41.
    Form41 "form-41";
    /// A spill record.
    SpillRecord "spill-record";
    /// An incident of theft or loss, with or without DEA Form 106.
    Incident "incident";
    /// A line of the discrepancy log.
    DiscrepancyLog "discrepancy-log";
    /// A document of return or distribution to another registrant.
    DistributionRecord "distribution-record";
    /// A note of stock moved from one place to another of the same registration.
    RelocationNote "relocation-note";
    /// A chart order or another record of administration.
    AdministrationRecord "administration-record";
    /// A line of the record book of sales without a prescription.
    SaleRecord "sale-record";
    /// A line of a treatment program's dispensing log.
    DoseLog "dose-log";
    /// A line of the waste log.
    WasteLog "waste-log";
    /// A load sheet of a machine.
    LoadSheet "load-sheet";
    /// A machine's own record of a release.
    MachineRecord "machine-record";
    /// A record of an emergency kit.
    KitRecord "kit-record";
    /// A batch, bottling or repackaging record.
    BatchRecord "batch-record";
    /// The paper of a delivery by a carrier.
    Consignment "consignment";
}

/// The document behind an entry: its kind and its number or name, 1 to 100 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Document {
    /// The kind.
    pub kind: DocumentKind,
    /// Number or name, such as `INV-2026-0312` or `RX100001/1`.
    pub number: String,
}

impl Document {
    /// A document.
    pub fn new(kind: DocumentKind, number: impl Into<String>) -> Self {
        Self { kind, number: number.into() }
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.number)
    }
}

/// One line of an entry: how an account changes, in smallest units. Never zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The account.
    pub account: Account,
    /// The change: positive into the account, negative out of it.
    pub change: i64,
}

/// An entry. Immutable; its lines sum to zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: EntryId,
    /// The schedule of the product on the day it happened.
    pub schedule: Schedule,
    /// What kind of movement it records.
    pub kind: MovementKind,
    /// When it happened.
    pub happened: Timestamp,
    /// When it was written down; never before it happened.
    pub posted: Timestamp,
    /// The document behind it.
    pub document: Document,
    /// Who signs for it, in order.
    pub signers: Vec<Actor>,
    /// The entry it reverses, where it is a correction.
    pub reverses: Option<EntryId>,
    /// The count whose variance it explains.
    pub explains: Option<CountId>,
    /// Why, in words; required for corrections.
    pub reason: Option<String>,
    /// The lines.
    pub lines: Vec<Line>,
}

impl Entry {
    /// The sum of the lines: zero for every entry that was posted. `None` when it cannot be computed.
    pub fn sum(&self) -> Option<i64> {
        self.lines.iter().try_fold(0i64, |sum, line| sum.checked_add(line.change))
    }

    /// By how much the entry changes one account; 0 for an account that it does not touch.
    pub fn change_of(&self, account: &Account) -> i64 {
        let lines = self.lines.iter().filter(|line| line.account == *account);
        lines.fold(0i64, |sum, line| sum.saturating_add(line.change))
    }

    /// By how much the entry changes what is on hand.
    pub fn change_on_hand(&self) -> i64 {
        let on_hand = self.lines.iter().filter(|line| line.account.side() == Side::OnHand);
        on_hand.fold(0i64, |sum, line| sum.saturating_add(line.change))
    }
}
