//! Sample prescription contents.

use crate::clock::now;
use crate::people::{patient, practitioner};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use theriac_model::{Contents, Decimal, Drug, DrugUnit, Quantity, Schedule};

/// Thirty tablets of a drug of `schedule`, issued and signed [`now`], no refills.
///
/// # Panics
/// For schedule I, of which nothing is prescribed.
pub fn sample(schedule: Schedule) -> Contents {
    let (name, strength) = match schedule {
        Schedule::I => panic!("nothing in schedule I is prescribed"),
        Schedule::II => ("Oxycodone hydrochloride", "10 mg"),
        Schedule::III => ("Oxandrolone", "2.5 mg"),
        Schedule::IV => ("Alprazolam", "0.5 mg"),
        Schedule::V => ("Lacosamide", "100 mg"),
    };
    Contents {
        issued: day(now()),
        signed_at: now(),
        patient: patient(),
        practitioner: practitioner(),
        drug: Drug {
            name: name.to_owned(),
            strength: strength.to_owned(),
            form: "Tablet".to_owned(),
            ndc: None,
            schedule: Some(schedule),
        },
        quantity: tablets(30),
        directions: "Take one tablet by mouth twice a day".to_owned(),
        refills: 0,
        earliest_fill: None,
        days_supply: Some(15),
        note: None,
    }
}

/// A number of tablets, more than zero.
///
/// # Panics
/// For zero.
pub fn tablets(count: u32) -> Quantity {
    Quantity::new(Decimal::whole(count), DrugUnit::Tablet).expect("more than zero")
}

fn day(at: Timestamp) -> Date {
    Offset::UTC.to_datetime(at).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_complete_and_survive_their_canonical_form() {
        for schedule in [Schedule::II, Schedule::III, Schedule::IV, Schedule::V] {
            let contents = sample(schedule);
            let canonical = contents.canonical().expect("canonical");
            assert_eq!(canonical.missing(), [], "{schedule}");
            assert_eq!(Contents::from_canonical(&canonical).as_ref(), Ok(&contents), "{schedule}");
        }
    }
}
