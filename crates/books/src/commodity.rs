//! What one set of books is about: a product at a registration.

use std::fmt;
use theriac_model::{DeaNumber, DrugUnit, Ndc};

/// The smallest unit in which a product is counted; never a fraction of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StockUnit {
    /// Tablets, capsules, patches and other single things.
    Piece,
    /// Microlitres, for liquids.
    Microlitre,
    /// Micrograms, for powders.
    Microgram,
}

impl StockUnit {
    /// All units.
    pub const ALL: [Self; 3] = [Self::Piece, Self::Microlitre, Self::Microgram];

    /// The unit in which a drug measured in `unit` is kept.
    pub const fn of(unit: &DrugUnit) -> Self {
        match unit {
            DrugUnit::Millilitre => Self::Microlitre,
            DrugUnit::Gram => Self::Microgram,
            _ => Self::Piece,
        }
    }

    /// The word in records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Piece => "piece",
            Self::Microlitre => "microlitre",
            Self::Microgram => "microgram",
        }
    }

    /// An amount of smallest units as people say it: `180 dosage units`, `7.5 mL`, `1.5 g`.
    pub fn in_words(self, units: i64) -> String {
        let (factor, places, name) = match self {
            Self::Piece => (1_u64, 0, if units.unsigned_abs() == 1 { "dosage unit" } else { "dosage units" }),
            Self::Microlitre => (1_000, 3, "mL"),
            Self::Microgram => (1_000_000, 6, "g"),
        };
        let (whole, rest) = (units.unsigned_abs() / factor, units.unsigned_abs() % factor);
        let sign = if units < 0 { "-" } else { "" };
        if rest == 0 {
            return format!("{sign}{whole} {name}");
        }
        let digits = format!("{rest:0places$}");
        format!("{sign}{whole}.{} {name}", digits.trim_end_matches('0'))
    }

    /// Reads a word of [`StockUnit::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.word() == word)
    }
}

impl fmt::Display for StockUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One product at one registration: what one stream of stock events is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Commodity {
    /// The registration whose stock it is.
    pub registration: DeaNumber,
    /// The product.
    pub ndc: Ndc,
    /// In what it is counted.
    pub unit: StockUnit,
}

impl Commodity {
    /// The name of the event stream: `stock/AB1234563/00406055201`.
    pub fn stream(&self) -> String {
        format!("stock/{}/{}", self.registration, self.ndc)
    }
}

impl fmt::Display for Commodity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NDC {} at {}, in {}s", self.ndc, self.registration, self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_drug_is_kept_in_its_smallest_unit() {
        for (unit, kept) in [
            (DrugUnit::Tablet, StockUnit::Piece),
            (DrugUnit::Patch, StockUnit::Piece),
            (DrugUnit::Millilitre, StockUnit::Microlitre),
            (DrugUnit::Gram, StockUnit::Microgram),
        ] {
            assert_eq!(StockUnit::of(&unit), kept, "{unit}");
        }
        for unit in StockUnit::ALL {
            assert_eq!(StockUnit::parse(unit.word()), Some(unit));
        }
        assert_eq!(StockUnit::parse("tablet"), None);
    }
}
