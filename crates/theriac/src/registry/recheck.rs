//! The recheck of everybody who signs against the data in use: after each import, and daily.

use super::event::RegistryEvent;
use super::{RECHECK, STREAM};
use crate::house::record::{Change, Fault, stream};
use crate::house::{House, program};
use serde_json::{Value, json};
use theriac_prescriber::registrants::{Age, Notice, sweep};
use theriac_prescriber::{AccessEvent, Signer};
use theriac_store::{JobId, NewJob};

/// What a recheck came to.
#[derive(Debug)]
pub(crate) struct Rechecked {
    pub(crate) age: Age,
    /// People who have a right to sign on record.
    pub(crate) people: usize,
    /// Of them, those for whom something was recorded.
    pub(crate) changed: usize,
    pub(crate) notices: Vec<Notice>,
}

fn told(notice: &Notice) -> Value {
    json!({
        "cite": notice.what.cite.as_str(),
        "code": notice.what.code.0,
        "edition": notice.what.edition.name(),
        "next": notice.what.next,
        "person": notice.person,
        "to": notice.to.iter().map(|to| to.word()).collect::<Vec<_>>(),
        "what": notice.what.what,
    })
}

impl House {
    /// Everybody with a right to sign on record, with the version of their records.
    pub(crate) fn all_signers(&self) -> Result<Vec<(Signer, String, u64)>, Fault> {
        let mut signers = Vec::new();
        for row in self.store.query("SELECT stream FROM signers ORDER BY stream", &[])? {
            let name = row.text(0)?.to_owned();
            let (events, version) = stream::<AccessEvent>(&self.store, &name)?;
            let mut signer = Signer::new(name.strip_prefix("signer/").unwrap_or(&name));
            for event in &events {
                signer.apply(event);
            }
            signers.push((signer, name, version));
        }
        Ok(signers)
    }

    /// Rechecks everybody and records what follows. It may be repeated: the same data decides nothing twice.
    pub(crate) fn recheck(&self, job: Option<JobId>) -> Result<Rechecked, Fault> {
        let signers = self.all_signers()?;
        let numbers =
            signers.iter().flat_map(|(signer, ..)| signer.registrations()).filter_map(|one| one.registration.number());
        let data = self.registrant_data(numbers)?;
        let provider = self.provider();
        let found = sweep(signers.iter().map(|(signer, ..)| signer), data.as_ref(), &self.rules(&provider));
        let actor = program();
        let by = self.by(&actor, "");
        let mut notices = found.notices;
        let changed = found.people.len();
        for outcome in found.people {
            let Some((_, name, version)) = signers.iter().find(|(signer, ..)| signer.person() == outcome.person) else {
                continue;
            };
            let mut change = Change::default().decided_on(name, *version);
            for event in &outcome.events {
                change = change.event(&by, name, event)?;
            }
            change.commit(&self.store)?;
            notices.extend(outcome.notices);
        }
        let record = RegistryEvent::Rechecked {
            issued: data.as_ref().map(theriac_prescriber::registrants::Snapshot::issued),
            people: signers.len() as u64,
            changed: changed as u64,
            notices: notices.iter().map(told).collect(),
        };
        let mut change = Change::default().event(&by, STREAM, &record)?;
        let at = self.clock.moment();
        let to_tell = notices.iter().flat_map(|notice| theriac_prescriber::notice::Notice::of_recheck(notice, at));
        change = self.raising(change, &by, to_tell.collect())?;
        if let Some(job) = job {
            change = change.finishes(job);
        }
        if let Some(next) = self.tomorrows_recheck()? {
            change = change.job(next);
        }
        change.commit(&self.store)?;
        Ok(Rechecked { age: found.age, people: signers.len(), changed, notices })
    }

    /// The recheck with which the next day of the place begins: access ends at the start of an expiration date. None if it
    /// is written down already.
    fn tomorrows_recheck(&self) -> Result<Option<NewJob>, Fault> {
        let broken = |error: jiff::Error| Fault::Broken(error.to_string());
        let tomorrow = self.clock.moment().date().tomorrow().map_err(broken)?;
        let key = format!("{RECHECK}/daily/{tomorrow}");
        if !self.store.query("SELECT id FROM jobs WHERE idempotency_key = $1", &[key.as_str().into()])?.is_empty() {
            return Ok(None);
        }
        let due_ms = tomorrow.to_zoned(self.clock.zone()).map_err(broken)?.timestamp().as_millisecond();
        Ok(Some(NewJob { kind: RECHECK.to_owned(), key, due_ms, payload: b"{}".to_vec() }))
    }

    /// Sees to it that a recheck is written down: a server that starts begins the daily round, whatever was imported or not.
    pub(crate) fn keep_rechecking(&self) -> Result<(), Fault> {
        if self.tomorrows_recheck()?.is_some() {
            self.recheck(None)?;
        }
        Ok(())
    }
}
