//! The contents of a prescription: what 21 CFR 1306.05 and 1311 require it to bear.

use crate::drug::Drug;
use crate::ids::Registration;
use crate::quantity::Quantity;
use crate::service::ServiceId;
use jiff::Timestamp;
use jiff::civil::Date;

/// A person's full name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName {
    /// Family name; never empty in complete contents.
    pub last: String,
    /// Given name; never empty in complete contents.
    pub first: String,
    /// Middle name or initial.
    pub middle: Option<String>,
    /// `Jr`, `MD`.
    pub suffix: Option<String>,
}

impl PersonName {
    /// `First Middle Last, Suffix` as people write it.
    pub fn full(&self) -> String {
        let mut text = self.first.clone();
        for part in [self.middle.as_deref(), Some(self.last.as_str())].into_iter().flatten() {
            text.push(' ');
            text.push_str(part);
        }
        if let Some(suffix) = &self.suffix {
            text.push_str(", ");
            text.push_str(suffix);
        }
        text
    }
}

/// A postal address in the United States.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Number and street.
    pub line1: String,
    /// Suite, apartment.
    pub line2: Option<String>,
    /// City.
    pub city: String,
    /// Two-letter abbreviation.
    pub state: String,
    /// ZIP code, with or without the four added digits.
    pub postal: String,
}

impl Address {
    /// The address on one line.
    pub fn one_line(&self) -> String {
        let line2 = self.line2.as_deref().map(|line| format!(", {line}")).unwrap_or_default();
        format!("{}{line2}, {}, {} {}", self.line1, self.city, self.state, self.postal)
    }
}

/// The patient, as far as the prescription must name one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient {
    /// Full name.
    pub name: PersonName,
    /// Full address.
    pub address: Address,
    /// Date of birth; not required by 1306.05, carried by messages to tell patients apart.
    pub born: Option<Date>,
}

/// The issuing practitioner, as far as the prescription must name one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practitioner {
    /// Full name.
    pub name: PersonName,
    /// Address of the registered location.
    pub address: Address,
    /// Registration number, with an internal code where an institution's is used.
    pub registration: Registration,
    /// Service identification number of an official who prescribes without a registration.
    pub service_id: Option<ServiceId>,
}

/// Everything a controlled-substance prescription must bear, complete.
///
/// `signed_at` is the instant of signing (2008: 1311.115(b)(5)); `issued` the day it is dated as of, in the practitioner's
/// time zone; 1306.05(a) wants them to be the same day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The day of issue.
    pub issued: Date,
    /// The instant of signing.
    pub signed_at: Timestamp,
    /// Whom it is for.
    pub patient: Patient,
    /// Who issues it.
    pub practitioner: Practitioner,
    /// What is prescribed.
    pub drug: Drug,
    /// How much.
    pub quantity: Quantity,
    /// Directions for use.
    pub directions: String,
    /// Refills authorised beyond the first filling.
    pub refills: u16,
    /// Earliest date on which it may be filled (21 CFR 1306.12(b)).
    pub earliest_fill: Option<Date>,
    /// Days the quantity lasts, where stated.
    pub days_supply: Option<u16>,
    /// Remarks on the face, such as the medical need for gamma-hydroxybutyric acid (1306.05(c) of 2008, 1306.05(d) today).
    pub note: Option<String>,
}

/// A required element that a prescription does not bear, or bears in a form that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The element.
    pub element: crate::canonical::Element,
    /// `None` when absent; otherwise why the text found there does not serve.
    pub problem: Option<String>,
}
