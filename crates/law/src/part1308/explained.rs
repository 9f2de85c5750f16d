//! The schedule of a whole preparation, and why: every limit that was tried, the facts that are missing.
//!
//! (a) A product with several controlled substances is in the strictest schedule that any of them earns. (b) The answer names
//! the limits that decided. (c) Where form or strength decide and are not stated, the strictest candidate stands and the
//! missing facts are listed. (d) Difenoxin outside its rows is confirmed by a person. (e) Cannabis with less than 0.3 % THC is
//! hemp and not controlled since 20 December 2018. Chosen reading: exactly 0.3 % is marijuana; the statute says "not more
//! than", the cards "less than", and no laboratory tells the two apart.

use super::classify::{self, LIMITS};
use super::strength;
use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::Content;
use crate::rule::rule;
use crate::vocab::{DosageForm, Per, Schedule, Substance};
use jiff::civil::date;

rule!(WHOLE: "1308-whole", "concentration-scheduling", "21 CFR 1308.13(e), 1308.15(c); Cards 2021, Concentration-Dependent Scheduling", By::ALL,
    "A product is in the strictest schedule that any of its substances earns; strengths are converted exactly, and the limits that decided are named",
    ["law-conc-strictest-component", "law-conc-normalise-units", "law-conc-explains-limit", "law-conc-difenoxin-over", "pharm-drug-strength-boundary-iii-v"]);
rule!(HEMP: "802-hemp", "formulation-scheduling", "21 U.S.C. 802(16)(B); Cards 2021, Cannabidiols and Tetrahydrocannabinols", By::ALL,
    "Cannabis with less than 0.3 percent THC is hemp since 20 December 2018; with more it is marijuana",
    ["law-form-hemp-threshold"]);

parameter!(HEMP_BELOW_MCG: "schedule.hemp.below.mcg", "micrograms of THC in 100 g below which cannabis is hemp", Min, Domain::Number("mcg"), [
    Row::of(By::M10, 0, "Manual 2010, II p.5"),
    Row::of(By::C21, 300_000, "Cards 2021, Cannabidiols and Tetrahydrocannabinols").begun_later(),
    Row::of(By::CFR, 0, "21 U.S.C. 802(16)").until(date(2018, 12, 19)),
    Row::of(By::CFR, 300_000, "21 U.S.C. 802(16)(B); Pub. L. 115-334").since(date(2018, 12, 20)),
]);

/// A schedule and why.
pub(crate) struct Explained {
    pub(crate) schedule: Schedule,
    pub(crate) notes: Vec<String>,
}

/// (a): the strictest of all substances in the product.
pub(crate) fn schedule(law: &Law<'_>, content: &Content) -> Explained {
    let mut whole = one(law, content);
    for part in &content.and {
        let part = schedule(law, part);
        whole.schedule = whole.schedule.min(part.schedule);
        whole.notes.extend(part.notes);
    }
    whole
}

fn one(law: &Law<'_>, content: &Content) -> Explained {
    let mut content = content.clone();
    if let Some((mcg, per)) = content.strength.as_deref().and_then(strength::read) {
        (content.amount_mcg, content.per) = (Some(mcg), Some(per));
    }
    if content.name == Substance::Cannabis {
        return hemp(law, &content);
    }
    let schedule = classify::schedule(law, &content);
    let mut notes: Vec<String> = tried(law, &content);
    let missing = missing(&content);
    if !missing.is_empty() {
        notes.push(format!("schedule {schedule} pending formulation; missing: {}", missing.join(", ")));
    }
    if content.name == Substance::Difenoxin && !matches!(schedule, Schedule::IV | Schedule::V) {
        notes.push("difenoxin outside its rows: confirm by hand, and do not dispense it".to_owned());
    }
    Explained { schedule, notes }
}

/// (b): the limits of the substance in this measure, up to the one that is met.
fn tried(law: &Law<'_>, content: &Content) -> Vec<String> {
    let (Some(mcg), Some(per)) = (content.amount_mcg, content.per) else { return Vec::new() };
    let mut notes = Vec::new();
    for row in LIMITS.iter().filter(|row| row.applies(law, content, per)) {
        let met = mcg <= row.mcg;
        let verb = if met { "met" } else { "exceeded" };
        notes.push(format!("{} limit for {} {verb}", amount(row.mcg), row.schedule));
        if met {
            break;
        }
    }
    if notes.is_empty() { notes } else { vec![notes.join("; ")] }
}

/// An amount as people write it: `200 mg`, `1.8 g`, `25 mcg`.
fn amount(mcg: u64) -> String {
    let tenths = |unit: u64| {
        let (whole, rest) = (mcg / unit, mcg % unit);
        if rest == 0 { whole.to_string() } else { format!("{whole}.{}", rest * 10 / unit) }
    };
    if mcg >= 1_000_000 {
        format!("{} g", tenths(1_000_000))
    } else if mcg >= 100 {
        format!("{} mg", tenths(1_000))
    } else {
        format!("{mcg} mcg")
    }
}

/// (c): the facts that would decide and are not stated.
fn missing(content: &Content) -> Vec<&'static str> {
    use Substance as S;
    let unknown_form = content.dosage_form == DosageForm::Unknown;
    let by_form =
        matches!(content.name, S::Dronabinol | S::Pentobarbital | S::Secobarbital | S::Amobarbital | S::Codeine);
    let by_amount = LIMITS.iter().any(|row| row.substance == content.name);
    let combined = !content.with.is_empty() || content.atropine_mcg > 0 || unknown_form;
    let mut missing = Vec::new();
    if by_form && unknown_form {
        missing.push("dosage form");
    }
    if by_amount && combined && content.amount_mcg.is_none() {
        missing.push("amount");
    }
    if by_amount && combined && content.per.is_none() {
        missing.push("measure");
    }
    if by_amount && unknown_form && content.with.is_empty() {
        missing.push("other active ingredients");
    }
    missing
}

/// (e).
fn hemp(law: &Law<'_>, content: &Content) -> Explained {
    let below = law.value(&HEMP_BELOW_MCG, 0);
    match (content.amount_mcg, content.per) {
        (Some(mcg), Some(Per::HundredGrams)) if mcg < below => {
            Explained { schedule: Schedule::None, notes: vec!["hemp, not controlled".to_owned()] }
        }
        (Some(_), Some(Per::HundredGrams)) => Explained { schedule: Schedule::I, notes: vec!["marijuana".to_owned()] },
        _ => Explained {
            schedule: Schedule::I,
            notes: vec!["schedule I pending formulation; missing: THC in 100 g of dry weight".to_owned()],
        },
    }
}
