//! What somebody asks the archive for.

use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_model::Refusal;

/// The longest text that is looked for, in characters.
const TEXT_CHARS_MAX: usize = 80;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident $word:literal $says:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, clap::ValueEnum)]
        pub(crate) enum $name { $($(#[$of])* #[value(name = $word)] $variant,)* }

        impl $name {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word in addresses, commands and records.
            pub(crate) const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// As people read it.
            pub(crate) const fn says(self) -> &'static str {
                match self { $(Self::$variant => $says,)* }
            }

            pub(crate) fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}

words! {
    /// By what lines are sorted (1304.04(h)(5): the four keys).
    Sort {
        /// Practitioner's last name, then date.
        Prescriber "prescriber" "prescriber",
        /// Patient's last name, then date.
        Patient "patient" "patient",
        /// Drug, then date.
        Drug "drug" "drug",
        /// Date filled; what is not filled by the date it came.
        #[default]
        Date "date" "date filled",
    }
}

words! {
    /// Records that are kept apart (1304.04(h)(1), (3)).
    Group {
        /// All schedules.
        #[default]
        All "all" "II to V",
        /// Schedule II alone.
        Two "ii" "II alone",
        /// Schedules III to V alone.
        ThreeToFive "iii-v" "III to V alone",
    }
}

words! {
    /// Whether dispensings are asked for, or what waits.
    Which {
        /// Both.
        #[default]
        All "all" "everything",
        /// What was dispensed.
        Filled "filled" "what was dispensed",
        /// Prescriptions of which nothing was dispensed.
        Unfilled "unfilled" "of which nothing was dispensed",
    }
}

/// What somebody asks for. What is absent is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ask {
    /// Words of the practitioner's name, or the registration number.
    pub(crate) prescriber: Option<String>,
    /// Words of the patient's name.
    pub(crate) patient: Option<String>,
    /// Words of the drug's name, strength or form.
    pub(crate) drug: Option<String>,
    /// The pharmacy's number of a prescription, whole.
    pub(crate) number: Option<String>,
    /// The first day; of what is not filled, the day on which it came.
    pub(crate) from: Option<Date>,
    /// The last day, inclusive.
    pub(crate) until: Option<Date>,
    pub(crate) group: Group,
    pub(crate) which: Which,
    pub(crate) sort: Sort,
}

impl Ask {
    /// The question, if it can be answered.
    ///
    /// # Errors
    /// `ARCHIVE-PERIOD` for a period that ends before it begins, `ARCHIVE-TEXT` for a text that is too long.
    pub(crate) fn checked(self) -> Result<Self, Refusal> {
        const CITE: &str = "21 CFR 1304.04(h), 1311.205(b)(11); 73 FR 36722, proposed 21 CFR 1311.165(f)";
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until < from
        {
            let what = format!("the period ends on {until}, before it begins on {from}");
            return Err(Refusal::new("ARCHIVE-PERIOD", CITE, what, "exchange the two days").about("until"));
        }
        let texts = [
            ("prescriber", &self.prescriber),
            ("patient", &self.patient),
            ("drug", &self.drug),
            ("number", &self.number),
        ];
        for (field, text) in texts {
            if text.as_ref().is_some_and(|text| text.chars().count() > TEXT_CHARS_MAX || text.contains('\0')) {
                let what = format!("{field} is longer than {TEXT_CHARS_MAX} characters");
                return Err(Refusal::new("ARCHIVE-TEXT", CITE, what, "ask for a part of the name").about(field));
            }
        }
        Ok(self)
    }

    /// As it is recorded.
    pub(crate) fn body(&self) -> Value {
        json!({
            "drug": self.drug,
            "from": self.from.map(|day| day.to_string()),
            "group": self.group.word(),
            "number": self.number,
            "patient": self.patient,
            "prescriber": self.prescriber,
            "sort": self.sort.word(),
            "until": self.until.map(|day| day.to_string()),
            "which": self.which.word(),
        })
    }

    /// In words, for papers and lists: `patient sample, from 2026-03-01, schedules II alone, by date filled`.
    pub(crate) fn in_words(&self) -> String {
        let text = |what: &str, text: &Option<String>| text.as_ref().map(|text| format!("{what} {text}"));
        let parts = [
            text("number", &self.number),
            text("prescriber", &self.prescriber),
            text("patient", &self.patient),
            text("drug", &self.drug),
            self.from.map(|day| format!("from {day}")),
            self.until.map(|day| format!("until {day}")),
            (self.which != Which::All).then(|| self.which.says().to_owned()),
            Some(format!("schedules {}", self.group.says())),
            Some(format!("sorted by {}", self.sort.says())),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}
