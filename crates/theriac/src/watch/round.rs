//! The daily round as a job: logs that are owed, then the audits of both applications, then the next round.

use super::incidents::Audited;
use super::logs::Made;
use crate::house::House;
use crate::house::record::Fault;
use jiff::{SignedDuration, Timestamp};
use theriac_prescriber::audit::Application;
use theriac_prescriber::incident::next_due;
use theriac_store::{Job, JobId, NewJob};

/// The kind of the job.
pub(crate) const ROUND: &str = "watch-round";
/// How long after midnight a round begins.
const AFTER_MIDNIGHT: SignedDuration = SignedDuration::from_mins(5);
/// How long a round that failed waits, in milliseconds.
const RETRY_MS: i64 = 60_000;

/// What a round came to.
#[derive(Debug)]
pub(crate) struct Rounded {
    pub(crate) logs: Vec<Made>,
    /// The audits, one for each application.
    pub(crate) audits: Vec<(Application, Audited)>,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

impl House {
    /// When the round after one that began at `last` is due: five minutes into the next day, or earlier where that day is so
    /// long that more than the law's hours would pass.
    pub(crate) fn next_round(&self, last: Timestamp) -> Result<Timestamp, Fault> {
        let zone = self.clock.zone();
        let tomorrow = zone.to_datetime(last).date().tomorrow().map_err(broken)?;
        let begins = tomorrow.to_zoned(zone.clone()).map_err(broken)?.timestamp() + AFTER_MIDNIGHT;
        Ok(begins.min(self.under_terms(|terms| next_due(last, &zone, terms))))
    }

    /// Makes the logs that are owed, does the counter's part, and audits both applications. It may be repeated: logs are made once, and an audit looks
    /// at what came since the last. The next round is written down with it.
    pub(crate) fn round(&self, job: Option<JobId>) -> Result<Rounded, Fault> {
        let logs = self.make_logs()?;
        self.counter_round()?;
        self.watch_the_refill_days()?;
        let begun = self.clock.now();
        let report = self.store.check(&[])?;
        let integrity = super::facts::integrity(&report);
        let mut audits = Vec::new();
        for application in Application::ALL.iter().copied() {
            let mut examined = self.examine(application, &integrity)?;
            if application == Application::Prescribing {
                if let Some(job) = job {
                    examined.change = examined.change.finishes(job);
                }
                let due = self.next_round(begun)?;
                let key = format!("{ROUND}/{due}");
                let known = "SELECT id FROM jobs WHERE idempotency_key = $1";
                if self.store.query(known, &[key.as_str().into()])?.is_empty() {
                    let due_ms = due.as_millisecond();
                    examined.change =
                        examined.change.job(NewJob { kind: ROUND.to_owned(), key, due_ms, payload: b"{}".to_vec() });
                }
            }
            let seq = examined.change.commit(&self.store)?.seqs.start;
            audits.push((application, Audited { seq, run: examined.run }));
        }
        Ok(Rounded { logs, audits })
    }

    /// Does the round if one is due, or if none was ever written down. A server asks this every few seconds, apart from the
    /// outbox: an audit of a long journal must not hold prescriptions up.
    pub(crate) fn watch(&self) -> Result<Option<Rounded>, Fault> {
        let open = "SELECT id, due_ms FROM jobs WHERE kind = $1 AND done_seq IS NULL ORDER BY due_ms, id LIMIT 1";
        let rows = self.store.query(open, &[ROUND.into()])?;
        let now = self.clock.now().as_millisecond();
        let job = match rows.first() {
            None => None,
            Some(row) if row.int(1)? <= now => Some(JobId(row.u64(0)?)),
            Some(_) => return Ok(None),
        };
        match self.round(job) {
            Ok(done) => Ok(Some(done)),
            Err(Fault::Broken(why)) => {
                if let Some(job) = job {
                    self.store.retry_job(job, now + RETRY_MS, &why)?;
                }
                Err(Fault::Broken(why))
            }
            Err(other) => Err(other),
        }
    }
}

/// Whether a job is done by the watch and not by the outbox.
pub(crate) fn is_of_the_watch(job: &Job) -> bool {
    job.kind == ROUND
}
