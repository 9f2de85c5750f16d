//! Facts about red flags, monitoring programmes, identification at the counter and limits of supply.

use crate::read::block;
use crate::vocab::{
    DrugClass, Flag, ForgerySign, Grounds, Identifier, Payment, PickupDocument, ProfileItem, Specialty, Staff,
    StaffNoteKind,
};
use crate::when::When;

block! {
    /// What a member of staff saw or heard.
    StaffNote
    required {
        /// Of what kind.
        kind: StaffNoteKind,
        /// Who wrote it.
        author: String,
        /// When.
        at: When,
    }
    stated {}
}

block! {
    /// What became of a flag.
    Resolution
    required {
        /// The flag.
        flag: Flag,
        /// Who decided.
        by: Staff,
    }
    stated {
        /// On what ground.
        grounds: Grounds = Grounds::Judgement,
        /// With whom it was spoken.
        person: Option<String> = None,
        /// When.
        at: Option<When> = None,
        /// What came of it.
        outcome: Option<String> = None,
    }
}

block! {
    /// What is known about patient, prescriber and presentation; counts include the prescription asked about.
    Screen
    required {}
    stated {
        /// The class of the drug.
        class: DrugClass = DrugClass::Other,
        /// The classes of what the patient takes beside it.
        active: Vec<DrugClass> = Vec::new(),
        /// Early refills asked for within the window.
        early_requests: u64 = 0,
        /// Miles to the prescriber or the patient's home, whichever is farther.
        distance_miles: Option<u64> = None,
        /// Prescribers of the same class in the same period.
        prescribers: u64 = 1,
        /// Pharmacies that dispensed the same class in the same period.
        pharmacies: u64 = 1,
        /// Prescriptions of the prescriber this day with the same drug, strength and quantity.
        alike_today: u64 = 1,
        /// How many minutes ago each similar prescription of the prescriber was presented.
        alike_minutes_ago: Vec<u64> = Vec::new(),
        /// New patients of the prescriber this day.
        new_patients_today: u64 = 0,
        /// The prescriber's field.
        specialty: Option<Specialty> = None,
        /// A Federal or State action against the prescriber is pending.
        pending_action: bool = false,
        /// How many of a hundred prescribers of the area write less than this one.
        prescriber_percentile: Option<u64> = None,
        /// What staff noted.
        notes: Vec<StaffNote> = Vec::new(),
        /// How it is paid.
        payment: Payment = Payment::Insurance,
        /// The patient never had this class before.
        first_ever: bool = false,
        /// Days' supply of the dispensing before this one.
        last_supply_days: Option<u64> = None,
        /// Days since that dispensing.
        days_since_last: Option<u64> = None,
        /// Prescriptions in other people's names that the presenter brought.
        in_other_names: u64 = 0,
        /// Signs of forgery.
        forgery: Vec<ForgerySign> = Vec::new(),
        /// The dose of a day, in any unit.
        daily_dose: Option<u64> = None,
        /// The most that is usual in a day, in the same unit.
        usual_daily_maximum: Option<u64> = None,
        /// What the profile says beside prescriptions.
        profile: Vec<ProfileItem> = Vec::new(),
        /// The drug is broken down by the CYP450 enzymes.
        cyp450_substrate: bool = false,
        /// What was resolved.
        resolved: Vec<Resolution> = Vec::new(),
        /// A pharmacist believes the prescription forged or altered.
        believed_forged: bool = false,
    }
}

block! {
    /// What the monitoring programme was asked, and when a State may ask for it.
    Monitoring
    required {}
    stated {
        /// Its data were looked at before this dispensing.
        checked: bool = false,
        /// The drug is new for the patient.
        new_drug: bool = false,
        /// Patient or prescriber comes from outside the area.
        outside_area: bool = false,
    }
}

block! {
    /// Who picks the drug up.
    Pickup
    required {}
    stated {
        /// Staff know this person.
        known: bool = false,
        /// The document shown.
        document: Option<PickupDocument> = None,
        /// What was compared and agrees.
        matching: Vec<Identifier> = Vec::new(),
        /// What was compared and does not agree.
        differing: Vec<Identifier> = Vec::new(),
    }
}

block! {
    /// What the supply is for, as far as a State limits it.
    Supply
    required {
        /// Days' supply.
        days: u64,
    }
    stated {
        /// An opioid for acute pain.
        acute_opioid: bool = false,
    }
}
