//! Transactions that manufacturers and distributors report to DEA (ARCOS), as they were published: a table with a header,
//! tabs between the columns, one transaction a line.
//!
//! Columns are found by their names; those that are not needed may be absent, and others stand between them. Every line
//! that cannot be read is answered with a refusal that names line and column, and the lines after it are read all the same.

mod read;

pub use read::{BadLine, Reader};

use jiff::civil::Date;
use theriac_model::{DeaNumber, Ndc};

/// What a reporter says happened, seen from the reporter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `S`: sold or otherwise given to the other registrant.
    Sale,
    /// `P`: bought or otherwise received from it.
    Purchase,
    /// `R`: came back from it.
    Return,
    /// `X`: lost on the way to it.
    LostInTransit,
    /// Any other code: manufacture, destruction, theft, samples.
    Other(char),
}

impl Kind {
    /// The kind with this letter.
    pub const fn of(letter: char) -> Self {
        match letter {
            'S' => Self::Sale,
            'P' => Self::Purchase,
            'R' => Self::Return,
            'X' => Self::LostInTransit,
            other => Self::Other(other),
        }
    }
}

/// What becomes of an earlier report of the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Blank: a first report.
    First,
    /// `I`: a report that came late.
    Late,
    /// `A`: it replaces an earlier one.
    Adjusted,
    /// `D`: it takes an earlier one back.
    Deleted,
}

/// In what the drug is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Tablets and other single doses.
    Tablet,
    /// Millilitres.
    Millilitre,
    /// Grams.
    Gram,
}

/// One reported transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Its line in the file, from 1; the header is line 1.
    pub line: u64,
    /// Who reports.
    pub reporter: DeaNumber,
    /// The reporter's name.
    pub reporter_name: String,
    /// The registrant on the other side.
    pub other: DeaNumber,
    /// Its name.
    pub other_name: String,
    /// What happened.
    pub kind: Kind,
    /// What becomes of an earlier report.
    pub action: Action,
    /// The product.
    pub ndc: Ndc,
    /// The product's name as reported.
    pub product: String,
    /// Packages; one for a package that is not full.
    pub packages: u32,
    /// Dosage units in all, where the report gives them: fewer than full packages hold when one was opened.
    pub dosage_units: Option<u32>,
    /// In what the drug is measured.
    pub measure: Measure,
    /// The serial number of the order form, or the tracking number of the electronic order.
    pub order: String,
    /// The day of the transaction.
    pub on: Date,
    /// The reporter's number for it: unique for one reporter, product and day only.
    pub id: String,
}
