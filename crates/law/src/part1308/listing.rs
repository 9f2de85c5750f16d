//! Products as a directory of drugs lists them, judged by our own dated table and rows: FDA NDC directory; 21 CFR 1308.11
//! to 1308.15, 1308.32.
//!
//! The directory's schedule is what the labeler told the FDA; ours follows from the substances, their amounts and the form.
//! Where the two differ, the stricter one stands until a person has looked (`docs/ndc-disagreements.md` says why, class by
//! class). An unknown product that the directory calls controlled is what the directory says; only a product that neither
//! knows as controlled is taken as not controlled, and then on the labeler's word.
//!
//! Limits are "calculated as the free anhydrous base or alkaloid" (1308.13(e), 1308.14(c), 1308.15(c)), while listings give
//! salts, so amounts of the narcotics with limits are converted. Chosen reading: where the water in a salt is not told, it
//! has none, which yields the most base. Diphenoxylate and difenoxin have limits for a dosage unit only. Chosen reading:
//! of a liquid, the dosage unit is the measure for which its labeler states the strength, a teaspoon as a rule.

use super::classify;
use super::products::{self, Found, Status};
use crate::edition::{Law, Profile};
use crate::facts::Content;
use crate::vocab::{DosageForm, Ingredient, Per, Schedule, Substance, Word};
use jiff::civil::Date;

/// A product as it is listed.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'a> {
    /// Brand, empty where there is none.
    pub brand: &'a str,
    /// Generic name.
    pub generic: &'a str,
    /// Dosage form, in the directory's words: `TABLET, FILM COATED`.
    pub form: &'a str,
    /// Whether it needs a prescription.
    pub sold: Sold,
    /// Active ingredients.
    pub actives: &'a [Active<'a>],
    /// The schedule that the directory states; `None` where its field is empty.
    pub stated: Option<theriac_model::Schedule>,
}

/// Whether a product needs a prescription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sold {
    /// It does.
    OnPrescription,
    /// It does not.
    OverTheCounter,
}

/// An active ingredient as it is listed.
#[derive(Clone, Copy, Debug)]
pub struct Active<'a> {
    /// Its name with its salt: `CODEINE PHOSPHATE`.
    pub name: &'a str,
    /// How much there is; `None` where the listing does not tell a weight.
    pub amount: Option<Amount>,
}

/// An amount of the salt that is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// Micrograms.
    pub micrograms: u64,
    /// In how much of the product.
    pub per: Per,
    /// Micrograms in the measure for which the listing states the strength: in 5 mL where it says `mg/5mL`.
    pub as_listed: u64,
}

/// What our table and rows say of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// One status.
    Certain(Status),
    /// One of these, because the listing does not tell what decides; the strictest comes first.
    OneOf(Vec<Status>),
    /// None of its names or substances is in our table.
    Unknown,
}

/// How the directory and our table stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// They say the same, or nothing is said by either.
    Agrees,
    /// The directory states a looser schedule than ours, or none where we have one.
    Looser,
    /// The directory states a stricter schedule than ours.
    Stricter,
    /// The directory states a schedule and our table does not know the product.
    UnknownHere,
}

impl Relation {
    /// The word in lists and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Looser => "directory-looser",
            Self::Stricter => "directory-stricter",
            Self::UnknownHere => "unknown-here",
        }
    }
}

/// A listing compared with our table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What we say.
    pub judged: Judged,
    /// How the directory stands to it.
    pub relation: Relation,
    /// The status that stands: the stricter of the two.
    pub stands: Status,
}

/// Compares a listing with our table on `day`.
pub fn compare(profile: &Profile, listing: &Listing<'_>, day: Date) -> Comparison {
    let judged = judge(profile, listing, day);
    let stated = listing.stated.map(Status::of);
    let none = Status::Scheduled(Schedule::None);
    let said = stated.unwrap_or(none);
    let (relation, stands) = match &judged {
        Judged::Unknown if stated.is_none() => (Relation::Agrees, none),
        Judged::Unknown => (Relation::UnknownHere, said),
        Judged::OneOf(possible) if possible.contains(&said) => (Relation::Agrees, said),
        // A listed chemical is in no schedule, so an empty field is right.
        Judged::Certain(Status::ListedChemical) if stated.is_none() => (Relation::Agrees, Status::ListedChemical),
        Judged::Certain(own) => related(said, *own),
        Judged::OneOf(possible) => related(said, possible.first().copied().unwrap_or(none)),
    };
    Comparison { judged, relation, stands }
}

fn related(said: Status, own: Status) -> (Relation, Status) {
    let stands = said.stricter(own);
    let relation = match () {
        () if said == own => Relation::Agrees,
        () if stands == own => Relation::Looser,
        () => Relation::Stricter,
    };
    (relation, stands)
}

/// What our table and rows say of a listing on `day`: a name of the whole product that is certain, else its substances,
/// the strictest of which decides.
pub fn judge(profile: &Profile, listing: &Listing<'_>, day: Date) -> Judged {
    for name in [listing.generic, listing.brand] {
        if let Found::Certain(status, _) = products::lookup(profile, name, day) {
            return Judged::Certain(sold_as(status, listing.sold));
        }
    }
    let law = Law::on(profile, day, None);
    let mut judged = Judged::Unknown;
    for active in listing.actives {
        judged = stricter(judged, of_substance(&law, listing, active, day));
    }
    judged
}

fn strictest(judged: &Judged) -> Option<Status> {
    match judged {
        Judged::Certain(status) => Some(*status),
        Judged::OneOf(possible) => possible.first().copied(),
        Judged::Unknown => None,
    }
}

/// The stricter of two substances of one product. What is possible for one is so only as far as the other is not stricter.
fn stricter(one: Judged, other: Judged) -> Judged {
    let (Some(a), Some(b)) = (strictest(&one), strictest(&other)) else {
        return if one == Judged::Unknown { other } else { one };
    };
    match (a.stricter(b) == a, one, other) {
        (true, one, _) if !matches!(one, Judged::OneOf(_)) => one,
        (false, _, other) if !matches!(other, Judged::OneOf(_)) => other,
        (true, Judged::OneOf(possible), _) => at_least(possible, b),
        (_, _, Judged::OneOf(possible)) => at_least(possible, a),
        (_, one, _) => one,
    }
}

/// The possibilities of one substance, none of them looser than `floor`, which another substance has already.
fn at_least(possible: Vec<Status>, floor: Status) -> Judged {
    let mut left: Vec<Status> = possible.into_iter().map(|status| status.stricter(floor)).collect();
    left.dedup();
    match left.as_slice() {
        [only] => Judged::Certain(*only),
        _ => Judged::OneOf(left),
    }
}

/// A listed chemical product is sold without a prescription (21 U.S.C. 802(45)); with one it is a drug like others.
fn sold_as(status: Status, sold: Sold) -> Status {
    match (status, sold) {
        (Status::ListedChemical, Sold::OnPrescription) => Status::Scheduled(Schedule::None),
        _ => status,
    }
}

fn of_substance(law: &Law<'_>, listing: &Listing<'_>, active: &Active<'_>, day: Date) -> Judged {
    let base = base_name(law.profile, active.name, day);
    let Some(substance) = substance(base) else {
        return match products::lookup(law.profile, base, day) {
            Found::Certain(status, _) => Judged::Certain(sold_as(status, listing.sold)),
            Found::Depends(_, entries) => {
                let mut possible: Vec<Status> =
                    entries.iter().map(|entry| sold_as(entry.status, listing.sold)).collect();
                possible.sort_by_key(|status| status.rank());
                possible.dedup();
                Judged::OneOf(possible)
            }
            Found::Unknown => Judged::Unknown,
        };
    };
    let content = content(listing, active, substance);
    let schedule = Status::Scheduled(classify::schedule(law, &content));
    if content.amount_mcg.is_some() || !limited(substance) {
        return Judged::Certain(schedule);
    }
    // The amount decides and is not told: what the least amount would give is possible, too.
    let least = Content { amount_mcg: Some(0), per: content.per.or(Some(Per::DosageUnit)), ..content };
    let loosest = Status::Scheduled(classify::schedule(law, &least));
    if loosest == schedule { Judged::Certain(schedule) } else { Judged::OneOf(vec![schedule, loosest]) }
}

/// Words that name a salt or its water and not the substance.
const SALTS: [&str; 42] = [
    "ACETATE",
    "ANHYDROUS",
    "ASPARTATE",
    "BASE",
    "BITARTRATE",
    "BROMIDE",
    "CALCIUM",
    "CITRATE",
    "CYPIONATE",
    "DECANOATE",
    "DIHYDRATE",
    "DIMESYLATE",
    "DIPOTASSIUM",
    "ENANTHATE",
    "FREE",
    "FUMARATE",
    "GLUCONATE",
    "HEMIHYDRATE",
    "HYDRATE",
    "HYDROBROMIDE",
    "HYDROCHLORIDE",
    "LACTATE",
    "MALEATE",
    "MESYLATE",
    "METHYLBROMIDE",
    "MONOHYDRATE",
    "NAPSYLATE",
    "NITRATE",
    "OXALATE",
    "PENTAHYDRATE",
    "PHOSPHATE",
    "POLISTIREX",
    "POTASSIUM",
    "PROPIONATE",
    "RESINATE",
    "SACCHARATE",
    "SODIUM",
    "SUCCINATE",
    "SULFATE",
    "TARTRATE",
    "TRIHYDRATE",
    "UNDECANOATE",
];

/// The substance's name without salt and water at its end, where our table knows it so; else as listed.
pub fn base_name<'a>(profile: &Profile, name: &'a str, day: Date) -> &'a str {
    let name = name.trim();
    let mut rest = name;
    loop {
        if substance(rest).is_some() || !matches!(products::lookup(profile, rest, day), Found::Unknown) {
            return rest;
        }
        let Some((head, last)) = rest.rsplit_once(' ') else { return name };
        if !SALTS.iter().any(|salt| last.eq_ignore_ascii_case(salt)) {
            return name;
        }
        rest = head.trim_end();
    }
}

/// The substance whose schedule depends on more than its name.
fn substance(name: &str) -> Option<Substance> {
    Substance::from_word(&name.trim().to_ascii_lowercase().replace(' ', "-"))
}

/// Whether an amount decides the substance's schedule.
fn limited(substance: Substance) -> bool {
    use Substance as S;
    matches!(
        substance,
        S::Codeine
            | S::Dihydrocodeine
            | S::Ethylmorphine
            | S::Opium
            | S::Morphine
            | S::Diphenoxylate
            | S::Difenoxin
            | S::Hydrocodone
    )
}

/// How much base is in a salt without water, in thousandths, rounded up; from the formula weights.
const BASE_PER_MILLE: [(Substance, &str, u64); 9] = [
    (Substance::Codeine, "PHOSPHATE", 754),
    (Substance::Codeine, "SULFATE", 860),
    (Substance::Dihydrocodeine, "BITARTRATE", 668),
    (Substance::Ethylmorphine, "HYDROCHLORIDE", 896),
    (Substance::Morphine, "SULFATE", 854),
    (Substance::Morphine, "HYDROCHLORIDE", 887),
    (Substance::Hydrocodone, "BITARTRATE", 667),
    (Substance::Diphenoxylate, "HYDROCHLORIDE", 926),
    (Substance::Difenoxin, "HYDROCHLORIDE", 921),
];

/// Micrograms of base in `micrograms` of what is named, rounded up.
fn as_base(substance: Substance, name: &str, micrograms: u64) -> u64 {
    let in_salt = |salt: &str| name.split(' ').any(|word| word.eq_ignore_ascii_case(salt));
    let row = BASE_PER_MILLE.iter().find(|(of, salt, _)| *of == substance && in_salt(salt));
    let base = u128::from(micrograms) * u128::from(row.map_or(1_000, |row| row.2));
    u64::try_from(base.div_ceil(1_000)).unwrap_or(u64::MAX)
}

fn content(listing: &Listing<'_>, active: &Active<'_>, substance: Substance) -> Content {
    let mut content = Content::new(substance);
    content.dosage_form = dosage_form(listing.form);
    // See the chosen reading above: these have rows for dosage units only.
    let by_unit = matches!(substance, Substance::Diphenoxylate | Substance::Difenoxin);
    if let Some(amount) = active.amount {
        let (micrograms, per) =
            if by_unit { (amount.as_listed, Per::DosageUnit) } else { (amount.micrograms, amount.per) };
        content.amount_mcg = Some(as_base(substance, active.name, micrograms));
        content.per = Some(per);
    }
    for other in listing.actives.iter().filter(|other| other.name != active.name) {
        content.with.extend(companion(other.name));
        if first_word(other.name) == "ATROPINE" {
            content.atropine_mcg = other.amount.map_or(0, |amount| amount.as_listed);
        }
    }
    content
}

fn first_word(name: &str) -> String {
    name.split(' ').next().unwrap_or_default().to_ascii_uppercase()
}

/// Another ingredient in the words of the rows: itself a narcotic, or active and not.
fn companion(name: &str) -> Option<Ingredient> {
    Some(match first_word(name).as_str() {
        "" => return None,
        "ACETAMINOPHEN" => Ingredient::Acetaminophen,
        "ASPIRIN" => Ingredient::Aspirin,
        "CAFFEINE" => Ingredient::Caffeine,
        "GUAIFENESIN" => Ingredient::Guaifenesin,
        "PROMETHAZINE" => Ingredient::Promethazine,
        "CODEINE" => Ingredient::Codeine,
        // Narcotics do not make each other's preparations milder.
        "ALFENTANIL" | "DIHYDROCODEINE" | "FENTANYL" | "HYDROCODONE" | "HYDROMORPHONE" | "LEVORPHANOL"
        | "MEPERIDINE" | "METHADONE" | "MORPHINE" | "OPIUM" | "OXYCODONE" | "OXYMORPHONE" | "SUFENTANIL" => {
            return None;
        }
        _ => Ingredient::NonNarcoticActive,
    })
}

fn dosage_form(form: &str) -> DosageForm {
    match form.split([',', ' ', '/']).next().unwrap_or_default() {
        "CAPSULE" => DosageForm::Capsule,
        "SUPPOSITORY" => DosageForm::Suppository,
        "SYRUP" => DosageForm::Syrup,
        "INJECTION" => DosageForm::Injection,
        "SOLUTION" | "ELIXIR" | "LIQUID" | "CONCENTRATE" => DosageForm::OralSolution,
        _ => DosageForm::Tablet,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 22);

    fn unit(name: &'static str, micrograms: u64) -> Active<'static> {
        Active { name, amount: Some(Amount { micrograms, per: Per::DosageUnit, as_listed: micrograms }) }
    }

    /// So much in 100 mL, listed for 5 mL.
    fn liquid(name: &'static str, micrograms: u64) -> Active<'static> {
        Active {
            name,
            amount: Some(Amount { micrograms, per: Per::HundredMillilitres, as_listed: micrograms.div_ceil(20) }),
        }
    }

    fn listing<'a>(generic: &'a str, form: &'a str, actives: &'a [Active<'a>], stated: &str) -> Listing<'a> {
        let stated = theriac_model::Schedule::parse(stated);
        Listing { brand: "", generic, form, sold: Sold::OnPrescription, actives, stated }
    }

    fn check(listing: &Listing<'_>, day: Date, relation: Relation, stands: &str) {
        let found = compare(&Profile::in_force(), listing, day);
        assert_eq!((found.relation, found.stands.word()), (relation, stands), "{listing:?} {:?}", found.judged);
    }

    /// Requirements: pharm-drug-schedule-per-product, law-conc-fall-through
    #[test]
    fn the_same_narcotic_is_in_three_schedules_by_its_preparation() {
        let alone = [unit("CODEINE SULFATE", 30_000)];
        check(&listing("codeine sulfate", "TABLET", &alone, "II"), TODAY, Relation::Agrees, "II");
        let tablet = [unit("ACETAMINOPHEN", 300_000), unit("CODEINE PHOSPHATE", 60_000)];
        check(&listing("acetaminophen and codeine", "TABLET", &tablet, "III"), TODAY, Relation::Agrees, "III");
        let syrup = [liquid("GUAIFENESIN", 2_000_000), liquid("CODEINE PHOSPHATE", 200_000)];
        check(&listing("guaifenesin and codeine", "SYRUP", &syrup, "V"), TODAY, Relation::Agrees, "V");
    }

    #[test]
    fn limits_count_the_base_and_listings_the_salt() {
        // 12 mg of the phosphate in 5 mL are 240 mg in 100 mL, with about 181 mg of codeine.
        let elixir = [liquid("ACETAMINOPHEN", 2_400_000), liquid("CODEINE PHOSPHATE", 240_000)];
        check(&listing("acetaminophen and codeine", "SOLUTION", &elixir, "V"), TODAY, Relation::Agrees, "V");
        assert_eq!(as_base(Substance::Codeine, "CODEINE PHOSPHATE", 265_251), 200_000);
        assert_eq!(as_base(Substance::Codeine, "CODEINE PHOSPHATE", 265_252), 200_001);
        assert_eq!(as_base(Substance::Codeine, "CODEINE", 200_000), 200_000);
        let at = |micrograms| {
            let actives = [liquid("GUAIFENESIN", 1), liquid("CODEINE PHOSPHATE", micrograms)];
            judge(&Profile::in_force(), &listing("x", "SYRUP", &actives, "V"), TODAY)
        };
        assert_eq!(at(265_251), Judged::Certain(Status::Scheduled(Schedule::V)));
        assert_eq!(at(265_252), Judged::Certain(Status::Scheduled(Schedule::III)));
    }

    /// Requirements: law-sched-hydrocodone-combination-edition, pharm-drug-reschedule-effective
    #[test]
    fn a_listing_that_kept_the_schedule_of_an_earlier_day_is_looser_and_ours_stands() {
        let actives = [unit("HYDROCODONE BITARTRATE", 10_000), unit("ACETAMINOPHEN", 325_000)];
        let old = listing("hydrocodone bitartrate and acetaminophen", "TABLET", &actives, "III");
        check(&old, date(2014, 10, 5), Relation::Agrees, "III");
        check(&old, date(2014, 10, 6), Relation::Looser, "II");
    }

    #[test]
    fn a_stricter_listing_stands() {
        let fioricet = [unit("BUTALBITAL", 50_000), unit("ACETAMINOPHEN", 325_000), unit("CAFFEINE", 40_000)];
        check(&listing("x", "TABLET", &fioricet, "III"), TODAY, Relation::Stricter, "III");
        check(&listing("x", "TABLET", &fioricet, "none"), TODAY, Relation::Agrees, "none");
        let lomotil = [unit("DIPHENOXYLATE HYDROCHLORIDE", 2_500), unit("ATROPINE SULFATE", 25)];
        check(&listing("x", "TABLET", &lomotil, "V"), TODAY, Relation::Agrees, "V");
        check(&listing("x", "TABLET", &lomotil, "II"), TODAY, Relation::Stricter, "II");
        let spoon = [liquid("DIPHENOXYLATE HYDROCHLORIDE", 50_000), liquid("ATROPINE SULFATE", 500)];
        check(&listing("x", "SOLUTION", &spoon, "V"), TODAY, Relation::Agrees, "V");
        let weak = [liquid("DIPHENOXYLATE HYDROCHLORIDE", 50_000), liquid("ATROPINE SULFATE", 480)];
        check(&listing("x", "SOLUTION", &weak, "V"), TODAY, Relation::Looser, "II");
    }

    /// Requirements: law-sched-unknown-is-not-uncontrolled
    #[test]
    fn what_our_table_does_not_know_is_what_the_directory_says() {
        let menthol = [liquid("MENTHOL", 1_000)];
        check(&listing("Cellulitica", "OIL", &menthol, "V"), TODAY, Relation::UnknownHere, "V");
        check(&listing("lisinopril", "TABLET", &[unit("LISINOPRIL", 10_000)], "none"), TODAY, Relation::Agrees, "none");
        let oxycodone = [unit("OXYCODONE HYDROCHLORIDE", 5_000)];
        let blank = listing("oxycodone", "TABLET", &oxycodone, "none");
        check(&blank, TODAY, Relation::Looser, "II");
    }

    /// Requirements: law-form-ask-when-ambiguous
    #[test]
    fn where_the_amount_decides_and_is_not_told_the_directory_decides_within_what_is_possible() {
        let untold = [Active { name: "CODEINE PHOSPHATE", amount: None }, liquid("GUAIFENESIN", 1_000)];
        check(&listing("x", "SYRUP", &untold, "III"), TODAY, Relation::Agrees, "III");
        check(&listing("x", "SYRUP", &untold, "IV"), TODAY, Relation::Looser, "II");
        check(&listing("x", "SYRUP", &untold, "none"), TODAY, Relation::Looser, "II");
    }

    #[test]
    fn the_strictest_substance_decides() {
        let kit = [unit("MIDAZOLAM", 3_000), unit("KETAMINE HYDROCHLORIDE", 25_000)];
        check(&listing("x", "TROCHE", &kit, "III"), TODAY, Relation::Agrees, "III");
        let soma = [unit("CARISOPRODOL", 200_000), unit("ASPIRIN", 325_000), unit("CODEINE PHOSPHATE", 16_000)];
        check(&listing("x", "TABLET", &soma, "III"), TODAY, Relation::Agrees, "III");
        let possible = [Schedule::II, Schedule::V].map(Status::Scheduled).to_vec();
        let floor = Judged::Certain(Status::Scheduled(Schedule::IV));
        let both = [Schedule::II, Schedule::IV].map(Status::Scheduled).to_vec();
        assert_eq!(stricter(Judged::OneOf(possible.clone()), floor.clone()), Judged::OneOf(both.clone()));
        assert_eq!(stricter(floor, Judged::OneOf(possible.clone())), Judged::OneOf(both));
        let two = Judged::Certain(Status::Scheduled(Schedule::II));
        assert_eq!(stricter(Judged::OneOf(possible), two.clone()), two);
    }

    /// Requirements: pharm-drug-slcp-definition
    #[test]
    fn a_listed_chemical_is_one_only_without_a_prescription() {
        let actives = [unit("PSEUDOEPHEDRINE HYDROCHLORIDE", 30_000)];
        let counter =
            Listing { sold: Sold::OverTheCounter, ..listing("pseudoephedrine hcl", "TABLET", &actives, "none") };
        check(&counter, TODAY, Relation::Agrees, "listed-chemical");
        check(&Listing { sold: Sold::OnPrescription, ..counter }, TODAY, Relation::Agrees, "none");
    }

    #[test]
    fn a_products_own_name_goes_before_its_substances() {
        let paregoric = [liquid("MORPHINE", 40_000)];
        check(&listing("Paregoric", "LIQUID", &paregoric, "III"), TODAY, Relation::Agrees, "III");
        check(&listing("morphine", "LIQUID", &paregoric, "III"), TODAY, Relation::Looser, "II");
    }
}
