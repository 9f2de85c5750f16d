//! Conversions: one product made into another, balanced in micrograms of the substance.
//!
//! Powder into liquid, liquid into bottles, one package into others: what goes in and what comes out are different
//! products in different units, so only the substance can be compared. The batch account of each product holds its
//! side; over all products of the batch the micrograms come to zero. What was lost is stated, never left over.

use crate::account::{Account, Name};
use crate::amount::Amount;
use crate::commodity::Commodity;
use crate::entry::{Document, DocumentKind};
use crate::movement::{Movement, MovementKind};
use crate::refusals as refuse;
use jiff::Timestamp;
use theriac_model::{Actor, Refusal, Schedule};

/// Micrograms of the substance in a number of smallest units, as an exact fraction: 10 mg/mL is 10 in 1 microlitre, a
/// tablet of 7.5 mg is 7500 in 1 piece, 1 mg in 3 mL is 1 in 3 microlitres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    micrograms: u32,
    units: u32,
}

impl Content {
    /// `micrograms` in each `units` smallest units; `None` when either is zero.
    pub const fn new(micrograms: u32, units: u32) -> Option<Self> {
        if micrograms == 0 || units == 0 { None } else { Some(Self { micrograms, units }) }
    }

    /// Micrograms in each of [`Content::units`] smallest units.
    pub const fn micrograms(self) -> u32 {
        self.micrograms
    }

    /// The number of smallest units for which the micrograms are given.
    pub const fn units(self) -> u32 {
        self.units
    }
}

/// A sum of micrograms as an exact fraction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mass {
    pub(crate) over: i128,
    pub(crate) under: i128,
}

impl Mass {
    pub(crate) const ZERO: Self = Self { over: 0, under: 1 };

    /// The sum with `units` of `content`; `None` when it leaves the exact range.
    pub(crate) fn and(self, content: Content, units: i64) -> Option<Self> {
        let (micrograms, per) = (i128::from(content.micrograms), i128::from(content.units));
        let added = i128::from(units).checked_mul(micrograms)?.checked_mul(self.under)?;
        let over = self.over.checked_mul(per)?.checked_add(added)?;
        let under = self.under.checked_mul(per)?;
        let common = gcd(over, under);
        Some(Self { over: over / common, under: under / common })
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    // `under` is never zero, so neither is the divisor; beyond the range nothing is shortened.
    i128::try_from(a).unwrap_or(1)
}

/// One product of a conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionPart {
    /// The product.
    pub commodity: Commodity,
    /// Its schedule on the day.
    pub schedule: Schedule,
    /// How much of the substance it holds.
    pub content: Content,
    /// Where it is taken from, or put.
    pub account: Account,
    /// How much of it is used or made.
    pub amount: Amount,
    /// How much of what was used was lost; only for what is used.
    pub lost: Option<Amount>,
}

/// A batch: what is used and what is made, with the batch record behind it and whoever made and checked it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// The batch.
    pub batch: Name,
    /// What is used.
    pub used: Vec<ConversionPart>,
    /// What is made.
    pub made: Vec<ConversionPart>,
    /// When.
    pub happened: Timestamp,
    /// Who made it and who checked it: two people.
    pub signers: Vec<Actor>,
}

impl Conversion {
    /// The movements of the batch, to be posted together with [`crate::Ledger::post`].
    ///
    /// # Errors
    /// `BOOKS-BATCH-EMPTY` when nothing is used or made, `BOOKS-BATCH-LOSS` when more is lost than used or a product is
    /// lost that was made, `BOOKS-BATCH-BALANCE` when the micrograms used, made and lost do not balance.
    pub fn movements(&self) -> Result<Vec<Movement>, Refusal> {
        if self.used.is_empty() || self.made.is_empty() {
            return Err(refuse::empty_batch());
        }
        if self.made.iter().any(|part| part.lost.is_some()) {
            return Err(refuse::batch_loss("what is made cannot be lost in making it"));
        }
        self.balanced()?;
        let mut movements = Vec::new();
        for part in &self.used {
            let lost = part.lost.map_or(0, Amount::units);
            movements.push(self.movement(
                part,
                MovementKind::BatchStart,
                (part.account.clone(), Account::InProcess),
                part.amount,
            ));
            let converted = Account::Converted(self.batch.clone());
            if let Ok(rest) = Amount::new(part.amount.units() - lost) {
                movements.push(self.movement(part, MovementKind::BatchOut, (Account::InProcess, converted), rest));
            }
            if let Some(lost) = part.lost {
                let accounts = (Account::InProcess, Account::ProcessLoss);
                movements.push(self.movement(part, MovementKind::ProcessLoss, accounts, lost));
            }
        }
        for part in &self.made {
            let accounts = (Account::Converted(self.batch.clone()), part.account.clone());
            movements.push(self.movement(part, MovementKind::BatchIn, accounts, part.amount));
        }
        Ok(movements)
    }

    fn balanced(&self) -> Result<(), Refusal> {
        let mut sum = Mass::ZERO;
        for part in &self.used {
            let lost = part.lost.map_or(0, Amount::units);
            let rest = part.amount.units().checked_sub(lost).filter(|rest| *rest >= 0);
            let rest = rest.ok_or_else(|| refuse::batch_loss("more is lost than was used"))?;
            sum = sum.and(part.content, rest).ok_or_else(refuse::batch_range)?;
        }
        for part in &self.made {
            sum = sum.and(part.content, -part.amount.units()).ok_or_else(refuse::batch_range)?;
        }
        if sum.over == 0 { Ok(()) } else { Err(refuse::batch_balance(sum.over, sum.under)) }
    }

    fn movement(
        &self,
        part: &ConversionPart,
        kind: MovementKind,
        accounts: (Account, Account),
        amount: Amount,
    ) -> Movement {
        let document = Document::new(DocumentKind::BatchRecord, self.batch.as_str());
        let what = (part.commodity.clone(), part.schedule);
        Movement::new(what, kind, accounts, amount, (self.happened, document), self.signers.clone())
    }
}
