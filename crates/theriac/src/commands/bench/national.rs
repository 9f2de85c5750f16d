//! Intake at a national rate: every message is parsed, its signature and certificate verified, looked up, decided, sealed
//! and appended; it counts when the record is durable.

use super::limits::{Limits, cores, measure};
use super::{Scratch, deployment};
use crate::demo::cast;
use crate::demo::story::{Prescribed, contents};
use crate::dispensary::{Incoming, Verdict};
use crate::house::{House, store_problem};
use crate::output::{Outcome, Problem};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use theriac_model::Element;
use theriac_prescriber::event::Routing;
use theriac_wire::script::SignatureGroup;

/// Messages made, then taken in, at a time.
const CHUNK: u32 = 5_000;
/// Appends under way at most: what a busy intake would hold in memory.
const UNDER_WAY_MAX: u64 = 2_048;

pub(crate) fn run(scripts: u32, store: Option<&str>) -> Result<Outcome, Problem> {
    let scratch = Scratch::new("national")?;
    let house = deployment(&scratch.0, store, None)?;
    house.list_again_today().map_err(Problem::from)?;
    let limits = measure(&scratch.0)?;
    let mut spent = Duration::ZERO;
    let mut accepted = 0;
    let mut bytes = 0u64;
    let mut first = 0;
    while first < scripts {
        let count = CHUNK.min(scripts - first);
        let messages = compose(&house, first, count)?;
        bytes += messages.iter().map(|message| message.len() as u64).sum::<u64>();
        let started = Instant::now();
        accepted += take_in(&house, &messages)?;
        spent += started.elapsed();
        first += count;
    }
    let entries = house.store.size().map_err(store_problem)?;
    report(scripts, accepted, bytes, spent, entries, &limits);
    if accepted == u64::from(scripts) {
        return Ok(Outcome::Done);
    }
    Err(Problem::failed("BENCH-REJECTED", format!("{accepted} of {scripts} were accepted"), "report this as a fault"))
}

/// Signed messages for as many different patients.
fn compose(house: &House, first: u32, count: u32) -> Result<Vec<Vec<u8>>, Problem> {
    let made: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::with_capacity(count as usize));
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores())
            .map(|_| {
                scope.spawn(|| -> Result<(), Problem> {
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if n >= count as usize {
                            return Ok(());
                        }
                        let message = one(house, first + u32::try_from(n).unwrap_or(u32::MAX))?;
                        made.lock().unwrap_or_else(PoisonError::into_inner).push(message);
                    }
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|_| Err(Problem::failed("BENCH-THREAD", "a worker ended", "try again")))
        })
    })?;
    Ok(made.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn one(house: &House, n: u32) -> Result<Vec<u8>, Problem> {
    let failed = |error: &dyn std::fmt::Display| Problem::failed("BENCH-COMPOSE", error.to_string(), "report this");
    let id = format!("B-{n:08}");
    let product = cast::DRUG_FILE[n as usize % cast::DRUG_FILE.len()];
    let order = Prescribed {
        id: &id,
        patient: &cast::PATIENTS[n as usize % cast::PATIENTS.len()],
        product,
        quantity: "30",
        refills: "0",
        directions: "Take as directed by the practitioner",
    };
    let moment = house.clock.moment();
    let number = cast::practitioner_number();
    let mut contents =
        contents(&order, &moment.date().to_string(), &cast::PRACTITIONER, number.as_str()).map_err(Problem::from)?;
    contents.clear(Element::PatientLine1);
    contents.set(Element::PatientLine1, &format!("{n} Invented Way")).map_err(|error| failed(&error))?;
    let second = jiff::Timestamp::from_second(moment.timestamp.as_second()).map_err(|error| failed(&error))?;
    contents.set(Element::SignedAt, &second.to_string()).map_err(|error| failed(&error))?;
    let canonical = contents.to_bytes();
    let cms = house.keys.prescriber.sign_contents(&canonical, second).map_err(|error| failed(&error))?;
    let digest = theriac_journal::hash::sha256(&canonical);
    let group = SignatureGroup::new(&digest.0, &cms, house.keys.prescriber.certificate().der());
    let routing =
        Routing { patient: String::new(), practitioner: String::new(), pharmacy: cast::PHARMACY_NCPDP.to_owned() };
    house.compose(&id, &contents, &routing, group).map_err(Problem::from)
}

/// Appends under way, and those that are durable.
#[derive(Default)]
struct Progress {
    under_way: Mutex<u64>,
    changed: Condvar,
    durable: AtomicU64,
}

impl Progress {
    fn begin(&self) {
        let mut count = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        while *count >= UNDER_WAY_MAX {
            count = self.changed.wait(count).unwrap_or_else(PoisonError::into_inner);
        }
        *count += 1;
    }

    fn end(&self, appended: bool) {
        if appended {
            self.durable.fetch_add(1, Ordering::Relaxed);
        }
        *self.under_way.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.changed.notify_all();
    }

    fn wait_for_all(&self) {
        let mut count = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        while *count > 0 {
            count = self.changed.wait(count).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Takes all messages in, on every core; returns how many were accepted durably.
fn take_in(house: &House, messages: &[Vec<u8>]) -> Result<u64, Problem> {
    let progress = Arc::new(Progress::default());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores())
            .map(|_| {
                scope.spawn(|| -> Result<(), Problem> {
                    while let Some(bytes) = messages.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let prepared =
                            house.prepare(Incoming::whole(bytes), house.clock.moment()).map_err(Problem::from)?;
                        let accepted = matches!(prepared.arrival.verdict, Verdict::Accepted { .. });
                        progress.begin();
                        let waiting = Arc::clone(&progress);
                        let submitted = house
                            .store
                            .submit_with(prepared.append, move |outcome| waiting.end(accepted && outcome.is_ok()));
                        if let Err(error) = submitted {
                            progress.end(false);
                            return Err(Problem::failed("BENCH-APPEND", error.to_string(), "look at the store"));
                        }
                    }
                    Ok(())
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|_| Err(Problem::failed("BENCH-THREAD", "a worker ended", "try again")))
        })
    })?;
    progress.wait_for_all();
    Ok(progress.durable.load(Ordering::Relaxed))
}

#[allow(clippy::float_arithmetic, clippy::cast_precision_loss)] // rates, not quantities
fn report(scripts: u32, accepted: u64, bytes: u64, spent: Duration, entries: u64, limits: &Limits) {
    let rate = f64::from(scripts) / spent.as_secs_f64();
    println!(
        "prescriptions       {scripts} signed SCRIPT messages of {} bytes, {accepted} accepted",
        bytes / u64::from(scripts.max(1))
    );
    println!(
        "intake              {rate:.0} /s durable on {} cores ({:.1} s): parse, verify, decide, seal, append",
        cores(),
        spent.as_secs_f64()
    );
    println!(
        "limit               {:.0} /s: one P-256 verification ({:.0} /s) and one signature ({:.0} /s) a message, same run, all cores",
        limits.messages_s(),
        limits.verifications_s,
        limits.signatures_s
    );
    println!("share of the limit  {:.0} %", 100.0 * rate / limits.messages_s());
    println!("durable write       {} us (median of 200 writes of 4 KiB with fdatasync)", limits.sync_p50.as_micros());
    println!("journal             {entries} entries");
}
