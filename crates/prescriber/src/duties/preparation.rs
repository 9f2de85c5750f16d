//! Who entered what of a prescription before it was signed (2008: 1311.155(g), 1311.255(c)): the practitioner answers for what
//! an agent entered, and so is shown it.

use crate::event::Event;
use theriac_model::{Actor, CanonicalContents, Difference};

/// How a prescription came to be what is reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preparation {
    /// Who entered it first.
    pub prepared_by: Actor,
    /// What they entered.
    pub entered: CanonicalContents,
    /// Each later change: by whom, and what became different.
    pub changes: Vec<(Actor, Vec<Difference>)>,
}

impl Preparation {
    /// What one person changed after the first entry.
    pub fn changed_by<'a>(&'a self, person: &'a str) -> impl Iterator<Item = &'a Difference> {
        self.changes.iter().filter(move |(by, _)| by.id == person).flat_map(|(_, changes)| changes)
    }
}

/// How a prescription was prepared, from its records in order; `None` when they do not begin with a draft.
pub fn preparation(events: &[Event]) -> Option<Preparation> {
    let Some(Event::Drafted { by, contents, .. }) = events.first() else { return None };
    let mut before = contents;
    let mut changes = Vec::new();
    for event in events {
        if let Event::Changed { by, contents } = event {
            changes.push((by.clone(), before.differences(contents)));
            before = contents;
        }
    }
    Some(Preparation { prepared_by: by.clone(), entered: contents.clone(), changes })
}
