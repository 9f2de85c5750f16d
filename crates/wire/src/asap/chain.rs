//! New, revised and void records of one dispensing, in their order.

use super::refusal;
use super::report::{Dispensed, Status};
use jiff::civil::Date;
use std::collections::HashMap;
use theriac_model::Refusal;

/// What makes a programme take two records for one dispensing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The prescription's serial number.
    pub number: String,
    /// The filling, 0 for the first.
    pub fill: u16,
    /// Which part of it, 0 for the whole.
    pub part: u8,
    /// When it was filled.
    pub filled: Date,
}

impl Key {
    /// The key of a record.
    pub fn of(record: &Dispensed) -> Self {
        Self { number: record.number.clone(), fill: record.fill, part: record.part, filled: record.filled }
    }
}

/// What a programme has been told by one pharmacy.
#[derive(Clone, Debug, Default)]
pub struct Sent(HashMap<Key, Status>);

impl Sent {
    /// Notes a record that was sent.
    ///
    /// # Errors
    /// `WIRE-ASAP-CHAIN`: a revision or a void of what the programme does not hold, or news that it holds already. Nothing
    /// is noted then.
    pub fn note(&mut self, record: &Dispensed) -> Result<(), Refusal> {
        let key = Key::of(record);
        let held = self.0.get(&key).is_some_and(|status| *status != Status::Void);
        let (what, next) = match (record.status, held) {
            (Status::New, false) | (Status::Revise | Status::Void, true) => {
                self.0.insert(key, record.status);
                return Ok(());
            }
            (Status::New, true) => ("was reported already", "report a revision"),
            (Status::Revise, false) => ("is revised, and the programme does not hold it", "report it as new"),
            (Status::Void, false) => ("is voided, and the programme does not hold it", "leave it out"),
        };
        let what = format!("filling {} of prescription {} {what}", record.fill, record.number);
        Err(refusal("WIRE-ASAP-CHAIN", what, next).about("DSP01"))
    }
}
