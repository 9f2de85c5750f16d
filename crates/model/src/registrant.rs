//! A registration as DEA's registrant data states it: one row of the file that DEA gives to approved applicants.

use crate::{DeaNumber, Schedule};
use jiff::civil::Date;
use std::fmt;

macro_rules! activities {
    ($($(#[$doc:meta])* $name:ident $letters:literal $word:literal;)*) => {
        /// What a registrant is registered to do, by the business activity code (column 10 of DEA's layout).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum BusinessActivity { $($(#[$doc])* $name,)* }

        impl BusinessActivity {
            /// All activities.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The letters that stand for it.
            pub const fn letters(self) -> &'static str {
                match self { $(Self::$name => $letters,)* }
            }

            /// The word used in records: `mid-level`.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

activities! {
    /// Retail pharmacy, with central fill and automated systems as sub-codes.
    Pharmacy "A" "pharmacy";
    /// Hospital or clinic.
    Institution "B" "institution";
    /// Practitioner.
    Practitioner "C" "practitioner";
    /// Teaching institution.
    Teaching "D" "teaching-institution";
    /// Manufacturer.
    Manufacturer "E" "manufacturer";
    /// Distributor.
    Distributor "F" "distributor";
    /// Researcher.
    Researcher "G" "researcher";
    /// Analytical laboratory.
    Laboratory "H" "laboratory";
    /// Importer.
    Importer "J" "importer";
    /// Exporter.
    Exporter "K" "exporter";
    /// Reverse distributor.
    ReverseDistributor "L" "reverse-distributor";
    /// Mid-level practitioner.
    MidLevel "M" "mid-level";
    /// Narcotic treatment program: maintenance, detoxification, compounding, and their combinations.
    TreatmentProgram "NPRSTU" "treatment-program";
    /// Handler of listed chemicals.
    Chemical "WXYZ" "chemical-handler";
}

impl BusinessActivity {
    /// The activity of a code letter; `None` for a letter that is not in use.
    pub fn of(letter: char) -> Option<Self> {
        Self::ALL.iter().copied().find(|activity| activity.letters().contains(letter))
    }

    /// The activity with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|activity| activity.word() == word)
    }

    /// Whether a person prescribes under such a registration of their own.
    pub const fn prescribes(self) -> bool {
        matches!(self, Self::Practitioner | Self::MidLevel)
    }

    /// Whether practitioners may prescribe under such a registration of an institution (21 CFR 1301.22(c)).
    pub const fn lends_its_number(self) -> bool {
        matches!(self, Self::Institution | Self::Teaching)
    }
}

/// The schedules of a registration. Schedules II and III each have two halves: `2` and `3` stand for the narcotic
/// substances, `2N` and `3N` for the others.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct DrugSchedules(u8);

/// Each half with its text in the file, in the file's order.
const HALVES: [(&str, Schedule, u8); 7] = [
    ("1", Schedule::I, 1),
    ("2", Schedule::II, 2),
    ("2N", Schedule::II, 4),
    ("3", Schedule::III, 8),
    ("3N", Schedule::III, 16),
    ("4", Schedule::IV, 32),
    ("5", Schedule::V, 64),
];

impl DrugSchedules {
    /// No schedule.
    pub const NONE: Self = Self(0);
    /// What most practitioners have: II to V, narcotic and other.
    pub const II_TO_V: Self = Self(126);

    /// Reads the sixteen positions of the file, such as `22N 33N 4 5` (spaces mean nothing). `L1`, a handler's list I
    /// chemicals, stands for no schedule. `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let mut found = 0;
        let mut rest = text.trim();
        while !rest.is_empty() {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix("L1") {
                rest = after;
                continue;
            }
            // The longer text first: `2N` before `2`.
            let (length, _, bit) = HALVES
                .iter()
                .rev()
                .filter(|(text, ..)| rest.starts_with(text))
                .max_by_key(|(text, ..)| text.len())
                .map(|(text, schedule, bit)| (text.len(), schedule, bit))?;
            found |= bit;
            rest = &rest[length..];
        }
        Some(Self(found))
    }

    /// The schedules of which every half is covered.
    pub fn whole(self) -> Vec<Schedule> {
        let covered =
            |schedule| HALVES.iter().filter(|(_, of, _)| *of == schedule).all(|(_, _, bit)| self.0 & bit != 0);
        Schedule::ALL.into_iter().filter(|&schedule| covered(schedule)).collect()
    }

    /// The schedules of which one half only is covered: `2N` without `2`, and the like.
    pub fn in_part(self) -> Vec<Schedule> {
        let some = |schedule| HALVES.iter().any(|(_, of, bit)| *of == schedule && self.0 & bit != 0);
        let whole = self.whole();
        Schedule::ALL.into_iter().filter(|schedule| some(*schedule) && !whole.contains(schedule)).collect()
    }
}

impl fmt::Display for DrugSchedules {
    /// As the file writes it: `22N 33N 4 5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = None;
        for (text, schedule, bit) in HALVES {
            if self.0 & bit != 0 {
                if last.is_some_and(|last| last != schedule) {
                    f.write_str(" ")?;
                }
                f.write_str(text)?;
                last = Some(schedule);
            }
        }
        Ok(())
    }
}

impl fmt::Debug for DrugSchedules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DrugSchedules({self})")
    }
}

/// How a registration stands by the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegistrantStatus {
    /// In use.
    Active,
    /// Ended, without a word why.
    Inactive,
    /// The registrant retired.
    Retired,
    /// Given up.
    Surrendered,
    /// Suspended.
    Suspended,
    /// Revoked.
    Revoked,
}

impl RegistrantStatus {
    const WORDS: [(Self, &'static str); 6] = [
        (Self::Active, "active"),
        (Self::Inactive, "inactive"),
        (Self::Retired, "retired"),
        (Self::Surrendered, "surrendered"),
        (Self::Suspended, "suspended"),
        (Self::Revoked, "revoked"),
    ];

    /// The word used in records.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// The status with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|row| row.1 == word).map(|row| row.0)
    }
}

impl fmt::Display for RegistrantStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One row of the registrant data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrantRow {
    /// The registration.
    pub number: DeaNumber,
    /// What it is for.
    pub activity: BusinessActivity,
    /// The sub-code of the activity, where one is given.
    pub sub_code: Option<char>,
    /// Schedules it covers.
    pub schedules: DrugSchedules,
    /// The last day on which it is valid.
    pub expires: Date,
    /// How it stands.
    pub status: RegistrantStatus,
    /// The registrant's name, last name first for a person.
    pub name: String,
    /// More of the name: a company, a department.
    pub company: String,
    /// First line of the registered address.
    pub line_1: String,
    /// Second line of the registered address.
    pub line_2: String,
    /// City.
    pub city: String,
    /// State, two letters.
    pub state: String,
    /// ZIP, five digits.
    pub zip: String,
}

impl RegistrantRow {
    /// The registered address in one line.
    pub fn address(&self) -> String {
        let parts = [&self.line_1, &self.line_2, &self.city, &self.state, &self.zip];
        parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, whole: &[Schedule], in_part: &[Schedule]) {
        let read = DrugSchedules::parse(text).unwrap_or_else(|| panic!("{text:?} is read"));
        assert_eq!((read.whole().as_slice(), read.in_part().as_slice()), (whole, in_part), "{text:?}");
        assert_eq!(DrugSchedules::parse(&read.to_string()), Some(read), "{text:?}");
    }

    #[test]
    fn a_schedule_is_covered_when_its_narcotic_and_its_other_half_are() {
        use Schedule::{I, II, III, IV, V};
        check("22N 33N 4 5     ", &[II, III, IV, V], &[]);
        check("22N33N45", &[II, III, IV, V], &[]);
        check("2N 3N 4 5", &[IV, V], &[II, III]);
        check("2 33N", &[III], &[II]);
        check("1", &[I], &[]);
        check("", &[], &[]);
        check("L1", &[], &[]);
        for text in ["6", "2X", "N", "0", "22N x", "é"] {
            assert_eq!(DrugSchedules::parse(text), None, "{text:?}");
        }
        assert_eq!(DrugSchedules::II_TO_V.to_string(), "22N 33N 4 5");
    }

    #[test]
    fn every_activity_is_found_by_its_letters_and_its_word() {
        for &activity in BusinessActivity::ALL {
            assert_eq!(BusinessActivity::parse(activity.word()), Some(activity));
            for letter in activity.letters().chars() {
                assert_eq!(BusinessActivity::of(letter), Some(activity));
            }
        }
        assert_eq!(BusinessActivity::of('I'), None);
        assert_eq!(BusinessActivity::of('c'), None);
    }
}
