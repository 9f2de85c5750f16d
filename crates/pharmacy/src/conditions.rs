//! What else bears on a dispensing or a release: the pharmacy's own standing, the monitoring programme, how refills are
//! kept, the label, and who picks up.

use crate::codec::stored::{record, stored_words};
use crate::people::Intern;
use crate::words::words;
use theriac_law::Moment;
use theriac_law::facts::{Monitoring, Pickup, RefillKeeping};
use theriac_law::vocab::{Compliance, Identifier, PickupDocument, Recipient, RefillSystem, Running, Status};

words! {
    /// Whether the drug is new for the patient.
    DrugFor {
        /// It is.
        NewPatient = "new",
        /// The patient had it before.
        KnownPatient = "known",
    }

    /// Where patient and prescriber come from.
    Area {
        /// From the pharmacy's area.
        Within = "within",
        /// One of them from outside.
        Outside = "outside",
    }

    /// When the label gets onto the package.
    LabelStep {
        /// With the filling, by the pharmacist who fills.
        Affixed = "affixed",
        /// Later; nothing is released before.
        Later = "later",
    }

    /// Whether the State lets an intern verify under a pharmacist's supervision.
    Interns {
        /// It does.
        MayVerify = "may-verify",
        /// It does not, or nothing is on record.
        NotAllowed = "not-allowed",
    }

    /// Whether staff know the person who picks up.
    Acquaintance {
        /// They do.
        Known = "known",
        /// They do not.
        Unknown = "unknown",
    }

    /// An answer.
    Answered {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
    }

    /// Whether the patient still needs an old schedule II prescription.
    StillNeeded {
        /// The pharmacist determined that.
        Determined = "determined",
        /// Nobody asked.
        NotAsked = "not-asked",
    }
}

/// The pharmacy's own standing at the moment of the act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Premises {
    /// Whether its application meets part 1311 (audit, archive, backup and audit trail are in order).
    pub application: Compliance,
    /// Its registration.
    pub registration: Status,
    /// What the State lets interns do.
    pub interns: Interns,
}

impl Default for Premises {
    fn default() -> Self {
        Self { application: Compliance::Compliant, registration: Status::Valid, interns: Interns::NotAllowed }
    }
}

/// A look into the monitoring programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// When.
    pub at: Moment,
    /// What came of it.
    pub found: String,
}

/// What the monitoring programme was asked, and when a State may ask for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitoringCheck {
    /// The look, where one was had.
    pub look: Option<Look>,
    /// Whether the drug is new for the patient.
    pub drug: DrugFor,
    /// Where they come from.
    pub area: Area,
}

impl MonitoringCheck {
    pub(crate) fn facts(&self) -> Monitoring {
        Monitoring {
            checked: self.look.is_some(),
            new_drug: self.drug == DrugFor::NewPatient,
            outside_area: self.area == Area::Outside,
        }
    }
}

/// How the pharmacy keeps its refill information (21 CFR 1306.22(f), (g), (h)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// The system chosen for paper, fax and oral originals.
    pub chosen: RefillSystem,
    /// The system in which this refill is entered; `None` for the right one.
    pub entered: Option<RefillSystem>,
    /// Sheets of outages on which a refill of this prescription may stand, and of which nobody said what became of them.
    pub unentered: u64,
}

impl Keeping {
    pub(crate) fn facts(self) -> RefillKeeping {
        let Self { chosen, entered, unentered } = self;
        RefillKeeping { chosen, entered, running: Running::Up, unentered }
    }
}

/// What else bears on a dispensing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conditions {
    /// The pharmacy's standing.
    pub premises: Premises,
    /// The monitoring programme, where somebody considered it.
    pub monitoring: Option<MonitoringCheck>,
    /// How refills are kept, where the shell knows.
    pub keeping: Option<Keeping>,
    /// The label.
    pub label: LabelStep,
    /// The intern who verifies in the pharmacist's place; the pharmacist of the supply supervises.
    pub intern: Option<Intern>,
}

impl Default for Conditions {
    fn default() -> Self {
        Self { premises: Premises::default(), monitoring: None, keeping: None, label: LabelStep::Affixed, intern: None }
    }
}

/// What the pharmacist knows before dispensing (Manual 2010, appendix D).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownChecks {
    /// The prescriber and the signature are known.
    pub prescriber: Answered,
    /// The prescriber's registration number is known.
    pub registration: Answered,
    /// The patient is known.
    pub patient: Answered,
    /// The date of the prescription is within reason.
    pub date: Answered,
}

/// Who picks up, as far as it was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Whether staff know the person.
    pub acquaintance: Acquaintance,
    /// The document shown.
    pub document: Option<PickupDocument>,
    /// The last digits of its number; never the whole.
    pub last_digits: Option<String>,
    /// What was compared with the record and agrees.
    pub matching: Vec<Identifier>,
    /// What was compared and differs.
    pub differing: Vec<Identifier>,
}

impl Identity {
    /// A person whom staff know.
    pub const fn known() -> Self {
        let (document, last_digits) = (None, None);
        let acquaintance = Acquaintance::Known;
        Self { acquaintance, document, last_digits, matching: Vec::new(), differing: Vec::new() }
    }

    pub(crate) fn facts(&self) -> Pickup {
        Pickup {
            known: self.acquaintance == Acquaintance::Known,
            document: self.document,
            matching: self.matching.clone(),
            differing: self.differing.clone(),
        }
    }
}

/// What the record keeps of a release beside who took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// How the person stands to the patient.
    pub to: Recipient,
    /// How it was handed over.
    pub by_way: theriac_law::vocab::Delivery,
    /// Who the person is.
    pub identity: Option<Identity>,
}

stored_words! { LabelStep Acquaintance Answered StillNeeded PickupDocument Identifier Recipient RefillSystem }

record! {
    Look { "at" at, "found" found, }
    KnownChecks { "prescriber" prescriber, "registration" registration, "patient" patient, "date" date, }
    Identity {
        "acquaintance" acquaintance, "document" document, "last-digits" last_digits, "matching" matching,
        "differing" differing,
    }
    Handed { "to" to, "by-way" by_way, "identity" identity, }
}
