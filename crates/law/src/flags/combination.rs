//! Signs that lie in what is taken together (cards, "NABP Ref Flags", "Legalized Marijuana"; manual, appendix D).
//!
//! An opioid, a benzodiazepine and a muscle relaxant together; two of them are a lesser warning. A depressant and a
//! stimulant together. Cannabis in the profile adds to the depression of an opioid, and bears on what CYP450 breaks down.

use super::Seen;
use crate::edition::By;
use crate::rule::{Outcome, rule};
use crate::vocab::{DrugClass, ProfileItem};

rule!(COCKTAIL: "flag-cocktail", "red-flags", "Cards 2021, NABP Ref Flags", By::ALL,
    "An opioid, a benzodiazepine and a muscle relaxant are taken together, or two of them",
    ["law-flag-cocktail"]);
rule!(OPPOSED: "flag-uppers-downers", "red-flags", "Manual 2010, appendix D", By::ALL,
    "A depressant and a stimulant are prescribed together",
    ["law-flag-uppers-downers", "pharm-flag-antagonistic"]);
rule!(CANNABIS: "flag-cannabis", "cannabis", "Cards 2021, Legalized Marijuana", By::ALL,
    "Cannabis in the profile warns on an opioid and on what CYP450 breaks down",
    ["law-cannabis-profile"]);

fn takes(seen: &Seen<'_>, class: DrugClass) -> bool {
    seen.screen.class == class || seen.screen.active.contains(&class)
}

/// The three together, or two of them.
pub(crate) fn cocktail(seen: &Seen<'_>) -> Outcome {
    let three = [DrugClass::Opioid, DrugClass::Benzodiazepine, DrugClass::MuscleRelaxant];
    let found: Vec<String> = three.iter().filter(|class| takes(seen, **class)).map(ToString::to_string).collect();
    let together = found.join(" and ");
    match found.len() {
        3 => seen.raise(&COCKTAIL, "LAW-FLAG-COCKTAIL", "screen.active", format!("{together} together")),
        2 => seen.raise(
            &COCKTAIL,
            "LAW-FLAG-COCKTAIL-TWO",
            "screen.active",
            format!("{together} together, a lesser warning"),
        ),
        _ => Outcome::Satisfied,
    }
}

/// Depressant and stimulant.
pub(crate) fn opposed(seen: &Seen<'_>) -> Outcome {
    let down = takes(seen, DrugClass::Benzodiazepine) || takes(seen, DrugClass::OtherDepressant);
    if !(down && takes(seen, DrugClass::Stimulant)) {
        return Outcome::Satisfied;
    }
    seen.raise(&OPPOSED, "LAW-FLAG-UPPERS-DOWNERS", "screen.active", "a depressant and a stimulant together")
}

/// Cannabis and an opioid, or a substrate of CYP450.
pub(crate) fn cannabis(seen: &Seen<'_>) -> Outcome {
    if !seen.screen.profile.contains(&ProfileItem::Cannabis) {
        return Outcome::Satisfied;
    }
    let what = if seen.screen.class == DrugClass::Opioid {
        "cannabis adds to the opioid's depression of the nervous system"
    } else if seen.screen.cyp450_substrate {
        "cannabis changes how CYP450 breaks the drug down"
    } else {
        return Outcome::Satisfied;
    };
    seen.raise(&CANNABIS, "LAW-FLAG-CANNABIS", "screen.profile", what)
}
