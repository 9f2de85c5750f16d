//! The rows of a statement: by where it came from or went, clerical entries and losses always apart.

use crate::account::Account;
use crate::words::words;

words! {
    /// A row of the statement.
    Category {
        /// The initial inventory, where the period holds it.
        Opening "opening",
        /// Received from registrants.
        Received "received",
        /// Made from another product.
        MadeFrom "made-from",
        /// Mistakes in the books put right: more than they said.
        ClericalPlus "clerical-plus",
        /// Dispensed to patients.
        Dispensed "dispensed",
        /// Administered on the spot.
        Administered "administered",
        /// Taken home by patients of a treatment program.
        TakenHome "taken-home",
        /// Sold without a prescription.
        Sold "sold",
        /// Distributed to registrants, or passed with the business.
        Distributed "distributed",
        /// Returned to suppliers.
        ReturnedToSupplier "returned-to-supplier",
        /// Given to reverse distributors.
        ReverseDistributed "reverse-distributed",
        /// With a carrier.
        InTransit "in-transit",
        /// Destroyed.
        Destroyed "destroyed",
        /// Spilled beyond recovery.
        Spilled "spilled",
        /// Wasted.
        Wasted "wasted",
        /// Stolen or lost.
        TheftOrLoss "theft-or-loss",
        /// Lost in compounding.
        ProcessLoss "process-loss",
        /// Taken as samples.
        Sampled "sampled",
        /// Made into another product.
        MadeInto "made-into",
        /// Mistakes in the books put right: less than they said.
        ClericalMinus "clerical-minus",
    }

    /// Whether a row adds or takes away.
    Direction {
        /// It adds.
        In "in",
        /// It takes away.
        Out "out",
    }
}

impl Category {
    /// The row of a movement between what is on hand and `account`, which changes what is on hand by `change`. `None` for
    /// an account that is on hand. What a reversal takes back stands in the row of what it reverses; corrections and
    /// conversions have a row for each direction.
    pub const fn of(account: &Account, change: i64) -> Option<Self> {
        Some(match account {
            Account::Opening => Self::Opening,
            Account::Source(_) => Self::Received,
            Account::Converted(_) if change > 0 => Self::MadeFrom,
            Account::Converted(_) => Self::MadeInto,
            Account::Clerical if change > 0 => Self::ClericalPlus,
            Account::Clerical => Self::ClericalMinus,
            Account::Patient | Account::CentralFill(_) | Account::CentralFillIn => Self::Dispensed,
            Account::Administered => Self::Administered,
            Account::TakeHome => Self::TakenHome,
            Account::OverTheCounter => Self::Sold,
            Account::Registrant(_) => Self::Distributed,
            Account::SupplierReturn(_) => Self::ReturnedToSupplier,
            Account::ReverseDistributor(_) => Self::ReverseDistributed,
            Account::Transit(_) => Self::InTransit,
            Account::Destroyed => Self::Destroyed,
            Account::Spill => Self::Spilled,
            Account::Waste => Self::Wasted,
            Account::TheftLoss(_) => Self::TheftOrLoss,
            Account::ProcessLoss => Self::ProcessLoss,
            Account::Sample => Self::Sampled,
            Account::Shelf
            | Account::Place(_)
            | Account::WillCall
            | Account::Prepared
            | Account::Quarantine
            | Account::AwaitingDestruction
            | Account::Machine(_)
            | Account::Kit(_)
            | Account::InProcess => return None,
        })
    }

    /// Whether the row adds to what is accountable or takes away.
    pub const fn direction(self) -> Direction {
        match self {
            Self::Opening | Self::Received | Self::MadeFrom | Self::ClericalPlus => Direction::In,
            _ => Direction::Out,
        }
    }
}
