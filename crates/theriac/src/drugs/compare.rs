//! Where the directory's schedules and the rulebook's differ, by class.

use super::Listed;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use theriac_law::Profile;
use theriac_law::listing::{Judged, Relation};
use theriac_law::products::Status;

/// Products named with a class; more are only counted.
const EXAMPLES: usize = 5;

/// A class of differences: the same substances, the same two answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Class {
    pub(crate) relation: Relation,
    /// Substances without their salts.
    pub(crate) substances: Vec<String>,
    /// What the directory states: `CII`, or `none`.
    pub(crate) stated: String,
    /// What the rulebook says: `II`, `none`, `II or V`, `unknown`.
    pub(crate) ours: String,
    /// The status that stands.
    pub(crate) stands: &'static str,
}

/// Products of one class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Members {
    pub(crate) count: u64,
    /// Product code and labeler of the first few.
    pub(crate) examples: Vec<(String, String)>,
}

/// Every class of differences in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Disagreements {
    pub(crate) compared: u64,
    pub(crate) classes: BTreeMap<Class, Members>,
}

impl Disagreements {
    /// Compares one more product.
    pub(crate) fn note(&mut self, listed: &Listed, profile: &Profile, day: Date) {
        self.compared += 1;
        let comparison = listed.compare(profile, day);
        if comparison.relation == Relation::Agrees {
            return;
        }
        let class = Class {
            relation: comparison.relation,
            substances: listed.bases(profile, day),
            stated: listed.stated.map_or_else(|| "none".to_owned(), |schedule| format!("C{schedule}")),
            ours: judged(&comparison.judged),
            stands: comparison.stands.word(),
        };
        let members = self.classes.entry(class).or_default();
        members.count += 1;
        if members.examples.len() < EXAMPLES {
            members.examples.push((listed.product.to_string(), listed.labeler.clone()));
        }
    }

    /// Products that differ.
    pub(crate) fn products(&self) -> u64 {
        self.classes.values().map(|members| members.count).sum()
    }

    pub(crate) fn as_json(&self) -> Value {
        let class = |(class, members): (&Class, &Members)| {
            let examples: Vec<Value> = members
                .examples
                .iter()
                .map(|(product, labeler)| json!({"product": product, "labeler": labeler}))
                .collect();
            json!({
                "relation": class.relation.word(), "substances": class.substances, "stated": class.stated,
                "ours": class.ours, "stands": class.stands, "products": members.count, "examples": examples,
            })
        };
        json!({
            "compared": self.compared,
            "differing": self.products(),
            "classes": self.classes.iter().map(class).collect::<Vec<_>>(),
        })
    }
}

impl fmt::Display for Disagreements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} products differ, in {} classes", self.products(), self.compared, self.classes.len())?;
        for (class, members) in &self.classes {
            let (product, labeler) = members.examples.first().cloned().unwrap_or_default();
            write!(
                f,
                "\n{:<18} directory {:<5} ours {:<10} stands {:<5} {:>5}  {} ({product}, {labeler})",
                class.relation.word(),
                class.stated,
                class.ours,
                class.stands,
                members.count,
                class.substances.join(" + "),
            )?;
        }
        Ok(())
    }
}

/// What the rulebook says, in words.
pub(crate) fn judged(judged: &Judged) -> String {
    match judged {
        Judged::Certain(status) => status.word().to_owned(),
        Judged::OneOf(possible) => possible.iter().map(|status| Status::word(*status)).collect::<Vec<_>>().join(" or "),
        Judged::Unknown => "unknown".to_owned(),
    }
}
