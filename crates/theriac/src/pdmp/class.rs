//! The class of a drug by its name, as far as warning signs distinguish classes.
//!
//! Names of substances are facts; the table holds those that are dispensed on prescription in schedules II to V. A name that is
//! not here is of no class, and raises no sign.

use theriac_law::vocab::DrugClass;

const NAMES: &[(DrugClass, &[&str])] = &[
    (
        DrugClass::Opioid,
        &[
            "alfentanil",
            "buprenorphine",
            "butorphanol",
            "codeine",
            "dihydrocodeine",
            "fentanyl",
            "hydrocodone",
            "hydromorphone",
            "levorphanol",
            "meperidine",
            "methadone",
            "morphine",
            "nalbuphine",
            "opium",
            "oxycodone",
            "oxymorphone",
            "pentazocine",
            "remifentanil",
            "sufentanil",
            "tapentadol",
            "tramadol",
        ],
    ),
    (
        DrugClass::Benzodiazepine,
        &[
            "alprazolam",
            "chlordiazepoxide",
            "clobazam",
            "clonazepam",
            "clorazepate",
            "diazepam",
            "estazolam",
            "flurazepam",
            "lorazepam",
            "midazolam",
            "oxazepam",
            "quazepam",
            "remimazolam",
            "temazepam",
            "triazolam",
        ],
    ),
    (DrugClass::MuscleRelaxant, &["carisoprodol", "meprobamate"]),
    (
        DrugClass::Stimulant,
        &[
            "amphetamine",
            "armodafinil",
            "benzphetamine",
            "dexmethylphenidate",
            "dextroamphetamine",
            "diethylpropion",
            "lisdexamfetamine",
            "methamphetamine",
            "methylphenidate",
            "modafinil",
            "phendimetrazine",
            "phentermine",
            "serdexmethylphenidate",
        ],
    ),
    (
        DrugClass::OtherDepressant,
        &[
            "butabarbital",
            "butalbital",
            "daridorexant",
            "eszopiclone",
            "lemborexant",
            "oxybate",
            "pentobarbital",
            "phenobarbital",
            "pregabalin",
            "secobarbital",
            "suvorexant",
            "zaleplon",
            "zolpidem",
        ],
    ),
];

/// The class of a drug; of a combination that of the first class in the table's order, so that an opioid comes first.
pub(super) fn class_of(name: &str) -> DrugClass {
    let name = name.to_ascii_lowercase();
    let mut words = Vec::new();
    words.extend(name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()));
    let found = NAMES.iter().find(|(_, names)| names.iter().any(|known| words.contains(known)));
    found.map_or(DrugClass::Other, |(class, _)| *class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drug_is_of_the_class_of_its_substance() {
        let check = |name: &str, class| assert_eq!(class_of(name), class, "{name}");
        check("Oxycodone hydrochloride", DrugClass::Opioid);
        check("Acetaminophen/codeine", DrugClass::Opioid);
        check("butalbital, acetaminophen, caffeine and codeine", DrugClass::Opioid);
        check("ALPRAZOLAM", DrugClass::Benzodiazepine);
        check("Methylphenidate HCl", DrugClass::Stimulant);
        check("Carisoprodol", DrugClass::MuscleRelaxant);
        check("zolpidem tartrate", DrugClass::OtherDepressant);
        check("apomorphine", DrugClass::Other);
        check("", DrugClass::Other);
    }
}
