//! One filling of a prescription, as its record keeps it.

use crate::codec::stored::record;
use crate::conditions::{Handed, KnownChecks, LabelStep, Look, StillNeeded};
use crate::downtime::OnSheet;
use crate::law_record::LawRecord;
use crate::people::Person;
use theriac_law::Moment;
use theriac_law::vocab::{Basis, Notation};
use theriac_model::{Ndc, Quantity};

/// What a filling is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FillingKind {
    /// The first, in full.
    First,
    /// A refill.
    Refill,
    /// A part.
    Part,
    /// The rest of what was filled in part.
    Remainder,
}

impl FillingKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::First, Self::Refill, Self::Part, Self::Remainder];

    /// The word in records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::First => "fill",
            Self::Refill => "refill",
            Self::Part => "partial-filling",
            Self::Remainder => "remainder",
        }
    }

    /// Reads a word of [`FillingKind::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Whether the pharmacist stated the quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stated {
    /// It was stated.
    Stated,
    /// It was not, so the full face amount is taken to have been dispensed (21 CFR 1306.22(d); 2008: the same).
    Presumed,
}

/// The pharmacist's own decision that the prescription may be dispensed (21 CFR 1306.04(a)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgment {
    /// When; never after the filling.
    pub at: Moment,
    /// Remarks.
    pub note: Option<String>,
    /// For an old schedule II prescription: whether the patient still needs it.
    pub still_needed: StillNeeded,
    /// What the pharmacist knew, where it was answered.
    pub known: Option<KnownChecks>,
    /// What is recorded besides of gamma-hydroxybutyric acid.
    pub ghb: Option<GhbRecord>,
}

/// The further record of gamma-hydroxybutyric acid dispensed on a prescription (21 CFR 1304.26). The practitioner's name and DEA
/// number, and the patient's name and address, stand on the prescription itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GhbRecord {
    /// The practitioner's State number.
    pub state_number: String,
    /// How it was verified that the practitioner may prescribe it.
    pub verified: String,
    /// The patient's insurer, where it is known.
    pub insurer: Option<String>,
}

record! {
    GhbRecord { "state-number" state_number, "verified" verified, "insurer" insurer, }
}

impl Judgment {
    /// A judgment at `at`, without remarks.
    pub const fn new(at: Moment) -> Self {
        Self { at, note: None, still_needed: StillNeeded::NotAsked, known: None, ghb: None }
    }
}

/// Why and how a prescription was filled in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartDetails {
    /// Why.
    pub basis: Basis,
    /// The words on the prescription.
    pub notation: Option<Notation>,
}

/// Where the filled drug is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FillingState {
    /// Waiting for collection.
    Filled,
    /// With the patient.
    HandedOver {
        /// When.
        at: Moment,
        /// By whom.
        by: Person,
        /// Who took it, in words.
        recipient: String,
        /// How the person stands to the patient, and who it is.
        details: Option<Box<Handed>>,
    },
    /// Not collected and put back; counts as not dispensed.
    Returned {
        /// When.
        at: Moment,
        /// By whom.
        by: Person,
        /// Why.
        reason: String,
    },
}

/// One filling. The four items of 2008: 1311.165(e) and those of 21 CFR 1306.22 and 1304.22(c) are all here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filling {
    /// Its number within the prescription, counted from 1.
    pub no: u32,
    /// What it is.
    pub kind: FillingKind,
    /// The quantity dispensed.
    pub quantity: Quantity,
    /// Whether the quantity was stated.
    pub stated: Stated,
    /// When, with the pharmacy's offset.
    pub at: Moment,
    /// The pharmacist, by full name.
    pub pharmacist: Person,
    /// The intern who verified it under that pharmacist.
    pub intern: Option<Person>,
    /// The product scanned.
    pub ndc: Ndc,
    /// Refills allowed on the prescription.
    pub refills_allowed: u32,
    /// What remains of the quantity authorised after this filling, in smallest units.
    pub remaining: i64,
    /// For a part: why.
    pub part: Option<PartDetails>,
    /// The pharmacist's judgment.
    pub judgment: Judgment,
    /// The look into the monitoring programme before it.
    pub monitoring: Option<Look>,
    /// When the label got onto the package.
    pub label: LabelStep,
    /// The transmission, where a central fill pharmacy filled it; then no stock of this pharmacy moves.
    pub central: Option<u32>,
    /// The sheet on which it was documented while the computer was down.
    pub on_sheet: Option<OnSheet>,
    /// The law that let it happen.
    pub law: LawRecord,
    /// Where it is.
    pub state: FillingState,
}

impl Filling {
    /// Who dispensed it, in words: the pharmacist, or the intern and under whom.
    pub fn dispensed_by(&self) -> String {
        let pharmacist = &self.pharmacist.full_name;
        self.intern
            .as_ref()
            .map_or_else(|| pharmacist.clone(), |intern| format!("{} (intern), under {pharmacist}", intern.full_name))
    }

    /// Whether it counts as dispensed: it was not put back.
    pub const fn stands(&self) -> bool {
        !matches!(self.state, FillingState::Returned { .. })
    }
}
