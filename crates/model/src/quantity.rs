//! Amounts of a drug, as prescribed and as counted.

use crate::decimal::Decimal;
use std::borrow::Cow;
use std::fmt;

/// What a quantity counts. Names and NCIt codes: NCPDP subset of the NCI Thesaurus (C89510, QuantityUnitOfMeasure).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DrugUnit {
    /// C48542.
    Tablet,
    /// C48480.
    Capsule,
    /// C48524.
    Patch,
    /// C48539.
    Suppository,
    /// C53499.
    Film,
    /// C48506.
    Lozenge,
    /// C48548.
    Troche,
    /// C48521.
    Packet,
    /// C48504.
    Kit,
    /// C64933.
    Each,
    /// C28254.
    Millilitre,
    /// C48155.
    Gram,
    /// A code of the list that has no name here; kept as it was written.
    Other(String),
}

/// Name, NCIt code and the other spellings read as the same unit.
const UNITS: [(DrugUnit, &str, &str, &[&str]); 12] = [
    (DrugUnit::Tablet, "tablet", "C48542", &["tab", "tablets", "tabs"]),
    (DrugUnit::Capsule, "capsule", "C48480", &["cap", "capsules", "caps"]),
    (DrugUnit::Patch, "patch", "C48524", &["patches"]),
    (DrugUnit::Suppository, "suppository", "C48539", &["suppositories"]),
    (DrugUnit::Film, "film", "C53499", &["films"]),
    (DrugUnit::Lozenge, "lozenge", "C48506", &["lozenges"]),
    (DrugUnit::Troche, "troche", "C48548", &["troches"]),
    (DrugUnit::Packet, "packet", "C48521", &["packets"]),
    (DrugUnit::Kit, "kit", "C48504", &["kits"]),
    (DrugUnit::Each, "each", "C64933", &["ea"]),
    (DrugUnit::Millilitre, "mL", "C28254", &["milliliter", "milliliters", "millilitre"]),
    (DrugUnit::Gram, "g", "C48155", &["gram", "grams", "gm"]),
];

impl DrugUnit {
    /// Reads a name or an NCIt code; anything else becomes [`DrugUnit::Other`].
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        for (unit, name, code, others) in &UNITS {
            let same = |other: &str| text.eq_ignore_ascii_case(other);
            if same(name) || same(code) || others.iter().any(|other| same(other)) {
                return unit.clone();
            }
        }
        Self::Other(text.to_owned())
    }

    /// The unit's name in records: `tablet`, `mL`.
    pub fn name(&self) -> Cow<'_, str> {
        self.row().map_or_else(
            || match self {
                Self::Other(text) => Cow::Borrowed(text.as_str()),
                _ => Cow::Borrowed(""),
            },
            |row| Cow::Borrowed(row.1),
        )
    }

    /// The NCIt code used in messages; for [`DrugUnit::Other`] the text itself.
    pub fn code(&self) -> Cow<'_, str> {
        self.row().map_or_else(|| self.name(), |row| Cow::Borrowed(row.2))
    }

    fn row(&self) -> Option<&'static (DrugUnit, &'static str, &'static str, &'static [&'static str])> {
        UNITS.iter().find(|row| row.0 == *self)
    }

    /// Decimal places of the smallest amount the books keep: microlitres for volumes, micrograms for mass, whole units otherwise.
    pub const fn book_places(&self) -> u8 {
        match self {
            Self::Millilitre => 3,
            Self::Gram => 6,
            _ => 0,
        }
    }
}

impl fmt::Display for DrugUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// How much of a drug: a positive exact number of units.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quantity {
    value: Decimal,
    unit: DrugUnit,
}

/// Why a number and a unit are not a quantity of a drug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAQuantity {
    /// Zero.
    #[error("a quantity is more than zero")]
    Zero,
    /// A part of a tablet, or finer than a microlitre or a microgram, or too large to count.
    #[error("this unit cannot be counted in that fraction")]
    Uncountable,
}

impl Quantity {
    /// A quantity the books can count exactly.
    ///
    /// # Errors
    /// [`NotAQuantity::Zero`]; [`NotAQuantity::Uncountable`] for half a tablet and the like.
    pub fn new(value: Decimal, unit: DrugUnit) -> Result<Self, NotAQuantity> {
        if value.is_zero() {
            return Err(NotAQuantity::Zero);
        }
        value.in_fractions(unit.book_places()).ok_or(NotAQuantity::Uncountable)?;
        Ok(Self { value, unit })
    }

    /// The number, as prescribed.
    pub const fn value(&self) -> Decimal {
        self.value
    }

    /// What is counted.
    pub const fn unit(&self) -> &DrugUnit {
        &self.unit
    }

    /// The amount as the books keep it: whole units, microlitres or micrograms. Always more than zero.
    pub fn smallest_units(&self) -> i64 {
        // INVARIANT: `new` has checked that the value fits.
        self.value.in_fractions(self.unit.book_places()).unwrap_or_default()
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(value: &str, unit: DrugUnit) -> Result<i64, NotAQuantity> {
        Quantity::new(Decimal::parse(value).expect("decimal"), unit).map(|q| q.smallest_units())
    }

    #[test]
    fn codes_and_spellings_name_the_same_unit() {
        for text in ["C48542", "c48542", "tablet", "TAB", "Tablets"] {
            assert_eq!(DrugUnit::read(text), DrugUnit::Tablet, "{text}");
        }
        assert_eq!(DrugUnit::read("C120216"), DrugUnit::Other("C120216".to_owned()));
        for (unit, name, code, _) in &UNITS {
            assert_eq!((unit.name().as_ref(), unit.code().as_ref()), (*name, *code));
        }
    }

    #[test]
    fn the_books_count_whole_tablets_microlitres_and_micrograms() {
        assert_eq!(quantity("30", DrugUnit::Tablet), Ok(30));
        assert_eq!(quantity("7.5", DrugUnit::Tablet), Err(NotAQuantity::Uncountable));
        assert_eq!(quantity("7.5", DrugUnit::Millilitre), Ok(7500));
        assert_eq!(quantity("0.001", DrugUnit::Millilitre), Ok(1));
        assert_eq!(quantity("0.0001", DrugUnit::Millilitre), Err(NotAQuantity::Uncountable));
        assert_eq!(quantity("0.000001", DrugUnit::Gram), Ok(1));
        assert_eq!(quantity("0", DrugUnit::Tablet), Err(NotAQuantity::Zero));
    }
}
