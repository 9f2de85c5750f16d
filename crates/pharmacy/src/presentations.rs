//! What one prescription shows beside others that were presented (Manual 2010, appendix D; cards, "NABP Red Flags"): groups,
//! strangers, several prescribers, early returns, other people's names. Figures for the rulebook's signs, with the
//! prescriptions behind them, so that a person sees what was counted.

use crate::number::PrescriptionNumber;
use theriac_law::Moment;
use theriac_law::facts::Screen;
use theriac_law::vocab::DrugClass;
use theriac_model::DeaNumber;

use crate::words::words;

words! {
    /// Whether the pharmacy knows the patient.
    Regular {
        /// The patient comes regularly.
        Regular = "regular",
        /// The patient is new.
        New = "new",
    }
}

/// One prescription as it was presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presentation {
    /// The prescription.
    pub number: PrescriptionNumber,
    /// When it was presented.
    pub at: Moment,
    /// The patient's key in this deployment.
    pub patient: String,
    /// The key of the person who presented it.
    pub presenter: String,
    /// The practitioner's registration.
    pub prescriber: DeaNumber,
    /// The class of the drug.
    pub class: DrugClass,
    /// Name, strength and form of the drug.
    pub drug: String,
    /// The quantity, in smallest units.
    pub units: i64,
    /// Days of supply.
    pub days_supply: Option<u16>,
    /// Miles to the patient's home or the prescriber, whichever is farther.
    pub miles: Option<u32>,
    /// Whether the pharmacy knows the patient.
    pub regular: Regular,
}

/// What was counted, and the prescriptions behind the figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The figures for [`crate::Prescription::screen`]; what staff note is added to them.
    pub screen: Screen,
    /// Similar prescriptions of the same prescriber on the same day.
    pub alike: Vec<PrescriptionNumber>,
    /// Prescriptions of new patients of the same prescriber on the same day.
    pub strangers: Vec<PrescriptionNumber>,
    /// Prescriptions in other people's names that the same person presented, ever.
    pub other_names: Vec<PrescriptionNumber>,
}

/// Over how many days prescribers of one class are counted.
const PERIOD_DAYS: i64 = 90;

const DAY_SECONDS: i64 = 86_400;

/// Compares `this` with everything that was presented before. The counts include `this`, as the rulebook asks.
pub fn compare(this: &Presentation, earlier: &[Presentation]) -> Compared {
    let before = || earlier.iter().filter(|one| one.number != this.number && one.at.timestamp <= this.at.timestamp);
    let today = |one: &&Presentation| one.at.date() == this.at.date() && one.prescriber == this.prescriber;
    let same = |one: &&Presentation| one.drug.eq_ignore_ascii_case(&this.drug) && one.units == this.units;
    let alike: Vec<&Presentation> = before().filter(today).filter(same).collect();
    let new = |one: &&Presentation| one.regular == Regular::New;
    let strangers: Vec<&Presentation> = before().filter(today).filter(new).collect();
    let presented = |one: &&Presentation| one.presenter == this.presenter && one.patient != this.presenter;
    let names: Vec<&Presentation> = before().filter(presented).collect();
    let own_name = this.patient == this.presenter;
    let of_patient = || before().filter(|one| one.patient == this.patient && one.class == this.class);
    let recent = |one: &&Presentation| this.at.seconds_since(one.at) <= PERIOD_DAYS * DAY_SECONDS;
    let mut prescribers: Vec<DeaNumber> = of_patient().filter(recent).map(|one| one.prescriber).collect();
    prescribers.push(this.prescriber);
    prescribers.sort_unstable();
    prescribers.dedup();
    let last = of_patient().max_by_key(|one| one.at.timestamp);
    let days = |one: &Presentation| u64::try_from(this.at.seconds_since(one.at) / DAY_SECONDS).unwrap_or(0);
    let minutes = |one: &Presentation| u64::try_from(this.at.seconds_since(one.at) / 60).unwrap_or(0);
    let numbers = |found: &[&Presentation]| found.iter().map(|one| one.number.clone()).collect::<Vec<_>>();
    let screen = Screen {
        class: this.class,
        distance_miles: this.miles.map(u64::from),
        prescribers: count(prescribers.len()),
        alike_today: count(alike.len() + 1),
        alike_minutes_ago: std::iter::once(0).chain(alike.iter().map(|one| minutes(one))).collect(),
        new_patients_today: count(strangers.len() + usize::from(this.regular == Regular::New)),
        first_ever: last.is_none() && this.regular == Regular::New,
        last_supply_days: last.and_then(|one| one.days_supply).map(u64::from),
        days_since_last: last.map(days),
        in_other_names: count(names.len() + usize::from(!own_name)),
        ..Screen::new()
    };
    Compared { screen, alike: numbers(&alike), strangers: numbers(&strangers), other_names: numbers(&names) }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
