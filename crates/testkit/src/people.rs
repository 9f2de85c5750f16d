//! Invented people and registrations.

use theriac_model::{Address, DeaNumber, Patient, PersonName, Practitioner, Registration};

/// `First Last`, nothing else.
pub fn name(first: &str, last: &str) -> PersonName {
    PersonName { last: last.to_owned(), first: first.to_owned(), middle: None, suffix: None }
}

/// An address that does not exist.
pub fn address(line1: &str) -> Address {
    Address {
        line1: line1.to_owned(),
        line2: None,
        city: "Springfield".to_owned(),
        state: "IL".to_owned(),
        postal: "62701".to_owned(),
    }
}

/// A DEA number with the right check digit: letters and six digits.
///
/// # Panics
/// When the letters or digits make none.
pub fn dea(letters: [u8; 2], six: u32) -> DeaNumber {
    DeaNumber::compose(letters, six).expect("two letters and six digits")
}

/// The registration of the sample practitioner.
pub fn registration() -> Registration {
    Registration::Own(dea(*b"BQ", 246_810))
}

/// The sample practitioner.
pub fn practitioner() -> Practitioner {
    Practitioner {
        name: name("Quinn", "Quillfeather"),
        address: address("12 Example Way"),
        registration: registration(),
        service_id: None,
    }
}

/// The sample patient.
pub fn patient() -> Patient {
    Patient {
        name: name("Pat", "Placeholder"),
        address: address("34 Specimen Street"),
        born: Some(jiff::civil::date(1970, 1, 31)),
    }
}
