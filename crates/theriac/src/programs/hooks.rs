//! Webhooks: a program is told what becomes of the prescriptions it drafted.
//!
//! Whatever changes a prescription writes the notice down as a job in its own transaction, so a notice is lost only with the
//! change itself. A notice is sent until its program takes it, at least once and for three days, and carries no patient
//! data: which prescription, which stage, after which of its changes, when.

use super::address::Address;
use super::event::ProgramEvent;
use super::{CITE, refuse};
use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use crate::practice::prescription_stream;
use aws_lc_rs::hmac;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use theriac_model::{Actor, Refusal, hex};
use theriac_prescriber::{Event, Prescription};
use theriac_store::{Append, Job, NewJob, Store, StoreError};

/// The kind of the job that tells a program.
pub(crate) const WEBHOOK: &str = "webhook";
/// Notices taken up at a time.
const AT_A_TIME: u32 = 64;
/// The first wait after a failure, in milliseconds: half a minute. Each further one is four times as long.
const FIRST_WAIT_MS: i64 = 30_000;
/// The longest wait between two tries, in milliseconds: four hours.
const LONGEST_WAIT_MS: i64 = 4 * 3_600_000;
/// For how long a notice is tried, in milliseconds: three days, so that a weekend does no harm.
const GIVEN_UP_MS: i64 = 3 * 24 * 3_600_000;
/// What a secret begins with.
const SECRET_MARK: &str = "whsec-";

/// A program's webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hook {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) since: Timestamp,
}

/// What a job to tell a program needs.
#[derive(Serialize, Deserialize)]
struct Notice {
    at_ms: i64,
    hook: String,
    key: String,
    prescription: String,
    /// The version of the prescription's stream after the change.
    version: u64,
}

/// One call of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) address: Address,
    /// The header `Theriac-Signature`: `t=SECONDS,v1=HEX`, HMAC-SHA256 with the webhook's secret over `SECONDS.BODY`.
    pub(crate) signature: String,
    /// The header `Theriac-Delivery`: the same for every try of a notice.
    pub(crate) delivery: String,
    pub(crate) body: String,
}

/// Who carries calls to programs.
pub(crate) trait Caller {
    /// Sends a call; answers the HTTP status that came back.
    ///
    /// # Errors
    /// Why none came, in words for the operator.
    fn call(&self, call: &Call) -> Result<u16, String>;
}

/// What telling came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) taken: usize,
    pub(crate) failed: usize,
    pub(crate) given_up: usize,
}

/// Writes notices down for whatever an append changes of prescriptions that programs drafted.
pub(crate) fn notices(append: &mut Append, store: &Store) -> Result<(), StoreError> {
    let mut versions: HashMap<&str, u64> = HashMap::new();
    let mut jobs = Vec::new();
    for event in &append.events {
        let Some(id) = event.stream.strip_prefix("prescription/") else { continue };
        let expected =
            || append.expected.iter().find(|(name, _)| *name == event.stream).map_or(0, |(_, version)| *version);
        let version = versions.entry(event.stream.as_str()).or_insert_with(expected);
        *version += 1;
        // Whoever enters a draft knows that it is one.
        if *version == 1 {
            continue;
        }
        let sql = "SELECT webhooks.key_id, webhooks.id FROM program_drafts JOIN webhooks ON webhooks.key_id = program_drafts.key_id
                   WHERE program_drafts.prescription = $1";
        for row in store.query(sql, &[id.into()])? {
            let notice = Notice {
                at_ms: event.at_ms,
                hook: row.text(1)?.to_owned(),
                key: row.text(0)?.to_owned(),
                prescription: id.to_owned(),
                version: *version,
            };
            jobs.push(NewJob {
                kind: WEBHOOK.to_owned(),
                key: format!("{WEBHOOK}/{}/{id}/{version}", notice.hook),
                due_ms: event.at_ms,
                payload: serde_json::to_vec(&notice).map_err(|error| StoreError::Damaged(error.to_string()))?,
            });
        }
    }
    append.jobs.extend(jobs);
    Ok(())
}

/// How long to wait after this many failures.
fn wait_ms(failures: u64) -> i64 {
    let times = u32::try_from(failures.min(16)).unwrap_or(16);
    FIRST_WAIT_MS.saturating_mul(4_i64.saturating_pow(times)).min(LONGEST_WAIT_MS)
}

/// The signature of a body at an instant, as the header carries it.
pub(crate) fn signature(secret: &str, at: Timestamp, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let seconds = at.as_second();
    let tag = hmac::sign(&key, format!("{seconds}.{body}").as_bytes());
    format!("t={seconds},v1={}", hex::encode(tag.as_ref()))
}

fn no_hook() -> Fault {
    refuse("API-WEBHOOK-NONE", "webhook", "this program has no webhook".to_owned(), "set one with POST /api/v1/webhook")
}

impl House {
    /// Where a program is told, if it wants to be.
    pub(crate) fn hook(&self, key: &str) -> Result<Option<Hook>, Fault> {
        let rows = self.store.query("SELECT id, url, since_ms FROM webhooks WHERE key_id = $1", &[key.into()])?;
        let Some(row) = rows.first() else { return Ok(None) };
        let since = i64::try_from(row.u64(2)?)
            .ok()
            .and_then(|ms| Timestamp::from_millisecond(ms).ok())
            .ok_or_else(|| Fault::Broken("a webhook without a time".to_owned()))?;
        Ok(Some(Hook { id: row.text(0)?.to_owned(), url: row.text(1)?.to_owned(), since }))
    }

    /// The secret with which a webhook's calls are signed. It is derived from the deployment's keys and stored nowhere.
    pub(crate) fn hook_secret(&self, hook: &str) -> String {
        format!("{SECRET_MARK}{}", hex::encode(&self.keys.secret("webhooks", hook)))
    }

    /// Tells a program from now on; answers the webhook and its secret. Set again, it has a new secret.
    ///
    /// # Errors
    /// An address that the server does not call.
    pub(crate) fn set_hook(&self, by: &Actor, key: &str, url: &str) -> Result<(Hook, String), Fault> {
        let url = Address::parse(url, self.deployment)?.as_str().to_owned();
        let id = Self::fresh_id("W")?;
        let event = ProgramEvent::HookSet { key: key.to_owned(), hook: id.clone(), url: url.clone() };
        let desk = self.by(by, "");
        let since = desk.at;
        Change::default().event(&desk, &event.stream(), &event)?.commit(&self.store)?;
        let secret = self.hook_secret(&id);
        Ok((Hook { id, url, since }, secret))
    }

    /// Tells a program no more; answers the webhook's identifier.
    ///
    /// # Errors
    /// A program that has none.
    pub(crate) fn end_hook(&self, by: &Actor, key: &str) -> Result<String, Fault> {
        let hook = self.hook(key)?.ok_or_else(no_hook)?.id;
        let event = ProgramEvent::HookEnded { key: key.to_owned(), hook: hook.clone() };
        Change::default().event(&self.by(by, ""), &event.stream(), &event)?.commit(&self.store)?;
        Ok(hook)
    }

    /// Sends the notices that are due. A program that does not take one is asked for no other until its next turn.
    pub(crate) fn tell_programs(&self, caller: &dyn Caller) -> Result<Told, Fault> {
        let mut told = Told::default();
        let now = self.clock.now().as_millisecond();
        let mut silent: HashMap<String, (i64, String)> = HashMap::new();
        for job in self.store.due_jobs_of(WEBHOOK, now, AT_A_TIME)? {
            let notice: Notice = serde_json::from_slice(&job.payload)
                .map_err(|error| Fault::Broken(format!("job {}: {error}", job.id)))?;
            if let Some((until, why)) = silent.get(&notice.hook) {
                self.retry(&job, *until, why)?;
                continue;
            }
            match self.tell(caller, &job, &notice) {
                Ok(Sent::Taken) => told.taken += 1,
                Ok(Sent::GivenUp) => told.given_up += 1,
                // Another process told it first.
                Err(Fault::Conflict) => {}
                Err(Fault::Refused(refusal)) => {
                    self.give_up(&job, &refusal.to_string())?;
                    told.given_up += 1;
                }
                Ok(Sent::Failed(why)) | Err(Fault::Broken(why)) if now - notice.at_ms >= GIVEN_UP_MS => {
                    self.give_up(&job, &why)?;
                    told.given_up += 1;
                }
                Ok(Sent::Failed(why)) | Err(Fault::Broken(why)) => {
                    let until = now + wait_ms(job.attempts);
                    self.retry(&job, until, &why)?;
                    silent.insert(notice.hook, (until, why));
                    told.failed += 1;
                }
            }
        }
        Ok(told)
    }

    fn retry(&self, job: &Job, until: i64, why: &str) -> Result<(), Fault> {
        match self.store.retry_job(job.id, until, why).map_err(Fault::from) {
            Err(Fault::Conflict) => Ok(()),
            other => other,
        }
    }

    fn tell(&self, caller: &dyn Caller, job: &Job, notice: &Notice) -> Result<Sent, Fault> {
        let wanted = self.hook(&notice.key)?.filter(|hook| hook.id == notice.hook);
        let (Some(hook), Some(_)) = (wanted, self.key(&notice.key)?) else {
            self.give_up(job, "the program does not want to be told any more, or its key was ended")?;
            return Ok(Sent::GivenUp);
        };
        let address = Address::parse(&hook.url, self.deployment)?;
        let body = self.notice_body(notice)?;
        let signature = signature(&self.hook_secret(&hook.id), self.clock.now(), &body);
        let call = Call { address, signature, delivery: format!("{}-{}", hook.id, job.id), body };
        let answer = match caller.call(&call) {
            Ok(answer @ 200..300) => answer,
            Ok(answer) => return Ok(Sent::Failed(format!("the program answered {answer}"))),
            Err(why) => return Ok(Sent::Failed(why)),
        };
        let event = ProgramEvent::Told {
            key: notice.key.clone(),
            hook: hook.id,
            prescription: notice.prescription.clone(),
            version: notice.version,
            answer: u64::from(answer),
        };
        let program = crate::house::program();
        Change::default()
            .event(&self.by(&program, ""), &event.stream(), &event)?
            .finishes(job.id)
            .commit(&self.store)?;
        Ok(Sent::Taken)
    }

    /// What a program is told: the prescription as it stood after that change, whatever happened since.
    fn notice_body(&self, notice: &Notice) -> Result<String, Fault> {
        let (events, _) = stream::<Event>(&self.store, &prescription_stream(&notice.prescription))?;
        let until = usize::try_from(notice.version).unwrap_or(usize::MAX).min(events.len());
        let then = Prescription::replay(&notice.prescription, events.get(..until).unwrap_or(&events));
        let then = then.map_err(|error| Fault::Broken(error.to_string()))?;
        let at = Timestamp::from_millisecond(notice.at_ms).map_err(|error| Fault::Broken(error.to_string()))?;
        Ok(json!({
            "prescription": notice.prescription,
            "status": then.stage(),
            "version": notice.version,
            "at": at.to_string(),
        })
        .to_string())
    }

    /// Enters drafts for a program, or for a person at the desk, with what comes along: all of them, or none.
    pub(crate) fn drafted_by(
        &self,
        by: &Actor,
        key: Option<&str>,
        ids: &[&str],
        change: Change,
    ) -> Result<Change, Fault> {
        let Some(key) = key else { return Ok(change) };
        let unique: HashSet<&&str> = ids.iter().collect();
        if unique.len() < ids.len() {
            return Err(Refusal::new("RX-DRAFT-TWICE", CITE, "a draft is entered twice", "enter it once").into());
        }
        ids.iter().try_fold(change, |change, id| {
            let event = ProgramEvent::Drafted { key: key.to_owned(), prescription: (*id).to_owned() };
            change.event(&self.by(by, ""), &event.stream(), &event)
        })
    }
}

/// What became of one notice.
enum Sent {
    Taken,
    Failed(String),
    GivenUp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_half_a_minute_to_four_hours() {
        let minutes: Vec<i64> = (0..7).map(|failures| wait_ms(failures) / 30_000).collect();
        assert_eq!(minutes, [1, 4, 16, 64, 256, 480, 480], "in half minutes");
        assert_eq!(wait_ms(u64::MAX), LONGEST_WAIT_MS);
    }

    /// The value was computed with `openssl dgst -sha256 -hmac`.
    #[test]
    fn a_signature_covers_the_instant_and_the_body() {
        let at = Timestamp::from_second(1_772_467_200).expect("an instant");
        let signed = signature("whsec-00", at, r#"{"status":"signed"}"#);
        assert_eq!(signed, SIGNED);
        assert_ne!(signature("whsec-01", at, r#"{"status":"signed"}"#), signed);
        assert_ne!(signature("whsec-00", at, r#"{"status":"ready"}"#), signed);
    }

    const SIGNED: &str = "t=1772467200,v1=14b2ffd82c9ce5554b042f8b3c394d1151ce9b0df61f438cfa98fd688d660552";
}
