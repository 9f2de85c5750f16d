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

/// What the practitioner signed before for the same patient and drug, and how many days of it are still ahead.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    contents: &'a CanonicalContents,
    days: Ahead,
    begins: Date,
}

/// Days of supply that are still ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ahead {
    Days(u32),
    /// The prescription does not say for how many days it is a supply.
    NotSaid,
}

/// A set with what was signed before it and counts with it.
#[derive(Clone, Debug, Default)]
pub struct Sitting<'a> {
    set: Vec<&'a CanonicalContents>,
    earlier: Vec<Earlier<'a>>,
}

impl<'a> Sitting<'a> {
    /// The prescriptions that are signed now, in the order in which they may be filled.
    pub fn set(&self) -> &[&'a CanonicalContents] {
        &self.set
    }

    /// How many prescriptions signed before count with them.
    pub const fn earlier(&self) -> usize {
        self.earlier.len()
    }
}

/// One patient and one drug of schedule II: name, strength and dosage form.
fn patient_and_drug(contents: &CanonicalContents) -> Option<String> {
    if contents.get(Element::DrugSchedule) != Some("II") {
        return None;
    }
    let patient = [Element::PatientLast, Element::PatientFirst, Element::PatientBorn];
    let drug = [Element::DrugName, Element::DrugStrength, Element::DrugForm];
    let parts = patient.into_iter().chain(drug).map(|part| contents.get(part).unwrap_or_default().to_lowercase());
    Some(parts.collect::<Vec<_>>().join("\n"))
}

fn date_of(contents: &CanonicalContents, element: Element) -> Option<Date> {
    contents.get(element)?.parse().ok()
}

fn days_of(contents: &CanonicalContents) -> Option<u32> {
    contents.get(Element::DaysSupply)?.parse().ok()
}

fn in_order(set: &mut [&CanonicalContents]) {
    set.sort_by_key(|contents| contents.get(Element::EarliestFill).unwrap_or_default().to_owned());
}

/// The sets among prescriptions: two or more of schedule II for one patient and one drug, each in the order in which they
/// may be filled.
///
/// Chosen reading: one drug is one name, strength and dosage form. Prescriptions of different strengths that are taken at
/// the same time are no set.
pub fn sets<'a>(prescriptions: impl IntoIterator<Item = &'a CanonicalContents>) -> Vec<Vec<&'a CanonicalContents>> {
    grouped(prescriptions).into_iter().map(|(_, set)| set).filter(|set| set.len() > 1).collect()
}

fn grouped<'a>(
    prescriptions: impl IntoIterator<Item = &'a CanonicalContents>,
) -> Vec<(String, Vec<&'a CanonicalContents>)> {
    let mut groups: Vec<(String, Vec<&CanonicalContents>)> = Vec::new();
    for contents in prescriptions {
        let Some(drug) = patient_and_drug(contents) else { continue };
        match groups.iter_mut().find(|(name, _)| *name == drug) {
            Some((_, set)) => set.push(contents),
            None => groups.push((drug, vec![contents])),
        }
    }
    for (_, set) in &mut groups {
        in_order(set);
    }
    groups
}

/// The sets that `now` makes, alone or with what the same practitioner signed `before` and did not withdraw. Each of `before`
/// bears its date of issue.
///
/// Chosen reading of 1306.12(b)(1), so that 90 days are 90 days however often the practitioner signs: what was signed on the
/// same day belongs to the same sitting; and as long as any of the earlier prescriptions waits for its earliest date, each
/// counts with the days of its supply that are still ahead. Prescriptions of which none bears an earliest date make no set
/// across two signatures: whether the second is a mistake is for the pharmacist to ask.
pub fn sittings<'a>(
    now: impl IntoIterator<Item = &'a CanonicalContents>,
    before: impl IntoIterator<Item = &'a CanonicalContents>,
    today: Date,
) -> Vec<Sitting<'a>> {
    let before = grouped(before);
    let mut found = Vec::new();
    for (drug, set) in grouped(now) {
        let signed = before.iter().find(|(name, _)| *name == drug).map_or(&[][..], |(_, signed)| signed);
        let earlier = still_counting(signed, today);
        let across = || {
            let all = set.iter().copied().chain(earlier.iter().map(|one| one.contents));
            !earlier.is_empty() && all.into_iter().any(|one| date_of(one, Element::EarliestFill).is_some())
        };
        if across() {
            found.push(Sitting { set, earlier });
        } else if set.len() > 1 {
            found.push(Sitting { set, earlier: Vec::new() });
        }
    }
    found
}

fn still_counting<'a>(signed: &[&'a CanonicalContents], today: Date) -> Vec<Earlier<'a>> {
    let waits = |one: &&CanonicalContents| date_of(one, Element::EarliestFill).is_some_and(|date| date > today);
    let any_waits = signed.iter().any(waits);
    let mut counting = Vec::new();
    for contents in signed.iter().copied() {
        let Some(issued) = date_of(contents, Element::Issued) else { continue };
        if issued != today && !any_waits {
            continue;
        }
        let begins = date_of(contents, Element::EarliestFill).unwrap_or(issued);
        let used = today.since(begins).map_or(0, |span| span.get_days()).max(0).unsigned_abs();
        let days = match days_of(contents) {
            Some(days) => Ahead::Days(days.saturating_sub(used)),
            // Nobody can say what is left of an old supply without a number of days; it does not stop a new one.
            None if issued != today && begins <= today => Ahead::Days(0),
            None => Ahead::NotSaid,
        };
        if days != Ahead::Days(0) {
            counting.push(Earlier { contents, days, begins });
        }
    }
    counting
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
    may_be_signed(profile, &Sitting { set: set.to_vec(), earlier: Vec::new() }, at, conclusion)
}

/// Whether a set may be signed at `at` beside what was signed before.
///
/// # Errors
/// A prescription whose days of supply are not stated; the rulebook's refusal.
pub fn may_be_signed(
    profile: &Profile,
    sitting: &Sitting<'_>,
    at: Moment,
    conclusion: Conclusion,
) -> Result<(), Refusal> {
    let mut items: Vec<(Option<Date>, SeriesItem)> = Vec::new();
    for contents in &sitting.set {
        let days = days_of(contents)
            .ok_or_else(|| no_days("a prescription of the set does not say for how many days it is a supply"))?;
        let mut item = SeriesItem::new(days);
        item.earliest_fill = date_of(contents, Element::EarliestFill);
        items.push((item.earliest_fill, item));
    }
    for earlier in &sitting.earlier {
        let Ahead::Days(days) = earlier.days else {
            return Err(no_days(
                "a prescription of the same drug that was signed before does not say for how many days it is a supply",
            ));
        };
        let mut item = SeriesItem::new(days);
        // The first of the sitting may be without a date; what was signed on another day began when it began.
        let first = date_of(earlier.contents, Element::EarliestFill);
        item.earliest_fill = first.or((earlier.begins != at.date()).then_some(earlier.begins));
        items.push((item.earliest_fill, item));
    }
    items.sort_by_key(|(earliest, _)| *earliest);
    let dates = sitting.set.iter().filter_map(|contents| date_of(contents, Element::Issued));
    // One that is dated otherwise than today speaks for the set.
    let issued = dates.into_iter().find(|date| *date != at.date()).unwrap_or_else(|| at.date());
    let mut series = Series::new(issued, items.into_iter().map(|(_, item)| item).collect());
    series.no_undue_risk = conclusion == Conclusion::Drawn;
    let question = Question::new(at, Request::Issue {}).with(|all| all.series = Some(series));
    let decision = decide(profile, &question).map_err(|error| crate::law::unanswered(&error))?;
    let refused = decision.into_result().map(|_| ());
    if sitting.earlier.is_empty() { refused } else { refused.map_err(|refusal| beside(refusal, sitting.earlier.len())) }
}

/// The rulebook speaks of the sitting; whoever signs must hear that earlier prescriptions are in the sum.
fn beside(refusal: Refusal, earlier: usize) -> Refusal {
    let counted = match earlier {
        1 => "one prescription of the same drug that was signed before is counted".to_owned(),
        more => format!("{more} prescriptions of the same drug that were signed before are counted"),
    };
    Refusal { what: format!("{}, and {counted}", refusal.what).into(), ..refusal }
}

fn no_days(what: &'static str) -> Refusal {
    Refusal::new(
        "RX-SET-DAYS",
        "21 CFR 1306.12(b)(1)",
        what,
        "enter the days of supply on each, or withdraw the earlier one; all of them together may cover 90 days",
    )
    .about(Element::DaysSupply.tag())
}
