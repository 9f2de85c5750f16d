//! Facts of a product that rules ask for besides its schedule: 21 CFR 1300.01 (narcotic drug), 1306.11(e) and (g), 1306.26;
//! 21 U.S.C. 802(17), 802(45); manual, sections II, IX and X.
//!
//! A fact that a listing does not tell is missing, never assumed: the rule that needs it refuses and names it. What is in no
//! schedule is no narcotic, because every narcotic is in one; a controlled product none of whose names our table knows is not
//! told to be one or not.
//!
//! Chosen reading: a narcotic is what 802(17) says, so cocaine is one, and butorphanol and pentazocine, which are opioids
//! listed under "other substances" of 1308.14, are none.

use super::listing::base_name;
use super::products::{self, Found};
use crate::edition::Profile;
use crate::vocab::{Chemical, DrugClass, Salt, Word, words};
use jiff::civil::Date;

words! {
    /// Something that a product has or has not.
    Fact {
        /// It has.
        Yes = "yes",
        /// It has not.
        No = "no",
        /// Nobody has said.
        Missing = "missing",
    }
}

words! {
    /// In what a product is measured out.
    Measured {
        /// In counted dosage units.
        Counted = "counted",
        /// As a liquid, by volume.
        Liquid = "liquid",
        /// By weight.
        Weighed = "weighed",
    }
}

/// Names of narcotics (21 U.S.C. 802(17); 21 CFR 1308.11(b), (c); 1308.12(b), (c); 1308.13(e); 1308.14(b); 1308.15(b)), each a
/// word or words of a substance's name.
const NARCOTICS: [&str; 46] = [
    "alfentanil",
    "alphaprodine",
    "anileridine",
    "bezitramide",
    "buprenorphine",
    "carfentanil",
    "coca",
    "cocaine",
    "codeine",
    "dextropropoxyphene",
    "diacetylmorphine",
    "difenoxin",
    "dihydrocodeine",
    "dihydroetorphine",
    "diphenoxylate",
    "ecgonine",
    "ethylmorphine",
    "etorphine",
    "fentanyl",
    "heroin",
    "hydrocodone",
    "hydromorphone",
    "isomethadone",
    "levomethadyl",
    "levomethorphan",
    "levorphanol",
    "meperidine",
    "metazocine",
    "methadone",
    "metopon",
    "morphine",
    "oliceridine",
    "opium",
    "oripavine",
    "oxycodone",
    "oxymorphone",
    "paregoric",
    "pethidine",
    "phenazocine",
    "propoxyphene",
    "racemorphan",
    "remifentanil",
    "sufentanil",
    "tapentadol",
    "thebaine",
    "tramadol",
];

/// Names of what contains opium itself.
const OPIUM: [&str; 3] = ["opium", "paregoric", "laudanum"];

/// The listed chemical of a product (21 U.S.C. 802(34), (45)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChemicalContent {
    /// Which.
    pub chemical: Chemical,
    /// Of which salt; `None` where nobody has said, or it is one that App. G of the manual does not weigh.
    pub salt: Option<Salt>,
    /// Micrograms of the salt in a dosage unit, or for a liquid in a millilitre; `None` where nobody has said.
    pub micrograms: Option<u64>,
}

/// A word of a name at a time, in lower case.
fn words_in(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

fn names_any(name: &str, list: &[&str]) -> bool {
    words_in(name).any(|word| list.contains(&word.as_str()))
}

/// Whether a product of these substances is a narcotic. `controlled` says whether it is in a schedule at all.
pub fn narcotic<'a>(
    profile: &Profile,
    substances: impl Iterator<Item = &'a str> + Clone,
    controlled: bool,
    day: Date,
) -> Fact {
    of_class(profile, substances, controlled, day, &NARCOTICS)
}

/// Whether a product of these substances contains opium.
pub fn opium<'a>(
    profile: &Profile,
    substances: impl Iterator<Item = &'a str> + Clone,
    controlled: bool,
    day: Date,
) -> Fact {
    of_class(profile, substances, controlled, day, &OPIUM)
}

fn of_class<'a>(
    profile: &Profile,
    mut substances: impl Iterator<Item = &'a str> + Clone,
    controlled: bool,
    day: Date,
    list: &[&str],
) -> Fact {
    if substances.clone().any(|name| names_any(name, list)) {
        return Fact::Yes;
    }
    let known = |name: &str| {
        let base = base_name(profile, name, day);
        names_any(base, &NARCOTICS) || !matches!(products::lookup(profile, base, day), Found::Unknown)
    };
    if !controlled || substances.any(known) { Fact::No } else { Fact::Missing }
}

/// Whether the food and drug law makes it a prescription drug, by the kind that a directory states.
pub fn legend(kind: &str) -> Fact {
    match () {
        () if kind.contains("OTC") => Fact::No,
        () if kind.contains("PRESCRIPTION") => Fact::Yes,
        () => Fact::Missing,
    }
}

/// The listed chemical in a substance's name: which, and of which salt.
pub fn chemical(name: &str) -> Option<ChemicalContent> {
    let chemical = Chemical::LIST.iter().find(|(word, _)| names_any(name, &[word]))?.1;
    let salt = if names_any(name, &["hydrochloride", "hcl"]) {
        Some(Salt::Hydrochloride)
    } else {
        names_any(name, &["sulfate", "sulphate"]).then_some(Salt::Sulfate)
    };
    Some(ChemicalContent { chemical, salt, micrograms: None })
}

/// The class of a product as far as the warning signs tell classes apart, by our table; an opioid goes before what is beside
/// it. `None` for what the table does not know.
pub fn class<'a>(profile: &Profile, substances: impl Iterator<Item = &'a str>, day: Date) -> Option<DrugClass> {
    let of = |name: &str| {
        let base = base_name(profile, name, day);
        match products::lookup(profile, base, day) {
            Found::Certain(_, entries) | Found::Depends(_, entries) => entries.first().map(|entry| named(&entry.class)),
            Found::Unknown => names_any(base, &NARCOTICS).then_some(DrugClass::Opioid),
        }
    };
    let found: Vec<DrugClass> = substances.filter_map(of).collect();
    // The order of the list is the order in which they are told.
    DrugClass::LIST.iter().map(|(_, class)| *class).find(|class| found.contains(class))
}

fn named(class: &str) -> DrugClass {
    let has = |parts: &[&str]| parts.iter().any(|part| class.contains(part));
    match () {
        () if has(&["opioid"]) => DrugClass::Opioid,
        () if has(&["benzodiazepine"]) => DrugClass::Benzodiazepine,
        () if has(&["muscle relaxant"]) => DrugClass::MuscleRelaxant,
        () if has(&["stimulant", "anorectic", "wakefulness"]) => DrugClass::Stimulant,
        () if has(&["barbiturate", "hypnotic", "depressant", "antiepileptic", "dissociative"]) => {
            DrugClass::OtherDepressant
        }
        () => DrugClass::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 22);

    fn check(substances: &[&str], controlled: bool, expected: [Fact; 2]) {
        let (profile, names) = (Profile::in_force(), substances.iter().copied());
        let found = [narcotic(&profile, names.clone(), controlled, TODAY), opium(&profile, names, controlled, TODAY)];
        assert_eq!(found, expected, "{substances:?}");
    }

    #[test]
    fn a_narcotic_is_known_by_its_substance_and_an_unknown_controlled_product_is_not_told() {
        use Fact::{Missing, No, Yes};
        check(&["GUAIFENESIN", "CODEINE PHOSPHATE"], true, [Yes, No]);
        check(&["OPIUM TINCTURE, DEODORIZED"], true, [Yes, Yes]);
        check(&["Paregoric"], true, [Yes, Yes]);
        check(&["OLICERIDINE FUMARATE"], true, [Yes, No]);
        check(&["COCAINE HYDROCHLORIDE"], true, [Yes, No]);
        check(&["BUTORPHANOL TARTRATE"], true, [No, No]);
        check(&["ALPRAZOLAM"], true, [No, No]);
        check(&["DEXTROMETHORPHAN HYDROBROMIDE"], false, [No, No]);
        check(&["APOMORPHINE HYDROCHLORIDE"], false, [No, No]);
        check(&["NEWSUBSTANCEINE"], true, [Missing, Missing]);
        check(&[], true, [Missing, Missing]);
    }

    #[test]
    fn a_listed_chemical_is_told_with_its_salt() {
        let told = |name: &str| chemical(name).map(|found| (found.chemical, found.salt));
        assert_eq!(told("PSEUDOEPHEDRINE HYDROCHLORIDE"), Some((Chemical::Pseudoephedrine, Some(Salt::Hydrochloride))));
        assert_eq!(told("Ephedrine sulphate"), Some((Chemical::Ephedrine, Some(Salt::Sulfate))));
        assert_eq!(told("EPHEDRINE"), Some((Chemical::Ephedrine, None)));
        assert_eq!(told("PHENYLEPHRINE HYDROCHLORIDE"), None);
    }

    #[test]
    fn the_class_of_a_combination_is_its_opioids() {
        let of = |names: &[&str]| class(&Profile::in_force(), names.iter().copied(), TODAY);
        assert_eq!(of(&["ACETAMINOPHEN", "CODEINE PHOSPHATE"]), Some(DrugClass::Opioid));
        assert_eq!(of(&["CARISOPRODOL", "CODEINE PHOSPHATE"]), Some(DrugClass::Opioid));
        assert_eq!(of(&["ALPRAZOLAM"]), Some(DrugClass::Benzodiazepine));
        assert_eq!(of(&["CARISOPRODOL"]), Some(DrugClass::MuscleRelaxant));
        assert_eq!(of(&["METHYLPHENIDATE HYDROCHLORIDE"]), Some(DrugClass::Stimulant));
        assert_eq!(of(&["ZOLPIDEM TARTRATE"]), Some(DrugClass::OtherDepressant));
        assert_eq!(of(&["LISINOPRIL"]), None);
    }
}
