//! The daily audit of an application: gathered, examined, recorded, with everything that follows.

use super::audits::setting;
use super::incidents::incidents_stream;
use crate::house::record::{Change, Fault};
use crate::house::{House, program};
use crate::practice::signer_stream;
use theriac_prescriber::audit::Application;
use theriac_prescriber::incident::{AuditRun, Integrity, examine};

/// An audit put together, ready to be appended.
pub(crate) struct Examined {
    pub(crate) run: AuditRun,
    pub(crate) change: Change,
}

impl House {
    /// Audits an application over the entries since its last audit, up to those that `integrity` covers. Nothing is recorded
    /// yet.
    pub(crate) fn examine(&self, application: Application, integrity: &Integrity) -> Result<Examined, Fault> {
        self.under_terms(|terms| {
            let watching = self.watching(application)?;
            let begun = self.clock.moment();
            let from = watching.register.next_from().min(integrity.size);
            let list = watching.register.list();
            let gathered = self.gather_facts((application, list), from, integrity.clone(), terms)?;
            let missed = watching.began().map(|began| watching.register.missed(began, begun)).unwrap_or_default();
            let unseen = watching.register.unseen(from);
            let window = (from, integrity.size);
            let ended = self.clock.moment();
            let run = examine(setting(application), window, (begun, ended), &missed, unseen, &gathered.facts());
            let recorded = watching.register.record(run.clone(), terms);
            let actor = program();
            let by = self.by(&actor, "");
            let stream = incidents_stream(application);
            let mut change = Change::default().decided_on(stream, watching.version);
            for event in &recorded.events {
                change = change.event(&by, stream, event)?;
            }
            for person in &recorded.suspend {
                change = self.suspending(change, person)?;
            }
            change = self.raising(change, &by, recorded.notices)?;
            Ok(Examined { run, change })
        })
    }

    /// Whoever an audit found to have access that they should not have does not sign until two grant it anew.
    fn suspending(&self, change: Change, person: &str) -> Result<Change, Fault> {
        let (signer, version) = self.signer(person)?;
        if signer.grant_stage() != theriac_prescriber::access::GrantStage::InForce {
            return Ok(change);
        }
        let actor = program();
        let event = signer.suspend(&actor, "the daily audit found that the access must be cleared up")?;
        let name = signer_stream(person);
        change.decided_on(&name, version).event(&self.by(&actor, ""), &name, &event)
    }
}
