//! The kinds of movement, what each needs, and a movement to be posted.

use crate::account::{Account, Side};
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
    /// The first inventory of the business: at most once a place, and before anything else.
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
    /// Moved from one place of the registration to another.
    Relocation "relocation";
    /// Administered on the spot.
    Administration "administration";
    /// Sold without a prescription.
    Sale "sale";
    /// Distributed to a registrant for general dispensing; counts towards the five percent.
    Distribution "distribution";
    /// Passed with the business to another registrant.
    BusinessTransfer "business-transfer";
    /// Made up for one patient of a treatment program.
    Preparation "preparation";
    /// Taken home by a patient of a treatment program.
    TakeHome "take-home";
    /// A dose made up and not taken, put back.
    DosePutBack "dose-put-back";
    /// The rest of a dose, thrown away.
    Waste "waste";
    /// Put into an automated dispensing machine.
    MachineLoad "machine-load";
    /// Taken out of a machine again.
    MachineReturn "machine-return";
    /// Released by a machine.
    MachineRelease "machine-release";
    /// Put into an emergency kit.
    KitStock "kit-stock";
    /// Taken out of a kit again.
    KitReturn "kit-return";
    /// Used from a kit.
    KitUse "kit-use";
    /// Taken into compounding, bottling or repackaging.
    BatchStart "batch-start";
    /// Made into another product.
    BatchOut "batch-out";
    /// Made from another product.
    BatchIn "batch-in";
    /// Lost in compounding.
    ProcessLoss "process-loss";
    /// Taken as a sample.
    Sample "sample";
    /// Given to a carrier whom the registrant hired.
    Dispatch "dispatch";
    /// Delivered by that carrier.
    Delivery "delivery";
    /// Filled elsewhere and received for the patient.
    CentralFillReceipt "central-fill-receipt";
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

/// One row a kind, in the order of the enum. Reversals need the discrepancy log and two people, like every correction.
const RULES: &[MovementRule] = &[
    one(K::OpeningInventory, &[D::Inventory]),
    one(K::Receipt, &[D::DistributionRecord, D::OrderForm, D::CsosOrder, D::Invoice]),
    one(K::Fill, &[D::Filling]),
    one(K::HandOver, &[D::PickUp]),
    one(K::ReturnToStock, &[D::ReturnToStock]),
    one(K::Quarantine, &[D::SpillRecord, D::DamageReport]),
    two(K::SetAside, &[D::DestructionWorksheet]),
    two(K::Destruction, &[D::Form41]),
    two(K::Spill, &[D::SpillRecord]),
    one(K::TheftOrLoss, &[D::Incident]),
    one(K::SupplierReturn, &[D::DistributionRecord, D::OrderForm, D::CsosOrder]),
    one(K::ReverseDistribution, &[D::DistributionRecord, D::OrderForm, D::CsosOrder]),
    two(K::ClericalIn, &[D::DiscrepancyLog]),
    two(K::ClericalOut, &[D::DiscrepancyLog]),
    two(K::Reversal, &[D::DiscrepancyLog]),
    one(K::Relocation, &[D::RelocationNote]),
    one(K::Administration, &[D::DoseLog, D::AdministrationRecord]),
    one(K::Sale, &[D::SaleRecord]),
    one(K::Distribution, &[D::OrderForm, D::CsosOrder, D::DistributionRecord]),
    one(K::BusinessTransfer, &[D::OrderForm, D::CsosOrder, D::DistributionRecord]),
    one(K::Preparation, &[D::DoseLog]),
    one(K::TakeHome, &[D::DoseLog]),
    two(K::DosePutBack, &[D::WasteLog]),
    two(K::Waste, &[D::WasteLog]),
    one(K::MachineLoad, &[D::LoadSheet]),
    one(K::MachineReturn, &[D::LoadSheet]),
    one(K::MachineRelease, &[D::MachineRecord]),
    one(K::KitStock, &[D::KitRecord]),
    one(K::KitReturn, &[D::KitRecord]),
    one(K::KitUse, &[D::KitRecord]),
    two(K::BatchStart, &[D::BatchRecord]),
    two(K::BatchOut, &[D::BatchRecord]),
    two(K::BatchIn, &[D::BatchRecord]),
    two(K::ProcessLoss, &[D::BatchRecord]),
    one(K::Sample, &[D::BatchRecord]),
    one(K::Dispatch, &[D::Consignment]),
    one(K::Delivery, &[D::Consignment]),
    one(K::CentralFillReceipt, &[D::Consignment]),
];

const fn one(kind: MovementKind, documents: &'static [DocumentKind]) -> MovementRule {
    MovementRule { kind, documents, signing: Signing::One }
}

const fn two(kind: MovementKind, documents: &'static [DocumentKind]) -> MovementRule {
    MovementRule { kind, documents, signing: Signing::TwoPeople }
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
        let leaves = |from: &Account| from.is_stock() || matches!(from, A::Quarantine);
        match self {
            K::OpeningInventory => matches!(from, A::Opening) && to.is_stock(),
            K::Receipt => matches!(from, A::Source(_)) && (to.is_stock() || matches!(to, A::Quarantine)),
            K::Fill => from.is_stock() && matches!(to, A::WillCall),
            K::HandOver => matches!((from, to), (A::WillCall | A::CentralFillIn, A::Patient)),
            K::ReturnToStock => matches!(from, A::WillCall) && to.is_stock(),
            K::Quarantine => (from.is_stock() || matches!(from, A::WillCall)) && matches!(to, A::Quarantine),
            K::SetAside => leaves(from) && matches!(to, A::AwaitingDestruction),
            K::Destruction => matches!((from, to), (A::AwaitingDestruction, A::Destroyed)),
            K::Spill => (from.is_stock() || matches!(from, A::InProcess)) && matches!(to, A::Spill),
            K::TheftOrLoss => from.side() != Side::Outside && matches!(to, A::TheftLoss(_)),
            K::SupplierReturn => leaves(from) && matches!(to, A::SupplierReturn(_)),
            K::ReverseDistribution => leaves(from) && matches!(to, A::ReverseDistributor(_)),
            K::ClericalIn => matches!(from, A::Clerical) && to.side() != Side::Outside,
            K::ClericalOut => from.side() != Side::Outside && matches!(to, A::Clerical),
            K::Reversal => false,
            K::Relocation => from.is_stock() && to.is_stock() && from != to,
            K::Administration => (from.is_stock() || matches!(from, A::Prepared)) && matches!(to, A::Administered),
            K::Sale => from.is_stock() && matches!(to, A::OverTheCounter),
            K::Distribution => from.is_stock() && matches!(to, A::Registrant(_)),
            K::BusinessTransfer => from.side() == Side::OnHand && matches!(to, A::Registrant(_)),
            K::Preparation => from.is_stock() && matches!(to, A::Prepared),
            K::TakeHome => matches!((from, to), (A::Prepared, A::TakeHome)),
            K::DosePutBack => matches!(from, A::Prepared) && (to.is_stock() || matches!(to, A::Quarantine)),
            K::Waste => (from.is_stock() || matches!(from, A::Prepared)) && matches!(to, A::Waste),
            K::MachineLoad => from.is_stock() && matches!(to, A::Machine(_)),
            K::MachineReturn => matches!(from, A::Machine(_)) && (to.is_stock() || matches!(to, A::Quarantine)),
            K::MachineRelease => matches!((from, to), (A::Machine(_), A::Patient | A::Administered)),
            K::KitStock => from.is_stock() && matches!(to, A::Kit(_)),
            K::KitReturn => matches!(from, A::Kit(_)) && (to.is_stock() || matches!(to, A::Quarantine)),
            K::KitUse => matches!((from, to), (A::Kit(_), A::Administered)),
            K::BatchStart => from.is_stock() && matches!(to, A::InProcess),
            K::BatchOut => matches!((from, to), (A::InProcess, A::Converted(_))),
            K::BatchIn => matches!(from, A::Converted(_)) && (to.is_stock() || matches!(to, A::InProcess)),
            K::ProcessLoss => matches!((from, to), (A::InProcess, A::ProcessLoss)),
            K::Sample => (from.is_stock() || matches!(from, A::InProcess)) && matches!(to, A::Sample),
            K::Dispatch => (from.is_stock() || matches!(from, A::WillCall)) && matches!(to, A::Transit(_)),
            K::Delivery => matches!((from, to), (A::Transit(_), A::Patient | A::Registrant(_))),
            K::CentralFillReceipt => matches!((from, to), (A::CentralFill(_), A::CentralFillIn)),
        }
    }

    /// Whether another registrant is on the other side, so that schedules I and II take an order form (21 CFR 1305.03).
    pub const fn between_registrants(self) -> bool {
        matches!(self, K::Receipt | K::SupplierReturn | K::ReverseDistribution | K::Distribution | K::BusinessTransfer)
    }

    /// Whether it dispenses: what reports of dispensing and the five percent count.
    pub const fn dispenses(self) -> bool {
        matches!(
            self,
            K::HandOver | K::Administration | K::Sale | K::TakeHome | K::MachineRelease | K::KitUse | K::Delivery
        )
    }

    /// Whether such an entry can explain a count that was taken before it: it says that the books were wrong then. Any
    /// other kind explains a count only when it happened before the count and was written down late.
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
        assert_eq!(RULES.len(), MovementKind::ALL.len());
        for &kind in MovementKind::ALL {
            assert_eq!(kind.rule().kind, kind);
            assert_eq!(MovementKind::parse(kind.word()), Some(kind));
        }
        for &kind in DocumentKind::ALL {
            assert_eq!(DocumentKind::parse(kind.word()), Some(kind));
        }
    }
}
