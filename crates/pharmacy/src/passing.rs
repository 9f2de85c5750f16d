//! What passes between two pharmacies: a prescription by transfer, or to be filled centrally. Each is one body with a format;
//! whoever sends it seals it, and whoever receives it archives it as it came.

use crate::central::Transmission;
use crate::codec::stored::{Stored, bad, body, read_body, record};
use crate::event::BadEvent;
use crate::transfer::{FirstFilled, Pharmacy, TransferData};
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};

impl Stored for FirstFilled {
    fn write(&self) -> Option<Value> {
        match self {
            Self::BySender => Some(json!("sender")),
            Self::At(pharmacy) => pharmacy.write(),
            Self::Unstated => None,
        }
    }

    fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
        match value {
            None => Ok(Self::Unstated),
            Some(Value::String(word)) if word == "sender" => Ok(Self::BySender),
            Some(Value::String(_)) => bad(field, "sender, or a pharmacy"),
            Some(_) => Pharmacy::read(value, field).map(|pharmacy| Self::At(Box::new(pharmacy))),
        }
    }
}

/// Refills dispensed and refills that remain.
impl Stored for (u32, u32) {
    fn write(&self) -> Option<Value> {
        Some(json!([self.0, self.1]))
    }

    fn read(value: Option<&Value>, field: &str) -> Result<Self, BadField> {
        let two = value.and_then(Value::as_array).filter(|items| items.len() == 2);
        let number = |n: usize| two.and_then(|items| items.get(n)).and_then(Value::as_u64);
        let small = |n: usize| number(n).and_then(|number| u32::try_from(number).ok());
        match (small(0), small(1)) {
            (Some(dispensed), Some(remaining)) => Ok((dispensed, remaining)),
            _ => bad(field, "two whole numbers from 0"),
        }
    }
}

record! {
    TransferData {
        "form" form, "contents" contents, "original" original, "first-dispensed" first_dispensed,
        "refills-remaining" refills_remaining, "earlier" earlier, "from" from, "pharmacist" pharmacist,
        "first-filled" first_filled,
    }
    Transmission {
        "retail" retail, "no" no, "contents" contents, "form" form, "schedule" schedule, "which" which,
        "quantity" quantity, "refills" refills, "by" by, "relationship" relationship,
    }
}

/// Bodies that pass between pharmacies.
macro_rules! passed {
    ($($type:ty: $kind:literal;)+) => {$(
        impl $type {
            /// The kind of what passes.
            pub const PASSED: &'static str = $kind;

            /// The body, format 1.
            pub fn to_json(&self) -> Value {
                let mut written = body(self);
                written["format"] = 1.into();
                written
            }

            /// Reads a body written by `to_json`. Members that it does not know are passed over.
            ///
            /// # Errors
            /// [`BadEvent`], naming the format or the member that cannot be read.
            pub fn from_json(written: &Value) -> Result<Self, BadEvent> {
                let read = Reader(written);
                crate::codec::check_format(Self::PASSED, read)?;
                Ok(read_body(read)?)
            }
        }
    )+};
}

passed! {
    TransferData: "transfer";
    Transmission: "central-filling";
}
