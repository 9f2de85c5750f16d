//! What the explainer is given, and what it answers with.

use crate::commodity::Commodity;
use crate::entry::{Entry, EntryId};
use crate::product::Product;
use crate::words::words;
use jiff::Timestamp;
use theriac_model::Ndc;

/// A filling as the dispensing record has it, whatever the books say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The number that its entry would carry: `RX100001/1`.
    pub document: String,
    /// The product that was taken.
    pub ndc: Ndc,
    /// How much, in smallest units.
    pub amount: i64,
    /// When.
    pub at: Timestamp,
}

/// A shipment as the supplier, or the open order, has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// The number of the order form, order or invoice.
    pub document: String,
    /// The product.
    pub ndc: Ndc,
    /// How much, in smallest units.
    pub amount: i64,
    /// When it was shipped.
    pub at: Timestamp,
}

/// Another product of the same registration that may have been mistaken for this one.
#[derive(Clone, Debug)]
pub struct Neighbour<'a> {
    /// The product.
    pub product: &'a Product,
    /// Its own variance of the same inventory; `None` where it was not counted.
    pub variance: Option<i64>,
    /// Its entries.
    pub entries: &'a [Entry],
}

/// A count that differs from the books.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The product.
    pub product: &'a Product,
    /// Found less book of the place where stock for dispensing lies, in smallest units.
    pub variance: i64,
    /// When count and books last agreed.
    pub since: Timestamp,
    /// The moment of the count.
    pub until: Timestamp,
    /// The entries of the product.
    pub entries: &'a [Entry],
    /// Products that may have been mistaken for it.
    pub neighbours: &'a [Neighbour<'a>],
    /// What the dispensing record says was filled of any product; empty where it cannot be asked.
    pub fillings: &'a [Filled],
    /// What is known of shipments of any product; empty where nothing is.
    pub shipments: &'a [Shipped],
}

words! {
    /// What may have gone wrong.
    Cause {
        /// A filling was not written down.
        MissedFill "missed-fill",
        /// A filling was written to, or taken from, another product.
        SwappedProduct "swapped-product",
        /// An amount was typed wrong: digits exchanged, a nought too many or too few.
        TransposedDigits "transposed-digits",
        /// An amount is not that of its document.
        WrongQuantity "wrong-quantity",
        /// A receipt was not written down.
        UnloggedReceipt "unlogged-receipt",
        /// A filling was written down twice.
        DoubleFill "double-fill",
        /// A receipt was written down twice.
        DoubleReceipt "double-receipt",
        /// What was not collected was put back and not written down.
        ReturnNotLogged "return-not-logged",
    }
}

/// Something that speaks for or against an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The dispensing record has a filling for which the books have no entry.
    RecordWithoutEntry(String),
    /// The dispensing record gives this amount for the entry's document.
    RecordGives(i64),
    /// The dispensing record gives this product for the entry's document.
    RecordNames(Ndc),
    /// The dispensing record, which knows other fillings of those days, does not know the entry's document.
    EntryWithoutRecord(EntryId),
    /// A shipment is known for which the books have no receipt.
    ShipmentWithoutReceipt(String),
    /// Another entry has the same document.
    SameDocument(EntryId),
    /// Another entry has the same amount and was made so many seconds before.
    SoonAfter(EntryId, i64),
    /// The other product was counted in the same inventory with the opposite variance.
    OppositeVariance(Commodity),
    /// The codes of the two products differ in so many digits.
    SimilarCode(usize),
    /// Both are the same drug by name.
    SameDrug,
    /// So many fillings of the product had this amount.
    UsualAmount(usize),
    /// The amount is so many whole containers.
    WholeContainers(i64),
    /// The digits that were typed, and those that were meant.
    Slip(i64, i64),
    /// Filled so many days before the count and neither handed over nor put back by the books.
    StillWaiting(i64),
}

impl Evidence {
    /// What it weighs. The numbers are ours; a test measures how often they put the true cause first.
    pub(super) const fn weight(&self) -> u32 {
        match self {
            Self::RecordWithoutEntry(_) | Self::ShipmentWithoutReceipt(_) => 60,
            Self::RecordGives(_) | Self::RecordNames(_) => 70,
            Self::SameDocument(_) => 55,
            Self::OppositeVariance(_) => 50,
            Self::Slip(..) => 18,
            Self::EntryWithoutRecord(_) => 12,
            Self::SoonAfter(_, seconds) => match *seconds {
                0..600 => 20,
                600..86_400 => 8,
                _ => 2,
            },
            Self::SimilarCode(digits) => match *digits {
                0..=2 => 10,
                3..=4 => 4,
                _ => 0,
            },
            Self::SameDrug => 5,
            Self::UsualAmount(times) => match *times {
                0 => 0,
                1..5 => 6,
                _ => 12,
            },
            Self::WholeContainers(_) => 10,
            Self::StillWaiting(days) => match *days {
                0..7 => 0,
                7..14 => 10,
                _ => 18,
            },
        }
    }
}

/// One explanation: it accounts for the whole variance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What may have gone wrong.
    pub cause: Cause,
    /// Entries of the product, any one of which it may be; empty when it is about none.
    pub entries: Vec<EntryId>,
    /// The other product that it is about, and entries of it, any one of which it may be.
    pub other: Option<(Commodity, Vec<EntryId>)>,
    /// The document that it is about; `None` where it may be one of several.
    pub document: Option<String>,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// How well it is supported; comparable only within one case.
    pub score: u32,
    /// What somebody who finds it true does next.
    pub next: &'static str,
}
