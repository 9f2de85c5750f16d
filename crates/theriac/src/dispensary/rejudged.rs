//! Stored decisions asked again: what was decided stays, what another profile would decide stands beside it.

use crate::house::House;
use crate::house::record::{Fault, read};
use crate::views::{edition_in_words, edition_named};
use theriac_law::Profile;
use theriac_pharmacy::{Again, Event, PrescriptionNumber, Recorded, rejudge};

/// A decision as it was recorded, and as it would be.
#[derive(Clone, Debug)]
pub(crate) struct Rejudged {
    /// The journal's entry that holds the decision.
    pub(crate) entry: u64,
    /// The act, in words.
    pub(crate) what: String,
    /// When it was decided.
    pub(crate) at: String,
    /// The profile under which it was decided.
    pub(crate) profile: String,
    /// `allowed`, or the code of the refusal.
    pub(crate) verdict: String,
    /// The rules that decided, each with the paragraph that it restates.
    pub(crate) rules: Vec<String>,
    /// What the other profile says: `allowed`, codes of refusals, or why it was not asked.
    pub(crate) again: String,
    /// By which rules.
    pub(crate) again_rules: Vec<String>,
    /// Whether the two verdicts differ.
    pub(crate) differs: Differs,
}

/// Whether the other profile decides otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Differs {
    /// As before.
    No,
    /// Otherwise.
    Yes,
    /// It was not asked.
    NotAsked,
}

/// A rule with its citation; a rule of an earlier program that is no more keeps its identifier.
fn cited(id: &str) -> String {
    theriac_law::registry()
        .iter()
        .find(|rule| rule.id == id)
        .map_or_else(|| id.to_owned(), |rule| format!("{id} ({})", rule.cite))
}

impl House {
    /// Asks every decision of one prescription's record again under `profile`, each on its own day. Nothing is recorded.
    ///
    /// # Errors
    /// `PHARM-UNKNOWN` for a number that no prescription has.
    pub(crate) fn rejudged(&self, number: &PrescriptionNumber, profile: &Profile) -> Result<Vec<Rejudged>, Fault> {
        let entries = self.store.stream(&number.stream())?;
        if entries.is_empty() {
            return Err(super::presented::unknown_number().into());
        }
        let kept: Vec<_> = entries.iter().filter(|entry| entry.body_bytes().is_some()).collect();
        let events = kept.iter().map(|entry| read::<Event>(entry)).collect::<Result<Vec<_>, _>>()?;
        let found = rejudge(profile, &events).map_err(|error| Fault::Broken(error.to_string()))?;
        Ok(found
            .into_iter()
            .map(|one| {
                let entry = kept.get(one.event);
                let (verdict, rules, allowed) = match one.recorded {
                    Recorded::Allowed(law) => ("allowed".to_owned(), law.rules, true),
                    Recorded::Refused(refusal) => {
                        let by = edition_named(&refusal.edition);
                        (format!("{}, {} ({by})", refusal.code, refusal.cite), Vec::new(), false)
                    }
                };
                let (again, again_rules, differs) = match one.again {
                    Again::Allowed(law) => {
                        let differs = if allowed { Differs::No } else { Differs::Yes };
                        ("allowed".to_owned(), law.rules, differs)
                    }
                    Again::Refused(refusals) => {
                        let told = |refusal: &theriac_model::Refusal| {
                            format!("{}, {} ({})", refusal.code, refusal.cite, edition_in_words(&refusal.edition))
                        };
                        let differs = if allowed { Differs::Yes } else { Differs::No };
                        (refusals.iter().map(told).collect::<Vec<_>>().join("; "), Vec::new(), differs)
                    }
                    Again::NotAsked(why) => (format!("not asked: {why}"), Vec::new(), Differs::NotAsked),
                };
                Rejudged {
                    entry: entry.map_or(0, |entry| entry.seq),
                    what: one.what,
                    at: super::moving_papers::wall(one.at),
                    profile: entry.map_or_else(String::new, |entry| entry.law.clone()),
                    verdict,
                    rules: rules.iter().map(|id| cited(id)).collect(),
                    again,
                    again_rules: again_rules.iter().map(|id| cited(id)).collect(),
                    differs,
                }
            })
            .collect())
    }
}
