//! The file in which a pharmacy reports what it dispensed to a State's prescription monitoring programme.
//!
//! The format is that of the American Society for Automation in Pharmacy, versions 4.2 to 5.0: segments of elements, `*`
//! between elements and one terminator character after each segment, which the header's last element names. Lengths,
//! formats and what is required come from `elements.txt`; what a State asks beyond is a [`Profile`].
//!
//! [`read`] takes any such file apart without judging it, [`check`] lists everything that is wrong with it, each with the
//! segment and element, [`report`] makes one from what was dispensed, and [`Sent`] keeps new, revised and void records in
//! their order. Nothing here decides which dispensings are reported: the pharmacy's core does.

mod chain;
mod check;
mod report;
mod table;
mod text;

pub use chain::{Key, Sent};
pub use check::{Profile, check};
pub use report::{
    Content, Dispensed, Header, Ingredient, Origin, Patient, Person, Pharmacy, Prescriber, Product, Purpose, Status,
    Unit, report,
};
pub use table::{Element, Format, Need, Segment, Spec, Version};
pub use text::{File, Limits, Line, print, read};

use std::borrow::Cow;
use theriac_model::Refusal;

/// Reporting is recommended by DEA and demanded by States; the format's facts are VA's.
const CITE: &str = "Pharmacist's Manual 2010, section IX; VA file 58.4 (ASAP record definition)";

fn refusal(code: &'static str, what: impl Into<Cow<'static, str>>, next: &'static str) -> Refusal {
    Refusal::new(code, CITE, what, next)
}
