//! What commands need from the face of a prescription, read once from its contents.

use jiff::civil::Date;
use theriac_model::{
    CanonicalContents, Decimal, DrugUnit, Element, Ndc, NotAQuantity, Quantity, Registration, Schedule,
};

/// The figures and dates on the face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// The day of issue.
    pub issued: Date,
    /// The quantity prescribed.
    pub quantity: Quantity,
    /// Refills written on it.
    pub refills: u16,
    /// Not to be filled before.
    pub earliest_fill: Option<Date>,
    /// Days of supply, where stated.
    pub days_supply: Option<u16>,
    /// The product that was chosen, where one was.
    pub ndc: Option<Ndc>,
    /// The practitioner's registration.
    pub registration: Registration,
    /// The schedule on the day of receipt.
    pub schedule: Schedule,
}

impl Face {
    /// Reads the face; `None` when a date, the quantity or the registration is absent or cannot be used.
    pub fn read(contents: &CanonicalContents, schedule: Schedule) -> Option<Self> {
        let date = |element: Element| contents.get(element).and_then(|text| text.parse().ok());
        let count = |element: Element| contents.get(element).and_then(|text| text.parse().ok());
        Some(Self {
            issued: date(Element::Issued)?,
            quantity: quantity(contents)?.ok()?,
            refills: count(Element::Refills).unwrap_or(0),
            earliest_fill: date(Element::EarliestFill),
            days_supply: count(Element::DaysSupply),
            ndc: contents.get(Element::DrugNdc).and_then(|text| Ndc::parse(text).ok()),
            registration: contents.registration()?,
            schedule,
        })
    }

    /// The whole amount the face authorises with `added` further refills, in smallest units.
    pub fn authorised(&self, added: u32) -> i64 {
        let fillings = 1 + i64::from(self.refills) + i64::from(added);
        self.quantity.smallest_units().saturating_mul(fillings)
    }
}

/// The quantity on the face; `None` when number or unit is absent.
pub(crate) fn quantity(contents: &CanonicalContents) -> Option<Result<Quantity, NotAQuantity>> {
    let value = Decimal::parse(contents.get(Element::QuantityValue)?).ok()?;
    Some(Quantity::new(value, DrugUnit::read(contents.get(Element::QuantityUnit)?)))
}

/// `units` smallest units as a quantity of `unit`; `None` for zero or less.
pub(crate) fn of_smallest_units(units: i64, unit: &DrugUnit) -> Option<Quantity> {
    let places = usize::from(unit.book_places());
    let digits = format!("{:0>width$}", u64::try_from(units).ok()?, width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let text = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    Quantity::new(Decimal::parse(&text).ok()?, unit.clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smallest_units_are_the_same_quantity_again() {
        for (units, unit, text) in [
            (30, DrugUnit::Tablet, "30 tablet"),
            (7500, DrugUnit::Millilitre, "7.5 mL"),
            (1, DrugUnit::Millilitre, "0.001 mL"),
            (1_000_000, DrugUnit::Gram, "1 g"),
        ] {
            let quantity = of_smallest_units(units, &unit).expect(text);
            assert_eq!(quantity.to_string(), text);
            assert_eq!(quantity.smallest_units(), units);
        }
        assert_eq!(of_smallest_units(0, &DrugUnit::Tablet), None);
        assert_eq!(of_smallest_units(-1, &DrugUnit::Tablet), None);
    }
}
