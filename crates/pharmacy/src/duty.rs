//! What the law asks to be done later: to-do items with due times.

use crate::people::Person;
use theriac_law::{Moment, When};

/// The duty that holds a prescription whose NDC the drug file does not know; the pharmacy's own, no word of the rulebook.
pub const IDENTIFY_PRODUCT: &str = "identify-product";

/// Something that has to be done, and by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyItem {
    /// Its number within the prescription, counted from 1.
    pub id: u32,
    /// The rulebook's word: `notify-prescriber`.
    pub code: String,
    /// The last moment, or the last day, on which it is done in time; `None` when at once.
    pub due: Option<When>,
    /// Why, in words.
    pub why: String,
}

/// The record that a duty was done: closes it, with time, person and method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyDone {
    /// Which.
    pub id: u32,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Person,
    /// How: `telephone to the practitioner's office`.
    pub how: String,
}
