//! The invented people, places and drugs of the demonstration. DEA numbers have right check digits and belong to nobody.

use theriac_model::{Address, DeaNumber, DrugUnit, PersonName, Schedule};

/// A person of the demonstration.
pub(crate) struct Person {
    pub(crate) id: &'static str,
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) what: &'static str,
}

pub(crate) const OPERATOR: Person =
    Person { id: "ola", first: "Ola", last: "Operator", what: "operator of the deployment" };
pub(crate) const FIRST_CONTROLLER: Person =
    Person { id: "ada", first: "Ada", last: "Accession", what: "access controller" };
pub(crate) const SECOND_CONTROLLER: Person =
    Person { id: "ben", first: "Ben", last: "Barrier", what: "access controller and registrant" };
pub(crate) const PRACTITIONER: Person = Person { id: "brook", first: "Alex", last: "Brook", what: "practitioner" };
pub(crate) const LAPSED: Person =
    Person { id: "lapham", first: "Lee", last: "Lapham", what: "practitioner whose registration ran out" };
pub(crate) const NEWCOMER: Person =
    Person { id: "novak", first: "Noa", last: "Novak", what: "practitioner, not enrolled yet" };
pub(crate) const AGENT: Person = Person { id: "quill", first: "Quinn", last: "Quill", what: "agent of the practice" };
pub(crate) const PHARMACIST: Person = Person { id: "fern", first: "Fern", last: "Farmer", what: "pharmacist" };
pub(crate) const TECHNICIAN: Person = Person { id: "tess", first: "Tess", last: "Tally", what: "pharmacy technician" };

pub(crate) const INSPECTOR: Person =
    Person { id: "iris", first: "Iris", last: "Inquest", what: "inspector, reads only" };

pub(crate) const ALL: [&Person; 10] = [
    &OPERATOR,
    &FIRST_CONTROLLER,
    &SECOND_CONTROLLER,
    &PRACTITIONER,
    &LAPSED,
    &NEWCOMER,
    &AGENT,
    &PHARMACIST,
    &TECHNICIAN,
    &INSPECTOR,
];

/// NCPDP identifier of the pharmacy in the demonstration.
pub(crate) const PHARMACY_NCPDP: &str = "9999999";
/// Network identifier of the practice.
pub(crate) const PRACTICE_ID: &str = "9999000000017";

fn number(letters: [u8; 2], six: u32) -> DeaNumber {
    // INVARIANT: the letters and numbers used below compose; a test walks them all.
    DeaNumber::compose(letters, six).unwrap_or_else(|| unreachable!("composed from constants"))
}

/// The practitioner's registration.
pub(crate) fn practitioner_number() -> DeaNumber {
    number(*b"FB", 4_711)
}

/// The registration that has run out.
pub(crate) fn lapsed_number() -> DeaNumber {
    number(*b"FL", 990)
}

/// The registration of a practitioner who is not enrolled yet.
pub(crate) fn newcomer_number() -> DeaNumber {
    number(*b"FN", 2_718)
}

/// A hospital's registration, which lends its number with internal codes.
pub(crate) fn hospital_number() -> DeaNumber {
    number(*b"FH", 42_042)
}

/// The second access controller's own registration.
pub(crate) fn controller_number() -> DeaNumber {
    number(*b"FB", 815)
}

/// The pharmacy's registration.
pub(crate) fn pharmacy_number() -> DeaNumber {
    number(*b"FF", 123_123)
}

/// A supplier's registration.
pub(crate) fn supplier_number() -> DeaNumber {
    number(*b"RS", 606_060)
}

pub(crate) fn name(person: &Person) -> PersonName {
    PersonName { last: person.last.into(), first: person.first.into(), middle: None, suffix: None }
}

pub(crate) fn practice_address() -> Address {
    Address {
        line1: "20 Example Street".into(),
        line2: Some("Suite 3".into()),
        city: "Tucson".into(),
        state: "AZ".into(),
        postal: "85702".into(),
    }
}

/// A patient of the demonstration.
pub(crate) struct Patient {
    pub(crate) id: &'static str,
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) born: &'static str,
    pub(crate) street: &'static str,
}

pub(crate) const PATIENTS: [Patient; 4] = [
    Patient { id: "p-1", first: "Pat", last: "Sample", born: "1961-05-17", street: "1 Invented Way" },
    Patient { id: "p-2", first: "Robin", last: "Example", born: "1984-02-29", street: "77 Nowhere Lane" },
    Patient { id: "p-3", first: "Sasha", last: "Placeholder", born: "2001-11-03", street: "5 Fiction Court" },
    Patient { id: "p-4", first: "Kim", last: "Specimen", born: "1949-08-30", street: "12 Made-up Road" },
];

pub(crate) fn patient_address(patient: &Patient) -> Address {
    Address {
        line1: patient.street.into(),
        line2: None,
        city: "Tucson".into(),
        state: "AZ".into(),
        postal: "85701".into(),
    }
}

/// A product of the small drug file. The labeler 99999 belongs to nobody; schedules are those of 21 CFR part 1308.
pub(crate) struct Product {
    pub(crate) ndc: &'static str,
    pub(crate) name: &'static str,
    pub(crate) strength: &'static str,
    pub(crate) form: &'static str,
    pub(crate) unit: DrugUnit,
    pub(crate) schedule: Schedule,
    /// Packages in stock at the start, and units in one.
    pub(crate) stock: (i64, i64),
}

pub(crate) const OXYCODONE: Product = Product {
    ndc: "99999010101",
    name: "Oxycodone hydrochloride",
    strength: "10 mg",
    form: "Tablet",
    unit: DrugUnit::Tablet,
    schedule: Schedule::II,
    stock: (3, 100),
};
pub(crate) const METHYLPHENIDATE: Product = Product {
    ndc: "99999010201",
    name: "Methylphenidate hydrochloride",
    strength: "20 mg",
    form: "Tablet",
    unit: DrugUnit::Tablet,
    schedule: Schedule::II,
    stock: (2, 20),
};
pub(crate) const CODEINE_APAP: Product = Product {
    ndc: "99999020101",
    name: "Acetaminophen and codeine phosphate",
    strength: "300-30 mg",
    form: "Tablet",
    unit: DrugUnit::Tablet,
    schedule: Schedule::III,
    stock: (4, 100),
};
pub(crate) const ALPRAZOLAM: Product = Product {
    ndc: "99999030101",
    name: "Alprazolam",
    strength: "0.5 mg",
    form: "Tablet",
    unit: DrugUnit::Tablet,
    schedule: Schedule::IV,
    stock: (2, 100),
};
pub(crate) const COUGH_SYRUP: Product = Product {
    ndc: "99999040101",
    name: "Guaifenesin and codeine phosphate",
    strength: "100-10 mg/5 mL",
    form: "Syrup",
    unit: DrugUnit::Millilitre,
    schedule: Schedule::V,
    stock: (2, 473_000),
};

pub(crate) const DRUG_FILE: [&Product; 5] = [&OXYCODONE, &METHYLPHENIDATE, &CODEINE_APAP, &ALPRAZOLAM, &COUGH_SYRUP];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_the_cast_composes() {
        for number in [
            practitioner_number(),
            lapsed_number(),
            newcomer_number(),
            hospital_number(),
            controller_number(),
            pharmacy_number(),
            supplier_number(),
        ] {
            assert_eq!(DeaNumber::parse(number.as_str()), Ok(number));
        }
        for product in DRUG_FILE {
            assert!(theriac_model::Ndc::parse(product.ndc).is_ok(), "{}", product.name);
        }
    }
}
