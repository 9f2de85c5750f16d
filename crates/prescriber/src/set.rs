//! 21 CFR 1306.12(b): several schedule II prescriptions of one drug for one patient, issued at one sitting.
//!
//! The rulebook judges the set; here is found what makes one, and whether the practitioner has concluded (b)(1)(iii).

use jiff::civil::Date;
use theriac_law::facts::{Series, SeriesItem};
use theriac_law::{Moment, Profile, Question, Request, decide};
use theriac_model::{CanonicalContents, Element, Refusal};

/// Whether the practitioner has concluded that the set creates no undue risk of diversion or abuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// In words that stood on the screen.
    Drawn,
    /// Not yet.
    Open,
}

/// The sets among prescriptions: two or more of schedule II for one patient and one drug, each in the order in which they
/// may be filled.
///
/// Chosen reading: one drug is one name, strength and dosage form. Prescriptions of different strengths that are taken at
/// the same time are no set.
pub fn sets<'a>(prescriptions: impl IntoIterator<Item = &'a CanonicalContents>) -> Vec<Vec<&'a CanonicalContents>> {
    let mut sets: Vec<(String, Vec<&CanonicalContents>)> = Vec::new();
    for contents in prescriptions {
        if contents.get(Element::DrugSchedule) != Some("II") {
            continue;
        }
        let patient = [Element::PatientLast, Element::PatientFirst, Element::PatientBorn];
        let drug = [Element::DrugName, Element::DrugStrength, Element::DrugForm];
        let parts = patient.into_iter().chain(drug).map(|part| contents.get(part).unwrap_or_default().to_lowercase());
        let drug = parts.collect::<Vec<_>>().join("\n");
        match sets.iter_mut().find(|(name, _)| *name == drug) {
            Some((_, set)) => set.push(contents),
            None => sets.push((drug, vec![contents])),
        }
    }
    let mut sets: Vec<_> = sets.into_iter().map(|(_, set)| set).filter(|set| set.len() > 1).collect();
    for set in &mut sets {
        set.sort_by_key(|contents| contents.get(Element::EarliestFill).unwrap_or_default().to_owned());
    }
    sets
}

/// Whether a set may be issued at `at`.
///
/// # Errors
/// A prescription whose days of supply are not stated; the rulebook's refusal.
pub fn may_be_issued(
    profile: &Profile,
    set: &[&CanonicalContents],
    at: Moment,
    conclusion: Conclusion,
) -> Result<(), Refusal> {
    let mut items = Vec::with_capacity(set.len());
    for contents in set {
        let days = contents.get(Element::DaysSupply).and_then(|text| text.parse().ok()).ok_or_else(|| {
            Refusal::new(
                "RX-SET-DAYS",
                "21 CFR 1306.12(b)(1)",
                "a prescription of the set does not say for how many days it is a supply",
                "enter the days of supply on each; all of them together may cover 90 days",
            )
            .about(Element::DaysSupply.tag())
        })?;
        let mut item = SeriesItem::new(days);
        item.earliest_fill = contents.get(Element::EarliestFill).and_then(|text| text.parse().ok());
        items.push(item);
    }
    let dates = set.iter().filter_map(|contents| contents.get(Element::Issued)?.parse::<Date>().ok());
    // One that is dated otherwise than today speaks for the set.
    let issued = dates.into_iter().find(|date| *date != at.date()).unwrap_or_else(|| at.date());
    let mut series = Series::new(issued, items);
    series.no_undue_risk = conclusion == Conclusion::Drawn;
    let question = Question::new(at, Request::Issue {}).with(|all| all.series = Some(series));
    let decision = decide(profile, &question).map_err(|error| crate::law::unanswered(&error))?;
    decision.into_result().map(|_| ())
}
