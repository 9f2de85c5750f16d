//! The kinds of movement, what each needs, and a movement to be posted.

use crate::account::Account;
use crate::amount::Amount;
use crate::commodity::Commodity;
use crate::count::CountId;
use crate::entry::{Document, DocumentKind};
use jiff::Timestamp;
use theriac_model::{Actor, DeaNumber, Schedule};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $word:literal;)*) => {
        /// What kind of thing happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum MovementKind { $($(#[$doc])* $name,)* }

        impl MovementKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word in records.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// Reads a word of [`MovementKind::word`].
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.word() == word)
            }
        }
    };
}

kinds! {
    /// The first inventory of the business; at most once.
    OpeningInventory "opening-inventory";
    /// Received from a registrant.
    Receipt "receipt";
    /// Filled for a patient, waiting for collection.
    Fill "fill";
    /// Handed over to the patient.
    HandOver "hand-over";
    /// Not collected, and put back.
    ReturnToStock "return-to-stock";
    /// Damaged or out of date, taken off the shelf.
    Quarantine "quarantine";
    /// Set aside for destruction.
    SetAside "set-aside";
    /// Destroyed.
    Destruction "destruction";
    /// Spilled beyond recovery.
    Spill "spill";
    /// Stolen or lost.
    TheftOrLoss "theft-or-loss";
    /// Returned to the supplier.
    SupplierReturn "supplier-return";
    /// Given to a reverse distributor.
    ReverseDistribution "reverse-distribution";
    /// A mistake in the books put right: more on the shelf than they say.
    ClericalIn "clerical-in";
    /// A mistake in the books put right: less on the shelf than they say.
    ClericalOut "clerical-out";
    /// An entry taken back by its mirror image.
    Reversal "reversal";
}

/// How many different people sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// One person.
    One,
    /// Two different people.
    TwoPeople,
}

/// What one kind of movement needs.
#[derive(Clone, Copy, Debug)]
pub struct MovementRule {
    /// The kind.
    pub kind: MovementKind,
    /// The documents that can stand behind it.
    pub documents: &'static [DocumentKind],
    /// Who signs.
    pub signing: Signing,
}

use DocumentKind as D;
use MovementKind as K;

/// One row a kind. Reversals need the discrepancy log and two people, like every correction.
const RULES: [MovementRule; 15] = [
    rule(K::OpeningInventory, &[D::Inventory], Signing::One),
    rule(K::Receipt, &[D::OrderForm, D::CsosOrder, D::Invoice], Signing::One),
    rule(K::Fill, &[D::Filling], Signing::One),
    rule(K::HandOver, &[D::PickUp], Signing::One),
    rule(K::ReturnToStock, &[D::ReturnToStock], Signing::One),
    rule(K::Quarantine, &[D::DamageReport], Signing::One),
    rule(K::SetAside, &[D::DestructionWorksheet], Signing::TwoPeople),
    rule(K::Destruction, &[D::Form41], Signing::TwoPeople),
    rule(K::Spill, &[D::SpillRecord], Signing::TwoPeople),
    rule(K::TheftOrLoss, &[D::Incident], Signing::One),
    rule(K::SupplierReturn, &[D::DistributionRecord, D::OrderForm, D::CsosOrder], Signing::One),
    rule(K::ReverseDistribution, &[D::DistributionRecord, D::OrderForm, D::CsosOrder], Signing::One),
    rule(K::ClericalIn, &[D::DiscrepancyLog], Signing::TwoPeople),
    rule(K::ClericalOut, &[D::DiscrepancyLog], Signing::TwoPeople),
    rule(K::Reversal, &[D::DiscrepancyLog], Signing::TwoPeople),
];

const fn rule(kind: MovementKind, documents: &'static [DocumentKind], signing: Signing) -> MovementRule {
    MovementRule { kind, documents, signing }
}

impl MovementKind {
    /// What this kind needs.
    pub fn rule(self) -> &'static MovementRule {
        // INVARIANT: `RULES` has its rows in the order of the enum; a test compares them.
        &RULES[self as usize]
    }

    /// Whether the accounts on both sides are the ones this kind moves between.
    pub fn connects(self, from: &Account, to: &Account) -> bool {
        use Account as A;
        match self {
            K::OpeningInventory => matches!((from, to), (A::Opening, A::Shelf)),
            K::Receipt => matches!((from, to), (A::Source(_), A::Shelf | A::Quarantine)),
            K::Fill => matches!((from, to), (A::Shelf, A::WillCall)),
            K::HandOver => matches!((from, to), (A::WillCall, A::Patient)),
            K::ReturnToStock => matches!((from, to), (A::WillCall, A::Shelf)),
            K::Quarantine => matches!((from, to), (A::Shelf, A::Quarantine)),
            K::SetAside => matches!((from, to), (A::Shelf | A::Quarantine, A::AwaitingDestruction)),
            K::Destruction => matches!((from, to), (A::AwaitingDestruction, A::Destroyed)),
            K::Spill => matches!((from, to), (A::Shelf, A::Spill)),
            K::TheftOrLoss => matches!((from, to), (A::Shelf | A::WillCall | A::Quarantine, A::TheftLoss(_))),
            K::SupplierReturn => matches!((from, to), (A::Shelf | A::Quarantine, A::SupplierReturn(_))),
            K::ReverseDistribution => matches!((from, to), (A::Shelf | A::Quarantine, A::ReverseDistributor(_))),
            K::ClericalIn => matches!((from, to), (A::Clerical, A::Shelf)),
            K::ClericalOut => matches!((from, to), (A::Shelf, A::Clerical)),
            K::Reversal => false,
        }
    }

    /// Whether such an entry can explain why a count found another number than the books.
    pub const fn explains_variance(self) -> bool {
        matches!(self, K::ClericalIn | K::ClericalOut | K::Spill | K::TheftOrLoss | K::Reversal)
    }
}

/// A movement to be posted: so much of a commodity from one account to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// What moves.
    pub commodity: Commodity,
    /// The schedule on the day it happened; records of schedule II are kept apart by it.
    pub schedule: Schedule,
    /// What kind of thing happened.
    pub kind: MovementKind,
    /// Where it was.
    pub from: Account,
    /// Where it is then.
    pub to: Account,
    /// How much.
    pub amount: Amount,
    /// When it happened.
    pub happened: Timestamp,
    /// The document behind it.
    pub document: Document,
    /// Who signs for it.
    pub signers: Vec<Actor>,
    /// The count whose variance it explains.
    pub explains: Option<CountId>,
    /// Why, in words; required for clerical corrections.
    pub reason: Option<String>,
}

impl Movement {
    /// A movement that explains no count and needs no reason.
    pub fn new(
        (commodity, schedule): (Commodity, Schedule),
        kind: MovementKind,
        (from, to): (Account, Account),
        amount: Amount,
        (happened, document): (Timestamp, Document),
        signers: Vec<Actor>,
    ) -> Self {
        let (explains, reason) = (None, None);
        Self { commodity, schedule, kind, from, to, amount, happened, document, signers, explains, reason }
    }

    /// A delivery from `source` onto the shelf.
    pub fn receipt(
        what: (Commodity, Schedule),
        source: DeaNumber,
        amount: Amount,
        when: (Timestamp, Document),
        receiver: Actor,
    ) -> Self {
        let accounts = (Account::Source(source), Account::Shelf);
        Self::new(what, MovementKind::Receipt, accounts, amount, when, vec![receiver])
    }

    /// The same movement, explaining `count`, for `reason`.
    #[must_use]
    pub fn explaining(mut self, count: CountId, reason: impl Into<String>) -> Self {
        self.explains = Some(count);
        self.reason = Some(reason.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_row_and_its_word_is_read_back() {
        for &kind in MovementKind::ALL {
            assert_eq!(kind.rule().kind, kind);
            assert_eq!(MovementKind::parse(kind.word()), Some(kind));
        }
        for &kind in DocumentKind::ALL {
            assert_eq!(DocumentKind::parse(kind.word()), Some(kind));
        }
    }
}
