//! The five schedules of 21 U.S.C. 812.

use std::fmt;

/// The schedule of a controlled substance. Ordered as numbered: `I < II`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Schedule {
    /// No accepted medical use; never prescribed.
    I,
    /// Highest control of what may be prescribed.
    II,
    /// Five refills in six months.
    III,
    /// Five refills in six months.
    IV,
    /// Lowest control.
    V,
}

impl Schedule {
    /// All schedules, in order.
    pub const ALL: [Self; 5] = [Self::I, Self::II, Self::III, Self::IV, Self::V];

    /// `I` to `V`.
    pub const fn roman(self) -> &'static str {
        match self {
            Self::I => "I",
            Self::II => "II",
            Self::III => "III",
            Self::IV => "IV",
            Self::V => "V",
        }
    }

    /// Reads `II`, `CII`, `C-II` or `2`, in any case; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_prefix("C-").or_else(|| text.strip_prefix('C')).unwrap_or(&text);
        match text {
            "I" | "1" => Some(Self::I),
            "II" | "2" => Some(Self::II),
            "III" | "3" => Some(Self::III),
            "IV" | "4" => Some(Self::IV),
            "V" | "5" => Some(Self::V),
            _ => None,
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.roman())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_read_in_the_forms_people_write() {
        for (text, schedule) in
            [("II", Schedule::II), ("CII", Schedule::II), ("c-iv", Schedule::IV), (" 5 ", Schedule::V)]
        {
            assert_eq!(Schedule::parse(text), Some(schedule), "{text}");
        }
        for text in ["", "C", "VI", "CC", "none"] {
            assert_eq!(Schedule::parse(text), None, "{text}");
        }
    }
}
