//! 21 CFR 1308.11 to 1308.15, 1308.32; cards, "Concentration-Dependent Scheduling", "Formulation-Specific Controlled
//! Substances": the schedule of a preparation.
//!
//! A preparation that meets a row is in the row's schedule; "not more than" includes the limit. One that meets no row of
//! its substance is in schedule II. "Active" rows need another active ingredient that is not a narcotic; "isoquinoline"
//! rows an isoquinoline alkaloid of opium in at least the same amount. Counted forms go by the dosage unit, liquids by
//! 100 mL, semi-solids by 100 g.

use crate::edition::{By, Domain, Law, Row as Setting, UNLIMITED, parameter};
use crate::facts::Content;
use crate::rule::rule;
use crate::vocab::{DosageForm, Ingredient, Per, Schedule, Substance};
use jiff::civil::date;

rule!(CONCENTRATION: "1308-concentration", "concentration-scheduling", "21 CFR 1308.13(e), 1308.14(c), 1308.15(c)", By::ALL,
    "Small amounts of a narcotic with another active ingredient are in schedule III, IV or V; more, or alone, in schedule II",
    ["law-conc-nmt-is-inclusive", "law-conc-fall-through", "law-conc-needs-active-non-narcotic", "law-conc-codeine-cv", "law-conc-codeine-ciii-volume", "law-conc-codeine-ciii-unit", "law-conc-codeine-ciii-isoquinoline", "law-conc-dihydrocodeine-cv", "law-conc-dihydrocodeine-ciii", "law-conc-ethylmorphine-cv", "law-conc-ethylmorphine-ciii", "law-conc-opium-cv", "law-conc-opium-ciii", "law-conc-morphine-ciii", "law-conc-diphenoxylate-cv", "law-conc-diphenoxylate-over", "law-conc-difenoxin-cv", "law-conc-difenoxin-civ", "law-conc-weight-basis", "law-conc-basis-by-form", "law-conc-hydrocodone-2010"]);
rule!(FORMULATION: "1308-formulation", "formulation-scheduling", "21 CFR 1308.12 to 1308.15, 1308.32", By::ALL,
    "Some substances change their schedule with dosage form, combination or approval",
    ["law-form-dronabinol-capsule", "law-form-dronabinol-solution", "law-form-nabilone", "law-form-barbiturate-single", "law-form-barbiturate-suppository", "law-form-barbiturate-combination", "law-form-butabarbital", "law-form-phenobarbital", "law-form-fiorinal", "law-form-fioricet-codeine", "law-form-fioricet-plain", "law-form-butalbital-apap", "law-form-codeine-single", "law-form-codeine-tablet", "law-form-codeine-syrup", "law-form-oxycodone-all", "law-form-sodium-oxybate", "law-form-buprenorphine-all", "law-form-epidiolex-by-date", "law-sched-one-schedule-per-product"]);

parameter!(HYDROCODONE_III_MCG: "schedule.hydrocodone.iii.mcg", "micrograms of hydrocodone per unit, in combination, below which it is in schedule III", Min,
Domain::Number("mcg"), [
    Setting::of(By::P08.and(By::M10), 15_000, "Manual 2010, section II"),
    Setting::of(By::C21, 0, "Cards 2021, Common Schedule II Drugs- Opioids"),
    Setting::of(By::CFR, 15_001, "21 CFR 1308.13(e)(1)(iii), (iv)").until(date(2014, 10, 5)),
    Setting::of(By::CFR, 0, "79 FR 49661").since(date(2014, 10, 6)),
]);
parameter!(CANNABIDIOL: "schedule.cannabidiol.controlled", "whether the approved cannabidiol product is in schedule V", Required, Domain::YesNo, [
    Setting::of(By::C21.and(By::CFR), 1, "21 CFR 1308.15(f)").until(date(2020, 4, 5)),
    Setting::of(By::C21.and(By::CFR), 0, "Cards 2021, FDA-Approved Products of CBD and THC; 85 FR 51639").since(date(2020, 4, 6)),
]);
parameter!(TRAMADOL: "schedule.tramadol.controlled", "whether tramadol is in schedule IV", Required, Domain::YesNo, [
    Setting::of(By::C21, 1, "Cards 2021, Common Schedule IV Drugs"),
    Setting::of(By::CFR, 0, "21 CFR 1308.14").until(date(2014, 8, 17)),
    Setting::of(By::CFR, 1, "79 FR 37623").since(date(2014, 8, 18)),
]);
parameter!(DIFENOXIN_I: "schedule.difenoxin.base-i", "whether difenoxin outside its rows is in schedule I", Required, Domain::YesNo, [
    Setting::of(By::P08.and(By::GUIDES), 0, "Cards 2021, Concentration-Dependent Scheduling"),
    Setting::of(By::CFR, 1, "21 CFR 1308.11(b)"),
]);

/// Who else must be in a preparation for a row to hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Company {
    /// An active ingredient that is not a narcotic.
    Active,
    /// An isoquinoline alkaloid of opium, in at least the same amount.
    Isoquinoline,
    /// At least 25 micrograms of atropine sulfate.
    Atropine,
}

/// One row: up to `mcg` of the substance in one of `per`, with `company`, is in `schedule`.
pub(super) struct Limit {
    pub(super) substance: Substance,
    per: &'static [Per],
    pub(super) mcg: u64,
    company: Company,
    pub(super) schedule: Schedule,
}

impl Limit {
    /// Whether the row speaks of this substance in this measure and company, on the day.
    pub(super) fn applies(&self, law: &Law<'_>, content: &Content, per: Per) -> bool {
        let stands = self.substance != Substance::Hydrocodone || law.value(&HYDROCODONE_III_MCG, 0) > 0;
        stands
            && self.mcg != UNLIMITED
            && self.substance == content.name
            && self.per.contains(&per)
            && self.company.there(content)
    }
}

const UNIT: &[Per] = &[Per::DosageUnit];
const VOLUME: &[Per] = &[Per::HundredMillilitres];
const VOLUME_OR_WEIGHT: &[Per] = &[Per::HundredMillilitres, Per::HundredGrams];

const fn limit(substance: Substance, per: &'static [Per], mcg: u64, company: Company, schedule: Schedule) -> Limit {
    Limit { substance, per, mcg, company, schedule }
}

/// The rows, from the loosest schedule to the strictest within each substance; the first that holds decides.
pub(super) const LIMITS: [Limit; 20] = {
    use Company::{Active, Atropine, Isoquinoline};
    use Schedule::{III, IV, V};
    use Substance as S;
    [
        limit(S::Codeine, VOLUME_OR_WEIGHT, 200_000, Active, V),
        limit(S::Codeine, VOLUME, 1_800_000, Active, III),
        limit(S::Codeine, UNIT, 90_000, Active, III),
        limit(S::Codeine, VOLUME, 1_800_000, Isoquinoline, III),
        limit(S::Codeine, UNIT, 90_000, Isoquinoline, III),
        limit(S::Dihydrocodeine, VOLUME_OR_WEIGHT, 100_000, Active, V),
        limit(S::Dihydrocodeine, VOLUME, 1_800_000, Active, III),
        limit(S::Dihydrocodeine, UNIT, 90_000, Active, III),
        limit(S::Ethylmorphine, VOLUME_OR_WEIGHT, 100_000, Active, V),
        limit(S::Ethylmorphine, VOLUME, 300_000, Active, III),
        limit(S::Ethylmorphine, UNIT, 15_000, Active, III),
        limit(S::Opium, VOLUME_OR_WEIGHT, 100_000, Active, V),
        limit(S::Opium, VOLUME_OR_WEIGHT, 500_000, Active, III),
        limit(S::Opium, UNIT, 25_000, Active, III),
        limit(S::Morphine, VOLUME_OR_WEIGHT, 50_000, Active, III),
        limit(S::Diphenoxylate, UNIT, 2_500, Atropine, V),
        limit(S::Difenoxin, UNIT, 500, Atropine, V),
        limit(S::Difenoxin, UNIT, 1_000, Atropine, IV),
        // 1308.13(e)(1)(iii), (iv), while it stood: see `hydrocodone`.
        limit(S::Hydrocodone, VOLUME, 300_000, Active, III),
        limit(S::Hydrocodone, UNIT, UNLIMITED, Active, III),
    ]
};

/// An active ingredient that is not a narcotic.
fn active(ingredient: Ingredient) -> bool {
    !matches!(ingredient, Ingredient::Codeine | Ingredient::IsoquinolineAlkaloid)
}

impl Company {
    fn there(self, content: &Content) -> bool {
        match self {
            Self::Active => content.with.iter().copied().any(active),
            Self::Isoquinoline => content.with.contains(&Ingredient::IsoquinolineAlkaloid),
            Self::Atropine => content.atropine_mcg >= 25,
        }
    }
}

/// The schedule of a preparation. A fact that is not stated (an amount, a measure) meets no row.
pub(crate) fn schedule(law: &Law<'_>, content: &Content) -> Schedule {
    match content.name {
        Substance::Codeine
        | Substance::Dihydrocodeine
        | Substance::Ethylmorphine
        | Substance::Opium
        | Substance::Morphine
        | Substance::Diphenoxylate => by_amount(content).unwrap_or(Schedule::II),
        Substance::Difenoxin => {
            by_amount(content).unwrap_or(if law.says(&DIFENOXIN_I) { Schedule::I } else { Schedule::II })
        }
        Substance::Hydrocodone => hydrocodone(law, content),
        // Hemp is decided by `explained`.
        Substance::Heroin | Substance::GammaHydroxybutyricAcid | Substance::Cannabis => Schedule::I,
        Substance::Dronabinol if content.dosage_form == DosageForm::Capsule => Schedule::III,
        Substance::Oxycodone | Substance::Nabilone | Substance::Dronabinol => Schedule::II,
        Substance::Pentobarbital | Substance::Secobarbital | Substance::Amobarbital => barbiturate(content),
        Substance::Butalbital => butalbital(content),
        Substance::Butabarbital | Substance::SodiumOxybate | Substance::Buprenorphine | Substance::Ketamine => {
            Schedule::III
        }
        Substance::Phenobarbital | Substance::Propoxyphene => Schedule::IV,
        Substance::Tramadol => {
            if law.says(&TRAMADOL) {
                Schedule::IV
            } else {
                Schedule::None
            }
        }
        Substance::Cannabidiol => {
            if law.says(&CANNABIDIOL) {
                Schedule::V
            } else {
                Schedule::None
            }
        }
    }
}

fn by_amount(content: &Content) -> Option<Schedule> {
    let (mcg, per) = (content.amount_mcg?, content.per?);
    let holds = |row: &&Limit| {
        row.substance == content.name && row.per.contains(&per) && mcg <= row.mcg && row.company.there(content)
    };
    LIMITS.iter().find(holds).map(|row| row.schedule)
}

/// In combination below the edition's limit schedule III, while that row stood; else schedule II.
fn hydrocodone(law: &Law<'_>, content: &Content) -> Schedule {
    let below = law.value(&HYDROCODONE_III_MCG, 0);
    let within =
        below > 0 && !(content.per == Some(Per::DosageUnit) && content.amount_mcg.is_none_or(|mcg| mcg >= below));
    by_amount(content).filter(|_| within).unwrap_or(Schedule::II)
}

/// Suppositories and combinations with an ingredient that is not controlled are in schedule III.
fn barbiturate(content: &Content) -> Schedule {
    let combined = content.with.iter().copied().any(active);
    if content.dosage_form == DosageForm::Suppository || combined { Schedule::III } else { Schedule::II }
}

/// With acetaminophen and caffeine, and no codeine, it is exempt (1308.32); other combinations are in schedule III.
fn butalbital(content: &Content) -> Schedule {
    let has = |ingredient: Ingredient| content.with.contains(&ingredient);
    if has(Ingredient::Acetaminophen)
        && has(Ingredient::Caffeine)
        && !has(Ingredient::Codeine)
        && !has(Ingredient::Aspirin)
    {
        Schedule::None
    } else if content.with.iter().copied().any(active) {
        Schedule::III
    } else {
        Schedule::II
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row decides for a preparation at its own limit: no earlier row hides it.
    #[test]
    fn every_row_is_reached_at_its_limit_and_left_above_it() {
        for (n, row) in LIMITS.iter().enumerate() {
            let mut content = Content::new(row.substance);
            content.with = match row.company {
                Company::Active | Company::Atropine => vec![Ingredient::NonNarcoticActive],
                Company::Isoquinoline => vec![Ingredient::IsoquinolineAlkaloid],
            };
            content.atropine_mcg = if row.company == Company::Atropine { 25 } else { 0 };
            for per in row.per {
                (content.amount_mcg, content.per) = (Some(row.mcg), Some(*per));
                assert_eq!(by_amount(&content), Some(row.schedule), "row {n}");
                let above = Content { amount_mcg: row.mcg.checked_add(1), ..content.clone() };
                if above.amount_mcg.is_some() {
                    let next = by_amount(&above).unwrap_or(Schedule::II);
                    assert!(next < row.schedule, "row {n}: {next:?}");
                }
            }
        }
    }
}
